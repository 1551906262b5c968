/* zabbix.c - lines for `zabbix_sender -i -': host, key, value. */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "check_line.h"
#include "report.h"
#include "service.h"

/* In quotes, a backslash before a quote or a backslash. */
static void
print_quoted(FILE *f, const char *s)
{
	char *clean = escape_utf8(s);

	fputc('"', f);
	for (const char *p = clean; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			fputc('\\', f);
		fputc(*p, f);
	}
	fputc('"', f);
	free(clean);
}

static void
print_key(FILE *f, const char *host, const char *key)
{
	print_quoted(f, host);
	fprintf(f, " exvet.%s ", key);
}

static void
zabbix_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	struct service s;
	const char *label;
	double value;

	(void)state;
	service_judge(&s, run, report);
	print_key(f, s.host, "state");
	fprintf(f, "%d\n", (int)s.verdict.state);
	print_key(f, s.host, "text");
	print_quoted(f, s.line);
	fputc('\n', f);
	for (size_t i = 0; i < check_line_metrics(); i++)
		if (check_line_value(&s.verdict, i, &label, &value)) {
			print_key(f, s.host, label);
			fprintf(f, "%.6g\n", value);
		}
	service_clear(&s);
}

const struct reporter reporter_zabbix = {
	.name = "zabbix",
	.summary = "values for zabbix_sender, a line each",
	.streams = true,
	.target = zabbix_target,
};
