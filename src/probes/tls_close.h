/*
 * tls_close.h - when does a connection that ends without a word refuse a hello?
 *
 * Schannel closes or resets where others send an alert, so that a close is an
 * answer.  But a firewall or a limit in front closes too, whatever was asked.
 * So what would settle something is asked once more, and counts when it ends the
 * same way; a server that then answers the same hello drops connections, and its
 * closes settle nothing.
 *
 * In a crowd (more connections than that server is known to bear side by side) a
 * close counts for nothing: the next try has less company.  A server that answers
 * then, or a moment after other connections have ended, limits connections.  It is
 * asked one at a time from there on, and its closes settle something again, when
 * they come after a pause as well: who counts connections may be late to see that
 * one has ended.  One that still answers after two of them drops connections.
 */
#ifndef EXVET_PROBES_TLS_CLOSE_H
#define EXVET_PROBES_TLS_CLOSE_H

#include <stdbool.h>

#include "probe.h"

enum tls_close_weight {
	TLS_CLOSE_NOTHING,	/* a refusal of that hello settles nothing: it is asked in another way next */
	TLS_CLOSE_HALF,		/* ... and the next one asks for the most usual part of it */
	TLS_CLOSE_SETTLES,
	TLS_CLOSE_REST,		/* ... after a first half that was closed some time ago */
};

/* The closes in a row of one lane; zeroed memory is ready. */
struct tls_close {
	unsigned n;
	bool	 again;		/* the last hello repeats the one before it */
	enum crowd crowd;	/* the least that one of them came in */
};

enum tls_close_says {
	TLS_CLOSE_AGAIN,	/* ask the same once more */
	TLS_CLOSE_REFUSED,
	TLS_CLOSE_DROPPED,	/* it says nothing */
};

/* A hello was closed. */
enum tls_close_says tls_close_heard(struct tls_close *, struct talk *, enum tls_close_weight);
/* It was answered. */
void	tls_close_answered(struct tls_close *, struct talk *);
/* Does the server drop connections, or limit them, as any lane has seen? */
bool	tls_close_drops(const struct talk *);
bool	tls_close_limits(const struct talk *);
/* It closed on a hello in a crowd, and answered the same one later. */
void	tls_close_note_limit(struct talk *);
/* Another hello follows, on a connection of its own: in which company? */
void	tls_close_next(struct talk *);

#endif
