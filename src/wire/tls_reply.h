/*
 * tls_reply.h - read what a server says to a ClientHello.
 *
 * Works on all bytes that came since the hello, again and again as more come,
 * and never keeps any: records split over reads, messages split over records
 * and several messages in a record all look the same.
 */
#ifndef EXVET_WIRE_TLS_REPLY_H
#define EXVET_WIRE_TLS_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "base/limits.h"

enum tls_answer {
	TLS_ANSWER_PART,	/* not whole yet */
	TLS_ANSWER_HELLO,	/* a ServerHello or HelloRetryRequest, and what came with it */
	TLS_ANSWER_ALERT,	/* refused by a fatal alert */
	TLS_ANSWER_CLOSED,	/* refused by closing, nothing or only warnings said */
	TLS_ANSWER_PLAIN,	/* no TLS: readable text */
	TLS_ANSWER_BAD,		/* no TLS, or TLS that breaks its own rules */
};

struct tls_reply {
	enum tls_answer	 answer;
	uint8_t		 alert;		/* last alert; for a HELLO: what followed it */
	bool		 alerted;
	unsigned	 warnings;	/* warning alerts before or after */
	uint8_t		 warning;	/* the last of them */
	char		 text[64];	/* PLAIN: the first line, as it came, cut */
	/* the ServerHello */
	uint16_t	 version;	/* the one that counts */
	uint16_t	 suite;
	uint8_t		 compression;
	bool		 retry;		/* HelloRetryRequest */
	bool		 downgrade;	/* RFC 8446 4.1.3: "I could speak a higher version" */
	bool		 renegotiation;	/* RFC 5746 */
	bool		 ems;		/* RFC 7627 */
	bool		 ticket;	/* RFC 5077 */
	bool		 sni;		/* server name acknowledged */
	bool		 encrypt_then_mac;
	uint16_t	 group;		/* key_share, or ServerKeyExchange; 0: none seen */
	char		 alpn[32];
	/* what followed it, up to 1.2 */
	struct rd	 cert[LIMIT_CERT_CHAIN]; /* views into hand */
	size_t		 ncerts;
	bool		 certs_cut;
	bool		 stapled;	/* CertificateStatus with an OCSP answer */
	struct rd	 staple;	/* that answer; a view into hand */
	bool		 asks_cert;	/* CertificateRequest */
	bool		 explicit_curve; /* a curve by its formula, not its name */
	unsigned	 dh_bits;	/* of a finite-field ServerKeyExchange */
	uint16_t	 dh_group;	/* its prime is that of a group (RFC 7919); 0: of none */
	unsigned	 rsa_bits;	/* of an EXPORT ServerKeyExchange */
	uint16_t	 scheme;	/* that signed the ServerKeyExchange, 1.2; 0: none */
	bool		 done;		/* ServerHelloDone came */
	/* SSLv2 */
	uint32_t	 kinds[32];
	size_t		 nkinds;
	uint8_t		*hand;		/* the handshake messages, joined; owned */
	size_t		 nhand;
};

/*
 * offered: the version of the hello.  ended: no more bytes will come.  The
 * reply must be freed whatever the answer is.  in is left untouched.
 */
enum tls_answer tls_reply_read(struct rd in, bool ended, uint16_t offered, struct tls_reply *);
void	tls_reply_free(struct tls_reply *);

#endif
