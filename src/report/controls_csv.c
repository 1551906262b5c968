/* controls_csv.c - one row a control: how many servers support evidence for it, and how many not. */
#include <stdlib.h>
#include <string.h>

#include "controls.h"
#include "row.h"

static const char *const columns[] = {
	"framework", "name", "version", "date", "control", "alias", "title", "failed", "waived",
	"undecidable", "not_observable", "satisfied", "not_applicable", "framework_score",
	"framework_coverage", "sight", "certain", "evidence", "conflict", "note", "url", NULL
};

struct state {
	struct controls_tally	*tally;
};

static void
csv_begin(void *state, FILE *f, const struct report_run *run)
{
	((struct state *)state)->tally = controls_tally_new(run->controls);
	row_head(f, columns);
}

static void
csv_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	(void)f;
	(void)run;
	controls_tally_add(((struct state *)state)->tally, report);
}

static void
add_evidence(struct text_buf *row, const struct control *c)
{
	struct text_buf ids = { 0 };

	text_buf_str(&ids, c->cve);
	for (size_t i = 0; i < c->nrules; i++)
		text_buf_printf(&ids, "%s%s", i > 0 ? " " : "", c->rules[i]->id);
	row_text(row, ids.s);
	text_buf_free(&ids);
}

static void
put_control(FILE *f, const struct control *c, const uint64_t *n, const struct controls_score *s)
{
	const struct framework *k = c->framework;
	struct text_buf row = { 0 };

	row_text(&row, k->id);
	row_text(&row, k->name);
	row_text(&row, k->version);
	row_text(&row, k->date);
	row_text(&row, c->id);
	row_text(&row, c->alias);
	row_text(&row, c->title);
	for (size_t i = 0; i < CONTROL_STATES; i++)
		row_number(&row, (int64_t)n[i]);
	row_maybe(&row, s->score >= 0, s->score);
	row_maybe(&row, s->coverage >= 0, s->coverage);
	row_text(&row, controls_sight_name(c->sight));
	row_text(&row, controls_certain_name(c->certain));
	add_evidence(&row, c);
	row_text(&row, c->conflict);
	row_text(&row, c->note);
	row_text(&row, k->url);
	row_put(f, &row);
}

static void
csv_end(void *state, FILE *f, const struct report_run *run)
{
	const struct controls_tally *t = ((struct state *)state)->tally;

	for (size_t i = 0; i < controls_count(run->controls); i++) {
		const struct framework *k = controls_framework(run->controls, i);
		struct controls_score s = controls_tally_score(t, k);

		if (controls_find(run->controls, run->framework != NULL ? run->framework : "") != NULL &&
		    strcmp(run->framework, k->id) != 0)
			continue;
		for (size_t c = 0; c < k->ncontrols; c++)
			put_control(f, &k->controls[c], controls_tally_of(t, &k->controls[c]), &s);
	}
}

static void
csv_clear(void *state)
{
	controls_tally_free(((struct state *)state)->tally);
}

const struct reporter reporter_controls = {
	.name = "controls",
	.summary = "one row a control of the frameworks that auditors ask for, with counts of servers",
	.wants_controls = true,
	.state_size = sizeof(struct state),
	.begin = csv_begin, .target = csv_target, .end = csv_end, .clear = csv_clear,
};
