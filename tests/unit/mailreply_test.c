/* mailreply_test.c - replies, dates and masks of mail services; object identifiers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "wire/der.h"
#include "wire/mailreply.h"
#include "wire/spnego.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct rd
bytes(const char *s)
{
	return rd_init(s, strlen(s));
}

static void
test_dates(void **state)
{
	static const struct { const char *line; bool good; int64_t at; } cases[] = {
		{ "ready at Thu, 5 Dec 2024 08:52:31 +0000", true, 1733388751 },
		{ "ready at Thu, 05 Dec 2024 08:52:31 +0000", true, 1733388751 },
		{ "ready at  Thu, 5 Dec 2024 09:52:31 +0100 (CET)", true, 1733388751 },
		{ "Thu, 5 Dec 2024 03:22:31 -0530", true, 1733388751 },
		{ "Thu, 29 Feb 2024 00:00:00 +0000", true, 1709164800 },
		{ "Thu, 1 Jan 1970 00:00:00 +0000", true, 0 },
		{ "Mon, x Tue, 31 Dec 2024 23:59:60 +0000", true, 1735689600 },
		{ "Thu, 5 Dec 2024 08:52:31", false, 0 },
		{ "Thu, 5 Dec 2024 08:52:31 GMT ......", false, 0 },
		{ "Thu, 5 Dez 2024 08:52:31 +0000", false, 0 },
		{ "Thu, 0 Dec 2024 08:52:31 +0000", false, 0 },
		{ "Thu, 32 Dec 2024 08:52:31 +0000", false, 0 },
		{ "Thu, 5 Dec 2024 24:52:31 +0000", false, 0 },
		{ "Thu, 5 Dec 2024 08:60:31 +0000", false, 0 },
		{ "Thu, 5 Dec 1969 08:52:31 +0000", false, 0 },
		{ "Thu, 5 Dec 20245 08:52:31 +0000", false, 0 },
		{ "Thu 5 Dec 2024 08:52:31 +0000", false, 0 },
		{ "Thu, 5 Dec 2024 08:52:31 +00a0", false, 0 },
		{ "", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t at = 0;

		if (mailreply_date(bytes(cases[i].line), &at) != cases[i].good || at != cases[i].at)
			fail_msg("%s: %lld", cases[i].line, (long long)at);
	}
}

static void
test_masks(void **state)
{
	static const struct { const char *word; bool masked; } cases[] = {
		{ "XXXX", true }, { "XXXXXXXA", true }, { "XXXXXXXB", true }, { "****", true },
		{ "***0*2**", true },
		{ "XXX", false }, { "XEXCH50", false }, { "XRDST", false }, { "XSHADOW", false },
		{ "X-EXPS", false }, { "XXXXa", false }, { "XXAA", false }, { "STARTTLS", false },
		{ "***", false }, { "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rd word = bytes(cases[i].word);

		if (mailreply_is_masked(&word) != cases[i].masked)
			fail_msg("%s", cases[i].word);
	}
}

static void
test_smtp(void **state)
{
	static const struct {
		const char *in;
		enum mailreply_read read;
		enum mailreply_state state;
		const char *text, *left;
	} cases[] = {
		{ "220 x y\r\nz", MAILREPLY_WHOLE, MAILREPLY_GOOD, "x y", "z" },
		{ "250-a\r\n250 b\r\n", MAILREPLY_WHOLE, MAILREPLY_GOOD, "b", "" },
		{ "250\n", MAILREPLY_WHOLE, MAILREPLY_GOOD, "", "" },
		{ "334 \r\n", MAILREPLY_WHOLE, MAILREPLY_GO_ON, "", "" },
		{ "421 4.3.2 no\r\n", MAILREPLY_WHOLE, MAILREPLY_BYE, "4.3.2 no", "" },
		{ "454 no\r\n", MAILREPLY_WHOLE, MAILREPLY_NO, "no", "" },
		{ "554-a\r\n554 b\r\n", MAILREPLY_WHOLE, MAILREPLY_NO, "b", "" },
		{ "250-a\r\n250-b\r\n", MAILREPLY_PART, MAILREPLY_GOOD, "", "" },
		{ "250 a", MAILREPLY_PART, MAILREPLY_GOOD, "", "" },
		{ "", MAILREPLY_PART, MAILREPLY_GOOD, "", "" },
		{ "25 a\r\n", MAILREPLY_BAD, MAILREPLY_GOOD, "", "" },
		{ "2500 a\r\n", MAILREPLY_BAD, MAILREPLY_GOOD, "", "" },
		{ "\r\n", MAILREPLY_BAD, MAILREPLY_GOOD, "", "" },
		{ "250-a\r\nb\r\n", MAILREPLY_BAD, MAILREPLY_GOOD, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rd in = bytes(cases[i].in);
		struct mailreply r;

		if (mailreply_smtp(&in, &r) != cases[i].read)
			fail_msg("%s", cases[i].in);
		if (cases[i].read != MAILREPLY_WHOLE) {
			assert_int_equal(in.len, strlen(cases[i].in));
			continue;
		}
		assert_int_equal(r.state, cases[i].state);
		assert_int_equal(r.text.len, strlen(cases[i].text));
		if (r.text.len > 0)
			assert_memory_equal(r.text.p, cases[i].text, r.text.len);
		assert_int_equal(in.len, strlen(cases[i].left));
	}
}

static void
test_imap_and_pop(void **state)
{
	struct rd in = bytes("* CAPABILITY A B\r\n* OK x\r\na OK done\r\n"), line;
	struct mailreply r;

	(void)state;
	assert_int_equal(mailreply_imap(&in, "a", &r), MAILREPLY_WHOLE);
	assert_int_equal(r.state, MAILREPLY_GOOD);
	assert_true(mailreply_line(&r, &line));
	assert_int_equal(line.len, strlen("CAPABILITY A B"));
	assert_true(mailreply_line(&r, &line));
	assert_false(mailreply_line(&r, &line));
	in = bytes("ab OK\r\n");
	assert_int_equal(mailreply_imap(&in, "a", &r), MAILREPLY_BAD);
	in = bytes("* NOTHING\r\n");
	assert_int_equal(mailreply_imap(&in, NULL, &r), MAILREPLY_BAD);
	in = bytes("+OK\r\nUIDL\r\n.x\r\n.\r\nrest");
	assert_int_equal(mailreply_pop(&in, true, &r), MAILREPLY_WHOLE);
	assert_true(mailreply_line(&r, &line));
	assert_true(mailreply_line(&r, &line));
	assert_false(mailreply_line(&r, &line));
	assert_int_equal(in.len, 4);
	in = bytes("+OK\r\nUIDL\r\n");
	assert_int_equal(mailreply_pop(&in, true, &r), MAILREPLY_PART);
	assert_int_equal(mailreply_pop(&in, false, &r), MAILREPLY_WHOLE);
	in = bytes("OK\r\n");
	assert_int_equal(mailreply_pop(&in, false, &r), MAILREPLY_BAD);
}

static void
test_oid(void **state)
{
	static const struct { const char *in; size_t len; const char *text; } cases[] = {
		{ "\x2b\x06\x01\x05\x05\x02", 6, "1.3.6.1.5.5.2" },
		{ "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02", 9, "1.2.840.113554.1.2.2" },
		{ "\x2a\x86\x48\x82\xf7\x12\x01\x02\x02", 9, "1.2.840.48018.1.2.2" },
		{ "\x88\x37\x03", 3, "2.999.3" },
		{ "\x2b", 1, "1.3" },
		{ "\x2b\x86", 2, "" },				/* cut in two */
		{ "\x2b\xff\xff\xff\xff\x7f", 6, "" },		/* more than fits */
		{ "", 0, "" },
	};
	char text[DER_OID];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(der_oid(rd_init(cases[i].in, cases[i].len), text), cases[i].text);
}

