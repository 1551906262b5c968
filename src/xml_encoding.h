/* xml_encoding.h - encodings of XML documents that expat does not know by itself. */
#ifndef EXVET_XML_ENCODING_H
#define EXVET_XML_ENCODING_H

#include <stdbool.h>

/*
 * The characters (code points; -1: none) that the 256 bytes stand for in an
 * encoding of that name.  The name may be a peer's.  False when it is not one of
 * those that are read: one byte a character, and Windows or mail programs write it.
 */
bool	xml_encoding_map(const char *name, int map[256]);

#endif
