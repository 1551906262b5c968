/*
 * checklist.h - a user's own STIG Viewer checklist: .ckl (XML) or .cklb (JSON).
 *
 * It belongs to one server and holds the whole benchmark, of which the network
 * shows a few rules.  Those can be filled; every other byte of a .ckl, and
 * every other value of a .cklb, stays as it was.
 */
#ifndef EXVET_CHECKLIST_H
#define EXVET_CHECKLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct checklist;

struct checklist_rule {
	const char	*vuln;		/* "V-259711"; "" */
	const char	*stig;		/* "EX19-MB-000244"; "" */
	bool		 reviewed;	/* somebody, or something, has filled it already */
};

struct checklist_asset {
	const char	*host, *fqdn, *address;		/* "" when not filled */
};

enum { CHECKLIST_WHY = 512 };

/* NULL and "file: why" when it is neither, broken, or without a rule. */
struct checklist *checklist_load(const char *path, char err[CHECKLIST_WHY]);
void	checklist_free(struct checklist *);		/* NULL is fine */
struct checklist_asset checklist_asset(const struct checklist *);
size_t	checklist_count(const struct checklist *);
const struct checklist_rule *checklist_rule(const struct checklist *, size_t i);

enum checklist_status { CHECKLIST_KEEP, CHECKLIST_OPEN, CHECKLIST_NOT_A_FINDING };
/* details are put before those that are there. */
void	checklist_fill(struct checklist *, size_t i, enum checklist_status, const char *details);
void	checklist_write(const struct checklist *, FILE *);

/* ---- between checklist.c and the two formats ---- */

struct checklist_form {
	void	*(*load)(struct checklist *, const char *text, size_t len, char *why, size_t cap);
	void	 (*fill)(void *form, size_t i, enum checklist_status, const char *details);
	void	 (*write)(const void *form, FILE *);
	void	 (*unload)(void *form);
};

extern const struct checklist_form checklist_ckl, store_cklb;

/* Strings are copied. */
void	checklist_add(struct checklist *, const char *vuln, const char *stig, bool reviewed);
void	checklist_set_asset(struct checklist *, const char *host, const char *fqdn,
	    const char *address);

#endif
