/*
 * rules_test.c - every rule against its cases, which are data.
 *
 * tests/rules/RULE-ID.txt holds the cases of one rule, presets.txt bundles of
 * observations by name.  A case:
 *
 *	case NAME
 *	as-of DAY			(2026-11-22 when absent)
 *	baseline NAME			(of data/tls; none when absent)
 *	grace DAYS, stale DAYS, cert-warn DAYS, cert-fail DAYS
 *					(policy; 0 when absent)
 *	skew SECONDS			(policy; 300 when absent)
 *	allowed BUILD,...		(policy; any when absent)
 *	waiver RULE DAY TARGETS		(policy; by "somebody")
 *	skew N, slow N, may-reach WORDS, allowed-auth ENTRIES	(policy)
 *	vantage NAME, probes NAME,...	(of the result)
 *	use PRESET
 *	obs [PROBE/]FACT | PLACE | VALUE [| EVIDENCE]
 *	err [PROBE/]STAGE | PLACE | REASON
 *	expect VERDICT [SEVERITY]
 *	why PART OF THE SENTENCE	(repeated: all of them)
 *	not PART THAT MUST NOT STAND THERE
 *	detail KEY=VALUE		(one datum with that key has the value)
 *	identity NAME
 *
 * Every rule must have a case that is bad (fail or warn), one that passes and
 * one that is neither; "impossible bad|pass|other REASON" excuses one of them.
 */
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case_line.h"
#include "config.h"
#include "config_baseline.h"
#include "rule.h"
#include "tls_baseline.h"

enum kind { KIND_BAD, KIND_GOOD, KIND_OTHER, KINDS };
static const char *const kind_names[KINDS] = { "bad", "pass", "other" };

enum { LINES = 64, FACTS_AT_MOST = 200 };

struct expected {
	char		 name[96], rule[64];
	char		 verdict[32], severity[16], identity[32];
	const char	*why[LINES], *not[LINES], *detail[LINES];
	size_t		 nwhy, nnot, ndetail;
};

struct suite {
	struct builds	*builds;
	char		*presets;
	const char	*folder;	/* of the cases */
	unsigned	 tests, failed;
	bool		 have[256][KINDS];	/* by index in rule_table */
};

