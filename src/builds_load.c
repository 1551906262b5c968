/* builds_load.c - find the table, read it, hash it, and let nothing half through. */
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
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
read_file(struct builds *b, bool named, struct text_buf *bytes, struct builds_error *err)
{
	if (!datafile_read(b->path, TABLE_MAX, bytes) || bytes->len > TABLE_MAX) {
		(void)snprintf(err->text, sizeof(err->text), "%s: %s%s", b->path,
		    errno != 0 ? strerror(errno) : "too large for a table of builds",
		    named ? "" : " (the bundled table of builds; --table FILE or"
		    " EXVET_TABLE names another)");
		return false;
	}
	sha256_hex(bytes->s != NULL ? bytes->s : "", bytes->len, b->sha256);
	return true;
}

static bool
read_rows(struct builds *b, const struct text_buf *bytes, struct builds_error *err)
{
	return builds_parse(b, bytes->s, bytes->len, err) && builds_check_order(b, err) &&
	    builds_link(b, err) && builds_check(b, err);
}

/* Ours first: its messages say what was expected; the schema is the net below. */
static bool
load(struct builds *b, bool named, bool validate, struct builds_error *err)
{
	struct text_buf bytes = { 0 };
	bool ok = read_file(b, named, &bytes, err) && read_rows(b, &bytes, err);
	char *schema;

	text_buf_free(&bytes);
	if (ok && validate) {
		schema = schema_path(b->path);
		ok = xml_validate(schema, b->path, err->text, sizeof(err->text));
		free(schema);
	}
	return ok;
}

static struct builds *
new_table(char *path)
{
	struct builds *b = text_alloc(sizeof(*b));

	b->path = path;
	b->as_of = b->kev_as_of = BUILDS_NO_DAY;
	return b;
}

struct builds *
builds_load(const char *path, bool validate, struct builds_error *err)
{
	struct builds *b = new_table(path != NULL ? text_dup(path) : bundled_path());

	if (load(b, path != NULL, validate, err))
		return b;
	builds_free(b);
	return NULL;
}

/* ---- the head now, the rest when it is asked for ---- */

struct builds_rest {
	pthread_mutex_t	 lock;
	atomic_bool	 read;
	struct text_buf	 bytes;
	struct builds_error fault;		/* "": none */
};

struct builds *
builds_load_head(struct builds_error *err)
{
	struct builds *b = new_table(bundled_path());

	b->rest = text_alloc(sizeof(*b->rest));
	(void)pthread_mutex_init(&b->rest->lock, NULL);
	if (read_file(b, false, &b->rest->bytes, err) &&
	    builds_parse_head(b, b->rest->bytes.s, b->rest->bytes.len, err))
		return b;
	builds_free(b);
	return NULL;
}

static void
drop_rows(struct builds *b)
{
	b->nproducts = b->ncus = b->nreleases = b->nentries = 0;
	b->ncves = b->nnotes = b->nfixes = b->nlists = 0;
}

const struct builds *
builds_load_rest(const struct builds *b)
{
	struct builds_rest *r = b->rest;
	struct builds *own = (struct builds *)(uintptr_t)b;	/* the heap's, and ours */

	if (r == NULL || atomic_load(&r->read))
		return b;
	(void)pthread_mutex_lock(&r->lock);
	if (!atomic_load(&r->read)) {
		if (!read_rows(own, &r->bytes, &r->fault))
			drop_rows(own);
		text_buf_free(&r->bytes);
		atomic_store(&r->read, true);
	}
	(void)pthread_mutex_unlock(&r->lock);
	return b;
}

void
builds_load_free_rest(struct builds *b)
{
	if (b->rest == NULL)
		return;
	(void)pthread_mutex_destroy(&b->rest->lock);
	text_buf_free(&b->rest->bytes);
	free(b->rest);
}

const char *
builds_fault(const struct builds *b)
{
	return b->rest != NULL && atomic_load(&b->rest->read) && b->rest->fault.text[0] != '\0' ?
	    b->rest->fault.text : NULL;
}
