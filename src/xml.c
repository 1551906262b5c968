/*
 * xml.c - a hardened pull reader over expat's push parser.
 *
 * The parser is fed one chunk at a time; what it says (xml_tags.c) goes into a
 * queue of start and end tags that xml_next() empties before it feeds the next
 * chunk.  So memory is bounded by the chunk and the longest tag, and no tree is built.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xml_inner.h"

void
xml_fail(struct xml *x, unsigned line, const char *why)
{
	if (x->failed)
		return;
	x->failed = true;
	(void)snprintf(x->error, sizeof(x->error), "%s:%u: %s", x->name, line, why);
	x->error[strcspn(x->error, "\r\n")] = '\0';
}

unsigned
xml_line_now(const struct xml *x)
{
	XML_Size line = XML_GetCurrentLineNumber(x->parser);

	/* Behind the last line there is nothing to look at. */
	if (x->ended && line > 1 && XML_GetCurrentColumnNumber(x->parser) == 0)
		line--;
	return line > 0 && line < UINT_MAX ? (unsigned)line : 1;
}

static struct xml *
open_any(const char *name)
{
	struct xml *x = text_alloc(sizeof(*x));
	XML_Parser p = XML_ParserCreate(NULL);

	x->name = text_dup(name);
	x->fd = -1;
	x->parser = p;
	if (p == NULL) {
		x->failed = true;
		return x;
	}
	xml_tags_attach(x);
	return x;
}

struct xml *
xml_open_fd(int fd, const char *name)
{
	struct xml *x = open_any(name);

	x->fd = fd;
	return x;
}

struct xml *
xml_open_read(long (*get)(void *arg, void *buf, size_t n), void *arg, const char *name)
{
	struct xml *x = open_any(name);

	x->get = get;
	x->arg = arg;
	return x;
}

struct xml *
xml_open_file(const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct xml *x;

	if (fd < 0)
		return NULL;
	x = xml_open_fd(fd, is_stdin ? "stdin" : path);
	x->keep_fd = is_stdin;
	return x;
}

struct xml *
xml_open_own_memory(const void *p, size_t n, const char *name)
{
	struct xml *x = open_any(name);

	x->bytes = p;
	x->nbytes = n;
	return x;
}

struct xml *
xml_open_memory(const void *p, size_t n, const char *name)
{
	struct xml *x = xml_open_own_memory(p, n <= LIMIT_MANIFEST ? n : 0, name);

	if (n > LIMIT_MANIFEST)
		xml_fail(x, 1, "the document is too large");
	return x;
}

/* Bytes of the next chunk, 0 at the end; *p points to them. */
static size_t
next_chunk(struct xml *x, const char **p)
{
	ssize_t n;

	*p = x->chunk;
	if (x->get != NULL) {
		long got = x->get(x->arg, x->chunk, sizeof(x->chunk));

		if (got < 0)
			xml_fail(x, xml_line_now(x), "can not be read on");
		return got > 0 ? (size_t)got : 0;
	}
	if (x->fd < 0) {
		size_t m = x->nbytes < XML_CHUNK ? x->nbytes : XML_CHUNK;

		*p = x->bytes;
		if (m != 0)
			x->bytes += m;
		x->nbytes -= m;
		return m;
	}
	do
		n = read(x->fd, x->chunk, sizeof(x->chunk));
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		xml_fail(x, xml_line_now(x), strerror(errno));
		return 0;
	}
	return (size_t)n;
}

static void
fail_parsing(struct xml *x)
{
	enum XML_Error code = XML_GetErrorCode(x->parser);
	const struct xml_open *o = x->depth > 0 ? &x->open[x->depth - 1] : NULL;
	char *why;

	if (o != NULL && (code == XML_ERROR_TAG_MISMATCH || code == XML_ERROR_NO_ELEMENTS))
		why = text_printf("%s, expected </%s> for line %u", code == XML_ERROR_NO_ELEMENTS ?
		    "the end" : XML_ErrorString(code), x->open_names.s + o->name, o->line);
	else
		why = text_printf("not well-formed XML: %s", XML_ErrorString(code));
	xml_fail(x, xml_line_now(x), why);
	free(why);
}

static void
feed(struct xml *x)
{
	XML_Index whole;
	const char *p;
	size_t n;

	x->text.len = x->ntags = x->nattrs = x->next = 0;
	n = next_chunk(x, &p);
	if (x->failed)
		return;
	x->ended = n == 0;
	x->fed += (XML_Index)n;
	if (XML_Parse(x->parser, p, (int)n, n == 0) != XML_STATUS_OK) {
		fail_parsing(x);
		return;
	}
	/* What is not whole is kept by the parser, and looked at again with each chunk. */
	whole = XML_GetCurrentByteIndex(x->parser);
	if (x->fed - (whole > 0 ? whole : 0) > LIMIT_XML_TAG)
		xml_fail(x, xml_line_now(x), "a tag is too long");
}

enum xml_event
xml_next(struct xml *x)
{
	if (x->next < x->ntags)
		x->next++;
	while (x->next == x->ntags) {
		if (x->failed)
			return XML_BROKEN;
		if (x->ended)
			return XML_END_OF_DOCUMENT;
		feed(x);
	}
	return x->tags[x->next].end ? XML_END : XML_START;
}

static const struct xml_tag *
current(const struct xml *x)
{
	static const struct xml_tag none = { .end = true };

	return x->next < x->ntags ? &x->tags[x->next] : &none;
}

const char *
xml_name(const struct xml *x)
{
	return x->next < x->ntags ? x->text.s + current(x)->name : "";
}

bool
xml_attr_at(const struct xml *x, size_t i, const char **name, const char **value)
{
	const struct xml_tag *t = current(x);

	if (i >= t->nattr)
		return false;
	*name = x->text.s + x->attrs[t->attr + i].name;
	*value = x->text.s + x->attrs[t->attr + i].value;
	return true;
}

const char *
xml_attr(struct xml *x, const char *name)
{
	const char *n, *v;

	for (size_t i = 0; xml_attr_at(x, i, &n, &v); i++)
		if (strcmp(n, name) == 0)
			return v;
	return NULL;
}

void
xml_keep_text(struct xml *x)
{
	x->keeps = true;
}

const char *
xml_text(const struct xml *x)
{
	return x->keeps && x->next < x->ntags && current(x)->end ? x->text.s + current(x)->value : "";
}

unsigned
xml_line(const struct xml *x)
{
	return x->next < x->ntags ? current(x)->line : xml_line_now(x);
}

unsigned
xml_depth(const struct xml *x)
{
	return current(x)->depth;
}

bool
xml_doctype(const struct xml *x)
{
	return x->doctype;
}

const char *
xml_error(const struct xml *x)
{
	return x->error;
}

void
xml_close(struct xml *x)
{
	if (x == NULL)
		return;
	XML_ParserFree(x->parser);
	if (x->fd >= 0 && !x->keep_fd)
		(void)close(x->fd);
	text_buf_free(&x->open_names);
	text_buf_free(&x->text);
	text_buf_free(&x->words);
	free(x->tags);
	free(x->attrs);
	free(x->name);
	free(x);
}
