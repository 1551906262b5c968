/*
 * tls_wire_test.c - hellos as written, answers as read, byte by byte; and the
 * tables of names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "bytes.h"
#include "../talk/replay.h"
#include "wire/tls_hello.h"
#include "wire/tls_names.h"
#include "wire/tls_reply.h"

/* ---- answers ---- */

#define HEAD12 "\x03\x03" "RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR"
/* A ServerHello of 42 bytes: 1.2, ECDHE-RSA-AES128-GCM, no extensions. */
#define HELLO12 "\x02\x00\x00\x26" HEAD12 "\x00\xc0\x2f\x00"
#define RETRY "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91" \
	"\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"
#define HRR "\x16\x03\x03\x00\x38" "\x02\x00\x00\x34" "\x03\x03" RETRY "\x00\x13\x01\x00" \
	"\x00\x0c" "\x00\x2b\x00\x02\x03\x04" "\x00\x33\x00\x02\x00\x1d"
#define CERT "\x0b\x00\x00\x0a" "\x00\x00\x07" "\x00\x00\x04" "0\x02zz"
#define SKE "\x0c\x00\x00\x0b" "\x03\x00\x17" "\x01\x04" "\x08\x04" "\x00\x02" "ss"
#define DONE "\x0e\x00\x00\x00"
#define STATUS "\x16\x00\x00\x06" "\x01\x00\x00\x02" "oc"
#define ASKS "\x0d\x00\x00\x04" "\x01\x01\x00\x00"

struct answer_case {
	const char	*name;
	const char	*bytes;
	size_t		 len;
	bool		 ended;
	uint16_t	 offered;
	enum tls_answer	 answer;
	const char	*seen;		/* as describe() writes it */
};

#define B(s) (s), sizeof(s) - 1

