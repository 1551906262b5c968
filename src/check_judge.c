/* check_judge.c - folds the judgement of one target into a service state. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "check_judge.h"
#include "view.h"

/*
 * Rules without which nothing can be called fine: where one of them is not
 * decided, the state is at best UNKNOWN.
 */
static const char *const deciding[] = {
	"su-missing", "product-unsupported", "build-contradiction", NULL
};

/* Limits of the user's own on a metric stand in for the rule that looks at the same. */
static const struct {
	const char		*rule;
	enum check_metric	 metric[3];
} governed[] = {
	{ "su-missing", { METRIC_MISSING, METRIC_BEHIND, METRIC_COUNT } },
	{ "cve-open", { METRIC_MISSING, METRIC_BEHIND, METRIC_CVES } },
	{ "cve-open-presumed", { METRIC_CVES, METRIC_COUNT, METRIC_COUNT } },
	{ "cve-known-exploited-open", { METRIC_KEV, METRIC_COUNT, METRIC_COUNT } },
	{ "cert-expires-soon", { METRIC_CERT, METRIC_COUNT, METRIC_COUNT } },
};

static bool
is(const struct finding *f, const char *rule)
{
	return strcmp(f->rule->id, rule) == 0;
}

static const struct finding *
find(const struct judgement *j, const char *rule)
{
	for (size_t i = 0; i < j->nfindings; i++)
		if (is(&j->findings[i], rule))
			return &j->findings[i];
	return NULL;
}

static void
add(struct check_verdict *v, enum check_state state, const struct finding *f, bool lead, char *text)
{
	v->reasons = text_grow(v->reasons, v->nreasons + 1, sizeof(*v->reasons));
	v->reasons[v->nreasons++] = (struct check_reason){
		.state = state, .finding = f, .lead = lead, .text = text,
	};
}

/* ---- findings ---- */

static bool
has_limit(const struct check_terms *t, enum check_metric m)
{
	return (t->warning[m].text != NULL && !t->warning[m].by_default) ||
	    (t->critical[m].text != NULL && !t->critical[m].by_default);
}

/* A limit on what is not known says nothing: then the rule speaks. */
static bool
is_governed(const struct check_terms *t, const struct check_values *v, const struct finding *f)
{
	for (size_t i = 0; i < sizeof(governed) / sizeof(governed[0]); i++)
		for (size_t k = 0; is(f, governed[i].rule) && k < 3; k++)
			if (governed[i].metric[k] != METRIC_COUNT &&
			    v->known[governed[i].metric[k]] && has_limit(t, governed[i].metric[k]))
				return true;
	return false;
}

static bool
is_deciding(const struct finding *f)
{
	for (size_t i = 0; deciding[i] != NULL; i++)
		if (is(f, deciding[i]))
			return true;
	return false;
}

/* Low and informational findings are listed and wake nobody. */
static enum check_state
by_severity(const struct finding *f)
{
	if (f->severity <= SEV_LOW)
		return CHECK_OK;
	return f->verdict == VERDICT_FAIL && f->severity >= SEV_HIGH ? CHECK_CRITICAL : CHECK_WARNING;
}

/* What a finding adds to the state; CHECK_OK when nothing. */
static enum check_state
judge_finding(const struct check_terms *t, const struct check_values *v, const struct finding *f)
{
	enum check_state s;

	if (!check_terms_counts(t, f->rule))
		return CHECK_OK;
	if (f->verdict == VERDICT_UNDECIDABLE || f->verdict == VERDICT_NOT_OBSERVABLE)
		return is_deciding(f) && !is(f, "build-contradiction") ? t->unknown_as : CHECK_OK;
	if (!rule_counts(f) || is_governed(t, v, f))
		return CHECK_OK;
	/* What an old table calls up to date may not be. */
	if (is(f, "table-stale"))
		return t->unknown_as;
	s = by_severity(f);
	if (is(f, "cert-untrusted") || is(f, "cert-name"))
		return t->verify ? CHECK_CRITICAL : s == CHECK_CRITICAL ? CHECK_WARNING : s;
	return s;
}

/* In the grace after a release the flaws that it fixes are open, and only warn. */
static bool
is_in_grace(const struct judgement *j)
{
	const struct finding *f = find(j, "su-missing");

	return f != NULL && f->verdict == VERDICT_WARN;
}

/* The summary of the first line speaks of the build, updates, support and the certificate's end. */
static bool
is_told(const struct finding *f)
{
	if (is(f, "pool-mixed-builds"))
		return false;
	return strcmp(f->rule->group, "patch") == 0 || strcmp(f->rule->group, "support") == 0 ||
	    is(f, "cert-expires-soon");
}

