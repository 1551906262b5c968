/*
 * store_write.c - results and judgements as JSON Lines.
 *
 * Keys, their order and their meaning are a promise: data/result.schema.json.
 * What has no value is null.  Every string is made printable UTF-8 on the way,
 * whoever it came from.
 */
#include "config-build.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "builds.h"
#include "same.h"
#include "store.h"

static void
add_day(struct json_out *o, const char *key, int32_t day)
{
	char buf[11];

	json_out_value(o, key, day != BUILDS_NO_DAY ? builds_day_text(day, buf) : NULL);
}

static void
add_head(struct json_out *o, const struct result *r)
{
	char buf[RESULT_TIME_MAX];

	json_out_text(o, "schema", "exvet/1");
	json_out_text(o, "target", r->target);
	json_out_value(o, "tag", r->tag);
	json_out_value(o, "address", r->address);
	json_out_number(o, "port", r->port);
	json_out_value(o, "vantage", r->vantage);
	json_out_value(o, "started", result_time(r->started_ms, buf));
	json_out_number(o, "duration_ms", r->duration_ms);
	json_out_number(o, "connections", r->connections);
	json_out_number(o, "requests", r->requests);
}

static void
add_table(struct json_out *o, const struct builds *builds)
{
	json_out_open(o, "table", '{');
	add_day(o, "as_of", builds != NULL ? builds_as_of(builds) : BUILDS_NO_DAY);
	json_out_value(o, "sha256", builds != NULL ? builds_sha256(builds) : NULL);
	add_day(o, "kev_as_of", builds != NULL ? builds_kev_as_of(builds) : BUILDS_NO_DAY);
	json_out_close(o, '}');
}

static const char *
kind_of(const struct build_row *row)
{
	return row != NULL ? builds_kind_name(row->kind) : NULL;
}

static void
add_identity(struct json_out *o, const struct judgement *j)
{
	const struct build_report *b = j->build;
	char buf[48];

	json_out_text(o, "identity", rule_identity_name(j->identity));
	json_out_number(o, "identity_score", j->score);
	json_out_value(o, "product", b != NULL ? b->product : NULL);
	json_out_value(o, "branch", b != NULL ? b->branch : NULL);
	json_out_value(o, "build", b != NULL ? build_number_text(&b->number, buf) : NULL);
	if (b != NULL)
		json_out_number(o, "build_parts", b->number.parts);
	else
		json_out_value(o, "build_parts", NULL);
	json_out_value(o, "cu", b != NULL ? b->cu : NULL);
	json_out_value(o, "update", b != NULL && b->row != NULL ? b->row->update : NULL);
	json_out_value(o, "kind", kind_of(b != NULL ? b->row : NULL));
}

static void
add_observation(struct json_out *o, const struct observation *k)
{
	const struct fact_desc *fact = obs_fact(k->fact);

	json_out_open(o, NULL, '{');
	json_out_text(o, "fact", fact->name);
	if (fact->type == FACT_TYPE_NUMBER)
		json_out_number(o, "value", k->number);
	else if (fact->type == FACT_TYPE_FLAG)
		json_out_flag(o, "value", k->number != 0);
	else
		json_out_text(o, "value", k->text != NULL ? k->text : "");
	json_out_text(o, "at", k->at);
	json_out_text(o, "probe", k->probe);
	json_out_text(o, "evidence", k->evidence);
	json_out_close(o, '}');
}

static void
add_observations(struct json_out *o, const struct obs *obs)
{
	json_out_open(o, "observations", '[');
	for (size_t i = 0; i < obs_count(obs); i++)
		add_observation(o, obs_get(obs, i));
	json_out_close(o, ']');
}

static void
add_datum(struct json_out *o, const char *key, const struct detail *d)
{
	if (d->text != NULL)
		json_out_text(o, key, d->text);
	else
		json_out_number(o, key, d->number);
}

