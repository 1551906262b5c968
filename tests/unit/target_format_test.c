/* target_format_test.c - every format of a list, whole, broken and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "target_input.h"
#include "target_util.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define IN(s) (s), sizeof(s) - 1

struct list_case {
	const char	*in;
	size_t		 n;
	const char	*out;		/* "target tag" a line */
	const char	*told;		/* all that is printed; ends in * : a beginning */
};

static void
check_cases(const struct list_case *cases, size_t n)
{
	const struct config c = { 0 };

	for (size_t i = 0; i < n; i++) {
		char *out = util_list(&c, cases[i].in, cases[i].n);
		const char *told = cases[i].told, *got = util_caught();
		size_t len = strlen(told);

		if (strcmp(out, cases[i].out) != 0)
			fail_msg("case %zu: '%s' gave '%s'", i, cases[i].in, out);
		if (len > 0 && told[len - 1] == '*' ? strncmp(got, told, len - 1) != 0 :
		    strcmp(got, told) != 0)
			fail_msg("case %zu: '%s' told '%s'", i, cases[i].in, got);
		free(out);
	}
}

static void
plain_lists(void **state)
{
	static const struct list_case cases[] = {
		{ IN(""), "", "" },
		{ IN("\n\n"), "", "" },
		{ IN("# a\n; b\n   # c\n"), "", "" },
		{ IN("a.example"), "a.example \n", "" },
		{ IN("a.example\nb.example\n"), "a.example \nb.example \n", "" },
		{ IN("a.example\r\nb.example\r\n"), "a.example \nb.example \n", "" },
		{ IN("\xef\xbb\xbf" "a.example\n"), "a.example \n", "" },
		{ IN("\xef\xbb\xbf\r\n# x\r\na.example\r\n"), "a.example \n", "" },
		{ IN("  a.example  \n"), "a.example \n", "" },
		{ IN("a.example # x\n"), "a.example \n", "" },
		{ IN("a.example ; x\n"), "a.example \n", "" },
		{ IN("a.example\t#x\n"), "a.example \n", "" },
		{ IN("a.example Berlin\n"), "a.example Berlin\n", "" },
		{ IN("a.example   Head office Berlin  # x\n"), "a.example Head office Berlin\n", "" },
		{ IN("a.example\tBerlin\tx\n"), "a.example Berlin\n", "" },
		{ IN("a.example,Berlin\n"), "a.example Berlin\n", "" },
		{ IN("a.example, Berlin , x\n"), "a.example Berlin\n", "" },
		{ IN("a.example;Berlin;x\n"), "a.example Berlin\n", "" },
		{ IN("a.example ,Berlin\n"), "a.example Berlin\n", "" },
		{ IN("a.example,\n"), "a.example \n", "" },
		{ IN("a.example,,x\n"), "a.example \n", "" },
		{ IN("a.example C#\n"), "a.example C#\n", "" },
		{ IN("\"a.example\"\n"), "a.example \n", "" },
		{ IN("\" a.example \",\"Berlin, \"\"Mitte\"\" # 1\"\n"),
		    "a.example Berlin, \"Mitte\" # 1\n", "" },
		{ IN("https://a.example/owa/,Berlin\n"), "a.example Berlin\n", "" },
		{ IN("http://a.example/x#y\n"), "http://a.example \n", "" },
		{ IN("http://[2001:db8::1]:8080/\n"), "http://[2001:db8::1]:8080 \n", "" },
		{ IN("[2001:db8::1]:8443 x\n[2001:db8::1]\n2001:db8::2\n"),
		    "[2001:db8::1]:8443 x\n2001:db8::1 \n2001:db8::2 \n", "" },
		{ IN("10.0.0.0/30 lab\n"), "10.0.0.0 lab\n10.0.0.1 lab\n10.0.0.2 lab\n10.0.0.3 lab\n", "" },
		{ IN("10.0.0.254-10.0.1.1:8443\n"), "10.0.0.254:8443 \n10.0.0.255:8443 \n"
		    "10.0.1.0:8443 \n10.0.1.1:8443 \n", "" },
		{ IN("255.255.255.254/31\n"), "255.255.255.254 \n255.255.255.255 \n", "" },
		{ IN("a.example x\x1b[31m\n"), "a.example x\\x1b[31m\n", "" },
		{ IN("target,tag\na.example,x\n"), "a.example x\n", "" },
		{ IN("Host;Site;Owner\na.example;x;y\n"), "a.example x\n", "" },
		{ IN("host\na.example\n"), "host \na.example \n", "" },
		{ IN("a.example\nhost,tag\n"), "a.example \nhost tag\n", "" },
		{ IN("open.example tcp\n"), "open.example tcp\n", "" },
		{ IN("open tcp 443\n"), "open tcp 443\n", "" },
	};

	(void)state;
	check_cases(cases, N(cases));
}

