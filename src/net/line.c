/* line.c - runs one raw talk of a wire probe on the network. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <uv.h>

#include "base/limits.h"
#include "base/text.h"
#include "net/dial.h"
#include "net/line.h"
#include "net/loop.h"

struct line {
	struct loop	*loop;
	struct line_plan plan;
	line_done	*done;
	void		*arg;
	struct dial	*dial;
	uv_poll_t	*poll;
	int		 fd;
	struct deadline	 deadline;
	unsigned	 redials;
	uint8_t		 out[LIMIT_TALK_ASK];
	size_t		 out_len, sent;
	uint8_t		*in;		/* grows up to LIMIT_TALK_BYTES */
	size_t		 in_len, in_cap;
};

static void dial_again(struct line *);
static void hear(struct line *, const char *ended_by);
static void watch(struct line *);

static void
on_closed(uv_handle_t *h)
{
	free(h);
}

static void
hang_up(struct line *k)
{
	if (k->poll != NULL)
		uv_close((uv_handle_t *)k->poll, on_closed);
	k->poll = NULL;
	dial_close(k->fd, 1);
	k->fd = -1;
	k->in_len = k->out_len = k->sent = 0;
	loop_deadline_cancel(k->loop, &k->deadline);
}

static void
release(struct line *k)
{
	hang_up(k);
	if (k->dial != NULL)
		dial_cancel(k->dial);
	free(k->in);
	free(k);
}

static void
finish(struct line *k, const char *stage, const char *reason, const char *detail)
{
	line_done *done = k->done;
	void *arg = k->arg;

	release(k);
	done(arg, stage, reason, detail);
}

static void
on_late(void *arg)
{
	hear(arg, "timeout");
}

/* Write the next message, if the probe has one, and wait for the answer. */
static void
ask(struct line *k)
{
	struct wr w = wr_init(k->out, sizeof(k->out));

	k->plan.probe->ask(k->plan.talk, &w);
	k->out_len = w.full ? 0 : w.len;
	k->sent = 0;
	if (k->out_len > 0)
		++*k->plan.messages;
	loop_deadline(k->loop, &k->deadline, k->plan.reply_ms, on_late, k);
	watch(k);
}

static void
hear(struct line *k, const char *ended_by)
{
	struct talk *t = k->plan.talk;

	for (;;) {
		struct rd r = rd_init(k->in, k->in_len);
		enum heard heard;

		t->ended_by = ended_by;
		t->now = (int64_t)time(NULL);
		heard = k->plan.probe->hear(t, &r, ended_by[0] != '\0');
		switch (heard) {
		case HEARD_PART:
			if (ended_by[0] != '\0')
				finish(k, "read", ended_by, "");
			return;
		case HEARD_DONE:
			finish(k, "", "", "");
			return;
		case HEARD_BAD:
			finish(k, "read", "wrong-protocol", "");
			return;
		case HEARD_REDIAL:
			hang_up(k);
			dial_again(k);
			return;
		case HEARD_NEXT:
			if (ended_by[0] != '\0') {
				finish(k, "read", ended_by, "");
				return;
			}
			memmove(k->in, k->in + (k->in_len - r.len), r.len);
			k->in_len = r.len;
			ask(k);
			if (k->in_len == 0 || k->out_len > 0)
				return;
		}
	}
}

static void
receive(struct line *k)
{
	ssize_t n;

	if (k->in_cap - k->in_len < 2048) {
		k->in_cap = k->in_cap != 0 ? k->in_cap * 2 : 4096;
		k->in = text_grow(k->in, k->in_cap, 1);
	}
	n = recv(k->fd, k->in + k->in_len, k->in_cap - k->in_len, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		hear(k, dial_reason(errno));
		return;
	}
	k->in_len += (size_t)n;
	hear(k, n == 0 ? "close" : k->in_len > LIMIT_TALK_BYTES ? "limit" : "");
}

static void
transmit(struct line *k)
{
	ssize_t n = send(k->fd, k->out + k->sent, k->out_len - k->sent, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		hear(k, dial_reason(errno));
		return;
	}
	if (n > 0)
		k->sent += (size_t)n;
	watch(k);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct line *k = poll->data;

	if (status < 0 || (events & UV_READABLE))
		receive(k);
	else if (events & UV_WRITABLE)
		transmit(k);
}

static void
watch(struct line *k)
{
	uv_poll_start(k->poll, UV_READABLE | (k->sent < k->out_len ? UV_WRITABLE : 0), on_poll);
}

static void
on_dialled(void *arg, int fd, const char *reason, const char *detail)
{
	struct line *k = arg;

	k->dial = NULL;
	if (fd < 0) {
		/* The first connection's failure is the line's; a later one is news for the probe. */
		if (k->redials == 0)
			finish(k, "connect", reason, detail);
		else
			hear(k, reason);
		return;
	}
	++*k->plan.connections;
	k->fd = fd;
	k->poll = text_alloc(sizeof(*k->poll));
	if (uv_poll_init_socket(loop_uv(k->loop), k->poll, fd) != 0) {
		free(k->poll);
		k->poll = NULL;
		finish(k, "connect", "local", "no room for another socket");
		return;
	}
	k->poll->data = k;
	ask(k);
}

static void
start_dial(struct line *k)
{
	k->dial = dial_start(k->loop, &k->plan.addr, k->plan.port, k->plan.connect_ms, on_dialled, k);
}

static void
dial_again(struct line *k)
{
	if (++k->redials > LIMIT_TALK_REDIALS)
		finish(k, "limit", "redials", "");
	else
		start_dial(k);
}

struct line *
line_start(struct loop *loop, const struct line_plan *plan, line_done *done, void *arg)
{
	struct line *k = text_alloc(sizeof(*k));

	k->loop = loop;
	k->plan = *plan;
	k->done = done;
	k->arg = arg;
	k->fd = -1;
	start_dial(k);
	return k;
}

void
line_cancel(struct line *k)
{
	release(k);
}
