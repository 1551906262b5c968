/*
 * cmd_config.c - `exvet config show`; and the hidden `example` and `manual
 * FILE.in`, from which `make docs` makes the pages and the example file.
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "config.h"
#include "manual.h"

int
cmd_config(const struct config *c, char **args)
{
	const char *what = args[0] != NULL ? args[0] : "show";
	bool one = args[0] == NULL || args[1] == NULL;

	if (strcmp(what, "show") == 0 && one)
		config_show(stdout, c);
	else if (strcmp(what, "example") == 0 && one)
		config_print_example(stdout);
	else if (strcmp(what, "manual") == 0 && !one && args[2] == NULL)
		return manual_expand(stdout, args[1]) ? CMD_DONE : CMD_USAGE;
	else {
		fputs("exvet: expected `exvet config show'\n", stderr);
		return CMD_USAGE;
	}
	return CMD_DONE;
}
