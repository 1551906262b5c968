/*
 * relay.c - Extended Protection, as far as it shows, and the joined finding on
 * whether a log-on can be relayed to this server.
 *
 * Whether Extended Protection is on cannot be seen without an account.  What
 * can be seen is whether the build can have it, whether setup turns it on by
 * default, and facts that keep it from working.  Nothing here ever says on.
 */
#include <stdlib.h>
#include <string.h>

#include "rules/beside.h"
#include "rules/place.h"
#include "rules/table.h"
#include "rules/webdir.h"

#define URL_EP "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/" \
	"security-best-practices/exchange-extended-protection"

enum ep_class { EP_OFF, EP_LIKELY_OFF, EP_UNDECIDABLE, EP_LIKELY_ON };

static const char *const class_names[] = {
	[EP_OFF] = "certainly off", [EP_LIKELY_OFF] = "likely off",
	[EP_UNDECIDABLE] = "undecidable", [EP_LIKELY_ON] = "likely on",
};

struct ep {
	enum ep_class	 class;
	const char	*reason;
	const struct observation *blocker[4];
	const char	*why[4];
	size_t		 nblockers;
};

enum able { ABLE_NO, ABLE_YES, ABLE_OPEN };

/* Extended Protection came with the updates of August 2022, for the CUs of then. */
static enum able
is_able(const struct rule_in *in)
{
	const struct build_number *b = &in->who->build->number;
	uint32_t newest = 0;

	if (b->part[0] < 15)
		return ABLE_NO;
	if (b->parts < 3 || b->part[0] > 15)
		return ABLE_OPEN;
	for (size_t i = 0; i < builds_count(in->builds); i++) {
		const struct build_row *row = builds_row(in->builds, i);

		if (strcmp(row->update, "Aug22SU") != 0 || row->number.part[1] != b->part[1])
			continue;
		if (row->number.part[2] == b->part[2]) {
			if (b->parts < 4)
				return ABLE_OPEN;
			return build_number_cmp(b, &row->number) >= 0 ? ABLE_YES : ABLE_NO;
		}
		newest = row->number.part[2] > newest ? row->number.part[2] : newest;
	}
	if (newest == 0)
		return ABLE_OPEN;
	return b->part[2] > newest ? ABLE_YES : ABLE_NO;
}

/* Setup of 2019 CU14 and of every later one turns it on unless told not to. */
static bool
is_default(const struct build_number *b)
{
	return b->part[0] == 15 && b->part[1] == 2 && b->part[2] >= 1544;
}

static void
add_blocker(struct ep *ep, const struct observation *k, const char *why)
{
	for (size_t i = 0; i < ep->nblockers; i++)
		if (ep->why[i] == why)
			return;
	if (k == NULL || ep->nblockers == 4)
		return;
	ep->blocker[ep->nblockers] = k;
	ep->why[ep->nblockers++] = why;
}

static const struct observation *
another(const struct obs *obs, enum fact fact)
{
	const struct observation *first = obs_first(obs, fact);

	for (const struct observation *k = first; k != NULL; k = obs_next(obs, k))
		if (strcmp(k->text, first->text) != 0)
			return k;
	return NULL;
}

/* Seen at the web port of the target: by HTTP, or by the hellos of TLS. */
static bool
is_web(const struct observation *k)
{
	return strstr(k->at, "://") != NULL || strcmp(k->probe, "tls") == 0 ||
	    strcmp(k->probe, "tls-exact") == 0;
}

static bool
is_web_cert(const struct obs *obs, const char *sha)
{
	for (const struct observation *k = obs_first(obs, FACT_CERT_SHA256); k != NULL;
	    k = obs_next(obs, k))
		if (is_web(k) && strcmp(k->text, sha) == 0)
			return true;
	return false;
}

/* A member of the pool shows a certificate that HTTPS did not show before. */
static const struct observation *
strange_member(const struct obs *obs)
{
	bool known = false;

	for (const struct observation *k = obs_first(obs, FACT_CERT_SHA256); k != NULL;
	    k = obs_next(obs, k))
		known |= is_web(k);
	for (const struct observation *k = obs_first(obs, FACT_POOL_CERT); known && k != NULL;
	    k = obs_next(obs, k))
		if (!is_web_cert(obs, k->text))
			return k;
	return NULL;
}

