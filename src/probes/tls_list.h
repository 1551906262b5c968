/*
 * tls_list.h - the suites and groups of a chain's next hello: all that can be,
 * without those that were seen.
 */
#ifndef EXVET_PROBES_TLS_LIST_H
#define EXVET_PROBES_TLS_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probes/tls_chain.h"

size_t	tls_list_suites(const struct tls_chain *, uint16_t out[TLS_CHAIN_SUITES]);
size_t	tls_list_groups(const struct tls_chain *, uint16_t out[TLS_CHAIN_GROUPS]);

/* Was the suite found? */
bool	tls_list_has(const struct tls_chain *, uint16_t code);
/* May it be offered at all? */
bool	tls_list_is_candidate(const struct tls_chain *, const struct tls_suite *);
/* Is its key exchange done in a group? */
bool	tls_list_has_group(const struct tls_chain *, const struct tls_suite *);
/* Was a suite with a group found; one whose certificate has no curve of its own? */
bool	tls_list_has_grouped(const struct tls_chain *);
bool	tls_list_has_free(const struct tls_chain *);
/* Must the group stay on offer for the certificate's sake? */
bool	tls_list_keeps(const struct tls_chain *, const struct tls_group *);
/* Is a group left that was not seen? */
bool	tls_list_has_more(const struct tls_chain *);
/* Mark the group; false when it was seen before. */
bool	tls_list_see_group(struct tls_chain *, uint16_t code);

#endif
