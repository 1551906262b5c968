/*
 * xml.h - a hardened reader: no network, no entities, no DTD, capped depth and
 * size.  The only place that knows expat and libxml2.
 *
 * Pull style, so that a file of gigabytes is never in memory.  A bare
 * <!DOCTYPE name> is skipped (nmap writes one) and xml_doctype() tells; one
 * that declares anything is XML_BROKEN, and no entity but the predefined five
 * ever expands.
 */
#ifndef EXVET_XML_H
#define EXVET_XML_H

#include <stdbool.h>
#include <stddef.h>

struct xml;

enum xml_event { XML_START, XML_END, XML_END_OF_DOCUMENT, XML_BROKEN };

struct xml *xml_open_file(const char *path);		/* "-": stdin; NULL: errno */
struct xml *xml_open_fd(int fd, const char *name);	/* takes the fd */
/* get: up to n bytes into the buffer, 0 at the end, -1 when they can not be read. */
struct xml *xml_open_read(long (*get)(void *arg, void *buf, size_t n), void *arg,
	    const char *name);
/* A peer's bytes, at most LIMIT_MANIFEST; the memory must outlive it. */
struct xml *xml_open_memory(const void *, size_t, const char *name);
/* The same for our own files: no limit of size. */
struct xml *xml_open_own_memory(const void *, size_t, const char *name);
enum xml_event xml_next(struct xml *);			/* text is skipped, unless kept */
/*
 * From now on keep the text of elements that hold nothing else, LIMIT_XML_TEXT
 * bytes of it; xml_text() gives it at their XML_END, "" for any other element.
 */
void	xml_keep_text(struct xml *);
const char *xml_text(const struct xml *);
const char *xml_name(const struct xml *);		/* local name; until the next call of xml_next */
const char *xml_attr(struct xml *, const char *name);	/* value or NULL; until the next call of xml_next */
/* The i-th attribute of this start tag; false when there are no more. */
bool	xml_attr_at(const struct xml *, size_t i, const char **name, const char **value);
unsigned xml_line(const struct xml *);
unsigned xml_depth(const struct xml *);			/* 1: the root element */
bool	xml_doctype(const struct xml *);		/* the document has a DOCTYPE */
const char *xml_error(const struct xml *);		/* "name:line: why", after XML_BROKEN */
void	xml_close(struct xml *);			/* NULL is fine */

/* RELAX NG: true when the file is valid; err gets "file:line: reason". */
bool	xml_validate(const char *schema, const char *path, char *err, size_t cap);

#endif
