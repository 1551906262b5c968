/*
 * fuzz_tls_scan.c - any bytes as the answer to every hello of a scan: both
 * probes, which must come to an end.
 *
 * The first byte picks the probes.  A run is a whole scan of many hellos, so the
 * reader alone has a target of its own, fuzz_tls_reply.c, that is much faster.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "probes/table.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool holds)
{
	if (!holds)
		abort();
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
	struct rd in;

	if (n == 0 || n > LIMIT_TALK_BYTES)
		return 0;
	in = rd_init(p + 1, n - 1);
	if ((p[0] & 0x20) == 0)
		check_probe(&probe_tls, in);
	if ((p[0] & 0x10) == 0)
		check_probe(&probe_tls_exact, in);
	return 0;
}
