/*
 * config_ini.c - reads an INI file through inih.
 *
 * inih cuts a line that does not fit its buffer in two and goes on, and takes
 * an indented line for more of the value above it.  So the reader here hands
 * it one line after the other: the number is known for messages, a line that
 * does not fit is refused, and indenting means nothing.
 */
#include "config-build.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "config_inner.h"

void
config_ini_complain(struct config_ini *in, int line, const char *what)
{
	if (in->bad == 0)
		fprintf(stderr, "exvet: %s:%d: %s\n", in->path, line, what);
	in->bad = in->bad == 0 ? line : in->bad;
}

static void
complain(struct config_ini *in, const char *what)
{
	config_ini_complain(in, in->number, what);
}

/* ---- one line for inih ---- */

static char *
refuse(struct config_ini *in, const char *what)
{
	complain(in, what);
	return NULL;
}

/* The line without white space around; a comment is nothing. */
static char *
trim(char *s, size_t *n, bool first)
{
	size_t lead = first && text_starts(s, "\xef\xbb\xbf") ? 3 : 0;

	lead += strspn(s + lead, " \t\r");
	s += lead;
	*n -= lead;
	while (*n > 0 && strchr(" \t\r\n", s[*n - 1]) != NULL)
		--*n;
	s[*n] = '\0';
	if (s[0] == '#' || s[0] == ';')		/* may be as long as it likes */
		s[*n = 0] = '\0';
	return s;
}

/*
 * inih reads on behind a line that is neither a section nor a key, with the
 * wrong section in its mind; so such a line does not reach it.
 */
static bool
is_shaped(const char *s)
{
	const char *end;

	if (s[0] != '[')
		return s[0] == '\0' || strpbrk(s, "=:") != NULL;
	end = strchr(s, ']');
	if (end == NULL)
		return false;
	end += 1 + strspn(end + 1, " \t");
	return *end == '\0' || *end == ';' || *end == '#';
}

enum { SECTION_MAX = 48 };		/* inih cuts a longer name without a word */

/* A section is told when it begins, also when nothing stands in it. */
static bool
is_section_fine(struct config_ini *in, const char *s)
{
	char *name;
	bool good;

	if (s[0] != '[')
		return true;
	name = text_dup_n(s + 1, strcspn(s + 1, "]"));
	good = strlen(name) <= SECTION_MAX;
	if (!good)
		complain(in, "name of a section too long, expected at most 48 bytes");
	else if (!in->take(in, name, NULL, NULL)) {
		good = false;
		in->bad = in->bad == 0 ? in->number : in->bad;
	}
	free(name);
	return good;
}

/* getline() with an end: its bytes, 0 at the end of the file, more than the limit when cut. */
static size_t
read_line(struct config_ini *in)
{
	size_t n = 0;
	int c = 0;

	while (c != '\n' && n <= LIMIT_INI_LINE && (c = fgetc(in->f)) != EOF) {
		if (n + 2 > in->cap) {
			in->cap = in->cap < 256 ? 256 : in->cap * 2;
			in->line = text_grow(in->line, in->cap, 1);
		}
		in->line[n++] = (char)c;
		in->line[n] = '\0';
	}
	return n;
}

static char *
reader(char *out, int room, void *stream)
{
	struct config_ini *in = stream;
	size_t n = in->bad == 0 ? read_line(in) : 0;
	char *s;

	if (n == 0)
		return NULL;
	in->number++;
	if (n > LIMIT_INI_LINE)
		return refuse(in, "endless line, expected an INI file");
	if (memchr(in->line, '\0', n) != NULL)
		return refuse(in, "NUL byte, expected text");
	s = trim(in->line, &n, in->number == 1);
	if (!is_shaped(s))
		return refuse(in, "neither a [section] nor key = value, expected one of them");
	if (n + 2 > (size_t)room) {
		char *what = text_printf("line of %zu bytes, expected at most %d: give the key "
		    "of a list once per value, and a reason in several lines of its key", n, room - 2);

		s = refuse(in, what);
		free(what);
		return s;
	}
	if (!is_section_fine(in, s))
		return NULL;
	memcpy(out, s, n);
	memcpy(out + n, "\n", 2);
	return out;
}

/* ---- one value from inih ---- */