static bool
is_windows_scheme(const char *s)
{
	return strcmp(s, "NTLM") == 0 || strcmp(s, "Negotiate") == 0;
}

static void
find_blockers(const struct obs *obs, struct ep *ep)
{
	static const enum fact auths[] = { FACT_WEB_AUTH, FACT_HTTP_AUTH };
	const struct observation *k;

	for (size_t i = 0; i < 2; i++)
		for (k = obs_first(obs, auths[i]); k != NULL; k = obs_next(obs, k))
			if (text_starts(k->at, "http://") && is_windows_scheme(k->text))
				add_blocker(ep, k, "NTLM is offered over plain HTTP, where there is no channel to bind to");
	k = another(obs, FACT_POOL_CERT);
	add_blocker(ep, k != NULL ? k : strange_member(obs),
	    "members of the pool show different certificates");
	add_blocker(ep, another(obs, FACT_POOL_TLS), "members of the pool differ in TLS");
}

static void
classify(const struct rule_in *in, struct ep *ep)
{
	const struct build_report *b = in->who->build;
	enum able able = b != NULL && !in->who->contradiction ? is_able(in) : ABLE_OPEN;

	*ep = (struct ep){ .class = EP_UNDECIDABLE };
	find_blockers(in->obs, ep);
	if (able == ABLE_NO) {
		ep->class = EP_OFF;
		ep->reason = "the build is older than the update of August 2022 that brought it";
	} else if (able == ABLE_OPEN) {
		ep->reason = "the build is not known well enough";
	} else if (is_default(&b->number)) {
		ep->class = ep->nblockers > 0 ? EP_UNDECIDABLE : EP_LIKELY_ON;
		ep->reason = "setup of 2019 CU14 and later turns it on unless told not to";
	} else {
		ep->class = ep->nblockers > 0 ? EP_LIKELY_OFF : EP_UNDECIDABLE;
		ep->reason = "the build can have it, and only a script of the administrator turns it on";
	}
}

static void
tell(const struct rule_in *in, struct finding *f, const struct ep *ep)
{
	finding_text(f, "class", class_names[ep->class]);
	for (size_t i = 0; i < ep->nblockers; i++) {
		finding_list(f, "blocker", ep->why[i]);
		finding_proof(f, in->obs, ep->blocker[i]);
	}
	if (in->who->witness != NULL)
		finding_proof(f, in->obs, in->who->witness);
}

static enum verdict
check_ep(const struct rule_in *in, struct finding *f)
{
	static const enum verdict verdicts[] = {
		[EP_OFF] = VERDICT_FAIL, [EP_LIKELY_OFF] = VERDICT_WARN,
		[EP_UNDECIDABLE] = VERDICT_UNDECIDABLE, [EP_LIKELY_ON] = VERDICT_UNDECIDABLE,
	};
	struct ep ep;

	classify(in, &ep);
	tell(in, f, &ep);
	finding_why(f, "Extended Protection is %s: %s%s%s. It cannot be seen without an account.",
	    class_names[ep.class], ep.reason, ep.nblockers > 0 ? "; against it: " : "",
	    ep.nblockers > 0 ? ep.why[0] : "");
	if (ep.class == EP_OFF)
		finding_why(f, "Extended Protection is certainly off: %s.", ep.reason);
	return verdicts[ep.class];
}

const struct rule rule_ep = {
	.id = "extended-protection",
	.title = "Extended Protection is off, or may be",
	.group = "auth",
	.severity = SEV_MEDIUM,
	.reference = URL_EP,
	.rationale = "Extended Protection binds a log-on to the TLS connection, so that a relayed one is "
	    "refused. It needs the update of August 2022 or later, the same certificate wherever TLS "
	    "ends, and equal TLS settings.",
	.remediation = "Run ExchangeExtendedProtectionManagement.ps1 -ShowExtendedProtection on a server to "
	    "see the state, and without arguments to turn it on.",
	.needs_exchange = true,
	.check = check_ep,
};

