/* datafile.c - where exvet's own data lie, and a file read whole. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/datafile.h"
#include "base/text.h"

/* The folder of the running program, without a slash at its end; NULL where unknown. */
static char *
program_folder(void)
{
	char path[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n <= 0)
		return NULL;
	path[n] = '\0';
	slash = strrchr(path, '/');
	return slash != NULL ? text_dup_n(path, (size_t)(slash - path)) : NULL;
}

char *
datafile_path(const char *name)
{
	static const char *const beside[] = { "../data", "../share/exvet" };
	const char *dir = getenv("EXVET_DATADIR");
	char *folder, *path = NULL;

	if (dir != NULL && *dir != '\0')
		return text_printf("%s/%s", dir, name);
	folder = program_folder();
	for (size_t i = 0; folder != NULL && path == NULL && i < sizeof(beside) / sizeof(beside[0]); i++) {
		path = text_printf("%s/%s/%s", folder, beside[i], name);
		if (access(path, R_OK) == 0)
			break;
		free(path);
		path = NULL;
	}
	free(folder);
	return path != NULL ? path : text_printf("%s/%s", EXVET_DATADIR, name);
}

bool
datafile_read(const char *path, size_t max, struct text_buf *out)
{
	FILE *f = fopen(path, "rb");
	char block[32768];
	size_t n;
	int why = 0;

	if (f == NULL)
		return false;
	while (out->len <= max && (n = fread(block, 1, sizeof(block), f)) > 0)
		text_buf_add(out, block, n);
	if (ferror(f))
		why = errno;
	(void)fclose(f);
	errno = why;
	return why == 0;
}
