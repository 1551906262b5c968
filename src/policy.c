/* policy.c - whom a policy is about, and what it makes of a finding. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "policy.h"
#include "rule.h"
#include "target_match.h"

/* ---- the book ---- */

struct policy_book *
policy_book_new(void)
{
	struct policy_book *b = text_alloc(sizeof(*b));

	b->name = b->title = b->source = b->date = b->path = "";
	return b;
}

void
policy_book_free(struct policy_book *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->nstrings; i++)
		free(b->strings[i]);
	free(b->strings);
	free(b->rules);
	free(b->waivers);
	free(b);
}

const char *
policy_keep(struct policy_book *b, const char *s)
{
	b->strings = text_grow(b->strings, b->nstrings + 1, sizeof(*b->strings));
	b->strings[b->nstrings] = text_dup(s);
	return b->strings[b->nstrings++];
}

/* ---- lists ---- */

/* The next element of a comma-separated list, white space around it left out. */
static bool
next_element(const char **rest, const char **s, size_t *n)
{
	const char *p = *rest, *end;

	while (*p == ',' || *p == ' ' || *p == '\t')
		p++;
	if (*p == '\0')
		return false;
	end = p + strcspn(p, ",");
	*rest = end;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*s = p;
	*n = (size_t)(end - p);
	return true;
}

const char *
policy_check_targets(const char *list)
{
	const char *s;
	size_t n, count = 0;

	for (; next_element(&list, &s, &n); count++) {
		char *pattern = text_dup_n(s, n);
		bool good = target_match_check(pattern);

		free(pattern);
		if (!good)
			return "names with * and ?, addresses, CIDR blocks or ranges, separated by commas";
	}
	return count > 0 ? NULL : "at least one name, address, CIDR block or range";
}

const char *
policy_check_tags(const char *list)
{
	const char *s;
	size_t n;

	return next_element(&list, &s, &n) ? NULL : "at least one tag of a target list";
}

/* "15.2.2562.*": only the last part may be a star, and something stands before it. */
static bool
is_build_pattern(const char *s, size_t n)
{
	struct build_number b;
	char *plain = text_dup_n(s, n);
	bool good;

	if (n > 2 && strcmp(plain + n - 2, ".*") == 0)
		plain[n - 2] = '\0';
	else if (strchr(plain, '*') != NULL)
		plain[0] = '\0';
	good = build_number_parse(plain, &b) && (plain[n - 1] != '\0' || b.parts < 4);
	free(plain);
	return good;
}

const char *
policy_check_builds(const char *list)
{
	const char *s;
	size_t n, count = 0;

	for (; next_element(&list, &s, &n); count++)
		if (!is_build_pattern(s, n))
			return "builds such as 15.2.1748.39 or 15.2.2562.*, separated by commas";
	return count > 0 ? NULL : "at least one build such as 15.2.2562.*";
}

/* Equal as far as both are known. */
static bool
is_perhaps(const char *s, size_t n, const struct build_number *have)
{
	char *plain = text_dup_n(s, s[n - 1] == '*' ? n - 2 : n);
	struct build_number want;
	bool good = build_number_parse(plain, &want);

	free(plain);
	for (unsigned i = 0; good && i < want.parts && i < have->parts; i++)
		good = want.part[i] == have->part[i];
	return good;
}

static bool
is_allowed_by(const char *s, size_t n, const struct build_number *have)
{
	bool open = n > 2 && s[n - 1] == '*';
	char *plain = text_dup_n(s, open ? n - 2 : n);
	struct build_number want;
	bool good = build_number_parse(plain, &want);

	free(plain);
	if (!good || (!open && want.parts != have->parts) || have->parts < want.parts)
		return false;
	for (unsigned i = 0; i < want.parts; i++)
		if (want.part[i] != have->part[i])
			return false;
	return true;
}

bool
policy_may_allow_build(const char *list, const char *build)
{
	struct build_number have;
	const char *s;
	size_t n;

	if (!build_number_parse(build, &have))
		return false;
	while (next_element(&list, &s, &n))
		if (is_perhaps(s, n, &have))
			return true;
	return false;
}

