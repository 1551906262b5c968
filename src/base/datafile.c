/* datafile.c - where exvet's own data lie. */
#include <limits.h>
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
