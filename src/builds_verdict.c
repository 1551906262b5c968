/*
 * builds_verdict.c - the state of every CVE of a branch at a build.
 *
 * The rule, per CVE, over its fixes sorted by build: a fix of the build's own
 * CU decides (open below it, fixed from it on); one of another CU above the
 * build means that this CU was never assessed (presumed open); after all of
 * them the build holds the fix.  What is not one row of the table is judged
 * by the rows that it may be or lies between, and decided where they agree.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "builds_table.h"

static enum cve_state
held(const struct cve_info *c)
{
	return *c->needs != '\0' ? CVE_NEEDS_CONFIG : CVE_FIXED;
}

/*
 * A fix of the own CU that came before a partial update (March 2021) may be
 * absent although the number is higher; what the CU itself brought is there.
 */
static bool
hidden(const struct builds *b, const struct builds_entry *e, const struct builds_fix *f)
{
	size_t partial = builds_missing_partial(b, e->cu, &e->row.number);

	return partial != BUILDS_NONE && f->entry < partial &&
	    *b->entries[f->entry].row.update != '\0';
}

/* One CVE at one row.  *fix is the row that decides. */
static enum cve_state
state_at(const struct builds *b, const struct builds_list *l, const struct builds_entry *e,
    const struct build_row **fix)
{
	const struct cve_info *c = &b->cves[l->cve].info;
	const struct builds_fix *f = &b->fixes[l->first];

	for (size_t i = 0; i < l->n; i++, f++) {
		const struct builds_entry *by = &b->entries[f->entry];
		bool below = build_number_cmp(&e->row.number, &by->row.number) < 0;

		*fix = &by->row;
		if (builds_find_same_group(&f->group, &e->row.number)) {
			if (below)
				return CVE_OPEN;
			return hidden(b, e, f) ? CVE_UNDECIDABLE : held(c);
		}
		if (below)
			return CVE_OPEN_PRESUMED;
	}
	return held(c);
}

static bool
is_open(enum cve_state s)
{
	return s == CVE_OPEN || s == CVE_OPEN_PRESUMED;
}

static bool
is_held(enum cve_state s)
{
	return s == CVE_FIXED || s == CVE_NEEDS_CONFIG;
}

/* Two rows: what both say, the weaker claim of the two; else undecidable. */
static enum cve_state
agree(enum cve_state a, enum cve_state b)
{
	if (a == b)
		return a;
	return is_open(a) && is_open(b) ? CVE_OPEN_PRESUMED : CVE_UNDECIDABLE;
}

static const struct builds_entry *
entry_of(const struct build_row *row)
{
	return (const struct builds_entry *)row;
}

static void
judge_range(const struct builds *b, const struct builds_list *l, const struct build_report *r,
    struct cve_verdict *v)
{
	const struct build_row *fix;

	v->candidates = r->ncandidates;
	for (size_t i = 0; i < r->ncandidates; i++) {
		enum cve_state s = state_at(b, l, entry_of(r->candidates[i]), &fix);

		v->fixed_in += is_held(s);
		/* The oldest candidate's deciding row is the one to ask for. */
		if (i == 0)
			v->fix = fix;
		v->state = i == 0 ? s : agree(v->state, s);
	}
}

static void
judge_between(const struct builds *b, const struct builds_list *l, const struct build_report *r,
    struct cve_verdict *v)
{
	const struct build_row *fix;
	enum cve_state below, above;

	v->state = CVE_UNDECIDABLE;
	if (r->below != NULL) {
		below = state_at(b, l, entry_of(r->below), &v->fix);
		if (r->above != NULL) {
			above = state_at(b, l, entry_of(r->above), &fix);
			v->state = agree(below, above);
		}
	}
}

/* Above the newest row of its CU: what that row holds is there; nothing else is known. */
static void
judge_newer(const struct builds *b, const struct builds_list *l, const struct builds_where *w,
    struct cve_verdict *v)
{
	v->state = CVE_UNDECIDABLE;
	if (w->entry != BUILDS_NONE) {
		v->state = state_at(b, l, &b->entries[w->entry], &v->fix);
		if (is_open(v->state))
			v->state = CVE_UNDECIDABLE;
	}
}

static void
judge(const struct builds *b, const struct builds_list *l, const struct builds_where *w,
    const struct build_report *r, struct cve_verdict *v)
{
	/* Until something decides: the newest fix. */
	v->cve = &b->cves[l->cve].info;
	v->fix = &b->entries[b->fixes[l->first + l->n - 1].entry].row;
	switch (r->place) {
	case PLACE_EXACT:
		v->state = state_at(b, l, &b->entries[w->entry], &v->fix);
		break;
	case PLACE_RANGE:
		judge_range(b, l, r, v);
		break;
	case PLACE_BETWEEN: case PLACE_GENERATION:
		judge_between(b, l, r, v);
		break;
	case PLACE_NEWER:
		judge_newer(b, l, w, v);
		break;
	case PLACE_ONLINE: case PLACE_UNKNOWN:
		v->state = CVE_UNDECIDABLE;
		break;
	}
}

/* Worst first: state, known-exploited, score, newest, id. */
static int
by_weight(const void *a, const void *b)
{
	const struct cve_verdict *x = a, *y = b;

	if (x->state != y->state)
		return x->state > y->state ? -1 : 1;
	if (x->cve->kev != y->cve->kev)
		return x->cve->kev ? -1 : 1;
	if (x->cve->cvss < y->cve->cvss || x->cve->cvss > y->cve->cvss)
		return x->cve->cvss > y->cve->cvss ? -1 : 1;
	if (x->cve->disclosed != y->cve->disclosed)
		return x->cve->disclosed > y->cve->disclosed ? -1 : 1;
	return strcmp(x->cve->id, y->cve->id);
}

static bool
listed(const struct build_report *r, const struct cve_info *c)
{
	for (size_t i = 0; i < r->ncves; i++)
		if (r->cves[i].cve == c)
			return true;
	return false;
}

static void
judge_product(const struct builds *b, size_t product, const struct builds_where *w,
    struct build_report *r, int32_t as_of)
{
	const struct builds_product *p = &b->products[product];

	for (size_t i = p->first_list; i < p->first_list + p->nlists; i++) {
		const struct cve_info *c = &b->cves[b->lists[i].cve].info;

		if (c->disclosed > as_of || listed(r, c))
			continue;
		r->cves[r->ncves] = (struct cve_verdict){ 0 };
		judge(b, &b->lists[i], w, r, &r->cves[r->ncves++]);
	}
}

void
builds_verdict(const struct builds *b, const struct builds_where *w, struct build_report *r,
    int32_t as_of)
{
	if (r->place == PLACE_ONLINE || r->place == PLACE_UNKNOWN)
		return;
	r->cves = text_grow(NULL, b->ncves + 1, sizeof(*r->cves));
	if (w->product != BUILDS_NONE)
		judge_product(b, w->product, w, r, as_of);
	else			/* 15.2: two products share it */
		for (size_t i = 0; i < b->nproducts; i++)
			if (strcmp(b->products[i].branch, "2019") == 0 ||
			    strcmp(b->products[i].branch, "SE") == 0)
				judge_product(b, i, w, r, as_of);
	if (r->ncves != 0)
		qsort(r->cves, r->ncves, sizeof(*r->cves), by_weight);
	for (size_t i = 0; i < r->ncves; i++) {
		r->count[r->cves[i].state]++;
		r->kev_open += is_open(r->cves[i].state) && r->cves[i].cve->kev;
	}
}
