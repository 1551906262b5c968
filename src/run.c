/* run.c - workers, admission, signals: targets times probes, bounded. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "config.h"
#include "net/curl_lib.h"
#include "net/http.h"
#include "net/resolve.h"
#include "run.h"
#include "run_differ.h"
#include "run_feed.h"
#include "run_job.h"
#include "run_past.h"
#include "run_plan.h"

enum {
	RUN_STARTS = 32,	/* new targets a turn */
	RUN_GOES = 16,		/* new live targets a turn: each costs a handshake */
	RUN_BUSY_MS = 60,	/* a turn longer than this starts nothing new */
	RUN_CROWD = 16,		/* live targets from which memory counts more than time */
	RUN_TICK_MS = 200,
	RUN_MAX_THREADS = 64,
};

struct run;

struct worker {
	struct run	*run;
	pthread_t	 thread;
	struct loop	*loop;
	struct run_shared shared;
	struct run_job	*ready, **ready_end;	/* connected, waiting for a live slot */
	struct run_job	**jobs;			/* all, for the signal */
	size_t		 njobs, cap;
	unsigned	 dialling, nready, live, max_live;
	bool		 ended;
};

struct run {
	const struct config *config;
	struct run_sink	 sink;
	const struct run_plan *plan;
	struct cert_store *store;
	struct curl_lib	*curl;		/* NULL: nothing speaks HTTP */
	struct run_feed	*feed;
	pthread_mutex_t	 past_lock;
	struct run_past	*past;
	struct worker	 worker[RUN_MAX_THREADS];
	unsigned	 nworkers;
	pthread_t	 main;
	atomic_ullong	 done;
	atomic_uint	 running;
	atomic_int	 signal;
};

/* ---- jobs of one worker ---- */

static void
on_started(void *arg, struct run_job *j)
{
	struct worker *w = arg;

	if (w->njobs == w->cap) {
		w->cap = w->cap != 0 ? w->cap * 2 : 64;
		w->jobs = text_grow(w->jobs, w->cap, sizeof(struct run_job *));
	}
	w->jobs[w->njobs++] = j;
	w->dialling++;
}

static void
on_ready(void *arg, struct run_job *j)
{
	struct worker *w = arg;

	w->dialling--;
	w->nready++;
	j->next = NULL;
	*w->ready_end = j;
	w->ready_end = &j->next;
	loop_turn_within(w->loop, 0);
}

static void
forget(struct worker *w, struct run_job *j)
{
	for (struct run_job **p = &w->ready; *p != NULL; p = &(*p)->next)
		if (*p == j) {
			*p = j->next;
			if (*p == NULL)
				w->ready_end = p;
			w->nready--;
			break;
		}
	for (size_t i = 0; i < w->njobs; i++)
		if (w->jobs[i] == j) {
			w->jobs[i] = w->jobs[--w->njobs];
			break;
		}
}

static void
on_done(void *arg, struct run_job *j, struct result *r)
{
	struct worker *w = arg;
	struct run *run = w->run;
	unsigned ready = w->nready;

	forget(w, j);
	if (j->live)
		w->live--;
	else if (ready == w->nready)
		w->dialling--;
	(void)pthread_mutex_lock(&run->past_lock);
	run_differ_note(run->past, r);
	(void)pthread_mutex_unlock(&run->past_lock);
	run->sink.result(run->sink.arg, r);
	atomic_fetch_add(&run->done, 1);
	loop_turn_within(w->loop, 0);
}

static void
go_live(struct worker *w)
{
	for (int i = 0; i < RUN_GOES && w->ready != NULL && w->live < w->max_live; i++) {
		struct run_job *j = w->ready;

		w->ready = j->next;
		if (w->ready == NULL)
			w->ready_end = &w->ready;
		w->nready--;
		w->live++;
		run_job_go(j);
	}
}

/* Take new targets; what only dials costs little, so as many again may dial. */
static void
take_targets(struct worker *w)
{
	struct target t;
	int got = 0;

	for (int i = 0; i < RUN_STARTS && w->dialling < w->max_live &&
	    w->nready <= w->max_live / 4 && (got = run_feed_take(w->run->feed, &t)) == 1; i++) {
		struct run_job *j = run_job_new(&w->shared, &t);

		on_started(w, j);
		run_job_start(j);
	}
	if (got < 0)
		w->ended = true;
}

static void
stop_all(struct worker *w)
{
	w->ended = true;
	while (w->njobs > 0)
		run_job_stop(w->jobs[0]);
}

