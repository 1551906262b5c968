/* changes.c - reporters of what changed between two runs: text, CSV, JSON Lines. */
#include <stdio.h>
#include <string.h>

#include "base/json_out.h"
#include "changes_text.h"
#include "row.h"

static void
ignore_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	(void)state;
	(void)f;
	(void)run;
	(void)report;
}

static void
text_end(void *state, FILE *f, const struct report_run *run)
{
	struct paint p = {
		.f = f, .color = run->color, .width = run->width != 0 ? run->width : 80,
	};

	(void)state;
	changes_text(&p, run->compare);
}

/* One way to walk through all changes: a row or line each. */
static void
each(const struct compare *c, FILE *f, void (*put)(FILE *, const struct compare_server *,
    const struct compare_finding *))
{
	for (size_t i = 0; i < compare_count(c); i++) {
		const struct compare_server *s = compare_server(c, i);

		for (size_t k = 0; k < s->nv; k++)
			put(f, s, &s->v[k]);
	}
}

static void
put_row(FILE *f, const struct compare_server *s, const struct compare_finding *k)
{
	struct text_buf row = { 0 };

	row_text(&row, s->target);
	row_text(&row, s->tag);
	row_text(&row, s->address);
	row_text(&row, compare_change_name(k->change));
	row_text(&row, k->rule->id);
	row_text(&row, rule_severity_name(k->severity));
	row_text(&row, s->in_old ? rule_verdict_name(k->before) : "");
	row_text(&row, s->in_new ? rule_verdict_name(k->after) : "");
	row_text(&row, s->old_build);
	row_text(&row, s->new_build);
	row_text(&row, k->rule->title);
	row_text(&row, s->old_target);
	row_put(f, &row);
}

static void
csv_end(void *state, FILE *f, const struct report_run *run)
{
	static const char *const columns[] = {
		"target", "tag", "address", "change", "rule", "severity", "before", "after",
		"old_build", "new_build", "title", "old_target", NULL
	};

	(void)state;
	row_head(f, columns);
	each(run->compare, f, put_row);
}

static void
put_line(FILE *f, const struct compare_server *s, const struct compare_finding *k)
{
	struct json_out o = { 0 };

	json_out_open(&o, NULL, '{');
	json_out_text(&o, "target", s->target);
	json_out_value(&o, "tag", s->tag);
	json_out_value(&o, "address", s->address);
	json_out_text(&o, "change", compare_change_name(k->change));
	json_out_text(&o, "rule", k->rule->id);
	json_out_text(&o, "severity", rule_severity_name(k->severity));
	json_out_value(&o, "before", s->in_old ? rule_verdict_name(k->before) : NULL);
	json_out_value(&o, "after", s->in_new ? rule_verdict_name(k->after) : NULL);
	json_out_value(&o, "old_build", s->old_build);
	json_out_value(&o, "new_build", s->new_build);
	json_out_value(&o, "old_target", s->old_target);
	json_out_close(&o, '}');
	text_buf_add(&o.text, "\n", 1);
	(void)fwrite(o.text.s, 1, o.text.len, f);
	text_buf_free(&o.text);
}

static void
jsonl_end(void *state, FILE *f, const struct report_run *run)
{
	(void)state;
	each(run->compare, f, put_line);
}

const struct reporter reporter_changes = {
	.name = "changes",
	.summary = "what changed since another run (--compare), for people",
	.wants_compare = true, .target = ignore_target, .end = text_end,
};

const struct reporter reporter_changes_csv = {
	.name = "changes-csv",
	.summary = "one row a change since another run (--compare), for spreadsheets",
	.wants_compare = true, .target = ignore_target, .end = csv_end,
};

const struct reporter reporter_changes_jsonl = {
	.name = "changes-jsonl",
	.summary = "one line a change since another run (--compare)",
	.wants_compare = true, .target = ignore_target, .end = jsonl_end,
};
