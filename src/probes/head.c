/*
 * head.c - what every reply tells by its status and its headers, whatever was
 * asked and whatever the status is.
 *
 * One table of headers; a header may come twice, or once with several values.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probes/head.h"
#include "probes/inside.h"
#include "probes/marks.h"
#include "probes/note.h"
#include "wire/challenge.h"
#include "wire/httpdate.h"
#include "wire/httptext.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define LIST_MAX	8		/* values of one header line that are read */
#define SCHEMES_MAX	32		/* challenges of one */

const enum fact head_gives[] = { HEAD_GIVES, FACT_COUNT };

struct row {
	const char	*name;
	enum fact	 fact;		/* FACT_COUNT: none of its own */
	const char	*mark;		/* mark of Exchange; NULL: none */
	void		(*read)(struct talk *, const struct row *, const struct http_header *);
};

static bool
is_name(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
		    p[i]) == NULL)
			return false;
	return len > 0 && len <= 255;
}

static bool
is_guid(const char *s)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i;

	for (i = 0; shape[i] != '\0' && s[i] != '\0'; i++)
		if (shape[i] == '-' ? s[i] != '-' : strchr("0123456789abcdefABCDEF", s[i]) == NULL)
			return false;
	return shape[i] == '\0' && s[i] == '\0';
}

static bool
ends_nocase(const char *p, size_t len, const char *tail)
{
	size_t n = strlen(tail);

	return len >= n && text_find_nocase(p + len - n, n, tail) != NULL;
}

/* A word of the host: the header as it is. */
static void
read_once(struct talk *talk, const struct row *row, const struct http_header *h)
{
	char evidence[NOTE_EVIDENCE];

	if (h->value[0] == '\0')
		return;
	if (row->fact != FACT_COUNT)
		note_once(talk, row->fact, h->value, "");
	if (row->mark != NULL)
		note_once(talk, FACT_MARK, row->mark, note_evidence(evidence, h));
}

/*
 * The word of http.sys is noted at every place: it tells which application
 * pool is stopped.  That of a site is the same everywhere.
 */
static void
read_server(struct talk *talk, const struct row *row, const struct http_header *h)
{
	if (text_starts_nocase(h->value, "Microsoft-HTTPAPI/"))
		note_text(talk, row->fact, h->value, "");
	else
		read_once(talk, row, h);
	marks_note(talk, MARKS_SERVER, h->value, strlen(h->value), false);
}

/* Names of servers, often twice or joined: one note a name. */
static void
read_names(struct talk *talk, const struct row *row, const struct http_header *h)
{
	const char *rest = h->value;
	struct httptext_span item;
	char evidence[NOTE_EVIDENCE];

	(void)note_evidence(evidence, h);
	for (int i = 0; i < LIST_MAX && httptext_item(&rest, ',', &item); i++) {
		if (!is_name(item.p, item.len))
			continue;
		note_once_n(talk, row->fact, item.p, item.len, evidence);
		note_once(talk, FACT_MARK, row->mark, evidence);
	}
}

/* The same, and a name below outlook.com is Exchange Online's. */
static void
read_target(struct talk *talk, const struct row *row, const struct http_header *h)
{
	char evidence[NOTE_EVIDENCE];
	bool online = ends_nocase(h->value, strlen(h->value), ".outlook.com");

	if (row->fact != FACT_COUNT)
		read_names(talk, row, h);
	if (online)
		note_once(talk, FACT_MARK_ONLINE,
		    row->fact != FACT_COUNT ? "be-target" : "fe-target",
		    note_evidence(evidence, h));
}

static void
read_online(struct talk *talk, const struct row *row, const struct http_header *h)
{
	char evidence[NOTE_EVIDENCE];

	note_once(talk, FACT_MARK_ONLINE, row->mark, note_evidence(evidence, h));
}

static void
read_build(struct talk *talk, const struct row *row, const struct http_header *h)
{
	const char *rest = h->value;
	struct httptext_span item;
	char evidence[NOTE_EVIDENCE], build[HTTPTEXT_BUILD];

	(void)note_evidence(evidence, h);
	for (int i = 0; i < LIST_MAX && httptext_item(&rest, ',', &item); i++) {
		if (httptext_build(item.p, item.len, build) == 0)
			continue;
		note_text(talk, row->fact, build, evidence);
		note_once(talk, FACT_MARK, row->mark, evidence);
		if (text_starts(build, "15.20."))	/* no server of one's own has it */
			note_once(talk, FACT_MARK_ONLINE, "build", evidence);
	}
}

/* "Exchange/15.02.0858.002" */
static void
read_application(struct talk *talk, const struct row *row, const struct http_header *h)
{
	static const char product[] = "Exchange/";
	struct http_header version = { .name = h->name, .value = h->value + sizeof(product) - 1 };

	if (text_starts_nocase(h->value, product))
		read_build(talk, row, &version);
}

static void
read_request_id(struct talk *talk, const struct row *row, const struct http_header *h)
{
	if (is_guid(h->value))
		read_once(talk, row, h);
}

