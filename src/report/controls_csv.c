/* controls_csv.c - one row or line a control: how many servers support evidence for it, and how many not. */
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "controls.h"
#include "row.h"
#include "servers.h"

static const char *const columns[] = {
	"framework", "name", "version", "date", "control", "alias", "title", "failed", "waived",
	"undecidable", "not_observable", "satisfied", "not_applicable", "framework_score",
	"framework_coverage", "sight", "certain", "evidence", "conflict", "note", "url",
	"checked", "compared", "vantage", NULL
};

#define VANTAGES	16	/* named; further ones are told as "others" */

struct state {
	struct controls_tally	*tally;
	struct servers		 which;		/* results that are one server */
	char			*vantages[VANTAGES];
};

/* From where: of every view of a server, each place once; what has no name says nothing. */
static void
add_vantage(struct state *s, const char *name)
{
	for (size_t i = 0; name[0] != '\0' && i < VANTAGES; i++) {
		if (s->vantages[i] == NULL)
			s->vantages[i] = text_dup(i + 1 < VANTAGES ? name : "others");
		if (strcmp(s->vantages[i], name) == 0)
			return;
	}
}

/* "branch, datacentre"; owned. */
static char *
vantages_text(const struct state *s)
{
	struct text_buf out = { 0 };

	for (size_t i = 0; i < VANTAGES && s->vantages[i] != NULL; i++)
		text_buf_printf(&out, "%s%s", i > 0 ? ", " : "", s->vantages[i]);
	return out.s != NULL ? out.s : text_dup("");
}

static void
csv_begin(void *state, FILE *f, const struct report_run *run)
{
	((struct state *)state)->tally = controls_tally_new(run->controls);
	row_head(f, columns);
}

static void
csv_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	struct state *s = state;

	(void)f;
	(void)run;
	controls_tally_add(s->tally, report, report->judgement->identity == IDENTITY_EXCHANGE ?
	    servers_add(&s->which, report->result) : SERVERS_NONE);
	for (unsigned i = 0; i < (report->all != NULL ? report->views : 1); i++)
		add_vantage(s, report->all != NULL ? report->all[i].result->vantage :
		    report->result->vantage);
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
put_control(FILE *f, const struct control *c, const uint64_t *n, const struct controls_score *s,
    const char *vantage)
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
	row_text(&row, k->checked);
	row_text(&row, k->compared);
	row_text(&row, vantage);
	row_put(f, &row);
}

/* ---- the same as lines ---- */

static void
add_counts(struct json_out *o, const uint64_t *n)
{
	static const char *const keys[CONTROL_STATES] = {
		[CONTROL_FAILED] = "failed", [CONTROL_WAIVED] = "waived",
		[CONTROL_UNDECIDABLE] = "undecidable", [CONTROL_NOT_OBSERVABLE] = "not_observable",
		[CONTROL_SATISFIED] = "satisfied", [CONTROL_NOT_APPLICABLE] = "not_applicable",
	};

	for (size_t i = 0; i < CONTROL_STATES; i++)
		json_out_number(o, keys[i], (int64_t)n[i]);
}

static void
add_percent(struct json_out *o, const char *key, int percent)
{
	if (percent >= 0)
		json_out_number(o, key, percent);
	else
		json_out_null(o, key);
}

static void
put_line(FILE *f, const struct control *c, const uint64_t *n, const struct controls_score *s,
    const char *vantage)
{
	const struct framework *k = c->framework;
	struct json_out o = { 0 };

	json_out_open(&o, NULL, '{');
	json_out_text(&o, "framework", k->id);
	json_out_text(&o, "name", k->name);
	json_out_value(&o, "version", k->version);
	json_out_value(&o, "date", k->date);
	json_out_text(&o, "control", c->id);
	json_out_value(&o, "alias", c->alias);
	json_out_value(&o, "title", c->title);
	add_counts(&o, n);
	add_percent(&o, "framework_score", s->score);
	add_percent(&o, "framework_coverage", s->coverage);
	json_out_text(&o, "sight", controls_sight_name(c->sight));
	json_out_text(&o, "certain", controls_certain_name(c->certain));
	json_out_open(&o, "evidence", '[');
	for (size_t i = 0; i < c->nrules; i++)
		json_out_text(&o, NULL, c->rules[i]->id);
	json_out_close(&o, ']');
	json_out_value(&o, "cve", c->cve);
	json_out_value(&o, "conflict", c->conflict);
	json_out_value(&o, "note", c->note);
	json_out_text(&o, "url", k->url);
	json_out_text(&o, "checked", k->checked);
	json_out_text(&o, "compared", k->compared);
	json_out_value(&o, "vantage", vantage);
	json_out_close(&o, '}');
	text_buf_add(&o.text, "\n", 1);
	(void)fwrite(o.text.s, 1, o.text.len, f);
	text_buf_free(&o.text);
}

static void
each(void *state, FILE *f, const struct report_run *run,
    void (*put)(FILE *, const struct control *, const uint64_t *, const struct controls_score *,
	const char *))
{
	struct state *all = state;
	const struct controls_tally *t = all->tally;
	char *vantage = vantages_text(all);

	servers_finish(&all->which);
	controls_tally_finish(all->tally, &all->which);
	for (size_t i = 0; i < controls_count(run->controls); i++) {
		const struct framework *k = controls_framework(run->controls, i);
		struct controls_score s = controls_tally_score(t, k);

		if (controls_find(run->controls, run->framework != NULL ? run->framework : "") != NULL &&
		    strcmp(run->framework, k->id) != 0)
			continue;
		for (size_t c = 0; c < k->ncontrols; c++)
			put(f, &k->controls[c], controls_tally_of(t, &k->controls[c]), &s, vantage);
	}
	free(vantage);
}

static void
csv_end(void *state, FILE *f, const struct report_run *run)
{
	each(state, f, run, put_control);
}

static void
lines_begin(void *state, FILE *f, const struct report_run *run)
{
	(void)f;
	((struct state *)state)->tally = controls_tally_new(run->controls);
}

static void
lines_end(void *state, FILE *f, const struct report_run *run)
{
	each(state, f, run, put_line);
}

static void
csv_clear(void *state)
{
	struct state *s = state;

	controls_tally_free(s->tally);
	servers_clear(&s->which);
	for (size_t i = 0; i < VANTAGES; i++)
		free(s->vantages[i]);
}

const struct reporter reporter_controls = {
	.name = "controls",
	.summary = "one row a control of the frameworks that auditors ask for, with counts of servers",
	.wants_controls = true,
	.state_size = sizeof(struct state),
	.begin = csv_begin, .target = csv_target, .end = csv_end, .clear = csv_clear,
};

const struct reporter reporter_controls_jsonl = {
	.name = "controls-jsonl",
	.summary = "the same as JSON Lines, one a control",
	.wants_controls = true,
	.state_size = sizeof(struct state),
	.begin = lines_begin, .target = csv_target, .end = lines_end, .clear = csv_clear,
};
