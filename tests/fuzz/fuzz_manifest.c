/* fuzz_manifest.c - any bytes as the export tool's manifest. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probes/manifest.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	char build[HTTPTEXT_BUILD], again[HTTPTEXT_BUILD];

	if (manifest_build((const char *)p, len, build) &&
	    (httptext_build(build, strlen(build), again) == 0 || strcmp(build, again) != 0))
		abort();
	return 0;
}
