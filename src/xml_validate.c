/*
 * xml_validate.c - a file of ours against its RELAX NG schema, by libxml2, which
 * is loaded for that (base/late.h): Debian's brings ICU and the library of C++.
 */
#include "config-build.h"

#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/relaxng.h>

#include "base/late.h"
#include "xml.h"

/* Every function of libxml2 that is used: CALL(name behind "xml"). */
#define XML_LIB_CALLS(CALL) \
	CALL(InitParser) CALL(ReadFile) CALL(FreeDoc) \
	CALL(RelaxNGNewParserCtxt) CALL(RelaxNGFreeParserCtxt) CALL(RelaxNGParse) CALL(RelaxNGFree) \
	CALL(RelaxNGSetParserStructuredErrors) CALL(RelaxNGSetValidStructuredErrors) \
	CALL(RelaxNGNewValidCtxt) CALL(RelaxNGFreeValidCtxt) CALL(RelaxNGValidateDoc)

/* With the types of its headers: xml->FreeDoc() is xmlFreeDoc(). */
struct xml_lib {
#define XML_LIB_MEMBER(name) __typeof__(xml##name) *name;
	XML_LIB_CALLS(XML_LIB_MEMBER)
#undef XML_LIB_MEMBER
};

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

static bool
load(struct xml_lib *xml, char *err, size_t cap)
{
#ifdef EXVET_XML_SONAME
	static const struct late_call calls[] = {
#define XML_LIB_CALL(name) { "xml" #name, offsetof(struct xml_lib, name) },
		XML_LIB_CALLS(XML_LIB_CALL)
#undef XML_LIB_CALL
	};
	const char *why;

	if (!late_load(EXVET_XML_SONAME, calls, sizeof(calls) / sizeof(calls[0]), xml, &why)) {
		(void)snprintf(err, cap, "libxml2, which validates tables, cannot be loaded: %s", why);
		return false;
	}
#else
#define XML_LIB_LINKED(name) .name = (xml##name),
	*xml = (struct xml_lib){ XML_LIB_CALLS(XML_LIB_LINKED) };
#undef XML_LIB_LINKED
	(void)err, (void)cap;
#endif
	xml->InitParser();
	return true;
}

static xmlRelaxNGPtr
read_schema(const struct xml_lib *xml, const char *schema, struct complaint *c)
{
	xmlRelaxNGParserCtxtPtr p = xml->RelaxNGNewParserCtxt(schema);
	xmlRelaxNGPtr rng;

	if (p == NULL)
		return NULL;
	xml->RelaxNGSetParserStructuredErrors(p, on_complaint, c);
	rng = xml->RelaxNGParse(p);
	xml->RelaxNGFreeParserCtxt(p);
	return rng;
}

bool
xml_validate(const char *schema, const char *path, char *err, size_t cap)
{
	struct complaint c = { .path = schema, .err = err, .cap = cap };
	xmlRelaxNGValidCtxtPtr v = NULL;
	struct xml_lib xml;
	xmlRelaxNGPtr rng;
	xmlDocPtr doc;
	bool ok = false;

	if (!load(&xml, err, cap))
		return false;
	rng = read_schema(&xml, schema, &c);
	c.path = rng != NULL ? path : schema;
	doc = rng != NULL ? xml.ReadFile(path, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING) : NULL;
	if (doc != NULL && (v = xml.RelaxNGNewValidCtxt(rng)) != NULL) {
		xml.RelaxNGSetValidStructuredErrors(v, on_complaint, &c);
		ok = xml.RelaxNGValidateDoc(v, doc) == 0;
		xml.RelaxNGFreeValidCtxt(v);
	}
	if (!ok && !c.made)
		(void)snprintf(err, cap, "%s:1: cannot be read as XML", c.path);
	xml.FreeDoc(doc);
	xml.RelaxNGFree(rng);
	return ok;
}
