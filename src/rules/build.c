/* build.c - the findings on the build itself: read or not, exact or not, agreed or not. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "rules/place.h"
#include "rules/table.h"
#include "rules/witness.h"

static enum verdict
check_unknown(const struct rule_in *in, struct finding *f)
{
	const struct observation *seen = in->who->witness;

	if (seen != NULL && in->who->build != NULL && in->who->build->number.parts >= 3) {
		finding_why(f, "Build %s is named by %s at %s.", seen->text,
		    witness_source(seen->fact), seen->at);
		finding_proof(f, in->obs, seen);
		return VERDICT_PASS;
	}
	if (seen != NULL) {
		finding_text(f, "generation", seen->text);
		finding_proof(f, in->obs, seen);
		finding_why(f, "Only the generation is known: %s says %s.",
		    witness_source(seen->fact), seen->text);
		return VERDICT_UNDECIDABLE;
	}
	if (obs_error_count(in->obs) > 0)
		place_why_unread(in, f, "Exchange answers, but its build could not be read");
	else
		finding_why(f, "Exchange answers, but no header, page or manifest names its build: "
		    "something in front takes them away.");
	return VERDICT_UNDECIDABLE;
}

const struct rule rule_build_unknown = {
	.id = "build-unknown",
	.title = "The build could not be read",
	.group = "identity",
	.severity = SEV_MEDIUM,
	.reference = PLACE_URL_BUILDS,
	.rationale = "Without the build nothing can be said about missing updates. A proxy that "
	    "strips X-OWA-Version hides the build from inventory, not from an attacker who just "
	    "tries.",
	.remediation = "Scan with --profile full, which reads the log-on page and the export tool's "
	    "manifest too, or scan the server behind the proxy. On the server: Get-Command "
	    "Exsetup.exe | ForEach-Object { $_.FileVersionInfo }.",
	.needs_exchange = true,
	.check = check_unknown,
};

static enum verdict
check_witness(const struct rule_in *in, struct finding *f)
{
	struct witness w;
	char number[48];

	witness_choose(in->obs, in->builds, in->as_of, &w);
	finding_text(f, "witness", obs_fact(w.seen->fact)->name);
	finding_text(f, "read", w.seen->text);
	finding_text(f, "judged", build_number_text(&w.number, number));
	finding_proof(f, in->obs, w.seen);
	if (w.mapped) {
		finding_why(f, "%s, named by %s at %s, is no released build; judged as its nearest "
		    "neighbour %s: a file's version can lag or lead by one update.",
		    w.seen->text, witness_source(w.seen->fact), w.seen->at, number);
		return VERDICT_UNDECIDABLE;
	}
	if (w.soft) {
		finding_why(f, "%s, named by %s at %s, is the version of one file, which can lag or "
		    "lead by one update.", w.seen->text, witness_source(w.seen->fact), w.seen->at);
		return VERDICT_UNDECIDABLE;
	}
	if (w.number.parts < 4 && in->who->build->place != PLACE_EXACT) {
		finding_why(f, "%s names %u parts only.", w.seen->at, w.number.parts);
		return VERDICT_NOT_APPLICABLE;
	}
	finding_why(f, "The whole build %s is named by %s at %s.", number,
	    witness_source(w.seen->fact), w.seen->at);
	return VERDICT_PASS;
}

const struct rule rule_build_witness = {
	.id = "build-witness",
	.title = "How sure the build is",
	.group = "identity",
	.severity = SEV_INFO,
	.reference = PLACE_URL_BUILDS,
	.rationale = "X-OWA-Version and Received lines carry the build itself. MAPI's page, "
	    "X-ServerApplication and the export tool's manifest carry the version of one file: "
	    "an update that does not touch that file leaves it behind. So the server may be one "
	    "update newer or older than it says.",
	.remediation = "For certainty read the build on the server: Get-Command Exsetup.exe | "
	    "ForEach-Object { $_.FileVersionInfo }.",
	.needs_exchange = true, .needs_build = true,
	.check = check_witness,
};

static enum verdict
check_range(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;

	if (b->place == PLACE_RANGE) {
		for (size_t i = 0; i < b->ncandidates; i++)
			finding_list(f, "candidate", b->candidates[i]->text);
		finding_number(f, "candidates", (int64_t)b->ncandidates);
		finding_why(f, "Three parts only: %s is any of %zu builds, from %s to %s; the security "
		    "update is not known.", place_build(b).s, b->ncandidates,
		    place_update(b->candidates[0]).s,
		    place_update(b->candidates[b->ncandidates - 1]).s);
		return VERDICT_UNDECIDABLE;
	}
	if (b->number.parts >= 4 || b->place == PLACE_EXACT) {
		finding_why(f, "The whole build is known: %s.", place_build(b).s);
		return VERDICT_PASS;
	}
	return place_undecidable(in, f, "The update");
}

const struct rule rule_build_range = {
	.id = "build-range-only",
	.title = "Only the CU is known, not the security update",
	.group = "identity",
	.severity = SEV_LOW,
	.reference = PLACE_URL_BUILDS,
	.rationale = "The folder of the log-on page names three parts of the build on Exchange 2013 "
	    "and later: product and CU for certain, the security update never. Tools that guess "
	    "one build from it are wrong most of the time. So exvet reports the range: what is "
	    "open in every candidate, in some, in none.",
	.remediation = "Scan with --profile full for a fourth part, or read the build on the server.",
	.needs_exchange = true, .needs_build = true,
	.check = check_range,
};

static enum verdict
check_contradiction(const struct rule_in *in, struct finding *f)
{
	struct witness w;

	witness_choose(in->obs, in->builds, in->as_of, &w);
	if (w.other != NULL) {
		finding_text(f, "one", w.one->text);
		finding_text(f, "one_source", obs_fact(w.one->fact)->name);
		finding_text(f, "other", w.other->text);
		finding_text(f, "other_source", obs_fact(w.other->fact)->name);
		finding_proof(f, in->obs, w.one);
		finding_proof(f, in->obs, w.other);
		finding_why(f, "Two witnesses disagree: %s says %s, %s says %s (a half-installed "
		    "update, a cache, a device that rewrites headers, or a decoy).",
		    witness_source(w.one->fact), w.one->text,
		    witness_source(w.other->fact), w.other->text);
		return VERDICT_FAIL;
	}
	if (w.lagging != NULL) {
		finding_proof(f, in->obs, w.lagging);
		finding_text(f, "one", w.seen->text);
		finding_text(f, "other", w.lagging->text);
		finding_why(f, "Perhaps a contradiction: %s says %s, %s says %s; an update can leave the %s "
		    "behind, but so can a half-installed one.", witness_source(w.seen->fact),
		    w.seen->text, witness_source(w.lagging->fact), w.lagging->text,
		    w.lagging->fact == FACT_BUILD_PATH ? "folder" : "file");
		return VERDICT_UNDECIDABLE;
	}
	for (size_t i = 0, n = 0; i < obs_count(in->obs); i++) {
		const struct observation *k = obs_get(in->obs, i);

		if (obs_fact(k->fact)->type != FACT_TYPE_BUILD)
			continue;
		finding_proof(f, in->obs, k);
		if (k->fact != w.seen->fact && n++ == 0 && w.npool > 1)
			finding_why(f, "Agreed: every other witness fits one of the %zu builds behind this "
			    "address.", w.npool);
		else if (k->fact != w.seen->fact && n == 1)
			finding_why(f, "Agreed: %s (%s) and %s (%s).", witness_source(w.seen->fact),
			    w.seen->text, witness_source(k->fact), k->text);
	}
	if (f->why != NULL)
		return VERDICT_PASS;
	finding_why(f, "One kind of witness only: %s.", witness_source(w.seen->fact));
	return VERDICT_NOT_APPLICABLE;
}

const struct rule rule_build_contradiction = {
	.id = "build-contradiction",
	.title = "Two witnesses name different builds",
	.group = "identity",
	.severity = SEV_HIGH,
	.reference = "https://aka.ms/ExchangeHealthChecker",
	.rationale = "Header, log-on page and manifest come from the same installation and must "
	    "agree. If they do not, an update was interrupted (files of two updates mixed, often "
	    "a broken OWA), a cache answers for the server, a device rewrites headers, or the host "
	    "is a decoy. The fix level is then not proven.",
	.remediation = "Run HealthChecker on the server, install the newest update again from an "
	    "elevated prompt, restart, and scan again. Rule out a proxy that caches or rewrites.",
	.needs_exchange = true, .needs_build = true,
	.check = check_contradiction,
};

/* EX01 and EX01.corp.example are one server. */
static bool
is_same_server(const char *a, const char *b)
{
	size_t n = strcspn(a, ".");

	return n == strcspn(b, ".") && strncasecmp(a, b, n) == 0;
}

