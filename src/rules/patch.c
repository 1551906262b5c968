/* patch.c - the findings on updates: security updates, CUs, hotfix updates. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rules/place.h"
#include "rules/table.h"

/* Updates that only customers of Extended Security Updates could get say so in their note. */
static bool
is_esu_only(const struct build_row *row)
{
	return text_find_nocase(row->note, strlen(row->note), "ESU") != NULL;
}

static char *
names_of(const struct build_report *b, size_t *esu)
{
	struct text_buf names = { 0 };

	*esu = 0;
	for (size_t i = 0; i < b->nmissing; i++) {
		text_buf_str(&names, i > 0 ? ", " : "");
		text_buf_str(&names, place_name(b->missing[i]));
		*esu += is_esu_only(b->missing[i]);
	}
	return names.s;
}

static void
detail_missing(const struct build_report *b, struct finding *f, size_t esu)
{
	for (size_t i = 0; i < b->nmissing; i++)
		finding_list(f, "missing", place_name(b->missing[i]));
	for (size_t i = 0; i < b->nmissing; i++)
		if (b->missing[i]->kb[0] != '\0')
			finding_list(f, "missing_kb", b->missing[i]->kb);
	finding_number(f, "missing_count", (int64_t)b->nmissing);
	finding_number(f, "missing_esu_only", (int64_t)esu);
	if (b->days_behind >= 0)
		finding_number(f, "days_behind", b->days_behind);
	if (b->newest != NULL) {
		finding_text(f, "newest_build", b->newest->text);
		finding_text(f, "newest_update", place_name(b->newest));
	}
}

static enum verdict
some_missing(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	int64_t days = in->as_of - b->missing[0]->released, grace = in->policy->grace_days;
	size_t esu;
	char *names = names_of(b, &esu);

	detail_missing(b, f, esu);
	finding_why(f, "%s lacks %s: %s; the first came out on %s, %s ago%s.", place_build(b).s,
	    place_count((int64_t)b->nmissing, "security update").s, names,
	    place_day(b->missing[0]->released).s, place_count(days, "day").s,
	    esu == 0 ? "" : esu == b->nmissing ? " (all for ESU customers only)" :
	    " (the later ones for ESU customers only)");
	free(names);
	if (b->nundetermined > 0)
		finding_why(f, "%s Whether %s before it is installed cannot be read from the build.", f->why,
		    place_count((int64_t)b->nundetermined, "security update").s);
	if (b->nmissing == 1 && place_is_soft(in)) {
		finding_why(f, "%s But a file's version can lag by one update.", f->why);
		return VERDICT_UNDECIDABLE;
	}
	if (b->kev_open > 0)
		f->severity = SEV_CRITICAL;
	if (days <= grace && b->kev_open == 0) {
		f->severity = SEV_MEDIUM;
		finding_why(f, "%s The policy allows %s.", f->why, place_count(grace, "day").s);
		return VERDICT_WARN;
	}
	return VERDICT_FAIL;
}

/*
 * Nothing missing: fine only where updates still come.  A CU or product that
 * gets none has nothing to miss, which is no merit.
 */
static enum verdict
none_missing(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;

	detail_missing(b, f, 0);
	if (b->support == SUPPORT_UNSUPPORTED || b->support == SUPPORT_ESU_ENDED) {
		finding_why(f, "%s has the last update that was made for it, and none are made any more: "
		    "it is out of support.", place_build(b).s);
		return VERDICT_NOT_APPLICABLE;
	}
	if (!place_cu_is_served(in)) {
		finding_why(f, "%s has the last update of its CU, which gets no more: security updates "
		    "since %s are for newer CUs only.", place_build(b).s,
		    b->newest != NULL ? place_day(b->newest->released).s : "then");
		return VERDICT_NOT_APPLICABLE;
	}
	if (place_is_soft(in)) {
		finding_why(f, "%s is the newest known, but it was read from a file's version, which can "
		    "lead by one update.", place_build(b).s);
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "%s has every security update known on %s.", place_build(b).s,
	    place_day(builds_as_of(in->builds)).s);
	return VERDICT_PASS;
}

/* March 2021 on an old CU: what came before it may be there or not. */
static enum verdict
undetermined(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	struct text_buf names = { 0 };

	for (size_t i = 0; i < b->nundetermined; i++) {
		text_buf_str(&names, i > 0 ? ", " : "");
		text_buf_str(&names, place_name(b->undetermined[i]));
		finding_list(f, "undetermined", place_name(b->undetermined[i]));
	}
	finding_why(f, "%s holds the ProxyLogon fixes alone: what came before it in this CU (%s) may be "
	    "installed or not, which cannot be read from the build.", place_build(b).s, names.s);
	text_buf_free(&names);
	return VERDICT_UNDECIDABLE;
}

