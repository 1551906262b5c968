/*
 * tls_share.h - what one protocol version tells about another.
 *
 * Servers keep one list of suites for TLS 1.0 to 1.2 and one list of groups for
 * 1.2 and 1.3.  So the lists are learned once, and the other version is asked
 * only whether it has anything beyond them.  While both 1.2 and 1.3 show groups
 * along with their suites, each asks for other ones; what is left then is asked
 * in 1.3, where that is cheap for both sides (by HelloRetryRequest, without key
 * exchange).  The pieces need what two lanes learn: the lane that learns its half
 * last does them.
 */
#ifndef EXVET_PROBES_TLS_SHARE_H
#define EXVET_PROBES_TLS_SHARE_H

#include <stdbool.h>
#include <stdint.h>

struct talk;
struct tls_chain;

/* Pieces of work, as bits, in the order done. */
enum { TLS_SHARE_GROUPS = 1, TLS_SHARE_10 = 2, TLS_SHARE_11 = 4 };

/* What is known so far, as bits of its own; for tls_share_due(). */
unsigned tls_share_known(const struct talk *);
/* Pieces whose second half has become known between before and now. */
unsigned tls_share_due(unsigned before, unsigned now);
/* Take one piece out of *due; false when there is nothing (more) to ask. */
bool	tls_share_begin(struct tls_chain *, struct talk *, unsigned *due, bool mail);
/*
 * When TLS 1.2 and 1.3 chose the same group first they have one list: what the
 * other one uses need not be asked.  And note it in the end, for what it is.
 */
void	tls_share_learn_groups(struct tls_chain *, struct talk *);
void	tls_share_tell_groups(struct tls_chain *, struct talk *);
/* Does TLS 1.3 use a group of RFC 7919? */
bool	tls_share_has_finite(const struct talk *);
/* Is this version asked for groups alone?  That costs less in TLS 1.3, where it is spoken. */
bool	tls_share_tells_groups(const struct tls_chain *, const struct talk *);
/* A hello that the server must answer, by what was found; false: nothing was. */
bool	tls_share_control(struct tls_chain *, struct talk *, bool mail);
/* What was refused by a close alone is undecided. */
void	tls_share_doubt(struct talk *, const char *why);
/* No more connections are to be had: every version that is not settled is undecided. */
void	tls_share_stop(struct talk *, bool exact, const char *reason);

#endif
