/* fleet.c - the table of many targets, worst first, and its summary. */
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fleet.h"
#include "fleet_summary.h"
#include "tone.h"

struct fleet_row {
	enum view_state	 state;
	uint64_t	 order;		/* as it came in: the last tie-break */
	char		*target, *address;
	char		*release;	/* "2019 CU15 Oct25SU", or what it is, or why not */
	char		*behind;	/* "6, 349 d" */
	char		*cves, *kev;
	char		*first;		/* id of the worst finding's rule */
	uint64_t	 weight;	/* within a state: greater is worse */
};

static void
row_free(struct fleet_row *r)
{
	free(r->target);
	free(r->address);
	free(r->release);
	free(r->behind);
	free(r->cves);
	free(r->kev);
	free(r->first);
}

static int
compare(const void *a, const void *b)
{
	const struct fleet_row *x = a, *y = b;

	if (x->state != y->state)
		return x->state > y->state ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (strcmp(x->target, y->target) != 0)
		return strcmp(x->target, y->target);
	return (x->order > y->order) - (x->order < y->order);
}

/* Twice the rows, sort, drop the better half: the worst survive. */
static struct fleet_row *
room(struct fleet *t)
{
	if (t->v == NULL)
		t->v = text_alloc(2 * FLEET_ROWS * sizeof(*t->v));
	if (t->n == 2 * FLEET_ROWS) {
		qsort(t->v, t->n, sizeof(*t->v), compare);
		while (t->n > FLEET_ROWS)
			row_free(&t->v[--t->n]);
	}
	return &t->v[t->n++];
}

static void
count(struct fleet_count *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].name == NULL)
			v[i].name = text_dup(i + 1 < n ? name : "other");
		if (strcmp(v[i].name, name) == 0 || i + 1 == n) {
			v[i].n++;
			return;
		}
	}
}

static char *
behind(const struct build_report *b)
{
	if (b == NULL || !b->missing_known)
		return text_dup("?");
	if (b->nmissing == 0)
		return text_dup(view_has_ended(b) ? "0, ended" : "0");
	if (b->days_behind < 0)
		return text_printf("%zu", b->nmissing);
	return text_printf("%zu, %" PRId32 " d", b->nmissing, b->days_behind);
}

/* What may be more has a plus; a zero on what has ended is a question. */
static char *
count_of(const struct build_report *b, size_t n, size_t perhaps)
{
	return text_printf("%zu%s", n, perhaps > 0 ? "+" : n == 0 && view_has_ended(b) ? "?" : "");
}

static char *
cves(const struct build_report *b)
{
	return !view_knows_cves(b) ? text_dup("?") :
	    count_of(b, view_cves_open(b), b->count[CVE_UNDECIDABLE]);
}

static char *
kev(const struct build_report *b)
{
	return !view_knows_cves(b) ? text_dup("?") :
	    count_of(b, b->kev_open, view_kev_undecidable(b));
}

static void
count_all(struct fleet *t, const struct report *r, enum view_state state)
{
	const struct judgement *j = r->judgement;
	const struct obs_error *e = view_failure(r->result);

	t->targets++;
	t->by_state[state]++;
	t->by_identity[j->identity]++;
	t->unfinished += !r->result->finished;
	for (unsigned i = 0; i < (r->all != NULL ? r->views : 1); i++) {
		const char *from = r->all != NULL ? r->all[i].result->vantage : r->result->vantage;

		t->views++;
		if (from[0] != '\0')
			count(t->vantages, FLEET_VANTAGES, from);
	}
	if (j->identity == IDENTITY_EXCHANGE && j->build != NULL) {
		count(t->branches, FLEET_BRANCHES,
		    j->build->branch[0] != '\0' ? j->build->branch : "unknown release");
	} else if (j->identity == IDENTITY_EXCHANGE) {
		count(t->branches, FLEET_BRANCHES, "build not read");
	} else if (j->identity == IDENTITY_UNKNOWN && e != NULL) {
		count(t->reasons, FLEET_REASONS, e->reason);
	}
}

