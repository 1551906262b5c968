/*
 * tls_half.h - the suites of one version, asked by two lanes at once.
 *
 * Far away a chain of hellos costs a round trip for each, since every one needs
 * the answer to the one before it.  So once groups come up no more, its lane
 * keeps one half of the suites, by their numbers, and leaves the other half to a
 * lane that has nothing else to do.  Each half ends with a refusal of its own, which makes
 * k + 2 connections for k suites; the lane that ends last puts both together.
 */
#ifndef EXVET_PROBES_TLS_HALF_H
#define EXVET_PROBES_TLS_HALF_H

#include <stdbool.h>

#include "probes/tls_chain.h"

struct tls_suite;

/* Zeroed memory is ready; all lanes of an exact scan have it in common. */
struct tls_half {
	enum {
		TLS_HALF_NONE,
		TLS_HALF_OPEN,		/* it waits for a lane */
		TLS_HALF_TAKEN,		/* both halves are being asked */
		TLS_HALF_LEFT,		/* one is at its end, and left what it found */
		TLS_HALF_BROKEN,	/* one could not be settled */
	} state;
	bool		 scheme[TLS_FOUND_SCHEMES];	/* seen by either */
	bool		 foreseen;	/* tls_older_foresee() was tried */
	struct tls_chain chain;		/* OPEN: to begin with; LEFT: as it ended */
};

/* What follows when nothing more of a half is accepted. */
enum tls_half_end {
	TLS_HALF_WHOLE,		/* both are at their end, and put together */
	TLS_HALF_MORE,		/* nobody took the other one: go on with it */
	TLS_HALF_OTHER,		/* the other lane goes on */
	TLS_HALF_UNKNOWN,	/* the other one could not be settled */
};

/* After a suite: keep one half, if that is due; nothing when lanes share no memory. */
void	tls_half_open(struct tls_chain *);
/* Does the other half wait for a lane? */
bool	tls_half_waits(const struct tls_half *);
/* A lane without work takes the other one; false: there is none. */
bool	tls_half_take(struct tls_half *, struct tls_chain *);
enum tls_half_end tls_half_end(struct tls_chain *);
/* What one lane learns of schemes spares the other to learn it again. */
void	tls_half_tell(struct tls_chain *);
/* What this chain asks cannot be settled. */
void	tls_half_break(struct tls_chain *);
/* Is the suite in the part of them that the chain asks? */
bool	tls_half_has(const struct tls_chain *, const struct tls_suite *);

#endif
