/* text_test.c - text helpers against literal cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"

static void
printable_cases(void **state)
{
	static const struct { const char *in; size_t len; const char *out; } cases[] = {
#define IN(s) (s), sizeof(s) - 1
		{ IN(""), "" },
		{ IN("plain"), "plain" },
		{ IN("back\\slash"), "back\\slash" },
		{ IN("a\0b\x1b[31m\x7f"), "a\\x00b\\x1b[31m\\x7f" },
		{ IN("gr\xc3\xbc\xc3\x9f" "e"), "gr\xc3\xbc\xc3\x9f" "e" },
		{ IN("\xc3"), "\\xc3" },			/* cut */
		{ IN("\xc0\xaf"), "\\xc0\\xaf" },		/* overlong */
		{ IN("\xed\xa0\x80"), "\\xed\\xa0\\x80" },	/* surrogate */
		{ IN("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" },
		{ IN("\xc2\x9b"), "\\xc2\\x9b" },		/* C1 */
		{ IN("\xe2\x80\xae"), "\\xe2\\x80\\xae" },	/* RLO */
		{ IN("\xf0\x9f\x93\xac"), "\xf0\x9f\x93\xac" },
#undef IN
	};
	char out[128];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(text_printable(out, sizeof(out), cases[i].in, cases[i].len));
		assert_string_equal(out, cases[i].out);
	}
}

static void
printable_caps(void **state)
{
	char out[6];

	(void)state;
	assert_false(text_printable(out, sizeof(out), "abcdefgh", 8));
	assert_string_equal(out, "abcde");
	assert_false(text_printable(out, sizeof(out), "abc\xc3\xbc\xc3\xbc", 7));
	assert_string_equal(out, "abc\xc3\xbc");
	assert_false(text_printable(out, sizeof(out), "ab\x01", 3));
	assert_string_equal(out, "ab");		/* never half an escape */
}

static void
numbers(void **state)
{
	static const char *const bad[] = { "", " 1", "1 ", "+1", "1x", "0x1", "-", "99", "9999999999999999999" };
	int64_t v = -7;

	(void)state;
	assert_true(text_number("42", 0, 50, &v));
	assert_int_equal(v, 42);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_number(bad[i], 0, 50, &v));
	assert_int_equal(v, 42);
}

static void
searches(void **state)
{
	(void)state;
	assert_true(text_eq_nocase("X-OWA-Version", "x-owa-version"));
	assert_false(text_eq_nocase("X-OWA-Version", "x-owa-versio"));
	assert_string_equal(text_find_nocase("see /OWA/auth", 13, "/owa/"), "/OWA/auth");
	assert_null(text_find_nocase("see /OW", 7, "/owa/"));
}

static void
lists(void **state)
{
	(void)state;
	assert_true(text_lists("owa,ews,mapi", "owa", ','));
	assert_true(text_lists("owa,ews,mapi", "ews", ','));
	assert_true(text_lists("owa-service,owa", "owa", ','));
	assert_true(text_lists("SE", "SE", ' '));
	assert_false(text_lists("owa-service,mapi", "owa", ','));
	assert_false(text_lists("preowa,mapi", "owa", ','));
	assert_false(text_lists("owa ews", "owa", ','));
	assert_false(text_lists("owa,,ews", "", ','));
	assert_false(text_lists("", "owa", ','));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printable_cases), cmocka_unit_test(printable_caps),
		cmocka_unit_test(numbers), cmocka_unit_test(searches), cmocka_unit_test(lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
