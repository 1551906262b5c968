/*
 * progress.h - how far a long scan is: a bar with rate and time left on a
 * terminal, a plain line now and then elsewhere.  Always on stderr.
 *
 * It knows no clock: the caller's timer says how late it is, in milliseconds
 * of any clock that only rises.  Not thread-safe, except that progress_clear()
 * and progress_tick() may be called by different threads.
 */
#ifndef EXVET_PROGRESS_H
#define EXVET_PROGRESS_H

#include <stdint.h>

struct progress;

struct progress_state {
	uint64_t	 done;		/* finished targets */
	uint64_t	 flying;	/* targets in flight */
	uint64_t	 total;		/* 0: not known (yet) */
	uint64_t	 trouble;	/* finished targets that did not answer */
};

/* when: auto, always (a bar anyhow) or never.  Never NULL. */
struct progress *progress_start(const char *when, int64_t now_ms);
/* Call a few times a second; it decides what to draw. */
void	progress_tick(struct progress *, int64_t now_ms, const struct progress_state *);
/* Take the bar off the screen before something else prints there. */
void	progress_clear(struct progress *);
/* Remove the bar, and free.  NULL is fine. */
void	progress_stop(struct progress *);

#endif
