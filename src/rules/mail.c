/*
 * mail.c - findings on SMTP: log-on in the clear, STARTTLS, greetings, NTLM,
 * who overwrites words on the way.
 */
#include <string.h>

#include "base/text.h"
#include "rules/beside.h"
#include "rules/mailseen.h"
#include "rules/table.h"

#define URL_CONNECTORS "https://learn.microsoft.com/exchange/mail-flow/connectors/receive-connectors"

static enum verdict
check_auth(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = mailseen_bare(in, f, mailseen_smtp);

	if (k != NULL) {
		finding_why(f, "%s offers AUTH %s without TLS.", k->at, k->text);
		return VERDICT_FAIL;
	}
	if (mailseen_unclear(in, f, mailseen_smtp, "Log-on before TLS"))
		return VERDICT_UNDECIDABLE;
	k = mailseen_next(in->obs, FACT_MAIL_STARTTLS, mailseen_smtp, NULL);
	if (k == NULL)
		return mailseen_none(in, f, mailseen_smtp, "The extensions of SMTP were not seen");
	finding_proof(f, in->obs, k);
	finding_why(f, "%s takes no bare password without TLS.", k->at);
	return VERDICT_PASS;
}

const struct rule rule_smtp_auth = {
	.id = "smtp-auth-before-tls",
	.title = "SMTP takes passwords without TLS",
	.group = "mail",
	.severity = SEV_HIGH,
	.reference = URL_CONNECTORS,
	.rationale = "AUTH LOGIN and PLAIN send the password as it is. Offered before STARTTLS, a client that "
	    "is badly set up, or whose STARTTLS an attacker takes away, sends it to everybody.",
	.remediation = "Set BasicAuthRequireTLS in the AuthMechanism of the receive connector, and take "
	    "BasicAuth away where nobody submits mail.",
	.check = check_auth,
};

static enum verdict
check_missing(const struct rule_in *in, struct finding *f)
{
	const struct observation *bad = mailseen_find(in->obs, FACT_MAIL_STARTTLS, mailseen_smtp, "missing"), *k;
	bool anonymous = bad == NULL;

	if (bad == NULL)
		bad = mailseen_find(in->obs, FACT_MAIL_STARTTLS, mailseen_smtp, "anonymous-only");
	if (bad == NULL) {
		k = mailseen_next(in->obs, FACT_MAIL_STARTTLS, mailseen_smtp, NULL);
		if (k == NULL)
			return mailseen_none(in, f, mailseen_smtp, "The extensions of SMTP were not seen");
		finding_proof(f, in->obs, k);
		finding_why(f, "%s offers STARTTLS.", k->at);
		return VERDICT_PASS;
	}
	finding_proof(f, in->obs, bad);
	k = mailseen_next(in->obs, FACT_MAIL_MASKED, mailseen_smtp, NULL);
	if (k != NULL)
		finding_proof(f, in->obs, k);
	finding_why(f, "%s offers no STARTTLS%s%s.", bad->at, anonymous ? ", only X-ANONYMOUSTLS, which "
	    "other servers of the same organisation use" : "",
	    k != NULL ? "; words of the server are overwritten or garbled, and it may be one of them" : "");
	return VERDICT_FAIL;
}

const struct rule rule_smtp_missing = {
	.id = "smtp-starttls-missing",
	.title = "SMTP offers no STARTTLS",
	.group = "mail",
	.severity = SEV_HIGH,
	.reference = URL_CONNECTORS,
	.rationale = "Without STARTTLS mail and log-ons cross the network in the clear. A firewall that inspects "
	    "SMTP and overwrites the word has the same effect.",
	.remediation = "Give the receive connector the TLS authentication mechanism and a certificate enabled "
	    "for SMTP; turn off ESMTP inspection on the firewall.",
	.check = check_missing,
};

/* One way in which STARTTLS was offered and did not work. */
static enum verdict
say_broken(const struct rule_in *in, struct finding *f, const struct observation *k, const char *how)
{
	finding_proof(f, in->obs, k);
	finding_text(f, "state", k->text);
	if (how == NULL) {
		finding_why(f, "%s offers STARTTLS, but the handshake failed; either TLS is broken there, "
		    "or it speaks nothing that today's OpenSSL knows.", k->at);
		return VERDICT_WARN;
	}
	if (text_starts(k->evidence, "421")) {
		finding_why(f, "%s offers STARTTLS and then ends the talk: %s.", k->at, k->evidence);
		return VERDICT_WARN;
	}
	finding_why(f, "%s offers STARTTLS and then %s%s%s.", k->at, how,
	    strcmp(k->text, "refused") == 0 && k->evidence[0] != '\0' ? ": " : "",
	    strcmp(k->text, "refused") == 0 ? k->evidence : "");
	return VERDICT_FAIL;
}

