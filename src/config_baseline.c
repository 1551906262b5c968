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

static void
complain(struct file *in, const char *what, const char *expected)
{
	if (!in->bad)
		fprintf(stderr, "exvet: %s:%u: %s, expected %s\n", in->path, in->line, what, expected);
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
	char *what;

	if (in->bad)
		return 0;
	if (tls_baseline_set(in->b, section, name, value, in->line, &why))
		return 1;
	what = text_printf("%s = %s", name, value);
	complain(in, what, why);
	free(what);
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

/* The file of that name beside the table, or among the program's data. */
static char *
find(const struct config *c, const char *table)
{
	const char *name = c->policy.tls_baseline != NULL ? c->policy.tls_baseline : "microsoft";
	const char *slash;
	size_t n = strlen(name);
	FILE *f;
	char *path, *file;

	if (strchr(name, '/') != NULL || (n > 4 && strcmp(name + n - 4, ".ini") == 0))
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

bool
config_baseline_load(const struct config *c, const char *table, struct tls_baseline **out)
{
	char *path = find(c, table);
	struct file in = { .path = path, .f = fopen(path, "re"), .b = tls_baseline_new() };
	int wrong;

	*out = NULL;
	if (in.f == NULL && c->policy.tls_baseline == NULL) {
		tls_baseline_free(in.b);
		free(path);
		return true;
	}
	if (in.f == NULL) {
		int error = errno;
		const char *origin = c->origin[config_row(config_find("tls-baseline"))];
		bool in_file = origin != NULL && strchr(origin, ':') != NULL;

		fprintf(stderr, "exvet: %s%s %s: %s: %s, expected microsoft, "
		    "mozilla-intermediate, mozilla-modern, nist-800-52r2, bsi-tr-02102-2, pci-dss-4 or a "
		    "file\n", in_file ? origin : "", in_file ? ": tls-baseline" : "--tls-baseline",
		    c->policy.tls_baseline, path, strerror(error));
		in.bad = true;
	} else {
		wrong = ini_parse_stream(reader, &in, HANDLER, &in);
		(void)fclose(in.f);
		if (wrong != 0)
			complain(&in, "not understood", "[section] or key = value");
		else if (!tls_baseline_is_whole(in.b))
			complain(&in, "something is missing", "name, title, source and date in [baseline], "
			    "and at least one line in [require]");
	}
	free(path);
	if (in.bad)
		tls_baseline_free(in.b);
	else
		*out = in.b;
	return !in.bad;
}
