/*
 * http.h - HTTP and HTTPS by libcurl, in the loop.
 *
 * One call is one request and its reply.  Calls with equal origin and address
 * share a connection when HTTP allows it.  Redirects are never followed here,
 * certificates never end a call, the environment's proxies are never used,
 * and no socket is opened to another address than the caller's.
 */
#ifndef EXVET_NET_HTTP_H
#define EXVET_NET_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "net/addr.h"
#include "probe.h"

struct cert_sent;
struct cert_asked;
struct curl_lib;
struct http;
struct http_call;
struct loop;

struct http_options {
	const char	*user_agent;
	const char	*proxy;		/* NULL: none */
	const char	*tls;		/* version to speak: "1.2", "1.2+"; else any */
	char		*const *headers; /* "Name: value", sent with every request */
	size_t		 nheaders;
	uint64_t	 max_idle;	/* connections kept for reuse */
};

struct http *http_new(struct loop *, const struct curl_lib *, const struct http_options *);
void	http_free(struct http *);		/* NULL is fine; no call may be pending */

/* Where a call goes. */
struct http_origin {
	const char	*host;		/* for Host and SNI: name or address, no brackets */
	uint16_t	 port;
	bool		 plain;		/* http:// */
	const struct addr *addr;	/* NULL: only with a proxy */
	struct cert_sent *sent;		/* filled by the first handshake; outlives the connection */
	struct cert_asked *asked;	/* client certificates asked for after it; likewise; or NULL */
};

/* How a call ended.  Strings live until done() returns. */
struct http_result {
	const struct http_reply *reply;	/* NULL: no whole head came */
	const char	*stage;		/* "" when all is well: connect, tls, http, read */
	const char	*reason;	/* timeout, reset, not-http ... */
	const char	*detail;
	bool		 on_new;	/* a connection was opened for it */
	bool		 certificate;	/* after this request a client's certificate was asked for */
	const char	*tls_version;	/* "" if none or already told */
	const char	*tls_cipher;
	int64_t		 connect_ms;	/* of that connection, if it was not handed over; < 0: none */
	int64_t		 tls_ms;	/* of the handshake of that connection; < 0: none */
};
typedef void http_done(void *arg, const struct http_result *);

/*
 * done() is called once, never from inside http_start.  Idle connections cost
 * memory and libcurl offers no way to close one, so the owner says beforehand
 * which call is the last.
 */
struct http_terms {
	int		 fd;		/* connected socket for the first new connection, or -1; taken */
	bool		 alone;		/* HTTP/1.1 on a connection of its own */
	bool		 last;		/* close the connection afterwards */
	const char	*last_header;	/* close it if this header is in the reply; NULL */
	uint64_t	 timeout_ms;
};
struct http_call *http_start(struct http *, const struct http_origin *, const struct http_ask *,
	    const struct http_terms *, http_done *, void *arg);
/* Nothing follows on its connection: close it when this call is the last to end. */
void	http_last(struct http_call *);
void	http_cancel(struct http_call *);	/* done() will not be called */

#endif
