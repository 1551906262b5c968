/* witness.h - which observations name the build, how far they agree, and which one is believed. */
#ifndef EXVET_RULES_WITNESS_H
#define EXVET_RULES_WITNESS_H

#include "builds.h"
#include "obs.h"

enum { WITNESS_POOL = 32 };

struct witness {
	const struct observation *seen;		/* NULL: nothing names a build */
	struct build_number	  number;	/* the number to judge */
	struct build_number	  read;		/* as read, before mapping to a neighbour */
	bool			  soft;		/* a file version: may lag or lead by one update */
	bool			  mapped;	/* number is the nearest neighbour of read */
	/* different builds in X-OWA-Version: members of a pool, oldest first */
	const struct observation *pool[WITNESS_POOL];
	size_t			  npool;
	/* two observations that cannot both be true; NULL: none */
	const struct observation *one, *other;
	const struct observation *lagging;	/* older within its CU, and may rightly be */
};

void	witness_choose(const struct obs *, const struct builds *, int32_t as_of, struct witness *);

bool	witness_is(enum fact);				/* does it name a build? */
/* "the X-OWA-Version header" */
const char *witness_source(enum fact);
bool	witness_is_online(const struct obs *);		/* some witness says 15.20 */
bool	witness_is_premises(const struct obs *);	/* some strong witness says another generation */

#endif
