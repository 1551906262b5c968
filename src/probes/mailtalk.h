/*
 * mailtalk.h - the talk that SMTP, IMAP and POP3 have in common: greeting,
 * what is offered, STARTTLS, what is offered now, the NTLM negotiate message,
 * good-bye.  The three differ in words and in the shape of replies.
 */
#ifndef EXVET_MAILTALK_H
#define EXVET_MAILTALK_H

#include "probe.h"
#include "probes/names.h"
#include "wire/mailreply.h"

enum mailtalk_stage {
	MAILTALK_GREETING,
	MAILTALK_FEATURES,	/* EHLO, CAPABILITY, CAPA */
	MAILTALK_STARTTLS,
	MAILTALK_AUTH,		/* AUTH NTLM: go on? */
	MAILTALK_MESSAGE,	/* our message: the challenge? */
	MAILTALK_CANCEL,	/* "*" */
	MAILTALK_QUIT,
	MAILTALK_STAGES,
};

struct mailtalk {
	enum mailtalk_stage stage;
	bool		 starttls;	/* offered in the clear */
	bool		 anonymous;	/* X-ANONYMOUSTLS is */
	bool		 masked, unlisted;	/* unlisted: a good reply that lists nothing */
	bool		 ntlm;		/* offered here and now */
	bool		 tls_asked, tls_told;
	unsigned	 words;		/* noted of this reply */
	char		 product[32];
};

struct mailtalk_kind {
	/* What is said at a stage; % is our own name.  NULL: nothing. */
	const char	*say[MAILTALK_STAGES];
	enum mailreply_read (*read)(const struct mailtalk *, struct rd *, struct mailreply *);
	/* A good greeting, and a good reply to what is offered. */
	void	(*greeting)(struct talk *, struct mailtalk *, const struct mailreply *);
	void	(*features)(struct talk *, struct mailtalk *, struct mailreply *);
};

/* Facts that it gives; for the list of a probe. */
#define MAILTALK_GIVES \
	FACT_PORT, FACT_MAIL_BANNER, FACT_MAIL_NAME, FACT_MAIL_PRODUCT, FACT_MAIL_LEAK, \
	FACT_MAIL_REFUSED, FACT_MAIL_DELAY, FACT_MAIL_SKEW, FACT_MAIL_FEATURE, \
	FACT_MAIL_FEATURE_TLS, FACT_MAIL_AUTH, FACT_MAIL_AUTH_TLS, FACT_MAIL_LOGIN, \
	FACT_MAIL_STARTTLS, FACT_MAIL_EARLY, FACT_MAIL_MASKED, FACT_MAIL_LIMIT, FACT_MARK, FACT_BUILD_BANNER, \
	NAMES_GIVES

extern const enum fact mailtalk_gives[];	/* MAILTALK_GIVES, ended by FACT_COUNT */

void	mailtalk_ask(struct talk *, struct wr *, const struct mailtalk_kind *);
enum heard mailtalk_hear(struct talk *, struct rd *, bool ended, const struct mailtalk_kind *);

/* For the three: one feature line, and one mechanism, where TLS is or is not. */
void	mailtalk_feature(struct talk *, struct mailtalk *, const struct rd *line);
void	mailtalk_mechanism(struct talk *, struct mailtalk *, const struct rd *word);
void	mailtalk_product(struct talk *, struct mailtalk *, const char *);
void	mailtalk_note(struct talk *, enum fact, const struct rd *, const char *evidence);

#endif
