/* policy_limit.c - thresholds of one rule for some servers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "policy.h"
#include "rule.h"

enum { STRENGTHS = 4 };

static const struct {
	const char	*key;
	const char	*rules;		/* that go by it */
} limits[POLICY_LIMITS] = {
	[POLICY_GRACE] = { "grace-days", "su-missing" },
	[POLICY_CERT_WARN] = { "cert-warn-days", "cert-expires-soon" },
	[POLICY_CERT_FAIL] = { "cert-fail-days", "cert-expires-soon" },
	[POLICY_SKEW] = { "skew-seconds", "clock-skew" },
	[POLICY_SLOW] = { "slow-ms", "slow-first-byte" },
	[POLICY_STALE] = { "table-stale-days", "table-stale" },
	[POLICY_BUILDS] = { "allowed-builds", "build-not-allowed" },
	[POLICY_REACH] = { "may-reach", "ecp-reachable powershell-reachable backend-reachable" },
};

const char *
policy_limit_key(enum policy_limit i)
{
	return limits[i].key;
}

bool
policy_limit_fits(enum policy_limit i, const char *rule)
{
	return strcmp(rule, "*") == 0 || text_lists(limits[i].rules, rule, ' ');
}

static void
set(struct policy *p, enum policy_limit i, const char *value)
{
	int64_t *const numbers[POLICY_LIMITS] = {
		[POLICY_GRACE] = &p->grace_days, [POLICY_CERT_WARN] = &p->cert_warn_days,
		[POLICY_CERT_FAIL] = &p->cert_fail_days, [POLICY_SKEW] = &p->skew_seconds,
		[POLICY_SLOW] = &p->slow_ms, [POLICY_STALE] = &p->table_stale_days,
	};
	int64_t n;

	if (i == POLICY_BUILDS)
		p->allowed_builds = (char *)(uintptr_t)value;	/* the book's; room is never freed */
	else if (i == POLICY_REACH)
		p->may_reach = (char *)(uintptr_t)value;
	else if (text_number(value, INT64_MIN, INT64_MAX, &n))	/* checked when it was read */
		*numbers[i] = n;
}

static bool
sets_any(const struct policy_rule *k)
{
	for (size_t i = 0; i < POLICY_LIMITS; i++)
		if (k->limit[i] != NULL)
			return true;
	return false;
}

const struct policy *
policy_limit_apply(const struct policy *p, const struct result *r, const struct rule *rule,
    struct policy *room)
{
	const struct policy_book *b = p->book;
	const struct policy *out = p;

	for (size_t i = 0; b != NULL && i < b->nrules * STRENGTHS; i++) {
		const struct policy_rule *k = &b->rules[i % b->nrules];

		if (policy_strength(k) != i / b->nrules || !sets_any(k) ||
		    (strcmp(k->rule, "*") != 0 && strcmp(k->rule, rule->id) != 0) ||
		    !policy_in_scope(&k->scope, r))
			continue;
		if (out == p)
			*room = *p;
		out = room;
		for (size_t n = 0; n < POLICY_LIMITS; n++)
			if (k->limit[n] != NULL)
				set(room, (enum policy_limit)n, k->limit[n]);
	}
	return out;
}
