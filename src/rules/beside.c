/* beside.c - what stands beside the web and takes a relayed log-on; see beside.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rules/beside.h"
#include "rules/mailseen.h"
#include "rules/service.h"

static const char *const mailbox[] = { "imap", "imaps", "pop3", "pop3s", NULL };

const struct observation *
beside_smb(const struct obs *obs)
{
	static const enum fact facts[] = { FACT_SMB_SIGNING, FACT_SMB1_SIGNING };

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		for (const struct observation *k = obs_first(obs, facts[i]); k != NULL; k = obs_next(obs, k))
			if (strcmp(k->text, "required") != 0)
				return k;
	return NULL;
}

static const struct observation *
ntlm_of(const struct obs *obs, const char *const *probes)
{
	const struct observation *k = mailseen_find(obs, FACT_MAIL_AUTH, probes, "NTLM");

	return k != NULL ? k : mailseen_find(obs, FACT_MAIL_AUTH_TLS, probes, "NTLM");
}

const struct observation *
beside_exps(const struct obs *obs)
{
	static const enum fact facts[] = { FACT_MAIL_FEATURE, FACT_MAIL_FEATURE_TLS };

	for (size_t i = 0; i < 2; i++)
		for (const struct observation *k = NULL;
		    (k = mailseen_next(obs, facts[i], mailseen_smtp, k)) != NULL;)
			if (text_starts_nocase(k->text, "X-EXPS") &&
			    text_find_nocase(k->text, strlen(k->text), "NTLM") != NULL)
				return k;
	return NULL;
}

const struct observation *
beside_smtp(const struct obs *obs)
{
	const struct observation *k = ntlm_of(obs, mailseen_smtp);

	return k != NULL ? k : beside_exps(obs);
}

const struct observation *
beside_mailbox(const struct obs *obs)
{
	return ntlm_of(obs, mailbox);
}

const struct observation *
beside_half(const struct obs *obs)
{
	const struct observation *k = NULL;

	while ((k = mailseen_next(obs, FACT_MAIL_STARTTLS, mailseen_smtp, k)) != NULL)
		if (strcmp(k->text, "works") != 0 && strcmp(k->text, "missing") != 0)
			return k;
	return NULL;
}

/* Did that service tell what it offers? */
static bool
has_told(const struct obs *obs, const char *at)
{
	static const enum fact facts[] = {
		FACT_MAIL_AUTH, FACT_MAIL_AUTH_TLS, FACT_MAIL_FEATURE, FACT_MAIL_FEATURE_TLS, FACT_MAIL_STARTTLS,
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (obs_next_at(obs, facts[i], at, NULL) != NULL)
			return true;
	return false;
}

/* No port of SMTP was asked, or one is open and said nothing. */
static bool
is_smtp_mute(const struct obs *obs)
{
	const struct observation *k = NULL;
	bool asked = ntlm_of(obs, mailseen_smtp) != NULL ||
	    mailseen_next(obs, FACT_MAIL_FEATURE, mailseen_smtp, NULL) != NULL ||
	    mailseen_next(obs, FACT_MAIL_STARTTLS, mailseen_smtp, NULL) != NULL;

	while ((k = mailseen_next(obs, FACT_PORT, mailseen_smtp, k)) != NULL) {
		asked = true;
		if (strcmp(k->text, "open") == 0 && !has_told(obs, k->at))
			return true;
	}
	return !asked;
}

static const char *
mute_smb(const struct obs *obs)
{
	const struct observation *port = service_port(obs, "smb");

	if (port != NULL && strcmp(port->text, "open") != 0)
		return NULL;
	if (obs_first(obs, FACT_SMB_SIGNING) == NULL && obs_first(obs, FACT_SMB1_SIGNING) == NULL)
		return "SMB";
	return obs_first(obs, FACT_SMB1_OFFERED) == NULL ? "SMB 1" : NULL;
}

char *
beside_unseen(const struct obs *obs)
{
	const struct observation *half = beside_half(obs);
	const char *smb = mute_smb(obs), *smtp = is_smtp_mute(obs) ? "SMTP" : NULL;
	char *inside = half != NULL && beside_smtp(obs) == NULL ?
	    text_printf("what %s offers inside TLS", half->at) : NULL;
	struct text_buf all = { 0 };

	if (smb != NULL || smtp != NULL)
		text_buf_printf(&all, "%s%s%s", smb != NULL ? smb : "", smb != NULL && smtp != NULL ?
		    " and " : "", smtp != NULL ? smtp : "");
	if (inside != NULL)
		text_buf_printf(&all, "%s%s", all.s != NULL ? ", " : "", inside);
	free(inside);
	return all.s;
}
