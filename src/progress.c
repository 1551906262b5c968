/*
 * progress.c - a bar with rate and time left on a terminal, a plain line now
 * and then elsewhere.
 */
#include "config-build.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "progress.h"

#define BAR_EVERY_MS	200
#define LINE_EVERY_MS	10000
#define BAR_CELLS	24

struct progress {
	pthread_mutex_t	 lock;
	bool		 off, bar;
	bool		 drawn;		/* a bar is on the screen */
	int64_t		 started, last;	/* last: when something was drawn */
	int64_t		 mark_ms;	/* the rate is known up to here */
	uint64_t	 mark_done;
	double		 rate;		/* targets a second, smoothed */
};

struct progress *
progress_start(const char *when, int64_t now_ms)
{
	struct progress *p = text_alloc(sizeof(*p));
	bool terminal = isatty(STDERR_FILENO) == 1;

	(void)pthread_mutex_init(&p->lock, NULL);
	p->off = when != NULL && strcmp(when, "never") == 0;
	p->bar = terminal || (when != NULL && strcmp(when, "always") == 0);
	p->started = p->mark_ms = now_ms;
	p->last = p->bar ? now_ms - BAR_EVERY_MS : now_ms;
	return p;
}

/* The rate of the last seconds, so that a slow end shows. */
static void
measure(struct progress *p, int64_t now_ms, uint64_t done)
{
	double seconds = (double)(now_ms - p->mark_ms) / 1000;
	double now;

	if (seconds < 1)
		return;
	now = (double)(done - p->mark_done) / seconds;
	p->rate = p->rate > 0 ? p->rate * 0.7 + now * 0.3 : now;
	p->mark_ms = now_ms;
	p->mark_done = done;
}

static void
add_duration(struct text_buf *b, int64_t seconds)
{
	if (seconds >= 3600)
		text_buf_printf(b, "%" PRId64 " h %02" PRId64 " min", seconds / 3600, seconds / 60 % 60);
	else if (seconds >= 60)
		text_buf_printf(b, "%" PRId64 " min %02" PRId64 " s", seconds / 60, seconds % 60);
	else
		text_buf_printf(b, "%" PRId64 " s", seconds);
}

static void
describe(struct text_buf *b, const struct progress *p, int64_t now_ms,
    const struct progress_state *s)
{
	text_buf_printf(b, "%" PRIu64, s->done);
	if (s->total > 0)
		text_buf_printf(b, " of %" PRIu64, s->total);
	text_buf_printf(b, ", %" PRIu64 " in flight", s->flying);
	if (p->rate > 0)
		text_buf_printf(b, p->rate < 10 ? ", %.1f/s" : ", %.0f/s", p->rate);
	if (s->trouble > 0)
		text_buf_printf(b, ", %" PRIu64 " silent", s->trouble);
	if (s->total > s->done && p->rate > 0) {
		text_buf_str(b, ", about ");
		add_duration(b, (int64_t)((double)(s->total - s->done) / p->rate + 1));
		text_buf_str(b, " left");
	} else {
		text_buf_str(b, ", ");
		add_duration(b, (now_ms - p->started) / 1000);
	}
}

static size_t
columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

static void
draw_bar(struct progress *p, const char *text, const struct progress_state *s)
{
	struct text_buf b = { 0 };
	uint64_t done = s->done < s->total ? s->done : s->total;
	size_t full = s->total > 0 ? (size_t)((double)done / (double)s->total * BAR_CELLS) : 0;
	size_t room = columns() - 1;

	if (s->total > 0) {
		text_buf_str(&b, "[");
		for (size_t i = 0; i < BAR_CELLS; i++)
			text_buf_str(&b, i < full ? "#" : ".");
		text_buf_printf(&b, "] %3u %%  ", (unsigned)((double)done / (double)s->total * 100));
	}
	text_buf_str(&b, text);
	if (b.len > room)		/* ASCII only: bytes are columns */
		b.s[room] = '\0';
	fprintf(stderr, "\r\033[K%s", b.s);
	(void)fflush(stderr);
	p->drawn = true;
	text_buf_free(&b);
}

void
progress_tick(struct progress *p, int64_t now_ms, const struct progress_state *s)
{
	struct text_buf b = { 0 };

	(void)pthread_mutex_lock(&p->lock);
	measure(p, now_ms, s->done);
	if (!p->off && now_ms - p->last >= (p->bar ? BAR_EVERY_MS : LINE_EVERY_MS)) {
		p->last = now_ms;
		describe(&b, p, now_ms, s);
		if (p->bar)
			draw_bar(p, b.s, s);
		else
			fprintf(stderr, "exvet: %s\n", b.s);
		text_buf_free(&b);
	}
	(void)pthread_mutex_unlock(&p->lock);
}

void
progress_clear(struct progress *p)
{
	(void)pthread_mutex_lock(&p->lock);
	if (p->drawn)
		fputs("\r\033[K", stderr);
	p->drawn = false;
	(void)pthread_mutex_unlock(&p->lock);
}

void
progress_stop(struct progress *p)
{
	if (p == NULL)
		return;
	progress_clear(p);
	(void)pthread_mutex_destroy(&p->lock);
	free(p);
}
