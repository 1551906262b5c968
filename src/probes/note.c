/* note.c - how the HTTP probes note what they saw. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "probes/note.h"

void
note_text(struct talk *talk, enum fact fact, const char *value, const char *evidence)
{
	obs_text(talk->obs, fact, talk->at, talk->probe, value, evidence);
}

void
note_number(struct talk *talk, enum fact fact, int64_t value, const char *evidence)
{
	obs_number(talk->obs, fact, talk->at, talk->probe, value, evidence);
}

static bool
is_first(const char *probe)
{
	const struct probe *p = probe_find(probe);

	return p != NULL && (p->flags & PROBE_FIRST) != 0;
}

void
note_once_n(struct talk *talk, enum fact fact, const char *value, size_t len,
    const char *evidence)
{
	char printable[LIMIT_OBS_TEXT + 1];
	const struct observation *k;

	(void)text_printable(printable, sizeof(printable), value, len);
	for (k = obs_first(talk->obs, fact); k != NULL; k = obs_next(talk->obs, k))
		if (strcmp(k->text, printable) == 0 &&
		    (strcmp(k->probe, talk->probe) == 0 || is_first(k->probe)))
			return;
	obs_text_n(talk->obs, fact, talk->at, talk->probe, value, len, evidence);
}

void
note_once(struct talk *talk, enum fact fact, const char *value, const char *evidence)
{
	note_once_n(talk, fact, value, strlen(value), evidence);
}

bool
note_has(const struct talk *talk, enum fact fact, const char *value)
{
	const struct observation *k;

	for (k = obs_first(talk->obs, fact); k != NULL; k = obs_next(talk->obs, k))
		if (strcmp(k->probe, talk->probe) == 0 &&
		    (value == NULL || strcmp(k->text, value) == 0))
			return true;
	return false;
}

const char *
note_evidence(char buf[NOTE_EVIDENCE], const struct http_header *h)
{
	(void)snprintf(buf, NOTE_EVIDENCE, "%.60s: %.190s", h->name, h->value);
	return buf;
}

const char *
note_quote(char buf[NOTE_EVIDENCE], const char *p, size_t len)
{
	size_t n = len < NOTE_EVIDENCE - 1 ? len : NOTE_EVIDENCE - 1;

	for (size_t i = 0; i < n; i++)
		buf[i] = p[i] != '\0' ? p[i] : ' ';
	buf[n] = '\0';
	return buf;
}
