/* run_crowd.c - how many connections side by side a server has been seen to bear. */
#include "config.h"
#include "net/dial.h"
#include "run_crowd.h"
#include "run_early.h"
#include "run_job.h"
#include "run_room.h"

enum { JUST_MS = 50 };		/* since one ended: who counts them may not have seen it yet */

/* What other ports are only dialled for may never come. */
static unsigned
of_task(const struct run_job *j, const struct run_task *t)
{
	bool own = t->talk.port == j->target.port;
	unsigned n = 0;

	if (t->line == NULL)
		return t->side && (t->fd >= 0 || t->call != NULL);
	n += line_is_connected(t->line) || (own && (line_is_dialling(t->line) || line_rests(t->line)));
	n += line_is_ahead(t->line);
	return n;
}

static unsigned
open_now(const struct run_job *j, const struct run_task *but)
{
	unsigned n = run_room_has_main(j) + j->alone + run_early_count(j) + (j->spare >= 0);

	for (size_t i = 0; i < j->ntasks; i++)
		n += &j->tasks[i] != but ? of_task(j, &j->tasks[i]) : 0;
	return n;
}

/*
 * Has it let in as many as we ever open?  Below that a limit may stand right
 * above what was let in, and count as open what has just ended.
 */
static bool
is_free(const struct run_job *j)
{
	return j->proven >= (unsigned)j->shared->config->connections;
}

/* How many may be open with one in that company; lanes end connections all the time. */
static unsigned
bound(const struct run_task *t, enum company c)
{
	const struct run_job *j = t->job;

	return c == COMPANY_PROVEN && j->proven > 1 && (t->probe->lanes < 2 || is_free(j)) ? j->proven : 1;
}

static bool
insists(const struct run_task *t)
{
	return t->line != NULL && line_company(t->line) != COMPANY_ANY;
}

bool
run_crowd_is_calm(const struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks; i++)
		if (insists(&j->tasks[i]))
			return true;
	return false;
}

/* One more beside all those that insist on their company; reserve: who waits for it goes first. */
static bool
fits(const struct run_job *j, const struct run_task *t, bool reserve)
{
	unsigned open = open_now(j, t);

	for (size_t i = 0; i < j->ntasks; i++) {
		const struct run_task *other = &j->tasks[i];

		if (other == t || !insists(other))
			continue;
		if (line_waits(other->line) ? reserve && open + 2 > bound(other, line_company(other->line)) :
		    open + 1 > bound(other, line_company(other->line)))
			return false;
	}
	return true;
}

bool
run_crowd_is_room(const struct run_job *j, bool talk)
{
	return fits(j, NULL, talk);
}

bool
run_crowd_may_dial(void *arg, enum company c)
{
	const struct run_task *t = arg;

	return fits(t->job, t, c == COMPANY_ANY) &&
	    (c == COMPANY_ANY || open_now(t->job, t) + 1 <= bound(t, c));
}

/* ---- what has been seen ---- */

unsigned
run_crowd_born(struct run_job *j)
{
	return ++j->events;
}

void
run_crowd_left(struct run_job *j)
{
	j->left = ++j->events;
	j->left_ms = loop_now(j->shared->loop);
}

void
run_crowd_mark(struct run_job *j)
{
	unsigned n = open_now(j, NULL);

	for (size_t i = 0; i < j->ntasks; i++)
		if (j->tasks[i].most < n)
			j->tasks[i].most = n;
}

/* What no lane needed at first is still there. */
static bool
has_rested(const struct run_job *j, unsigned before)
{
	bool there = false;

	for (size_t i = 0; i < j->ntasks && j->rested > j->left && j->rested < before; i++)
		there = there || (j->tasks[i].line != NULL && line_has_next(j->tasks[i].line));
	return there;
}

/*
 * This one was let in; so how many were?  Those dialled before it that are still
 * there: a limit that had kept one of them out would have kept this one out as
 * well, as long as none has left since.
 */
static unsigned
let_in(const struct run_job *j, const struct run_task *t)
{
	unsigned n = 1;

	if (t->born == 0)
		return 1;
	for (size_t i = 0; i < j->ntasks; i++) {
		const struct run_task *other = &j->tasks[i];

		n += other != t && other->line != NULL && line_is_alive(other->line) && other->born > j->left &&
		    other->born < t->born;
	}
	n += j->fd >= 0 && j->flying == 0 && j->born > j->left && j->born < t->born && dial_is_alive(j->fd);
	return n + has_rested(j, t->born) + run_early_before(j, j->left, t->born);
}

/* So many were let in; and the connection of the web as well, once that is answered. */
static void
see(struct run_job *j, unsigned n)
{
	unsigned more = n + (j->flying > 0 && !j->closes);

	j->proven = j->proven < n ? n : j->proven;
	j->unproven = j->unproven < more ? more : j->unproven;
	if (j->web_known)
		run_crowd_web(j);
}

void
run_crowd_web(struct run_job *j)
{
	j->proven = j->proven < j->unproven ? j->unproven : j->proven;
}

void
run_crowd_begin(struct run_task *t, unsigned born)
{
	t->born = born;
	t->most = open_now(t->job, t) + 1;
	t->hurried = t->job->left > 0 && loop_now(t->job->shared->loop) - t->job->left_ms < JUST_MS;
}

void
run_crowd_step(void *arg, enum line_step step)
{
	struct run_task *t = arg;
	struct run_job *j = t->job;

	switch (step) {
	case LINE_DIALS:
		run_crowd_begin(t, run_crowd_born(j));
		run_crowd_mark(j);
		break;
	case LINE_TAKES:
		run_crowd_begin(t, 0);
		j->rested = 0;
		break;
	case LINE_AHEAD:
		run_crowd_mark(j);
		break;
	case LINE_SPEAKS:
		if (run_early_leads(t))
			run_early_lead(j);
		break;
	case LINE_IS_ANSWERED:
		see(j, let_in(j, t));
		j->led = true;
		break;
	case LINE_ENDS:
		run_crowd_left(j);
		j->led = true;
		break;
	}
}

enum crowd
run_crowd_was(void *arg)
{
	const struct run_task *t = arg;

	if (t->most > bound(t, COMPANY_PROVEN) || (t->hurried && t->probe->lanes > 1 && !is_free(t->job)))
		return CROWD_MANY;
	return t->most > 1 || t->hurried ? CROWD_SOME : CROWD_NONE;
}
