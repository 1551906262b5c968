/*
 * result.h - what one scan of one target at one address saw.
 *
 * A result carries observations and failures, never findings: those are
 * judged from it (rule.h), so that a stored result can be judged again.
 */
#ifndef EXVET_RESULT_H
#define EXVET_RESULT_H

#include <stdint.h>

#include "obs.h"

struct result {
	char		*target;	/* as the user named it, normalised */
	char		*tag;		/* the list's tag column; "" if none */
	char		*address;	/* IP address spoken to; "" if none was */
	uint16_t	 port;
	char		*vantage;	/* --vantage; "" if none */
	char		*profile;	/* quick, standard, full, or "custom" */
	char		*probes;	/* names of the probes that were planned, comma-separated */
	int64_t		 started_ms;	/* milliseconds since 1970, UTC */
	int64_t		 duration_ms;
	unsigned	 connections;	/* TCP connections opened */
	unsigned	 requests;	/* HTTP requests and raw messages sent */
	bool		 finished;	/* false: stopped by a signal */
	unsigned	 view;		/* of a file of `exvet merge`: from 1, the worst first; else 0 */
	struct obs	*obs;
};

struct result *result_new(void);	/* strings "" , obs_new() */
void result_free(struct result *);	/* NULL is fine */

/* RFC 3339 in UTC with milliseconds; "" when it is no time.  Returns buf. */
#define RESULT_TIME_MAX	64
char *result_time(int64_t ms, char buf[RESULT_TIME_MAX]);

#endif
