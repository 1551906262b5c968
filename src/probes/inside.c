/*
 * inside.c - internal addresses and names in the headers of an ordinary reply:
 * a redirect to where the server thinks that it is, a proxy that names whom it
 * asked, the cookie of a balancer that holds a member's address.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probes/bare.h"
#include "probes/inside.h"
#include "probes/note.h"

enum { INSIDE_V4 = 15 };	/* "255.255.255.255" */

/* Four numbers there are a version, or a value of the client's own. */
static bool
is_other(const char *name)
{
	static const char *const names[] = { "Server", "X-Powered-By", "Set-Cookie", "ETag", "request-id" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_eq_nocase(name, names[i]))
			return true;
	return text_find_nocase(name, strlen(name), "version") != NULL;
}

/* One note an address, whoever saw it first; the name that was asked tells nothing new. */
static void
note_inside(struct talk *talk, const char *p, size_t len, const struct http_header *h)
{
	char evidence[NOTE_EVIDENCE], value[256];

	if (!bare_is_internal(p, len) || (strlen(talk->host) == len &&
	    text_find_nocase(p, len, talk->host) != NULL))
		return;
	(void)snprintf(value, sizeof(value), "%.*s", (int)len, p);
	if (obs_find(talk->obs, FACT_HTTP_INSIDE, value) == NULL)
		note_text(talk, FACT_HTTP_INSIDE, value, note_evidence(evidence, h));
}

/* Addresses as words of their own: "1.1 10.2.3.4:8080 (proxy)", not "x10.2.3.4.5". */
static void
find_addresses(struct talk *talk, const struct http_header *h)
{
	static const char word[] = "0123456789.";
	const char *p = h->value;

	while (*(p += strcspn(p, word)) != '\0') {
		size_t n = strspn(p, word);
		bool joined = p > h->value && strchr(" \t-_/=@[(\"',;:", p[-1]) == NULL;
		const char *end = p + n;
		unsigned dots = 0;

		while (n > 0 && p[n - 1] == '.')
			n--;
		for (size_t i = 0; i < n; i++)
			dots += p[i] == '.';
		if (!joined && dots == 3 && n <= INSIDE_V4 && strchr("-_", *end) == NULL)
			note_inside(talk, p, n, h);
		p = end;
	}
}

/* F5's cookie: the member's address as a little-endian number, then its port. */
static void
read_balancer(struct talk *talk, const struct http_header *h)
{
	const char *p = strchr(h->value, '=');
	uint32_t n = 0;
	char value[INSIDE_V4 + 1];
	size_t digits;

	if (p == NULL || !text_starts_nocase(h->value, "BIGipServer"))
		return;
	digits = strspn(++p, "0123456789");
	if (digits == 0 || digits > 10 || p[digits] != '.')
		return;
	for (size_t i = 0; i < digits; i++)
		n = n * 10 + (uint32_t)(p[i] - '0');
	(void)snprintf(value, sizeof(value), "%u.%u.%u.%u", (unsigned)(n & 255),
	    (unsigned)(n >> 8 & 255), (unsigned)(n >> 16 & 255), (unsigned)(n >> 24));
	note_inside(talk, value, strlen(value), h);
}

void
inside_note(struct talk *talk, const struct http_reply *reply)
{
	for (size_t i = 0; i < reply->nheaders; i++) {
		const struct http_header *h = &reply->headers[i];
		const char *host;
		size_t len;

		if (text_eq_nocase(h->name, "Set-Cookie"))
			read_balancer(talk, h);
		else if (text_eq_nocase(h->name, "Location") || text_eq_nocase(h->name, "Content-Location")) {
			if (bare_url_host(h->value, &host, &len))
				note_inside(talk, host, len, h);
		} else if (!is_other(h->name))
			find_addresses(talk, h);
	}
}
