/*
 * tls_note.h - the facts of one answer to a hello.
 */
#ifndef EXVET_PROBES_TLS_NOTE_H
#define EXVET_PROBES_TLS_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "obs.h"
#include "probes/tls_chain.h"

struct talk;
struct tls_reply;
struct tls_suite;

/* What a lane has noted already, so that it is not parsed again. */
struct tls_memory {
	uint64_t	 certs[8];	/* hashes of leaf certificates */
	size_t		 ncerts;
};

/* "TLSv1.2 word" */
void	tls_note_word(struct talk *, enum fact, uint16_t version, const char *word,
	    const char *evidence);
/* The reason behind "undecided"; "" where there is none. */
const char *tls_note_reason(enum tls_end);
/* A version alone. */
void	tls_note_version(struct talk *, enum fact, uint16_t version, const char *evidence);
/* The suite that was chosen, and what its key exchange showed. */
void	tls_note_suite(struct talk *, const struct tls_reply *);
/* The scheme that signed its key exchange, if one did. */
void	tls_note_scheme(struct talk *, const struct tls_reply *);
/* What a ServerHello and its followers say besides; certificates once. */
void	tls_note_hello(struct talk *, struct tls_memory *, const struct tls_reply *,
	    bool offered_compression);
/* "alert handshake_failure", "closed" ... as evidence. */
void	tls_note_refusal(const struct talk *, const struct tls_reply *, char *out, size_t cap);

/* Kinds (of tls_names_kinds) of which no suite is accepted. */
void	tls_note_clean(struct talk *, uint16_t version, unsigned kinds);

#endif
