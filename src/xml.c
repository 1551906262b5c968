/*
 * xml.c - a hardened pull reader over libxml2's push parser.
 *
 * The parser is fed one chunk at a time; its callbacks put start and end tags
 * into a queue that xml_next() empties before it feeds the next chunk.  So
 * memory is bounded by the chunk and the longest tag, and no tree is built.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libxml/parser.h>

#include "base/limits.h"
#include "base/text.h"
#include "xml.h"

enum { CHUNK = 32768 };

struct tag {
	bool		 end;
	unsigned	 line, depth;
	const char	*name;
	size_t		 attr, nattr;	/* in attrs */
	size_t		 value;		/* of an end, when text is kept: offset into text */
};

/* Names are words of the parser's dictionary, which lives as long as the parser. */
struct attr {
	const char	*name;
	size_t		 value;		/* offset into text */
};

struct xml {
	xmlParserCtxtPtr ctxt;
	char		*name;
	int		 fd;		/* -1: memory */
	bool		 keep_fd;	/* stdin is not ours to close */
	const char	*bytes;
	size_t		 nbytes;
	long		(*get)(void *arg, void *buf, size_t n);
	void		*arg;
	bool		 ended;		/* everything was fed */
	bool		 doctype, failed;
	unsigned	 depth;
	char		 error[512];
	struct text_buf	 text;		/* of the tags in the queue */
	bool		 keeps, leaf;	/* text is kept; nothing but text since the last start */
	struct text_buf	 words;
	struct tag	*tags;
	size_t		 ntags, tags_cap, next;
	struct attr	*attrs;
	size_t		 nattrs, attrs_cap;
	char		 chunk[CHUNK];
};

/* The first fault wins: the ones after it are its consequences. */
static void
fail(struct xml *x, unsigned line, const char *why)
{
	if (x->failed)
		return;
	x->failed = true;
	(void)snprintf(x->error, sizeof(x->error), "%s:%u: %s", x->name, line, why);
	x->error[strcspn(x->error, "\r\n")] = '\0';
}

static unsigned
line_now(const struct xml *x)
{
	return x->ctxt->input != NULL && x->ctxt->input->line > 0 ?
	    (unsigned)x->ctxt->input->line : 1;
}

static void
refuse(struct xml *x, const char *why)
{
	fail(x, line_now(x), why);
	xmlStopParser(x->ctxt);
}

static size_t
keep(struct xml *x, const void *s, size_t n)
{
	size_t at = x->text.len;

	text_buf_add(&x->text, s, n);
	text_buf_add(&x->text, "", 1);
	return at;
}

/*
 * The line where the tag at hand begins: libxml2 counts to its end.  A '<' can
 * stand nowhere inside a tag, so the last one is its first byte.
 */
static unsigned
line_of_tag(const struct xml *x)
{
	const xmlParserInput *in = x->ctxt->input;
	const xmlChar *p = in->cur;
	unsigned line = line_now(x), above = 0;

	while (p > in->base && p[-1] != '<')
		p--;
	if (p == in->base)
		return line;
	while ((p = memchr(p, '\n', (size_t)(in->cur - p))) != NULL) {
		above++;
		p++;
	}
	return above < line ? line - above : line;
}

/* Is the end at hand that of <a/>, whose start was the tag before? */
static bool
ends_empty(const struct xml *x)
{
	const xmlParserInput *in = x->ctxt->input;

	return x->ntags != 0 && !x->tags[x->ntags - 1].end && in->cur - in->base >= 2 &&
	    memcmp(in->cur - 2, "/>", 2) == 0;
}

static struct tag *
new_tag(struct xml *x, const xmlChar *name, unsigned line)
{
	if (x->ntags == x->tags_cap) {
		x->tags_cap = x->tags_cap != 0 ? 2 * x->tags_cap : 64;
		x->tags = text_grow(x->tags, x->tags_cap, sizeof(*x->tags));
	}
	x->tags[x->ntags] = (struct tag){ .line = line, .depth = x->depth,
		.name = (const char *)name, .attr = x->nattrs };
	return &x->tags[x->ntags++];
}

static void
new_attr(struct xml *x, const xmlChar *name, const xmlChar *value, size_t n)
{
	if (x->nattrs == x->attrs_cap) {
		x->attrs_cap = x->attrs_cap != 0 ? 2 * x->attrs_cap : 256;
		x->attrs = text_grow(x->attrs, x->attrs_cap, sizeof(*x->attrs));
	}
	x->attrs[x->nattrs++] = (struct attr){ (const char *)name, keep(x, value, n) };
}

/* attrs: five pointers each: local name, prefix, URI, value and its end. */
static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int nns, const xmlChar **ns, int nattrs, int ndefault, const xmlChar **attrs)
{
	struct xml *x = ctx;
	struct tag *t;

	(void)prefix, (void)uri, (void)nns, (void)ns, (void)ndefault;
	if (x->failed)
		return;
	if (++x->depth > LIMIT_XML_DEPTH) {
		refuse(x, "elements are nested too deeply");
		return;
	}
	t = new_tag(x, name, line_of_tag(x));
	t->nattr = (size_t)nattrs;
	for (int i = 0; i < nattrs; i++, attrs += 5)
		new_attr(x, attrs[0], attrs[3], (size_t)(attrs[4] - attrs[3]));
	x->leaf = true;
	x->words.len = 0;
}

