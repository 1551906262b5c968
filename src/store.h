/*
 * store.h - results and judgements as JSON Lines, out and in.
 *
 * The format is exvet/1, described by data/result.schema.json.  Observations
 * and failures read back give the same judgement, byte for byte.  The only
 * user of json-c besides the target lists.
 */
#ifndef EXVET_STORE_H
#define EXVET_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "report.h"

/* One line with its newline: result and judgement. */
void	store_write(FILE *, const struct report_run *, const struct report *);

/* One line of `exvet builds -o jsonl`. */
struct build_report;
void	store_write_build(FILE *, const char *asked, const struct build_report *);

struct store_reader;
/* path "-" is stdin.  NULL with a message printed. */
struct store_reader *store_open(const char *path);
/* The same from a stream, which it takes; name is for messages. */
struct store_reader *store_open_stream(FILE *, const char *name);
/*
 * The next result: 1 and *out (the caller frees it); 0 at the end; -1 on a bad
 * line, which was printed as file:line (reading can go on).
 */
int	store_next(struct store_reader *, struct result **out);
/* Did reading end before the file did?  A message was printed. */
bool	store_failed(const struct store_reader *);
/* Where the line of the last result begins; a file can be read from there again. */
int64_t	store_offset(const struct store_reader *);
bool	store_seek(struct store_reader *, int64_t offset);
void	store_close(struct store_reader *);		/* NULL is fine */

#endif
