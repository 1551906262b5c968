/* line_dial.c - the connections of a line: the first, the next ones, and those dialled ahead. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/limits.h"
#include "base/text.h"
#include "net/dial.h"
#include "net/line_inner.h"
#include "probe.h"

enum {
	LINE_FRESH_MS = 1000,	/* a peer may have hung up on a socket that waited longer */
	LINE_TRIES = 3,		/* where no connection is to be had in a crowd */
	LINE_REST_MS = 60,	/* before each */
};

void
line_dial_stop(struct line *k)
{
	if (k->dial != NULL)
		dial_cancel(k->dial);
	k->dial = NULL;
	k->ahead = false;
	if (k->next >= 0)
		line_step(k, LINE_ENDS);
	dial_close(k->next, 1);
	k->next = -1;
}

/* A connected socket becomes the line's; false: no room, and the socket is closed. */
static bool
adopt(struct line *k, int fd)
{
	k->fd = fd;
	k->poll = text_alloc(sizeof(*k->poll));
	if (uv_poll_init_socket(loop_uv(k->loop), k->poll, fd) != 0) {
		free(k->poll);
		k->poll = NULL;
		dial_close(fd, 1);
		k->fd = -1;
		return false;
	}
	k->poll->data = k;
	return true;
}

/* False: the line is finished. */
static bool
talk_on(struct line *k, int fd)
{
	if (adopt(k, fd))
		return line_speak(k);
	line_finish(k, "connect", "local", "no room for another socket");
	return false;
}

static void go_on(struct line *);

/*
 * No connection was to be had.  Beside others that may be for their sake, and
 * says nothing: once more when fewer are open, and a moment later.
 */
static void
dial_failed(struct line *k, const char *reason, const char *detail)
{
	if (k->refused < LINE_TRIES && k->plan.crowd != NULL && k->plan.crowd(k->arg) == CROWD_MANY) {
		k->refused++;
		k->pause = LINE_REST_MS;
		k->company = k->company == COMPANY_ANY ? COMPANY_PROVEN : k->company;
		go_on(k);
		return;
	}
	/* The first connection's failure is the line's; a later one is news for the probe. */
	if (k->redials == 0)
		line_finish(k, "connect", reason, detail);
	else
		line_hear(k, reason);
}

static void
on_dialled(void *arg, int fd, const char *reason, const char *detail)
{
	struct line *k = arg;

	k->dial = NULL;
	if (k->ahead) {
		k->ahead = false;
		k->next = fd;		/* when it failed, it is dialled again in its turn */
		k->next_since = loop_now(k->loop);
		*k->plan.connections += fd >= 0;
		return;
	}
	if (fd < 0) {
		dial_failed(k, reason, detail);
		return;
	}
	k->plan.talk->limited = k->plan.talk->limited || k->refused > 0;
	k->refused = 0;
	++*k->plan.connections;
	(void)talk_on(k, fd);
}

static void
start_dial(struct line *k)
{
	line_step(k, k->ahead ? LINE_AHEAD : LINE_DIALS);
	k->dial = dial_start(k->loop, &k->plan.addr, k->plan.port, k->plan.connect_ms, on_dialled, k);
}

void
line_dial_first(struct line *k)
{
	if (k->plan.fd >= 0 && adopt(k, k->plan.fd))
		(void)line_speak(k);
	else
		start_dial(k);
}

/* The line has a talk to finish first; the handshake of the next one goes on beside it. */
void
line_dial_ahead(struct line *k)
{
	if (k->dial != NULL || k->next >= 0)
		return;
	if (k->plan.spare != NULL && *k->plan.spare >= 0) {
		k->next = *k->plan.spare;
		k->next_since = loop_now(k->loop);
		*k->plan.spare = -1;
		return;
	}
	if (k->plan.may_dial_ahead == NULL || !k->plan.may_dial_ahead(k->arg))
		return;
	k->ahead = true;
	start_dial(k);
}

