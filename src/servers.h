/*
 * servers.h - which results of a run are one server, so that reports count
 * servers and not addresses.
 *
 * Results that show the same one machine are one server.  A result behind which
 * several machines answer, a pool, counts as one of them that is not counted by
 * itself; as none more when all are.  So there are never more servers than
 * machines.  Which stands for which is known when all results are there.
 */
#ifndef EXVET_SERVERS_H
#define EXVET_SERVERS_H

#include "same.h"

#define SERVERS_NONE	UINT32_MAX	/* of no known machine: a server of its own */
#define SERVERS_POOLS	4096
#define SERVERS_IDS	(SAME_MACHINES + SERVERS_POOLS)

struct servers_pool {
	uint32_t	 member[SAME_NAMES];
	size_t		 n;
	uint32_t	 root;
};

struct servers {
	struct same	 same;
	bool		*alone;			/* [machine]: some result shows it and no other */
	struct servers_pool *pools;
	size_t		 npools;
};

/* Whose the result is, below SERVERS_IDS; or SERVERS_NONE. */
uint32_t servers_add(struct servers *, const struct result *);
void	servers_finish(struct servers *);	/* no more are added */
/* After that: the one that stands for it. */
uint32_t servers_root(const struct servers *, uint32_t id);
void	servers_clear(struct servers *);

#endif
