/*
 * replay_file.c - one recorded conversation a file: read it, replay it, and
 * compare what the probe asked and noted.
 *
 *	probe NAME		the probes that follow talk by this one
 *	host, port, scheme, now, waited, profile, settled, samples
 *				of the talk; they stand before the first line of it
 *	> GET /owa/		the request that must come
 *	> Name: value		and a header of it
 *	< HTTP/1.1 302 Found	the reply: status, headers, an empty "<", the body
 *	file real/NAME		the reply from a recorded file
 *	limit body		the reply hit that limit
 *	end done|next|part|bad|redial
 *				what the probe says at last; next: and asks no more
 *	= fact [@path] value	must be noted
 *	! fact [value]		must not be noted
 *	count MIN MAX		of all observations
 *
 * A byte probe is written with
 *	>> "text\r\n" or hex	bytes that must be sent; none: not compared
 *	<< "text\r\n" or hex	bytes of the peer
 *	hangup [REASON]		the connection ends here: close when nothing is said
 *	tls-fails		a handshake that the probe asks for on it does not succeed
 *	redial			what follows comes on a fresh connection
 *
 * Every exchange.*, ntlm.* observation must be expected; of the others only
 * what the file names is compared.  \xNN in a reply is that byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "replay.h"
#include "replay_read.h"

#define MAX_LINES	32

struct run {
	const char	*path;
	unsigned	 line;
	struct text_buf	*why;
	size_t		 expectations;
	struct obs	*obs;
	const struct probe *probe;
	struct talk	 talk;
	char		 scheme[16], host[128];
	struct http_ask	 ask;
	bool		 asked;
	struct text_buf	 reply;
	bool		 in_body, in_reply, body_begun;
	const char	*limit;
	char		 limit_text[32];
	enum heard	 heard;
	struct replay_line lines[MAX_LINES];
	size_t		 nlines;
	struct text_buf	 want_sent;
	bool		*expected;	/* by index of the observation */
};

static void
wrong(struct run *r, const char *what, const char *detail)
{
	text_buf_printf(r->why, "%s:%u: %s %s\n", r->path, r->line, what, detail);
}

/* The reply is whole: let the probe hear it. */
static void
hear_reply(struct run *r)
{
	struct replay_head h = { .reply = { .limit = r->limit, .method = r->ask.method,
	    .path = r->ask.path, .ttfb_ms = 7 } };
	struct rd in = rd_init(r->reply.s, r->reply.len);
	struct text_buf body = { 0 };
	const char *length, *bad;
	int64_t n;

	if (!r->in_reply)
		return;
	r->in_reply = r->in_body = r->body_begun = false;
	if ((bad = replay_head_read(&h, &in)) != NULL)
		wrong(r, bad, "");
	length = http_reply_header(&h.reply, "Content-Length");
	if (length != NULL && text_number(length, 0, LIMIT_HTTP_BODY, &n) && (size_t)n < in.len)
		in.len = (size_t)n;
	text_buf_add(&body, in.p, in.len);
	h.reply.body = (const char *)replay_fenced(body.s, body.len + 1);
	h.reply.body_len = body.len;
	if (r->asked && bad == NULL)
		r->heard = r->probe->http_hear(&r->talk, &h.reply);
	replay_head_free(&h);
	text_buf_free(&body);
	text_buf_free(&r->reply);
	r->asked = false;
	r->limit = NULL;
}

static void
ask(struct run *r)
{
	char url[2048];

	r->ask = (struct http_ask){ .method = "GET" };
	r->asked = r->probe != NULL && r->probe->http_ask != NULL &&
	    r->probe->http_ask(&r->talk, &r->ask);
	(void)snprintf(url, sizeof(url), "%s://%s%s", r->scheme, r->host, r->ask.path);
	if (r->asked)
		r->talk.at = obs_keep(r->obs, url);
}

