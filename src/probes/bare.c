/*
 * bare.c - requests without a Host header (C-25).
 *
 * HTTP/1.0 knows no Host.  IIS then puts an address or name of its own into a
 * redirect or a realm: the internal one, unless somebody set it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "probes/note.h"
#include "probes/bare.h"
#include "probes/table.h"
#include "wire/challenge.h"

/* They redirect, or name a realm, on every release. */
static const char *const paths[] = {
	"/owa/", "/autodiscover/autodiscover.xml", "/Microsoft-Server-ActiveSync",
};

#define NPATHS	(sizeof(paths) / sizeof(paths[0]))

static bool
read_v4(const char *s, size_t len, unsigned part[4])
{
	size_t at = 0;

	for (int i = 0; i < 4; i++) {
		size_t digits = 0;

		part[i] = 0;
		while (at < len && s[at] >= '0' && s[at] <= '9' && digits < 3) {
			part[i] = part[i] * 10 + (unsigned)(s[at++] - '0');
			digits++;
		}
		if (digits == 0 || part[i] > 255 || (i < 3 && (at == len || s[at++] != '.')))
			return false;
	}
	return at == len;
}

/* RFC 1918, 3927, 6598: addresses that mean nothing outside. */
static bool
is_private(const unsigned p[4])
{
	return p[0] == 10 || (p[0] == 172 && p[1] >= 16 && p[1] <= 31) ||
	    (p[0] == 192 && p[1] == 168) || (p[0] == 169 && p[1] == 254) ||
	    (p[0] == 100 && p[1] >= 64 && p[1] <= 127);
}

static bool
ends_nocase(const char *s, size_t len, const char *tail)
{
	size_t n = strlen(tail);

	return len > n && text_find_nocase(s + len - n, n, tail) != NULL;
}

bool
bare_is_internal(const char *s, size_t len)
{
	static const char *const tails[] = {
		".local", ".lan", ".internal", ".intern", ".corp", ".home", ".private", ".localdomain",
	};
	unsigned part[4];

	if (len == 0 || len > 255)
		return false;
	if (read_v4(s, len, part))
		return is_private(part);
	/* RFC 4193: fc00::/7; RFC 4291: fe80::/10 */
	if (memchr(s, ':', len) != NULL)
		return (s[0] | 0x20) == 'f' && len > 4 && ((s[1] | 0x20) == 'c' ||
		    (s[1] | 0x20) == 'd' || ((s[1] | 0x20) == 'e' && strchr("89abAB", s[2]) != NULL));
	for (size_t i = 0; i < len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_", s[i]) == NULL)
			return false;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		if (ends_nocase(s, len, tails[i]))
			return true;
	return memchr(s, '.', len) == NULL && !(len == 9 && text_find_nocase(s, 9, "localhost") != NULL);
}

bool
bare_url_host(const char *url, const char **host, size_t *len)
{
	const char *p = strstr(url, "://"), *end;

	if (p == NULL || p + 1 != url + strcspn(url, "/?#"))
		return false;
	p += 3;
	end = p + strcspn(p, "/?#");
	if (*p == '[') {
		const char *close = memchr(p, ']', (size_t)(end - p));

		if (close == NULL)
			return false;
		*host = p + 1;
		*len = (size_t)(close - p - 1);
		return true;
	}
	*host = p;
	*len = strcspn(p, ":/?#");
	return true;
}

/* What the target is called tells nothing that the asker did not know. */
static void
note_host(struct talk *talk, const char *p, size_t len, const struct http_header *h)
{
	char evidence[NOTE_EVIDENCE];

	if (!bare_is_internal(p, len) ||
	    (strlen(talk->host) == len && text_find_nocase(p, len, talk->host) != NULL) ||
	    strstr(talk->at, "://") == NULL)
		return;
	obs_text_n(talk->obs, FACT_HTTP_INTERNAL, talk->at, talk->probe, p, len,
	    note_evidence(evidence, h));
}

static void
note_realms(struct talk *talk, const struct http_header *h)
{
	const char *rest = h->value;
	struct challenge c;
	char realm[256];

	while (challenge_next(&rest, &c))
		if (challenge_is(&c, "Basic") && challenge_param(&c, "realm", realm, sizeof(realm)))
			note_host(talk, realm, strlen(realm), h);
}

static bool
bare_ask(struct talk *talk, struct http_ask *ask)
{
	if (talk->step >= NPATHS)
		return false;
	(void)snprintf(ask->path, sizeof(ask->path), "%s", paths[talk->step]);
	ask->bare = true;
	return true;
}

static enum heard
bare_hear(struct talk *talk, const struct http_reply *reply)
{
	for (size_t i = 0; i < reply->nheaders; i++) {
		const struct http_header *h = &reply->headers[i];
		const char *host;
		size_t len;

		if ((text_eq_nocase(h->name, "Location") ||
		    text_eq_nocase(h->name, "Content-Location")) && bare_url_host(h->value, &host, &len))
			note_host(talk, host, len, h);
		else if (text_eq_nocase(h->name, "WWW-Authenticate"))
			note_realms(talk, h);
	}
	note_number(talk, FACT_BARE_STATUS, reply->status, "");
	return ++talk->step < NPATHS ? HEARD_NEXT : HEARD_DONE;
}

const struct probe probe_bare = {
	.name = "internal-address",
	.summary = "HTTP/1.0 without Host: an internal address or name in the answer",
	.technique = "C-25",
	.flags = PROBE_ALONE | PROBE_FULL,
	.gives = (const enum fact[]){ FACT_HTTP_INTERNAL, FACT_BARE_STATUS, FACT_COUNT },
	.http_ask = bare_ask,
	.http_hear = bare_hear,
};
