/*
 * wrap.h - text in lines of a terminal's width.
 */
#ifndef EXVET_WRAP_H
#define EXVET_WRAP_H

#include <stdio.h>

/*
 * Print words from column `at` on, which the line has reached already, and
 * indent the lines after the first by as much, with prefix at the end of it.
 */
void	wrap_print(FILE *, const char *text, int at, const char *prefix);

#endif
