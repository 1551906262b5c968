/*
 * compare.c - two runs side by side.
 *
 * Of each server and run only the worst verdict of every rule is kept, in
 * three bytes, so that memory grows with servers and not with observations.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "compare.h"
#include "same.h"

enum { OLD, NEW, RUNS };

/* One rule of one server in one run. */
struct cell {
	uint8_t	verdict, severity;
	bool	waived;
};

struct entry {
	struct compare_server	 shown;		/* first: what readers get */
	char			*key, *tag, *address, *build[RUNS];
	char			*machine;	/* that answered, by its own word; NULL, "" when torn */
	char			*was;		/* the name in the old run, when it is another */
	bool			 in[RUNS];
	struct cell		*cells[RUNS];	/* by rule; NULL: not in that run */
	struct compare_finding	*changes;
	size_t			 next;		/* in its bucket, 1 on; 0: the last */
};

struct compare {
	struct entry	*v;
	size_t		 n, cap;
	size_t		*buckets;		/* 1 on; 0: empty */
	size_t		 nbuckets;
	size_t		 nrules;
	size_t		 shown;			/* entries that are in a run: the first ones */
	uint64_t	 total[CHANGE_KINDS];
	int64_t		 first_ms[RUNS], last_ms[RUNS];
};

static const char *const names[CHANGE_KINDS] = {
	[CHANGE_NEW] = "new", [CHANGE_REGRESSED] = "regressed", [CHANGE_FIXED] = "fixed",
	[CHANGE_GONE] = "gone", [CHANGE_SAME] = "same",
};

const char *
compare_change_name(enum change change)
{
	return names[change];
}

char *
compare_key(const struct result *r)
{
	char *key = text_dup(r->target);
	size_t n = strlen(key);

	for (char *p = key; *p != '\0'; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
	if (n > 4 && strcmp(key + n - 4, ":443") == 0 && (strchr(key, ':') == key + n - 4 ||
	    key[n - 5] == ']'))
		key[n -= 4] = '\0';
	if (n > 1 && key[n - 1] == '.')
		key[n - 1] = '\0';
	return key;
}

struct compare *
compare_start(void)
{
	struct compare *c = text_alloc(sizeof(*c));

	while (rule_table[c->nrules] != NULL)
		c->nrules++;
	for (int i = 0; i < RUNS; i++)
		c->first_ms[i] = c->last_ms[i] = -1;
	return c;
}

void
compare_free(struct compare *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n; i++) {
		struct entry *e = &c->v[i];

		for (int k = 0; k < RUNS; k++) {
			free(e->build[k]);
			free(e->cells[k]);
		}
		free(e->key);
		free(e->tag);
		free(e->address);
		free(e->machine);
		free(e->was);
		free(e->changes);
	}
	free(c->v);
	free(c->buckets);
	free(c);
}

/* ---- servers by name ---- */

/* FNV-1a */
static size_t
hash(const char *s)
{
	uint64_t h = 0xcbf29ce484222325U;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3U;
	return (size_t)(h ^ h >> 32);
}

static void
rehash(struct compare *c)
{
	c->nbuckets = c->nbuckets != 0 ? c->nbuckets * 2 : 1024;
	free(c->buckets);
	c->buckets = text_alloc(c->nbuckets * sizeof(*c->buckets));
	for (size_t i = 0; i < c->n; i++) {
		size_t *head = &c->buckets[hash(c->v[i].key) % c->nbuckets];

		c->v[i].next = *head;
		*head = i + 1;
	}
}

static struct entry *
entry_of(struct compare *c, const struct result *r)
{
	char *key = compare_key(r);
	size_t *head;

	if (c->n >= c->nbuckets)
		rehash(c);
	head = &c->buckets[hash(key) % c->nbuckets];
	for (size_t i = *head; i != 0; i = c->v[i - 1].next)
		if (strcmp(c->v[i - 1].key, key) == 0) {
			free(key);
			return &c->v[i - 1];
		}
	if (c->n == c->cap) {
		c->cap = c->cap != 0 ? c->cap * 2 : 256;
		c->v = text_grow(c->v, c->cap, sizeof(*c->v));
	}
	c->v[c->n] = (struct entry){ .key = key, .next = *head };
	*head = ++c->n;
	return &c->v[c->n - 1];
}

