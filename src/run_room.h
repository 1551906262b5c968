/*
 * run_room.h - how many connections one server has from us at a time
 * (--connections), whatever they are for, and how many in sum.
 */
#ifndef EXVET_RUN_ROOM_H
#define EXVET_RUN_ROOM_H

#include <stdbool.h>

struct probe;
struct run_job;
struct run_task;

/* May the job open another connection to its server now? */
bool	run_room_is(const struct run_job *);
/* Is there the connection that the web probes share? */
bool	run_room_has_main(const struct run_job *);
/*
 * May the talk of that task dial for its next connection, before it knows that
 * it needs one?  Only when the server is far, and nobody else waits for room.
 */
bool	run_room_is_ahead(void *task);
/*
 * Whose turn it must be: a server counts the connections of a service at all
 * its ports, one bit each; 0: waits for nobody.
 */
unsigned run_room_turn(const struct probe *);
/* Lanes of a probe get memory in common when the server is far; and give it back. */
void	run_room_share(struct run_job *);
void	run_room_unshare(struct run_job *);
/* Has that task nothing to do yet? */
bool	run_room_waits(const struct run_task *);
/* Lanes that wait for work, and no other lane can give them any more, are over. */
void	run_room_end_lanes(struct run_job *);
/* Room may have become free: let the talks under way dial ahead. */
void	run_room_look_ahead(struct run_job *);
/* A connection of the web was opened: count it. */
void	run_room_opened(struct run_job *, struct run_task *);
/*
 * May this web task have one more call?  No when that needs a connection of
 * its own, because the server ends each, and the sum is spent; wire probes that
 * are still to run have theirs put aside.
 */
bool	run_room_affords(const struct run_job *, const struct run_task *);

#endif