static void
report(struct suite *s, bool ok, const char *fmt, ...)
{
	va_list ap;

	s->tests++;
	s->failed += !ok;
	printf("%s %u - ", ok ? "ok" : "not ok", s->tests);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static void use(struct suite *, struct obs *, const char *);

/* A line that makes observations; false when it is something else. */
static bool
scene(struct suite *s, struct obs *obs, char *line)
{
	const char *part[3];
	char *rest;

	if ((rest = case_after(line, "obs")) != NULL) {
		case_observe(obs, rest);
	} else if ((rest = case_after(line, "err")) != NULL) {
		const char *probe = case_probe_of(&rest);

		case_split(rest, part);
		obs_fail(obs, probe, part[1], part[0], part[2], "");
	} else if ((rest = case_after(line, "use")) != NULL) {
		use(s, obs, rest);
	} else
		return false;
	return true;
}

static void
use(struct suite *s, struct obs *obs, const char *name)
{
	char *copy = text_dup(s->presets), *text = copy, *line, *rest;
	bool in = false, found = false;

	while ((line = case_line_of(&text)) != NULL) {
		if ((rest = case_after(line, "preset")) != NULL) {
			in = strcmp(rest, name) == 0;
			found = found || in;
		} else if (in && line[0] != '\0' && line[0] != '#' && !scene(s, obs, line))
			case_bail("preset %s: %s", name, line);
	}
	if (!found)
		case_bail("no preset %s", name);
	free(copy);
}

static bool
keep(const char *v[LINES], size_t *n, char *rest)
{
	if (rest == NULL)
		return false;
	if (*n == LINES)
		case_bail("too many lines in one case");
	v[(*n)++] = rest;
	return true;
}

static bool
number_after(char *line, const char *word, int64_t *out)
{
	char *rest = case_after(line, word);

	if (rest == NULL)
		return false;
	if (!text_number(rest, 0, 100000, out))
		case_bail("no number: %s", rest);
	return true;
}

static void
copy(char *out, size_t cap, const char *in)
{
	if (strlen(in) >= cap)
		case_bail("too long: %s", in);
	memcpy(out, in, strlen(in) + 1);
}

static bool
expectation(struct expected *x, char *line)
{
	char *rest, *space;

	if ((rest = case_after(line, "expect")) != NULL) {
		if ((space = strchr(rest, ' ')) != NULL) {
			*space = '\0';
			copy(x->severity, sizeof(x->severity), space + 1);
		}
		copy(x->verdict, sizeof(x->verdict), rest);
		return true;
	}
	if ((rest = case_after(line, "identity")) != NULL) {
		copy(x->identity, sizeof(x->identity), rest);
		return true;
	}
	return keep(x->why, &x->nwhy, case_after(line, "why")) ||
	    keep(x->not, &x->nnot, case_after(line, "not")) ||
	    keep(x->detail, &x->ndetail, case_after(line, "detail"));
}

static bool
has_detail(const struct finding *f, const char *want)
{
	const char *eq = strchr(want, '=');
	char number[32];

	for (size_t i = 0; i < f->ndetail && eq != NULL; i++) {
		const struct detail *d = &f->detail[i];

		if (strlen(d->key) != (size_t)(eq - want) || strncmp(d->key, want, strlen(d->key)) != 0)
			continue;
		(void)snprintf(number, sizeof(number), "%lld", (long long)d->number);
		if (strcmp(d->text != NULL ? d->text : number, eq + 1) == 0)
			return true;
	}
	return false;
}

/* What is wrong with the finding, or NULL. */
static char *
wrong(const struct expected *x, const struct judgement *j, const struct finding *f)
{
	if (strcmp(rule_verdict_name(f->verdict), x->verdict) != 0)
		return text_printf("verdict %s", rule_verdict_name(f->verdict));
	if (x->severity[0] != '\0' && strcmp(rule_severity_name(f->severity), x->severity) != 0)
		return text_printf("severity %s", rule_severity_name(f->severity));
	if (x->identity[0] != '\0' && strcmp(rule_identity_name(j->identity), x->identity) != 0)
		return text_printf("identity %s, score %d", rule_identity_name(j->identity), j->score);
	for (size_t i = 0; i < x->nwhy; i++)
		if (strstr(f->why, x->why[i]) == NULL)
			return text_printf("no \"%s\"", x->why[i]);
	for (size_t i = 0; i < x->nnot; i++)
		if (strstr(f->why, x->not[i]) != NULL)
			return text_printf("there is \"%s\"", x->not[i]);
	for (size_t i = 0; i < x->ndetail; i++)
		if (!has_detail(f, x->detail[i]))
			return text_printf("no detail %s", x->detail[i]);
	return NULL;
}

/* What holds for every finding of every case. */
static char *
malformed(const struct finding *f)
{
	size_t n = f->why != NULL ? strlen(f->why) : 0;

	if (n < 8 || f->why[n - 1] != '.')
		return text_printf("%s: no sentence", f->rule->id);
	if (strstr(f->why, "(null)") != NULL || strstr(f->why, "  ") != NULL ||
	    strstr(f->why, " .") != NULL || strstr(f->why, "..") != NULL)
		return text_printf("%s: hole in the sentence: %s", f->rule->id, f->why);
	for (size_t i = 1; i < f->ndetail; i++)
		for (size_t k = 0; k + 1 < i; k++)
			if (strcmp(f->detail[i].key, f->detail[k].key) == 0 &&
			    strcmp(f->detail[i].key, f->detail[i - 1].key) != 0)
				return text_printf("%s: key %s twice", f->rule->id, f->detail[i].key);
	for (size_t i = 1; i < f->ndetail; i++)
		if (strcmp(f->detail[i].key, f->detail[i - 1].key) == 0 && !f->detail[i].list)
			return text_printf("%s: key %s is no list", f->rule->id, f->detail[i].key);
	return NULL;
}

static void
judge(struct suite *s, const struct expected *x, struct result *result,
    const struct policy *policy, int32_t as_of)
{
	struct judgement *j;
	char *bad = NULL;

	obs_sort(result->obs);
	j = rule_judge(result, s->builds, policy, as_of);
	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];

		if (bad == NULL)
			bad = malformed(f);
		if (strcmp(f->rule->id, x->rule) != 0)
			continue;
		s->have[i][f->verdict == VERDICT_PASS ? KIND_GOOD : f->verdict == VERDICT_FAIL ||
		    f->verdict == VERDICT_WARN ? KIND_BAD : KIND_OTHER] = true;
		if (bad == NULL)
			bad = wrong(x, j, f);
		report(s, bad == NULL, "%s: %s%s%s", x->rule, x->name, bad != NULL ? ": " : "",
		    bad != NULL ? bad : "");
		if (bad != NULL || getenv("RULES_TEST_WHY") != NULL)
			printf("# %s %s: %s\n", rule_verdict_name(f->verdict),
			    rule_severity_name(f->severity), f->why);
	}
	free(bad);
	rule_judgement_free(j);
}

