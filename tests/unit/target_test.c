/* target_test.c - the stream: operands, files, pipes, exclusions, duplicates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "target_input.h"
#include "target_util.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static struct config_list
list(char **v, size_t n)
{
	return (struct config_list){ v, n };
}

/* Open with operands written as one text, separated by blanks. */
static struct target_source *
open_args(const struct config *c, const char *operands)
{
	char *copy = text_dup(operands), *args[32] = { NULL }, *p = copy;
	struct target_source *s;

	for (size_t n = 0; *p != '\0'; n++) {
		args[n] = p;
		p += strcspn(p, " ");
		if (*p != '\0')
			*p++ = '\0';
	}
	util_catch();
	s = target_open(c, args);
	(void)util_caught();
	free(copy);
	return s;
}

static void
expect(const struct config *c, const char *operands, const char *want)
{
	struct target_source *s = open_args(c, operands);
	char *out;

	if (s == NULL)
		fail_msg("'%s': %s", operands, util_caught());
	util_catch();
	out = util_drain(s);
	(void)util_caught();
	if (strcmp(out, want) != 0)
		fail_msg("'%s' gave '%s'", operands, out);
	free(out);
	target_close(s);
}

static void
expect_refused(const struct config *c, const char *operands, const char *told)
{
	struct target_source *s = open_args(c, operands);

	if (s != NULL)
		fail_msg("'%s' was taken", operands);
	if (strstr(util_caught(), told) == NULL)
		fail_msg("'%s': '%s' does not say '%s'", operands, util_caught(), told);
	assert_true(text_starts(util_caught(), "exvet: "));
}

static void
operands(void **state)
{
	const struct config c = { 0 };

	(void)state;
	expect(&c, "a.example b.example:8443", "a.example \nb.example:8443 \n");
	expect(&c, "10.0.0.0/31 a.example", "10.0.0.0 \n10.0.0.1 \na.example \n");
	expect(&c, "A.example a.example. https://a.example/owa a.example:443", "a.example \n");
	expect(&c, "a.example http://a.example a.example:80", "a.example \nhttp://a.example \na.example:80 \n");
	expect(&c, "10.0.0.1 10.0.0.0/30 ::ffff:10.0.0.2",
	    "10.0.0.1 \n10.0.0.0 \n10.0.0.2 \n10.0.0.3 \n");
	expect_refused(&c, "", "no targets: name hosts");
	expect_refused(&c, "a..b", "exvet: 'a..b': empty label");
	expect_refused(&c, "a.example a.example:x", "exvet: 'a.example:x': bad port");
	expect_refused(&c, "https://u:secret@a.example/", "exvet: 'https://***@a.example/': user name");
	assert_null(strstr(util_caught(), "secret"));
	expect_refused(&c, "10.0.0.0/7", "too many addresses");
	expect_refused(&c, "@/nonexistent/list", "exvet: /nonexistent/list: No such file");
	expect_refused(&c, "@/tmp", "exvet: /tmp: is a directory");
	expect_refused(&c, "@", "exvet: '': No such file");
	expect_refused(&c, "- -", "exvet: standard input: named twice");
}

static void
fields(void **state)
{
	const struct config c = { 0 };
	struct target_source *s = open_args(&c, "http://[2001:db8::1]:8080/ m\xc3\xbcnchen.example");
	struct target t;

	(void)state;
	assert_non_null(s);
	assert_int_equal(target_total(s), 2);
	assert_int_equal(target_given(s), 0);
	assert_int_equal(target_next(s, &t), 1);
	assert_string_equal(t.text, "http://[2001:db8::1]:8080");
	assert_string_equal(t.host, "2001:db8::1");
	assert_true(t.is_address && t.plain);
	assert_int_equal(t.port, 8080);
	assert_string_equal(t.tag, "");
	assert_string_equal(t.source, "argument");
	assert_null(t.name);
	target_clear(&t);
	assert_int_equal(target_given(s), 1);
	assert_int_equal(target_next(s, &t), 1);
	assert_string_equal(t.host, "xn--mnchen-3ya.example");
	assert_false(t.is_address || t.plain);
	target_clear(&t);
	assert_int_equal(target_next(s, &t), 0);
	assert_int_equal(target_given(s), 2);
	target_close(s);
}

