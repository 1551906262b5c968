/*
 * side.c - the web at other ports of the host: plain HTTP at 80, and the back
 * end that only the front end of the same server should ask (444, 81).
 *
 * What is heard there is noted apart from what the target's own port says, so
 * that no verdict on the target rests on another port.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probes/body.h"
#include "probes/inside.h"
#include "probes/note.h"
#include "probes/table.h"
#include "wire/challenge.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define MAX_PATHS	12

/* What tells most comes first: a server that ends each connection is not asked for all. */
static const struct row {
	const char	*probe;
	const char	*paths[MAX_PATHS];
} rows[] = {
	{ "plain", { "/owa/", "/autodiscover/autodiscover.xml", "/Microsoft-Server-ActiveSync",
	    "/EWS/Exchange.asmx", "/ecp/", "/rpc/rpcproxy.dll", "/PowerShell/", "/mapi/emsmdb/", "/OAB/",
	    "/api/", "/" } },
	{ "backend", { "/owa/", "/PowerShell/", "/ecp/", "/EWS/Exchange.asmx",
	    "/autodiscover/autodiscover.xml", "/mapi/emsmdb/", "/rpc/rpcproxy.dll",
	    "/Microsoft-Server-ActiveSync", "/OAB/", "/api/" } },
	{ "backend-plain", { "/PowerShell/", "/owa/", "/ecp/", "/EWS/Exchange.asmx",
	    "/autodiscover/autodiscover.xml", "/mapi/emsmdb/", "/rpc/rpcproxy.dll",
	    "/Microsoft-Server-ActiveSync", "/OAB/", "/api/" } },
};

static const char *
path_of(const struct talk *talk, unsigned step)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].probe, talk->probe) == 0)
			return step < MAX_PATHS ? rows[i].paths[step] : NULL;
	return NULL;
}

static bool
side_ask(struct talk *talk, struct http_ask *ask)
{
	const char *path = path_of(talk, talk->step);

	if (path == NULL)
		return false;
	(void)snprintf(ask->path, sizeof(ask->path), "%s", path);
	ask->last = path_of(talk, talk->step + 1) == NULL;
	return true;
}

static void
note_auth(struct talk *talk, const struct http_header *h)
{
	static const char *const schemes[] = { "Basic", "Bearer", "Digest", "Negotiate", "NTLM" };
	const char *rest = h->value;
	struct challenge c;

	while (challenge_next(&rest, &c))
		for (size_t i = 0; i < COUNT(schemes); i++)
			if (challenge_is(&c, schemes[i]))
				note_text(talk, FACT_WEB_AUTH, schemes[i], "");
}

static void
note_header(struct talk *talk, const struct http_header *h)
{
	static const char *const own[] = {
		"X-FEServer", "X-BEServer", "X-OWA-Version", "X-DiagInfo", "X-SOAP-Enabled",
		"X-CalculatedBETarget",
	};
	char evidence[NOTE_EVIDENCE];

	if (text_eq_nocase(h->name, "WWW-Authenticate"))
		note_auth(talk, h);
	else if (text_eq_nocase(h->name, "Server"))
		note_once(talk, FACT_WEB_SERVER, h->value, "");
	for (size_t i = 0; i < COUNT(own); i++)
		if (text_eq_nocase(h->name, own[i]))
			note_once(talk, FACT_WEB_EXCHANGE, own[i], note_evidence(evidence, h));
}

static enum heard
side_hear(struct talk *talk, const struct http_reply *reply)
{
	const char *location = http_reply_header(reply, "Location");
	const char *certificate = body_certificate(reply);

	note_number(talk, FACT_WEB_STATUS, reply->status, "");
	if (reply->status >= 300 && reply->status < 400 && location != NULL)
		note_text(talk, FACT_WEB_REDIRECT, location, "");
	for (size_t i = 0; i < reply->nheaders; i++)
		note_header(talk, &reply->headers[i]);
	if (certificate != NULL)
		note_text(talk, FACT_WEB_AUTH, "certificate", certificate);
	inside_note(talk, reply);
	return path_of(talk, ++talk->step) != NULL ? HEARD_NEXT : HEARD_DONE;
}

static const enum fact gives[] = {
	FACT_PORT, FACT_WEB_STATUS, FACT_WEB_AUTH, FACT_WEB_REDIRECT, FACT_WEB_SERVER,
	FACT_WEB_EXCHANGE, FACT_HTTP_INSIDE, FACT_COUNT,
};

#define SIDE_PROBE(id, word, says, from, number, how)	\
const struct probe probe_##id = {			\
	.name = word,					\
	.summary = says,				\
	.technique = from,				\
	.port = number,					\
	.flags = PROBE_FULL | (how),			\
	.gives = gives,					\
	.http_ask = side_ask,				\
	.http_hear = side_hear,				\
}

SIDE_PROBE(plain, "plain", "Plain HTTP: redirect to HTTPS, content, authentication", "C-14 C-32", 80,
    PROBE_PLAIN);
SIDE_PROBE(backend, "backend", "Back end of Exchange over HTTPS: reachable from here?", "", 444, 0);
SIDE_PROBE(backend_plain, "backend-plain", "Back end of Exchange over HTTP: reachable from here?",
    "", 81, PROBE_PLAIN);
