/*
 * config_policy.c - reads a policy: which rules count, how severe they are, and
 * who took which risk until when.
 *
 * [policy] holds the options of that section of exvet.ini(5); every other
 * section is a rule, or a waiver.  A file may stand on another.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/text.h"
#include "builds.h"
#include "config_baseline.h"
#include "config_inner.h"
#include "rule.h"
#include "tls_baseline.h"

enum { BASED_ON_MAX = 8 };

struct reading {
	struct config_fill	*fill;		/* thresholds go here; NULL: waivers alone */
	struct policy_book	*book;
	unsigned		 depth;		/* files below this one */
	bool			 begun;		/* something stood before based-on */
	/* the section being read; at most one of the two */
	struct policy_rule	*rule;
	struct waiver		*waiver;
	int			 line;		/* of that section */
	struct config_list	 sections, keys;	/* of this file; of this section */
};

static bool
complain(struct config_ini *in, const char *what, const char *expected)
{
	char shown[160], *s;

	(void)text_printable(shown, sizeof(shown), what, strlen(what));
	s = text_printf("%s, expected %s", shown, expected);
	config_ini_complain(in, in->number, s);
	free(s);
	return false;
}

static bool
complain_value(struct config_ini *in, const char *name, const char *value, const char *expected)
{
	char *s = text_printf("%s: bad value \"%.80s\"", name, value);

	(void)complain(in, s, expected);
	free(s);
	return false;
}

/* Has it been there before?  Remembers it. */
static bool
is_second(struct config_list *seen, const char *name)
{
	for (size_t i = 0; i < seen->n; i++)
		if (strcmp(seen->v[i], name) == 0)
			return true;
	seen->v = text_grow(seen->v, seen->n + 1, sizeof(*seen->v));
	seen->v[seen->n++] = text_dup(name);
	return false;
}

static void
forget(struct config_list *seen)
{
	for (size_t i = 0; i < seen->n; i++)
		free(seen->v[i]);
	free(seen->v);
	*seen = (struct config_list){ 0 };
}

/* "/etc/x/lab.ini" is "lab". */
static char *
name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	size_t n = strlen(base);

	return n > 4 && strcmp(base + n - 4, ".ini") == 0 ? text_dup_n(base, n - 4) : text_dup(base);
}

/* ---- sections ---- */

/* A waiver that lacks something is told with the line of its section. */
static bool
end_section(struct reading *r, struct config_ini *in)
{
	const struct waiver *w = r->waiver;
	const char *missing = NULL;
	char *s;

	r->waiver = NULL;
	r->rule = NULL;
	if (w == NULL)
		return true;
	if (w->rule[0] == '\0')
		missing = "rule";
	else if (w->scope.targets[0] == '\0')
		missing = "target";
	else if (w->reason[0] == '\0')
		missing = "reason";
	else if (w->owner[0] == '\0')
		missing = "owner";
	else if (w->until == BUILDS_NO_DAY)
		missing = "until";
	if (missing == NULL)
		return true;
	s = text_printf("waiver without %s, expected rule, target, reason, owner and until", missing);
	config_ini_complain(in, r->line, s);
	free(s);
	return false;
}

static const char *
where(struct reading *r, const struct config_ini *in)
{
	char *s = text_printf("%s:%d", in->path, in->number);
	const char *kept = policy_keep(r->book, s);

	free(s);
	return kept;
}

static bool
begin_waiver(struct reading *r, struct config_ini *in, const char *name)
{
	struct policy_book *b = r->book;

	if (name[0] == '\0')
		return complain(in, "waiver without a name", "[waiver NAME]");
	/* Of another file: two ends of one promise. */
	for (size_t i = 0; i < b->nwaivers; i++)
		if (strcmp(b->waivers[i].name, name) == 0)
			return complain(in, "second waiver of that name", "one of its own");
	b->waivers = text_grow(b->waivers, b->nwaivers + 1, sizeof(*b->waivers));
	r->waiver = &b->waivers[b->nwaivers++];
	*r->waiver = (struct waiver){
		.name = policy_keep(b, name), .rule = "", .scope = { "", "" }, .reason = "",
		.owner = "", .until = BUILDS_NO_DAY, .where = where(r, in),
	};
	return true;
}