static struct tls_baseline *
load_baseline(const struct suite *s, const char *name)
{
	/* Found beside the table of builds, as the program does. */
	char *table = text_printf("%s/../../data/exchange.xml", s->folder), *own = text_dup(name);
	struct config c = { .policy = { .tls_baseline = own } };
	struct tls_baseline *b;
	bool good = config_baseline_load(&c, table, &b);

	free(own);
	free(table);
	if (!good)
		case_bail("no baseline %s", name);
	return b;
}

/* What the owner says: words of the policy, and the vantage point. */
static bool
owner(struct policy *policy, struct result *result, char *line)
{
	const struct { const char *word; char **where; } words[] = {
		{ "may-reach", &policy->may_reach }, { "allowed-auth", &policy->allowed_auth },
		{ "vantage", &result->vantage }, { "probes", &result->probes },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char *rest = case_after(line, words[i].word);

		if (rest == NULL)
			continue;
		free(*words[i].where);
		*words[i].where = text_dup(rest);
		return true;
	}
	return false;
}

/* "su-missing 2026-12-31 mail*" */
static void
add_waiver(struct policy_book *b, char *s)
{
	char *day = strchr(s, ' '), *targets = day != NULL ? strchr(day + 1, ' ') : NULL;
	struct waiver w = { .name = "w", .reason = "r", .owner = "somebody", .where = "f:1" };

	if (targets == NULL)
		case_bail("waiver %s", s);
	*day++ = '\0';
	*targets++ = '\0';
	w.rule = s;
	w.scope = (struct policy_scope){ .tags = "", .targets = targets };
	if (!builds_day_parse(day, &w.until))
		case_bail("waiver day %s", day);
	b->waivers = text_grow(b->waivers, b->nwaivers + 1, sizeof(*b->waivers));
	b->waivers[b->nwaivers++] = w;
}

