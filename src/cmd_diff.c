/* cmd_diff.c - `exvet diff OLD NEW`: what changed; a report with --compare and nothing else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "builds.h"
#include "cmd.h"
#include "config.h"

/* text, csv and jsonl are the formats of changes here; false: another one. */
static bool
translate(const char *spec, char **out)
{
	static const struct {
		const char *word, *format;
	} formats[] = {
		{ "text", "changes" }, { "csv", "changes-csv" }, { "jsonl", "changes-jsonl" },
		{ "changes", "changes" }, { "changes-csv", "changes-csv" },
		{ "changes-jsonl", "changes-jsonl" },
	};
	size_t n = strcspn(spec, ":");

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strlen(formats[i].word) == n && strncmp(formats[i].word, spec, n) == 0) {
			*out = text_printf("%s%s", formats[i].format, spec + n);
			return true;
		}
	fprintf(stderr, "exvet: diff: -o %s: expected text, csv or jsonl\n", spec);
	return false;
}

int
cmd_diff(const struct config *c, char **args)
{
	struct config own = *c;
	struct config_list outputs = { 0 };
	int status = CMD_USAGE;
	bool good = args[0] != NULL && args[1] != NULL && args[2] == NULL;

	if (!good)
		fputs("exvet: diff: expected OLD.jsonl and NEW.jsonl\n", stderr);
	for (size_t i = 0; good && i < (c->outputs.n > 0 ? c->outputs.n : 1); i++) {
		char *spec = NULL;

		good = translate(c->outputs.n > 0 ? c->outputs.v[i] : "text", &spec);
		outputs.v = text_grow(outputs.v, outputs.n + 1, sizeof(*outputs.v));
		outputs.v[outputs.n++] = spec;
	}
	if (good) {
		own.outputs = outputs;
		own.compare = args[0];
		own.own_day = c->as_of == BUILDS_NO_DAY;
		status = cmd_report(&own, args + 1);
	}
	for (size_t i = 0; i < outputs.n; i++)
		free(outputs.v[i]);
	free(outputs.v);
	return status;
}
