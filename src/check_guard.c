/* check_guard.c - the plugin ends in time, and says one thing. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "check_guard.h"
#include "check_terms.h"

enum { KEPT_MS = 400 };

struct check_guard {
	pthread_t	 thread, main;
	pthread_mutex_t	 lock;
	pthread_cond_t	 changed;
	int64_t		 began_ms, timeout_ms;
	int		 state;
	bool		 scanning, stopped, speaking, ended;
};

/*
 * The end, less so many per cent of what is kept back for the judgement: a
 * fifth of the whole, and not less than a busy machine needs to get round to it.
 */
static int64_t
end_less(const struct check_guard *g, int64_t percent)
{
	int64_t kept = g->timeout_ms / 5;

	if (kept < KEPT_MS)
		kept = g->timeout_ms < 2 * KEPT_MS ? g->timeout_ms / 2 : KEPT_MS;
	return g->began_ms + g->timeout_ms - kept * percent / 100;
}

/* Wait until that moment, or until *flag; the lock is held. */
static void
wait_until(struct check_guard *g, int64_t ms, const bool *flag)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	while (!*flag && !g->ended && clock_ms() < ms)
		(void)pthread_cond_timedwait(&g->changed, &g->lock, &t);
}

static void
give_up(const struct check_guard *g)
{
	char line[160];
	int n = snprintf(line, sizeof(line), "EXCHANGE %s - timed out after %.1f s, and the scan "
	    "could not be stopped\n", check_state_name((enum check_state)g->state),
	    (double)(clock_ms() - g->began_ms) / 1000);

	for (int at = 0; at < n; ) {
		ssize_t put = write(STDOUT_FILENO, line + at, (size_t)(n - at));

		if (put <= 0)
			break;
		at += (int)put;
	}
}

static void *
watch(void *arg)
{
	struct check_guard *g = arg;

	pthread_mutex_lock(&g->lock);
	/* What a stopped scan saw is still to be judged: time is kept for that. */
	wait_until(g, end_less(g, 70), &g->speaking);
	if (!g->ended && !g->speaking && g->scanning) {
		g->stopped = true;
		(void)pthread_kill(g->main, SIGTERM);
	}
	wait_until(g, end_less(g, 30), &g->speaking);
	if (!g->ended && !g->speaking) {
		give_up(g);
		_exit(g->state);
	}
	wait_until(g, g->began_ms + g->timeout_ms * 99 / 100, &g->ended);
	if (!g->ended)
		_exit(g->state);	/* nobody reads what we write */
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

/* Only what signal-safety(7) allows. */
static void
on_alarm(int unused)
{
	static const char line[] = "EXCHANGE UNKNOWN - timed out while the options were read\n";

	(void)unused;
	if (write(STDOUT_FILENO, line, sizeof(line) - 1) < 0)
		_exit(CHECK_UNKNOWN);
	_exit(CHECK_UNKNOWN);
}

void
check_guard_options(void)
{
	(void)signal(SIGALRM, on_alarm);
	(void)alarm(CHECK_GUARD_OPTIONS);
}

struct check_guard *
check_guard_new(int64_t timeout_ms, int64_t spent_ms, int state)
{
	struct check_guard *g = text_alloc(sizeof(*g));
	pthread_condattr_t attr;

	g->began_ms = clock_ms() - spent_ms;
	g->timeout_ms = timeout_ms;
	g->state = state;
	g->main = pthread_self();
	(void)alarm(0);
	(void)pthread_mutex_init(&g->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&g->changed, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (pthread_create(&g->thread, NULL, watch, g) == 0)
		return g;
	fprintf(stderr, "exvet: no thread: %s\n", strerror(errno));
	free(g);
	return NULL;
}

static void
set(struct check_guard *g, bool *flag, bool value)
{
	pthread_mutex_lock(&g->lock);
	*flag = value;
	pthread_cond_signal(&g->changed);
	pthread_mutex_unlock(&g->lock);
}

void
check_guard_scan(struct check_guard *g)
{
	set(g, &g->scanning, true);
}

bool
check_guard_scanned(struct check_guard *g)
{
	bool stopped;

	pthread_mutex_lock(&g->lock);
	g->scanning = false;
	stopped = g->stopped;
	pthread_mutex_unlock(&g->lock);
	return stopped;
}

int64_t
check_guard_left(const struct check_guard *g)
{
	return end_less(g, 100) - clock_ms();
}

void
check_guard_speak(struct check_guard *g)
{
	set(g, &g->speaking, true);
}

void
check_guard_free(struct check_guard *g)
{
	if (g == NULL)
		return;
	set(g, &g->ended, true);
	(void)pthread_join(g->thread, NULL);
	(void)pthread_cond_destroy(&g->changed);
	(void)pthread_mutex_destroy(&g->lock);
	free(g);
}
