/* run_line.c - the raw talks of a job: TLS, SMB and mail, each on a line of its own. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config.h"
#include "net/line.h"
#include "run_crowd.h"
#include "run_early.h"
#include "run_job.h"
#include "run_room.h"

enum { RUN_FRESH_MS = 500 };	/* a peer may have hung up on a socket that waited longer */

bool
run_line_is(const struct probe *p)
{
	return p->http_ask == NULL;
}

/* Did another probe find that port closed or silent? */
static bool
is_shut(const struct run_job *j, const struct run_task *t)
{
	for (size_t i = 0; i < j->ntasks; i++) {
		const struct run_task *other = &j->tasks[i];
		const struct observation *k = obs_first(j->result->obs, FACT_PORT);

		if (other == t || other->side || other->talk.port != t->talk.port || t->probe->port == 0)
			continue;
		for (; k != NULL; k = obs_next(j->result->obs, k))
			if (strcmp(k->probe, other->probe->name) == 0 && strcmp(k->text, "open") != 0)
				return true;
	}
	return false;
}

/* A service's own port: closed and silent are answers.  True: that is all there is to say. */
static bool
note_port(struct run_job *j, const struct run_task *t, const char *stage, const char *reason)
{
	static const struct { const char *reason, *state; } states[] = {
		{ "refused", "closed" }, { "reset", "closed" }, { "timeout", "filtered" },
		{ "unreachable", "unreachable" },
	};
	const char *state = strcmp(stage, "connect") != 0 ? "open" : NULL;

	for (size_t i = 0; state == NULL && i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(reason, states[i].reason) == 0)
			state = states[i].state;
	if (t->probe->port == 0 || state == NULL)
		return false;
	obs_text(j->result->obs, FACT_PORT, t->talk.at, t->probe->name, state, "");
	return strcmp(state, "open") != 0;
}

static void
on_line(void *arg, const char *stage, const char *reason, const char *detail)
{
	struct run_task *t = arg;
	struct run_job *j = t->job;

	t->line = NULL;
	run_job_task_over(t);
	j->lines--;
	j->turns &= ~run_room_turn(t->probe);
	if (!note_port(j, t, stage, reason) && stage[0] != '\0')
		run_job_fail(j, t, stage, reason, detail);
	run_job_step(j);
}

/* Is the socket of the first dial there for this talk, because no web probe needs it? */
bool
run_line_may_take(const struct run_job *j, const struct run_task *t)
{
	if (j->fd < 0 || t->talk.port != j->target.port || (t->probe->flags & PROBE_TLS) != 0 ||
	    loop_now(j->shared->loop) - j->connected > RUN_FRESH_MS)
		return false;
	for (size_t i = 0; i < j->ntasks; i++)
		if (!run_line_is(j->tasks[i].probe) && !j->tasks[i].side && j->tasks[i].state != TASK_OVER)
			return false;
	return true;
}

static void
on_moved(void *arg)
{
	run_job_step(((struct run_task *)arg)->job);
}

static void
start_line(struct run_job *j, struct run_task *t)
{
	const struct config *c = j->shared->config;
	bool first = run_line_may_take(j, t) && !(run_early_leads(t) && run_early_has(j, t));
	unsigned born = first ? j->born : 0;
	char *at = text_printf(strchr(j->target.host, ':') != NULL ? "[%s]:%u" : "%s:%u",
	    j->target.host, t->talk.port);
	struct line_plan plan = { .probe = t->probe, .talk = &t->talk, .port = t->talk.port,
		.addr = j->addrs[j->tried - 1], .fd = first ? j->fd : run_early_take(j, t, &born),
		.connect_ms = (uint64_t)c->connect_timeout_ms,
		.reply_ms = (uint64_t)c->request_timeout_ms, .may_dial_ahead = run_room_is_ahead,
		.may_dial = run_crowd_may_dial, .step = run_crowd_step,
		.crowd = t->probe->port == 0 ? run_crowd_was : NULL,
		.moved = t->probe->lanes > 1 ? on_moved : NULL, .spare = t->probe->lanes > 1 ? &j->spare : NULL,
		.connections = &t->opened, .messages = &j->result->requests };

	if (plan.fd == j->fd)
		j->fd = -1;		/* the line's now */
	t->talk.at = obs_keep(j->result->obs, at);
	free(at);
	run_job_task_begin(t);
	j->lines++;
	j->turns |= run_room_turn(t->probe);
	run_crowd_begin(t, born);
	t->line = line_start(j->shared->loop, &plan, on_line, t);
}

void
run_line_step(struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks; i++) {
		struct run_task *t = &j->tasks[i];

		if (!run_line_is(t->probe) || t->state != TASK_WAITING || run_last_holds(j, t))
			continue;
		if (j->target.plain && t->probe->port == 0) {
			t->state = TASK_OVER;	/* the user asked for http:// there */
		} else if (j->shared->config->proxy != NULL || j->tried == 0) {
			t->state = TASK_OVER;
			run_job_fail(j, t, "connect", "not-through-proxy", "");
		} else if (is_shut(j, t)) {
			run_job_task_over(t);
		} else if (run_room_waits(t) || !run_crowd_is_room(j, true) || run_early_holds(j, t)) {
			continue;
		} else if ((j->turns & run_room_turn(t->probe)) == 0 &&
		    (run_early_has(j, t) || (j->lines == 0 && run_line_may_take(j, t)) ||
		    (run_room_is(j) && !run_early_waits(j, t))))
			start_line(j, t);
	}
}