static enum verdict
check_broken_of(const struct rule_in *in, struct finding *f, const char *const *probes,
    const char *unseen)
{
	static const struct { const char *state, *how; } bad[] = {
		{ "refused", "refuses it" }, { "dropped", "hangs up" }, { "silent", "says nothing more" },
		{ "handshake-failed", NULL },
	};
	const struct observation *k = NULL;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		k = mailseen_find(in->obs, FACT_MAIL_STARTTLS, probes, bad[i].state);
		if (k != NULL)
			return say_broken(in, f, k, bad[i].how);
	}
	k = mailseen_next(in->obs, FACT_MAIL_EARLY, probes, NULL);
	if (k != NULL) {
		finding_proof(f, in->obs, k);
		finding_text(f, "state", "early");
		finding_why(f, "%s, or somebody on the way, says words in the clear right behind the answer to "
		    "STARTTLS; a client that keeps them takes them for the inside.", k->at);
		return VERDICT_WARN;
	}
	k = mailseen_find(in->obs, FACT_MAIL_STARTTLS, probes, "works");
	if (k != NULL) {
		finding_proof(f, in->obs, k);
		finding_why(f, "STARTTLS works at %s.", k->at);
		return VERDICT_PASS;
	}
	if (mailseen_next(in->obs, FACT_MAIL_STARTTLS, probes, NULL) == NULL)
		return mailseen_none(in, f, probes, unseen);
	finding_why(f, "STARTTLS is not offered.");
	return VERDICT_NOT_APPLICABLE;
}

static enum verdict
check_broken(const struct rule_in *in, struct finding *f)
{
	return check_broken_of(in, f, mailseen_smtp, "The extensions of SMTP were not seen");
}

static enum verdict
check_mailbox_broken(const struct rule_in *in, struct finding *f)
{
	static const char *const clear[] = { "imap", "pop3", NULL };

	return check_broken_of(in, f, clear, "The capabilities of IMAP and POP3 were not seen");
}

const struct rule rule_smtp_broken = {
	.id = "smtp-starttls-broken",
	.title = "STARTTLS of SMTP does not work",
	.group = "mail",
	.severity = SEV_HIGH,
	.reference = URL_CONNECTORS,
	.rationale = "A server that offers STARTTLS and fails makes other servers fall back to clear text, or "
	    "not deliver at all. The usual cause is a certificate that is gone, expired or not enabled "
	    "for SMTP.",
	.remediation = "Enable-ExchangeCertificate -Services SMTP for a valid certificate with its private key, "
	    "set TlsCertificateName, and look for event 12014 of MSExchangeTransport.",
	.check = check_broken,
};

const struct rule rule_mailbox_broken = {
	.id = "mailbox-starttls-broken",
	.title = "STARTTLS of IMAP or POP3 does not work",
	.group = "mail",
	.severity = SEV_MEDIUM,
	.reference = "https://learn.microsoft.com/exchange/clients/pop3-and-imap4/pop3-and-imap4",
	.rationale = "Clients that are set to STARTTLS cannot log on, and those that only prefer it fall back to a "
	    "password in the clear. The usual cause is a certificate that is gone, expired or not named in "
	    "X509CertificateName.",
	.remediation = "Set-ImapSettings or Set-PopSettings -X509CertificateName to a name of a valid certificate "
	    "that is enabled for the service, then restart it.",
	.check = check_mailbox_broken,
};

static enum verdict
check_leak_of(const struct rule_in *in, struct finding *f, const char *const *probes, const char *unseen)
{
	const struct observation *k = NULL, *first = NULL;

	while ((k = mailseen_next(in->obs, FACT_MAIL_LEAK, probes, k)) != NULL) {
		finding_proof(f, in->obs, k);
		finding_list(f, "leak", k->text);
		first = first == NULL ? k : first;
	}
	if (first != NULL) {
		finding_why(f, "The greeting at %s tells everybody: %s.", first->at, first->text);
		return VERDICT_FAIL;
	}
	k = mailseen_next(in->obs, FACT_MAIL_BANNER, probes, NULL);
	if (k == NULL)
		return mailseen_none(in, f, probes, unseen);
	finding_proof(f, in->obs, k);
	first = mailseen_next(in->obs, FACT_MAIL_PRODUCT, probes, NULL);
	if (text_find_nocase(k->text, strlen(k->text), "Microsoft") != NULL) {
		f->severity = SEV_INFO;
		finding_text(f, "product", first != NULL ? first->text : "");
		finding_why(f, "The greeting at %s is the default one and names the product.", k->at);
		return VERDICT_WARN;
	}
	finding_why(f, "The greeting at %s tells no version and no name of the inside.", k->at);
	return VERDICT_PASS;
}

