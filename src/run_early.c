/* run_early.c - connections for lanes, dialled together with the first one. */
#include "config.h"
#include "net/dial.h"
#include "run_early.h"
#include "run_job.h"

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
		j->early[i] = (struct run_early){ .job = j, .fd = -1 };
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

int
run_early_take(struct run_job *j, const struct run_task *t)
{
	for (int i = 0; i < RUN_EARLY && t->probe->lanes > 1; i++)
		if (j->early[i].job != NULL && j->early[i].fd >= 0) {
			int fd = j->early[i].fd;

			j->early[i].job = NULL;
			return fd;
		}
	return -1;
}

void
run_early_rest(struct run_job *j)
{
	for (int i = 0; i < RUN_EARLY; i++)
		if (j->early[i].job != NULL && j->early[i].fd >= 0 && j->spare < 0) {
			j->spare = j->early[i].fd;
			j->early[i].job = NULL;
		}
}

void
run_early_end(struct run_job *j)
{
	for (int i = 0; i < RUN_EARLY; i++) {
		struct run_early *e = &j->early[i];

		if (e->job != NULL && e->dial != NULL)
			dial_cancel(e->dial);
		else if (e->job != NULL)
			dial_close(e->fd, 1);
		e->job = NULL;
	}
}
