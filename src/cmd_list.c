/* cmd_list.c - `exvet list`. */
#include <stdio.h>

#include "cmd.h"

int
cmd_list(const struct config *c, char **args)
{
	(void)c;
	(void)args;
	fputs("exvet: list: not yet\n", stderr);
	return CMD_BROKEN;
}
