/* cert_ocsp.c - a stapled OCSP answer (RFC 6960), as a fact. */
#include <stdio.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>

#include "cert.h"
#include "cert_ocsp.h"
#include "obs.h"

enum { SKEW = 300 };		/* seconds that clocks may differ */

/* The chain as sent; whatever cannot be read is left out, but for the leaf. */
static STACK_OF(X509) *
read_chain(const struct cert_sent *sent)
{
	STACK_OF(X509) *chain = sk_X509_new_null();

	for (size_t i = 0; chain != NULL && i < sent->n; i++) {
		const unsigned char *at = sent->der[i];
		X509 *x = d2i_X509(NULL, &at, (long)sent->len[i]);

		if (x != NULL && sk_X509_push(chain, x) > 0)
			continue;
		X509_free(x);
		if (i == 0)
			break;
	}
	return chain;
}

/*
 * The authorities that lead from the leaf to a root, behind what was sent: a server need not
 * send the root, which may have issued the leaf and signed the answer.
 */
static void
add_built(STACK_OF(X509) *chain, struct cert_store *store)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *built = NULL;

	if (ctx != NULL && X509_STORE_CTX_init(ctx, cert_store_roots(store), sk_X509_value(chain, 0),
	    chain) == 1) {
		X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_NO_CHECK_TIME);
		(void)X509_verify_cert(ctx);
		built = X509_STORE_CTX_get0_chain(ctx);
	}
	for (int i = 1; i < sk_X509_num(built); i++) {
		X509 *x = sk_X509_value(built, i);

		if (X509_up_ref(x) == 1 && sk_X509_push(chain, x) <= 0)
			X509_free(x);
	}
	X509_STORE_CTX_free(ctx);
}

/* Is the single answer about the leaf?  Without its issuer only the serial number tells. */
static bool
is_about(const OCSP_SINGLERESP *one, X509 *leaf, X509 *issuer)
{
	OCSP_CERTID *id = (OCSP_CERTID *)OCSP_SINGLERESP_get0_id(one), *ours;
	ASN1_INTEGER *serial = NULL;
	ASN1_OBJECT *md = NULL;
	const EVP_MD *digest;
	bool same;

	if (OCSP_id_get0_info(NULL, &md, NULL, &serial, id) != 1 ||
	    ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(leaf)) != 0)
		return false;
	digest = EVP_get_digestbyobj(md);
	if (issuer == NULL || digest == NULL ||
	    X509_NAME_cmp(X509_get_issuer_name(leaf), X509_get_subject_name(issuer)) != 0)
		return true;
	ours = OCSP_cert_to_id(digest, leaf, issuer);
	same = ours != NULL && OCSP_id_cmp(ours, id) == 0;
	OCSP_CERTID_free(ours);
	return same;
}

/* What the answer about this certificate says at that moment; text: its times. */
static const char *
status_of(OCSP_BASICRESP *basic, STACK_OF(X509) *chain, int64_t now, char *text, size_t cap)
{
	ASN1_GENERALIZEDTIME *from = NULL, *to = NULL;
	struct tm tm;
	int status = V_OCSP_CERTSTATUS_UNKNOWN, i = 0, n = OCSP_resp_count(basic);

	while (i < n && !is_about(OCSP_resp_get0(basic, i), sk_X509_value(chain, 0),
	    sk_X509_num(chain) > 1 ? sk_X509_value(chain, 1) : NULL))
		i++;
	if (i >= n)
		return "other-certificate";
	status = OCSP_single_get0_status(OCSP_resp_get0(basic, i), NULL, NULL, &from, &to);
	if (to != NULL && ASN1_TIME_to_tm(to, &tm) == 1)
		(void)snprintf(text, cap, "valid to %04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
		    tm.tm_mday);
	/* A revocation does not pass with the answer. */
	if (status == V_OCSP_CERTSTATUS_REVOKED)
		return "revoked";
	if (from == NULL || ASN1_TIME_cmp_time_t(from, (time_t)(now + SKEW)) > 0)
		return "not-yet-valid";
	if (to != NULL && ASN1_TIME_cmp_time_t(to, (time_t)(now - SKEW)) < 0)
		return "expired";
	return status == V_OCSP_CERTSTATUS_GOOD ? "good" : "unknown";
}

static const char *
judge(OCSP_RESPONSE *r, STACK_OF(X509) *chain, struct cert_store *store, int64_t now, char *text,
    size_t cap)
{
	OCSP_BASICRESP *basic = NULL;
	const char *word;

	if (r == NULL)
		return "unreadable";
	if (OCSP_response_status(r) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
		(void)snprintf(text, cap, "%s", OCSP_response_status_str(OCSP_response_status(r)));
		return "no-answer";
	}
	basic = OCSP_response_get1_basic(r);
	if (basic == NULL)
		return "unreadable";
	word = status_of(basic, chain, now, text, cap);
	if (OCSP_basic_verify(basic, chain, cert_store_roots(store), 0) != 1) {
		(void)snprintf(text, cap, "it says %s", word);
		word = "not-trusted";
	}
	OCSP_BASICRESP_free(basic);
	return word;
}

void
cert_ocsp_note(struct obs *obs, const char *at, const char *probe, const struct cert_sent *sent,
    const void *answer, size_t len, struct cert_store *store, int64_t now)
{
	STACK_OF(X509) *chain = store != NULL && len > 0 ? read_chain(sent) : NULL;
	const unsigned char *p = answer;
	OCSP_RESPONSE *r = NULL;
	char text[64] = "";

	if (chain != NULL && sk_X509_num(chain) > 0) {
		add_built(chain, store);
		r = d2i_OCSP_RESPONSE(NULL, &p, (long)len);
		obs_text(obs, FACT_CERT_OCSP, at, probe, judge(r, chain, store, now, text, sizeof(text)),
		    text);
	}
	OCSP_RESPONSE_free(r);
	sk_X509_pop_free(chain, X509_free);
	ERR_clear_error();
}

void
cert_note_staple(struct obs *obs, const char *at, const char *probe, const struct cert_sent *sent,
    struct cert_store *store, int64_t now)
{
	if (!sent->asked)
		return;
	obs_number(obs, FACT_TLS_STAPLED, at, probe, sent->staple != NULL, "");
	if (sent->staple != NULL)
		cert_ocsp_note(obs, at, probe, sent, sent->staple, sent->staple_len, store, now);
}
