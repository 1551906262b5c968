/* loop.c - one event loop, its deadlines and its lag. */
#include <assert.h>
#include <stdlib.h>
#include <uv.h>

#include "base/text.h"
#include "net/loop.h"

/* A turn longer than this counts as lag: what follows waited because of us. */
enum { LOOP_LAG_MS = 20 };

struct loop {
	uv_loop_t	 uv;
	uv_prepare_t	 prepare;	/* before the poll: a turn's work is over */
	uv_check_t	 check;		/* after the poll's sockets: the turn */
	uv_timer_t	 timer;		/* wakes the poll for the next deadline or turn */
	uint64_t	 turn_at;	/* a turn is wanted by then; 0: no */
	uv_async_t	 wake;
	uint64_t	 began, idle;	/* of this turn: start, and idle time until then; ns */
	uint64_t	 busy;		/* work in the last turn, ms */
	uint64_t	 lag;		/* all finished turns' lag so far, ms */
	struct deadline	**heap;
	size_t		 n, cap;
	void		(*turn)(void *);
	void		*arg;
	bool		 stopping;
};

static uint64_t
clock_ms(void)
{
	return uv_hrtime() / 1000000;
}

/* Milliseconds of work, not waiting, in the turn so far. */
static uint64_t
busy_now(struct loop *l)
{
	uint64_t wall = uv_hrtime() - l->began, idle = uv_metrics_idle_time(&l->uv) - l->idle;

	return wall > idle ? (wall - idle) / 1000000 : 0;
}

static uint64_t
lag_now(struct loop *l)
{
	uint64_t busy = busy_now(l);

	return l->lag + (busy > LOOP_LAG_MS ? busy - LOOP_LAG_MS : 0);
}

/* ---- a binary heap of deadlines, soonest first ---- */

static void
heap_set(struct loop *l, size_t i, struct deadline *d)
{
	l->heap[i] = d;
	d->slot = i + 1;
}

static void
heap_up(struct loop *l, size_t i, struct deadline *d)
{
	for (; i > 0 && l->heap[(i - 1) / 2]->due > d->due; i = (i - 1) / 2)
		heap_set(l, i, l->heap[(i - 1) / 2]);
	heap_set(l, i, d);
}

static void
heap_down(struct loop *l, size_t i, struct deadline *d)
{
	for (size_t k; (k = 2 * i + 1) < l->n; i = k) {
		if (k + 1 < l->n && l->heap[k + 1]->due < l->heap[k]->due)
			k++;
		if (l->heap[k]->due >= d->due)
			break;
		heap_set(l, i, l->heap[k]);
	}
	heap_set(l, i, d);
}

static void
heap_insert(struct loop *l, struct deadline *d)
{
	if (l->n == l->cap) {
		l->cap = l->cap != 0 ? l->cap * 2 : 64;
		l->heap = text_grow(l->heap, l->cap, sizeof(struct deadline *));
	}
	heap_up(l, l->n++, d);
}

static void
heap_remove(struct loop *l, size_t i)
{
	struct deadline *last = l->heap[--l->n];

	l->heap[i]->slot = 0;
	if (i == l->n)
		return;
	if (i > 0 && l->heap[(i - 1) / 2]->due > last->due)
		heap_up(l, i, last);
	else
		heap_down(l, i, last);
}

void
loop_deadline(struct loop *l, struct deadline *d, uint64_t ms, void (*fire)(void *), void *arg)
{
	loop_deadline_cancel(l, d);
	*d = (struct deadline){ .due = clock_ms() + ms, .spent = lag_now(l), .fire = fire, .arg = arg };
	heap_insert(l, d);
}

void
loop_deadline_cancel(struct loop *l, struct deadline *d)
{
	if (d->slot != 0)
		heap_remove(l, d->slot - 1);
}