static const struct answer_case answers[] = {
	{ "nothing yet", B(""), false, 0x0303, TLS_ANSWER_PART, "" },
	{ "closed", B(""), true, 0x0303, TLS_ANSWER_CLOSED, "" },
	{ "fatal alert", B("\x15\x03\x01\x00\x02\x02\x28"), false, 0x0303, TLS_ANSWER_ALERT, "alert 40" },
	{ "half an alert, then closed", B("\x15\x03\x01\x00\x02\x02"), true, 0x0303, TLS_ANSWER_CLOSED, "" },
	{ "half an alert", B("\x15\x03\x01\x00\x02\x02"), false, 0x0303, TLS_ANSWER_PART, "" },
	{ "two alerts in a record", B("\x15\x03\x01\x00\x04\x01\x70\x02\x46"), false, 0x0303,
	  TLS_ANSWER_ALERT, "alert 70 warnings 1" },
	{ "close_notify", B("\x15\x03\x01\x00\x02\x01\x00"), false, 0x0303, TLS_ANSWER_ALERT, "alert 0" },
	{ "a warning, then closed", B("\x15\x03\x01\x00\x02\x01\x70"), true, 0x0303, TLS_ANSWER_CLOSED,
	  "warnings 1" },
	{ "a warning alone", B("\x15\x03\x01\x00\x02\x01\x70"), false, 0x0303, TLS_ANSWER_PART, "warnings 1" },
	{ "messages in one record", B("\x16\x03\x03\x00\x4b" HELLO12 CERT SKE DONE), false, 0x0303,
	  TLS_ANSWER_HELLO, "0303 c02f group 23 certs 1 scheme 0804 done" },
	{ "a record each", B("\x16\x03\x03\x00\x2a" HELLO12 "\x16\x03\x03\x00\x0e" CERT
	    "\x16\x03\x03\x00\x0f" SKE "\x16\x03\x03\x00\x04" DONE), false, 0x0303,
	  TLS_ANSWER_HELLO, "0303 c02f group 23 certs 1 scheme 0804 done" },
	{ "no end", B("\x16\x03\x03\x00\x2a" HELLO12), false, 0x0303, TLS_ANSWER_PART, "0303 c02f" },
	{ "no end, closed", B("\x16\x03\x03\x00\x2a" HELLO12), true, 0x0303, TLS_ANSWER_HELLO, "0303 c02f" },
	{ "an alert after it", B("\x16\x03\x03\x00\x2a" HELLO12 "\x15\x03\x03\x00\x02\x02\x28"), false,
	  0x0303, TLS_ANSWER_HELLO, "0303 c02f alert 40" },
	{ "a warning before it", B("\x15\x03\x03\x00\x02\x01\x70" "\x16\x03\x03\x00\x2e" HELLO12 DONE),
	  false, 0x0303, TLS_ANSWER_HELLO, "0303 c02f warnings 1 done" },
	{ "split in the header", B("\x16\x03\x03\x00\x02\x02\x00" "\x16\x03\x03\x00\x00"
	    "\x16\x03\x03\x00\x2c" "\x00\x26" HEAD12 "\x00\xc0\x2f\x00" DONE), false, 0x0303,
	  TLS_ANSWER_HELLO, "0303 c02f done" },
	{ "cut in a hello", B("\x16\x03\x03\x00\x7a\x02"), true, 0x0303, TLS_ANSWER_BAD, "" },
	{ "cut between records", B("\x16\x03\x03\x00\x02\x02\x00"), true, 0x0303, TLS_ANSWER_BAD, "" },
	{ "OCSP and a client certificate", B("\x16\x03\x03\x00\x40" HELLO12 STATUS ASKS DONE), false, 0x0303,
	  TLS_ANSWER_HELLO, "0303 c02f stapled asks done" },
	{ "HelloRetryRequest", B(HRR), false, 0x0304, TLS_ANSWER_HELLO, "0304 1301 retry group 29" },
	{ "a dummy after it", B(HRR "\x14\x03\x03\x00\x01\x01"), false, 0x0304, TLS_ANSWER_HELLO,
	  "0304 1301 retry group 29" },
	{ "1.2 to a hello of 1.3", B("\x16\x03\x03\x00\x2e" HELLO12 DONE), false, 0x0304, TLS_ANSWER_HELLO,
	  "0303 c02f done" },
	{ "newer than the hello", B("\x16\x03\x03\x00\x2e" HELLO12 DONE), false, 0x0302, TLS_ANSWER_BAD,
	  "0303 c02f done" },
	{ "a broken certificate list", B("\x16\x03\x03\x00\x38" HELLO12 "\x0b\x00\x00\x0a"
	    "\x00\x00\x07" "\x00\x00\x05" "0\x02zz"), false, 0x0303, TLS_ANSWER_HELLO, "0303 c02f" },
	{ "a session id of 33", B("\x16\x03\x03\x00\x4b" "\x02\x00\x00\x47" HEAD12 "\x21"
	    "sssssssssssssssssssssssssssssssss" "\xc0\x2f\x00"), false, 0x0303, TLS_ANSWER_BAD, "0303 c02f" },
	{ "a hello with no end", B("\x16\x03\x03\x00\x06" "\x02\x00\x00\x02\x03\x03"), false, 0x0303,
	  TLS_ANSWER_BAD, "0303 0000" },
	{ "a certificate first", B("\x16\x03\x03\x00\x0e" CERT), false, 0x0303, TLS_ANSWER_BAD, "" },
	{ "two hellos", B("\x16\x03\x03\x00\x54" HELLO12 HELLO12), false, 0x0303, TLS_ANSWER_HELLO, "0303 c02f" },
	{ "HelloRequest first", B("\x16\x03\x03\x00\x32" "\x00\x00\x00\x00" HELLO12 DONE), false, 0x0303,
	  TLS_ANSWER_HELLO, "0303 c02f done" },
	{ "a record too long", B("\x16\x03\x03\x49\x00"), false, 0x0303, TLS_ANSWER_BAD, "" },
	{ "a type that is none", B("\x17\x03\x03\x00\x01x"), false, 0x0303, TLS_ANSWER_BAD, "" },
	{ "a major that is none", B("\x16\x04\x00"), false, 0x0303, TLS_ANSWER_BAD, "" },
	{ "HTTP", B("HTTP/1.1 400 Bad Request\r\nServer: x\r\n"), false, 0x0303, TLS_ANSWER_PLAIN,
	  "text HTTP/1.1 400 Bad Request" },
	{ "SMTP, no line end", B("421 too many"), false, 0x0303, TLS_ANSWER_PART, "" },
	{ "SMTP, cut", B("421 too many"), true, 0x0303, TLS_ANSWER_PLAIN, "text 421 too many" },
	{ "SSH to SSLv2", B("SSH-2.0-x\r\n"), false, 0x0002, TLS_ANSWER_PLAIN, "text SSH-2.0-x" },
	{ "text with bytes in it", B("ab\x01\r\n"), true, 0x0303, TLS_ANSWER_BAD, "" },
	{ "SSLv2 error to a later hello", B("\x80\x03\x00\x00\x01"), false, 0x0300, TLS_ANSWER_ALERT, "" },
	{ "SSLv2", B("\x80\x16\x04\x00\x01\x00\x02\x00\x02\x00\x06\x00\x03" "0\x00" "\x01\x00\x80\x07\x00\xc0"
	    "iii"), false, 0x0002, TLS_ANSWER_HELLO, "0002 0000 certs 1 kinds 2 done" },
	{ "SSLv2, three byte header", B("\x00\x0e\x00\x04\x00\x01\x00\x02\x00\x00\x00\x03\x00\x00"
	    "\x01\x00\x80"), false, 0x0002, TLS_ANSWER_HELLO, "0002 0000 kinds 1 done" },
	{ "SSLv2, cut", B("\x80\x16\x04\x00\x01"), true, 0x0002, TLS_ANSWER_BAD, "" },
	{ "SSLv2, lengths that lie", B("\x80\x0b\x04\x00\x01\x00\x02\xff\xff\x00\x03\x00\x00"), false, 0x0002,
	  TLS_ANSWER_BAD, "0002 0000" },
	{ "SSLv2 error", B("\x80\x03\x00\x00\x01"), false, 0x0002, TLS_ANSWER_ALERT, "" },
	{ "alert to SSLv2", B("\x15\x03\x01\x00\x02\x02\x46"), false, 0x0002, TLS_ANSWER_ALERT, "alert 70" },
	{ "TLS to SSLv2", B("\x16\x03\x03\x00\x2e" HELLO12 DONE), false, 0x0002, TLS_ANSWER_ALERT,
	  "0303 c02f done" },
};

