/* http_tell.c - how an HTTP call ended, in our own words. */
#include <string.h>

#include "base/text.h"
#include "cert.h"
#include "net/dial.h"
#include "net/http_call.h"

static const struct word {
	CURLcode	 code;
	const char	*stage, *reason;
	const char	*detail;	/* "": libcurl's own words */
} words[] = {
	{ CURLE_COULDNT_RESOLVE_PROXY, "proxy", "not-found", "" },
	{ CURLE_COULDNT_RESOLVE_HOST, "resolve", "not-found", "" },
	{ CURLE_PROXY, "proxy", "refused", "" },
	{ CURLE_SSL_CONNECT_ERROR, "tls", "handshake-failed", "" },
	{ CURLE_PEER_FAILED_VERIFICATION, "tls", "handshake-failed", "" },
	{ CURLE_SSL_CIPHER, "tls", "handshake-failed", "" },
	{ CURLE_UNSUPPORTED_PROTOCOL, "http", "not-http", "" },
	{ CURLE_WEIRD_SERVER_REPLY, "http", "not-http", "" },
	{ CURLE_GOT_NOTHING, "http", "empty-reply", "" },
	{ CURLE_PARTIAL_FILE, "read", "cut-short", "" },
	{ CURLE_HTTP2, "http", "http2-error", "" },
	{ CURLE_HTTP2_STREAM, "http", "http2-error", "" },
	{ CURLE_BAD_CONTENT_ENCODING, "read", "bad-encoding", "" },
	{ CURLE_WRITE_ERROR, "read", "bad-encoding", "" },	/* our own stops carry a limit */
	{ CURLE_RECV_ERROR, "read", "reset", "" },
	{ CURLE_SEND_ERROR, "read", "reset", "" },
	/* So libcurl calls a header beyond its own cap. */
	{ CURLE_OUT_OF_MEMORY, "read", "limit", "a header longer than libcurl takes" },
};

static void
set_words(struct http_call *c, struct http_result *r, CURLcode code)
{
	long error = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].code == code) {
			r->stage = words[i].stage;
			r->reason = words[i].reason;
			r->detail = words[i].detail;
			return;
		}
	if (code != CURLE_COULDNT_CONNECT) {
		r->stage = "http";
		r->reason = "failed";
		return;
	}
	(void)c->curl->easy_getinfo(c->easy, CURLINFO_OS_ERRNO, &error);
	r->stage = c->proxied ? "proxy" : "connect";
	r->reason = dial_reason((int)error);
}

/*
 * A call that ran out of time: in which stage was it?  libcurl 7.88 tells the
 * time of the connection only after TLS, so the TLS context says more.
 */
static void
set_late(struct http_call *c, struct http_result *r)
{
	curl_off_t connect = 0, tls = 0;

	(void)c->curl->easy_getinfo(c->easy, CURLINFO_CONNECT_TIME_T, &connect);
	(void)c->curl->easy_getinfo(c->easy, CURLINFO_APPCONNECT_TIME_T, &tls);
	r->reason = "timeout";
	if (c->head_len > 0 || c->body_len > 0)
		r->stage = "read";
	else if (c->on_new && connect == 0 && !c->tls_begun)
		r->stage = c->proxied ? "proxy" : "connect";
	else
		r->stage = c->on_new && tls == 0 && c->sent != NULL ? "tls" : "http";
}

/* Cut the head into name and value; lines without a colon are left out. */
static size_t
cut_head(struct http_call *c, struct http_header *out)
{
	size_t n = 0;
	char *line = c->head, *end = c->head + c->head_len;

	while (line < end) {
		char *nl = memchr(line, '\n', (size_t)(end - line));
		char *stop = nl != NULL ? nl : end, *colon;

		while (stop > line && (stop[-1] == '\r' || stop[-1] == ' ' || stop[-1] == '\t'))
			stop--;
		*stop = '\0';
		colon = memchr(line, ':', (size_t)(stop - line));
		if (colon != NULL && line != c->head && n < LIMIT_HTTP_HEADER_COUNT) {
			char *value = colon + 1;

			*colon = '\0';
			while (*value == ' ' || *value == '\t')
				value++;
			out[n++] = (struct http_header){ .name = line, .value = value };
		}
		if (nl == NULL)
			break;
		line = nl + 1;
	}
	return n;
}

/* libcurl hands NUL bytes through in a header: make them visible before cutting. */
static void
show_nul(struct http_call *c)
{
	for (size_t i = 0; i < c->head_len; i++)
		if (c->head[i] == '\0')
			c->head[i] = '\1';
}

static void
fill_reply(struct http_call *c, struct http_reply *reply, struct http_header *headers)
{
	long status = 0, version = 0;
	curl_off_t first = 0, ready = 0;

	(void)c->curl->easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)c->curl->easy_getinfo(c->easy, CURLINFO_HTTP_VERSION, &version);
	(void)c->curl->easy_getinfo(c->easy, CURLINFO_STARTTRANSFER_TIME_T, &first);
	(void)c->curl->easy_getinfo(c->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
	show_nul(c);
	*reply = (struct http_reply){
		.status = (unsigned)status,
		.version = version == CURL_HTTP_VERSION_1_0 ? 10 :
		    version == CURL_HTTP_VERSION_2_0 ? 20 : 11,
		.method = c->method, .path = c->path, .headers = headers,
		.nheaders = cut_head(c, headers),
		.body = c->body != NULL ? c->body : "", .body_len = c->body_len,
		.limit = c->limit, .ttfb_ms = first > ready ? (first - ready) / 1000 : 0,
	};
}

/* A socket that came connected counts as connected when libcurl takes it. */
static void
set_times(struct http_call *c, struct http_result *r)
{
	curl_off_t looked_up = 0, connect = 0, tls = 0;

	(void)c->curl->easy_getinfo(c->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
	(void)c->curl->easy_getinfo(c->easy, CURLINFO_CONNECT_TIME_T, &connect);
	(void)c->curl->easy_getinfo(c->easy, CURLINFO_APPCONNECT_TIME_T, &tls);
	r->connect_ms = c->on_new && connect > 0 && connect >= looked_up ? (connect - looked_up) / 1000 : -1;
	r->tls_ms = c->on_new && !c->proxied && tls > connect ? (tls - connect) / 1000 : -1;
}

void
http_call_tell(struct http_call *c, CURLcode code, bool late)
{
	struct http_header headers[LIMIT_HTTP_HEADER_COUNT];
	struct http_reply reply;
	struct http_result r = { .stage = "", .reason = "", .detail = "", .on_new = c->on_new,
		.certificate = c->asked != NULL && cert_was_asked(c->asked, c->asked_before, c->ssl),
		.tls_version = c->tls_version, .tls_cipher = c->tls_cipher };

	if (late)
		set_late(c, &r);
	else if (code != CURLE_OK && c->limit == NULL)
		set_words(c, &r, code);
	else if (code != CURLE_OK && !c->head_whole) {
		r.stage = "read";
		r.reason = "limit";
		r.detail = c->limit;
	}
	if (r.stage[0] != '\0' && r.detail[0] == '\0')
		r.detail = c->error[0] != '\0' || late ? c->error : c->curl->easy_strerror(code);
	/* A head cut by our own cap is whole up to there: what it says still counts. */
	if (c->head_len > 0 && (c->head_whole || c->limit != NULL)) {
		fill_reply(c, &reply, headers);
		if (reply.limit == NULL && r.stage[0] != '\0')
			reply.limit = r.reason;
		r.reply = &reply;
	}
	set_times(c, &r);
	c->done(c->arg, &r);
}
