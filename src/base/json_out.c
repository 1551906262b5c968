/* json_out.c - JSON as a stream of text (RFC 8259). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"

static void
begin_value(struct json_out *o, const char *key)
{
	if (o->comma)
		text_buf_add(&o->text, ",", 1);
	o->comma = true;
	if (key == NULL)
		return;
	text_buf_add(&o->text, "\"", 1);
	text_buf_str(&o->text, key);
	text_buf_add(&o->text, "\":", 2);
}

void
json_out_open(struct json_out *o, const char *key, char bracket)
{
	begin_value(o, key);
	text_buf_add(&o->text, &bracket, 1);
	o->comma = false;
}

void
json_out_close(struct json_out *o, char bracket)
{
	text_buf_add(&o->text, &bracket, 1);
	o->comma = true;
}

/* Bytes that stand for themselves inside a JSON string. */
static bool
is_plain(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* What is not plain ASCII, as printable text; its own \xNN needs a backslash more. */
static void
put_odd(struct text_buf *b, const char *s, size_t n)
{
	size_t cap = 4 * n + 1;
	char *clean = text_alloc(cap);

	(void)text_printable(clean, cap, s, n);
	for (const char *p = clean; *p != '\0'; p++) {
		if (*p == '\\')
			text_buf_add(b, "\\", 1);
		text_buf_add(b, p, 1);
	}
	free(clean);
}

static void
put_string(struct text_buf *b, const char *s)
{
	text_buf_add(b, "\"", 1);
	while (*s != '\0') {
		size_t n = 0;

		while (is_plain(s[n]))
			n++;
		text_buf_add(b, s, n);
		s += n;
		if (*s == '"' || *s == '\\') {
			text_buf_add(b, "\\", 1);
			text_buf_add(b, s++, 1);
			continue;
		}
		for (n = 0; s[n] != '\0' && !(s[n] >= 0x20 && s[n] < 0x7f); n++)
			;
		if (n > 0)
			put_odd(b, s, n);
		s += n;
	}
	text_buf_add(b, "\"", 1);
}

void
json_out_text(struct json_out *o, const char *key, const char *s)
{
	begin_value(o, key);
	put_string(&o->text, s);
}

void
json_out_value(struct json_out *o, const char *key, const char *s)
{
	if (s != NULL && s[0] != '\0')
		json_out_text(o, key, s);
	else
		json_out_null(o, key);
}

void
json_out_number(struct json_out *o, const char *key, int64_t v)
{
	char buf[24];
	int n = snprintf(buf, sizeof(buf), "%" PRId64, v);

	begin_value(o, key);
	text_buf_add(&o->text, buf, (size_t)n);
}

void
json_out_flag(struct json_out *o, const char *key, bool v)
{
	begin_value(o, key);
	text_buf_str(&o->text, v ? "true" : "false");
}

void
json_out_null(struct json_out *o, const char *key)
{
	begin_value(o, key);
	text_buf_str(&o->text, "null");
}
