/* csv_findings.c - one row a finding.  RFC 4180, CRLF, safe in a spreadsheet. */
#include "row.h"
#include "view.h"

static const char *const columns[] = {
	"target", "tag", "address", "port", "identity", "build", "rule", "group", "verdict",
	"severity", "title", "why", "remediation", "reference",
	"waived_until", "waived_by", "waived_reason", NULL
};

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
	const struct judgement *j = report->judgement;
	char buf[48], day[11];

	(void)state;
	(void)run;
	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *k = &j->findings[i];
		struct text_buf row = { 0 };

		row_target(&row, report->result);
		row_text(&row, rule_identity_name(j->identity));
		row_text(&row, j->build != NULL ? build_number_text(&j->build->number, buf) : "");
		row_text(&row, k->rule->id);
		row_text(&row, k->rule->group);
		row_text(&row, rule_verdict_name(k->verdict));
		row_text(&row, rule_severity_name(k->severity));
		row_text(&row, k->rule->title);
		row_text(&row, k->why != NULL ? k->why : "");
		row_text(&row, k->rule->remediation != NULL ? k->rule->remediation : "");
		row_text(&row, k->rule->reference != NULL ? k->rule->reference : "");
		row_text(&row, k->waiver != NULL ? builds_day_text(k->waiver->until, day) : "");
		row_text(&row, k->waiver != NULL ? k->waiver->owner : "");
		row_text(&row, k->waiver != NULL ? k->waiver->reason : "");
		row_put(f, &row);
	}
}

const struct reporter reporter_csv_findings = {
	.name = "csv-findings",
	.summary = "one row a finding, for spreadsheets",
	.begin = csv_begin,
	.target = csv_target,
};