static void
files(void **state)
{
	static const char one[] = "a.example x\na..b\n10.0.0.0/31\n", none[] = "# nothing\n\n", bad[] = "a..b\n";
	char *v[] = { util_file(one, sizeof(one) - 1), util_file(none, sizeof(none) - 1),
		util_file(bad, sizeof(bad) - 1), util_file("", 0) };
	struct config c = { .inputs = list(v, 1) };
	char *at = text_printf("@%s", v[0]), *both = text_printf("a.example @%s", v[0]), *source;
	struct target_source *s;
	struct target t;

	(void)state;
	s = open_args(&c, "b.example");
	assert_non_null(s);
	assert_string_equal(util_caught(), "");		/* told when read, once */
	assert_int_equal(target_total(s), 4);
	assert_int_equal(target_next(s, &t), 1);
	target_clear(&t);
	assert_int_equal(target_next(s, &t), 1);
	source = text_printf("%s:1", v[0]);
	assert_string_equal(t.source, source);
	target_clear(&t);
	util_catch();
	free(util_drain(s));
	free(source);
	source = text_printf("exvet: %s:2: 'a..b': empty label in a host name, "
	    "expected letters or digits between the dots\n", v[0]);
	assert_string_equal(util_caught(), source);
	assert_int_equal(target_bad_lines(s), 1);
	target_close(s);

	expect(&c, "", "a.example x\n10.0.0.0 \n10.0.0.1 \n");
	c.inputs.n = 0;
	expect(&c, at, "a.example x\n10.0.0.0 \n10.0.0.1 \n");
	expect(&c, both, "a.example \n10.0.0.0 \n10.0.0.1 \n");
	c.inputs = list(v + 1, 1);
	expect_refused(&c, "", "exvet: no targets: the input holds none\n");
	c.inputs = list(v + 2, 1);
	expect_refused(&c, "", "exvet: no targets: no line of the input could be read\n");
	c.inputs = list(v + 3, 1);
	expect_refused(&c, "", "exvet: no targets: the input holds none\n");
	free(at);
	free(both);
	free(source);
	for (size_t i = 0; i < N(v); i++)
		util_remove(v[i]);
}

static void
strict(void **state)
{
	static const char one[] = "a.example\n", two[] = "b.example\na..b\nc.example:x\n";
	char *v[] = { util_file(one, sizeof(one) - 1), util_file(two, sizeof(two) - 1) };
	struct config c = { .strict = true, .inputs = list(v, 2) };

	(void)state;
	expect_refused(&c, "", ":2: 'a..b'");
	assert_non_null(strstr(util_caught(), ":3: 'c.example:x'"));
	assert_non_null(strstr(util_caught(), "exvet: 2 bad lines and --strict: nothing is scanned\n"));
	c.inputs.n = 1;
	expect(&c, "x.example", "x.example \na.example \n");
	for (size_t i = 0; i < N(v); i++)
		util_remove(v[i]);
}

/* stdin from a pipe that holds that text; the old one is kept in *kept. */
static int
stdin_from(const char *text, int *kept)
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	*kept = dup(STDIN_FILENO);
	assert_true(dup2(fds[0], STDIN_FILENO) >= 0);
	(void)close(fds[0]);
	assert_int_equal(write(fds[1], text, strlen(text)), (ssize_t)strlen(text));
	return fds[1];
}

static void
stdin_back(int kept)
{
	(void)dup2(kept, STDIN_FILENO);
	(void)close(kept);
}

/* A line is served as soon as it is there, with the pipe still open. */
static void
stdin_lines(void **state)
{
	char *v[] = { text_dup("-") };
	const struct config c = { .inputs = list(v, 1) };
	struct target_source *s;
	struct target t;
	int kept, fd = stdin_from("a.example\n", &kept);

	(void)state;
	s = open_args(&c, "");
	assert_non_null(s);
	assert_int_equal(target_total(s), 0);
	assert_int_equal(target_next(s, &t), 1);
	assert_string_equal(t.source, "standard input:1");
	target_clear(&t);
	assert_int_equal(write(fd, "b.example\nc.exam", 16), 16);
	assert_int_equal(target_next(s, &t), 1);
	assert_string_equal(t.text, "b.example");
	target_clear(&t);
	assert_int_equal(write(fd, "ple", 3), 3);
	(void)close(fd);
	assert_int_equal(target_next(s, &t), 1);
	assert_string_equal(t.text, "c.example");
	target_clear(&t);
	assert_int_equal(target_next(s, &t), 0);
	target_close(s);
	stdin_back(kept);
	free(v[0]);
}

