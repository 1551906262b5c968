/* row.h - rows of CSV: fields, their commas, and CRLF. */
#ifndef EXVET_ROW_H
#define EXVET_ROW_H

#include <stdint.h>
#include <stdio.h>

#include "base/text.h"
#include "result.h"

void	row_head(FILE *, const char *const *columns);	/* ended by NULL */
void	row_text(struct text_buf *, const char *);
void	row_number(struct text_buf *, int64_t);
void	row_maybe(struct text_buf *, bool known, int64_t);	/* empty when not known */
/* target, tag, address, port: the first four columns of every table. */
void	row_target(struct text_buf *, const struct result *);
void	row_put(FILE *, struct text_buf *);		/* and empties it */

#endif
