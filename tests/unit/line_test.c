/*
 * line_test.c - a raw talk that dials for its next connection while the answer
 * is on its way, against a server that counts and withholds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/addr.h"
#include "net/line.h"
#include "net/loop.h"

enum { TALKS = 4, PATIENCE = 20 };

/* ---- the server: a child that takes one connection after the other ---- */

enum manner {
	PLAIN,		/* reads a question, answers, and then takes the next connection */
	WITHHOLDS,	/* answers the first only when the second connection is there */
	HANGS_UP,	/* ... and ends that second one before it answers */
};

static void
answer(int fd, char number)
{
	char byte;

	if (read(fd, &byte, 1) != 1 || byte != 'q' || write(fd, &number, 1) != 1)
		_exit(1);
}

/* The exit status is the number of connections, or 1 for what must not be. */
static void
serve(int listener, enum manner manner)
{
	int next = -1, taken = 0;

	(void)alarm(PATIENCE);
	for (int i = 0; i < TALKS; i++) {
		int fd = next >= 0 ? next : accept(listener, NULL, NULL);

		taken += next < 0;
		next = -1;
		if (manner != PLAIN && i == 0) {
			next = accept(listener, NULL, NULL);	/* for ever, if nobody dials ahead */
			taken++;
		}
		if (next >= 0 && manner == HANGS_UP) {
			(void)close(next);
			next = -1;
		}
		answer(fd, (char)('0' + i));
		(void)close(fd);
	}
	_exit(100 + taken);
}

/* ---- the probe: one question and one answer a connection ---- */

struct heard_all {
	char	 text[TALKS + 1];
	size_t	 n;
	bool	 calm;
};

static void
ask(struct talk *t, struct wr *w)
{
	(void)t;
	wr_u8(w, 'q');
}

static enum heard
hear(struct talk *t, struct rd *in, bool ended)
{
	struct heard_all *all = t->state;

	if (ended)
		return HEARD_BAD;
	if (!rd_more(in))
		return HEARD_PART;
	all->text[all->n++] = (char)rd_u8(in);
	t->company = all->calm ? COMPANY_NONE : COMPANY_ANY;
	return all->n < TALKS ? HEARD_REDIAL : HEARD_DONE;
}

static const struct probe probe = { .name = "test", .ask = ask, .hear = hear };

/* ---- the line ---- */

struct run {
	struct loop	*loop;
	struct line	*line;
	bool		 may;
	unsigned	 asked, most;	/* for leave to dial ahead; connections held at a time */
	unsigned	 denied, waited;	/* leave to dial at all: so often not; looks while it waited */
	enum company	 company;	/* that it asked for then */
	struct deadline	 look;
	char		 stage[16], reason[32];
};

static bool
may_dial_ahead(void *arg)
{
	struct run *r = arg;

	r->asked++;
	return r->may;
}

static void
look_again(void *arg)
{
	struct run *r = arg;

	r->waited++;
	assert_true(line_waits(r->line));
	assert_false(line_is_connected(r->line) || line_is_dialling(r->line));
	line_look_ahead(r->line);
}

/* Not until it has been told to look again a few times. */
static bool
may_dial(void *arg, enum company c)
{
	struct run *r = arg;

	if (r->denied == 0)
		return true;
	r->company = c;
	r->denied--;
	loop_deadline(r->loop, &r->look, 1, look_again, r);
	return false;
}

static void
done(void *arg, const char *stage, const char *reason, const char *detail)
{
	struct run *r = arg;

	(void)detail;
	r->line = NULL;
	(void)snprintf(r->stage, sizeof(r->stage), "%s", stage);
	(void)snprintf(r->reason, sizeof(r->reason), "%s", reason);
	loop_stop(r->loop);
}

static void
on_turn(void *arg)
{
	struct run *r = arg;
	unsigned held = r->line != NULL ? 1u + line_is_ahead(r->line) : 0;

	r->most = held > r->most ? held : r->most;
}

static int
listen_somewhere(uint16_t *port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&sa, n) == 0 && listen(fd, 8) == 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &n), 0);
	*port = ntohs(sa.sin_port);
	return fd;
}

/* Connections that the server took; the talk must have gone well. */
static int
talk(enum manner manner, bool may, struct run *r, unsigned *counted)
{
	struct heard_all all = { .calm = r->denied > 0 };
	struct obs *o = obs_new();
	struct talk t = { .obs = o, .probe = "test", .at = "here", .host = "", .state = &all };
	struct line_plan plan = { .probe = &probe, .talk = &t, .fd = -1, .connect_ms = PATIENCE * 1000,
		.reply_ms = PATIENCE * 1000, .may_dial_ahead = may_dial_ahead,
		.may_dial = may_dial };
	unsigned messages = 0;
	int listener = listen_somewhere(&plan.port), status;
	pid_t child = fork();

	if (child == 0)
		serve(listener, manner);
	*counted = 0;
	plan.connections = counted;
	plan.messages = &messages;
	assert_true(addr_parse("127.0.0.1", &plan.addr));
	*r = (struct run){ .loop = loop_new(), .may = may, .denied = r->denied };
	loop_on_turn(r->loop, on_turn, r);
	r->line = line_start(r->loop, &plan, done, r);
	loop_run(r->loop);
	loop_free(r->loop);
	assert_int_equal(waitpid(child, &status, 0), child);
	(void)close(listener);
	obs_free(o);
	assert_string_equal(r->reason, "");
	assert_string_equal(all.text, "0123");
	assert_int_equal(messages, TALKS);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) >= 100);
	return WEXITSTATUS(status) - 100;
}

static void
one_after_the_other(void **state)
{
	struct run r = { .denied = 0 };
	unsigned counted;

	(void)state;
	assert_int_equal(talk(PLAIN, false, &r, &counted), TALKS);
	assert_int_equal(counted, TALKS);
	assert_int_equal(r.asked, TALKS);
	assert_int_equal(r.most, 1);
}

static void
ahead(void **state)
{
	struct run r = { .denied = 0 };
	unsigned counted;

	(void)state;
	assert_int_equal(talk(WITHHOLDS, true, &r, &counted), TALKS);
	/* The last talk's next one is dialled in vain. */
	assert_in_range(counted, TALKS, TALKS + 1);
	assert_int_equal(r.most, 2);
}

/* What the peer ended before anybody spoke on it is dialled again, and no answer. */
static void
hung_up(void **state)
{
	struct run r = { .denied = 0 };
	unsigned counted;

	(void)state;
	assert_int_equal(talk(HANGS_UP, true, &r, &counted), TALKS + 1);
	assert_in_range(counted, TALKS + 1, TALKS + 2);
}

/* Before its next connection it waits for the company that the probe asked for. */
static void
waits(void **state)
{
	struct run r = { .denied = 4 };
	unsigned counted;

	(void)state;
	assert_int_equal(talk(PLAIN, false, &r, &counted), TALKS);
	assert_int_equal(counted, TALKS);
	assert_int_equal(r.denied, 0);
	assert_true(r.waited >= 3);
	assert_int_equal(r.company, COMPANY_NONE);
	assert_int_equal(r.most, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(ahead),
		cmocka_unit_test(hung_up),
		cmocka_unit_test(waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
