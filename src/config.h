/*
 * config.h - ONE option table for argv, INI, environment, --help, the manual
 * and the example file; and the effective configuration that it fills.
 *
 * Order of strength: built-in default < /etc/exvet/exvet.ini <
 * $XDG_CONFIG_HOME/exvet/exvet.ini < $EXVET_CONFIG < environment
 * (EXVET_OPTION_NAME) < argv.  Repeatable options given at a stronger place
 * replace the list of a weaker one.
 */
#ifndef EXVET_CONFIG_H
#define EXVET_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "policy.h"

struct config_list {
	char	**v;
	size_t	  n;
};

struct config {
	/* targets */
	struct config_list inputs;	/* -i FILE, - for stdin */
	struct config_list exclude;	/* addresses, CIDR, ranges, names */
	struct config_list exclude_files;
	struct config_list resolve;	/* HOST:ADDR */
	struct config_list ports;	/* PROBE=NUMBER, or NUMBER for https */
	char	*name;			/* SNI and Host for every target; NULL: the target's */
	bool	 all_addresses;
	int64_t	 samples;		/* times that a pool is asked afresh; 0: not */
	bool	 ipv4_only, ipv6_only;
	bool	 strict;
	/* probing */
	char	*profile;		/* quick, standard, full */
	struct config_list probes;	/* names; empty: by profile */
	char	*tls;			/* auto, posture, exact, none */
	char	*proxy;			/* URL; NULL: none, whatever the environment says */
	char	*user_agent;
	char	*ehlo;			/* our own name, said to mail services */
	struct config_list headers;	/* NAME:VALUE, sent with every HTTP request */
	char	*contact;		/* added to the user agent: URL or mail address */
	char	*vantage;
	char	*ca_file;		/* NULL: the system's store */
	int64_t	 connect_timeout_ms;
	int64_t	 request_timeout_ms;
	int64_t	 target_timeout_ms;
	int64_t	 connections;		/* to one server at a time */
	int64_t	 parallel;		/* live targets in flight, all threads */
	int64_t	 threads;		/* each with a loop of its own */
	int64_t	 rate;			/* new targets a second; 0: no limit */
	/* judging */
	char	*table;			/* NULL: bundled */
	int32_t	 as_of;			/* BUILDS_NO_DAY: today */
	char	*fail_on;		/* severity, or "never" */
	char	*policy_file;		/* name of a policy, or a file; NULL: none */
	char	*waivers_file;		/* NULL: none besides those of the policy */
	struct policy_book *book;	/* what they say besides the thresholds: policy.book */
	struct policy policy;
	char	*framework;		/* of data/controls.xml; NULL: all, where any is shown */
	/* over time, and beside other tools */
	char	*compare;		/* JSON Lines of an older run; NULL: none */
	char	*history;		/* folder of runs; NULL: none */
	char	*checklist;		/* to fill; NULL: none */
	bool	 own_day;		/* judge each result as of the day of its scan (diff) */
	struct config_list imports;	/* files of HealthChecker */
	/* the plugin, and formats that give its states */
	struct config_check {
		char	*host, *address;	/* -H, -I; NULL: not given */
		int64_t	 timeout_ms;
		struct config_list warning, critical;	/* [METRIC=]RANGE */
		char	*certificate;		/* days: warning, critical */
		struct config_list groups;
		bool	 verify, sni;
		char	*ssl;		/* yes, no, or a version of TLS: "1.2", "1.2+" */
		char	*extra_opts;
		char	*unknown_as, *timeout_result, *unreachable;
	} check;
	struct config_icinga {
		char	*service, *credentials, *ca_file;
	} icinga;
	/* output */
	struct config_list outputs;	/* FORMAT[:FILE] */
	char	*color;			/* auto, always, never */
	char	*progress;		/* auto, always, never */
	int64_t	 verbose;		/* -v count */
	bool	 version;		/* --version was asked for: the caller prints it */
	/* where each value came from, by row of config_options */
	char	**origin;
};

