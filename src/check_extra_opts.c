/*
 * check_extra_opts.c - options out of an INI file.
 *
 * The keys are names of options (one letter: a short one), a key without = is
 * a flag, lines may be as long as they like and comments stand on lines of
 * their own: what other plugins read, and inih does not.
 */
#include <errno.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "check_extra_opts.h"
#include "config.h"

static const char default_section[] = "check_exchange";

/* lib/parse_ini.c of the Monitoring Plugins: these, in this order. */
static const char *const file_names[] = {
	"monitoring-plugins.ini", "plugins.ini", "nagios-plugins.ini", NULL
};
static const char *const default_files[] = {
	"/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
	"/usr/local/etc/monitoring-plugins.ini",
	"/etc/monitoring-plugins/monitoring-plugins.ini",
	"/etc/monitoring-plugins.ini",
	"/usr/local/etc/nagios/plugins.ini", "/usr/local/nagios/etc/plugins.ini",
	"/etc/nagios/plugins.ini", "/etc/opt/nagios/plugins.ini", NULL
};

static void
add(struct check_args *a, char *s)
{
	a->v = text_grow(a->v, (size_t)a->n + 2, sizeof(*a->v));
	a->v[a->n++] = s;
	a->v[a->n] = NULL;
}

static void
add_owned(struct check_args *a, char *s)
{
	a->owned = text_grow(a->owned, (size_t)a->nowned + 1, sizeof(*a->owned));
	a->owned[a->nowned++] = s;
	add(a, s);
}

/* ---- where the file is ---- */

static char *
search_dirs(const char *path)
{
	while (path != NULL && *path != '\0') {
		size_t n = strcspn(path, ":");

		for (size_t i = 0; n > 0 && file_names[i] != NULL; i++) {
			char *file = text_printf("%.*s/%s", (int)n, path, file_names[i]);

			if (access(file, R_OK) == 0)
				return file;
			free(file);
		}
		path += n + (path[n] == ':');
	}
	return NULL;
}

static char *
find_file(void)
{
	const char *named = getenv("MP_CONFIG_FILE");
	char *file;

	if (named != NULL && named[0] != '\0')
		return text_dup(named);
	file = search_dirs(getenv("NAGIOS_CONFIG_PATH"));
	for (size_t i = 0; file == NULL && default_files[i] != NULL; i++)
		if (access(default_files[i], R_OK) == 0)
			file = text_dup(default_files[i]);
	return file;
}

/* ---- reading ---- */

static char *
trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\r\n");
	n = strlen(s);
	while (n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL)
		s[--n] = '\0';
	return s;
}

static bool
needs_value(char letter)
{
	for (const struct config_option *o = config_options; o->name != NULL; o++)
		if (o->letter == letter)
			return o->type != OPT_FLAG && o->type != OPT_COUNT && !o->optional;
	return false;
}

/* "key=value", "key": --key=value, --key; one letter: -kvalue, -k. */
static bool
take_key(struct check_args *a, char *line, const char *path, unsigned number)
{
	char *equal = strchr(line, '='), *value = NULL;

	if (equal != NULL) {
		*equal = '\0';
		value = trim(equal + 1);
	}
	line = trim(line);
	if (line[0] == '\0' || line[0] == '-') {
		fprintf(stderr, "exvet: %s:%u: expected the name of an option\n", path, number);
		return false;
	}
	if (strcmp(line, "extra-opts") == 0) {
		fprintf(stderr, "exvet: %s:%u: extra-opts cannot stand in the file itself\n", path,
		    number);
		return false;
	}
	if (line[1] == '\0') {
		add_owned(a, text_printf("-%s%s", line, value != NULL ? value : ""));
		if (value != NULL && value[0] == '\0' && needs_value(line[0]))
			add_owned(a, text_dup(""));	/* or the next option were its value */
	}
	else if (value != NULL)
		add_owned(a, text_printf("--%s=%s", line, value));
	else
		add_owned(a, text_printf("--%s", line));
	return true;
}

static bool
take_line(struct check_args *a, char *line, const char *section, bool *in, const char *path,
    unsigned number)
{
	char *s = trim(line), *end;

	if (s[0] == '\0' || s[0] == '#' || s[0] == ';')
		return true;
	if (s[0] != '[')
		return !*in || take_key(a, s, path, number);
	end = strchr(s, ']');
	if (end == NULL) {
		fprintf(stderr, "exvet: %s:%u: expected ] behind the name of the section\n", path,
		    number);
		return false;
	}
	*end = '\0';
	*in = strcmp(trim(s + 1), section) == 0;
	return true;
}

