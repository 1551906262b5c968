/*
 * import.h - what Microsoft's HealthChecker.ps1 saw on the servers themselves.
 *
 * Two of its files are read: the report of -VulnerabilityReport (JSON) and the
 * data that a run exports (XML of Export-Clixml).  A server is matched by the
 * names that the network showed.  Where the network could not see or decide,
 * the server's own word fills the row, and says so; where both are decided and
 * differ, the network's verdict stays and the difference is a finding.
 */
#ifndef EXVET_IMPORT_H
#define EXVET_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rule.h"

enum import_flag { IMPORT_UNKNOWN, IMPORT_NO, IMPORT_YES };
enum { IMPORT_TLS = 4 };		/* TLS 1.0 to 1.3 */

struct import_row {
	char		*name, *value;		/* "AMSI Enabled", "True" */
};

struct import_server {
	char		*name, *fqdn;		/* "" when not given */
	char		*build;			/* normalised; "" */
	char		*source;		/* "HealthChecker 25.10.1 of 2026-11-01" */
	char		*file;
	enum import_flag tls[IMPORT_TLS];	/* Schannel's server side lets it */
	enum import_flag smb1, smb_requires;
	enum import_flag vulnerable;		/* anything, by its own tests */
	char		**flaws;		/* "CVE-2021-34470", also other words */
	size_t		 nflaws;
	struct import_row *rows;		/* what it says of things that no scan sees */
	size_t		 nrows;
	size_t		 number;		/* in the order of the files */
	bool		 used;
};

struct import;

struct import *import_new(void);
void	import_free(struct import *);			/* NULL is fine */
/* False with a message when the file cannot be read or is neither of the two. */
bool	import_file(struct import *, const char *path);
/* The same for bytes from elsewhere: get as for xml_open_read(). */
bool	import_read(struct import *, const char *name,
	    long (*get)(void *arg, void *buf, size_t n), void *arg);
size_t	import_count(const struct import *);
const struct import_server *import_server(const struct import *, size_t i);
/* The server that the result is about; NULL.  *several: more than one claims it. */
struct import_server *import_match(struct import *, const struct result *, bool *several);
/* Fill what the network could not tell, and say where the two disagree. */
void	import_apply(struct import *, const struct result *, const struct builds *,
	    const struct policy *, int32_t as_of, struct judgement *);

/* ---- for the readers of the two formats ---- */

/* Its strings are "" until set. */
struct import_server *import_add(struct import *, const char *file);	/* NULL: too many */
/* Printable, at most 255 bytes. */
void	import_set(char **field, const char *value);
void	import_set_build(struct import_server *, const char *value);	/* others are ignored */
/* One name or several with commas between; known ones are not added again. */
void	import_add_flaw(struct import_server *, const char *names);
bool	import_has_flaw(const struct import_server *, const char *name);
void	import_add_row(struct import_server *, const char *name, const char *value);
const char *import_row_value(const struct import_server *, const char *name);	/* NULL */
/* Take back the server that was added last. */
void	import_drop(struct import *);
/*
 * get gives the bytes of the file, as for xml_open_read().  Messages go to
 * stderr as "exvet: FILE:LINE: why".
 */
bool	import_clixml(struct import *, const char *path,
	    long (*get)(void *arg, void *buf, size_t n), void *arg);
/* The text of the file, UTF-8. */
bool	store_import(struct import *, const char *path, const char *text, size_t n);

#endif
