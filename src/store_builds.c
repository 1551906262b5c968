/*
 * store_builds.c - one build's report as a line of JSON: the stable keys
 * first, in the order of the manual, then the ones that may grow.  null is
 * "not known"; an update of "" is the CU itself.
 */
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "builds.h"
#include "store.h"

static void
put(struct json_object *o, const char *key, struct json_object *value)
{
	(void)json_object_object_add(o, key, value);
}

static struct json_object *
text_or_null(const char *s)
{
	return s != NULL && *s != '\0' ? json_object_new_string(s) : NULL;
}

static struct json_object *
day_or_null(int32_t day)
{
	char text[11];

	return text_or_null(builds_day_text(day, text));
}

/* Behind the list of missing updates; -1 is unknown. */
static struct json_object *
days_or_null(int32_t days)
{
	return days >= 0 ? json_object_new_int(days) : NULL;
}

/* One decimal, whatever the locale says and whatever binary makes of 8.8. */
static struct json_object *
score_or_null(double cvss)
{
	int tenths = (int)(cvss * 10 + 0.5);
	char text[16];

	if (cvss < 0)
		return NULL;
	(void)snprintf(text, sizeof(text), "%d.%d", tenths / 10, tenths % 10);
	return json_object_new_double_s(cvss, text);
}

static struct json_object *
build_and_update(const struct build_row *row)
{
	struct json_object *o = json_object_new_object();

	put(o, "build", json_object_new_string(row->text));
	put(o, "update", json_object_new_string(row->update));
	return o;
}

static struct json_object *
row_or_null(const struct build_row *row)
{
	struct json_object *o;

	if (row == NULL)
		return NULL;
	o = build_and_update(row);
	put(o, "cu", json_object_new_string(row->cu));
	put(o, "released", day_or_null(row->released));
	return o;
}

static struct json_object *
update_name(const struct build_row *row)
{
	return json_object_new_string(*row->update != '\0' ? row->update : row->cu);
}

static struct json_object *
list(const struct build_row **rows, size_t n,
    struct json_object *(*make)(const struct build_row *))
{
	struct json_object *a = json_object_new_array();

	for (size_t i = 0; i < n; i++)
		(void)json_object_array_add(a, make(rows[i]));
	return a;
}

static struct json_object *
verdict(const struct cve_verdict *v)
{
	struct json_object *o = json_object_new_object();

	put(o, "cve", json_object_new_string(v->cve->id));
	put(o, "state", json_object_new_string(builds_cve_state_name(v->state)));
	put(o, "fixed_by", v->fix != NULL ? update_name(v->fix) : NULL);
	put(o, "fixed_build", v->fix != NULL ? json_object_new_string(v->fix->text) : NULL);
	put(o, "cvss", score_or_null(v->cve->cvss));
	put(o, "kev", json_object_new_boolean(v->cve->kev));
	put(o, "name", text_or_null(v->cve->name));
	put(o, "needs", text_or_null(v->cve->needs));
	put(o, "kev_date", day_or_null(v->cve->kev_date));
	put(o, "ransomware", json_object_new_boolean(v->cve->ransomware));
	if (v->candidates != 0) {
		put(o, "fixed_in", json_object_new_int64((int64_t)v->fixed_in));
		put(o, "candidates", json_object_new_int64((int64_t)v->candidates));
	}
	return o;
}

static void
put_identity(struct json_object *o, const struct build_report *r)
{
	const struct build_row *row = r->row;
	struct json_object *support = json_object_new_object();
	char text[48];

	put(o, "build", json_object_new_string(build_number_text(&r->number, text)));
	put(o, "known", json_object_new_boolean(r->place == PLACE_EXACT ||
	    r->place == PLACE_RANGE));
	put(o, "product", text_or_null(r->product));
	put(o, "branch", text_or_null(r->branch));
	put(o, "cu", text_or_null(r->cu));
	put(o, "update", row != NULL ? json_object_new_string(row->update) : NULL);
	put(o, "kind", row != NULL ? json_object_new_string(builds_kind_name(row->kind)) : NULL);
	put(o, "released", row != NULL ? day_or_null(row->released) : NULL);
	put(o, "kb", row != NULL ? text_or_null(row->kb) : NULL);
	put(support, "status", json_object_new_string(builds_support_name(r->support)));
	put(support, "until", day_or_null(r->support_until));
	put(o, "support", support);
}

static void
put_verdicts(struct json_object *o, const struct build_report *r)
{
	struct json_object *cves = json_object_new_array();

	put(o, "newest", row_or_null(r->newest));
	put(o, "missing", list(r->missing, r->nmissing, update_name));
	put(o, "days_behind", days_or_null(r->days_behind));
	for (size_t i = 0; i < r->ncves; i++)
		(void)json_object_array_add(cves, verdict(&r->cves[i]));
	put(o, "cves", cves);
	if (r->place == PLACE_RANGE)
		put(o, "candidates", list(r->candidates, r->ncandidates, build_and_update));
}

static void
put_more(struct json_object *o, const char *asked, const struct build_report *r)
{
	struct json_object *near = json_object_new_object();

	put(o, "asked", json_object_new_string(asked));
	put(o, "place", json_object_new_string(builds_place_name(r->place)));
	put(o, "listed_as", r->row != NULL ? json_object_new_string(r->row->text) : NULL);
	put(near, "below", row_or_null(r->below));
	put(near, "above", row_or_null(r->above));
	put(o, "neighbours", near);
	put(o, "newest_branch", row_or_null(r->newest_branch));
	put(o, "newer_cu", row_or_null(r->newer_cu));
	put(o, "newer_hu", row_or_null(r->newer_hu));
	put(o, "missing_known", json_object_new_boolean(r->missing_known));
	if (r->place == PLACE_RANGE) {
		put(o, "missing_possible", list(r->missing_worst, r->nmissing_worst, update_name));
		put(o, "days_behind_possible", days_or_null(r->days_behind_worst));
	}
	put(o, "undetermined", list(r->undetermined, r->nundetermined, update_name));
	put(o, "sources", r->row != NULL ? text_or_null(r->row->sources) : NULL);
	put(o, "note", r->row != NULL ? text_or_null(r->row->note) : NULL);
}

void
store_write_build(FILE *f, const char *asked, const struct build_report *r)
{
	struct json_object *o = json_object_new_object();

	put_identity(o, r);
	put_verdicts(o, r);
	put_more(o, asked, r);
	fprintf(f, "%s\n", json_object_to_json_string_ext(o,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	(void)json_object_put(o);
}
