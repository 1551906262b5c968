/*
 * spnego.h - SPNEGO (RFC 4178, MS-SPNG): which mechanisms a server offers, and
 * an NTLM message wrapped and unwrapped.
 */
#ifndef EXVET_SPNEGO_H
#define EXVET_SPNEGO_H

#include "bytes.h"
#include "wire/der.h"

struct spnego {
	struct rd	 mechs;		/* those not yet taken by spnego_next() */
	struct rd	 token;		/* mechToken or responseToken; empty if none */
};

/* A negTokenInit with NTLM alone and this message of at most 64 bytes. */
void	spnego_write_ntlm(struct wr *, const void *message, size_t len);
/* A negTokenInit, negTokenInit2 or negTokenResp; false when it is none. */
bool	spnego_read(struct rd, struct spnego *);
/*
 * The next mechanism offered: ntlm, kerberos, kerberos-user-to-user, negoex,
 * iakerb, or its object identifier.  False when there is none.
 */
bool	spnego_next(struct spnego *, char name[DER_OID]);

#endif
