/* target_match.h - does a target match what a policy names: a pattern, an address, a block. */
#ifndef EXVET_TARGET_MATCH_H
#define EXVET_TARGET_MATCH_H

#include <stdbool.h>

/* Is it a name with * and ?, an address, a CIDR block or a range? */
bool	target_match_check(const char *pattern);
/*
 * Names are compared without case, with the target as it is written and with
 * its host alone.  Addresses are compared with the address that was spoken to
 * and with a target that is one.
 */
bool	target_match(const char *pattern, const char *target, const char *address);

#endif
