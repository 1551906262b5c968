/*
 * note.h - how the HTTP probes note what they saw.
 *
 * What one path says is noted at that path.  What the host says everywhere
 * (its Server header, a mark of Exchange) is noted once: by the probe that
 * runs first, and by another one only where it differs.  So the notes do not
 * depend on the order in which replies come in.
 */
#ifndef EXVET_NOTE_H
#define EXVET_NOTE_H

#include <stdint.h>

#include "probe.h"
#include "wire/httptext.h"

#define NOTE_EVIDENCE	256

void	note_text(struct talk *, enum fact, const char *value, const char *evidence);
void	note_number(struct talk *, enum fact, int64_t value, const char *evidence);
/* Unless the first probe, or this one, noted the same value before. */
void	note_once(struct talk *, enum fact, const char *value, const char *evidence);
void	note_once_n(struct talk *, enum fact, const char *value, size_t, const char *evidence);
/* Has this talk's probe noted that? */
bool	note_has(const struct talk *, enum fact, const char *value);
/* "name: value", cut to a length that is fit to print.  Returns buf. */
const char *note_evidence(char buf[NOTE_EVIDENCE], const struct http_header *);
const char *note_quote(char buf[NOTE_EVIDENCE], const char *, size_t);

#endif
