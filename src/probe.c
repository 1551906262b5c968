/* probe.c - what every probe may ask: a header of a reply, a probe by name. */
#include <string.h>

#include "base/text.h"
#include "probe.h"

const char *
http_reply_header(const struct http_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->nheaders; i++)
		if (text_eq_nocase(reply->headers[i].name, name))
			return reply->headers[i].value;
	return NULL;
}

const struct probe *
probe_find(const char *name)
{
	for (const struct probe *const *p = probe_table; *p != NULL; p++)
		if (strcmp((*p)->name, name) == 0)
			return *p;
	return NULL;
}

bool
probe_in_profile(const struct probe *probe, enum probe_flag profile)
{
	return (probe->flags & (unsigned)profile) != 0;
}
