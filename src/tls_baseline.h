/*
 * tls_baseline.h - what somebody asks of TLS: a list of lines, each a key and
 * the words after it, held against the observations.
 *
 * A baseline is data (data/tls/NAME.ini); this module knows its keys, and
 * config_baseline.c the file.
 */
#ifndef EXVET_TLS_BASELINE_H
#define EXVET_TLS_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

struct obs;

struct tls_baseline_line {
	char		*key, *value;
	unsigned	 number;	/* of the line in its file */
};

struct tls_baseline {
	char		*name, *title, *source, *date;	/* all there */
	char		*file;		/* the user's own, as named; "": one that came with the program */
	struct tls_baseline_line *lines;
	size_t		 nlines;
};

struct tls_baseline *tls_baseline_new(void);	/* never NULL */
void	tls_baseline_free(struct tls_baseline *);	/* NULL is fine */
/*
 * One "key = value" of [baseline] or [require].  False, with what was
 * expected in *why, when it is not understood; *bad: the word of the value that
 * is not, owned by the caller, or NULL.
 */
bool	tls_baseline_set(struct tls_baseline *, const char *section, const char *key,
	    const char *value, unsigned number, const char **why, char **bad);
/* What is missing of [baseline] and [require], as "a date in [baseline]"; NULL: nothing. */
const char *tls_baseline_lacks(const struct tls_baseline *);

enum tls_baseline_state { BASELINE_HOLDS, BASELINE_BROKEN, BASELINE_OPEN, BASELINE_UNSEEN };

/*
 * Hold one line against the observations.  what gets the first thing that
 * breaks it or leaves it open; UNSEEN: nothing of the sort was observed.
 */
enum tls_baseline_state tls_baseline_check(const struct tls_baseline_line *, const struct obs *,
	    char *what, size_t cap);

#endif
