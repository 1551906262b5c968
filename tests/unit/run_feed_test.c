/*
 * run_feed_test.c - who reads targets wakes the workers before they can see the end;
 * a short list is read before they start.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "config.h"
#include "run_feed.h"
#include "target.h"

static const struct timespec moment = { .tv_nsec = 20 * 1000000L };

struct workers {
	atomic_bool	 gone, bad;
	atomic_int	 woken;
};

/* A wake that takes its time: what it wakes must be there still, afterwards too. */
static void
slow_wake(void *arg)
{
	struct workers *w = arg;

	(void)nanosleep(&moment, NULL);
	if (atomic_load(&w->gone))
		atomic_store(&w->bad, true);
	atomic_fetch_add(&w->woken, 1);
}

/* Standard input is a pipe with two targets, and then ends. */
static void
fill_input(void)
{
	static const char two[] = "127.0.0.1\n127.0.0.2\n";
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], two, sizeof(two) - 1), (ssize_t)sizeof(two) - 1);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void
run(bool list, int64_t stop_after)
{
	struct config c = { 0 };
	char a[] = "127.0.0.1", b[] = "127.0.0.2", in[] = "-";
	char *operands[] = { list ? a : in, list ? b : NULL, NULL };
	struct target_source *source;
	struct workers w = { .gone = false };
	struct run_feed *f;
	struct target t;
	int64_t n = 0;
	int got;

	if (!list)
		fill_input();
	source = target_open(&c, operands);
	assert_non_null(source);
	f = run_feed_new(source, 0, slow_wake, &w);
	assert_non_null(f);
	while ((got = run_feed_take(f, &t)) >= 0)
		if (got == 1) {
			target_clear(&t);
			if (++n == stop_after)
				run_feed_stop(f);
		}
	atomic_store(&w.gone, true);
	(void)nanosleep(&moment, NULL);
	(void)nanosleep(&moment, NULL);
	run_feed_free(f);
	assert_int_equal(n, stop_after > 0 ? stop_after : 2);
	assert_false(atomic_load(&w.bad));
	/* Once at least, unless somebody else wakes; nobody has to wait for a list. */
	if (list)
		assert_int_equal(atomic_load(&w.woken), 0);
	else
		assert_true(stop_after > 0 || atomic_load(&w.woken) > 0);
	target_close(source);
}

static void
test_end(void **state)
{
	(void)state;
	run(false, 0);
	run(true, 0);
}

static void
test_stop(void **state)
{
	(void)state;
	run(false, 1);
	run(true, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_end), cmocka_unit_test(test_stop) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
