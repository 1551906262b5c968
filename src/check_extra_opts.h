/*
 * check_extra_opts.h - --extra-opts[=SECTION[@FILE]]: options out of an INI
 * file, as the plugins of the Monitoring Plugins have them.
 */
#ifndef EXVET_CHECK_EXTRA_OPTS_H
#define EXVET_CHECK_EXTRA_OPTS_H

#include <stdbool.h>

struct check_args {
	char	**v;		/* ended by NULL */
	int	  n;
	char	**owned;	/* strings that the file gave */
	int	  nowned;
};

/*
 * The arguments with those of the file before all others, so that the command
 * line is stronger.  False when the user was wrong: one line was printed.
 */
bool	check_extra_opts(struct check_args *, int argc, char **argv);
void	check_extra_opts_free(struct check_args *);

#endif
