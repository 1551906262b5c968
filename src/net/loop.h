/*
 * loop.h - one event loop, its deadlines and its lag.  One per thread.
 *
 * Deadlines are judged after the sockets of the same turn, and the time that
 * we ourselves were busy is given back to the peer: a live host is never
 * reported as timed out because we were.
 */
#ifndef EXVET_NET_LOOP_H
#define EXVET_NET_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct uv_loop_s;

struct loop *loop_new(void);
void	loop_free(struct loop *);		/* NULL is fine; nothing may be pending */
/* Turn until loop_stop(). */
void	loop_run(struct loop *);
void	loop_stop(struct loop *);
uint64_t loop_now(const struct loop *);		/* monotonic milliseconds, of this turn */
uint64_t loop_busy(const struct loop *);	/* ms that the last turn kept the loop busy */
struct uv_loop_s *loop_uv(struct loop *);

/* Called on every turn after the sockets; again after ms at the latest if asked. */
void	loop_on_turn(struct loop *, void (*turn)(void *), void *arg);
void	loop_turn_within(struct loop *, uint64_t ms);
/* From any thread: have a turn soon. */
void	loop_wake(struct loop *);

/* Part of the owner's struct; zeroed is idle. */
struct deadline {
	uint64_t	 due;
	uint64_t	 spent;		/* lag of the loop already given back */
	size_t		 slot;		/* 1 + place in the heap; 0: idle */
	void		(*fire)(void *);
	void		*arg;
};

void	loop_deadline(struct loop *, struct deadline *, uint64_t ms, void (*fire)(void *), void *arg);
void	loop_deadline_cancel(struct loop *, struct deadline *);	/* idle is fine */

#endif
