/* config.c - fills the configuration from all places, the weakest first. */
#include "config-build.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config_inner.h"

static bool
read_environment(struct config_fill *f)
{
	for (const struct config_option *o = config_options; o->name != NULL; o++) {
		char *name = config_variable(o), *origin;
		const char *value = o->no_variable ? NULL : getenv(name);
		bool good = true;

		if (value != NULL) {
			origin = text_printf("environment %s", name);
			good = config_set(f, o, value, name, origin);
			free(origin);
		}
		free(name);
		if (!good)
			return false;
	}
	return true;
}

/* XDG Base Directory Specification 0.8: a relative path is to be ignored. */
static char *
user_file(void)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (xdg != NULL && xdg[0] == '/')
		return text_printf("%s/exvet/exvet.ini", xdg);
	if (home != NULL && home[0] == '/')
		return text_printf("%s/.config/exvet/exvet.ini", home);
	return NULL;
}

static bool
read_files(struct config_fill *f)
{
	const char *named = getenv("EXVET_CONFIG");
	char *user = user_file();
	bool good;

	f->now++;
	good = config_ini_read(f, EXVET_SYSCONFDIR "/exvet/exvet.ini", false);
	f->now++;
	good = good && (user == NULL || config_ini_read(f, user, false));
	f->now++;
	good = good && (named == NULL || named[0] == '\0' || config_ini_read(f, named, true));
	free(user);
	return good;
}

/* An option whose values from files and environment are not for this command. */
static void
forget(struct config_fill *f, enum config_command command)
{
	for (const struct config_option *o = config_options; o->name != NULL; o++)
		if (o->lasting != 0 && command != CONFIG_CONFIG &&
		    (o->lasting & (unsigned)command) == 0)
			config_set_default(f, o, "default");
}

static const char *
origin_of(const struct config_fill *f, const struct config_option *o)
{
	return f->c->origin[config_row(o)];
}

/* The stronger of -4 and -6 wins; in one place they cannot both stand. */
static bool
settle_family(struct config_fill *f)
{
	const struct config_option *four = config_find("ipv4"), *six = config_find("ipv6");
	unsigned p4 = f->place[config_row(four)], p6 = f->place[config_row(six)];

	if (!f->c->ipv4_only || !f->c->ipv6_only)
		return true;
	if (p4 == p6) {
		fprintf(stderr, "exvet: both ipv4 (%s) and ipv6 (%s), expected one of them\n",
		    origin_of(f, four), origin_of(f, six));
		return false;
	}
	config_set_default(f, p4 > p6 ? six : four, origin_of(f, p4 > p6 ? four : six));
	return true;
}

bool
config_settle(struct config_fill *f)
{
	const struct policy *p = &f->c->policy;

	if (p->cert_fail_days > p->cert_warn_days) {
		const struct config_option *fail = config_find("cert-fail-days");
		const struct config_option *warn = config_find("cert-warn-days");
		bool first = f->place[config_row(fail)] > f->place[config_row(warn)];
		const char *where = origin_of(f, first ? fail : warn);
		bool in_file = strchr(where, ':') != NULL;

		fprintf(stderr, "exvet: %s%scert-fail-days %d (%s), expected at most cert-warn-days "
		    "%d (%s)\n", in_file ? where : "", in_file ? ": " : "", (int)p->cert_fail_days,
		    origin_of(f, fail), (int)p->cert_warn_days, origin_of(f, warn));
		return false;
	}
	return settle_family(f);
}

/*
 * --policy and --waivers are asked for last and applied before the other
 * arguments, which are stronger than what stands in a policy.
 */
static bool
read_policy(struct config_fill *f, enum config_command command, const struct config_argv *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct config_given *g = &a->v[i];
		char *where = text_printf("--%s", g->option->name);
		bool good = (strcmp(g->option->name, "policy") != 0 &&
		    strcmp(g->option->name, "waivers") != 0) ||
		    config_set(f, g->option, g->value, where, "argument");

		free(where);
		if (!good)
			return false;
	}
	if (!config_has(config_find("policy"), command))
		return true;
	f->now++;
	return config_policy_read(f);
}

static bool
fill(struct config_fill *f, enum config_command command, const struct config_argv *a)
{
	for (const struct config_option *o = config_options; o->name != NULL; o++)
		config_set_default(f, o, "default");
	if (!read_files(f))
		return false;
	f->now++;
	if (!read_environment(f))
		return false;
	forget(f, command);
	if (!read_policy(f, command, a))
		return false;
	f->now++;
	return config_argv_apply(f, a) && config_settle(f);
}

bool
config_load(struct config *c, enum config_command command, int argc, char **argv, char ***args,
    bool *done)
{
	struct config_fill f = { .c = c };
	struct config_argv given = { 0 };
	bool good;

	*c = (struct config){ .origin = text_alloc(config_count() * sizeof(*c->origin)) };
	*done = false;
	f.place = text_alloc(config_count() * sizeof(*f.place));
	good = config_argv_read(&given, command, argc, argv, args);
	if (good && (given.help || given.version)) {
		*done = true;
		c->version = !given.help;
		if (given.help)
			config_help(stdout, command);
	} else if (good)
		good = fill(&f, command, &given);
	free(given.v);
	free(f.place);
	if (!good)
		config_free(c);
	return good;
}
