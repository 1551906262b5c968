/* card_parts.h - the paragraphs of a card. */
#ifndef EXVET_CARD_PARTS_H
#define EXVET_CARD_PARTS_H

#include "paint.h"
#include "report.h"

/* "  Label      text", wrapped under the text. */
void	card_line(const struct paint *, const char *label, enum ink, const char *text);
/* Support, what is behind, which CVEs are open. */
void	card_patch(const struct paint *, const struct report_run *, const struct judgement *);
/* TLS and the certificate; all of it with -v. */
void	card_tls(const struct paint *, const struct report_run *, const struct result *);
/* With -v: the state of each protocol, and how long each step took. */
void	card_health(const struct paint *, const struct report_run *, const struct result *);
void	card_findings(const struct paint *, const struct report_run *, const struct report *);
void	card_seen_errors(const struct paint *, const struct report_run *, const struct result *);
void	card_seen_observations(const struct paint *, const struct report_run *, const struct result *);

#endif
