/* run_job.c - one target at one address: resolve, dial, lines, the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "base/limits.h"
#include "base/text.h"
#include "config.h"
#include "net/dial.h"
#include "net/http.h"
#include "net/line.h"
#include "net/resolve.h"
#include "run_crowd.h"
#include "run_early.h"
#include "run_job.h"
#include "run_room.h"

static void dial_next(struct run_job *);

static int64_t
wall_ms(void)
{
	struct timeval t;

	(void)gettimeofday(&t, NULL);
	return (int64_t)t.tv_sec * 1000 + t.tv_usec / 1000;
}

static void
plan_tasks(struct run_job *j)
{
	const struct run_plan *plan = j->shared->plan;

	for (size_t i = 0; i < plan->n; i++)
		j->ntasks += run_plan_lanes(plan, plan->probe[i], &j->target);
	j->tasks = text_alloc((j->ntasks + 1) * sizeof(*j->tasks));
	for (size_t i = 0, k = 0; i < plan->n; i++)
		for (unsigned lane = 0; lane < run_plan_lanes(plan, plan->probe[i], &j->target); lane++, k++) {
			const struct probe *p = plan->probe[i];

			j->tasks[k] = (struct run_task){ .job = j, .probe = p, .talk = {
				.obs = j->result->obs, .probe = p->name, .at = "",
				.host = j->host, .ehlo = j->shared->config->ehlo, .ended_by = "",
				.lane = lane, .profile = plan->profile, .roots = j->shared->store,
				.port = run_plan_port(plan, p, j->target.port),
				.exact = plan->exact, .deep = plan->deep,
				.samples = (unsigned)j->shared->config->samples } };
			j->tasks[k].fd = -1;
			j->tasks[k].side = run_side_is(j, &j->tasks[k]);
		}
}

void
run_job_task_begin(struct run_task *t)
{
	t->state = TASK_FLYING;
	if (t->talk.state == NULL && t->probe->state_size > 0)
		t->talk.state = text_alloc(t->probe->state_size);
	if (t->probe->take != NULL)
		t->probe->take(&t->talk);
}

void
run_job_task_over(struct run_task *t)
{
	t->state = TASK_OVER;
	free(t->talk.state);
	t->talk.state = NULL;
	if (t->sent != NULL)
		cert_sent_free(t->sent);
	free(t->sent);
	t->sent = NULL;
}

static void
set_text(char **field, const char *value)
{
	free(*field);
	*field = text_dup(value);
}

struct run_job *
run_job_new(const struct run_shared *shared, struct target *t)
{
	struct run_job *j = text_alloc(sizeof(*j));
	const struct config *c = shared->config;

	j->shared = shared;
	j->target = *t;
	*t = (struct target){ 0 };
	j->fd = j->spare = -1;
	j->host = text_dup(shared->plan->name[0] != '\0' ? shared->plan->name :
	    j->target.name != NULL ? j->target.name : j->target.host);
	j->result = result_new();
	set_text(&j->result->target, j->target.text);
	set_text(&j->result->tag, j->target.tag);
	set_text(&j->result->vantage, c->vantage != NULL ? c->vantage : "");
	set_text(&j->result->profile, shared->plan->by_hand ? "custom" : c->profile);
	set_text(&j->result->probes, shared->plan->names);
	j->result->port = j->target.port;
	j->result->started_ms = wall_ms();
	j->began = loop_now(shared->loop);
	return j;
}

static void
job_free(struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks; i++)
		run_job_task_over(&j->tasks[i]);
	run_room_unshare(j);
	free(j->tasks);
	free(j->addrs);
	free(j->host);
	cert_sent_free(&j->sent);
	target_clear(&j->target);
	free(j);
}

/* Whatever is pending goes; the result is handed on. */
static void
finish(struct run_job *j)
{
	struct result *r = j->result;

	if (j->over)
		return;
	j->over = true;
	loop_deadline_cancel(j->shared->loop, &j->deadline);
	if (j->lookup != NULL)
		resolve_cancel(j->lookup);
	if (j->dial != NULL)
		dial_cancel(j->dial);
	for (size_t i = 0; i < j->ntasks; i++) {
		if (j->tasks[i].call != NULL)
			http_cancel(j->tasks[i].call);
		run_side_cancel(j, &j->tasks[i]);
		if (j->tasks[i].line != NULL)
			line_cancel(j->tasks[i].line);
		r->connections += !run_line_is(j->tasks[i].probe) ? 0 : j->tasks[i].opened;
	}
	dial_close(j->fd, 1);
	run_early_end(j);
	dial_close(j->spare, 1);
	r->duration_ms = (int64_t)(loop_now(j->shared->loop) - j->began);
	obs_sort(r->obs);
	j->shared->done(j->shared->arg, j, r);
	job_free(j);
}