static void
describe(const struct tls_reply *r, struct text_buf *b)
{
	text_buf_str(b, "");
	if (r->version != 0)
		text_buf_printf(b, " %04x %04x", r->version, r->suite);
	text_buf_str(b, r->retry ? " retry" : "");
	if (r->group != 0)
		text_buf_printf(b, " group %u", r->group);
	if (r->ncerts != 0)
		text_buf_printf(b, " certs %zu", r->ncerts);
	if (r->nkinds != 0)
		text_buf_printf(b, " kinds %zu", r->nkinds);
	text_buf_str(b, r->stapled ? " stapled" : "");
	text_buf_str(b, r->asks_cert ? " asks" : "");
	if (r->scheme != 0)
		text_buf_printf(b, " scheme %04x", r->scheme);
	if (r->alerted)
		text_buf_printf(b, " alert %u", r->alert);
	if (r->warnings != 0)
		text_buf_printf(b, " warnings %u", r->warnings);
	if (r->text[0] != '\0')
		text_buf_printf(b, " text %s", r->text);
	text_buf_str(b, r->done ? " done" : "");
}

static void
read_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct answer_case *c = &answers[i];

		/* Every start of the bytes, to its last: none may read past its end. */
		for (size_t n = 0; n <= c->len; n++) {
			struct text_buf b = { 0 };
			struct tls_reply r;
			struct rd in = rd_init(replay_fenced(c->bytes, n), n);
			enum tls_answer a = tls_reply_read(in, c->ended && n == c->len, c->offered, &r);

			describe(&r, &b);
			if (n == c->len && (a != c->answer || strcmp(b.s + (b.len > 0), c->seen) != 0))
				fail_msg("%s: %d '%s'", c->name, a, b.s);
			/* What is decided early must be what is decided at last. */
			if (n < c->len && a != TLS_ANSWER_PART && a != c->answer)
				fail_msg("%s: %d after %zu bytes", c->name, a, n);
			text_buf_free(&b);
			tls_reply_free(&r);
		}
	}
}

