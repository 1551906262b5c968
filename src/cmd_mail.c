/* cmd_mail.c - `exvet mail`. */
#include <stdio.h>

#include "cmd.h"

int
cmd_mail(const struct config *c, char **args)
{
	(void)c;
	(void)args;
	fputs("exvet: mail: not yet\n", stderr);
	return CMD_BROKEN;
}