static void
bad_lines(void **state)
{
	static const struct list_case cases[] = {
		{ IN("a.example:0\nb.example\n"), "b.example \n",
		    "exvet: list:1: 'a.example:0': bad port, expected a number from 1 to 65535\n" },
		{ IN("\n#\n-x\n"), "", "exvet: list:3: '-x': '-' at the edge of a label, "
		    "expected a letter or digit\n" },
		{ IN("a\0b\nb.example\n"), "b.example \n",
		    "exvet: list:1: 'a\\x00b': NUL byte, expected text in UTF-8\n" },
		{ IN("\"a.example\nb.example\n"), "b.example \n",
		    "exvet: list:1: '\"a.example': quote that does not end, expected \" at its end\n" },
		{ IN("a.example,\"x\nb.example\n"), "b.example \n", "exvet: list:1: *" },
		{ IN("\"\",x\n"), "", "exvet: list:1: '': no host, expected a name or an address\n" },
		{ IN(",x\n"), "", "exvet: list:1: '': no host*" },
		{ IN("https://u:secret@a.example/ x\n"), "", "exvet: list:1: 'https://***@a.example/': "
		    "user name or password in a URL, expected none: exvet never logs on\n" },
		{ IN("https://u:se cret@a.example/\n"), "", "exvet: list:1: 'https://***': bad port*" },
		{ IN("a.exa\rmple\n"), "a.exa mple\n", "" },
		{ IN("\xff\xfe" "a\0\n\0"), "failed\n", "exvet: list: UTF-16 text, expected UTF-8 (*" },
		{ IN("\xfe\xff\0a"), "failed\n", "exvet: list: UTF-16 text, expected UTF-8 (*" },
		{ IN("\x1f\x8b\x08"), "failed\n", "exvet: list: compressed by gzip, expected text*" },
		{ IN("PK\x03\x04x"), "failed\n", "exvet: list: a ZIP archive or a spreadsheet*" },
		{ IN("# Nmap 7.93 scan initiated\nHost: 10.0.0.1 ()\n"), "failed\n",
		    "exvet: list: nmap's normal or grepable output, expected its XML (nmap -oX)\n" },
	};

	(void)state;
	check_cases(cases, N(cases));
}

