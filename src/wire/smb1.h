/* smb1.h - the negotiate exchange of SMB 1 (MS-CIFS 2.2.4.52, MS-SMB 2.2.4.5). */
#ifndef EXVET_SMB1_H
#define EXVET_SMB1_H

#include "bytes.h"

enum {
	SMB1_USER_LEVEL		= 0x01,
	SMB1_HASHED_PASSWORDS	= 0x02,
	SMB1_SIGNING_ENABLED	= 0x04,
	SMB1_SIGNING_REQUIRED	= 0x08,
};

enum smb1_answer {
	SMB1_BAD,		/* not SMB 1 */
	SMB1_NO,		/* SMB 1, but none of our dialects, or an error */
	SMB1_YES,
};

enum smb1_dialect { SMB1_CORE, SMB1_LANMAN, SMB1_NT };

struct smb1_negotiated {
	enum smb1_dialect dialect;	/* by the shape of the answer */
	unsigned	 mode;		/* SMB1_USER_LEVEL ... */
	uint32_t	 capabilities;
	int64_t		 time;		/* seconds since 1970; INT64_MIN: not told */
};

/* Every dialect of SMB 1 and none of SMB 2, which would be chosen instead. */
void	smb1_write_negotiate(struct wr *);
enum smb1_answer smb1_read_negotiated(struct rd message, struct smb1_negotiated *);
const char *smb1_dialect_name(enum smb1_dialect);

#endif
