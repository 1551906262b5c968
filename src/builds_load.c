/* builds_load.c - find the table, read it, hash it, and let nothing half through. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/datafile.h"
#include "base/text.h"
#include "builds.h"
#include "builds_table.h"
#include "sha256.h"
#include "xml.h"

enum { TABLE_MAX = 64 << 20 };		/* bytes; today's table has a sixth of one MiB */

bool
builds_load_fault(struct builds_error *err, const struct builds *b, unsigned line,
    const char *fmt, ...)
{
	char *what, *whole;
	va_list ap;

	va_start(ap, fmt);
	what = text_vprintf(fmt, ap);
	va_end(ap);
	whole = text_printf("%s:%u: %s", b->path, line, what);
	/* The table's words go to a terminal. */
	(void)text_printable(err->text, sizeof(err->text), whole, strlen(whole));
	free(whole);
	free(what);
	return false;
}

static char *
bundled_path(void)
{
	const char *table = getenv("EXVET_TABLE");

	return table != NULL && *table != '\0' ? text_dup(table) :
	    datafile_path("exchange.xml");
}

/* The schema beside the table, else the installed one. */
static char *
schema_path(const char *table)
{
	const char *slash = strrchr(table, '/');
	char *path = slash != NULL ?
	    text_printf("%.*s/exchange.rng", (int)(slash - table), table) :
	    text_dup("exchange.rng");

	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return datafile_path("exchange.rng");
}

static bool
load(struct builds *b, bool named, bool validate, struct builds_error *err)
{
	struct text_buf bytes = { 0 };
	char *schema;
	bool ok = datafile_read(b->path, TABLE_MAX, &bytes) && bytes.len <= TABLE_MAX;

	if (!ok)
		(void)snprintf(err->text, sizeof(err->text), "%s: %s%s", b->path,
		    errno != 0 ? strerror(errno) : "too large for a table of builds",
		    named ? "" : " (the bundled table of builds; --table FILE or"
		    " EXVET_TABLE names another)");
	else {
		sha256_hex(bytes.s != NULL ? bytes.s : "", bytes.len, b->sha256);
		ok = builds_parse(b, bytes.s, bytes.len, err) &&
		    builds_check_order(b, err) && builds_link(b, err) && builds_check(b, err);
	}
	text_buf_free(&bytes);
	/* Ours first: its messages say what was expected; the schema is the net below. */
	if (ok && validate) {
		schema = schema_path(b->path);
		ok = xml_validate(schema, b->path, err->text, sizeof(err->text));
		free(schema);
	}
	return ok;
}

struct builds *
builds_load(const char *path, bool validate, struct builds_error *err)
{
	struct builds *b = text_alloc(sizeof(*b));

	b->path = path != NULL ? text_dup(path) : bundled_path();
	b->as_of = b->kev_as_of = BUILDS_NO_DAY;
	if (load(b, path != NULL, validate, err))
		return b;
	builds_free(b);
	return NULL;
}
