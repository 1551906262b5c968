/*
 * compare.h - two runs side by side: what is new, gone, fixed and regressed.
 *
 * Both runs are judged by the same table and policy, the old one as of the day
 * it was scanned.  Results of one server in one run are taken together, the
 * worst verdict of each rule counts.  Memory: some bytes a server and rule.
 */
#ifndef EXVET_COMPARE_H
#define EXVET_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report.h"

/* Fail and warn are bad, unless waived.  What is not seen any more is gone, never fixed. */
enum change {
	CHANGE_NEW,		/* bad now; before: no such server, or not seen or decided */
	CHANGE_REGRESSED,	/* bad now, and passed before; or fails now and warned before */
	CHANGE_FIXED,		/* was bad, and passes now */
	CHANGE_GONE,		/* was bad; now: no such server, not seen, not decided, waived */
	CHANGE_SAME,		/* bad in both */
	CHANGE_KINDS
};
const char *compare_change_name(enum change);		/* "new" ... */

struct compare_finding {
	const struct rule	*rule;
	enum change		 change;
	enum severity		 severity;	/* now; of what is gone or fixed: before */
	enum verdict		 before, after;	/* not-observable when the server is not in that run */
};

struct compare_server {
	const char		*target, *tag, *address;
	bool			 in_old, in_new;
	const char		*old_build, *new_build;	/* "" when not known */
	const char		*old_target;		/* when the old run knew it by another name; "" */
	uint64_t		 n[CHANGE_KINDS];
	const struct compare_finding *v;		/* in rule order */
	size_t			 nv;
};

struct compare;

struct compare *compare_start(void);
void	compare_free(struct compare *);			/* NULL is fine */
void	compare_add(struct compare *, bool old, const struct report *);
/* After the last compare_add(); the rest is read only. */
void	compare_finish(struct compare *);
/* Servers in order of target; those without any change and finding too. */
size_t	compare_count(const struct compare *);
const struct compare_server *compare_server(const struct compare *, size_t i);
uint64_t compare_total(const struct compare *, enum change);
uint64_t compare_servers(const struct compare *, bool in_old, bool in_new); /* exactly so */
/* First and last start of the runs' scans, -1: not known. */
int64_t	compare_first_ms(const struct compare *, bool old);
int64_t	compare_last_ms(const struct compare *, bool old);
/* Is a new or regressed finding at least that severe? */
bool	compare_is_worse(const struct compare *, enum severity);

/*
 * The name under which results of one server are taken together: the target in
 * lower case, without a last dot and without the usual port.  The caller frees it.
 * That one machine answers to several names, same_server() knows.
 */
char   *compare_key(const struct result *);

#endif
