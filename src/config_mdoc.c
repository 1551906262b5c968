/* config_mdoc.c - the option table as sections of the manual, in mdoc(7). */
#include "config-build.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mdoc.h"
#include "base/text.h"
#include "config_inner.h"

/* "Ar FORMAT Ns Op : Ns Ar FILE" is more than a reader needs: one argument. */
static void
print_argument(FILE *out, const struct config_option *o, bool is_long)
{
	if (o->optional)
		fprintf(out, " Ns Oo %sAr %s Oc", is_long ? "= Ns " : "", o->value);
	else if (o->value != NULL && o->type != OPT_COUNT)
		fprintf(out, " Ar %s", o->value);
}

static void
print_facts(FILE *out, const struct config_option *o)
{
	char *fallback = config_fallback(o, "VERSION");

	mdoc_sentence(out, o->help);
	if (o->choices != NULL) {
		char *choices = config_choices(o), *s = text_printf("One of %s.", choices);

		mdoc_text(out, s);
		free(choices);
		free(s);
	}
	if (o->text != NULL)
		mdoc_text(out, o->text);
	if (fallback != NULL && o->type != OPT_FLAG && o->type != OPT_COUNT) {
		fputs("The default is\n.Ql ", out);
		mdoc_argument(out, fallback);
		fputs(" .\n", out);
	}
	free(fallback);
}

void
config_print_mdoc(FILE *out, unsigned commands)
{
	const char *section = "";

	for (const struct config_option *o = config_options; o->name != NULL; o++) {
		if ((o->commands & commands) == 0)
			continue;
		if (strcmp(section, o->section) != 0)
			fprintf(out, "%s.Ss Section %s\n.Bl -tag -width Ds\n",
			    section[0] != '\0' ? ".El\n" : "", o->section);
		section = o->section;
		fputs(".It ", out);
		if (o->letter != 0) {
			fprintf(out, "Fl %c", o->letter);
			print_argument(out, o, false);
			fputs(" , ", out);
		}
		fprintf(out, "Fl -%s", o->name);
		print_argument(out, o, true);
		fputc('\n', out);
		print_facts(out, o);
	}
	if (section[0] != '\0')
		fputs(".El\n", out);
}

static const char *
kind_text(const struct config_option *o)
{
	switch (o->type) {
	case OPT_FLAG:
		return "yes or no";
	case OPT_LIST:
		return "list";
	case OPT_DAY:
		return "day";
	case OPT_STRING:
		return "text";
	default:
		return NULL;
	}
}

void
config_print_ini_mdoc(FILE *out)
{
	const char *section = "";

	for (const struct config_option *o = config_options; o->name != NULL; o++) {
		const char *kind = kind_text(o);
		char *expected = kind != NULL ? text_dup(kind) : config_expected(o);

		if (strcmp(section, o->section) != 0)
			fprintf(out, "%s.Ss Section %s\n.Bl -tag -width Ds\n",
			    section[0] != '\0' ? ".El\n" : "", o->section);
		section = o->section;
		fprintf(out, ".It Ic %s No = Ar %s\n", o->name,
		    o->value != NULL ? o->value : "FLAG");
		if (o->type != OPT_CHOICE) {
			expected[0] = (char)toupper((unsigned char)expected[0]);
			mdoc_sentence(out, expected);
		}
		free(expected);
		print_facts(out, o);
		if (!o->no_variable) {
			char *variable = config_variable(o);

			fprintf(out, "Environment:\n.Ev %s .\n", variable);
			free(variable);
		}
	}
	fputs(".El\n", out);
}

void
config_print_commands_mdoc(FILE *out)
{
	fputs(".Bl -tag -width Ds\n", out);
	for (const struct config_usage *u = config_usages; u->name != NULL; u++) {
		size_t n = strlen(u->operands);

		fprintf(out, ".It Nm exvet Cm %s Oo Ar option ... Oc ", u->name);
		if (u->operands[0] == '[')
			fprintf(out, "Oo Ar %.*s Oc\n", (int)n - 2, u->operands + 1);
		else
			fprintf(out, "Ar %s\n", u->operands);
		mdoc_sentence(out, u->summary);
		if (u->text != NULL)
			mdoc_text(out, u->text);
	}
	fputs(".El\n", out);
}
