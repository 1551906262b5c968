/* location_test.c - which references stay within the target. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "wire/location.h"

#define B	LOCATION_BAD
#define A	LOCATION_AWAY

static const struct {
	const char *in, *path;		/* path NULL: not within the target */
	enum location where;
} cases[] = {
	{ "https://mail.example.test/owa/auth/logon.aspx?url=x&reason=0",
	  "/owa/auth/logon.aspx?url=x&reason=0", LOCATION_HERE },
	{ "https://MAIL.Example.Test:443/", "/", LOCATION_HERE },
	{ "https://mail.example.test.", "/", LOCATION_HERE },
	{ "https://mail.example.test?x", "/?x", LOCATION_HERE },
	{ "HTTPS://mail.example.test/a#b", "/a", LOCATION_HERE },
	{ "https://10.0.0.5/owa/", "/owa/", LOCATION_HERE },		/* the other name */
	{ "//mail.example.test/x", "/x", LOCATION_HERE },
	{ "/owa/auth/errorFE.aspx?httpCode=500", "/owa/auth/errorFE.aspx?httpCode=500", LOCATION_HERE },
	{ "auth/logon.aspx", "/owa/auth/logon.aspx", LOCATION_HERE },
	{ "?again", "/owa/?again", LOCATION_HERE },
	{ "../ecp/", "/ecp/", LOCATION_HERE }, { "../../../ecp", "/ecp", LOCATION_HERE },
	{ "./x/./y/../z", "/owa/x/z", LOCATION_HERE }, { "..", "/", LOCATION_HERE },
	{ ".", "/owa/", LOCATION_HERE }, { "/a//b", "/a//b", LOCATION_HERE },
	{ "/..", "/", LOCATION_HERE }, { "/a?b=/../c", "/a?b=/../c", LOCATION_HERE },
	{ "x:y", NULL, A },
	/* elsewhere */
	{ "https://evil.test/owa/auth/logon.aspx", NULL, A },
	{ "https://mail.example.test.evil.test/", NULL, A },
	{ "https://mail.example.tes/", NULL, A },
	{ "https://mail.example.test:8443/", NULL, A }, { "http://mail.example.test/", NULL, A },
	{ "http://mail.example.test:443/", NULL, A },
	{ "https://mail.example.test@evil.test/", NULL, A },
	{ "https://evil.test@mail.example.test/", NULL, A },
	{ "https://mail.example.test:443@evil.test/", NULL, A },
	{ "//evil.test/", NULL, A }, { "ftp://mail.example.test/", NULL, A },
	{ "javascript:alert(1)", NULL, A }, { "https:///owa/", NULL, A },
	{ "https://mail.example.test:4430/", NULL, A }, { "https://mail.example.test:x/", NULL, A },
	{ "https://mail.example.test:4294967739/", NULL, A },
	{ "https://[mail.example.test/", NULL, A }, { "https://[::1]/", NULL, A },
	/* nothing that may be asked */
	{ "", NULL, B }, { "#top", NULL, B }, { "/a b", NULL, B }, { "\\\\evil.test\\x", NULL, B },
	{ "/\\evil.test/", NULL, B }, { "/a\r\nHost: x", NULL, B }, { "https:/owa/", NULL, B },
	{ "https:owa", NULL, B }, { "/\xc3\xa4", NULL, B }, { ":x", NULL, B }, { "1x://y/", NULL, B },
	{ "/<script>", NULL, B },
};

static void
resolves(void **state)
{
	const struct location_base base = { .url = "https://mail.example.test/owa/",
	    .host = "10.0.0.5", .port = 443, .path = "/owa/?old=1/2" };
	char path[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum location got = location_resolve(&base, cases[i].in, path, sizeof(path));

		if (got != cases[i].where)
			fail_msg("%s: %d", cases[i].in, (int)got);
		if (got == LOCATION_HERE)
			assert_string_equal(path, cases[i].path);
	}
}

static void
other_targets(void **state)
{
	const struct location_base plain = { .url = "http://[::1]:8080/", .host = "::1",
	    .port = 8080, .path = "/" };
	const struct location_base tls = { .url = "https://mail.example.test:8443/", .host = NULL,
	    .port = 8443, .path = "/" };
	char path[64];

	(void)state;
	assert_int_equal(location_resolve(&plain, "http://[::1]:8080/x", path, 64), LOCATION_HERE);
	assert_int_equal(location_resolve(&plain, "https://[::1]:8080/x", path, 64), LOCATION_HERE);
	assert_int_equal(location_resolve(&plain, "https://[::1]/x", path, 64), LOCATION_AWAY);
	assert_int_equal(location_resolve(&plain, "http://[::2]:8080/x", path, 64), LOCATION_AWAY);
	assert_int_equal(location_resolve(&tls, "https://mail.example.test:8443/x", path, 64),
	    LOCATION_HERE);
	assert_int_equal(location_resolve(&tls, "https://mail.example.test/x", path, 64),
	    LOCATION_AWAY);
	assert_int_equal(location_resolve(&tls, "http://mail.example.test:8443/x", path, 64),
	    LOCATION_AWAY);
}

static void
caps(void **state)
{
	const struct location_base base = { .url = "https://h/", .host = "h", .port = 443,
	    .path = "/0123456789/" };
	char path[16], ref[64];

	(void)state;
	for (size_t n = 1; n < sizeof(ref) - 1; n++) {
		memset(ref, 'a', n);
		ref[0] = '/';
		ref[n] = '\0';
		if (location_resolve(&base, ref, path, sizeof(path)) == LOCATION_HERE)
			assert_string_equal(path, ref);
		else
			assert_true(n + 2 > sizeof(path));
	}
	assert_int_equal(location_resolve(&base, "0123456789", path, sizeof(path)), LOCATION_BAD);
	assert_int_equal(location_resolve(&base, "/x?0123456789abcdef", path, sizeof(path)),
	    LOCATION_BAD);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolves), cmocka_unit_test(other_targets),
		cmocka_unit_test(caps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