/* All of it, ended by NUL; NULL when there is too much, or it cannot be read.  Owned. */
static char *
read_all(FILE *f, const char *path, size_t *n)
{
	char *text = NULL;
	size_t cap = 0, got = 1;

	for (*n = 0; got > 0 && *n <= LIMIT_EXTRA_OPTS; *n += got) {
		cap = *n + 65536 < LIMIT_EXTRA_OPTS + 1 ? *n + 65536 : LIMIT_EXTRA_OPTS + 1;
		text = text_grow(text, cap + 1, 1);
		got = fread(text + *n, 1, cap - *n, f);
	}
	if (ferror(f)) {
		fprintf(stderr, "exvet: --extra-opts: %s: %s\n", path, strerror(errno));
	} else if (*n > LIMIT_EXTRA_OPTS) {
		fprintf(stderr, "exvet: --extra-opts: %s: expected a file of at most %d bytes\n", path,
		    LIMIT_EXTRA_OPTS);
	} else {
		text[*n] = '\0';
		return text;
	}
	free(text);
	return NULL;
}

static bool
take_lines(struct check_args *a, char *text, const char *end, const char *section, bool *found,
    const char *path)
{
	bool in = false, good = true;
	unsigned number = 0;

	for (char *line = text, *next; good && line < end; line = next) {
		char *stop = memchr(line, '\n', (size_t)(end - line));

		next = stop != NULL ? stop + 1 : line + (end - line);
		if (stop != NULL)
			*stop = '\0';
		number++;
		if (memchr(line, '\0', (size_t)(next - line - (stop != NULL))) != NULL) {
			fprintf(stderr, "exvet: %s:%u: NUL byte, expected text\n", path, number);
			good = false;
		} else
			good = take_line(a, line, section, &in, path, number);
		*found |= in;
	}
	return good;
}

static bool
read_section(struct check_args *a, const char *section, const char *path)
{
	bool given = strcmp(path, "-") == 0;
	FILE *f = given ? stdin : fopen(path, "re");
	bool found = false, good;
	char *text;
	size_t n = 0;

	if (f == NULL) {
		fprintf(stderr, "exvet: --extra-opts: %s: %s\n", path, strerror(errno));
		return false;
	}
	text = read_all(f, path, &n);
	if (!given)
		(void)fclose(f);
	good = text != NULL && take_lines(a, text + (text_starts(text, "\xef\xbb\xbf") ? 3 : 0),
	    text + n, section, &found, path);
	free(text);
	if (good && !found)
		fprintf(stderr, "exvet: --extra-opts: no section [%s] in %s\n", section, path);
	return good && found;
}

/* value: NULL, SECTION, @FILE or SECTION@FILE. */
static bool
take_extra(struct check_args *a, const char *value)
{
	const char *at = value != NULL ? strchr(value, '@') : NULL;
	size_t n = value == NULL ? 0 : at != NULL ? (size_t)(at - value) : strlen(value);
	char *section = n > 0 ? text_dup_n(value, n) : text_dup(default_section);
	char *file = at != NULL && at[1] != '\0' ? text_dup(at + 1) : find_file();
	bool good = false;

	if (file != NULL)
		good = read_section(a, section, file);
	else
		fputs("exvet: --extra-opts: no file of options was found, expected one in the places "
		    "of check_exchange(1)\n", stderr);
	free(section);
	free(file);
	return good;
}

/* Abbreviated, too, as getopt_long(3) lets every option be: no other begins so. */
static bool
is_extra(const char *s)
{
	static const char extra[] = "--extra-opts";
	size_t n = strcspn(s, "=");

	return n >= strlen("--ext") && n < sizeof(extra) && strncmp(s, extra, n) == 0;
}

/* The value may be the next word: lib/extra_opts.c.  How many words these are. */
static int
value_of(char **argv, const char **value)
{
	const char *equal = strchr(argv[0], '=');

	*value = equal != NULL ? equal + 1 : argv[1] != NULL && argv[1][0] != '-' ? argv[1] : NULL;
	return equal == NULL && *value != NULL ? 2 : 1;
}

bool
check_extra_opts(struct check_args *a, int argc, char **argv)
{
	bool good = true, plain = false;
	const char *value;

	*a = (struct check_args){ 0 };
	add(a, argc > 0 ? argv[0] : (char *)(uintptr_t)default_section);
	for (int i = 1; good && i < argc && strcmp(argv[i], "--") != 0; i++)
		if (is_extra(argv[i])) {
			i += value_of(argv + i, &value) - 1;
			good = take_extra(a, value);
		}
	for (int i = 1; i < argc; i++) {
		plain |= strcmp(argv[i], "--") == 0;
		if (!plain && is_extra(argv[i]))
			i += value_of(argv + i, &value) - 1;
		else
			add(a, argv[i]);
	}
	return good;
}

void
check_extra_opts_free(struct check_args *a)
{
	for (int i = 0; i < a->nowned; i++)
		free(a->owned[i]);
	free(a->owned);
	free(a->v);
	*a = (struct check_args){ 0 };
}
