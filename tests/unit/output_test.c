/*
 * output_test.c - outputs by two small reporters of its own: what is refused,
 * what appears when, and what stays on disk when a write fails.
 */
#include "config-build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "config.h"
#include "output.h"

static void
begin(void *state, FILE *f, const struct report_run *run)
{
	(void)state;
	(void)run;
	fputs("begin\n", f);
}

static void
target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	(void)state;
	(void)run;
	fprintf(f, "target %s\n", report->result->target);
}

static void
end(void *state, FILE *f, const struct report_run *run)
{
	(void)state;
	fprintf(f, "end %d\n", (int)run->not_done);
}

static const struct reporter reporter_lines = {
	.name = "lines", .summary = "", .streams = true, .target = target,
};
static const struct reporter reporter_whole = {
	.name = "whole", .summary = "", .state_size = 8,
	.begin = begin, .target = target, .end = end,
};
/* In place of the program's own table. */
const struct reporter *const report_table[] = { &reporter_lines, &reporter_whole, NULL };

static struct output *
open_list(const char *one, const char *two, char *const *inputs, int *status)
{
	char *specs[] = { text_dup(one), text_dup(two != NULL ? two : "") };
	struct config c = { .outputs = { .v = specs, .n = two != NULL ? 2 : 1 } };
	struct report_run run = { 0 };
	struct output *o;

	*status = -1;
	o = output_open(&c, &run, inputs, status);
	free(specs[0]);
	free(specs[1]);
	return o;
}

static void
say(struct output *o, const char *name)
{
	struct result *r = result_new();

	free(r->target);
	r->target = text_dup(name);
	output_target(o, &(struct report){ .result = r });
	result_free(r);
}

static char *
content(const char *path)
{
	static char buf[65536];
	FILE *f = fopen(path, "r");
	size_t n;

	if (f == NULL)
		return NULL;
	n = fread(buf, 1, sizeof(buf) - 1, f);
	buf[n] = '\0';
	(void)fclose(f);
	return buf;
}

static void
put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* ---- an empty folder for each test ---- */

static char folder[] = "output-test-XXXXXX";

