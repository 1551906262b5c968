/*
 * head.h - what every reply tells by its status and its headers, whatever was
 * asked and whatever the status is.
 */
#ifndef EXVET_HEAD_H
#define EXVET_HEAD_H

#include "probe.h"

/* Facts that any reply may give; for the list of a probe. */
#define HEAD_GIVES \
	FACT_HTTP_STATUS, FACT_HTTP_VERSION, FACT_HTTP_SERVER, FACT_HTTP_TITLE, \
	FACT_HTTP_REDIRECT, FACT_HTTP_OFFSITE, FACT_HTTP_LIMIT, FACT_HTTP_AUTH, \
	FACT_HTTP_REALM, FACT_HTTP_INSIDE, FACT_HTTP_ASPNET, FACT_HTTP_POWERED, FACT_HTTP_HSTS, \
	FACT_HTTP_COOKIE, FACT_HTTP_COOKIE_FLAGS, FACT_HTTP_DATE_SKEW, FACT_HTTP_TTFB, FACT_BUILD, \
	FACT_BUILD_PATH, FACT_BUILD_APPLICATION, FACT_BUILD_MAPI, FACT_BUILD_EAS, \
	FACT_MARK, FACT_MARK_ONLINE, FACT_MARK_PREAUTH, FACT_MARK_OTHER, \
	FACT_MARK_DECOY, FACT_OWA_ERROR, FACT_NAME_FRONTEND, FACT_NAME_BACKEND

extern const enum fact head_gives[];		/* HEAD_GIVES, ended by FACT_COUNT */

void	head_note(struct talk *, const struct http_reply *);
/* Does the head hold what only an Exchange server sends? */
bool	head_is_exchange(const struct http_reply *);
/* Is another scheme than that offered? */
bool	head_offers_other(const struct http_reply *, const char *scheme);
/* Is that scheme offered, without case? */
bool	head_offers(const struct http_reply *, const char *scheme);

#endif
