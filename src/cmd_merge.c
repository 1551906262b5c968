/*
 * cmd_merge.c - `exvet merge FILE ...`: the runs of several scanners and vantage
 * points in one.
 *
 * The files are read twice: first only names and places of lines are kept, then
 * the views of one server after the other are read again and judged together.
 * So memory grows with lines, some bytes each, and not with observations.
 */
#include "config-build.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cmd.h"
#include "compare.h"
#include "config.h"
#include "judge.h"
#include "store.h"

enum { VIEWS_MAX = 256 };	/* of one server; more are told and left out */

struct place {
	char		*key;		/* the server */
	char		*view;		/* tells a view from its copy */
	size_t		 file;
	int64_t		 offset;
};

struct merge {
	struct judge		*judge;
	char			*const *files;
	struct store_reader	**readers;
	size_t			 nfiles;
	struct place		*v;
	size_t			 n, cap;
	uint64_t		 bad, copies, cut;
};

/* ---- first reading ---- */

static void
note(struct merge *m, size_t file, int64_t offset, const struct result *r)
{
	if (m->n == m->cap) {
		m->cap = m->cap != 0 ? m->cap * 2 : 1024;
		m->v = text_grow(m->v, m->cap, sizeof(*m->v));
	}
	m->v[m->n++] = (struct place){
		.key = text_dup(compare_key(r)), .file = file, .offset = offset,
		.view = text_printf("%s %s %" PRId64, r->address, r->vantage, r->started_ms),
	};
}

static void
read_places(struct merge *m, size_t file)
{
	struct result *r;
	int got;

	while ((got = store_next(m->readers[file], &r)) != 0) {
		if (got < 0) {
			m->bad++;
			continue;
		}
		note(m, file, store_offset(m->readers[file]), r);
		result_free(r);
	}
}

static int
by_server(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	order = order != 0 ? order : strcmp(x->view, y->view);
	if (order != 0)
		return order;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* The same address, vantage point and time: the same line in two files. */
static void
drop_copies(struct merge *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (kept > 0 && strcmp(m->v[kept - 1].key, m->v[i].key) == 0 &&
		    strcmp(m->v[kept - 1].view, m->v[i].view) == 0) {
			free(m->v[i].key);
			free(m->v[i].view);
			m->copies++;
		} else
			m->v[kept++] = m->v[i];
	}
	m->n = kept;
}

/* ---- second reading ---- */

static bool
judge_server(struct merge *m, const struct place *p, size_t n)
{
	struct result *views[VIEWS_MAX];
	size_t got = 0;

	for (size_t i = 0; i < n && got < VIEWS_MAX; i++) {
		struct store_reader *r = m->readers[p[i].file];

		if (!store_seek(r, p[i].offset) || store_next(r, &views[got]) != 1) {
			fprintf(stderr, "exvet: merge: %s: changed while it was read\n",
			    m->files[p[i].file]);
			break;
		}
		got++;
	}
	m->cut += n > VIEWS_MAX ? n - VIEWS_MAX : 0;
	if (got > 0)
		judge_views(m->judge, (const struct result *const *)views, got);
	for (size_t i = 0; i < got; i++)
		result_free(views[i]);
	return got == n || got == VIEWS_MAX;
}

static bool
judge_all(struct merge *m)
{
	bool good = true;

	for (size_t i = 0, n; good && i < m->n && !judge_is_deaf(m->judge); i += n) {
		for (n = 1; i + n < m->n && strcmp(m->v[i + n].key, m->v[i].key) == 0; n++)
			;
		good = judge_server(m, &m->v[i], n);
	}
	return good;
}

/* ---- the command ---- */

/* They are read twice: a pipe will not do. */
static bool
open_files(struct merge *m)
{
	for (size_t i = 0; m->files[i] != NULL; i++) {
		struct stat st;

		if (stat(m->files[i], &st) != 0 || !S_ISREG(st.st_mode)) {
			fprintf(stderr, "exvet: merge: %s: %s, expected a file\n", m->files[i],
			    errno != 0 ? strerror(errno) : "not a regular file");
			return false;
		}
		m->readers = text_grow(m->readers, i + 1, sizeof(struct store_reader *));
		m->readers[i] = store_open(m->files[i]);
		if (m->readers[i] == NULL)
			return false;
		m->nfiles = i + 1;
	}
	return true;
}

static void
clear(struct merge *m)
{
	for (size_t i = 0; i < m->nfiles; i++)
		store_close(m->readers[i]);
	free(m->readers);
	for (size_t i = 0; i < m->n; i++) {
		free(m->v[i].key);
		free(m->v[i].view);
	}
	free(m->v);
}

static void
tell(const struct merge *m)
{
	if (m->copies > 0)
		fprintf(stderr, "exvet: merge: %" PRIu64 " line%s left out that another file holds too\n",
		    m->copies, m->copies == 1 ? "" : "s");
	if (m->cut > 0)
		fprintf(stderr, "exvet: merge: %" PRIu64 " views left out: more than %d of one server\n",
		    m->cut, VIEWS_MAX);
}

static int
merge(struct merge *m, const struct config *c)
{
	int status;
	bool good;

	for (size_t i = 0; i < m->nfiles; i++)
		read_places(m, i);
	if (m->n == 0) {
		fputs("exvet: merge: no result could be read\n", stderr);
		return CMD_USAGE;
	}
	qsort(m->v, m->n, sizeof(*m->v), by_server);
	drop_copies(m);
	m->judge = judge_open(c, m->files, false, &status);
	if (m->judge == NULL)
		return status;
	judge_unreadable(m->judge, m->bad);
	good = judge_all(m);
	tell(m);
	status = judge_close(m->judge, 0);
	return good ? status : CMD_BROKEN;
}

int
cmd_merge(const struct config *c, char **args)
{
	struct merge m = { .files = args };
	int status = CMD_USAGE;

	if (args[0] == NULL)
		fputs("exvet: merge: expected files that `exvet scan -o jsonl' wrote\n", stderr);
	else if (open_files(&m))
		status = merge(&m, c);
	clear(&m);
	return status;
}