static bool
is_rule(struct config_ini *in, const char *id)
{
	struct nearest n = nearest_start(id);
	char *what, *expected;

	if (rule_find(id) != NULL)
		return true;
	for (size_t i = 0; rule_table[i] != NULL; i++)
		nearest_offer(&n, rule_table[i]->id);
	what = text_printf("no rule \"%.60s\"", id);
	expected = n.best != NULL ? text_printf("%s?", n.best) :
	    text_dup("one of `exvet list rules'");
	(void)complain(in, what, expected);
	free(what);
	free(expected);
	return false;
}

/* "su-missing", "su-missing edge servers", "*" */
static bool
begin_rule(struct reading *r, struct config_ini *in, const char *section)
{
	struct policy_book *b = r->book;
	char *id = text_dup_n(section, strcspn(section, " \t"));
	bool good = strcmp(id, "*") == 0 || is_rule(in, id);

	if (good) {
		b->rules = text_grow(b->rules, b->nrules + 1, sizeof(*b->rules));
		r->rule = &b->rules[b->nrules++];
		*r->rule = (struct policy_rule){
			.rule = policy_keep(b, id), .enabled = -1, .severity = -1,
			.scope = { "", "" }, .where = where(r, in),
		};
	}
	free(id);
	return good;
}

static bool
begin_section(struct reading *r, struct config_ini *in, const char *section)
{
	bool waiver = text_starts(section, "waiver") &&
	    (section[6] == '\0' || section[6] == ' ' || section[6] == '\t');

	if (!end_section(r, in))
		return false;
	r->line = in->number;
	forget(&r->keys);
	if (is_second(&r->sections, section))
		return complain(in, waiver ? "second waiver of that name" : "second section of that name",
		    "one of its own");
	if (waiver)
		return begin_waiver(r, in, section + 6 + strspn(section + 6, " \t"));
	if (r->fill == NULL)
		return complain(in, "not a waiver", "only sections [waiver NAME] in a file of waivers");
	if (strcmp(section, "policy") == 0)
		return true;
	return begin_rule(r, in, section);
}

/* ---- keys ---- */

static bool
add_to_list(struct reading *r, struct config_ini *in, const char **list, const char *name,
    const char *value, const char *(*check)(const char *))
{
	const char *expected = check(value);
	char *s;

	if (expected != NULL)
		return complain_value(in, name, value, expected);
	s = text_printf("%s%s%s", *list, (*list)[0] != '\0' ? "," : "", value);
	*list = policy_keep(r->book, s);
	free(s);
	return true;
}

static void
add_words(struct reading *r, const char **words, const char *value)
{
	char *s = text_printf("%s%s%s", *words, (*words)[0] != '\0' ? " " : "", value);

	*words = policy_keep(r->book, s);
	free(s);
}

static bool
set_flag(struct config_ini *in, const char *name, const char *value, int *out)
{
	if (text_eq_nocase(value, "yes") || text_eq_nocase(value, "no")) {
		*out = text_eq_nocase(value, "yes");
		return true;
	}
	return complain_value(in, name, value, "yes or no");
}

static bool
take_limit(struct reading *r, struct config_ini *in, enum policy_limit i, const char *value)
{
	const struct config_option *o = config_find(policy_limit_key(i));
	const char *expected = o->check != NULL ? o->check(value) : NULL;
	char range[80];
	int64_t n;

	if (o->type == OPT_NUMBER && !text_number(value, o->min, o->max, &n)) {
		(void)snprintf(range, sizeof(range), "a number from %" PRId64 " to %" PRId64, o->min, o->max);
		expected = range;
	}
	if (expected != NULL)
		return complain_value(in, o->name, value, expected);
	r->rule->limit[i] = policy_keep(r->book, value);
	return true;
}

