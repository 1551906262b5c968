/* support.c - the findings on support, and on what a build is still allowed to do. */
#include <string.h>

#include "rules/place.h"
#include "rules/table.h"

static enum verdict
check_support(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	struct place_text until = place_day(b->support_until), build = place_build(b);

	finding_text(f, "status", builds_support_name(b->support));
	if (b->support_until != BUILDS_NO_DAY)
		finding_text(f, "until", until.s);
	switch (b->support) {
	case SUPPORT_SUPPORTED:
		finding_why(f, "%s is in support, at least until %s.", build.s, until.s);
		return VERDICT_PASS;
	case SUPPORT_ESU_1:
	case SUPPORT_ESU_2:
		f->severity = SEV_HIGH;
		finding_why(f, "%s is out of support; only customers who bought Extended Security "
		    "Updates (period %d) get updates, until %s, and that is no support.", build.s,
		    b->support == SUPPORT_ESU_1 ? 1 : 2, until.s);
		return VERDICT_WARN;
	case SUPPORT_ESU_ENDED:
		finding_why(f, "%s is out of support, and Extended Security Updates ended on %s: no "
		    "update comes any more, and no open flaw known does not mean safe.", build.s, until.s);
		return VERDICT_FAIL;
	case SUPPORT_UNSUPPORTED:
		finding_why(f, "%s is out of support since %s: nobody assesses or fixes new flaws, and no "
		    "open flaw known does not mean safe.", build.s, until.s);
		return VERDICT_FAIL;
	case SUPPORT_UNKNOWN:
		break;
	}
	return place_undecidable(in, f, "Support");
}

const struct rule rule_unsupported = {
	.id = "product-unsupported",
	.title = "The product or CU is out of support",
	.group = "support",
	.severity = SEV_CRITICAL,
	.reference = PLACE_URL_LIFECYCLE,
	.rationale = "Exchange 2013 and older are out of support, 2016 and 2019 since 14 October 2025; "
	    "their Extended Security Updates ended with October 2026 and were never support. New "
	    "flaws are neither assessed nor fixed, so a short list of known flaws says nothing. "
	    "Exchange Server Subscription Edition (builds 15.2.2562 and up) is the one supported "
	    "product; it shares 15.2 with 2019.",
	.remediation = "Migrate to Exchange Server Subscription Edition, or to Exchange Online. Until "
	    "then take the server off the Internet or put a pre-authentication proxy in front.",
	.needs_exchange = true, .needs_build = true,
	.check = check_support,
};

/* The update that Exchange Online asks of servers that send to it. */
static const char enforced_update[] = "Oct25SU";
#define ENFORCED_FROM	"2026-09-01"

/* CUs for which Microsoft named a build; the answer for others is only inferred. */
static bool
is_named(const struct build_report *b)
{
	return (place_is_branch(b, "2016") && strcmp(b->cu, "CU23") == 0) ||
	    (place_is_branch(b, "2019") && strcmp(b->cu, "CU15") == 0) || place_is_branch(b, "SE");
}

static const struct build_row *
enforced_row(const struct rule_in *in)
{
	const struct build_report *b = in->who->build;

	for (size_t i = 0; i < builds_count(in->builds); i++) {
		const struct build_row *row = builds_row(in->builds, i);

		if (strcmp(row->update, enforced_update) == 0 && strcmp(row->branch, b->branch) == 0 &&
		    strcmp(row->cu, b->cu) == 0)
			return row;
	}
	return NULL;
}

static enum verdict
check_enforcement(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	const struct build_row *least = enforced_row(in);
	int32_t from = BUILDS_NO_DAY;

	(void)builds_day_parse(ENFORCED_FROM, &from);
	finding_text(f, "from", ENFORCED_FROM);
	finding_text(f, "least_update", enforced_update);
	if (least != NULL)
		finding_text(f, "least_build", least->text);
	if (in->as_of < from) {
		finding_why(f, "Exchange Online asks for %s only from %s on.", enforced_update,
		    ENFORCED_FROM);
		return VERDICT_NOT_APPLICABLE;
	}
	if (b->cu[0] == '\0' || (least == NULL && place_is_branch(b, "SE")))
		return place_undecidable(in, f, "Whether Exchange Online takes its mail");
	if (least != NULL && b->number.parts < 4)
		return place_undecidable(in, f, "Whether Exchange Online takes its mail");
	if (least == NULL || build_number_cmp(&b->number, &least->number) < 0) {
		finding_why(f, "%s is below %s%s%s: if it is a hybrid server that sends to Exchange Online, "
		    "its mail is throttled and then blocked since September 2026 (whether it is one "
		    "cannot be seen).", place_build(b).s, enforced_update,
		    least != NULL ? " of its CU, " : "", least != NULL ? least->text : "");
		return VERDICT_WARN;
	}
	if (!is_named(b)) {
		finding_why(f, "%s holds %s, but Microsoft names CU23 of 2016 and CU15 of 2019: whether "
		    "Exchange Online takes mail from %s is not said.", place_build(b).s,
		    enforced_update, b->cu);
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "%s is not below %s (%s), the least that Exchange Online takes mail from.",
	    place_build(b).s, enforced_update, least->text);
	return VERDICT_PASS;
}

const struct rule rule_enforcement = {
	.id = "exchange-online-enforcement",
	.title = "Exchange Online throttles or blocks mail from this build",
	.group = "support",
	.severity = SEV_MEDIUM,
	.reference = "https://aka.ms/BlockUnsafeExchange",
	.rationale = "Exchange Online slows and then refuses mail that arrives over an inbound connector "
	    "of type OnPremises from a server that is out of date. Since September 2026 the "
	    "October 2025 update is the least (2019 CU15 15.2.1748.39, 2016 CU23 15.1.2507.61).",
	.remediation = "Install the October 2025 update or a later one, or migrate. The report on "
	    "out-of-date connecting servers in the Exchange admin centre names the servers.",
	.needs_exchange = true, .needs_build = true,
	.check = check_enforcement,
};

static enum verdict
check_coexistence(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;

	if (b->branch[0] == '\0')
		return place_undecidable(in, f, "What it stands in the way of");
	finding_text(f, "branch", b->branch);
	if (place_is_branch(b, "SE")) {
		finding_why(f, "%s stands in the way of no newer version.", b->product);
		return VERDICT_PASS;
	}
	if (!place_is_branch(b, "2016") && !place_is_branch(b, "2019")) {
		finding_why(f, "%s is too old to stand beside the Subscription Edition at all: there is no "
		    "direct step.", b->product);
		return VERDICT_WARN;
	}
	finding_why(f, "CU2 of the Subscription Edition will refuse to install while %s is in the "
	    "organisation.", b->product);
	return VERDICT_WARN;
}

const struct rule rule_coexistence = {
	.id = "coexistence-ends",
	.title = "This version will block newer servers in the same organisation",
	.group = "support",
	.severity = SEV_INFO,
	.reference = PLACE_URL_LIFECYCLE,
	.rationale = "Setup of the Subscription Edition checks the whole organisation. Its CU2 (not "
	    "released yet) will refuse to install while an Exchange 2016 or 2019 server exists, so "
	    "one forgotten server stops the patching of all others.",
	.remediation = "Retire every older server before CU2 comes out; uninstall it properly rather "
	    "than switching it off, so that it leaves the organisation.",
	.needs_exchange = true, .needs_build = true,
	.check = check_coexistence,
};
