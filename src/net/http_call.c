/* http_call.c - one HTTP request: what it sends, and the reply as it comes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "cert.h"
#include "net/dial.h"
#include "net/http_call.h"
#include "net/sockaddr.h"

/* ---- sockets: only to the address that the user named ---- */

static curl_socket_t
on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct http_call *c = arg;
	struct addr a;
	int fd = c->fd;

	(void)purpose;
	c->on_new = true;
	if (c->proxied)
		return socket(to->family, to->socktype, to->protocol);
	if (!addr_from_socket(&to->addr, &a) || !c->has_addr || !addr_equal(&a, &c->addr))
		return CURL_SOCKET_BAD;
	c->fd = -1;
	return fd >= 0 ? fd : socket(to->family, to->socktype, to->protocol);
}

static int
on_sockopt(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	struct sockaddr_storage peer;
	socklen_t n = sizeof(peer);

	(void)arg;
	(void)purpose;
	return getpeername(fd, (struct sockaddr *)&peer, &n) == 0 ?
	    CURL_SOCKOPT_ALREADY_CONNECTED : CURL_SOCKOPT_OK;
}

static CURLcode
on_ssl_ctx(CURL *easy, void *ctx, void *arg)
{
	struct http_call *c = arg;

	(void)easy;
	c->tls_begun = true;
	cert_prepare_ctx(ctx, c->sent);
	if (c->asked != NULL)
		cert_watch_ctx(ctx, c->asked);
	return CURLE_OK;
}

/* The request goes out now, perhaps on a connection where another one was asked for a certificate. */
static int
on_request(void *arg, char *ip, char *local_ip, int port, int local_port)
{
	struct http_call *c = arg;

	(void)ip;
	(void)local_ip;
	(void)port;
	(void)local_port;
	c->asked_before = c->asked != NULL ? c->asked->n : 0;
	return CURL_PREREQFUNC_OK;
}

/* ---- the reply ---- */

static void
append(char **buf, size_t *len, size_t *cap, const char *p, size_t n)
{
	if (*cap - *len < n + 1) {
		/* By half: a page is read once and hundreds may be on their way. */
		*cap = *len + n + 1 + (*len + n) / 2 + 512;
		*buf = text_grow(*buf, *cap, 1);
	}
	memcpy(*buf + *len, p, n);
	*len += n;
	(*buf)[*len] = '\0';
}

/* The session's facts can be read only while the connection is attached. */
static void
tell_tls(struct http_call *c)
{
	struct curl_tlssessioninfo *info = NULL;

	if ((c->told_tls || !c->on_new || c->proxied) && c->asked == NULL)
		return;
	if (c->curl->easy_getinfo(c->easy, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK ||
	    info == NULL || info->backend != CURLSSLBACKEND_OPENSSL)
		info = NULL;
	c->ssl = info != NULL ? info->internals : NULL;
	if (c->told_tls || !c->on_new || c->proxied)
		return;
	c->told_tls = true;
	if (c->ssl != NULL)
		cert_session(info->internals, c->tls_version, sizeof(c->tls_version),
		    c->tls_cipher, sizeof(c->tls_cipher));
}

static size_t
on_header(char *p, size_t size, size_t n, void *arg)
{
	struct http_call *c = arg;

	n *= size;
	if (n >= 5 && memcmp(p, "HTTP/", 5) == 0) {
		/* A new head: after 100 Continue, or the answer of a proxy. */
		c->head_len = 0;
		c->head_whole = false;
	}
	if (n <= 2 && (n == 0 || p[0] == '\r' || p[0] == '\n')) {
		c->head_whole = true;
		tell_tls(c);
		return n;
	}
	if (c->head_whole)
		return n;			/* trailers: nothing that we read */
	if (++c->lines > LIMIT_HTTP_HEADER_COUNT)
		c->limit = "header-count";
	else if (c->head_len + n > LIMIT_HTTP_HEADERS)
		c->limit = "headers";
	else
		append(&c->head, &c->head_len, &c->head_cap, p, n);
	if (c->last_header != NULL && n > strlen(c->last_header) &&
	    text_starts_nocase(p, c->last_header))
		(void)c->curl->easy_setopt(c->easy, CURLOPT_FORBID_REUSE, 1L);
	return c->limit == NULL ? n : 0;
}

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct http_call *c = arg;
	size_t room = LIMIT_HTTP_BODY - c->body_len;

	n *= size;
	append(&c->body, &c->body_len, &c->body_cap, p, n < room ? n : room);
	if (n <= room)
		return n;
	c->limit = "body";
	return 0;
}