static void
add_findings(const struct check_terms *t, const struct judgement *j, struct check_verdict *v)
{
	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];
		enum check_state s = judge_finding(t, &v->values, f);

		if (is(f, "table-stale") && j->identity != IDENTITY_EXCHANGE)
			continue;
		if (s == CHECK_CRITICAL && is_in_grace(j) && text_starts(f->rule->id, "cve-open"))
			s = CHECK_WARNING;
		if (s == CHECK_OK)
			continue;
		if (f->verdict == VERDICT_UNDECIDABLE || f->verdict == VERDICT_NOT_OBSERVABLE)
			add(v, s, f, false, text_dup(f->why));
		else if (is(f, "table-stale"))	/* nothing of the server's: whoever is woken reads the cure */
			add(v, s, f, true, text_dup("exvet's table of builds is out of date (update exvet)"));
		else
			add(v, s, f, !is_told(f), text_dup(f->rule->title));
	}
}

/* ---- what is not known ---- */

static void
add_unknown_group(const struct check_terms *t, const struct judgement *j, const char *group,
    struct check_verdict *v)
{
	size_t all = 0, seen = 0;

	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];

		if (strcmp(f->rule->group, group) != 0)
			continue;
		all++;
		seen += f->verdict != VERDICT_NOT_OBSERVABLE;
	}
	if (all == 0)
		add(v, t->unknown_as, NULL, true, text_printf("no rule of %s in this version", group));
	else if (seen == 0)
		add(v, t->unknown_as, NULL, true, text_printf("nothing of %s could be seen", group));
}

/* No update is missing because none is made any more: no merit, and not fine. */
static bool
is_dead_end(const struct check_terms *t, const struct judgement *j)
{
	const struct finding *f = find(j, "su-missing");

	return f != NULL && f->verdict == VERDICT_NOT_APPLICABLE && f->waiver == NULL &&
	    j->identity == IDENTITY_EXCHANGE && check_terms_has(t, "patch") &&
	    !check_terms_has(t, "support");
}

static void
add_unknown(const struct check_terms *t, const struct report *r, struct check_verdict *v)
{
	const struct judgement *j = r->judgement;

	if (j->identity != IDENTITY_EXCHANGE)
		add(v, t->unknown_as, NULL, false, text_dup("the build is not known"));
	else if (!rule_complete(j))
		add(v, t->unknown_as, NULL, false, text_dup("the build was not read"));
	if (j->contradiction)
		add(v, t->unknown_as, NULL, true, text_dup("the witnesses of the build disagree"));
	if (is_dead_end(t, j))
		add(v, t->unknown_as, NULL, false, text_dup("no update is made any more"));
	for (size_t g = 0; check_groups[g] != NULL; g++)
		if (t->group[g] && strcmp(check_groups[g], "patch") != 0 &&
		    strcmp(check_groups[g], "support") != 0 &&
		    !(t->plain && !t->groups_given && strcmp(check_groups[g], "cert") == 0))
			add_unknown_group(t, j, check_groups[g], v);
}

/* ---- limits ---- */

static void
add_limits(const struct check_terms *t, const struct judgement *j, struct check_verdict *v)
{
	for (int i = 0; i < METRIC_COUNT; i++) {
		enum check_metric m = (enum check_metric)i;
		const struct check_limit *critical = &t->critical[m], *warning = &t->warning[m];
		bool told = m <= METRIC_CERT, grace = m <= METRIC_BEHIND && is_in_grace(j);

		if (m == METRIC_CERT && !check_terms_has(t, "cert") && !has_limit(t, m))
			continue;
		if (!v->values.known[m]) {
			if (has_limit(t, m))
				add(v, t->unknown_as, NULL, true,
				    text_printf("%s is not known", check_metric_name(m)));
			continue;
		}
		if (critical->text != NULL && check_range_alerts(&critical->range, v->values.v[m]))
			add(v, grace ? CHECK_WARNING : CHECK_CRITICAL, NULL, !told,
			    text_printf("%s %.6g (critical %s%s)", check_metric_name(m),
			    v->values.v[m], critical->text, grace ? ", in grace" : ""));
		else if (warning->text != NULL && check_range_alerts(&warning->range, v->values.v[m]))
			add(v, CHECK_WARNING, NULL, !told, text_printf("%s %.6g (warning %s)",
			    check_metric_name(m), v->values.v[m], warning->text));
	}
}

/* ---- nothing came ---- */

