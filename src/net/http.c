/* http.c - libcurl's multi interface driven by the loop. */
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/text.h"
#include "net/http_call.h"

/* Easy handles kept for the next call: a new one costs more than a reset one. */
enum { HTTP_SPARE = 64 };

struct http {
	const struct curl_lib *curl;
	struct loop	*loop;
	CURLM		*multi;
	uv_timer_t	*timer;
	struct http_options options;
	CURL		*spare[HTTP_SPARE];
	size_t		 nspare;
};

/* A socket of libcurl under the loop's eye. */
struct watch {
	uv_poll_t	 poll;
	struct http	*http;
	curl_socket_t	 fd;
};

static void
on_closed(uv_handle_t *h)
{
	free(h->data);
}

/* Take a call out of the multi handle and keep its easy handle. */
static void
detach(struct http_call *c)
{
	struct http *h = c->http;

	loop_deadline_cancel(h->loop, &c->deadline);
	h->curl->multi_remove_handle(h->multi, c->easy);
	if (h->nspare < HTTP_SPARE) {
		h->curl->easy_reset(c->easy);
		h->spare[h->nspare++] = c->easy;
	} else
		h->curl->easy_cleanup(c->easy);
	c->easy = NULL;
}

static void
finish(struct http_call *c, CURLcode code, bool late)
{
	http_call_tell(c, code, late);
	detach(c);
	http_call_free(c);
}

static void
reap(struct http *h)
{
	CURLMsg *msg;
	int left;

	while ((msg = h->curl->multi_info_read(h->multi, &left)) != NULL) {
		struct http_call *c = NULL;

		if (msg->msg != CURLMSG_DONE)
			continue;
		h->curl->easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&c);
		finish(c, msg->data.result, false);
	}
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *w = poll->data;
	struct http *h = w->http;
	int flags = (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
	    (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0), running;

	h->curl->multi_socket_action(h->multi, w->fd, status < 0 ? CURL_CSELECT_ERR : flags, &running);
	reap(h);
}

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	struct http *h = arg;
	struct watch *w = known;
	int events = (what & CURL_POLL_IN ? UV_READABLE : 0) |
	    (what & CURL_POLL_OUT ? UV_WRITABLE : 0);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w != NULL) {
			h->curl->multi_assign(h->multi, fd, NULL);
			uv_close((uv_handle_t *)&w->poll, on_closed);
		}
		return 0;
	}
	if (w == NULL) {
		w = text_alloc(sizeof(*w));
		w->http = h;
		w->fd = fd;
		if (uv_poll_init_socket(loop_uv(h->loop), &w->poll, fd) != 0) {
			free(w);
			return 0;
		}
		w->poll.data = w;
		h->curl->multi_assign(h->multi, fd, w);
	}
	uv_poll_start(&w->poll, events, on_poll);
	return 0;
}

static void
on_timer(uv_timer_t *timer)
{
	struct http *h = timer->data;
	int running;

	h->curl->multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	reap(h);
}

static int
on_timeout(CURLM *multi, long ms, void *arg)
{
	struct http *h = arg;

	(void)multi;
	if (ms < 0)
		uv_timer_stop(h->timer);
	else
		uv_timer_start(h->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

static void
on_late(void *arg)
{
	finish(arg, CURLE_OPERATION_TIMEDOUT, true);
}

struct http_call *
http_start(struct http *h, const struct http_origin *origin, const struct http_ask *ask,
    const struct http_terms *terms, http_done *done, void *arg)
{
	struct http_call *c = text_alloc(sizeof(*c));

	c->curl = h->curl;
	c->http = h;
	c->done = done;
	c->arg = arg;
	c->fd = terms->fd;
	c->easy = h->nspare > 0 ? h->spare[--h->nspare] : h->curl->easy_init();
	if (c->easy == NULL || !http_call_setup(c, &h->options, origin, ask, terms)) {
		fputs("exvet: libcurl refuses an option it was built with\n", stderr);
		abort();
	}
	loop_deadline(h->loop, &c->deadline, terms->timeout_ms, on_late, c);
	h->curl->multi_add_handle(h->multi, c->easy);
	return c;
}

void
http_last(struct http_call *c)
{
	(void)c->curl->easy_setopt(c->easy, CURLOPT_FORBID_REUSE, 1L);
}

void
http_cancel(struct http_call *c)
{
	detach(c);
	http_call_free(c);
}

struct http *
http_new(struct loop *loop, const struct curl_lib *curl, const struct http_options *options)
{
	struct http *h = text_alloc(sizeof(*h));

	h->curl = curl;
	h->loop = loop;
	h->options = *options;
	h->multi = h->curl->multi_init();
	if (h->multi == NULL) {
		free(h);
		return NULL;
	}
	h->timer = text_alloc(sizeof(*h->timer));
	uv_timer_init(loop_uv(loop), h->timer);
	h->timer->data = h;
	h->curl->multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	h->curl->multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	h->curl->multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	h->curl->multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	h->curl->multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)options->max_idle);
	return h;
}

static void
on_timer_closed(uv_handle_t *h)
{
	free(h);
}

void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	while (h->nspare > 0)
		h->curl->easy_cleanup(h->spare[--h->nspare]);
	h->curl->multi_cleanup(h->multi);
	uv_close((uv_handle_t *)h->timer, on_timer_closed);
	free(h);
}
