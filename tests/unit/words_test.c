/* words_test.c - near words, wrapped lines, and text as mdoc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mdoc.h"
#include "base/nearest.h"
#include "base/wrap.h"

static void
distances(void **state)
{
	static const struct {
		const char	*a, *b;
		size_t		 n;
	} cases[] = {
		{ "", "", 0 }, { "", "abc", 3 }, { "abc", "", 3 }, { "same", "same", 0 },
		{ "kitten", "sitting", 3 }, { "tarin", "train", 1 }, { "tabel", "table", 1 },
		{ "ca", "abc", 3 }, { "a", "b", 1 },
	};
	char big[400];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(nearest_distance(cases[i].a, cases[i].b), cases[i].n);
		assert_int_equal(nearest_distance(cases[i].b, cases[i].a), cases[i].n);
	}
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	assert_int_equal(nearest_distance(big, ""), 63);
}

static void
suggestions(void **state)
{
	static const char *const known[] = { "scan", "report", "builds", "list", "explain" };
	static const struct {
		const char	*typed, *meant;
	} cases[] = {
		{ "scna", "scan" }, { "sca", "scan" }, { "reprot", "report" }, { "build", "builds" },
		{ "lists", "list" }, { "xyzzy", NULL }, { "", NULL }, { "frobnicate", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nearest n = nearest_start(cases[i].typed);

		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			nearest_offer(&n, known[k]);
		if (cases[i].meant == NULL)
			assert_null(n.best);
		else
			assert_string_equal(n.best, cases[i].meant);
	}
}

/* What a printer wrote, owned. */
static char *
written(void (*print)(FILE *, const char *), const char *text)
{
	char *s = NULL;
	size_t n;
	FILE *f = open_memstream(&s, &n);

	assert_non_null(f);
	print(f, text);
	assert_int_equal(fclose(f), 0);
	return s;
}

static void
wrap_at_ten(FILE *f, const char *text)
{
	wrap_print(f, text, 10, "# ");
}

static void
wraps(void **state)
{
	char text[600] = "", *s, *line, *end;
	size_t lines = 0;

	(void)state;
	for (int i = 0; i < 50; i++)
		(void)snprintf(text + strlen(text), 16, "%0*d  ", i % 9 + 1, i);
	s = written(wrap_at_ten, text);
	for (line = s; *line != '\0'; line = end + 1, lines++) {
		end = strchr(line, '\n');
		assert_non_null(end);
		assert_true((size_t)(end - line) + (lines == 0 ? 10 : 0) <= 79);
		assert_true(lines == 0 || strncmp(line, "        # ", 10) == 0);
		assert_true(end[-1] != ' ');
	}
	assert_true(lines > 2);
	free(s);
	s = written(wrap_at_ten, "");
	assert_string_equal(s, "\n");
	free(s);
}

static void
mdoc(void **state)
{
	static const struct {
		const char	*in, *out;
	} sentences[] = {
		{ "a word", "A word.\n" }, { "healthcheck.htm works", "healthcheck.htm works.\n" },
		{ "one.  Two?", "One.\nTwo?\n" }, { ".Sh evil", "\\&.Sh evil.\n" },
		{ "'evil", "\\&\\(aqevil.\n" }, { "back\\slash `x'", "back\\eslash \\(gax\\(aq.\n" },
	};
	static const struct {
		const char	*in, *out;
	} arguments[] = {
		{ "a b", "\"a b\"" }, { "say \"x\"", "\"say \\(dqx\\(dq\"" }, { ",", "\",\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		char *s = written(mdoc_sentence, sentences[i].in);

		assert_string_equal(s, sentences[i].out);
		free(s);
	}
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
		char *s = written(mdoc_argument, arguments[i].in);

		assert_string_equal(s, arguments[i].out);
		free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances), cmocka_unit_test(suggestions),
		cmocka_unit_test(wraps), cmocka_unit_test(mdoc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
