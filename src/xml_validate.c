/* xml_validate.c - a file of ours against its RELAX NG schema. */
#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/relaxng.h>

#include "xml.h"

struct complaint {
	const char	*path;
	char		*err;
	size_t		 cap;
	bool		 made;
};

static void
on_complaint(void *ctx, xmlErrorPtr e)
{
	struct complaint *c = ctx;

	if (c->made)
		return;
	c->made = true;
	(void)snprintf(c->err, c->cap, "%s:%d: %s", c->path, e->line > 0 ? e->line : 1,
	    e->message != NULL ? e->message : "not valid");
	c->err[strcspn(c->err, "\r\n")] = '\0';
}

static xmlRelaxNGPtr
read_schema(const char *schema, struct complaint *c)
{
	xmlRelaxNGParserCtxtPtr p = xmlRelaxNGNewParserCtxt(schema);
	xmlRelaxNGPtr rng;

	if (p == NULL)
		return NULL;
	xmlRelaxNGSetParserStructuredErrors(p, on_complaint, c);
	rng = xmlRelaxNGParse(p);
	xmlRelaxNGFreeParserCtxt(p);
	return rng;
}

bool
xml_validate(const char *schema, const char *path, char *err, size_t cap)
{
	struct complaint c = { .path = schema, .err = err, .cap = cap };
	xmlRelaxNGValidCtxtPtr v = NULL;
	xmlRelaxNGPtr rng;
	xmlDocPtr doc;
	bool ok = false;

	xmlInitParser();
	rng = read_schema(schema, &c);
	c.path = rng != NULL ? path : schema;
	doc = rng != NULL ? xmlReadFile(path, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING) : NULL;
	if (doc != NULL && (v = xmlRelaxNGNewValidCtxt(rng)) != NULL) {
		xmlRelaxNGSetValidStructuredErrors(v, on_complaint, &c);
		ok = xmlRelaxNGValidateDoc(v, doc) == 0;
		xmlRelaxNGFreeValidCtxt(v);
	}
	if (!ok && !c.made)
		(void)snprintf(err, cap, "%s:1: cannot be read as XML", c.path);
	xmlFreeDoc(doc);
	xmlRelaxNGFree(rng);
	return ok;
}