static void
masscan_lists(void **state)
{
	static const struct list_case cases[] = {
		{ IN("#masscan\nopen tcp 443 192.0.2.1 1764000000\nopen tcp 8443 192.0.2.1 1\n# end\n"),
		    "192.0.2.1 \n192.0.2.1:8443 \n", "" },
		{ IN("open tcp 443 2001:db8::1 1764000000\r\n"), "2001:db8::1 \n", "" },
		{ IN("#masscan\nbanner tcp 443 192.0.2.1 1 ssl x\nopen udp 53 192.0.2.1 1\n"
		    "closed tcp 443 192.0.2.2 1\n"), "", "" },
		{ IN("#masscan\nopen tcp 70000 192.0.2.1 1\nopen tcp 443 x 1\nopen tcp 443\n"
		    "open tcp 443 192.0.2.0/24 1\nopen tcp 443 192.0.2.7 1\n"),
		    "192.0.2.7 \n", "exvet: list:2: 'open tcp 70000 192.0.2.1 1': *" },
		{ IN("[\n{   \"ip\": \"192.0.2.1\",   \"timestamp\": \"1\", \"ports\": [ {\"port\": 443, "
		    "\"proto\": \"tcp\", \"status\": \"open\", \"reason\": \"syn-ack\", \"ttl\": 64} ] }\n"
		    ",\n{ \"ip\": \"192.0.2.2\", \"ports\": [ {\"port\": 8443, \"proto\": \"tcp\", \"status\": "
		    "\"open\"}, {\"port\": 444, \"proto\": \"tcp\", \"status\": \"open\"} ] },\n]\n"),
		    "192.0.2.1 \n192.0.2.2:8443 \n192.0.2.2:444 \n", "" },
		{ IN("[\n{\"ip\":\"192.0.2.1\",\"ports\":[{\"port\":443,\"proto\":\"tcp\",\"status\":\"open\"}]},\n"
		    "{finished: 1}\n]\n"), "192.0.2.1 \n", "" },
		{ IN("[{\"ip\":\"192.0.2.1\",\"ports\":[{\"port\":443,\"proto\":\"tcp\",\"status\":\"open\"}]},"
		    "{\"ip\":\"2001:db8::1\",\"ports\":[{\"port\":443,\"proto\":\"tcp\",\"status\":\"open\"}]}]"),
		    "192.0.2.1 \n2001:db8::1 \n", "" },
		{ IN("[\n  {\n    \"ip\": \"192.0.2.1\",\n    \"ports\": [\n      {\n        \"port\": 443,\n"
		    "        \"proto\": \"tcp\",\n        \"status\": \"open\"\n      }\n    ]\n  }\n]\n"),
		    "192.0.2.1 \n", "" },
		{ IN("{\"ip\":\"192.0.2.1\",\"port\":443,\"proto\":\"tcp\",\"rec_type\":\"status\",\"data\":"
		    "{\"status\":\"open\"}}\n{\"ip\":\"192.0.2.1\",\"port\":443,\"proto\":\"tcp\",\"rec_type\":"
		    "\"banner\",\"data\":{\"service_name\":\"ssl\"}}\n"), "192.0.2.1 \n", "" },
		{ IN("[]"), "", "" },
		{ IN("[\n"), "", "" },
		{ IN("{\"ip\":\"192.0.2.1\",\"ports\":[{\"port\":53,\"proto\":\"udp\",\"status\":\"open\"},"
		    "{\"port\":443,\"proto\":\"tcp\",\"status\":\"closed\"},7]}\n"), "", "" },
		{ IN("{\"ip\":\"192.0.2.1\",\"ports\":[{\"port\":443443,\"proto\":\"tcp\",\"status\":\"open\"}]}\n"
		    "{\"ip\":\"a.example\",\"ports\":[{\"port\":443,\"proto\":\"tcp\",\"status\":\"open\"}]}\n"
		    "{\"ip\":7,\"ports\":[{\"port\":443,\"proto\":\"tcp\",\"status\":\"open\"}]}\n"
		    "{\"ip\":\"192.0.2.9\",\"ports\":[{\"port\":443,\"proto\":\"tcp\",\"status\":\"open\"}]}\n"),
		    "192.0.2.9 \n", "exvet: list:1: '{\"ip\":\"192.0.2.1\"*" },
	};

	(void)state;
	check_cases(cases, N(cases));
}

