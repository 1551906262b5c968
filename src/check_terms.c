/* check_terms.c - what the owner asked of a check. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "check_terms.h"
#include "config.h"

const char *const check_groups[] = {
	"patch", "support", "tls", "cert", "smb", "auth", "mail", "health", "exposure", NULL
};

/* Of --checks when it is not given. */
static const char *const default_groups[] = { "patch", "support", "cert", "health" };

const char *
check_state_name(enum check_state s)
{
	static const char *const names[] = {
		[CHECK_OK] = "OK", [CHECK_WARNING] = "WARNING", [CHECK_CRITICAL] = "CRITICAL",
		[CHECK_UNKNOWN] = "UNKNOWN",
	};

	return names[s];
}

enum check_state
check_state_worse(enum check_state a, enum check_state b)
{
	static const int rank[] = {
		[CHECK_OK] = 0, [CHECK_UNKNOWN] = 1, [CHECK_WARNING] = 2, [CHECK_CRITICAL] = 3,
	};

	return rank[a] >= rank[b] ? a : b;
}

static enum check_state
read_state(const char *s, enum check_state fallback)
{
	static const char *const words[] = { "ok", "warning", "critical", "unknown" };

	for (size_t i = 0; s != NULL && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(s, words[i]) == 0 || (s[0] == (char)('0' + i) && s[1] == '\0'))
			return (enum check_state)i;
	return fallback;
}

static void
read_limit(struct check_limit *limits, const char *s)
{
	const char *equal = strchr(s, '=');
	enum check_metric m = equal != NULL ? check_metric_find(s, (size_t)(equal - s)) :
	    METRIC_MISSING;
	const char *text = equal != NULL ? equal + 1 : s;

	if (m != METRIC_COUNT && check_range_parse(text, &limits[m].range))
		limits[m].text = text;
}

/* check_http counts whole days, and alerts when so many are left, not only when fewer are. */
static int64_t
days_of(const char *days, bool second)
{
	const char *comma = strchr(days, ',');

	if (second && comma == NULL)
		return 0;
	return strtoll(second ? comma + 1 : days, NULL, 10);	/* checked: config_check_days() */
}

/* The certificate has limits always: -C, -w, -c, or the policy's. */
static void
read_cert_limits(struct check_terms *t, const struct config *c)
{
	const char *days = c->check.certificate;
	const int64_t policy[] = { c->policy.cert_warn_days, c->policy.cert_fail_days };
	struct check_limit *limits[] = { &t->warning[METRIC_CERT], &t->critical[METRIC_CERT] };
	/* With one number the last day is critical. */
	bool given = days != NULL && days[0] != '\0';
	bool ours = !given && limits[0]->text == NULL && limits[1]->text == NULL;

	for (size_t i = 0; i < 2; i++) {
		int64_t alert;		/* below it */

		if (limits[i]->text != NULL || (!given && !ours))
			continue;
		if (given)
			alert = days_of(days, i == 1) + 1;
		else
			alert = policy[i];
		(void)snprintf(t->cert_text[i], sizeof(t->cert_text[i]), "%lld:", (long long)alert);
		if (check_range_parse(t->cert_text[i], &limits[i]->range))
			limits[i]->text = t->cert_text[i];
		limits[i]->by_default = !given;
	}
}

bool
check_terms_plain(const struct config *c)
{
	return c->check.ssl != NULL && strcmp(c->check.ssl, "no") == 0;
}

void
check_terms_read(struct check_terms *t, const struct config *c)
{
	const struct config_list *groups = &c->check.groups;

	*t = (struct check_terms){
		.unknown_as = read_state(c->check.unknown_as, CHECK_UNKNOWN),
		.timeout_result = read_state(c->check.timeout_result, CHECK_UNKNOWN),
		.unreachable = read_state(c->check.unreachable, CHECK_CRITICAL),
		.groups_given = groups->n > 0,
		.verify = c->check.verify, .plain = check_terms_plain(c),
		.proxied = c->proxy != NULL && c->proxy[0] != '\0', .verbose = (unsigned)c->verbose,
	};
	for (size_t g = 0; check_groups[g] != NULL; g++) {
		for (size_t i = 0; i < groups->n; i++)
			t->group[g] |= strcmp(groups->v[i], check_groups[g]) == 0;
		for (size_t i = 0; groups->n == 0 && i < sizeof(default_groups) /
		    sizeof(default_groups[0]); i++)
			t->group[g] |= strcmp(default_groups[i], check_groups[g]) == 0;
	}
	for (size_t i = 0; i < c->check.warning.n; i++)
		read_limit(t->warning, c->check.warning.v[i]);
	for (size_t i = 0; i < c->check.critical.n; i++)
		read_limit(t->critical, c->check.critical.v[i]);
	read_cert_limits(t, c);
}

bool
check_terms_has(const struct check_terms *t, const char *group)
{
	for (size_t g = 0; check_groups[g] != NULL; g++)
		if (t->group[g] && strcmp(check_groups[g], group) == 0)
			return true;
	return false;
}

bool
check_terms_counts(const struct check_terms *t, const struct rule *rule)
{
	return strcmp(rule->group, "identity") == 0 || check_terms_has(t, rule->group);
}
