/* obs_test.c - noting, repeating, capping and sorting observations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "obs.h"

static void
notes_once(void **state)
{
	struct obs *o = obs_new();

	(void)state;
	for (int i = 0; i < 3; i++)
		obs_text(o, FACT_BUILD, "https://h/owa/", "owa", "15.2.1748.39", "X-OWA-Version: 15.2.1748.39");
	obs_text(o, FACT_BUILD, "https://h/ecp/", "ecp", "15.2.1748.39", "");
	obs_number(o, FACT_HTTP_STATUS, "https://h/owa/", "owa", 302, "");
	assert_int_equal(obs_count(o), 3);
	assert_string_equal(obs_first(o, FACT_BUILD)->at, "https://h/owa/");
	assert_string_equal(obs_next(o, obs_first(o, FACT_BUILD))->at, "https://h/ecp/");
	assert_null(obs_next(o, obs_next(o, obs_first(o, FACT_BUILD))));
	assert_int_equal(obs_first(o, FACT_HTTP_STATUS)->number, 302);
	assert_null(obs_first(o, FACT_HTTP_SERVER));
	assert_ptr_equal(obs_next_at(o, FACT_BUILD, "https://h/ecp/", NULL), obs_get(o, 1));
	assert_null(obs_next_at(o, FACT_BUILD, "https://h/ecp/", obs_get(o, 1)));
	assert_ptr_equal(obs_find_at(o, FACT_BUILD, "https://h/ecp/", "15.2.1748.39"), obs_get(o, 1));
	assert_null(obs_find_at(o, FACT_BUILD, "https://h/ecp/", "15.2.1748.3"));
	assert_null(obs_find_at(o, FACT_HTTP_STATUS, "https://h/owa/", "302"));	/* a number, no text */
	obs_free(o);
}

/* Whoever walks over what was noted may note more. */
static void
stays(void **state)
{
	struct obs *o = obs_new();
	const struct observation *first, *k;
	char at[32];
	size_t n = 0;

	(void)state;
	obs_number(o, FACT_HTTP_STATUS, "first", "p", 200, "");
	first = obs_first(o, FACT_HTTP_STATUS);
	for (k = first; k != NULL && n < 500; k = obs_next(o, k), n++) {
		(void)snprintf(at, sizeof(at), "%zu", n);
		obs_number(o, FACT_HTTP_STATUS, at, "p", 200, "");
		assert_int_equal(obs_index(o, k), n);
	}
	assert_int_equal(n, 500);
	assert_ptr_equal(first, obs_get(o, 0));
	assert_string_equal(first->at, "first");
	assert_string_equal(obs_get(o, 500)->at, "499");
	obs_free(o);
}

static void
sorts(void **state)
{
	struct obs *o = obs_new();

	(void)state;
	obs_text(o, FACT_BUILD, "b", "p", "1.2", "");
	obs_text(o, FACT_BUILD, "a", "p", "1.2", "");
	obs_number(o, FACT_HTTP_STATUS, "z", "p", 200, "");
	obs_sort(o);
	assert_int_equal(obs_get(o, 0)->fact, FACT_HTTP_STATUS);
	assert_string_equal(obs_get(o, 1)->at, "a");
	assert_string_equal(obs_get(o, 2)->at, "b");
	obs_free(o);
}

static void
caps(void **state)
{
	struct obs *o = obs_new();
	char at[32];
	static char big[LIMIT_OBS_TEXT * 2];

	(void)state;
	memset(big, 'a', sizeof(big) - 1);
	obs_text(o, FACT_HTTP_TITLE, "x", "p", big, "");
	assert_true(obs_capped(o));
	assert_int_equal(strlen(obs_first(o, FACT_HTTP_TITLE)->text), LIMIT_OBS_TEXT);
	for (int i = 0; i < LIMIT_OBSERVATIONS + 10; i++) {
		(void)snprintf(at, sizeof(at), "%d", i);
		obs_number(o, FACT_HTTP_STATUS, at, "p", 200, "");
	}
	assert_int_equal(obs_count(o), LIMIT_OBSERVATIONS);
	obs_free(o);
}

static void
names(void **state)
{
	enum fact f;

	(void)state;
	for (size_t i = 0; i < FACT_COUNT; i++) {
		assert_true(obs_fact_find(obs_fact((enum fact)i)->name, &f));
		assert_int_equal(f, i);		/* no two facts share a name */
	}
	assert_false(obs_fact_find("exchange.buil", &f));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes_once), cmocka_unit_test(stays), cmocka_unit_test(sorts),
		cmocka_unit_test(caps), cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
