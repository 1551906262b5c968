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

/* "200 OK<br/>" in front, behind what an editor or a proxy may put there (a mark of UTF-8, blanks). */
static size_t
head_of(const char *body, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf", head[] = "200 OK<br/>";
	size_t at = len >= 3 && memcmp(body, bom, 3) == 0 ? 3 : 0, n = sizeof(head) - 1;

	while (at < len && (body[at] == ' ' || body[at] == '\t' || body[at] == '\r' || body[at] == '\n'))
		at++;
	return len - at > n && text_find_nocase(body + at, n, head) != NULL ? at + n : 0;
}

bool
health_server(const char *body, size_t len, const char **name, size_t *name_len)
{
	size_t n;

	while (len > 0 && (body[len - 1] == '\r' || body[len - 1] == '\n' || body[len - 1] == ' ' ||
	    body[len - 1] == '\t'))
		len--;
	n = head_of(body, len);
	if (n == 0 || len - n > 255)
		return false;
	for (size_t i = n; i < len; i++)
		if (body[i] == '\0' || strchr("abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", body[i]) == NULL)
			return false;
	*name = body + n;
	*name_len = len - n;
	return true;
}

/*
 * Who says 503 without a Server header: http.sys when it was switched off there
 * (DisableServerHeader), or a balancer, in the words of its own page.
 */
static const struct { const char *words, *who; } pages[] = {
	{ "HTTP Error 503. The service is unavailable.", "http.sys" },
	{ "No server is available to handle this request", "HAProxy" },
	{ "<b>Http/1.1 Service Unavailable</b>", "NetScaler" },
};

/* "" when nobody tells. */
static const char *
page_of(const struct http_reply *reply)
{
	if (reply->status == 503 && http_reply_header(reply, "Server") == NULL)
		for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
			if (text_find_nocase(reply->body, reply->body_len, pages[i].words) != NULL)
				return pages[i].who;
	return "";
}

/* http.sys answers by itself when the application pool is stopped. */
static bool
is_httpapi(const struct http_reply *reply)
{
	const char *server = http_reply_header(reply, "Server");

	return server != NULL ? text_starts_nocase(server, "Microsoft-HTTPAPI/") :
	    strcmp(page_of(reply), pages[0].who) == 0;
}

const char *
health_state(const struct http_reply *reply)
{
	const char *name;
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
	if (reply->status == 503 && is_httpapi(reply))
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

		(void)snprintf(evidence, sizeof(evidence), "%u%s%.100s", reply->status, server != NULL ?
		    ", Server: " : page_of(reply)[0] != '\0' ? ", page of: " : "",
		    server != NULL ? server : page_of(reply));
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
