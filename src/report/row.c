/* row.c - rows of CSV: fields, their commas, and CRLF (RFC 4180 section 2). */
#include "base/escape.h"
#include "row.h"

static void
separate(struct text_buf *row)
{
	text_buf_str(row, row->s != NULL ? "," : "");
}

void
row_text(struct text_buf *row, const char *s)
{
	separate(row);
	escape_csv(row, s);
}

/* A number of our own: a minus in front is no formula. */
void
row_number(struct text_buf *row, int64_t v)
{
	separate(row);
	text_buf_printf(row, "%lld", (long long)v);
}

void
row_maybe(struct text_buf *row, bool known, int64_t v)
{
	if (known)
		row_number(row, v);
	else
		row_text(row, "");
}

void
row_target(struct text_buf *row, const struct result *r)
{
	row_text(row, r->target);
	row_text(row, r->tag);
	row_text(row, r->address);
	row_number(row, r->port);
}

void
row_put(FILE *f, struct text_buf *row)
{
	text_buf_str(row, "\r\n");
	(void)fwrite(row->s, 1, row->len, f);
	text_buf_free(row);
}

void
row_head(FILE *f, const char *const *columns)
{
	struct text_buf row = { 0 };

	for (size_t i = 0; columns[i] != NULL; i++)
		row_text(&row, columns[i]);
	row_put(f, &row);
}
