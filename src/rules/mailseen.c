/* mailseen.c - what the probes of mail saw; see mailseen.h. */
#include <string.h>

#include "base/text.h"
#include "rules/mailseen.h"
#include "rules/service.h"

const char *const mailseen_smtp[] = { "smtp", "submission", "transport", "smtps", NULL };
const char *const mailseen_imap[] = { "imap", "imaps", NULL };
const char *const mailseen_pop[] = { "pop3", "pop3s", NULL };
const char *const mailseen_all[] = {
	"smtp", "submission", "transport", "smtps", "imap", "imaps", "pop3", "pop3s", NULL
};

static bool
is_of(const struct observation *k, const char *const *probes)
{
	for (; *probes != NULL; probes++)
		if (strcmp(k->probe, *probes) == 0)
			return true;
	return false;
}

const struct observation *
mailseen_next(const struct obs *obs, enum fact fact, const char *const *probes,
    const struct observation *after)
{
	const struct observation *k = after != NULL ? obs_next(obs, after) : obs_first(obs, fact);

	while (k != NULL && !is_of(k, probes))
		k = obs_next(obs, k);
	return k;
}

const struct observation *
mailseen_find(const struct obs *obs, enum fact fact, const char *const *probes, const char *text)
{
	const struct observation *k = NULL;

	while ((k = mailseen_next(obs, fact, probes, k)) != NULL)
		if (text_eq_nocase(k->text, text))
			return k;
	return NULL;
}

const struct observation *
mailseen_bare(const struct rule_in *in, struct finding *f, const char *const *probes)
{
	static const char *const bare[] = { "PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER" };
	const struct observation *k = NULL, *found = NULL;

	while ((k = mailseen_next(in->obs, FACT_MAIL_AUTH, probes, k)) != NULL)
		for (size_t i = 0; i < sizeof(bare) / sizeof(bare[0]); i++)
			if (text_eq_nocase(k->text, bare[i])) {
				finding_proof(f, in->obs, k);
				finding_list(f, "mechanism", k->text);
				found = found == NULL ? k : found;
			}
	return found;
}

enum verdict
mailseen_none(const struct rule_in *in, struct finding *f, const char *const *probes, const char *what)
{
	const struct observation *cut = mailseen_next(in->obs, FACT_MAIL_LIMIT, probes, NULL);
	const struct observation *refused = mailseen_next(in->obs, FACT_MAIL_REFUSED, probes, NULL);
	const struct observation *inside = mailseen_next(in->obs, FACT_MAIL_FEATURE_TLS, probes, NULL);
	const char *best = probes[0];

	if (refused != NULL) {
		finding_proof(f, in->obs, refused);
		finding_why(f, "%s: %s turned us away with \"%s\".", what, refused->at, refused->text);
		return VERDICT_NOT_OBSERVABLE;
	}
	if (cut != NULL) {
		finding_proof(f, in->obs, cut);
		finding_why(f, "%s: %s says more than we listen to.", what, cut->at);
		return VERDICT_NOT_OBSERVABLE;
	}
	if (inside != NULL) {
		finding_proof(f, in->obs, inside);
		finding_why(f, "%s: only %s was heard, where TLS comes first.", what, inside->at);
		return VERDICT_NOT_OBSERVABLE;
	}
	for (; *probes != NULL; probes++) {
		const struct observation *port = service_port(in->obs, *probes);

		if (port != NULL && strcmp(port->text, "open") == 0)
			best = *probes;
	}
	return service_unseen(in, f, best, what);
}

bool
mailseen_unclear(const struct rule_in *in, struct finding *f, const char *const *probes, const char *what)
{
	const struct observation *k = mailseen_next(in->obs, FACT_MAIL_MASKED, probes, NULL);
	const struct observation *cut = mailseen_next(in->obs, FACT_MAIL_LIMIT, probes, NULL);

	if (k != NULL) {
		finding_proof(f, in->obs, k);
		finding_why(f, "%s cannot be decided: at %s words of the server are overwritten or garbled "
		    "(%s).", what, k->at, k->text);
		return true;
	}
	if (cut != NULL) {
		finding_proof(f, in->obs, cut);
		finding_why(f, "%s cannot be decided: %s says more than we listen to.", what, cut->at);
		return true;
	}
	return false;
}
