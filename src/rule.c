/*
 * rule.c - names of verdicts and severities, the hands that write a finding,
 * and the driver that judges one result.  What a rule means stands in rules/.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "probe.h"
#include "rule.h"
#include "rules/identity.h"
#include "rules/place.h"
#include "rules/witness.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const severity_names[] = {
	[SEV_INFO] = "info", [SEV_LOW] = "low", [SEV_MEDIUM] = "medium",
	[SEV_HIGH] = "high", [SEV_CRITICAL] = "critical",
};

static const char *const verdict_names[] = {
	[VERDICT_PASS] = "pass", [VERDICT_FAIL] = "fail", [VERDICT_WARN] = "warn",
	[VERDICT_UNDECIDABLE] = "undecidable",
	[VERDICT_NOT_OBSERVABLE] = "not-observable",
	[VERDICT_NOT_APPLICABLE] = "not-applicable",
};

static const char *const identity_names[] = {
	[IDENTITY_UNKNOWN] = "unknown", [IDENTITY_EXCHANGE] = "exchange",
	[IDENTITY_ONLINE] = "exchange-online", [IDENTITY_PREAUTH] = "pre-auth-proxy",
	[IDENTITY_NOT_EXCHANGE] = "not-exchange",
};

const char *
rule_severity_name(enum severity severity)
{
	return severity_names[severity];
}

bool
rule_severity_find(const char *name, enum severity *out)
{
	for (size_t i = 0; i < COUNT(severity_names); i++)
		if (strcmp(severity_names[i], name) == 0) {
			*out = (enum severity)i;
			return true;
		}
	return false;
}

const char *
rule_verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

const char *
rule_identity_name(enum identity identity)
{
	return identity_names[identity];
}

const struct rule *
rule_find(const char *id)
{
	for (const struct rule *const *r = rule_table; *r != NULL; r++)
		if (strcmp((*r)->id, id) == 0)
			return *r;
	return NULL;
}

void
finding_why(struct finding *f, const char *fmt, ...)
{
	char *was = f->why;
	va_list ap;

	va_start(ap, fmt);
	f->why = text_vprintf(fmt, ap);		/* may print what was there */
	va_end(ap);
	free(was);
}

static struct detail *
detail_add(struct finding *f, const char *key)
{
	struct detail *d;

	f->detail = text_grow(f->detail, f->ndetail + 1, sizeof(*f->detail));
	d = &f->detail[f->ndetail++];
	*d = (struct detail){ .key = key };
	return d;
}

void
finding_text(struct finding *f, const char *key, const char *value)
{
	detail_add(f, key)->text = text_dup(value);
}

void
finding_list(struct finding *f, const char *key, const char *value)
{
	struct detail *d = detail_add(f, key);

	d->text = text_dup(value);
	d->list = true;
}

void
finding_number(struct finding *f, const char *key, int64_t value)
{
	detail_add(f, key)->number = value;
}

void
finding_proof(struct finding *f, const struct obs *obs, const struct observation *seen)
{
	size_t index;

	if (seen == NULL)
		return;
	index = obs_index(obs, seen);
	for (size_t i = 0; i < f->nproof; i++)
		if (f->proof[i] == index)
			return;
	f->proof = text_grow(f->proof, f->nproof + 1, sizeof(*f->proof));
	f->proof[f->nproof++] = index;
}

static bool
has_one_of(const struct obs *obs, const enum fact *needs)
{
	if (needs == NULL)
		return true;
	for (; *needs != FACT_COUNT; needs++)
		if (obs_first(obs, *needs) != NULL)
			return true;
	return false;
}

static bool
gives_one_of(const struct probe *probe, const enum fact *needs)
{
	for (; *needs != FACT_COUNT; needs++)
		for (const enum fact *g = probe->gives; *g != FACT_COUNT; g++)
			if (*g == *needs)
				return true;
	return false;
}

/* Nothing that was needed is there: nobody asked for it, or what answered did not say it. */
static void
why_not_observed(const struct rule_in *in, const struct rule *rule, struct finding *f)
{
	const char *planned = in->result->probes;
	const struct probe *idle = NULL;

	for (size_t i = 0; probe_table[i] != NULL; i++) {
		if (!gives_one_of(probe_table[i], rule->needs))
			continue;
		if (text_lists(planned, probe_table[i]->name, ',')) {
			place_why_unread(in, f, "Not observed");
			return;
		}
		idle = idle == NULL ? probe_table[i] : idle;
	}
	if (planned[0] == '\0' || idle == NULL)
		place_why_unread(in, f, "Not observed");
	else
		finding_why(f, "Not observed: the probe %s did not run%s.", idle->name,
		    (idle->flags & PROBE_SAMPLES) != 0 ? " (--samples asks for it)" : "");
}

