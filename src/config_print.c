/* config_print.c - the option table as help, as effective values, as example. */
#include "config-build.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/wrap.h"
#include "config_inner.h"

enum { HELP_COLUMN = 30 };

/* ---- help ---- */

static char *
help_text(const struct config_option *o)
{
	char *fallback = config_fallback(o, PACKAGE_VERSION);
	char *choices = o->choices != NULL ? config_choices(o) : text_dup("");
	struct text_buf b = { 0 };

	text_buf_str(&b, o->help);
	if (choices[0] != '\0')
		text_buf_printf(&b, ": %s", choices);
	if (fallback != NULL && o->type != OPT_FLAG && o->type != OPT_COUNT)
		text_buf_printf(&b, " [%s]", fallback);
	free(fallback);
	free(choices);
	return b.s;
}

static void
print_row(FILE *out, char letter, const char *name, const char *value, bool optional,
    const char *help)
{
	const char *before = *value == '\0' ? "" : optional ? "[=" : " ", *after = optional ? "]" : "";
	char *left = letter != 0 ?
	    text_printf("  -%c, --%s%s%s%s", letter, name, before, value, after) :
	    text_printf("      --%s%s%s%s", name, before, value, after);

	if (strlen(left) + 2 > HELP_COLUMN)
		fprintf(out, "%s\n%*s", left, HELP_COLUMN, "");
	else
		fprintf(out, "%-*s", HELP_COLUMN, left);
	wrap_print(out, help, HELP_COLUMN, "");
	free(left);
}

static const char *
section_title(const char *section)
{
	static const struct {
		const char *section, *title;
	} titles[] = {
		{ "targets", "Targets" }, { "probe", "Probing" }, { "judge", "Judging" },
		{ "policy", "Policy" }, { "report", "Reports" }, { "check", "Monitoring" }, { "output", "Output" },
	};

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (strcmp(titles[i].section, section) == 0)
			return titles[i].title;
	return section;
}

static void
print_options(FILE *out, enum config_command command)
{
	const char *section = "";

	for (const struct config_option *o = config_options; o->name != NULL; o++) {
		const char *value = o->value != NULL && o->type != OPT_COUNT ? o->value : "";
		char *help;

		if (!config_has(o, command))
			continue;
		if (strcmp(section, o->section) != 0)
			fprintf(out, "\n%s:\n", section_title(o->section));
		section = o->section;
		help = help_text(o);
		print_row(out, o->letter, o->name, value, o->optional, help);
		free(help);
	}
}

void
config_help(FILE *out, enum config_command command)
{
	const struct config_usage *u = config_usage_of(command);

	fprintf(out, "Usage: %s%s%s [OPTION ...] %s\n", config_program(u), u->name,
	    command == CONFIG_CHECK ? " -H HOST" : "", u->operands);
	wrap_print(out, u->summary, 0, "");
	if (u->text != NULL) {
		fputc('\n', out);
		wrap_print(out, u->text, 0, "");
	}
	print_options(out, command);
	fputs("\nGeneral:\n", out);
	print_row(out, 'h', "help", "", false, "print this");
	print_row(out, 'V', "version", "", false, "print version, date of the table and libraries");
	fputc('\n', out);
	wrap_print(out, "[...] is the default.  An option may be shortened as long as it is "
	    "unambiguous.  Lists "
	    "take commas, or the option again.  --no-NAME takes back a flag.  Times: 500ms, "
	    "5s, 2m; a bare number is seconds.  Every option can also stand in exvet.ini(5).  ",
	    0, "");
	fprintf(out, "More in %s(1).\n", command == CONFIG_CHECK ? "check_exchange" : "exvet");
}

void
config_help_all(FILE *out)
{
	fputs("Usage: exvet COMMAND [OPTION ...] [OPERAND ...]\n"
	    "Vet Microsoft Exchange servers from the network, without an account.\n\n"
	    "Commands:\n", out);
	for (const struct config_usage *u = config_usages; u->name != NULL; u++) {
		fprintf(out, "  %-10s", u->name);
		wrap_print(out, u->summary, 12, "");
	}
	fputs("\nGeneral:\n", out);
	print_row(out, 'h', "help", "", false, "print this; of one command: exvet COMMAND --help");
	print_row(out, 'V', "version", "", false, "print version, date of the table and libraries");
	fputs("\nExamples:\n"
	    "  exvet scan mail.example.com\n"
	    "  exvet scan -i hosts.txt -o text -o jsonl:scan.jsonl --fail-on high\n"
	    "  exvet report scan.jsonl\n"
	    "  exvet builds 15.2.1748.39\n"
	    "  exvet explain su-missing\n"
	    "\nExit status: 0 done, 1 findings at or above --fail-on, 2 usage or\n"
	    "configuration, 3 incomplete, 4 internal or input/output error.\n", out);
}