static void
dh_and_extensions(void **state)
{
	/* 1.1, DHE-RSA-AES128-SHA, with RFC 5746, EMS, a ticket and ALPN; a prime of 9 bits. */
	static const char bytes[] = "\x16\x03\x02\x00\x59" "\x02\x00\x00\x3f" "\x03\x02"
	    "RRRRRRRRRRRRRRRRRRRRRRRR" "DOWNGRD\x01" "\x00\x00\x33\x01" "\x00\x17"
	    "\xff\x01\x00\x01\x00" "\x00\x17\x00\x00" "\x00\x23\x00\x00" "\x00\x10\x00\x06\x00\x04\x03" "h2!"
	    "\x0c\x00\x00\x0e" "\x00\x03\x00\x01\x01" "\x00\x01\x02" "\x00\x01\x05" "\x00\x01s"
	    "\x0e\x00\x00\x00";
	struct tls_reply r;

	(void)state;
	assert_int_equal(tls_reply_read(rd_init(bytes, sizeof(bytes) - 1), false, 0x0302, &r), TLS_ANSWER_HELLO);
	assert_true(r.renegotiation && r.ems && r.ticket && r.downgrade && r.done);
	assert_string_equal(r.alpn, "h2!");
	assert_int_equal(r.compression, 1);
	assert_int_equal(r.dh_bits, 9);
	assert_int_equal(r.scheme, 0);		/* none before 1.2 */
	tls_reply_free(&r);
}

/* ---- hellos ---- */

static size_t
list_suites(uint16_t version, size_t most, uint16_t *out)
{
	size_t n = 0;

	for (const struct tls_suite *s = tls_names_suites; s->code != 0 && n < most; s++)
		if (tls_names_fits(s, version))
			out[n++] = s->code;
	return n;
}

/* Lengths nest, and none is one of those that some balancers cannot bear. */
static void
hello_lengths(void **state)
{
	static const uint16_t groups[] = { 29, 23, 24 };
	uint16_t suites[400];

	(void)state;
	for (uint16_t v = 0x0301; v <= 0x0304; v++)
		for (size_t n = 0; n <= 360; n++) {
			uint8_t buf[2048];
			struct wr w = wr_init(buf, sizeof(buf));
			struct tls_offer o = { .version = v, .host = "mail.example.test", .suites = suites,
				.nsuites = list_suites(v, n, suites), .groups = groups, .ngroups = 3 };

			tls_hello_write(&o, &w);
			assert_false(w.full);
			struct rd in = rd_init(buf, w.len);
			(void)rd_sub(&in, 3);
			struct rd record = rd_vec(&in, 2);
			assert_true(!record.bad && in.len == 0);
			size_t len = record.len;
			(void)rd_u8(&record);
			struct rd m = rd_vec(&record, 3);
			assert_true(!m.bad && record.len == 0);
			(void)rd_sub(&m, 34);
			(void)rd_vec(&m, 1);
			struct rd list = rd_vec(&m, 2);
			assert_int_equal(list.p[list.len - 1], 0xff);	/* the SCSV */
			assert_false(len >= 256 && len < 512);
			for (size_t k = 0; k < 2; k++) {
				size_t part = k == 0 ? len : len - 4;

				assert_true(part % 256 != 10 && part % 256 != 14);
			}
		}
}

