/*
 * intelmq.c - vulnerable servers as IntelMQ events, one JSON object a line, in
 * the fields of IntelMQ's data format that its Shadowserver parser fills too.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "feed.h"

/* IntelMQ's DateTime: RFC 3339 with an offset in digits. */
static void
add_time(struct json_out *o, const char *key, int64_t ms)
{
	char time[RESULT_TIME_MAX], *text;

	(void)result_time(ms, time);
	if (time[0] == '\0')
		return;
	time[19] = '\0';
	text = text_printf("%s+00:00", time);
	json_out_text(o, key, text);
	free(text);
}

static void
add(struct json_out *o, const char *key, const char *value)
{
	if (value[0] != '\0')
		json_out_text(o, key, value);
}

static void
add_extra(struct json_out *o, const struct report *report)
{
	const struct build_report *b = report->judgement->build;
	char *tag = feed_tag(report), build[48];

	add(o, "extra.version", b != NULL ? build_number_text(&b->number, build) : "");
	add(o, "extra.product", b != NULL ? b->product : "");
	add(o, "extra.support", b != NULL ? builds_support_name(b->support) : "");
	add(o, "extra.servername", feed_server_name(report));
	add(o, "extra.tag", tag);
	add(o, "extra.target_tag", report->result->tag);
	add(o, "extra.vantage", report->result->vantage);
	free(tag);
}

static char *
describe(const struct report *report)
{
	const struct judgement *j = report->judgement;
	struct text_buf out = { 0 };

	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *k = &j->findings[i];

		if (k->verdict == VERDICT_FAIL && rule_counts(k) &&
		    (strcmp(k->rule->id, "cve-known-exploited-open") == 0 ||
		    strcmp(k->rule->id, "su-missing") == 0 ||
		    strcmp(k->rule->id, "product-unsupported") == 0))
			text_buf_printf(&out, "%s%s", out.s != NULL ? " " : "", k->why);
	}
	return out.s != NULL ? out.s : text_dup("Known flaws are open.");
}

static void
intelmq_target(void *state, FILE *f, const struct report_run *run, const struct report *report)
{
	const struct result *r = report->result;
	struct json_out o = { .comma = false };
	char *host = feed_host(report), *text;

	(void)state;
	(void)run;
	/* An event without address and name is about nobody. */
	if (feed_is_vulnerable(report) && (r->address[0] != '\0' || host[0] != '\0')) {
		text = describe(report);
		json_out_open(&o, NULL, '{');
		json_out_text(&o, "feed.name", "exvet");
		add_time(&o, "time.source", r->started_ms);
		add(&o, "source.ip", r->address);
		json_out_number(&o, "source.port", r->port);
		add(&o, "source.fqdn", host);
		json_out_text(&o, "protocol.transport", "tcp");
		json_out_text(&o, "protocol.application", "https");
		json_out_text(&o, "classification.taxonomy", "vulnerable");
		json_out_text(&o, "classification.type", "vulnerable-system");
		json_out_text(&o, "classification.identifier", "vulnerable-exchange-server");
		json_out_text(&o, "event_description.text", text);
		add_extra(&o, report);
		json_out_close(&o, '}');
		text_buf_str(&o.text, "\n");
		(void)fwrite(o.text.s, 1, o.text.len, f);
		text_buf_free(&o.text);
		free(text);
	}
	free(host);
}

const struct reporter reporter_intelmq = {
	.name = "intelmq",
	.summary = "vulnerable servers as IntelMQ events, one JSON object a line",
	.streams = true,
	.target = intelmq_target,
};
