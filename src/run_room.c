/* run_room.c - how many connections one server has from us at a time. */
#include "config.h"
#include "run_job.h"
#include "run_room.h"

/* The connection that the web probes share is there from the first dial to their last call. */
static bool
has_main(const struct run_job *j)
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
	unsigned open = j->lines + j->alone + has_main(j);

	for (size_t i = 0; i < j->ntasks; i++) {
		const struct run_task *t = &j->tasks[i];

		open += t->side && (t->dial != NULL || t->fd >= 0 || t->call != NULL);
	}
	return open < (unsigned)j->shared->config->connections;
}