static void
stdin_other(void **state)
{
	static const struct { const char *in, *out; bool strict; } cases[] = {
		{ "", "", false },
		{ "# none\n", "", false },
		{ "#masscan\nopen tcp 443 192.0.2.1 1\n", "192.0.2.1 \n", false },
		{ "[\n{\"ip\":\"192.0.2.1\",\"ports\":[{\"port\":443,\"proto\":\"tcp\",\"status\":\"open\"}]}\n]\n",
		    "192.0.2.1 \n", false },
		{ "{\"schema\":\"exvet/1\",\"target\":\"a.example\"}\n", "a.example \n", false },
		{ "<nmaprun><host><address addr=\"192.0.2.1\"/><port protocol=\"tcp\" portid=\"443\">"
		    "<state state=\"open\"/></port></host></nmaprun>", "192.0.2.1 \n", false },
		{ "a.example\nb.example\n", "a.example \nb.example \n", true },
		{ "a.example\na..b\n", NULL, true },
	};

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		const struct config c = { .strict = cases[i].strict };
		int kept;

		(void)close(stdin_from(cases[i].in, &kept));
		if (cases[i].out != NULL)
			expect(&c, "-", cases[i].out);
		else
			expect_refused(&c, "-", "exvet: standard input:2: 'a..b'");
		stdin_back(kept);
	}
}

static void
exclusions(void **state)
{
	static const char more[] = "# lab\n10.0.0.6\n2001:db8::/32 lab\nM\xc3\xbcNCHEN.example.\n", bad[] = "a..b\n";
	char *x[] = { text_dup("10.0.0.0/30,a.example"), text_dup("10.0.0.2-10.0.0.4") };
	char *f[] = { util_file(more, sizeof(more) - 1), util_file(bad, sizeof(bad) - 1) };
	char *wrong[] = { text_dup("a.example:443") }, *all[] = { text_dup("::/0") };
	struct config c = { .exclude = list(x, 2), .exclude_files = list(f, 1) };
	struct target_source *s;

	(void)state;
	expect(&c, "10.0.0.0/29 A.example b.example a.example:8443", "10.0.0.5 \n10.0.0.7 \nb.example \n");
	expect(&c, "xn--mnchen-3ya.example b.example", "b.example \n");
	expect_refused(&c, "10.0.0.1 a.example", "exvet: no targets: all of them are excluded\n");
	s = open_args(&c, "b.example 10.0.0.1");
	assert_non_null(s);
	assert_true(target_is_excluded(s, "10.0.0.0"));
	assert_true(target_is_excluded(s, "10.0.0.6"));
	assert_true(target_is_excluded(s, "::ffff:10.0.0.6"));
	assert_true(target_is_excluded(s, "2001:db8:ffff::1%eth0"));
	assert_false(target_is_excluded(s, "10.0.0.5"));
	assert_false(target_is_excluded(s, "9.255.255.255"));
	assert_false(target_is_excluded(s, "2001:db9::"));
	assert_false(target_is_excluded(s, "b.example"));
	assert_false(target_is_excluded(s, ""));
	free(util_drain(s));
	assert_int_equal(target_excluded(s), 1);
	assert_int_equal(target_total(s), 1);
	target_close(s);

	c = (struct config){ .exclude = list(all, 1) };
	expect(&c, "10.0.0.1 2001:db8::1", "10.0.0.1 \n");	/* ::/0 is not IPv4 */
	c = (struct config){ .exclude = list(wrong, 1) };
	expect_refused(&c, "b.example", "exvet: --exclude 'a.example:443': port in an exclusion");
	c = (struct config){ .exclude_files = list(f, 2) };
	expect_refused(&c, "b.example", ":1: 'a..b': empty label");
	free(x[0]);
	free(x[1]);
	free(wrong[0]);
	free(all[0]);
	util_remove(f[0]);
	util_remove(f[1]);
}

