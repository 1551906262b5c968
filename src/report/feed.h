/*
 * feed.h - what a CERT's feed needs of one server: is it vulnerable, in which
 * words.  Shared by the formats shadowserver and intelmq.
 */
#ifndef EXVET_FEED_H
#define EXVET_FEED_H

#include "base/text.h"
#include "report.h"

/*
 * An Exchange server that surely lacks security updates, has a known flaw open
 * or is out of support; what is only perhaps so is in no feed.
 */
bool	feed_is_vulnerable(const struct report *);
/* "exchange;cve-2021-26855;...;eol": the open flaws that attackers use; owned. */
char   *feed_tag(const struct report *);
/* Name of the server by its own words, or "". */
const char *feed_server_name(const struct report *);
/* The target's host when it is a name of the DNS in lower case, else "". */
char   *feed_host(const struct report *);

#endif
