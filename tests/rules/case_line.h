/* case_line.h - what a line of a case file of rules says. */
#ifndef TESTS_CASE_LINE_H
#define TESTS_CASE_LINE_H

#include "obs.h"

/* Say what is wrong with a case file, and end. */
void	case_bail(const char *fmt, ...);
/* A whole file; the caller frees it. */
char *case_slurp(const char *dir, const char *name);
char *case_line_of(char **text);
char *case_after(char *line, const char *word);
void	case_split(char *line, const char *part[3]);
const char *case_probe_of(char **line);
void	case_observe(struct obs *obs, char *line);

#endif
