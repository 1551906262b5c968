/*
 * output.h - the -o FORMAT[:FILE] list: opens it, feeds each reporter, and
 * makes sure that what was gathered is on disk.
 *
 * A format that streams writes to its file as it goes, one flushed piece a
 * target; any other file appears whole, by rename, when the run ends.  The
 * first failure of an output is printed once and sticks; the others go on.
 * Not thread-safe: struct judge holds the lock.
 */
#ifndef EXVET_OUTPUT_H
#define EXVET_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"

struct config;
struct output;

/*
 * Open all outputs; none given means text on standard output.  inputs: files
 * that no output may overwrite, ended by NULL (may be NULL).  run is copied;
 * color and width are set for each output by config and by where it goes.
 * NULL when one is wrong (*status 2) or cannot be opened (*status 4): printed,
 * and no file was touched that was there before.
 */
struct output *output_open(const struct config *, const struct report_run *run,
	    char *const *inputs, int *status);
/* The first reporter asked for that wants: frameworks, or another run; NULL: none. */
const struct reporter *output_wants(const struct config *, bool controls, bool compare);
bool	output_wants_inputs(const struct config *);
bool	output_wants_checklist(const struct config *);
void	output_target(struct output *, const struct report *);
/* One of several views of a server, for reporters that want each; the whole, for the others. */
void	output_view(struct output *, const struct report *);
void	output_server(struct output *, const struct report *);
bool	output_failed(const struct output *);		/* one or more did */
bool	output_all_failed(const struct output *);	/* nobody listens any more */
bool	output_on_terminal(const struct output *);	/* one streams to the terminal */
/*
 * End every report.  not_done: targets that a signal left unscanned.  False
 * when anything could not be written, now or before.  NULL is fine: true.
 */
bool	output_close(struct output *, uint64_t not_done);

#endif