/* Fire what is due; what waited because of us gets that time back first. */
static void
fire_due(struct loop *l)
{
	uint64_t now = clock_ms(), lag = lag_now(l);

	while (l->n > 0 && l->heap[0]->due <= now) {
		struct deadline *d = l->heap[0];
		uint64_t owed = lag > d->spent ? lag - d->spent : 0;

		heap_remove(l, 0);
		if (owed > 0) {
			d->due += owed;
			d->spent = lag;
			heap_insert(l, d);
			continue;
		}
		d->fire(d->arg);
	}
}

static void
on_timer(uv_timer_t *timer)
{
	(void)timer;		/* the check that follows the poll does the work */
}

static void
on_prepare(uv_prepare_t *prepare)
{
	struct loop *l = prepare->data;
	uint64_t now = clock_ms(), next;

	l->lag = lag_now(l);
	l->busy = busy_now(l);
	l->began = uv_hrtime();
	l->idle = uv_metrics_idle_time(&l->uv);
	/*
	 * Started here, after libuv has run its timers: one that fired before the
	 * poll would leave the poll without end and the check waiting behind it.
	 */
	next = l->n > 0 ? l->heap[0]->due : UINT64_MAX;
	if (l->turn_at != 0 && l->turn_at < next)
		next = l->turn_at;
	if (next != UINT64_MAX)
		uv_timer_start(&l->timer, on_timer, next > now ? next - now : 0, 0);
	else
		uv_timer_stop(&l->timer);
}

/*
 * libuv runs sockets inside the poll and checks right after it, so here every
 * socket that was ready has been heard.
 */
static void
on_check(uv_check_t *check)
{
	struct loop *l = check->data;

	fire_due(l);
	if (l->turn_at != 0 && l->turn_at <= clock_ms())
		l->turn_at = 0;
	if (l->turn != NULL)
		l->turn(l->arg);
	if (l->stopping)
		uv_stop(&l->uv);
}

static void
on_wake(uv_async_t *wake)
{
	(void)wake;
}

struct loop *
loop_new(void)
{
	struct loop *l = text_alloc(sizeof(*l));
	int bad = uv_loop_init(&l->uv);

	bad |= uv_loop_configure(&l->uv, UV_METRICS_IDLE_TIME);
	bad |= uv_prepare_init(&l->uv, &l->prepare);
	bad |= uv_check_init(&l->uv, &l->check);
	bad |= uv_timer_init(&l->uv, &l->timer);
	bad |= uv_async_init(&l->uv, &l->wake, on_wake);
	assert(bad == 0);
	l->prepare.data = l->check.data = l;
	uv_prepare_start(&l->prepare, on_prepare);
	uv_check_start(&l->check, on_check);
	l->began = uv_hrtime();
	return l;
}

static void
close_handle(uv_handle_t *h, void *arg)
{
	(void)arg;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	uv_walk(&l->uv, close_handle, NULL);
	uv_run(&l->uv, UV_RUN_DEFAULT);
	(void)uv_loop_close(&l->uv);
	free(l->heap);
	free(l);
}

void
loop_run(struct loop *l)
{
	uv_run(&l->uv, UV_RUN_DEFAULT);
}

void
loop_stop(struct loop *l)
{
	l->stopping = true;
	loop_wake(l);
}

uint64_t
loop_now(const struct loop *l)
{
	(void)l;
	return clock_ms();
}

uint64_t
loop_busy(const struct loop *l)
{
	return l->busy;
}

struct uv_loop_s *
loop_uv(struct loop *l)
{
	return &l->uv;
}

void
loop_on_turn(struct loop *l, void (*turn)(void *), void *arg)
{
	l->turn = turn;
	l->arg = arg;
}

void
loop_turn_within(struct loop *l, uint64_t ms)
{
	uint64_t at = clock_ms() + ms;

	if (l->turn_at == 0 || at < l->turn_at)
		l->turn_at = at;
}

void
loop_wake(struct loop *l)
{
	(void)uv_async_send(&l->wake);
}
