/* main.c - picks the command by argv[1]; knows nothing else. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "config.h"

static const struct {
	const char	*name;
	int		(*run)(const struct config *, char **args);
} commands[] = {
	{ "scan", cmd_scan },
	{ "report", cmd_report },
	{ "builds", cmd_builds },
	{ "list", cmd_list },
	{ "explain", cmd_explain },
	{ "config", cmd_config },
	{ "mail", cmd_mail },
};

int
main(int argc, char **argv)
{
	struct config c = { 0 };

	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(&c, argv + 2);
	fputs("exvet: expected a command: scan, report, builds, list, explain, config or mail\n",
	    stderr);
	return CMD_USAGE;
}