/* A cookie that is set to nothing, in the past, is being taken away. */
static bool
is_removal(const char *value)
{
	const char *end = strchr(value, '=');

	return end != NULL && (end[1] == ';' || end[1] == '\0') &&
	    text_find_nocase(value, strlen(value), "expires=") != NULL;
}

/* RFC 6265 section 4.1.2: attributes stand after the first semicolon. */
static void
note_flags(struct talk *talk, const struct http_header *h, size_t name_len)
{
	const char *rest = strchr(h->value, ';');
	struct httptext_span item;
	char flags[64] = "", value[256], evidence[NOTE_EVIDENCE];
	bool secure = false, http_only = false;
	const char *same = "";

	rest = rest != NULL ? rest + 1 : "";
	for (int i = 0; i < 16 && httptext_item(&rest, ';', &item); i++) {
		secure |= item.len == 6 && text_starts_nocase(item.p, "Secure");
		http_only |= item.len == 8 && text_starts_nocase(item.p, "HttpOnly");
		if (item.len > 9 && text_starts_nocase(item.p, "SameSite="))
			same = text_starts_nocase(item.p + 9, "strict") ? " SameSite=Strict" :
			    text_starts_nocase(item.p + 9, "lax") ? " SameSite=Lax" : " SameSite=None";
	}
	(void)snprintf(flags, sizeof(flags), "%s%s%s", secure ? " Secure" : "",
	    http_only ? " HttpOnly" : "", same);
	(void)snprintf(value, sizeof(value), "%.*s:%s", (int)name_len, h->value,
	    flags[0] != '\0' ? flags : " none");
	note_once(talk, FACT_HTTP_COOKIE_FLAGS, value, note_evidence(evidence, h));
}

static void
read_cookie(struct talk *talk, const struct row *row, const struct http_header *h)
{
	size_t n = strcspn(h->value, "=;, \t");
	struct httptext_span name = { .p = h->value, .len = n };

	if (n == 0 || n > 128 || h->value[n] != '=')
		return;
	note_once_n(talk, row->fact, name.p, name.len, "");
	if (text_starts(talk->at, "https:") && !is_removal(h->value))
		note_flags(talk, h, n);
	marks_note(talk, MARKS_COOKIE, name.p, name.len, false);
}

static void
read_date(struct talk *talk, const struct row *row, const struct http_header *h)
{
	const struct observation *k = obs_first(talk->obs, row->fact);
	char evidence[NOTE_EVIDENCE];
	int64_t date;

	/* One clock is read once, by the probe that runs first if it ran. */
	for (; k != NULL; k = obs_next(talk->obs, k)) {
		const struct probe *p = probe_find(k->probe);

		if (strcmp(k->probe, talk->probe) == 0 ||
		    (p != NULL && (p->flags & PROBE_FIRST) != 0))
			return;
	}
	if (httpdate_parse(h->value, talk->now, &date))
		note_number(talk, row->fact, date - talk->now, note_evidence(evidence, h));
}

/* Schemes as they are registered, so that "basic" and "Basic" are one. */
static const char *const schemes[] = {
	"Basic", "Bearer", "Digest", "Negotiate", "NTLM", "Kerberos",
};

static void
note_challenge(struct talk *talk, const struct challenge *c, const char *evidence)
{
	char value[256];

	(void)snprintf(value, sizeof(value), "%.*s",
	    (int)(c->scheme_len < 32 ? c->scheme_len : 32), c->scheme);
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (challenge_is(c, schemes[i]))
			(void)snprintf(value, sizeof(value), "%s", schemes[i]);
	note_text(talk, FACT_HTTP_AUTH, value, "");
	if (challenge_is(c, "Basic") && challenge_param(c, "realm", value, sizeof(value)))
		note_once(talk, FACT_HTTP_REALM, value, evidence);
	/* Exchange's own name at Microsoft's token service. */
	if (challenge_is(c, "Bearer") && challenge_param(c, "client_id", value, sizeof(value)) &&
	    text_eq_nocase(value, "00000002-0000-0ff1-ce00-000000000000"))
		note_once(talk, FACT_MARK, "bearer", evidence);
}

static void
read_auth(struct talk *talk, const struct row *row, const struct http_header *h)
{
	const char *rest = h->value;
	struct challenge c;
	char evidence[NOTE_EVIDENCE];

	(void)row;
	(void)note_evidence(evidence, h);
	for (int i = 0; i < SCHEMES_MAX && challenge_next(&rest, &c); i++)
		note_challenge(talk, &c, evidence);
}

/* The products behind it are many: a version, never a proof of Exchange. */
static void
read_eas(struct talk *talk, const struct row *row, const struct http_header *h)
{
	char evidence[NOTE_EVIDENCE], build[HTTPTEXT_BUILD];

	if (httptext_build(h->value, strlen(h->value), build) == 0)
		return;
	(void)note_evidence(evidence, h);
	note_text(talk, row->fact, build, evidence);
	note_once(talk, FACT_MARK, row->mark, evidence);
}

