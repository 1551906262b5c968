/* sha256.c - SHA-256 of a buffer, by OpenSSL. */
#include <assert.h>
#include <stdio.h>

#include <openssl/evp.h>

#include "sha256.h"

void
sha256_hex(const void *p, size_t n, char out[65])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	int ok = EVP_Digest(p, n, md, &len, EVP_sha256(), NULL);

	assert(ok == 1 && len == 32);
	(void)ok;
	for (unsigned int i = 0; i < 32; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", i < len ? md[i] : 0);
}
