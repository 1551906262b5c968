/*
 * mailreply.h - replies of SMTP (RFC 5321 4.2), IMAP (RFC 9051 7) and POP3
 * (RFC 1939 3, RFC 5034) as one shape: whole or not, good or not, its lines.
 */
#ifndef EXVET_MAILREPLY_H
#define EXVET_MAILREPLY_H

#include "bytes.h"

enum mailreply_read { MAILREPLY_PART, MAILREPLY_WHOLE, MAILREPLY_BAD };

enum mailreply_state {
	MAILREPLY_GOOD,		/* 2xx, OK, +OK */
	MAILREPLY_GO_ON,	/* 3xx, +: more is expected of us */
	MAILREPLY_NO,		/* 4xx, 5xx, NO, BAD, -ERR */
	MAILREPLY_BYE,		/* 421, BYE: the server leaves */
};

struct mailreply {
	enum mailreply_state state;
	struct rd	 last;		/* the line that decides, as sent */
	struct rd	 text;		/* of it, behind the code or word */
	struct rd	 rest;		/* lines for mailreply_line() */
};

/* Take one reply off; the reader is untouched when it is not all there. */
enum mailreply_read mailreply_smtp(struct rd *, struct mailreply *);
/* tag NULL: the greeting. */
enum mailreply_read mailreply_imap(struct rd *, const char *tag, struct mailreply *);
/* lines: a good reply is followed by lines up to a dot. */
enum mailreply_read mailreply_pop(struct rd *, bool lines, struct mailreply *);

/* The next line of the body: SMTP and POP3 without code or dot, IMAP without "* ". */
bool	mailreply_line(struct mailreply *, struct rd *line);

/* The next word of a line, cut at blanks; false at its end. */
bool	mailreply_word(struct rd *line, struct rd *word);
bool	mailreply_is(const struct rd *word, const char *what);	/* without case */

/* Seconds since 1970 of a date "Thu, 5 Dec 2024 08:52:31 +0000" somewhere in a line. */
bool	mailreply_date(struct rd line, int64_t *out);

/*
 * A word that a firewall has overwritten: XXXX or XXXXXXXA for a keyword, or
 * stars.
 */
bool	mailreply_is_masked(const struct rd *word);
/* A line with NUL or other control characters in it: its words may be anything. */
bool	mailreply_is_garbled(const struct rd *line);

#endif
