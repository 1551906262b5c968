/* sockaddr.h - struct addr in its socket form; for the net layer only. */
#ifndef EXVET_NET_SOCKADDR_H
#define EXVET_NET_SOCKADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "net/addr.h"

socklen_t addr_to_socket(const struct addr *, uint16_t port, struct sockaddr_storage *);
bool	addr_from_socket(const struct sockaddr *, struct addr *);	/* false: other family */

#endif
