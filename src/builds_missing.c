/* builds_missing.c - what of its own CU a build misses, and what is newest. */
#include <string.h>

#include "base/text.h"
#include "builds_table.h"

/*
 * Updates that carry security fixes.  Before 2013 these come as rollups, of
 * which not every one does; a rollup contains the ones before it.
 */
static bool
carries_security(enum build_kind k)
{
	return k == KIND_SU || k == KIND_UR;
}

/* Does an earlier row of the CU in the range have the same name (variant builds)? */
static bool
named_before(const struct build_row **rows, size_t n, const char *update)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i]->update, update) == 0)
			return true;
	return false;
}

/* Security updates of the CU above one number and below another (NULL: no end). */
static const struct build_row **
updates(const struct builds *b, size_t cu, const struct build_number *above,
    const struct build_number *below, const char *own, int32_t as_of, size_t *count)
{
	const struct build_row **rows = NULL;
	size_t n = 0;

	for (size_t i = 0; i < b->nentries; i++) {
		const struct build_row *row = &b->entries[i].row;

		if (b->entries[i].cu != cu || !carries_security(row->kind) ||
		    row->released > as_of || build_number_cmp(&row->number, above) <= 0 ||
		    (below != NULL && build_number_cmp(&row->number, below) >= 0) ||
		    strcmp(row->update, own) == 0 || named_before(rows, n, row->update))
			continue;
		rows = text_grow(rows, n + 1, sizeof(*rows));
		rows[n++] = row;
	}
	*count = n;
	return rows;
}

static int32_t
days_since(const struct build_row **rows, size_t n, int32_t as_of)
{
	return n != 0 ? as_of - rows[0]->released : 0;
}

size_t
builds_missing_partial(const struct builds *b, size_t cu, const struct build_number *n)
{
	for (size_t i = b->nentries; i > 0; i--)
		if (b->entries[i - 1].cu == cu && b->entries[i - 1].row.partial &&
		    build_number_cmp(&b->entries[i - 1].row.number, n) <= 0)
			return i - 1;
	return BUILDS_NONE;
}

/* What stands above one number of a known CU; also what a partial update hides. */
static void
missing_above(const struct builds *b, size_t cu, const struct build_number *n, const char *own,
    struct build_report *r, int32_t as_of)
{
	size_t partial = builds_missing_partial(b, cu, n);

	r->missing = updates(b, cu, n, NULL, own, as_of, &r->nmissing);
	if (partial != BUILDS_NONE)
		r->undetermined = updates(b, cu, &b->entries[b->cus[cu].first].row.number,
		    &b->entries[partial].row.number, "", as_of, &r->nundetermined);
	r->missing_known = r->nundetermined == 0;
	r->days_behind = r->missing_known ? days_since(r->missing, r->nmissing, as_of) : -1;
}

static void
missing_range(const struct builds *b, size_t cu, struct build_report *r, int32_t as_of)
{
	const struct build_row *oldest = r->candidates[0];
	const struct build_row *newest = r->candidates[r->ncandidates - 1];

	r->missing = updates(b, cu, &newest->number, NULL, newest->update, as_of, &r->nmissing);
	r->missing_worst = updates(b, cu, &oldest->number, NULL, oldest->update, as_of,
	    &r->nmissing_worst);
	r->days_behind_worst = days_since(r->missing_worst, r->nmissing_worst, as_of);
	r->missing_known = r->nmissing == r->nmissing_worst;
	if (r->missing_known)
		r->days_behind = r->days_behind_worst;
}

static void
newest(const struct builds *b, const struct builds_where *w, struct build_report *r,
    int32_t as_of)
{
	const struct build_number *own = w->entry != BUILDS_NONE && r->place == PLACE_EXACT ?
	    &b->entries[w->entry].row.number : &r->number;

	for (size_t i = 0; i < b->nentries; i++) {
		const struct builds_entry *e = &b->entries[i];
		bool above = build_number_cmp(&e->row.number, own) > 0;

		if (e->product != w->product || e->row.released > as_of)
			continue;
		r->newest_branch = &e->row;
		if (e->cu == w->cu)
			r->newest = &e->row;
		else if (above && r->number.parts > 2 && *e->row.update == '\0')
			r->newer_cu = &e->row;
		if (above && e->cu == w->cu && e->row.kind == KIND_HU)
			r->newer_hu = &e->row;
	}
}

void
builds_missing(const struct builds *b, const struct builds_where *w, struct build_report *r,
    int32_t as_of)
{
	if (w->product != BUILDS_NONE)
		newest(b, w, r, as_of);
	if (w->cu == BUILDS_NONE)
		return;
	if (r->place == PLACE_RANGE) {
		missing_range(b, w->cu, r, as_of);
		return;
	}
	missing_above(b, w->cu, r->row != NULL ? &r->row->number : &r->number,
	    r->row != NULL ? r->row->update : "", r, as_of);
	/* Newer than the table: that nothing is known to be missing is no zero. */
	if (r->place == PLACE_NEWER) {
		r->missing_known = false;
		r->days_behind = -1;
	}
}
