/* escape_test.c - one table of nasty strings through every leaf escaper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *in, *terminal, *csv, *plugin, *markup;
} cases[] = {
	{ "", "", "", "", "" },
	{ "plain", "plain", "plain", "plain", "plain" },
	{ "a b", "a b", "\"a b\"", "a b", "a b" },
	{ "a,b", "a,b", "\"a,b\"", "a,b", "a,b" },
	{ "a\"b", "a\"b", "\"a\"\"b\"", "a\"b", "a&quot;b" },
	{ "a\nb", "a\\x0ab", "a\\x0ab", "a\\x0ab", "a\\x0ab" },
	{ "\tx", "\\x09x", "\\x09x", "\\x09x", "\\x09x" },
	{ "\r=1", "\\x0d=1", "\\x0d=1", "\\x0d=1", "\\x0d=1" },
	{ "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"",
	    "=cmd/' /C calc'!A0", "=cmd|&#39; /C calc&#39;!A0" },
	{ "+1", "+1", "\"'+1\"", "+1", "+1" },
	{ "-1", "-1", "\"'-1\"", "-1", "-1" },
	{ "@SUM(1)", "@SUM(1)", "\"'@SUM(1)\"", "@SUM(1)", "@SUM(1)" },
	{ "  =1", "  =1", "\"'  =1\"", "  =1", "  =1" },
	{ "\"=1", "\"=1", "\"'\"\"=1\"", "\"=1", "&quot;=1" },
	{ "\xef\xbc\x9d" "1", "\xef\xbc\x9d" "1", "\"'\xef\xbc\x9d" "1\"", "\xef\xbc\x9d" "1",
	    "\xef\xbc\x9d" "1" },
	{ "a=b", "a=b", "a=b", "a=b", "a=b" },
	{ "<b>&", "<b>&", "<b>&", "(b)&", "&lt;b&gt;&amp;" },
	{ "$HOSTNAME$", "$HOSTNAME$", "$HOSTNAME$", "\\x24HOSTNAME\\x24", "$HOSTNAME$" },
	{ "`id`", "`id`", "`id`", "'id'", "&#96;id&#96;" },
	{ "\033[31m", "\\x1b[31m", "\\x1b[31m", "\\x1b[31m", "\\x1b[31m" },
	{ "\xc3\xbc", "\xc3\xbc", "\xc3\xbc", "\xc3\xbc", "\xc3\xbc" },
	{ "\xc3", "\\xc3", "\\xc3", "\\xc3", "\\xc3" },
	{ "\xe2\x80\xae" "x", "\\xe2\\x80\\xaex", "\\xe2\\x80\\xaex", "\\xe2\\x80\\xaex",
	    "\\xe2\\x80\\xaex" },
	{ "<\xef\xbf\xbf>", "<\xef\xbf\xbf>", "<\xef\xbf\xbf>", "(\xef\xbf\xbf)",
	    "&lt;\\xef\\xbf\\xbf&gt;" },
	{ "\xef\xbf\xbd", "\xef\xbf\xbd", "\xef\xbf\xbd", "\xef\xbf\xbd", "\xef\xbf\xbd" },
};

static void
check(void (*escape)(struct text_buf *, const char *), const char *in, const char *want)
{
	struct text_buf b = { 0 };

	text_buf_str(&b, "^");
	escape(&b, in);
	assert_string_equal(b.s + 1, want);
	text_buf_free(&b);
}

static void
all_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		check(escape_terminal, cases[i].in, cases[i].terminal);
		check(escape_csv, cases[i].in, cases[i].csv);
		check(escape_plugin, cases[i].in, cases[i].plugin);
		check(escape_markup, cases[i].in, cases[i].markup);
	}
}

/* Every byte and every pair behind a letter: nothing dangerous is left. */
static void
no_byte_gets_through(void **state)
{
	(void)state;
	for (int hi = 1; hi < 256; hi++)
		for (int lo = 1; lo < 256; lo++) {
			char in[] = { 'a', (char)hi, (char)lo, '\0' };
			struct text_buf b = { 0 };

			escape_plugin(&b, in);
			assert_null(strpbrk(b.s, "|<>$`\n\r\t\033\177"));
			text_buf_free(&b);
			escape_markup(&b, in);
			assert_null(strpbrk(b.s, "<>\"'`\n\r\t\033\177"));
			text_buf_free(&b);
		}
}

/* What was made printable once stays as it is: stored text reads back equal. */
static void
twice_is_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *once = escape_utf8(cases[i].in), *twice = escape_utf8(once);

		assert_string_equal(once, twice);
		free(once);
		free(twice);
	}
}

static void
test_markdown(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
		{ "http://x", "http&#58;//x" }, { "mailto:a@b", "mailto&#58;a&#64;b" },
		{ ":100:", "&#58;100:" }, { ":smile:", "&#58;smile:" },
		{ "missing: two", "missing: two" }, { "mail.example:8443", "mail.example:8443" },
		{ "[x](y): <b>", "\\[x\\](y): &lt;b&gt;" }, { "a:b:1", "a&#58;b:1" }, { ":", ":" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct text_buf out = { 0 };

		escape_markdown(&out, rows[i].in);
		assert_string_equal(out.s, rows[i].out);
		text_buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_cases), cmocka_unit_test(test_markdown),
		cmocka_unit_test(no_byte_gets_through),
		cmocka_unit_test(twice_is_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
