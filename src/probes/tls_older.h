/*
 * tls_older.h - the suites of TLS 1.0 and 1.1, from what TLS 1.2 has told.
 *
 * Servers keep one list for all three.  So where the older version chose from it,
 * it is asked only for anything beyond it.  What was taken from the list says so.
 */
#ifndef EXVET_PROBES_TLS_OLDER_H
#define EXVET_PROBES_TLS_OLDER_H

#include <stdbool.h>

struct talk;
struct tls_chain;

/* A chain of that version was begun: false when nothing is left to ask. */
bool	tls_older_begin(struct tls_chain *, struct talk *);
/*
 * Far away, for a lane without work: does TLS 1.0 have anything beyond what TLS
 * 1.2 has shown so far?  Asked when its list looks as if it were at its end, so
 * that both ends come in the same round trip; false when it does not, or it was
 * asked.  Where that was too early, the piece is done in its turn.
 */
bool	tls_older_foresee(struct tls_chain *, struct talk *, bool mail);
/* Whose order decides is a setting of the one list, too. */
void	tls_older_tell_order(struct talk *);

#endif
