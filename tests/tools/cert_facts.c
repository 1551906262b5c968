/*
 * cert_facts.c - print the facts of a chain given as DER files, leaf first.
 * usage: cert_facts [-t] [-s STAPLE] CA-FILE|- HOST NOW FILE...
 * -t: they are read in eight threads at once, each chain, and printed by each.
 * -s: an OCSP answer that was stapled to it.
 */
#include <inttypes.h>
#include <pthread.h>
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

enum { THREADS = 8 };

struct reader {
	pthread_t	 thread;
	const struct cert_sent *sent;
	const char	*host;
	struct cert_store *store;
	int64_t		 now;
	struct obs	*obs;
};

static void *
read_chain(void *arg)
{
	struct reader *r = arg;

	/* A day apart: nobody finds the chain among those remembered. */
	cert_note(r->obs, "zoo:443", "tls", r->sent, r->host, r->store, r->now);
	return NULL;
}

static void
in_threads(const struct cert_sent *sent, const char *host, struct cert_store *store, int64_t now)
{
	struct reader r[THREADS];

	for (int i = 0; i < THREADS; i++) {
		r[i] = (struct reader){ .sent = sent, .host = host, .store = store,
			.now = now + i * 86400, .obs = obs_new() };
		if (pthread_create(&r[i].thread, NULL, read_chain, &r[i]) != 0)
			exit(2);
	}
	for (int i = 0; i < THREADS; i++) {
		(void)pthread_join(r[i].thread, NULL);
		print(r[i].obs);
		obs_free(r[i].obs);
	}
}

int
main(int argc, char **argv)
{
	static unsigned char buf[LIMIT_CERT_DER + 1];
	struct cert_store *store;
	struct cert_sent sent = { .n = 0 };
	struct obs *o;
	const char *staple = NULL;
	bool threads = false;
	int64_t now;

	if (argc > 1 && strcmp(argv[1], "-t") == 0) {
		threads = true;
		argv++;
		argc--;
	}
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
	o = obs_new();
	for (int i = 4; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");

		if (f == NULL)
			return 2;
		cert_sent_add(&sent, buf, fread(buf, 1, sizeof(buf), f));
		(void)fclose(f);
	}
	if (threads)
		in_threads(&sent, argv[2], store, now);
	else
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
