/* run_plan.c - which probes run where, and fixed answers for names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config.h"
#include "run_plan.h"
#include "target_input.h"

static const struct probe *
find_probe(const char *name, size_t n)
{
	for (size_t i = 0; probe_table[i] != NULL; i++)
		if (strlen(probe_table[i]->name) == n && strncmp(probe_table[i]->name, name, n) == 0)
			return probe_table[i];
	return NULL;
}

static bool
has(const struct run_plan *p, const struct probe *probe)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->probe[i] == probe)
			return true;
	return false;
}

static bool
add(struct run_plan *p, const struct probe *probe)
{
	if (has(p, probe))
		return true;
	if (p->n == sizeof(p->probe) / sizeof(p->probe[0]))
		return false;
	p->probe[p->n++] = probe;
	return true;
}

/* Those that --tls chooses between. */
static bool
is_tls(const struct probe *p)
{
	return text_starts(p->name, "tls") && p->port == 0;
}

/* A probe of no profile runs at a port that --port names for it. */
static bool
is_named(const struct run_plan *p, const struct probe *probe)
{
	if ((probe->flags & (PROBE_QUICK | PROBE_STANDARD | PROBE_FULL | PROBE_SAMPLES)) != 0)
		return false;
	for (size_t i = 0; i < p->nports; i++)
		if (strcmp(p->ports[i].probe, probe->name) == 0)
			return true;
	return false;
}

static void
by_profile(struct run_plan *p, const struct config *c)
{
	/* Those of the services beside the web are enumeration too. */
	const char *never = strcmp(c->tls, "none") == 0 ? "tls-" : "\n";

	p->profile = strcmp(c->profile, "quick") == 0 ? PROBE_QUICK :
	    strcmp(c->profile, "full") == 0 ? PROBE_FULL : PROBE_STANDARD;
	for (size_t i = 0; probe_table[i] != NULL; i++)
		if (!is_tls(probe_table[i]) && !text_starts(probe_table[i]->name, never) &&
		    ((probe_table[i]->flags & p->profile) || is_named(p, probe_table[i])))
			(void)add(p, probe_table[i]);
}

/* --tls: which of the two probes, if any. */
static void
by_depth(struct run_plan *p, const char *depth)
{
	const char *name = p->exact ? "tls-exact" : "tls";

	if (strcmp(depth, "none") == 0 || (strcmp(depth, "auto") == 0 && p->profile == PROBE_QUICK))
		return;
	(void)add(p, find_probe(name, strlen(name)));
	if (p->exact)
		(void)add(p, find_probe("tls-keys", strlen("tls-keys")));
}

static void
by_samples(struct run_plan *p)
{
	for (size_t i = 0; probe_table[i] != NULL; i++)
		if (probe_table[i]->flags & PROBE_SAMPLES)
			(void)add(p, probe_table[i]);
}

/* Who names the probe tls where exact is meant, by --tls or as one target is asked, gets what does that. */
static void
add_named(struct run_plan *p, const struct probe *probe)
{
	if (strcmp(probe->name, "tls") == 0 && p->exact)
		by_depth(p, "exact");
	else
		(void)add(p, probe);
}

/* --probes: in the table's order, whatever the user's. */
static bool
by_name(struct run_plan *p, const struct config_list *names)
{
	p->profile = PROBE_FULL;
	for (size_t i = 0; i < names->n; i++)
		if (find_probe(names->v[i], strlen(names->v[i])) == NULL) {
			fprintf(stderr, "exvet: --probes: no probe '%s'; see exvet list probes\n",
			    names->v[i]);
			return false;
		}
	for (size_t i = 0; probe_table[i] != NULL; i++)
		for (size_t k = 0; k < names->n; k++)
			if (strcmp(names->v[k], probe_table[i]->name) == 0)
				add_named(p, probe_table[i]);
	return true;
}

static bool
take_port(struct run_plan *p, const char *s)
{
	const char *eq = strchr(s, '=');
	const struct probe *probe = NULL;
	int64_t port;

	if (eq != NULL && strncmp(s, "https=", 6) != 0) {
		probe = find_probe(s, (size_t)(eq - s));
		if (probe == NULL) {
			fprintf(stderr, "exvet: --port: no probe '%.*s'; see exvet list probes\n",
			    (int)(eq - s), s);
			return false;
		}
	}
	if (!text_number(eq != NULL ? eq + 1 : s, 1, 65535, &port)) {
		fprintf(stderr, "exvet: --port: '%s': expected [PROBE=]NUMBER, 1 to 65535\n", s);
		return false;
	}
	if (probe == NULL)
		return true;		/* the web port of targets: target.c reads it */
	if (p->nports == sizeof(p->ports) / sizeof(p->ports[0])) {
		fputs("exvet: --port: too many\n", stderr);
		return false;
	}
	p->ports[p->nports++] = (struct run_port){ probe->name, (uint16_t)port };
	return true;
}

