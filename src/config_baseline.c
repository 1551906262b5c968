/*
 * config_baseline.c - finds and reads a baseline for TLS, through inih.
 */
#include "config-build.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/datafile.h"
#include "base/text.h"
#include "config.h"
#include "config_baseline.h"
#include "config_inner.h"
#include "tls_baseline.h"

struct file {
	FILE		*f;
	const char	*path;
	unsigned	 line;
	bool		 bad;		/* printed */
	struct tls_baseline *b;
};

/* Once; a fault that is in no line has no number. */
static void
complain(struct file *in, const char *what, const char *expected)
{
	char number[16] = "";

	if (in->line > 0)
		(void)snprintf(number, sizeof(number), ":%u", in->line);
	if (!in->bad)
		fprintf(stderr, "exvet: %s%s: %s, expected %s\n", in->path, number, what, expected);
	in->bad = true;
}

/* inih would cut a long line in two: it is refused instead. */
static char *
reader(char *out, int room, void *stream)
{
	struct file *in = stream;

	if (in->bad || fgets(out, room, in->f) == NULL)
		return NULL;
	in->line++;
	if (strchr(out, '\n') == NULL && !feof(in->f)) {
		if (strlen(out) + 1 < (size_t)room)
			complain(in, "a byte of zero", "text");
		else
			complain(in, "line too long", "a shorter one: a key may be given again");
		return NULL;
	}
	return out;
}

static int
handler(void *user, const char *section, const char *name, const char *value)
{
	struct file *in = user;
	const char *why = "";
	char *what, *bad = NULL;

	if (in->bad)
		return 0;
	if (tls_baseline_set(in->b, section, name, value, in->line, &why, &bad))
		return 1;
	what = text_printf("%s = %s", name, bad != NULL ? bad : value);
	complain(in, what, why);
	free(what);
	free(bad);
	return 0;
}

#if INI_HANDLER_LINENO
static int
lined_handler(void *user, const char *section, const char *name, const char *value, int line)
{
	(void)line;
	return handler(user, section, name, value);
}
#define HANDLER	lined_handler
#else
#define HANDLER	handler
#endif

/* Is it a file of the user's, and no name? */
static bool
is_path(const char *name)
{
	size_t n = strlen(name);

	return strchr(name, '/') != NULL || (n > 4 && strcmp(name + n - 4, ".ini") == 0);
}

/* The file of that name beside the table, or among the program's data. */
static char *
find(const struct config *c, const char *table)
{
	const char *name = c->policy.tls_baseline != NULL ? c->policy.tls_baseline : "microsoft";
	const char *slash;
	FILE *f;
	char *path, *file;

	if (is_path(name))
		return text_dup(name);
	slash = strrchr(table, '/');
	if (slash != NULL) {
		path = text_printf("%.*s/tls/%s.ini", (int)(slash - table), table, name);
		f = fopen(path, "re");
		if (f != NULL) {
			(void)fclose(f);
			return path;
		}
		free(path);
	}
	file = text_printf("tls/%s.ini", name);
	path = datafile_path(file);
	free(file);
	return path;
}

static void
complain_missing(const struct config *c, const char *path, int error)
{
	const char *origin = c->origin[config_row(config_find("tls-baseline"))];
	bool in_file = origin != NULL && strchr(origin, ':') != NULL;

	fprintf(stderr, "exvet: %s%s %s: %s: %s, expected microsoft, "
	    "mozilla-intermediate, mozilla-modern, nist-800-52r2, bsi-tr-02102-2, pci-dss-4 or a "
	    "file\n", in_file ? origin : "", in_file ? ": tls-baseline" : "--tls-baseline",
	    c->policy.tls_baseline, path, strerror(error));
}

/* What no line by itself shows: a file that cannot be read, is empty, or lacks something. */
static void
check_whole(struct file *in, int wrong)
{
	const char *lacks = tls_baseline_lacks(in->b);

	if (wrong != 0 || lacks == NULL) {
		if (wrong != 0)
			complain(in, "not understood", "[section] or key = value");
		return;
	}
	if (in->line > 0) {
		char *what = text_printf("it ends without %s", lacks);

		in->line = 0;
		complain(in, what, "name, title, source and date in [baseline], and at least one line in "
		    "[require]");
		free(what);
	} else
		complain(in, "empty", "a baseline: name, title, source and date in [baseline], and at least "
		    "one line in [require]");
}

bool
config_baseline_load(const struct config *c, const char *table, struct tls_baseline **out)
{
	char *path = find(c, table);
	struct file in = { .path = path, .f = fopen(path, "re"), .b = tls_baseline_new() };
	int wrong, error = errno;

	*out = NULL;
	if (in.f == NULL && c->policy.tls_baseline == NULL) {
		tls_baseline_free(in.b);
		free(path);
		return true;
	}
	if (c->policy.tls_baseline != NULL && is_path(c->policy.tls_baseline)) {
		free(in.b->file);
		in.b->file = text_dup(c->policy.tls_baseline);
	}
	if (in.f != NULL) {
		errno = 0;
		wrong = ini_parse_stream(reader, &in, HANDLER, &in);
		/* A directory can be opened, and shows only here. */
		if (ferror(in.f) != 0)
			complain(&in, strerror(errno), "a file with a baseline");
		(void)fclose(in.f);
		check_whole(&in, wrong);
	} else {
		complain_missing(c, path, error);
		in.bad = true;
	}
	free(path);
	if (in.bad)
		tls_baseline_free(in.b);
	else
		*out = in.b;
	return !in.bad;
}