static enum verdict
check_leak(const struct rule_in *in, struct finding *f)
{
	return check_leak_of(in, f, mailseen_smtp, "The greeting of SMTP was not seen");
}

static enum verdict
check_mailbox_leak(const struct rule_in *in, struct finding *f)
{
	static const char *const mailbox[] = { "imap", "imaps", "pop3", "pop3s", NULL };

	return check_leak_of(in, f, mailbox, "The greeting of IMAP and POP3 was not seen");
}

const struct rule rule_smtp_leak = {
	.id = "smtp-banner-leak",
	.title = "The SMTP greeting reveals details",
	.group = "mail",
	.severity = SEV_LOW,
	.reference = "https://learn.microsoft.com/powershell/module/exchange/set-receiveconnector",
	.rationale = "Version, product and inner names in the greeting help whoever picks targets from a list, "
	    "and nobody else needs them.",
	.remediation = "Set-ReceiveConnector -Banner \"220 mail.example.com\" and an FQDN that the outside "
	    "knows already.",
	.check = check_leak,
};

const struct rule rule_mailbox_leak = {
	.id = "mailbox-banner-leak",
	.title = "The greeting of IMAP or POP3 reveals details",
	.group = "mail",
	.severity = SEV_LOW,
	.reference = "https://learn.microsoft.com/powershell/module/exchange/set-imapsettings",
	.rationale = "Version, product and inner names in the greeting help whoever picks targets from a list, "
	    "and nobody else needs them.",
	.remediation = "Set-ImapSettings -Banner \"Ready.\" and Set-PopSettings -Banner \"Ready.\", then restart the "
	    "services.",
	.check = check_mailbox_leak,
};

static enum verdict
check_ntlm(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = mailseen_find(in->obs, FACT_MAIL_AUTH, mailseen_smtp, "NTLM"), *half;

	if (k == NULL)
		k = mailseen_find(in->obs, FACT_MAIL_AUTH_TLS, mailseen_smtp, "NTLM");
	if (k == NULL)
		k = beside_exps(in->obs);
	if (k != NULL) {
		const struct observation *name = mailseen_next(in->obs, FACT_NTLM_COMPUTER_DNS, mailseen_smtp, NULL);

		finding_proof(f, in->obs, k);
		if (name != NULL) {
			finding_proof(f, in->obs, name);
			finding_text(f, "computer", name->text);
		}
		finding_why(f, "%s offers NTLM%s%s%s.", k->at, k->fact == FACT_MAIL_AUTH_TLS ||
		    k->fact == FACT_MAIL_FEATURE_TLS ? " inside TLS" : " without TLS", name != NULL ? ", and tells whoever asks that it is " :
		    "", name != NULL ? name->text : "");
		return VERDICT_WARN;
	}
	if (mailseen_unclear(in, f, mailseen_smtp, "Whether NTLM is offered"))
		return VERDICT_UNDECIDABLE;
	half = mailseen_next(in->obs, FACT_MAIL_STARTTLS, mailseen_smtp, NULL);
	if (half == NULL)
		return mailseen_none(in, f, mailseen_smtp, "The extensions of SMTP were not seen");
	half = beside_half(in->obs) != NULL ? beside_half(in->obs) : half;
	finding_proof(f, in->obs, half);
	if (strcmp(half->text, "works") != 0 && strcmp(half->text, "missing") != 0) {
		finding_why(f, "%s offers no NTLM without TLS; what it offers inside was not seen (%s).",
		    half->at, half->text);
		return VERDICT_UNDECIDABLE;
	}
	finding_why(f, "%s offers no NTLM.", half->at);
	return VERDICT_PASS;
}

const struct rule rule_smtp_ntlm = {
	.id = "smtp-ntlm-offered",
	.title = "SMTP offers NTLM",
	.group = "mail",
	.severity = SEV_MEDIUM,
	.reference = URL_CONNECTORS,
	.rationale = "NTLM over SMTP has no channel binding: a log-on that an attacker provokes elsewhere can be "
	    "relayed here, passwords can be guessed against the domain, and the challenge names the "
	    "server, its domain and its build of Windows.",
	.remediation = "Take Integrated and ExchangeServer authentication off the connectors that the outside "
	    "can reach; leave them to those between the servers of the organisation.",
	.check = check_ntlm,
};

