/* config_policy_path.c - where the policy of a name is: among the program's, or a file. */
#include "config-build.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/datafile.h"
#include "base/text.h"
#include "config_inner.h"

char *
config_policy_path(const struct config *c, const char *name)
{
	const char *table = c->table != NULL ? c->table : getenv("EXVET_TABLE");
	const char *slash = table != NULL ? strrchr(table, '/') : NULL;
	size_t n = strlen(name);
	char *file, *path = NULL;

	if (strchr(name, '/') != NULL || (n > 4 && strcmp(name + n - 4, ".ini") == 0))
		return text_dup(name);
	file = text_printf("policies/%s.ini", name);
	if (slash != NULL)
		path = text_printf("%.*s/%s", (int)(slash - table), table, file);
	if (path == NULL || access(path, R_OK) != 0) {
		free(path);
		path = datafile_path(file);
	}
	/* A file in this folder, without an ending. */
	if (access(path, R_OK) != 0 && access(name, R_OK) == 0) {
		free(path);
		path = text_dup(name);
	}
	free(file);
	return path;
}
