/* rank.h - one line on one target, and which is worse: a row of every list. */
#ifndef EXVET_RANK_H
#define EXVET_RANK_H

#include "report.h"
#include "view.h"

struct rank {
	enum view_state	 state;
	uint64_t	 order, weight;
	char		*target, *address, *tag, *release;
	int32_t		 days;			/* behind; -1: not known */
	int32_t		 missing, cves, kev;	/* -1: not known */
	bool		 perhaps, kev_perhaps;	/* cves or kev may be more */
	bool		 exchange, ended;
	const struct rule *first;		/* worst finding; NULL */
};

/* order: of the result in the run, from 1. */
void	rank_fill(struct rank *, const struct report *, uint64_t order);
void	rank_clear(struct rank *);
/* For qsort() of ranks, or of what begins with one: worst first. */
int	rank_compare(const void *, const void *);
/* "8, 350 d", "ended", "?", "" for what is not Exchange; owned, as are the next. */
char   *rank_behind(const struct rank *);
char   *rank_cves(const struct rank *);		/* "34", "24+" */
char   *rank_kev(const struct rank *);

#endif