/* Many intervals, in no order, overlapping: the table says what a plain loop says. */
static void
exclusion_table(void **state)
{
	enum { MANY = 100000, TRIED = 300 };
	struct target_exclude *x = target_exclude_new();
	struct target_spec *specs = text_alloc(MANY * sizeof(*specs));
	uint64_t seed = 1;
	size_t hits = 0;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		specs[i].first.lo = 0xffff00000000 | (seed >> 32 & 0xffffffff);
		specs[i].last.lo = specs[i].first.lo + (seed >> 20 & 0x3fff);
		target_exclude_add(x, &specs[i]);
	}
	target_exclude_seal(x);
	for (size_t k = 0; k < TRIED; k++) {
		struct target_addr a = { 0 };
		bool want = false;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		a.lo = k % 3 == 0 ? specs[k].first.lo : k % 3 == 1 ? specs[k].last.lo + 1 :
		    0xffff00000000 | seed >> 32;
		for (size_t i = 0; i < MANY && !want; i++)
			want = specs[i].first.lo <= a.lo && a.lo <= specs[i].last.lo;
		assert_int_equal(target_exclude_addr(x, &a), want);
		hits += want;
	}
	assert_true(hits > 100 && hits < TRIED);
	target_exclude_free(x);
	free(specs);
}

static void
families_and_port(void **state)
{
	char *p[] = { text_dup("8443"), text_dup("smtp=2525") };
	struct config c = { .ipv4_only = true };

	(void)state;
	expect(&c, "10.0.0.1 a.example", "10.0.0.1 \na.example \n");
	expect_refused(&c, "2001:db8::1", "because of -4");
	c = (struct config){ .ports = list(p, 2) };
	expect(&c, "10.0.0.1 b.example:443 http://c.example", "10.0.0.1:8443 \nb.example \nhttp://c.example \n");
	free(p[0]);
	free(p[1]);
}

/* The ring forgets the oldest and only that; against a plain list. */
static void
duplicates(void **state)
{
	enum { RING = 64, KEYS = 160, STEPS = 200000 };
	struct target_dedup *d = target_dedup_new(RING);
	uint32_t recent[RING] = { 0 };
	size_t n = 0, oldest = 0, old = 0;
	uint64_t seed = 7;

	(void)state;
	for (size_t i = 0; i < STEPS; i++) {
		uint32_t key;
		bool known = false;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		key = (uint32_t)(seed >> 33) % KEYS;
		for (size_t k = 0; k < n; k++)
			known = known || recent[k] == key;
		old += known;
		assert_int_equal(target_dedup_add(d, &key, sizeof(key)), !known);
		if (known)
			continue;
		if (n < RING) {
			recent[n++] = key;
		} else {
			recent[oldest] = key;
			oldest = (oldest + 1) % RING;
		}
	}
	assert_true(old > STEPS / 5 && old < STEPS);
	target_dedup_free(d);
}

static void
many_are_counted(void **state)
{
	const struct config c = { 0 };
	struct target_source *s = open_args(&c, "10.0.0.0/18 10.0.0.0/18 a.example");
	struct target t;
	size_t n = 0;

	(void)state;
	assert_non_null(s);
	assert_int_equal(target_total(s), 32769);
	while (target_next(s, &t) == 1) {
		target_clear(&t);
		n++;
	}
	assert_int_equal(n, 16385);
	assert_int_equal(target_given(s), 16385);
	assert_int_equal(target_duplicates(s), 16384);
	assert_int_equal(target_total(s), 16385);
	target_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operands), cmocka_unit_test(fields), cmocka_unit_test(files),
		cmocka_unit_test(strict), cmocka_unit_test(stdin_lines), cmocka_unit_test(stdin_other),
		cmocka_unit_test(exclusions), cmocka_unit_test(exclusion_table),
		cmocka_unit_test(families_and_port), cmocka_unit_test(duplicates),
		cmocka_unit_test(many_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