bool
policy_allows_build(const char *list, const char *build)
{
	struct build_number have;
	const char *s;
	size_t n;

	if (!build_number_parse(build, &have))
		return false;
	while (next_element(&list, &s, &n))
		if (is_allowed_by(s, n, &have))
			return true;
	return false;
}

/* ---- whom it is about ---- */

static bool
has_tag(const char *list, const char *tag)
{
	const char *s;
	size_t n;

	while (next_element(&list, &s, &n))
		if (strlen(tag) == n && strncmp(s, tag, n) == 0)
			return true;
	return false;
}

static bool
has_target(const char *list, const struct result *r)
{
	const char *s;
	size_t n;

	while (next_element(&list, &s, &n)) {
		char *pattern = text_dup_n(s, n);
		bool match = target_match(pattern, r->target, r->address);

		free(pattern);
		if (match)
			return true;
	}
	return false;
}

bool
policy_in_scope(const struct policy_scope *scope, const struct result *r)
{
	return (scope->tags[0] == '\0' || has_tag(scope->tags, r->tag)) &&
	    (scope->targets[0] == '\0' || has_target(scope->targets, r));
}

const char *
policy_named(const struct policy *p)
{
	return p != NULL && p->book != NULL && p->book->path[0] != '\0' ? p->book->name : "";
}

char *
policy_scope_text(const struct policy_scope *scope)
{
	return text_printf("%s%s%s", scope->targets[0] != '\0' ? scope->targets : "*",
	    scope->tags[0] != '\0' ? ", tags " : "", scope->tags);
}

/* ---- what it makes of a finding ---- */

enum { STRENGTHS = 4 };

/* Stronger: a rule by its id than by a star, some servers than all of them. */
unsigned
policy_strength(const struct policy_rule *p)
{
	bool scoped = p->scope.tags[0] != '\0' || p->scope.targets[0] != '\0';

	return (scoped ? 2U : 0U) + (strcmp(p->rule, "*") != 0 ? 1U : 0U);
}

static bool
is_about(const struct policy_rule *p, const struct finding *f, const struct result *r)
{
	return (strcmp(p->rule, "*") == 0 || strcmp(p->rule, f->rule->id) == 0) &&
	    policy_in_scope(&p->scope, r);
}

/*
 * The finding stays, so that a reader sees what was left out.  What is not
 * known anyway keeps its own sentence.
 */
static void
discount(const struct policy_book *b, const struct policy_rule *p, struct finding *f)
{
	if (f->verdict == VERDICT_NOT_APPLICABLE)
		return;
	finding_why(f, "Not counted by the policy %s (%s). It would be %s: %s", b->name, p->where,
	    rule_verdict_name(f->verdict), f->why != NULL ? f->why : f->rule->title);
	f->verdict = VERDICT_NOT_APPLICABLE;
}

bool
policy_waives(const struct waiver *w, const struct result *r, int32_t as_of, const struct rule *rule)
{
	return as_of <= w->until && strcmp(w->rule, rule->id) == 0 && policy_in_scope(&w->scope, r);
}

/* Of several the one that holds longest: it is the promise that counts. */
static void
waive(const struct policy_book *b, const struct result *r, int32_t as_of, struct finding *f)
{
	for (size_t i = 0; i < b->nwaivers; i++) {
		const struct waiver *w = &b->waivers[i];

		if ((f->waiver == NULL || w->until > f->waiver->until) &&
		    policy_waives(w, r, as_of, f->rule))
			f->waiver = w;
	}
}

void
policy_apply(const struct policy *p, const struct result *r, int32_t as_of, struct finding *f)
{
	const struct policy_book *b = p->book;
	const struct policy_rule *off = NULL;

	if (b == NULL)
		return;
	for (size_t i = 0; i < b->nrules * STRENGTHS; i++) {
		const struct policy_rule *k = &b->rules[i % b->nrules];

		if (policy_strength(k) != i / b->nrules || !is_about(k, f, r))
			continue;
		if (k->severity >= 0)
			f->severity = (enum severity)k->severity;
		if (k->enabled >= 0)
			off = k->enabled == 0 ? k : NULL;
	}
	if (off != NULL)
		discount(b, off, f);
	if (f->verdict == VERDICT_FAIL || f->verdict == VERDICT_WARN)
		waive(b, r, as_of, f);
}
