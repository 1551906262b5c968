/* http_call.h - one call's state, shared by http.c and http_call.c. */
#ifndef EXVET_NET_HTTP_CALL_H
#define EXVET_NET_HTTP_CALL_H

#include "base/limits.h"
#include "net/curl_lib.h"
#include "net/http.h"
#include "net/loop.h"

struct http_call {
	const struct curl_lib *curl;
	struct http	*http;
	CURL		*easy;
	struct curl_slist *headers, *connect_to;
	struct deadline	 deadline;
	http_done	*done;
	void		*arg;
	struct addr	 addr;
	bool		 has_addr, proxied, on_new, tls_begun, told_tls;
	int		 fd;		/* connected and not yet used; -1 */
	struct cert_sent *sent;
	struct cert_asked *asked;
	unsigned	 asked_before;
	const void	*ssl;		/* that the head of the reply came on */
	const char	*last_header;
	char		 method[16], path[1024];
	/* the reply as it comes */
	char		*head;		/* header bytes; lines cut by NUL at the end */
	size_t		 head_len, head_cap, lines;
	char		*body;
	size_t		 body_len, body_cap;
	const char	*limit;
	bool		 head_whole;
	char		 tls_version[16], tls_cipher[64];
	char		 error[CURL_ERROR_SIZE];
};

/* Everything that a call sets on its easy handle. */
bool	http_call_setup(struct http_call *, const struct http_options *,
	    const struct http_origin *, const struct http_ask *, const struct http_terms *);
void	http_call_free(struct http_call *);	/* not the easy handle */
/* Tell the owner how it ended: by libcurl's code, or late. */
void	http_call_tell(struct http_call *, CURLcode, bool late);

#endif