/* The verdict that missing data makes; false when the rule can be asked. */
static bool
is_out_of_reach(const struct rule_in *in, const struct rule *rule, struct finding *f)
{
	enum identity identity = in->who->identity;

	if (identity == IDENTITY_NOT_EXCHANGE && strcmp(rule->group, "identity") != 0) {
		f->verdict = VERDICT_NOT_APPLICABLE;
		finding_why(f, "Not Exchange.");
		return true;
	}
	f->verdict = VERDICT_NOT_OBSERVABLE;
	if (rule->needs_exchange && identity == IDENTITY_UNKNOWN &&
	    obs_first(in->obs, FACT_MARK) != NULL) {
		finding_why(f, "Not known to be Exchange: too few independent marks.");
		return true;
	}
	if (rule->needs_exchange && identity == IDENTITY_UNKNOWN) {
		place_why_unread(in, f, "Not known to be Exchange");
		return true;
	}
	if (rule->needs_exchange && identity == IDENTITY_PREAUTH) {
		finding_why(f, "A pre-authentication proxy hides what stands behind it.");
		return true;
	}
	if (rule->needs_exchange && identity != IDENTITY_EXCHANGE) {
		f->verdict = VERDICT_NOT_APPLICABLE;
		finding_why(f, "Exchange Online is run and updated by Microsoft.");
		return true;
	}
	if (rule->needs_build && in->who->build == NULL) {
		place_why_unread(in, f, "No build was read");
		return true;
	}
	if (!has_one_of(in->obs, rule->needs)) {
		why_not_observed(in, rule, f);
		return true;
	}
	return false;
}

static void
apply(const struct rule_in *in, const struct rule *rule, struct finding *f)
{
	*f = (struct finding){ .rule = rule, .severity = rule->severity };
	if (is_out_of_reach(in, rule, f))
		return;
	f->verdict = rule->check(in, f);
	/* A build that the witnesses dispute proves nothing good. */
	if (f->verdict == VERDICT_PASS && rule->needs_build && in->who->contradiction) {
		f->verdict = VERDICT_UNDECIDABLE;
		finding_why(f, "%s But the witnesses of the build disagree.",
		    f->why != NULL ? f->why : "");
	}
	if (f->why == NULL)
		finding_why(f, "%s.", rule->title);
	/* What the build alone decides stands on the observation that names the build. */
	if (f->nproof == 0 && rule->needs_build && in->who->witness != NULL &&
	    (f->verdict == VERDICT_FAIL || f->verdict == VERDICT_WARN ||
	     f->verdict == VERDICT_UNDECIDABLE))
		finding_proof(f, in->obs, in->who->witness);
}

static struct judgement *
judge(const struct result *result, const struct builds *builds, const struct policy *policy,
    int32_t as_of, bool known)
{
	struct judgement *j = text_alloc(sizeof(*j));
	struct rule_in in = {
		.obs = result->obs, .result = result, .builds = builds, .policy = policy,
		.who = j, .as_of = as_of,
	};
	struct identity_marks id;
	struct witness w;
	size_t n = 0;

	identity_judge(in.obs, &id);
	j->identity = known ? IDENTITY_EXCHANGE : id.identity;
	j->score = id.score;
	witness_choose(in.obs, builds, as_of, &w);
	/* The build of a decoy, or of what only looks like Exchange, is none. */
	if (w.seen != NULL && j->identity != IDENTITY_NOT_EXCHANGE) {
		j->witness = w.seen;
		j->contradiction = w.other != NULL;
		j->build = builds_report(builds, &w.number, as_of);
	}
	while (rule_table[n] != NULL)
		n++;
	j->findings = text_alloc((n + 1) * sizeof(*j->findings));
	for (size_t i = 0; i < n; i++) {
		struct policy room;

		in.policy = policy_limit_apply(policy, result, rule_table[i], &room);
		apply(&in, rule_table[i], &j->findings[i]);
	}
	for (size_t i = 0; i < n; i++)
		policy_apply(policy, result, as_of, &j->findings[i]);
	j->nfindings = n;
	return j;
}

bool
rule_reads_build(enum fact fact)
{
	return witness_is(fact);
}

struct judgement *
rule_judge(const struct result *result, const struct builds *builds,
    const struct policy *policy, int32_t as_of)
{
	return judge(result, builds, policy, as_of, false);
}

struct judgement *
rule_judge_known(const struct result *result, const struct builds *builds,
    const struct policy *policy, int32_t as_of)
{
	return judge(result, builds, policy, as_of, true);
}

void
rule_judgement_free(struct judgement *j)
{
	if (j == NULL)
		return;
	for (size_t i = 0; i < j->nfindings; i++) {
		struct finding *f = &j->findings[i];

		for (size_t k = 0; k < f->ndetail; k++)
			free((void *)(uintptr_t)f->detail[k].text);	/* ours, const to readers */
		free(f->detail);
		free(f->proof);
		free(f->why);
	}
	free(j->findings);
	builds_report_free(j->build);
	free(j);
}

struct finding *
rule_finding(const struct judgement *j, const char *id)
{
	for (size_t i = 0; i < j->nfindings; i++)
		if (strcmp(j->findings[i].rule->id, id) == 0)
			return &j->findings[i];
	return NULL;
}

bool
rule_counts(const struct finding *f)
{
	return (f->verdict == VERDICT_FAIL || f->verdict == VERDICT_WARN) && f->waiver == NULL;
}

bool
rule_worst(const struct judgement *j, enum severity *out)
{
	bool found = false;

	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];

		if (!rule_counts(f))
			continue;
		if (!found || f->severity > *out)
			*out = f->severity;
		found = true;
	}
	return found;
}

bool
rule_complete(const struct judgement *j)
{
	if (j->identity == IDENTITY_EXCHANGE)
		return j->build != NULL && j->build->number.parts >= 3;
	return j->identity != IDENTITY_UNKNOWN;
}