static void
results(void **state)
{
	static const struct list_case cases[] = {
		{ IN("{\"schema\":\"exvet/1\",\"target\":\"a.example\",\"tag\":\"Berlin\",\"address\":\"192.0.2.1\","
		    "\"build_parts\":[15,2],\"observations\":[{\"value\":\"]}\\\"\"}]}\n"
		    "{\"schema\":\"exvet/1\",\"target\":\"http://b.example:81\",\"tag\":\"\"}\n"),
		    "a.example Berlin\nhttp://b.example:81 \n", "" },
		{ IN("\xef\xbb\xbf\n{\"schema\":\"exvet/1\",\"target\":\"[2001:db8::1]:444\"}"),
		    "[2001:db8::1]:444 \n", "" },
		{ IN("{\"target\":\"a.example\",\"tag\":\"x\\u0000\\u001b\",\"schema\":\"exvet/1\"}\n"),
		    "a.example x\\x00\\x1b\n", "" },
		{ IN("{\"schema\":\"exvet/1\",\"x\":[\"]\\\\\",\"\\\"}\"],\"tag\":\"C:\\\\\",\"target\":\"a.example\"}\n"),
		    "a.example C:\\\n", "" },
		{ IN("{\"schema\":\"exvet/1\",\"target\":\"a.exa\n"		/* a run that was killed */
		    "{\"schema\":\"exvet/1\",\"target\":\"b.example\"}\n"), "b.example \n",
		    "exvet: list:1: '{\"schema\":\"exvet/1\",\"target\":\"a.exa\\x0a': object that does not end, "
		    "expected '}' on its line\n" },
		{ IN("{\"schema\":\"exvet/1\",\"target\":\"a.example\"}\n{\"schema\":\"exvet/1\",\"tar"),
		    "a.example \n", "exvet: list:2: '{\"schema\":\"exvet/1\",\"tar': object cut short by the end, "
		    "expected '}'\n" },
		{ IN("{\"schema\":\"exvet/2\",\"target\":\"a.example\"}\n"), "",
		    "exvet: list:1: '{\"schema\":\"exvet/2\",\"target\":\"a.example\"}': result of another format, "
		    "expected exvet/1\n" },
		{ IN("{\"schema\":\"exvet/1\"}\n{\"schema\":\"exvet/1\",\"target\":7}\n{\"schema\":\"exvet/1\","
		    "\"target\":\"a\\u0000b\"}\n{\"build\":\"15.2\"}\n"), "", "exvet: list:1: *" },
		{ IN("{\"schema\":\"exvet/1\",}x}\nnonsense\n{\"schema\":\"exvet/1\",\"target\":\"c.example\"}\n"),
		    "c.example \n", "exvet: list:1: *" },
	};

	(void)state;
	check_cases(cases, N(cases));
}

#define NMAP "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE nmaprun>\n" \
	"<?xml-stylesheet href=\"file:///usr/bin/../share/nmap/nmap.xsl\" type=\"text/xsl\"?>\n" \
	"<nmaprun scanner=\"nmap\" version=\"7.93\">\n"
#define OPEN "<state state=\"open\" reason=\"syn-ack\"/>"
#define UP "<host><status state=\"up\"/><address addr=\"192.0.2.1\" addrtype=\"ipv4\"/>"
#define PORT443 "<ports><port protocol=\"tcp\" portid=\"443\">" OPEN "</port></ports></host>\n"

