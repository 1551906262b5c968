/* tls_close.c - when does a connection that ends without a word refuse a hello? */
#include <string.h>

#include "probe.h"
#include "probes/tls_close.h"
#include "probes/tls_noted.h"

enum {
	ENOUGH = 2,		/* closes in a row */
	ENOUGH_LIMITS = 3,	/* ... of a server that limits connections */
	ENOUGH_DROPS = 4,	/* ... that drops them */
	MOST = 8,		/* ... in a crowd that does not get smaller */
	GAP_MS = 30,		/* between connections to one that limits them */
	REST_MS = 60,		/* before the next try after a crowd */
	PAUSE_MS = 100,		/* before the second try at those two; doubled each time */
};

bool
tls_close_drops(const struct talk *t)
{
	return tls_noted_flag(t, FACT_TLS_DROPS);
}

bool
tls_close_limits(const struct talk *t)
{
	return tls_noted_flag(t, FACT_TLS_LIMITS);
}

void
tls_close_note_limit(struct talk *t)
{
	obs_number(t->obs, FACT_TLS_LIMITS, t->at, t->probe, 1,
	    "it closed on a hello beside or just after other connections, and answered the same one later");
}

void
tls_close_next(struct talk *t)
{
	if (!tls_close_limits(t))
		return;
	t->company = COMPANY_NONE;
	if (t->pause_ms == 0)
		t->pause_ms = GAP_MS;
}

/* How many closes in a row settle something. */
static unsigned
enough(const struct talk *t)
{
	return tls_close_drops(t) ? ENOUGH_DROPS : tls_close_limits(t) ? ENOUGH_LIMITS : ENOUGH;
}

enum tls_close_says
tls_close_heard(struct tls_close *c, struct talk *t, enum tls_close_weight weight)
{
	bool many = t->crowd == CROWD_MANY, settles = weight >= TLS_CLOSE_SETTLES;
	unsigned tries = enough(t);

	c->crowd = c->n == 0 || t->crowd < c->crowd ? t->crowd : c->crowd;
	c->n += c->n == 0 && weight == TLS_CLOSE_REST ? 2 : 1;
	c->again = settles && c->n < MOST && (many || c->n < tries);
	if (many && weight != TLS_CLOSE_NOTHING) {
		t->company = COMPANY_PROVEN;
		t->pause_ms = REST_MS;
	}
	if (c->again) {
		if (tries > ENOUGH)
			t->pause_ms = (uint64_t)PAUSE_MS << (c->n - 1);
		return TLS_CLOSE_AGAIN;
	}
	if (weight != TLS_CLOSE_HALF)
		c->n = 0;
	return settles && (many || tries == ENOUGH_DROPS) ? TLS_CLOSE_DROPPED : TLS_CLOSE_REFUSED;
}

void
tls_close_answered(struct tls_close *c, struct talk *t)
{
	bool limits = tls_close_limits(t);

	if (c->again && c->crowd != CROWD_NONE && !limits)
		tls_close_note_limit(t);
	else if (c->again && (!limits || c->n > 1) && !tls_close_drops(t))
		obs_number(t->obs, FACT_TLS_DROPS, t->at, t->probe, 1,
		    "it closed on a hello, and answered the same one later");
	*c = (struct tls_close){ 0 };
}
