/*
 * tls_keys.c - the certificate of the other kind of key, where TLS 1.3 is all
 * there is.
 *
 * Up to TLS 1.2 a server shows its certificate to a hello, and each kind of
 * suite brings the one of its kind.  TLS 1.3 encrypts it: only a handshake that
 * is carried through shows one, and the web probes do one.  So one more is
 * done, with the signature algorithms of the other kinds of key alone.
 */
#include <string.h>

#include "base/text.h"
#include "cert.h"
#include "probe.h"
#include "probes/table.h"

/* What is asked for when that kind has been seen; names of OpenSSL. */
static const struct { const char *seen, *ask; } others[] = {
	{ "RSA", "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448" },
	{ "EC ", "RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:rsa_pss_pss_sha256:"
	    "rsa_pss_pss_sha384:rsa_pss_pss_sha512:ed25519:ed448" },
	{ "ED", "RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:rsa_pss_pss_sha256:"
	    "rsa_pss_pss_sha384:rsa_pss_pss_sha512:ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512" },
};

/* The kind of key that the web probes saw there. */
static const char *
key_seen(const struct talk *t)
{
	for (const struct observation *k = obs_first(t->obs, FACT_CERT_KEY); k != NULL;
	    k = obs_next(t->obs, k))
		if (text_starts(k->at, "https://") && strcmp(k->probe, "tls-backend") != 0)
			return k->text;
	return NULL;
}

/* TLS 1.3 was accepted, and no older version showed a certificate. */
static bool
wanted(struct talk *t)
{
	const char *seen = key_seen(t);
	const struct observation *k = obs_first(t->obs, FACT_TLS_OFFERED);

	while (k != NULL && (strcmp(k->probe, "tls-exact") != 0 || strcmp(k->text, "TLSv1.3") != 0))
		k = obs_next(t->obs, k);
	if (seen == NULL || k == NULL || obs_next_at(t->obs, FACT_CERT_KEY, k->at, NULL) != NULL)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (text_starts(seen, others[i].seen))
			t->sigalgs = others[i].ask;
	return t->sigalgs != NULL;
}

/* It has no such certificate: that is the answer. */
static enum heard
hear(struct talk *t, struct rd *in, bool ended)
{
	(void)t;
	(void)rd_take(in, in->len);
	return ended ? HEARD_DONE : HEARD_PART;
}

static const enum fact gives[] = { CERT_NOTE_GIVES, FACT_COUNT };

const struct probe probe_tls_keys = {
	.name = "tls-keys",
	.summary = "the certificate of another kind of key, where TLS 1.3 alone is spoken",
	.technique = "C-31", .flags = PROBE_TLS, .gives = gives, .wanted = wanted, .hear = hear,
};
