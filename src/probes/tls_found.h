/*
 * tls_found.h - what one protocol version was seen to accept: suites in the
 * order they were chosen, groups, and schemes of signatures; and what follows
 * from that.
 */
#ifndef EXVET_PROBES_TLS_FOUND_H
#define EXVET_PROBES_TLS_FOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_suite;

/* How a suite was chosen: out of what. */
enum tls_pick {
	TLS_PICK_REVERSED = 1,	/* they were offered the other way round */
	TLS_PICK_NARROW = 2,	/* groups or schemes were taken away */
	TLS_PICK_HALF = 4,	/* only those of its half (tls_half.h) were on offer */
	TLS_PICK_UNNAMED = 8,	/* no group was named that DHE may want (tls_finite.h) */
};

enum { TLS_FOUND_SUITES = 384, TLS_FOUND_GROUPS = 64, TLS_FOUND_SCHEMES = 40 };

struct tls_found {
	uint16_t	 version;
	bool		 deep;		/* every scheme and ffdhe group is of interest */
	uint16_t	 suite[TLS_FOUND_SUITES];
	uint8_t		 how[TLS_FOUND_SUITES];	/* bits of enum tls_pick */
	size_t		 n;
	size_t		 nwhole;	/* chosen among all, not among a part; 0: all of them */
	bool		 apart;		/* while ECDSA is on offer, suites of other certificates are not to be had */
	bool		 group[TLS_FOUND_GROUPS];	/* by row of tls_names_groups */
	bool		 scheme[TLS_FOUND_SCHEMES];	/* by row of tls_names_schemes */
};

/* Room for the lists of one hello. */
struct tls_lists {
	uint16_t	 suites[TLS_FOUND_SUITES];
	uint16_t	 groups[TLS_FOUND_GROUPS];
	uint16_t	 schemes[TLS_FOUND_SCHEMES];
};

/* Of which half (1, 2) a suite is, when two lanes share them. */
unsigned tls_found_half(uint16_t suite);
bool	tls_found_has(const struct tls_found *, uint16_t suite);
void	tls_found_add(struct tls_found *, uint16_t suite, unsigned how);
void	tls_found_know(struct tls_found *, const struct tls_suite *);	/* had without being chosen; NULL is fine */
/* Mark it; false when it was seen before, or is not known. */
bool	tls_found_see_group(struct tls_found *, uint16_t group);
bool	tls_found_see_scheme(struct tls_found *, uint16_t scheme);

/* Does its key exchange need a group, and a signature, in that version? */
bool	tls_found_grouped(const struct tls_found *, const struct tls_suite *);
bool	tls_found_signed(const struct tls_found *, const struct tls_suite *);
/* Is a suite with a signature among them; one with a group; and one of these whose certificate has no curve of its own? */
bool	tls_found_any_signed(const struct tls_found *);
bool	tls_found_any_grouped(const struct tls_found *);
bool	tls_found_any_free(const struct tls_found *);
/* Is there nothing but suites of an ECDSA certificate? */
bool	tls_found_only_ecdsa(const struct tls_found *);
/*
 * Could that row of tls_names_schemes still be used with a certificate whose
 * suites were found, and has it not been seen?
 */
bool	tls_found_scheme_open(const struct tls_found *, size_t row);
bool	tls_found_schemes_open(const struct tls_found *);
/* Did the server once pass over a suite that stood before its choice? */
bool	tls_found_passed_over(const struct tls_found *);
/* Did it choose the first so often that this was no chance?  Only if it did not pass over one. */
bool	tls_found_always_first(const struct tls_found *);
/* The kinds (of tls_names_kinds) of which there is no suite among them. */
unsigned tls_found_kinds_absent(const struct tls_found *);

#endif
