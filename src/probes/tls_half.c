/* tls_half.c - the suites of one version, asked by two lanes at once. */
#include "probes/tls_half.h"
#include "wire/tls_names.h"

void
tls_half_open(struct tls_chain *c)
{
	struct tls_half *h = c->half;

	/* Hellos that take groups away may be refused for their sake: one lane sends them. */
	if (h == NULL || h->state != TLS_HALF_NONE || c->picky || c->brief || c->narrow || c->narrow_schemes)
		return;
	h->state = TLS_HALF_OPEN;
	h->chain = *c;
	h->chain.part = 2;
	c->part = 1;
}

bool
tls_half_waits(const struct tls_half *h)
{
	return h != NULL && h->state == TLS_HALF_OPEN;
}

bool
tls_half_take(struct tls_half *h, struct tls_chain *c)
{
	if (!tls_half_waits(h))
		return false;
	*c = h->chain;
	h->state = TLS_HALF_TAKEN;
	return true;
}

/* What the other lane found, behind what this one did; each kept how it was chosen. */
static void
merge(struct tls_chain *c, const struct tls_chain *other)
{
	for (size_t i = 0; i < other->found.n; i++)
		if (!tls_found_has(&c->found, other->found.suite[i]))
			tls_found_add(&c->found, other->found.suite[i], other->found.how[i]);
	for (size_t i = 0; i < TLS_FOUND_GROUPS; i++)
		c->found.group[i] = c->found.group[i] || other->found.group[i];
	for (size_t i = 0; i < TLS_FOUND_SCHEMES; i++)
		c->found.scheme[i] = c->found.scheme[i] || other->found.scheme[i];
	c->found.apart = c->found.apart || other->found.apart;
	c->curve = c->curve != 0 ? c->curve : other->curve;
	c->client_groups = c->client_groups || other->client_groups;
	c->settled = c->settled || other->settled;
	c->mute = c->mute || other->mute;
}

void
tls_half_tell(struct tls_chain *c)
{
	for (size_t i = 0; c->part != 0 && i < TLS_FOUND_SCHEMES; i++)
		c->found.scheme[i] = c->half->scheme[i] = c->found.scheme[i] || c->half->scheme[i];
}

enum tls_half_end
tls_half_end(struct tls_chain *c)
{
	struct tls_half *h = c->half;

	switch (h->state) {
	case TLS_HALF_OPEN:
		h->state = TLS_HALF_BROKEN;	/* for others: there is none to take */
		c->part = 0;
		return TLS_HALF_MORE;
	case TLS_HALF_TAKEN:
		h->chain = *c;
		h->state = TLS_HALF_LEFT;
		c->part = 0;
		return TLS_HALF_OTHER;
	case TLS_HALF_LEFT:
		merge(c, &h->chain);
		c->part = 0;
		return TLS_HALF_WHOLE;
	default:
		return TLS_HALF_UNKNOWN;
	}
}

void
tls_half_break(struct tls_chain *c)
{
	if (c->part != 0)
		c->half->state = TLS_HALF_BROKEN;
	c->part = 0;
}

bool
tls_half_has(const struct tls_chain *c, const struct tls_suite *s)
{
	return c->part == 0 || c->part == tls_found_half(s->code);
}