uint32_t
fleet_add(struct fleet *t, const struct report *r, const struct report_run *run)
{
	const struct build_report *b = r->judgement->build;
	const struct finding *worst = view_worst(r->judgement);
	enum view_state state = view_state(r);
	bool exchange = r->judgement->identity == IDENTITY_EXCHANGE;
	uint32_t id = total_add(&t->total, r, run);
	struct fleet_row *row;

	count_all(t, r, state);
	if (run->single)
		return id;
	row = room(t);
	*row = (struct fleet_row){
		.state = state,
		.order = t->targets,
		.target = text_dup(r->result->target),
		.address = text_dup(r->result->address),
		.release = tone_what(r),
		.behind = exchange ? behind(b) : text_dup("-"),
		.cves = exchange ? cves(b) : text_dup("-"),
		.kev = exchange ? kev(b) : text_dup("-"),
		.first = text_dup(worst != NULL ? worst->rule->id : ""),
		.weight = !view_knows_cves(b) ? 0 : (uint64_t)b->kev_open * 1000000 +
		    (uint64_t)view_cves_open(b) * 1000 + b->nmissing,
	};
	return id;
}

void
fleet_finish(struct fleet *t, const struct report_run *run)
{
	total_finish(&t->total, run);
}

/* ---- printing ---- */

#define RELEASE_MOST	40

enum column { COL_STATE, COL_TARGET, COL_ADDRESS, COL_RELEASE, COL_BEHIND, COL_CVES, COL_KEV,
	COL_FIRST, COLS };

static const struct {
	const char	*head;
	size_t		 offset, least;
	bool		 right;
} columns[COLS] = {
	[COL_STATE] = { "WORST", 0, 8, false },
	[COL_TARGET] = { "TARGET", offsetof(struct fleet_row, target), 16, false },
	[COL_ADDRESS] = { "ADDRESS", offsetof(struct fleet_row, address), 9, false },
	[COL_RELEASE] = { "RELEASE", offsetof(struct fleet_row, release), 19, false },
	[COL_BEHIND] = { "BEHIND", offsetof(struct fleet_row, behind), 6, true },
	[COL_CVES] = { "CVES", offsetof(struct fleet_row, cves), 4, true },
	[COL_KEV] = { "KEV", offsetof(struct fleet_row, kev), 3, true },
	[COL_FIRST] = { "FIRST FINDING", offsetof(struct fleet_row, first), 13, false },
};

