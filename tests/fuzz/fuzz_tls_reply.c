/*
 * fuzz_tls_reply.c - any bytes as the answer to a hello: records and handshake
 * messages, as the reader takes them apart.
 *
 * The first byte picks the hello's version and whether the peer hung up.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
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

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint16_t offered[] = { 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304 };

	if (n == 0 || n > LIMIT_TALK_BYTES)
		return 0;
	check_reader(rd_init(p + 1, n - 1), (p[0] & 8) != 0, offered[(p[0] & 7) % 6]);
	return 0;
}