/* ---- config show ---- */

/* One line, the origin behind it; a line that an INI could not hold is told so. */
static void
print_value(FILE *out, const char *name, const char *value, const char *origin)
{
	static const size_t longest = 198;	/* config_ini.c: inih's buffer of 200 */
	char *left = text_printf("%s =%s%s", name, *value != '\0' ? " " : "", value);
	char shown[512];

	(void)text_printable(shown, sizeof(shown), origin, strlen(origin));
	if (strlen(left) > longest)
		fprintf(out, "; too long for a line of an INI file (%s):\n; %s\n", shown, left);
	else if (strlen(left) + 3 + strlen(shown) > longest)
		fprintf(out, "; %s\n%s\n", shown, left);
	else
		fprintf(out, "%-40s ; %s\n", left, shown);
	free(left);
}

static void
show_option(FILE *out, const struct config *c, const struct config_option *o)
{
	const struct config_list *l = o->type == OPT_LIST ? config_get_list(c, o) : NULL;
	const char *origin = c->origin[config_row(o)];
	char *plain, *quoted;

	if (l != NULL && l->n > 0) {
		for (size_t i = 0; i < l->n; i++) {
			quoted = config_quote(l->v[i], true);
			print_value(out, o->name, quoted, origin);
			free(quoted);
		}
		return;
	}
	plain = config_value_text(c, o);
	quoted = config_quote(plain, false);
	print_value(out, o->name, quoted, origin);
	free(plain);
	free(quoted);
}

void
config_show_value(FILE *out, const char *name, const char *value, const char *origin)
{
	char *quoted = config_quote(value, false);

	print_value(out, name, quoted, origin);
	free(quoted);
}

void
config_policy_thresholds(FILE *out, const struct config *c)
{
	for (const struct config_option *o = config_options; o->name != NULL; o++)
		if (strcmp(o->section, "policy") == 0 && strcmp(o->name, "policy") != 0 &&
		    strcmp(o->name, "waivers") != 0)
			show_option(out, c, o);
}

void
config_show(FILE *out, const struct config *c)
{
	const char *section = "";

	for (const struct config_option *o = config_options; o->name != NULL; o++) {
		if (strcmp(section, o->section) != 0)
			fprintf(out, "%s[%s]\n", section[0] != '\0' ? "\n" : "", o->section);
		section = o->section;
		show_option(out, c, o);
	}
}

/* ---- the example file ---- */

static void
example_option(FILE *out, const struct config_option *o)
{
	char *fallback = config_fallback(o, "VERSION");
	char *choices = o->choices != NULL ? config_choices(o) : text_dup("");
	char *about = text_printf("%s%s%s", o->help, o->choices != NULL ? ": " : "", choices);

	fputs("\n# ", out);
	wrap_print(out, about, 2, "# ");
	/* as it is, "VERSION" would be sent */
	if (fallback == NULL || strcmp(fallback, o->fallback) != 0)
		fprintf(out, ";%s = %s\n", o->name, o->value);
	else
		fprintf(out, ";%s = %s\n", o->name, fallback);
	free(about);
	free(choices);
	free(fallback);
}

void
config_print_example(FILE *out)
{
	const char *section = "";

	fputs("# exvet.ini - defaults for exvet; see exvet.ini(5).  Generated by `make docs'.\n"
	    "#\n"
	    "# Every key is an option of the same name.  The value shown is the default, or\n"
	    "# what a value looks like where there is none.  An empty value is the default.\n",
	    out);
	for (const struct config_option *o = config_options; o->name != NULL; o++) {
		if (strcmp(section, o->section) != 0)
			fprintf(out, "\n[%s]\n", o->section);
		section = o->section;
		example_option(out, o);
	}
}
