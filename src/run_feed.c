/* run_feed.c - targets from the source to the workers. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "run_feed.h"

enum { RUN_FEED_QUEUE = 512 };

struct run_feed {
	struct target_source *source;
	pthread_t	 reader;
	pthread_mutex_t	 lock;
	pthread_cond_t	 room;
	struct target	 queue[RUN_FEED_QUEUE];
	size_t		 head, n;
	uint64_t	 given;
	bool		 ended, reading;
	bool		 threaded;	/* there is a reader to be joined */
	bool		 ended_source;	/* target_next said so: not to be asked again */
	atomic_bool	 stopped;
	bool		 starved;	/* a worker found nothing: wake it */
	void		(*wake)(void *);
	void		*arg;
	int64_t		 rate;
	double		 tokens;
	int64_t		 filled_ms;
};

/*
 * The lock is held, so that nobody has seen the end before: who was woken may be
 * gone at once.  Whoever stops the run wakes everybody, and does not wait for us.
 */
static void
wake_workers(struct run_feed *f)
{
	if (!f->stopped)
		f->wake(f->arg);
}

/* Put one target into the queue; false when the run was stopped. */
static bool
put(struct run_feed *f, struct target *t)
{
	pthread_mutex_lock(&f->lock);
	while (f->n == RUN_FEED_QUEUE && !f->stopped)
		pthread_cond_wait(&f->room, &f->lock);
	if (f->stopped && f->n == RUN_FEED_QUEUE) {
		pthread_mutex_unlock(&f->lock);
		return false;
	}
	f->queue[(f->head + f->n++) % RUN_FEED_QUEUE] = *t;
	if (f->starved)
		wake_workers(f);
	f->starved = false;
	pthread_mutex_unlock(&f->lock);
	return true;
}

static void *
read_all(void *arg)
{
	struct run_feed *f = arg;
	struct target t;
	int more = 1;

	/* An input that breaks off is told by its reader; the next one follows it. */
	while (!f->stopped && (more = target_next(f->source, &t)) != 0)
		if (more == 1 && !put(f, &t)) {
			target_clear(&t);
			break;
		}
	pthread_mutex_lock(&f->lock);
	f->ended = true;
	f->ended_source = more == 0 && !f->stopped;
	f->reading = false;
	wake_workers(f);
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

/*
 * A list of known length is read without waiting: a short one at once, and then there
 * is no thread, which costs as much as three connections.
 */
static void
read_ahead(struct run_feed *f)
{
	struct target t;
	int more = 1;

	while (f->n < RUN_FEED_QUEUE && (more = target_next(f->source, &t)) != 0)
		if (more == 1)
			f->queue[f->n++] = t;
	f->ended = f->ended_source = more == 0;
}

struct run_feed *
run_feed_new(struct target_source *source, int64_t rate, void (*wake)(void *), void *arg)
{
	struct run_feed *f = text_alloc(sizeof(*f));

	f->source = source;
	f->rate = rate;
	f->tokens = 1;
	f->filled_ms = clock_ms();
	f->wake = wake;
	f->arg = arg;
	if (target_total(source) > 0 && target_total(source) <= RUN_FEED_QUEUE)
		read_ahead(f);
	f->reading = f->threaded = !f->ended;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->room, NULL);
	if (f->threaded && pthread_create(&f->reader, NULL, read_all, f) != 0) {
		free(f);
		return NULL;
	}
	return f;
}

/* A token bucket of one second's depth; the lock is held. */
static bool
allowed(struct run_feed *f)
{
	int64_t now = clock_ms();
	double depth = f->rate < 1 ? 1 : (double)f->rate;

	if (f->rate == 0)
		return true;
	f->tokens += (double)(now - f->filled_ms) * (double)f->rate / 1000;
	f->filled_ms = now;
	if (f->tokens > depth)
		f->tokens = depth;
	if (f->tokens < 1)
		return false;
	f->tokens -= 1;
	return true;
}

int
run_feed_take(struct run_feed *f, struct target *out)
{
	int got = 0;

	pthread_mutex_lock(&f->lock);
	if (f->stopped || (f->n == 0 && f->ended))
		got = -1;
	else if (f->n == 0)
		f->starved = true;
	else if (allowed(f)) {
		*out = f->queue[f->head];
		f->head = (f->head + 1) % RUN_FEED_QUEUE;
		f->n--;
		f->given++;
		got = 1;
		pthread_cond_signal(&f->room);
	}
	pthread_mutex_unlock(&f->lock);
	return got;
}

uint64_t
run_feed_wait(struct run_feed *f)
{
	uint64_t ms = 0;

	pthread_mutex_lock(&f->lock);
	if (f->rate > 0 && f->n > 0 && f->tokens < 1)
		ms = (uint64_t)((1 - f->tokens) * 1000 / (double)f->rate) + 1;
	pthread_mutex_unlock(&f->lock);
	return ms;
}

void
run_feed_stop(struct run_feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->stopped = true;
	pthread_cond_signal(&f->room);
	pthread_mutex_unlock(&f->lock);
}

uint64_t
run_feed_given(struct run_feed *f)
{
	uint64_t n;

	pthread_mutex_lock(&f->lock);
	n = f->given;
	pthread_mutex_unlock(&f->lock);
	return n;
}

bool
run_feed_ended(struct run_feed *f)
{
	bool ended;

	pthread_mutex_lock(&f->lock);
	ended = f->ended && f->n == 0;
	pthread_mutex_unlock(&f->lock);
	return ended;
}

bool
run_feed_rest(struct run_feed *f, struct target *out)
{
	bool got = false, reading;

	pthread_mutex_lock(&f->lock);
	if (f->n > 0) {
		*out = f->queue[f->head];
		f->head = (f->head + 1) % RUN_FEED_QUEUE;
		f->n--;
		got = true;
	}
	reading = f->reading;
	pthread_mutex_unlock(&f->lock);
	/* Only a list whose length is known is read on: a pipe could keep us waiting for ever. */
	if (!got && !reading && !f->ended_source && target_total(f->source) > 0) {
		int more;

		while ((more = target_next(f->source, out)) < 0)
			;
		got = more == 1;
	}
	return got;
}

void
run_feed_free(struct run_feed *f)
{
	struct target t;
	bool reading;

	if (f == NULL)
		return;
	pthread_mutex_lock(&f->lock);
	reading = f->reading;
	pthread_mutex_unlock(&f->lock);
	if (reading) {
		/* Blocked on its input, which only the end of the process frees. */
		pthread_detach(f->reader);
		return;
	}
	if (f->threaded)
		pthread_join(f->reader, NULL);
	while (run_feed_rest(f, &t))
		target_clear(&t);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->room);
	free(f);
}