/* ---- what one result adds ---- */

/* Of several views of one server the worst counts; seen is more than not seen. */
static int
badness(const struct cell *c)
{
	static const int rank[] = {
		[VERDICT_NOT_APPLICABLE] = 0, [VERDICT_NOT_OBSERVABLE] = 1, [VERDICT_PASS] = 2,
		[VERDICT_UNDECIDABLE] = 3, [VERDICT_WARN] = 5, [VERDICT_FAIL] = 6,
	};

	return c->waived ? 4 : rank[c->verdict];
}

static void
add_findings(struct compare *c, struct entry *e, int run, const struct judgement *j)
{
	bool fresh = e->cells[run] == NULL;

	if (fresh)
		e->cells[run] = text_alloc(c->nrules * sizeof(*e->cells[run]));
	for (size_t i = 0; i < j->nfindings && i < c->nrules; i++) {
		const struct finding *f = &j->findings[i];
		struct cell now = {
			.verdict = (uint8_t)f->verdict, .severity = (uint8_t)f->severity,
			.waived = f->waiver != NULL,
		};

		if (fresh || badness(&now) > badness(&e->cells[run][i]))
			e->cells[run][i] = now;
	}
}

static void
keep(char **s, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	free(*s);
	*s = text_dup(value);
}

/* A target that several machines answer for is none of them. */
static void
note_machine(struct entry *e, const struct result *r)
{
	char *machine = same_server(r);

	if (machine[0] == '\0') {
		free(machine);
	} else if (e->machine == NULL) {
		e->machine = machine;
	} else {
		if (strcmp(e->machine, machine) != 0)
			e->machine[0] = '\0';
		free(machine);
	}
}

void
compare_add(struct compare *c, bool old, const struct report *r)
{
	struct entry *e = entry_of(c, r->result);
	int run = old ? OLD : NEW;
	int64_t at = r->result->started_ms;
	char build[48];

	e->in[run] = true;
	note_machine(e, r->result);
	keep(&e->tag, r->result->tag);
	keep(&e->address, r->result->address);
	if (r->judgement->build != NULL)
		keep(&e->build[run], build_number_text(&r->judgement->build->number, build));
	add_findings(c, e, run, r->judgement);
	if (at < 0)
		return;
	if (c->first_ms[run] < 0 || at < c->first_ms[run])
		c->first_ms[run] = at;
	if (at > c->last_ms[run])
		c->last_ms[run] = at;
}

/* ---- what changed ---- */

static bool
is_bad(const struct cell *c)
{
	return (c->verdict == VERDICT_FAIL || c->verdict == VERDICT_WARN) && !c->waived;
}

/* False: nothing to tell, it was not bad and is not. */
static bool
classify(const struct cell *was, const struct cell *is, enum change *out)
{
	bool passed = was->verdict == VERDICT_PASS;

	if (!is_bad(was) && !is_bad(is))
		return false;
	if (is_bad(was) && is_bad(is))
		*out = is->severity > was->severity ||
		    (was->verdict == VERDICT_WARN && is->verdict == VERDICT_FAIL) ?
		    CHANGE_REGRESSED : CHANGE_SAME;
	else if (is_bad(is))
		*out = passed ? CHANGE_REGRESSED : CHANGE_NEW;
	else
		*out = is->verdict == VERDICT_PASS ? CHANGE_FIXED : CHANGE_GONE;
	return true;
}

/* The age of our own table is no change of a server. */
static bool
is_about_table(const struct rule *r)
{
	return strcmp(r->id, "table-stale") == 0;
}

static void
settle(struct compare *c, struct entry *e)
{
	static const struct cell nothing = { .verdict = VERDICT_NOT_OBSERVABLE };

	for (size_t i = 0; i < c->nrules; i++) {
		const struct cell *was = e->in[OLD] ? &e->cells[OLD][i] : &nothing;
		const struct cell *is = e->in[NEW] ? &e->cells[NEW][i] : &nothing;
		enum change change;

		if (is_about_table(rule_table[i]) || !classify(was, is, &change))
			continue;
		c->total[change]++;
		e->shown.n[change]++;
		if (change == CHANGE_SAME)
			continue;
		e->changes = text_grow(e->changes, e->shown.nv + 1, sizeof(*e->changes));
		e->changes[e->shown.nv++] = (struct compare_finding){
			.rule = rule_table[i], .change = change,
			.severity = (enum severity)(is_bad(is) ? is->severity : was->severity),
			.before = (enum verdict)was->verdict, .after = (enum verdict)is->verdict,
		};
	}
	e->shown.v = e->changes;
}

