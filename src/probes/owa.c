/*
 * owa.c - the web client: /owa/ and its log-on page (C-1, C-2, C-8, C-9, C-13,
 * C-30).
 *
 * The head of /owa/ often names the build, the log-on page nearly always the
 * folder of it; neither alone is enough, for a server may give only one.
 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "probes/body.h"
#include "probes/head.h"
#include "probes/note.h"
#include "probes/redirect.h"
#include "probes/table.h"
#include "wire/httptext.h"

static const char logon_path[] = "/owa/auth/logon.aspx";

/* What owa keeps in talk->word. */
enum { WORD_HOPS, WORD_LOGON };

static bool
owa_ask(struct talk *talk, struct http_ask *ask)
{
	if (talk->step == 0)
		(void)snprintf(talk->path, sizeof(talk->path), "/owa/");
	else if (talk->profile == PROBE_QUICK && (talk->settled || talk->step > 1))
		return false;		/* two requests, so that the others have theirs */
	if (text_starts_nocase(talk->path, logon_path))
		talk->word[WORD_LOGON] = 1;
	(void)snprintf(ask->path, sizeof(ask->path), "%s", talk->path);
	return true;
}

/* The pages to which the mitigation's rewrite rule applies. */
static bool
is_mitigated_path(const char *path)
{
	static const char *const pages[] = {
		"default.aspx", "projection.aspx", "readingPane.aspx", "popout.aspx",
	};

	if (!text_starts_nocase(path, "/owa"))
		return false;
	path += strlen("/owa");
	path += *path == '/';
	if (*path == '\0' || *path == '?')
		return true;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (text_starts_nocase(path, pages[i]))
			return true;
	return false;
}

/* A policy "script-src-attr 'none'", alone or among others (C-30). */
static void
read_policy(struct talk *talk, const struct http_header *h)
{
	static const char name[] = "script-src-attr";
	const char *rest = h->value;
	struct httptext_span item;
	char evidence[NOTE_EVIDENCE];

	note_text(talk, FACT_HTTP_CSP, h->value, "");
	while (httptext_item(&rest, ';', &item)) {
		struct httptext_span value;

		if (item.len <= sizeof(name) - 1 ||
		    text_find_nocase(item.p, sizeof(name) - 1, name) == NULL)
			continue;
		value = httptext_trim(item.p + sizeof(name) - 1, item.len - (sizeof(name) - 1));
		if (value.p > item.p + sizeof(name) - 1 && value.len == 6 &&
		    text_find_nocase(value.p, 6, "'none'") != NULL)
			note_text(talk, FACT_MITIGATION, "CVE-2026-42897",
			    note_evidence(evidence, h));
	}
}

static void
read_policies(struct talk *talk, const struct http_reply *reply)
{
	for (size_t i = 0; i < reply->nheaders; i++)
		if (text_eq_nocase(reply->headers[i].name, "Content-Security-Policy"))
			read_policy(talk, &reply->headers[i]);
}

/* Is the log-on page worth a request of its own? */
static bool
wants_logon(const struct talk *talk, const struct http_reply *reply)
{
	if (talk->word[WORD_LOGON] != 0 || note_has(talk, FACT_MARK, "owa-page") ||
	    note_has(talk, FACT_MARK, "owa-path") || note_has(talk, FACT_MARK_PREAUTH, NULL))
		return false;
	/* Nothing there, and nothing of Exchange says so. */
	return (reply->status != 404 && reply->status < 500) || note_has(talk, FACT_MARK, NULL);
}

static enum heard
owa_hear(struct talk *talk, const struct http_reply *reply)
{
	char path[sizeof(talk->path)];

	talk->step++;
	head_note(talk, reply);
	body_note(talk, reply);
	if (is_mitigated_path(reply->path))
		read_policies(talk, reply);
	if (redirect_note(talk, reply, path, sizeof(path))) {
		if (talk->word[WORD_HOPS] == LIMIT_REDIRECTS) {
			note_number(talk, FACT_HTTP_LOOP, LIMIT_REDIRECTS, "");
			return HEARD_DONE;
		}
		talk->word[WORD_HOPS]++;
		memcpy(talk->path, path, strlen(path) + 1);
		return HEARD_NEXT;
	}
	if (!wants_logon(talk, reply))
		return HEARD_DONE;
	(void)snprintf(talk->path, sizeof(talk->path), "%s", logon_path);
	return HEARD_NEXT;
}

const struct probe probe_owa = {
	.name = "owa",
	.summary = "Outlook on the web: headers, redirects and the log-on page",
	.technique = "C-1 C-2 C-8 C-9 C-13 C-14 C-30",
	.flags = PROBE_FIRST | PROBE_QUICK | PROBE_STANDARD | PROBE_FULL,
	.gives = (const enum fact[]){
		HEAD_GIVES, FACT_HTTP_CSP, FACT_HTTP_LOOP, FACT_MITIGATION, FACT_COUNT,
	},
	.http_ask = owa_ask,
	.http_hear = owa_hear,
};
