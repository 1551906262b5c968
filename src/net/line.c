/*
 * line.c - runs one raw talk of a wire probe on the network, inside TLS from
 * the start or from where the probe asks for it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <uv.h>

#include "base/limits.h"
#include "base/text.h"
#include "net/dial.h"
#include "net/line_inner.h"
#include "net/secure.h"
#include "obs.h"

static void watch(struct line *);
static void on_late(void *);

static void
on_closed(uv_handle_t *h)
{
	free(h);
}

static void
hang_up(struct line *k)
{
	bool was = k->fd >= 0;

	if (k->poll != NULL)
		uv_close((uv_handle_t *)k->poll, on_closed);
	k->poll = NULL;
	dial_close(k->fd, 1);
	k->fd = -1;
	secure_free(k->tls);
	k->tls = NULL;
	k->shaking = k->plan.talk->secure = false;
	cert_sent_free(&k->chain);
	k->in_len = k->wire_len = k->sent = 0;
	loop_deadline_cancel(k->loop, &k->deadline);
	k->answered = false;
	if (was)
		line_step(k, LINE_ENDS);
}

void
line_cancel(struct line *k)
{
	hang_up(k);
	if (k->next >= 0 && k->plan.spare != NULL && *k->plan.spare < 0) {
		*k->plan.spare = k->next;
		k->next = -1;
	}
	line_dial_stop(k);
	free(k->in);
	free(k);
}

void
line_finish(struct line *k, const char *stage, const char *reason, const char *detail)
{
	line_done *done = k->done;
	void *arg = k->arg;
	char words[256];

	(void)snprintf(words, sizeof(words), "%s", detail);	/* may belong to the line */
	line_cancel(k);
	done(arg, stage, reason, words);
}

/* What TLS wants to send goes out as far as there is room. */
static void
fill_wire(struct line *k)
{
	if (k->sent == k->wire_len)
		k->sent = k->wire_len = 0;
	if (k->tls != NULL)
		k->wire_len += secure_drain(k->tls, k->wire + k->wire_len,
		    sizeof(k->wire) - k->wire_len);
}

/* Write the next message, if the probe has one, and wait for the answer. */
static void
ask(struct line *k)
{
	uint8_t out[LIMIT_TALK_ASK];
	struct wr w = wr_init(out, sizeof(out));

	k->plan.probe->ask(k->plan.talk, &w);
	k->asked = loop_now(k->loop);
	if (!w.full && w.len > 0) {
		++*k->plan.messages;
		if (k->tls != NULL) {
			(void)secure_write(k->tls, out, w.len);
		} else if (sizeof(k->wire) - k->wire_len >= w.len) {
			memcpy(k->wire + k->wire_len, out, w.len);
			k->wire_len += w.len;
		}
	}
	fill_wire(k);
	loop_deadline(k->loop, &k->deadline, k->plan.reply_ms, on_late, k);
	watch(k);
	line_dial_ahead(k);
}

/* Begin a handshake; what the peer said too early in the clear is dropped. */
static bool
start_tls(struct line *k)
{
	k->in_len = 0;
	k->tls = secure_new(k->plan.talk->host, k->plan.talk->sigalgs, &k->chain);
	if (k->tls == NULL) {
		line_finish(k, "tls", "local", "no room for a TLS session");
		return false;
	}
	k->shaking = true;
	k->asked = loop_now(k->loop);
	(void)secure_shake(k->tls);
	fill_wire(k);
	loop_deadline(k->loop, &k->deadline, k->plan.reply_ms, on_late, k);
	watch(k);
	return true;
}

void
line_step(struct line *k, enum line_step step)
{
	if (k->plan.step != NULL)
		k->plan.step(k->arg, step);
}

bool
line_speak(struct line *k)
{
	line_step(k, LINE_SPEAKS);
	if (k->plan.probe->flags & PROBE_TLS)
		return start_tls(k);
	ask(k);
	return true;
}

/* Let the probe judge what is there; true: and once more, there is a rest. */
static bool
judge(struct line *k, const char *ended_by)
{
	struct talk *t = k->plan.talk;
	struct rd r = rd_init(k->in, k->in_len);
	bool ended = ended_by[0] != '\0';

	t->ended_by = ended_by;
	t->crowd = ended && k->plan.crowd != NULL ? k->plan.crowd(k->arg) : CROWD_NONE;
	t->now = (int64_t)time(NULL);
	t->waited_ms = (int64_t)(loop_now(k->loop) - k->asked);
	switch (k->plan.probe->hear(t, &r, ended)) {
	case HEARD_PART:
		if (ended)
			line_finish(k, k->shaking ? "tls" : "read", ended_by,
			    k->tls != NULL ? secure_why(k->tls) : "");
		return false;
	case HEARD_DONE:
		line_finish(k, "", "", "");
		return false;
	case HEARD_BAD:
		line_finish(k, "read", "wrong-protocol", "");
		return false;
	case HEARD_REDIAL:
		hang_up(k);
		line_dial_again(k);
		return false;
	case HEARD_STARTTLS:
		if (ended || k->tls != NULL)
			line_finish(k, "tls", ended ? ended_by : "wrong-protocol", "");
		else {
			t->early = r.len > 0;
			(void)start_tls(k);
		}
		return false;
	case HEARD_NEXT:
		break;
	}
	if (ended) {
		line_finish(k, "read", ended_by, "");
		return false;
	}
	memmove(k->in, k->in + (k->in_len - r.len), r.len);
	k->in_len = r.len;
	ask(k);
	return k->in_len > 0;
}

