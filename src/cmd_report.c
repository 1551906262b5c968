/* cmd_report.c - `exvet report`. */
#include <stdio.h>

#include "cmd.h"

int
cmd_report(const struct config *c, char **args)
{
	(void)c;
	(void)args;
	fputs("exvet: report: not yet\n", stderr);
	return CMD_BROKEN;
}
