/* total.c - the numbers of a run, counted once for every report that sums up. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "total.h"

#define VERDICTS	(VERDICT_NOT_APPLICABLE + 1)

const char *
total_behind_name(enum total_behind b)
{
	static const char *const names[TOTAL_BEHIND_KINDS] = {
		[TOTAL_CURRENT] = "nothing missing", [TOTAL_30] = "up to 30 days",
		[TOTAL_90] = "31 to 90 days", [TOTAL_180] = "91 to 180 days",
		[TOTAL_365] = "181 to 365 days", [TOTAL_730] = "1 to 2 years",
		[TOTAL_LONGER] = "more than 2 years", [TOTAL_ENDED] = "updates have ended",
		[TOTAL_UNKNOWN] = "not known",
	};

	return names[b];
}

size_t
total_rules(void)
{
	size_t n = 0;

	while (rule_table[n] != NULL)
		n++;
	return n;
}

uint64_t
total_rule(const struct total *t, size_t rule, enum verdict verdict)
{
	return t->rules != NULL ? t->rules[rule * VERDICTS + verdict] : 0;
}

bool
total_has_ended(const struct build_report *b)
{
	return b->support == SUPPORT_ESU_ENDED || b->support == SUPPORT_UNSUPPORTED;
}

/* A zero counts as up to date only where the rule passed: else nobody looks any more. */
enum total_behind
total_behind_of(const struct judgement *j)
{
	static const struct { int32_t days; enum total_behind kind; } steps[] = {
		{ 30, TOTAL_30 }, { 90, TOTAL_90 }, { 180, TOTAL_180 }, { 365, TOTAL_365 },
		{ 730, TOTAL_730 },
	};
	const struct build_report *b = j->build;
	const struct finding *f = rule_finding(j, "su-missing");

	if (b == NULL)
		return TOTAL_UNKNOWN;
	if (b->nmissing == 0) {
		if (f != NULL && f->verdict == VERDICT_PASS)
			return TOTAL_CURRENT;
		return b->missing_known && f != NULL && f->verdict == VERDICT_NOT_APPLICABLE ?
		    TOTAL_ENDED : TOTAL_UNKNOWN;
	}
	if (b->days_behind < 0)
		return TOTAL_UNKNOWN;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (b->days_behind <= steps[i].days)
			return steps[i].kind;
	return TOTAL_LONGER;
}

int32_t
total_cert_day(const struct obs *obs)
{
	int32_t first = BUILDS_NO_DAY;

	for (const struct observation *k = obs_first(obs, FACT_CERT_NOT_AFTER); k != NULL;
	    k = obs_next(obs, k)) {
		char *text = text_dup_n(k->text, strlen(k->text) < 10 ? strlen(k->text) : 10);
		int32_t day;

		if (builds_day_parse(text, &day) && (first == BUILDS_NO_DAY || day < first))
			first = day;
		free(text);
	}
	return first;
}

static void
count_cert(struct total *t, const struct obs *obs, int32_t as_of)
{
	int32_t day = total_cert_day(obs), bin;

	if (day == BUILDS_NO_DAY) {
		t->cert_unseen++;
		return;
	}
	t->cert_seen++;
	bin = day < as_of ? 0 : 1 + (day - as_of) / 30;
	t->cert[bin < TOTAL_CERT_BINS ? bin : TOTAL_CERT_BINS - 1]++;
}

static void
count_name(struct total_name *v, const char *name)
{
	for (size_t i = 0; i < TOTAL_NAMES; i++) {
		if (v[i].name == NULL)
			v[i].name = text_dup(i + 1 < TOTAL_NAMES ? name : "others");
		if (strcmp(v[i].name, name) == 0 || i + 1 == TOTAL_NAMES) {
			v[i].n++;
			return;
		}
	}
}

static void
count_level(struct total *t, const struct judgement *j)
{
	const struct build_report *b = j->build;
	enum total_behind behind = total_behind_of(j);
	struct total_level *l = t->levels, *end = t->levels + t->nlevels;

	while (l < end && (l->row != b->row || l->place != b->place ||
	    strcmp(l->branch, b->branch) != 0 || strcmp(l->cu, b->cu) != 0))
		l++;
	if (l == t->levels + TOTAL_LEVELS) {
		t->levels_lost++;
		return;
	}
	if (l == end) {
		*l = (struct total_level){ .branch = b->branch, .cu = b->cu, .row = b->row,
		    .place = b->place, .worst = behind, .ended = total_has_ended(b) };
		t->nlevels++;
	}
	l->n++;
	l->kev += b->kev_open > 0;
	if (behind > l->worst)		/* witnesses of one build may differ */
		l->worst = behind;
}

