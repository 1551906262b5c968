/* sha256.c - SHA-256 of a buffer, by OpenSSL. */
#include <assert.h>
#include <stdio.h>

#include <openssl/evp.h>

#include "sha256.h"

void
sha256_raw(const void *p, size_t n, uint8_t out[32])
{
	unsigned int len = 0;
	int ok = EVP_Digest(p, n, out, &len, EVP_sha256(), NULL);

	assert(ok == 1 && len == 32);
	(void)ok;
}

void
sha256_hex(const void *p, size_t n, char out[65])
{
	uint8_t md[32];

	sha256_raw(p, n, md);
	for (unsigned int i = 0; i < 32; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", md[i]);
}
