/*
 * fleet.h - the table of many targets, worst first, and its summary.  Memory
 * is bounded: only the worst rows are kept, the others are counted.
 */
#ifndef EXVET_FLEET_H
#define EXVET_FLEET_H

#include "paint.h"
#include "report.h"
#include "total.h"
#include "view.h"

#define FLEET_ROWS	5000	/* rows kept and shown */
#define FLEET_REASONS	16	/* kinds of failure told apart */
#define FLEET_BRANCHES	16
#define FLEET_VANTAGES	16

struct fleet_row;

struct fleet_count {
	char		*name;
	uint64_t	 n;
};

struct fleet {
	struct fleet_row *v;
	size_t		 n;
	uint64_t	 targets, views;
	uint64_t	 by_state[VIEW_STATES];
	uint64_t	 by_identity[IDENTITY_NOT_EXCHANGE + 1];
	uint64_t	 unfinished;
	struct total	 total;		/* of servers, whatever their names */
	struct fleet_count branches[FLEET_BRANCHES], reasons[FLEET_REASONS],
		vantages[FLEET_VANTAGES];
};

/* Whose the result is, of total.which. */
uint32_t fleet_add(struct fleet *, const struct report *, const struct report_run *);
/* No more are added. */
void	fleet_finish(struct fleet *, const struct report_run *);
/* The table when there is more than a card, and the summary. */
void	fleet_print(struct fleet *, const struct paint *, const struct report_run *);
void	fleet_clear(struct fleet *);

#endif
