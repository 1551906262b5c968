/*
 * cmd.h - the commands.  Each gets the effective configuration and its
 * operands (ended by NULL), and gives the exit status: 0 done, 1 something at
 * or above --fail-on, 2 usage or configuration, 3 incomplete, 4 internal or
 * input/output error.
 */
#ifndef EXVET_CMD_H
#define EXVET_CMD_H

struct config;

enum cmd_status {
	CMD_DONE = 0, CMD_FAILED = 1, CMD_USAGE = 2, CMD_INCOMPLETE = 3, CMD_BROKEN = 4,
};

int	cmd_scan(const struct config *, char **args);
int	cmd_report(const struct config *, char **args);
int	cmd_builds(const struct config *, char **args);
int	cmd_list(const struct config *, char **args);
int	cmd_explain(const struct config *, char **args);
int	cmd_config(const struct config *, char **args);
int	cmd_mail(const struct config *, char **args);
int	cmd_diff(const struct config *, char **args);
int	cmd_merge(const struct config *, char **args);
int	cmd_policy(const struct config *, char **args);
int	cmd_version(void);
/* Under the name check_exchange: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
int	cmd_check(int argc, char **argv);

#endif