/* Commands an option belongs to; `exvet scan --help` shows its own. */
enum config_command {
	CONFIG_SCAN	= 1 << 0,
	CONFIG_REPORT	= 1 << 1,
	CONFIG_BUILDS	= 1 << 2,
	CONFIG_LIST	= 1 << 3,
	CONFIG_EXPLAIN	= 1 << 4,
	CONFIG_CONFIG	= 1 << 5,	/* exvet config show */
	CONFIG_MAIL	= 1 << 6,	/* exvet mail FILE.eml */
	CONFIG_CHECK	= 1 << 7,	/* check_exchange */
	CONFIG_POLICY	= 1 << 8,	/* exvet policy check|show */
	CONFIG_DIFF	= 1 << 9,
	CONFIG_MERGE	= 1 << 10,
};

enum config_type {
	OPT_FLAG, OPT_COUNT, OPT_NUMBER, OPT_DURATION, OPT_STRING, OPT_CHOICE,
	OPT_LIST, OPT_DAY,
};

struct config_option {
	const char	*section;	/* of the INI: targets, probe, judge, policy, check, output */
	const char	*name;		/* long option, INI key; EXVET_NAME in the environment */
	const char	*alias;		/* long option of check_http for the same; NULL: none */
	char		 letter;	/* 0: none */
	enum config_type type;
	size_t		 offset;	/* in struct config */
	int64_t		 min, max;	/* numbers; durations in ms */
	/* default, as the user would write it; NULL: none; @VERSION@ is ours */
	const char	*fallback;
	const char	*choices;	/* OPT_CHOICE: "quick|standard|full" */
	const char	*value;		/* name of the value in help: "SECONDS" */
	unsigned	 commands;	/* enum config_command */
	unsigned	 lasting;	/* commands for which INI and environment count; 0: all */
	/* what was expected when a value (an element of a list) is bad; else NULL */
	const char	*(*check)(const char *);
	bool		 any_case;	/* a choice may be written in capitals, as other plugins do */
	bool		 optional;	/* the value may be left out: --NAME, --NAME=VALUE */
	bool		 no_variable;	/* not settable by EXVET_NAME */
	bool		 whole;		/* a list whose commas count in files only: more by repeating */
	const char	*help;		/* one line */
	const char	*text;		/* sentences for the manual; may be NULL */
};

extern const struct config_option config_options[];	/* ended by name NULL */

/* What `exvet COMMAND` is; in the order of `exvet --help`; ended by name NULL. */
struct config_usage {
	const char	*name;
	enum config_command command;
	const char	*operands;	/* "[TARGET...]" */
	const char	*summary;	/* one line */
	const char	*text;		/* sentences under --help and in the manual */
};

extern const struct config_usage config_usages[];

/*
 * Fill *c from all places for one command.  argv[0] is the command's name;
 * *args gets the operands (pointers into argv, ended by NULL).  On the user's
 * mistake one clear line on stderr and false: exit status 2.  *done is set
 * when --help was printed, or c->version: exit status 0.
 */
bool	config_load(struct config *c, enum config_command, int argc, char **argv,
	    char ***args, bool *done);
void	config_free(struct config *);
/* Read a policy file for `exvet policy check`; false: the mistake was printed. */
bool	config_policy_check(const struct config *, const char *path, struct policy_book **);
/* The policy of that name beside the table of builds or among the program's data; owned. */
char   *config_policy_path(const struct config *, const char *name);
/* All of [policy] with origins, as it stands in an INI. */
void	config_policy_thresholds(FILE *, const struct config *);
/* One key of an INI and where it came from. */
void	config_show_value(FILE *, const char *name, const char *value, const char *origin);
/* Effective value and origin of every option, one line each, as an INI. */
void	config_show(FILE *, const struct config *);
void	config_help(FILE *, enum config_command);
void	config_help_all(FILE *);	/* `exvet --help` */
/* The example INI, the manual's option section (mdoc): from the table. */
void	config_print_example(FILE *);
void	config_print_mdoc(FILE *, unsigned commands);
void	config_print_ini_mdoc(FILE *);
void	config_print_commands_mdoc(FILE *);

#endif
