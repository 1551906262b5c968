/* import_read.c - files of HealthChecker in every encoding that PowerShell writes. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "import.h"

enum { MARK = 2 };	/* bytes of UTF-16's mark */

/* The first bytes are looked at, and then read again. */
struct source {
	long		(*get)(void *arg, void *buf, size_t n);
	void		*arg;
	size_t		 total;
	unsigned char	 head[MARK + 256];	/* room for a mark that is missing */
	size_t		 nhead, at;
};

static bool
complain(const char *path, const char *why)
{
	fprintf(stderr, "exvet: %s: %s\n", path, why);
	return false;
}

static long
next_bytes(void *arg, void *buf, size_t n)
{
	struct source *in = arg;
	size_t had = in->nhead - in->at;
	long got;

	if (had > 0) {
		had = had < n ? had : n;
		memcpy(buf, in->head + in->at, had);
		in->at += had;
		return (long)had;
	}
	got = in->get(in->arg, buf, n);
	in->total += got > 0 ? (size_t)got : 0;
	return in->total > LIMIT_IMPORT ? -1 : got;
}

static bool
read_whole(struct source *in, const char *path, struct text_buf *out)
{
	char block[65536];
	long n;

	while ((n = next_bytes(in, block, sizeof(block))) > 0)
		text_buf_add(out, block, (size_t)n);
	return n == 0 || complain(path, in->total > LIMIT_IMPORT ?
	    "too large for a file of HealthChecker" : "cannot be read on");
}

/* One code point as UTF-8. */
static void
put_utf8(struct text_buf *out, uint32_t c)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	unsigned char s[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		s[i] = (unsigned char)(0x80 | (c & 0x3f));
	s[0] = (unsigned char)(lead[n] | c);
	text_buf_add(out, s, n);
}

static uint32_t
unit(const unsigned char *p, bool big)
{
	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

/* Lone surrogates become U+FFFD. */
static void
from_utf16(const unsigned char *p, size_t n, bool big, struct text_buf *out)
{
	for (size_t i = 0; i + 1 < n; i += 2) {
		uint32_t c = unit(p + i, big), low = i + 3 < n ? unit(p + i + 2, big) : 0;

		if (c >= 0xd800 && c < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
			put_utf8(out, 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00));
			i += 2;
		} else
			put_utf8(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
	}
}

enum encoding { UTF_8, UTF_16_LITTLE, UTF_16_BIG };

static enum encoding
encoding_of(const unsigned char *p, size_t n)
{
	if (n >= 2 && p[0] == 0xff && p[1] == 0xfe)
		return UTF_16_LITTLE;
	return n >= 2 && p[0] == 0xfe && p[1] == 0xff ? UTF_16_BIG : UTF_8;
}

/*
 * PowerShell writes UTF-16 with a mark, which other tools take away: the first character of
 * JSON and XML is ASCII, so that a zero byte beside it is proof.  The mark comes back, for
 * one way of reading.  UTF-32 has more zero bytes and is left alone.
 */
static void
restore_mark(struct source *in)
{
	const unsigned char *p = in->head + MARK;
	bool big = p[0] == '\0' && p[1] != '\0', little = p[0] != '\0' && p[1] == '\0';

	if (in->nhead < MARK + 4 || big == little || (big ? p[2] != '\0' : p[3] != '\0') ||
	    (big ? p[3] : p[2]) == '\0')
		return;
	memcpy(in->head, big ? "\xfe\xff" : "\xff\xfe", MARK);
	in->at = 0;
}

/* The first byte that is no white space, zero byte or mark; '\0': none. */
static char
first_byte(const unsigned char *p, size_t n)
{
	size_t i = n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	if (encoding_of(p, n) != UTF_8)
		i = 2;
	while (i < n && (p[i] == '\0' || strchr(" \t\r\n", p[i]) != NULL))
		i++;
	return i < n ? (char)p[i] : '\0';
}

static bool
read_json(struct import *im, const char *path, struct source *in)
{
	struct text_buf bytes = { 0 }, text = { 0 };
	bool good = read_whole(in, path, &bytes);
	const unsigned char *p = (const unsigned char *)bytes.s;
	enum encoding e = good ? encoding_of(p, bytes.len) : UTF_8;

	if (e != UTF_8) {
		from_utf16(p + 2, bytes.len - 2, e == UTF_16_BIG, &text);
		text_buf_free(&bytes);
		bytes = text;
	}
	good = good && store_import(im, path, bytes.s, bytes.len);
	text_buf_free(&bytes);
	return good;
}

static bool
is_packed(const unsigned char *p, size_t n)
{
	static const char marks[][5] = { "PK\003\004", "\x1f\x8b", "BZh", "\xfd\x37zX", "7z\xbc\xaf" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (n >= strlen(marks[i]) && memcmp(p, marks[i], strlen(marks[i])) == 0)
			return true;
	return false;
}

bool
import_read(struct import *im, const char *name, long (*get)(void *, void *, size_t), void *arg)
{
	struct source in = { .get = get, .arg = arg, .nhead = MARK, .at = MARK };
	size_t before = import_count(im);
	long n = 1;
	char first;
	bool good;

	while (in.nhead < sizeof(in.head) &&
	    (n = get(arg, in.head + in.nhead, sizeof(in.head) - in.nhead)) > 0)
		in.nhead += (size_t)n;
	if (n < 0)
		return complain(name, errno != 0 ? strerror(errno) : "cannot be read");
	restore_mark(&in);
	first = first_byte(in.head + in.at, in.nhead - in.at);
	if (first == '<')
		good = import_clixml(im, name, next_bytes, &in);
	else if (first == '{')
		good = read_json(im, name, &in);
	else
		good = complain(name, is_packed(in.head + MARK, in.nhead - MARK) ?
		    "compressed, expected a file of HealthChecker: unpack it first" :
		    "neither JSON nor XML, expected a file of HealthChecker");
	if (good && import_count(im) == before)
		good = complain(name, "no server in it, expected a file of HealthChecker");
	return good;
}

static long
read_file(void *arg, void *buf, size_t n)
{
	size_t got = fread(buf, 1, n, arg);

	return ferror((FILE *)arg) != 0 ? -1 : (long)got;
}

bool
import_file(struct import *im, const char *path)
{
	FILE *f = fopen(path, "rbe");
	bool good;

	if (f == NULL)
		return complain(path, strerror(errno));
	good = import_read(im, path, read_file, f);
	(void)fclose(f);
	return good;
}
