/*
 * check_guard.h - the plugin ends in time, and says one thing.
 *
 * A thread of its own watches the clock: first it stops the scan, so that what
 * was seen is still judged; if that does not end either, it says so and ends
 * the process.  Only one of the two ever writes.
 */
#ifndef EXVET_CHECK_GUARD_H
#define EXVET_CHECK_GUARD_H

#include <stdbool.h>
#include <stdint.h>

struct check_guard;

/*
 * Options may stand in files, and a file may hang: until check_guard_new() the
 * program ends after so many seconds, within the default of -t.
 */
enum { CHECK_GUARD_OPTIONS = 9 };
void	check_guard_options(void);

/*
 * Begin to watch; the clock began spent_ms ago.  state: to exit with when all
 * else fails.  SIGINT and SIGTERM must be blocked in the caller.
 */
struct check_guard *check_guard_new(int64_t timeout_ms, int64_t spent_ms, int state);
/* Between these a late scan gets SIGTERM; the latter says whether it did. */
void	check_guard_scan(struct check_guard *);
bool	check_guard_scanned(struct check_guard *);
int64_t	check_guard_left(const struct check_guard *);	/* ms for the network */
/* From now on the caller speaks: the guard keeps quiet, and ends us if that hangs. */
void	check_guard_speak(struct check_guard *);
void	check_guard_free(struct check_guard *);		/* NULL is fine */

#endif