static size_t
count_servers(const struct obs *obs)
{
	static const enum fact facts[] = { FACT_NAME_FRONTEND, FACT_POOL_MEMBER };
	const struct observation *seen[64];
	size_t n = 0;

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		for (const struct observation *k = obs_first(obs, facts[i]); k != NULL;
		    k = obs_next(obs, k)) {
			size_t s = 0;

			while (s < n && !is_same_server(seen[s]->text, k->text))
				s++;
			if (s == n && n < sizeof(seen) / sizeof(seen[0]))
				seen[n++] = k;
		}
	return n;
}

static enum verdict
check_pool(const struct rule_in *in, struct finding *f)
{
	struct witness w;
	size_t names = count_servers(in->obs);

	witness_choose(in->obs, in->builds, in->as_of, &w);
	for (size_t i = 0; i < w.npool; i++) {
		finding_list(f, "build", w.pool[i]->text);
		finding_proof(f, in->obs, w.pool[i]);
	}
	if (w.npool > 1) {
		finding_text(f, "judged", w.seen->text);
		finding_why(f, "%zu different builds behind one address, from %s to %s%s: judged by the "
		    "one that is worst off, %s.", w.npool, w.pool[0]->text, w.pool[w.npool - 1]->text,
		    names == 1 ? " (one server name was seen: perhaps a half-installed update)" : "",
		    w.seen->text);
		return VERDICT_WARN;
	}
	if (w.npool == 0) {
		finding_why(f, "No X-OWA-Version header was seen: members cannot be compared.");
		return VERDICT_NOT_OBSERVABLE;
	}
	if (names > 1) {
		finding_why(f, "%zu servers answered, all with build %s.", names, w.pool[0]->text);
		return VERDICT_PASS;
	}
	finding_why(f, "One build was seen, %s; members that did not answer stay unseen.",
	    w.pool[0]->text);
	return VERDICT_NOT_APPLICABLE;
}

