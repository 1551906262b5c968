/* cmd_scan.c - `exvet scan`. */
#include <stdio.h>

#include "cmd.h"

int
cmd_scan(const struct config *c, char **args)
{
	(void)c;
	(void)args;
	fputs("exvet: scan: not yet\n", stderr);
	return CMD_BROKEN;
}
