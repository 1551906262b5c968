/* text.c - memory that is there or the program ends, and small text helpers. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int text_oom_status = 4;

static _Noreturn void
out_of_memory(void)
{
	fputs("exvet: out of memory\n", stderr);
	exit(text_oom_status);
}

void *
text_alloc(size_t n)
{
	void *p = calloc(1, n != 0 ? n : 1);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *
text_grow(void *old, size_t n, size_t size)
{
	void *p = NULL;

	if (size == 0 || n <= SIZE_MAX / size)
		p = realloc(old, n * size != 0 ? n * size : 1);
	if (p == NULL)
		out_of_memory();
	return p;
}

char *
text_dup_n(const char *s, size_t n)
{
	char *p = text_alloc(n + 1);

	if (n != 0)
		memcpy(p, s, n);
	return p;
}

char *
text_dup(const char *s)
{
	return text_dup_n(s, strlen(s));
}

char *
text_vprintf(const char *fmt, va_list ap)
{
	struct text_buf b = { 0 };
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return text_dup("");
	b.s = text_alloc((size_t)n + 1);
	(void)vsnprintf(b.s, (size_t)n + 1, fmt, ap);
	return b.s;
}

char *
text_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = text_vprintf(fmt, ap);
	va_end(ap);
	return s;
}

bool
text_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static int
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

bool
text_starts_nocase(const char *s, const char *prefix)
{
	for (; *prefix != '\0'; s++, prefix++)
		if (lower(*s) != lower(*prefix))
			return false;
	return true;
}

bool
text_lists(const char *list, const char *word, char separator)
{
	size_t n = strlen(word);

	for (const char *s = list; n > 0 && (s = strstr(s, word)) != NULL; s++)
		if ((s == list || s[-1] == separator) && (s[n] == separator || s[n] == '\0'))
			return true;
	return false;
}

bool
text_eq_nocase(const char *a, const char *b)
{
	return text_starts_nocase(a, b) && strlen(a) == strlen(b);
}

/* The first of two bytes, which may be the same. */
static const char *
find_either(const char *p, const char *end, char a, char b)
{
	const char *x = memchr(p, a, (size_t)(end - p));

	if (a == b)
		return x;
	p = memchr(p, b, (size_t)((x != NULL ? x : end) - p));
	return p != NULL ? p : x;
}

const char *
text_find_nocase(const char *hay, size_t len, const char *needle)
{
	size_t n = strlen(needle);
	const char *end = hay + len, *p = hay;
	char small = (char)lower(needle[0]), big = needle[0];

	if (n == 0)
		return hay;
	if (small >= 'a' && small <= 'z')
		big = (char)(small - 'a' + 'A');
	while ((size_t)(end - p) >= n && (p = find_either(p, end, small, big)) != NULL) {
		size_t k = 0;

		if ((size_t)(end - p) < n)
			return NULL;
		while (k < n && lower(p[k]) == lower(needle[k]))
			k++;
		if (k == n)
			return p;
		p++;
	}
	return NULL;
}

/* Bytes of the valid UTF-8 sequence at p (RFC 3629 section 4), 0 if none. */
static size_t
utf8_length(const unsigned char *p, size_t len)
{
	static const struct {
		unsigned char lo, hi, lo2, hi2;
		size_t n;
	} rows[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	if (p[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (p[0] < rows[i].lo || p[0] > rows[i].hi)
			continue;
		if (len < rows[i].n || p[1] < rows[i].lo2 || p[1] > rows[i].hi2)
			return 0;
		for (size_t k = 2; k < rows[i].n; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return rows[i].n;
	}
	return 0;
}

/* Characters that move, hide or break what stands around them. */
static bool
is_unprintable(const unsigned char *p, size_t n)
{
	if (n == 1)
		return p[0] < 0x20 || p[0] == 0x7f;
	if (n == 2)
		return p[0] == 0xc2 && p[1] < 0xa0;		/* C1 controls */
	if (n == 3 && p[0] == 0xe2 && p[1] == 0x80)		/* U+200B-F, 2028-E */
		return (p[2] >= 0x8b && p[2] <= 0x8f) || (p[2] >= 0xa8 && p[2] <= 0xae);
	if (n == 3 && p[0] == 0xe2 && p[1] == 0x81)		/* U+2060-F, isolates */
		return p[2] >= 0xa0 && p[2] <= 0xaf;
	return n == 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf;	/* BOM */
}

/* Bytes of printable ASCII at p: nearly all that is ever seen. */
static size_t
plain_run(const unsigned char *p, size_t len)
{
	size_t n = 0;

	while (n < len && p[n] >= 0x20 && p[n] < 0x7f)
		n++;
	return n;
}

/* One character, as it is or escaped; 0 when there is no room for it. */
static size_t
put_character(char *out, size_t room, const unsigned char *p, size_t n)
{
	bool raw = n != 0 && !is_unprintable(p, n);
	size_t take = n != 0 ? n : 1, need = raw ? n : 4 * take;

	if (need > room)
		return 0;
	if (raw)
		memcpy(out, p, n);
	else
		for (size_t i = 0; i < take; i++)
			(void)snprintf(out + 4 * i, 5, "\\x%02x", p[i]);
	return need;
}

bool
text_printable(char *out, size_t cap, const void *in, size_t len)
{
	const unsigned char *p = in;
	size_t used = 0;

	if (cap == 0)
		return false;
	while (len > 0) {
		size_t room = cap - 1 - used, n = plain_run(p, len < room ? len : room), put = n;

		if (n > 0)
			memcpy(out + used, p, n);
		else {
			n = utf8_length(p, len);
			put = put_character(out + used, room, p, n);
			if (put == 0)
				break;
			n = n != 0 ? n : 1;
		}
		used += put;
		p += n;
		len -= n;
	}
	out[used] = '\0';
	return len == 0;
}

bool
text_number(const char *s, int64_t min, int64_t max, int64_t *out)
{
	char *end;
	long long v;

	if (!isdigit((unsigned char)s[0]) && !(s[0] == '-' && isdigit((unsigned char)s[1])))
		return false;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno != 0 || *end != '\0' || v < min || v > max)
		return false;
	*out = v;
	return true;
}

void
text_buf_add(struct text_buf *b, const void *p, size_t n)
{
	if (b->cap - b->len < n + 1) {
		size_t want = (b->len + n + 1) * 2;

		b->s = text_grow(b->s, want, 1);
		b->cap = want;
	}
	if (n != 0)
		memcpy(b->s + b->len, p, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void
text_buf_str(struct text_buf *b, const char *s)
{
	text_buf_add(b, s, strlen(s));
}

void
text_buf_printf(struct text_buf *b, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = text_vprintf(fmt, ap);
	va_end(ap);
	text_buf_str(b, s);
	free(s);
}

void
text_buf_free(struct text_buf *b)
{
	free(b->s);
	*b = (struct text_buf){ 0 };
}
