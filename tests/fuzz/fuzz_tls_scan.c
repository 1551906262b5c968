/*
 * fuzz_tls_scan.c - any bytes as the answers to the hellos of a scan: both
 * probes, which must come to an end.
 *
 * The first byte picks the probes, how deep they go, and whether every hello
 * hears all the bytes or a piece of them.  A run is a whole scan of many hellos, so the
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

/*
 * Bytes cut into answers, two bytes of length in front of each: one a hello, and
 * from the start again when they run out.
 */
static struct rd
next_answer(struct rd all, struct rd *rest, bool cut)
{
	struct rd answer;

	if (!cut)
		return all;
	if (rest->len == 0)
		*rest = all;
	answer = rd_vec(rest, 2);
	if (!answer.bad)
		return answer;
	answer = *rest = rd_init(all.p, all.len < 2000 ? all.len : 2000);
	rest->len = 0;
	return answer;
}

/* The probe must come to an end, in all lanes. */
static void
check_probe(const struct probe *p, struct rd in, bool deep, bool cut)
{
	struct obs *o = obs_new();
	struct rd rest = { .len = 0 };

	for (unsigned lane = 0; lane == 0 || lane < p->lanes; lane++) {
		struct talk t = { .obs = o, .probe = p->name, .at = "peer:443", .lane = lane, .deep = deep,
			.host = "mail.example.test", .ended_by = "close", .state = text_alloc(p->state_size) };
		enum heard h = HEARD_REDIAL;

		for (unsigned n = 0; h == HEARD_REDIAL; n++) {
			uint8_t out[LIMIT_TALK_ASK];
			struct wr w = wr_init(out, sizeof(out));
			struct rd again = next_answer(in, &rest, cut);

			require(n < LIMIT_TALK_REDIALS);
			p->ask(&t, &w);
			require(!w.full && w.len > 0);
			h = p->hear(&t, &again, true);
			require(h != HEARD_PART && h != HEARD_NEXT);
		}
		free(t.state);
	}
	obs_free(o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rd in;

	if (n == 0 || n > LIMIT_TALK_BYTES)
		return 0;
	in = rd_init(p + 1, n - 1);
	if ((p[0] & 0x20) == 0)
		check_probe(&probe_tls, in, false, (p[0] & 0x80) != 0);
	if ((p[0] & 0x10) == 0)
		check_probe(&probe_tls_exact, in, (p[0] & 0x40) != 0, (p[0] & 0x80) != 0);
	return 0;
}
