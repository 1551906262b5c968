/* cmd_report.c - `exvet report`: judge stored observations again; sends no packet. */
#include "config-build.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "config.h"
#include "judge.h"
#include "store.h"

/* Its servers would count twice. */
static bool
is_named_before(char *const *args, size_t i)
{
	struct stat own, other;

	if (stat(args[i], &own) != 0 || !S_ISREG(own.st_mode))
		return false;
	for (size_t k = 0; k < i; k++)
		if (stat(args[k], &other) == 0 && other.st_dev == own.st_dev && other.st_ino == own.st_ino)
			return true;
	return false;
}

/* Every file is there before the first output is touched. */
static bool
are_readable(char *const *all_args)
{
	bool all = true, stdin_taken = false;
	char *const *args = all_args;

	for (; *args != NULL; args++) {
		if (strcmp(*args, "-") == 0) {
			if (stdin_taken)
				fputs("exvet: report: standard input can be read only once\n", stderr);
			all = all && !stdin_taken;
			stdin_taken = true;
		} else if (access(*args, R_OK) != 0) {
			fprintf(stderr, "exvet: %s: %s\n", *args, strerror(errno));
			all = false;
		} else if (is_named_before(all_args, (size_t)(args - all_args))) {
			fprintf(stderr, "exvet: report: %s: named twice, expected each file once\n", *args);
			all = false;
		}
	}
	return all;
}

/*
 * Does the file hold exactly one result?  Then its card is shown.  Looks two
 * lines ahead at most; standard input is not looked at.
 */
static bool
is_single(char *const *args)
{
	int c, lines = 0;
	bool text = false;
	FILE *f;

	if (args[1] != NULL || strcmp(args[0], "-") == 0)
		return false;
	f = fopen(args[0], "r");
	while (f != NULL && lines < 2 && (c = getc(f)) != EOF) {
		text |= c != '\n' && c != '\r';
		if (c == '\n' && text) {
			lines++;
			text = false;
		}
	}
	if (f != NULL)
		(void)fclose(f);
	return lines + text == 1;
}

static bool
judge_file(struct judge *j, const char *path)
{
	struct store_reader *r = store_open(path);
	struct result *result;
	bool whole;
	int got;

	if (r == NULL)
		return false;
	while (!judge_is_deaf(j) && (got = store_next(r, &result)) != 0) {
		if (got < 0) {
			judge_unreadable(j, 1);
			continue;
		}
		judge_result(j, result);
		result_free(result);
	}
	whole = !store_failed(r);
	store_close(r);
	return whole;
}

/* Does the first line say that `exvet merge` wrote it? */
static bool
is_merged(const char *path)
{
	static const char mark[] = "\"view\":";	/* inside a string there is a \\ before its quotes */
	char *line = NULL;
	size_t size = 0;
	FILE *f = fopen(path, "r");
	const char *at = f != NULL && getline(&line, &size, f) > 0 ? line : "";
	bool merged = false;

	while (!merged && (at = strstr(at, mark)) != NULL) {
		at += sizeof(mark) - 1;
		at += strspn(at, " ");
		merged = *at >= '1' && *at <= '9';
	}
	free(line);
	if (f != NULL)
		(void)fclose(f);
	return merged;
}

/* Of such files several lines may be views of one server, which counts once. */
static bool
goes_by_server(const struct config *c, char *const *args)
{
	bool merged = false, streams = false;

	for (; *args != NULL; args++)
		if (strcmp(*args, "-") == 0)
			streams = true;
		else
			merged = merged || is_merged(*args);
	if (!merged || (c->compare == NULL && !streams))
		return merged;
	if (!c->own_day)	/* `exvet diff' goes by rule, whatever the number of views */
		fputs("exvet: report: files of `exvet merge' beside --compare or standard input: each "
		    "view counts as a target\n", stderr);
	return false;
}

int
cmd_report(const struct config *c, char **args)
{
	bool opened = true;
	struct judge *j;
	uint64_t n;
	int status;

	if (args[0] == NULL) {
		fputs("exvet: report: expected FILE.jsonl or - for standard input\n", stderr);
		return CMD_USAGE;
	}
	if (!are_readable(args))
		return CMD_USAGE;
	if (goes_by_server(c, args))
		return cmd_merge(c, args);
	j = judge_open(c, args, is_single(args), false, &status);
	if (j == NULL)
		return status;
	for (size_t i = 0; args[i] != NULL; i++) {
		judge_input(j, args[i]);
		opened = judge_file(j, args[i]) && opened;
	}
	n = judge_count(j);
	status = judge_close(j, 0);
	if (status != CMD_BROKEN && !opened)
		return CMD_BROKEN;
	if (status != CMD_BROKEN && n == 0) {
		fputs("exvet: report: no result could be read\n", stderr);
		return CMD_USAGE;
	}
	return status;
}
