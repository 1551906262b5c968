/*
 * replay.c - run a probe over bytes: fenced, in pieces, over several
 * connections.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/limits.h"
#include "replay.h"

#define FENCED	(LIMIT_HTTP_BODY * 2)	/* longest piece that is fenced */

const uint8_t *
replay_fenced(const void *p, size_t len)
{
	static uint8_t *end;

	if (end == NULL) {
		size_t page = (size_t)sysconf(_SC_PAGESIZE);
		size_t room = (FENCED + page - 1) / page * page;
		uint8_t *base = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
		    MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);

		if (base == MAP_FAILED || mprotect(base + room, page, PROT_NONE) != 0)
			abort();
		end = base + room;
	}
	if (len > FENCED)
		abort();
	if (len > 0)
		memmove(end - len, p, len);
	return end - len;
}

static void
say(const struct probe *probe, struct talk *talk, struct text_buf *sent)
{
	uint8_t out[LIMIT_TALK_ASK];
	struct wr w = wr_init(out, sizeof(out));

	probe->ask(talk, &w);
	if (w.full)
		abort();
	text_buf_add(sent, out, w.len);
}

/* TLS begins: in a talk that goes well, all the rest is said inside it. */
static enum heard
secure(const struct probe *probe, struct talk *talk, const struct replay_line *line,
    struct text_buf *sent)
{
	struct rd nothing = rd_init(replay_fenced("", 0), 0);

	if (!line->tls_fails && !talk->secure) {
		talk->secure = true;
		say(probe, talk, sent);
		return HEARD_NEXT;
	}
	talk->ended_by = "handshake-failed";
	return probe->hear(talk, &nothing, true);
}

/* Hear one connection; PART at its end means that the peer only waits. */
static enum heard
hear_line(const struct probe *probe, struct talk *talk, const struct replay_line *line,
    size_t step, struct text_buf *sent)
{
	size_t have = 0, used = 0;
	enum heard h = HEARD_PART;

	do {
		bool ended;

		have = have + step < line->bytes.len ? have + step : line->bytes.len;
		ended = line->hangup && have == line->bytes.len;
		talk->ended_by = !ended ? "" : line->ended_by != NULL ? line->ended_by : "close";
		do {
			struct rd in = rd_init(replay_fenced(line->bytes.len != 0 ?
			    line->bytes.s + used : "", have - used), have - used);

			h = probe->hear(talk, &in, ended);
			if (h == HEARD_NEXT || h == HEARD_STARTTLS)
				used = have - in.len;
			if (h == HEARD_NEXT)
				say(probe, talk, sent);
			else if (h == HEARD_STARTTLS)
				h = secure(probe, talk, line, sent);
		} while (h == HEARD_NEXT && (used < have || ended));
	} while ((h == HEARD_PART || h == HEARD_NEXT) && have < line->bytes.len);
	return h;
}

enum heard
replay_bytes(const struct probe *probe, struct talk *talk, const struct replay_line *lines,
    size_t nlines, size_t step, struct text_buf *sent)
{
	enum heard h = HEARD_PART;

	talk->state = text_alloc(probe->state_size);
	for (size_t i = 0; i < nlines; i++) {
		talk->secure = (probe->flags & PROBE_TLS) != 0;
		say(probe, talk, sent);
		h = hear_line(probe, talk, &lines[i], step, sent);
		if (h != HEARD_REDIAL)
			break;
	}
	free(talk->state);
	talk->state = NULL;
	return h;
}
