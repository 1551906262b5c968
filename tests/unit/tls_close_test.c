/* tls_close_test.c - what a connection that ends without a word says, by what else was open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "probe.h"
#include "probes/tls_close.h"

struct lane {
	struct talk	 t;
	struct tls_close c;
};

static struct lane
begin(void)
{
	return (struct lane){ .t = { .obs = obs_new(), .probe = "test", .at = "here" } };
}

static enum tls_close_says
closed(struct lane *l, enum crowd crowd, enum tls_close_weight weight)
{
	l->t.crowd = crowd;
	l->t.company = COMPANY_ANY;
	l->t.pause_ms = 0;
	return tls_close_heard(&l->c, &l->t, weight);
}

static void
end(struct lane *l, bool limits, bool drops)
{
	assert_int_equal(tls_close_limits(&l->t), limits);
	assert_int_equal(tls_close_drops(&l->t), drops);
	obs_free(l->t.obs);
}

static void
alone(void **state)
{
	struct lane l = begin();

	(void)state;
	assert_int_equal(closed(&l, CROWD_NONE, TLS_CLOSE_SETTLES), TLS_CLOSE_AGAIN);
	assert_int_equal(closed(&l, CROWD_SOME, TLS_CLOSE_SETTLES), TLS_CLOSE_REFUSED);
	assert_int_equal(closed(&l, CROWD_SOME, TLS_CLOSE_HALF), TLS_CLOSE_REFUSED);
	assert_int_equal(l.t.company, COMPANY_ANY);
	assert_int_equal(l.t.pause_ms, 0);
	assert_int_equal(closed(&l, CROWD_NONE, TLS_CLOSE_SETTLES), TLS_CLOSE_REFUSED);
	assert_int_equal(closed(&l, CROWD_NONE, TLS_CLOSE_REST), TLS_CLOSE_REFUSED);
	end(&l, false, false);
}

/* However often: in a crowd nothing is refused, and the next try has less company. */
static void
in_a_crowd(void **state)
{
	struct lane l = begin();

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(closed(&l, CROWD_MANY, TLS_CLOSE_SETTLES), TLS_CLOSE_AGAIN);
		assert_int_equal(l.t.company, COMPANY_PROVEN);
		assert_true(l.t.pause_ms > 0);
	}
	assert_int_equal(closed(&l, CROWD_NONE, TLS_CLOSE_SETTLES), TLS_CLOSE_REFUSED);
	end(&l, false, false);
}

/* A crowd that does not get smaller settles nothing either. */
static void
crowd_for_ever(void **state)
{
	struct lane l = begin();
	enum tls_close_says says = TLS_CLOSE_AGAIN;

	(void)state;
	for (int i = 0; i < 20 && says == TLS_CLOSE_AGAIN; i++)
		says = closed(&l, CROWD_MANY, TLS_CLOSE_SETTLES);
	assert_int_equal(says, TLS_CLOSE_DROPPED);
	end(&l, false, false);
}

/* It answered with less company: from there on one at a time, with pauses. */
static void
limited(void **state)
{
	struct lane l = begin();

	(void)state;
	assert_int_equal(closed(&l, CROWD_MANY, TLS_CLOSE_SETTLES), TLS_CLOSE_AGAIN);
	tls_close_answered(&l.c, &l.t);
	assert_true(tls_close_limits(&l.t));
	tls_close_next(&l.t);
	assert_int_equal(l.t.company, COMPANY_NONE);
	assert_true(l.t.pause_ms > 0);
	assert_int_equal(closed(&l, CROWD_SOME, TLS_CLOSE_SETTLES), TLS_CLOSE_AGAIN);
	assert_true(l.t.pause_ms > 0);
	assert_int_equal(closed(&l, CROWD_NONE, TLS_CLOSE_SETTLES), TLS_CLOSE_AGAIN);
	assert_int_equal(closed(&l, CROWD_NONE, TLS_CLOSE_SETTLES), TLS_CLOSE_REFUSED);
	/* It was late to see that one had ended. */
	assert_int_equal(closed(&l, CROWD_SOME, TLS_CLOSE_SETTLES), TLS_CLOSE_AGAIN);
	tls_close_answered(&l.c, &l.t);
	assert_false(tls_close_drops(&l.t));
	/* But not twice. */
	assert_int_equal(closed(&l, CROWD_SOME, TLS_CLOSE_SETTLES), TLS_CLOSE_AGAIN);
	assert_int_equal(closed(&l, CROWD_NONE, TLS_CLOSE_SETTLES), TLS_CLOSE_AGAIN);
	tls_close_answered(&l.c, &l.t);
	end(&l, true, true);
}

static void
drops(void **state)
{
	struct lane l = begin();
	int tries = 1;

	(void)state;
	assert_int_equal(closed(&l, CROWD_NONE, TLS_CLOSE_SETTLES), TLS_CLOSE_AGAIN);
	tls_close_answered(&l.c, &l.t);
	while (closed(&l, CROWD_NONE, TLS_CLOSE_SETTLES) == TLS_CLOSE_AGAIN)
		tries++;
	assert_int_equal(tries, 4);
	end(&l, false, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alone),
		cmocka_unit_test(in_a_crowd),
		cmocka_unit_test(crowd_for_ever),
		cmocka_unit_test(limited),
		cmocka_unit_test(drops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