/* What was dialled ahead, if the peer has not ended it since (nobody spoke on it); else -1. */
static int
take_next(struct line *k)
{
	int fd = k->next;
	char byte;

	k->next = -1;
	if (fd < 0 || (loop_now(k->loop) - k->next_since <= LINE_FRESH_MS &&
	    recv(fd, &byte, 1, MSG_PEEK) < 0 && errno == EAGAIN))
		return fd;
	dial_close(fd, 1);
	return -1;
}

static void
on_rested(void *arg)
{
	struct line *k = arg;

	k->rests = false;
	start_dial(k);
}

/* The company has room for it: after the pause that was asked for. */
static void
go_on(struct line *k)
{
	k->waits = k->plan.may_dial != NULL && !k->plan.may_dial(k->arg, k->company);
	if (k->waits)
		return;
	if (k->pause == 0) {
		start_dial(k);
		return;
	}
	loop_deadline(k->loop, &k->deadline, k->pause, on_rested, k);
	k->rests = true;
	k->pause = 0;
}

/* What is ready may not be used when the probe wants to wait, or the others have to. */
static bool
is_held(const struct line *k)
{
	return k->pause > 0 || k->company != COMPANY_ANY ||
	    (k->plan.may_dial != NULL && !k->plan.may_dial(k->arg, COMPANY_ANY));
}

/* At once, or when the probe wants it; false: the line is finished. */
static bool
find_next(struct line *k)
{
	struct talk *t = k->plan.talk;
	int fd;

	k->pause = t->pause_ms;
	k->company = t->company;
	t->pause_ms = 0;
	t->company = COMPANY_ANY;
	if (++k->redials > LIMIT_TALK_REDIALS) {
		line_finish(k, "limit", "redials", "");
		return false;
	}
	if (is_held(k)) {
		line_dial_stop(k);
		go_on(k);
	} else if ((fd = take_next(k)) >= 0) {
		line_step(k, LINE_TAKES);
		return talk_on(k, fd);
	} else if (k->ahead) {
		k->ahead = false;	/* on its way, and no longer ahead */
		line_step(k, LINE_TAKES);
	} else
		start_dial(k);
	return true;
}

/* It has what it needs first; then the others may look what is left. */
void
line_dial_again(struct line *k)
{
	if (find_next(k) && k->plan.moved != NULL)
		k->plan.moved(k->arg);
}

/* Instead of a connection that is still on its way, one that another line left. */
static void
take_spare(struct line *k)
{
	int fd;

	k->next = *k->plan.spare;
	k->next_since = loop_now(k->loop);
	*k->plan.spare = -1;
	fd = take_next(k);
	if (fd < 0 || !adopt(k, fd))
		return;			/* its own will come */
	dial_cancel(k->dial);
	k->dial = NULL;
	line_step(k, LINE_TAKES);
	(void)line_speak(k);
}

void
line_look_ahead(struct line *k)
{
	if (k->waits)
		go_on(k);
	else if (k->fd >= 0)
		line_dial_ahead(k);
	else if (k->dial != NULL && k->plan.spare != NULL && *k->plan.spare >= 0)
		take_spare(k);
}

bool
line_is_ahead(const struct line *k)
{
	return k->ahead || k->next >= 0;
}

bool
line_is_connected(const struct line *k)
{
	return k->fd >= 0;
}

bool
line_is_alive(const struct line *k)
{
	return k->fd >= 0 && dial_is_alive(k->fd);
}

bool
line_has_next(const struct line *k)
{
	return k->next >= 0 && dial_is_alive(k->next);
}

bool
line_is_dialling(const struct line *k)
{
	return k->dial != NULL && !k->ahead;
}

enum company
line_company(const struct line *k)
{
	return k->company;
}

bool
line_waits(const struct line *k)
{
	return k->waits;
}

bool
line_rests(const struct line *k)
{
	return k->rests;
}
