/* builds_head_test.c - a table whose rows are read when something asks for one. */
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

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* The head is that of the whole table, and so are the rows in the end. */
static void
is_the_same(void **state)
{
	struct builds_error err = { "" };
	struct builds *head = builds_load_head(&err), *whole = builds_load(NULL, false, &err);

	(void)state;
	assert_non_null(head);
	assert_non_null(whole);
	assert_int_equal(builds_as_of(head), builds_as_of(whole));
	assert_int_equal(builds_kev_as_of(head), builds_kev_as_of(whole));
	assert_string_equal(builds_sha256(head), builds_sha256(whole));
	assert_int_equal(builds_count(head), builds_count(whole));
	assert_true(builds_count(whole) > 100);
	for (size_t i = 0; i < builds_count(whole); i++)
		assert_string_equal(builds_row(head, i)->text, builds_row(whole, i)->text);
	assert_null(builds_fault(head));
	assert_null(builds_fault(whole));
	builds_free(head);
	builds_free(whole);
}

static void
write_table(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* Rows that turn out to be broken are none: half a table would say that nothing is missing. */
static void
broken_rows_are_none(void **state)
{
	static const char *const broken[] = {
		/* well-formed; a tag that is not closed behind rows that are good */
		"<exchange as-of=\"2026-10-13\" kev-as-of=\"2026-08-21\">\n<nothing/>\n</exchange>\n",
		"<exchange as-of=\"2026-10-13\" kev-as-of=\"2026-08-21\">\n"
		"<product branch=\"SE\" name=\"Exchange Server SE\" policy=\"modern\" released=\"2025-07-01\">\n"
		"<cu name=\"RTM\"/></product>\n<release",
	};
	char path[] = "/tmp/builds_test.XXXXXX", *own = getenv("EXVET_TABLE") != NULL ? text_dup(getenv("EXVET_TABLE")) : NULL;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0 && close(fd) == 0 && setenv("EXVET_TABLE", path, 1) == 0);
	for (size_t i = 0; i < COUNT(broken); i++) {
		struct builds_error err = { "" };
		struct builds *b;
		struct build_report *r;
		struct build_number n;

		write_table(path, broken[i]);
		assert_null(builds_load(NULL, false, &err));
		b = builds_load_head(&err);
		assert_non_null(b);
		assert_int_equal(builds_as_of(b), builds_day_from(2026, 10, 13));
		assert_null(builds_fault(b));
		assert_true(build_number_parse("15.2.2562.17", &n));
		r = builds_report(b, &n, builds_day_from(2026, 11, 1));
		assert_true(r->row == NULL && r->ncves == 0 && !r->missing_known);
		assert_int_equal(r->support, SUPPORT_UNKNOWN);
		builds_report_free(r);
		assert_int_equal(builds_count(b), 0);
		assert_string_equal(builds_fault(b), err.text);
		builds_free(b);
	}
	write_table(path, "<exchange as-of=\"never\"/>");
	assert_null(builds_load_head(&(struct builds_error){ "" }));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(own != NULL ? setenv("EXVET_TABLE", own, 1) : unsetenv("EXVET_TABLE"), 0);
	free(own);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_same), cmocka_unit_test(broken_rows_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
