/* config_test.c - values, bounds and their bad twins, precedence, lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "builds.h"
#include "config.h"
#include "config_inner.h"

enum { WORDS = 12 };

/* Load one command line of words separated by '|'. */
static bool
load(struct config *c, enum config_command command, const char *line)
{
	static char words[1024];
	char *argv[WORDS + 1] = { NULL }, **args;
	int argc = 0;
	bool done, good;

	(void)snprintf(words, sizeof(words), "cmd|%s", line);
	for (char *p = words; p != NULL && *p != '\0' && argc < WORDS; argc++) {
		argv[argc] = p;
		p = strchr(p, '|');
		if (p != NULL)
			*p++ = '\0';
	}
	good = config_load(c, command, argc, argv, &args, &done);
	assert_false(done);
	return good;
}

static void
must(struct config *c, const char *line)
{
	if (!load(c, CONFIG_SCAN, line))
		fail_msg("refused: %s", line);
}

static void
must_not(const char *line)
{
	struct config c;

	if (load(&c, CONFIG_SCAN, line))
		fail_msg("accepted: %s", line);
}

/* What stands in an INI of its own, named by EXVET_CONFIG. */
static char ini_path[] = "/tmp/exvet-config-test-XXXXXX";

static void
write_ini(const char *text)
{
	FILE *f = fopen(ini_path, "w");

	assert_non_null(f);
	assert_int_equal(fputs(text, f) >= 0, 1);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(setenv("EXVET_CONFIG", ini_path, 1), 0);
}

static const char *
origin(const struct config *c, const char *name)
{
	return c->origin[config_row(config_find(name))];
}

/* ---- the table itself ---- */

static void
table_is_sound(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct config_option *o = config_options; o->name != NULL; o++, n++) {
		assert_ptr_equal(config_find(o->name), o);	/* no name twice */
		assert_non_null(o->section);
		assert_non_null(o->help);
		assert_true(o->commands != 0);
		assert_int_equal(o->type == OPT_CHOICE, o->choices != NULL);
		assert_int_equal(o->type == OPT_FLAG, o->value == NULL);
		assert_true(o->type != OPT_LIST || o->check != NULL);
		assert_true(strcmp(o->name, "help") != 0 && strcmp(o->name, "version") != 0);
		assert_true(o->letter != 'h' && o->letter != 'V');
		for (const struct config_option *p = config_options; p < o; p++) {
			assert_true(p->offset != o->offset);
			assert_true(p->letter == 0 || p->letter != o->letter);
		}
	}
	assert_int_equal(n, config_count());
	assert_true(n > 30);
}

static void
defaults(void **state)
{
	struct config c;

	(void)state;
	must(&c, "host");
	assert_string_equal(c.profile, "standard");
	assert_int_equal(c.connect_timeout_ms, 5000);
	assert_int_equal(c.request_timeout_ms, 10000);
	assert_int_equal(c.target_timeout_ms, 60000);
	assert_int_equal(c.parallel, 200);
	assert_int_equal(c.as_of, BUILDS_NO_DAY);
	assert_string_equal(c.fail_on, "never");
	assert_int_equal(c.policy.grace_days, 14);
	assert_int_equal(c.policy.cert_fail_days, 7);
	assert_int_equal(c.policy.skew_seconds, 300);
	assert_true(text_starts(c.user_agent, "exvet/"));
	assert_null(strchr(c.user_agent, '@'));
	assert_null(c.proxy);
	assert_null(c.table);
	assert_int_equal(c.inputs.n, 0);
	for (size_t i = 0; i < config_count(); i++)
		assert_string_equal(c.origin[i], "default");
	config_free(&c);
}

/* ---- values ---- */

static void
durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{ "500ms", 500 }, { "5s", 5000 }, { "2m", 120000 }, { "7", 7000 }, { "1.5s", 1500 },
		{ "0.25", 250 }, { "1ms", 1 }, { "10m", 600000 }, { "1.001s", 1001 },
	};
	struct config c;
	char line[64];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char *back;

		(void)snprintf(line, sizeof(line), "--connect-timeout=%s", good[i].text);
		must(&c, line);
		assert_int_equal(c.connect_timeout_ms, good[i].ms);
		/* as shown, it reads back the same */
		back = config_value_text(&c, config_find("connect-timeout"));
		(void)snprintf(line, sizeof(line), "--connect-timeout=%s", back);
		free(back);
		config_free(&c);
		must(&c, line);
		assert_int_equal(c.connect_timeout_ms, good[i].ms);
		config_free(&c);
	}
}

