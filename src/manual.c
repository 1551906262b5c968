/* manual.c - pages of the manual from templates and from the tables. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mdoc.h"
#include "base/text.h"
#include "check_metric.h"
#include "config.h"
#include "manual.h"
#include "obs.h"
#include "probe.h"
#include "report.h"
#include "rule.h"

static void
print_options(FILE *out)
{
	config_print_mdoc(out, ~(unsigned)CONFIG_CHECK);
}

static void
print_report_options(FILE *out)
{
	config_print_mdoc(out, CONFIG_REPORT);
}

static void
print_check_options(FILE *out)
{
	config_print_mdoc(out, CONFIG_CHECK);
}

static void
print_metrics(FILE *out)
{
	fputs(".Bl -column time-autodiscover -compact\n", out);
	for (int m = 0; m < METRIC_COUNT; m++)
		fprintf(out, ".It Li %s Ta %s\n", check_metric_name((enum check_metric)m),
		    check_metric_text((enum check_metric)m));
	fputs(".El\n", out);
}

static void
begin_list(FILE *out)
{
	fputs(".Bl -tag -width Ds\n", out);
}

static void
end_list(FILE *out, bool empty)
{
	/* mandoc calls an empty list an error */
	if (empty)
		fputs(".It none\n", out);
	fputs(".El\n", out);
}

static void
print_probes(FILE *out)
{
	static const struct {
		unsigned flag;
		const char *name;
	} profiles[] = {
		{ PROBE_QUICK, "quick" }, { PROBE_STANDARD, "standard" }, { PROBE_FULL, "full" },
	};

	begin_list(out);
	for (size_t i = 0; probe_table[i] != NULL; i++) {
		const struct probe *p = probe_table[i];
		const char *before = "Profiles: ";

		fputs(".It Cm ", out);
		mdoc_argument(out, p->name);
		fputc('\n', out);
		mdoc_sentence(out, p->summary);
		for (size_t k = 0; k < sizeof(profiles) / sizeof(profiles[0]); k++)
			if ((p->flags & profiles[k].flag) != 0) {
				fprintf(out, "%s%s", before, profiles[k].name);
				before = ", ";
			}
		fputs(before[0] == ',' ? ".\n" : "", out);
	}
	end_list(out, probe_table[0] == NULL);
}

static void
print_facts(FILE *out)
{
	begin_list(out);
	for (size_t i = 0; i < FACT_COUNT; i++) {
		const struct fact_desc *d = obs_fact((enum fact)i);

		fprintf(out, ".It Li %s\n", d->name);
		mdoc_sentence(out, d->text);
	}
	end_list(out, false);
}

static void
print_rules(FILE *out)
{
	begin_list(out);
	for (size_t i = 0; rule_table[i] != NULL; i++) {
		const struct rule *r = rule_table[i];

		fprintf(out, ".It Li %s Pq %s , %s\n", r->id, r->group,
		    rule_severity_name(r->severity));
		mdoc_sentence(out, r->title);
	}
	end_list(out, rule_table[0] == NULL);
}

static void
print_formats(FILE *out)
{
	begin_list(out);
	for (size_t i = 0; report_table[i] != NULL; i++) {
		fprintf(out, ".It Cm %s\n", report_table[i]->name);
		mdoc_sentence(out, report_table[i]->summary);
	}
	end_list(out, report_table[0] == NULL);
}

static void
print_limits(FILE *out)
{
	static const struct {
		const char *text;
		unsigned value;
	} limits[] = {
#define LIMIT(id, number, words) { words, number },
#include "limits.def"
#undef LIMIT
	};

	fputs(".Bl -tag -width 1677721600 -compact\n", out);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		fprintf(out, ".It %u\n", limits[i].value);
		mdoc_text(out, limits[i].text);
	}
	end_list(out, false);
}

static const struct {
	const char	*marker;
	void		(*print)(FILE *);
} sections[] = {
	{ "@COMMANDS@", config_print_commands_mdoc },
	{ "@OPTIONS@", print_options },
	{ "@CHECK-OPTIONS@", print_check_options },
	{ "@REPORT-OPTIONS@", print_report_options },
	{ "@METRICS@", print_metrics },
	{ "@INI@", config_print_ini_mdoc },
	{ "@PROBES@", print_probes },
	{ "@FACTS@", print_facts },
	{ "@RULES@", print_rules },
	{ "@FORMATS@", print_formats },
	{ "@LIMITS@", print_limits },
};

static bool
expand_line(FILE *out, const char *line)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		size_t n = strlen(sections[i].marker);

		if (text_starts(line, sections[i].marker) && strcmp(line + n, "\n") == 0) {
			sections[i].print(out);
			return true;
		}
	}
	if (strcmp(line, "@RULES-MARKDOWN@\n") == 0)
		return manual_rules(out);
	if (line[0] == '@')
		return false;
	fputs(line, out);
	return true;
}

bool
manual_expand(FILE *out, const char *path)
{
	FILE *in = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	unsigned number = 0;
	bool good = true;

	if (in == NULL) {
		fprintf(stderr, "exvet: %s: %s, expected a template\n", path, strerror(errno));
		return false;
	}
	while (good && getline(&line, &cap, in) > 0) {
		number++;
		good = expand_line(out, line);
	}
	if (!good)
		fprintf(stderr, "exvet: %s:%u: not expanded, expected a marker of manual.c\n", path,
		    number);
	free(line);
	(void)fclose(in);
	return good;
}
