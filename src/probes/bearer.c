/*
 * bearer.c - modern authentication, by the empty Bearer challenge (C-26).
 *
 * "Authorization: Bearer" without a token is what a mail client sends to ask
 * where it would get one (MS-XOAUTH).  A server with hybrid modern
 * authentication names its authorization_uri; one that only trusts other
 * servers by OAuth does not.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probes/bearer.h"
#include "probes/note.h"
#include "probes/table.h"
#include "wire/challenge.h"
#include "wire/httptext.h"

enum { BEARER_ISSUERS = 8, BEARER_VALUE = 1024 };

static const char *const paths[] = {
	"/EWS/Exchange.asmx", "/autodiscover/autodiscover.xml", "/mapi/emsmdb/",
};

#define NPATHS	(sizeof(paths) / sizeof(paths[0]))

void
bearer_add(struct http_ask *ask)
{
	ask->headers[ask->nheaders++] = (struct http_header){
		.name = "Authorization", .value = "Bearer",
	};
}

/* 11111111-2222-3333-4444-555555555555, or a domain: "common" and "adfs" are no tenants. */
static bool
is_tenant(const char *p, size_t len)
{
	if (len == 36 && strspn(p, "0123456789abcdefABCDEF-") >= len)
		return true;
	return len > 2 && memchr(p, '.', len) != NULL && p[0] != '.' && p[len - 1] != '.';
}

/* The tenant in https://sts.windows.net/TENANT/ or https://login.microsoftonline.com/TENANT/oauth2/... */
static void
note_tenant_of(struct talk *talk, const char *url, size_t len, const char *evidence)
{
	static const char *const hosts[] = {
		"https://login.windows.net/", "https://login.microsoftonline.com/", "https://sts.windows.net/",
		"https://login.microsoftonline.us/", "https://login.partner.microsoftonline.cn/",
		"https://login.chinacloudapi.cn/",
	};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		size_t n = strlen(hosts[i]), used = 0;

		if (len <= n || text_find_nocase(url, n, hosts[i]) == NULL)
			continue;
		while (n + used < len && strchr("/?#", url[n + used]) == NULL)
			used++;
		if (is_tenant(url + n, used))
			obs_text_n(talk->obs, FACT_BEARER_TENANT, talk->at, talk->probe, url + n, used, evidence);
	}
}

/* "APPLICATION@TENANT,APPLICATION@TENANT"; a tenant of * is any. */
static void
note_issuers(struct talk *talk, const char *list, const char *evidence)
{
	struct httptext_span item;

	for (int i = 0; i < BEARER_ISSUERS && httptext_item(&list, ',', &item); i++) {
		const char *at = memchr(item.p, '@', item.len);
		size_t n = at != NULL ? item.len - (size_t)(at + 1 - item.p) : 0;

		obs_text_n(talk->obs, FACT_BEARER_ISSUER, talk->at, talk->probe, item.p, item.len, "");
		note_tenant_of(talk, item.p, item.len, evidence);
		if (n > 0 && !(n == 1 && at[1] == '*'))
			obs_text_n(talk->obs, FACT_BEARER_TENANT, talk->at, talk->probe, at + 1, n,
			    evidence);
	}
}

static void
note_challenge(struct talk *talk, const struct challenge *c, const struct http_header *h)
{
	char value[BEARER_VALUE], evidence[NOTE_EVIDENCE];

	(void)note_evidence(evidence, h);
	if (challenge_param(c, "authorization_uri", value, sizeof(value)) && value[0] != '\0') {
		note_text(talk, FACT_BEARER_URI, value, evidence);
		note_tenant_of(talk, value, strlen(value), evidence);
	}
	if (challenge_param(c, "trusted_issuers", value, sizeof(value)))
		note_issuers(talk, value, evidence);
}

void
bearer_note(struct talk *talk, const struct http_reply *reply)
{
	const char *why = http_reply_header(reply, "x-ms-diagnostics");
	char evidence[NOTE_EVIDENCE] = "";
	bool offered = false;

	if (reply->status != 401)
		return;
	for (size_t i = 0; i < reply->nheaders; i++) {
		const struct http_header *h = &reply->headers[i];
		const char *rest = h->value;
		struct challenge c;

		if (!text_eq_nocase(h->name, "WWW-Authenticate"))
			continue;
		while (challenge_next(&rest, &c)) {
			if (!challenge_is(&c, "Bearer"))
				continue;
			offered = true;
			(void)note_evidence(evidence, h);
			note_challenge(talk, &c, h);
		}
	}
	note_number(talk, FACT_BEARER, offered, evidence);
	if (why != NULL && why[0] != '\0')
		note_text(talk, FACT_BEARER_WHY, why, "");
}

static bool
bearer_ask(struct talk *talk, struct http_ask *ask)
{
	if (talk->step >= NPATHS)
		return false;
	(void)snprintf(ask->path, sizeof(ask->path), "%s", paths[talk->step]);
	bearer_add(ask);
	return true;
}

/* Status and schemes of these paths are noted by the probes that ask without it. */
static enum heard
bearer_hear(struct talk *talk, const struct http_reply *reply)
{
	bearer_note(talk, reply);
	return ++talk->step < NPATHS ? HEARD_NEXT : HEARD_DONE;
}

const struct probe probe_bearer = {
	.name = "bearer",
	.summary = "Modern authentication by an empty Bearer token: EWS, Autodiscover, MAPI",
	.technique = "C-26",
	.flags = PROBE_FULL | PROBE_EACH,
	.gives = (const enum fact[]){ BEARER_GIVES, FACT_COUNT },
	.http_ask = bearer_ask,
	.http_hear = bearer_hear,
};
