/* history.c - the trend over the runs of a directory. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "history.h"
#include "stored.h"

void
history_free(struct history *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < h->n; i++)
		free((void *)(uintptr_t)h->v[i].file);	/* ours, const to readers */
	free((void *)(uintptr_t)h->dir);
	free(h->v);
	free(h);
}

/* ---- one run ---- */

static void
count_findings(struct history_point *p, const struct judgement *j)
{
	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];

		p->waived += f->waiver != NULL;
		p->undecidable += f->verdict == VERDICT_UNDECIDABLE;
		p->not_observable += f->verdict == VERDICT_NOT_OBSERVABLE;
		if (rule_counts(f))
			p->findings[f->severity]++;
	}
}

static void
count_patches(struct history_point *p, const struct build_report *b)
{
	if (b == NULL || !view_knows_cves(b) || !b->missing_known)
		p->patch_unknown++;
	else if (b->nmissing > 0)
		p->behind++;
	else
		p->current++;
	p->kev += b != NULL && b->kev_open > 0;
	p->unsupported += b != NULL && (b->support == SUPPORT_UNSUPPORTED ||
	    b->support == SUPPORT_ESU_ENDED);
}

void
history_count(struct history_point *p, const struct report *r)
{
	int64_t at = r->result->started_ms;

	p->targets++;
	p->by_state[view_state(r)]++;
	if (at >= 0 && (p->first_ms < 0 || at < p->first_ms))
		p->first_ms = at;
	if (at > p->last_ms)
		p->last_ms = at;
	if (r->judgement->identity != IDENTITY_EXCHANGE)
		return;
	p->exchange++;
	count_findings(p, r->judgement);
	count_patches(p, r->judgement->build);
}

/* Of a file of `exvet merge` a server counts once, by its worst view. */
static void
take(void *arg, const struct report *r)
{
	if (r->result->view <= 1)
		history_count(arg, r);
}

/* ---- all of them ---- */

static bool
is_run(const char *name)
{
	size_t n = strlen(name);

	return n > 6 && name[0] != '.' && strcmp(name + n - 6, ".jsonl") == 0;
}

/* A run that is compressed, or was put aside: "may.jsonl.gz" */
static bool
is_run_unread(const char *name)
{
	return name[0] != '.' && !is_run(name) && strstr(name, ".jsonl") != NULL;
}

/* Of those that are not read the first by name, which takes what it is given. */
static void
note_unread(char **first, size_t *n, const char *name)
{
	++*n;
	if (*first != NULL && strcmp(*first, name) <= 0)
		return;
	free(*first);
	*first = text_dup(name);
}

static void
tell_unread(const char *dir, const char *first, size_t n)
{
	if (n > 0)
		fprintf(stderr, "exvet: --history %s: %zu file%s not read, %s%s: expected NAME.jsonl, not "
		    "compressed: unpack %s first\n", dir, n, n == 1 ? "" : "s", first,
		    n == 1 ? "" : " and others", n == 1 ? "it" : "them");
}

static int
by_time(const void *a, const void *b)
{
	const struct history_point *x = a, *y = b;

	if (x->first_ms != y->first_ms)
		return x->first_ms < y->first_ms ? -1 : 1;
	return strcmp(x->file, y->file);
}

static bool
add_file(struct history *h, const char *name, const struct builds *builds,
    const struct policy *policy, int32_t as_of)
{
	char *path = text_printf("%s/%s", h->dir, name);
	struct history_point p = { .first_ms = -1, .last_ms = -1 };
	bool good = stored_each(path, builds, policy, as_of, take, &p, &p.bad_lines);

	free(path);
	if (!good)
		return false;
	if (p.targets == 0)		/* an empty file is no run */
		return true;
	p.file = text_dup(name);
	h->v = text_grow(h->v, h->n + 1, sizeof(*h->v));
	h->v[h->n++] = p;
	return true;
}

struct history *
history_load(const char *dir, const struct builds *builds, const struct policy *policy,
    int32_t as_of)
{
	struct history *h = text_alloc(sizeof(*h));
	struct dirent *e;
	DIR *d = opendir(dir);
	bool good = d != NULL;
	char *unread = NULL;
	size_t nunread = 0;

	h->dir = text_dup(dir);
	if (d == NULL)
		fprintf(stderr, "exvet: --history %s: %s\n", dir, strerror(errno));
	while (good && (e = readdir(d)) != NULL)
		if (is_run(e->d_name))
			good = add_file(h, e->d_name, builds, policy, as_of);
		else if (is_run_unread(e->d_name))
			note_unread(&unread, &nunread, e->d_name);
	if (d != NULL)
		(void)closedir(d);
	tell_unread(dir, unread, nunread);
	free(unread);
	if (good && h->n == 0) {
		fprintf(stderr, "exvet: --history %s: no result in it, expected files NAME.jsonl\n", dir);
		good = false;
	}
	if (!good) {
		history_free(h);
		return NULL;
	}
	if (h->n > 1)
		qsort(h->v, h->n, sizeof(*h->v), by_time);
	return h;
}