static void
values_bad(void **state)
{
	static const char *const bad[] = {
		"--connect-timeout=0", "--connect-timeout=11m", "--connect-timeout=5x",
		"--connect-timeout=-1s", "--connect-timeout=s", "--connect-timeout=1.",
		"--connect-timeout=.5", "--connect-timeout=1.2345s", "--connect-timeout=5 s",
		"--connect-timeout=9999999999", "--connect-timeout=5ms ",
		"--parallel=0", "--parallel=20001", "--parallel=1x", "--parallel=+5", "-j0", "-jx",
		"--rate=-1", "--rate=0x10", "--rate=1.5", "--rate=99999999999999999999",
		"--profile=Quick", "--profile=quic", "--profile=quick standard",
		"--fail-on=none", "--fail-on=high,low",
		"--as-of=2026-02-30", "--as-of=today", "--as-of=2026-1-1", "--as-of=20260101",
		"--resolve=host", "--resolve=:10.0.0.1", "--resolve=host:", "--resolve=h:10.0.0.256",
		"--resolve=h:443:10.0.0.1", "--resolve=h:[::1", "--resolve=h h:10.0.0.1",
		"--port=0", "--port=65536", "--port=smtp", "--port=nosuch=25", "--port=https=",
		"--probes=nosuch", "--probes=,",
		"--proxy=proxy:3128", "--proxy=ftp://p", "--proxy=http://", "--proxy=http://a b",
		"--user-agent=a\nb", "--user-agent=a\x7f", "--contact=caf\xc3\xa9",
		"--name=a/b", "--name=a b", "--name=-a",
		"--exclude=10.0.0.1,,10.0.0.2", "--exclude=10.0.0.1,", "--exclude=a;b",
		"--output=nosuch", "--output=text:", "--output=texts", "--output=:a", "-o|jsonl,nosuch",
		"--skew-seconds=0", "--cert-fail-days=31", "--cert-warn-days=6",
		"--strict=yes", "--no-strict=x", "--no-profile", "--no-rate=1", "--nonsense",
		"--ver", "--t|5", "-Z", "-j", "--rate", "-4|-6", "--ipv4|--ipv6",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		must_not(bad[i]);
}

static void
values(void **state)
{
	static const char *const good[] = {
		"--connect-timeout=10m", "--parallel=20000", "-j1", "-j|77", "--rate=0",
		"--profile=quick", "--fail-on=critical", "--as-of=2024-02-29",
		"--resolve=host:10.0.0.1", "--resolve=h:::1", "--resolve=h:[2001:db8::1]",
		"--port=8443", "--port=https=8443", "-p|1,https=65535",
		"--proxy=http://p:3128", "--proxy=SOCKS5H://127.0.0.1:1080",
		"--name=mail.example.com", "--exclude=10.0.0.0/8,10.0.0.1-50,[::1]:443,*.example.com",
		"--output=text", "-o|text:-", "-o|jsonl:/tmp/x", "-o|text,jsonl:a:b",
		"--cert-fail-days=30", "--cert-warn-days=7", "--no-strict", "--progr=never",
		"--|-weird", "-", "-4|--no-ipv6", "--rate=", "--exclude=",
	};
	struct config c;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		must(&c, good[i]);
		config_free(&c);
	}
	must(&c, "--as-of=2026-10-13|-vv|-v|-4");
	assert_int_equal(c.as_of, 20739);	/* date -d 2026-10-13 +%s, by 86400 */
	assert_int_equal(c.verbose, 3);
	assert_true(c.ipv4_only && !c.ipv6_only);
	config_free(&c);
}

static void
lists(void **state)
{
	struct config c;

	(void)state;
	must(&c, "--exclude=10.0.0.1, 10.0.0.2|--exclude|a.example|-i|a\\,b|-ic");
	assert_int_equal(c.exclude.n, 3);
	assert_string_equal(c.exclude.v[1], "10.0.0.2");
	assert_string_equal(c.exclude.v[2], "a.example");
	assert_int_equal(c.inputs.n, 2);
	assert_string_equal(c.inputs.v[0], "a,b");
	assert_string_equal(c.inputs.v[1], "c");
	config_free(&c);
	must(&c, "--exclude=10.0.0.1|--exclude=");
	assert_int_equal(c.exclude.n, 0);
	config_free(&c);
}

static void
options_of_other_commands(void **state)
{
	struct config c;

	(void)state;
	assert_false(load(&c, CONFIG_REPORT, "--rate=5"));
	assert_false(load(&c, CONFIG_REPORT, "-j5"));
	assert_false(load(&c, CONFIG_BUILDS, "--fail-on=high"));
	assert_true(load(&c, CONFIG_CONFIG, "--rate=5"));
	assert_int_equal(c.rate, 5);
	config_free(&c);
}

