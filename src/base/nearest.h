/*
 * nearest.h - the known word that a mistyped one was probably meant to be.
 */
#ifndef EXVET_NEAREST_H
#define EXVET_NEAREST_H

#include <stddef.h>

struct nearest {
	const char	*word;
	const char	*best;		/* NULL: nothing is near */
	size_t		 distance;	/* edits between the two */
};

struct nearest nearest_start(const char *word);
void	nearest_offer(struct nearest *, const char *known);
/* Edits (insert, delete, replace, swap neighbours); words are cut at 63 bytes. */
size_t	nearest_distance(const char *, const char *);

#endif
