/* replay_read.h - bytes and replies as the files of tests/talk write them. */
#ifndef EXVET_REPLAY_READ_H
#define EXVET_REPLAY_READ_H

#include <stdbool.h>

#include "base/text.h"
#include "probe.h"

#define REPLAY_HEADERS	64

/* The head of a reply, each string in memory of its own. */
struct replay_head {
	struct http_header headers[REPLAY_HEADERS];
	struct http_reply reply;
};

/* Text with \xNN, \r, \n, \t and \\ into bytes. */
void	replay_unescape(struct text_buf *, const char *);
/* "text" in quotes, or hex; false when it is neither. */
bool	replay_add(struct text_buf *, char *);
/* Read status line and headers off in; NULL, or what is wrong. */
const char *replay_head_read(struct replay_head *, struct rd *in);
void	replay_head_free(struct replay_head *);

#endif
