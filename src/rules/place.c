/*
 * place.c - builds, days and observations in words, for the sentences of
 * findings, and the few questions that many rules ask of the build report.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rules/place.h"
#include "rules/witness.h"

const char *
place_name(const struct build_row *row)
{
	return row->update[0] != '\0' ? row->update : row->cu;
}

struct place_text
place_row(const struct build_row *row)
{
	struct place_text t;

	(void)snprintf(t.s, sizeof(t.s), "%s %s%s%s (%s)", row->product, row->cu,
	    row->update[0] != '\0' ? " " : "", row->update, row->text);
	return t;
}

struct place_text
place_update(const struct build_row *row)
{
	struct place_text t;

	(void)snprintf(t.s, sizeof(t.s), "%s (%s%s%s)", place_name(row),
	    row->kb, row->kb[0] != '\0' ? ", " : "", row->text);
	return t;
}

struct place_text
place_build(const struct build_report *b)
{
	struct place_text t;
	char number[48];

	if (b->row != NULL)
		return place_row(b->row);
	(void)build_number_text(&b->number, number);
	(void)snprintf(t.s, sizeof(t.s), "%s%s%s%s%s",
	    b->product[0] != '\0' ? b->product : "build", b->cu[0] != '\0' ? " " : "", b->cu,
	    " ", number);
	return t;
}

struct place_text
place_day(int32_t day)
{
	struct place_text t;

	if (builds_day_text(day, t.s)[0] == '\0')
		(void)snprintf(t.s, sizeof(t.s), "an unknown day");
	return t;
}

struct place_text
place_count(int64_t n, const char *one)
{
	struct place_text t;

	(void)snprintf(t.s, sizeof(t.s), "%" PRId64 " %s%s", n, one, n == 1 ? "" : "s");
	return t;
}

bool
place_is_soft(const struct rule_in *in)
{
	const struct observation *seen = in->who->witness;

	return seen != NULL && (seen->fact == FACT_BUILD_MANIFEST ||
	    seen->fact == FACT_BUILD_APPLICATION || seen->fact == FACT_BUILD_MAPI);
}

/*
 * A CU is dropped when its branch got a security update after the last one of
 * its own: they come on the same day for every CU that still gets them.
 */
bool
place_cu_is_served(const struct rule_in *in)
{
	const struct build_report *b = in->who->build;

	if (b->newest == NULL)
		return false;
	for (size_t i = 0; i < builds_count(in->builds); i++) {
		const struct build_row *row = builds_row(in->builds, i);

		if ((row->kind == KIND_SU || row->kind == KIND_UR) &&
		    row->released > b->newest->released &&
		    row->released <= in->as_of && strcmp(row->branch, b->branch) == 0)
			return false;
	}
	return true;
}

const struct build_row *
place_newest(const struct rule_in *in, const char *branch)
{
	const struct build_row *found = NULL;

	for (size_t i = 0; i < builds_count(in->builds); i++) {
		const struct build_row *row = builds_row(in->builds, i);

		if (strcmp(row->branch, branch) == 0 && row->released <= in->as_of &&
		    (found == NULL || build_number_cmp(&row->number, &found->number) > 0))
			found = row;
	}
	return found;
}

bool
place_is_branch(const struct build_report *b, const char *branch)
{
	return strcmp(b->branch, branch) == 0;
}

/*
 * The Server header is noted once a probe, at the first place: it holds for
 * another place when no other value was seen.
 */
bool
place_is_httpapi(const struct obs *obs, const struct observation *status)
{
	static const char name[] = "Microsoft-HTTPAPI/";
	const struct observation *k = obs_first(obs, FACT_HTTP_SERVER);
	bool all = k != NULL;

	for (; k != NULL; k = obs_next(obs, k)) {
		bool is = text_starts_nocase(k->text, name);

		if (strcmp(k->at, status->at) == 0)
			return is;
		all = all && is;
	}
	return all;
}

void
place_why_unread(const struct rule_in *in, struct finding *f, const char *what)
{
	const struct obs *obs = in->obs;

	if (obs_error_count(obs) > 0) {
		const struct obs_error *e = obs_error_get(obs, 0);

		finding_why(f, "%s: %s failed at %s, %s.", what, e->stage, e->at, e->reason);
	} else if (obs_first(obs, FACT_HTTP_STATUS) == NULL) {
		finding_why(f, "%s: nothing was asked or answered over HTTP.", what);
	} else {
		finding_why(f, "%s: %s answered, but no answer says it.", what,
		    obs_first(obs, FACT_HTTP_STATUS)->at);
	}
}

enum verdict
place_undecidable(const struct rule_in *in, struct finding *f, const char *what)
{
	const struct build_report *b = in->who->build;
	struct place_text build = place_build(b);

	switch (b->place) {
	case PLACE_RANGE:
		finding_why(f, "%s cannot be decided: %s has three parts and can be any of %zu "
		    "builds from %s to %s.", what, build.s, b->ncandidates,
		    b->candidates[0]->text, b->candidates[b->ncandidates - 1]->text);
		break;
	case PLACE_NEWER:
		finding_why(f, "%s cannot be decided: %s is newer than this table (as of %s).",
		    what, build.s, place_day(builds_as_of(in->builds)).s);
		break;
	case PLACE_BETWEEN:
		finding_why(f, "%s cannot be decided: %s is not in the table; below it stands %s, "
		    "above it %s.", what, build.s, b->below != NULL ? b->below->text : "nothing",
		    b->above != NULL ? b->above->text : "nothing");
		break;
	default:
		finding_why(f, "%s cannot be decided: the table does not know %s.", what, build.s);
	}
	return VERDICT_UNDECIDABLE;
}

const struct obs_error *
place_stopped(const struct obs *obs, const char *probe)
{
	for (size_t i = 0; i < obs_error_count(obs); i++)
		if (strcmp(obs_error_get(obs, i)->probe, probe) == 0)
			return obs_error_get(obs, i);
	return NULL;
}
