/* curl_lib.c - libcurl, loaded when the first request is prepared. */
#include "config-build.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/curl_lib.h"

#ifdef EXVET_CURL_SONAME

/* POSIX, dlsym(): what an object pointer and a function pointer hold is the same. */
static bool
find(void *library, const char *name, void *function, size_t size)
{
	void *found = dlsym(library, name);

	memcpy(function, &found, size);
	return found != NULL;
}

static bool
load(struct curl_lib *curl)
{
	void *library = dlopen(EXVET_CURL_SONAME, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	bool ok = library != NULL;

#define CURL_LIB_FIND(name) ok = ok && find(library, "curl_" #name, &curl->name, sizeof(curl->name));
	CURL_LIB_CALLS(CURL_LIB_FIND)
#undef CURL_LIB_FIND
	if (!ok)
		fprintf(stderr, "exvet: libcurl, which speaks HTTP, cannot be loaded: %s\n", dlerror());
	return ok;
}

#else

static bool
load(struct curl_lib *curl)
{
#define CURL_LIB_LINKED(name) .name = (curl_##name),
	*curl = (struct curl_lib){ CURL_LIB_CALLS(CURL_LIB_LINKED) };
#undef CURL_LIB_LINKED
	return true;
}

#endif

struct curl_lib *
curl_lib_open(void)
{
	struct curl_lib *curl = text_alloc(sizeof(*curl));

	if (load(curl)) {
		if (curl->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
			return curl;
		fputs("exvet: libcurl, which speaks HTTP, cannot start\n", stderr);
	}
	free(curl);
	return NULL;
}

void
curl_lib_close(struct curl_lib *curl)
{
	if (curl == NULL)
		return;
	curl->global_cleanup();
	free(curl);
}
