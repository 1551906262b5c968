/* cmd_list.c - `exvet list`: the tables of the program, as text or JSON Lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "cmd.h"
#include "config.h"
#include "controls.h"
#include "obs.h"
#include "probe.h"
#include "report.h"
#include "rule.h"
#include "unseen.h"

enum { COLUMNS = 4 };

/* One table: cells are owned; the last column is not padded. */
struct table {
	const char	*keys[COLUMNS];		/* of JSON, and of the text's head */
	unsigned	 numbers;		/* columns (as bits) that are numbers in JSON */
	char		*(*cells)[COLUMNS];
	size_t		 n;
};

static char **
add_row(struct table *t)
{
	t->cells = text_grow(t->cells, t->n + 1, sizeof(*t->cells));
	memset(t->cells[t->n], 0, sizeof(*t->cells));
	return t->cells[t->n++];
}

/* ---- what there is ---- */

static char *
profiles_of(const struct probe *p)
{
	return text_printf("%s", (p->flags & PROBE_QUICK) != 0 ? "quick" :
	    (p->flags & PROBE_STANDARD) != 0 ? "standard" :
	    (p->flags & PROBE_FULL) != 0 ? "full" : "named");
}

static struct table
list_probes(void)
{
	struct table t = { .keys = { "probe", "port", "profile", "summary" } };

	for (size_t i = 0; probe_table[i] != NULL; i++) {
		const struct probe *p = probe_table[i];
		char **row = add_row(&t);

		row[0] = text_dup(p->name);
		row[1] = p->port != 0 ? text_printf("%u", (unsigned)p->port) : text_dup("web");
		row[2] = profiles_of(p);
		row[3] = text_dup(p->summary);
	}
	return t;
}

static struct table
list_facts(void)
{
	static const char *const types[] = {
		[FACT_TYPE_TEXT] = "text", [FACT_TYPE_NUMBER] = "number",
		[FACT_TYPE_FLAG] = "flag", [FACT_TYPE_BUILD] = "build",
	};
	struct table t = { .keys = { "fact", "type", "text" } };

	for (size_t i = 0; i < FACT_COUNT; i++) {
		const struct fact_desc *d = obs_fact((enum fact)i);
		char **row = add_row(&t);

		row[0] = text_dup(d->name);
		row[1] = text_dup(types[d->type]);
		row[2] = text_dup(d->text);
	}
	return t;
}

static struct table
list_rules(void)
{
	struct table t = { .keys = { "rule", "severity", "group", "title" } };

	for (size_t i = 0; rule_table[i] != NULL; i++) {
		const struct rule *r = rule_table[i];
		char **row = add_row(&t);

		row[0] = text_dup(r->id);
		row[1] = text_dup(rule_severity_name(r->severity));
		row[2] = text_dup(r->group);
		row[3] = text_dup(r->title);
	}
	return t;
}

static struct table
list_formats(void)
{
	struct table t = { .keys = { "format", "written", "summary" } };

	for (size_t i = 0; report_table[i] != NULL; i++) {
		const struct reporter *r = report_table[i];
		char **row = add_row(&t);

		row[0] = text_dup(r->name);
		row[1] = text_dup(r->streams ? "per-target" : "at-end");
		row[2] = text_dup(r->summary);
	}
	return t;
}

static struct table
list_limits(void)
{
	static const struct {
		const char *name, *text;
		unsigned value;
	} limits[] = {
#define LIMIT(id, number, words) { #id, words, number },
#include "limits.def"
#undef LIMIT
	};
	struct table t = { .keys = { "limit", "value", "text" }, .numbers = 1U << 1 };

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		char **row = add_row(&t);

		row[0] = text_dup(limits[i].name);
		for (char *p = row[0]; *p != '\0'; p++)
			*p = *p == '_' ? '-' : (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
		row[1] = text_printf("%u", limits[i].value);
		row[2] = text_dup(limits[i].text);
	}
	return t;
}

