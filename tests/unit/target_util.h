/* target_util.h - what the tests of the target stream share. */
#ifndef EXVET_TARGET_UTIL_H
#define EXVET_TARGET_UTIL_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "target.h"

/* Everything written to stderr between these two; the text is freed by the next begin. */
void	util_catch(void);
const char *util_caught(void);

/* A new temporary file with that content; its path, for a config_list. */
char   *util_file(const void *, size_t);
void	util_remove(char *path);		/* unlink and free */

/* All targets as lines "text tag\n" ("text tag name\n" with a name); freed by the caller. */
char   *util_drain(struct target_source *);
/* The same of one list in memory; what was printed is in util_caught(). */
char   *util_list(const struct config *, const void *, size_t);

#endif
