/* progress_test.c - what a long scan says on stderr, by a clock of our own. */
#include "config-build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "progress.h"

/* 10 targets a second of 400, for so many seconds; what came on stderr. */
static char *
run(const char *when, int64_t seconds, uint64_t total)
{
	static char said[65536];
	char path[] = "progress-test-XXXXXX";
	int saved = dup(2), fd = mkstemp(path);
	struct progress *p;
	ssize_t n;

	assert_true(saved >= 0 && fd >= 0 && dup2(fd, 2) == 2);
	p = progress_start(when, 1000);
	for (int64_t ms = 0; ms <= seconds * 1000; ms += 100)
		progress_tick(p, 1000 + ms, &(struct progress_state){
			.done = (uint64_t)ms / 100, .flying = 7, .total = total });
	progress_stop(p);
	(void)fflush(stderr);
	assert_true(dup2(saved, 2) == 2);
	n = pread(fd, said, sizeof(said) - 1, 0);
	said[n > 0 ? n : 0] = '\0';
	(void)close(fd);
	(void)close(saved);
	(void)unlink(path);
	return said;
}

static void
plain_lines(void **state)
{
	(void)state;
	assert_string_equal(run("auto", 9, 400), "");
	assert_string_equal(run("auto", 25, 400),
	    "exvet: 100 of 400, 7 in flight, 10/s, about 31 s left\n"
	    "exvet: 200 of 400, 7 in flight, 10/s, about 21 s left\n");
	/* A list that still streams has no end to tell. */
	assert_string_equal(run("auto", 10, 0), "exvet: 100, 7 in flight, 10/s, 10 s\n");
}

static void
bar(void **state)
{
	const char *said = run("always", 20, 400);

	(void)state;
	assert_non_null(strstr(said, "\r\033[K[............"));
	assert_non_null(strstr(said, "[############............]  50 %  200 of 400, "));
	assert_string_equal(said + strlen(said) - 4, "\r\033[K");	/* nothing is left */
}

static void
silence(void **state)
{
	(void)state;
	assert_string_equal(run("never", 60, 400), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_lines), cmocka_unit_test(bar), cmocka_unit_test(silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