static void
test_long_oid(void **state)
{
	uint8_t many[400];
	char text[DER_OID];

	(void)state;
	memset(many, 0x7f, sizeof(many));
	(void)der_oid(rd_init(many, sizeof(many)), text);
	assert_int_equal(strlen(text), DER_OID - 1);
}

static void
test_der(void **state)
{
	static const struct { const char *in; size_t len; bool good; } cases[] = {
		{ "\x04\x00", 2, true }, { "\x04\x81\x01x", 4, true }, { "\x04\x84\0\0\0\1x", 7, true },
		{ "\x04", 1, false }, { "\x04\x02x", 3, false }, { "\x04\x80x\0\0", 5, false },
		{ "\x04\x85\0\0\0\0\1x", 8, false }, { "\x1f\x01x", 3, false },
		{ "\x04\x84\xff\xff\xff\xff", 6, false }, { "", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rd in = rd_init(cases[i].in, cases[i].len), contents;
		unsigned tag;

		assert_int_equal(der_next(&in, &tag, &contents), cases[i].good);
	}
}

static void
test_spnego(void **state)
{
	uint8_t buf[256], message[120] = "NTLMSSP";
	struct wr w = wr_init(buf, sizeof(buf));
	struct spnego s;
	char name[DER_OID];

	(void)state;
	spnego_write_ntlm(&w, message, 40);
	assert_false(w.full);
	assert_true(spnego_read(rd_init(w.p, w.len), &s));
	assert_true(spnego_next(&s, name));
	assert_string_equal(name, "ntlm");
	assert_false(spnego_next(&s, name));
	assert_int_equal(s.token.len, 40);
	assert_memory_equal(s.token.p, message, 40);
	for (size_t i = 0; i < w.len; i++)
		assert_false(spnego_read(rd_init(w.p, i), &s));
	w.len = 0;
	spnego_write_ntlm(&w, message, 120);		/* would need a longer length */
	assert_true(w.full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates), cmocka_unit_test(test_masks), cmocka_unit_test(test_smtp),
		cmocka_unit_test(test_imap_and_pop), cmocka_unit_test(test_oid),
		cmocka_unit_test(test_long_oid), cmocka_unit_test(test_der), cmocka_unit_test(test_spnego),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