const struct rule rule_pool = {
	.id = "pool-mixed-builds",
	.title = "Servers behind one address run different builds",
	.group = "patch",
	.severity = SEV_MEDIUM,
	.reference = PLACE_URL_BUILDS,
	.rationale = "Behind a balancer each request may reach another server. The weakest member "
	    "stays reachable for anybody who asks again, and a single probe may miss it.",
	.remediation = "Bring every member to the same CU and update. Scan the members by their own "
	    "addresses, with --name for the published name.",
	.needs_exchange = true, .needs_build = true,
	.check = check_pool,
};

static enum verdict
check_not_in_table(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	char number[48];

	if (b->below != NULL)
		finding_text(f, "below", b->below->text);
	if (b->above != NULL)
		finding_text(f, "above", b->above->text);
	(void)build_number_text(&b->number, number);
	switch (b->place) {
	case PLACE_EXACT:
	case PLACE_RANGE:
		finding_why(f, "The table knows %s.", place_build(b).s);
		return VERDICT_PASS;
	case PLACE_NEWER:
		finding_why(f, "Build %s is newer than the table: see build-newer-than-table.", number);
		return VERDICT_NOT_APPLICABLE;
	case PLACE_BETWEEN:
		finding_why(f, "Build %s is not in the table: below it stands %s, above it %s (an interim "
		    "update, a rewritten header or a gap of the table).", number,
		    b->below != NULL ? place_row(b->below).s : "nothing",
		    b->above != NULL ? place_row(b->above).s : "nothing");
		return VERDICT_WARN;
	default:
		finding_why(f, "Build %s belongs to no CU of the table (%s): a private build, a rewritten "
		    "header or a decoy.", number, b->product[0] != '\0' ? b->product : "no product");
		return VERDICT_WARN;
	}
}

const struct rule rule_build_not_in_table = {
	.id = "build-not-in-table",
	.title = "The build is in no list of released builds",
	.group = "identity",
	.severity = SEV_LOW,
	.reference = PLACE_URL_BUILDS,
	.rationale = "Every released build is listed. One that is not may be an interim update from "
	    "Microsoft's support, a header that somebody rewrote, or a gap in the table. Verdicts "
	    "are then bounded by the neighbours.",
	.remediation = "Compare with the build on the server. If Microsoft's page lists it, use a newer "
	    "table (--table).",
	.needs_exchange = true, .needs_build = true,
	.check = check_not_in_table,
};

static enum verdict
check_newer(const struct rule_in *in, struct finding *f)
{
	const struct build_report *b = in->who->build;
	int32_t day = builds_as_of(in->builds);

	finding_text(f, "table_as_of", place_day(day).s);
	if (b->place == PLACE_NEWER) {
		if (b->newest != NULL)
			finding_text(f, "newest_known", b->newest->text);
		finding_why(f, "%s is newer than this table (as of %s)%s%s: nothing is known of what it "
		    "holds or lacks.", place_build(b).s, place_day(day).s,
		    b->newest != NULL ? ", whose newest there is " : "",
		    b->newest != NULL ? b->newest->text : "");
		return VERDICT_WARN;
	}
	if (b->place == PLACE_GENERATION || b->place == PLACE_UNKNOWN) {
		finding_why(f, "The table does not know the CU of %s.", place_build(b).s);
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "%s is not newer than this table (as of %s).", place_build(b).s,
	    place_day(day).s);
	return VERDICT_PASS;
}

const struct rule rule_build_newer = {
	.id = "build-newer-than-table",
	.title = "The build is newer than this table",
	.group = "patch",
	.severity = SEV_LOW,
	.reference = PLACE_URL_BUILDS,
	.rationale = "A build above the newest row of its CU came after the table was written. It is "
	    "probably well patched, but exvet does not know what it lacks.",
	.remediation = "Use a newer table: update exvet, or name one with --table.",
	.needs_exchange = true, .needs_build = true,
	.check = check_newer,
};