/* The stage that ran out of time, from what is there. */
static const char *
stage_of(const struct check_terms *t, const struct result *r)
{
	if (obs_first(r->obs, FACT_HTTP_STATUS) != NULL)
		return "while probing";
	if (obs_first(r->obs, FACT_TIME_TLS) != NULL || obs_first(r->obs, FACT_CERT_SUBJECT) != NULL)
		return "while waiting for HTTP";
	if (t->proxied)
		return "in the proxy";
	if (r->address[0] == '\0')
		return "in the look-up of the name";
	return r->connections == 0 ? "while connecting" : "in the TLS handshake";
}

static bool
ran_out(const struct result *r)
{
	/* A probe's own: a service beside the web was late, and that alone is unseen. */
	for (size_t i = 0; i < obs_error_count(r->obs); i++)
		if (strcmp(obs_error_get(r->obs, i)->reason, "target-timeout") == 0 &&
		    obs_error_get(r->obs, i)->probe[0] == '\0')
			return true;
	return !r->finished;
}

static void
add_unreachable(const struct check_terms *t, struct check_verdict *v, char *why)
{
	v->unreachable = true;
	v->state = t->unreachable;
	add(v, t->unreachable, NULL, true, why);
}

/*
 * A balancer or gateway without a server behind it says 5xx to everything
 * (RFC 9110, 15.6).  True when that is all there is to say.
 */
static bool
judge_server_errors(const struct check_terms *t, const struct report *report,
    struct check_verdict *v)
{
	const struct obs *obs = report->result->obs;
	const struct observation *first = obs_first(obs, FACT_HTTP_STATUS);
	const struct finding *stopped = find(report->judgement, "iis-pool-stopped");

	/* That names the reason, and is critical by itself. */
	if (stopped != NULL && stopped->verdict == VERDICT_FAIL && check_terms_counts(t, stopped->rule))
		return false;
	if (report->judgement->identity != IDENTITY_UNKNOWN &&
	    report->judgement->identity != IDENTITY_NOT_EXCHANGE)
		return false;
	for (const struct observation *k = first; k != NULL; k = obs_next(obs, k))
		if (k->number < 500 || k->number > 599)
			return false;
	add_unreachable(t, v, text_printf("no usable answer: HTTP status %lld",
	    (long long)first->number));
	return true;
}

/* True when there is nothing more to weigh. */
static bool
judge_silence(const struct check_terms *t, const struct report *report, struct check_verdict *v)
{
	const struct result *r = report->result;
	bool answered = obs_first(r->obs, FACT_HTTP_STATUS) != NULL;
	char *failure;

	if (ran_out(r)) {
		v->timed_out = true;
		v->state = t->signalled ? CHECK_UNKNOWN : t->timeout_result;
		add(v, v->state, NULL, true, text_printf("%s after %.1f s %s",
		    t->signalled ? "stopped by a signal" : "timed out",
		    (double)r->duration_ms / 1000, stage_of(t, r)));
		return !answered;
	}
	if (answered)
		return judge_server_errors(t, report, v);
	if (obs_error_count(r->obs) == 0)
		return false;
	failure = view_failure_text(r);
	add_unreachable(t, v, text_printf("%s: %s", r->connections > 0 ?
	    "no usable answer" : "no answer", failure));
	free(failure);
	return true;
}

static int
compare(const void *a, const void *b)
{
	const struct check_reason *x = a, *y = b;

	if (x->state != y->state)
		return check_state_worse(x->state, y->state) == x->state ? -1 : 1;
	if ((x->finding != NULL) != (y->finding != NULL))
		return x->finding != NULL ? 1 : -1;
	if (x->finding == NULL)
		return x < y ? -1 : x > y;
	if (x->finding->severity != y->finding->severity)
		return x->finding->severity > y->finding->severity ? -1 : 1;
	return x->finding < y->finding ? -1 : x->finding > y->finding;
}

void
check_judge(const struct check_terms *t, const struct report_run *run, const struct report *report,
    struct check_verdict *v)
{
	*v = (struct check_verdict){ .state = CHECK_OK };
	check_metric_read(t, run, report, &v->values);
	if (!judge_silence(t, report, v)) {
		add_findings(t, report->judgement, v);
		add_unknown(t, report, v);
		add_limits(t, report->judgement, v);
	}
	if (v->nreasons > 1)
		qsort(v->reasons, v->nreasons, sizeof(*v->reasons), compare);
	for (size_t i = 0; i < v->nreasons; i++)
		v->state = check_state_worse(v->state, v->reasons[i].state);
}

void
check_judge_clear(struct check_verdict *v)
{
	for (size_t i = 0; i < v->nreasons; i++)
		free(v->reasons[i].text);
	free(v->reasons);
	*v = (struct check_verdict){ 0 };
}
