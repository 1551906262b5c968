/*
 * tls_hello.h - write a ClientHello of any version, also SSLv3's and SSLv2's.
 *
 * A hello always ends its suites with TLS_EMPTY_RENEGOTIATION_INFO_SCSV: IIS
 * of Server 2019 in strict mode drops a hello without it.  Its length stays
 * below 256 bytes where what is offered allows, is never 256 to 511 (F5) and
 * never 10 or 14 modulo 256.  A 1.3 hello also lists a few older suites, so that
 * a server that does not know 1.3 can say so with a ServerHello.
 */
#ifndef EXVET_WIRE_TLS_HELLO_H
#define EXVET_WIRE_TLS_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wr;

enum tls_share {
	TLS_SHARE_EMPTY,	/* makes a 1.3 server say HelloRetryRequest */
	TLS_SHARE_NONE,		/* no key_share extension at all */
	TLS_SHARE_X25519,
	TLS_SHARE_P256,
	TLS_SHARE_BOTH,
};

struct tls_offer {
	uint16_t	 version;	/* 0x0300 .. 0x0304: the highest; or 0x0002 */
	const char	*host;		/* server name; NULL or an address: none is sent */
	const uint16_t	*suites;
	size_t		 nsuites;
	const uint16_t	*groups;	/* none: no supported_groups extension */
	size_t		 ngroups;
	const uint16_t	*schemes;	/* of signatures, from 1.2 on */
	size_t		 nschemes;	/* 0: the ordinary ones */
	const char	*alpn;		/* protocol names with a space between; NULL: none */
	enum tls_share	 share;		/* 1.3 only */
	bool		 compress;	/* offer DEFLATE too */
	bool		 bare;		/* no extensions at all */
	bool		 staple;	/* ask for a stapled OCSP answer */
};

void	tls_hello_write(const struct tls_offer *, struct wr *);

#endif
