/* cmd_check.c - `check_exchange`, the monitoring plugin. */
#include <stdio.h>

#include "cmd.h"

enum { PLUGIN_UNKNOWN = 3 };

int
cmd_check(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("EXCHANGE UNKNOWN - this version of exvet has no plugin yet");
	return PLUGIN_UNKNOWN;
}
