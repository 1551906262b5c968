/*
 * tls_names.c - what the numbers of TLS are called and what they are worth.
 * The numbers are those of the IANA registries "TLS Parameters".
 */
#include <string.h>

#include "wire/tls_names.h"

const struct tls_suite tls_names_suites[] = {
#define SUITE(code, name, openssl, kx, auth, bits, flags) \
	{ code, name, openssl, TLS_KX_##kx, TLS_AUTH_##auth, bits, flags },
#include "wire/tls_suites.def"
#undef SUITE
	{ 0, NULL, NULL, TLS_KX_ANY, TLS_AUTH_ANY, 0, 0 },
};

const struct tls_suite *
tls_names_suite(uint16_t code)
{
	const struct tls_suite *s = tls_names_suites;

	while (s->code != 0 && s->code != code)
		s++;
	return s->code != 0 ? s : NULL;
}

const struct tls_suite *
tls_names_suite_find(const char *iana)
{
	const struct tls_suite *s = tls_names_suites;

	while (s->code != 0 && strcmp(s->name, iana) != 0)
		s++;
	return s->code != 0 ? s : NULL;
}

const char *
tls_names_kx(enum tls_kx kx)
{
	static const char *const names[] = {
		[TLS_KX_ANY] = "any", [TLS_KX_RSA] = "RSA", [TLS_KX_DH] = "DH",
		[TLS_KX_DHE] = "DHE", [TLS_KX_ECDH] = "ECDH", [TLS_KX_ECDHE] = "ECDHE",
		[TLS_KX_PSK] = "PSK", [TLS_KX_RSA_PSK] = "RSA-PSK",
		[TLS_KX_DHE_PSK] = "DHE-PSK", [TLS_KX_ECDHE_PSK] = "ECDHE-PSK",
		[TLS_KX_KRB5] = "KRB5", [TLS_KX_SRP] = "SRP", [TLS_KX_GOST] = "GOST",
		[TLS_KX_KEA] = "KEA", [TLS_KX_ECCPWD] = "ECCPWD",
	};

	return names[kx];
}

bool
tls_names_fits(const struct tls_suite *s, uint16_t version)
{
	/* They want a user's name in the hello (RFC 5054 2.5.1.3, RFC 8492 4.2). */
	if (s->kx == TLS_KX_SRP || s->kx == TLS_KX_ECCPWD)
		return false;
	if ((s->flags & SUITE_TLS13) != 0)
		return version == 0x0304;
	if ((s->flags & SUITE_TLS12) != 0)
		return version == 0x0303;
	if (version == 0x0300)
		return s->kx != TLS_KX_KRB5 &&
		    (s->code < 0x008a || (s->code >= 0xc001 && s->code <= 0xc019));
	return version <= 0x0303;
}

const struct tls_kind tls_names_kinds[] = {
	{ SUITE_NULL, "null" }, { SUITE_ANON, "anonymous" }, { SUITE_EXPORT, "export" },
	{ SUITE_RC4, "rc4" }, { SUITE_DES, "des" }, { SUITE_TDES, "3des" },
	{ SUITE_RC2, "rc2" }, { SUITE_IDEA, "idea" }, { SUITE_FS, "static-key" },
	{ SUITE_CBC, "cbc" }, { SUITE_DHE, "dhe" },
	{ 0, NULL },
};

bool
tls_names_is_dhe(const struct tls_suite *s)
{
	return s->kx == TLS_KX_DHE || s->kx == TLS_KX_DHE_PSK;
}

unsigned
tls_names_kind(const struct tls_suite *s)
{
	unsigned mask = SUITE_NULL | SUITE_ANON | SUITE_EXPORT | SUITE_RC4 | SUITE_DES |
	    SUITE_TDES | SUITE_RC2 | SUITE_IDEA | SUITE_CBC;
	unsigned finite = tls_names_is_dhe(s) ? SUITE_DHE : 0;

	return (s->flags & mask) | (~s->flags & SUITE_FS) | finite;
}

unsigned
tls_names_kind_v2(const char *name)
{
	static const struct { const char *part; unsigned kind; } parts[] = {
		{ "_NULL", SUITE_NULL }, { "_EXPORT40", SUITE_EXPORT }, { "_RC4_", SUITE_RC4 }, { "_RC2_", SUITE_RC2 },
		{ "_DES_64_", SUITE_DES }, { "_DES_192_EDE3_", SUITE_TDES }, { "_IDEA_", SUITE_IDEA }, { "_CBC_", SUITE_CBC },
	};
	unsigned kinds = SUITE_FS;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strstr(name, parts[i].part) != NULL)
			kinds |= parts[i].kind;
	return kinds;
}

