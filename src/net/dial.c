/* dial.c - one TCP connection, non-blocking, with a deadline. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/text.h"
#include "net/dial.h"
#include "net/loop.h"
#include "net/sockaddr.h"

struct dial {
	uv_poll_t	 poll;
	struct loop	*loop;
	struct deadline	 deadline;
	dial_done	*done;
	void		*arg;
	int		 fd;
	int		 error;
	bool		 polling;
};

const char *
dial_reason(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return "refused";
	case ETIMEDOUT:
		return "timeout";
	case ECONNRESET:
	case EPIPE:
	case ECONNABORTED:
		return "reset";
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case EADDRNOTAVAIL:
		return "local";
	default:
		return "unreachable";
	}
}

int
dial_is_alive(int fd)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

void
dial_close(int fd, int hard)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (fd < 0)
		return;
	if (hard)
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	(void)close(fd);
}

static void
on_closed(uv_handle_t *h)
{
	free(h->data);
}

/* The handle is closed by libuv at its leisure; the socket is free at once. */
static void
release(struct dial *d)
{
	loop_deadline_cancel(d->loop, &d->deadline);
	if (d->polling)
		uv_close((uv_handle_t *)&d->poll, on_closed);
	else
		free(d);
}

static void
finish(struct dial *d, int error)
{
	dial_done *done = d->done;
	void *arg = d->arg;
	int fd = d->fd;

	release(d);
	if (error == 0) {
		done(arg, fd, "", "");
		return;
	}
	dial_close(fd, 0);
	done(arg, -1, dial_reason(error), strerror(error));
}

static void
on_late(void *arg)
{
	finish(arg, ETIMEDOUT);
}

static void
on_failed(void *arg)
{
	struct dial *d = arg;

	finish(d, d->error);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct dial *d = poll->data;
	int error = 0;
	socklen_t n = sizeof(error);

	(void)events;
	if (getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0)
		error = errno;
	if (error == 0 && status < 0)
		error = -status;
	finish(d, error);
}

static int
open_socket(const struct addr *a)
{
	const int on = 1;
	int fd = socket(a->v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
		(void)close(fd);
		return -1;
	}
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

/* Start to connect; 0, or the errno. */
static int
begin(struct dial *d, const struct addr *a, uint16_t port)
{
	struct sockaddr_storage sa;
	socklen_t n = addr_to_socket(a, port, &sa);

	d->fd = open_socket(a);
	if (d->fd < 0)
		return errno;
	if (connect(d->fd, (const struct sockaddr *)&sa, n) != 0 && errno != EINPROGRESS)
		return errno;
	if (uv_poll_init_socket(loop_uv(d->loop), &d->poll, d->fd) != 0)
		return ENOMEM;
	d->polling = true;
	d->poll.data = d;
	uv_poll_start(&d->poll, UV_WRITABLE, on_poll);
	return 0;
}

struct dial *
dial_start(struct loop *loop, const struct addr *a, uint16_t port, uint64_t timeout_ms,
    dial_done *done, void *arg)
{
	struct dial *d = text_alloc(sizeof(*d));

	d->loop = loop;
	d->done = done;
	d->arg = arg;
	d->error = begin(d, a, port);
	if (d->error != 0)
		loop_deadline(loop, &d->deadline, 0, on_failed, d);
	else
		loop_deadline(loop, &d->deadline, timeout_ms, on_late, d);
	return d;
}

void
dial_cancel(struct dial *d)
{
	int fd = d->fd;

	release(d);
	dial_close(fd, 1);
}
