/* target_parse_test.c - every form of one target, each with bad twins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "target_input.h"

#define LABEL63 "a23456789012345678901234567890123456789012345678901234567890123"
#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *in;
	const char *out;		/* host, or first-last, then port; "http" when plain */
} good[] = {
	{ "mail.example.com", "mail.example.com 443" },
	{ "MAIL.Example.COM", "mail.example.com 443" },
	{ "mail.example.com.", "mail.example.com 443" },
	{ "mail.example.com.:8443", "mail.example.com 8443" },
	{ "localhost", "localhost 443" },
	{ "ex_2016-a", "ex_2016-a 443" },
	{ "_x._tcp.example.com", "_x._tcp.example.com 443" },
	{ "1and1.example", "1and1.example 443" },
	{ "10-1.example.com", "10-1.example.com 443" },
	{ "10.0.0.1-5.example.com", "10.0.0.1-5.example.com 443" },
	{ "xn--mnchen-3ya.example", "xn--mnchen-3ya.example 443" },
	{ "m\xc3\xbcnchen.example", "xn--mnchen-3ya.example 443" },
	{ "M\xc3\x9cNCHEN.example.", "xn--mnchen-3ya.example 443" },
	{ "stra\xc3\x9f" "e.example", "xn--strae-oqa.example 443" },	/* not transitional: not strasse */
	{ LABEL63 ".example", LABEL63 ".example 443" },
	{ "mail.example.com:1", "mail.example.com 1" },
	{ "mail.example.com:65535", "mail.example.com 65535" },
	{ "mail.example.com:0443", "mail.example.com 443" },
	{ "https://mail.example.com", "mail.example.com 443" },
	{ "HTTPS://Mail.Example.com/owa/auth/logon.aspx?url=x#y", "mail.example.com 443" },
	{ "https://mail.example.com:8443/owa/", "mail.example.com 8443" },
	{ "https://mail.example.com?x=user@example.com", "mail.example.com 443" },
	{ "https://192.0.2.1/owa", "192.0.2.1 443" },
	{ "https://[2001:db8::1]/", "2001:db8::1 443" },
	{ "https://[2001:db8::1]:8443/", "2001:db8::1 8443" },
	{ "http://mail.example.com/", "mail.example.com 80 http" },
	{ "http://mail.example.com:8080", "mail.example.com 8080 http" },
	{ "192.0.2.1", "192.0.2.1 443" },
	{ "192.0.2.1:8443", "192.0.2.1 8443" },
	{ "192.0.2.1.", "192.0.2.1 443" },
	{ "0.0.0.0", "0.0.0.0 443" },
	{ "255.255.255.255", "255.255.255.255 443" },
	{ "\xef\xbc\x91\xef\xbc\x92.0.0.1", "12.0.0.1 443" },	/* full-width digits */
	{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1 443" },
	{ "2001:db8::", "2001:db8:: 443" },
	{ "::", ":: 443" },
	{ "::1", "::1 443" },
	{ "[::1]", "::1 443" },
	{ "[2001:db8::1]:8443", "2001:db8::1 8443" },
	{ "2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1 443" },
	{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6 443" },
	{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221 443" },
	{ "::ffff:192.0.2.1", "192.0.2.1 443" },
	{ "192.0.2.0/30", "192.0.2.0-192.0.2.3 443" },
	{ "192.0.2.77/24", "192.0.2.0-192.0.2.255 443" },
	{ "192.0.2.0/31", "192.0.2.0-192.0.2.1 443" },
	{ "192.0.2.9/32", "192.0.2.9 443" },
	{ "10.0.0.0/8", "10.0.0.0-10.255.255.255 443" },
	{ "192.0.2.0/24:8443", "192.0.2.0-192.0.2.255 8443" },
	{ "2001:db8::/126", "2001:db8::-2001:db8::3 443" },
	{ "2001:db8::1/128", "2001:db8::1 443" },
	{ "2001:db8::/108", "2001:db8::-2001:db8::f:ffff 443" },
	{ "[2001:db8::/120]:8443", "2001:db8::-2001:db8::ff 8443" },
	{ "10.0.0.1-50", "10.0.0.1-10.0.0.50 443" },
	{ "10.0.0.1-1", "10.0.0.1 443" },
	{ "10.0.0.0-255:8443", "10.0.0.0-10.0.0.255 8443" },
	{ "10.0.0.1-10.0.1.20", "10.0.0.1-10.0.1.20 443" },
	{ "10.0.0.1-10.0.1.20:444", "10.0.0.1-10.0.1.20 444" },
	{ "10.0.0.0-10.255.255.255", "10.0.0.0-10.255.255.255 443" },
	{ "2001:db8::1-2001:db8::5", "2001:db8::1-2001:db8::5 443" },
	{ "[2001:db8::1-2001:db8::5]:8443", "2001:db8::1-2001:db8::5 8443" },
};

static const struct {
	const char *in;
	const char *why;		/* a part of the reason */
} bad[] = {
	{ "", "no host" },
	{ ":443", "no host" },
	{ "https://", "no host" },
	{ "https:///owa/", "no host" },
	{ "[]:443", "brackets" },
	{ ".", "empty label" },
	{ ".example.com", "empty label" },
	{ "mail..example.com", "empty label" },
	{ "mail.example.com..", "empty label" },
	{ "-mail.example.com", "'-' at the edge" },
	{ "mail-.example.com", "'-' at the edge" },
	{ "mail.example.com-", "'-' at the edge" },
	{ "mail!.example.com", "bad character" },
	{ "*.example.com", "bad character" },
	{ "mail.example.com\\owa", "bad character" },
	{ "a b", "blank" },
	{ "a\x01" "b", "control" },
	{ "a\x7f", "control" },
	{ "a" LABEL63 ".example", "label of a host name too long" },
	{ LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, "host name too long" },
	{ "m\xfcnchen.example", "not an international host name" },
	{ "a\xe2\x80\x8e.example", "not an international host name" },	/* U+200E */
	{ "a\xef\xbc\x8f" "b.example", "'/' after something" },		/* full-width solidus */
	{ "\xef\xbc\x91" "0.0.0.9-5", "backwards" },			/* full-width digit */
	{ "10.0.0.9-5.", "backwards" },
	{ "10.0.0.1..", "empty label" },
	{ "mail.example.com:", "bad port" },
	{ "mail.example.com:0", "bad port" },
	{ "mail.example.com:65536", "bad port" },
	{ "mail.example.com:4294967739", "bad port" },
	{ "mail.example.com:44a", "bad port" },
	{ "mail.example.com:+1", "bad port" },
	{ "mail.example.com:-1", "bad port" },
	{ "mail.example.com:443:443", "not an IPv6 address" },
	{ "ftp://mail.example.com/", "unknown scheme" },
	{ "httpx://mail.example.com/", "unknown scheme" },
	{ "://mail.example.com/", "unknown scheme" },
	{ "https://u@mail.example.com/", "user name or password" },
	{ "https://u:secret@mail.example.com/", "user name or password" },
	{ "https://@mail.example.com/", "user name or password" },
	{ "u:secret@mail.example.com", "'@' in a target" },
	{ "https://mail.example.com:x/", "bad port" },
	{ "https://192.0.2.0/24", "a block in a URL" },
	{ "mail.example.com/owa", "expected ADDRESS/PREFIX" },
	{ "./hosts.txt", "a file with @" },
	{ "256.0.0.1", "not an address" },
	{ "1.2.3", "not an address" },
	{ "1.2.3.4.5", "not an address" },
	{ "010.0.0.1", "not an address" },
	{ "0x7f000001", "not an address" },
	{ "127.0.0.0x1", "not an address" },
	{ "2130706433", "not an address" },
	{ "192.0.2.1:99999", "bad port" },
	{ "2001:db8::g", "not an IPv6 address" },
	{ "2001:db8:::1", "not an IPv6 address" },
	{ "1::2::3", "not an IPv6 address" },
	{ "1:2:3:4:5:6:7", "not an IPv6 address" },
	{ "1:2:3:4:5:6:7:8:9", "not an IPv6 address" },
	{ "1:2:3:4:5:6:7:8::", "not an IPv6 address" },
	{ "1:2:3:4:5:6:7:1.2.3.4", "not an IPv6 address" },
	{ "12345::1", "not an IPv6 address" },
	{ "2001:db8::1:", "not an IPv6 address" },
	{ "fe80::1%eth0", "zone" },
	{ "[2001:db8::1", "'[' without" },
	{ "[2001:db8::1]8443", "text after" },
	{ "[2001:db8::1]:", "bad port" },
	{ "[2001:db8::]/64", "text after" },
	{ "[mail.example.com]:443", "brackets" },
	{ "192.0.2.0/33", "prefix length" },
	{ "192.0.2.0/", "prefix length" },
	{ "192.0.2.0/-1", "prefix length" },
	{ "192.0.2.0/255.255.255.0", "prefix length" },
	{ "192.0.2/24", "expected ADDRESS/PREFIX" },
	{ "2001:db8::/129", "prefix length" },
	{ "10.0.0.0/7", "too many addresses" },
	{ "0.0.0.0/0", "too many addresses" },
	{ "2001:db8::/107", "too many addresses" },
	{ "::/0", "too many addresses" },
	{ "10.0.0.0-11.0.0.0", "too many addresses" },
	{ "2001:db8::-2001:db8::10:0", "too many addresses" },
	{ "10.0.0.5-4", "backwards" },
	{ "10.0.1.0-10.0.0.255", "backwards" },
	{ "10.0.0.1-256", "bad end of a range" },
	{ "10.0.0.1-", "'-' at the edge" },
	{ "10.0.0.1-2001:db8::1", "between IPv4 and IPv6" },
	{ "2001:db8::1-10.0.0.1", "between IPv4 and IPv6" },
	{ "2001:db8::1-5x", "bad end of a range" },
};

static const char *
as_text(const struct target_spec *s, char out[400])
{
	char first[TARGET_ADDR_TEXT], last[TARGET_ADDR_TEXT];
	bool one = target_addr_cmp(&s->first, &s->last) == 0;

	if (s->is_name)
		(void)snprintf(out, 400, "%s", s->host);
	else
		(void)snprintf(out, 400, "%s%s%s", target_addr_text(&s->first, first),
		    one ? "" : "-", one ? "" : target_addr_text(&s->last, last));
	(void)snprintf(out + strlen(out), 400 - strlen(out), " %u%s", (unsigned)s->port,
	    s->plain ? " http" : "");
	return out;
}

static void
good_forms(void **state)
{
	const struct target_rules rules = { .port = 0 };
	struct target_spec spec;
	char why[TARGET_WHY] = "", text[400];

	(void)state;
	for (size_t i = 0; i < N(good); i++) {
		if (!target_parse(good[i].in, strlen(good[i].in), &rules, &spec, why))
			fail_msg("'%s': %s", good[i].in, why);
		assert_string_equal(as_text(&spec, text), good[i].out);
	}
}

static void
bad_forms(void **state)
{
	const struct target_rules rules = { .port = 0 };
	struct target_spec spec;

	(void)state;
	for (size_t i = 0; i < N(bad); i++) {
		char why[TARGET_WHY] = "";

		if (target_parse(bad[i].in, strlen(bad[i].in), &rules, &spec, why))
			fail_msg("'%s' was taken", bad[i].in);
		if (strstr(why, bad[i].why) == NULL)
			fail_msg("'%s': '%s' does not say '%s'", bad[i].in, why, bad[i].why);
		assert_non_null(strstr(why, "expected"));
		assert_null(strstr(why, "secret"));
	}
}

static void
rules_apply(void **state)
{
	static const struct {
		const char *in;
		struct target_rules rules;
		bool good;
	} cases[] = {
		{ "192.0.2.1", { .v4_only = true }, true },
		{ "192.0.2.1", { .v6_only = true }, false },
		{ "2001:db8::1", { .v4_only = true }, false },
		{ "2001:db8::1", { .v6_only = true }, true },
		{ "mail.example.com", { .v4_only = true }, true },
		{ "10.0.0.0/7", { .exclusion = true }, true },
		{ "::/0", { .exclusion = true }, true },
		{ "mail.example.com", { .exclusion = true }, true },
		{ "mail.example.com:443", { .exclusion = true }, false },
		{ "10.0.0.0/8:443", { .exclusion = true }, false },
		{ "https://mail.example.com/", { .exclusion = true }, false },
	};
	const struct target_rules port = { .port = 8443 };
	struct target_spec spec;
	char why[TARGET_WHY];

	(void)state;
	for (size_t i = 0; i < N(cases); i++)
		if (target_parse(cases[i].in, strlen(cases[i].in), &cases[i].rules, &spec, why) !=
		    cases[i].good)
			fail_msg("case %zu: %s", i, cases[i].in);
	assert_true(target_parse("a.example", 9, &port, &spec, why));
	assert_int_equal(spec.port, 8443);
	assert_true(target_parse("a.example:443", 13, &port, &spec, why));
	assert_int_equal(spec.port, 443);
	assert_true(target_parse("http://a.example", 16, &port, &spec, why));
	assert_int_equal(spec.port, 80);
}

static void
counts(void **state)
{
	static const struct { const char *in; uint64_t n; } cases[] = {
		{ "a.example", 1 }, { "192.0.2.1", 1 }, { "192.0.2.0/31", 2 },
		{ "10.0.0.0/8", 1 << 24 }, { "0.0.0.0/0", (uint64_t)1 << 32 },
		{ "2001:db8::/64", UINT64_MAX }, { "::/0", UINT64_MAX },
		{ "2001:db8::ffff:ffff:ffff:ffff-2001:db8:0:1::1", 3 },
	};
	const struct target_rules rules = { .exclusion = true };
	struct target_spec spec;
	char why[TARGET_WHY];

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		assert_true(target_parse(cases[i].in, strlen(cases[i].in), &rules, &spec, why));
		assert_true(target_parse_count(&spec) == cases[i].n);
	}
}

/* The system's own functions must agree, over random and structured addresses. */
static void
same_as_inet(void **state)
{
	uint64_t seed = 0x9e3779b97f4a7c15;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint8_t b[16];
		char want[INET6_ADDRSTRLEN], got[TARGET_ADDR_TEXT];
		struct target_addr a = { 0 }, back;

		for (size_t k = 0; k < 16; k += 2) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			b[k] = (uint8_t)(seed >> 60 < 9 ? 0 : seed >> 40);
			b[k + 1] = (uint8_t)(b[k] == 0 && seed >> 63 ? 0 : seed >> 48);
		}
		if (b[0] == 0 && b[1] == 0)
			b[0] = 0x20;	/* not the low block, which inet_ntop() writes in dots */
		for (size_t k = 0; k < 8; k++) {
			a.hi = a.hi << 8 | b[k];
			a.lo = a.lo << 8 | b[k + 8];
		}
		assert_non_null(inet_ntop(AF_INET6, b, want, sizeof(want)));
		assert_string_equal(target_addr_text(&a, got), want);
		assert_true(target_addr_parse(want, strlen(want), &back));
		assert_int_equal(target_addr_cmp(&a, &back), 0);
	}
}

