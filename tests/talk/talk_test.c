/* talk_test.c - every recorded conversation of this folder, one test each. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "replay.h"

static int
is_talk(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 5 && strcmp(d->d_name + n - 5, ".talk") == 0;
}

int
main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	char *folder = argc > 1 ? text_dup(argv[1]) :
	    text_printf("%s/tests/talk", top != NULL ? top : ".");
	struct dirent **names = NULL;
	int n = scandir(folder, &names, is_talk, alphasort), bad = 0;

	printf("1..%d\n", n > 0 ? n : 1);
	for (int i = 0; i < n; i++) {
		char *path = text_printf("%s/%s", folder, names[i]->d_name);
		struct text_buf why = { 0 };

		if (replay_file(path, &why) == 0)
			text_buf_str(&why, "holds no expectation\n");
		printf("%sok %d - %s\n", why.len != 0 ? "not " : "", i + 1, names[i]->d_name);
		for (const char *p = why.s, *end; p != NULL && *p != '\0'; p = end + 1) {
			end = strchr(p, '\n');
			printf("# %.*s\n", (int)(end - p), p);
		}
		bad += why.len != 0;
		text_buf_free(&why);
		free(path);
		free(names[i]);
	}
	if (n <= 0)
		printf("not ok 1 - %s holds no talk\n", folder);
	free(names);
	free(folder);
	return bad != 0 || n <= 0;
}
