/*
 * fuzz_cert.c - any bytes as the chain that a server sent: certificates with
 * their lengths in front, two bytes each.
 */
#include <stdint.h>

#include "bytes.h"
#include "cert.h"
#include "obs.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct cert_store *store;
	struct cert_sent sent = { .n = 0 };
	struct rd in = rd_init(p, n);
	struct obs *o = obs_new();

	if (store == NULL)
		store = cert_store_new(NULL);
	while (rd_more(&in)) {
		size_t len = rd_u16(&in);
		struct rd der = rd_sub(&in, len < in.len ? len : in.len);

		if (der.p != NULL)
			cert_sent_add(&sent, der.p, der.len);
	}
	cert_note(o, "peer:443", "tls", &sent, "mail.example.test", store, 1795000000);
	if (sent.n > 0)
		(void)cert_curve(sent.der[0], sent.len[0]);
	cert_sent_free(&sent);
	obs_free(o);
	return 0;
}