unsigned
tls_names_kind_find(const char *word, size_t len)
{
	for (const struct tls_kind *k = tls_names_kinds; k->word != NULL; k++)
		if (strlen(k->word) == len && memcmp(k->word, word, len) == 0)
			return k->flag;
	return 0;
}

const char *
tls_names_v2(uint32_t code)
{
	static const struct { uint32_t code; const char *name; } suites[] = {
		{ 0x010080, "SSL_CK_RC4_128_WITH_MD5" },
		{ 0x020080, "SSL_CK_RC4_128_EXPORT40_WITH_MD5" },
		{ 0x030080, "SSL_CK_RC2_128_CBC_WITH_MD5" },
		{ 0x040080, "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5" },
		{ 0x050080, "SSL_CK_IDEA_128_CBC_WITH_MD5" },
		{ 0x060040, "SSL_CK_DES_64_CBC_WITH_MD5" },
		{ 0x060140, "SSL_CK_DES_64_CBC_WITH_SHA" },
		{ 0x0700c0, "SSL_CK_DES_192_EDE3_CBC_WITH_MD5" },
		{ 0x0701c0, "SSL_CK_DES_192_EDE3_CBC_WITH_SHA" },
		{ 0x080080, "SSL_CK_RC4_64_WITH_MD5" },
		{ 0xff0800, "SSL_CK_DES_64_CFB64_WITH_MD5_1" },
		{ 0xff0810, "SSL_CK_NULL" },
	};

	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		if (suites[i].code == code)
			return suites[i].name;
	return NULL;
}

static const struct version { uint16_t wire; const char *name; } versions[] = {
	{ 0x0002, "SSLv2" }, { 0x0300, "SSLv3" }, { 0x0301, "TLSv1.0" },
	{ 0x0302, "TLSv1.1" }, { 0x0303, "TLSv1.2" }, { 0x0304, "TLSv1.3" },
};

const char *
tls_names_version(uint16_t wire)
{
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (versions[i].wire == wire)
			return versions[i].name;
	return NULL;
}

uint16_t
tls_names_version_find(const char *name)
{
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (strcmp(versions[i].name, name) == 0)
			return versions[i].wire;
	return 0;
}

