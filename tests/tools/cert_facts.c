/*
 * cert_facts.c - print the facts of a chain given as DER files, leaf first.
 * usage: cert_facts [-s STAPLE] CA-FILE|- HOST NOW FILE...
 * -s: an OCSP answer that was stapled to it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cert.h"
#include "cert_ocsp.h"
#include "obs.h"

static void
print(const struct obs *o)
{
	for (size_t i = 0; i < obs_count(o); i++) {
		const struct observation *k = obs_get(o, i);

		if (k->text != NULL)
			printf("%s=%s\n", obs_fact(k->fact)->name, k->text);
		else
			printf("%s=%" PRId64 "\n", obs_fact(k->fact)->name, k->number);
	}
}

int
main(int argc, char **argv)
{
	static unsigned char buf[LIMIT_CERT_DER + 1];
	struct cert_store *store;
	struct cert_sent sent = { .n = 0 };
	struct obs *o = obs_new();
	const char *staple = NULL;
	int64_t now;

	if (argc > 2 && strcmp(argv[1], "-s") == 0) {
		staple = argv[2];
		argv += 2;
		argc -= 2;
	}
	if (argc < 5 || !text_number(argv[3], 0, INT64_MAX, &now))
		return 2;
	store = cert_store_new(argv[1][0] == '-' ? NULL : argv[1]);
	if (store == NULL)
		return 2;
	for (int i = 4; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");

		if (f == NULL)
			return 2;
		cert_sent_add(&sent, buf, fread(buf, 1, sizeof(buf), f));
		(void)fclose(f);
	}
	cert_note(o, "zoo:443", "tls", &sent, argv[2], store, now);
	if (staple != NULL) {
		FILE *f = fopen(staple, "rb");

		if (f == NULL)
			return 2;
		cert_ocsp_note(o, "zoo:443", "tls", &sent, buf, fread(buf, 1, sizeof(buf), f), store, now);
		(void)fclose(f);
	}
	print(o);
	cert_sent_free(&sent);
	cert_store_free(store);
	obs_free(o);
	return 0;
}
