/* curl_lib.c - libcurl, loaded when the first request is prepared. */
#include "config-build.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/late.h"
#include "base/text.h"
#include "net/curl_lib.h"

static bool
load(struct curl_lib *curl)
{
#ifdef EXVET_CURL_SONAME
	static const struct late_call calls[] = {
#define CURL_LIB_CALL(name) { "curl_" #name, offsetof(struct curl_lib, name) },
		CURL_LIB_CALLS(CURL_LIB_CALL)
#undef CURL_LIB_CALL
	};
	const char *why;

	if (late_load(EXVET_CURL_SONAME, calls, sizeof(calls) / sizeof(calls[0]), curl, &why))
		return true;
	fprintf(stderr, "exvet: libcurl, which speaks HTTP, cannot be loaded: %s\n", why);
	return false;
#else
#define CURL_LIB_LINKED(name) .name = (curl_##name),
	*curl = (struct curl_lib){ CURL_LIB_CALLS(CURL_LIB_LINKED) };
#undef CURL_LIB_LINKED
	return true;
#endif
}

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
