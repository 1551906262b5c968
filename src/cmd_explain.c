/* cmd_explain.c - `exvet explain RULE`: what a rule checks, why, and what to do. */
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "base/wrap.h"
#include "cmd.h"
#include "controls.h"
#include "obs.h"
#include "rule.h"

static const struct rule *
find(const char *id)
{
	for (size_t i = 0; rule_table[i] != NULL; i++)
		if (strcmp(rule_table[i]->id, id) == 0)
			return rule_table[i];
	return NULL;
}

/* The nearest ids: mistyped ones, and those that hold the word. */
static int
unknown(const char *id)
{
	struct nearest n = nearest_start(id);
	const char *before = ", expected ";
	size_t shown = 0, cap = strlen(id);
	char name[64];

	(void)text_printable(name, sizeof(name), id, cap);
	fprintf(stderr, "exvet: no rule \"%s\"", name);
	for (size_t i = 0; rule_table[i] != NULL; i++)
		nearest_offer(&n, rule_table[i]->id);
	if (n.best != NULL) {
		fprintf(stderr, "%s%s", before, n.best);
		before = ", ";
	}
	for (size_t i = 0; rule_table[i] != NULL && shown < 5 && cap >= 3; i++)
		if (rule_table[i]->id != n.best && strstr(rule_table[i]->id, id) != NULL) {
			fprintf(stderr, "%s%s", before, rule_table[i]->id);
			before = ", ";
			shown++;
		}
	fputs(strcmp(before, ", ") == 0 ? "?\n" : ", expected one of `exvet list rules'\n", stderr);
	return CMD_USAGE;
}

static void
print_part(const char *title, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	printf("\n%s\n  ", title);
	wrap_print(stdout, text, 2, "");
}

static void
print_needs(const struct rule *r)
{
	printf("\nWhat it needs\n");
	if (r->needs_exchange)
		puts("  - a target that is Exchange, else it is not-applicable");
	if (r->needs_build)
		puts("  - a build that was read, else it is not-observable");
	if (r->needs != NULL) {
		puts("  - one of these facts, else it is not-observable:");
		for (const enum fact *f = r->needs; *f != FACT_COUNT; f++)
			printf("      %s\n", obs_fact(*f)->name);
	}
	if (!r->needs_exchange && !r->needs_build && r->needs == NULL)
		puts("  - what it is about; the finding says what was not seen");
}

static void
print_verdicts(const struct rule *r)
{
	printf("\nVerdicts\n"
	    "  pass            it is as it should be, and was seen\n"
	    "  fail, warn      it is not\n"
	    "  undecidable     the evidence allows both\n"
	    "  not-observable  it could not be seen from here; never taken for a pass\n"
	    "%s",
	    r->needs_exchange ? "  not-applicable  the target is not Exchange, or the question does "
	    "not arise\n" : "  not-applicable  the question does not arise\n");
}

/* What is not there is not told: the table of frameworks may not be installed. */
static void
print_controls(const struct controls *c, const struct rule *r)
{
	const struct framework *last = NULL;
	const struct control *k;

	if (c == NULL || controls_of_rule(c, r, 0) == NULL)
		return;
	printf("\nSupports evidence for");
	for (size_t i = 0; (k = controls_of_rule(c, r, i)) != NULL; i++) {
		printf("%s%s%s", k->framework != last ? "\n  " : ", ",
		    k->framework != last ? k->framework->id : "", k->framework != last ? ": " : "");
		printf("%s%s%s%s", k->id, k->alias[0] != '\0' ? " (" : "", k->alias,
		    k->alias[0] != '\0' ? ")" : "");
		last = k->framework;
	}
	putchar('\n');
}

int
cmd_explain(const struct config *c, char **args)
{
	struct controls *controls;
	char err[CONTROLS_WHY];

	(void)c;
	if (args[0] == NULL) {
		fputs("exvet: explain: expected the id of a rule (`exvet list rules')\n", stderr);
		return CMD_USAGE;
	}
	for (size_t i = 0; args[i] != NULL; i++)
		if (find(args[i]) == NULL)
			return unknown(args[i]);
	controls = controls_load(NULL, err);
	for (size_t i = 0; args[i] != NULL; i++) {
		const struct rule *r = find(args[i]);

		printf("%s%s: %s\n", i > 0 ? "\n" : "", r->id, r->title);
		printf("severity %s, group %s\n", rule_severity_name(r->severity), r->group);
		if (r->reference != NULL && r->reference[0] != '\0')
			printf("see %s\n", r->reference);
		print_part("Why it matters", r->rationale);
		print_part("What to do", r->remediation);
		print_needs(r);
		print_verdicts(r);
		print_controls(controls, r);
	}
	controls_free(controls);
	return CMD_DONE;
}
