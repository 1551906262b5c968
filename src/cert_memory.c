/* cert_memory.c - chains read and verified a moment ago. */
#include <openssl/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cert.h"
#include "cert_leaf.h"
#include "cert_memory.h"
#include "obs.h"

enum {
	MEMORY_CHAINS = 32,
	MEMORY_SECONDS = 60,	/* a verdict on dates is good for that long */
};

struct known {
	struct cert_sent sent;
	int64_t		 now;
	struct obs	*obs;		/* NULL: free */
	X509		*leaf;		/* NULL: the first certificate could not be read */
};

struct cert_memory {
	pthread_mutex_t	 lock;
	struct known	 known[MEMORY_CHAINS];
	size_t		 next;		/* the oldest, to be replaced */
};

struct cert_memory *
cert_memory_new(void)
{
	struct cert_memory *m = text_alloc(sizeof(*m));

	(void)pthread_mutex_init(&m->lock, NULL);
	return m;
}

static void
forget(struct known *k)
{
	cert_sent_free(&k->sent);
	obs_free(k->obs);
	X509_free(k->leaf);
	*k = (struct known){ .now = 0 };
}

void
cert_memory_free(struct cert_memory *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < MEMORY_CHAINS; i++)
		forget(&m->known[i]);
	(void)pthread_mutex_destroy(&m->lock);
	free(m);
}

static bool
is_same(const struct cert_sent *a, const struct cert_sent *b)
{
	if (a->n != b->n || a->cut != b->cut)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->len[i] != b->len[i] || memcmp(a->der[i], b->der[i], a->len[i]) != 0)
			return false;
	return true;
}

void
cert_memory_note(const struct obs *obs, const struct cert_place *p)
{
	for (size_t i = 0; i < obs_count(obs); i++) {
		const struct observation *k = obs_get(obs, i);
		const char *evidence = k->evidence[0] != '\0' ? k->evidence : p->evidence;

		if (k->text != NULL)
			obs_text(p->obs, k->fact, p->at, p->probe, k->text, evidence);
		else
			obs_number(p->obs, k->fact, p->at, p->probe, k->number, evidence);
	}
}

bool
cert_memory_find(struct cert_memory *m, const struct cert_sent *sent, int64_t now,
    const struct cert_place *p, struct x509_st **leaf)
{
	bool found = false;

	(void)pthread_mutex_lock(&m->lock);
	for (size_t i = 0; i < MEMORY_CHAINS && !found; i++) {
		struct known *k = &m->known[i];

		if (k->obs == NULL || now < k->now || now - k->now > MEMORY_SECONDS ||
		    !is_same(&k->sent, sent))
			continue;
		cert_memory_note(k->obs, p);
		*leaf = k->leaf;
		if (k->leaf != NULL)
			(void)X509_up_ref(k->leaf);
		found = true;
	}
	(void)pthread_mutex_unlock(&m->lock);
	return found;
}

void
cert_memory_keep(struct cert_memory *m, const struct cert_sent *sent, int64_t now,
    struct obs *obs, struct x509_st *leaf)
{
	struct known *k;

	(void)pthread_mutex_lock(&m->lock);
	k = &m->known[m->next];
	m->next = (m->next + 1) % MEMORY_CHAINS;
	forget(k);
	for (size_t i = 0; i < sent->n; i++)
		cert_sent_add(&k->sent, sent->der[i], sent->len[i]);
	k->sent.cut = sent->cut;
	k->now = now;
	k->obs = obs;
	if (leaf != NULL && X509_up_ref(leaf) == 1)
		k->leaf = leaf;
	(void)pthread_mutex_unlock(&m->lock);
}
