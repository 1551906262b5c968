/* ntlm_test.c - base64, and NTLM messages: recorded ones and broken ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../talk/replay.h"
#include "base/base64.h"
#include "wire/ntlm.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
base64_reads(void **state)
{
	static const struct {
		const char *in, *out;		/* out NULL: refused */
	} cases[] = {
		{ "", "" }, { "Zg==", "f" }, { "Zm8=", "fo" }, { "Zm9v", "foo" },
		{ "Zm9vYg==", "foob" }, { "Zm9vYmE=", "fooba" }, { "Zm9vYmFy", "foobar" },
		{ "Z", NULL }, { "Zg", NULL }, { "Zg=", NULL }, { "Zh==", NULL }, { "Zm9=", NULL },
		{ "Zm9v ", NULL }, { "Zm 9", NULL }, { "Zm9v\n", NULL }, { "====", NULL },
		{ "Z===", NULL }, { "Zg==Zg==", NULL }, { "Zm-_", NULL }, { "=m9v", NULL },
	};
	uint8_t out[16];
	char text[16];
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool fine = base64_decode(cases[i].in, strlen(cases[i].in), out, sizeof(out), &n);

		if (fine != (cases[i].out != NULL))
			fail_msg("%s", cases[i].in);
		if (!fine)
			continue;
		assert_int_equal(n, strlen(cases[i].out));
		assert_memory_equal(out, cases[i].out, n);
		assert_true(base64_encode(out, n, text, sizeof(text)));
		assert_string_equal(text, cases[i].in);
	}
	assert_false(base64_decode("Zm9vYmFy", 8, out, 5, &n));
	assert_true(base64_decode("Zm9vYmFy", 8, out, 6, &n));
	assert_false(base64_encode(out, 6, text, 8));
	assert_true(base64_encode(out, 6, text, 9));
}

static void
writes_negotiate(void **state)
{
	uint8_t out[NTLM_NEGOTIATE_LEN];
	struct wr w = wr_init(out, sizeof(out));
	char text[80];

	(void)state;
	ntlm_write_negotiate(&w);
	assert_false(w.full);
	assert_int_equal(w.len, NTLM_NEGOTIATE_LEN);
	assert_true(base64_encode(out, w.len, text, sizeof(text)));
	assert_string_equal(text, "TlRMTVNTUAABAAAAB4IIogAAAAAoAAAAAAAAACgAAAAKAGNFAAAADw==");
}

static const struct {
	const char *file, *os, *domain_nb, *computer_nb, *domain_dns, *computer_dns, *forest, *target;
	int64_t time;
	bool odd;
} recorded[] = {
	{ "type2_01_10.0.20348", "10.0.20348", "DLP-TEST-R5", "DLP-TEST-R5", "DLP-TEST-R5",
	  "DLP-TEST-R5", "", "DLP-TEST-R5", 1720686494, false },
	{ "type2_02_6.3.9600", "6.3.9600", "SCV", "SCV", "SCV", "SCV", "", "SCV", 1476605364, false },
	{ "type2_04_5.1.2600", "5.1.2600", "P900", "P900", "p900", "p900", "", "P900", 0, false },
	{ "type2_05_none", "", "SAMBADOMAIN", "LOCALDC", "samba.example.com",
	  "localdc.samba.example.com", "", "SAMBADOMAIN", 0, false },
	{ "type2_07_10.0.14393", "10.0.14393", "SUSE", "WS2016", "suse.de", "WS2016.suse.de",
	  "suse.de", "SUSE", 1495015336, false },
	{ "type2_09_5.2.3790", "5.2.3790", "INS", "BILL", "ins.com", "BILL.ins.com", "ins.com",
	  "INS", 0, false },
	{ "type2_16_none", "", "", "", "", "", "", "", 0, true },
	{ "type2_17_6.1.7601", "6.1.7601", "LAB", "DC3", "lab.domain.ex", "dc3.lab.domain.ex",
	  "domain.ex", "LAB", 0, false },
	{ "type2_34_10.0.17763", "10.0.17763", "CYLERA", "WS01", "cylera.lab", "ws01.cylera.lab",
	  "cylera.lab", "CYLERA", 0, false },
	{ "type2_39_10.0.20348", "10.0.20348", "DOM189", "DC1", "dom189.local", "dc1.dom189.local",
	  "dom189.local", "DOM189", 0, false },
};