char *
run_job_url(const struct run_job *j, const struct run_task *t, const char *path)
{
	const char *host = j->renamed ? j->host : j->target.host;
	bool side = t != NULL && t->side;
	bool plain = side ? (t->probe->flags & PROBE_PLAIN) != 0 : j->target.plain;
	uint16_t number = side ? t->talk.port : j->target.port;
	bool v6 = strchr(host, ':') != NULL;
	char port[8] = "";

	if (number != (plain ? 80 : 443))
		(void)snprintf(port, sizeof(port), ":%u", number);
	return text_printf("%s://%s%s%s%s%s", plain ? "http" : "https",
	    v6 ? "[" : "", host, v6 ? "]" : "", port, path);
}

/* Has another lane of the probe met the same there? */
static bool
is_told(const struct obs *o, const char *probe, const char *at, const char *stage, const char *reason,
    const char *detail)
{
	for (size_t i = 0; i < obs_error_count(o); i++) {
		const struct obs_error *e = obs_error_get(o, i);

		if (strcmp(e->probe, probe) == 0 && strcmp(e->at, at) == 0 && strcmp(e->stage, stage) == 0 &&
		    strcmp(e->reason, reason) == 0 && strcmp(e->detail, detail) == 0)
			return true;
	}
	return false;
}

void
run_job_fail(struct run_job *j, const struct run_task *t, const char *stage,
    const char *reason, const char *detail)
{
	const char *probe = t != NULL ? t->probe->name : "";
	char *at = t == NULL ? text_dup(j->target.text) :
	    !run_line_is(t->probe) && t->talk.at[0] != '\0' ? text_dup(t->talk.at) :
	    !run_line_is(t->probe) ? run_job_url(j, t, t->talk.path[0] != '\0' ? t->talk.path : "/") :
	    text_printf(strchr(j->target.host, ':') != NULL ? "[%s]:%u" : "%s:%u",
		j->target.host, t->talk.port);

	if (!is_told(j->result->obs, probe, at, stage, reason, detail))
		obs_fail(j->result->obs, probe, at, stage, reason, detail);
	free(at);
}

void
run_job_step(struct run_job *j)
{
	run_http_step(j);
	run_side_step(j);
	run_room_end_lanes(j);
	run_line_step(j);
	run_early_rest(j);
	run_room_look_ahead(j);
	run_crowd_mark(j);
	for (size_t i = 0; i < j->ntasks; i++)
		if (j->tasks[i].state != TASK_OVER)
			return;
	finish(j);
}

/* ---- resolve, dial ---- */

static int64_t
note_time(struct run_job *j, enum fact fact)
{
	int64_t ms = (int64_t)(loop_now(j->shared->loop) - j->step_began);

	obs_number(j->result->obs, fact, j->target.text, "", ms, "");
	return ms;
}

/* Is all done that was asked at the port of the target itself? */
static bool
is_own_done(const struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks; i++)
		if (j->tasks[i].probe->port == 0 && j->tasks[i].state != TASK_OVER)
			return false;
	return j->ntasks > 0;
}

/*
 * The time is up.  Services beside the target that do not answer make only
 * themselves unseen: a silent port 25 says nothing against the web.
 */
static void
on_late(void *arg)
{
	struct run_job *j = arg;
	bool beside = is_own_done(j);

	for (size_t i = 0; beside && i < j->ntasks; i++)
		if (j->tasks[i].state != TASK_OVER)
			run_job_fail(j, &j->tasks[i], "limit", "target-timeout", "");
	if (!beside)
		run_job_fail(j, NULL, "limit", "target-timeout", "");
	for (size_t i = 0; i < j->ntasks; i++)
		if (j->tasks[i].probe->stop != NULL && j->tasks[i].line != NULL)
			j->tasks[i].probe->stop(&j->tasks[i].talk, "target-timeout");
	finish(j);
}

static void
on_dialled(void *arg, int fd, const char *reason, const char *detail)
{
	struct run_job *j = arg;
	const struct run_plan *plan = j->shared->plan;
	bool others = false;

	j->dial = NULL;
	if (fd >= 0) {
		run_room_opened(j, NULL);
		j->fd = fd;
		j->connected = loop_now(j->shared->loop);
		j->connect_ms = note_time(j, FACT_TIME_CONNECT);
		j->shared->ready(j->shared->arg, j);
		return;
	}
	if (j->tried < j->naddrs && !j->shared->config->all_addresses) {
		dial_next(j);
		return;
	}
	run_job_fail(j, NULL, "connect", reason, detail);
	j->web_broken = true;
	for (size_t i = 0; i < plan->n; i++)
		others = others || ((run_line_is(plan->probe[i]) || plan->probe[i]->port != 0) &&
		    run_plan_lanes(plan, plan->probe[i], &j->target) > 0);
	/* A host that refuses is alive and may talk on other ports; a silent one is not asked on. */
	if (others && (strcmp(reason, "refused") == 0 || plan->by_hand ||
	    strcmp(j->shared->config->profile, "full") == 0))
		j->shared->ready(j->shared->arg, j);
	else
		finish(j);
}