static int
enter(void **state)
{
	(void)state;
	memcpy(folder, "output-test-XXXXXX", sizeof(folder));
	return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int
leave(void **state)
{
	char *cmd = text_printf("rm -rf %s", folder);
	int rc = chdir("..") == 0 ? system(cmd) : -1;

	(void)state;
	free(cmd);
	return rc;
}

/* How many files are here, of whatever name. */
static int
files_here(void)
{
	FILE *p = popen("ls -A | wc -l", "r");
	char buf[32] = "";

	assert_non_null(p);
	assert_non_null(fgets(buf, sizeof(buf), p));
	(void)pclose(p);
	return buf[0] - '0';
}

static void
streams_line_by_line(void **state)
{
	int status;
	struct output *o;

	(void)state;
	put_file("out", "old\n");
	o = open_list("lines:out", NULL, NULL, &status);
	assert_non_null(o);
	assert_string_equal(content("out"), "");
	say(o, "a");
	assert_string_equal(content("out"), "target a\n");
	say(o, "b");
	assert_string_equal(content("out"), "target a\ntarget b\n");
	assert_true(output_close(o, 0));
}

static void
appears_whole(void **state)
{
	struct stat st;
	int status;
	mode_t old = umask(027);
	struct output *o = open_list("whole:out", "whole:old", NULL, &status);

	(void)state;
	(void)umask(old);
	assert_non_null(o);
	put_file("old", "kept until the end\n");
	say(o, "a");
	assert_null(content("out"));
	assert_string_equal(content("old"), "kept until the end\n");
	assert_true(output_close(o, 3));
	assert_string_equal(content("out"), "begin\ntarget a\nend 3\n");
	assert_string_equal(content("old"), "begin\ntarget a\nend 3\n");
	assert_int_equal(stat("out", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(files_here(), 2);
}

static void
follows_links(void **state)
{
	int status;
	struct output *o;
	struct stat st;

	(void)state;
	put_file("real", "old\n");
	assert_int_equal(symlink("real", "link"), 0);
	o = open_list("whole:link", NULL, NULL, &status);
	assert_non_null(o);
	assert_true(output_close(o, 0));
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_string_equal(content("real"), "begin\nend 0\n");
}

static void
refuses(void **state)
{
	static const struct { const char *one, *two, *input; int status; } cases[] = {
		{ "nonsense:out", NULL, NULL, 2 },
		{ "", NULL, NULL, 2 },
		{ "lines:", NULL, NULL, 2 },
		{ "lines", "whole", NULL, 2 },			/* both to stdout */
		{ "lines:-", "whole", NULL, 2 },
		{ "lines:out", "whole:out", NULL, 2 },
		{ "lines:./there", "whole:there", NULL, 2 },
		{ "lines:there", NULL, "there", 2 },
		{ "lines:there", NULL, "@there", 2 },
		{ "whole:./there", NULL, "there", 2 },
		{ "lines:no/such/out", NULL, NULL, 4 },
		{ "whole:no/such/out", NULL, NULL, 4 },
		{ "lines:fresh", "whole:no/such/out", NULL, 4 },
		{ "lines:there", "whole:no/such/out", NULL, 4 },
		{ "lines:.", NULL, NULL, 4 },
		{ "whole:.", NULL, NULL, 4 },
	};

	(void)state;
	put_file("there", "precious\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *one = cases[i].one, *two = cases[i].two;
		char *inputs[] = { cases[i].input != NULL ? text_dup(cases[i].input) : NULL, NULL };
		int status;

		if (open_list(one, two, inputs, &status) != NULL || status != cases[i].status)
			fail_msg("%s %s: status %d", one, two != NULL ? two : "", status);
		assert_string_equal(content("there"), "precious\n");
		assert_int_equal(files_here(), 1);
		free(inputs[0]);
	}
}

static void
full_disk(void **state)
{
	int status;
	struct output *o = open_list("lines:/dev/full", "lines:out", NULL, &status);

	(void)state;
	assert_non_null(o);
	assert_false(output_failed(o));
	say(o, "a");
	assert_true(output_failed(o));
	assert_false(output_all_failed(o));
	say(o, "b");
	assert_false(output_close(o, 0));
	assert_string_equal(content("out"), "target a\ntarget b\n");	/* the other went on */
	o = open_list("whole:/dev/full", NULL, NULL, &status);
	assert_non_null(o);
	say(o, "a");
	assert_false(output_close(o, 0));
}

/* A limit on file size stands for a disk that fills up half-way in a line. */
static void
fills_up(void **state)
{
	struct rlimit was, small;
	int status;
	struct output *o = open_list("lines:out", "whole:other", NULL, &status);

	(void)state;
	assert_non_null(o);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	small = was;
	small.rlim_cur = 30;		/* three lines of nine bytes, and a piece */
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (int i = 0; i < 6; i++)
		say(o, "a");
	assert_true(output_failed(o));
	assert_false(output_close(o, 0));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_string_equal(content("out"), "target a\ntarget a\ntarget a\n");
	assert_null(content("other"));		/* never half a file under its name */
	assert_int_equal(files_here(), 2);	/* but what was written is kept */
}

static void
broken_pipe(void **state)
{
	int status, pipes[2], saved = dup(1);
	struct output *o;

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(pipes), 0);
	(void)fflush(stdout);
	assert_true(dup2(pipes[1], 1) == 1);
	o = open_list("lines", NULL, NULL, &status);
	assert_true(dup2(saved, 1) == 1);
	(void)close(saved);
	(void)close(pipes[1]);
	assert_non_null(o);
	say(o, "a");
	assert_false(output_failed(o));
	(void)close(pipes[0]);
	say(o, "b");
	assert_true(output_failed(o));
	assert_true(output_all_failed(o));
	assert_false(output_close(o, 0));
}

int
main(void)
{
#define HERE(f) cmocka_unit_test_setup_teardown(f, enter, leave)
	const struct CMUnitTest tests[] = {
		HERE(streams_line_by_line), HERE(appears_whole), HERE(follows_links),
		HERE(refuses), HERE(full_disk), HERE(fills_up), HERE(broken_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
