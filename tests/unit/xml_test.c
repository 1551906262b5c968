/* xml_test.c - the hardened XML reader: what it gives, what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "xml.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* Every event as text: "<a x=1>", "</a>", "." at the end, "!" when broken. */
static char *
replay(struct xml *x)
{
	struct text_buf b = { 0 };
	const char *name, *value;
	enum xml_event ev;

	while ((ev = xml_next(x)) == XML_START || ev == XML_END) {
		text_buf_printf(&b, ev == XML_END ? "</%s" : "<%s", xml_name(x));
		for (size_t i = 0; xml_attr_at(x, i, &name, &value); i++) {
			text_buf_printf(&b, " %s=%s", name, value);
			assert_string_equal(xml_attr(x, name), value);
		}
		text_buf_str(&b, ">");
	}
	text_buf_str(&b, ev == XML_BROKEN ? "!" : ".");
	/* It stays what it is. */
	assert_int_equal(xml_next(x), ev);
	xml_close(x);
	return b.s;
}

static char *
replay_text(const char *s)
{
	return replay(xml_open_memory(s, strlen(s), "t"));
}

/* The same bytes from a file. */
static char *
replay_file(const char *s)
{
	char *path = text_dup("/tmp/xml_test.XXXXXX");
	int fd = mkstemp(path);
	char *out;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, s, strlen(s)), strlen(s));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	(void)unlink(path);
	out = replay(xml_open_fd(fd, "t"));
	free(path);
	return out;
}

static void
reads(void **state)
{
	static const struct {
		const char	*in, *out;
	} cases[] = {
		{ "<a/>", "<a></a>." },
		{ "<a x='1' y=\"2\"><b/>text<c z=''/></a>",
		    "<a x=1 y=2><b></b><c z=></c></a>." },
		{ "<a x='&lt;&amp;&#38;&#x41;&quot;'/>", "<a x=<&&A\"></a>." },
		{ "<a x='&amp;#38;'/>", "<a x=&#38;></a>." },
		{ "\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><a x='\xc3\xa9'/>",
		    "<a x=\xc3\xa9></a>." },
		{ "<?xml version='1.0' encoding='ISO-8859-1'?><a x='\xe9'/>",
		    "<a x=\xc3\xa9></a>." },
		{ "<?xml version='1.0' encoding='windows-1252'?><a x='\x80\xe9'/>",
		    "<a x=\xe2\x82\xac\xc3\xa9></a>." },
		{ "<?xml version='1.0' encoding='ISO-8859-15'?><a x='\xa4'/>",
		    "<a x=\xe2\x82\xac></a>." },
		{ "<n:a xmlns='v' xmlns:n='u' n:x='1'/>", "<a x=1></a>." },
		{ "<n:a xmlns:n='u' n:x='1'/>", "<a x=1></a>." },
		{ "<!DOCTYPE nmaprun><nmaprun/>", "<nmaprun></nmaprun>." },
		{ "<!DOCTYPE nmaprun PUBLIC '-//x' 'http://127.0.0.1:1/nmap.dtd'><nmaprun/>",
		    "<nmaprun></nmaprun>." },
		{ "<!-- c --><a><![CDATA[<b/>]]><?pi x?></a>", "<a></a>." },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *out = replay_text(cases[i].in), *filed = replay_file(cases[i].in);

		assert_string_equal(out, cases[i].out);
		assert_string_equal(filed, cases[i].out);
		free(out);
		free(filed);
	}
}

static void
reads_bad(void **state)
{
	static const char *const cases[] = {
		"", " ", "text", "<a", "<a>", "<a></b>", "<a x=1/>", "<a x='1' x='2'/>", "<a/><b/>",
		"<?xml version='1.0' encoding='../../tmp/x'?><a/>", "<?xml version='1.0' encoding='EUC-JP'?><a/>",
		"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a>&unknown;</a>",
		"<a x='&unknown;'/>", "<a>&unknown;</a>", "<a>\x01</a>", "<a x='\xff'/>",
		/* entities: one, nested a billion times, external, parameter */
		"<!DOCTYPE a [<!ENTITY e 'x'>]><a x='&e;'/>",
		"<!DOCTYPE a [<!ENTITY e 'x'>]><a/>",
		"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
		"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>]>"
		"<a x='&d;'>&d;</a>",
		"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
		"<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/x'> %p;]><a/>",
		"<!DOCTYPE a [%p;]><a/>",
		"<!DOCTYPE a [<!ATTLIST a x CDATA 'default'>]><a/>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *out = replay_text(cases[i]);

		if (out[strlen(out) - 1] != '!' || strstr(out, "aaa") != NULL ||
		    strstr(out, "default") != NULL)
			fail_msg("case %zu (%s) gave %s", i, cases[i], out);
		free(out);
	}
}

