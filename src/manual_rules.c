/* manual_rules.c - every rule explained, in Markdown, from the tables: docs/rules.md. */
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "controls.h"
#include "manual.h"
#include "obs.h"
#include "rule.h"

static void
put(FILE *out, const char *text)
{
	struct text_buf s = { 0 };

	escape_markdown(&s, text);
	fputs(s.s != NULL ? s.s : "", out);
	text_buf_free(&s);
}

static void
put_part(FILE *out, const char *label, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	fprintf(out, "**%s** ", label);
	put(out, text);
	fputs("\n\n", out);
}

static void
put_needs(FILE *out, const struct rule *r)
{
	const char *before = "";

	fputs("**Needs** ", out);
	if (r->needs_exchange) {
		fputs("a target that is Exchange", out);
		before = "; ";
	}
	if (r->needs_build) {
		fprintf(out, "%sa build that was read", before);
		before = "; ";
	}
	if (r->needs != NULL)
		fprintf(out, "%sone of the facts", before);
	for (const enum fact *f = r->needs; f != NULL && *f != FACT_COUNT; f++)
		fprintf(out, "%s `%s`", f == r->needs ? "" : ",", obs_fact(*f)->name);
	fputs(before[0] == '\0' && r->needs == NULL ? "nothing\n\n" : "\n\n", out);
}

static void
put_source(FILE *out, const struct rule *r)
{
	if (r->reference != NULL && text_starts(r->reference, "https://"))
		fprintf(out, "**Source** <%s>\n\n", r->reference);
	else
		put_part(out, "Source", r->reference);
}

static void
put_controls(FILE *out, const struct controls *c, const struct rule *r)
{
	const struct framework *last = NULL;
	const struct control *k;

	for (size_t i = 0; (k = controls_of_rule(c, r, i)) != NULL; i++) {
		if (last == NULL)
			fputs("**Evidence for** ", out);
		if (k->framework != last)
			fprintf(out, "%s%s: ", last != NULL ? "; " : "", k->framework->id);
		else
			fputs(", ", out);
		put(out, k->id);
		last = k->framework;
	}
	fputs(last != NULL ? "\n\n" : "", out);
}

static void
put_rule(FILE *out, const struct controls *c, const struct rule *r)
{
	fprintf(out, "### %s\n\n", r->id);
	put(out, r->title);
	fprintf(out, ". Severity %s.\n\n", rule_severity_name(r->severity));
	put_part(out, "Why", r->rationale);
	put_part(out, "What to do", r->remediation);
	put_needs(out, r);
	put_source(out, r);
	put_controls(out, c, r);
}

static bool
is_first_of_group(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(rule_table[k]->group, rule_table[i]->group) == 0)
			return false;
	return true;
}

bool
manual_rules(FILE *out)
{
	char err[CONTROLS_WHY];
	struct controls *c = controls_load(NULL, err);

	if (c == NULL) {
		fprintf(stderr, "exvet: %s\n", err);
		return false;
	}
	fputs("| rule | what | severity |\n|---|---|---|\n", out);
	for (size_t i = 0; rule_table[i] != NULL; i++) {
		fprintf(out, "| [%s](#%s) | ", rule_table[i]->id, rule_table[i]->id);
		put(out, rule_table[i]->title);
		fprintf(out, " | %s |\n", rule_severity_name(rule_table[i]->severity));
	}
	fputc('\n', out);
	for (size_t i = 0; rule_table[i] != NULL; i++) {
		if (!is_first_of_group(i))
			continue;
		fprintf(out, "## Group %s\n\n", rule_table[i]->group);
		for (size_t k = i; rule_table[k] != NULL; k++)
			if (strcmp(rule_table[k]->group, rule_table[i]->group) == 0)
				put_rule(out, c, rule_table[k]);
	}
	controls_free(c);
	return true;
}
