/*
 * bytes.h - the only bounds checks of the program.
 *
 * struct rd reads bytes that nobody vouches for: it never reads past its end,
 * and after the first short read it is bad, yields zeroes and stays bad, so a
 * parser reads everything, checks once, then commits.  struct wr builds
 * messages whose lengths come before their contents; it is sticky in the same
 * way.  Neither owns memory.
 */
#ifndef EXVET_BYTES_H
#define EXVET_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct rd {
	const uint8_t	*p;
	size_t		 len;
	bool		 bad;
};

static inline struct rd
rd_init(const void *p, size_t len)
{
	return (struct rd){ .p = p, .len = len };
}

/* The next n bytes, or NULL and bad for ever. */
static inline const uint8_t *
rd_take(struct rd *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->bad || r->len < n) {
		r->bad = true;
		return NULL;
	}
	if (n != 0) {
		r->p += n;
		r->len -= n;
	}
	return p;
}

static inline uint64_t
rd_be(struct rd *r, size_t n)
{
	const uint8_t *p = rd_take(r, n);
	uint64_t v = 0;

	for (size_t i = 0; p != NULL && i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static inline uint64_t
rd_le(struct rd *r, size_t n)
{
	const uint8_t *p = rd_take(r, n);
	uint64_t v = 0;

	for (size_t i = n; p != NULL && i > 0; i--)
		v = v << 8 | p[i - 1];
	return v;
}

static inline uint8_t  rd_u8(struct rd *r)    { return (uint8_t)rd_be(r, 1); }
static inline uint16_t rd_u16(struct rd *r)   { return (uint16_t)rd_be(r, 2); }
static inline uint32_t rd_u24(struct rd *r)   { return (uint32_t)rd_be(r, 3); }
static inline uint32_t rd_u32(struct rd *r)   { return (uint32_t)rd_be(r, 4); }
static inline uint16_t rd_u16le(struct rd *r) { return (uint16_t)rd_le(r, 2); }
static inline uint32_t rd_u32le(struct rd *r) { return (uint32_t)rd_le(r, 4); }
static inline uint64_t rd_u64le(struct rd *r) { return rd_le(r, 8); }

/* The next n bytes as a reader of their own; bad in, bad out. */
static inline struct rd
rd_sub(struct rd *r, size_t n)
{
	const uint8_t *p = rd_take(r, n);

	return p != NULL ? rd_init(p, n) : (struct rd){ .bad = true };
}

/* A vector whose length stands in front of it, in n bytes. */
static inline struct rd
rd_vec(struct rd *r, size_t n)
{
	return rd_sub(r, (size_t)rd_be(r, n));
}

/* A view at (off, n) into the whole message; no sum that can wrap. */
static inline struct rd
rd_at(struct rd whole, size_t off, size_t n)
{
	(void)rd_take(&whole, off);
	return rd_sub(&whole, n);
}

static inline bool
rd_more(const struct rd *r)
{
	return !r->bad && r->len > 0;
}

/*
 * One line ended by LF or CRLF, without its end; false when there is none yet
 * (the reader is then untouched).
 */
static inline bool
rd_line(struct rd *r, struct rd *line)
{
	const uint8_t *nl = r->len != 0 && !r->bad ? memchr(r->p, '\n', r->len) : NULL;

	if (nl == NULL)
		return false;
	*line = rd_sub(r, (size_t)(nl - r->p));
	(void)rd_u8(r);
	if (line->len > 0 && line->p[line->len - 1] == '\r')
		line->len--;
	return true;
}

struct wr {
	uint8_t	*p;
	size_t	 len, cap;
	bool	 full;
};

static inline struct wr
wr_init(void *p, size_t cap)
{
	return (struct wr){ .p = p, .cap = cap };
}

static inline void
wr_put(struct wr *w, const void *p, size_t n)
{
	if (w->full || w->cap - w->len < n) {
		w->full = true;
		return;
	}
	if (n != 0)
		memcpy(w->p + w->len, p, n);
	w->len += n;
}

static inline void
wr_be(struct wr *w, uint64_t v, size_t n)
{
	for (size_t i = n; i > 0; i--)
		wr_put(w, &(uint8_t){ (uint8_t)(v >> 8 * (i - 1)) }, 1);
}

static inline void
wr_le(struct wr *w, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		wr_put(w, &(uint8_t){ (uint8_t)(v >> 8 * i) }, 1);
}

static inline void wr_u8(struct wr *w, unsigned v)     { wr_be(w, v, 1); }
static inline void wr_u16(struct wr *w, unsigned v)    { wr_be(w, v, 2); }
static inline void wr_u16le(struct wr *w, unsigned v)  { wr_le(w, v, 2); }
static inline void wr_u32le(struct wr *w, uint32_t v)  { wr_le(w, v, 4); }
static inline void wr_str(struct wr *w, const char *s) { wr_put(w, s, strlen(s)); }

/* Open an n-byte length field; wr_close() fills it with what came since. */
static inline size_t
wr_open(struct wr *w, size_t n)
{
	wr_be(w, 0, n);
	return w->len;
}

static inline void
wr_close(struct wr *w, size_t start, size_t n)
{
	size_t v = w->len - start;

	if (w->full || (n < sizeof(v) && v >> 8 * n != 0)) {
		w->full = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		w->p[start - 1 - i] = (uint8_t)(v >> 8 * i);
}

#endif
