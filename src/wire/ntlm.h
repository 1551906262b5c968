/*
 * ntlm.h - the first two messages of NTLM (MS-NLMP): ours, which names nobody,
 * and the server's answer, which names the server.
 */
#ifndef EXVET_NTLM_H
#define EXVET_NTLM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

#define NTLM_NEGOTIATE_LEN	40	/* bytes of the message that we send */
#define NTLM_NAME		1024	/* room of one name, UTF-8 */
#define NTLM_MESSAGE		4096	/* longest message that is read */

/* UTF-8; may hold any code point, NUL too. */
struct ntlm_name {
	char	 text[NTLM_NAME];
	size_t	 len;			/* 0: not given */
};

struct ntlm_challenge {
	uint32_t	 flags;
	struct ntlm_name target;	/* TargetName: domain or computer, by the flags */
	struct ntlm_name computer_nb, domain_nb, computer_dns, domain_dns, forest;
	bool		 has_version;
	unsigned	 major, minor, build;
	bool		 has_time;
	int64_t		 time;		/* seconds since 1970 */
	unsigned	 odd;		/* NTLM_ODD_NAME ...; 0: as it should be */
};

/* What of a challenge is broken, and what is left out. */
enum {
	NTLM_ODD_NAME		= 0x01,	/* TargetName */
	NTLM_ODD_INFO		= 0x02,	/* TargetInfo: an entry is broken, or the list has no end */
	NTLM_ODD_HEAD		= 0x04,	/* it ends within its head */
	NTLM_NO_INFO		= 0x08,
	NTLM_NO_VERSION		= 0x10,
	NTLM_ODD_TWICE		= 0x20,	/* TargetInfo names something a second time: dropped */
	NTLM_ODD_BROKEN		= NTLM_ODD_NAME | NTLM_ODD_INFO | NTLM_ODD_HEAD,
};

/* The bit's name; NULL when it has none. */
const char *ntlm_odd_name(unsigned bit);

enum {
	NTLM_FLAG_UNICODE	= 0x00000001,
	NTLM_FLAG_OEM		= 0x00000002,
	NTLM_FLAG_TARGET_DOMAIN	= 0x00010000,
	NTLM_FLAG_TARGET_SERVER	= 0x00020000,
	NTLM_FLAG_TARGET_INFO	= 0x00800000,
	NTLM_FLAG_VERSION	= 0x02000000,
};

/* NEGOTIATE_MESSAGE without domain and workstation. */
void	ntlm_write_negotiate(struct wr *);

/*
 * Read a CHALLENGE_MESSAGE.  False when it is none; a part of it that is
 * broken is left out and makes it odd.
 */
bool	ntlm_read_challenge(struct rd message, struct ntlm_challenge *);
/* The same from base64. */
bool	ntlm_read_challenge64(const char *, size_t, struct ntlm_challenge *);

#endif
