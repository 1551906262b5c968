/* wrap.c - text in lines of a terminal's width. */
#include <string.h>

#include "base/wrap.h"

enum { WIDTH = 79 };

void
wrap_print(FILE *out, const char *text, int at, const char *prefix)
{
	int used = at;

	while (*(text += strspn(text, " ")) != '\0') {
		int n = (int)strcspn(text, " ");

		if (used > at && used + 1 + n > WIDTH) {
			fprintf(out, "\n%*s%s", at - (int)strlen(prefix), "", prefix);
			used = at;
		}
		if (used > at)
			fputc(' ', out);
		used += n + (used > at);
		fprintf(out, "%.*s", n, text);
		text += n;
	}
	fputc('\n', out);
}
