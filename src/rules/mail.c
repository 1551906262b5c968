/*
 * mail.c - findings on SMTP, IMAP and POP3: log-on in the clear, STARTTLS,
 * greetings, NTLM, exposure.
 *
 * Words that a firewall overwrote prove nothing: where there are such, what
 * was not seen is undecidable.
 */
#include <string.h>

#include "base/text.h"
#include "rules/service.h"
#include "rules/table.h"

#define URL_CONNECTORS "https://learn.microsoft.com/exchange/mail-flow/connectors/receive-connectors"
#define URL_POP_IMAP "https://learn.microsoft.com/exchange/clients/pop3-and-imap4/pop3-and-imap4"

/* The probes of one rule, ended by NULL. */
static const char *const smtp[] = { "smtp", "submission", NULL };
static const char *const imap[] = { "imap", "imaps", NULL };
static const char *const pop[] = { "pop3", "pop3s", NULL };
static const char *const all[] = { "smtp", "submission", "imap", "imaps", "pop3", "pop3s", NULL };

static bool
is_of(const struct observation *k, const char *const *probes)
{
	for (; *probes != NULL; probes++)
		if (strcmp(k->probe, *probes) == 0)
			return true;
	return false;
}

/* The first, or the next, observation of a fact by one of the probes. */
static const struct observation *
next_of(const struct obs *obs, enum fact fact, const char *const *probes,
    const struct observation *after)
{
	const struct observation *k = after != NULL ? obs_next(obs, after) : obs_first(obs, fact);

	while (k != NULL && !is_of(k, probes))
		k = obs_next(obs, k);
	return k;
}

static const struct observation *
find_of(const struct obs *obs, enum fact fact, const char *const *probes, const char *text)
{
	const struct observation *k = NULL;

	while ((k = next_of(obs, fact, probes, k)) != NULL)
		if (text_eq_nocase(k->text, text))
			return k;
	return NULL;
}

/* None of the probes saw it: why the first one, or the one that is open, did not. */
static enum verdict
unseen(const struct rule_in *in, struct finding *f, const char *const *probes, const char *what)
{
	const char *best = probes[0];

	for (; *probes != NULL; probes++) {
		const struct observation *port = service_port(in->obs, *probes);

		if (port != NULL && strcmp(port->text, "open") == 0)
			best = *probes;
	}
	return service_unseen(in, f, best, what);
}

static bool
is_masked(const struct rule_in *in, struct finding *f, const char *const *probes, const char *what)
{
	const struct observation *k = next_of(in->obs, FACT_MAIL_MASKED, probes, NULL);

	if (k == NULL)
		return false;
	finding_proof(f, in->obs, k);
	finding_why(f, "%s cannot be decided: at %s words of the server are overwritten (%s).", what,
	    k->at, k->text);
	return true;
}

/* Mechanisms that hand the password, or a token as good as one, to whoever listens. */
static const struct observation *
find_bare(const struct rule_in *in, struct finding *f, const char *const *probes)
{
	static const char *const bare[] = { "PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER" };
	const struct observation *k = NULL, *found = NULL;

	while ((k = next_of(in->obs, FACT_MAIL_AUTH, probes, k)) != NULL)
		for (size_t i = 0; i < sizeof(bare) / sizeof(bare[0]); i++)
			if (text_eq_nocase(k->text, bare[i])) {
				finding_proof(f, in->obs, k);
				finding_list(f, "mechanism", k->text);
				found = found == NULL ? k : found;
			}
	return found;
}

/* ---- SMTP ---- */

