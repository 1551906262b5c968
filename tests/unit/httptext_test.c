/* httptext_test.c - lists, builds, titles, dates and health pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "probes/health.h"
#include "wire/httpdate.h"
#include "wire/httptext.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
builds(void **state)
{
	static const struct {
		const char *in, *out;		/* out NULL: none */
	} cases[] = {
		{ "15.2.1748.39", "15.2.1748.39" }, { "15.02.1748.039", "15.2.1748.39" },
		{ "14.00.0536.000", "14.0.536.0" }, { "15.20.8890.21", "15.20.8890.21" },
		{ "8.3.83.4", "8.3.83.4" }, { "15.2.1748", "15.2.1748" }, { "15.1", "15.1" },
		{ "00000015.2", "15.2" }, { "99999.99999.99999.99999", "99999.99999.99999.99999" },
		/* bad twins */
		{ "15", NULL }, { "", NULL }, { "15.", NULL }, { "15.2.", NULL }, { ".15.2", NULL },
		{ "15..2", NULL }, { "15.2.1748.39.1", NULL }, { "15.2.1748.39 ", NULL },
		{ " 15.2", NULL }, { "15.2.100000.1", NULL }, { "15.2.1748.3x", NULL },
		{ "v15.2.1748", NULL }, { "-15.2", NULL }, { "15,2", NULL },
		{ "000000000000015.2", NULL }, { "15.2.99999999999999999999", NULL },
	};
	char out[HTTPTEXT_BUILD];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned parts = httptext_build(cases[i].in, strlen(cases[i].in), out);

		if ((parts != 0) != (cases[i].out != NULL))
			fail_msg("%s: %u parts", cases[i].in, parts);
		if (parts != 0)
			assert_string_equal(out, cases[i].out);
	}
}

static void
builds_in_text(void **state)
{
	static const struct {
		const char *in, *out;
		size_t used;
	} cases[] = {
		{ "15.2.1748/themes", "15.2.1748", 9 }, { "14.3.123.3/x", "14.3.123.3", 10 },
		{ "15.1.2176.9<br>", "15.1.2176.9", 11 }, { "15.2.1748\"", "15.2.1748", 9 },
		{ "15.2.1748b/", NULL, 0 }, { "15.2.1748.39.7/", NULL, 0 }, { "/15.2", NULL, 0 },
		{ "15.2.1748./", NULL, 0 },
	};
	char out[HTTPTEXT_BUILD];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t used = 0;
		unsigned parts = httptext_build_at(cases[i].in, strlen(cases[i].in), out, &used);

		if ((parts != 0) != (cases[i].out != NULL) || used != cases[i].used)
			fail_msg("%s: %u parts, %zu bytes", cases[i].in, parts, used);
		if (parts != 0)
			assert_string_equal(out, cases[i].out);
	}
}

static void
items(void **state)
{
	const char *rest = " MAIL , ,EX01,, EX02 ";
	struct httptext_span item;

	(void)state;
	assert_true(httptext_item(&rest, ',', &item));
	assert_true(item.len == 4 && memcmp(item.p, "MAIL", 4) == 0);
	assert_true(httptext_item(&rest, ',', &item));
	assert_true(item.len == 4 && memcmp(item.p, "EX01", 4) == 0);
	assert_true(httptext_item(&rest, ',', &item));
	assert_true(item.len == 4 && memcmp(item.p, "EX02", 4) == 0);
	assert_false(httptext_item(&rest, ',', &item));
	rest = " , ,";
	assert_false(httptext_item(&rest, ',', &item));
}

static void
titles(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "<html><TITLE>\r\n  Outlook \t Web App\n</TITLE>", "Outlook Web App" },
		{ "<title lang=\"en\">Outlook</title>", "Outlook" },
		{ "<title>never closed", "never closed" },
		{ "<title></title>", NULL }, { "<title", NULL }, { "title>x</title>", NULL },
		{ "<title>  \n</title>", NULL },
	};
	char out[32];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t n = httptext_title(cases[i].in, strlen(cases[i].in), out, sizeof(out));
		bool found = n > 0;

		if (found != (cases[i].out != NULL))
			fail_msg("%s", cases[i].in);
		if (found)
			assert_string_equal(out, cases[i].out);
	}
	assert_int_equal(httptext_title("<title>0123456789012345678901234567890123456789", 47, out,
	    sizeof(out)), sizeof(out) - 1);
	assert_int_equal(strlen(out), sizeof(out) - 1);
}

