/* fuzz_import.c - any bytes as a file of HealthChecker, in pieces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct bytes {
	const uint8_t	*p;
	size_t		 n;
};

/* Pieces of a size that the bytes themselves choose. */
static long
get(void *arg, void *buf, size_t n)
{
	struct bytes *b = arg;
	size_t most = b->n > 0 ? (size_t)1 + b->p[b->n - 1] * (size_t)17 : 0;

	n = n < b->n ? n : b->n;
	n = n < most ? n : most;
	memcpy(buf, b->p, n);
	b->p += n;
	b->n -= n;
	return (long)n;
}

static void
check_text(const char *s)
{
	char again[1024];

	if (strlen(s) > 255)
		abort();
	(void)text_printable(again, sizeof(again), s, strlen(s));
	if (strcmp(again, s) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct bytes b = { p, len };
	struct import *im = import_new();
	bool good = import_read(im, "fuzz", get, &b);

	if (good && import_count(im) == 0)
		abort();
	for (size_t i = 0; i < import_count(im); i++) {
		const struct import_server *s = import_server(im, i);

		/* A file that broke off leaves a server without its name; it is never used. */
		if (good && s->name[0] == '\0')
			abort();
		check_text(s->name);
		check_text(s->fqdn);
		check_text(s->build);
		for (size_t k = 0; k < s->nflaws; k++)
			check_text(s->flaws[k]);
		for (size_t k = 0; k < s->nrows; k++)
			check_text(s->rows[k].value);
	}
	import_free(im);
	return 0;
}