void
line_hear(struct line *k, const char *ended_by)
{
	while (judge(k, ended_by))
		;
}

static void
on_late(void *arg)
{
	line_hear(arg, "timeout");
}

static void
make_room(struct line *k)
{
	if (k->in_cap - k->in_len >= 2048)
		return;
	k->in_cap = k->in_cap != 0 ? k->in_cap * 2 : 4096;
	k->in = text_grow(k->in, k->in_cap, 1);
}

/* The handshake is over: what it told, and then the probe's turn; false: the line is finished. */
static bool
on_secured(struct line *k)
{
	struct talk *t = k->plan.talk;
	char version[32], cipher[96];

	k->shaking = false;
	t->secure = true;
	if (k->chain.n > 0) {
		cert_note(t->obs, t->at, t->probe, &k->chain, t->host, t->roots,
		    (int64_t)time(NULL));
		cert_note_staple(t->obs, t->at, t->probe, &k->chain, t->roots, (int64_t)time(NULL));
	}
	if (k->plan.probe->ask == NULL) {
		line_finish(k, "", "", "");
		return false;
	}
	secure_tell(k->tls, version, sizeof(version), cipher, sizeof(cipher));
	obs_text(t->obs, FACT_TLS_VERSION, t->at, t->probe, version, "");
	obs_text(t->obs, FACT_TLS_CIPHER, t->at, t->probe, cipher, "");
	ask(k);
	return true;
}

/* Bytes of the peer, still encrypted. */
static void
receive_tls(struct line *k, const void *p, size_t n, const char *ended_by)
{
	enum secure_state state = SECURE_MORE;
	size_t got = 0;

	secure_feed(k->tls, p, n);
	if (k->shaking) {
		state = secure_shake(k->tls);
		fill_wire(k);
		if (state == SECURE_DONE) {
			if (!on_secured(k))
				return;		/* else on, to read what came behind it */
		} else if (state != SECURE_MORE || ended_by[0] != '\0') {
			line_hear(k, state == SECURE_FAILED ? "handshake-failed" : ended_by[0] != '\0' ?
			    ended_by : "close");
			return;
		} else {
			watch(k);
			return;
		}
	}
	do {
		make_room(k);
		state = secure_read(k->tls, k->in + k->in_len, k->in_cap - k->in_len, &got);
		k->in_len += got;
	} while (state == SECURE_DONE && k->in_len <= LIMIT_TALK_BYTES);
	fill_wire(k);
	watch(k);
	if (k->in_len > LIMIT_TALK_BYTES)
		ended_by = "limit";
	else if (ended_by[0] == '\0' && state != SECURE_MORE)
		ended_by = state == SECURE_END ? "close" : "reset";
	if (k->in_len > 0 || ended_by[0] != '\0')
		line_hear(k, ended_by);
}

static void
receive(struct line *k)
{
	uint8_t sealed[16384];
	const char *ended_by;
	ssize_t n;

	make_room(k);
	n = k->tls != NULL ? recv(k->fd, sealed, sizeof(sealed), 0) :
	    recv(k->fd, k->in + k->in_len, k->in_cap - k->in_len, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && !k->answered)
		line_step(k, LINE_IS_ANSWERED);
	k->answered = k->answered || n > 0;
	ended_by = n < 0 ? dial_reason(errno) : n == 0 ? "close" : "";
	if (k->tls != NULL) {
		receive_tls(k, sealed, n > 0 ? (size_t)n : 0, ended_by);
		return;
	}
	k->in_len += n > 0 ? (size_t)n : 0;
	line_hear(k, k->in_len > LIMIT_TALK_BYTES ? "limit" : ended_by);
}

static void
transmit(struct line *k)
{
	ssize_t n = send(k->fd, k->wire + k->sent, k->wire_len - k->sent, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		line_hear(k, dial_reason(errno));
		return;
	}
	if (n > 0)
		k->sent += (size_t)n;
	fill_wire(k);
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
	uv_poll_start(k->poll, UV_READABLE | (k->sent < k->wire_len ? UV_WRITABLE : 0), on_poll);
}

struct line *
line_start(struct loop *loop, const struct line_plan *plan, line_done *done, void *arg)
{
	struct line *k = text_alloc(sizeof(*k));

	k->loop = loop;
	k->plan = *plan;
	k->done = done;
	k->arg = arg;
	k->fd = k->next = -1;
	line_dial_first(k);
	return k;
}
