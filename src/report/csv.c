/*
 * csv.c - one row a target.  RFC 4180, CRLF, safe in a spreadsheet.  What is
 * not known is an empty field, never a zero.
 */
#include <stdlib.h>

#include "base/escape.h"
#include "row.h"
#include "same.h"
#include "view.h"

static const char *const columns[] = {
	"target", "tag", "address", "port", "identity", "identity_score", "product", "cu",
	"update", "build", "support", "missing", "missing_names", "days_behind", "cves_open",
	"cves_undecidable", "cves_needs_configuration", "kev_open", "worst_severity",
	"worst_finding", "why", "error", "started", "vantage", "finished", "server", "waived", NULL
};

static void
add_missing(struct text_buf *row, const struct build_report *b)
{
	struct text_buf names = { 0 };

	if (b == NULL || !b->missing_known) {
		row_text(row, "");
		row_text(row, "");
		row_text(row, "");
		return;
	}
	for (size_t i = 0; i < b->nmissing; i++)
		text_buf_printf(&names, "%s%s", i > 0 ? " " : "", view_update(b->missing[i]));
	row_number(row, (int64_t)b->nmissing);
	row_text(row, names.s != NULL ? names.s : "");
	row_maybe(row, b->days_behind >= 0, b->days_behind);
	text_buf_free(&names);
}

static void
add_build(struct text_buf *row, const struct build_report *b)
{
	bool known = view_knows_cves(b), looked = known && !view_has_ended(b);
	char buf[48];

	row_text(row, b != NULL ? b->product : "");
	row_text(row, b != NULL ? b->cu : "");
	row_text(row, b != NULL && b->row != NULL ? b->row->update : "");
	row_text(row, b != NULL ? build_number_text(&b->number, buf) : "");
	row_text(row, b != NULL ? builds_support_name(b->support) : "");
	add_missing(row, b);
	/* A zero of which nobody looks any more is no number. */
	row_maybe(row, looked || (known && view_cves_open(b) > 0), known ? (int64_t)view_cves_open(b) : 0);
	row_maybe(row, known, known ? (int64_t)b->count[CVE_UNDECIDABLE] : 0);
	row_maybe(row, known, known ? (int64_t)b->count[CVE_NEEDS_CONFIG] : 0);
	row_maybe(row, looked || (known && b->kev_open > 0), known ? (int64_t)b->kev_open : 0);
}

/* The rules whose findings are waived; what they are is in csv-findings. */
static void
add_waived(struct text_buf *row, const struct judgement *j)
{
	struct text_buf names = { 0 };

	for (size_t i = 0; i < j->nfindings; i++)
		if (j->findings[i].waiver != NULL)
			text_buf_printf(&names, "%s%s", names.s != NULL ? " " : "", j->findings[i].rule->id);
	row_text(row, names.s != NULL ? names.s : "");
	text_buf_free(&names);
}

static void
csv_begin(void *state, FILE *f, const struct report_run *run)
{
	(void)state;
	(void)run;
	row_head(f, columns);
}

static void
csv_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	const struct result *r = report->result;
	const struct judgement *j = report->judgement;
	const struct finding *worst = view_worst(j);
	char *server = j->identity == IDENTITY_EXCHANGE ? same_words(r) : text_dup("");
	char *failure = view_failure_text(r), buf[RESULT_TIME_MAX];
	struct text_buf row = { 0 };

	(void)state;
	(void)run;
	row_target(&row, r);
	row_text(&row, rule_identity_name(j->identity));
	row_number(&row, j->score);
	add_build(&row, j->build);
	row_text(&row, worst != NULL ? rule_severity_name(worst->severity) : "");
	row_text(&row, worst != NULL ? worst->rule->id : "");
	row_text(&row, worst != NULL && worst->why != NULL ? worst->why : "");
	row_text(&row, failure);
	row_text(&row, result_time(r->started_ms, buf));
	row_text(&row, r->vantage);
	row_text(&row, r->finished ? "yes" : "no");
	row_text(&row, server);
	add_waived(&row, j);
	free(server);
	row_put(f, &row);
	free(failure);
}

const struct reporter reporter_csv = {
	.name = "csv",
	.summary = "one row a target, for spreadsheets",
	.begin = csv_begin,
	.target = csv_target,
};
