/* replay_test.c - that the replay of byte conversations would notice a fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../talk/replay.h"

/* Two lines, then a fresh connection on which the peer hangs up. */
static void
toy_ask(struct talk *talk, struct wr *w)
{
	wr_str(w, talk->step == 0 ? "hello\n" : talk->step == 1 ? "more\n" : "again\n");
}

static enum heard
toy_hear(struct talk *talk, struct rd *in, bool ended)
{
	struct rd line;

	if (!rd_line(in, &line))
		return !ended ? HEARD_PART : talk->step == 2 ? HEARD_DONE : HEARD_BAD;
	obs_text_n(talk->obs, FACT_HTTP_TITLE, "peer", "toy", line.p, line.len, "");
	return ++talk->step < 2 ? HEARD_NEXT : HEARD_REDIAL;
}

/* Notes what it sees before the line is whole: the fault that pieces show. */
static enum heard
hasty_hear(struct talk *talk, struct rd *in, bool ended)
{
	obs_text_n(talk->obs, FACT_HTTP_TITLE, "peer", "toy", in->p, in->len, "");
	return memchr(in->p, '\n', in->len) != NULL || ended ? HEARD_DONE : HEARD_PART;
}

static const struct probe toy = { .name = "toy", .ask = toy_ask, .hear = toy_hear };
static const struct probe hasty = { .name = "toy", .ask = toy_ask, .hear = hasty_hear };

static size_t
notes(const struct probe *probe, size_t step, enum heard want, struct text_buf *sent)
{
	struct replay_line lines[2] = { { .hangup = false }, { .hangup = true } };
	struct talk talk = { .obs = obs_new(), .probe = "toy", .at = "peer", .ended_by = "" };
	size_t n;

	text_buf_str(&lines[0].bytes, "one\r\ntwo\n");
	assert_int_equal(replay_bytes(probe, &talk, lines, 2, step, sent), want);
	n = obs_count(talk.obs);
	text_buf_free(&lines[0].bytes);
	obs_free(talk.obs);
	return n;
}

static void
pieces(void **state)
{
	static const size_t steps[] = { 1, 3, SIZE_MAX / 2 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct text_buf sent = { 0 };

		assert_int_equal(notes(&toy, steps[i], HEARD_DONE, &sent), 2);
		assert_string_equal(sent.s, "hello\nmore\nagain\n");
		text_buf_free(&sent);
	}
}

static void
pieces_show_haste(void **state)
{
	struct text_buf sent = { 0 };

	(void)state;
	assert_int_equal(notes(&hasty, SIZE_MAX / 2, HEARD_DONE, &sent), 1);
	assert_int_equal(notes(&hasty, 1, HEARD_DONE, &sent), 5);
	text_buf_free(&sent);
}

/* The byte behind the end kills. */
static void
fence(void **state)
{
	int status = -1;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		const volatile uint8_t *p = replay_fenced("abc", 3);

		(void)signal(SIGSEGV, SIG_DFL);
		(void)signal(SIGBUS, SIG_DFL);
		if (p[0] == 'a' && p[2] == 'c')
			(void)p[3];
		_exit(0);
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
file_notices(void **state)
{
	char path[] = "/tmp/exvet-talk-XXXXXX";
	int fd = mkstemp(path);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
	struct text_buf why = { 0 };

	(void)state;
	assert_non_null(f);
	(void)fputs("probe health\n> GET /nowhere\n< HTTP/1.1 200 OK\n<\n< 200 OK<br/>EX01\n"
	    "end next\n= exchange.health down\n! exchange.mark health\n", f);
	(void)fclose(f);
	assert_int_equal(replay_file(path, &why), 4);
	(void)unlink(path);
	assert_non_null(strstr(why.s, "but was asked: GET /owa/healthcheck.htm"));
	assert_non_null(strstr(why.s, "the probe ended otherwise: done"));
	assert_non_null(strstr(why.s, "not noted: exchange.health down"));
	assert_non_null(strstr(why.s, "noted: exchange.mark health"));
	assert_non_null(strstr(why.s, "not expected: exchange.name.health EX01"));
	text_buf_free(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces), cmocka_unit_test(pieces_show_haste),
		cmocka_unit_test(fence), cmocka_unit_test(file_notices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
