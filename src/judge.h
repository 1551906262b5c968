/*
 * judge.h - the second half of the river, shared by scan and report: a result
 * comes in, is judged, goes to every output and is counted; the exit status
 * comes out.
 *
 * Threads may call judge_result() at the same time: judging needs no lock, and
 * writing is done by one at a time.
 */
#ifndef EXVET_JUDGE_H
#define EXVET_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "result.h"

struct config;
struct judge;
struct report_left;

/*
 * Load the table, then open the outputs.  files: operands that are files or
 * @files and must not be overwritten, ended by NULL (may be NULL); the -i
 * files are protected too.  single: the user named exactly one target.  no_builds:
 * nothing that runs names a build, so that the bundled table's rows are not read
 * unless they are needed all the same.  NULL when something is wrong: printed, and
 * *status (enum cmd_status) says how to exit.
 */
struct judge *judge_open(const struct config *, char *const *files, bool single,
	    bool no_builds, int *status);
/* Judge, write, count.  The result is borrowed. */
void	judge_result(struct judge *, const struct result *);
/* Views of one server, of several scanners: judged together and counted once. */
void	judge_views(struct judge *, const struct result *const *, size_t n);
/* A file of results that is going to be read, by its path; - is standard input. */
void	judge_input(struct judge *, const char *path);
/* Targets or lines that could not be read at all: incomplete under --strict. */
void	judge_unreadable(struct judge *, uint64_t n);
/* Entries of the lists of targets that made none, for the summary. */
void	judge_left_out(struct judge *, const struct report_left *);
uint64_t judge_count(struct judge *);		/* results so far */
bool	judge_on_terminal(const struct judge *);	/* an output streams to the terminal */
/* True when no output can be written any more: scanning on is pointless. */
bool	judge_is_deaf(struct judge *);
/*
 * End the outputs and give the exit status: broken before found before
 * incomplete before done.  not_done: targets that a signal left unscanned.
 * The caller turns a signal into 130 or 143 unless the status is 4.
 */
int	judge_close(struct judge *, uint64_t not_done);

#endif