static const char *
cell(const struct fleet_row *r, enum column c)
{
	char *const *at;

	if (c == COL_STATE)
		return view_state_name(r->state);
	at = (char *const *)(const void *)((const char *)r + columns[c].offset);
	return *at;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The address helps only where one name stands for several. */
static bool
shares_names(const struct fleet *t, size_t n)
{
	char **names = text_alloc((n + 1) * sizeof(*names));
	bool shared = false;

	for (size_t i = 0; i < n; i++)
		names[i] = t->v[i].target;
	qsort(names, n, sizeof(*names), compare_names);
	for (size_t i = 1; i < n && !shared; i++)
		shared = strcmp(names[i], names[i - 1]) == 0;
	free(names);
	return shared;
}

static size_t
total_of(const size_t width[COLS])
{
	size_t total = 0;

	for (int c = 0; c < COLS; c++)
		total += width[c] != 0 ? width[c] + 2 : 0;
	return total - 2;
}

/*
 * A narrow terminal: the last column goes first, then names are cut, then what
 * is behind goes too.
 */
static void
squeeze(size_t width[COLS], size_t room)
{
	static const enum column gives[] = { COL_RELEASE, COL_ADDRESS, COL_TARGET };

	if (total_of(width) > room)
		width[COL_FIRST] = 0;
	for (size_t i = 0; i < sizeof(gives) / sizeof(gives[0]); i++)
		while (total_of(width) > room && width[gives[i]] > columns[gives[i]].least)
			width[gives[i]]--;
	if (total_of(width) > room)
		width[COL_BEHIND] = 0;
}

/* As wide as the widest cell; in a file the sentence of a failure is no measure. */
static void
measure(const struct fleet *t, size_t n, const struct report_run *run, size_t width[COLS])
{
	for (int c = 0; c < COLS; c++) {
		width[c] = strlen(columns[c].head);
		for (size_t i = 0; i < n; i++) {
			size_t w = paint_columns(cell(&t->v[i], (enum column)c));

			width[c] = w > width[c] ? w : width[c];
		}
	}
	if (!shares_names(t, n))
		width[COL_ADDRESS] = 0;
	if (run->width != 0)
		squeeze(width, run->width);
	else if (width[COL_RELEASE] > RELEASE_MOST)
		width[COL_RELEASE] = RELEASE_MOST;
}

static enum ink
ink_of(const struct fleet_row *r, enum column c)
{
	if (c == COL_STATE)
		return tone_state(r->state);
	if (c == COL_KEV && r->kev[0] >= '1' && r->kev[0] <= '9')
		return INK_ALARM;
	if (c == COL_KEV && strcmp(r->kev, "0+") == 0)
		return INK_YELLOW;
	if (c == COL_TARGET)
		return INK_BOLD;
	return r->state <= VIEW_SILENT || c == COL_FIRST ? INK_DIM : INK_PLAIN;
}

static void
print_row(const struct paint *p, const struct fleet_row *r, const size_t width[COLS])
{
	int last = COLS - 1;

	while (width[last] == 0 ||
	    (r != NULL && last > COL_TARGET && cell(r, (enum column)last)[0] == '\0'))
		last--;
	for (int c = 0; c <= last; c++) {
		const char *s = r != NULL ? cell(r, (enum column)c) : columns[c].head;

		if (width[c] == 0)
			continue;
		if (c == last && !columns[c].right) {
			size_t w = paint_columns(s);

			paint_cell(p, r != NULL ? ink_of(r, (enum column)c) : INK_DIM, s,
			    w < width[c] ? w : width[c], false);
		} else {
			paint_cell(p, r != NULL ? ink_of(r, (enum column)c) : INK_DIM, s,
			    width[c], columns[c].right);
		}
		if (c != last)
			paint_blank(p, 2);
	}
	fputc('\n', p->f);
}

/* Silent rows of a swept network would bury the rest: a few, or a count. */
#define SILENT_ROWS 50

static size_t
shown_rows(const struct fleet *t, const struct report_run *run)
{
	size_t n = t->n < FLEET_ROWS ? t->n : FLEET_ROWS;

	if (run->verbose > 0 || t->by_state[VIEW_SILENT] + t->by_state[VIEW_OTHER] <= SILENT_ROWS)
		return n;
	while (n > 0 && t->v[n - 1].state <= VIEW_SILENT)
		n--;
	return n;
}

/* "SE", "2019", "2016" ..., then what is not known ("unknown release"), then free places. */
static int
compare_branches(const void *a, const void *b)
{
	const struct fleet_count *x = a, *y = b;

	if (x->name == NULL || y->name == NULL)
		return (x->name == NULL) - (y->name == NULL);
	if ((x->name[0] >= 'a') != (y->name[0] >= 'a'))
		return x->name[0] >= 'a' ? 1 : -1;
	return strcmp(y->name, x->name);
}

void
fleet_print(struct fleet *t, const struct paint *p, const struct report_run *run)
{
	size_t width[COLS], n;

	if (run->single && t->targets <= 1 && run->not_done == 0)
		return;
	if (t->n > 1)
		qsort(t->v, t->n, sizeof(*t->v), compare);
	qsort(t->branches, FLEET_BRANCHES, sizeof(t->branches[0]), compare_branches);
	n = shown_rows(t, run);
	if (n > 0 && !run->single) {
		measure(t, n, run, width);
		print_row(p, NULL, width);
		for (size_t i = 0; i < n; i++)
			print_row(p, &t->v[i], width);
		fputc('\n', p->f);
	}
	fleet_summary(t, p, run, n);
}

void
fleet_clear(struct fleet *t)
{
	for (size_t i = 0; i < t->n; i++)
		row_free(&t->v[i]);
	total_clear(&t->total);
	free(t->v);
	for (size_t i = 0; i < FLEET_BRANCHES; i++)
		free(t->branches[i].name);
	for (size_t i = 0; i < FLEET_REASONS; i++)
		free(t->reasons[i].name);
	for (size_t i = 0; i < FLEET_VANTAGES; i++)
		free(t->vantages[i].name);
}
