/* obs.c - the observations of one target: note, cap, make printable once. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "obs.h"

static const struct fact_desc descs[FACT_COUNT] = {
#define FACT(id, name, type, text) [FACT_##id] = { name, FACT_TYPE_##type, text },
#include "facts.def"
#undef FACT
};

/* Strings live in blocks, so that a target costs a handful of allocations. */
struct block {
	struct block	*next;
	size_t		 used, cap;
	char		 bytes[];
};

/*
 * Observations stand in parts, each twice the one before it, and never move:
 * whoever walks over them may note more.
 */
enum { PART_FIRST = 16, PARTS = 24 };

struct obs {
	struct observation	*part[PARTS];
	size_t			 n;
	struct obs_error	*errors;
	size_t			 nerrors;
	struct block		*blocks;
	size_t			 bytes;
	bool			 capped;
};

const struct fact_desc *
obs_fact(enum fact fact)
{
	return &descs[fact];
}

bool
obs_fact_find(const char *name, enum fact *out)
{
	for (size_t i = 0; i < FACT_COUNT; i++)
		if (strcmp(descs[i].name, name) == 0) {
			*out = (enum fact)i;
			return true;
		}
	return false;
}

struct obs *
obs_new(void)
{
	return text_alloc(sizeof(struct obs));
}