/* The bytes of a recorded message. */
static size_t
load(const char *name, uint8_t *out, size_t cap)
{
	const char *top = getenv("top_srcdir");
	char *path = text_printf("%s/tests/talk/ntlm/%s.b64", top != NULL ? top : ".", name);
	FILE *f = fopen(path, "r");
	char text[8192];
	size_t n = 0, len;

	if (f == NULL)
		fail_msg("%s", path);
	len = fread(text, 1, sizeof(text), f);
	(void)fclose(f);
	free(path);
	while (len > 0 && text[len - 1] == '\n')
		len--;
	assert_true(base64_decode(text, len, out, cap, &n));
	return n;
}

static void
same(const struct ntlm_name *name, const char *want)
{
	if (name->len != strlen(want) || memcmp(name->text, want, name->len) != 0)
		fail_msg("%.*s, not %s", (int)name->len, name->text, want);
}

static void
reads_recorded(void **state)
{
	uint8_t bytes[NTLM_MESSAGE];
	struct ntlm_challenge c;
	char os[48];

	(void)state;
	for (size_t i = 0; i < COUNT(recorded); i++) {
		size_t n = load(recorded[i].file, bytes, sizeof(bytes));

		assert_true(ntlm_read_challenge(rd_init(replay_fenced(bytes, n), n), &c));
		(void)snprintf(os, sizeof(os), "%u.%u.%u", c.major, c.minor, c.build);
		assert_string_equal(c.has_version ? os : "", recorded[i].os);
		same(&c.domain_nb, recorded[i].domain_nb);
		same(&c.computer_nb, recorded[i].computer_nb);
		same(&c.domain_dns, recorded[i].domain_dns);
		same(&c.computer_dns, recorded[i].computer_dns);
		same(&c.forest, recorded[i].forest);
		same(&c.target, recorded[i].target);
		if (((c.odd & NTLM_ODD_BROKEN) != 0) != recorded[i].odd ||
		    ((c.odd & NTLM_NO_VERSION) != 0) != (recorded[i].os[0] == '\0'))
			fail_msg("%s: odd is %x", recorded[i].file, c.odd);
		if (recorded[i].time != 0)
			assert_int_equal(c.time, recorded[i].time);
	}
}

/* Cut anywhere, a message is refused or odd, or lost nothing but names. */
static void
reads_cut(void **state)
{
	uint8_t bytes[NTLM_MESSAGE];
	size_t n = load("type2_39_10.0.20348", bytes, sizeof(bytes));
	struct ntlm_challenge c;

	(void)state;
	for (size_t cut = 0; cut < n; cut++) {
		bool fine = ntlm_read_challenge(rd_init(replay_fenced(bytes, cut), cut), &c);

		assert_int_equal(fine, cut >= 32);
		if (fine)
			assert_int_not_equal(c.odd & NTLM_ODD_BROKEN, 0);
	}
}

