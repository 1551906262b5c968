/*
 * datafile.h - where exvet's own data lie: $EXVET_DATADIR; else beside the
 * program, so that a build tree and a moved installation find theirs; else
 * where the installation put them.
 */
#ifndef EXVET_DATAFILE_H
#define EXVET_DATAFILE_H

#include <stdbool.h>
#include <stddef.h>

struct text_buf;

/* The path of one data file ("exchange.xml"), there or not; owned by the caller. */
char	*datafile_path(const char *name);
/* All of a file, but no more than one block beyond max bytes; false: errno. */
bool	 datafile_read(const char *path, size_t max, struct text_buf *out);

#endif
