/*
 * total_server.h - what the totals count of one server, taken together from all
 * results that show it.
 */
#ifndef EXVET_TOTAL_SERVER_H
#define EXVET_TOTAL_SERVER_H

#include "total.h"

enum { TOTAL_VERDICT = 7, TOTAL_SEVERITY_SHIFT = 3, TOTAL_COUNTS = 64, TOTAL_WAIVED = 128 };

struct total_server {
	enum view_state		 state;
	bool			 built;		/* some result told the build */
	enum total_behind	 behind;
	bool			 missing, kev, supported, unsupported;
	struct total_level	 level;		/* when built; n and kev unused */
	int32_t			 cert_day;	/* BUILDS_NO_DAY: not seen */
	/* by rule: verdict, severity << TOTAL_SEVERITY_SHIFT, TOTAL_COUNTS, TOTAL_WAIVED */
	uint8_t			*rules;
};

/* The caller frees it by total_server_free(). */
struct total_server *total_server_new(const struct report *);
/* The worse of both; what one could not see does not hide what the other saw. */
void	total_server_merge(struct total_server *, const struct total_server *);
void	total_server_free(struct total_server *);	/* NULL is fine */

#endif