static void
on_turn(void *arg)
{
	struct worker *w = arg;
	bool busy = loop_busy(w->loop) > RUN_BUSY_MS;
	uint64_t wait;

	if (atomic_load(&w->run->signal) != 0) {
		stop_all(w);
	} else if (!busy) {
		go_live(w);
		w->shared.crowded = w->live > RUN_CROWD;
		if (!w->ended)
			take_targets(w);
	}
	if (w->ended && w->njobs == 0) {
		loop_stop(w->loop);
		return;
	}
	wait = run_feed_wait(w->run->feed);
	if (busy || (w->ready != NULL && w->live < w->max_live))
		loop_turn_within(w->loop, 1);
	else if (wait > 0)
		loop_turn_within(w->loop, wait);
	else if (!w->ended && w->dialling < w->max_live && w->nready <= w->max_live / 4)
		loop_turn_within(w->loop, 250);	/* the feed wakes us before, if it has one */
}

static void *
work(void *arg)
{
	struct worker *w = arg;

	loop_run(w->loop);
	atomic_fetch_sub(&w->run->running, 1);
	pthread_kill(w->run->main, SIGUSR2);
	return NULL;
}

/* ---- start and end ---- */

/* After the feed has ended: until then it may wake the loop. */
static void
worker_close(struct worker *w)
{
	http_free(w->shared.http);
	resolve_free(w->shared.resolver);
	loop_free(w->loop);
	free(w->jobs);
}

static char *
user_agent(const struct config *c)
{
	return c->contact != NULL && c->contact[0] != '\0' ?
	    text_printf("%s (%s)", c->user_agent, c->contact) : text_dup(c->user_agent);
}

/* Is a request among what may be sent? */
static bool
speaks_http(const struct run_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->probe[i]->http_ask != NULL)
			return true;
	return false;
}

static bool
worker_open(struct run *run, struct worker *w, const struct target_source *source, const char *agent)
{
	const struct config *c = run->config;
	struct http_options http = { .user_agent = agent, .proxy = c->proxy, .tls = c->check.ssl,
		.headers = c->headers.v, .nheaders = c->headers.n };

	w->run = run;
	w->max_live = (unsigned)((c->parallel + run->nworkers - 1) / run->nworkers);
	http.max_idle = 2 * (uint64_t)w->max_live;
	w->ready_end = &w->ready;
	w->loop = loop_new();
	w->shared = (struct run_shared){ .config = c, .plan = run->plan, .store = run->store,
		.source = source, .loop = w->loop,
		.resolver = resolve_new(w->loop, !c->ipv6_only, !c->ipv4_only),
		.http = run->curl != NULL ? http_new(w->loop, run->curl, &http) : NULL,
		.started = on_started, .ready = on_ready, .done = on_done, .arg = w };
	loop_on_turn(w->loop, on_turn, w);
	loop_turn_within(w->loop, 0);
	if (w->shared.resolver != NULL && (w->shared.http != NULL || run->curl == NULL))
		return true;
	fputs("exvet: the resolver or libcurl cannot start\n", stderr);
	return false;
}

static void
wake_all(void *arg)
{
	struct run *run = arg;

	for (unsigned i = 0; i < run->nworkers; i++)
		loop_wake(run->worker[i].loop);
}

/* Descriptors: as many as the system lets us have; told when they do not suffice. */
static bool
raise_descriptors(const struct config *c)
{
	rlim_t want = (rlim_t)c->parallel * 8 + 64;
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) != 0 || l.rlim_cur >= want)
		return true;
	l.rlim_cur = l.rlim_max == RLIM_INFINITY || l.rlim_max > want ? want : l.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &l);
	if (l.rlim_cur >= (rlim_t)c->parallel * 3 + 64)
		return true;
	fprintf(stderr, "exvet: --parallel %lld needs about %lld file descriptors, the limit is %llu\n",
	    (long long)c->parallel, (long long)c->parallel * 3 + 64, (unsigned long long)l.rlim_cur);
	return false;
}

static unsigned
thread_count(const struct config *c)
{
	int64_t n = c->threads;

	return (unsigned)(n > RUN_MAX_THREADS ? RUN_MAX_THREADS : n);
}

/* A worker's SIGUSR2 may still be pending, and would end us once it is let through. */
static void
take_last_words(void)
{
	const struct timespec now = { 0 };
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR2);
	while (sigtimedwait(&set, NULL, &now) == SIGUSR2)
		;
}

