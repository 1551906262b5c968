/*
 * talk_run.c - run one raw probe against a server, lane after lane, with a
 * plain blocking socket, and print the facts.
 * usage: talk_run PROBE HOST ADDRESS PORT CA-FILE|- TIMEOUT-MS [full]
 * full: as in that profile; else as in standard.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "cert.h"
#include "probe.h"
#include "probes/table.h"

static unsigned connections;

static int
dial(const char *address, uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || inet_pton(AF_INET, address, &a.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
		fprintf(stderr, "talk_run: %s:%u: %s\n", address, port, strerror(errno));
		exit(2);
	}
	connections++;
	return fd;
}

/* More bytes; false when there are none: *lost says why. */
static bool
more(int fd, int timeout, uint8_t *buf, size_t *have, const char **lost)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	*lost = "timeout";
	if (poll(&p, 1, timeout) != 1)
		return false;
	n = read(fd, buf + *have, LIMIT_TALK_BYTES - *have);
	*lost = n < 0 ? "reset" : "close";
	if (n <= 0)
		return false;
	*lost = "";
	*have += (size_t)n;
	return true;
}

/* One connection; true when the probe wants another. */
static bool
connection(const struct probe *p, struct talk *t, int fd, int timeout)
{
	static uint8_t buf[LIMIT_TALK_BYTES];
	enum heard h = HEARD_NEXT;
	size_t have = 0;

	while (h == HEARD_NEXT || h == HEARD_PART) {
		uint8_t out[LIMIT_TALK_ASK];
		struct wr w = wr_init(out, sizeof(out));
		bool ended = false;

		if (h == HEARD_NEXT) {
			p->ask(t, &w);
			if (w.full) {
				fputs("talk_run: message too long\n", stderr);
				exit(2);
			}
			if (send(fd, out, w.len, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET)
				exit(2);
		}
		if (h == HEARD_PART || have == 0)
			ended = !more(fd, timeout, buf, &have, &t->ended_by);
		struct rd in = rd_init(buf, have);
		h = p->hear(t, &in, ended);
		memmove(buf, buf + have - in.len, in.len);
		have = in.len;
		if (ended && (h == HEARD_PART || h == HEARD_NEXT))
			h = HEARD_BAD;
		t->ended_by = "";
	}
	return h == HEARD_REDIAL;
}

static void
print(struct obs *o)
{
	obs_sort(o);
	for (size_t i = 0; i < obs_count(o); i++) {
		const struct observation *k = obs_get(o, i);

		if (k->text != NULL)
			printf("%s=%s\n", obs_fact(k->fact)->name, k->text);
		else
			printf("%s=%" PRId64 "\n", obs_fact(k->fact)->name, k->number);
	}
	printf("connections=%u\n", connections);
}

int
main(int argc, char **argv)
{
	static const struct probe *const probes[] = {
		&probe_tls, &probe_tls_exact, &probe_tls_smtp, &probe_tls_imap, &probe_tls_pop,
		&probe_tls_imaps,
	};
	const struct probe *p = NULL;
	struct cert_store *roots;
	struct obs *o = obs_new();
	int64_t port, timeout;

	for (size_t i = 0; argc >= 7 && i < sizeof(probes) / sizeof(probes[0]); i++)
		if (strcmp(probes[i]->name, argv[1]) == 0)
			p = probes[i];
	if (p == NULL || !text_number(argv[4], 1, 65535, &port) ||
	    !text_number(argv[6], 1, 60000, &timeout)) {
		fputs("usage: talk_run PROBE HOST ADDRESS PORT CA-FILE|- TIMEOUT-MS [full]\n", stderr);
		return 2;
	}
	roots = cert_store_new(argv[5][0] == '-' ? NULL : argv[5]);
	for (unsigned lane = 0; lane == 0 || lane < p->lanes; lane++) {
		struct talk t = { .obs = o, .probe = p->name, .at = "peer", .host = argv[2], .ended_by = "",
			.port = (uint16_t)port, .now = time(NULL), .lane = lane, .roots = roots,
			.exact = true, .deep = argc == 8,
			.state = text_alloc(p->state_size) };
		bool again = true;

		for (unsigned n = 0; again && n < LIMIT_TALK_REDIALS; n++) {
			int fd = dial(argv[3], (uint16_t)port);

			again = connection(p, &t, fd, (int)timeout);
			(void)close(fd);
			(void)poll(NULL, 0, (int)t.pause_ms);
			t.pause_ms = 0;
		}
		printf("lane-%u=%u\n", lane, connections);
		free(t.state);
	}
	print(o);
	cert_store_free(roots);
	obs_free(o);
	return 0;
}
