/* addr.h - an IP address without a socket header. */
#ifndef EXVET_NET_ADDR_H
#define EXVET_NET_ADDR_H

#include <stdbool.h>
#include <stdint.h>

struct addr {
	bool		 v6;
	uint8_t		 bytes[16];	/* network order; 4 used for IPv4 */
	uint32_t	 scope;		/* IPv6 zone index, 0 if none */
};

#define ADDR_TEXT	64

bool	addr_parse(const char *, struct addr *);	/* "192.0.2.1", "fe80::1%eth0" */
char   *addr_text(const struct addr *, char buf[ADDR_TEXT]);	/* returns buf */
bool	addr_equal(const struct addr *, const struct addr *);

#endif
