/* cmd_explain.c - `exvet explain`. */
#include <stdio.h>

#include "cmd.h"

int
cmd_explain(const struct config *c, char **args)
{
	(void)c;
	(void)args;
	fputs("exvet: explain: not yet\n", stderr);
	return CMD_BROKEN;
}
