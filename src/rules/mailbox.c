/* mailbox.c - findings on IMAP and POP3: log-on in the clear, exposure. */
#include <string.h>

#include "rules/mailseen.h"
#include "rules/service.h"
#include "rules/table.h"

#define URL_POP_IMAP "https://learn.microsoft.com/exchange/clients/pop3-and-imap4/pop3-and-imap4"

static enum verdict
check_plain(const struct rule_in *in, struct finding *f, const char *const *probes, const char *called)
{
	const struct observation *k = mailseen_find(in->obs, FACT_MAIL_LOGIN, probes, "allowed"), *off;

	if (k == NULL)
		k = mailseen_bare(in, f, probes);
	if (k != NULL) {
		finding_proof(f, in->obs, k);
		finding_why(f, "%s at %s takes a bare password without TLS (%s).", called, k->at,
		    k->fact == FACT_MAIL_LOGIN ? "log-on allowed" : k->text);
		return VERDICT_FAIL;
	}
	if (mailseen_unclear(in, f, probes, "Log-on in the clear"))
		return VERDICT_UNDECIDABLE;
	off = mailseen_next(in->obs, FACT_MAIL_LOGIN, probes, NULL);
	if (off == NULL)
		return mailseen_none(in, f, probes, "Log-on in the clear was not seen");
	finding_proof(f, in->obs, off);
	finding_why(f, "%s at %s takes no password without TLS.", called, off->at);
	return VERDICT_PASS;
}

static enum verdict
check_imap(const struct rule_in *in, struct finding *f)
{
	return check_plain(in, f, mailseen_imap, "IMAP");
}

static enum verdict
check_pop(const struct rule_in *in, struct finding *f)
{
	return check_plain(in, f, mailseen_pop, "POP3");
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
	return check_exposed(in, f, mailseen_imap, "IMAP");
}

static enum verdict
check_pop_exposed(const struct rule_in *in, struct finding *f)
{
	return check_exposed(in, f, mailseen_pop, "POP3");
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

