/* run_plan.h - which probes run where, and fixed answers for names. */
#ifndef EXVET_RUN_PLAN_H
#define EXVET_RUN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "probe.h"
#include "target.h"

struct config;

struct run_plan {
	const struct probe *probe[64];
	size_t		 n;
	bool		 quick;		/* sequential, stops when the build is settled */
	unsigned	 profile;	/* PROBE_QUICK ...; PROBE_FULL for --probes */
	bool		 by_hand;	/* --probes */
	bool		 exact;		/* --tls exact, or auto and one target */
	bool		 single;	/* there is one target */
	bool		 deep;		/* --profile full, also with --probes */
	char		*names;		/* comma-separated, for the result */
	char		 name[256];	/* --name as DNS and TLS know it; "": not given */
	struct run_port { const char *probe; uint16_t port; } ports[64];
	size_t		 nports;
	struct run_fixed { char *host; struct addr addr; } *fixed;
	size_t		 nfixed;
	bool		 v4_only, v6_only;
};

/* single: there is one target, which is asked in depth.  NULL: printed. */
struct run_plan *run_plan_new(const struct config *, bool single);
void	run_plan_free(struct run_plan *);		/* NULL is fine */
/* The port that a probe goes to; web: of the target. */
uint16_t run_plan_port(const struct run_plan *, const struct probe *, uint16_t web);
/*
 * Does the probe run on a target with that web port?  A target that names
 * another port than 443, or http://, is a web server alone: probes of other
 * services run there only when the user asks for them, by --probes, by
 * --profile full or by --port PROBE=NUMBER.
 */
bool	run_plan_wants(const struct run_plan *, const struct probe *, uint16_t web, bool plain);
/* Talks side by side of one probe; 0: it does not run on this target. */
unsigned run_plan_lanes(const struct run_plan *, const struct probe *, const struct target *);
/* Is that among the facts that its probes note? */
bool	run_plan_gives(const struct run_plan *, enum fact);
/* Addresses that --resolve gives for a host, of the family asked for if it gives one; returns how many, at most cap. */
size_t	run_plan_resolve(const struct run_plan *, const char *host, struct addr *, size_t cap);

#endif
