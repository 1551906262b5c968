/* sha256.c - SHA-256 of a buffer, by OpenSSL. */
#include <assert.h>
#include <stdio.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "sha256.h"

void
sha256_raw(const void *p, size_t n, uint8_t out[32])
{
	unsigned int len = 0;
	int ok;

	/*
	 * The table's sum is what starts OpenSSL.  At the end the kernel frees it faster.
	 * openssl.cnf is left unread: what this machine allows itself (a policy of its
	 * distribution) would hide what a server does.
	 */
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	ok = EVP_Digest(p, n, out, &len, EVP_sha256(), NULL);

	assert(ok == 1 && len == 32);
	(void)ok;
}

static void
put_hex(const uint8_t md[32], char out[65])
{
	for (unsigned int i = 0; i < 32; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", md[i]);
}

void
sha256_hex(const void *p, size_t n, char out[65])
{
	uint8_t md[32];

	sha256_raw(p, n, md);
	put_hex(md, out);
}

bool
sha256_file(const char *path, char out[65])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	FILE *f = fopen(path, "rb");
	bool good = ctx != NULL && f != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1;
	uint8_t buf[65536], md[EVP_MAX_MD_SIZE];
	size_t n;

	while (good && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		good = EVP_DigestUpdate(ctx, buf, n) == 1;
	good = good && !ferror(f) && EVP_DigestFinal_ex(ctx, md, NULL) == 1;
	out[0] = '\0';
	if (good)
		put_hex(md, out);
	if (f != NULL)
		(void)fclose(f);
	EVP_MD_CTX_free(ctx);
	return good;
}
