/*
 * builds_table.h - the table of builds as builds_*.c hold it; nobody else
 * includes this.
 *
 * After loading: products, CUs and CVEs in file order except that entries are
 * sorted by build number and CVEs by id; fixes are sorted by branch, CVE and
 * fixed build, and lists cut them into one list per branch and CVE.
 */
#ifndef EXVET_BUILDS_TABLE_H
#define EXVET_BUILDS_TABLE_H

#include "builds.h"

#define BUILDS_NONE	SIZE_MAX

struct builds_esu {
	int64_t		 period;		/* 1, 2 */
	int32_t		 from, to;
};

struct builds_product {
	const char	*branch, *name, *policy, *note;
	int32_t		 released, mainstream_end, extended_end;
	struct builds_esu esu[2];
	size_t		 nesu;
	size_t		 first_list, nlists;	/* its CVEs */
	unsigned	 line;
};

struct builds_cu {
	size_t		 product;
	const char	*name, *note;
	int32_t		 support_end;		/* BUILDS_NO_DAY: the product's */
	bool		 esu;
	size_t		 first;			/* its lowest entry: the CU itself */
	unsigned	 line;
};

struct builds_release {
	const char	*name;
	int32_t		 date;
	unsigned	 line;
};

/* row comes first: a row of the table leads back to its entry. */
struct builds_entry {
	struct build_row row;
	size_t		 product, cu;
	struct build_number also;		/* parts 0: none */
	const char	*fixes;
	size_t		 release;
	unsigned	 line;
};

struct builds_cve {
	struct cve_info	 info;
	const char	*ransomware, *cvss_source, *sources;
	uint64_t	 key;			/* sorts by id */
	size_t		 release;
	unsigned	 line;
};

struct builds_fix {
	size_t		 product, cve;
	size_t		 entry;			/* holds the fix */
	struct build_number group;		/* a build of the CU that was assessed */
};

/* A <fix> element, before it is linked. */
struct builds_note {
	const char	*cve, *cu, *sources, *note;
	struct build_number build;
	unsigned	 line;
};

struct builds_list {
	size_t		 cve, first, n;		/* in fixes */
};

struct builds_arena;
struct builds_rest;

struct builds {
	char		*path;
	char		 sha256[65];
	int32_t		 as_of, kev_as_of;
	unsigned	 line;
	struct builds_rest *rest;		/* what is read when it is asked for; NULL: all is read */
	struct builds_arena *arena;
	struct builds_product *products;
	struct builds_cu *cus;
	struct builds_release *releases;
	struct builds_entry *entries;
	struct builds_cve *cves;
	struct builds_note *notes;
	struct builds_fix *fixes;
	struct builds_list *lists;
	size_t		 nproducts, ncus, nreleases, nentries, ncves, nnotes, nfixes, nlists;
};

/* builds.c */
char   *builds_keep(struct builds *, const char *);	/* lives as long as the table */
/* The array with one more zeroed element at its end; *n counts. */
void   *builds_more(void *array, size_t *n, size_t size);

/* builds_load.c: "file:line: ..." into *err; always false. */
bool	builds_load_fault(struct builds_error *err, const struct builds *, unsigned line,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same table with all that it holds.  Who asks for rows asks for them here first. */
const struct builds *builds_load_rest(const struct builds *);
void	builds_load_free_rest(struct builds *);

/* builds_parse.c: the elements, each checked by itself. */
bool	builds_parse(struct builds *, const void *bytes, size_t n, struct builds_error *err);
/* The root element alone. */
bool	builds_parse_head(struct builds *, const void *bytes, size_t n, struct builds_error *err);

/* builds_link.c: sort them and turn names into indexes. */
bool	builds_link(struct builds *, struct builds_error *err);
/* "CVE-2021-26855", "ADV190004" as a number that sorts; false when it is neither. */
bool	builds_link_key(const char *id, size_t len, uint64_t *key);

/* builds_check.c: does it hold together? */
bool	builds_check_order(const struct builds *, struct builds_error *err); /* before linking */
bool	builds_check(const struct builds *, struct builds_error *err);	/* after it */

/* builds_find.c */
/* The branch of a number: false when no Exchange Server has it. */
bool	builds_find_branch(const struct build_number *, const char **branch, const char **product);
bool	builds_find_online(const struct build_number *);
/* Same CU by number: three parts since 2013, two before. */
bool	builds_find_same_group(const struct build_number *, const struct build_number *);
size_t	builds_find_product(const struct builds *, const char *branch);
/* The first entry that is not below the number; nentries when all are. */
size_t	builds_find_at(const struct builds *, const struct build_number *);
size_t	builds_find_exact(const struct builds *, const struct build_number *);
/* Fill place, product, row, candidates and neighbours; the CU's index. */
struct builds_where {
	size_t	product, cu;		/* BUILDS_NONE when not known */
	size_t	entry;			/* to judge by, for PLACE_EXACT; the newest of the CU for PLACE_NEWER */
};
struct builds_where builds_find_place(const struct builds *, struct build_report *, int32_t as_of);

/* builds_missing.c: missing and newest. */
void	builds_missing(const struct builds *, const struct builds_where *, struct build_report *,
	    int32_t as_of);
/* The newest partial entry of the CU at or below the number, or BUILDS_NONE. */
size_t	builds_missing_partial(const struct builds *, size_t cu, const struct build_number *);

/* builds_support.c */
void	builds_support(const struct builds *, const struct builds_where *, struct build_report *,
	    int32_t as_of);

/* builds_verdict.c: the CVEs. */
void	builds_verdict(const struct builds *, const struct builds_where *, struct build_report *,
	    int32_t as_of);

#endif