/* ---- joined ---- */

/* The web at other ports: 80, 81, 444. */
static bool
is_same_port(const char *a, const char *b)
{
	const char *end = strstr(a, "://");

	end = end != NULL ? strchr(end + 3, '/') : NULL;
	return end != NULL && strncmp(a, b, (size_t)(end - a) + 1) == 0;
}

/* In words the first path of a port stands for its others; the details list each. */
static size_t
ntlm_aside(const struct rule_in *in, struct finding *f, struct text_buf *names)
{
	const char *last = "";
	size_t n = 0, more = 0;

	for (const struct observation *k = obs_first(in->obs, FACT_WEB_AUTH); k != NULL;
	    k = obs_next(in->obs, k)) {
		if (!is_windows_scheme(k->text) || strcmp(k->at, last) == 0)
			continue;
		n++;
		finding_list(f, "ntlm", k->at);
		finding_proof(f, in->obs, k);
		if (is_same_port(k->at, last)) {
			more++;
		} else {
			if (more > 0)
				text_buf_printf(names, " and %zu more there", more);
			text_buf_printf(names, "%s%s", names->s != NULL ? ", " : "", k->at);
			more = 0;
		}
		last = k->at;
	}
	if (more > 0)
		text_buf_printf(names, " and %zu more there", more);
	return n;
}

static size_t
ntlm_places(const struct rule_in *in, struct finding *f, struct text_buf *names, size_t *asking)
{
	size_t n = 0;

	for (const struct webdir *d = webdir_table; d->name != NULL; d++) {
		struct webdir_seen s;

		webdir_look(in->obs, d, &s);
		*asking += s.asks;
		if ((s.schemes & SCHEME_WINDOWS) == 0)
			continue;
		n++;
		text_buf_printf(names, "%s%s", names->s != NULL ? ", " : "", d->name);
		finding_list(f, "ntlm", d->name);
		if (s.auth != NULL)
			finding_proof(f, in->obs, s.auth);
	}
	return n + ntlm_aside(in, f, names);
}

/*
 * Extended Protection needs one certificate wherever TLS ends.  A port whose
 * TLS the server itself ends (SMTP, the back end) shows whether HTTPS in front
 * has the same.
 */
static void
add_certificate(const struct rule_in *in, struct finding *f, struct text_buf *why)
{
	for (int same = 1; same >= 0; same--) {
		struct text_buf at = { 0 };
		const char *last = "";

		for (const struct observation *k = obs_first(in->obs, FACT_CERT_SHA256); k != NULL;
		    k = obs_next(in->obs, k)) {
			if (is_web(k) || strcmp(k->at, last) == 0 || is_web_cert(in->obs, k->text) != same)
				continue;
			last = k->at;
			text_buf_printf(&at, "%s%s", at.s != NULL ? ", " : "", k->at);
			finding_list(f, same ? "same_certificate" : "other_certificate", k->at);
			finding_proof(f, in->obs, k);
		}
		if (at.s != NULL)
			text_buf_printf(why, same ? "; the certificate of HTTPS is shown at %s too" :
			    "; another certificate than that of HTTPS is shown at %s", at.s);
		text_buf_free(&at);
	}
}

/* What stands beside the web: SMB without signing, NTLM in mail. */
static bool
add_beside(const struct rule_in *in, struct finding *f, struct text_buf *why)
{
	const struct observation *smb = beside_smb(in->obs), *mail = beside_smtp(in->obs);
	const struct observation *mailbox = beside_mailbox(in->obs);

	if (smb != NULL) {
		finding_proof(f, in->obs, smb);
		finding_text(f, smb->fact == FACT_SMB_SIGNING ? "smb_signing" : "smb1_signing", smb->text);
		text_buf_printf(why, "; %s signing is %s, not required",
		    smb->fact == FACT_SMB_SIGNING ? "SMB" : "SMB 1", smb->text);
	}
	if (mail != NULL) {
		finding_proof(f, in->obs, mail);
		finding_text(f, "smtp_ntlm", mail->at);
	}
	if (mailbox != NULL) {
		finding_proof(f, in->obs, mailbox);
		finding_text(f, "mailbox_ntlm", mailbox->at);
	}
	if (mail != NULL || mailbox != NULL)
		text_buf_printf(why, "; NTLM is offered at %s%s%s", mail != NULL ? mail->at : "",
		    mail != NULL && mailbox != NULL ? " and " : "", mailbox != NULL ? mailbox->at : "");
	return smb != NULL || mail != NULL || mailbox != NULL;
}

