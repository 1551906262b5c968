/*
 * target_input.h - the seams inside the target stream: bytes of one input,
 * items read out of them, specs, addresses, exclusions, duplicates.
 *
 *   input (bytes, lines) -> list / masscan / jsonl / nmap (items) -> target.c
 *
 * Only src/target*.c, their tests and their fuzz target include this.
 */
#ifndef EXVET_TARGET_INPUT_H
#define EXVET_TARGET_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

/*
 * An IPv6 address in two halves.  IPv4 is held in its mapped form ::ffff:0:0/96
 * (RFC 4291 section 2.5.5.2), so that one order covers both.
 */
struct target_addr {
	uint64_t	hi, lo;
};

enum { TARGET_ADDR_TEXT = 46 };		/* bytes of the longest text, with its NUL */

bool	target_addr_parse_v4(const char *, size_t, struct target_addr *);
bool	target_addr_parse(const char *, size_t, struct target_addr *);	/* either */
bool	target_addr_is_v4(const struct target_addr *);
int	target_addr_cmp(const struct target_addr *, const struct target_addr *);
/* RFC 5952 text, dotted quad for IPv4; returns buf. */
char   *target_addr_text(const struct target_addr *, char buf[TARGET_ADDR_TEXT]);
void	target_addr_next(struct target_addr *);
/* first and last of the block of that prefix length (0..128) around *a. */
void	target_addr_block(const struct target_addr *a, unsigned prefix,
	    struct target_addr *first, struct target_addr *last);
/* Addresses from first to last; UINT64_MAX when it does not fit. */
uint64_t target_addr_count(const struct target_addr *first, const struct target_addr *last);

/* What one argument or list entry asks for: a name, or addresses first..last. */
struct target_spec {
	bool		 is_name;
	bool		 has_port;
	bool		 plain;		/* http:// */
	uint16_t	 port;
	char		 host[256];	/* name, A-labels, lower case, no final dot */
	struct target_addr first, last;
};

struct target_rules {
	uint16_t	 port;		/* when the entry names none; 0 is 443 */
	bool		 v4_only, v6_only;
	bool		 exclusion;	/* any size, no port, no URL */
};

enum { TARGET_WHY = 160 };		/* bytes of a reason */

/*
 * Read one entry.  False and why ("what is wrong, what was expected") when it
 * is not one; why never repeats the entry, which may hold a password.
 */
bool	target_parse(const char *, size_t, const struct target_rules *,
	    struct target_spec *out, char why[TARGET_WHY]);
/* The same for what a port scanner wrote: one address and a port, nothing else. */
bool	target_parse_endpoint(const char *address, size_t naddress, const char *port,
	    size_t nport, const struct target_rules *, struct target_spec *out,
	    char why[TARGET_WHY]);
/* A host alone, name or address, as DNS and TLS know it. */
bool	target_parse_host(const char *, char out[256], char why[TARGET_WHY]);
uint64_t target_parse_count(const struct target_spec *);

/*
 * The entry as it may be shown: printable, cut, and nothing of a user name or
 * password.  rest is what follows it on its line: an unquoted blank may have
 * cut a password in two.  Returns out.
 */
char   *target_parse_shown(const char *s, size_t n, const char *rest, size_t nrest,
	    char out[128]);

/* One entry of an input, not yet expanded. */
struct target_item {
	struct target_spec spec;
	char		 tag[LIMIT_TAG];
	char		 name[256];	/* SNI and Host when the input names one; "" */
	unsigned long	 line;
};

enum target_format {
	TARGET_FORMAT_NONE,		/* not looked at yet */
	TARGET_FORMAT_LIST, TARGET_FORMAT_MASSCAN, TARGET_FORMAT_JSON, TARGET_FORMAT_NMAP,
};

struct target_input;

/* path "-" is stdin.  NULL: errno. */
struct target_input *target_input_open(const char *path);
/* fd is closed with the input unless it is keep. */
struct target_input *target_input_fd(int fd, bool keep, const char *name);
struct target_input *target_input_memory(const void *, size_t, const char *name);
void	target_input_close(struct target_input *);	/* NULL is fine */

/* quiet: bad lines are counted, not printed. */
void	target_input_set(struct target_input *, const struct target_rules *, bool quiet);
const struct target_rules *target_input_rules(const struct target_input *);
const char *target_input_name(const struct target_input *);
unsigned long target_input_line(const struct target_input *);
uint64_t target_input_bad_lines(const struct target_input *);

/* Byte i from here, reading as needed; -1 at the end or beyond the buffer. */
int	target_input_peek(struct target_input *, size_t i);
void	target_input_skip(struct target_input *, size_t n);	/* peeked bytes */
/* Up to n bytes; 0 at the end, -1 on an error (printed by ..._failed). */
long	target_input_read(struct target_input *, void *, size_t n);
/* What is buffered, at least a byte unless at the end; skip it afterwards. */
size_t	target_input_view(struct target_input *, const char **);

