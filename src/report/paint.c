/* paint.c - words on a terminal: colour, widths in columns, wrapped paragraphs. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "paint.h"

/* SGR parameters (ECMA-48 section 8.3.117). */
static const char *const inks[] = {
	[INK_PLAIN] = "", [INK_BOLD] = "1", [INK_DIM] = "2", [INK_ALARM] = "1;31",
	[INK_RED] = "31", [INK_YELLOW] = "33", [INK_BLUE] = "36", [INK_GREEN] = "32",
};

/* The character at valid UTF-8, and how many bytes it takes. */
static uint32_t
character(const char *s, size_t *bytes)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t c = n == 1 ? p[0] : p[0] & (0x7fU >> n);

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3f);
	*bytes = n;
	return c;
}

/* The common cases of Unicode TR 11 and of combining marks. */
static size_t
columns_of(uint32_t c)
{
	static const struct { uint32_t lo, hi; size_t columns; } rows[] = {
		{ 0x0300, 0x036f, 0 }, { 0x0483, 0x0489, 0 }, { 0x0591, 0x05bd, 0 },
		{ 0x064b, 0x065f, 0 }, { 0x1ab0, 0x1aff, 0 }, { 0x1dc0, 0x1dff, 0 },
		{ 0x20d0, 0x20ff, 0 }, { 0xfe00, 0xfe0f, 0 }, { 0xfe20, 0xfe2f, 0 },
		{ 0x1100, 0x115f, 2 }, { 0x2e80, 0x303e, 2 }, { 0x3041, 0x33ff, 2 },
		{ 0x3400, 0x4dbf, 2 }, { 0x4e00, 0x9fff, 2 }, { 0xa000, 0xa4cf, 2 },
		{ 0xac00, 0xd7a3, 2 }, { 0xf900, 0xfaff, 2 }, { 0xfe30, 0xfe6f, 2 },
		{ 0xff00, 0xff60, 2 }, { 0xffe0, 0xffe6, 2 }, { 0x1f300, 0x1f64f, 2 },
		{ 0x1f900, 0x1f9ff, 2 }, { 0x20000, 0x3fffd, 2 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (c >= rows[i].lo && c <= rows[i].hi)
			return rows[i].columns;
	return 1;
}

/* Bytes of the longest start of clean text that fits in so many columns. */
static size_t
fitting(const char *s, size_t columns)
{
	size_t used = 0, at = 0, n;

	while (s[at] != '\0') {
		used += columns_of(character(s + at, &n));
		if (used > columns)
			break;
		at += n;
	}
	return at;
}

static size_t
clean_columns(const char *s)
{
	size_t used = 0, n;

	for (; *s != '\0'; s += n)
		used += columns_of(character(s, &n));
	return used;
}

size_t
paint_columns(const char *s)
{
	char *clean = escape_utf8(s);
	size_t n = clean_columns(clean);

	free(clean);
	return n;
}

static void
put(const struct paint *p, enum ink ink, const char *s, size_t n)
{
	bool colored = p->color && ink != INK_PLAIN && n > 0;

	if (colored)
		fprintf(p->f, "\033[%sm", inks[ink]);
	(void)fwrite(s, 1, n, p->f);
	if (colored)
		fputs("\033[0m", p->f);
}

void
paint_ink(const struct paint *p, enum ink ink, const char *s)
{
	char *clean = escape_utf8(s);

	put(p, ink, clean, strlen(clean));
	free(clean);
}

void
paint_blank(const struct paint *p, size_t columns)
{
	for (size_t i = 0; i < columns; i++)
		fputc(' ', p->f);
}

void
paint_cell(const struct paint *p, enum ink ink, const char *s, size_t columns, bool right)
{
	char *clean = escape_utf8(s);
	size_t wide = clean_columns(clean), n = strlen(clean);
	bool cut = wide > columns && columns > 3;

	if (wide > columns) {
		n = fitting(clean, cut ? columns - 3 : columns);
		clean[n] = '\0';
		wide = clean_columns(clean) + (cut ? 3 : 0);
	}
	if (right)
		paint_blank(p, columns - wide);
	put(p, ink, clean, n);
	if (cut)
		put(p, ink, "...", 3);
	if (!right)
		paint_blank(p, columns - wide);
	free(clean);
}

/* A line's worth of clean text: breaks at a blank where there is one. */
static size_t
line_bytes(const char *s, size_t room)
{
	size_t n = fitting(s, room), blank = n, c;

	if (s[n] == '\0' || s[n] == ' ')
		return n;
	while (blank > 0 && s[blank - 1] != ' ')
		blank--;
	if (blank > 0)
		return blank;
	if (n > 0)
		return n;
	(void)character(s, &c);		/* wider than the room: still go on */
	return c;
}

void
paint_wrap(const struct paint *p, enum ink ink, size_t at, size_t indent, const char *s)
{
	char *clean = escape_utf8(s);
	const char *rest = clean;

	for (;;) {
		size_t room = p->width > at + 8 ? p->width - at : 8;
		size_t n = line_bytes(rest, room), shown = n;

		while (shown > 0 && rest[shown - 1] == ' ')
			shown--;
		put(p, ink, rest, shown);
		fputc('\n', p->f);
		rest += n;
		rest += strspn(rest, " ");
		if (*rest == '\0')
			break;
		paint_blank(p, indent);
		at = indent;
	}
	free(clean);
}