/* ---- one machine under another name ---- */

static bool
is_renamed(const struct entry *e)
{
	return e->in[OLD] != e->in[NEW] && e->machine != NULL && e->machine[0] != '\0';
}

static int
by_machine(const void *a, const void *b)
{
	const struct entry *const *x = a, *const *y = b;
	int order = strcmp((*x)->machine, (*y)->machine);

	return order != 0 ? order : strcmp((*x)->key, (*y)->key);
}

/* What the old run knew goes to the name of the new one; the old entry is empty then. */
static void
join(struct entry *old, struct entry *new)
{
	new->in[OLD] = true;
	new->cells[OLD] = old->cells[OLD];
	new->build[OLD] = old->build[OLD];
	new->was = text_dup(old->key);
	old->cells[OLD] = NULL;
	old->build[OLD] = NULL;
	old->in[OLD] = false;
}

/* Exactly one name is gone and one is new of the same machine. */
static void
join_renamed(struct compare *c)
{
	struct entry **v = text_alloc((c->n + 1) * sizeof(*v));
	size_t n = 0, same;

	for (size_t i = 0; i < c->n; i++)
		if (is_renamed(&c->v[i]))
			v[n++] = &c->v[i];
	if (n > 1)
		qsort(v, n, sizeof(*v), by_machine);
	for (size_t i = 0; i < n; i += same) {
		for (same = 1; i + same < n && strcmp(v[i]->machine, v[i + same]->machine) == 0; same++)
			;
		if (same == 2 && v[i]->in[OLD] != v[i + 1]->in[OLD])
			join(v[i]->in[OLD] ? v[i] : v[i + 1], v[i]->in[OLD] ? v[i + 1] : v[i]);
	}
	free(v);
}

/* Emptied entries last: they are left out. */
static int
by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	bool empty_x = !x->in[OLD] && !x->in[NEW], empty_y = !y->in[OLD] && !y->in[NEW];

	return empty_x != empty_y ? (empty_x ? 1 : -1) : strcmp(x->key, y->key);
}

void
compare_finish(struct compare *c)
{
	join_renamed(c);
	if (c->n > 1)
		qsort(c->v, c->n, sizeof(*c->v), by_key);
	for (size_t i = 0; i < c->n; i++) {
		struct entry *e = &c->v[i];

		e->shown = (struct compare_server){
			.target = e->key, .tag = e->tag != NULL ? e->tag : "",
			.address = e->address != NULL ? e->address : "",
			.in_old = e->in[OLD], .in_new = e->in[NEW],
			.old_build = e->build[OLD] != NULL ? e->build[OLD] : "",
			.new_build = e->build[NEW] != NULL ? e->build[NEW] : "",
			.old_target = e->was != NULL ? e->was : "",
		};
		settle(c, e);
		c->shown += e->in[OLD] || e->in[NEW];
	}
}

/* ---- reading it ---- */

size_t
compare_count(const struct compare *c)
{
	return c->shown;
}

const struct compare_server *
compare_server(const struct compare *c, size_t i)
{
	return &c->v[i].shown;
}

uint64_t
compare_total(const struct compare *c, enum change change)
{
	return c->total[change];
}

uint64_t
compare_servers(const struct compare *c, bool in_old, bool in_new)
{
	uint64_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->v[i].in[OLD] == in_old && c->v[i].in[NEW] == in_new;
	return n;
}

int64_t
compare_first_ms(const struct compare *c, bool old)
{
	return c->first_ms[old ? OLD : NEW];
}

int64_t
compare_last_ms(const struct compare *c, bool old)
{
	return c->last_ms[old ? OLD : NEW];
}

bool
compare_is_worse(const struct compare *c, enum severity severity)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->v[i].shown.nv; k++) {
			const struct compare_finding *f = &c->v[i].changes[k];

			if ((f->change == CHANGE_NEW || f->change == CHANGE_REGRESSED) &&
			    f->severity >= severity)
				return true;
		}
	return false;
}
