/* cmd_builds.c - `exvet builds`. */
#include <stdio.h>

#include "cmd.h"

int
cmd_builds(const struct config *c, char **args)
{
	(void)c;
	(void)args;
	fputs("exvet: builds: not yet\n", stderr);
	return CMD_BROKEN;
}
