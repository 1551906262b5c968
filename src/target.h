/*
 * target.h - what to scan: one stream of targets out of every kind of input.
 *
 * Names, name:port, [v6]:port, URLs, addresses, CIDR, ranges, files, stdin,
 * and files whose content says nmap XML, masscan -oL/-oJ or our own JSON
 * Lines.  Inputs are streamed: memory does not grow with the list.
 */
#ifndef EXVET_TARGET_H
#define EXVET_TARGET_H

#include <stdbool.h>
#include <stdint.h>

struct config;

struct target {
	char	*text;		/* normalised: host, host:port when not 443, [v6]:port */
	char	*host;		/* name (A-label) or address, without brackets */
	bool	 is_address;
	uint16_t port;		/* 443 unless given */
	bool	 plain;		/* http:// rather than https:// */
	char	*tag;		/* "" if none */
	char	*source;	/* "file:line" or "argument" for messages */
};

struct target_source;

/*
 * args: operands of the command, ended by NULL.  With --strict every file is
 * read once in full before the first target is handed out (stdin is refused
 * an early start: it is read whole).  NULL on a mistake, which was printed:
 * exit status 2.
 */
struct target_source *target_open(const struct config *, char **args);

/*
 * The next target: 1 and *out filled; 0 at the end; -1 when the input can not
 * be read on (printed).  Malformed lines are printed as file:line and skipped.
 * Excluded targets and duplicates are skipped.  Not thread-safe; may block on
 * stdin.
 */
int	target_next(struct target_source *, struct target *out);
void	target_clear(struct target *);			/* frees what *out owns */
bool	target_is_excluded(const struct target_source *, const char *address);
uint64_t target_bad_lines(const struct target_source *);
uint64_t target_given(const struct target_source *);	/* handed out so far */
/* How many there will be when that is known already, 0 when not. */
uint64_t target_total(const struct target_source *);
void	target_close(struct target_source *);		/* NULL is fine */

#endif