static void
count_findings(struct total *t, const struct judgement *j)
{
	if (t->rules == NULL)
		t->rules = text_alloc(total_rules() * VERDICTS * sizeof(*t->rules));
	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];
		size_t rule = 0;

		while (rule_table[rule] != f->rule)
			rule++;
		t->rules[rule * VERDICTS + f->verdict]++;
		t->by_verdict[f->verdict]++;
		t->waived += f->waiver != NULL;
		if (rule_counts(f))
			t->by_severity[f->severity]++;
	}
}

static void
count_server(struct total *t, const struct report *r, enum view_state state)
{
	const struct judgement *j = r->judgement;
	const struct build_report *b = j->build;

	t->servers++;
	t->servers_by_state[state]++;
	t->urgent += state == VIEW_CRITICAL;
	t->behind[total_behind_of(j)]++;
	count_findings(t, j);
	t->kev_maybe += view_may_fail(j, "cve-known-exploited-open");
	t->unsupported_maybe += view_may_fail(j, "product-unsupported");
	if (b == NULL) {
		t->no_build++;
		return;
	}
	t->missing += b->nmissing > 0;
	t->kev += b->kev_open > 0;
	t->supported += b->support == SUPPORT_SUPPORTED;
	t->unsupported += b->support > SUPPORT_SUPPORTED;
	count_level(t, j);
}

/* When, from where and how: of every view of a server. */
static void
count_scan(struct total *t, const struct result *r, bool first)
{
	if (first)
		t->first_ms = t->last_ms = -1;
	t->connections += r->connections;
	t->requests += r->requests;
	count_name(t->vantages, r->vantage);
	count_name(t->profiles, r->profile);
	if (r->started_ms <= 0)
		return;
	if (t->first_ms < 0 || r->started_ms < t->first_ms)
		t->first_ms = r->started_ms;
	if (r->started_ms + r->duration_ms > t->last_ms)
		t->last_ms = r->started_ms + r->duration_ms;
}

void
total_add(struct total *t, const struct report *report, const struct report_run *run)
{
	const struct result *r = report->result;
	const struct obs_error *e = view_failure(r);
	enum view_state state = view_state(report);

	count_scan(t, r, t->targets == 0);
	for (unsigned i = 0; report->all != NULL && i < report->views; i++)
		if (report->all[i].result != r)
			count_scan(t, report->all[i].result, false);
	t->targets++;
	t->by_state[state]++;
	t->by_identity[report->judgement->identity]++;
	t->not_judged += !r->finished || !rule_complete(report->judgement);
	t->unfinished += !r->finished;
	t->capped += obs_capped(r->obs);
	if (report->judgement->identity == IDENTITY_UNKNOWN && e != NULL)
		count_name(t->reasons, e->reason);
	if (report->judgement->identity != IDENTITY_EXCHANGE)
		return;
	same_add(&t->same, r);
	count_cert(t, r->obs, run->as_of);
	count_server(t, report, state);
}

/* ---- order ---- */

static int
compare(const void *a, const void *b)
{
	const struct total_level *x = a, *y = b;
	int by = strcmp(y->branch, x->branch);		/* "SE", "2019", "2016" ... */

	if (by == 0)
		by = (int)strlen(y->cu) - (int)strlen(x->cu);	/* CU9 below CU10 */
	if (by == 0)
		by = strcmp(y->cu, x->cu);
	if (by == 0 && x->row != NULL && y->row != NULL)
		return build_number_cmp(&y->row->number, &x->row->number);
	if (by == 0)
		by = (x->row == NULL) - (y->row == NULL);
	return by != 0 ? by : (int)x->place - (int)y->place;
}

void
total_sort(struct total *t)
{
	if (t->nlevels > 1)
		qsort(t->levels, t->nlevels, sizeof(t->levels[0]), compare);
}

static void
names_free(struct total_name *v)
{
	for (size_t i = 0; i < TOTAL_NAMES; i++)
		free(v[i].name);
}

void
total_clear(struct total *t)
{
	names_free(t->reasons);
	names_free(t->vantages);
	names_free(t->profiles);
	same_clear(&t->same);
	free(t->rules);
}
