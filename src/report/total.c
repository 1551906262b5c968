/* total.c - the numbers of a run, counted once for every report that sums up. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "total_server.h"

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
count_cert(struct total *t, int32_t day, int32_t as_of)
{
	int32_t bin;

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
count_level(struct total *t, const struct total_server *s)
{
	const struct total_level *own = &s->level;
	struct total_level *l = t->levels, *end = t->levels + t->nlevels;

	while (l < end && (l->row != own->row || l->place != own->place ||
	    strcmp(l->branch, own->branch) != 0 || strcmp(l->cu, own->cu) != 0))
		l++;
	if (l == t->levels + TOTAL_LEVELS) {
		t->levels_lost++;
		return;
	}
	if (l == end) {
		*l = *own;
		t->nlevels++;
	}
	l->n++;
	l->kev += s->kev;
	if (s->behind > l->worst)		/* witnesses of one build may differ */
		l->worst = s->behind;
}

static void
count_rules(struct total *t, const struct total_server *s)
{
	size_t n = total_rules();

	if (t->rules == NULL)
		t->rules = text_alloc(n * VERDICTS * sizeof(*t->rules));
	for (size_t i = 0; i < n; i++) {
		enum verdict v = (enum verdict)(s->rules[i] & TOTAL_VERDICT);

		t->rules[i * VERDICTS + v]++;
		t->by_verdict[v]++;
		if ((s->rules[i] & TOTAL_COUNTS) != 0)
			t->by_severity[s->rules[i] >> TOTAL_SEVERITY_SHIFT & 7]++;
	}
}

/* What is not known is no zero: newer than the table, without a build, not assessed. */
static bool
may_fail(const struct total_server *s, const char *id)
{
	size_t i = 0;

	while (strcmp(rule_table[i]->id, id) != 0)
		i++;
	return (s->rules[i] & TOTAL_VERDICT) == VERDICT_UNDECIDABLE ||
	    (s->rules[i] & TOTAL_VERDICT) == VERDICT_NOT_OBSERVABLE;
}

static void
count_server(struct total *t, const struct total_server *s, int32_t as_of)
{
	t->servers++;
	t->servers_by_state[s->state]++;
	t->urgent += s->state == VIEW_CRITICAL;
	t->behind[s->behind]++;
	count_rules(t, s);
	t->kev_maybe += may_fail(s, "cve-known-exploited-open");
	t->unsupported_maybe += may_fail(s, "product-unsupported");
	count_cert(t, s->cert_day, as_of);
	if (!s->built) {
		t->no_build++;
		return;
	}
	t->missing += s->missing;
	t->kev += s->kev;
	t->supported += s->supported;
	t->unsupported += s->unsupported;
	count_level(t, s);
}

/* One more result of that server; takes s. */
static void
keep_server(struct total *t, uint32_t id, struct total_server *s)
{
	if (t->seen == NULL)
		t->seen = text_alloc(SERVERS_IDS * sizeof(*t->seen));
	if (t->seen[id] == NULL) {
		t->seen[id] = s;
		return;
	}
	total_server_merge(t->seen[id], s);
	total_server_free(s);
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

uint32_t
total_add(struct total *t, const struct report *report, const struct report_run *run)
{
	const struct result *r = report->result;
	const struct obs_error *e = view_failure(r);
	struct total_server *s;
	uint32_t id;

	count_scan(t, r, t->targets == 0);
	for (unsigned i = 0; report->all != NULL && i < report->views; i++)
		if (report->all[i].result != r)
			count_scan(t, report->all[i].result, false);
	t->targets++;
	t->by_state[view_state(report)]++;
	t->by_identity[report->judgement->identity]++;
	t->not_judged += !r->finished || !rule_complete(report->judgement);
	t->unfinished += !r->finished;
	t->capped += obs_capped(r->obs);
	if (report->judgement->identity == IDENTITY_UNKNOWN && e != NULL)
		count_name(t->reasons, e->reason);
	if (report->judgement->identity != IDENTITY_EXCHANGE)
		return SERVERS_NONE;
	id = servers_add(&t->which, r);
	s = total_server_new(report);
	if (id != SERVERS_NONE) {
		keep_server(t, id, s);
	} else {
		count_server(t, s, run->as_of);
		total_server_free(s);
	}
	return id;
}

/* ---- order ---- */

int
total_level_compare(const struct total_level *x, const struct total_level *y)
{
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

static int
compare(const void *a, const void *b)
{
	return total_level_compare(a, b);
}

void
total_finish(struct total *t, const struct report_run *run)
{
	servers_finish(&t->which);
	for (uint32_t id = 0; t->seen != NULL && id < SERVERS_IDS; id++) {
		struct total_server *s = t->seen[id];

		if (s == NULL || servers_root(&t->which, id) == id)
			continue;
		t->seen[id] = NULL;
		keep_server(t, servers_root(&t->which, id), s);
	}
	for (uint32_t id = 0; t->seen != NULL && id < SERVERS_IDS; id++)
		if (t->seen[id] != NULL)
			count_server(t, t->seen[id], run->as_of);
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
	for (uint32_t id = 0; t->seen != NULL && id < SERVERS_IDS; id++)
		total_server_free(t->seen[id]);
	free(t->seen);
	servers_clear(&t->which);
	free(t->rules);
}
