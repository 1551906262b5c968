/* step.c - the next step in one sentence. */
#include <string.h>

#include "rules/place.h"
#include "rules/table.h"

#define BRANCH_SUPPORTED	"SE"
#define LAST_PUBLIC		"Oct25SU"	/* of 2016 and 2019; later ones were for ESU only */

static const struct build_row *
last_public(const struct rule_in *in)
{
	const struct build_report *b = in->who->build;

	for (size_t i = 0; i < builds_count(in->builds); i++) {
		const struct build_row *row = builds_row(in->builds, i);

		if (strcmp(row->update, LAST_PUBLIC) == 0 && row->released <= in->as_of &&
		    strcmp(row->branch, b->branch) == 0 && strcmp(row->cu, b->cu) == 0)
			return row;
	}
	return NULL;
}

static enum verdict
migrate(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	const struct build_row *to = place_newest(in, BRANCH_SUPPORTED), *stop = last_public(in);
	bool below = stop != NULL && b->number.parts == 4 &&
	    build_number_cmp(&b->number, &stop->number) < 0;

	if (to == NULL) {
		finding_why(f, "Migrate to a supported version of Exchange: %s gets no more updates.",
		    b->product);
		return VERDICT_WARN;
	}
	finding_text(f, "target_product", to->product);
	finding_text(f, "target_build", to->text);
	if (!place_is_branch(b, "2016") && !place_is_branch(b, "2019"))
		finding_why(f, "Take it off the Internet and migrate to %s or Exchange Online: %s gets no "
		    "more updates and has no direct step to it.", place_row(to).s, b->product);
	else if (b->support == SUPPORT_ESU_1 || b->support == SUPPORT_ESU_2)
		finding_why(f, "Migrate to %s; with Extended Security Updates install %s until then%s.",
		    place_row(to).s, b->newest != NULL ? place_update(b->newest).s : "its newest update",
		    below ? ", without them " LAST_PUBLIC " is the last" : "");
	else if (below)
		finding_why(f, "Install %s today, the last update for everybody, and migrate to %s: %s gets "
		    "no more updates.", place_update(stop).s, place_row(to).s, b->product);
	else
		finding_why(f, "Migrate to %s: %s gets no more updates, and Extended Security Updates have "
		    "ended.", place_row(to).s, b->product);
	return VERDICT_WARN;
}

static enum verdict
update(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	const struct build_row *to = b->newest;

	if (b->newer_cu != NULL)
		to = place_newest(in, b->branch);
	if (to == NULL || b->place == PLACE_NEWER)
		return place_undecidable(in, f, "The next step");
	finding_text(f, "target_product", to->product);
	finding_text(f, "target_build", to->text);
	if (b->newer_cu != NULL) {
		finding_why(f, "Install %s, then %s.", b->newer_cu->cu, place_update(to).s);
		return VERDICT_WARN;
	}
	if (b->number.parts < 4 && b->place != PLACE_EXACT) {
		finding_why(f, "Read the whole build on the server; if it is below %s, install %s.", to->text,
		    place_update(to).s);
		return VERDICT_WARN;
	}
	if (build_number_cmp(&b->number, &to->number) < 0) {
		finding_why(f, "Install %s.", place_update(to).s);
		return VERDICT_WARN;
	}
	if (in->who->contradiction) {
		finding_why(f, "Find out which build is installed: the witnesses disagree.");
		return VERDICT_WARN;
	}
	finding_why(f, "Nothing to install by the table of %s; keep the monthly updates.",
	    place_day(builds_as_of(in->builds)).s);
	return VERDICT_PASS;
}

static enum verdict
check_step(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;

	switch (b->support) {
	case SUPPORT_SUPPORTED:
		return update(in, f);
	case SUPPORT_UNKNOWN:
		return place_undecidable(in, f, "The next step");
	default:
		break;
	}
	/* An old CU of a product whose newest CU is in support. */
	if (b->newer_cu != NULL && b->newest_branch != NULL) {
		struct build_report *newest = builds_report(in->builds, &b->newest_branch->number,
		    in->as_of);
		bool supported = newest->support == SUPPORT_SUPPORTED;

		builds_report_free(newest);
		if (supported)
			return update(in, f);
	}
	return migrate(in, f);
}

const struct rule rule_next_step = {
	.id = "next-step",
	.title = "The next step",
	.group = "patch",
	.severity = SEV_INFO,
	.reference = PLACE_URL_BUILDS,
	.rationale = "One sentence to act on: the update to install, or where to migrate. Exchange 2016 "
	    "and 2019 got updates after October 2025 for customers of Extended Security Updates only, "
	    "and none after October 2026.",
	.remediation = "Do what the sentence says; test on one member of the pool first.",
	.needs_exchange = true, .needs_build = true,
	.check = check_step,
};
