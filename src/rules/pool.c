/*
 * pool.c - the findings on the members behind one address, from --samples: who
 * answered, who is out of rotation, whose certificate differs.
 */
#include <string.h>
#include <strings.h>

#include "rules/place.h"
#include "rules/table.h"
#include "tls_facts.h"

enum { POOL_MEMBERS = 64 };

struct member {
	const char	*name, *build, *health;
	size_t		 samples;
	bool		 out;		/* some sample was not up */
	const struct observation *seen;
};

struct pool {
	struct member	 v[POOL_MEMBERS];
	size_t		 n, samples;
	bool		 more;
};

static const enum fact needs_members[] = { FACT_POOL_MEMBER, FACT_POOL_HEALTH, FACT_COUNT };

/* EX01 and EX01.corp.example are one server. */
static bool
is_same(const char *a, const char *b)
{
	size_t n = strcspn(a, ".");

	return n == strcspn(b, ".") && strncasecmp(a, b, n) == 0;
}

static struct member *
member_of(struct pool *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (is_same(p->v[i].name, name))
			return &p->v[i];
	p->more = p->n == POOL_MEMBERS;
	if (p->more)
		return NULL;
	p->v[p->n] = (struct member){ .name = name };
	return &p->v[p->n++];
}

static void
read_pool(const struct obs *obs, struct pool *p)
{
	*p = (struct pool){ 0 };
	for (const struct observation *k = obs_first(obs, FACT_POOL_HEALTH); k != NULL;
	    k = obs_next(obs, k))
		p->samples++;
	for (const struct observation *k = obs_first(obs, FACT_POOL_MEMBER); k != NULL;
	    k = obs_next(obs, k)) {
		const struct observation *build = obs_next_at(obs, FACT_POOL_BUILD, k->at, NULL);
		const struct observation *health = obs_next_at(obs, FACT_POOL_HEALTH, k->at, NULL);
		struct member *m = member_of(p, k->text);

		if (m == NULL)
			continue;
		m->seen = m->seen == NULL ? k : m->seen;
		m->build = build != NULL ? build->text : m->build;
		if (health == NULL)
			continue;
		m->samples++;
		m->health = health->text;
		m->out |= strcmp(health->text, "up") != 0;
	}
}

static void
list_members(const struct rule_in *in, struct finding *f, const struct pool *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct member *m = &p->v[i];
		struct text_buf line = { 0 };

		text_buf_printf(&line, "%s %s %s", m->name, m->build != NULL ? m->build : "build-not-seen",
		    m->out ? m->health : m->health != NULL ? "up" : "health-not-seen");
		finding_list(f, "member", line.s);
		finding_proof(f, in->obs, m->seen);
		text_buf_free(&line);
	}
	finding_number(f, "samples", (int64_t)p->samples);
}

static enum verdict
check_members(const struct rule_in *in, struct finding *f)
{
	struct pool p;
	const struct member *oldest = NULL;
	struct build_number low, number;

	read_pool(in->obs, &p);
	list_members(in, f, &p);
	if (p.n == 0) {
		finding_why(f, "No reply in %s named its server: members cannot be told apart.",
		    place_count((int64_t)p.samples, "sample").s);
		return VERDICT_UNDECIDABLE;
	}
	for (size_t i = 0; i < p.n; i++)
		if (p.v[i].build != NULL && build_number_parse(p.v[i].build, &number) &&
		    (oldest == NULL || build_number_cmp(&number, &low) < 0)) {
			oldest = &p.v[i];
			low = number;
		}
	finding_why(f, "At least %s seen in %s%s%s%s%s.", place_count((int64_t)p.n, "member").s,
	    place_count((int64_t)p.samples, "sample").s, oldest != NULL ? "; the oldest build is " : "",
	    oldest != NULL ? oldest->build : "", oldest != NULL ? " of " : "",
	    oldest != NULL ? oldest->name : "");
	return VERDICT_PASS;
}

const struct rule rule_pool_members = {
	.id = "pool-members",
	.title = "Members of the pool, as sampled",
	.group = "identity",
	.severity = SEV_INFO,
	.reference = "https://learn.microsoft.com/exchange/architecture/client-access/load-balancing",
	.rationale = "Behind a balancer each fresh connection may reach another server. What was met is a lower "
	    "bound: a member out of rotation, or kept for another client, is never met.",
	.remediation = "Nothing is wrong by itself. Scan the members by their own addresses, with --name.",
	.needs = needs_members, .needs_exchange = true,
	.check = check_members,
};