void
obs_free(struct obs *o)
{
	if (o == NULL)
		return;
	for (struct block *b = o->blocks, *next; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	for (size_t i = 0; i < PARTS; i++)
		free(o->part[i]);
	free(o->errors);
	free(o);
}

/* The part that holds the one of that number, which becomes the number in it. */
static size_t
part_of(size_t *i)
{
	size_t p = 0;

	for (size_t size = PART_FIRST; *i >= size; size *= 2, p++)
		*i -= size;
	return p;
}

static struct observation *
one(const struct obs *o, size_t i)
{
	size_t p = part_of(&i);

	return &o->part[p][i];
}

static char *
keep_room(struct obs *o, size_t n)
{
	struct block *b = o->blocks;

	if (b == NULL || b->cap - b->used < n) {
		size_t cap = n > 4000 ? n : 4000;

		b = text_alloc(sizeof(*b) + cap);
		b->cap = cap;
		b->next = o->blocks;
		o->blocks = b;
	}
	b->used += n;
	o->bytes += n;
	return b->bytes + b->used - n;
}

static const char *
keep_n(struct obs *o, const char *s, size_t n)
{
	char *p = keep_room(o, n + 1);

	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

const char *
obs_keep(struct obs *o, const char *s)
{
	return keep_n(o, s, strlen(s));
}

/* Places and probe names repeat: keep the last one seen instead of a copy. */
static const char *
keep_shared(struct obs *o, const char *s, const char *seen)
{
	return seen != NULL && strcmp(seen, s) == 0 ? seen : obs_keep(o, s);
}

static bool
is_known(const struct obs *o, enum fact fact, const char *at, const char *text, int64_t number)
{
	for (const struct observation *k = obs_first(o, fact); k != NULL; k = obs_next(o, k))
		if (k->number == number && strcmp(k->at, at) == 0 &&
		    (text == NULL ? k->text == NULL : k->text != NULL && strcmp(k->text, text) == 0))
			return true;
	return false;
}

static void
note(struct obs *o, enum fact fact, const char *at, const char *probe,
    const char *text, int64_t number, const char *evidence)
{
	char printable[LIMIT_OBS_TEXT + 1];
	const struct observation *last = o->n > 0 ? one(o, o->n - 1) : NULL;
	size_t i = o->n, p = part_of(&i);

	if (is_known(o, fact, at, text, number))
		return;
	if (o->n >= LIMIT_OBSERVATIONS || o->bytes >= LIMIT_OBS_BYTES) {
		o->capped = true;
		return;
	}
	if (o->part[p] == NULL)
		o->part[p] = text_grow(NULL, (size_t)PART_FIRST << p, sizeof(*o->part[p]));
	(void)text_printable(printable, sizeof(printable), evidence, strlen(evidence));
	o->part[p][i] = (struct observation){
		.fact = fact, .number = number,
		.text = text != NULL ? obs_keep(o, text) : NULL,
		.at = keep_shared(o, at, last != NULL ? last->at : NULL),
		.probe = keep_shared(o, probe, last != NULL ? last->probe : NULL),
		.evidence = obs_keep(o, printable),
	};
	o->n++;
}

void
obs_text_n(struct obs *o, enum fact fact, const char *at, const char *probe,
    const void *value, size_t len, const char *evidence)
{
	char printable[LIMIT_OBS_TEXT + 1];

	if (!text_printable(printable, sizeof(printable), value, len))
		o->capped = true;
	note(o, fact, at, probe, printable, 0, evidence);
}

void
obs_text(struct obs *o, enum fact fact, const char *at, const char *probe,
    const char *value, const char *evidence)
{
	obs_text_n(o, fact, at, probe, value, strlen(value), evidence);
}

void
obs_number(struct obs *o, enum fact fact, const char *at, const char *probe,
    int64_t value, const char *evidence)
{
	note(o, fact, at, probe, NULL, value, evidence);
}

void
obs_fail(struct obs *o, const char *probe, const char *at, const char *stage,
    const char *reason, const char *detail)
{
	char printable[LIMIT_OBS_TEXT + 1];

	if (o->nerrors >= LIMIT_ERRORS) {
		o->capped = true;
		return;
	}
	(void)text_printable(printable, sizeof(printable), detail, strlen(detail));
	o->errors = text_grow(o->errors, o->nerrors + 1, sizeof(*o->errors));
	o->errors[o->nerrors++] = (struct obs_error){
		.probe = obs_keep(o, probe), .at = obs_keep(o, at),
		.stage = obs_keep(o, stage), .reason = obs_keep(o, reason),
		.detail = obs_keep(o, printable),
	};
}

size_t
obs_count(const struct obs *o)
{
	return o->n;
}

const struct observation *
obs_get(const struct obs *o, size_t i)
{
	return one(o, i);
}

static const struct observation *
search(const struct obs *o, size_t from, enum fact fact)
{
	size_t i = from, p = part_of(&i);

	for (size_t n = from; n < o->n; n++, i++) {
		if (i == (size_t)PART_FIRST << p) {
			p++;
			i = 0;
		}
		if (o->part[p][i].fact == fact)
			return &o->part[p][i];
	}
	return NULL;
}

const struct observation *
obs_first(const struct obs *o, enum fact fact)
{
	return search(o, 0, fact);
}

const struct observation *
obs_next(const struct obs *o, const struct observation *seen)
{
	return search(o, obs_index(o, seen) + 1, seen->fact);
}

const struct observation *
obs_next_at(const struct obs *o, enum fact fact, const char *at, const struct observation *after)
{
	const struct observation *k = after == NULL ? obs_first(o, fact) : obs_next(o, after);

	while (k != NULL && strcmp(k->at, at) != 0)
		k = obs_next(o, k);
	return k;
}

const struct observation *
obs_find(const struct obs *o, enum fact fact, const char *text)
{
	const struct observation *k;

	for (k = obs_first(o, fact); k != NULL; k = obs_next(o, k))
		if (k->text != NULL && strcmp(k->text, text) == 0)
			return k;
	return NULL;
}

const struct observation *
obs_find_at(const struct obs *o, enum fact fact, const char *at, const char *text)
{
	const struct observation *k = NULL;

	while ((k = obs_next_at(o, fact, at, k)) != NULL)
		if (k->text != NULL && strcmp(k->text, text) == 0)
			return k;
	return NULL;
}

size_t
obs_index(const struct obs *o, const struct observation *k)
{
	size_t before = 0, size = PART_FIRST;

	for (size_t p = 0; p < PARTS && o->part[p] != NULL; before += size, size *= 2, p++)
		if (k >= o->part[p] && k < o->part[p] + size)
			return before + (size_t)(k - o->part[p]);
	assert(false);	/* of another struct obs */
	return 0;
}

size_t
obs_error_count(const struct obs *o)
{
	return o->nerrors;
}

const struct obs_error *
obs_error_get(const struct obs *o, size_t i)
{
	return &o->errors[i];
}

bool
obs_capped(const struct obs *o)
{
	return o->capped;
}

void
obs_set_capped(struct obs *o)
{
	o->capped = true;
}

static int
compare(const void *a, const void *b)
{
	const struct observation *x = a, *y = b;
	int c;

	if (x->fact != y->fact)
		return x->fact < y->fact ? -1 : 1;
	if ((c = strcmp(x->at, y->at)) != 0 || (c = strcmp(x->probe, y->probe)) != 0)
		return c;
	if (x->text != NULL && y->text != NULL)
		return strcmp(x->text, y->text);
	return (x->number > y->number) - (x->number < y->number);
}

static int
compare_errors(const void *a, const void *b)
{
	const struct obs_error *x = a, *y = b;
	int c;

	if ((c = strcmp(x->probe, y->probe)) != 0 || (c = strcmp(x->at, y->at)) != 0 ||
	    (c = strcmp(x->stage, y->stage)) != 0)
		return c;
	return strcmp(x->reason, y->reason);
}

void
obs_sort(struct obs *o)
{
	struct observation *all = text_grow(NULL, o->n + 1, sizeof(*all));

	for (size_t i = 0; i < o->n; i++)
		all[i] = *one(o, i);
	qsort(all, o->n, sizeof(*all), compare);
	for (size_t i = 0; i < o->n; i++)
		*one(o, i) = all[i];
	free(all);
	if (o->nerrors > 1)
		qsort(o->errors, o->nerrors, sizeof(*o->errors), compare_errors);
}
