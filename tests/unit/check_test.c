/* check_test.c - ranges, --extra-opts and the order of states of the plugin. */
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
#include "check_extra_opts.h"
#include "check_metric.h"
#include "check_range.h"
#include "check_terms.h"

/* Values that alert (after the first |) and that do not (after the second). */
static const struct {
	const char *range, *bad, *good;
} ranges[] = {
	{ "10", "-1 -0.5 10.1 11", "0 5 10" },
	{ "0", "1 -1", "0" },
	{ "10:", "9 9.99 -1", "10 1000000" },
	{ ":10", "-1 11", "0 10" },
	{ "~:10", "11 10.5", "-100000 10" },
	{ "10:20", "9 21", "10 15 20" },
	{ "@10:20", "10 15 20", "9 21" },
	{ "@0", "0", "-1 1" },
	{ "@~:0", "-5 0", "0.1 1" },
	{ "~:", "", "-100 0 100" },
	{ "@5:", "5 6", "4" },
	{ "-5:-1", "-6 0", "-5 -1" },
	{ "-10:", "-11", "-10 0" },
	{ "1.5:2.25", "1.4 2.26", "1.5 2.25" },
	{ "+3", "4", "3" },
	{ "5:5", "4 6", "5" },
	{ ".5:", "0.4", "0.5" },
};

static const char *const bad_ranges[] = {
	"", "@", ":", "@:", "20:10", "@20:10", "0:-1", "-1", "a", "10:b", "10::20", "10:20:30", "~",
	"10 ", " 10", "1e3", "0x10", "inf", "nan", "1,5", "~10", "10:~", "--1", "@@1", ".", "-",
	"1.2.3", "@~", "5:5:", "10:20|",
};

static void
each_value(const struct check_range *r, const char *values, bool alerts, const char *range)
{
	while (*values != '\0') {
		char *end;
		double v = strtod(values, &end);

		if (check_range_alerts(r, v) != alerts)
			fail_msg("%s of %g: expected %d", range, v, alerts);
		values = end + strspn(end, " ");
	}
}

static void
test_ranges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		struct check_range r;

		if (!check_range_parse(ranges[i].range, &r))
			fail_msg("%s is a range", ranges[i].range);
		each_value(&r, ranges[i].bad, true, ranges[i].range);
		each_value(&r, ranges[i].good, false, ranges[i].range);
	}
}

static void
test_bad_ranges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_ranges) / sizeof(bad_ranges[0]); i++) {
		struct check_range r;

		if (check_range_parse(bad_ranges[i], &r))
			fail_msg("\"%s\" is no range", bad_ranges[i]);
	}
}

static void
test_states(void **state)
{
	static const enum check_state order[] = {
		CHECK_OK, CHECK_UNKNOWN, CHECK_WARNING, CHECK_CRITICAL
	};

	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < 4; k++)
			assert_int_equal(check_state_worse(order[i], order[k]),
			    order[i > k ? i : k]);
	assert_int_equal(CHECK_UNKNOWN, 3);
}

/* The label is cut at 19 characters by some that store it. */
static void
test_labels(void **state)
{
	const char *label[METRIC_COUNT];
	size_t n = 0;

	(void)state;
	for (int i = 0; i < METRIC_COUNT; i++)
		label[n++] = check_metric_name((enum check_metric)i);
	for (size_t i = 0; i < n; i++) {
		assert_null(strpbrk(label[i], "='| ;"));
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(strncmp(label[i], label[k], 19), 0);
	}
}

/* ---- --extra-opts ---- */

static char ini[] = "/tmp/exvet-check-XXXXXX";

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
write_ini(const char *text)
{
	write_file(ini, text);
}

/* The arguments joined by spaces, or NULL. */
static char *
expand_words(int argc, char **argv)
{
	struct check_args a;
	struct text_buf b = { 0 };
	bool good = check_extra_opts(&a, argc, argv);

	for (int i = 1; good && i < a.n; i++)
		text_buf_printf(&b, "%s%s", i > 1 ? " " : "", a.v[i]);
	check_extra_opts_free(&a);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	return b.s;
}

static char *
expand(const char *extra)
{
	char *argv[] = { text_dup("check_exchange"), text_dup("-H"), text_dup("a"),
		text_dup(extra), text_dup("-v"), NULL };

	return expand_words(5, argv);
}

