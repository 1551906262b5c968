/* cmd_config.c - `exvet config`. */
#include <stdio.h>

#include "cmd.h"

int
cmd_config(const struct config *c, char **args)
{
	(void)c;
	(void)args;
	fputs("exvet: config: not yet\n", stderr);
	return CMD_BROKEN;
}
