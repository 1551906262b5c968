/* body.c - what every reply tells by its body: title, products, builds. */
#include <string.h>

#include "base/text.h"
#include "probes/body.h"
#include "probes/head.h"
#include "probes/marks.h"
#include "probes/note.h"
#include "wire/httptext.h"

#define TITLE_WITHIN	16384	/* a title further down is none of the page's head */
#define TITLE_MAX	256
#define PATHS_MAX	4	/* builds noted from the paths of one page */

/* "/owa/" [ "auth/" | "prem/" ]: the folder of the build follows. */
static size_t
folder_at(const char *p, size_t len)
{
	static const char *const heads[] = { "/owa/auth/", "/owa/prem/", "/owa/" };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		size_t n = strlen(heads[i]);

		if (len > n && text_find_nocase(p, n, heads[i]) == p)
			return n;
	}
	return 0;
}

/*
 * The pages of OWA name the folder of their build: three parts on 2013 and
 * later (/owa/auth/15.2.1748/themes), four before (/owa/14.3.123.3/themes).
 */
static void
note_paths(struct talk *talk, const char *body, size_t len)
{
	const char *end = body + len, *p = body;
	char build[HTTPTEXT_BUILD], evidence[NOTE_EVIDENCE];
	unsigned noted = 0;

	while (noted < PATHS_MAX && (p = memchr(p, '/', (size_t)(end - p))) != NULL) {
		size_t left = (size_t)(end - p), n = folder_at(p, left), used;

		if (n != 0 && httptext_build_at(p + n, left - n, build, &used) >= 3 &&
		    n + used < left && p[n + used] == '/') {
			(void)note_quote(evidence, p, n + used + 1);
			if (!note_has(talk, FACT_BUILD_PATH, build))
				noted++;
			note_once(talk, FACT_BUILD_PATH, build, evidence);
			note_once(talk, FACT_MARK, "owa-path", evidence);
		}
		p++;
	}
}

/* The page of /mapi/emsmdb/ and /mapi/nspi/: "Version: 15.1.2176.9<br>". */
static void
note_mapi_page(struct talk *talk, const char *body, size_t len)
{
	static const char page[] = "Exchange MAPI/HTTP Connectivity Endpoint";
	static const char label[] = "Version: ";
	const char *p = text_find_nocase(body, len, page);
	char build[HTTPTEXT_BUILD], evidence[NOTE_EVIDENCE];
	size_t used;

	if (p == NULL)
		return;
	note_once(talk, FACT_MARK, "mapi-page", page);
	p = text_find_nocase(p, len - (size_t)(p - body), label);
	if (p == NULL)
		return;
	p += sizeof(label) - 1;
	if (httptext_build_at(p, len - (size_t)(p - body), build, &used) == 0)
		return;
	note_text(talk, FACT_BUILD_MAPI, build,
	    note_quote(evidence, p - (sizeof(label) - 1), used + sizeof(label) - 1));
}

const char *
body_certificate(const struct http_reply *reply)
{
	static const struct { unsigned status; const char *text; } pages[] = {
		{ 403, "403.7" }, { 403, "client certificate" },
		{ 400, "No required SSL certificate was sent" },
	};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (reply->status == pages[i].status &&
		    text_find_nocase(reply->body, reply->body_len, pages[i].text) != NULL)
			return pages[i].text;
	return NULL;
}

void
body_note(struct talk *talk, const struct http_reply *reply)
{
	char title[TITLE_MAX];
	const char *wanted;
	size_t n;

	if (reply->body_len == 0)
		return;
	n = httptext_title(reply->body, reply->body_len < TITLE_WITHIN ? reply->body_len :
	    TITLE_WITHIN, title, sizeof(title));
	if (n > 0)
		obs_text_n(talk->obs, FACT_HTTP_TITLE, talk->at, talk->probe, title, n, "");
	marks_note(talk, MARKS_BODY, reply->body, reply->body_len, head_is_exchange(reply));
	wanted = body_certificate(reply);
	if (wanted != NULL)
		note_text(talk, FACT_HTTP_AUTH, "certificate", wanted);
	if (!note_has(talk, FACT_MARK_OTHER, "tmg"))
		note_paths(talk, reply->body, reply->body_len);
	if (reply->body_len < TITLE_WITHIN)
		note_mapi_page(talk, reply->body, reply->body_len);
}
