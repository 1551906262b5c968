/*
 * obs.h - the observations of one target: note, first, each.
 *
 * An observation is one fact that one probe saw at one place, with its
 * evidence; never an opinion.  Peer text is made printable once, when it is
 * noted: invalid UTF-8 and control bytes become a visible \xNN, and LIMIT_OBS_*
 * cap it.  All strings belong to the struct obs and live as long as it does;
 * a struct observation stays where it is until obs_sort(), whatever is noted.
 */
#ifndef EXVET_OBS_H
#define EXVET_OBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fact {
#define FACT(id, name, type, text) FACT_##id,
#include "facts.def"
#undef FACT
	FACT_COUNT
};

enum fact_type { FACT_TYPE_TEXT, FACT_TYPE_NUMBER, FACT_TYPE_FLAG, FACT_TYPE_BUILD };

struct fact_desc {
	const char	*name;		/* wire name, for ever */
	enum fact_type	 type;
	const char	*text;		/* what it says, one sentence */
};

const struct fact_desc *obs_fact(enum fact);

/* The fact of that wire name; false when there is none. */
bool obs_fact_find(const char *name, enum fact *out);

struct observation {
	enum fact	 fact;
	int64_t		 number;	/* FACT_TYPE_NUMBER, FACT_TYPE_FLAG (0 or 1) */
	const char	*text;		/* FACT_TYPE_TEXT, FACT_TYPE_BUILD; NULL otherwise */
	const char	*at;		/* where: a URL, or host:port */
	const char	*probe;		/* name of the probe */
	const char	*evidence;	/* the bytes that prove it, printable; may be "" */
};

/* Something that could not be observed: a stage, a reason, nothing guessed. */
struct obs_error {
	const char	*probe;		/* name of the probe, or "" for the target */
	const char	*at;
	const char	*stage;		/* resolve, connect, tls, http, read, limit, stopped */
	const char	*reason;	/* one of the words in the manual: refused, timeout, ... */
	const char	*detail;	/* the library's own words, printable; may be "" */
};

struct obs;

struct obs *obs_new(void);		/* never NULL */
void	obs_free(struct obs *);		/* NULL is fine */

/*
 * Note a fact.  A repeated (fact, value, at) is kept once.  When a cap is hit
 * the observation is dropped and obs_capped() says so from then on.
 */
void	obs_text(struct obs *, enum fact, const char *at, const char *probe,
	    const char *value, const char *evidence);
void	obs_text_n(struct obs *, enum fact, const char *at, const char *probe,
	    const void *value, size_t len, const char *evidence);
void	obs_number(struct obs *, enum fact, const char *at, const char *probe,
	    int64_t value, const char *evidence);
void	obs_fail(struct obs *, const char *probe, const char *at,
	    const char *stage, const char *reason, const char *detail);

size_t	obs_count(const struct obs *);
const struct observation *obs_get(const struct obs *, size_t i);
/* The first, or the next after that one; NULL when there is none. */
const struct observation *obs_first(const struct obs *, enum fact);
const struct observation *obs_next(const struct obs *, const struct observation *);
/* The same, of those noted at one place; after: NULL for the first. */
const struct observation *obs_next_at(const struct obs *, enum fact, const char *at,
	    const struct observation *after);
/* The first whose text is that. */
const struct observation *obs_find(const struct obs *, enum fact, const char *text);
const struct observation *obs_find_at(const struct obs *, enum fact, const char *at,
	    const char *text);
size_t	obs_index(const struct obs *, const struct observation *);

size_t	obs_error_count(const struct obs *);
const struct obs_error *obs_error_get(const struct obs *, size_t i);
bool	obs_capped(const struct obs *);
void	obs_set_capped(struct obs *);		/* a stored result was */

/*
 * Rows may come in any order off the network: sort them by (fact, at, probe,
 * value), so that the same server gives the same file.  Pointers handed out
 * before are void afterwards.
 */
void	obs_sort(struct obs *);

/* A copy of a string that lives as long as the obs. */
const char *obs_keep(struct obs *, const char *);

#endif
