/* check_run.h - the plugin's scan: one target, through the engine of `exvet scan'. */
#ifndef EXVET_CHECK_RUN_H
#define EXVET_CHECK_RUN_H

#include <stdbool.h>
#include <stddef.h>

struct check_guard;
struct config;
struct result;

/* One result; with --all-addresses one for each address. */
struct check_run {
	struct result	**v;
	size_t		 n;
	bool		 signalled;	/* somebody else than the guard stopped it */
};

/* False when there is nothing that could be asked: one line was printed. */
bool	check_run(struct check_run *, const struct config *, struct check_guard *);
void	check_run_free(struct check_run *);

#endif
