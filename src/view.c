/* view.c - what several reporters say about one report, said once. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "view.h"

const char *
view_update(const struct build_row *row)
{
	return row->update[0] != '\0' ? row->update : row->cu;
}

/* Order of verdicts in a list. */
static const int verdict_rank[] = {
	[VERDICT_FAIL] = 0, [VERDICT_WARN] = 1, [VERDICT_UNDECIDABLE] = 2,
	[VERDICT_NOT_OBSERVABLE] = 3, [VERDICT_PASS] = 4, [VERDICT_NOT_APPLICABLE] = 5,
};

static int
compare(const void *a, const void *b)
{
	const struct finding *x = *(const struct finding *const *)a;
	const struct finding *y = *(const struct finding *const *)b;
	bool x_counts = rule_counts(x), y_counts = rule_counts(y);

	/* A critical warning stands above a low failure, and what is waived below both. */
	if (x_counts != y_counts)
		return x_counts ? -1 : 1;
	if (x_counts && y_counts && x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->verdict != y->verdict)
		return verdict_rank[x->verdict] - verdict_rank[y->verdict];
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	return x < y ? -1 : x > y;		/* one array: rule order */
}

const struct finding **
view_sorted(const struct judgement *j)
{
	const struct finding **v = text_alloc((j->nfindings + 1) * sizeof(*v));

	for (size_t i = 0; i < j->nfindings; i++)
		v[i] = &j->findings[i];
	if (j->nfindings > 1)
		qsort(v, j->nfindings, sizeof(*v), compare);
	return v;
}

/*
 * A stale table says something about a server whose build it judged, and
 * nothing about a host that did not answer.
 */
static bool
is_about_run(const struct judgement *j, const struct finding *f)
{
	return j->identity != IDENTITY_EXCHANGE && strcmp(f->rule->id, "table-stale") == 0;
}

const struct finding *
view_worst(const struct judgement *j)
{
	const struct finding *worst = NULL;

	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];

		if (!rule_counts(f) || is_about_run(j, f))
			continue;
		if (worst == NULL || compare(&f, &worst) < 0)
			worst = f;
	}
	return worst;
}

char *
view_waiver(const struct waiver *w)
{
	char day[11];

	return text_printf("waived until %s by %s: %s", builds_day_text(w->until, day), w->owner,
	    w->reason);
}

bool
view_may_fail(const struct judgement *j, const char *rule)
{
	const struct finding *f = rule_finding(j, rule);

	return f != NULL && (f->verdict == VERDICT_UNDECIDABLE || f->verdict == VERDICT_NOT_OBSERVABLE);
}

size_t
view_waived(const struct judgement *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->nfindings; i++)
		n += j->findings[i].waiver != NULL;
	return n;
}

size_t
view_verdicts(const struct judgement *j, enum verdict verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < j->nfindings; i++)
		n += j->findings[i].verdict == verdict;
	return n;
}

bool
view_knows_cves(const struct build_report *b)
{
	return b != NULL && (b->place == PLACE_EXACT || b->place == PLACE_RANGE ||
	    b->place == PLACE_BETWEEN);
}

bool
view_has_ended(const struct build_report *b)
{
	return b->support == SUPPORT_ESU_ENDED || b->support == SUPPORT_UNSUPPORTED;
}

size_t
view_cves_open(const struct build_report *b)
{
	return b->count[CVE_OPEN] + b->count[CVE_OPEN_PRESUMED];
}

size_t
view_kev_undecidable(const struct build_report *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->ncves; i++)
		n += b->cves[i].state == CVE_UNDECIDABLE && b->cves[i].cve->kev;
	return n;
}

const struct obs_error *
view_failure(const struct result *r)
{
	size_t n = obs_error_count(r->obs);

	/* That we gave up is what came of the others. */
	for (size_t i = 0; i < n; i++)
		if (strcmp(obs_error_get(r->obs, i)->reason, "gave-up") != 0)
			return obs_error_get(r->obs, i);
	return n > 0 ? obs_error_get(r->obs, 0) : NULL;
}

char *
view_failure_text(const struct result *r)
{
	const struct obs_error *e = view_failure(r);

	if (e == NULL)
		return text_dup(r->finished ? "" : "stopped by a signal");
	if (e->detail[0] == '\0')
		return text_printf("%s: %s", e->stage, e->reason);
	return text_printf("%s: %s (%s)", e->stage, e->reason, e->detail);
}

static const char *const states[VIEW_STATES] = {
	[VIEW_OTHER] = "other", [VIEW_SILENT] = "unknown",
	[VIEW_CLEAN] = "no finding", [VIEW_UNDECIDED] = "undecided",
	[VIEW_INFO] = "info", [VIEW_LOW] = "low", [VIEW_MEDIUM] = "medium",
	[VIEW_HIGH] = "high", [VIEW_CRITICAL] = "critical",
};

const char *
view_state_name(enum view_state state)
{
	return states[state];
}

enum view_state
view_state(const struct report *r)
{
	const struct judgement *j = r->judgement;
	const struct finding *worst = view_worst(j);

	/* Not to know what it is outweighs a small fault in its TLS. */
	if (worst != NULL && (j->identity != IDENTITY_UNKNOWN || worst->severity >= SEV_HIGH))
		return (enum view_state)(VIEW_INFO + (int)worst->severity);
	if (j->identity == IDENTITY_UNKNOWN || !rule_complete(j) || !r->result->finished)
		return VIEW_SILENT;
	if (j->identity != IDENTITY_EXCHANGE)
		return VIEW_OTHER;
	return view_verdicts(j, VERDICT_UNDECIDABLE) > 0 ? VIEW_UNDECIDED : VIEW_CLEAN;
}

/* ---- what named the build ---- */

static const char *
source_name(enum fact fact)
{
	static const struct { enum fact fact; const char *name; } rows[] = {
		{ FACT_BUILD, "X-OWA-Version" }, { FACT_BUILD_PATH, "log-on page" },
		{ FACT_BUILD_MANIFEST, "export tool manifest" },
		{ FACT_BUILD_APPLICATION, "X-ServerApplication" },
		{ FACT_BUILD_MAPI, "MAPI endpoint page" },
		{ FACT_BUILD_EAS, "MS-Server-ActiveSync" },
		{ FACT_BUILD_RECEIVED, "Received line" }, { FACT_BUILD_BANNER, "banner" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].fact == fact)
			return rows[i].name;
	return obs_fact(fact)->name;
}

char *
view_sources(const struct obs *obs)
{
	static const enum fact facts[] = {
		FACT_BUILD, FACT_BUILD_PATH, FACT_BUILD_MANIFEST, FACT_BUILD_APPLICATION,
		FACT_BUILD_MAPI, FACT_BUILD_RECEIVED, FACT_BUILD_BANNER, FACT_BUILD_EAS,
	};
	struct text_buf out = { 0 };

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const struct observation *k = obs_first(obs, facts[i]);
		size_t n = 0;

		for (; k != NULL; k = obs_next(obs, k))
			n++;
		if (n == 0)
			continue;
		text_buf_printf(&out, "%s%s", out.s != NULL ? ", " : "", source_name(facts[i]));
		if (n > 1)
			text_buf_printf(&out, " on %zu paths", n);
	}
	return out.s != NULL ? out.s : text_dup("");
}