static enum verdict
check_out(const struct rule_in *in, struct finding *f)
{
	const struct member *bad = NULL;
	struct pool p;
	size_t out = 0, unnamed = 0;

	read_pool(in->obs, &p);
	list_members(in, f, &p);
	for (size_t i = 0; i < p.n; i++) {
		out += p.v[i].out;
		bad = bad == NULL && p.v[i].out ? &p.v[i] : bad;
	}
	for (const struct observation *k = obs_first(in->obs, FACT_POOL_HEALTH); k != NULL;
	    k = obs_next(in->obs, k))
		unnamed += strcmp(k->text, "up") != 0 &&
		    obs_next_at(in->obs, FACT_POOL_MEMBER, k->at, NULL) == NULL;
	if (bad != NULL && out < p.n) {
		finding_why(f, "%s answers healthcheck.htm as %s and yet gets clients: %zu of %s.", bad->name,
		    bad->health, out, place_count((int64_t)p.n, "member").s);
		return VERDICT_FAIL;
	}
	if (bad != NULL || unnamed > 0) {
		finding_why(f, "healthcheck.htm was not up in every sample, %s.", bad != NULL ?
		    "on each member that was met: see protocol-out" : "and the replies name no server");
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "healthcheck.htm is up in each of %s.", place_count((int64_t)p.samples, "sample").s);
	return VERDICT_PASS;
}

const struct rule rule_pool_out = {
	.id = "pool-member-out",
	.title = "A member that is not healthy still gets clients",
	.group = "health",
	.severity = SEV_HIGH,
	.reference = "https://learn.microsoft.com/exchange/architecture/client-access/load-balancing",
	.rationale = "A balancer that asks healthcheck.htm takes such a member out. One that does not sends "
	    "every so many clients to a server that cannot serve them.",
	.remediation = "Let the balancer ask healthcheck.htm of each protocol and look at the member: "
	    "Get-ServerComponentState, Get-ServerHealth.",
	.needs = (const enum fact[]){ FACT_POOL_HEALTH, FACT_COUNT }, .needs_exchange = true,
	.check = check_out,
};

static size_t
values(const struct obs *obs, enum fact fact, struct finding *f, const char *key)
{
	size_t n = 0;

	for (const struct observation *k = obs_first(obs, fact); k != NULL; k = obs_next(obs, k)) {
		if (obs_find(obs, fact, k->text) != k)
			continue;
		n++;
		finding_list(f, key, k->text);
		finding_proof(f, obs, k);
	}
	return n;
}

static enum verdict
check_differ(const struct rule_in *in, struct finding *f)
{
	size_t certs = values(in->obs, FACT_POOL_CERT, f, "certificate");
	size_t tls = values(in->obs, FACT_POOL_TLS, f, "tls");
	size_t ciphers = values(in->obs, FACT_POOL_CIPHER, f, "cipher");
	struct pool p;

	read_pool(in->obs, &p);
	(void)tls_facts_each(in->obs, FACT_POOL_DIFFERS, f, "differs");
	if (certs > 1 || tls > 1 || ciphers > 1) {
		finding_why(f, "%s, %s and %s were met in the samples: members are set up differently%s.",
		    place_count((int64_t)certs, "certificate").s, place_count((int64_t)tls, "TLS version").s,
		    place_count((int64_t)ciphers, "cipher suite").s,
		    certs > 1 ? ", and Extended Protection fails on all but one" : "");
		return VERDICT_WARN;
	}
	if (p.n == 0) {
		finding_why(f, "Every sample met the same certificate and TLS version; the replies name no server, "
		    "so it may have been one member each time.");
		return VERDICT_UNDECIDABLE;
	}
	if (p.n < 2) {
		finding_why(f, "One member was met: nothing to compare.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_why(f, "%s show the same certificate and TLS version.",
	    place_count((int64_t)p.n, "member").s);
	return VERDICT_PASS;
}

const struct rule rule_pool_differ = {
	.id = "pool-tls-differs",
	.title = "Members of the pool differ in certificate or TLS",
	.group = "tls",
	.severity = SEV_MEDIUM,
	.reference = "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/"
	    "security-best-practices/exchange-extended-protection",
	.rationale = "Clients meet now one, now the other. Extended Protection wants the same certificate on the "
	    "balancer and on Exchange, and the same TLS settings on every server.",
	.remediation = "Put one certificate and one set of TLS settings on every member.",
	.needs = (const enum fact[]){ FACT_POOL_CERT, FACT_POOL_TLS, FACT_COUNT }, .needs_exchange = true,
	.check = check_differ,
};