enum target_line { TARGET_LINE, TARGET_LINE_LONG, TARGET_LINE_END };
/*
 * The next line without its end, valid until the next call.  An over-long one
 * is skipped, and only its start is given.
 */
enum target_line target_input_next_line(struct target_input *, const char **, size_t *);

/* Print "exvet: FILE:LINE: 'shown': why", and count; shown may be NULL. */
void	target_input_bad(struct target_input *, unsigned long line, const char *shown,
	    const char *why);
/* Print "exvet: FILE: reason" once: the input is of no use. */
void	target_input_unusable(struct target_input *, const char *reason);
/* True after a read error or ..._unusable: printed. */
bool	target_input_failed(const struct target_input *);

/* State of the format readers, one per input. */
struct target_nmap;
struct target_jsonl;
struct target_format_state {
	enum target_format	 format;
	bool			 begun;		/* a significant line was seen */
	uint64_t		 no_web;	/* hosts that are up without an open web port */
	struct target_nmap	*nmap;
	struct target_jsonl	*jsonl;
};
struct target_format_state *target_input_state(struct target_input *);

/*
 * Find out what the input is, from its first bytes.  False when it is of no
 * use (printed).  Called by target_list_next() when it was not before.
 */
bool	target_list_detect(struct target_input *);
/* The next entry, whatever the format: 1, 0 at the end, -1 when it failed. */
int	target_list_next(struct target_input *, struct target_item *);

/* One line of a list in its columns. */
struct target_columns {
	char		 target[LIMIT_LIST_LINE + 1];
	size_t		 ntarget;
	char		 tag[LIMIT_TAG];
	const char	*rest;
	size_t		 nrest;
	bool		 csv;		/* columns stand between , ; or tabs */
};
enum target_split { TARGET_SPLIT_BLANK, TARGET_SPLIT_ENTRY, TARGET_SPLIT_QUOTE };
enum target_split target_list_split(const char *, size_t, struct target_columns *);

/* masscan -oL: does the line look like it; its item (1), none (0), bad (-1, told). */
bool	target_masscan_looks(const char *, size_t);
int	target_masscan_line(struct target_input *, const char *, size_t, struct target_item *);

/* JSON: objects of masscan -oJ and -oD, and our own results. */
int	target_jsonl_next(struct target_input *, struct target_item *);
void	target_jsonl_free(struct target_jsonl *);

/* One operand, file, pipe or piece of memory among the inputs; fd -1 to begin with. */
struct target_part {
	char		*path;		/* NULL: an operand */
	struct target_spec *spec;	/* the operand; owned */
	const void	*memory;
	size_t		 nmemory;
	int		 fd;		/* kept open: stdin, a pipe, a spool; else -1 */
	bool		 stream;	/* cannot be read twice */
	int64_t		 start;		/* where a kept file began */
};
/* Look at a file and keep what has to be kept; false when it is of no use (printed). */
bool	target_part_file(struct target_part *, const char *path);
struct target_input *target_part_open(const struct target_part *);	/* NULL: errno */
/* A pipe into a file that is already unlinked, so that it can be read twice. */
bool	target_part_spool(struct target_part *);
int64_t	target_part_size(const struct target_part *);	/* INT64_MAX: not known */
void	target_part_clear(struct target_part *);

/* nmap -oX, and masscan -oX. */
bool	target_nmap_begin(struct target_input *);
int	target_nmap_next(struct target_input *, struct target_item *);
void	target_nmap_free(struct target_nmap *);

/* Exclusions: fill, seal, ask.  Sealed it is constant and may be shared. */
struct target_exclude;
struct target_exclude *target_exclude_new(void);
void	target_exclude_free(struct target_exclude *);	/* NULL is fine */
void	target_exclude_add(struct target_exclude *, const struct target_spec *);
void	target_exclude_seal(struct target_exclude *);
bool	target_exclude_addr(const struct target_exclude *, const struct target_addr *);
bool	target_exclude_name(const struct target_exclude *, const char *);
/* Every line of a file; false when one is bad or it cannot be read (printed). */
bool	target_exclude_file(struct target_exclude *, const char *path);

/* The last LIMIT_DEDUP keys seen. */
struct target_dedup;
struct target_dedup *target_dedup_new(size_t limit);
void	target_dedup_free(struct target_dedup *);	/* NULL is fine */
/* True when the key was not there; it is from then on. */
bool	target_dedup_add(struct target_dedup *, const void *, size_t);

/* For tests and the fuzz target: one list in memory, nothing printed when quiet. */
struct config;
struct target_source *target_open_memory(const struct config *, const void *, size_t,
	    const char *name, bool quiet);

#endif