/* Progress, and the signals: workers have them blocked. */
static void
wait_for_workers(struct run *run, const sigset_t *signals)
{
	const struct timespec tick = { .tv_nsec = RUN_TICK_MS * 1000000L };

	while (atomic_load(&run->running) > 0) {
		int s = sigtimedwait(signals, NULL, &tick);

		if (s == SIGINT || s == SIGTERM) {
			if (atomic_load(&run->signal) != 0)
				_exit(128 + s);		/* asked twice */
			atomic_store(&run->signal, s);
			run_feed_stop(run->feed);
			wake_all(run);
		}
		if (s < 0)
			run->sink.tick(run->sink.arg, run_feed_given(run->feed),
			    atomic_load(&run->done), run_feed_ended(run->feed));
	}
}

/* What a signal kept from being started is listed, up to a bound. */
static void
list_rest(struct run *run)
{
	const struct timespec moment = { .tv_nsec = 20 * 1000000L };
	struct target t;
	uint64_t n = 0;

	for (int i = 0; i < 10 && !run_feed_ended(run->feed); i++)
		(void)nanosleep(&moment, NULL);
	while (n++ < 100000 && run_feed_rest(run->feed, &t)) {
		struct result *r = result_new();

		free(r->target);
		r->target = text_dup(t.text);
		free(r->tag);
		r->tag = text_dup(t.tag);
		r->port = t.port;
		r->started_ms = (int64_t)time(NULL) * 1000;
		r->finished = false;
		obs_fail(r->obs, "", t.text, "stopped", "signal", "");
		target_clear(&t);
		run->sink.result(run->sink.arg, r);
	}
}

static bool
start_workers(struct run *run, struct target_source *source, const char *agent)
{
	for (unsigned i = 0; i < run->nworkers; i++)
		if (!worker_open(run, &run->worker[i], source, agent))
			return false;
	run->feed = run_feed_new(source, run->config->rate, wake_all, run);
	if (run->feed == NULL)
		return false;
	for (unsigned i = 0; i < run->nworkers; i++) {
		atomic_fetch_add(&run->running, 1);
		if (pthread_create(&run->worker[i].thread, NULL, work, &run->worker[i]) != 0) {
			fprintf(stderr, "exvet: no thread: %s\n", strerror(errno));
			_exit(4);
		}
	}
	return true;
}

/* What the plan needs, and nothing that it does not: binding a library costs more than a talk. */
static bool
prepare(struct run *run)
{
	const struct config *c = run->config;

	/* Quick reads no certificate. */
	if (!run->plan->quick || c->ca_file != NULL)
		run->store = cert_store_new(c->ca_file);
	if (run->store == NULL && c->ca_file != NULL)
		fprintf(stderr, "exvet: --ca-file %s: expected a file of PEM certificates\n", c->ca_file);
	if (run->store == NULL && !run->plan->quick)
		return false;
	if (!speaks_http(run->plan))
		return true;
	run->curl = curl_lib_open();
	return run->curl != NULL;
}

int
run_scan(const struct config *c, const struct run_plan *plan, struct target_source *source,
    const struct run_sink *sink)
{
	struct run *run;
	char *agent;
	sigset_t signals, old;
	int status = -1;

	if (!raise_descriptors(c))
		return -1;
	run = text_alloc(sizeof(*run));
	run->config = c;
	run->plan = plan;
	run->sink = *sink;
	run->main = pthread_self();
	run->nworkers = thread_count(c);
	run->past = run_past_new();
	(void)pthread_mutex_init(&run->past_lock, NULL);
	agent = user_agent(c);
	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGINT);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGUSR2);
	(void)pthread_sigmask(SIG_BLOCK, &signals, &old);
	(void)signal(SIGPIPE, SIG_IGN);
	if (prepare(run) && start_workers(run, source, agent)) {
		wait_for_workers(run, &signals);
		for (unsigned i = 0; i < run->nworkers; i++)
			pthread_join(run->worker[i].thread, NULL);
		status = atomic_load(&run->signal);
		if (status != 0)
			list_rest(run);
		run_feed_free(run->feed);
		for (unsigned i = 0; i < run->nworkers; i++)
			worker_close(&run->worker[i]);
	}
	curl_lib_close(run->curl);
	take_last_words();
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	cert_store_free(run->store);
	run_past_free(run->past);
	(void)pthread_mutex_destroy(&run->past_lock);
	free(agent);
	free(run);
	return status;
}
