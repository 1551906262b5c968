/* build_number_test.c - build numbers and days: good ones, their bad twins, the order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "builds.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static void
parses(void **state)
{
	static const struct {
		const char	*in, *out;
		unsigned	 parts;
	} good[] = {
		{ "15.2.1748.39", "15.2.1748.39", 4 },
		{ "15.02.1258.028", "15.2.1258.28", 4 },
		{ "14.00.0536.000", "14.0.536.0", 4 },
		{ "15.2.1748", "15.2.1748", 3 },
		{ "15.1", "15.1", 2 },
		{ "0.0", "0.0", 2 },
		{ "99999.99999.99999.99999", "99999.99999.99999.99999", 4 },
		{ "00000015.2", "15.2", 2 },
	};
	char text[48];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct build_number n;

		assert_true(build_number_parse(good[i].in, &n));
		assert_int_equal(n.parts, good[i].parts);
		assert_string_equal(build_number_text(&n, text), good[i].out);
	}
}

static void
parses_bad(void **state)
{
	static const char *const bad[] = {
		"", "15", "15.", ".2", "15..2", "15.2.", "15.2.1748.39.1", "15.2.1748.39 ",
		" 15.2", "15,2", "15.2.1748.x", "-1.2", "+1.2", "15.100000", "15.4294967297",
		"15.000000002", "15.2\n", "0x0f.2", "CU15", "15.\xd9\xa2",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct build_number n = { .parts = 77 };

		assert_false(build_number_parse(bad[i], &n));
		assert_int_equal(n.parts, 77);
	}
}

static void
compares_numbers(void **state)
{
	/* Rising; as text 1913.10 would come before 1913.9. */
	static const char *const rising[] = {
		"6.5.7638", "8.3.83.6", "14.3.123.4", "15.0.1497.48", "15.1.1913.9",
		"15.1.1913.10", "15.1.2507.6", "15.2.221.12", "15.2.1748.9", "15.2.1748.10",
		"15.2.2562.17", "15.20.1.1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rising); i++)
		for (size_t j = 0; j < COUNT(rising); j++) {
			struct build_number a, b;
			int c;

			assert_true(build_number_parse(rising[i], &a));
			assert_true(build_number_parse(rising[j], &b));
			c = build_number_cmp(&a, &b);
			assert_int_equal((c > 0) - (c < 0), (i > j) - (i < j));
		}
}

static void
reads_days(void **state)
{
	static const struct {
		const char	*in;
		int32_t		 day;
	} good[] = {
		{ "1970-01-01", 0 }, { "1969-12-31", -1 }, { "2000-02-29", 11016 },
		{ "2024-02-29", 19782 }, { "2026-10-13", 20739 }, { "2100-12-31", 47846 },
		{ "0001-01-01", -719162 }, { "9999-12-31", 2932896 },
	};
	static const char *const bad[] = {
		"", "2026-10-1", "2026-10-132", "2026-13-01", "2026-00-10", "2026-10-00",
		"2026-10-32", "2025-02-29", "1900-02-29", "2026-04-31", "2026/10/13",
		"26-10-13", "2026-1x-13", "0000-01-01", " 2026-10-13", "2026-10-13 ",
	};
	char text[11];
	int32_t day;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(builds_day_parse(good[i].in, &day));
		assert_int_equal(day, good[i].day);
		assert_string_equal(builds_day_text(day, text), good[i].in);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(builds_day_parse(bad[i], &day));
	assert_string_equal(builds_day_text(BUILDS_NO_DAY, text), "");
	assert_string_equal(builds_day_text(INT32_MAX, text), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses),
		cmocka_unit_test(parses_bad),
		cmocka_unit_test(compares_numbers),
		cmocka_unit_test(reads_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
