/* who.c - the findings on what answers: identity, a proxy in front, a decoy. */
#include <inttypes.h>
#include <string.h>

#include "rules/identity.h"
#include "rules/place.h"
#include "rules/table.h"

static void
list_facts(const struct rule_in *in, struct finding *f, enum fact fact, const char *key)
{
	for (const struct observation *k = obs_first(in->obs, fact); k != NULL;
	    k = obs_next(in->obs, k)) {
		bool first = true;

		for (const struct observation *e = obs_first(in->obs, fact); e != k && first;
		    e = obs_next(in->obs, e))
			first = strcmp(e->text, k->text) != 0;
		if (!first)
			continue;
		finding_list(f, key, k->text);
		finding_proof(f, in->obs, k);
	}
}

static void
detail_identity(const struct rule_in *in, struct finding *f, const struct identity_marks *id)
{
	finding_text(f, "identity", rule_identity_name(id->identity));
	finding_number(f, "score", id->score);
	finding_number(f, "points_header", id->sum[CLASS_HEADER]);
	finding_number(f, "points_page", id->sum[CLASS_PAGE]);
	finding_number(f, "points_behaviour", id->sum[CLASS_BEHAVIOUR]);
	finding_number(f, "points_mail", id->sum[CLASS_MAIL]);
	list_facts(in, f, FACT_MARK, "mark");
	list_facts(in, f, FACT_MARK_ONLINE, "mark_online");
	list_facts(in, f, FACT_MARK_PREAUTH, "mark_preauth");
	list_facts(in, f, FACT_MARK_OTHER, "mark_other");
	list_facts(in, f, FACT_MARK_DECOY, "mark_decoy");
}

static void
why_not_exchange(const struct rule_in *in, struct finding *f, const struct identity_marks *id)
{
	if (id->decoys > 0)
		finding_why(f, "Not Exchange: the answer carries marks of a decoy (%s).",
		    obs_first(in->obs, FACT_MARK_DECOY)->text);
	else if (id->others > 0)
		finding_why(f, "Not Exchange: the answers are those of another product (%s).",
		    obs_first(in->obs, FACT_MARK_OTHER)->text);
	else if (id->header_only)
		finding_why(f, "Not Exchange: headers name it, but %s answered as no Exchange "
		    "would and none asked for a log-on.", place_count((int64_t)id->answers, "path").s);
	else
		finding_why(f, "Not Exchange: %s answered and none carries a mark of it.",
		    place_count((int64_t)id->answers, "path").s);
}

static enum verdict
check_identity(const struct rule_in *in, struct finding *f)
{
	struct identity_marks id;

	identity_judge(in->obs, &id);
	detail_identity(in, f, &id);
	switch (id.identity) {
	case IDENTITY_EXCHANGE:
		finding_why(f, "Exchange Server: %s of %s, score %d of 100.",
		    place_count((int64_t)id.marks, "mark").s,
		    place_count(id.classes, "independent kind").s, id.score);
		return VERDICT_PASS;
	case IDENTITY_ONLINE:
		finding_why(f, "Exchange Online, run by Microsoft: %s of it.",
		    place_count((int64_t)id.online, "mark").s);
		return VERDICT_PASS;
	case IDENTITY_PREAUTH:
		finding_why(f, "A pre-authentication proxy answers (%s) and shows nothing of what "
		    "stands behind it.", obs_first(in->obs, FACT_MARK_PREAUTH)->text);
		return VERDICT_PASS;
	case IDENTITY_NOT_EXCHANGE:
		why_not_exchange(in, f, &id);
		return VERDICT_PASS;
	case IDENTITY_UNKNOWN:
		break;
	}
	if (id.points > 0 || id.preauth > 0) {
		finding_why(f, "%s of Exchange of %s, score %d: too little to tell; 50 points, and more "
		    "than headers, are needed.", place_count((int64_t)id.marks, "mark").s,
		    place_count(id.classes, "kind").s, id.score);
		return VERDICT_UNDECIDABLE;
	}
	place_why_unread(in, f, "What answers is unknown");
	return VERDICT_NOT_OBSERVABLE;
}

const struct rule rule_identity = {
	.id = "identity",
	.title = "What answers",
	.group = "identity",
	.severity = SEV_INFO,
	.reference = PLACE_URL_BUILDS,
	.rationale = "Every other verdict depends on knowing that Exchange answers. One mark "
	    "proves nothing: headers are copied by decoys and command-and-control servers, "
	    "pages by phishing kits, and MS-Server-ActiveSync is sent by Z-Push, Horde, SOGo "
	    "and Syncroton too. The score adds marks of independent kinds: headers, pages, "
	    "behaviour on several paths, mail banners.",
	.remediation = "If the identity is unknown, scan with --profile full, with the name "
	    "that users type rather than the address, and from a network that the server "
	    "answers.",
	.check = check_identity,
};

