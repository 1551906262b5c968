/*
 * run_job.h - one target at one address: resolve, dial, ask, hand on.
 *
 * A job belongs to one worker and is driven by callbacks of its loop.  The
 * pending cookies (lookup, dial, calls, lines) are its state.
 */
#ifndef EXVET_RUN_JOB_H
#define EXVET_RUN_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cert.h"
#include "net/addr.h"
#include "net/loop.h"
#include "probe.h"
#include "result.h"
#include "run_plan.h"
#include "target.h"

struct config;
struct dial;
struct http;
struct http_call;
struct http_result;
struct line;
struct loop;
struct lookup;
struct resolver;
struct run_job;

/* What every job of a worker shares. */
struct run_shared {
	const struct config	*config;
	const struct run_plan	*plan;
	struct cert_store	*store;
	const struct target_source *source;
	bool			 crowded;	/* many are live: one connection of HTTP a target at a time */
	struct loop		*loop;
	struct resolver		*resolver;
	struct http		*http;
	void	(*started)(void *arg, struct run_job *);	/* a sibling was made */
	void	(*ready)(void *arg, struct run_job *);	/* connected: wants run_job_go() */
	void	(*done)(void *arg, struct run_job *, struct result *);	/* the job is freed after */
	void	*arg;
};

/* A connection on its way before there is a talk for it (run_early.h). */
enum { RUN_EARLY = 3 };
struct run_early {
	struct run_job	*job;		/* NULL: none */
	struct dial	*dial;
	int		 fd;
	unsigned	 born;		/* run_crowd.h */
};

enum task_state { TASK_WAITING, TASK_FLYING, TASK_OVER };

/* One probe in one lane. */
struct run_task {
	struct run_job		*job;
	const struct probe	*probe;
	struct talk		 talk;
	enum task_state		 state;
	bool			 dialled;	/* its call was given a connected socket */
	bool			 bare;		/* its call went without Host */
	bool			 side;		/* web, at another port than the target's */
	bool			 mute;		/* its last step had no answer */
	struct dial		*dial;		/* side: on the way to its port */
	int			 fd;		/* side: connected and not yet used; -1 */
	struct cert_sent	*sent;		/* of the last fresh connection, when samples are taken */
	struct http_call	*call;
	struct line		*line;
	unsigned		 opened;	/* connections */
	unsigned		 born;		/* of its line's connection; 0: not known */
	unsigned		 most;		/* that were open beside it, and it */
	bool			 hurried;	/* another had ended just before */
	struct cert_asked	 asked;		/* side: client certificates, after its handshakes */
};

struct run_job {
	const struct run_shared	*shared;
	struct run_job		*next;		/* the worker's queue of ready jobs */
	struct target		 target;
	struct result		*result;
	char			*host;		/* for SNI, Host and EHLO */
	struct addr		*addrs;		/* still to try, this one first */
	size_t			 naddrs, tried;
	struct lookup		*lookup;
	struct dial		*dial;
	int			 fd;		/* connected and not yet used; -1 */
	struct run_early	 early[RUN_EARLY];
	int			 spare;		/* dialled ahead by a lane that has ended; -1 */
	unsigned		 events;	/* connections dialled and ended, counted (run_crowd.h) */
	unsigned		 born, left;	/* ... of the first dial; of the last that ended */
	unsigned		 rested;	/* ... of what no lane needed at first; 0: it is used */
	uint64_t		 left_ms;	/* when that was */
	bool			 led;		/* the first lane had its moment (run_early.h) */
	struct deadline		 lead;
	unsigned		 proven, unproven;	/* connections side by side that it has let in; ... if that
						 * of the web is answered */
	struct cert_sent	 sent;
	struct cert_asked	 asked;		/* client certificates, after handshakes of the main connections */
	unsigned		 asked_noted;	/* so many of them are noted at a URL */
	struct deadline		 deadline;	/* of the whole target */
	uint64_t		 began, step_began, connected;
	int64_t			 resolve_ms, connect_ms;	/* of the socket that is handed over */
	struct run_task		*tasks;
	size_t			 ntasks;
	unsigned		 flying, alone, lines;	/* calls and lines under way */
	unsigned	 web_opened;		/* connections of the web, samples left out */
	bool		 closes;		/* the main connection was not kept */
	unsigned	 turns;			/* services whose turn is taken (PROBE_IN_TURN) */
	unsigned		 failures;	/* HTTP failures in a row */
	bool			 live;		/* run_job_go() was called */
	bool			 web_known, web_broken, h2, renamed, cert_noted, over;
};

struct run_job *run_job_new(const struct run_shared *, struct target *);	/* takes the target */
void	run_job_start(struct run_job *);	/* resolve and dial */
void	run_job_go(struct run_job *);		/* a live slot is free: ask */
void	run_job_stop(struct run_job *);		/* a signal: end now, mark unfinished */

/* Between the files of the run: not for others. */
void	run_job_step(struct run_job *);		/* start what may start, end when all is over */
void	run_job_fail(struct run_job *, const struct run_task *, const char *stage,
	    const char *reason, const char *detail);
/* Of the task's own port, or of the target (NULL).  Owned by the caller. */
char   *run_job_url(const struct run_job *, const struct run_task *, const char *path);
/* A task begins (gets its probe's state) and is over (loses it); more than once is fine. */
void	run_job_task_begin(struct run_task *);
void	run_job_task_over(struct run_task *);
void	run_http_step(struct run_job *);	/* start web calls */
void	run_http_drop(struct run_job *);	/* the web tasks that wait will not run */
void	run_http_call(struct run_job *, struct run_task *);	/* the probe's next request */
/* The probe hears a reply; one that takes samples is told who answered.  True: it asks again. */
bool	run_http_hear(struct run_task *, const struct http_result *);

/* run_last.c: does a raw probe wait for what the others see?  False: it may run; over: it need not. */
bool	run_last_holds(struct run_job *, struct run_task *);

/* run_line.c: raw talks: what is not over HTTP. */
bool	run_line_is(const struct probe *);
void	run_line_step(struct run_job *);	/* begin those that may */
/* Is the socket of the first dial there for this talk, because no web probe needs it? */
bool	run_line_may_take(const struct run_job *, const struct run_task *);

/* run_side.c: web probes at ports of their own. */
bool	run_side_is(const struct run_job *, const struct run_task *);
void	run_side_step(struct run_job *);	/* dial for those that wait */
void	run_side_cancel(struct run_job *, struct run_task *);
void	run_side_done(struct run_job *, struct run_task *, const struct http_result *);

#endif