/* HOST:ADDR, the address with or without brackets. */
static bool
take_fixed(struct run_plan *p, const char *s)
{
	const char *colon = strchr(s, ':');
	struct addr a = { 0 };
	bool ok = false;

	if (colon != NULL && colon != s) {
		const char *text = colon + 1;
		size_t n = strlen(text);
		bool brackets = n > 2 && text[0] == '[' && text[n - 1] == ']';
		char *plain = brackets ? text_dup_n(text + 1, n - 2) : text_dup(text);

		ok = addr_parse(plain, &a);
		free(plain);
	}
	if (!ok) {
		fprintf(stderr, "exvet: --resolve: '%s': expected HOST:ADDRESS\n", s);
		return false;
	}
	p->fixed = text_grow(p->fixed, p->nfixed + 1, sizeof(*p->fixed));
	p->fixed[p->nfixed++] = (struct run_fixed){ text_dup_n(s, (size_t)(colon - s)), a };
	return true;
}

static char *
join_names(const struct run_plan *p)
{
	struct text_buf b = { 0 };

	text_buf_str(&b, "");
	for (size_t i = 0; i < p->n; i++) {
		text_buf_str(&b, i > 0 ? "," : "");
		text_buf_str(&b, p->probe[i]->name);
	}
	return b.s;
}

static bool
take_name(struct run_plan *p, const char *name)
{
	char why[TARGET_WHY] = "";

	if (target_parse_host(name, p->name, why))
		return true;
	(void)fprintf(stderr, "exvet: --name: %s\n", why);
	return false;
}

struct run_plan *
run_plan_new(const struct config *c, bool single)
{
	struct run_plan *p = text_alloc(sizeof(*p));
	bool ok = true;

	p->single = single;
	p->v4_only = c->ipv4_only;
	p->v6_only = c->ipv6_only;
	p->by_hand = c->probes.n > 0;
	p->deep = strcmp(c->profile, "full") == 0;
	p->exact = strcmp(c->tls, "exact") == 0 || (strcmp(c->tls, "auto") == 0 && single);
	p->quick = !p->by_hand && strcmp(c->profile, "quick") == 0;
	for (size_t i = 0; ok && i < c->ports.n; i++)
		ok = take_port(p, c->ports.v[i]);
	if (p->by_hand)
		ok = ok && by_name(p, &c->probes);
	else {
		by_profile(p, c);
		by_depth(p, c->tls);
	}
	for (size_t i = 0; ok && i < c->resolve.n; i++)
		ok = take_fixed(p, c->resolve.v[i]);
	ok = ok && (c->name == NULL || take_name(p, c->name));
	if (c->samples > 0)
		by_samples(p);
	p->names = join_names(p);
	if (ok)
		return p;
	run_plan_free(p);
	return NULL;
}

void
run_plan_free(struct run_plan *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->nfixed; i++)
		free(p->fixed[i].host);
	free(p->fixed);
	free(p->names);
	free(p);
}

static uint16_t
named_port(const struct run_plan *p, const char *probe)
{
	/* The one that was said last counts. */
	for (size_t i = p->nports; i-- > 0;)
		if (strcmp(p->ports[i].probe, probe) == 0)
			return p->ports[i].port;
	return 0;
}

uint16_t
run_plan_port(const struct run_plan *p, const struct probe *probe, uint16_t web)
{
	uint16_t port = named_port(p, probe->name);

	/* Where a service is moved to, its TLS is too. */
	if (port == 0 && text_starts(probe->name, "tls-"))
		port = named_port(p, probe->name + strlen("tls-"));
	if (port == 0 && is_tls(probe))
		port = named_port(p, "tls");
	if (port == 0 && strcmp(probe->name, "smb-oldest") == 0)
		port = named_port(p, "smb");
	return port != 0 ? port : probe->port != 0 ? probe->port : web;
}

bool
run_plan_wants(const struct run_plan *p, const struct probe *probe, uint16_t web, bool plain)
{
	if (probe->port == 0 || p->by_hand || p->profile == PROBE_FULL || (web == 443 && !plain))
		return true;
	for (size_t i = 0; i < p->nports; i++)
		if (strcmp(p->ports[i].probe, probe->name) == 0)
			return true;
	return false;
}

unsigned
run_plan_lanes(const struct run_plan *p, const struct probe *probe, const struct target *t)
{
	if (!run_plan_wants(p, probe, t->port, t->plain))
		return 0;
	return probe->lanes > 1 ? probe->lanes : 1;
}

/* any: of either family. */
static size_t
take_addresses(const struct run_plan *p, const char *host, bool any, struct addr *out, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nfixed && n < cap; i++)
		if (text_eq_nocase(p->fixed[i].host, host) && (any || !(p->fixed[i].addr.v6 ? p->v4_only : p->v6_only)))
			out[n++] = p->fixed[i].addr;
	return n;
}

size_t
run_plan_resolve(const struct run_plan *p, const char *host, struct addr *out, size_t cap)
{
	size_t n = take_addresses(p, host, false, out, cap);

	return n > 0 ? n : take_addresses(p, host, true, out, cap);
}

bool
run_plan_gives(const struct run_plan *p, enum fact fact)
{
	for (size_t i = 0; i < p->n; i++)
		for (const enum fact *f = p->probe[i]->gives; *f != FACT_COUNT; f++)
			if (*f == fact)
				return true;
	return false;
}
