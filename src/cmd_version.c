/* cmd_version.c - `exvet --version`: the program, its table, its libraries. */
#include "config-build.h"

#include <stdio.h>

#include "builds.h"
#include "cmd.h"

/* As configure met them. */
static const char libraries[] =
    "libcurl " EXVET_CURL_VERSION ", OpenSSL " EXVET_OPENSSL_VERSION
    ", expat " EXVET_EXPAT_VERSION ", libxml2 " EXVET_XML_VERSION
    ",\n           json-c " EXVET_JSONC_VERSION ", libuv " EXVET_UV_VERSION ", c-ares " EXVET_CARES_VERSION
    ", inih " EXVET_INIH_VERSION ", libidn2 " EXVET_IDN_VERSION;

int
cmd_version(void)
{
	struct builds_error err = { "" };
	struct builds *b = builds_load(NULL, false, &err);
	char day[11], kev[11];

	printf("exvet %s\n", PACKAGE_VERSION);
	if (b != NULL)
		printf("table:     %s, builds as of %s, known-exploited list as of %s\n",
		    builds_path(b), builds_day_text(builds_as_of(b), day),
		    builds_day_text(builds_kev_as_of(b), kev));
	else
		printf("table:     cannot be used: %s\n", err.text);
	printf("libraries: %s\n", libraries);
	builds_free(b);
	return b != NULL ? CMD_DONE : CMD_USAGE;
}