static struct table
list_unseen(void)
{
	struct table t = { .keys = { "unseen", "command", "healthchecker" } };

	for (size_t i = 0; i < unseen_count(); i++) {
		char **row = add_row(&t);

		row[0] = text_dup(unseen_table[i].what);
		row[1] = text_dup(unseen_table[i].command);
		row[2] = text_dup(unseen_table[i].check[0] != '\0' ? unseen_table[i].check : "-");
	}
	return t;
}

/* Empty when the table cannot be read, which was printed. */
static struct table
list_frameworks(void)
{
	struct table t = { .keys = { "framework", "date", "controls", "name" }, .numbers = 1U << 2 };
	char err[CONTROLS_WHY];
	struct controls *c = controls_load(NULL, err);

	if (c == NULL)
		fprintf(stderr, "exvet: %s\n", err);
	for (size_t i = 0; c != NULL && i < controls_count(c); i++) {
		const struct framework *f = controls_framework(c, i);
		char **row = add_row(&t);

		row[0] = text_dup(f->id);
		row[1] = text_dup(f->date[0] != '\0' ? f->date : "-");
		row[2] = text_printf("%zu", f->ncontrols);
		row[3] = text_printf("%s%s%s (%s)", f->name, f->version[0] != '\0' ? ", " : "",
		    f->version, f->publisher);
	}
	controls_free(c);
	return t;
}

/* ---- how it is written ---- */

static void
print_text(const struct table *t)
{
	size_t width[COLUMNS] = { 0 };

	for (size_t k = 0; k < COLUMNS && t->keys[k] != NULL; k++)
		for (size_t i = 0; i < t->n; i++)
			if (strlen(t->cells[i][k]) > width[k])
				width[k] = strlen(t->cells[i][k]);
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < COLUMNS && t->keys[k] != NULL; k++) {
			bool last = k + 1 == COLUMNS || t->keys[k + 1] == NULL;

			if (last)
				puts(t->cells[i][k]);
			else
				printf("%-*s  ", (int)width[k], t->cells[i][k]);
		}
}

/* The strings are constants of the program: quotes and backslashes at most. */
static void
print_string(const char *s)
{
	putchar('"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
	putchar('"');
}

static void
print_jsonl(const struct table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		for (size_t k = 0; k < COLUMNS && t->keys[k] != NULL; k++) {
			fputs(k == 0 ? "{" : ",", stdout);
			print_string(t->keys[k]);
			putchar(':');
			if ((t->numbers & 1U << k) != 0)
				fputs(t->cells[i][k], stdout);
			else
				print_string(t->cells[i][k]);
		}
		puts("}");
	}
}

static void
table_free(struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < COLUMNS; k++)
			free(t->cells[i][k]);
	free(t->cells);
}

/* ---- the command ---- */

static const struct {
	const char	*name;
	struct table	(*make)(void);
} tables[] = {
	{ "probes", list_probes }, { "facts", list_facts }, { "rules", list_rules },
	{ "formats", list_formats }, { "limits", list_limits },
	{ "unseen", list_unseen }, { "frameworks", list_frameworks },
};

static bool
wants_jsonl(const struct config *c, bool *jsonl)
{
	const char *s = c->outputs.n > 0 ? c->outputs.v[0] : "text";

	*jsonl = strcmp(s, "jsonl") == 0 || strcmp(s, "jsonl:-") == 0;
	if (c->outputs.n <= 1 && (*jsonl || strcmp(s, "text") == 0 || strcmp(s, "text:-") == 0))
		return true;
	fputs("exvet: --output: expected text or jsonl, once and without a file\n", stderr);
	return false;
}

int
cmd_list(const struct config *c, char **args)
{
	bool jsonl;

	if (!wants_jsonl(c, &jsonl))
		return CMD_USAGE;
	for (size_t i = 0; args[0] != NULL && args[1] == NULL &&
	    i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct table t;

		if (strcmp(args[0], tables[i].name) != 0)
			continue;
		t = tables[i].make();
		if (jsonl)
			print_jsonl(&t);
		else
			print_text(&t);
		table_free(&t);
		return t.n > 0 ? CMD_DONE : CMD_USAGE;
	}
	fputs("exvet: list: expected one of probes, facts, rules, formats, limits, unseen, "
	    "frameworks\n", stderr);
	return CMD_USAGE;
}
