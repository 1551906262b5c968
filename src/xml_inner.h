/*
 * xml_inner.h - a reader as xml.c, which feeds it, and xml_tags.c, which takes what
 * expat says, hold it; nobody else includes this.
 */
#ifndef EXVET_XML_INNER_H
#define EXVET_XML_INNER_H

#include <expat.h>

#include "base/limits.h"
#include "base/text.h"
#include "xml.h"

enum { XML_CHUNK = 32768 };

struct xml_tag {
	bool		 end;
	unsigned	 line, depth;
	size_t		 name;		/* offset into text */
	size_t		 attr, nattr;	/* in attrs */
	size_t		 value;		/* of an end, when text is kept: offset into text */
};

/* Offsets into text. */
struct xml_attr {
	size_t		 name, value;
};

/* An element that is open, for the message when another one is closed. */
struct xml_open {
	unsigned	 line;
	size_t		 name;		/* offset into open_names */
};

struct xml {
	XML_Parser	 parser;
	char		*name;
	int		 fd;		/* -1: memory */
	bool		 keep_fd;	/* stdin is not ours to close */
	const char	*bytes;
	size_t		 nbytes;
	long		(*get)(void *arg, void *buf, size_t n);
	void		*arg;
	XML_Index	 fed;		/* bytes so far */
	bool		 ended;		/* everything was fed */
	bool		 doctype, failed;
	unsigned	 depth;
	char		 error[512];
	struct xml_open	 open[LIMIT_XML_DEPTH];	/* by depth - 1 */
	struct text_buf	 open_names;
	struct text_buf	 text;		/* of the tags in the queue */
	bool		 keeps, leaf;	/* text is kept; nothing but text since the last start */
	struct text_buf	 words;
	struct xml_tag	*tags;
	size_t		 ntags, tags_cap, next;
	struct xml_attr	*attrs;
	size_t		 nattrs, attrs_cap;
	char		 chunk[XML_CHUNK];
};

/* The first fault wins: the ones after it are its consequences. */
void	xml_fail(struct xml *, unsigned line, const char *why);
/* Of the first byte of what the parser is at. */
unsigned xml_line_now(const struct xml *);
/* xml_tags.c: what expat says goes into the queue, or is refused. */
void	xml_tags_attach(struct xml *);

#endif
