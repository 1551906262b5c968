/* tls_finite.c - finite-field Diffie-Hellman up to TLS 1.2, with groups that the client names. */
#include "probes/tls_chain.h"
#include "probes/tls_finite.h"
#include "probes/tls_note.h"
#include "probes/tls_share.h"
#include "wire/tls_names.h"
#include "wire/tls_reply.h"

bool
tls_finite_is_offered(const struct tls_chain *c)
{
	bool narrow = c->phase == TLS_PHASE_MORE && (c->narrow || c->narrow_schemes);
	bool bare = c->found.version == 0x0300 && !c->dressed;

	return c->found.version < 0x0304 && !narrow && !bare && c->phase != TLS_PHASE_SECOND && !c->own_finite &&
	    (c->finite == TLS_FINITE_OFFERED || c->finite == TLS_FINITE_AGAIN);
}

void
tls_finite_see(struct tls_chain *c, const struct tls_suite *s, const struct tls_reply *r)
{
	if (!tls_names_is_dhe(s))
		return;
	if (!tls_finite_is_offered(c) || r->dh_group == 0)
		c->own_finite = true;
	else if (c->finite == TLS_FINITE_OFFERED && c->phase != TLS_PHASE_RARE)
		c->finite = TLS_FINITE_LEFT_OUT;
}

bool
tls_finite_chosen_again(struct tls_chain *c, struct talk *t, const struct tls_reply *r)
{
	if (!c->finite_again || !tls_found_has(&c->found, r->suite))
		return false;
	tls_note_suite(t, r);
	c->own_finite = true;
	c->finite_again = false;
	return true;
}

void
tls_finite_widen(struct tls_chain *c)
{
	c->plain = c->plain || !c->narrow_schemes;
	c->narrow = c->narrow_schemes = false;
}

/*
 * None used a named group: was it for those that were named?  The parameters are those of older
 * versions too, and with a certificate of ECDSA alone there is hardly a suite for them.
 */
static bool
is_plain_due(const struct tls_chain *c, const struct talk *t)
{
	return (c->found.version == 0x0303 || c->found.deep) && tls_finite_is_offered(c) && !c->plain && c->part == 0 &&
	    (c->found.deep || !tls_found_only_ecdsa(&c->found)) && !tls_share_has_finite(t);
}

bool
tls_finite_refused(struct tls_chain *c, const struct talk *t)
{
	switch (c->finite) {
	case TLS_FINITE_OFFERED:
		if (!is_plain_due(c, t))
			return false;
		c->finite = TLS_FINITE_PLAIN;
		return true;
	case TLS_FINITE_PLAIN:
		c->plain = true;
		c->finite = TLS_FINITE_OFFERED;
		return false;
	case TLS_FINITE_LEFT_OUT:
		if (c->own_finite)
			return false;
		if (c->finite_again)
			c->finite = TLS_FINITE_AGAIN;
		c->finite_again = !c->finite_again;
		return true;
	default:
		return false;
	}
}
