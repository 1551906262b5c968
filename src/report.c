/* report.c - finds a reporter by name. */
#include <string.h>

#include "report.h"

const struct reporter *
report_find(const char *name)
{
	for (const struct reporter *const *r = report_table; *r != NULL; r++)
		if (strcmp((*r)->name, name) == 0)
			return *r;
	return NULL;
}
