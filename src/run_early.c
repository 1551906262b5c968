/* run_early.c - connections for lanes, dialled together with the first one. */
#include "config.h"
#include "net/dial.h"
#include "run_crowd.h"
#include "run_early.h"
#include "run_job.h"

enum { LEAD_MOST_MS = 25, LEAD_LEAST_MS = 3 };	/* how long the others wait, if nothing comes */

static void
on_dialled(void *arg, int fd, const char *reason, const char *detail)
{
	struct run_early *e = arg;

	(void)reason;		/* the first dial, or the lane's own, will tell */
	(void)detail;
	e->dial = NULL;
	e->fd = fd;
	e->job->result->connections += fd >= 0;
	if (e->job->live)
		run_job_step(e->job);
}

static bool
has_lanes(const struct run_job *j)
{
	const struct run_plan *plan = j->shared->plan;

	for (size_t i = 0; i < plan->n; i++)
		if (run_plan_lanes(plan, plan->probe[i], &j->target) > 1)
			return true;
	return false;
}

void
run_early_start(struct run_job *j, const struct addr *a)
{
	const struct config *c = j->shared->config;

	if (!j->shared->plan->single || j->target.plain || c->all_addresses || !has_lanes(j))
		return;
	for (int i = 0; i < RUN_EARLY && i < c->connections - 1; i++) {
		j->early[i] = (struct run_early){ .job = j, .fd = -1, .born = run_crowd_born(j) };
		j->early[i].dial = dial_start(j->shared->loop, a, j->target.port,
		    (uint64_t)c->connect_timeout_ms, on_dialled, &j->early[i]);
	}
}

unsigned
run_early_count(const struct run_job *j)
{
	unsigned n = 0;

	for (int i = 0; i < RUN_EARLY; i++)
		n += j->early[i].job != NULL && (j->early[i].dial != NULL || j->early[i].fd >= 0);
	return n;
}

static bool
is_dialling(const struct run_job *j)
{
	for (int i = 0; i < RUN_EARLY; i++)
		if (j->early[i].job != NULL && j->early[i].dial != NULL)
			return true;
	return false;
}

static void
on_led(void *arg)
{
	struct run_job *j = arg;

	j->led = true;
	run_job_step(j);
}

bool
run_early_leads(const struct run_task *t)
{
	return t->probe->leads != NULL && t->probe->leads(&t->talk);
}

void
run_early_lead(struct run_job *j)
{
	uint64_t took = j->connected - j->step_began;

	if (!j->led && run_early_count(j) > 0)
		loop_deadline(j->shared->loop, &j->lead, took >= 4 * LEAD_LEAST_MS ? took / 4 : LEAD_MOST_MS, on_led, j);
}

bool
run_early_holds(const struct run_job *j, const struct run_task *t)
{
	return t->probe->leads != NULL && !j->led && run_early_count(j) > 0 &&
	    (!run_early_leads(t) || is_dialling(j));
}

void
run_early_drop(struct run_job *j)
{
	for (int i = 0; i < RUN_EARLY; i++)
		if (j->early[i].job != NULL && j->early[i].fd >= 0) {
			dial_close(j->early[i].fd, 1);
			j->early[i].job = NULL;
			run_crowd_left(j);
		}
}

bool
run_early_has(const struct run_job *j, const struct run_task *t)
{
	for (int i = 0; i < RUN_EARLY; i++)
		if (t->probe->lanes > 1 && j->early[i].job != NULL && j->early[i].fd >= 0)
			return true;
	return false;
}

bool
run_early_waits(const struct run_job *j, const struct run_task *t)
{
	return t->probe->lanes > 1 && run_early_count(j) > 0;
}

/* The last one first: the sooner it is answered, the more are known to be let in. */
int
run_early_take(struct run_job *j, const struct run_task *t, unsigned *born)
{
	for (int i = RUN_EARLY; i-- > 0 && t->probe->lanes > 1;)
		if (j->early[i].job != NULL && j->early[i].fd >= 0) {
			int fd = j->early[i].fd;

			*born = j->early[i].born;
			j->early[i].job = NULL;
			return fd;
		}
	return -1;
}

unsigned
run_early_before(const struct run_job *j, unsigned after, unsigned before)
{
	unsigned n = 0;

	for (int i = 0; i < RUN_EARLY; i++)
		n += j->early[i].job != NULL && j->early[i].fd >= 0 && j->early[i].born > after &&
		    j->early[i].born < before && dial_is_alive(j->early[i].fd);
	return n;
}

void
run_early_rest(struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks; i++)
		if (j->tasks[i].state == TASK_WAITING && run_early_holds(j, &j->tasks[i]))
			return;
	for (int i = 0; i < RUN_EARLY; i++)
		if (j->early[i].job != NULL && j->early[i].fd >= 0 && j->spare < 0) {
			j->spare = j->early[i].fd;
			j->rested = j->early[i].born;
			j->early[i].job = NULL;
		}
}

void
run_early_end(struct run_job *j)
{
	loop_deadline_cancel(j->shared->loop, &j->lead);
	for (int i = 0; i < RUN_EARLY; i++) {
		struct run_early *e = &j->early[i];

		if (e->job != NULL && e->dial != NULL)
			dial_cancel(e->dial);
		else if (e->job != NULL)
			dial_close(e->fd, 1);
		e->job = NULL;
	}
}
