/*
 * target_dedup.c - the last so many targets seen, to drop duplicates in
 * bounded memory.
 *
 * Keys are kept as 64-bit SipHash-2-4 values under a random key, so that no
 * list can be made to collide.  A ring holds them in order of arrival and an
 * open-addressed table finds them; the oldest leaves when the ring is full.
 * Both start small and double, so that a short list costs little.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/text.h"
#include "bytes.h"
#include "target_input.h"

enum { START = 1024 };			/* keys; a power of two */

struct target_dedup {
	uint64_t	 key[2];
	uint64_t	*ring;
	uint32_t	*slots;		/* 0, or index in ring plus one; twice as many as cap */
	size_t		 n, cap, limit;	/* limit: a power of two */
	size_t		 oldest;	/* where the next key goes when full */
};

static uint64_t
rotate(uint64_t v, unsigned n)
{
	return v << n | v >> (64 - n);
}

static void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static void
sip_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	sip_round(v);
	v[0] ^= word;
}

/* SipHash-2-4 of Aumasson and Bernstein, "SipHash: a fast short-input PRF". */
static uint64_t
sip_hash(const uint64_t key[2], const void *p, size_t n)
{
	uint64_t v[4] = {
		key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d,
		key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573,
	};
	struct rd r = rd_init(p, n);

	while (r.len >= 8)
		sip_word(v, rd_u64le(&r));
	sip_word(v, (uint64_t)n << 56 | rd_le(&r, r.len));
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct target_dedup *
target_dedup_new(size_t limit)
{
	struct target_dedup *d = text_alloc(sizeof(*d));

	if (getentropy(d->key, sizeof(d->key)) != 0)
		abort();		/* never for 16 bytes on a kernel that has it */
	for (d->limit = 1; d->limit < limit; d->limit *= 2)
		;
	return d;
}

void
target_dedup_free(struct target_dedup *d)
{
	if (d == NULL)
		return;
	free(d->ring);
	free(d->slots);
	free(d);
}

/* The slot of that hash, or the free one where it would go. */
static size_t
slot_of(const struct target_dedup *d, uint64_t hash)
{
	size_t mask = d->cap * 2 - 1, i = (size_t)hash & mask;

	while (d->slots[i] != 0 && d->ring[d->slots[i] - 1] != hash)
		i = (i + 1) & mask;
	return i;
}

static void
grow(struct target_dedup *d)
{
	d->cap = d->cap != 0 ? d->cap * 2 : d->limit < START ? d->limit : START;
	d->ring = text_grow(d->ring, d->cap, sizeof(d->ring[0]));
	free(d->slots);
	d->slots = text_alloc(d->cap * 2 * sizeof(d->slots[0]));
	for (size_t i = 0; i < d->n; i++)
		d->slots[slot_of(d, d->ring[i])] = (uint32_t)i + 1;
}

/* Empty a slot and move those behind it that would no longer be found. */
static void
forget(struct target_dedup *d, uint64_t hash)
{
	size_t mask = d->cap * 2 - 1, hole = slot_of(d, hash), i = hole;

	for (;;) {
		size_t home;

		i = (i + 1) & mask;
		if (d->slots[i] == 0)
			break;
		home = (size_t)d->ring[d->slots[i] - 1] & mask;
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			d->slots[hole] = d->slots[i];
			hole = i;
		}
	}
	d->slots[hole] = 0;
}

bool
target_dedup_add(struct target_dedup *d, const void *p, size_t n)
{
	uint64_t hash = sip_hash(d->key, p, n);
	size_t place;

	if (d->cap != 0 && d->slots[slot_of(d, hash)] != 0)
		return false;
	if (d->n == d->cap && d->cap < d->limit)
		grow(d);
	if (d->n < d->cap) {
		place = d->n++;
	} else {
		place = d->oldest;
		d->oldest = (d->oldest + 1) & (d->cap - 1);
		forget(d, d->ring[place]);
	}
	d->ring[place] = hash;
	d->slots[slot_of(d, hash)] = (uint32_t)place + 1;
	return true;
}
