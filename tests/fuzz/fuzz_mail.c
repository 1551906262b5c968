/* fuzz_mail.c - any bytes as what a mail server says; the first picks which. */
#include <stdint.h>

#include "probes/table.h"
#include "talk_bytes.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static const struct probe *const probes[] = {
		&probe_smtp, &probe_imap, &probe_imaps, &probe_pop3, &probe_pop3s,
	};

	if (len > 0)
		talk_bytes(probes[p[0] % (sizeof(probes) / sizeof(probes[0]))], p + 1, len - 1);
	return 0;
}
