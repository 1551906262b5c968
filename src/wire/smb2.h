/*
 * smb2.h - the first two exchanges of SMB 2 and 3 (MS-SMB2): negotiate, and a
 * session setup that carries a security token.
 */
#ifndef EXVET_SMB2_H
#define EXVET_SMB2_H

#include "bytes.h"

enum {
	SMB2_STATUS_OK			= 0x00000000,
	SMB2_STATUS_PENDING		= 0x00000103,
	SMB2_SIGNING_ENABLED		= 0x0001,
	SMB2_SIGNING_REQUIRED		= 0x0002,
	SMB2_DIALECT_WILDCARD		= 0x02ff,	/* only after an SMB 1 negotiate */
	SMB2_DIALECT_311		= 0x0311,
	SMB2_NO_ALGORITHM		= 0xffff,	/* no context spoke of it */
	SMB2_ALGORITHMS			= 8,
};
#define SMB2_STATUS_MORE	0xc0000016u

enum smb2_command { SMB2_NEGOTIATE = 0, SMB2_SESSION_SETUP = 1 };

struct smb2_header {
	uint32_t	 status;
	unsigned	 command;
};

struct smb2_negotiated {
	unsigned	 mode, dialect;
	uint8_t		 guid[16];
	uint32_t	 capabilities;
	int64_t		 time, started;		/* seconds since 1970; INT64_MIN: not told */
	struct rd	 token;			/* SPNEGO hint; may be empty */
	/* 3.1.1, from negotiate contexts */
	unsigned	 hash, cipher, signing;	/* SMB2_NO_ALGORITHM: no context */
	unsigned	 compression[SMB2_ALGORITHMS];
	size_t		 ncompression;
	bool		 has_compression;
	bool		 odd;			/* a context list that is broken */
};

/* All write a whole message without its NetBIOS frame. */
void	smb2_write_negotiate(struct wr *);	/* every dialect, every algorithm */
/* One dialect alone, smb2_dialect_at(i), as the message of number i of its connection. */
void	smb2_write_single(struct wr *, size_t i);
void	smb2_write_session(struct wr *, const void *token, size_t len);

/* The header of a response; false when it is none. */
bool	smb2_read_header(struct rd message, struct smb2_header *);
/* A negotiate response with status 0. */
bool	smb2_read_negotiated(struct rd message, struct smb2_negotiated *);
/* The token of a session setup response. */
bool	smb2_read_session(struct rd message, struct rd *token);

/* The dialects that smb2_write_negotiate() offers, oldest first; 0 after the last. */
unsigned smb2_dialect_at(size_t);

/* Names of numbers; NULL for a number that has none. */
const char *smb2_dialect_name(unsigned);
const char *smb2_cipher_name(unsigned);
const char *smb2_signing_name(unsigned);
const char *smb2_hash_name(unsigned);
const char *smb2_compression_name(unsigned);
const char *smb2_capability_name(unsigned bit);	/* 0 to 31 */
const char *smb2_status_name(uint32_t);

#endif
