/* names.h - what an NTLM challenge tells about the server that sent it. */
#ifndef EXVET_NAMES_H
#define EXVET_NAMES_H

#include "probe.h"
#include "wire/ntlm.h"

/* Facts that it gives; for the list of a probe. */
#define NAMES_GIVES \
	FACT_NTLM_DOMAIN_NB, FACT_NTLM_COMPUTER_NB, FACT_NTLM_DOMAIN_DNS, \
	FACT_NTLM_COMPUTER_DNS, FACT_NTLM_FOREST, FACT_NTLM_OS, FACT_NTLM_ODD, FACT_NTLM_SKEW

void	names_note(struct talk *, const struct ntlm_challenge *);

#endif
