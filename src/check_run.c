/* check_run.c - the plugin's scan: one target, through the engine of `exvet scan'. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "check_guard.h"
#include "check_run.h"
#include "check_terms.h"
#include "config.h"
#include "probe.h"
#include "result.h"
#include "rule.h"
#include "run.h"
#include "run_plan.h"
#include "target.h"

/* ---- the target ---- */

static bool
is_bare_ipv6(const char *host)
{
	const char *colon = strchr(host, ':');

	return host[0] != '[' && colon != NULL && strchr(colon + 1, ':') != NULL;
}

static bool
has_port(const char *host)
{
	const char *bracket = strchr(host, ']');

	return !is_bare_ipv6(host) && strchr(bracket != NULL ? bracket : host, ':') != NULL;
}

/* The last bare -p, which the grammar of lists keeps for HTTPS; 80 without one. */
static int64_t
plain_port(const struct config *c)
{
	int64_t port = 80, n;

	for (size_t i = 0; i < c->ports.n; i++)
		if (text_number(c->ports.v[i], 1, 65535, &n))
			port = n;
	return port;
}

/* -H, or -I when that is all there is, as a target of the list's grammar; owned. */
static char *
operand_of(const struct config *c)
{
	const char *host = c->check.host != NULL ? c->check.host : c->check.address;
	bool bare = is_bare_ipv6(host);

	if (!check_terms_plain(c))
		return text_printf(bare ? "[%s]" : "%s", host);
	if (has_port(host))
		return text_printf("http://%s", host);
	return text_printf(bare ? "http://[%s]:%lld" : "http://%s:%lld", host,
	    (long long)plain_port(c));
}

/* -I with the port of -H; owned. */
static char *
operand_by_address(const struct config *c, const struct target *named)
{
	const char *host = c->check.address;

	return text_printf(is_bare_ipv6(host) ? "%s[%s]:%u" : "%s%s:%u",
	    check_terms_plain(c) ? "http://" : "", host, (unsigned)named->port);
}

/* The one target that the operand stands for. */
static bool
read_target(const struct config *c, const char *option, char *operand, struct target *out)
{
	char *args[] = { operand, NULL };
	struct target_source *source = target_open(c, args);
	struct target more = { 0 };
	bool one;

	if (source == NULL)
		return false;
	one = target_next(source, out) == 1;
	if (one && target_next(source, &more) == 1) {
		target_clear(&more);
		target_clear(out);
		one = false;
	}
	target_close(source);
	if (!one)
		fprintf(stderr, "exvet: %s: %s: expected one server that is not excluded\n", option,
		    operand);
	return one;
}

/* The configuration of one run: with the strings that only it has. */
struct plan {
	struct config	 c;
	char		*operand;
	char		*name;		/* a plain -H beside an -I */
	char		*fixed;		/* HOST:ADDR for --resolve */
	char		**resolve, **probes;
};

static void
add_fixed(struct plan *p, const char *host)
{
	size_t n = p->c.resolve.n;

	p->fixed = text_printf(is_bare_ipv6(p->c.check.address) ? "%s:[%s]" : "%s:%s",
	    host, p->c.check.address);
	p->resolve = text_alloc((n + 1) * sizeof(*p->resolve));
	for (size_t i = 0; i < n; i++)
		p->resolve[i + 1] = p->c.resolve.v[i];
	p->resolve[0] = p->fixed;
	/* The user's own for other names stay; for this name ours is the only one. */
	p->c.resolve = (struct config_list){ .v = p->resolve, .n = 1 };
}

/* -I beside -H: connect there, under the name of -H. */
static bool
plan_address(struct plan *p, const struct target *named)
{
	char *operand = operand_by_address(&p->c, named);
	struct target there;

	if (!read_target(&p->c, "--IP-address", operand, &there)) {
		free(operand);
		return false;
	}
	if (!named->is_address && there.is_address) {
		free(operand);
		add_fixed(p, named->host);
	} else {
		free(p->operand);
		p->operand = operand;
		p->name = text_dup(named->host);
		p->c.name = p->c.name != NULL ? p->c.name : p->name;
	}
	target_clear(&there);
	return true;
}

static bool
plan_target(struct plan *p)
{
	struct target t;
	bool good = true;

	p->operand = operand_of(&p->c);
	if (!read_target(&p->c, p->c.check.host != NULL ? "--hostname" : "--IP-address", p->operand, &t))
		return false;
	if (p->c.check.address != NULL && p->c.check.host != NULL)
		good = plan_address(p, &t);
	target_clear(&t);
	return good;
}

/* ---- the probes ---- */