static void
operands(void **state)
{
	char *argv[] = { (char[]){ "scan" }, (char[]){ "a" }, (char[]){ "-j5" }, (char[]){ "b" },
	    (char[]){ "--" }, (char[]){ "-c" }, NULL };
	struct config c;
	char **args;
	bool done;

	(void)state;
	assert_true(config_load(&c, CONFIG_SCAN, 6, argv, &args, &done));
	assert_string_equal(args[0], "a");
	assert_string_equal(args[1], "b");
	assert_string_equal(args[2], "-c");
	assert_null(args[3]);
	config_free(&c);
}

/* ---- places ---- */

static void
precedence(void **state)
{
	struct config c;

	(void)state;
	write_ini("[probe]\nrate = 1\nparallel = 11\nthreads = 3\n[targets]\nexclude = a, b\n"
	    "exclude = c\nstrict = on\n[policy]\ngrace-days = 3\n[output]\nverbose = 2\n");
	assert_int_equal(setenv("EXVET_RATE", "2", 1), 0);
	assert_int_equal(setenv("EXVET_PARALLEL", "22", 1), 0);
	must(&c, "--rate=3|host");
	assert_int_equal(c.rate, 3);
	assert_int_equal(c.parallel, 22);
	assert_int_equal(c.threads, 3);
	assert_int_equal(c.policy.grace_days, 3);
	assert_int_equal(c.exclude.n, 3);
	assert_true(c.strict);
	assert_int_equal(c.verbose, 2);
	assert_string_equal(origin(&c, "rate"), "argument");
	assert_string_equal(origin(&c, "parallel"), "environment EXVET_PARALLEL");
	assert_non_null(strstr(origin(&c, "threads"), ":4"));
	config_free(&c);

	/* a stronger place replaces a list, takes back a flag, starts -v afresh */
	must(&c, "--exclude=d|--no-strict|-v");
	assert_int_equal(c.exclude.n, 1);
	assert_string_equal(c.exclude.v[0], "d");
	assert_false(c.strict);
	assert_int_equal(c.verbose, 1);
	config_free(&c);
	assert_int_equal(setenv("EXVET_EXCLUDE", "e,f", 1), 0);
	must(&c, "host");
	assert_int_equal(c.exclude.n, 2);
	assert_string_equal(c.exclude.v[0], "e");
	config_free(&c);

	/* nothing is the default again, whatever a weaker place said */
	assert_int_equal(setenv("EXVET_EXCLUDE", "", 1), 0);
	must(&c, "--rate=|--threads=");
	assert_int_equal(c.exclude.n, 0);
	assert_int_equal(c.rate, 0);
	config_free(&c);

	assert_int_equal(setenv("EXVET_RATE", "x", 1), 0);
	must_not("host");
	assert_int_equal(unsetenv("EXVET_RATE"), 0);
	assert_int_equal(unsetenv("EXVET_PARALLEL"), 0);
	assert_int_equal(unsetenv("EXVET_EXCLUDE"), 0);
	assert_int_equal(unsetenv("EXVET_CONFIG"), 0);
}

static void
family_of_the_stronger_place(void **state)
{
	struct config c;

	(void)state;
	write_ini("[targets]\nipv4 = yes\n");
	must(&c, "-6");
	assert_true(c.ipv6_only && !c.ipv4_only);
	config_free(&c);
	assert_int_equal(unsetenv("EXVET_CONFIG"), 0);
}

/* EXVET_TABLE is the place of the bundled table, not --table. */
static void
table_not_from_environment(void **state)
{
	struct config c;

	(void)state;
	assert_int_equal(setenv("EXVET_TABLE", "/nowhere.xml", 1), 0);
	must(&c, "host");
	assert_null(c.table);
	config_free(&c);
	assert_int_equal(unsetenv("EXVET_TABLE"), 0);
}

/* -o in a file is for reports; `exvet list' and `exvet builds' do without. */
static void
output_does_not_last(void **state)
{
	struct config c;

	(void)state;
	write_ini("[output]\noutput = jsonl:/tmp/x\n");
	must(&c, "host");
	assert_int_equal(c.outputs.n, 1);
	config_free(&c);
	assert_true(load(&c, CONFIG_LIST, "facts"));
	assert_int_equal(c.outputs.n, 0);
	config_free(&c);
	assert_true(load(&c, CONFIG_LIST, "-o|text|facts"));
	assert_int_equal(c.outputs.n, 1);
	config_free(&c);
	assert_int_equal(unsetenv("EXVET_CONFIG"), 0);
}