static void
on_text(void *ctx, const xmlChar *s, int n)
{
	struct xml *x = ctx;
	size_t room = LIMIT_XML_TEXT - x->words.len, got = (size_t)n;

	if (x->keeps && x->leaf && !x->failed)
		text_buf_add(&x->words, s, got < room ? got : room);
}

static void
on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml *x = ctx;
	struct tag *t;

	(void)prefix, (void)uri;
	if (x->failed)
		return;
	t = new_tag(x, name, ends_empty(x) ? x->tags[x->ntags - 1].line : line_of_tag(x));
	t->end = true;
	if (x->keeps)
		t->value = keep(x, x->words.s != NULL ? x->words.s : "", x->leaf ? x->words.len : 0);
	x->leaf = false;
	x->depth--;
}

static void
on_doctype(void *ctx, const xmlChar *name, const xmlChar *public, const xmlChar *system)
{
	struct xml *x = ctx;

	(void)name, (void)public, (void)system;
	x->doctype = true;
}

static void
on_entity_decl(void *ctx, const xmlChar *name, int type, const xmlChar *public,
    const xmlChar *system, xmlChar *content)
{
	(void)name, (void)type, (void)public, (void)system, (void)content;
	refuse(ctx, "the DOCTYPE declares an entity, expected none");
}

static void
on_attribute_decl(void *ctx, const xmlChar *elem, const xmlChar *name, int type, int def,
    const xmlChar *value, xmlEnumerationPtr tree)
{
	(void)elem, (void)name, (void)type, (void)def, (void)value;
	xmlFreeEnumeration(tree);
	refuse(ctx, "the DOCTYPE declares an attribute, expected none");
}

static xmlEntityPtr
on_entity(void *ctx, const xmlChar *name)
{
	(void)ctx;
	return xmlGetPredefinedEntity(name);
}

static xmlEntityPtr
on_parameter_entity(void *ctx, const xmlChar *name)
{
	(void)name;
	refuse(ctx, "the DOCTYPE uses a parameter entity, expected none");
	return NULL;
}

static void
on_error(void *ctx, xmlErrorPtr e)
{
	if (e->level == XML_ERR_FATAL)
		fail(ctx, e->line > 0 ? (unsigned)e->line : 1, e->message);
}

static struct xml *
open_any(const char *name)
{
	struct xml *x = text_alloc(sizeof(*x));
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start, .endElementNs = on_end,
		.characters = on_text, .ignorableWhitespace = on_text, .cdataBlock = on_text,
		.internalSubset = on_doctype, .entityDecl = on_entity_decl,
		.attributeDecl = on_attribute_decl, .getEntity = on_entity,
		.getParameterEntity = on_parameter_entity, .serror = on_error,
	};

	xmlInitParser();
	x->name = text_dup(name);
	x->fd = -1;
	x->ctxt = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
	if (x->ctxt == NULL)
		x->failed = true;
	else
		/*
		 * NOENT is what makes &amp; arrive as &; on_entity() lets
		 * nothing but the predefined five be replaced.
		 */
		(void)xmlCtxtUseOptions(x->ctxt, XML_PARSE_NONET | XML_PARSE_NOENT);
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
		fail(x, 1, "the document is too large");
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
			fail(x, line_now(x), "can not be read on");
		return got > 0 ? (size_t)got : 0;
	}
	if (x->fd < 0) {
		size_t m = x->nbytes < CHUNK ? x->nbytes : CHUNK;

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
		fail(x, line_now(x), strerror(errno));
		return 0;
	}
	return (size_t)n;
}

static void
feed(struct xml *x)
{
	const char *p;
	size_t n;

	x->text.len = x->ntags = x->nattrs = x->next = 0;
	n = next_chunk(x, &p);
	if (x->failed)
		return;
	x->ended = n == 0;
	(void)xmlParseChunk(x->ctxt, p, (int)n, n == 0);
	if (!x->ctxt->wellFormed)
		fail(x, line_now(x), "not well-formed XML");
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

static const struct tag *
current(const struct xml *x)
{
	static const struct tag none = { .end = true };

	return x->next < x->ntags ? &x->tags[x->next] : &none;
}

const char *
xml_name(const struct xml *x)
{
	return x->next < x->ntags ? current(x)->name : "";
}

bool
xml_attr_at(const struct xml *x, size_t i, const char **name, const char **value)
{
	const struct tag *t = current(x);

	if (i >= t->nattr)
		return false;
	*name = x->attrs[t->attr + i].name;
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
	return x->next < x->ntags ? current(x)->line : line_now(x);
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
	if (x->ctxt != NULL) {
		if (x->ctxt->myDoc != NULL)
			xmlFreeDoc(x->ctxt->myDoc);
		xmlFreeParserCtxt(x->ctxt);
	}
	if (x->fd >= 0 && !x->keep_fd)
		(void)close(x->fd);
	text_buf_free(&x->text);
	text_buf_free(&x->words);
	free(x->tags);
	free(x->attrs);
	free(x->name);
	free(x);
}
