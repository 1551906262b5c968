/*
 * tls_finite.h - finite-field Diffie-Hellman up to TLS 1.2, with parameters of
 * the server's own or with a group that the client names (RFC 7919).
 *
 * A server may have either or both, and where it has both it takes the named
 * group when it can.  So the groups are offered along with all suites until one
 * of them is used; from then on they are not, so that the size of the other
 * parameters is seen too.  This costs a hello where the only suite of that kind
 * used a named group, and one where the server has no other parameters.
 *
 * One that knows such groups, and has none of those named, uses no parameters of
 * its own either (RFC 7919 4).  So where none came up, a hello without the groups must
 * have been refused too; most often one was by the way.  What TLS 1.3 uses of them it
 * has in 1.2 as well.  Lanes that share a list far away leave this one out.
 */
#ifndef EXVET_PROBES_TLS_FINITE_H
#define EXVET_PROBES_TLS_FINITE_H

#include <stdbool.h>

struct talk;
struct tls_chain;
struct tls_reply;
struct tls_suite;

enum tls_finite {
	TLS_FINITE_OFFERED,	/* until one is used, or is not needed */
	TLS_FINITE_PLAIN,	/* nothing came of it: once without */
	TLS_FINITE_LEFT_OUT,
	TLS_FINITE_AGAIN,	/* left out, those suites that used one were refused: nothing else will do */
};

/* Does the next hello of the chain offer the groups? */
bool	tls_finite_is_offered(const struct tls_chain *);
/* A suite was chosen. */
void	tls_finite_see(struct tls_chain *, const struct tls_suite *, const struct tls_reply *);
/* One was chosen that is asked a second time: its parameters are noted. */
bool	tls_finite_chosen_again(struct tls_chain *, struct talk *, const struct tls_reply *);
/* All that was offered was refused; true: there is something to ask yet. */
bool	tls_finite_refused(struct tls_chain *, const struct talk *);
/* A hello that left groups or schemes out was refused: the next one has all. */
void	tls_finite_widen(struct tls_chain *);

#endif
