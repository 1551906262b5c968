/* run_room.c - how many connections one server has from us, at a time and in sum. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "config.h"
#include "net/dial.h"
#include "net/line.h"
#include "run_crowd.h"
#include "run_early.h"
#include "run_job.h"
#include "run_room.h"

enum { ROOM_FAR_MS = 10 };	/* to connect takes so long: waiting for that is what a talk costs */

/* The connection that the web probes share is there from the first dial to their last call. */
bool
run_room_has_main(const struct run_job *j)
{
	if (j->fd >= 0 || j->flying > 0)
		return true;
	for (size_t i = 0; i < j->ntasks && !j->web_broken; i++) {
		const struct run_task *t = &j->tasks[i];

		if (t->probe->http_ask != NULL && !t->side && (t->probe->flags & PROBE_ALONE) == 0 &&
		    t->state != TASK_OVER)
			return true;
	}
	return false;
}

bool
run_room_is(const struct run_job *j)
{
	unsigned open = j->lines + j->alone + run_room_has_main(j) + run_early_count(j);

	for (size_t i = 0; i < j->ntasks; i++) {
		const struct run_task *t = &j->tasks[i];

		open += t->side && (t->dial != NULL || t->fd >= 0 || t->call != NULL);
		open += t->line != NULL && line_is_ahead(t->line);
	}
	return open < (unsigned)j->shared->config->connections && run_crowd_is_room(j, false);
}

/* A lane without work wants no room, nor does what runs when all others are over. */
static bool
is_wanting(const struct run_task *t)
{
	return t->probe->wants == NULL || t->probe->wants(&t->talk);
}

static bool
is_far(const struct run_job *j)
{
	return j->connected >= j->step_began + ROOM_FAR_MS && !j->shared->crowded;
}

bool
run_room_is_ahead(void *task)
{
	const struct run_task *t = task;
	const struct run_job *j = t->job;

	/* Probes with lanes make many connections; of others this one might be the last. */
	if (!is_far(j) || t->probe->lanes < 2 || run_crowd_is_calm(j))
		return false;
	for (size_t i = 0; i < j->ntasks; i++) {
		const struct run_task *other = &j->tasks[i];
		bool shares = other->probe->http_ask != NULL && !other->side &&
		    (other->probe->flags & PROBE_ALONE) == 0;

		if (other->state == TASK_WAITING && !shares && (other->probe->flags & PROBE_IN_TURN) == 0 &&
		    other->probe->wanted == NULL && is_wanting(other))
			return false;
	}
	return run_room_is(j);
}

unsigned
run_room_turn(const struct probe *p)
{
	static const struct { uint16_t port; unsigned turn; } turns[] = {
		{ 25, 1 }, { 587, 1 }, { 2525, 1 }, { 465, 1 }, { 143, 2 }, { 993, 2 }, { 110, 4 }, { 995, 4 },
	};

	for (size_t i = 0; i < sizeof(turns) / sizeof(turns[0]); i++)
		if (turns[i].port == p->port && (p->flags & PROBE_IN_TURN) != 0)
			return turns[i].turn;
	return (p->flags & PROBE_IN_TURN) != 0 ? 8 : 0;
}

bool
run_room_waits(const struct run_task *t)
{
	return !is_wanting(t);
}

/* Can another lane still give work to that one? */
static bool
has_others(const struct run_job *j, const struct run_task *t)
{
	for (size_t i = 0; i < j->ntasks; i++)
		if (&j->tasks[i] != t && j->tasks[i].probe == t->probe && j->tasks[i].state != TASK_OVER)
			return true;
	return false;
}

void
run_room_end_lanes(struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks; i++)
		if (j->tasks[i].state == TASK_WAITING && !is_wanting(&j->tasks[i]) && !has_others(j, &j->tasks[i]))
			run_job_task_over(&j->tasks[i]);
}

/* The socket of the first dial, when no web probe is there for it. */
static void
drop_first(struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks; i++)
		if (!run_line_is(j->tasks[i].probe) && !j->tasks[i].side && j->tasks[i].state != TASK_OVER)
			return;
	if (j->fd >= 0)
		run_crowd_left(j);
	dial_close(j->fd, 1);
	j->fd = -1;
}

static void
drop_spare(struct run_job *j)
{
	if (j->spare >= 0)
		run_crowd_left(j);
	dial_close(j->spare, 1);
	j->spare = -1;
}

void
run_room_look_ahead(struct run_job *j)
{
	if (run_crowd_is_calm(j)) {	/* these stand in the way */
		drop_spare(j);
		run_early_drop(j);
		drop_first(j);
	}
	for (size_t i = 0; i < j->ntasks; i++)
		if (j->tasks[i].line != NULL)
			line_look_ahead(j->tasks[i].line);
	drop_spare(j);			/* nobody wants it */
}

void
run_room_share(struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks && is_far(j); i++) {
		struct run_task *t = &j->tasks[i];

		if (t->probe->shared_size > 0)
			t->talk.shared = t->talk.lane == 0 ? text_alloc(t->probe->shared_size) :
			    j->tasks[i - 1].talk.shared;
	}
}

void
run_room_unshare(struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks; i++)
		if (j->tasks[i].talk.lane == 0)
			free(j->tasks[i].talk.shared);
}

void
run_room_opened(struct run_job *j, struct run_task *t)
{
	j->result->connections++;
	if (t == NULL || (t->probe->flags & PROBE_SAMPLES) == 0)
		j->web_opened++;
	if (t != NULL)
		t->opened++;
}

enum { SIDE_MOST = 4 };		/* calls at another web port that ends each connection */

/* What wire probes opened, and may still open.  TLS is asked by its own sums. */
static unsigned
of_lines(const struct run_job *j)
{
	unsigned n = 0;

	for (size_t i = 0; i < j->ntasks; i++) {
		const struct run_task *t = &j->tasks[i];
		unsigned most = t->probe->connections != 0 ? t->probe->connections : 1;

		if (t->probe->http_ask != NULL || strncmp(t->probe->name, "tls", 3) == 0)
			continue;
		n += t->state == TASK_OVER || t->opened > most ? t->opened : most;
	}
	return n;
}

/* Its next call opens a connection: it always does, or those before it were not kept. */
static bool
is_fresh(const struct run_job *j, const struct run_task *t)
{
	if (t->side)
		return t->fd < 0 && t->opened > 1;
	return (t->probe->flags & PROBE_ALONE) != 0 || (j->fd < 0 && j->closes);
}

bool
run_room_affords(const struct run_job *j, const struct run_task *t)
{
	unsigned profile = j->shared->plan->profile, open = 1;

	if (profile == PROBE_QUICK || (t->probe->flags & PROBE_SAMPLES) != 0 || !is_fresh(j, t))
		return true;
	if (t->side && t->opened >= SIDE_MOST)
		return false;
	for (size_t i = 0; i < j->ntasks; i++)
		open += j->tasks[i].call != NULL && is_fresh(j, &j->tasks[i]);
	return j->web_opened + of_lines(j) + open <=
	    (profile == PROBE_STANDARD ? LIMIT_STANDARD_CONNECTIONS : LIMIT_CONNECTIONS);
}
