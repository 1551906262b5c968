/*
 * json_out.h - JSON as a stream of text, and the leaf escaper of its strings.
 *
 * A line of results has hundreds of values and is thrown away at once: building
 * a tree of objects for it cost a fifth of a quick scan.  Reading JSON is
 * json-c's work.  Commas are placed here; the caller opens and closes in turn.
 */
#ifndef EXVET_JSON_OUT_H
#define EXVET_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct json_out {
	struct text_buf	text;
	bool		comma;		/* the next value needs one before it */
};

/* key: NULL inside an array.  Keys are ours and need no escape. */
void	json_out_open(struct json_out *, const char *key, char bracket);	/* '{' or '[' */
void	json_out_close(struct json_out *, char bracket);			/* '}' or ']' */
/* Any bytes: made printable UTF-8 (text_printable), then escaped. */
void	json_out_text(struct json_out *, const char *key, const char *);
/* The same; NULL and "" are null. */
void	json_out_value(struct json_out *, const char *key, const char *);
void	json_out_number(struct json_out *, const char *key, int64_t);
void	json_out_flag(struct json_out *, const char *key, bool);
void	json_out_null(struct json_out *, const char *key);

#endif
