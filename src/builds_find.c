/* builds_find.c - where a build number stands in the table. */
#include <string.h>

#include "base/text.h"
#include "builds_table.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

enum { ANY = UINT32_MAX, SE_FIRST = 2562, ONLINE_MINOR = 20 };

/* The generations.  15.2 is 2019 up to the third part 2561, SE from 2562 on. */
static const struct {
	uint32_t	 major, minor;
	const char	*branch, *product;
} generations[] = {
	{ 6, 0, "2000", "Exchange Server 2000" },
	{ 6, 5, "2003", "Exchange Server 2003" },
	{ 8, ANY, "2007", "Exchange Server 2007" },
	{ 14, ANY, "2010", "Exchange Server 2010" },
	{ 15, 0, "2013", "Exchange Server 2013" },
	{ 15, 1, "2016", "Exchange Server 2016" },
	{ 15, 2, "2019", "Exchange Server 2019" },
};

bool
builds_find_branch(const struct build_number *n, const char **branch, const char **product)
{
	for (size_t i = 0; i < COUNT(generations); i++) {
		if (generations[i].major != n->part[0] ||
		    (generations[i].minor != ANY && generations[i].minor != n->part[1]))
			continue;
		*branch = generations[i].branch;
		*product = generations[i].product;
		if (n->part[0] != 15 || n->part[1] != 2)
			return true;
		if (n->parts < 3) {
			*branch = "";
			*product = "Exchange Server 2019 or Subscription Edition";
		} else if (n->part[2] >= SE_FIRST) {
			*branch = "SE";
			*product = "Exchange Server Subscription Edition";
		}
		return true;
	}
	return false;
}

bool
builds_find_online(const struct build_number *n)
{
	return n->part[0] == 15 && n->part[1] == ONLINE_MINOR;
}

bool
builds_find_same_group(const struct build_number *a, const struct build_number *b)
{
	return a->part[0] == b->part[0] && a->part[1] == b->part[1] &&
	    (a->part[0] < 15 || a->part[2] == b->part[2]);
}

size_t
builds_find_product(const struct builds *b, const char *branch)
{
	for (size_t i = 0; i < b->nproducts; i++)
		if (strcmp(b->products[i].branch, branch) == 0)
			return i;
	return BUILDS_NONE;
}

size_t
builds_find_at(const struct builds *b, const struct build_number *n)
{
	size_t lo = 0, hi = b->nentries;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (build_number_cmp(&b->entries[mid].row.number, n) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

size_t
builds_find_exact(const struct builds *b, const struct build_number *n)
{
	size_t at = builds_find_at(b, n);

	if (at < b->nentries && build_number_cmp(&b->entries[at].row.number, n) == 0 &&
	    b->entries[at].row.number.parts == n->parts)
		return at;
	for (size_t i = 0; i < b->nentries; i++)
		if (b->entries[i].also.parts == n->parts && n->parts != 0 &&
		    build_number_cmp(&b->entries[i].also, n) == 0)
			return i;
	return BUILDS_NONE;
}

/* The nearest rows of the same product on both sides. */
static void
neighbours(const struct builds *b, size_t product, struct build_report *r)
{
	size_t at = builds_find_at(b, &r->number);

	/* 6.5.7638.0 is no lower than the 6.5.7638 that the table has. */
	if (at < b->nentries && build_number_cmp(&b->entries[at].row.number, &r->number) == 0)
		at++;
	if (at > 0 && b->entries[at - 1].product == product)
		r->below = &b->entries[at - 1].row;
	if (at < b->nentries && b->entries[at].product == product)
		r->above = &b->entries[at].row;
}

/*
 * The CU that a number must belong to, listed or not.  Before 2007 nothing in
 * the number says so: it is the one of the nearest row below.
 */
static size_t
cu_of(const struct builds *b, size_t product, const struct build_report *r)
{
	if (r->number.part[0] < 8)
		return r->below != NULL ? ((const struct builds_entry *)r->below)->cu : BUILDS_NONE;
	for (size_t i = 0; i < b->ncus; i++)
		if (b->cus[i].product == product && b->cus[i].first != BUILDS_NONE &&
		    builds_find_same_group(&b->entries[b->cus[i].first].row.number, &r->number))
			return i;
	return BUILDS_NONE;
}

/* Rows with these three parts, rising; those released by that day if there are any. */
static void
candidates(const struct builds *b, struct build_report *r, int32_t as_of)
{
	size_t first = builds_find_at(b, &r->number), n = 0, released = 0;

	while (first + n < b->nentries &&
	    memcmp(b->entries[first + n].row.number.part, r->number.part,
	    3 * sizeof(r->number.part[0])) == 0)
		released += b->entries[first + n++].row.released <= as_of;
	r->candidates = n != 0 ? text_grow(NULL, n, sizeof(*r->candidates)) : NULL;
	for (size_t i = first; i < first + n; i++)
		if (released == 0 || b->entries[i].row.released <= as_of)
			r->candidates[r->ncandidates++] = &b->entries[i].row;
}

static size_t
newest_of_cu(const struct builds *b, size_t cu)
{
	for (size_t i = b->nentries; i > 0; i--)
		if (b->entries[i - 1].cu == cu)
			return i - 1;
	return BUILDS_NONE;
}

/* Not a row: between, above or beside what is known of the product. */
static void
place_unlisted(const struct builds *b, struct builds_where *w, struct build_report *r)
{
	size_t newest;

	if (w->cu == BUILDS_NONE) {
		r->place = r->above == NULL ? PLACE_NEWER : PLACE_GENERATION;
		return;
	}
	newest = newest_of_cu(b, w->cu);
	r->place = PLACE_BETWEEN;
	if (build_number_cmp(&r->number, &b->entries[newest].row.number) > 0) {
		r->place = PLACE_NEWER;
		w->entry = newest;
	}
}

static void
place_in_product(const struct builds *b, struct builds_where *w, struct build_report *r,
    int32_t as_of)
{
	r->place = PLACE_GENERATION;
	if (r->number.parts < 3)
		return;
	w->entry = builds_find_exact(b, &r->number);
	if (w->entry != BUILDS_NONE) {
		r->place = PLACE_EXACT;
		r->row = &b->entries[w->entry].row;
		w->cu = b->entries[w->entry].cu;
		return;
	}
	if (r->number.parts == 3)
		candidates(b, r, as_of);
	if (r->ncandidates != 0) {
		r->place = PLACE_RANGE;
		w->cu = ((const struct builds_entry *)r->candidates[0])->cu;
		return;
	}
	neighbours(b, w->product, r);
	w->cu = cu_of(b, w->product, r);
	place_unlisted(b, w, r);
}

struct builds_where
builds_find_place(const struct builds *b, struct build_report *r, int32_t as_of)
{
	struct builds_where w = { .product = BUILDS_NONE, .cu = BUILDS_NONE, .entry = BUILDS_NONE };

	r->product = r->branch = r->cu = "";
	r->place = PLACE_UNKNOWN;
	if (builds_find_online(&r->number)) {
		r->place = PLACE_ONLINE;
		r->product = "Exchange Online";
		return w;
	}
	if (!builds_find_branch(&r->number, &r->branch, &r->product))
		return w;
	w.product = builds_find_product(b, r->branch);
	place_in_product(b, &w, r, as_of);
	if (w.cu != BUILDS_NONE)
		r->cu = b->cus[w.cu].name;
	return w;
}
