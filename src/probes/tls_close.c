/* tls_close.c - when does a connection that ends without a word refuse a hello? */
#include <string.h>

#include "probe.h"
#include "probes/tls_close.h"

enum { ENOUGH = 2, TRIES = 4 };		/* closes in a row; of a server that drops connections */

bool
tls_close_drops(const struct talk *t)
{
	const struct observation *k = NULL;

	while ((k = obs_next_at(t->obs, FACT_TLS_DROPS, t->at, k)) != NULL)
		if (strcmp(k->probe, t->probe) == 0)
			return true;
	return false;
}

enum tls_close_says
tls_close_heard(struct tls_close *c, const struct talk *t, enum tls_close_weight weight)
{
	bool drops = tls_close_drops(t);

	c->n++;
	c->again = weight == TLS_CLOSE_SETTLES && c->n < (drops ? TRIES : ENOUGH);
	if (c->again)
		return TLS_CLOSE_AGAIN;
	if (weight != TLS_CLOSE_HALF)
		c->n = 0;
	return drops && weight == TLS_CLOSE_SETTLES ? TLS_CLOSE_DROPPED : TLS_CLOSE_REFUSED;
}

void
tls_close_answered(struct tls_close *c, struct talk *t)
{
	if (c->again && !tls_close_drops(t))
		obs_number(t->obs, FACT_TLS_DROPS, t->at, t->probe, 1,
		    "it closed on a hello, and answered the same one later");
	*c = (struct tls_close){ 0 };
}
