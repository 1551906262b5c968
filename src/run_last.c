/*
 * run_last.c - raw probes that go by what the others saw: they run last, or
 * not at all.
 */
#include "run_job.h"

static bool
are_others_over(const struct run_job *j, const struct run_task *t)
{
	for (size_t i = 0; i < j->ntasks; i++)
		if (&j->tasks[i] != t && j->tasks[i].state != TASK_OVER)
			return false;
	return true;
}

bool
run_last_holds(struct run_job *j, struct run_task *t)
{
	if (t->probe->wanted == NULL)
		return false;
	if (!are_others_over(j, t))
		return true;
	if (t->probe->wanted(&t->talk))
		return false;
	run_job_task_over(t);
	return true;
}
