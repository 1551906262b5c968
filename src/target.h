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
	/*
	 * normalised: host, host:port when not 443, [v6]:port; http://host, or
	 * http://host:port when not 80, when plain.  Given again it is the same
	 * target.
	 */
	char	*text;
	char	*host;		/* name (A-label) or address, without brackets */
	char	*name;		/* for SNI and Host where the input names one (nmap); NULL: host */
	bool	 is_address;
	uint16_t port;		/* 443 unless given */
	bool	 plain;		/* http:// rather than https:// */
	char	*tag;		/* "" if none */
	char	*source;	/* "file:line" or "argument" for messages */
};

struct target_source;

/*
 * args: operands of the command, ended by NULL; the files of config->inputs
 * come after them.  The port of an entry that names none is the last bare
 * NUMBER of config->ports, else 443.
 *
 * NULL on a mistake, which was printed: exit status 2.  A mistake is: a bad
 * operand, a bad exclusion, a file that cannot be read or is no list, nothing
 * to scan where that can be known at once (no input is a pipe), and with
 * config->strict any bad line of any input: each is then read once in full
 * before the first target is handed out, a pipe into a temporary file.
 */
struct target_source *target_open(const struct config *, char **args);

/*
 * The next target: 1 and *out filled; 0 at the end; -1 when an input can not
 * be read on (printed; the next call goes on with the next input).  Malformed
 * lines are printed as file:line and skipped.  Excluded targets and duplicates
 * (same host, port and scheme; the last LIMIT_DEDUP are remembered) are
 * skipped and counted.  One thread only; may block on a pipe, a line at a time.
 */
int	target_next(struct target_source *, struct target *out);
void	target_clear(struct target *);			/* frees what *out owns */

/*
 * Must that address not be spoken to?  Also for addresses that a name resolved
 * to; a zone (%eth0) is ignored.  False for what is no address.  This and the
 * counts below may be called from any thread.
 */
bool	target_is_excluded(const struct target_source *, const char *address);
uint64_t target_bad_lines(const struct target_source *);
uint64_t target_given(const struct target_source *);	/* handed out so far */
uint64_t target_duplicates(const struct target_source *); /* dropped so far */
uint64_t target_excluded(const struct target_source *);	/* left out so far */
uint64_t target_broken(const struct target_source *);	/* inputs that could not be read to their end */
/* Hosts of nmap files that are up without an open web port: no targets. */
uint64_t target_no_web(const struct target_source *);
/*
 * How many there will be when that is known already, 0 when not (pipes, files
 * of many megabytes); less the duplicates and excluded ones met so far.
 */
uint64_t target_total(const struct target_source *);
void	target_close(struct target_source *);		/* NULL is fine */

#endif
