/* mdoc.c - plain text of our tables as mdoc(7). */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mdoc.h"
#include "base/text.h"

enum { LINE_MAX_BYTES = 78 };

static void
print_byte(FILE *out, char c)
{
	if (c == '\\')
		fputs("\\e", out);
	else if (c == '`')
		fputs("\\(ga", out);
	else if (c == '\'')
		fputs("\\(aq", out);
	else
		fputc(c, out);
}

void
mdoc_text(FILE *out, const char *s)
{
	size_t used = 0;

	while (*(s += strspn(s, " ")) != '\0') {
		size_t n = strcspn(s, " ");

		if (used > 0 && used + 1 + n > LINE_MAX_BYTES) {
			fputc('\n', out);
			used = 0;
		}
		if (used > 0)
			fputc(' ', out);
		else if (s[0] == '.' || s[0] == '\'')
			fputs("\\&", out);
		for (size_t i = 0; i < n; i++)
			print_byte(out, s[i]);
		used += n + (used > 0);
		/* the end of a sentence ends the line */
		if (s[n - 1] == '.' && s[n] == ' ' && s[n + 1] == ' ') {
			fputc('\n', out);
			used = 0;
		}
		s += n;
	}
	if (used > 0)
		fputc('\n', out);
}

/* A word in small letters first, not a name such as healthcheck.htm. */
static bool
is_word(const char *s)
{
	s += strspn(s, "abcdefghijklmnopqrstuvwxyz");
	return *s == '\0' || *s == ' ' || s[1] == '\0' || s[1] == ' ';
}

void
mdoc_sentence(FILE *out, const char *s)
{
	size_t n = strlen(s);
	char *whole = text_printf("%s%s", s, n > 0 && strchr(".!?", s[n - 1]) != NULL ? "" : ".");

	if (is_word(whole))
		whole[0] = (char)toupper((unsigned char)whole[0]);
	mdoc_text(out, whole);
	free(whole);
}

/* Punctuation that stands alone would be taken for the macro's. */
void
mdoc_argument(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s != '\0'; s++) {
		if (*s == '"')
			fputs("\\(dq", out);
		else
			print_byte(out, *s);
	}
	fputc('"', out);
}
