/* main.c - picks the command by argv[1] or argv[0]; knows nothing else. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/text.h"
#include "cmd.h"
#include "config.h"

static const struct command {
	enum config_command command;
	int		(*run)(const struct config *, char **args);
} commands[] = {
	{ CONFIG_SCAN, cmd_scan },
	{ CONFIG_REPORT, cmd_report },
	{ CONFIG_BUILDS, cmd_builds },
	{ CONFIG_LIST, cmd_list },
	{ CONFIG_EXPLAIN, cmd_explain },
	{ CONFIG_CONFIG, cmd_config },
	{ CONFIG_MAIL, cmd_mail },
	{ CONFIG_POLICY, cmd_policy },
	{ CONFIG_DIFF, cmd_diff },
	{ CONFIG_MERGE, cmd_merge },
};

static int
run(const struct config_usage *u, int argc, char **argv)
{
	struct config c;
	char **args;
	bool done;
	int status = CMD_USAGE;

	if (!config_load(&c, u->command, argc, argv, &args, &done))
		return CMD_USAGE;
	if (done)
		status = c.version ? cmd_version() : CMD_DONE;
	for (size_t i = 0; !done && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].command == u->command)
			status = commands[i].run(&c, args);
	config_free(&c);
	return status;
}

/* What was said on standard output must have got there. */
static int
finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	perror("exvet: standard output");
	return CMD_BROKEN;
}

static int
unknown(const char *word)
{
	struct nearest n = nearest_start(word);
	char shown[64];

	for (const struct config_usage *u = config_usages; u->name != NULL; u++)
		nearest_offer(&n, u->name);
	(void)text_printable(shown, sizeof(shown), word, strlen(word));
	if (n.best != NULL)
		fprintf(stderr, "exvet: unknown command \"%s\", expected %s?\n", shown, n.best);
	else
		fprintf(stderr, "exvet: unknown command \"%s\", expected one of `exvet --help'\n",
		    shown);
	return CMD_USAGE;
}

/* `exvet help' and `exvet help COMMAND'; NULL: of all. */
static int
help(const char *word)
{
	if (word == NULL) {
		config_help_all(stdout);
		return CMD_DONE;
	}
	for (const struct config_usage *u = config_usages; u->name != NULL; u++)
		if (strcmp(word, u->name) == 0) {
			config_help(stdout, u->command);
			return CMD_DONE;
		}
	return unknown(word);
}

static bool
is_word(const char *s, char letter, const char *name)
{
	return (s[0] == '-' && s[1] == letter && s[2] == '\0') ||
	    (text_starts(s, "--") && strcmp(s + 2, name) == 0);
}

/*
 * A descriptor that came closed would be the next socket's.  What is written to
 * a closed standard output must fail, so that one cannot be written to.
 */
static void
occupy_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY);
}

int
main(int argc, char **argv)
{
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	const char *self = argc > 0 ? slash != NULL ? slash + 1 : argv[0] : "exvet";

	occupy_standard_descriptors();
	/* A link or a copy may have any name of a plugin. */
	if (text_starts(self, "check_"))
		return cmd_check(argc, argv);
	if (argc < 2) {
		config_help_all(stderr);
		return CMD_USAGE;
	}
	if (is_word(argv[1], 'h', "help") || strcmp(argv[1], "help") == 0)
		return finish(help(argv[2]));
	if (is_word(argv[1], 'V', "version"))
		return finish(cmd_version());
	for (const struct config_usage *u = config_usages; u->name != NULL; u++)
		if (strcmp(argv[1], u->name) == 0)
			return finish(run(u, argc - 1, argv + 1));
	return unknown(argv[1]);
}
