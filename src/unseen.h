/* unseen.h - what no scan of the network can see, and what would answer it. */
#ifndef EXVET_UNSEEN_H
#define EXVET_UNSEEN_H

#include <stddef.h>

#define UNSEEN_RULE	"not-visible-from-network"
#define UNSEEN_LIST	"unseen"	/* key of its detail: one thing each, and what answers it */

struct unseen {
	const char	*what;
	const char	*command;	/* on an Exchange server, by its shell */
	const char	*check;		/* of Microsoft's HealthChecker.ps1; "" if it has none */
};

extern const struct unseen unseen_table[];	/* ended by what NULL */
size_t	unseen_count(void);

#endif
