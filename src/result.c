/* result.c - what one scan of one target at one address saw. */
#include "config-build.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/text.h"
#include "result.h"

struct result *
result_new(void)
{
	struct result *r = text_alloc(sizeof(*r));

	r->target = text_dup("");
	r->tag = text_dup("");
	r->address = text_dup("");
	r->vantage = text_dup("");
	r->profile = text_dup("");
	r->probes = text_dup("");
	r->finished = true;
	r->obs = obs_new();
	return r;
}

void
result_free(struct result *r)
{
	if (r == NULL)
		return;
	free(r->target);
	free(r->tag);
	free(r->address);
	free(r->vantage);
	free(r->profile);
	free(r->probes);
	obs_free(r->obs);
	free(r);
}

char *
result_time(int64_t ms, char buf[RESULT_TIME_MAX])
{
	time_t seconds = (time_t)(ms / 1000);
	size_t n = 0;
	struct tm tm;

	if (ms >= 0 && gmtime_r(&seconds, &tm) != NULL)
		n = strftime(buf, RESULT_TIME_MAX - 8, "%Y-%m-%dT%H:%M:%S", &tm);
	buf[n] = '\0';
	if (n > 0)
		(void)snprintf(buf + n, RESULT_TIME_MAX - n, ".%03dZ", (int)(ms % 1000));
	return buf;
}
