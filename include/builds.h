/*
 * builds.h - the table of builds, updates, fixes and support, and what it
 * says about one build.
 *
 * The table is data/exchange.xml.  It is checked when it is read, whole or in two
 * steps (builds_load_head), and constant from then on: it may be shared by threads.
 */
#ifndef EXVET_BUILDS_H
#define EXVET_BUILDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A build number of 2 to 4 parts; unused parts are 0. */
struct build_number {
	uint32_t	part[4];
	unsigned	parts;
};

/*
 * Read "15.2.1748.39", zero-padded parts allowed ("15.02.1748.039").  False
 * when it is not a build number of two to four parts below 100000.
 */
bool	build_number_parse(const char *, struct build_number *);
/* Write it without padding; buf of at least 48 bytes.  Returns buf. */
char   *build_number_text(const struct build_number *, char *buf);
/* Compare all four parts as numbers. */
int	build_number_cmp(const struct build_number *, const struct build_number *);

/* A day: days since 1970-01-01; BUILDS_NO_DAY when unknown. */
#define BUILDS_NO_DAY	INT32_MIN
bool	builds_day_parse(const char *, int32_t *);	/* "2026-10-13", a real day */
char   *builds_day_text(int32_t, char buf[11]);		/* "" for BUILDS_NO_DAY */
int32_t	builds_day_from(int32_t year, int32_t month, int32_t day);
void	builds_day_split(int32_t, int32_t *year, int32_t *month, int32_t *day);	/* months from 1 */

struct builds;

struct builds_error {
	char		 text[512];	/* "file:line: what is wrong, what was expected" */
};

/*
 * Load the bundled table (path NULL) or the user's.  validate: check against
 * the RELAX NG schema too.  NULL and *err on any fault: nothing runs on half
 * a table.
 */
struct builds *builds_load(const char *path, bool validate, struct builds_error *err);
/*
 * The bundled table for a run that will hardly ask it for a build: its head is
 * read now, the rest when it is asked for.  A fault that is found only then
 * leaves a table without rows, so that nothing is said by half of it.
 */
struct builds *builds_load_head(struct builds_error *err);
const char *builds_fault(const struct builds *);	/* found late; NULL: none so far */
void	builds_free(struct builds *);			/* NULL is fine */
int32_t	builds_as_of(const struct builds *);		/* day of the build data */
int32_t	builds_kev_as_of(const struct builds *);	/* day of the KEV catalogue */
const char *builds_sha256(const struct builds *);	/* of the file, 64 hex digits */
const char *builds_path(const struct builds *);

enum build_kind { KIND_RTM, KIND_SP, KIND_CU, KIND_UR, KIND_SU, KIND_HU, KIND_HOTFIX };
const char *builds_kind_name(enum build_kind);		/* "SU" ... */

/* One row: a released build. */
struct build_row {
	struct build_number number;
	const char	*text;		/* "15.2.1748.39" */
	const char	*product;	/* "Exchange Server 2019" */
	const char	*branch;	/* "2019", "SE" */
	const char	*cu;		/* "CU15", "RTM", "SP3" */
	const char	*update;	/* "Oct25SU"; "" for the CU itself */
	enum build_kind	 kind;
	int32_t		 released;
	const char	*kb;		/* "KB5066366" or "" */
	const char	*sources, *note;
	bool		 partial;	/* March 2021: earlier SUs cannot be read from it */
};

size_t	builds_count(const struct builds *);
const struct build_row *builds_row(const struct builds *, size_t i);	/* by branch age, then build */

enum cve_state {
	CVE_FIXED,		/* the build holds the fix */
	CVE_NEEDS_CONFIG,	/* it does, but a setting decides; not visible */
	CVE_UNDECIDABLE,	/* the evidence allows both */
	CVE_OPEN_PRESUMED,	/* older than every fix, CU never assessed */
	CVE_OPEN,
};
const char *builds_cve_state_name(enum cve_state);

struct cve_info {
	const char	*id;		/* "CVE-2021-26855", "ADV190004" */
	const char	*title, *impact;
	const char	*name;		/* common name, "ProxyLogon", or "" */
	const char	*needs;		/* what must be set besides, or "" */
	double		 cvss;		/* < 0: unknown */
	const char	*cvss_version;
	int32_t		 disclosed;
	bool		 kev, ransomware;
	int32_t		 kev_date;
};

struct cve_verdict {
	const struct cve_info	*cve;
	enum cve_state		 state;
	const struct build_row	*fix;		/* row that holds the fix */
	/* for three parts: how many candidates hold it */
	size_t			 fixed_in, candidates;
};

enum support_status {
	SUPPORT_UNKNOWN, SUPPORT_SUPPORTED, SUPPORT_ESU_1, SUPPORT_ESU_2,
	SUPPORT_ESU_ENDED, SUPPORT_UNSUPPORTED,
};
const char *builds_support_name(enum support_status);

enum build_place {
	PLACE_EXACT,		/* a row of the table */
	PLACE_RANGE,		/* three parts of a known CU: candidates */
	PLACE_BETWEEN,		/* in a known CU, no row; neighbours given */
	PLACE_NEWER,		/* above the newest row of its CU, or a newer CU: newer than the table */
	PLACE_GENERATION,	/* two parts, or an unknown third part: product only, neighbours given */
	PLACE_ONLINE,		/* 15.20: Exchange Online */
	PLACE_UNKNOWN,		/* no Exchange generation */
};

const char *builds_place_name(enum build_place);	/* "exact", "range" ... */

/* What the table says about one build as of a day. */
struct build_report {
	struct build_number	 number;
	enum build_place	 place;
	const char		*product;	/* "" if unknown */
	const char		*branch;
	const char		*cu;		/* "" if unknown */
	const struct build_row	*row;		/* PLACE_EXACT */
	const struct build_row	*below, *above;	/* neighbours, may be NULL */
	const struct build_row	**candidates;	/* PLACE_RANGE, rising */
	size_t			 ncandidates;
	const struct build_row	*newest;	/* newest row of the own CU as of the day */
	const struct build_row	*newest_branch;	/* newest row of the branch */
	const struct build_row	*newer_cu;	/* newest CU base of the branch above ours, or NULL */
	const struct build_row	*newer_hu;	/* newest HU of the own CU above ours, or NULL */
	/*
	 * Security updates of the own CU that are missing, oldest first.  When
	 * missing_known is false these are only the certain ones: for a range,
	 * what even its newest candidate misses, and *missing_worst is what its
	 * oldest misses; undetermined are those that a partial update (March
	 * 2021) hides, which may be there or not.
	 */
	bool			 missing_known;
	const struct build_row	**missing, **missing_worst, **undetermined;
	size_t			 nmissing, nmissing_worst, nundetermined;
	int32_t			 days_behind;	/* since the first missing; 0: none; -1: unknown */
	int32_t			 days_behind_worst; /* the same for missing_worst */
	enum support_status	 support;
	/* Last day of that status, or the last day of support; BUILDS_NO_DAY. */
	int32_t			 support_until;
	struct cve_verdict	*cves;		/* worst first: state, KEV, CVSS, newest */
	size_t			 ncves;
	size_t			 count[CVE_OPEN + 1];	/* by state */
	size_t			 kev_open;	/* open or presumed, and known-exploited */
};

/* as_of: updates released and CVEs disclosed after that day do not count. */
struct build_report *builds_report(const struct builds *, const struct build_number *,
	    int32_t as_of);
void	builds_report_free(struct build_report *);	/* NULL is fine */

#endif