static void
do_request(struct run *r, const char *arg)
{
	char line[2048];

	if (r->asked && !r->in_reply) {		/* a header of the request */
		for (size_t i = 0; i < r->ask.nheaders; i++) {
			(void)snprintf(line, sizeof(line), "%s: %s", r->ask.headers[i].name,
			    r->ask.headers[i].value);
			if (strcmp(line, arg) == 0)
				return;
		}
		wrong(r, "header was not sent:", arg);
		return;
	}
	hear_reply(r);
	if (r->heard != HEARD_NEXT)
		wrong(r, "the probe had ended before", arg);
	ask(r);
	(void)snprintf(line, sizeof(line), "%s %s", r->ask.method, r->ask.path);
	if (!r->asked)
		wrong(r, "the probe asks no more, not", arg);
	else if (strcmp(line, arg) != 0) {
		wrong(r, "expected to be asked:", arg);
		wrong(r, "but was asked:", line);
	}
	r->expectations++;
}

static void
do_reply(struct run *r, const char *arg)
{
	r->in_reply = true;
	if (!r->in_body) {
		replay_unescape(&r->reply, arg);
		text_buf_str(&r->reply, "\r\n");
		r->in_body = arg[0] == '\0';
		return;
	}
	if (r->body_begun)
		text_buf_str(&r->reply, "\n");
	replay_unescape(&r->reply, arg);
	r->body_begun = true;
}

