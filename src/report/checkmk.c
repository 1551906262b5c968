/*
 * checkmk.c - piggyback data with one local check a target, for a plugin of
 * the Checkmk agent or a spool file.
 */
#include <string.h>

#include "base/escape.h"
#include "check_line.h"
#include "report.h"
#include "service.h"

/* Names of hosts stand between <<<< and >>>>. */
static void
print_host(FILE *f, const char *host)
{
	struct text_buf b = { 0 };

	escape_plugin(&b, host);
	for (char *s = b.s; s != NULL && *s != '\0'; s++)
		if (strchr(" \"'\\", *s) != NULL)
			*s = '_';
	fprintf(f, "<<<<%s>>>>\n<<<local:sep(0)>>>\n", b.s != NULL ? b.s : "");
	text_buf_free(&b);
}

static void
checkmk_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	struct service s;
	const char *label, *between = "";
	double value;

	(void)state;
	service_judge(&s, run, report);
	print_host(f, s.host);
	fprintf(f, "%d \"Exchange\" ", (int)s.verdict.state);
	/* Values are plain numbers there, in base units. */
	for (size_t i = 0; i < check_line_metrics(); i++)
		if (check_line_value(&s.verdict, i, &label, &value)) {
			fprintf(f, "%s%s=%.6g", between, label, value);
			between = "|";
		}
	fprintf(f, "%s %s\n<<<<>>>>\n", between[0] == '\0' ? "-" : "", s.line);
	service_clear(&s);
}

const struct reporter reporter_checkmk = {
	.name = "checkmk",
	.summary = "piggyback data with a local check a target, for the agent of Checkmk",
	.target = checkmk_target,
};
