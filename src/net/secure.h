/*
 * secure.h - TLS inside a raw talk: a client between memory and memory, so
 * that the socket stays with the line that owns it.
 */
#ifndef EXVET_NET_SECURE_H
#define EXVET_NET_SECURE_H

#include <stddef.h>

#include "cert.h"

struct secure;

enum secure_state {
	SECURE_MORE,		/* needs bytes of the peer */
	SECURE_DONE,		/* handshake: complete; read: something came */
	SECURE_END,		/* the peer said good-bye */
	SECURE_FAILED,
};

/*
 * A client that accepts whatever certificate and old version there is (the
 * chain is copied to *sent and judged elsewhere).  host: for SNI, when it is a
 * name.  sigalgs: the only signature algorithms to offer; NULL: all.  NULL when the
 * library has no room, or knows none of those.
 */
struct secure *secure_new(const char *host, const char *sigalgs, struct cert_sent *sent);
void	secure_free(struct secure *);		/* NULL is fine */

void	secure_feed(struct secure *, const void *, size_t);	/* bytes of the peer */
size_t	secure_drain(struct secure *, void *, size_t cap);	/* bytes for the peer */

enum secure_state secure_shake(struct secure *);
enum secure_state secure_read(struct secure *, void *, size_t cap, size_t *got);
enum secure_state secure_write(struct secure *, const void *, size_t);

/* Version and cipher of the established session. */
void	secure_tell(struct secure *, char *version, size_t vcap, char *cipher, size_t ccap);
/* What went wrong, in the library's words, or "". */
const char *secure_why(const struct secure *);

#endif
