/* tls_model_run.c - a probe's lanes against a TLS server made of a table: one after the other, or side by side. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tls_model.h"
#include "../talk/replay.h"

enum { LANES = 8, FASTEST = 3 };

/* One lane on its way. */
struct lane {
	struct talk	 talk;
	enum heard	 heard;		/* HEARD_REDIAL: there is another connection to make */
	bool		 waits;		/* it has not begun */
	unsigned	 redials;
};

static enum heard
hear_all(const struct probe *p, struct talk *t, const uint8_t *bytes, size_t len, bool closed,
    size_t step)
{
	enum heard h = HEARD_PART;

	for (size_t have = 0; h == HEARD_PART && have < len;) {
		have = have + step < len ? have + step : len;
		struct rd in = rd_init(replay_fenced(bytes, have), have);

		t->ended_by = "";
		h = p->hear(t, &in, false);
		if (h != HEARD_PART)
			assert_int_equal(in.len, 0);
	}
	if (h == HEARD_PART) {
		struct rd in = rd_init(replay_fenced(bytes, len), len);

		t->ended_by = closed ? "close" : "timeout";
		h = p->hear(t, &in, true);
	}
	return h;
}

/*
 * The plain talk in front: the model's line of that turn.  The client's words
 * must be those that the model waits for.
 */
static bool
speak(struct model *m, size_t turn, struct rd in, struct wr *w)
{
	if (turn == 0) {
		m->connections++;
		assert_int_equal(in.len, 0);
		if (m->busy > 0 && m->connections >= m->busy_from) {
			m->busy--;
			m->turned_away++;
			wr_str(w, "421 4.3.2 too many\r\n");
			return true;
		}
	} else {
		assert_int_equal(in.len, strlen(m->door[turn * 2 - 1]));
		assert_memory_equal(in.p, m->door[turn * 2 - 1], in.len);
	}
	wr_str(w, m->door[turn * 2]);
	return false;
}

/* One connection: ask and answer until the probe wants another, or no more. */
static enum heard
connection(struct model *m, const struct probe *p, struct talk *t, size_t step)
{
	enum heard h = HEARD_NEXT;

	for (size_t turn = 0; h == HEARD_NEXT; turn++) {
		uint8_t ask[LIMIT_TALK_ASK], reply[4096];
		struct wr a = wr_init(ask, sizeof(ask)), r = wr_init(reply, sizeof(reply));
		bool closed;

		p->ask(t, &a);
		assert_false(a.full);
		if (m->door[turn * 2] != NULL)
			closed = speak(m, turn, rd_init(ask, a.len), &r);
		else
			closed = tls_model_respond(m, rd_init(ask, a.len), &r);
		assert_false(r.full);
		h = hear_all(p, t, reply, r.len, closed, step);
	}
	return h;
}

static void
print(struct obs *o, struct text_buf *out)
{
	obs_sort(o);
	for (size_t i = 0; i < obs_count(o); i++) {
		const struct observation *k = obs_get(o, i);

		text_buf_str(out, obs_fact(k->fact)->name);
		if (k->text != NULL)
			text_buf_printf(out, "=%s\n", k->text);
		else
			text_buf_printf(out, "=%" PRId64 "\n", k->number);
	}
	for (size_t i = 0; i < obs_error_count(o); i++)
		text_buf_printf(out, "error=%s %s %s\n", obs_error_get(o, i)->stage,
		    obs_error_get(o, i)->reason, obs_error_get(o, i)->detail);
}

static void
step_lane(struct model *m, const struct probe *p, struct lane *l, size_t step)
{
	assert_true(l->redials++ < LIMIT_TALK_REDIALS);
	l->heard = connection(m, p, &l->talk, step);
	m->pauses += l->talk.pause_ms > 0;
	assert_true(l->talk.pause_ms == 0 || l->heard == HEARD_REDIAL);
	l->talk.pause_ms = 0;
	if (l->heard != HEARD_REDIAL)
		assert_true(l->heard == HEARD_DONE || l->heard == HEARD_BAD);
}

static void
begin_lane(const struct probe *p, struct lane *l)
{
	l->waits = false;
	if (p->take != NULL)
		p->take(&l->talk);
}

/* Far away lanes go side by side, at most one connection each a round, and some are slower. */
static void
run_far(struct model *m, const struct probe *p, struct lane *lanes, unsigned n, size_t step)
{
	bool more = true;

	for (m->rounds = 0; more; m->rounds++) {
		more = false;
		for (unsigned i = 0; i < n; i++) {
			struct lane *l = &lanes[i];

			if (l->waits && p->wants(&l->talk))
				begin_lane(p, l);
			else if (!l->waits && l->heard == HEARD_REDIAL &&
			    m->rounds % (1 + (i + 1) * m->pace % FASTEST) == 0)
				step_lane(m, p, l, step);
			more = more || (!l->waits && l->heard == HEARD_REDIAL);
		}
	}
}

void
tls_model_run(struct model *m, const struct probe *p, size_t step, struct text_buf *out)
{
	unsigned n = p->lanes > 1 ? p->lanes : 1;
	void *shared = m->far && p->shared_size > 0 ? text_alloc(p->shared_size) : NULL;
	struct obs *o = obs_new();
	struct lane lanes[LANES];

	assert_true(n <= LANES);
	memset(m->hellos, 0, sizeof(m->hellos));
	m->connections = m->pauses = m->turned_away = m->answers = m->rounds = m->met = 0;
	for (unsigned i = 0; i < n; i++) {
		lanes[i] = (struct lane){ .heard = HEARD_REDIAL, .talk = { .obs = o, .probe = p->name,
			.at = "model:443", .ended_by = "", .host = "mail.example.test", .lane = i,
			.deep = m->deep, .now = 1795000000, .shared = shared,
			.state = text_alloc(p->state_size) } };
		lanes[i].waits = p->wants != NULL && !p->wants(&lanes[i].talk);
		assert_true(shared != NULL || !lanes[i].waits);
		if (!lanes[i].waits)
			begin_lane(p, &lanes[i]);
		while (!m->far && lanes[i].heard == HEARD_REDIAL)
			step_lane(m, p, &lanes[i], step);
	}
	if (m->far)
		run_far(m, p, lanes, n, step);
	for (unsigned i = 0; i < n; i++)
		free(lanes[i].talk.state);
	free(shared);
	print(o, out);
	obs_free(o);
}

bool
tls_model_told(const struct text_buf *facts, const char *line, bool whole)
{
	size_t n = strlen(line);

	for (const char *p = facts->s; p != NULL && *p != '\0'; p = strchr(p, '\n') + 1)
		if (strncmp(p, line, n) == 0 && (!whole || p[n] == '\n'))
			return true;
	return false;
}
