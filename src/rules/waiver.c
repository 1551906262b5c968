/* waiver.c - what the owner of the servers said himself: waivers that ended, builds that may run. */
#include "rules/place.h"
#include "rules/table.h"

static bool
is_about(const struct waiver *w, const struct rule_in *in)
{
	return policy_in_scope(&w->scope, in->result);
}

static enum verdict
check_ended(const struct rule_in *in, struct finding *f)
{
	const struct policy_book *b = in->policy->book;
	const struct waiver *first = NULL;
	size_t about = 0, ended = 0;

	for (size_t i = 0; b != NULL && i < b->nwaivers; i++) {
		const struct waiver *w = &b->waivers[i];

		if (!is_about(w, in))
			continue;
		about++;
		if (in->as_of <= w->until)
			continue;
		finding_list(f, "waivers", w->name);
		if (ended++ == 0)
			first = w;
	}
	if (about == 0) {
		finding_why(f, "No waiver is about this target.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (ended == 0) {
		finding_why(f, "%s about this target, none has ended.", place_count((int64_t)about,
		    "waiver").s);
		return VERDICT_PASS;
	}
	finding_why(f, "Waiver %s of %s for %s ended on %s%s.", first->name, first->owner, first->rule,
	    place_day(first->until).s, ended > 1 ? ", and it is not the only one" : "");
	return VERDICT_FAIL;
}

const struct rule rule_waiver_ended = {
	.id = "waiver-ended",
	.title = "A waiver has ended",
	.group = "policy",
	.severity = SEV_HIGH,
	.reference = "https://csrc.nist.gov/projects/risk-management/about-rmf",
	.rationale = "Somebody took a risk upon himself until a day, and that day is past: the risk is "
	    "nobody's now. The finding that was waived counts again.",
	.remediation = "Solve what was waived, or have its owner renew the waiver with a new day; take "
	    "a waiver that is needed no more out of the file.",
	.check = check_ended,
};

static enum verdict
check_allowed(const struct rule_in *in, struct finding *f)
{
	const char *list = in->policy->allowed_builds;
	char build[48];

	if (list == NULL || list[0] == '\0') {
		finding_why(f, "The policy allows any build.");
		return VERDICT_NOT_APPLICABLE;
	}
	(void)build_number_text(&in->who->build->number, build);
	finding_text(f, "allowed", list);
	if (policy_allows_build(list, build)) {
		finding_why(f, "%s is a build that the policy allows.", build);
		return VERDICT_PASS;
	}
	if (in->who->build->number.parts < 4 && policy_may_allow_build(list, build)) {
		finding_why(f, "Of %s no more is known, and the policy allows some of its builds.", build);
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "%s is none of the builds that the policy allows: %s.", build, list);
	return VERDICT_FAIL;
}

const struct rule rule_build_not_allowed = {
	.id = "build-not-allowed",
	.title = "The policy does not allow this build",
	.group = "patch",
	.severity = SEV_HIGH,
	.reference = PLACE_URL_BUILDS,
	.rationale = "The owner named the builds that may run; everything else escaped the change "
	    "process.",
	.remediation = "Install an allowed build, or change allowed-builds in the policy.",
	.needs_exchange = true, .needs_build = true,
	.check = check_allowed,
};
