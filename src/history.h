/*
 * history.h - the trend over the runs of a directory, one JSON Lines file a
 * run: each judged with today's table and policy as of the day of its scan.
 */
#ifndef EXVET_HISTORY_H
#define EXVET_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "report.h"
#include "view.h"

struct history_point {
	const char	*file;			/* without its directory */
	int64_t		 first_ms, last_ms;	/* first and last start of its scans; -1 */
	uint64_t	 targets;		/* results */
	uint64_t	 exchange;		/* of which Exchange */
	uint64_t	 by_state[VIEW_STATES];	/* results by their worst finding (view.h) */
	uint64_t	 findings[SEV_CRITICAL + 1]; /* fail and warn, not waived, by severity */
	uint64_t	 waived, undecidable, not_observable;	/* findings of Exchange */
	uint64_t	 current, behind, patch_unknown; /* Exchange: security updates missing or not */
	uint64_t	 kev, unsupported;	/* servers */
	uint64_t	 bad_lines;
};

struct history {
	const char		*dir;
	struct history_point	*v;		/* by first_ms, then by name */
	size_t			 n;
};

/* NULL with a message when the directory cannot be read, or holds no result. */
struct history *history_load(const char *dir, const struct builds *, const struct policy *,
	    int32_t as_of);
void	history_free(struct history *);			/* NULL is fine */
/* Count one more result into a point. */
void	history_count(struct history_point *, const struct report *);

#endif
