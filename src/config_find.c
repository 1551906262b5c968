/* config_find.c - looking things up in the table of options. */
#include "config-build.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "config_inner.h"

size_t
config_row(const struct config_option *o)
{
	return (size_t)(o - config_options);
}

const struct config_option *
config_find(const char *name)
{
	for (const struct config_option *o = config_options; o->name != NULL; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

bool
config_has(const struct config_option *o, enum config_command command)
{
	return command == CONFIG_CONFIG || (o->commands & (unsigned)command) != 0;
}

const char *
config_program(const struct config_usage *u)
{
	return u->command == CONFIG_CHECK ? "" : "exvet ";
}

const char *
config_nearest(const char *name)
{
	struct nearest n = nearest_start(name);

	for (const struct config_option *o = config_options; o->name != NULL; o++)
		nearest_offer(&n, o->name);
	return n.best;
}

bool
config_is_section(const char *name)
{
	for (const struct config_option *o = config_options; o->name != NULL; o++)
		if (strcmp(o->section, name) == 0)
			return true;
	return false;
}

char *
config_fallback(const struct config_option *o, const char *version)
{
	static const char mark[] = "@VERSION@";
	const char *at = o->fallback != NULL ? strstr(o->fallback, mark) : NULL;

	if (o->fallback == NULL)
		return NULL;
	if (at == NULL)
		return text_dup(o->fallback);
	return text_printf("%.*s%s%s", (int)(at - o->fallback), o->fallback, version,
	    at + strlen(mark));
}

char *
config_variable(const struct config_option *o)
{
	char *s = text_printf("EXVET_%s", o->name);

	for (char *p = s; *p != '\0'; p++)
		*p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
	return s;
}
