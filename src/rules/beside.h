/*
 * beside.h - what stands beside the web of a server and takes a relayed log-on:
 * SMB without required signing, NTLM in SMTP, IMAP and POP3; and what of it was
 * not seen.
 */
#ifndef EXVET_RULES_BESIDE_H
#define EXVET_RULES_BESIDE_H

#include "rule.h"

/* Signing that is not required, of SMB 2 and 3 or of SMB 1; NULL: none was seen. */
const struct observation *beside_smb(const struct obs *);
/* NTLM offered by SMTP: as AUTH, or as X-EXPS to other servers. */
const struct observation *beside_smtp(const struct obs *);
/* X-EXPS alone: offered to servers, and to whoever relays as one. */
const struct observation *beside_exps(const struct obs *);
const struct observation *beside_mailbox(const struct obs *);
/* STARTTLS of an SMTP service that neither worked nor is missing: the inside was not seen. */
const struct observation *beside_half(const struct obs *);
/* "SMB and SMTP", "SMB 1", "what mail:25 offers inside TLS"; NULL: nothing.  The caller frees it. */
char   *beside_unseen(const struct obs *);

#endif
