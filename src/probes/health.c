/*
 * health.c - healthcheck.htm of the virtual directories (C-16).
 *
 * Managed Availability answers it from memory while it holds a protocol for
 * healthy.  Exchange 2010 and older have no such page, so an absent one is no
 * fault by itself; the states are kept apart for the rules to weigh.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probes/body.h"
#include "probes/head.h"
#include "probes/health.h"
#include "probes/note.h"
#include "probes/redirect.h"
#include "probes/table.h"

static const char *const others[] = {
	"ecp", "EWS", "mapi", "rpc", "OAB", "Microsoft-Server-ActiveSync", "autodiscover",
	"PowerShell",
};

static bool
health_ask(struct talk *talk, struct http_ask *ask)
{
	(void)talk;
	(void)snprintf(ask->path, sizeof(ask->path), "/owa/healthcheck.htm");
	return true;
}

static bool
health_ask_others(struct talk *talk, struct http_ask *ask)
{
	if (talk->step >= sizeof(others) / sizeof(others[0]))
		return false;
	(void)snprintf(ask->path, sizeof(ask->path), "/%s/healthcheck.htm", others[talk->step]);
	return true;
}

bool
health_server(const char *body, size_t len, const char **name, size_t *name_len)
{
	static const char head[] = "200 OK<br/>";
	size_t n = sizeof(head) - 1;

	while (len > 0 && (body[len - 1] == '\r' || body[len - 1] == '\n'))
		len--;
	if (len <= n || len - n > 255 || memcmp(body, head, n) != 0)
		return false;
	for (size_t i = n; i < len; i++)
		if (body[i] == '\0' || strchr("abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", body[i]) == NULL)
			return false;
	*name = body + n;
	*name_len = len - n;
	return true;
}

const char *
health_state(const struct http_reply *reply)
{
	const char *server = http_reply_header(reply, "Server"), *name;
	size_t n;

	if (reply->status == 200)
		return health_server(reply->body, reply->body_len, &name, &n) ? "up" : "unclear";
	if (reply->status == 401)
		return "asks-for-log-on";
	if (reply->status == 403)
		return "refused";
	if (reply->status == 404)
		return "absent";
	if (reply->status >= 300 && reply->status < 400)
		return "redirected";
	/* http.sys answers by itself when the application pool is stopped. */
	if (reply->status == 503 && server != NULL &&
	    text_starts_nocase(server, "Microsoft-HTTPAPI/"))
		return "stopped";
	return reply->status >= 500 ? "down" : "unclear";
}

static enum heard
health_hear(struct talk *talk, const struct http_reply *reply)
{
	char evidence[NOTE_EVIDENCE], path[sizeof(talk->path)];
	const char *name, *state = health_state(reply);
	size_t n;

	head_note(talk, reply);
	(void)redirect_note(talk, reply, path, sizeof(path));
	if (strcmp(state, "up") == 0 &&
	    health_server(reply->body, reply->body_len, &name, &n)) {
		(void)note_quote(evidence, reply->body, reply->body_len);
		note_text(talk, FACT_HEALTH, state, evidence);
		obs_text_n(talk->obs, FACT_NAME_HEALTH, talk->at, talk->probe, name, n, evidence);
		note_once(talk, FACT_MARK, "health", evidence);
	} else {
		const char *server = http_reply_header(reply, "Server");

		(void)snprintf(evidence, sizeof(evidence), "%u%s%.100s", reply->status,
		    server != NULL ? ", Server: " : "", server != NULL ? server : "");
		note_text(talk, FACT_HEALTH, state, evidence);
		body_note(talk, reply);
	}
	talk->step++;
	return HEARD_NEXT;
}

static enum heard
health_hear_one(struct talk *talk, const struct http_reply *reply)
{
	(void)health_hear(talk, reply);
	return HEARD_DONE;
}

static const enum fact gives[] = {
	HEAD_GIVES, FACT_HEALTH, FACT_NAME_HEALTH, FACT_COUNT,
};

const struct probe probe_health = {
	.name = "health",
	.summary = "healthcheck.htm of Outlook on the web: state and server name",
	.technique = "C-16",
	.flags = PROBE_STANDARD | PROBE_FULL,
	.gives = gives,
	.http_ask = health_ask,
	.http_hear = health_hear_one,
};

const struct probe probe_health_all = {
	.name = "health-all",
	.summary = "healthcheck.htm of every other virtual directory",
	.technique = "C-16",
	.flags = PROBE_FULL | PROBE_EACH,
	.gives = gives,
	.http_ask = health_ask_others,
	.http_hear = health_hear,
};
