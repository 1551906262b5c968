/*
 * run_side.c - web probes at ports of their own: plain HTTP, the back end.
 *
 * Each has a connection of its own beside the target's, dialled by us so that
 * a port that does not answer costs no more than the connect timeout.  Closed
 * and silent are answers: they are noted, and are no failures.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "config.h"
#include "net/dial.h"
#include "net/http.h"
#include "run_job.h"
#include "run_room.h"

bool
run_side_is(const struct run_job *j, const struct run_task *t)
{
	bool plain = (t->probe->flags & PROBE_PLAIN) != 0;

	return t->probe->http_ask != NULL && (plain ||
	    t->probe->port != 0 || t->talk.port != j->target.port);
}

static void
note_port(struct run_job *j, const struct run_task *t, const char *state, const char *detail)
{
	char *at = text_printf(strchr(j->target.host, ':') != NULL ? "[%s]:%u" : "%s:%u",
	    j->target.host, t->talk.port);

	obs_text(j->result->obs, FACT_PORT, at, t->probe->name, state, detail);
	free(at);
}

static void
on_dialled(void *arg, int fd, const char *reason, const char *detail)
{
	static const struct { const char *reason, *state; } states[] = {
		{ "refused", "closed" }, { "reset", "closed" }, { "timeout", "filtered" },
		{ "unreachable", "unreachable" },
	};
	struct run_task *t = arg;
	struct run_job *j = t->job;
	const char *state = NULL;

	t->dial = NULL;
	if (fd >= 0) {
		run_room_opened(j, t);
		t->fd = fd;
		note_port(j, t, "open", "");
		run_http_call(j, t);
		run_job_step(j);
		return;
	}
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(reason, states[i].reason) == 0)
			state = states[i].state;
	if (state != NULL)
		note_port(j, t, state, "");
	else
		run_job_fail(j, t, "connect", reason, detail);
	run_job_task_over(t);
	run_job_step(j);
}

/* The target is that very place: what the other probes see there is enough. */
static bool
is_same_place(const struct run_job *j, const struct run_task *t)
{
	return t->talk.port == j->target.port &&
	    ((t->probe->flags & PROBE_PLAIN) != 0) == j->target.plain;
}

void
run_side_step(struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks; i++) {
		struct run_task *t = &j->tasks[i];

		if (!t->side || t->state != TASK_WAITING || !run_room_is(j))
			continue;
		t->state = TASK_FLYING;
		if (is_same_place(j, t)) {
			run_job_task_over(t);
		} else if (j->shared->config->proxy != NULL) {
			run_http_call(j, t);
		} else if (j->tried == 0) {
			run_job_task_over(t);
		} else {
			t->dial = dial_start(j->shared->loop, &j->addrs[j->tried - 1], t->talk.port,
			    (uint64_t)j->shared->config->connect_timeout_ms, on_dialled, t);
		}
	}
}

void
run_side_cancel(struct run_job *j, struct run_task *t)
{
	(void)j;
	if (t->dial != NULL)
		dial_cancel(t->dial);
	if (t->side)
		dial_close(t->fd, 1);
	t->dial = NULL;
	t->fd = -1;
}

void
run_side_done(struct run_job *j, struct run_task *t, const struct http_result *r)
{
	bool again = false;

	if (r->on_new && !t->dialled)
		run_room_opened(j, t);
	/* One call at a time: it is this directory that wants a certificate of the client. */
	if (r->certificate)
		obs_text(j->result->obs, FACT_WEB_AUTH, t->talk.at, t->probe->name, "certificate",
		    "TLS asked for a certificate of the client after the request");
	if (r->stage[0] != '\0')
		run_job_fail(j, t, r->stage, r->reason, r->detail);
	if (r->reply != NULL) {
		t->talk.now = (int64_t)time(NULL);
		again = run_http_hear(t, r);
	}
	if (again && r->stage[0] == '\0')
		run_http_call(j, t);
	else
		run_job_task_over(t);
	run_job_step(j);
}
