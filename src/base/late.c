/* late.c - a library that is loaded when it is needed. */
#include <dlfcn.h>
#include <string.h>

#include "base/late.h"

bool
late_load(const char *library, const struct late_call *calls, size_t n, void *to, const char **why)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE), *found = handle;

	for (size_t i = 0; found != NULL && i < n; i++) {
		/* POSIX, dlsym(): a function's address fits. */
		found = dlsym(handle, calls[i].name);
		memcpy((char *)to + calls[i].at, &found, sizeof(found));
	}
	if (found == NULL)
		*why = dlerror();
	return found != NULL;
}
