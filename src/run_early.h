/*
 * run_early.h - connections for lanes, dialled together with the first one.
 *
 * A target that is scanned alone is worth more than one packet: its lanes then
 * ask a round trip earlier.  In a list only the first dial tells who is alive.
 */
#ifndef EXVET_RUN_EARLY_H
#define EXVET_RUN_EARLY_H

#include <stdbool.h>

struct addr;
struct run_job;
struct run_task;

void	run_early_start(struct run_job *, const struct addr *);
/* How many hold room at the server. */
unsigned run_early_count(const struct run_job *);
/*
 * One lane speaks a moment before the others, on the connection dialled last.
 * When its answer comes first as well, all of them were let in, and none has to
 * ask again with less company what was closed (run_crowd.h).  The moment begins
 * when they may be dialled all, and once more when that lane has spoken.
 */
bool	run_early_leads(const struct run_task *);
void	run_early_lead(struct run_job *);
bool	run_early_holds(const struct run_job *, const struct run_task *);
/* Is one connected that the task may have; will one be, so that it should not dial itself? */
bool	run_early_has(const struct run_job *, const struct run_task *);
bool	run_early_waits(const struct run_job *, const struct run_task *);
/* That one; it is counted already.  -1: there is none. */
int	run_early_take(struct run_job *, const struct run_task *, unsigned *born);
/* How many are connected that were dialled between those two moments (run_crowd.h). */
unsigned run_early_before(const struct run_job *, unsigned after, unsigned before);
/* All talks that could begin have: what is left goes to one that can dial ahead. */
void	run_early_rest(struct run_job *);
/* None of those that wait is to stand in the way. */
void	run_early_drop(struct run_job *);
void	run_early_end(struct run_job *);

#endif
