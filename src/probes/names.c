/* names.c - what an NTLM challenge tells about the server that sent it. */
#include <stdio.h>

#include "probes/names.h"
#include "probes/note.h"

static void
note_name(struct talk *talk, enum fact fact, const struct ntlm_name *name)
{
	if (name->len > 0)
		obs_text_n(talk->obs, fact, talk->at, talk->probe, name->text, name->len, "");
}

void
names_note(struct talk *talk, const struct ntlm_challenge *c)
{
	const struct ntlm_name *domain = &c->domain_nb, *computer = &c->computer_nb;
	char version[48];

	/* Without target info the target name is all there is (MS-NLMP 2.2.1.2). */
	if (domain->len == 0 && (c->flags & NTLM_FLAG_TARGET_DOMAIN) != 0)
		domain = &c->target;
	if (computer->len == 0 && (c->flags & NTLM_FLAG_TARGET_SERVER) != 0)
		computer = &c->target;
	note_name(talk, FACT_NTLM_DOMAIN_NB, domain);
	note_name(talk, FACT_NTLM_COMPUTER_NB, computer);
	note_name(talk, FACT_NTLM_DOMAIN_DNS, &c->domain_dns);
	note_name(talk, FACT_NTLM_COMPUTER_DNS, &c->computer_dns);
	note_name(talk, FACT_NTLM_FOREST, &c->forest);
	if (c->has_version) {
		(void)snprintf(version, sizeof(version), "%u.%u.%u", c->major, c->minor, c->build);
		note_text(talk, FACT_NTLM_OS, version, "VERSION of the NTLM challenge");
	}
	for (unsigned bit = 1; ntlm_odd_name(bit) != NULL; bit <<= 1)
		if ((c->odd & bit) != 0)
			note_text(talk, FACT_NTLM_ODD, ntlm_odd_name(bit), "");
	if (c->has_time)
		note_number(talk, FACT_NTLM_SKEW, c->time - talk->now, "");
}
