/*
 * cert_memory.h - chains read and verified a moment ago.
 *
 * One server shows one chain on many ports, connections and names, and a pool
 * shares it: reading and verifying it again costs as much as a handshake.
 * Remembered by the whole chain's bytes; what depends on the name that was
 * asked for is left to the caller.  Safe for several threads.
 */
#ifndef EXVET_CERT_MEMORY_H
#define EXVET_CERT_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

struct cert_memory;
struct cert_place;
struct cert_sent;
struct obs;
struct x509_st;

struct cert_memory *cert_memory_new(void);
void	cert_memory_free(struct cert_memory *);		/* NULL is fine */

/*
 * Note again what was noted of that chain, and hand out its leaf (the caller
 * frees it; NULL when it could not be read); false when the chain is not known.
 */
bool	cert_memory_find(struct cert_memory *, const struct cert_sent *, int64_t now,
	    const struct cert_place *, struct x509_st **leaf);
/* Remember the facts of a chain; obs is taken, leaf is shared. */
void	cert_memory_keep(struct cert_memory *, const struct cert_sent *, int64_t now,
	    struct obs *, struct x509_st *leaf);
/* Note all facts of obs at the place. */
void	cert_memory_note(const struct obs *, const struct cert_place *);

#endif
