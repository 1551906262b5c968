/*
 * cert_roots.h - the trusted roots: of a PEM bundle, and where a system keeps
 * its own.
 */
#ifndef EXVET_CERT_ROOTS_H
#define EXVET_CERT_ROOTS_H

#include <stdbool.h>

struct cert_roots;
struct x509_store_st;

struct cert_roots *cert_roots_new(void);
void	cert_roots_free(struct cert_roots *);	/* after the store; NULL is fine */
/*
 * The certificates of one bundle, for the store: of a large one each only when a
 * chain asks for its name.  Once at most that this is true.  False: the file
 * cannot be read, or OpenSSL takes nothing from it.
 */
bool	cert_roots_add(struct cert_roots *, struct x509_store_st *, const char *path);
/* Those of the system, by the rules of OpenSSL; none at all is no fault. */
void	cert_roots_system(struct cert_roots *, struct x509_store_st *);

#endif
