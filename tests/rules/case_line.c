/* case_line.c - reads the lines of a case file of rules. */
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case_line.h"

void
case_bail(const char *fmt, ...)
{
	va_list ap;

	printf("Bail out! ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	exit(1);
}

char *
case_slurp(const char *dir, const char *name)
{
	char *path = text_printf("%s/%s", dir, name);
	struct text_buf all = { 0 };
	char chunk[4096];
	size_t n;
	FILE *f = fopen(path, "r");

	if (f == NULL)
		case_bail("%s cannot be read", path);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		text_buf_add(&all, chunk, n);
	(void)fclose(f);
	free(path);
	return all.s != NULL ? all.s : text_dup("");
}

/* The next line, cut at its end; NULL at the end of the text. */
char *
case_line_of(char **text)
{
	char *line = *text, *end;

	if (*line == '\0')
		return NULL;
	end = strchr(line, '\n');
	if (end != NULL)
		*end++ = '\0';
	else
		end = line + strlen(line);
	*text = end;
	return line;
}

/* "WORD rest": is it that word?  The rest without blanks in front. */
char *
case_after(char *line, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(line, word, n) != 0 || (line[n] != ' ' && line[n] != '\0'))
		return NULL;
	line += n;
	return line + strspn(line, " ");
}

/* Cut "a | b | c" into three; missing ones are empty. */
void
case_split(char *line, const char *part[3])
{
	for (size_t i = 0; i < 3; i++) {
		char *bar = i < 2 ? strstr(line, " | ") : NULL;

		part[i] = line;
		if (bar == NULL) {
			line += strlen(line);
			continue;
		}
		*bar = '\0';
		line = bar + 3;
	}
}

/* Take "PROBE/" off the front of a line; "case" when there is none. */
const char *
case_probe_of(char **line)
{
	char *slash = strchr(*line, '/'), *bar = strstr(*line, " | "), *name = *line;

	if (slash == NULL || bar == NULL || slash > bar)
		return "case";
	*slash = '\0';
	*line = slash + 1;
	return name;
}

void
case_observe(struct obs *obs, char *line)
{
	const char *part[3], *probe = case_probe_of(&line), *evidence = "";
	enum fact fact;
	int64_t number;
	char *bar;

	case_split(line, part);
	if ((bar = strstr(part[2], " | ")) != NULL) {
		*bar = '\0';
		evidence = bar + 3;
	}
	if (!obs_fact_find(part[0], &fact))
		case_bail("no fact %s", part[0]);
	if (obs_fact(fact)->type == FACT_TYPE_TEXT || obs_fact(fact)->type == FACT_TYPE_BUILD)
		obs_text(obs, fact, part[1], probe, part[2], evidence);
	else if (text_number(part[2], INT64_MIN, INT64_MAX, &number))
		obs_number(obs, fact, part[1], probe, number, evidence);
	else
		case_bail("no number: %s", part[2]);
}