/* Equal keys in a row make a list. */
static void
add_detail(struct json_out *o, const struct finding *f)
{
	json_out_open(o, "detail", '{');
	for (size_t i = 0, n; i < f->ndetail; i += n) {
		const struct detail *d = &f->detail[i];

		for (n = 1; i + n < f->ndetail && strcmp(d[n].key, d->key) == 0; n++)
			;
		if (n == 1 && !d->list) {
			add_datum(o, d->key, d);
			continue;
		}
		json_out_open(o, d->key, '[');
		for (size_t k = 0; k < n; k++)
			add_datum(o, NULL, &d[k]);
		json_out_close(o, ']');
	}
	json_out_open(o, "observations", '[');
	for (size_t i = 0; i < f->nproof; i++)
		json_out_number(o, NULL, (int64_t)f->proof[i]);
	json_out_close(o, ']');
	json_out_close(o, '}');
}

static void
add_waiver(struct json_out *o, const struct waiver *w)
{
	if (w == NULL)
		return;
	json_out_open(o, "waived", '{');
	json_out_text(o, "waiver", w->name);
	json_out_text(o, "reason", w->reason);
	json_out_text(o, "owner", w->owner);
	add_day(o, "until", w->until);
	json_out_close(o, '}');
}

static void
add_findings(struct json_out *o, const struct judgement *j)
{
	json_out_open(o, "findings", '[');
	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];

		json_out_open(o, NULL, '{');
		json_out_text(o, "rule", f->rule->id);
		json_out_text(o, "verdict", rule_verdict_name(f->verdict));
		json_out_text(o, "severity", rule_severity_name(f->severity));
		json_out_text(o, "why", f->why != NULL ? f->why : "");
		add_detail(o, f);
		add_waiver(o, f->waiver);
		json_out_close(o, '}');
	}
	json_out_close(o, ']');
}

static void
add_errors(struct json_out *o, const struct obs *obs)
{
	json_out_open(o, "errors", '[');
	for (size_t i = 0; i < obs_error_count(obs); i++) {
		const struct obs_error *e = obs_error_get(obs, i);

		json_out_open(o, NULL, '{');
		json_out_value(o, "probe", e->probe);
		json_out_text(o, "at", e->at);
		json_out_text(o, "stage", e->stage);
		json_out_text(o, "reason", e->reason);
		json_out_text(o, "detail", e->detail);
		json_out_close(o, '}');
	}
	json_out_close(o, ']');
}

/* Equal words in two lines: the same machine (same.h). */
static void
add_server(struct json_out *o, const struct report *report)
{
	bool exchange = report->judgement->identity == IDENTITY_EXCHANGE;
	char *words = exchange ? same_words(report->result) : NULL;

	json_out_value(o, "server", words);
	free(words);
}

void
store_write(FILE *f, const struct report_run *run, const struct report *report)
{
	const struct result *r = report->result;
	struct json_out line = { 0 }, *o = &line;

	json_out_open(o, NULL, '{');
	add_head(o, r);
	add_table(o, run->builds);
	add_identity(o, report->judgement);
	add_observations(o, r->obs);
	add_findings(o, report->judgement);
	add_errors(o, r->obs);
	json_out_text(o, "profile", r->profile);
	json_out_text(o, "probes", r->probes);
	json_out_flag(o, "finished", r->finished);
	json_out_flag(o, "capped", obs_capped(r->obs));
	add_day(o, "as_of", run->as_of);
	if (report->views > 0) {
		json_out_number(o, "view", report->view);
		json_out_number(o, "views", report->views);
	} else {
		json_out_null(o, "view");
		json_out_null(o, "views");
	}
	json_out_value(o, "policy", run->policy != NULL && run->policy->book != NULL ?
	    run->policy->book->name : NULL);
	json_out_text(o, "exvet", PACKAGE_VERSION);
	add_server(o, report);
	json_out_close(o, '}');
	text_buf_add(&o->text, "\n", 1);
	/* The line goes out in one piece. */
	(void)fwrite(o->text.s, 1, o->text.len, f);
	text_buf_free(&o->text);
}