static bool
take_rule(struct reading *r, struct config_ini *in, const char *name, const char *value)
{
	struct policy_rule *p = r->rule;
	enum severity severity;

	if (strcmp(name, "enabled") == 0)
		return set_flag(in, name, value, &p->enabled);
	if (strcmp(name, "severity") == 0) {
		if (!rule_severity_find(value, &severity))
			return complain_value(in, name, value, "info, low, medium, high or critical");
		p->severity = (int)severity;
		return true;
	}
	if (strcmp(name, "targets") == 0)
		return add_to_list(r, in, &p->scope.targets, name, value, policy_check_targets);
	if (strcmp(name, "tags") == 0)
		return add_to_list(r, in, &p->scope.tags, name, value, policy_check_tags);
	for (size_t i = 0; i < POLICY_LIMITS; i++)
		if (strcmp(name, policy_limit_key((enum policy_limit)i)) == 0 &&
		    policy_limit_fits((enum policy_limit)i, p->rule))
			return take_limit(r, in, (enum policy_limit)i, value);
	return complain_value(in, "key of a rule", name, "enabled, severity, targets, tags or a "
	    "threshold of that rule");
}

static bool
take_waiver(struct reading *r, struct config_ini *in, const char *name, const char *value)
{
	struct waiver *w = r->waiver;

	if (strcmp(name, "rule") == 0) {
		w->rule = policy_keep(r->book, value);
		if (strcmp(value, "waiver-ended") == 0)
			return complain_value(in, name, value, "another rule: an ended waiver stays loud");
		return is_rule(in, value);
	}
	if (strcmp(name, "target") == 0)
		return add_to_list(r, in, &w->scope.targets, name, value, policy_check_targets);
	if (strcmp(name, "tags") == 0)
		return add_to_list(r, in, &w->scope.tags, name, value, policy_check_tags);
	if (strcmp(name, "until") == 0)
		return builds_day_parse(value, &w->until) ||
		    complain_value(in, name, value, "the last day that it holds, YYYY-MM-DD");
	if (value[0] == '\0')
		return complain_value(in, name, value, "some words");
	if (strcmp(name, "reason") == 0)
		add_words(r, &w->reason, value);
	else if (strcmp(name, "owner") == 0)
		w->owner = policy_keep(r->book, value);
	else
		return complain_value(in, "key of a waiver", name,
		    "rule, target, tags, reason, owner or until");
	return true;
}

static bool read_file(struct reading *r, const char *path);

static bool
take_base(struct reading *r, struct config_ini *in, const char *value)
{
	struct reading below = { .fill = r->fill, .book = r->book, .depth = r->depth + 1 };
	char *path, *title;
	bool good;

	if (r->begun)
		return complain(in, "based-on after other keys", "it before everything else");
	if (below.depth > BASED_ON_MAX)
		return complain(in, "a policy that stands on itself", "an end of it");
	path = config_policy_path(r->fill->c, value);
	good = access(path, R_OK) == 0 ? read_file(&below, path) :
	    complain_value(in, "based-on", value, "default, cisa-2025, strict or a readable file");
	free(path);
	if (!good) {
		in->bad = in->number;
		return false;
	}
	/* What the other says of itself is not what this one is. */
	title = text_printf("based on %s", value);
	r->book->title = policy_keep(r->book, title);
	r->book->source = r->book->date = "";
	free(title);
	return true;
}

