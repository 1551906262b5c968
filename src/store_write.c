/*
 * store_write.c - results and judgements as JSON Lines.
 *
 * Keys, their order and their meaning are a promise: data/result.schema.json.
 * What has no value is null.  Every string is made printable UTF-8 on the way,
 * whoever it came from.
 */
#include "config-build.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "builds.h"
#include "store.h"

static struct json_object *
text(const char *s)
{
	char *clean = escape_utf8(s);
	struct json_object *o = json_object_new_string(clean);

	free(clean);
	return o;
}

static void
add_text(struct json_object *o, const char *key, const char *s)
{
	(void)json_object_object_add(o, key, text(s));
}

/* "" and NULL are no values. */
static void
add_value(struct json_object *o, const char *key, const char *s)
{
	(void)json_object_object_add(o, key, s != NULL && s[0] != '\0' ? text(s) : NULL);
}

static void
add_number(struct json_object *o, const char *key, int64_t v)
{
	(void)json_object_object_add(o, key, json_object_new_int64(v));
}

static void
add_flag(struct json_object *o, const char *key, bool v)
{
	(void)json_object_object_add(o, key, json_object_new_boolean(v));
}

static void
add_day(struct json_object *o, const char *key, int32_t day)
{
	char buf[11];

	add_value(o, key, day != BUILDS_NO_DAY ? builds_day_text(day, buf) : NULL);
}

static void
add_head(struct json_object *o, const struct result *r)
{
	char buf[RESULT_TIME_MAX];

	add_text(o, "schema", "exvet/1");
	add_text(o, "target", r->target);
	add_value(o, "tag", r->tag);
	add_value(o, "address", r->address);
	add_number(o, "port", r->port);
	add_value(o, "vantage", r->vantage);
	add_value(o, "started", result_time(r->started_ms, buf));
	add_number(o, "duration_ms", r->duration_ms);
	add_number(o, "connections", r->connections);
	add_number(o, "requests", r->requests);
}

static void
add_table(struct json_object *o, const struct builds *builds)
{
	struct json_object *table = json_object_new_object();

	add_day(table, "as_of", builds != NULL ? builds_as_of(builds) : BUILDS_NO_DAY);
	add_value(table, "sha256", builds != NULL ? builds_sha256(builds) : NULL);
	add_day(table, "kev_as_of", builds != NULL ? builds_kev_as_of(builds) : BUILDS_NO_DAY);
	(void)json_object_object_add(o, "table", table);
}

static const char *
kind_of(const struct build_row *row)
{
	return row != NULL ? builds_kind_name(row->kind) : NULL;
}

static void
add_identity(struct json_object *o, const struct judgement *j)
{
	const struct build_report *b = j->build;
	char buf[48];

	add_text(o, "identity", rule_identity_name(j->identity));
	add_number(o, "identity_score", j->score);
	add_value(o, "product", b != NULL ? b->product : NULL);
	add_value(o, "branch", b != NULL ? b->branch : NULL);
	add_value(o, "build", b != NULL ? build_number_text(&b->number, buf) : NULL);
	if (b != NULL)
		add_number(o, "build_parts", b->number.parts);
	else
		add_value(o, "build_parts", NULL);
	add_value(o, "cu", b != NULL ? b->cu : NULL);
	add_value(o, "update", b != NULL && b->row != NULL ? b->row->update : NULL);
	add_value(o, "kind", kind_of(b != NULL ? b->row : NULL));
}

static struct json_object *
observation(const struct observation *k)
{
	const struct fact_desc *fact = obs_fact(k->fact);
	struct json_object *o = json_object_new_object();

	add_text(o, "fact", fact->name);
	if (fact->type == FACT_TYPE_NUMBER)
		add_number(o, "value", k->number);
	else if (fact->type == FACT_TYPE_FLAG)
		add_flag(o, "value", k->number != 0);
	else
		add_text(o, "value", k->text != NULL ? k->text : "");
	add_text(o, "at", k->at);
	add_text(o, "probe", k->probe);
	add_text(o, "evidence", k->evidence);
	return o;
}

static void
add_observations(struct json_object *o, const struct obs *obs)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < obs_count(obs); i++)
		(void)json_object_array_add(list, observation(obs_get(obs, i)));
	(void)json_object_object_add(o, "observations", list);
}

static struct json_object *
datum(const struct detail *d)
{
	return d->text != NULL ? text(d->text) : json_object_new_int64(d->number);
}

/* Equal keys in a row make a list. */
static struct json_object *
detail(const struct finding *f)
{
	struct json_object *o = json_object_new_object(), *proof = json_object_new_array();

	for (size_t i = 0, n; i < f->ndetail; i += n) {
		const struct detail *d = &f->detail[i];
		struct json_object *list;

		for (n = 1; i + n < f->ndetail && strcmp(d[n].key, d->key) == 0; n++)
			;
		if (n == 1 && !d->list) {
			(void)json_object_object_add(o, d->key, datum(d));
			continue;
		}
		list = json_object_new_array();
		for (size_t k = 0; k < n; k++)
			(void)json_object_array_add(list, datum(&d[k]));
		(void)json_object_object_add(o, d->key, list);
	}
	for (size_t i = 0; i < f->nproof; i++)
		(void)json_object_array_add(proof, json_object_new_int64((int64_t)f->proof[i]));
	(void)json_object_object_add(o, "observations", proof);
	return o;
}

static void
add_findings(struct json_object *o, const struct judgement *j)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < j->nfindings; i++) {
		const struct finding *f = &j->findings[i];
		struct json_object *k = json_object_new_object();

		add_text(k, "rule", f->rule->id);
		add_text(k, "verdict", rule_verdict_name(f->verdict));
		add_text(k, "severity", rule_severity_name(f->severity));
		add_text(k, "why", f->why != NULL ? f->why : "");
		(void)json_object_object_add(k, "detail", detail(f));
		(void)json_object_array_add(list, k);
	}
	(void)json_object_object_add(o, "findings", list);
}

static void
add_errors(struct json_object *o, const struct obs *obs)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < obs_error_count(obs); i++) {
		const struct obs_error *e = obs_error_get(obs, i);
		struct json_object *k = json_object_new_object();

		add_value(k, "probe", e->probe);
		add_text(k, "at", e->at);
		add_text(k, "stage", e->stage);
		add_text(k, "reason", e->reason);
		add_text(k, "detail", e->detail);
		(void)json_object_array_add(list, k);
	}
	(void)json_object_object_add(o, "errors", list);
}

/* The line goes out in one piece. */
static void
put_line(FILE *f, struct json_object *o)
{
	size_t len;
	const char *s = json_object_to_json_string_length(o,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);

	(void)fwrite(s, 1, len, f);
	(void)fputc('\n', f);
	(void)json_object_put(o);
}

void
store_write(FILE *f, const struct report_run *run, const struct report *report)
{
	const struct result *r = report->result;
	struct json_object *o = json_object_new_object();

	add_head(o, r);
	add_table(o, run->builds);
	add_identity(o, report->judgement);
	add_observations(o, r->obs);
	add_findings(o, report->judgement);
	add_errors(o, r->obs);
	add_text(o, "profile", r->profile);
	add_text(o, "probes", r->probes);
	add_flag(o, "finished", r->finished);
	add_flag(o, "capped", obs_capped(r->obs));
	add_day(o, "as_of", run->as_of);
	add_text(o, "exvet", PACKAGE_VERSION);
	put_line(f, o);
}
