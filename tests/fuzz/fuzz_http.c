/*
 * fuzz_http.c - any bytes as replies, to every HTTP probe of the table.
 *
 * The first byte picks profile, scheme and whether the build is settled.  The
 * rest are replies, each ended by a record separator: status line, headers, an
 * empty line, the body.  Each string stands in memory of its own, so that a
 * sanitizer sees every end.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "probe.h"
#include "wire/httptext.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define MAX_REPLIES	12
#define MAX_HEADERS	32
#define MAX_ASKS	(LIMIT_REDIRECTS + 8)
#define SEPARATOR	0x1e

struct reply {
	struct http_reply	 reply;
	struct http_header	 headers[MAX_HEADERS];
	char			*body;
};

/* What no reply may bring about. */
static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
read_reply(struct rd in, struct reply *r)
{
	struct rd line;
	const uint8_t *p;

	*r = (struct reply){ .reply = { .status = 200, .version = 11 } };
	if (rd_line(&in, &line) && (p = memchr(line.p, ' ', line.len)) != NULL &&
	    line.len - (size_t)(p - line.p) >= 4)
		r->reply.status = 100 + (p[1] % 10) * 100u + (p[2] % 10) * 10u + p[3] % 10;
	while (rd_line(&in, &line) && line.len > 0) {
		const char *colon = memchr(line.p, ':', line.len), *start = (const char *)line.p;
		struct httptext_span v;

		if (colon == NULL || r->reply.nheaders == MAX_HEADERS)
			continue;
		v = httptext_trim(colon + 1, line.len - (size_t)(colon - start) - 1);
		r->headers[r->reply.nheaders++] = (struct http_header){
			.name = text_dup_n(start, (size_t)(colon - start)),
			.value = text_dup_n(v.p, v.len),
		};
	}
	r->reply.headers = r->headers;
	r->reply.body = r->body = text_dup_n((const char *)in.p, in.len);
	r->reply.body_len = in.len;
}

static void
free_reply(struct reply *r)
{
	for (size_t i = 0; i < r->reply.nheaders; i++) {
		free((char *)(uintptr_t)r->headers[i].name);
		free((char *)(uintptr_t)r->headers[i].value);
	}
	free(r->body);
}

static void
check_ask(const struct http_ask *ask)
{
	require(ask->path[0] == '/' && strlen(ask->path) < sizeof(ask->path));
	for (const char *p = ask->path; *p != '\0'; p++)
		require(*p > 0x20 && *p < 0x7f);
	for (size_t i = 0; i < ask->nheaders; i++)
		require(strpbrk(ask->headers[i].value, "\r\n") == NULL);
}

static void
check_notes(const struct probe *probe, const struct obs *obs)
{
	char build[HTTPTEXT_BUILD];

	for (size_t i = 0; i < obs_count(obs); i++) {
		const struct observation *k = obs_get(obs, i);
		size_t g = 0;

		while (probe->gives[g] != FACT_COUNT && probe->gives[g] != k->fact)
			g++;
		require(probe->gives[g] == k->fact);
		if (obs_fact(k->fact)->type == FACT_TYPE_BUILD)
			require(httptext_build(k->text, strlen(k->text), build) != 0);
	}
}

static void
run(const struct probe *probe, const struct reply *replies, size_t n, uint8_t flags)
{
	static const unsigned profiles[] = { PROBE_QUICK, PROBE_STANDARD, PROBE_FULL, PROBE_FULL };
	struct talk talk = { .obs = obs_new(), .probe = probe->name, .host = "mail.example.test",
	    .port = 443, .now = 1700000000, .settled = flags & 4, .samples = 4, .profile = profiles[flags & 3],
	    .state = text_alloc(probe->state_size) };
	enum heard h = HEARD_NEXT;
	size_t asks;

	for (asks = 0; asks < MAX_ASKS && h == HEARD_NEXT; asks++) {
		struct http_ask ask = { .method = "GET" };
		struct http_reply reply = replies[asks % n].reply;
		char url[2048];

		if (!probe->http_ask(&talk, &ask))
			break;
		check_ask(&ask);
		(void)snprintf(url, sizeof(url), "%s://mail.example.test%s",
		    flags & 8 ? "http" : "https", ask.path);
		talk.at = obs_keep(talk.obs, url);
		reply.method = ask.method;
		reply.path = ask.path;
		h = probe->http_hear(&talk, &reply);
		require(h == HEARD_NEXT || h == HEARD_DONE || h == HEARD_BAD);
	}
	require(asks < MAX_ASKS);
	check_notes(probe, talk.obs);
	free(talk.state);
	obs_free(talk.obs);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct rd in = rd_init(p, len);
	uint8_t flags = rd_u8(&in);
	struct reply *replies = text_alloc(MAX_REPLIES * sizeof(*replies));
	size_t n = 0;

	while (n < MAX_REPLIES && rd_more(&in)) {
		const uint8_t *end = memchr(in.p, SEPARATOR, in.len);
		struct rd one = rd_sub(&in, end != NULL ? (size_t)(end - in.p) : in.len);

		if (end != NULL)
			(void)rd_u8(&in);
		read_reply(one, &replies[n++]);
	}
	for (const struct probe *const *probe = probe_table; n > 0 && *probe != NULL; probe++)
		if ((*probe)->http_ask != NULL)
			run(*probe, replies, n, flags);
	for (size_t i = 0; i < n; i++)
		free_reply(&replies[i]);
	free(replies);
	return 0;
}