/* One case: its lines up to the next one. */
static void
run_case(struct suite *s, const char *rule, char *name, char **text)
{
	struct result *result = result_new();
	struct policy policy = { .skew_seconds = 300, .slow_ms = 3000 };
	struct expected x = { .verdict = "" };
	struct tls_baseline *baseline = NULL;
	struct policy_book *book = policy_book_new();
	int32_t as_of;
	char *line, *rest;

	copy(x.rule, sizeof(x.rule), rule);
	copy(x.name, sizeof(x.name), name);
	(void)builds_day_parse("2026-11-22", &as_of);
	while (**text != '\0' && strncmp(*text, "case ", 5) != 0 &&
	    strncmp(*text, "impossible ", 11) != 0 && (line = case_line_of(text)) != NULL) {
		if (line[0] == '\0' || line[0] == '#' || scene(s, result->obs, line) ||
		    expectation(&x, line) || number_after(line, "grace", &policy.grace_days) ||
		    number_after(line, "stale", &policy.table_stale_days) ||
		    number_after(line, "slow", &policy.slow_ms) ||
		    owner(&policy, result, line) ||
		    number_after(line, "cert-warn", &policy.cert_warn_days) ||
		    number_after(line, "cert-fail", &policy.cert_fail_days) ||
		    number_after(line, "skew", &policy.skew_seconds))
			continue;
		if ((rest = case_after(line, "baseline")) != NULL) {
			baseline = load_baseline(s, rest);
			policy.baseline = baseline;
			continue;
		}
		if ((rest = case_after(line, "allowed")) != NULL) {
			policy.allowed_builds = rest;	/* of the case's text */
			continue;
		}
		if ((rest = case_after(line, "waiver")) != NULL) {
			add_waiver(book, rest);
			policy.book = book;
			continue;
		}
		if ((rest = case_after(line, "as-of")) == NULL || !builds_day_parse(rest, &as_of))
			case_bail("%s: %s: %s", rule, name, line);
	}
	if (x.verdict[0] == '\0')
		case_bail("%s: %s expects nothing", rule, name);
	judge(s, &x, result, &policy, as_of);
	tls_baseline_free(baseline);
	free(policy.may_reach);
	free(policy.allowed_auth);
	policy_book_free(book);
	result_free(result);
}

static void
run_file(struct suite *s, const char *dir, const char *file)
{
	char rule[64], *all, *text, *line, *name;
	size_t index = 0;

	copy(rule, sizeof(rule), file);
	rule[strlen(rule) - strlen(".txt")] = '\0';
	while (rule_table[index] != NULL && strcmp(rule_table[index]->id, rule) != 0)
		index++;
	if (rule_table[index] == NULL)
		case_bail("%s names no rule", file);
	text = all = case_slurp(dir, file);
	while ((line = case_line_of(&text)) != NULL) {
		if ((name = case_after(line, "case")) != NULL) {
			run_case(s, rule, name, &text);
		} else if ((name = case_after(line, "impossible")) != NULL) {
			size_t k = 0;

			while (k < KINDS && case_after(name, kind_names[k]) == NULL)
				k++;
			if (k == KINDS || s->have[index][k])
				case_bail("%s: %s", file, line);
			s->have[index][k] = true;
		} else if (line[0] != '\0' && line[0] != '#')
			case_bail("%s: %s", file, line);
	}
	free(all);
}

static bool
is_case_file(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcmp(name + n - 4, ".txt") == 0 && strcmp(name, "presets.txt") != 0;
}

/* A rule without its cases, or without words for `exvet explain`, is red. */
static void
insist(struct suite *s)
{
	for (size_t i = 0; rule_table[i] != NULL; i++) {
		const struct rule *r = rule_table[i];

		for (size_t k = 0; k < KINDS; k++)
			report(s, s->have[i][k], "%s has a case: %s", r->id, kind_names[k]);
		report(s, strlen(r->title) > 5 && strlen(r->rationale) > 60 &&
		    strlen(r->remediation) > 30 && text_starts(r->reference, "https://"),
		    "%s says why and what to do", r->id);
		report(s, rule_find(r->id) == r, "%s is there once", r->id);
	}
	report(s, rule_find("no-such-rule") == NULL, "an unknown rule is none");
}

int
main(void)
{
	const char *src = getenv("top_srcdir"), *table = getenv("EXVET_TABLE");
	struct suite s = { .tests = 0 };
	struct builds_error err;
	struct dirent **files;
	char *dir = text_printf("%s/tests/rules", src != NULL ? src : ".");
	int n;

	if ((s.builds = builds_load(table, false, &err)) == NULL)
		case_bail("%s", err.text);
	s.folder = dir;
	s.presets = case_slurp(dir, "presets.txt");
	if ((n = scandir(dir, &files, NULL, alphasort)) < 0)
		case_bail("%s cannot be read", dir);
	for (int i = 0; i < n; i++) {
		if (is_case_file(files[i]->d_name))
			run_file(&s, dir, files[i]->d_name);
		free(files[i]);
	}
	free(files);
	insist(&s);
	printf("1..%u\n", s.tests);
	free(dir);
	free(s.presets);
	builds_free(s.builds);
	return s.failed != 0;
}