/* ---- INI ---- */

static void
ini_values(void **state)
{
	struct config c;

	(void)state;
	write_ini("\xef\xbb\xbf# a comment\r\n\r\n[probe] ; the section\r\n"
	    "  contact = https://a.example/;x ; a comment\r\n"
	    "user-agent: \"a \\x3b b\\\\c\\\"\"\r\n"
	    "\tthreads=4\r\n[judge]\nas-of =\nfail-on = high\n"
	    "[output]\noutput = \"text, jsonl:a\\\\,b\"");
	must(&c, "host");
	assert_string_equal(c.contact, "https://a.example/;x");
	assert_string_equal(c.user_agent, "a ; b\\c\"");
	assert_int_equal(c.threads, 4);
	assert_int_equal(c.as_of, BUILDS_NO_DAY);
	assert_string_equal(c.fail_on, "high");
	assert_int_equal(c.outputs.n, 2);
	assert_string_equal(c.outputs.v[1], "jsonl:a,b");
	config_free(&c);
	assert_int_equal(unsetenv("EXVET_CONFIG"), 0);
}

static void
ini_bad(void **state)
{
	static const char *const bad[] = {
		"rate = 1\n", "[prob]\nrate = 1\n", "[probe]\nratte = 1\n", "[judge]\nrate = 1\n",
		"[probe]\nrate\n", "[probe\nrate = 1\n", "[probe] x\nrate = 1\n", "[probe]\nrate = x\n",
		"[probe]\nuser-agent = \"open\n", "[probe]\nuser-agent = \"a\"b\n",
		"[probe]\nuser-agent = \"a\\n\"\n", "[probe]\nuser-agent = \"\\x00\"\n",
		"[probe]\nuser-agent = \"a ; b\"\n", "[probe]\n= 1\n", "[probe]\nhelp = yes\n",
		"[targets]\nstrict = maybe\n", "[targets]\nexclude = a,,b\n",
		"[probe]\nrate = 1\n threads = x\n",
		"[output]\noutput = text, \"jsonl:a\"\n",	/* a quote goes around all */
		"[policy]\ncert-fail-days = 40\n", "[targets]\nipv4 = yes\nipv6 = yes\n",
	};
	struct config c;
	char line[512];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		write_ini(bad[i]);
		must_not("host");
	}
	/* one byte more than fits is refused, not cut; a comment may be long */
	for (int n = 180; n < 190; n++) {
		(void)snprintf(line, sizeof(line), "[probe]\ncontact = %0*d\n;%0300d\n", n, 1, 1);
		write_ini(line);
		if (n + 10 > 198) {
			must_not("host");
			continue;
		}
		must(&c, "host");
		assert_int_equal(strlen(c.contact), n);
		config_free(&c);
	}
	assert_int_equal(setenv("EXVET_CONFIG", "/nowhere/exvet.ini", 1), 0);
	must_not("host");
	assert_int_equal(setenv("EXVET_CONFIG", "/", 1), 0);
	must_not("host");
	assert_int_equal(unsetenv("EXVET_CONFIG"), 0);
}

static void
quotes(void **state)
{
	static const char *const plain[] = {
		"", "a", "a b", "a;b", "a ;b", ";a", "\"a\"", "a\"b", " a", "a ", "a\\b", " \\\";",
		"C:\\x ; y", "\xc3\xa9",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		char *quoted = config_quote(plain[i], false), *back = config_unquote(quoted);

		assert_non_null(back);
		assert_string_equal(back, plain[i]);
		assert_null(strstr(quoted, " ;"));
		assert_true(quoted[0] != ';' && quoted[0] != ' ');
		free(quoted);
		free(back);
	}
}

static int
setup(void **state)
{
	int fd = mkstemp(ini_path);

	(void)state;
	if (fd < 0 || close(fd) != 0)
		return -1;
	return setenv("XDG_CONFIG_HOME", "/nowhere", 1) || unsetenv("EXVET_CONFIG") ||
	    unsetenv("EXVET_TABLE");
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(ini_path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_sound), cmocka_unit_test(defaults),
		cmocka_unit_test(durations), cmocka_unit_test(values), cmocka_unit_test(values_bad),
		cmocka_unit_test(lists), cmocka_unit_test(options_of_other_commands),
		cmocka_unit_test(operands), cmocka_unit_test(precedence),
		cmocka_unit_test(family_of_the_stronger_place),
		cmocka_unit_test(table_not_from_environment),
		cmocka_unit_test(output_does_not_last), cmocka_unit_test(ini_values),
		cmocka_unit_test(ini_bad), cmocka_unit_test(quotes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
