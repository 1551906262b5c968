/*
 * netbios.h - the frame in which SMB travels: four bytes in front of a
 * message (MS-SMB2 2.1, RFC 1002 section 4.3), and the session request that
 * port 139 wants first.
 */
#ifndef EXVET_NETBIOS_H
#define EXVET_NETBIOS_H

#include "bytes.h"

#define NETBIOS_MESSAGE	65000	/* longest message that is read */

enum netbios {
	NETBIOS_PART,		/* not all there yet */
	NETBIOS_SMB,		/* a message */
	NETBIOS_YES,		/* positive response to a session request */
	NETBIOS_NO,		/* negative or retarget response */
	NETBIOS_BAD,		/* no such frame, or too long a one */
};

/*
 * Take one frame; keep-alives in front of it are dropped.  Of a negative
 * response the message is its error code, of a retarget an address.
 */
enum netbios netbios_read(struct rd *, struct rd *message);
void	netbios_write_request(struct wr *);	/* to *SMBSERVER */
size_t	netbios_open(struct wr *);		/* a message; what follows belongs to it */
void	netbios_close(struct wr *, size_t);
/* Why a session was refused; NULL: no such code. */
const char *netbios_error_name(unsigned code);

#endif
