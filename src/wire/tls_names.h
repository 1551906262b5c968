/*
 * tls_names.h - what the numbers of TLS are called and what they are worth:
 * versions, cipher suites, groups, signature schemes, alerts.
 */
#ifndef EXVET_WIRE_TLS_NAMES_H
#define EXVET_WIRE_TLS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tls_kx {
	TLS_KX_ANY,		/* TLS 1.3: the group decides */
	TLS_KX_RSA, TLS_KX_DH, TLS_KX_DHE, TLS_KX_ECDH, TLS_KX_ECDHE,
	TLS_KX_PSK, TLS_KX_RSA_PSK, TLS_KX_DHE_PSK, TLS_KX_ECDHE_PSK,
	TLS_KX_KRB5, TLS_KX_SRP, TLS_KX_GOST, TLS_KX_KEA, TLS_KX_ECCPWD,
};

enum tls_auth {
	TLS_AUTH_ANY, TLS_AUTH_RSA, TLS_AUTH_DSS, TLS_AUTH_ECDSA, TLS_AUTH_anon,
	TLS_AUTH_PSK, TLS_AUTH_KRB5, TLS_AUTH_SRP, TLS_AUTH_GOST, TLS_AUTH_KEA,
	TLS_AUTH_ECCPWD,
};

enum tls_suite_flag {
	SUITE_TLS13	= 1 << 0,	/* only in 1.3 */
	SUITE_TLS12	= 1 << 1,	/* only in 1.2 */
	SUITE_FS	= 1 << 2,	/* forward secrecy */
	SUITE_AEAD	= 1 << 3,
	SUITE_CBC	= 1 << 4,
	SUITE_NULL	= 1 << 5,	/* no encryption */
	SUITE_ANON	= 1 << 6,	/* no authentication of the server */
	SUITE_EXPORT	= 1 << 7,	/* 40 or 56 bits by decree */
	SUITE_RC4	= 1 << 8,
	SUITE_DES	= 1 << 9,
	SUITE_TDES	= 1 << 10,
	SUITE_RC2	= 1 << 11,
	SUITE_IDEA	= 1 << 12,
	SUITE_FOREIGN	= 1 << 13,	/* Schannel never had it: something else ends TLS */
	SUITE_SCHANNEL	= 1 << 14,	/* some Schannel has it */
	SUITE_ORDINARY	= 1 << 15,	/* on the short list */
	SUITE_DHE	= 1 << 16,	/* never in the table: see tls_names_kind() */
};

struct tls_suite {
	uint16_t	 code;
	const char	*name;		/* IANA */
	const char	*openssl;	/* "" if OpenSSL has no name for it */
	enum tls_kx	 kx;
	enum tls_auth	 auth;
	unsigned	 bits;		/* strength of the cipher; 112 for 3DES */
	unsigned	 flags;
};

/* In the order offered; ended by code 0. */
extern const struct tls_suite tls_names_suites[];
const struct tls_suite *tls_names_suite(uint16_t code);		/* NULL: unknown */
const struct tls_suite *tls_names_suite_find(const char *iana);	/* NULL: unknown */
const char *tls_names_kx(enum tls_kx);
/*
 * May the suite be offered in that version (0x0300 .. 0x0304)?  SSLv3: what its
 * implementations had, no later suite than RFC 4492's and no Kerberos.  Never those
 * that want a user's name: a server that would choose one refuses the whole hello,
 * whatever else is in it.
 */
bool	tls_names_fits(const struct tls_suite *, uint16_t version);

/* Kinds of suites to beware of: a bit of the flags and a word. */
struct tls_kind {
	unsigned	 flag;
	const char	*word;
};
extern const struct tls_kind tls_names_kinds[];		/* ended by word NULL */
/*
 * All kinds that a suite is of: SUITE_FS when it LACKS forward secrecy, and
 * SUITE_DHE when its key exchange is finite-field, whose size must be seen.
 */
unsigned tls_names_kind(const struct tls_suite *);
bool	tls_names_is_dhe(const struct tls_suite *);	/* ephemeral Diffie-Hellman of finite fields */
unsigned tls_names_kind_find(const char *word, size_t len);	/* 0: none */

/* SSLv2 has codes of three bytes. */
const char *tls_names_v2(uint32_t code);			/* NULL: unknown */
unsigned tls_names_kind_v2(const char *name);			/* as tls_names_kind() */

const char *tls_names_version(uint16_t);			/* "TLSv1.2"; NULL: unknown */
uint16_t tls_names_version_find(const char *);			/* 0: unknown */

enum tls_group_flag {
	GROUP_TLS12	= 1 << 0,	/* may be offered up to 1.2 */
	GROUP_TLS13	= 1 << 1,	/* may be offered in 1.3 */
	GROUP_WEAK	= 1 << 2,	/* below 112 bits of strength */
	GROUP_FINITE	= 1 << 3,	/* finite field (RFC 7919) */
	GROUP_PQ	= 1 << 4,	/* holds against a quantum computer */
};

struct tls_group {
	uint16_t	 code;
	const char	*name;
	unsigned	 flags;
};

extern const struct tls_group tls_names_groups[];	/* in the order offered; ended by code 0 */
const struct tls_group *tls_names_group(uint16_t code);
const struct tls_group *tls_names_group_find(const char *);

struct tls_scheme {
	uint16_t	 code;
	const char	*name;		/* "rsa_pss_rsae_sha256" */
	enum tls_auth	 auth;		/* the key that signs; Ed25519 counts as ECDSA's */
};

/* So many of the first fit every hello, and so many are asked for. */
enum { TLS_SCHEMES_ORDINARY = 10, TLS_SCHEMES_ASKED = 30 };

extern const struct tls_scheme tls_names_schemes[];	/* in the order offered; ended by code 0 */
const char *tls_names_scheme(uint16_t);			/* NULL: unknown */
const char *tls_names_alert(uint8_t);			/* "handshake_failure"; NULL */

#endif
