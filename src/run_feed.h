/*
 * run_feed.h - targets from the source to the workers: a thread reads (it may
 * block on a terminal or a pipe; a short list needs none), a short queue holds,
 * workers take.
 */
#ifndef EXVET_RUN_FEED_H
#define EXVET_RUN_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "target.h"

struct run_feed;

/* wake is called, from the reading thread, when there is something to take. */
struct run_feed *run_feed_new(struct target_source *, int64_t rate,
	    void (*wake)(void *), void *arg);
/* 1: taken; 0: nothing now; -1: nothing ever again. */
int	run_feed_take(struct run_feed *, struct target *);
/* Milliseconds until the rate limit allows the next one; 0: at once. */
uint64_t run_feed_wait(struct run_feed *);
void	run_feed_stop(struct run_feed *);	/* take says -1 from now on */
uint64_t run_feed_given(struct run_feed *);
bool	run_feed_ended(struct run_feed *);
/* After stop: what was read and not taken, then the rest of a list of known length. */
bool	run_feed_rest(struct run_feed *, struct target *);
void	run_feed_free(struct run_feed *);	/* NULL is fine */

#endif
