/* cmd_builds.c - `exvet builds [BUILD...]`: what the table says, no packet sent. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "builds.h"
#include "cmd.h"
#include "cmd_builds.h"
#include "config.h"
#include "store.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

enum format { FORMAT_TEXT, FORMAT_JSONL, FORMAT_CSV };

static const char *const format_names[] = {
	[FORMAT_TEXT] = "text", [FORMAT_JSONL] = "jsonl", [FORMAT_CSV] = "csv",
};

/* One -o: gathered in memory, written whole. */
struct sheet {
	enum format	 format;
	const char	*path;		/* NULL: standard output */
	char		*bytes;
	size_t		 len;
	FILE		*f;
	bool		 color, whole;	/* whole: the table, a line a row */
};

struct lookup {
	struct builds	*b;
	int32_t		 as_of;
	struct sheet	*sheets;
	size_t		 nsheets;
};

static bool
sheet_parse(struct sheet *s, const char *spec)
{
	size_t n = strcspn(spec, ":");

	for (size_t i = 0; i < COUNT(format_names); i++)
		if (strlen(format_names[i]) == n && strncmp(format_names[i], spec, n) == 0) {
			s->format = (enum format)i;
			s->path = spec[n] == ':' ? spec + n + 1 : NULL;
			if (s->path != NULL && *s->path == '\0')
				break;
			return true;
		}
	fprintf(stderr, "exvet: -o %s: expected text, jsonl or csv, and :FILE to write to a file\n",
	    spec);
	return false;
}

static bool
wants_color(const struct config *c, const struct sheet *s)
{
	const char *no = getenv("NO_COLOR");

	if (s->path != NULL || s->format != FORMAT_TEXT)
		return false;
	if (c->color != NULL && strcmp(c->color, "always") == 0)
		return true;
	if (c->color != NULL && strcmp(c->color, "never") == 0)
		return false;
	return isatty(STDOUT_FILENO) == 1 && (no == NULL || *no == '\0');
}

static bool
sheets_open(struct lookup *l, const struct config *c, bool whole)
{
	l->nsheets = c->outputs.n != 0 ? c->outputs.n : 1;
	l->sheets = text_alloc(l->nsheets * sizeof(*l->sheets));
	for (size_t i = 0; i < l->nsheets; i++) {
		struct sheet *s = &l->sheets[i];

		if (!sheet_parse(s, c->outputs.n != 0 ? c->outputs.v[i] : "text"))
			return false;
		s->whole = whole;
		s->color = wants_color(c, s);
		s->f = open_memstream(&s->bytes, &s->len);
		if (s->f == NULL) {
			fprintf(stderr, "exvet: %s\n", strerror(errno));
			return false;
		}
		if (s->format == FORMAT_CSV)
			cmd_builds_csv_head(s->f);
		else if (s->format == FORMAT_TEXT && whole)
			cmd_builds_row_head(s->f);
	}
	return true;
}

static bool
write_all(FILE *f, const struct sheet *s)
{
	return (s->len == 0 || fwrite(s->bytes, 1, s->len, f) == s->len) && fflush(f) == 0;
}

static bool
write_path(const char *path, const char *mode, const struct sheet *s)
{
	FILE *f = fopen(path, mode);
	bool ok = f != NULL && write_all(f, s);

	return f != NULL && fclose(f) == 0 && ok;
}

/*
 * Beside the file first, then by rename: it is never seen in part.  A pipe or
 * a device is written as it is.
 */
static bool
write_file(const struct sheet *s)
{
	struct stat st;
	char *temp;
	bool ok;
	int failure;

	if (stat(s->path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_path(s->path, "wb", s);
	temp = text_printf("%s.%ld.part", s->path, (long)getpid());
	ok = write_path(temp, "wbx", s) && rename(temp, s->path) == 0;
	failure = errno;
	if (!ok && failure != EEXIST)
		(void)unlink(temp);
	free(temp);
	errno = failure;
	return ok;
}

/* keep: false when nothing is to be written, after the user's mistake. */
static bool
sheets_close(struct lookup *l, bool keep)
{
	bool ok = true;

	for (size_t i = 0; i < l->nsheets; i++) {
		struct sheet *s = &l->sheets[i];

		if (s->f == NULL)
			continue;
		if (fclose(s->f) != 0 ||
		    (keep && !(s->path != NULL ? write_file(s) : write_all(stdout, s)))) {
			fprintf(stderr, "exvet: %s: %s\n", s->path != NULL ? s->path :
			    "standard output", strerror(errno));
			ok = false;
		}
		free(s->bytes);
	}
	free(l->sheets);
	return ok;
}

static void
answer(struct lookup *l, const char *asked, const struct build_number *n)
{
	struct build_report *r = builds_report(l->b, n, l->as_of);

	for (size_t i = 0; i < l->nsheets; i++) {
		struct sheet *s = &l->sheets[i];

		if (s->format == FORMAT_JSONL)
			store_write_build(s->f, asked, r);
		else if (s->format == FORMAT_CSV)
			cmd_builds_csv(s->f, r);
		else if (s->whole)
			cmd_builds_row(s->f, r->row, r);
		else
			cmd_builds_card(s->f, r, l->as_of, s->color);
	}
	builds_report_free(r);
}

/* Every good one is answered; false when one was bad. */
static bool
answer_all(struct lookup *l, char **args)
{
	struct build_number n;
	bool ok = true;

	for (size_t i = 0; args[0] == NULL && i < builds_count(l->b); i++)
		answer(l, builds_row(l->b, i)->text, &builds_row(l->b, i)->number);
	for (; *args != NULL; args++) {
		if (build_number_parse(*args, &n))
			answer(l, *args, &n);
		else {
			char clean[256];

			(void)text_printable(clean, sizeof(clean), *args, strlen(*args));
			fprintf(stderr, "exvet: %s: not a build, expected two to four numbers such"
			    " as 15.2.1748.39 or 15.2.1748\n", clean);
			ok = false;
		}
	}
	return ok;
}

int
cmd_builds(const struct config *c, char **args)
{
	struct lookup l = { .as_of = c->as_of };
	struct builds_error err = { "" };
	int status = CMD_DONE;
	bool opened;

	if (l.as_of == BUILDS_NO_DAY)
		l.as_of = (int32_t)(time(NULL) / 86400);
	l.b = builds_load(c->table, c->table != NULL, &err);
	if (l.b == NULL) {
		fprintf(stderr, "exvet: %s\n", err.text);
		return CMD_USAGE;
	}
	opened = sheets_open(&l, c, args[0] == NULL);
	if (!opened || !answer_all(&l, args))
		status = CMD_USAGE;
	if (!sheets_close(&l, opened))
		status = CMD_BROKEN;
	builds_free(l.b);
	return status;
}
