/*
 * tls_posture.h - the few hellos that tell good TLS from bad.
 *
 * A hello per version, and for each version offered one more with the weak
 * suites alone: refused, all of them are settled; answered, the answer names
 * one kind and the others are asked again.  About five hellos for a good
 * server; each refused one is an error event in its System log.
 */
#ifndef EXVET_PROBES_TLS_POSTURE_H
#define EXVET_PROBES_TLS_POSTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probes/tls_chain.h"

struct tls_posture {
	uint16_t	 version;	/* 0: not begun */
	bool		 weak;		/* asking for the weak suites of that version */
	bool		 retried;	/* after a silence */
	unsigned	 kinds;		/* not settled yet */
	bool		 mail;		/* no ALPN */
};

void	tls_posture_begin(struct tls_posture *, bool mail);
void	tls_posture_offer(const struct tls_posture *, struct tls_offer *,
	    uint16_t suites[TLS_CHAIN_SUITES], uint16_t groups[TLS_CHAIN_GROUPS]);
/* Judge the answer; true when there is more to ask down to SSLv3. */
bool	tls_posture_judge(struct tls_posture *, struct talk *, enum tls_end,
	    const struct tls_reply *);

#endif
