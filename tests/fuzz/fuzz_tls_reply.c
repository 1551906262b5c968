/*
 * fuzz_tls_reply.c - any bytes as the answer to a hello: the reader, and both
 * probes that judge what it read.
 *
 * The first byte picks the hello's version, whether the peer hung up, and
 * which probe hears it too.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "probes/table.h"
#include "wire/tls_reply.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* Decided on a part of the bytes must be decided so on all of them. */
static void
check_reader(struct rd in, bool ended, uint16_t offered)
{
	struct tls_reply part, whole;
	enum tls_answer early = tls_reply_read(rd_init(in.p, in.len / 2), false, offered, &part);
	enum tls_answer a = tls_reply_read(in, ended, offered, &whole);

	require(early == TLS_ANSWER_PART || early == a || a == TLS_ANSWER_HELLO ||
	    early == TLS_ANSWER_PLAIN || early == TLS_ANSWER_HELLO);
	require(a != TLS_ANSWER_PART || !ended);
	for (size_t i = 0; i < whole.ncerts; i++)
		require(whole.cert[i].p >= whole.hand &&
		    whole.cert[i].p + whole.cert[i].len <= whole.hand + whole.nhand);
	tls_reply_free(&part);
	tls_reply_free(&whole);
}

/* The same answer to every hello: the probe must come to an end. */
static void
check_probe(const struct probe *p, struct rd in)
{
	for (unsigned lane = 0; lane == 0 || lane < p->lanes; lane++) {
		struct obs *o = obs_new();
		struct talk t = { .obs = o, .probe = p->name, .at = "peer:443", .lane = lane,
			.host = "mail.example.test", .ended_by = "close", .state = text_alloc(p->state_size) };
		enum heard h = HEARD_REDIAL;

		for (unsigned n = 0; h == HEARD_REDIAL; n++) {
			uint8_t out[LIMIT_TALK_ASK];
			struct wr w = wr_init(out, sizeof(out));
			struct rd again = in;

			require(n < LIMIT_TALK_REDIALS);
			p->ask(&t, &w);
			require(!w.full && w.len > 0);
			h = p->hear(&t, &again, true);
			require(h != HEARD_PART && h != HEARD_NEXT);
		}
		free(t.state);
		obs_free(o);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint16_t offered[] = { 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304 };
	struct rd in;

	if (n == 0 || n > LIMIT_TALK_BYTES)
		return 0;
	in = rd_init(p + 1, n - 1);
	check_reader(in, (p[0] & 8) != 0, offered[(p[0] & 7) % 6]);
	if ((p[0] & 0x10) != 0)
		check_probe(&probe_tls, in);
	if ((p[0] & 0x20) != 0)
		check_probe(&probe_tls_exact, in);
	return 0;
}