static void
nmap_files(void **state)
{
	static const struct list_case cases[] = {
		{ IN(NMAP "<hosthint><status state=\"up\"/><address addr=\"192.0.2.9\" addrtype=\"ipv4\"/></hosthint>\n"
		    UP "<address addr=\"00:11:22:33:44:55\" addrtype=\"mac\"/><hostnames>"
		    "<hostname name=\"Mail.example.com\" type=\"user\"/><hostname name=\"ptr.example.net\" type=\"PTR\"/>"
		    "</hostnames>" PORT443 "</nmaprun>\n"), "192.0.2.1  mail.example.com\n", "" },
		{ IN(NMAP UP "<hostnames><hostname name=\"ptr.example.net\" type=\"PTR\"/></hostnames>" PORT443
		    "</nmaprun>\n"), "192.0.2.1 \n", "" },
		{ IN(NMAP UP "<ports><extraports state=\"closed\" count=\"9\"/>"
		    "<port protocol=\"tcp\" portid=\"8443\">" OPEN "<service name=\"https-alt\"/></port>"
		    "<port protocol=\"tcp\" portid=\"444\">" OPEN "<service name=\"http\" tunnel=\"ssl\"/></port>"
		    "<port protocol=\"tcp\" portid=\"80\">" OPEN "<service name=\"http\"/></port>"
		    "<port protocol=\"tcp\" portid=\"993\">" OPEN "<service name=\"imap\" tunnel=\"ssl\"/></port>"
		    "<port protocol=\"udp\" portid=\"443\">" OPEN "<service name=\"https\"/></port>"
		    "<port protocol=\"tcp\" portid=\"445\"><state state=\"closed\"/><service name=\"https\"/></port>"
		    "<port protocol=\"tcp\" portid=\"446\"><state state=\"open|filtered\"/><service name=\"https\"/></port>"
		    "</ports></host></nmaprun>\n"), "192.0.2.1:8443 \n192.0.2.1:444 \n", "" },
		{ IN(NMAP "<host><status state=\"down\"/><address addr=\"192.0.2.1\" addrtype=\"ipv4\"/>" PORT443
		    "</nmaprun>"), "", "" },
		{ IN("<nmaprun scanner=\"masscan\"><host endtime=\"1\"><address addr=\"2001:db8::1\" addrtype=\"ipv6\"/>"
		    PORT443 "</nmaprun>"), "2001:db8::1 \n", "" },
		{ IN(NMAP UP "<hostnames><hostname name=\"-bad-\" type=\"user\"/></hostnames>" PORT443 "</nmaprun>"),
		    "192.0.2.1 \n", "" },
		{ IN("\xef\xbb\xbf\n" NMAP "</nmaprun>"), "", "" },
		/* two names at one address are two targets, the same name twice is one */
		{ IN(NMAP UP "<hostname name=\"a.example\" type=\"user\"/>" PORT443
		    UP "<hostname name=\"b.example\" type=\"user\"/>" PORT443
		    UP "<hostname name=\"a.example\" type=\"user\"/>" PORT443 "</nmaprun>"),
		    "192.0.2.1  a.example\n192.0.2.1  b.example\n", "" },
	};

	(void)state;
	check_cases(cases, N(cases));
}

static void
bad_xml(void **state)
{
	static const struct list_case cases[] = {
		/* an interrupted scan: what it has is scanned */
		{ IN(NMAP UP PORT443 "<host><status state=\"up\"/><addr"), "192.0.2.1 \n", "exvet: list:6: *" },
		{ IN(NMAP UP PORT443), "192.0.2.1 \n", "exvet: list:5: XML that is broken or breaks off (*" },
		{ IN("<html><body>x</body></html>"), "failed\n",
		    "exvet: list: XML that begins with <html>, expected nmap's <nmaprun>\n" },
		{ IN("<?xml version=\"1.0\"?><!DOCTYPE nmaprun [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>"
		    "<nmaprun>&b;</nmaprun>"), "failed\n", "exvet: list: XML that can not be read (*" },
		{ IN("<!DOCTYPE nmaprun [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><nmaprun><host><address addr=\"&x;\"/>"),
		    "failed\n", "exvet: list: XML that can not be read (*" },
		{ IN("<"), "failed\n", "exvet: list: XML that can not be read (*" },
		{ IN("<!-- x -->"), "failed\n", "exvet: list: *" },
		{ IN(NMAP "<host><status state=\"up\"/><address addr=\"x y\" addrtype=\"ipv4\"/>" PORT443 "</nmaprun>"),
		    "", "exvet: list:5: 'x y:443': bad address*" },
		{ IN(NMAP UP "<ports><port protocol=\"tcp\" portid=\"99999\">" OPEN "<service name=\"https\"/></port>"
		    "</ports></host></nmaprun>"), "", "exvet: list:5: '192.0.2.1:99999': bad port*" },
	};

	(void)state;
	check_cases(cases, N(cases));
}