static bool
gives(const struct probe *p, enum fact fact)
{
	for (const enum fact *g = p->gives; g != NULL && *g != FACT_COUNT; g++)
		if (*g == fact)
			return true;
	return false;
}

static bool
gives_one_of(const struct probe *p, const enum fact *needs)
{
	for (; needs != NULL && *needs != FACT_COUNT; needs++)
		if (gives(p, *needs))
			return true;
	return false;
}

static bool
is_served(const struct rule *rule, enum probe_flag profile)
{
	for (size_t i = 0; probe_table[i] != NULL; i++)
		if (probe_in_profile(probe_table[i], profile) &&
		    gives_one_of(probe_table[i], rule->needs))
			return true;
	return false;
}

/* Does a rule that was asked for need what this probe gives and the profile's do not? */
static bool
is_needed(const struct check_terms *t, const struct probe *p, enum probe_flag profile)
{
	for (size_t i = 0; rule_table[i] != NULL; i++)
		if (check_terms_has(t, rule_table[i]->group) &&
		    gives_one_of(p, rule_table[i]->needs) && !is_served(rule_table[i], profile))
			return true;
	return false;
}

/* Groups beyond the profile bring their probes. */
static void
plan_probes(struct plan *p)
{
	enum probe_flag profile = strcmp(p->c.profile, "quick") == 0 ? PROBE_QUICK :
	    strcmp(p->c.profile, "full") == 0 ? PROBE_FULL : PROBE_STANDARD;
	struct check_terms t;
	bool more = false;
	size_t all = 0, n = 0;

	check_terms_read(&t, &p->c);
	while (probe_table[all] != NULL)
		all++;
	p->probes = text_alloc((all + 1) * sizeof(*p->probes));
	for (size_t i = 0; i < all; i++) {
		bool ours = probe_in_profile(probe_table[i], profile);
		bool extra = !ours && profile != PROBE_QUICK && is_needed(&t, probe_table[i], profile);

		more |= extra;
		if (ours || extra)
			p->probes[n++] = (char *)(uintptr_t)probe_table[i]->name;
	}
	if (more && p->c.probes.n == 0)
		p->c.probes = (struct config_list){ .v = p->probes, .n = n };
}

static bool
plan_open(struct plan *p, const struct config *c, const struct check_guard *g)
{
	int64_t left = check_guard_left(g);

	*p = (struct plan){ .c = *c };
	p->c.inputs = (struct config_list){ 0 };
	p->c.threads = 1;
	p->c.parallel = p->c.all_addresses ? 16 : 1;
	p->c.connections = 4;
	p->c.rate = 0;
	p->c.target_timeout_ms = left > 1 ? left : 1;
	plan_probes(p);
	return plan_target(p);
}

static void
plan_close(struct plan *p)
{
	free(p->operand);
	free(p->name);
	free(p->fixed);
	free(p->resolve);
	free(p->probes);
}

/* ---- running ---- */

static void
on_result(void *arg, struct result *r)
{
	struct check_run *run = arg;

	run->v = text_grow(run->v, run->n + 1, sizeof(struct result *));
	run->v[run->n++] = r;
}

static void
on_tick(void *arg, uint64_t given, uint64_t done, bool all_given)
{
	(void)arg;
	(void)given;
	(void)done;
	(void)all_given;
}

/* 0: done; 1: stopped; -1: could not begin. */
static int
scan_once(struct check_run *run, const struct config *c, char *operand)
{
	struct run_sink sink = { .result = on_result, .tick = on_tick, .arg = run };
	char *args[] = { operand, NULL };
	struct target_source *source = target_open(c, args);
	struct run_plan *plan;
	int status = -1;

	if (source == NULL)
		return -1;
	plan = run_plan_new(c, false);
	if (plan != NULL)
		status = run_scan(c, plan, source, &sink);
	run_plan_free(plan);
	/* One operand: nothing reads on in it, also when the scan was stopped. */
	target_close(source);
	return status < 0 ? -1 : status > 0;
}

bool
check_run(struct check_run *run, const struct config *c, struct check_guard *g)
{
	struct plan p;
	int status = -1;

	*run = (struct check_run){ 0 };
	check_guard_scan(g);
	if (plan_open(&p, c, g))
		status = scan_once(run, &p.c, p.operand);
	run->signalled = !check_guard_scanned(g) && status > 0;
	plan_close(&p);
	return run->n > 0 || status >= 0;
}

void
check_run_free(struct check_run *run)
{
	for (size_t i = 0; i < run->n; i++)
		result_free(run->v[i]);
	free(run->v);
}
