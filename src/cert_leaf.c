/*
 * cert_leaf.c - one certificate, as facts: names, life, key, signature.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/limits.h"
#include "base/text.h"
#include "cert_leaf.h"
#include "obs.h"

enum { NOT_AN_ADDRESS = -2 };	/* X509_check_ip_asc(3) */

static void
note(const struct cert_place *p, enum fact fact, const char *value)
{
	obs_text(p->obs, fact, p->at, p->probe, value, p->evidence);
}

static void
note_flag(const struct cert_place *p, enum fact fact, bool value)
{
	obs_number(p->obs, fact, p->at, p->probe, value, p->evidence);
}

char *
cert_leaf_name(const X509_NAME *name)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *s = NULL, *p;
	long n;

	if (b != NULL && X509_NAME_print_ex(b, name, 0,
	    (XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) | ASN1_STRFLGS_UTF8_CONVERT) >= 0 &&
	    (n = BIO_get_mem_data(b, &p)) > 0)
		s = text_dup_n(p, (size_t)n);
	BIO_free(b);
	return s != NULL ? s : text_dup("");
}

void
cert_leaf_chain(const struct cert_place *p, enum fact fact, X509 *x, size_t at)
{
	char *subject = cert_leaf_name(X509_get_subject_name(x));
	char *text = text_printf("%zu: %s", at, subject);

	note(p, fact, text);
	free(text);
	free(subject);
}

static void
note_life(const struct cert_place *p, const X509 *x)
{
	static const enum fact facts[] = { FACT_CERT_NOT_BEFORE, FACT_CERT_NOT_AFTER };
	const ASN1_TIME *t[] = { X509_get0_notBefore(x), X509_get0_notAfter(x) };
	int days, seconds;
	char text[64];

	for (size_t i = 0; i < 2; i++) {
		struct tm tm;

		if (ASN1_TIME_to_tm(t[i], &tm) != 1) {
			note(p, FACT_CERT_BAD, "0: a date that is none");
			return;
		}
		(void)snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ",
		    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
		note(p, facts[i], text);
	}
	/* RFC 5280 4.1.2.5: the last second belongs to the life; a begun day counts. */
	if (ASN1_TIME_diff(&days, &seconds, t[0], t[1]) == 1)
		obs_number(p->obs, FACT_CERT_LIFETIME, p->at, p->probe,
		    days + (seconds >= 0 ? 1 : 0), p->evidence);
}