static bool
is_known(struct config_ini *in, const char *section, const char *name)
{
	const struct config_option *o = config_find(name);
	const char *near = o == NULL ? config_nearest(name) : NULL;
	char shown[128], *what;

	(void)text_printable(shown, sizeof(shown), name, strlen(name));
	if (section[0] == '\0')
		what = text_dup("key before the first [section], expected a section");
	else if (!config_is_section(section)) {
		(void)text_printable(shown, sizeof(shown), section, strlen(section));
		what = text_printf("unknown section [%s], expected [targets], [probe], [judge], "
		    "[policy], [report], [check] or [output]", shown);
	} else if (o == NULL && near != NULL)
		what = text_printf("unknown key \"%s\" in [%s], expected %s in [%s]?", shown,
		    section, near, config_find(near)->section);
	else if (o == NULL)
		what = text_printf("unknown key \"%s\" in [%s], expected one of exvet.ini(5)",
		    shown, section);
	else if (strcmp(o->section, section) != 0)
		what = text_printf("%s in [%s], expected it in [%s]", name, section, o->section);
	else
		return true;
	complain(in, what);
	free(what);
	return false;
}

/* One option of the table; a section alone says nothing. */
static bool
take_option(struct config_ini *in, const char *section, const char *name, const char *value)
{
	return name == NULL || (is_known(in, section, name) &&
	    config_ini_set(in, in->arg, name, value));
}

bool
config_ini_set(struct config_ini *in, struct config_fill *fill, const char *name,
    const char *value)
{
	char *origin = text_printf("%s:%d", in->path, in->number);
	char *where = text_printf("%s: %s", origin, name);
	bool good = config_set(fill, config_find(name), value, where, origin);

	if (!good)
		in->bad = in->number;
	free(where);
	free(origin);
	return good;
}

static int
handler(void *user, const char *section, const char *name, const char *value)
{
	struct config_ini *in = user;
	char *plain;
	bool good;

	if (in->bad != 0)
		return 0;
	plain = config_unquote(value);
	if (plain == NULL) {
		complain(in, "bad quoting, expected \"text\" with \\\\, \\\" or \\xNN inside, and "
		    "\\x3b for a semicolon after white space");
		return 0;
	}
	good = in->take(in, section, name, plain);
	if (!good && in->bad == 0)
		in->bad = in->number;
	free(plain);
	return good;
}

/*
 * The library may have been built with a line number as one more argument; the
 * header that we see says which.  Ours is not used: it would be the same.
 */
#if INI_HANDLER_LINENO
static int
lined_handler(void *user, const char *section, const char *name, const char *value, int line)
{
	(void)line;
	return handler(user, section, name, value);
}
#define HANDLER	lined_handler
#else
#define HANDLER	handler
#endif

/* A daemon that changed its user may have left us the HOME of another. */
static bool
is_out_of_reach(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = text_dup_n(path, slash != NULL ? (size_t)(slash - path) : 0);
	bool out = folder[0] != '\0' && access(folder, X_OK) != 0 && errno == EACCES;

	free(folder);
	return out;
}

bool
config_ini_read(struct config_fill *fill, const char *path, bool needed)
{
	return config_ini_each(path, needed, take_option, fill);
}

bool
config_ini_each(const char *path, bool needed, bool (*take)(struct config_ini *,
    const char *section, const char *name, const char *value), void *arg)
{
	struct config_ini in = {
		.path = path, .take = take, .arg = arg, .f = fopen(path, "re"),
	};
	int wrong, error;

	if (in.f == NULL && !needed && (errno == ENOENT || errno == ENOTDIR ||
	    (errno == EACCES && is_out_of_reach(path))))
		return true;
	if (in.f == NULL) {
		fprintf(stderr, "exvet: %s: %s, expected a readable INI file\n", path,
		    strerror(errno));
		return false;
	}
	errno = 0;
	wrong = ini_parse_stream(reader, &in, HANDLER, &in);
	error = ferror(in.f) ? errno : 0;
	free(in.line);
	(void)fclose(in.f);
	if (error != 0) {
		fprintf(stderr, "exvet: %s: %s, expected a readable INI file\n", path,
		    strerror(error));
		return false;
	}
	if (wrong > 0 && in.bad == 0)		/* a = behind a comment, say */
		fprintf(stderr, "exvet: %s:%d: no key = value, expected one\n", path, wrong);
	return wrong == 0 && in.bad == 0;
}