/* ---- what a call sends ---- */

static bool
set_origin(struct http_call *c, const struct http_origin *o, const struct http_ask *ask)
{
	bool v6 = strchr(o->host, ':') != NULL;
	char text[ADDR_TEXT];
	char *url = text_printf("%s://%s%s%s:%u%s", o->plain ? "http" : "https",
	    v6 ? "[" : "", o->host, v6 ? "]" : "", o->port, ask->path);
	bool ok = c->curl->easy_setopt(c->easy, CURLOPT_URL, url) == CURLE_OK;

	free(url);
	if (o->addr != NULL) {
		char *to;

		c->addr = *o->addr;
		c->has_addr = true;
		(void)addr_text(o->addr, text);
		to = text_printf(o->addr->v6 ? "::[%s]:%u" : "::%s:%u", text, o->port);
		c->connect_to = c->curl->slist_append(NULL, to);
		free(to);
		ok = ok && c->connect_to != NULL &&
		    c->curl->easy_setopt(c->easy, CURLOPT_CONNECT_TO, c->connect_to) == CURLE_OK;
	}
	return ok;
}

static bool
set_request(struct http_call *c, const struct http_options *o, const struct http_ask *ask)
{
	bool ok = true;

	(void)snprintf(c->method, sizeof(c->method), "%s",
	    ask->method != NULL ? ask->method : "GET");
	(void)snprintf(c->path, sizeof(c->path), "%s", ask->path);
	for (size_t i = 0; i < ask->nheaders + o->nheaders; i++) {
		char *line = i >= ask->nheaders ? text_dup(o->headers[i - ask->nheaders]) :
		    text_printf("%s: %s", ask->headers[i].name, ask->headers[i].value);
		struct curl_slist *more = c->curl->slist_append(c->headers, line);

		free(line);
		ok = ok && more != NULL;
		c->headers = more != NULL ? more : c->headers;
	}
	if (ask->bare) {
		struct curl_slist *more = c->curl->slist_append(c->headers, "Host:");

		ok = ok && more != NULL;
		c->headers = more != NULL ? more : c->headers;
	}
	if (c->headers != NULL)
		ok = ok && c->curl->easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers) == CURLE_OK;
	if (strcmp(c->method, "HEAD") == 0)
		ok = ok && c->curl->easy_setopt(c->easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
	else if (strcmp(c->method, "GET") != 0)
		ok = ok && c->curl->easy_setopt(c->easy, CURLOPT_CUSTOMREQUEST, c->method) == CURLE_OK;
	return ok && c->curl->easy_setopt(c->easy, CURLOPT_USERAGENT, o->user_agent) == CURLE_OK &&
	    c->curl->easy_setopt(c->easy, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
	    c->curl->easy_setopt(c->easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate") == CURLE_OK;
}

/* "1.2": that version of TLS alone; "1.2+": or newer; anything else: what there is. */
static long
tls_version(const char *s)
{
	static const struct {
		const char *text;
		long least, most;
	} versions[] = {
		{ "1.0", CURL_SSLVERSION_TLSv1_0, CURL_SSLVERSION_MAX_TLSv1_0 },
		{ "1.1", CURL_SSLVERSION_TLSv1_1, CURL_SSLVERSION_MAX_TLSv1_1 },
		{ "1.2", CURL_SSLVERSION_TLSv1_2, CURL_SSLVERSION_MAX_TLSv1_2 },
		{ "1.3", CURL_SSLVERSION_TLSv1_3, CURL_SSLVERSION_MAX_TLSv1_3 },
		{ "1", CURL_SSLVERSION_TLSv1_0, CURL_SSLVERSION_MAX_TLSv1_0 },
	};

	for (size_t i = 0; s != NULL && i < sizeof(versions) / sizeof(versions[0]); i++) {
		size_t n = strlen(versions[i].text);

		if (strncmp(s, versions[i].text, n) == 0 && (s[n] == '\0' || s[n] == '+'))
			return versions[i].least | (s[n] == '\0' ? versions[i].most : 0);
	}
	return CURL_SSLVERSION_TLSv1_0;
}

/*
 * The options that the measurements ask for: no DNS cache (it is walked for
 * every connection), no CA file (loaded for every connection), no sessions.
 */
static bool
set_transport(struct http_call *c, const struct http_options *o, bool plain, bool alone, bool last,
    bool bare)
{
	struct { CURLoption option; long value; } longs[] = {
		{ CURLOPT_NOSIGNAL, 1 }, { CURLOPT_QUICK_EXIT, 1 },
		{ CURLOPT_DNS_CACHE_TIMEOUT, o->proxy != NULL ? 60 : 0 },
		{ CURLOPT_SSL_VERIFYPEER, 0 }, { CURLOPT_SSL_VERIFYHOST, 0 },
		{ CURLOPT_PROXY_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_SESSIONID_CACHE, 0 },
		{ CURLOPT_SSLVERSION, tls_version(o->tls) },
		{ CURLOPT_HTTP_VERSION, bare ? CURL_HTTP_VERSION_1_0 :
		    alone || plain ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS },
		{ CURLOPT_SSL_ENABLE_ALPN, bare ? 0 : 1 },	/* some refuse "http/1.0" */
		{ CURLOPT_PIPEWAIT, alone ? 0 : 1 },
		{ CURLOPT_FRESH_CONNECT, alone ? 1 : 0 },
		{ CURLOPT_FORBID_REUSE, alone || last ? 1 : 0 },
		{ CURLOPT_HTTP09_ALLOWED, 0 }, { CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_CONNECTTIMEOUT_MS, 3600000 }, { CURLOPT_TIMEOUT_MS, 0 },
		{ CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
	};
	bool ok = true;

	for (size_t i = 0; i < sizeof(longs) / sizeof(longs[0]); i++)
		ok = ok && c->curl->easy_setopt(c->easy, longs[i].option, longs[i].value) == CURLE_OK;
	c->proxied = o->proxy != NULL;
	return ok && c->curl->easy_setopt(c->easy, CURLOPT_PROXY, o->proxy != NULL ? o->proxy : "") == CURLE_OK &&
	    c->curl->easy_setopt(c->easy, CURLOPT_NOPROXY, "") == CURLE_OK &&
	    c->curl->easy_setopt(c->easy, CURLOPT_HTTPPROXYTUNNEL, 1L) == CURLE_OK &&
	    c->curl->easy_setopt(c->easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
}

static bool
set_callbacks(struct http_call *c)
{
	CURL *e = c->easy;
	CURLcode bad = 0;

	bad |= c->curl->easy_setopt(e, CURLOPT_PRIVATE, c);
	bad |= c->curl->easy_setopt(e, CURLOPT_ERRORBUFFER, c->error);
	bad |= c->curl->easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
	bad |= c->curl->easy_setopt(e, CURLOPT_OPENSOCKETDATA, c);
	bad |= c->curl->easy_setopt(e, CURLOPT_SOCKOPTFUNCTION, on_sockopt);
	bad |= c->curl->easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, on_ssl_ctx);
	bad |= c->curl->easy_setopt(e, CURLOPT_SSL_CTX_DATA, c);
	bad |= c->curl->easy_setopt(e, CURLOPT_PREREQFUNCTION, on_request);
	bad |= c->curl->easy_setopt(e, CURLOPT_PREREQDATA, c);
	bad |= c->curl->easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	bad |= c->curl->easy_setopt(e, CURLOPT_HEADERDATA, c);
	bad |= c->curl->easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	bad |= c->curl->easy_setopt(e, CURLOPT_WRITEDATA, c);
	return bad == CURLE_OK;
}

bool
http_call_setup(struct http_call *c, const struct http_options *options,
    const struct http_origin *origin, const struct http_ask *ask,
    const struct http_terms *terms)
{
	c->sent = origin->sent;
	c->asked = origin->asked;
	c->asked_before = c->asked != NULL ? c->asked->n : 0;
	c->last_header = terms->last_header;
	return set_origin(c, origin, ask) && set_request(c, options, ask) &&
	    set_transport(c, options, origin->plain, terms->alone, terms->last, ask->bare) &&
	    set_callbacks(c);
}

void
http_call_free(struct http_call *c)
{
	dial_close(c->fd, 1);
	c->curl->slist_free_all(c->headers);
	c->curl->slist_free_all(c->connect_to);
	free(c->head);
	free(c->body);
	free(c);
}