static void
do_file(struct run *r, const char *arg)
{
	const char *slash = strrchr(r->path, '/');
	char *path = text_printf("%.*s%s", (int)(slash - r->path + 1), r->path, arg);
	FILE *f = fopen(path, "rb");
	char buf[4096];
	size_t n;

	if (f == NULL)
		wrong(r, "cannot be read:", path);
	while (f != NULL && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		text_buf_add(&r->reply, buf, n);
	if (f != NULL)
		(void)fclose(f);
	r->in_reply = true;
	r->in_body = true;
	free(path);
}

static void
end_talk(struct run *r)
{
	hear_reply(r);
	if (r->probe != NULL) {
		free(r->talk.state);
		r->talk.state = NULL;
	}
	r->probe = NULL;
}

static void
do_probe(struct run *r, const char *arg)
{
	end_talk(r);
	r->probe = probe_find(arg);
	if (r->probe == NULL) {
		wrong(r, "no such probe:", arg);
		return;
	}
	r->talk = (struct talk){ .obs = r->obs, .probe = r->probe->name, .at = "",
	    .host = r->host, .port = r->talk.port, .now = r->talk.now, .waited_ms = r->talk.waited_ms, .ended_by = "",
	    .settled = r->talk.settled, .profile = r->talk.profile, .samples = r->talk.samples };
	r->talk.state = text_alloc(r->probe->state_size);
	r->heard = HEARD_NEXT;
	r->asked = false;
}

/* The same bytes in pieces of every size, each into observations of its own. */
static void
hear_bytes(struct run *r)
{
	static const size_t steps[] = { 1, 3, SIZE_MAX / 2 };
	struct obs *obs[3];
	enum heard heard[3];

	for (size_t i = 0; i < 3; i++) {
		struct text_buf sent = { 0 };
		struct talk t = r->talk;

		t.obs = obs[i] = i < 2 ? obs_new() : r->obs;
		t.at = "peer";
		heard[i] = replay_bytes(r->probe, &t, r->lines, r->nlines + 1, steps[i], &sent);
		if (r->want_sent.len != 0 && (r->want_sent.len != sent.len ||
		    memcmp(r->want_sent.s, sent.s, sent.len) != 0))
			wrong(r, "other bytes were sent", "");
		text_buf_free(&sent);
	}
	for (size_t i = 0; i < 2; i++) {
		if (heard[i] != heard[2] || obs_count(obs[i]) != obs_count(obs[2]))
			wrong(r, "pieces tell something else", "");
		obs_free(obs[i]);
	}
	r->heard = heard[2];
	for (size_t i = 0; i <= r->nlines; i++)
		text_buf_free(&r->lines[i].bytes);
	memset(r->lines, 0, sizeof(r->lines));
	text_buf_free(&r->want_sent);
	r->nlines = 0;
}

static void
do_end(struct run *r, const char *arg)
{
	static const char *const names[] = {
		[HEARD_PART] = "part", [HEARD_NEXT] = "next", [HEARD_REDIAL] = "redial",
		[HEARD_DONE] = "done", [HEARD_BAD] = "bad", [HEARD_STARTTLS] = "starttls",
	};

	if (r->probe == NULL)
		return;
	hear_reply(r);
	if (r->probe->hear != NULL)
		hear_bytes(r);
	if (r->probe->http_ask != NULL && r->heard == HEARD_NEXT) {
		ask(r);
		if (r->asked)
			wrong(r, "the probe goes on to ask", r->ask.path);
	}
	if (strcmp(names[r->heard], arg) != 0)
		wrong(r, "the probe ended otherwise:", names[r->heard]);
	r->expectations++;
	end_talk(r);
}

static bool
value_is(const struct observation *k, const char *value)
{
	char number[32];

	(void)snprintf(number, sizeof(number), "%lld", (long long)k->number);
	return strcmp(k->text != NULL ? k->text : number, value) == 0;
}

/* "fact [@path] value": mark every observation that it means. */
static size_t
match(struct run *r, char *arg, bool mark)
{
	char *value = strchr(arg, ' '), *at = NULL;
	enum fact fact;
	size_t found = 0;

	if (value != NULL)
		*value++ = '\0';
	if (value != NULL && *value == '@') {
		at = value + 1;
		if ((value = strchr(at, ' ')) != NULL)
			*value++ = '\0';
	}
	if (!obs_fact_find(arg, &fact)) {
		wrong(r, "no such fact:", arg);
		return mark;
	}
	if (r->expected == NULL)
		r->expected = text_alloc(LIMIT_OBSERVATIONS);
	for (size_t i = 0; i < obs_count(r->obs); i++) {
		const struct observation *k = obs_get(r->obs, i);
		size_t n = strlen(k->at), m = at != NULL ? strlen(at) : 0;

		if (k->fact != fact || (value != NULL && !value_is(k, value)) ||
		    n < m || (at != NULL && strcmp(k->at + n - m, at) != 0))
			continue;
		found++;
		if (mark)
			r->expected[i] = true;
	}
	return found;
}

static void
do_expect(struct run *r, char *arg)
{
	char *whole = text_dup(arg);

	if (match(r, arg, true) == 0)
		wrong(r, "not noted:", whole);
	r->expectations++;
	free(whole);
}

static void
do_refuse(struct run *r, char *arg)
{
	char *whole = text_dup(arg);

	if (match(r, arg, false) != 0)
		wrong(r, "noted:", whole);
	r->expectations++;
	free(whole);
}

static void
do_count(struct run *r, char *arg)
{
	char *second = NULL, got[32];
	unsigned long min = strtoul(arg, &second, 10), max = strtoul(second, NULL, 10);

	(void)snprintf(got, sizeof(got), "%zu", obs_count(r->obs));
	if (obs_count(r->obs) < min || obs_count(r->obs) > max)
		wrong(r, "number of observations:", got);
	r->expectations++;
}

static void
do_setting(struct run *r, const char *key, const char *arg)
{
	if (strcmp(key, "host") == 0)
		(void)snprintf(r->host, sizeof(r->host), "%s", arg);
	else if (strcmp(key, "scheme") == 0)
		(void)snprintf(r->scheme, sizeof(r->scheme), "%s", arg);
	else if (strcmp(key, "port") == 0)
		r->talk.port = (uint16_t)strtoul(arg, NULL, 10);
	else if (strcmp(key, "now") == 0)
		r->talk.now = strtoll(arg, NULL, 10);
	else if (strcmp(key, "samples") == 0)
		r->talk.samples = (unsigned)strtoul(arg, NULL, 10);
	else if (strcmp(key, "waited") == 0)
		r->talk.waited_ms = strtoll(arg, NULL, 10);
	else if (strcmp(key, "settled") == 0)
		r->talk.settled = strcmp(arg, "yes") == 0;
	else if (strcmp(key, "profile") == 0)
		r->talk.profile = strcmp(arg, "quick") == 0 ? PROBE_QUICK :
		    strcmp(arg, "full") == 0 ? PROBE_FULL : PROBE_STANDARD;
	else if (strcmp(key, "limit") == 0) {
		(void)snprintf(r->limit_text, sizeof(r->limit_text), "%s", arg);
		r->limit = r->limit_text;
	} else
		wrong(r, "not understood:", key);
}

static void
do_byte_line(struct run *r, const char *key, char *arg)
{
	if (strcmp(key, ">>") == 0 || strcmp(key, "<<") == 0) {
		if (!replay_add(*key == '>' ? &r->want_sent : &r->lines[r->nlines].bytes, arg))
			wrong(r, "neither text nor hex:", arg);
	} else if (strcmp(key, "hangup") == 0) {
		static const char *const reasons[] = { "reset", "timeout", "limit", "refused" };

		r->lines[r->nlines].hangup = true;
		for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
			if (strcmp(arg, reasons[i]) == 0)
				r->lines[r->nlines].ended_by = reasons[i];
		if (arg[0] != '\0' && r->lines[r->nlines].ended_by == NULL)
			wrong(r, "no such end:", arg);
	} else if (strcmp(key, "tls-fails") == 0)
		r->lines[r->nlines].tls_fails = true;
	else if (r->nlines + 1 < MAX_LINES)
		r->nlines++;
}

static void
do_line(struct run *r, char *line)
{
	char *arg = strchr(line, ' ');

	if (arg != NULL)
		*arg++ = '\0';
	else
		arg = line + strlen(line);
	if (strcmp(line, "probe") == 0)
		do_probe(r, arg);
	else if (strcmp(line, ">") == 0)
		do_request(r, arg);
	else if (strcmp(line, "<") == 0)
		do_reply(r, arg);
	else if (strcmp(line, "file") == 0)
		do_file(r, arg);
	else if (strcmp(line, "end") == 0)
		do_end(r, arg);
	else if (strcmp(line, "=") == 0)
		do_expect(r, arg);
	else if (strcmp(line, "!") == 0)
		do_refuse(r, arg);
	else if (strcmp(line, "count") == 0)
		do_count(r, arg);
	else if (strcmp(line, ">>") == 0 || strcmp(line, "<<") == 0 ||
	    strcmp(line, "hangup") == 0 || strcmp(line, "redial") == 0 ||
	    strcmp(line, "tls-fails") == 0)
		do_byte_line(r, line, arg);
	else
		do_setting(r, line, arg);
}

static bool
may_give(const struct observation *k)
{
	const struct probe *p = probe_find(k->probe);

	for (size_t i = 0; p != NULL && p->gives[i] != FACT_COUNT; i++)
		if (p->gives[i] == k->fact)
			return true;
	return false;
}

/* Nothing about Exchange may be noted that the file does not expect. */
static void
check_rest(struct run *r)
{
	for (size_t i = 0; i < obs_count(r->obs); i++) {
		const struct observation *k = obs_get(r->obs, i);
		const char *name = obs_fact(k->fact)->name;

		if (!may_give(k))
			wrong(r, "not in the list of what the probe gives:", name);
		if ((r->expected == NULL || !r->expected[i]) &&
		    (text_starts(name, "exchange.") || text_starts(name, "ntlm.")))
			text_buf_printf(r->why, "%s: not expected: %s %s (%s) at %s\n", r->path,
			    name, k->text != NULL ? k->text : "", k->evidence, k->at);
	}
}

size_t
replay_file(const char *path, struct text_buf *why)
{
	struct run r = { .path = path, .why = why, .obs = obs_new(), .heard = HEARD_NEXT,
	    .scheme = "https", .host = "mail.example.test",
	    .talk = { .port = 443, .now = 1700000000, .profile = PROBE_STANDARD } };
	FILE *f = fopen(path, "r");
	char line[8192];

	if (f == NULL)
		wrong(&r, "cannot be opened", "");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		r.line++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '\0' && line[0] != '#')
			do_line(&r, line);
	}
	if (f != NULL)
		(void)fclose(f);
	if (r.probe != NULL)
		wrong(&r, "the talk has no end", "");
	end_talk(&r);
	check_rest(&r);
	for (size_t i = 0; i < MAX_LINES; i++)
		text_buf_free(&r.lines[i].bytes);
	text_buf_free(&r.want_sent);
	text_buf_free(&r.reply);
	obs_free(r.obs);
	free(r.expected);
	return r.expectations;
}