static void
hello_ordinary_is_short(void **state)
{
	static const uint16_t groups[] = { 29, 23, 24, 25, 30 };
	uint16_t suites[400];
	uint8_t buf[2048];
	struct wr w = wr_init(buf, sizeof(buf));
	struct tls_offer o = { .version = 0x0303, .host = "mail.example.test", .suites = suites,
		.groups = groups, .ngroups = 5 };

	(void)state;
	for (const struct tls_suite *s = tls_names_suites; s->code != 0; s++)
		if ((s->flags & SUITE_ORDINARY) != 0 && tls_names_fits(s, 0x0303))
			suites[o.nsuites++] = s->code;
	assert_true(o.nsuites >= 45);
	tls_hello_write(&o, &w);
	if (w.len > 260)
		fail_msg("%zu bytes", w.len);
}

static bool
contains(const struct wr *w, const char *what, size_t n)
{
	for (size_t i = 0; i + n <= w->len; i++)
		if (memcmp(w->p + i, what, n) == 0)
			return true;
	return false;
}

static void
hello_forms(void **state)
{
	static const uint16_t suites[] = { 0x1301 }, groups[] = { 29 };
	static const struct {
		const char *host; uint16_t version; enum tls_share share; bool bare;
		const char *has; size_t nhas; const char *lacks; size_t nlacks;
	} forms[] = {
		{ "mail.example.test", 0x0304, TLS_SHARE_EMPTY, false, B("\x00\x33\x00\x02\x00\x00"), B("zzz") },
		{ "mail.example.test", 0x0304, TLS_SHARE_NONE, false, B("mail.example.test"), B("\x00\x33\x00") },
		{ "mail.example.test", 0x0304, TLS_SHARE_X25519, false,
		  B("\x00\x33\x00\x26\x00\x24\x00\x1d\x00\x20\x09"), B("zzz") },
		{ "mail.example.test", 0x0304, TLS_SHARE_P256, false,
		  B("\x00\x33\x00\x47\x00\x45\x00\x17\x00\x41\x04\x6b"), B("zzz") },
		{ "192.0.2.7", 0x0303, TLS_SHARE_EMPTY, false, B("\x00\x17\x00\x00"), B("192.0.2.7") },
		{ "2001:db8::1", 0x0303, TLS_SHARE_EMPTY, false, B("\x00\x17\x00\x00"), B("2001:db8") },
		{ "mail.example.test", 0x0303, TLS_SHARE_EMPTY, false, B("\x00\x0d"), B("\x00\x2b\x00") },
		{ "mail.example.test", 0x0300, TLS_SHARE_EMPTY, true, B("\x16\x03\x00"), B("mail.example") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		uint8_t buf[1024];
		struct wr w = wr_init(buf, sizeof(buf));
		struct tls_offer o = { .version = forms[i].version, .host = forms[i].host,
			.share = forms[i].share, .bare = forms[i].bare, .suites = suites, .nsuites = 1,
			.groups = groups, .ngroups = 1 };

		tls_hello_write(&o, &w);
		if (!contains(&w, forms[i].has, forms[i].nhas) || contains(&w, forms[i].lacks, forms[i].nlacks))
			fail_msg("form %zu", i);
	}
}

/* A message that does not fit says so and writes nothing behind its room. */
static void
hello_without_room(void **state)
{
	(void)state;
	for (size_t cap = 0; cap < 60; cap++) {
		uint8_t buf[64];
		struct wr w = wr_init(buf, cap);
		struct tls_offer o = { .version = cap % 2 != 0 ? 0x0002 : 0x0303 };

		memset(buf, 0xee, sizeof(buf));
		tls_hello_write(&o, &w);
		for (size_t i = cap; i < sizeof(buf); i++)
			assert_int_equal(buf[i], 0xee);
		assert_true(w.full || w.len <= cap);
	}
}

/* ---- names ---- */

static void
names(void **state)
{
	static const struct { uint16_t code; const char *name; unsigned bits, flags, lacks; } cases[] = {
		{ 0x0000, NULL, 0, 0, 0 }, { 0x00ff, NULL, 0, 0, 0 }, { 0x5600, NULL, 0, 0, 0 },
		{ 0x0001, "TLS_RSA_WITH_NULL_MD5", 0, SUITE_NULL | SUITE_SCHANNEL, SUITE_FS },
		{ 0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", 40, SUITE_EXPORT | SUITE_RC4, SUITE_FS },
		{ 0x0009, "TLS_RSA_WITH_DES_CBC_SHA", 56, SUITE_DES | SUITE_CBC, SUITE_TDES },
		{ 0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", 112, SUITE_TDES | SUITE_CBC, SUITE_DES },
		{ 0x0018, "TLS_DH_anon_WITH_RC4_128_MD5", 128, SUITE_ANON | SUITE_RC4, SUITE_SCHANNEL },
		{ 0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", 128, SUITE_FS | SUITE_CBC, SUITE_TLS12 },
		{ 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", 128, SUITE_AEAD | SUITE_TLS12, SUITE_FS },
		{ 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 128,
		  SUITE_FS | SUITE_AEAD | SUITE_SCHANNEL | SUITE_ORDINARY, SUITE_FOREIGN },
		{ 0xc09e, "TLS_DHE_RSA_WITH_AES_128_CCM", 128, SUITE_FOREIGN, SUITE_SCHANNEL },
		{ 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 256, SUITE_FOREIGN | SUITE_AEAD, 0 },
		{ 0x1303, "TLS_CHACHA20_POLY1305_SHA256", 256, SUITE_TLS13 | SUITE_FS, SUITE_FOREIGN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct tls_suite *s = tls_names_suite(cases[i].code);

		if (cases[i].name == NULL) {
			assert_null(s);
			continue;
		}
		assert_non_null(s);
		assert_string_equal(s->name, cases[i].name);
		assert_ptr_equal(s, tls_names_suite_find(s->name));
		assert_int_equal(s->bits, cases[i].bits);
		assert_int_equal(s->flags & cases[i].flags, cases[i].flags);
		assert_int_equal(s->flags & cases[i].lacks, 0);
	}
	/* No code twice; nothing both Schannel's and foreign. */
	for (const struct tls_suite *s = tls_names_suites; s->code != 0; s++) {
		assert_ptr_equal(tls_names_suite(s->code), s);
		assert_true((s->flags & (SUITE_SCHANNEL | SUITE_FOREIGN)) != (SUITE_SCHANNEL | SUITE_FOREIGN));
	}
	for (const struct tls_group *g = tls_names_groups; g->code != 0; g++)
		assert_ptr_equal(tls_names_group(g->code), g);
	assert_int_equal(tls_names_group_find("X25519MLKEM768")->code, 4588);
	assert_string_equal(tls_names_scheme(0x0804), "rsa_pss_rsae_sha256");
	assert_null(tls_names_scheme(0));
	assert_int_equal(tls_names_version_find("TLSv1.2"), 0x0303);
	assert_int_equal(tls_names_version_find("TLSv1.4"), 0);
	assert_string_equal(tls_names_v2(0x0700c0), "SSL_CK_DES_192_EDE3_CBC_WITH_MD5");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_answers),
		cmocka_unit_test(dh_and_extensions),
		cmocka_unit_test(hello_lengths),
		cmocka_unit_test(hello_ordinary_is_short),
		cmocka_unit_test(hello_forms),
		cmocka_unit_test(hello_without_room),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
