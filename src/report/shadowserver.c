/*
 * shadowserver.c - vulnerable servers in the columns of Shadowserver's report
 * scan_exchange, so that whoever reads that can read this.  What exvet does not
 * know, such as the AS number, stays empty.
 */
#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "row.h"

static const char *const columns[] = {
	"timestamp", "ip", "port", "hostname", "tag", "asn", "geo", "region", "city", "naics", "sic",
	"sector", "version", "servername", "url", NULL
};

static void
shadowserver_begin(void *state, FILE *f, const struct report_run *run)
{
	(void)state;
	(void)run;
	row_head(f, columns);
}

/* "2026-11-20 10:00:00", as in the reports. */
static void
add_time(struct text_buf *row, int64_t ms)
{
	char time[RESULT_TIME_MAX];

	(void)result_time(ms, time);
	if (time[0] != '\0') {
		time[10] = ' ';
		time[19] = '\0';
	}
	row_text(row, time);
}

static void
shadowserver_target(void *state, FILE *f, const struct report_run *run,
    const struct report *report)
{
	const struct build_report *b = report->judgement->build;
	char build[48], *host = feed_host(report), *tag = feed_tag(report), *url;
	struct text_buf row = { 0 };

	(void)state;
	(void)run;
	if (feed_is_vulnerable(report)) {
		url = text_printf("https://%s/owa/", report->result->target);
		add_time(&row, report->result->started_ms);
		row_text(&row, report->result->address);
		row_number(&row, report->result->port);
		row_text(&row, host);
		row_text(&row, tag);
		for (int i = 0; i < 7; i++)
			row_text(&row, "");
		row_text(&row, b != NULL ? build_number_text(&b->number, build) : "");
		row_text(&row, feed_server_name(report));
		row_text(&row, url);
		row_put(f, &row);
		free(url);
	}
	free(host);
	free(tag);
}

const struct reporter reporter_shadowserver = {
	.name = "shadowserver",
	.summary = "vulnerable servers in the columns of Shadowserver's scan_exchange",
	.begin = shadowserver_begin,
	.target = shadowserver_target,
};