static enum verdict
check_auth(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = find_bare(in, f, smtp);

	if (k != NULL) {
		finding_why(f, "%s offers AUTH %s without TLS.", k->at, k->text);
		return VERDICT_FAIL;
	}
	if (is_masked(in, f, smtp, "Log-on before TLS"))
		return VERDICT_UNDECIDABLE;
	k = next_of(in->obs, FACT_MAIL_STARTTLS, smtp, NULL);
	if (k == NULL)
		return unseen(in, f, smtp, "The extensions of SMTP were not seen");
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
	const struct observation *bad = find_of(in->obs, FACT_MAIL_STARTTLS, smtp, "missing"), *k;
	bool anonymous = bad == NULL;

	if (bad == NULL)
		bad = find_of(in->obs, FACT_MAIL_STARTTLS, smtp, "anonymous-only");
	if (bad == NULL) {
		k = next_of(in->obs, FACT_MAIL_STARTTLS, smtp, NULL);
		if (k == NULL)
			return unseen(in, f, smtp, "The extensions of SMTP were not seen");
		finding_proof(f, in->obs, k);
		finding_why(f, "%s offers STARTTLS.", k->at);
		return VERDICT_PASS;
	}
	finding_proof(f, in->obs, bad);
	k = next_of(in->obs, FACT_MAIL_MASKED, smtp, NULL);
	if (k != NULL)
		finding_proof(f, in->obs, k);
	finding_why(f, "%s offers no STARTTLS%s%s.", bad->at, anonymous ? ", only X-ANONYMOUSTLS, which "
	    "other servers of the same organisation use" : "",
	    k != NULL ? "; a firewall on the way has overwritten words, and it may be one of them" : "");
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

static enum verdict
check_broken(const struct rule_in *in, struct finding *f)
{
	static const char *const bad[] = { "refused", "dropped", "handshake-failed" };
	const struct observation *k = NULL;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		k = find_of(in->obs, FACT_MAIL_STARTTLS, smtp, bad[i]);
		if (k == NULL)
			continue;
		finding_proof(f, in->obs, k);
		finding_text(f, "state", k->text);
		if (i < 2) {
			finding_why(f, "%s offers STARTTLS and then %s.", k->at, i == 0 ? "refuses it" :
			    "hangs up");
			return VERDICT_FAIL;
		}
		finding_why(f, "%s offers STARTTLS, but the handshake failed; either TLS is broken there, "
		    "or it speaks nothing that today's OpenSSL knows.", k->at);
		return VERDICT_WARN;
	}
	k = find_of(in->obs, FACT_MAIL_STARTTLS, smtp, "works");
	if (k != NULL) {
		finding_proof(f, in->obs, k);
		finding_why(f, "STARTTLS works at %s.", k->at);
		return VERDICT_PASS;
	}
	if (next_of(in->obs, FACT_MAIL_STARTTLS, smtp, NULL) == NULL)
		return unseen(in, f, smtp, "The extensions of SMTP were not seen");
	finding_why(f, "STARTTLS is not offered.");
	return VERDICT_NOT_APPLICABLE;
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

static enum verdict
check_leak(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = NULL, *first = NULL;

	while ((k = next_of(in->obs, FACT_MAIL_LEAK, smtp, k)) != NULL) {
		finding_proof(f, in->obs, k);
		finding_list(f, "leak", k->text);
		first = first == NULL ? k : first;
	}
	if (first != NULL) {
		finding_why(f, "The greeting at %s tells everybody: %s.", first->at, first->text);
		return VERDICT_FAIL;
	}
	k = next_of(in->obs, FACT_MAIL_BANNER, smtp, NULL);
	if (k == NULL)
		return unseen(in, f, smtp, "The greeting of SMTP was not seen");
	finding_proof(f, in->obs, k);
	first = next_of(in->obs, FACT_MAIL_PRODUCT, smtp, NULL);
	if (text_find_nocase(k->text, strlen(k->text), "Microsoft") != NULL) {
		f->severity = SEV_INFO;
		finding_text(f, "product", first != NULL ? first->text : "");
		finding_why(f, "The greeting at %s is the default one and names the product.", k->at);
		return VERDICT_WARN;
	}
	finding_why(f, "The greeting at %s tells no version and no name of the inside.", k->at);
	return VERDICT_PASS;
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

/* "X-EXPS GSSAPI NTLM": offered to servers, and to whoever relays as one. */
static const struct observation *
find_exps(const struct rule_in *in)
{
	static const enum fact facts[] = { FACT_MAIL_FEATURE, FACT_MAIL_FEATURE_TLS };

	for (size_t i = 0; i < 2; i++)
		for (const struct observation *k = NULL;
		    (k = next_of(in->obs, facts[i], smtp, k)) != NULL;)
			if (text_starts_nocase(k->text, "X-EXPS") &&
			    text_find_nocase(k->text, strlen(k->text), "NTLM") != NULL)
				return k;
	return NULL;
}

static enum verdict
check_ntlm(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = find_of(in->obs, FACT_MAIL_AUTH, smtp, "NTLM"), *half;

	if (k == NULL)
		k = find_of(in->obs, FACT_MAIL_AUTH_TLS, smtp, "NTLM");
	if (k == NULL)
		k = find_exps(in);
	if (k != NULL) {
		const struct observation *name = next_of(in->obs, FACT_NTLM_COMPUTER_DNS, smtp, NULL);

		finding_proof(f, in->obs, k);
		if (name != NULL) {
			finding_proof(f, in->obs, name);
			finding_text(f, "computer", name->text);
		}
		finding_why(f, "%s offers NTLM%s%s%s.", k->at, k->fact == FACT_MAIL_AUTH_TLS ?
		    " inside TLS" : " without TLS", name != NULL ? ", and tells whoever asks that it is " :
		    "", name != NULL ? name->text : "");
		return VERDICT_WARN;
	}
	if (is_masked(in, f, smtp, "Whether NTLM is offered"))
		return VERDICT_UNDECIDABLE;
	half = next_of(in->obs, FACT_MAIL_STARTTLS, smtp, NULL);
	if (half == NULL)
		return unseen(in, f, smtp, "The extensions of SMTP were not seen");
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

static enum verdict
check_unavailable(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = next_of(in->obs, FACT_MAIL_REFUSED, smtp, NULL), *well;

	if (k == NULL) {
		well = next_of(in->obs, FACT_MAIL_BANNER, smtp, NULL);
		if (well == NULL)
			return unseen(in, f, smtp, "The greeting of SMTP was not seen");
		finding_proof(f, in->obs, well);
		finding_why(f, "%s greets and answers.", well->at);
		return VERDICT_PASS;
	}
	finding_proof(f, in->obs, k);
	finding_text(f, "reply", k->text);
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

/* ---- IMAP, POP3 ---- */

static enum verdict
check_plain(const struct rule_in *in, struct finding *f, const char *const *probes, const char *called)
{
	const struct observation *k = find_of(in->obs, FACT_MAIL_LOGIN, probes, "allowed"), *off;

	if (k == NULL)
		k = find_bare(in, f, probes);
	if (k != NULL) {
		finding_proof(f, in->obs, k);
		finding_why(f, "%s at %s takes a bare password without TLS (%s).", called, k->at,
		    k->fact == FACT_MAIL_LOGIN ? "log-on allowed" : k->text);
		return VERDICT_FAIL;
	}
	off = next_of(in->obs, FACT_MAIL_LOGIN, probes, NULL);
	if (off == NULL)
		return unseen(in, f, probes, "Log-on in the clear was not seen");
	finding_proof(f, in->obs, off);
	finding_why(f, "%s at %s takes no password without TLS.", called, off->at);
	return VERDICT_PASS;
}

static enum verdict
check_imap(const struct rule_in *in, struct finding *f)
{
	return check_plain(in, f, imap, "IMAP");
}

static enum verdict
check_pop(const struct rule_in *in, struct finding *f)
{
	return check_plain(in, f, pop, "POP3");
}

#define PLAIN_WHY "An account's password in the clear on the network is the whole mailbox, and most " \
	"often the domain account, to whoever listens."

const struct rule rule_imap_plain = {
	.id = "imap-plaintext-login",
	.title = "IMAP takes passwords without TLS",
	.group = "mail",
	.severity = SEV_HIGH,
	.reference = URL_POP_IMAP,
	.rationale = PLAIN_WHY,
	.remediation = "Set-ImapSettings -LoginType SecureLogin (the default), then restart the service.",
	.check = check_imap,
};

const struct rule rule_pop_plain = {
	.id = "pop-plaintext-login",
	.title = "POP3 takes passwords without TLS",
	.group = "mail",
	.severity = SEV_HIGH,
	.reference = URL_POP_IMAP,
	.rationale = PLAIN_WHY,
	.remediation = "Set-PopSettings -LoginType SecureLogin (the default), then restart the service.",
	.check = check_pop,
};

/* The port that is open, if any, speaks for the service. */
static enum verdict
check_exposed(const struct rule_in *in, struct finding *f, const char *const *probes,
    const char *called)
{
	const char *best = NULL;

	for (; *probes != NULL; probes++) {
		const struct observation *port = service_port(in->obs, *probes);

		if (port != NULL && (best == NULL || strcmp(port->text, "open") == 0))
			best = *probes;
		else if (best == NULL && probes[1] == NULL)
			best = *probes;
	}
	return service_exposed(in, f, best, called);
}

static enum verdict
check_imap_exposed(const struct rule_in *in, struct finding *f)
{
	return check_exposed(in, f, imap, "IMAP");
}

static enum verdict
check_pop_exposed(const struct rule_in *in, struct finding *f)
{
	return check_exposed(in, f, pop, "POP3");
}

#define EXPOSED_WHY "A protocol of passwords, outside modern authentication and its second factor, is what " \
	"password spraying looks for. Exchange leaves it off by default: closed is the good answer."

const struct rule rule_imap_reachable = {
	.id = "imap-reachable",
	.title = "IMAP is reachable from this vantage point",
	.group = "exposure",
	.severity = SEV_MEDIUM,
	.reference = URL_POP_IMAP,
	.rationale = EXPOSED_WHY,
	.remediation = "Stop and disable the MSExchangeImap4 services, or let in only the hosts that need them.",
	.check = check_imap_exposed,
};

const struct rule rule_pop_reachable = {
	.id = "pop-reachable",
	.title = "POP3 is reachable from this vantage point",
	.group = "exposure",
	.severity = SEV_MEDIUM,
	.reference = URL_POP_IMAP,
	.rationale = EXPOSED_WHY,
	.remediation = "Stop and disable the MSExchangePop3 services, or let in only the hosts that need them.",
	.check = check_pop_exposed,
};

/* ---- on the way ---- */

static enum verdict
check_masked(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = NULL, *first = NULL;

	while ((k = next_of(in->obs, FACT_MAIL_MASKED, all, k)) != NULL) {
		finding_proof(f, in->obs, k);
		finding_list(f, "word", k->text);
		first = first == NULL ? k : first;
	}
	if (first != NULL) {
		finding_why(f, "%s: something on the way overwrites words of the server: %s.", first->at,
		    first->text);
		return VERDICT_FAIL;
	}
	k = next_of(in->obs, FACT_MAIL_BANNER, all, NULL);
	if (k == NULL)
		return unseen(in, f, all, "No mail service was heard");
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
