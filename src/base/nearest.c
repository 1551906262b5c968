/* nearest.c - edit distance between two short words, for "did you mean". */
#include <string.h>

#include "base/nearest.h"

enum { WORD_MAX = 63 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The optimal string alignment distance, three rows at a time. */
size_t
nearest_distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];
	size_t na = strnlen(a, WORD_MAX), nb = strnlen(b, WORD_MAX);

	for (size_t k = 0; k <= nb; k++)
		before[k] = above[k] = row[k] = k;
	for (size_t i = 1; i <= na; i++) {
		size_t *free_row = before;

		row[0] = i;
		for (size_t k = 1; k <= nb; k++) {
			row[k] = least(least(above[k], row[k - 1]) + 1,
			    above[k - 1] + (a[i - 1] != b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				row[k] = least(row[k], before[k - 2] + 1);
		}
		before = above;
		above = row;
		row = free_row;
	}
	return above[nb];
}

struct nearest
nearest_start(const char *word)
{
	return (struct nearest){ .word = word };
}

/* A word that needs more than a third of its letters changed is another word. */
void
nearest_offer(struct nearest *n, const char *known)
{
	size_t d = nearest_distance(n->word, known);

	if (d > strnlen(known, WORD_MAX) / 3 + (strlen(known) > 3))
		return;
	if (n->best == NULL || d < n->distance) {
		n->best = known;
		n->distance = d;
	}
}
