/* health.h - what a reply to healthcheck.htm says; for the probe and its test. */
#ifndef EXVET_HEALTH_H
#define EXVET_HEALTH_H

#include "probe.h"

/* The name in a body "200 OK<br/>SERVER.FQDN", and nothing else. */
bool	health_server(const char *body, size_t, const char **name, size_t *);
/* up, down, stopped, absent, asks-for-log-on, refused, redirected, unclear. */
const char *health_state(const struct http_reply *);

#endif
