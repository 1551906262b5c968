/*
 * cert_verify.c - a chain held against the trusted roots, with dates and without.
 */
#include <stdlib.h>
#include <time.h>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/limits.h"
#include "base/text.h"
#include "cert_leaf.h"
#include "cert_verify.h"
#include "obs.h"

/* Whose fault it is counts for dates alone: a leaf's have facts of their own. */
static const char *
verify_word(int error, int depth)
{
	static const struct { int error; const char *word; } words[] = {
		{ X509_V_OK, "ok" },
		{ X509_V_ERR_CERT_HAS_EXPIRED, "expired" },
		{ X509_V_ERR_CERT_NOT_YET_VALID, "not-yet-valid" },
		{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "self-signed" },
		{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "untrusted-root" },
		{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "unknown-issuer" },
		{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "unknown-issuer" },
		{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "unknown-issuer" },
		{ X509_V_ERR_CERT_SIGNATURE_FAILURE, "bad-signature" },
		{ X509_V_ERR_INVALID_CA, "not-an-authority" },
		{ X509_V_ERR_INVALID_PURPOSE, "wrong-purpose" },
		{ X509_V_ERR_PATH_LENGTH_EXCEEDED, "path-too-long" },
		{ X509_V_ERR_CERT_CHAIN_TOO_LONG, "path-too-long" },
		{ X509_V_ERR_PERMITTED_VIOLATION, "name-constraint" },
		{ X509_V_ERR_EXCLUDED_VIOLATION, "name-constraint" },
	};

	if (depth > 0 && error == X509_V_ERR_CERT_HAS_EXPIRED)
		return "authority-expired";
	if (depth > 0 && error == X509_V_ERR_CERT_NOT_YET_VALID)
		return "authority-not-yet-valid";
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].error == error)
			return words[i].word;
	return "invalid";
}

/* An issuer was not found; where not all that was sent could be read, it may have been there. */
static bool
is_gap(int error)
{
	return error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
	    error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
	    error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
}

/* The verdict, and which certificate of the chain it is about when not the server's own. */
static void
note_verdict(const struct cert_place *p, enum fact fact, const X509_STORE_CTX *ctx, bool cut)
{
	int error = X509_STORE_CTX_get_error(ctx), depth = X509_STORE_CTX_get_error_depth(ctx);
	X509 *culprit = X509_STORE_CTX_get_current_cert(ctx);
	char *name = culprit != NULL ? cert_leaf_name(X509_get_subject_name(culprit)) : text_dup("");
	char *evidence = error != X509_V_OK && depth > 0 && culprit != NULL ?
	    text_printf("%s: %d: %s", X509_verify_cert_error_string(error), depth, name) :
	    text_dup(X509_verify_cert_error_string(error));

	obs_text(p->obs, fact, p->at, p->probe, cut && is_gap(error) ? "not-read-whole" :
	    verify_word(error, depth), evidence);
	free(evidence);
	free(name);
}

/* What is weak is told of what was sent already, by its place there. */
static void
note_built(const struct cert_place *p, STACK_OF(X509) *built, X509 *const *sent, size_t n)
{
	for (int i = 0; i < sk_X509_num(built) && i < LIMIT_CERT_CHAIN; i++) {
		X509 *x = sk_X509_value(built, i);
		size_t k = 0;

		cert_leaf_chain(p, FACT_CERT_CHAIN_BUILT, x, (size_t)i);
		while (k < n && X509_cmp(sent[k], x) != 0)
			k++;
		if (k == n)
			cert_leaf_weak(p, x, (size_t)i);
	}
}

/*
 * Verify as `openssl verify -purpose sslserver` does.  True when that settles trust too: the
 * chain holds now, or dates do not count.  Looking for a chain again without them may take an
 * authority that has ended, and leads elsewhere.
 */
static bool
verify(const struct cert_place *p, X509 *const *x, size_t n, bool cut, X509_STORE *roots,
    int64_t now, bool dates)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *sent = sk_X509_new_null();
	bool settled = false;
	int error;

	for (size_t i = 1; i < n; i++)
		(void)sk_X509_push(sent, x[i]);
	if (ctx == NULL || X509_STORE_CTX_init(ctx, roots, x[0], sent) != 1)
		goto done;
	(void)X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_SSL_SERVER);
	if (dates)
		X509_STORE_CTX_set_time(ctx, 0, (time_t)now);
	else
		X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_NO_CHECK_TIME);
	(void)X509_verify_cert(ctx);
	error = X509_STORE_CTX_get_error(ctx);
	settled = !dates || error == X509_V_OK;
	if (dates)
		note_verdict(p, FACT_CERT_VERIFY, ctx, cut);
	if (settled)
		note_verdict(p, FACT_CERT_TRUST, ctx, cut);
	if (error == X509_V_OK)
		note_built(p, X509_STORE_CTX_get0_chain(ctx), x, n);
done:
	sk_X509_free(sent);
	X509_STORE_CTX_free(ctx);
	return settled;
}

void
cert_verify_note(const struct cert_place *p, X509 *const *x, size_t n, bool cut, X509_STORE *roots,
    int64_t now)
{
	if (!verify(p, x, n, cut, roots, now, true))
		(void)verify(p, x, n, cut, roots, now, false);
}
