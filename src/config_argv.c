/*
 * config_argv.c - the command line: getopt_long fed from the option table,
 * with messages of our own.
 */
#include "config-build.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config_inner.h"

/* What getopt_long() gives for a long option; letters give themselves. */
enum { VAL_HELP = 0x80, VAL_VERSION, VAL_ROW = 0x100, VAL_NO_ROW = 0x1000 };

struct spec {
	struct option	*longs;
	size_t		 n;
	char		 letters[128];
	char		**names;	/* of --no-NAME */
	size_t		 nnames;
};

static void
add_long(struct spec *s, const char *name, int has_arg, int val)
{
	s->longs = text_grow(s->longs, s->n + 2, sizeof(*s->longs));
	s->longs[s->n++] = (struct option){ .name = name, .has_arg = has_arg, .val = val };
	s->longs[s->n] = (struct option){ 0 };
}

static bool
takes_value(const struct config_option *o)
{
	return o->type != OPT_FLAG && o->type != OPT_COUNT;
}

/* Can --no-NAME take it back? */
static bool
has_no(const struct config_option *o)
{
	return o->type == OPT_FLAG ||
	    (o->optional && o->fallback != NULL && strcmp(o->fallback, "yes") == 0);
}

static struct spec
spec_build(enum config_command command)
{
	struct spec s = { 0 };
	char *p = s.letters;

	*p++ = ':';
	*p++ = 'h';
	*p++ = 'V';
	add_long(&s, "help", no_argument, VAL_HELP);
	add_long(&s, "version", no_argument, VAL_VERSION);
	for (const struct config_option *o = config_options; o->name != NULL; o++) {
		int row = (int)config_row(o);

		if (!config_has(o, command))
			continue;
		add_long(&s, o->name, o->optional ? optional_argument :
		    takes_value(o) ? required_argument : no_argument, VAL_ROW + row);
		if (o->letter != 0) {
			*p++ = o->letter;
			if (takes_value(o))
				*p++ = ':';
			if (o->optional)
				*p++ = ':';
		}
		if (o->alias != NULL && command == CONFIG_CHECK)
			add_long(&s, o->alias, takes_value(o) ? required_argument : no_argument,
			    VAL_ROW + row);
		if (!has_no(o))
			continue;
		s.names = text_grow(s.names, s.nnames + 1, sizeof(*s.names));
		s.names[s.nnames] = text_printf("no-%s", o->name);
		add_long(&s, s.names[s.nnames++], no_argument, VAL_NO_ROW + row);
	}
	return s;
}

static void
spec_free(struct spec *s)
{
	for (size_t i = 0; i < s->nnames; i++)
		free(s->names[i]);
	free(s->names);
	free(s->longs);
}

static const struct config_option *
by_val(int val)
{
	if (val >= VAL_NO_ROW)
		return &config_options[val - VAL_NO_ROW];
	if (val >= VAL_ROW)
		return &config_options[val - VAL_ROW];
	for (const struct config_option *o = config_options; o->name != NULL; o++)
		if (o->letter != 0 && o->letter == val)
			return o;
	return NULL;
}

/* ---- messages ---- */

/* A long option that getopt does not know, or that could be several. */
static bool
complain_long(const struct spec *s, const char *token, const struct config_usage *u)
{
	size_t n = strcspn(token, "="), matches = 0;
	char *name = text_dup_n(token, n);
	const struct config_option *other = config_find(name);
	const char *near = config_nearest(name);
	char shown[256];

	(void)text_printable(shown, sizeof(shown), name, n);
	for (size_t i = 0; i < s->n; i++)
		matches += strncmp(s->longs[i].name, name, n) == 0;
	fprintf(stderr, "exvet: --%s: ", shown);
	if (matches > 1) {
		fputs("ambiguous, expected one of", stderr);
		for (size_t i = 0; i < s->n; i++)
			if (strncmp(s->longs[i].name, name, n) == 0)
				fprintf(stderr, " --%s", s->longs[i].name);
		fputc('\n', stderr);
	} else if (other != NULL)
		fprintf(stderr, "not an option of %s, expected one of `%s%s --help'\n",
		    u->name, config_program(u), u->name);
	else if (near != NULL && config_has(config_find(near), u->command))
		fprintf(stderr, "unknown option, expected --%s?\n", near);
	else
		fprintf(stderr, "unknown option, expected one of `%s%s --help'\n",
		    config_program(u), u->name);
	free(name);
	return false;
}

static bool
complain(const struct spec *s, int c, const char *token, const struct config_usage *u)
{
	const struct config_option *o = by_val(optopt);

	if (c == ':' && text_starts(token, "--"))
		fprintf(stderr, "exvet: --%s: expected %s after it\n", o->name, o->value);
	else if (c == ':')
		fprintf(stderr, "exvet: -%c: expected %s after it\n", optopt, o->value);
	else if (optopt == 0)
		return complain_long(s, text_starts(token, "--") ? token + 2 : token, u);
	else if (optopt >= VAL_HELP)
		fprintf(stderr, "exvet: %.*s: takes no value\n", (int)strcspn(token, "="), token);
	else if (o != NULL)
		fprintf(stderr, "exvet: -%c: not an option of %s, expected one of "
		    "`%s%s --help'\n", optopt, u->name, config_program(u), u->name);
	else
		fprintf(stderr, "exvet: -%c: unknown option, expected one of `%s%s --help'\n",
		    optopt > 0x20 && optopt < 0x7f ? optopt : '?', config_program(u), u->name);
	return false;
}

/* ---- reading ---- */

static void
take(struct config_argv *a, int c, const char *value)
{
	if (c == 'h' || c == VAL_HELP) {
		a->help = true;
		return;
	}
	if (c == 'V' || c == VAL_VERSION) {
		a->version = true;
		return;
	}
	a->v = text_grow(a->v, a->n + 1, sizeof(*a->v));
	a->v[a->n++] = (struct config_given){
		.option = by_val(c), .value = value, .off = c >= VAL_NO_ROW,
	};
}

bool
config_argv_read(struct config_argv *a, enum config_command command, int argc, char **argv,
    char ***args)
{
	struct spec s = spec_build(command);
	bool good = true;
	int c;

	opterr = 0;
	optind = 0;		/* glibc and musl: start afresh */
	while (good && (c = getopt_long(argc, argv, s.letters, s.longs, NULL)) != -1) {
		if (c == '?' || c == ':')
			good = complain(&s, c, argv[c == ':' && optind > argc ? argc - 1 :
			    optind - 1], config_usage_of(command));
		else
			take(a, c, optarg);
	}
	*args = argv + optind;
	spec_free(&s);
	return good;
}

/* As an element of a list that holds its commas; owned. */
static char *
with_commas(const char *value)
{
	struct text_buf b = { 0 };

	text_buf_str(&b, "");
	for (const char *s = value; *s != '\0'; s++) {
		if (*s == ',' && (s == value || s[-1] != '\\'))
			text_buf_add(&b, "\\", 1);
		text_buf_add(&b, s, 1);
	}
	return b.s;
}

bool
config_argv_apply(struct config_fill *f, const struct config_argv *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct config_given *g = &a->v[i];
		const char *value = g->off ? "no" : g->value != NULL ? g->value : "yes";
		char *where = text_printf("--%s", g->option->name);
		char *whole = g->option->whole ? with_commas(value) : NULL;
		bool good = true;

		if (g->option->type == OPT_COUNT)
			config_raise(f, g->option, "argument");
		else
			good = config_set(f, g->option, whole != NULL ? whole : value, where, "argument");
		free(whole);
		free(where);
		if (!good)
			return false;
	}
	return true;
}
