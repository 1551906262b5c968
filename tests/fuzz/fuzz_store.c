/*
 * fuzz_store.c - any bytes as stored results: what is read is judged and
 * written, and what was written reads back, is judged and written the same.
 */
#include "config-build.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct policy policy = {
	.grace_days = 7, .table_stale_days = 35, .cert_warn_days = 30, .cert_fail_days = 7,
	.skew_seconds = 300,
};

/* What no input may bring about. */
static void
require(bool holds)
{
	if (!holds)
		abort();
}

static const struct builds *
table(void)
{
	static struct builds *builds;		/* once for all inputs */
	const char *path = getenv("EXVET_TABLE");
	struct builds_error err;

	if (builds == NULL)
		builds = builds_load(path != NULL ? path : "data/exchange.xml", false, &err);
	require(builds != NULL);
	return builds;
}

static char *
write_one(const struct result *r, size_t *len)
{
	struct report_run run = { .builds = table(), .as_of = 20781 };	/* 2026-11-24 */
	struct judgement *j = rule_judge(r, run.builds, &policy, run.as_of);
	char *line = NULL;
	FILE *f = open_memstream(&line, len);

	require(f != NULL);
	store_write(f, &run, &(struct report){ .result = r, .judgement = j });
	require(fclose(f) == 0);
	rule_judgement_free(j);
	return line;
}

static void
read_again(const char *line, size_t len)
{
	FILE *f = fmemopen((void *)(uintptr_t)line, len, "r");
	struct store_reader *reader;
	struct result *r;
	size_t again;
	char *twice;

	require(f != NULL);
	reader = store_open_stream(f, "again");
	require(store_next(reader, &r) == 1);
	twice = write_one(r, &again);
	require(again == len && memcmp(twice, line, len) == 0);
	result_free(r);
	require(store_next(reader, &r) == 0);
	store_close(reader);
	free(twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	FILE *f = n > 0 ? fmemopen((void *)(uintptr_t)p, n, "r") : NULL;
	struct store_reader *reader;
	struct result *r;
	int got;

	if (f == NULL)
		return 0;
	reader = store_open_stream(f, "fuzz");
	while ((got = store_next(reader, &r)) != 0) {
		size_t len;
		char *line;

		if (got < 0)
			continue;
		line = write_one(r, &len);
		result_free(r);
		read_again(line, len);
		free(line);
	}
	store_close(reader);
	return 0;
}
