/* servers.c - which results of a run are one server; see servers.h. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "servers.h"

static int
compare_ids(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static uint32_t
pool_of(struct servers *s, const size_t *machines, size_t n)
{
	struct servers_pool pool = { .n = n };

	for (size_t i = 0; i < n; i++)
		pool.member[i] = (uint32_t)machines[i];
	qsort(pool.member, n, sizeof(pool.member[0]), compare_ids);
	for (size_t i = 0; i < s->npools; i++)
		if (s->pools[i].n == n &&
		    memcmp(s->pools[i].member, pool.member, n * sizeof(pool.member[0])) == 0)
			return SAME_MACHINES + (uint32_t)i;
	if (s->npools == SERVERS_POOLS)
		return SERVERS_NONE;
	s->pools = text_grow(s->pools, s->npools + 1, sizeof(*s->pools));
	s->pools[s->npools] = pool;
	return SAME_MACHINES + (uint32_t)s->npools++;
}

uint32_t
servers_add(struct servers *s, const struct result *r)
{
	size_t machines[SAME_NAMES], n = same_add(&s->same, r, machines);

	if (n > 1)
		return pool_of(s, machines, n);
	if (n == 0)
		return SERVERS_NONE;
	if (s->alone == NULL)
		s->alone = text_alloc(SAME_MACHINES * sizeof(*s->alone));
	s->alone[machines[0]] = true;
	return (uint32_t)machines[0];
}

/* ---- pools ---- */

/* Whichever came first, the same members give the same order. */
static int
compare_machines(const struct servers *s, uint32_t a, uint32_t b)
{
	const struct same_machine *x = &s->same.v[a], *y = &s->same.v[b];
	int by = strcasecmp(x->name, y->name);

	return by != 0 ? by : strcasecmp(x->domain, y->domain);
}

/* Each member once, under the machine that it was found to be, by name. */
static void
sort_members(const struct servers *s, struct servers_pool *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		uint32_t m = (uint32_t)same_root(&s->same, p->member[i]);
		size_t k = n;

		for (size_t have = 0; have < n; have++)
			if (p->member[have] == m)
				k = SIZE_MAX;
		if (k == SIZE_MAX)
			continue;
		for (; k > 0 && compare_machines(s, m, p->member[k - 1]) < 0; k--)
			p->member[k] = p->member[k - 1];
		p->member[k] = m;
		n++;
	}
	p->n = n;
}

static bool
is_before(const struct servers *s, const struct servers_pool *a, const struct servers_pool *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++) {
		int by = compare_machines(s, a->member[i], b->member[i]);

		if (by != 0)
			return by < 0;
	}
	return a->n < b->n;
}

/* Insertion sort of numbers of pools: they are few. */
static uint32_t *
order_pools(const struct servers *s)
{
	uint32_t *order = text_alloc((s->npools + 1) * sizeof(*order));

	for (size_t i = 0; i < s->npools; i++) {
		size_t k = i;

		for (; k > 0 && is_before(s, &s->pools[i], &s->pools[order[k - 1]]); k--)
			order[k] = order[k - 1];
		order[k] = (uint32_t)i;
	}
	return order;
}

static void
claim(struct servers_pool *p, bool *taken)
{
	p->root = p->member[0];
	for (size_t i = 0; i < p->n; i++)
		if (!taken[p->member[i]]) {
			p->root = p->member[i];
			break;
		}
	taken[p->root] = true;
}

void
servers_finish(struct servers *s)
{
	bool *taken = text_alloc((s->same.n + 1) * sizeof(*taken));
	uint32_t *order;

	for (size_t i = 0; i < s->same.n && s->alone != NULL; i++)
		if (s->alone[i])
			taken[same_root(&s->same, i)] = true;
	for (size_t i = 0; i < s->npools; i++)
		sort_members(s, &s->pools[i]);
	order = order_pools(s);
	for (size_t i = 0; i < s->npools; i++)
		claim(&s->pools[order[i]], taken);
	free(order);
	free(taken);
}

uint32_t
servers_root(const struct servers *s, uint32_t id)
{
	if (id >= SAME_MACHINES)
		return s->pools[id - SAME_MACHINES].root;
	return (uint32_t)same_root(&s->same, id);
}

void
servers_clear(struct servers *s)
{
	same_clear(&s->same);
	free(s->alone);
	free(s->pools);
	*s = (struct servers){ 0 };
}
