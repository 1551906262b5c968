/* table.c - the reporters, in the order in which they are listed. */
#include <stddef.h>

#include "report.h"

extern const struct reporter reporter_changes;
extern const struct reporter reporter_changes_csv;
extern const struct reporter reporter_changes_jsonl;
extern const struct reporter reporter_checkmk;
extern const struct reporter reporter_checklist;
extern const struct reporter reporter_controls;
extern const struct reporter reporter_controls_jsonl;
extern const struct reporter reporter_csv;
extern const struct reporter reporter_csv_findings;
extern const struct reporter reporter_html;
extern const struct reporter reporter_icinga;
extern const struct reporter reporter_intelmq;
extern const struct reporter reporter_jsonl;
extern const struct reporter reporter_junit;
extern const struct reporter reporter_markdown;
extern const struct reporter reporter_prometheus;
extern const struct reporter reporter_sarif;
extern const struct reporter reporter_shadowserver;
extern const struct reporter reporter_text;
extern const struct reporter reporter_xccdf;
extern const struct reporter reporter_zabbix;

const struct reporter *const report_table[] = {
	&reporter_text,
	&reporter_jsonl,
	&reporter_csv,
	&reporter_csv_findings,
	&reporter_controls,
	&reporter_controls_jsonl,
	&reporter_changes,
	&reporter_changes_csv,
	&reporter_changes_jsonl,
	&reporter_html,
	&reporter_prometheus,
	&reporter_icinga,
	&reporter_checkmk,
	&reporter_zabbix,
	&reporter_markdown,
	&reporter_junit,
	&reporter_sarif,
	&reporter_xccdf,
	&reporter_checklist,
	&reporter_shadowserver,
	&reporter_intelmq,
	NULL
};