static void
note_san(const struct cert_place *p, const GENERAL_NAME *g)
{
	char ip[64];
	const ASN1_STRING *s;
	size_t n;

	switch (g->type) {
	case GEN_DNS:
	case GEN_EMAIL:
	case GEN_URI:
		s = g->d.ia5;
		/* Whole, with a NUL that may hide in it: obs makes it visible. */
		obs_text_n(p->obs, FACT_CERT_SAN, p->at, p->probe, ASN1_STRING_get0_data(s),
		    (size_t)ASN1_STRING_length(s), p->evidence);
		break;
	case GEN_IPADD:
		s = g->d.iPAddress;
		n = (size_t)ASN1_STRING_length(s);
		if (n == 4) {
			const unsigned char *a = ASN1_STRING_get0_data(s);

			(void)snprintf(ip, sizeof(ip), "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
		} else if (n == 16) {
			const unsigned char *a = ASN1_STRING_get0_data(s);
			size_t used = 0;

			for (size_t i = 0; i < 16; i += 2)
				used += (size_t)snprintf(ip + used, sizeof(ip) - used, "%s%x",
				    i != 0 ? ":" : "", (unsigned)(a[i] << 8 | a[i + 1]));
		} else
			return;
		note(p, FACT_CERT_SAN, ip);
		break;
	default:
		break;
	}
}

/* RSA 2048, EC prime256v1, ED25519; bits of the key by the way. */
static void
key_text(X509 *x, char *out, size_t cap, int *bits, int *base)
{
	EVP_PKEY *k = X509_get0_pubkey(x);
	char group[64] = "";

	*bits = k != NULL ? EVP_PKEY_get_bits(k) : 0;
	*base = k != NULL ? EVP_PKEY_get_base_id(k) : EVP_PKEY_NONE;
	if (k == NULL)
		(void)snprintf(out, cap, "unreadable");
	else if (*base == EVP_PKEY_EC)
		(void)snprintf(out, cap, "EC %s",
		    EVP_PKEY_get_group_name(k, group, sizeof(group), NULL) == 1 ? group : "unknown");
	else if (*base == EVP_PKEY_ED25519 || *base == EVP_PKEY_ED448)
		(void)snprintf(out, cap, "%s", OBJ_nid2sn(*base));
	else
		(void)snprintf(out, cap, "%s %d", *base == EVP_PKEY_RSA ? "RSA" :
		    *base == EVP_PKEY_DSA ? "DSA" : OBJ_nid2sn(*base), *bits);
}

static const char *
signature_text(const X509 *x)
{
	const char *s = OBJ_nid2ln(X509_get_signature_nid(x));

	return s != NULL ? s : "unknown";
}

static bool
is_self_signed(X509 *x)
{
	return X509_self_signed(x, 1) == 1;
}

/* Keys and signatures below every current minimum (NIST SP 800-131A). */
void
cert_leaf_weak(const struct cert_place *p, X509 *x, size_t at)
{
	char key[96], text[256];
	int bits, base, md = NID_undef;

	key_text(x, key, sizeof(key), &bits, &base);
	if (((base == EVP_PKEY_RSA || base == EVP_PKEY_RSA_PSS || base == EVP_PKEY_DSA) && bits < 2048) ||
	    (base == EVP_PKEY_EC && bits < 224)) {
		(void)snprintf(text, sizeof(text), "%zu: key %s", at, key);
		note(p, FACT_CERT_WEAK, text);
	}
	/* Nobody relies on the signature that a root puts on itself. */
	if (at > 0 && is_self_signed(x))
		return;
	if (X509_get_signature_info(x, &md, NULL, NULL, NULL) == 1 &&
	    (md == NID_sha1 || md == NID_md5 || md == NID_md4 || md == NID_md2 || md == NID_md5_sha1)) {
		bool pss = X509_get_signature_nid(x) == NID_rsassaPss;

		/* Its name alone does not tell the hash. */
		(void)snprintf(text, sizeof(text), "%zu: signature %s%s%s", at, signature_text(x),
		    pss ? " with " : "", pss ? OBJ_nid2sn(md) : "");
		note(p, FACT_CERT_WEAK, text);
	}
}

/* RFC 7633: the TLS feature extension that lists status_request (5). */
static bool
is_must_staple(const X509 *x)
{
	TLS_FEATURE *f = X509_get_ext_d2i(x, NID_tlsfeature, NULL, NULL);
	bool found = false;

	for (int i = 0; i < sk_ASN1_INTEGER_num(f); i++)
		found = found || ASN1_INTEGER_get(sk_ASN1_INTEGER_value(f, i)) == 5;
	sk_ASN1_INTEGER_pop_free(f, ASN1_INTEGER_free);
	return found;
}

/* One of the four policies of the CA/Browser Forum (2.23.140.1.*). */
static bool
is_public(const X509 *x)
{
	CERTIFICATEPOLICIES *c = X509_get_ext_d2i(x, NID_certificate_policies, NULL, NULL);
	bool found = false;

	for (int i = 0; i < sk_POLICYINFO_num(c); i++) {
		char oid[64];

		if (OBJ_obj2txt(oid, sizeof(oid), sk_POLICYINFO_value(c, i)->policyid, 1) > 0)
			found = found || strncmp(oid, "2.23.140.1.", 11) == 0;
	}
	CERTIFICATEPOLICIES_free(c);
	return found;
}

/*
 * Setup's own certificate: self-signed, for five years, its subject nothing
 * but the NetBIOS name, which its alternative names repeat.
 */
static bool
is_exchange_default(X509 *x, const GENERAL_NAMES *names)
{
	const X509_NAME *subject = X509_get_subject_name(x);
	char cn[64];
	int n, days, seconds;
	bool found = false;

	if (!is_self_signed(x) || X509_NAME_entry_count(subject) != 1)
		return false;
	n = X509_NAME_get_text_by_NID(subject, NID_commonName, cn, sizeof(cn));
	if (n < 1 || n > 15 || strlen(cn) != (size_t)n || strpbrk(cn, ". *") != NULL)
		return false;
	if (ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(x), X509_get0_notAfter(x)) != 1 ||
	    days < 1825 || days > 1828)
		return false;
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);

		found = found || (g->type == GEN_DNS && ASN1_STRING_length(g->d.dNSName) == n &&
		    memcmp(ASN1_STRING_get0_data(g->d.dNSName), cn, (size_t)n) == 0);
	}
	return found;
}

