/* builds.c - the table's memory, its rows and the names of its enumerations. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "builds.h"
#include "builds_table.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* Strings of the table: they never move and go all at once. */
struct builds_arena {
	struct builds_arena *next;
	size_t		 len, cap;
	char		 bytes[];
};

enum { ARENA_CHUNK = 65536 };

char *
builds_keep(struct builds *b, const char *s)
{
	size_t n = strlen(s) + 1;
	struct builds_arena *a = b->arena;
	char *p;

	if (a == NULL || a->cap - a->len < n) {
		size_t cap = n > ARENA_CHUNK ? n : ARENA_CHUNK;

		a = text_grow(NULL, 1, sizeof(*a) + cap);
		*a = (struct builds_arena){ .next = b->arena, .cap = cap };
		b->arena = a;
	}
	p = a->bytes + a->len;
	memcpy(p, s, n);
	a->len += n;
	return p;
}

void *
builds_more(void *array, size_t *n, size_t size)
{
	/* Powers of two: grow when the count is one. */
	if ((*n & (*n - 1)) == 0)
		array = text_grow(array, *n == 0 ? 1 : 2 * *n, size);
	memset((char *)array + *n * size, 0, size);
	++*n;
	return array;
}

void
builds_free(struct builds *b)
{
	if (b == NULL)
		return;
	for (struct builds_arena *a = b->arena, *next; a != NULL; a = next) {
		next = a->next;
		free(a);
	}
	builds_load_free_rest(b);
	free(b->products);
	free(b->cus);
	free(b->releases);
	free(b->entries);
	free(b->cves);
	free(b->notes);
	free(b->fixes);
	free(b->lists);
	free(b->path);
	free(b);
}

int32_t
builds_as_of(const struct builds *b)
{
	return b->as_of;
}

int32_t
builds_kev_as_of(const struct builds *b)
{
	return b->kev_as_of;
}

const char *
builds_sha256(const struct builds *b)
{
	return b->sha256;
}

const char *
builds_path(const struct builds *b)
{
	return b->path;
}

size_t
builds_count(const struct builds *b)
{
	return builds_load_rest(b)->nentries;
}

const struct build_row *
builds_row(const struct builds *b, size_t i)
{
	return i < builds_count(b) ? &b->entries[i].row : NULL;
}

const char *
builds_kind_name(enum build_kind k)
{
	static const char *const names[] = {
		[KIND_RTM] = "RTM", [KIND_SP] = "SP", [KIND_CU] = "CU", [KIND_UR] = "UR",
		[KIND_SU] = "SU", [KIND_HU] = "HU", [KIND_HOTFIX] = "HOTFIX",
	};

	return (size_t)k < COUNT(names) ? names[k] : "";
}

const char *
builds_cve_state_name(enum cve_state s)
{
	static const char *const names[] = {
		[CVE_FIXED] = "fixed", [CVE_NEEDS_CONFIG] = "needs-configuration",
		[CVE_UNDECIDABLE] = "undecidable", [CVE_OPEN_PRESUMED] = "open-presumed",
		[CVE_OPEN] = "open",
	};

	return (size_t)s < COUNT(names) ? names[s] : "undecidable";
}

const char *
builds_support_name(enum support_status s)
{
	static const char *const names[] = {
		[SUPPORT_UNKNOWN] = "unknown", [SUPPORT_SUPPORTED] = "supported",
		[SUPPORT_ESU_1] = "esu-period-1", [SUPPORT_ESU_2] = "esu-period-2",
		[SUPPORT_ESU_ENDED] = "esu-ended", [SUPPORT_UNSUPPORTED] = "unsupported",
	};

	return (size_t)s < COUNT(names) ? names[s] : "unknown";
}

const char *
builds_place_name(enum build_place p)
{
	static const char *const names[] = {
		[PLACE_EXACT] = "exact", [PLACE_RANGE] = "range", [PLACE_BETWEEN] = "between",
		[PLACE_NEWER] = "newer-than-table", [PLACE_GENERATION] = "generation",
		[PLACE_ONLINE] = "exchange-online", [PLACE_UNKNOWN] = "unknown",
	};

	return (size_t)p < COUNT(names) ? names[p] : "unknown";
}

struct build_report *
builds_report(const struct builds *b, const struct build_number *n, int32_t as_of)
{
	struct build_report *r = text_alloc(sizeof(*r));
	struct builds_where w;

	b = builds_load_rest(b);
	r->number = *n;
	r->support_until = BUILDS_NO_DAY;
	r->days_behind = r->days_behind_worst = -1;
	w = builds_find_place(b, r, as_of);
	builds_missing(b, &w, r, as_of);
	builds_support(b, &w, r, as_of);
	builds_verdict(b, &w, r, as_of);
	return r;
}

void
builds_report_free(struct build_report *r)
{
	if (r == NULL)
		return;
	free(r->candidates);
	free(r->missing);
	free(r->missing_worst);
	free(r->undetermined);
	free(r->cves);
	free(r);
}
