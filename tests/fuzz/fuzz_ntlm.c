/*
 * fuzz_ntlm.c - any bytes as an NTLM challenge, as base64 of one, and as the
 * header that carries it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/text.h"
#include "wire/challenge.h"
#include "wire/ntlm.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check(const struct ntlm_challenge *c)
{
	const struct ntlm_name *const names[] = {
		&c->target, &c->computer_nb, &c->domain_nb, &c->computer_dns, &c->domain_dns,
		&c->forest,
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		require(names[i]->len <= sizeof(names[i]->text));
	require(c->build <= UINT16_MAX && (!c->has_version || c->major != 0));
}

/* What is decoded is what encodes to it. */
static void
check_base64(const char *text, size_t len)
{
	uint8_t bytes[NTLM_MESSAGE];
	char again[NTLM_MESSAGE * 2];
	size_t n;

	if (!base64_decode(text, len, bytes, sizeof(bytes), &n))
		return;
	require(base64_encode(bytes, n, again, sizeof(again)));
	require(strlen(again) == len && memcmp(again, text, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	char *text = text_dup_n((const char *)p, len);
	const char *rest = text;
	struct ntlm_challenge c;
	struct challenge h;

	if (ntlm_read_challenge(rd_init(p, len), &c))
		check(&c);
	check_base64((const char *)p, len);
	while (challenge_next(&rest, &h)) {
		char value[64];

		require(rest > text && h.scheme_len > 0);
		(void)challenge_param(&h, "realm", value, sizeof(value));
		if (h.token68 != NULL && ntlm_read_challenge64(h.token68, h.token68_len, &c))
			check(&c);
	}
	free(text);
	return 0;
}