/* What was not asked, or did not answer; NULL: nothing. */
static char *
not_seen(const struct obs *obs)
{
	char *mute = webdir_mute(obs), *beside = beside_unseen(obs), *all;

	if (beside == NULL)
		return mute;
	all = text_printf("%s%s%s", beside, mute != NULL ? ", " : "", mute != NULL ? mute : "");
	free(beside);
	free(mute);
	return all;
}

static enum verdict
judge_relay(const struct ep *ep, struct finding *f, size_t web, bool beside)
{
	if (web > 0 && ep->class == EP_OFF)
		return VERDICT_FAIL;
	if (web > 0 && ep->class == EP_LIKELY_OFF)
		return VERDICT_WARN;
	if (beside) {
		f->severity = SEV_MEDIUM;
		return VERDICT_WARN;
	}
	return VERDICT_UNDECIDABLE;
}

static enum verdict
check_relay(const struct rule_in *in, struct finding *f)
{
	struct text_buf names = { 0 }, beside = { 0 };
	size_t asking = 0, web;
	enum verdict v;
	struct ep ep;
	char *unseen;
	bool more;

	classify(in, &ep);
	web = ntlm_places(in, f, &names, &asking);
	tell(in, f, &ep);
	more = add_beside(in, f, &beside);
	unseen = not_seen(in->obs);
	if (unseen != NULL)
		finding_text(f, "not_seen", unseen);
	add_certificate(in, f, &beside);
	v = judge_relay(&ep, f, web, more);
	if (web == 0 && !more && asking > 0 && unseen != NULL) {
		v = VERDICT_UNDECIDABLE;
		finding_why(f, "No directory that asks for a log-on offers NTLM, but nothing was seen of %s.", unseen);
	} else if (web == 0 && !more && asking > 0) {
		v = VERDICT_PASS;
		finding_why(f, "No directory that asks for a log-on offers NTLM, and nothing beside the web that "
		    "was asked takes a relayed log-on.");
	} else if (web == 0 && !more) {
		v = VERDICT_NOT_OBSERVABLE;
		finding_why(f, "No directory asked for a log-on: what they offer was not seen.");
	} else {
		finding_why(f, "NTLM is offered on %s; Extended Protection is %s (%s)%s%s%s%s%s.",
		    names.s != NULL ? names.s : "no web directory", class_names[ep.class], ep.reason,
		    ep.nblockers > 0 ? "; against it: " : "", ep.nblockers > 0 ? ep.why[0] : "",
		    beside.s != NULL ? beside.s : "", unseen != NULL ? "; not seen: " : "",
		    unseen != NULL ? unseen : "");
	}
	free(unseen);
	text_buf_free(&names);
	text_buf_free(&beside);
	return v;
}

const struct rule rule_relay = {
	.id = "relay-exposure",
	.title = "A log-on can be relayed to this server",
	.group = "auth",
	.severity = SEV_HIGH,
	.reference = URL_EP,
	.rationale = "A log-on lured from one machine can be passed on to another that takes NTLM without "
	    "binding it: a web directory without Extended Protection, SMB without required signing, SMTP. "
	    "Joined here from all that was seen: where NTLM is offered, what is known of Extended "
	    "Protection, SMB signing, NTLM in SMTP, and what keeps the binding from working.",
	.remediation = "Require Extended Protection on every server, require SMB signing, take NTLM from SMTP "
	    "connectors that do not need it, and close plain HTTP.",
	.needs = (const enum fact[]){ FACT_HTTP_STATUS, FACT_SMB_SIGNING, FACT_SMB1_SIGNING, FACT_MAIL_AUTH, FACT_MAIL_AUTH_TLS,
	    FACT_COUNT },
	.needs_exchange = true,
	.check = check_relay,
};
