/*
 * cert_verify.h - a chain held against the trusted roots, as `openssl verify` does.
 */
#ifndef EXVET_CERT_VERIFY_H
#define EXVET_CERT_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cert_place;
struct x509_st;
struct x509_store_st;

/*
 * Note verdict, trust and the chain as built of n certificates, the server's own first.
 * cut: more were sent than are known; an issuer that is missing may have been among them.
 */
void	cert_verify_note(const struct cert_place *, struct x509_st *const *, size_t n, bool cut,
	    struct x509_store_st *, int64_t now);

#endif