static enum verdict
check_preauth(const struct rule_in *in, struct finding *f)
{
	const struct observation *proxy = obs_first(in->obs, FACT_MARK_PREAUTH);

	list_facts(in, f, FACT_MARK_PREAUTH, "product");
	switch (in->who->identity) {
	case IDENTITY_PREAUTH:
		finding_why(f, "%s asks for a log-on before anything of Exchange is reached; the "
		    "build cannot be read from here, which is the purpose.", proxy->text);
		return VERDICT_PASS;
	case IDENTITY_EXCHANGE:
		if (proxy == NULL) {
			finding_why(f, "Exchange itself answers: no proxy asks for a log-on first.");
			return VERDICT_NOT_APPLICABLE;
		}
		finding_why(f, "%s guards %s, but Exchange itself answers on other paths.",
		    proxy->text, proxy->at);
		return VERDICT_WARN;
	case IDENTITY_UNKNOWN:
		place_why_unread(in, f, "Whether a proxy asks for a log-on first is unknown");
		return VERDICT_NOT_OBSERVABLE;
	default:
		finding_why(f, "Not an on-premises Exchange.");
		return VERDICT_NOT_APPLICABLE;
	}
}

const struct rule rule_preauth = {
	.id = "pre-auth-proxy-in-front",
	.title = "A proxy asks for a log-on before Exchange is reached",
	.group = "exposure",
	.severity = SEV_LOW,
	.reference = "https://learn.microsoft.com/entra/identity/app-proxy/overview-what-is-app-proxy",
	.rationale = "A proxy that authenticates first (Entra application proxy, Web Application "
	    "Proxy, F5 APM, Citrix) keeps every flaw that needs no account away from strangers. "
	    "It is a good posture and not a gap in the scan. It guards only the paths that it "
	    "covers.",
	.remediation = "Let the proxy cover every published path, also EWS, Autodiscover, MAPI and "
	    "ActiveSync, or close the paths that nobody needs from outside. Scan the server from "
	    "inside as well: the proxy does not patch it.",
	.check = check_preauth,
};

/* Reasons for doubt, strongest first; NULL: none. */
static const char *
doubt(const struct rule_in *in, const struct identity_marks *id, struct finding *f)
{
	const struct observation *decoy = obs_first(in->obs, FACT_MARK_DECOY);

	if (decoy != NULL) {
		finding_proof(f, in->obs, decoy);
		return "it carries marks that decoys and command-and-control servers copy";
	}
	if (id->false_online)
		return "it names Exchange Online and an on-premises build at once";
	if (id->header_only && in->who->identity == IDENTITY_NOT_EXCHANGE)
		return "headers name Exchange, but no path behaves like it";
	return NULL;
}

static enum verdict
check_decoy(const struct rule_in *in, struct finding *f)
{
	struct identity_marks id;
	const char *reason;

	identity_judge(in->obs, &id);
	list_facts(in, f, FACT_MARK_DECOY, "mark_decoy");
	finding_number(f, "score", id.score);
	if ((reason = doubt(in, &id, f)) != NULL) {
		finding_why(f, "This is perhaps not what it says it is: %s.", reason);
		return VERDICT_WARN;
	}
	if (in->who->identity == IDENTITY_EXCHANGE && id.missing > 0) {
		finding_why(f, "%s of Exchange, but EWS or Autodiscover answered as no Exchange "
		    "would: a copied page, or a proxy that publishes only some paths.",
		    place_count((int64_t)id.marks, "mark").s);
		return VERDICT_UNDECIDABLE;
	}
	if (in->who->identity == IDENTITY_UNKNOWN && id.points == 0) {
		place_why_unread(in, f, "Nothing to doubt was seen");
		return VERDICT_NOT_OBSERVABLE;
	}
	if (in->who->identity == IDENTITY_EXCHANGE && id.classes >= 2) {
		finding_why(f, "Marks of %u independent kinds agree.", id.classes);
		return VERDICT_PASS;
	}
	if (in->who->identity != IDENTITY_UNKNOWN && in->who->identity != IDENTITY_EXCHANGE) {
		finding_why(f, "Nothing here claims to be an on-premises Exchange.");
		return VERDICT_NOT_APPLICABLE;
	}
	finding_why(f, "Too few kinds of marks to tell a server from a copy.");
	return VERDICT_UNDECIDABLE;
}

const struct rule rule_decoy = {
	.id = "decoy-suspected",
	.title = "The answer looks like a decoy's",
	.group = "identity",
	.severity = SEV_MEDIUM,
	.reference = "https://attack.mitre.org/techniques/T1001/003/",
	.rationale = "Honeypots and command-and-control servers copy the head of an Exchange "
	    "answer. Such a host is no mail server, and its build says nothing. On your own "
	    "network an unknown host that imitates Exchange deserves a look.",
	.remediation = "Find out who owns the host. If it is yours and really Exchange, look for a "
	    "device in front that rewrites headers.",
	.check = check_decoy,
};