static const struct row rows[] = {
	{ "X-OWA-Version", FACT_BUILD, "owa-header", read_build },
	{ "X-ServerApplication", FACT_BUILD_APPLICATION, "server-application", read_application },
	{ "X-FEServer", FACT_NAME_FRONTEND, "feserver", read_names },
	{ "X-BEServer", FACT_NAME_BACKEND, "backend", read_names },
	{ "X-DiagInfo", FACT_NAME_BACKEND, "backend", read_names },
	{ "X-CalculatedBETarget", FACT_NAME_BACKEND, "backend", read_target },
	{ "X-CalculatedFETarget", FACT_COUNT, NULL, read_target },
	{ "X-BeSku", FACT_COUNT, "be-sku", read_online },
	{ "X-RUM-Validated", FACT_COUNT, "rum", read_online },
	{ "X-SOAP-Enabled", FACT_COUNT, "soap-headers", read_once },
	{ "X-WSSecurity-Enabled", FACT_COUNT, "soap-headers", read_once },
	{ "X-FailureContext", FACT_COUNT, "failure-context", read_once },
	{ "request-id", FACT_COUNT, "request-id", read_request_id },
	{ "MS-Server-ActiveSync", FACT_BUILD_EAS, "eas", read_eas },
	{ "Server", FACT_HTTP_SERVER, NULL, read_server },
	{ "X-AspNet-Version", FACT_HTTP_ASPNET, NULL, read_once },
	{ "X-Powered-By", FACT_HTTP_POWERED, NULL, read_once },
	{ "Strict-Transport-Security", FACT_HTTP_HSTS, NULL, read_once },
	{ "Set-Cookie", FACT_HTTP_COOKIE, NULL, read_cookie },
	{ "WWW-Authenticate", FACT_HTTP_AUTH, NULL, read_auth },
	{ "Date", FACT_HTTP_DATE_SKEW, NULL, read_date },
};

static void
read_header(struct talk *talk, const struct http_header *h)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (text_eq_nocase(h->name, rows[i].name)) {
			rows[i].read(talk, &rows[i], h);
			return;
		}
	marks_note(talk, MARKS_HEADER, h->name, strlen(h->name), false);
}

/*
 * One head is copied into command-and-control servers all over the world: a
 * build of 2017, one request-id, and a mailbox server of Exchange Online.
 */
static void
note_decoy(struct talk *talk, const struct http_reply *reply)
{
	const char *build = http_reply_header(reply, "X-OWA-Version");
	const char *id = http_reply_header(reply, "request-id");
	const char *target = http_reply_header(reply, "X-CalculatedBETarget");
	const char *server = http_reply_header(reply, "Server");
	bool online = target != NULL && ends_nocase(target, strlen(target), ".outlook.com");
	bool own = build != NULL && !text_starts(build, "15.20.");

	if (id != NULL && text_eq_nocase(id, "6cfcf35d-0680-4853-98c4-b16723708fc9"))
		note_once(talk, FACT_MARK_DECOY, "c2-head", id);
	else if (own && online)
		note_once(talk, FACT_MARK_DECOY, "online-target-own-build", target);
	if (build != NULL && !own && server != NULL && !text_starts_nocase(server, "Microsoft-IIS/"))
		note_once(talk, FACT_MARK_DECOY, "online-build-foreign-server", server);
}

void
head_note(struct talk *talk, const struct http_reply *reply)
{
	note_number(talk, FACT_HTTP_STATUS, reply->status, "");
	note_number(talk, FACT_HTTP_TTFB, reply->ttfb_ms, "");
	note_once(talk, FACT_HTTP_VERSION, reply->version == 20 ? "2" :
	    reply->version == 10 ? "1.0" : "1.1", "");
	if (reply->limit != NULL)
		note_text(talk, FACT_HTTP_LIMIT, reply->limit, "");
	for (size_t i = 0; i < reply->nheaders; i++)
		read_header(talk, &reply->headers[i]);
	inside_note(talk, reply);
	note_decoy(talk, reply);
}

bool
head_is_exchange(const struct http_reply *reply)
{
	return http_reply_header(reply, "X-FEServer") != NULL ||
	    http_reply_header(reply, "X-OWA-Version") != NULL;
}

static bool
offers(const struct http_reply *reply, const char *scheme, bool same)
{
	for (size_t i = 0; i < reply->nheaders; i++) {
		const char *rest = reply->headers[i].value;
		struct challenge c;

		if (!text_eq_nocase(reply->headers[i].name, "WWW-Authenticate"))
			continue;
		while (challenge_next(&rest, &c))
			if (challenge_is(&c, scheme) == same)
				return true;
	}
	return false;
}

bool
head_offers(const struct http_reply *reply, const char *scheme)
{
	return offers(reply, scheme, true);
}

bool
head_offers_other(const struct http_reply *reply, const char *scheme)
{
	return offers(reply, scheme, false);
}
