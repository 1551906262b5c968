/* redirect.c - redirects: noted always, followed only within the target. */
#include <string.h>

#include "base/text.h"
#include "probes/head.h"
#include "probes/marks.h"
#include "probes/note.h"
#include "probes/redirect.h"
#include "wire/location.h"

static bool
is_redirect(unsigned status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* The path of a reference, as sent. */
static const char *
path_of(const char *location)
{
	const char *p = strstr(location, "://");
	const char *query = strchr(location, '?');

	if (p != NULL && (query == NULL || p < query))
		return strchr(p + 3, '/') != NULL ? strchr(p + 3, '/') : "";
	return location;
}

/*
 * Exchange sends from its directories to its log-on page, and to a page that
 * says what broke OWA ("/owa/auth/errorFE.aspx?httpCode=500").  A proxy that
 * only repeats the path that was asked shows nothing.
 */
static void
note_owa(struct talk *talk, const struct http_reply *reply, const char *location)
{
	static const char logon[] = "/owa/auth/logon.aspx", error[] = "/owa/auth/errorFE.aspx";
	const char *path = path_of(location), *code;
	size_t n;

	if (text_starts_nocase(path, logon) && !text_starts_nocase(reply->path, logon))
		note_once(talk, FACT_MARK, "owa-redirect", location);
	if (!text_starts_nocase(path, error) || text_starts_nocase(reply->path, error))
		return;
	note_once(talk, FACT_MARK, "error-fe", location);
	code = text_find_nocase(path, strlen(path), "httpCode=");
	if (code == NULL)
		return;
	code += strlen("httpCode=");
	n = strspn(code, "0123456789");
	if (n >= 1 && n <= 3)
		obs_text_n(talk->obs, FACT_OWA_ERROR, talk->at, talk->probe, code, n, location);
}

bool
redirect_note(struct talk *talk, const struct http_reply *reply, char *path, size_t cap)
{
	const char *location = http_reply_header(reply, "Location");
	const struct location_base base = {
		.url = talk->at, .host = talk->host, .port = talk->port, .path = reply->path,
	};
	enum location where;

	if (!is_redirect(reply->status) || location == NULL || location[0] == '\0')
		return false;
	where = location_resolve(&base, location, path, cap);
	note_text(talk, FACT_HTTP_REDIRECT, location, "");
	if (where == LOCATION_AWAY)
		note_text(talk, FACT_HTTP_OFFSITE, location, "");
	marks_note(talk, MARKS_LOCATION, location, strlen(location), head_is_exchange(reply));
	note_owa(talk, reply, location);
	return where == LOCATION_HERE;
}
