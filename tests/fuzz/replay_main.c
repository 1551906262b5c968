/*
 * replay_main.c - run a fuzz target over every file of a folder, without
 * libFuzzer, and say so in TAP.
 *
 * The folder is the first argument, or the environment's top_srcdir followed
 * by REPLAY_CORPUS, which each program is compiled with.  An empty folder fails.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A file's bytes in memory of exactly that size, so that ASan sees its end. */
static uint8_t *
read_whole(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	struct text_buf b = { 0 };
	uint8_t *exact = NULL;
	char buf[65536];
	size_t got;

	if (f == NULL)
		return NULL;
	while ((got = fread(buf, 1, sizeof(buf), f)) > 0)
		text_buf_add(&b, buf, got);
	if (ferror(f) == 0) {
		exact = malloc(b.len != 0 ? b.len : 1);
		if (exact != NULL && b.len != 0)
			memcpy(exact, b.s, b.len);
		*n = b.len;
	}
	(void)fclose(f);
	text_buf_free(&b);
	return exact;
}

int
main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	char *folder = argc > 1 ? text_dup(argv[1]) :
	    text_printf("%s/%s", top != NULL ? top : ".", REPLAY_CORPUS);
	struct dirent **names = NULL;
	int found = scandir(folder, &names, NULL, alphasort), tests = 0, bad = 0;

	for (int i = 0; i < found; i++) {
		char *path = text_printf("%s/%s", folder, names[i]->d_name);
		size_t n = 0;
		uint8_t *p = names[i]->d_name[0] != '.' ? read_whole(path, &n) : NULL;

		if (names[i]->d_name[0] != '.') {
			if (p != NULL)
				(void)LLVMFuzzerTestOneInput(p, n);
			bad += p == NULL;
			printf("%s %d - %s\n", p != NULL ? "ok" : "not ok", ++tests,
			    names[i]->d_name);
			(void)fflush(stdout);
		}
		free(p);
		free(path);
		free(names[i]);
	}
	free(names);
	if (tests == 0)
		printf("not ok 1 - %s holds no file to replay\n", folder);
	printf("1..%d\n", tests != 0 ? tests : 1);
	free(folder);
	return tests == 0 || bad != 0;
}