/* What the policy says of itself, or an option of the section policy. */
static bool
take_policy(struct reading *r, struct config_ini *in, const char *name, const char *value)
{
	const struct config_option *o = config_find(name);
	const struct { const char *key, **at; } words[] = {
		{ "title", &r->book->title }, { "source", &r->book->source }, { "date", &r->book->date },
	};
	struct nearest n = nearest_start(name);
	int32_t day;

	if (strcmp(name, "date") == 0 && !builds_day_parse(value, &day))
		return complain_value(in, name, value, "a day, YYYY-MM-DD");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(name, words[i].key) == 0) {
			*words[i].at = policy_keep(r->book, value);
			return true;
		}
	if (strcmp(name, "based-on") == 0)
		return take_base(r, in, value);
	if (o != NULL && strcmp(o->section, "policy") == 0 && strcmp(name, "policy") != 0 &&
	    strcmp(name, "waivers") != 0) {
		r->begun = true;
		return config_ini_set(in, r->fill, name, value);
	}
	for (o = config_options; o->name != NULL; o++)
		if (strcmp(o->section, "policy") == 0)
			nearest_offer(&n, o->name);
	return complain_value(in, "key of [policy]", name,
	    n.best != NULL ? n.best : "one of section policy in exvet.ini(5)");
}

static bool
take(struct config_ini *in, const char *section, const char *name, const char *value)
{
	struct reading *r = in->arg;

	if (name == NULL)
		return begin_section(r, in, section);
	if (section[0] == '\0')
		return complain(in, "key before the first [section]", "a section");
	/* Lists may be given line by line, and a reason that is longer than a line. */
	if (is_second(&r->keys, name) && strcmp(name, "target") != 0 &&
	    strcmp(name, "targets") != 0 && strcmp(name, "tags") != 0 &&
	    (r->waiver == NULL || strcmp(name, "reason") != 0))
		return complain_value(in, "second value of one key", name, "it once in a section");
	if (r->waiver == NULL && r->rule == NULL)
		return take_policy(r, in, name, value);
	r->begun = true;
	return r->waiver != NULL ? take_waiver(r, in, name, value) : take_rule(r, in, name, value);
}

static bool
read_file(struct reading *r, const char *path)
{
	struct config_ini end = { .path = path };
	bool good = config_ini_each(path, true, take, r) && end_section(r, &end);

	forget(&r->sections);
	forget(&r->keys);
	return good;
}

/* ---- the whole ---- */

static bool
read_named(struct config_fill *f, struct policy_book *b, const char *name)
{
	struct reading r = { .fill = f, .book = b };
	char *path = config_policy_path(f->c, name), *own = name_of(path);
	bool good = read_file(&r, path);

	b->path = policy_keep(b, path);
	b->name = policy_keep(b, own);
	free(path);
	free(own);
	return good;
}

bool
config_policy_read(struct config_fill *f)
{
	struct config *c = f->c;
	struct policy_book *b;
	bool good = true;

	if (c->policy_file == NULL && c->waivers_file == NULL)
		return true;
	b = policy_book_new();
	policy_book_free(c->book);
	c->book = b;
	c->policy.book = b;
	if (c->policy_file != NULL)
		good = read_named(f, b, c->policy_file);
	else
		b->name = policy_keep(b, "default");
	if (good && c->waivers_file != NULL) {
		struct reading r = { .book = b };

		good = read_file(&r, c->waivers_file);
	}
	return good;
}

bool
config_policy_check(const struct config *c, const char *path, struct policy_book **out)
{
	/* Values go into a configuration that is thrown away. */
	struct config scratch = { .origin = text_alloc(config_count() * sizeof(*scratch.origin)) };
	struct config_fill f = { .c = &scratch };
	const char *table = c->table != NULL ? c->table : getenv("EXVET_TABLE");
	struct tls_baseline *baseline = NULL;
	bool good;

	f.place = text_alloc(config_count() * sizeof(*f.place));
	for (const struct config_option *o = config_options; o->name != NULL; o++)
		config_set_default(&f, o, "default");
	f.now++;
	scratch.table = c->table != NULL ? text_dup(c->table) : NULL;
	*out = policy_book_new();
	good = read_named(&f, *out, path) && config_settle(&f) &&
	    config_baseline_load(&scratch, table != NULL ? table : "", &baseline);
	tls_baseline_free(baseline);
	free(f.place);
	config_free(&scratch);
	if (!good) {
		policy_book_free(*out);
		*out = NULL;
	}
	return good;
}

const char *
config_check_builds(const char *s)
{
	return policy_check_builds(s);
}
