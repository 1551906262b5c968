/* cmd_policy.c - `exvet policy check FILE` and `exvet policy show`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "builds.h"
#include "cmd.h"
#include "config.h"
#include "rule.h"

enum { PART_MAX = 140 };	/* of a value: a line of an INI file has room for 198 bytes */

static int32_t
day_of(const struct config *c)
{
	return c->as_of != BUILDS_NO_DAY ? c->as_of : (int32_t)(time(NULL) / 86400);
}

/* ---- check ---- */

/* Has one ended? */
static bool
tell_waivers(const struct policy_book *b, int32_t as_of)
{
	bool ended = false;
	char day[11];

	for (size_t i = 0; i < b->nwaivers; i++)
		if (as_of > b->waivers[i].until) {
			ended = true;
			printf("%s: waiver %s of %s ended on %s\n", b->waivers[i].where,
			    b->waivers[i].name, b->waivers[i].owner,
			    builds_day_text(b->waivers[i].until, day));
		}
	return ended;
}

static int
check(const struct config *c, char **files)
{
	int status = CMD_DONE;

	if (files[0] == NULL) {
		fputs("exvet: policy check: expected the name of a policy or a file\n", stderr);
		return CMD_USAGE;
	}
	for (; *files != NULL; files++) {
		struct policy_book *b;

		if (!config_policy_check(c, *files, &b)) {
			status = CMD_USAGE;
			continue;
		}
		printf("%s: no mistake; %zu rule section%s, %zu waiver%s\n", b->path, b->nrules,
		    b->nrules == 1 ? "" : "s", b->nwaivers, b->nwaivers == 1 ? "" : "s");
		if (tell_waivers(b, day_of(c)) && status == CMD_DONE)
			status = CMD_FAILED;
		policy_book_free(b);
	}
	return status;
}

/* ---- show ---- */

static bool
is_for_all(const struct policy_rule *p)
{
	return policy_strength(p) < 2;
}

/* A threshold that a section about everybody sets for that rule. */
static void
show_limit(const struct policy_book *b, const char *rule, enum policy_limit k)
{
	const struct policy_rule *by = NULL;

	for (size_t i = 0; b != NULL && i < b->nrules * 2; i++) {
		const struct policy_rule *p = &b->rules[i % b->nrules];

		if (policy_strength(p) == i / b->nrules && p->limit[k] != NULL &&
		    policy_limit_fits(k, rule) && (strcmp(p->rule, "*") == 0 || strcmp(p->rule, rule) == 0))
			by = p;
	}
	if (by != NULL)
		config_show_value(stdout, policy_limit_key(k), by->limit[k], by->where);
}

/* What holds for a rule everywhere; later sections are stronger. */
static void
show_rule(const struct policy_book *b, const struct rule *rule)
{
	const char *const built_in = "built in", *enabled_from = built_in, *severity_from = built_in;
	int enabled = 1, severity = (int)rule->severity;

	for (size_t i = 0; b != NULL && i < b->nrules * 2; i++) {
		const struct policy_rule *p = &b->rules[i % b->nrules];

		if (policy_strength(p) != i / b->nrules || (strcmp(p->rule, "*") != 0 && strcmp(p->rule, rule->id) != 0))
			continue;
		if (p->enabled >= 0) {
			enabled = p->enabled;
			enabled_from = p->where;
		}
		if (p->severity >= 0) {
			severity = p->severity;
			severity_from = p->where;
		}
	}
	printf("\n[%s]\n", rule->id);
	config_show_value(stdout, "enabled", enabled ? "yes" : "no", enabled_from);
	/* A comment where nobody set it: some rules weigh each finding themselves. */
	config_show_value(stdout, severity_from == built_in ? "; severity" : "severity",
	    rule_severity_name((enum severity)severity), severity_from);
	for (size_t k = 0; k < POLICY_LIMITS; k++)
		show_limit(b, rule->id, (enum policy_limit)k);
}

/* In lines that can be read again: a list is cut at its commas, a reason at its blanks. */
static void
show_parts(const char *name, const char *value, char between, const char *where)
{
	while (value[0] != '\0') {
		size_t n = strlen(value), cut = n < PART_MAX ? n : PART_MAX;
		char *part;

		while (n > PART_MAX && cut > 0 && value[cut] != between)
			cut--;
		if (cut == 0)
			cut = strcspn(value, (const char []){ between, '\0' });
		part = text_dup_n(value, cut);
		config_show_value(stdout, name, part, where);
		free(part);
		value += cut < n ? cut + 1 : cut;
	}
}

static void
show_scoped(const struct policy_rule *p, size_t number)
{
	printf("\n[%s %zu]\n", p->rule, number);
	show_parts("targets", p->scope.targets, ',', p->where);
	show_parts("tags", p->scope.tags, ',', p->where);
	if (p->enabled >= 0)
		config_show_value(stdout, "enabled", p->enabled ? "yes" : "no", p->where);
	if (p->severity >= 0)
		config_show_value(stdout, "severity", rule_severity_name((enum severity)p->severity),
		    p->where);
	for (size_t k = 0; k < POLICY_LIMITS; k++)
		if (p->limit[k] != NULL)
			config_show_value(stdout, policy_limit_key((enum policy_limit)k), p->limit[k], p->where);
}

static void
show_waiver(const struct waiver *w, int32_t as_of)
{
	char day[11];

	printf("\n%s[waiver %s]\n", as_of > w->until ? "; ended\n" : "", w->name);
	config_show_value(stdout, "rule", w->rule, w->where);
	show_parts("target", w->scope.targets, ',', w->where);
	show_parts("tags", w->scope.tags, ',', w->where);
	show_parts("reason", w->reason, ' ', w->where);
	config_show_value(stdout, "owner", w->owner, w->where);
	config_show_value(stdout, "until", builds_day_text(w->until, day), w->where);
}

static int
show(const struct config *c)
{
	const struct policy_book *b = c->policy.book;
	size_t scoped = 0;

	puts("[policy]");
	if (b != NULL && b->title[0] != '\0')
		config_show_value(stdout, "title", b->title, b->path);
	if (b != NULL && b->source[0] != '\0')
		config_show_value(stdout, "source", b->source, b->path);
	if (b != NULL && b->date[0] != '\0')
		config_show_value(stdout, "date", b->date, b->path);
	config_policy_thresholds(stdout, c);
	for (size_t i = 0; rule_table[i] != NULL; i++)
		show_rule(b, rule_table[i]);
	for (size_t i = 0; b != NULL && i < b->nrules; i++)
		if (!is_for_all(&b->rules[i]))
			show_scoped(&b->rules[i], ++scoped);
	for (size_t i = 0; b != NULL && i < b->nwaivers; i++)
		show_waiver(&b->waivers[i], day_of(c));
	return CMD_DONE;
}

int
cmd_policy(const struct config *c, char **args)
{
	if (args[0] != NULL && strcmp(args[0], "check") == 0)
		return check(c, args + 1);
	if (args[0] == NULL || (strcmp(args[0], "show") == 0 && args[1] == NULL))
		return show(c);
	fputs("exvet: expected `exvet policy check FILE' or `exvet policy show'\n", stderr);
	return CMD_USAGE;
}