/* The first five fit every hello; weak ones stand last. */
const struct tls_group tls_names_groups[] = {
#define BOTH (GROUP_TLS12 | GROUP_TLS13)
	{ 29, "x25519", BOTH }, { 23, "secp256r1", BOTH }, { 24, "secp384r1", BOTH },
	{ 25, "secp521r1", BOTH }, { 30, "x448", BOTH },
	{ 4588, "X25519MLKEM768", GROUP_TLS13 | GROUP_PQ },
	{ 4587, "SecP256r1MLKEM768", GROUP_TLS13 | GROUP_PQ },
	{ 4589, "SecP384r1MLKEM1024", GROUP_TLS13 | GROUP_PQ },
	{ 513, "MLKEM768", GROUP_TLS13 | GROUP_PQ }, { 514, "MLKEM1024", GROUP_TLS13 | GROUP_PQ },
	{ 512, "MLKEM512", GROUP_TLS13 | GROUP_PQ },
	{ 25497, "X25519Kyber768Draft00", GROUP_TLS13 | GROUP_PQ },
	{ 26, "brainpoolP256r1", GROUP_TLS12 }, { 27, "brainpoolP384r1", GROUP_TLS12 },
	{ 28, "brainpoolP512r1", GROUP_TLS12 },
	{ 31, "brainpoolP256r1tls13", GROUP_TLS13 }, { 32, "brainpoolP384r1tls13", GROUP_TLS13 },
	{ 33, "brainpoolP512r1tls13", GROUP_TLS13 }, { 41, "curveSM2", GROUP_TLS13 },
	{ 256, "ffdhe2048", GROUP_TLS13 | GROUP_FINITE }, { 257, "ffdhe3072", GROUP_TLS13 | GROUP_FINITE },
	{ 258, "ffdhe4096", GROUP_TLS13 | GROUP_FINITE }, { 259, "ffdhe6144", GROUP_TLS13 | GROUP_FINITE },
	{ 260, "ffdhe8192", GROUP_TLS13 | GROUP_FINITE },
	{ 22, "secp256k1", GROUP_TLS12 }, { 9, "sect283k1", GROUP_TLS12 },
	{ 10, "sect283r1", GROUP_TLS12 }, { 11, "sect409k1", GROUP_TLS12 },
	{ 12, "sect409r1", GROUP_TLS12 }, { 13, "sect571k1", GROUP_TLS12 },
	{ 14, "sect571r1", GROUP_TLS12 }, { 20, "secp224k1", GROUP_TLS12 },
	{ 21, "secp224r1", GROUP_TLS12 }, { 6, "sect233k1", GROUP_TLS12 },
	{ 7, "sect233r1", GROUP_TLS12 }, { 8, "sect239k1", GROUP_TLS12 },
	{ 1, "sect163k1", GROUP_TLS12 | GROUP_WEAK }, { 2, "sect163r1", GROUP_TLS12 | GROUP_WEAK },
	{ 3, "sect163r2", GROUP_TLS12 | GROUP_WEAK }, { 4, "sect193r1", GROUP_TLS12 | GROUP_WEAK },
	{ 5, "sect193r2", GROUP_TLS12 | GROUP_WEAK }, { 15, "secp160k1", GROUP_TLS12 | GROUP_WEAK },
	{ 16, "secp160r1", GROUP_TLS12 | GROUP_WEAK }, { 17, "secp160r2", GROUP_TLS12 | GROUP_WEAK },
	{ 18, "secp192k1", GROUP_TLS12 | GROUP_WEAK }, { 19, "secp192r1", GROUP_TLS12 | GROUP_WEAK },
#undef BOTH
	{ 0, NULL, 0 },
};

const struct tls_group *
tls_names_group(uint16_t code)
{
	const struct tls_group *g = tls_names_groups;

	while (g->code != 0 && g->code != code)
		g++;
	return g->code != 0 ? g : NULL;
}

const struct tls_group *
tls_names_group_find(const char *name)
{
	const struct tls_group *g = tls_names_groups;

	while (g->code != 0 && strcmp(g->name, name) != 0)
		g++;
	return g->code != 0 ? g : NULL;
}

/*
 * Old ones are offered too: what is refused must be the suite, not the
 * signature.
 */