/* The value as a word of its own. */
static char *
expand_two(const char *value, const char *last)
{
	char *argv[] = { text_dup("check_exchange"), text_dup("--extra-opts"), text_dup(value),
		text_dup(last), NULL };

	return expand_words(4, argv);
}

static const char sections[] =
    "# a comment\n[other]\nwarning=1\n\n[check_exchange]\r\n"
    "  warning = missing-updates=0 \n; more\nC=30,7\nverify-cert\n4\nwarning=days-behind=3\n"
    "[last]\nuser-agent=a ; b # c\n";

static void
test_extra(void **state)
{
	char *value, *got;

	(void)state;
	write_ini(sections);
	assert_int_equal(setenv("MP_CONFIG_FILE", ini, 1), 0);
	got = expand("--extra-opts");
	assert_string_equal(got, "--warning=missing-updates=0 -C30,7 --verify-cert -4 "
	    "--warning=days-behind=3 -H a -v");
	free(got);
	got = expand("--extra-opts=last");
	assert_string_equal(got, "--user-agent=a ; b # c -H a -v");
	free(got);
	assert_int_equal(unsetenv("MP_CONFIG_FILE"), 0);
	value = text_printf("--extra-opts=other@%s", ini);
	got = expand(value);
	assert_string_equal(got, "--warning=1 -H a -v");
	free(got);
	free(value);
	value = text_printf("other@%s", ini);
	got = expand_two(value, "-v");
	assert_string_equal(got, "--warning=1 -v");
	free(got);
	got = expand_two(value, "--extra-opts=");	/* the second finds no file */
	assert_null(got);
	free(value);
}

/* Directories by their order, in each the names by theirs. */
static void
test_search(void **state)
{
	char first[] = "/tmp/exvet-check-a-XXXXXX", second[] = "/tmp/exvet-check-b-XXXXXX";
	char *old, *wanted, *later, *path, *got;

	(void)state;
	assert_non_null(mkdtemp(first));
	assert_non_null(mkdtemp(second));
	old = text_printf("%s/nagios-plugins.ini", second);
	wanted = text_printf("%s/plugins.ini", second);
	later = text_printf("%s/monitoring-plugins.ini", second);
	path = text_printf(":%s::%s:", first, second);
	write_file(old, "[check_exchange]\nA=old\n");
	write_file(wanted, "[check_exchange]\nA=plugins\n");
	assert_int_equal(setenv("NAGIOS_CONFIG_PATH", path, 1), 0);
	got = expand("--extra-opts");
	assert_string_equal(got, "-Aplugins -H a -v");
	free(got);
	write_file(later, "[check_exchange]\nA=monitoring\n");
	got = expand("--extra-opts=");
	assert_string_equal(got, "-Amonitoring -H a -v");
	free(got);
	assert_int_equal(unsetenv("NAGIOS_CONFIG_PATH"), 0);
	(void)unlink(old);
	(void)unlink(wanted);
	(void)unlink(later);
	(void)rmdir(first);
	(void)rmdir(second);
	free(old);
	free(wanted);
	free(later);
	free(path);
}

static void
test_long_line(void **state)
{
	struct text_buf b = { 0 };
	char *value = text_printf("--extra-opts=@%s", ini), *got;

	(void)state;
	text_buf_str(&b, "[check_exchange]\nuser-agent=");
	for (int i = 0; i < 5000; i++)
		text_buf_str(&b, "x");
	text_buf_str(&b, "\n-bad\n");
	b.s[b.len - 6] = '\0';			/* without the last line it is right */
	write_ini(b.s);
	got = expand(value);
	assert_int_equal(strlen(got), strlen("--user-agent= -H a -v") + 5000);
	free(got);
	text_buf_free(&b);
	free(value);
}

static void
test_bad_extra(void **state)
{
	static const char *const bad[] = {
		"[check_exchange\nx=1\n", "[check_exchange]\n--warning=1\n", "[check_exchange]\n=1\n",
		"[other]\nx=1\n", "", "[check_exchange]\nextra-opts=other\n",
	};
	char *value = text_printf("--extra-opts=@%s", ini);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *got;

		write_ini(bad[i]);
		got = expand(value);
		if (got != NULL)
			fail_msg("%s gave %s", bad[i], got);
	}
	free(value);
	assert_null(expand("--extra-opts=a@/nonexistent/x.ini"));
}

static int
setup(void **state)
{
	int fd = mkstemp(ini);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(ini);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_bad_ranges),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_extra),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_bad_extra),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
