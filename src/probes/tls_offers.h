/*
 * tls_offers.h - what the next hello of a chain offers: suites, groups and
 * schemes of signatures, by its phase and what was found.
 */
#ifndef EXVET_PROBES_TLS_OFFERS_H
#define EXVET_PROBES_TLS_OFFERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probes/tls_close.h"

struct tls_chain;
struct tls_group;
struct tls_suite;
struct talk;

/* May the chain offer that suite at all in its phase? */
bool	tls_offers_candidate(const struct tls_chain *, const struct tls_suite *);
/* The lists of struct tls_lists; their lengths. */
size_t	tls_offers_suites(const struct tls_chain *, uint16_t *out);
size_t	tls_offers_groups(const struct tls_chain *, uint16_t *out);
size_t	tls_offers_schemes(const struct tls_chain *, uint16_t *out);
/* Does the group stay on offer for the sake of an ECDSA certificate? */
bool	tls_offers_kept(const struct tls_chain *, const struct tls_group *);
/* Are groups left out that the other one of TLS 1.2 and 1.3 learns at the same time? */
bool	tls_offers_yields(const struct tls_chain *);
/* Are the suites offered the other way round? */
bool	tls_offers_reversed(const struct tls_chain *);
/* Is there a group (among those of an ordinary hello) that was not seen? */
bool	tls_offers_more_groups(const struct tls_chain *, bool ordinary);
/* The row behind the piece of rare suites that is asked now. */
size_t	tls_offers_piece_end(const struct tls_chain *);
/*
 * It answered the short hello, and had closed on the long one in a crowd: was it
 * that, and not the length?  True: the long one is asked again.
 */
bool	tls_offers_first_again(struct tls_chain *, struct talk *);
/* What a close on that hello means. */
enum tls_close_weight tls_offers_weight(const struct tls_chain *);

/*
 * HAProxy chooses among its certificates before it looks at suites: for a hello that has any of
 * ECDSA it is that one, and suites of the others are refused.  True: they are to be asked alone.
 */
bool	tls_offers_apart(struct tls_chain *);
/* Was a group that does for each suite of ECDSA on offer, though those seen were taken away? */
bool	tls_offers_was_wide(const struct tls_chain *);

#endif
