/*
 * cmd_merge.c - `exvet merge FILE ...`: the runs of several scanners and vantage
 * points in one.
 *
 * The files are read twice: first only names and places of lines are kept, then
 * the views of one server after the other are read again and judged together.
 * So memory grows with lines, some bytes each, and not with observations.
 *
 * A server is a target; targets behind which the same one machine answered, by
 * its own word, are one server.
 */
#include "config-build.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd.h"
#include "compare.h"
#include "config.h"
#include "judge.h"
#include "same.h"
#include "store.h"

enum { VIEWS_MAX = 256 };	/* of one server; more are told and left out */

struct place {
	char		*key;		/* the target */
	char		*machine;	/* that answered; "": not known, or several */
	const char	*server;	/* key of the first target of that server */
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
	bool			 unread;	/* a file could not be read to its end */
};

/* ---- first reading ---- */

/* FNV-1a */
static uint64_t
hash(uint64_t h, const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3U;
	return (h ^ 0xff) * 0x100000001b3U;
}

/* Of what was seen: the same scan stored twice, and judged since, is a copy. */
static uint64_t
seen_hash(const struct result *r)
{
	uint64_t h = 0xcbf29ce484222325U;

	for (size_t i = 0; i < obs_count(r->obs); i++) {
		const struct observation *k = obs_get(r->obs, i);

		h = (h ^ (uint64_t)k->fact) * 0x100000001b3U;
		h = (h ^ (uint64_t)k->number) * 0x100000001b3U;
		h = hash(hash(h, k->text), k->at);
	}
	for (size_t i = 0; i < obs_error_count(r->obs); i++)
		h = hash(hash(h, obs_error_get(r->obs, i)->probe), obs_error_get(r->obs, i)->reason);
	return h;
}

static void
note(struct merge *m, size_t file, int64_t offset, const struct result *r)
{
	if (m->n == m->cap) {
		m->cap = m->cap != 0 ? m->cap * 2 : 1024;
		m->v = text_grow(m->v, m->cap, sizeof(*m->v));
	}
	m->v[m->n++] = (struct place){
		.key = compare_key(r), .machine = same_server(r), .file = file, .offset = offset,
		.view = text_printf("%s %s %" PRId64 " %" PRIx64, r->address, r->vantage, r->started_ms,
		    seen_hash(r)),
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
	m->unread |= store_failed(m->readers[file]);
}

static int
by_view(const struct place *x, const struct place *y)
{
	int order = strcmp(x->key, y->key);

	order = order != 0 ? order : strcmp(x->view, y->view);
	if (order != 0)
		return order;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static int
by_target(const void *a, const void *b)
{
	return by_view(a, b);
}

static int
by_server(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = strcmp(x->server, y->server);

	return order != 0 ? order : by_view(x, y);
}

static int
by_machine(const void *a, const void *b)
{
	struct place *const *x = a, *const *y = b;
	int order = strcmp((*x)->machine, (*y)->machine);

	return order != 0 ? order : by_view(*x, *y);
}

/* Of a target every view names one machine, or none. */
static void
settle_machines(struct merge *m)
{
	for (size_t i = 0, n; i < m->n; i += n) {
		const char *one = "";
		bool torn = false;

		for (n = 0; i + n < m->n && strcmp(m->v[i + n].key, m->v[i].key) == 0; n++) {
			const char *s = m->v[i + n].machine;

			torn |= s[0] != '\0' && one[0] != '\0' && strcmp(s, one) != 0;
			one = s[0] != '\0' ? s : one;
		}
		for (size_t k = i; k < i + n; k++)
			if (torn || (m->v[k].machine[0] == '\0' && one[0] != '\0')) {
				char *own = text_dup(torn ? "" : one);

				free(m->v[k].machine);
				m->v[k].machine = own;
			}
	}
}

/* Sorted by target before, by server afterwards. */
static void
find_servers(struct merge *m)
{
	struct place **v = text_alloc((m->n + 1) * sizeof(*v));

	settle_machines(m);
	for (size_t i = 0; i < m->n; i++) {
		m->v[i].server = m->v[i].key;
		v[i] = &m->v[i];
	}
	qsort(v, m->n, sizeof(*v), by_machine);
	for (size_t i = 1; i < m->n; i++)
		if (v[i]->machine[0] != '\0' && strcmp(v[i]->machine, v[i - 1]->machine) == 0)
			v[i]->server = v[i - 1]->server;
	free(v);
	qsort(m->v, m->n, sizeof(*m->v), by_server);
}

/* The same address, vantage point, time and sight: the same line in two files. */
static void
drop_copies(struct merge *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (kept > 0 && strcmp(m->v[kept - 1].key, m->v[i].key) == 0 &&
		    strcmp(m->v[kept - 1].view, m->v[i].view) == 0) {
			free(m->v[i].key);
			free(m->v[i].machine);
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
		for (n = 1; i + n < m->n && strcmp(m->v[i + n].server, m->v[i].server) == 0; n++)
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
			    access(m->files[i], F_OK) != 0 ? strerror(errno) :
			    S_ISDIR(st.st_mode) ? strerror(EISDIR) : "not a regular file");
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
		free(m->v[i].machine);
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
	qsort(m->v, m->n, sizeof(*m->v), by_target);
	drop_copies(m);
	find_servers(m);
	m->judge = judge_open(c, m->files, false, false, &status);
	if (m->judge == NULL)
		return status;
	judge_unreadable(m->judge, m->bad);
	for (size_t i = 0; i < m->nfiles; i++)
		judge_input(m->judge, m->files[i]);
	good = judge_all(m);
	tell(m);
	status = judge_close(m->judge, 0);
	return good && !m->unread ? status : CMD_BROKEN;
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