static void
no_web_is_counted(void **state)
{
	static const char in[] = NMAP UP "<ports><port protocol=\"tcp\" portid=\"25\">" OPEN "</port></ports></host>"
	    UP PORT443 UP "</host><host><status state=\"down\"/></host></nmaprun>";
	const struct config c = { 0 };
	struct target_source *s = target_open_memory(&c, in, sizeof(in) - 1, "list", false);
	char *out = util_drain(s);

	(void)state;
	assert_string_equal(out, "192.0.2.1 \n");
	assert_int_equal(target_no_web(s), 2);
	assert_int_equal(target_bad_lines(s), 0);
	free(out);
	target_close(s);
}

/* Long and deep input: named, skipped, and what follows is read. */
static void
hostile_sizes(void **state)
{
	static const struct { const char *before, *fill, *after, *out, *told; size_t times; } cases[] = {
		{ "", "a", "\nb.example\n", "b.example \n", "exvet: list:1: 'aaaa*", 1 << 20 },
		{ "c.example\n", "a", "", "c.example \n", "exvet: list:2: 'aaaa*", 1 << 20 },
		{ "#", "a", "\nb.example\n", "b.example \n", "exvet: list:1: '#aaa*", 1 << 20 },
		{ "", "a", ".example\n", "", "exvet: list:1: 'aaaa*", 8180 },
		{ "https://a.example/", "a", "\n", "a.example \n", "", 8174 },
		{ "https://a.example/", "a", "\n", "", "exvet: list:1: 'https://***': line too long*", 8175 },
		{ "", "\0", "\nb.example\n", "b.example \n", "exvet: list:1: *", 1 << 20 },
		{ "", "\n", "b.example:0\n", "", "exvet: list:1048577: 'b.example:0': *", 1 << 20 },
		{ "{\"schema\":\"exvet/1\",\"target\":\"a.example\",\"observations\":[", "{\"x\":\"y\"},",
		    "0]}\n", "a.example \n", "", 1 << 17 },
		{ "{\"schema\":\"exvet/1\",\"target\":\"a.example\",\"tag\":\"", "a",
		    "\"}\n{\"schema\":\"exvet/1\",\"target\":\"b.example\"}\n", "b.example \n",
		    "exvet: list:1: '{\"schema\":\"exvet/1\",\"target\":\"a.example\",*", 1 << 20 },
		{ "{\"ip\":\"192.0.2.1\",\"ports\":", "[", "\n", "", "exvet: list:1: *", 1 << 20 },
		{ "{\"x\":", "{\"x\":", "\n", "", "exvet: list:1: *", 100000 },
		{ "{", "}", "\n", "", "exvet: list:1: *", 100000 },
		{ "<nmaprun>", "<host>", "", "", "exvet: list:1: *", 100000 },
		{ "<nmaprun ", "a", "=\"\"/>", "failed\n", "exvet: list: *", 11 << 20 },
	};
	const struct config c = { 0 };

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		struct text_buf b = { 0 };
		size_t width = cases[i].fill[0] == '\0' ? 1 : strlen(cases[i].fill);
		char *out;

		text_buf_str(&b, cases[i].before);
		for (size_t k = 0; k < cases[i].times; k++)
			text_buf_add(&b, cases[i].fill, width);
		text_buf_str(&b, cases[i].after);
		out = util_list(&c, b.s, b.len);
		if (strcmp(out, cases[i].out) != 0)
			fail_msg("case %zu gave '%.200s'", i, out);
		if (strncmp(util_caught(), cases[i].told, strcspn(cases[i].told, "*")) != 0 &&
		    strstr(cases[i].told, "***") == NULL)
			fail_msg("case %zu told '%.200s'", i, util_caught());
		assert_true((cases[i].told[0] == '\0') == (util_caught()[0] == '\0'));
		free(out);
		text_buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_lists), cmocka_unit_test(bad_lines),
		cmocka_unit_test(masscan_lists), cmocka_unit_test(results),
		cmocka_unit_test(nmap_files), cmocka_unit_test(bad_xml),
		cmocka_unit_test(no_web_is_counted), cmocka_unit_test(hostile_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