static void
note_names(const struct cert_place *p, X509 *x)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	char *subject = cert_leaf_name(X509_get_subject_name(x));
	char *issuer = cert_leaf_name(X509_get_issuer_name(x)), more[80];

	note(p, FACT_CERT_SUBJECT, subject);
	note(p, FACT_CERT_ISSUER, issuer);
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && i < LIMIT_CERT_SANS; i++)
		note_san(p, sk_GENERAL_NAME_value(names, i));
	if (sk_GENERAL_NAME_num(names) > LIMIT_CERT_SANS) {
		(void)snprintf(more, sizeof(more), "0: %d alternative names, of which %d are kept",
		    sk_GENERAL_NAME_num(names), LIMIT_CERT_SANS);
		note(p, FACT_CERT_BAD, more);
	}
	note_flag(p, FACT_CERT_DEFAULT, is_exchange_default(x, names));
	GENERAL_NAMES_free(names);
	free(subject);
	free(issuer);
}

void
cert_leaf_match(const struct cert_place *p, X509 *x, const char *host)
{
	char bare[256], *evidence;
	size_t n = strlen(host);
	int as_address;

	if (n >= 2 && host[0] == '[' && host[n - 1] == ']' && n < sizeof(bare)) {
		(void)snprintf(bare, sizeof(bare), "%.*s", (int)(n - 2), host + 1);
		host = bare;
	}
	/* An address is no name, even where a certificate calls it one (RFC 6125 B.1). */
	as_address = X509_check_ip_asc(x, host, 0);
	evidence = text_printf("%s; asked as %s", p->evidence, host);
	obs_number(p->obs, FACT_CERT_NAME_MATCH, p->at, p->probe, as_address == 1 ||
	    (as_address == NOT_AN_ADDRESS && X509_check_host(x, host, 0, 0, NULL) == 1), evidence);
	free(evidence);
}

void
cert_leaf_note(const struct cert_place *p, X509 *x)
{
	char key[96], *serial;
	BIGNUM *bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	int bits, base;

	note_names(p, x);
	note_life(p, x);
	serial = bn != NULL ? BN_bn2hex(bn) : NULL;
	if (serial != NULL)
		note(p, FACT_CERT_SERIAL, serial);
	OPENSSL_free(serial);
	BN_free(bn);
	key_text(x, key, sizeof(key), &bits, &base);
	note(p, FACT_CERT_KEY, key);
	note(p, FACT_CERT_SIGNATURE, signature_text(x));
	note_flag(p, FACT_CERT_SELF_SIGNED, is_self_signed(x));
	note_flag(p, FACT_CERT_CA, X509_check_ca(x) == 1);
	note_flag(p, FACT_CERT_MUST_STAPLE, is_must_staple(x));
	note_flag(p, FACT_CERT_PUBLIC, is_public(x));
}
