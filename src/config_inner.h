/*
 * config_inner.h - what the config_*.c files share; nobody else includes it.
 */
#ifndef EXVET_CONFIG_INNER_H
#define EXVET_CONFIG_INNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "config.h"

/*
 * A configuration while it is filled.  Places are numbered by strength: a list
 * that an earlier place filled is emptied by the first value of a later one.
 */
struct config_fill {
	struct config	*c;
	unsigned	*place;		/* by row of config_options */
	unsigned	 now;		/* the place being read */
};

/* ---- config_table.c, config_find.c ---- */
size_t	config_count(void);
size_t	config_row(const struct config_option *);
/* The option of that long name, NULL when there is none. */
const struct config_option *config_find(const char *name);
bool	config_has(const struct config_option *, enum config_command);
/* What stands before the name of a command: "exvet ", or nothing for the plugin. */
const char *config_program(const struct config_usage *);
/* The name that is nearest to a mistyped one, NULL when none is near. */
const char *config_nearest(const char *name);
bool	config_is_section(const char *name);
/* The default with @VERSION@ replaced; NULL when there is none.  Owned. */
char   *config_fallback(const struct config_option *, const char *version);
char   *config_variable(const struct config_option *);	/* "EXVET_NAME"; owned */

/* ---- config_usage.c ---- */
const struct config_usage *config_usage_of(enum config_command);

/* ---- config_check.c: NULL when the value is right, else what was expected ---- */
const char *config_check_text(const char *);
const char *config_check_allowed_auth(const char *);
const char *config_check_may_reach(const char *);
const char *config_check_host(const char *);
const char *config_check_exclude(const char *);
const char *config_check_resolve(const char *);
const char *config_check_port(const char *);
const char *config_check_probe(const char *);
const char *config_check_proxy(const char *);
const char *config_check_header(const char *);
const char *config_check_output(const char *);
const char *config_check_field(const char *);
const char *config_check_target(const char *);
const char *config_check_address(const char *);
const char *config_check_ssl(const char *);
const char *config_check_threshold(const char *);
const char *config_check_days(const char *);
const char *config_check_group(const char *);

/* ---- config_value.c ---- */
/*
 * Set one option from text.  where stands in front of the message when the
 * value is bad, origin is kept for config_show().
 */
bool	config_set(struct config_fill *, const struct config_option *, const char *value,
	    const char *where, const char *origin);
void	config_set_default(struct config_fill *, const struct config_option *, const char *origin);
/* One more -v. */
void	config_raise(struct config_fill *, const struct config_option *, const char *origin);
const struct config_list *config_get_list(const struct config *, const struct config_option *);
/* A value that is no list as the user would write it, "" when there is none; owned. */
char   *config_value_text(const struct config *, const struct config_option *);
/* A value, or an element of a list, as it stands in an INI; owned. */
char   *config_quote(const char *value, bool element);
/* The inverse for a whole value: NULL when a quote is not closed or an escape unknown. */
char   *config_unquote(const char *);
char   *config_choices(const struct config_option *);	/* "quick, standard, full"; owned */
/* What a value of this option looks like: "a number from 0 to 10"; owned. */
char   *config_expected(const struct config_option *);

/* ---- config_argv.c ---- */
struct config_given {
	const struct config_option	*option;
	const char			*value;	/* NULL: a flag */
	bool				 off;	/* --no-NAME */
};

struct config_argv {
	struct config_given	*v;
	size_t			 n;
	bool			 help, version;
};

/* False when the user was wrong; printed. */
bool	config_argv_read(struct config_argv *, enum config_command, int argc, char **argv,
	    char ***args);
bool	config_argv_apply(struct config_fill *, const struct config_argv *);

/* ---- config_ini.c ---- */
/* One INI file while it is read. */
struct config_ini {
	const char	*path;
	int		 number;	/* of the line being read */
	int		 bad;		/* line of the first mistake that was printed; 0: none */
	/*
	 * What is done with one key, and with the beginning of a section: then
	 * name and value are NULL.  False, after config_ini_complain(), ends it.
	 */
	bool		(*take)(struct config_ini *, const char *section, const char *name,
			    const char *value);
	void		*arg;
	FILE		*f;
	char		*line;		/* getline()'s */
	size_t		 cap;
};

/* A file that is not there is fine unless needed. */
bool	config_ini_read(struct config_fill *, const char *path, bool needed);
bool	config_ini_each(const char *path, bool needed, bool (*take)(struct config_ini *,
	    const char *section, const char *name, const char *value), void *arg);
void	config_ini_complain(struct config_ini *, int line, const char *what);
/* One option of the table, which must exist. */
bool	config_ini_set(struct config_ini *, struct config_fill *, const char *name,
	    const char *value);

/* ---- config.c: the last look at the whole; printed when it is wrong ---- */
bool	config_settle(struct config_fill *);

/* ---- config_policy.c ---- */
/* --policy and --waivers: thresholds into *f, the rest into f->c->policy.book. */
bool	config_policy_read(struct config_fill *f);
const char *config_check_builds(const char *);

#endif
