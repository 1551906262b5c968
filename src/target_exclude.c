/*
 * target_exclude.c - what must not be scanned: names, and a sorted table of
 * address intervals that do not overlap, for binary search.
 *
 * A bad line in a file of exclusions is always fatal: to scan what somebody
 * meant to leave out is worse than not to scan.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "target_input.h"

struct interval {
	struct target_addr	first, last;
};

struct target_exclude {
	struct interval	*v;
	size_t		 n, cap;
	char		**names;
	size_t		 nnames, names_cap;
};

struct target_exclude *
target_exclude_new(void)
{
	return text_alloc(sizeof(struct target_exclude));
}

void
target_exclude_free(struct target_exclude *x)
{
	if (x == NULL)
		return;
	for (size_t i = 0; i < x->nnames; i++)
		free(x->names[i]);
	free(x->names);
	free(x->v);
	free(x);
}

static void
add_interval(struct target_exclude *x, struct target_addr first, struct target_addr last)
{
	if (x->n == x->cap) {
		x->cap = x->cap != 0 ? 2 * x->cap : 64;
		x->v = text_grow(x->v, x->cap, sizeof(x->v[0]));
	}
	x->v[x->n++] = (struct interval){ first, last };
}

void
target_exclude_add(struct target_exclude *x, const struct target_spec *s)
{
	static const struct target_addr below = { .lo = 0xfffeffffffff };
	static const struct target_addr v4 = { .lo = 0xffff00000000 };
	static const struct target_addr v4_last = { .lo = 0xffffffffffff };
	static const struct target_addr above = { .lo = 0x1000000000000 };

	if (s->is_name) {
		if (x->nnames == x->names_cap) {
			x->names_cap = x->names_cap != 0 ? 2 * x->names_cap : 64;
			x->names = text_grow(x->names, x->names_cap, sizeof(x->names[0]));
		}
		x->names[x->nnames++] = text_dup(s->host);
		return;
	}
	/* A block of IPv6 such as ::/0 does not mean the IPv4 that we keep inside it. */
	if (target_addr_cmp(&s->first, &v4) < 0 && target_addr_cmp(&s->last, &v4_last) > 0) {
		add_interval(x, s->first, below);
		add_interval(x, above, s->last);
		return;
	}
	add_interval(x, s->first, s->last);
}

static int
by_first(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;

	return target_addr_cmp(&x->first, &y->first);
}

static int
by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

void
target_exclude_seal(struct target_exclude *x)
{
	size_t kept = 0;

	if (x->nnames != 0)
		qsort(x->names, x->nnames, sizeof(x->names[0]), by_name);
	if (x->n == 0)
		return;
	qsort(x->v, x->n, sizeof(x->v[0]), by_first);
	for (size_t i = 1; i < x->n; i++) {
		struct interval *top = &x->v[kept];

		if (target_addr_cmp(&x->v[i].first, &top->last) > 0)
			x->v[++kept] = x->v[i];
		else if (target_addr_cmp(&x->v[i].last, &top->last) > 0)
			top->last = x->v[i].last;
	}
	x->n = kept + 1;
}

bool
target_exclude_addr(const struct target_exclude *x, const struct target_addr *a)
{
	size_t lo = 0, hi = x->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (target_addr_cmp(a, &x->v[mid].first) < 0)
			hi = mid;
		else if (target_addr_cmp(a, &x->v[mid].last) > 0)
			lo = mid + 1;
		else
			return true;
	}
	return false;
}

bool
target_exclude_name(const struct target_exclude *x, const char *name)
{
	return x->nnames != 0 &&
	    bsearch(&name, x->names, x->nnames, sizeof(x->names[0]), by_name) != NULL;
}

bool
target_exclude_file(struct target_exclude *x, const char *path)
{
	static const struct target_rules rules = { .exclusion = true };
	struct target_input *in = target_input_open(path);
	struct target_item item;
	bool ok;
	int got;

	if (in == NULL) {
		fprintf(stderr, "exvet: %s: %s\n", path, strerror(errno));
		return false;
	}
	target_input_set(in, &rules, false);
	ok = target_list_detect(in);
	if (ok && target_input_state(in)->format != TARGET_FORMAT_LIST) {
		target_input_unusable(in, "not a list of exclusions, expected one host, "
		    "block or range a line");
		ok = false;
	}
	while (ok && (got = target_list_next(in, &item)) != 0) {
		ok = got == 1;
		if (ok)
			target_exclude_add(x, &item.spec);
	}
	ok = ok && target_input_bad_lines(in) == 0;
	target_input_close(in);
	return ok;
}
