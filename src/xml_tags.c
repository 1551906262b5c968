/* xml_tags.c - what expat says of a document: into the queue, or refused. */
#include <string.h>

#include "xml_encoding.h"
#include "xml_inner.h"

static void
refuse(struct xml *x, const char *why)
{
	xml_fail(x, xml_line_now(x), why);
	(void)XML_StopParser(x->parser, XML_FALSE);
}

static size_t
keep(struct text_buf *b, const char *s, size_t n)
{
	size_t at = b->len;

	text_buf_add(b, s, n);
	text_buf_add(b, "", 1);
	return at;
}

/* Without the prefix of a namespace: the names that are read are told apart without. */
static const char *
local(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

static struct xml_tag *
new_tag(struct xml *x, const char *name, unsigned line)
{
	if (x->ntags == x->tags_cap) {
		x->tags_cap = x->tags_cap != 0 ? 2 * x->tags_cap : 64;
		x->tags = text_grow(x->tags, x->tags_cap, sizeof(*x->tags));
	}
	name = local(name);
	x->tags[x->ntags] = (struct xml_tag){ .line = line, .depth = x->depth,
		.name = keep(&x->text, name, strlen(name)), .attr = x->nattrs };
	return &x->tags[x->ntags++];
}

static void
new_attr(struct xml *x, const char *name, const char *value)
{
	if (x->nattrs == x->attrs_cap) {
		x->attrs_cap = x->attrs_cap != 0 ? 2 * x->attrs_cap : 256;
		x->attrs = text_grow(x->attrs, x->attrs_cap, sizeof(*x->attrs));
	}
	name = local(name);
	x->attrs[x->nattrs++] = (struct xml_attr){ keep(&x->text, name, strlen(name)),
		keep(&x->text, value, strlen(value)) };
}

static bool
names_namespace(const char *attr)
{
	return text_starts(attr, "xmlns") && (attr[5] == '\0' || attr[5] == ':');
}

/* attrs: name, value, name, value ... NULL. */
static void
on_start(void *ctx, const XML_Char *name, const XML_Char **attrs)
{
	struct xml *x = ctx;
	struct xml_tag *t;

	if (x->failed)
		return;
	if (x->depth == LIMIT_XML_DEPTH) {
		refuse(x, "elements are nested too deeply");
		return;
	}
	x->open[x->depth] = (struct xml_open){ xml_line_now(x), keep(&x->open_names, name, strlen(name)) };
	x->depth++;
	t = new_tag(x, name, xml_line_now(x));
	for (; attrs[0] != NULL; attrs += 2)
		if (!names_namespace(attrs[0])) {
			new_attr(x, attrs[0], attrs[1]);
			t->nattr++;
		}
	x->leaf = true;
	x->words.len = 0;
}

static void
on_text(void *ctx, const XML_Char *s, int n)
{
	struct xml *x = ctx;
	size_t room = LIMIT_XML_TEXT - x->words.len, got = (size_t)n;

	if (x->keeps && x->leaf && !x->failed)
		text_buf_add(&x->words, s, got < room ? got : room);
}

static void
on_end(void *ctx, const XML_Char *name)
{
	struct xml *x = ctx;
	const struct xml_open *begin;
	struct xml_tag *t;

	if (x->failed)
		return;
	begin = &x->open[x->depth - 1];
	/* The end of <a/> has no bytes of its own, and is told at the end of the tag. */
	t = new_tag(x, name, XML_GetCurrentByteCount(x->parser) == 0 ? begin->line : xml_line_now(x));
	t->end = true;
	if (x->keeps)
		t->value = keep(&x->text, x->words.s != NULL ? x->words.s : "",
		    x->leaf ? x->words.len : 0);
	x->leaf = false;
	x->open_names.len = begin->name;
	x->depth--;
}

static void
on_doctype(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public,
    int declares)
{
	struct xml *x = ctx;

	(void)name, (void)system, (void)public, (void)declares;
	x->doctype = true;
}

static void
on_entity_decl(void *ctx, const XML_Char *name, int is_parameter, const XML_Char *value, int n,
    const XML_Char *base, const XML_Char *system, const XML_Char *public, const XML_Char *notation)
{
	(void)name, (void)is_parameter, (void)value, (void)n;
	(void)base, (void)system, (void)public, (void)notation;
	refuse(ctx, "the DOCTYPE declares an entity, expected none");
}

static void
on_attribute_decl(void *ctx, const XML_Char *element, const XML_Char *name, const XML_Char *type,
    const XML_Char *value, int is_required)
{
	(void)element, (void)name, (void)type, (void)value, (void)is_required;
	refuse(ctx, "the DOCTYPE declares an attribute, expected none");
}

/* Of an entity that nothing declared: after a DOCTYPE that names a file, which is never read. */
static void
on_skipped_entity(void *ctx, const XML_Char *name, int is_parameter)
{
	(void)name;
	refuse(ctx, is_parameter ? "the DOCTYPE uses a parameter entity, expected none" :
	    "an entity that is not known");
}

/* The file that a DOCTYPE names: all is well without it. */
static int
on_external(XML_Parser p, const XML_Char *context, const XML_Char *base, const XML_Char *system,
    const XML_Char *public)
{
	(void)p, (void)context, (void)base, (void)system, (void)public;
	return XML_STATUS_OK;
}

static int
on_encoding(void *ctx, const XML_Char *name, XML_Encoding *out)
{
	(void)ctx;
	return xml_encoding_map(name, out->map) ? XML_STATUS_OK : XML_STATUS_ERROR;
}

void
xml_tags_attach(struct xml *x)
{
	XML_Parser p = x->parser;

	XML_SetUserData(p, x);
	XML_SetElementHandler(p, on_start, on_end);
	XML_SetCharacterDataHandler(p, on_text);
	XML_SetStartDoctypeDeclHandler(p, on_doctype);
	XML_SetEntityDeclHandler(p, on_entity_decl);
	XML_SetAttlistDeclHandler(p, on_attribute_decl);
	XML_SetSkippedEntityHandler(p, on_skipped_entity);
	XML_SetExternalEntityRefHandler(p, on_external);
	XML_SetUnknownEncodingHandler(p, on_encoding, x);
	/* Else a parameter entity would be passed over without a word. */
	(void)XML_SetParamEntityParsing(p, XML_PARAM_ENTITY_PARSING_ALWAYS);
}