static void
dates(void **state)
{
	const int64_t now = 1700000000;			/* November 2023 */
	static const struct {
		const char *in;
		int64_t out;				/* -1: no date */
	} cases[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
		{ "Sun Nov  6 08:49:37 1994", 784111777 },
		{ "Wed Nov 16 08:49:37 1994", 784975777 },
		{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
		{ "Thu, 29 Feb 2024 12:00:00 GMT", 1709208000 },
		{ "Sat, 31 Dec 2016 23:59:60 GMT", 1483228800 },
		{ "Tuesday, 14-Nov-23 22:13:20 GMT", 1700000000 },
		/* bad twins */
		{ "Sun, 6 Nov 1994 08:49:37 GMT", -1 }, { "Sun, 06 Nov 1994 08:49:37 UTC", -1 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT ", -1 }, { "Sun, 06 Nov 1994 24:00:00 GMT", -1 },
		{ "Wed, 29 Feb 2023 12:00:00 GMT", -1 }, { "Sun, 00 Nov 1994 08:49:37 GMT", -1 },
		{ "Sun, 06 Nop 1994 08:49:37 GMT", -1 }, { "Sun, 06 Nov 94 08:49:37 GMT", -1 },
		{ "Sun, 06 Nov 1994 08:49 GMT", -1 }, { "", -1 }, { "0", -1 },
		{ "1994-11-06T08:49:37Z", -1 }, { "Sun Nov 6 08:49:37 1994", -1 },
		{ "Sun, 31 Apr 2022 08:49:37 GMT", -1 }, { "Thu, 01 Jan 0000 00:00:00 GMT", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t got = -1;

		if (!httpdate_parse(cases[i].in, now, &got))
			got = -1;
		if (got != cases[i].out)
			fail_msg("%s: %lld", cases[i].in, (long long)got);
	}
}

static void
health_bodies(void **state)
{
	static const struct {
		const char *body, *name;
	} cases[] = {
		{ "200 OK<br/>CAS02.corp.example.test", "CAS02.corp.example.test" },
		{ "200 OK<br/>MAIL\r\n", "MAIL" },
		{ "200 OK<br/>", NULL }, { "200 OK<br/>\r\n", NULL }, { "200 OK", NULL },
		{ "200 OK<br>MAIL", NULL }, { "<html>200 OK<br/>MAIL", NULL },
		{ "200 OK<br/>MAIL</html>", NULL }, { "200 OK<br/>a b", NULL }, { "", NULL },
		{ "200 ok<BR/>MAIL", "MAIL" }, { "503 OK<br/>MAIL", NULL },
		{ "\xef\xbb\xbf" "200 OK<br/>MAIL", "MAIL" }, { "\r\n 200 OK<br/>MAIL \t", "MAIL" },
		{ "\xef\xbb" "200 OK<br/>MAIL", NULL }, { "x 200 OK<br/>MAIL", NULL }, { "\xef\xbb\xbf", NULL },
	};
	const char *name;
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool found = health_server(cases[i].body, strlen(cases[i].body), &name, &n);

		if (found != (cases[i].name != NULL))
			fail_msg("%s", cases[i].body);
		if (found)
			assert_true(n == strlen(cases[i].name) && memcmp(name, cases[i].name, n) == 0);
	}
	assert_false(health_server("200 OK<br/>a\0b", 14, &name, &n));
}

static void
health_states(void **state)
{
	static const struct http_header iis = { "Server", "Microsoft-IIS/10.0" };
	static const struct http_header sys = { "server", "Microsoft-HTTPAPI/2.0" };
	static const struct {
		unsigned status;
		const struct http_header *header;
		const char *body, *state;
	} cases[] = {
		{ 200, &iis, "200 OK<br/>MAIL", "up" }, { 200, &iis, "hello", "unclear" },
		{ 200, NULL, "", "unclear" }, { 401, &iis, "", "asks-for-log-on" },
		{ 403, &iis, "", "refused" }, { 404, &iis, "", "absent" },
		{ 302, &iis, "", "redirected" }, { 503, &iis, "", "down" },
		{ 503, &sys, "", "stopped" }, { 500, &iis, "", "down" }, { 502, NULL, "", "down" },
		{ 404, &sys, "", "absent" }, { 503, &iis, "200 OK<br/>MAIL", "down" },
		{ 400, NULL, "", "unclear" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct http_reply reply = { .status = cases[i].status,
		    .headers = cases[i].header, .nheaders = cases[i].header != NULL,
		    .body = cases[i].body, .body_len = strlen(cases[i].body) };

		assert_string_equal(health_state(&reply), cases[i].state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builds), cmocka_unit_test(builds_in_text),
		cmocka_unit_test(items), cmocka_unit_test(titles), cmocka_unit_test(dates),
		cmocka_unit_test(health_bodies), cmocka_unit_test(health_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
