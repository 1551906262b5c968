/*
 * tls_close.h - when does a connection that ends without a word refuse a hello?
 *
 * Schannel closes or resets where others send an alert, so that a close is an
 * answer.  But a firewall or a limit in front closes too, whatever was asked.
 * So what would settle something is asked once more, and counts when it ends the
 * same way; a server that then answers the same hello drops connections, and its
 * closes settle nothing.
 */
#ifndef EXVET_PROBES_TLS_CLOSE_H
#define EXVET_PROBES_TLS_CLOSE_H

#include <stdbool.h>

struct talk;

enum tls_close_weight {
	TLS_CLOSE_NOTHING,	/* a refusal of that hello settles nothing: it is asked in another way next */
	TLS_CLOSE_HALF,		/* ... and the next one asks for the most usual part of it */
	TLS_CLOSE_SETTLES,
};

/* The closes in a row of one lane; zeroed memory is ready. */
struct tls_close {
	unsigned n;
	bool	 again;		/* the last hello repeats the one before it */
};

enum tls_close_says {
	TLS_CLOSE_AGAIN,	/* ask the same once more */
	TLS_CLOSE_REFUSED,
	TLS_CLOSE_DROPPED,	/* it says nothing */
};

/* A hello was closed. */
enum tls_close_says tls_close_heard(struct tls_close *, const struct talk *, enum tls_close_weight);
/* It was answered. */
void	tls_close_answered(struct tls_close *, struct talk *);
/* Does the server drop connections, as any lane has seen? */
bool	tls_close_drops(const struct talk *);

#endif