const struct tls_scheme tls_names_schemes[] = {
	{ 0x0403, "ecdsa_secp256r1_sha256", TLS_AUTH_ECDSA },
	{ 0x0804, "rsa_pss_rsae_sha256", TLS_AUTH_RSA },
	{ 0x0401, "rsa_pkcs1_sha256", TLS_AUTH_RSA },
	{ 0x0503, "ecdsa_secp384r1_sha384", TLS_AUTH_ECDSA },
	{ 0x0805, "rsa_pss_rsae_sha384", TLS_AUTH_RSA },
	{ 0x0501, "rsa_pkcs1_sha384", TLS_AUTH_RSA },
	{ 0x0603, "ecdsa_secp521r1_sha512", TLS_AUTH_ECDSA },
	{ 0x0601, "rsa_pkcs1_sha512", TLS_AUTH_RSA },
	{ 0x0201, "rsa_pkcs1_sha1", TLS_AUTH_RSA },
	{ 0x0203, "ecdsa_sha1", TLS_AUTH_ECDSA },
	/* TLS_SCHEMES_ORDINARY end here, */
	{ 0x0806, "rsa_pss_rsae_sha512", TLS_AUTH_RSA },
	{ 0x0807, "ed25519", TLS_AUTH_ECDSA }, { 0x0808, "ed448", TLS_AUTH_ECDSA },
	{ 0x0809, "rsa_pss_pss_sha256", TLS_AUTH_RSA },
	{ 0x080a, "rsa_pss_pss_sha384", TLS_AUTH_RSA },
	{ 0x080b, "rsa_pss_pss_sha512", TLS_AUTH_RSA },
	{ 0x0202, "dsa_sha1", TLS_AUTH_DSS }, { 0x0402, "dsa_sha256", TLS_AUTH_DSS },
	{ 0x0301, "rsa_pkcs1_sha224", TLS_AUTH_RSA },
	{ 0x0303, "ecdsa_sha224", TLS_AUTH_ECDSA },
	{ 0x0101, "rsa_pkcs1_md5", TLS_AUTH_RSA },
	{ 0x0302, "dsa_sha224", TLS_AUTH_DSS },
	{ 0x0502, "dsa_sha384", TLS_AUTH_DSS },
	{ 0x0602, "dsa_sha512", TLS_AUTH_DSS },
	{ 0x081a, "ecdsa_brainpoolP256r1tls13_sha256", TLS_AUTH_ECDSA },
	{ 0x081b, "ecdsa_brainpoolP384r1tls13_sha384", TLS_AUTH_ECDSA },
	{ 0x081c, "ecdsa_brainpoolP512r1tls13_sha512", TLS_AUTH_ECDSA },
	{ 0x0904, "mldsa44", TLS_AUTH_ANY }, { 0x0905, "mldsa65", TLS_AUTH_ANY },
	{ 0x0906, "mldsa87", TLS_AUTH_ANY },
	/* TLS_SCHEMES_ASKED: all of them. */
	{ 0, NULL, TLS_AUTH_ANY },
};

const char *
tls_names_scheme(uint16_t code)
{
	const struct tls_scheme *s = tls_names_schemes;

	while (s->code != 0 && s->code != code)
		s++;
	return s->name;
}

const char *
tls_names_alert(uint8_t code)
{
	static const struct { uint8_t code; const char *name; } alerts[] = {
		{ 0, "close_notify" }, { 10, "unexpected_message" }, { 20, "bad_record_mac" },
		{ 21, "decryption_failed" }, { 22, "record_overflow" },
		{ 30, "decompression_failure" }, { 40, "handshake_failure" },
		{ 41, "no_certificate" }, { 42, "bad_certificate" },
		{ 43, "unsupported_certificate" }, { 44, "certificate_revoked" },
		{ 45, "certificate_expired" }, { 46, "certificate_unknown" },
		{ 47, "illegal_parameter" }, { 48, "unknown_ca" }, { 49, "access_denied" },
		{ 50, "decode_error" }, { 51, "decrypt_error" }, { 60, "export_restriction" },
		{ 70, "protocol_version" }, { 71, "insufficient_security" },
		{ 80, "internal_error" }, { 86, "inappropriate_fallback" },
		{ 90, "user_canceled" }, { 100, "no_renegotiation" },
		{ 109, "missing_extension" }, { 110, "unsupported_extension" },
		{ 111, "certificate_unobtainable" }, { 112, "unrecognized_name" },
		{ 113, "bad_certificate_status_response" }, { 114, "bad_certificate_hash_value" },
		{ 115, "unknown_psk_identity" }, { 116, "certificate_required" },
		{ 120, "no_application_protocol" }, { 121, "ech_required" },
	};

	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++)
		if (alerts[i].code == code)
			return alerts[i].name;
	return NULL;
}