static enum verdict
check_su(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	enum verdict verdict;

	if (b->nmissing > 0)
		return some_missing(in, f);
	if (b->nundetermined > 0)
		return undetermined(in, f);
	if (b->missing_known && b->place == PLACE_EXACT)
		return none_missing(in, f);
	/* One candidate only: its CU never got an update, as far as we know. */
	if (b->missing_known && b->place == PLACE_RANGE &&
	    (verdict = none_missing(in, f)) == VERDICT_NOT_APPLICABLE)
		return verdict;
	return place_undecidable(in, f, "What is missing");
}

const struct rule rule_su_missing = {
	.id = "su-missing",
	.title = "Security updates are missing",
	.group = "patch",
	.severity = SEV_HIGH,
	.reference = PLACE_URL_BUILDS,
	.rationale = "Each security update fixes flaws that are reachable over the network, and "
	    "exploits follow within days. Security updates are cumulative within one CU (except "
	    "those of March 2021 for old CUs), so the newest of the own CU is enough.",
	.remediation = "Install the newest security update of this CU, or the newest CU and then its "
	    "newest update. Start it from an elevated prompt, restart, and run HealthChecker "
	    "(https://aka.ms/ExchangeHealthChecker).",
	.needs_exchange = true, .needs_build = true,
	.check = check_su,
};

static enum verdict
check_cu(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;

	if (b->cu[0] == '\0' || b->place == PLACE_GENERATION || b->place == PLACE_UNKNOWN)
		return place_undecidable(in, f, "Whether the CU is the newest");
	finding_text(f, "cu", b->cu);
	if (b->newer_cu != NULL) {
		bool served = place_cu_is_served(in);

		finding_text(f, "newest_cu", b->newer_cu->cu);
		finding_text(f, "newest_cu_build", b->newer_cu->text);
		finding_why(f, "%s is installed, %s came out on %s%s.", b->cu,
		    place_update(b->newer_cu).s, place_day(b->newer_cu->released).s,
		    served ? "; this CU still gets security updates" :
		    ", and this CU gets no more security updates");
		if (served) {
			f->severity = SEV_LOW;
			return VERDICT_WARN;
		}
		return VERDICT_FAIL;
	}
	if (b->place == PLACE_NEWER)
		return place_undecidable(in, f, "Whether the CU is the newest");
	finding_why(f, "%s is the newest CU of %s known on %s.", b->cu, b->product,
	    place_day(builds_as_of(in->builds)).s);
	return VERDICT_PASS;
}

const struct rule rule_cu_outdated = {
	.id = "cu-outdated",
	.title = "The cumulative update is not the newest",
	.group = "patch",
	.severity = SEV_HIGH,
	.reference = PLACE_URL_BUILDS,
	.rationale = "Microsoft makes security updates for the newest one or two CUs only. A server on "
	    "an older CU cannot be patched until a newer CU is installed, and flaws found since are "
	    "not even assessed for it.",
	.remediation = "Install the newest CU of the product, then its newest security update. Plan for "
	    "the CU before the next Patch Tuesday, because it takes longer than an update.",
	.needs_exchange = true, .needs_build = true,
	.check = check_cu,
};

static enum verdict
check_hu(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;

	if (b->newer_hu != NULL && b->place == PLACE_RANGE)
		return place_undecidable(in, f, "Whether a hotfix update is missing");
	if (b->newer_hu != NULL) {
		finding_text(f, "hotfix", place_name(b->newer_hu));
		finding_text(f, "hotfix_build", b->newer_hu->text);
		finding_why(f, "%s came out on %s and is not installed%s.", place_update(b->newer_hu).s,
		    place_day(b->newer_hu->released).s, b->nmissing > 0 && b->missing_known ?
		    "; the newest security update contains every earlier hotfix" : "");
		return VERDICT_WARN;
	}
	if (b->place == PLACE_EXACT || b->place == PLACE_RANGE) {
		finding_why(f, "No hotfix update of %s is newer than this build.", b->cu);
		return VERDICT_PASS;
	}
	return place_undecidable(in, f, "Whether a hotfix update is missing");
}

const struct rule rule_hu_available = {
	.id = "hu-available",
	.title = "A hotfix update is available",
	.group = "patch",
	.severity = SEV_INFO,
	.reference = PLACE_URL_BUILDS,
	.rationale = "Hotfix updates bring functions and repairs between security updates, for example "
	    "the dedicated hybrid application of April 2025. They are no security releases, and the "
	    "next security update contains them.",
	.remediation = "Install it if you need what it brings; else the next security update will do.",
	.needs_exchange = true, .needs_build = true,
	.check = check_hu,
};
