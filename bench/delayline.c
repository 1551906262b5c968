/*
 * delayline.c - a wire with a length: two TUN devices in two network
 * namespaces, every packet handed over after a fixed time.
 *
 *	delayline NETNS-A NETNS-B MILLISECONDS
 *
 * Makes a device "wire0" in each namespace; the caller gives it an address.
 * For kernels without sch_netem.  Ends with its standard input.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { PACKET = 2048, DEPTH = 1 << 15 };

struct packet {
	uint64_t	 due;
	uint16_t	 len;
	uint8_t		 bytes[PACKET];
};

/* One direction: what waits, oldest first. */
struct queue {
	struct packet	*ring;
	unsigned	 head, n;
};

static uint64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void
die(const char *what)
{
	fprintf(stderr, "delayline: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int
open_device(const char *netns)
{
	struct ifreq want = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	char path[256];
	int ns, fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	if ((ns = open(path, O_RDONLY | O_CLOEXEC)) < 0 || setns(ns, CLONE_NEWNET) != 0)
		die(path);
	close(ns);
	memcpy(want.ifr_name, "wire0", 6);
	if ((fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0 ||
	    ioctl(fd, TUNSETIFF, &want) != 0)
		die("/dev/net/tun");
	return fd;
}

/* Read all that came in; a full queue drops, as a wire does. */
static void
take(int fd, struct queue *q, uint64_t delay)
{
	struct packet *p;
	ssize_t n;

	for (;;) {
		p = &q->ring[(q->head + q->n) % DEPTH];
		n = read(fd, p->bytes, PACKET);
		if (n <= 0)
			return;
		p->len = (uint16_t)n;
		p->due = now_us() + delay;
		if (q->n < DEPTH - 1)
			q->n++;
	}
}

/* Hand over what is due; microseconds until the next, or -1. */
static int64_t
give(int fd, struct queue *q)
{
	while (q->n > 0) {
		struct packet *p = &q->ring[q->head];
		uint64_t now = now_us();

		if (p->due > now)
			return (int64_t)(p->due - now);
		if (write(fd, p->bytes, p->len) < 0 && errno == EAGAIN)
			return 100;
		q->head = (q->head + 1) % DEPTH;
		q->n--;
	}
	return -1;
}

int
main(int argc, char **argv)
{
	struct queue q[2];
	struct pollfd fds[3];
	uint64_t delay;

	if (argc != 4) {
		fputs("usage: delayline NETNS-A NETNS-B MILLISECONDS\n", stderr);
		return 2;
	}
	delay = (uint64_t)(strtod(argv[3], NULL) * 1000);
	for (int i = 0; i < 2; i++) {
		q[i] = (struct queue){ .ring = calloc(DEPTH, sizeof(struct packet)) };
		fds[i] = (struct pollfd){ .fd = open_device(argv[1 + i]), .events = POLLIN };
	}
	fds[2] = (struct pollfd){ .fd = 0, .events = POLLIN };
	puts("ready");
	fflush(stdout);
	for (;;) {
		int64_t a = give(fds[1].fd, &q[0]), b = give(fds[0].fd, &q[1]);
		int64_t us = a < 0 || (b >= 0 && b < a) ? b : a;
		struct timespec wait = { us / 1000000, us % 1000000 * 1000 };

		if (ppoll(fds, 3, us < 0 ? NULL : &wait, NULL) < 0 && errno != EINTR)
			die("poll");
		if (fds[2].revents != 0)
			return 0;
		take(fds[0].fd, &q[0], delay);
		take(fds[1].fd, &q[1], delay);
	}
}
