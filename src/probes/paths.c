/*
 * paths.c - probes that ask a path or two and read what every reply tells.
 *
 * What is asked stands in one table; a reply of 401 without a log-on is what a
 * healthy directory answers.
 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "probes/bearer.h"
#include "probes/body.h"
#include "probes/head.h"
#include "probes/note.h"
#include "probes/redirect.h"
#include "probes/table.h"

#define MAX_PATHS	2

struct row {
	const char	*probe;
	const char	*method;
	const char	*paths[MAX_PATHS];
	const char	*mark_401;	/* mark of Exchange: 401 with Windows authentication */
};

static const struct row rows[] = {
	{ "autodiscover", "GET", { "/autodiscover/autodiscover.xml" }, "autodiscover-401" },
	{ "autodiscover-svc", "GET", { "/autodiscover/autodiscover.svc" }, NULL },
	{ "ews", "GET", { "/EWS/Exchange.asmx" }, "ews-401" },
	{ "owa-service", "GET", { "/owa/service" }, NULL },
	{ "activesync", "OPTIONS", { "/Microsoft-Server-ActiveSync" }, NULL },
	{ "mapi", "GET", { "/mapi/emsmdb/" }, NULL },
	{ "mapi-nspi", "GET", { "/mapi/nspi/" }, NULL },
	{ "ecp", "GET", { "/ecp/" }, NULL },
	{ "rpc", "GET", { "/rpc/rpcproxy.dll" }, NULL },
	{ "oab", "GET", { "/OAB/" }, NULL },
	{ "powershell", "GET", { "/PowerShell/" }, NULL },
	{ "api", "GET", { "/api/" }, NULL },
	{ "root", "GET", { "/" }, NULL },
};

static const struct row *
row_of(const struct talk *talk)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].probe, talk->probe) == 0)
			return &rows[i];
	return NULL;
}

/* The empty Bearer token rides on a request that is made anyway, until word[0] says without. */
static bool
is_bearer(const struct talk *talk, const struct row *row)
{
	return strcmp(row->method, "OPTIONS") == 0 && talk->word[0] == 0;
}

/* The token hid what is offered to those who have none. */
static bool
is_hidden(const struct http_reply *reply)
{
	return reply->status == 400 || (reply->status == 401 && head_offers(reply, "Bearer") &&
	    !head_offers_other(reply, "Bearer"));
}

/* In quick a build ends it, and so does the number of requests. */
static bool
is_enough(const struct talk *talk)
{
	const struct observation *k;
	int n = 0;

	if (talk->profile != PROBE_QUICK)
		return false;
	for (k = obs_first(talk->obs, FACT_HTTP_STATUS); k != NULL; k = obs_next(talk->obs, k))
		n++;
	return talk->settled || n >= LIMIT_QUICK_REQUESTS;
}

static bool
paths_ask(struct talk *talk, struct http_ask *ask)
{
	const struct row *row = row_of(talk);

	if (row == NULL || talk->step >= MAX_PATHS || row->paths[talk->step] == NULL ||
	    is_enough(talk))
		return false;
	ask->method = row->method;
	(void)snprintf(ask->path, sizeof(ask->path), "%s", row->paths[talk->step]);
	if (is_bearer(talk, row))
		bearer_add(ask);
	return true;
}

static enum heard
paths_hear(struct talk *talk, const struct http_reply *reply)
{
	const struct row *row = row_of(talk);
	char path[sizeof(talk->path)];

	head_note(talk, reply);
	body_note(talk, reply);
	if (row != NULL && is_bearer(talk, row)) {
		bearer_note(talk, reply);
		if (is_hidden(reply)) {
			talk->word[0] = 1;
			return HEARD_NEXT;
		}
	}
	(void)redirect_note(talk, reply, path, sizeof(path));
	if (row != NULL && row->mark_401 != NULL && reply->status == 401 &&
	    (head_offers(reply, "NTLM") || head_offers(reply, "Negotiate")))
		note_once(talk, FACT_MARK, row->mark_401, "401 with Windows authentication");
	talk->step++;
	return row != NULL && talk->step < MAX_PATHS && row->paths[talk->step] != NULL ?
	    HEARD_NEXT : HEARD_DONE;
}

static const enum fact activesync_gives[] = { HEAD_GIVES, BEARER_GIVES, FACT_COUNT };

#define PATHS_PROBE(id, word, says, from, profiles)	\
const struct probe probe_##id = {			\
	.name = word,					\
	.summary = says,				\
	.technique = from,				\
	.flags = profiles,				\
	.gives = head_gives,				\
	.http_ask = paths_ask,				\
	.http_hear = paths_hear,			\
}

#define QUICK		(PROBE_QUICK | PROBE_STANDARD | PROBE_FULL)
#define STANDARD	(PROBE_STANDARD | PROBE_FULL)

PATHS_PROBE(autodiscover, "autodiscover", "Autodiscover: build and authentication",
    "C-4 C-15 C-27", QUICK);
PATHS_PROBE(autodiscover_svc, "autodiscover-svc", "Autodiscover by SOAP: build and authentication",
    "C-5", PROBE_FULL);
PATHS_PROBE(ews, "ews", "Exchange Web Services: build and authentication", "C-6", QUICK);
PATHS_PROBE(owa_service, "owa-service", "OWA's service end point: build and back-end names",
    "C-3 C-15", PROBE_FULL);

const struct probe probe_activesync = {
	.name = "activesync",
	.summary = "ActiveSync OPTIONS: build, version and authentication, modern too",
	.technique = "C-7 C-26",
	.flags = STANDARD,
	.gives = activesync_gives,
	.http_ask = paths_ask,
	.http_hear = paths_hear,
};

PATHS_PROBE(mapi, "mapi", "MAPI over HTTP: build, authentication and its end-point page",
    "", STANDARD);
PATHS_PROBE(mapi_nspi, "mapi-nspi", "MAPI address book: build, authentication and its page",
    "", PROBE_FULL);
PATHS_PROBE(ecp, "ecp", "Exchange admin center: reachable, build and authentication",
    "C-14", STANDARD);
PATHS_PROBE(rpc, "rpc", "Outlook Anywhere: build and authentication", "C-14", PROBE_FULL);
PATHS_PROBE(oab, "oab", "Offline address book: build and authentication", "C-14", PROBE_FULL);
PATHS_PROBE(powershell, "powershell", "Remote PowerShell: reachable and authentication",
    "C-32", STANDARD);
PATHS_PROBE(api, "api", "REST end point: reachable and authentication", "C-14", PROBE_FULL);
PATHS_PROBE(root, "root", "First page of the host: what it is, where it sends",
    "C-23 C-24", PROBE_FULL);
