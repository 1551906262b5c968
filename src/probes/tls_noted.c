/* tls_noted.c - what the talks of one probe have noted of a version of TLS so far. */
#include <string.h>

#include "probes/tls_chain.h"
#include "probes/tls_noted.h"
#include "wire/tls_names.h"

const struct observation *
tls_noted_next(const struct talk *t, enum fact fact, uint16_t version, const struct observation *after,
    const char **word)
{
	const char *name = tls_names_version(version);
	const struct observation *k = after == NULL ? obs_first(t->obs, fact) :
	    obs_next(t->obs, after);
	size_t n = strlen(name);

	for (; k != NULL; k = obs_next(t->obs, k)) {
		if (strncmp(k->text, name, n) != 0 || (k->text[n] != ' ' && k->text[n] != '\0') ||
		    strcmp(k->at, t->at) != 0 || strcmp(k->probe, t->probe) != 0)
			continue;
		*word = k->text + n + (k->text[n] == ' ');
		return k;
	}
	return NULL;
}

bool
tls_noted_has(const struct talk *t, enum fact fact, uint16_t version)
{
	const char *word;

	return tls_noted_next(t, fact, version, NULL, &word) != NULL;
}

bool
tls_noted_is(const struct talk *t, enum fact fact, uint16_t version, const char *wanted)
{
	const struct observation *k = NULL;
	const char *word;

	while ((k = tls_noted_next(t, fact, version, k, &word)) != NULL)
		if (strcmp(word, wanted) == 0)
			return true;
	return false;
}

bool
tls_noted_flag(const struct talk *t, enum fact fact)
{
	const struct observation *k = NULL;

	while ((k = obs_next_at(t->obs, fact, t->at, k)) != NULL)
		if (strcmp(k->probe, t->probe) == 0)
			return true;
	return false;
}

bool
tls_noted_picky(const struct talk *t, uint16_t version)
{
	const char *word;
	const struct observation *k = tls_noted_next(t, FACT_TLS_OFFERED, version, NULL, &word);

	return k != NULL && strcmp(k->evidence, TLS_CHAIN_PICKY) == 0;
}