static void
tells_where(void **state)
{
	static const char doc[] = "<a>\n<b\n x='1'/>\n<c>\n</d></a>";
	struct xml *x = xml_open_memory(doc, sizeof(doc) - 1, "file.xml");

	(void)state;
	assert_int_equal(xml_next(x), XML_START);
	assert_int_equal(xml_line(x), 1);
	assert_int_equal(xml_depth(x), 1);
	assert_int_equal(xml_next(x), XML_START);
	assert_int_equal(xml_line(x), 2);
	assert_int_equal(xml_depth(x), 2);
	assert_int_equal(xml_next(x), XML_END);
	assert_int_equal(xml_depth(x), 2);
	assert_int_equal(xml_next(x), XML_START);
	assert_int_equal(xml_next(x), XML_BROKEN);
	assert_string_equal(xml_error(x), "file.xml:5: mismatched tag, expected </c> for line 4");
	xml_close(x);
	x = xml_open_memory("<!DOCTYPE a><a/>", 16, "t");
	assert_int_equal(xml_next(x), XML_START);
	assert_true(xml_doctype(x));
	xml_close(x);
	x = xml_open_memory("<a/>", 4, "t");
	assert_int_equal(xml_next(x), XML_START);
	assert_false(xml_doctype(x));
	xml_close(x);
	assert_null(xml_open_file("/nonexistent/file.xml"));
	xml_close(NULL);
}

/* The line of each tag, of ends too, through several chunks of input. */
static void
counts_lines(void **state)
{
	static const struct { const char *name; bool end; unsigned below; } tags[] = {
		{ "b", false, 0 }, { "c", false, 1 }, { "c", true, 1 }, { "d", false, 2 },
		{ "d", true, 3 }, { "b", true, 5 },
	};
	struct text_buf doc = { 0 };
	struct xml *x;

	(void)state;
	text_buf_str(&doc, "<a>");
	for (unsigned i = 0; i < 4000; i++)
		text_buf_str(&doc, "<b>\n<c\ty='>/>'/>\n<d z='1\n2'></d>\n\n</b\n>");
	text_buf_str(&doc, "</a>");
	x = xml_open_own_memory(doc.s, doc.len, "lines");
	assert_int_equal(xml_next(x), XML_START);
	for (unsigned i = 0; i < 4000 * 6; i++) {
		assert_int_equal(xml_next(x), tags[i % 6].end ? XML_END : XML_START);
		assert_string_equal(xml_name(x), tags[i % 6].name);
		assert_int_equal(xml_line(x), 1 + i / 6 * 6 + tags[i % 6].below);
	}
	assert_int_equal(xml_next(x), XML_END);
	assert_string_equal(xml_name(x), "a");
	xml_close(x);
	text_buf_free(&doc);
}

static void
caps_depth_and_size(void **state)
{
	struct text_buf b = { 0 };
	char *out;
	struct xml *x;

	(void)state;
	for (int i = 0; i < LIMIT_XML_DEPTH; i++)
		text_buf_str(&b, "<a>");
	for (int i = 0; i < LIMIT_XML_DEPTH; i++)
		text_buf_str(&b, "</a>");
	out = replay_text(b.s);
	assert_int_equal(out[strlen(out) - 1], '.');
	free(out);
	text_buf_free(&b);

	b = (struct text_buf){ 0 };
	for (int i = 0; i <= LIMIT_XML_DEPTH; i++)
		text_buf_str(&b, "<a>");
	out = replay_text(b.s);
	assert_int_equal(out[strlen(out) - 1], '!');
	free(out);
	text_buf_free(&b);

	b = (struct text_buf){ 0 };
	text_buf_str(&b, "<a>");
	while (b.len <= LIMIT_MANIFEST)
		text_buf_str(&b, "<b x='0123456789012345678901234567890123456789'/>");
	text_buf_str(&b, "</a>");
	out = replay_text(b.s);
	assert_string_equal(out, "!");
	free(out);
	x = xml_open_own_memory(b.s, b.len, "t");
	out = replay(x);
	assert_int_equal(out[strlen(out) - 1], '.');
	free(out);
	text_buf_free(&b);
}

/* What is not whole is kept until it is, up to a bound. */
static void
caps_a_tag(void **state)
{
	static const struct { const char *before, *after; } cases[] = {
		{ "<a x='", "'/>" }, { "<a><!--", "--></a>" }, { "<!--", "--><a/>" }, { "<", "/>" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (int over = 0; over < 2; over++) {
			struct text_buf b = { 0 };
			size_t n = over ? 2 * LIMIT_XML_TAG : LIMIT_XML_TAG / 2;
			struct xml *x;
			char *out;

			text_buf_str(&b, cases[i].before);
			while (b.len < n)
				text_buf_str(&b, "abcdef");
			text_buf_str(&b, cases[i].after);
			x = xml_open_own_memory(b.s, b.len, "t");
			out = replay(x);
			assert_int_equal(out[strlen(out) - 1], over ? '!' : '.');
			free(out);
			text_buf_free(&b);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(reads_bad),
		cmocka_unit_test(tells_where),
		cmocka_unit_test(counts_lines),
		cmocka_unit_test(caps_depth_and_size),
		cmocka_unit_test(caps_a_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
