/* table.c - the reporters, in the order in which they are listed. */
#include <stddef.h>

#include "report.h"

extern const struct reporter reporter_checkmk;
extern const struct reporter reporter_csv;
extern const struct reporter reporter_csv_findings;
extern const struct reporter reporter_html;
extern const struct reporter reporter_icinga;
extern const struct reporter reporter_jsonl;
extern const struct reporter reporter_prometheus;
extern const struct reporter reporter_text;
extern const struct reporter reporter_zabbix;

const struct reporter *const report_table[] = {
	&reporter_text,
	&reporter_jsonl,
	&reporter_csv,
	&reporter_csv_findings,
	&reporter_html,
	&reporter_prometheus,
	&reporter_icinga,
	&reporter_checkmk,
	&reporter_zabbix,
	NULL
};