static void
put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static void
reads_hostile(void **state)
{
	static const struct {
		const char	*what;
		size_t		 at;
		uint32_t	 value;
		bool		 fine;
		unsigned	 odd;
	} cases[] = {
		{ "as it was", 8, 2, true, 0 },
		{ "type 1", 8, 1, false, 0 }, { "type 3", 8, 3, false, 0 },
		{ "other signature", 0, 0x4d4c5455, false, 0 },
		{ "target offset wraps", 16, 0xfffffff0, true, NTLM_ODD_NAME },
		{ "target offset at the end", 16, 202, true, NTLM_ODD_NAME },
		{ "target length", 12, 0xffffffff, true, NTLM_ODD_NAME },
		{ "odd target length", 12, 0x000b000b, true, NTLM_ODD_NAME },
		{ "info offset wraps", 44, 0xffffff80, true, NTLM_ODD_INFO },
		{ "info length", 40, 0xffffffff, true, NTLM_ODD_INFO },
		{ "no info", 40, 0, true, NTLM_NO_INFO },
		{ "pair length", 70, 0x0000ffff, true, NTLM_ODD_INFO },
		{ "pair of an unknown kind", 68, 0x000c0077, true, 0 },
		{ "neither Unicode nor OEM", 20, 0xe2898234, true, NTLM_ODD_NAME },
		{ "no version promised", 20, 0xe0898235, true, NTLM_NO_VERSION },
	};
	uint8_t bytes[NTLM_MESSAGE], copy[NTLM_MESSAGE];
	size_t n = load("type2_39_10.0.20348", bytes, sizeof(bytes));
	struct ntlm_challenge c;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool fine;

		memcpy(copy, bytes, n);
		put32(copy + cases[i].at, cases[i].value);
		fine = ntlm_read_challenge(rd_init(replay_fenced(copy, n), n), &c);
		if (fine != cases[i].fine || (fine && c.odd != cases[i].odd))
			fail_msg("%s: %d, odd %x", cases[i].what, fine, c.odd);
	}
}

/* A message with only a target name of those UTF-16 units. */
static bool
read_target(const uint16_t *units, size_t n, struct ntlm_challenge *c)
{
	uint8_t bytes[NTLM_MESSAGE];
	struct wr w = wr_init(bytes, sizeof(bytes));

	wr_put(&w, "NTLMSSP", 8);
	wr_u32le(&w, 2);
	wr_u16le(&w, (unsigned)(n * 2));
	wr_u16le(&w, (unsigned)(n * 2));
	wr_u32le(&w, 48);
	wr_u32le(&w, NTLM_FLAG_UNICODE | NTLM_FLAG_TARGET_DOMAIN | NTLM_FLAG_VERSION);
	wr_put(&w, "\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0", 24);
	for (size_t i = 0; i < n; i++)
		wr_u16le(&w, units[i]);
	assert_false(w.full);
	return ntlm_read_challenge(rd_init(replay_fenced(bytes, w.len), w.len), c);
}

static void
reads_utf16(void **state)
{
	static const struct {
		uint16_t	 units[4];
		size_t		 n;
		const char	*utf8;
	} cases[] = {
		{ { 'A', 0xe9, 0x20ac }, 3, "A\xc3\xa9\xe2\x82\xac" },
		{ { 0xd83d, 0xde00 }, 2, "\xf0\x9f\x98\x80" },
		{ { 0xd83d, 'x' }, 2, "\xef\xbf\xbdx" },
		{ { 'x', 0xd83d }, 2, "x\xef\xbf\xbd" },
		{ { 0xde00, 0xd83d, 0xde00 }, 3, "\xef\xbf\xbd\xf0\x9f\x98\x80" },
		{ { 0xd800, 0xd800, 0xdc00 }, 3, "\xef\xbf\xbd\xf0\x90\x80\x80" },
		{ { 0x7f, 0x80, 0x7ff, 0x800 }, 4, "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80" },
	};
	static uint16_t longest[600];
	struct ntlm_challenge c;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(read_target(cases[i].units, cases[i].n, &c));
		same(&c.target, cases[i].utf8);
		assert_int_equal(c.odd & NTLM_ODD_BROKEN, 0);
		/* The payload stands where a version would: none is read. */
		assert_false(c.has_version);
	}
	for (size_t i = 0; i < COUNT(longest); i++)
		longest[i] = 0x20ac;
	assert_true(read_target(longest, COUNT(longest), &c));
	assert_true((c.odd & NTLM_ODD_NAME) != 0 && c.target.len == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_reads), cmocka_unit_test(writes_negotiate),
		cmocka_unit_test(reads_recorded), cmocka_unit_test(reads_cut),
		cmocka_unit_test(reads_hostile), cmocka_unit_test(reads_utf16),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
