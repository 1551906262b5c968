/* xml_encoding.c - encodings of XML documents that expat does not know by itself. */
#include <iconv.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "xml_encoding.h"

/* iconv loads files by the name: no other one gets to it. */
static bool
is_read(const char *name)
{
	return (text_starts_nocase(name, "windows-125") || text_starts_nocase(name, "iso-8859-")) &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == strlen(name);
}

bool
xml_encoding_map(const char *name, int map[256])
{
	iconv_t from;

	if (!is_read(name) || (from = iconv_open("UTF-32LE", name)) == (iconv_t)-1)
		return false;
	for (unsigned i = 0; i < 256; i++) {
		unsigned char code[4] = { 0 };
		char in = (char)i, *at = &in, *to = (char *)code;
		size_t left = 1, room = sizeof(code);

		map[i] = iconv(from, &at, &left, &to, &room) == 0 && room == 0 ?
		    code[0] | code[1] << 8 | code[2] << 16 : -1;
	}
	(void)iconv_close(from);
	return true;
}
