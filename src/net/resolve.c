/* resolve.c - names to addresses, by c-ares in the loop. */
#include <ares.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/limits.h"
#include "base/text.h"
#include "net/loop.h"
#include "net/resolve.h"
#include "net/sockaddr.h"

enum { RESOLVE_TRY_MS = 2500, RESOLVE_TRIES = 2, RESOLVE_RCVBUF = 1 << 20 };

/* A socket of c-ares under the loop's eye. */
struct watch {
	uv_poll_t	 poll;
	struct resolver	*resolver;
	ares_socket_t	 fd;
	struct watch	*next;
};

struct resolver {
	struct loop	*loop;
	ares_channel	 channel;
	struct watch	*watches;
	struct deadline	 timer;
	int		 family;
	struct lookup	*answered;	/* to be told from the loop, not from inside start */
	struct deadline	 telling;
};

struct lookup {
	struct resolver	*resolver;
	resolve_done	*done;		/* NULL: cancelled */
	void		*arg;
	struct addr	 addr[LIMIT_ADDRESSES];
	size_t		 n;
	const char	*reason, *detail;
	struct lookup	*next;		/* of resolver->answered */
};

static void rearm(struct resolver *);

static void
on_timer(void *arg)
{
	struct resolver *r = arg;

	ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	rearm(r);
}

/* c-ares says when it wants to look at its own time-outs. */
static void
rearm(struct resolver *r)
{
	struct timeval tv, *t = ares_timeout(r->channel, NULL, &tv);

	if (t == NULL)
		loop_deadline_cancel(r->loop, &r->timer);
	else
		loop_deadline(r->loop, &r->timer,
		    (uint64_t)t->tv_sec * 1000 + (uint64_t)t->tv_usec / 1000 + 1, on_timer, r);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *w = poll->data;
	struct resolver *r = w->resolver;
	ares_socket_t fd = w->fd;
	bool in = status < 0 || (events & UV_READABLE), out = status < 0 || (events & UV_WRITABLE);

	ares_process_fd(r->channel, in ? fd : ARES_SOCKET_BAD, out ? fd : ARES_SOCKET_BAD);
	rearm(r);
}

static void
on_closed(uv_handle_t *h)
{
	free(h->data);
}

static void
unwatch(struct resolver *r, ares_socket_t fd)
{
	for (struct watch **p = &r->watches; *p != NULL; p = &(*p)->next)
		if ((*p)->fd == fd) {
			struct watch *w = *p;

			*p = w->next;
			uv_close((uv_handle_t *)&w->poll, on_closed);
			return;
		}
}

static void
on_socket(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct resolver *r = arg;
	struct watch *w = r->watches;
	int events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);

	if (events == 0) {
		unwatch(r, fd);
		return;
	}
	while (w != NULL && w->fd != fd)
		w = w->next;
	if (w == NULL) {
		w = text_alloc(sizeof(*w));
		w->resolver = r;
		w->fd = fd;
		if (uv_poll_init_socket(loop_uv(r->loop), &w->poll, fd) != 0) {
			free(w);	/* the lookup times out and says so */
			return;
		}
		w->poll.data = w;
		w->next = r->watches;
		r->watches = w;
	}
	uv_poll_start(&w->poll, events, on_poll);
}

static const char *
reason_of(int status)
{
	switch (status) {
	case ARES_ENOTFOUND:
	case ARES_EBADNAME:
		return "not-found";
	case ARES_ENODATA:
		return "no-address";
	case ARES_ETIMEOUT:
		return "timeout";
	default:
		return "server-failure";
	}
}

static void
tell(void *arg)
{
	struct resolver *r = arg;
	struct lookup *k;

	while ((k = r->answered) != NULL) {
		r->answered = k->next;
		if (k->done != NULL)
			k->done(k->arg, k->addr, k->n, k->reason, k->detail);
		free(k);
	}
}

static void
add_family(struct lookup *k, const struct ares_addrinfo *info, int family)
{
	for (const struct ares_addrinfo_node *a = info->nodes; a != NULL; a = a->ai_next)
		if (a->ai_family == family && k->n < LIMIT_ADDRESSES &&
		    addr_from_socket(a->ai_addr, &k->addr[k->n]))
			k->n++;
}

static void
on_answer(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
	struct lookup *k = arg;

	(void)timeouts;
	if (status == ARES_SUCCESS) {
		add_family(k, info, AF_INET);
		add_family(k, info, AF_INET6);
	}
	if (info != NULL)
		ares_freeaddrinfo(info);
	if (k->n == 0) {
		k->reason = status == ARES_SUCCESS ? "no-address" : reason_of(status);
		k->detail = status == ARES_SUCCESS ? "no address of the wanted family" :
		    ares_strerror(status);
	}
	if (status == ARES_EDESTRUCTION) {
		free(k);
		return;
	}
	k->next = k->resolver->answered;
	k->resolver->answered = k;
	loop_deadline(k->resolver->loop, &k->resolver->telling, 0, tell, k->resolver);
}

struct lookup *
resolve_start(struct resolver *r, const char *name, resolve_done *done, void *arg)
{
	const struct ares_addrinfo_hints hints = { .ai_family = r->family,
		.ai_flags = ARES_AI_NOSORT };
	struct lookup *k = text_alloc(sizeof(*k));

	k->resolver = r;
	k->done = done;
	k->arg = arg;
	ares_getaddrinfo(r->channel, name, NULL, &hints, on_answer, k);
	rearm(r);
	return k;
}

void
resolve_cancel(struct lookup *k)
{
	k->done = NULL;
}

struct resolver *
resolve_new(struct loop *loop, bool v4, bool v6)
{
	struct resolver *r = text_alloc(sizeof(*r));
	struct ares_options o = { .timeout = RESOLVE_TRY_MS, .tries = RESOLVE_TRIES,
		.sock_state_cb = on_socket, .sock_state_cb_data = r,
		.socket_receive_buffer_size = RESOLVE_RCVBUF };

	r->loop = loop;
	r->family = v4 == v6 ? AF_UNSPEC : v4 ? AF_INET : AF_INET6;
	if (ares_init_options(&r->channel, &o, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
	    ARES_OPT_SOCK_STATE_CB | ARES_OPT_SOCK_RCVBUF) != ARES_SUCCESS) {
		free(r);
		return NULL;
	}
	return r;
}

void
resolve_free(struct resolver *r)
{
	if (r == NULL)
		return;
	ares_destroy(r->channel);
	loop_deadline_cancel(r->loop, &r->timer);
	loop_deadline_cancel(r->loop, &r->telling);
	for (struct lookup *k; (k = r->answered) != NULL;) {
		r->answered = k->next;
		free(k);
	}
	while (r->watches != NULL)
		unwatch(r, r->watches->fd);
	free(r);
}