static void
dial_next(struct run_job *j)
{
	const struct addr *a = &j->addrs[j->tried++];
	char text[ADDR_TEXT];

	set_text(&j->result->address, addr_text(a, text));
	if (target_is_excluded(j->shared->source, text)) {
		run_job_fail(j, NULL, "connect", "excluded", "");
		finish(j);
		return;
	}
	j->step_began = loop_now(j->shared->loop);
	run_early_end(j);
	j->born = run_crowd_born(j);
	j->dial = dial_start(j->shared->loop, a, j->target.port,
	    (uint64_t)j->shared->config->connect_timeout_ms, on_dialled, j);
	run_early_start(j, a);
}

/* --all-addresses: a job of its own for every address but the first. */
static void
split(struct run_job *j)
{
	for (size_t i = 1; i < j->naddrs; i++) {
		struct target t = { .text = text_dup(j->target.text), .host = text_dup(j->target.host),
			.port = j->target.port, .plain = j->target.plain,
			.tag = text_dup(j->target.tag), .source = text_dup(j->target.source) };
		struct run_job *k = run_job_new(j->shared, &t);

		k->addrs = text_alloc(sizeof(*k->addrs));
		k->addrs[0] = j->addrs[i];
		k->naddrs = 1;
		for (const struct observation *o = obs_first(j->result->obs, FACT_ADDRESS); o != NULL;
		    o = obs_next(j->result->obs, o))
			obs_text(k->result->obs, FACT_ADDRESS, o->at, "", o->text, "");
		j->shared->started(j->shared->arg, k);
		dial_next(k);
	}
	j->naddrs = 1;
}

static void
take_addresses(struct run_job *j, const struct addr *a, size_t n)
{
	char text[ADDR_TEXT];

	j->addrs = text_alloc(n * sizeof(*a));
	memcpy(j->addrs, a, n * sizeof(*a));
	j->naddrs = n;
	if (!j->target.is_address)
		for (size_t i = 0; i < n; i++)
			obs_text(j->result->obs, FACT_ADDRESS, j->target.text, "",
			    addr_text(&a[i], text), "");
	if (j->shared->config->all_addresses && n > 1)
		split(j);
	dial_next(j);
}

static void
on_resolved(void *arg, const struct addr *a, size_t n, const char *reason, const char *detail)
{
	struct run_job *j = arg;

	j->lookup = NULL;
	if (n > 0) {
		j->resolve_ms = note_time(j, FACT_TIME_RESOLVE);
		take_addresses(j, a, n);
		return;
	}
	run_job_fail(j, NULL, "resolve", reason, detail);
	finish(j);
}

void
run_job_start(struct run_job *j)
{
	struct addr a[LIMIT_ADDRESSES];
	size_t n = 0;

	if (j->target.is_address && addr_parse(j->target.host, &a[0]))
		n = 1;
	else
		n = run_plan_resolve(j->shared->plan, j->target.host, a, LIMIT_ADDRESSES);
	if (j->shared->config->proxy != NULL && n == 0)
		j->shared->ready(j->shared->arg, j);	/* the proxy resolves the name */
	else if (n > 0)
		take_addresses(j, a, n);
	else {
		j->step_began = loop_now(j->shared->loop);
		j->lookup = resolve_start(j->shared->resolver, j->target.host, on_resolved, j);
	}
}

static void
drop_useless_socket(struct run_job *j)
{
	for (size_t i = 0; i < j->ntasks; i++)
		if (!run_line_is(j->tasks[i].probe) ? !j->tasks[i].side : run_line_may_take(j, &j->tasks[i]))
			return;
	dial_close(j->fd, 1);
	j->fd = -1;
}

void
run_job_go(struct run_job *j)
{
	j->live = true;
	plan_tasks(j);
	run_room_share(j);
	run_early_lead(j);
	if (j->web_broken)
		run_http_drop(j);
	drop_useless_socket(j);
	loop_deadline(j->shared->loop, &j->deadline,
	    (uint64_t)j->shared->config->target_timeout_ms, on_late, j);
	run_job_step(j);
}

void
run_job_stop(struct run_job *j)
{
	j->result->finished = false;
	run_job_fail(j, NULL, "stopped", "signal", "");
	finish(j);
}
