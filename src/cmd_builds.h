/* cmd_builds.h - the ways `exvet builds` writes an answer; JSON is store.h's. */
#ifndef EXVET_CMD_BUILDS_H
#define EXVET_CMD_BUILDS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct build_report;
struct build_row;

/* A card of several lines. */
void	cmd_builds_card(FILE *, const struct build_report *, int32_t as_of, bool color);
/* One line of the whole table, and its head. */
void	cmd_builds_row_head(FILE *);
void	cmd_builds_row(FILE *, const struct build_row *, const struct build_report *);
/* One CSV record, and the header record. */
void	cmd_builds_csv_head(FILE *);
void	cmd_builds_csv(FILE *, const struct build_report *);

#endif
