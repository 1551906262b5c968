/*
 * tls_posture.h - the few hellos that tell good TLS from bad.
 *
 * A hello with everything for each version, and for each version offered one
 * more with the weak suites alone: refused, all of them are settled; answered,
 * the answer names one kind and the others are asked again.  About five hellos
 * for a good server; each refused one is an error event in its System log.
 */
#ifndef EXVET_PROBES_TLS_POSTURE_H
#define EXVET_PROBES_TLS_POSTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probes/tls_close.h"
#include "probes/tls_chain.h"

enum tls_posture_step {
	TLS_POSTURE_ALL,	/* every suite and group */
	TLS_POSTURE_ORDINARY,	/* that was refused: the short list */
	TLS_POSTURE_WEAK,	/* the weak suites; those rare as well */
	TLS_POSTURE_PIECES,	/* ... piece by piece: it bears no long hello */
	TLS_POSTURE_FINITE,	/* DHE without the groups of RFC 7919 (tls_finite.h) */
};

struct tls_posture {
	uint16_t	 version;
	enum tls_posture_step step;
	bool		 long_ok;	/* it answered a long hello of 1.2 or older */
	bool		 picky;		/* it did not, and answered a short one */
	bool		 retried;	/* after a silence */
	bool		 crowd;		/* it closed on a long hello in a crowd */
	enum { TLS_POSTURE_IN_TURN, TLS_POSTURE_PUT_OFF, TLS_POSTURE_LATE } later;	/* TLS 1.3 */
	bool		 dressed;	/* SSLv3 with extensions: without a name it is refused */
	bool		 mail;
	uint16_t	 named_finite;	/* a DHE suite that used a group of RFC 7919 which was offered */
	bool		 own_finite;	/* one was seen without */
	bool		 own_asked;
	bool		 other;		/* a suite came up that is not of an ECDSA certificate */
	bool		 apart;		/* those are left out: their certificate may hide another (tls_offers.h) */
	unsigned	 kinds;		/* not settled yet */
	size_t		 piece;		/* row of the suites at which the next one begins */
};

void	tls_posture_begin(struct tls_posture *, bool mail);
void	tls_posture_offer(const struct tls_posture *, struct tls_offer *, struct tls_lists *);
/* Judge the answer; true when there is more to ask down to SSLv3. */
/* What a close on that hello means. */
enum tls_close_weight tls_posture_weight(const struct tls_posture *, const struct talk *);
bool	tls_posture_judge(struct tls_posture *, struct talk *, enum tls_end,
	    const struct tls_reply *);

#endif