/* Did that probe hear more than a greeting? */
static bool
has_answered(const struct obs *obs, const char *probe)
{
	static const enum fact facts[] = {
		FACT_MAIL_FEATURE, FACT_MAIL_FEATURE_TLS, FACT_MAIL_STARTTLS, FACT_MAIL_LIMIT,
	};
	const char *const probes[] = { probe, NULL };

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (mailseen_next(obs, facts[i], probes, NULL) != NULL)
			return true;
	return false;
}

static enum verdict
check_unavailable(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = mailseen_next(in->obs, FACT_MAIL_REFUSED, mailseen_smtp, NULL), *well;

	if (k == NULL) {
		well = mailseen_next(in->obs, FACT_MAIL_BANNER, mailseen_smtp, NULL);
		if (well == NULL)
			return mailseen_none(in, f, mailseen_smtp, "The greeting of SMTP was not seen");
		for (k = well; k != NULL && has_answered(in->obs, k->probe);)
			k = mailseen_next(in->obs, FACT_MAIL_BANNER, mailseen_smtp, k);
		finding_proof(f, in->obs, k != NULL ? k : well);
		if (k != NULL) {
			finding_why(f, "%s greets, and gives no whole answer to EHLO.", k->at);
			return VERDICT_WARN;
		}
		finding_why(f, "%s greets and answers.", well->at);
		return VERDICT_PASS;
	}
	finding_proof(f, in->obs, k);
	finding_text(f, "reply", k->text);
	if (text_starts(k->evidence, "features") && !text_starts(k->text, "421")) {
		f->severity = SEV_LOW;
		finding_why(f, "%s greets, and answers %s to our EHLO (--ehlo gives another name).", k->at,
		    k->text);
		return VERDICT_WARN;
	}
	well = obs_find(in->obs, FACT_HEALTH, "up");
	if (k->text[0] == '4' && well != NULL) {
		finding_proof(f, in->obs, well);
		finding_why(f, "%s answers %s, while %s is up: transport alone is out of service, or we were "
		    "here too often.", k->at, k->text, well->at);
		return VERDICT_WARN;
	}
	if (k->text[0] == '4') {
		finding_why(f, "%s answers %s: out of service, in maintenance, or too many connections from "
		    "here.", k->at, k->text);
		return VERDICT_WARN;
	}
	f->severity = SEV_LOW;
	finding_why(f, "%s turns us away: %s.", k->at, k->text);
	return VERDICT_WARN;
}

const struct rule rule_smtp_unavailable = {
	.id = "smtp-unavailable",
	.title = "SMTP does not serve us",
	.group = "health",
	.severity = SEV_MEDIUM,
	.reference = "https://learn.microsoft.com/exchange/mail-flow/connectors/receive-connectors",
	.rationale = "421 4.3.2 Service not available is how transport of Exchange answers when the server is in "
	    "maintenance or its component state is inactive. Anti-spam devices use 421 and 554 to turn "
	    "away senders that they do not like.",
	.remediation = "Get-ServerComponentState for FrontendTransport and ServerWideOffline; if both are active, "
	    "look at the limits of the connector and at the device in front.",
	.check = check_unavailable,
};

/* ---- on the way ---- */

static enum verdict
check_masked(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = NULL, *first = NULL;

	while ((k = mailseen_next(in->obs, FACT_MAIL_MASKED, mailseen_all, k)) != NULL) {
		finding_proof(f, in->obs, k);
		finding_list(f, "word", k->text);
		first = first == NULL ? k : first;
	}
	if (first != NULL) {
		finding_why(f, "%s: words of the server are overwritten on the way, or garbled: %s.", first->at,
		    first->text);
		return VERDICT_FAIL;
	}
	k = mailseen_next(in->obs, FACT_MAIL_FEATURE, mailseen_all, NULL);
	if (k == NULL)
		k = mailseen_next(in->obs, FACT_MAIL_FEATURE_TLS, mailseen_all, NULL);
	if (k == NULL)
		return mailseen_none(in, f, mailseen_all, "No mail service was heard to its end");
	finding_proof(f, in->obs, k);
	finding_why(f, "The words of the server at %s came whole.", k->at);
	return VERDICT_PASS;
}

const struct rule rule_mail_masked = {
	.id = "mail-ehlo-masked",
	.title = "A firewall rewrites SMTP",
	.group = "mail",
	.severity = SEV_MEDIUM,
	.reference = "https://www.rfc-editor.org/rfc/rfc3207",
	.rationale = "Inspection of SMTP on some firewalls overwrites keywords with XXXX. The one that falls is "
	    "most often STARTTLS, so that mail goes in the clear although both ends could do better, and a "
	    "scan sees less than there is.",
	.remediation = "Turn off ESMTP inspection (Cisco: no inspect esmtp, or allow-tls) on the firewall in "
	    "front of the server.",
	.check = check_masked,
};
