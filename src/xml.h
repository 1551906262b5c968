/*
 * xml.h - a hardened reader: no network, no entities, no DTD, capped depth and
 * size.  The only place that knows libxml2.
 *
 * Pull style, so that a file of gigabytes is never in memory.
 */
#ifndef EXVET_XML_H
#define EXVET_XML_H

#include <stdbool.h>
#include <stddef.h>

struct xml;

enum xml_event { XML_START, XML_END, XML_END_OF_DOCUMENT, XML_BROKEN };

struct xml *xml_open_file(const char *path);		/* "-": stdin; NULL: errno */
struct xml *xml_open_fd(int fd, const char *name);	/* takes the fd */
struct xml *xml_open_memory(const void *, size_t, const char *name); /* memory must outlive it */
enum xml_event xml_next(struct xml *);			/* text is skipped */
const char *xml_name(const struct xml *);		/* local name of this element */
const char *xml_attr(struct xml *, const char *name);	/* value or NULL; until the next call of xml_next */
unsigned xml_line(const struct xml *);
unsigned xml_depth(const struct xml *);
const char *xml_error(const struct xml *);		/* one line, after XML_BROKEN */
void	xml_close(struct xml *);			/* NULL is fine */

/* RELAX NG: true when the file is valid; err gets "file:line: reason". */
bool	xml_validate(const char *schema, const char *path, char *err, size_t cap);

#endif