static void
shown(void **state)
{
	static const struct { const char *in, *rest, *out; } cases[] = {
		{ "plain!", "", "plain!" },
		{ "a\x1b[31m", "", "a\\x1b[31m" },
		{ "https://u:secret@h!", "", "https://***@h!" },
		{ "https://u:sec/ret@h:x", "", "https://***@h:x" },
		{ "u:secret@h", "", "***@h" },
		{ "https://u:sec", " ret@h", "https://***" },
		{ "u:sec", " ret@h", "***" },
		{ "bad!", " admin@example.com", "bad!" },
	};
	char out[128], longer[300];

	(void)state;
	for (size_t i = 0; i < N(cases); i++)
		assert_string_equal(target_parse_shown(cases[i].in, strlen(cases[i].in),
		    cases[i].rest, strlen(cases[i].rest), out), cases[i].out);
	memset(longer, 'a', sizeof(longer));
	assert_int_equal(strlen(target_parse_shown(longer, sizeof(longer), "", 0, out)), 98);
	assert_string_equal(out + 95, "...");
}

/* What --name takes: as it goes into SNI. */
static void
host_alone(void **state)
{
	static const struct { const char *in, *out; } cases[] = {
		{ "Mail.Example.Test.", "mail.example.test" },
		{ "m\xc3\xbcller.example.test", "xn--mller-kva.example.test" },
		{ "xn--mller-kva.example.test", "xn--mller-kva.example.test" },
		{ "192.0.2.7", "192.0.2.7" }, { "2001:DB8::7", "2001:db8::7" },
		{ "a..b", NULL }, { "", NULL }, { "192.0.2.1-7", NULL }, { "192.0.2.0/24", NULL },
		{ "m\xff.example.test", NULL },
	};
	char out[256], why[TARGET_WHY];

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		assert_int_equal(target_parse_host(cases[i].in, out, why), cases[i].out != NULL);
		if (cases[i].out != NULL)
			assert_string_equal(out, cases[i].out);
		else
			assert_true(why[0] != '\0');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_forms), cmocka_unit_test(bad_forms),
		cmocka_unit_test(rules_apply), cmocka_unit_test(counts),
		cmocka_unit_test(same_as_inet), cmocka_unit_test(shown),
		cmocka_unit_test(host_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
