/* html_pieces.c - pieces of HTML, equal ones kept once, in a temporary file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "html.h"
#include "sha256.h"

#define LEAST_TARGET	4	/* a shorter name is not worth a place */

struct html_piece {
	uint8_t		 hash[16];	/* of SHA-256: nobody makes two of the same */
	uint64_t	 at;		/* in the spool */
	uint32_t	 len;
};

/* ---- the server's name as a place ---- */

static void
take_out(struct text_buf *out, const struct text_buf *in, const char *name)
{
	const char *p = in->s, *end = in->s + in->len, *hit;
	size_t n = strlen(name);

	while (n >= LEAST_TARGET && (hit = strstr(p, name)) != NULL) {
		text_buf_add(out, p, (size_t)(hit - p));
		text_buf_add(out, (const char []){ HTML_TARGET }, 1);
		p = hit + n;
	}
	text_buf_add(out, p, (size_t)(end - p));
}

/* ---- the table ---- */

static void
insert(struct html *h, uint32_t number)
{
	uint64_t k;

	memcpy(&k, h->pieces[number].hash, sizeof(k));
	while (h->slots[k & (h->nslots - 1)] != 0)
		k++;
	h->slots[k & (h->nslots - 1)] = number + 1;
}

static void
make_room(struct html *h)
{
	if (2 * (h->npieces + 1) > h->nslots) {
		h->nslots = h->nslots == 0 ? 4096 : 2 * h->nslots;
		free(h->slots);
		h->slots = text_alloc(h->nslots * sizeof(*h->slots));
		for (size_t i = 0; i < h->npieces; i++)
			insert(h, (uint32_t)i);
	}
	if ((h->npieces & (h->npieces - 1)) == 0)	/* a power of two is full */
		h->pieces = text_grow(h->pieces, h->npieces == 0 ? 1 : 2 * h->npieces,
		    sizeof(*h->pieces));
}

static bool
find(const struct html *h, const uint8_t hash[16], uint32_t *number)
{
	uint64_t k;
	uint32_t slot;

	if (h->nslots == 0)
		return false;
	memcpy(&k, hash, sizeof(k));
	for (; (slot = h->slots[k & (h->nslots - 1)]) != 0; k++)
		if (memcmp(h->pieces[slot - 1].hash, hash, 16) == 0) {
			*number = slot - 1;
			return true;
		}
	return false;
}

static void
spool(struct html *h, struct html_piece *p, const char *s, size_t n)
{
	off_t at;

	if (h->spool == NULL && h->spool_error == 0 && (h->spool = tmpfile()) == NULL)
		h->spool_error = errno;
	if (h->spool == NULL)
		return;
	at = ftello(h->spool);
	if (at < 0 || fwrite(s, 1, n, h->spool) != n) {
		h->spool_error = errno != 0 ? errno : EIO;
		(void)fclose(h->spool);
		h->spool = NULL;
		return;
	}
	p->at = (uint64_t)at;
	p->len = (uint32_t)n;
}

uint32_t
html_piece(struct html *h, const char *target, const struct text_buf *html)
{
	struct html_piece p = { .len = 0 };
	struct text_buf name = { 0 }, text = { 0 };
	uint8_t hash[32];
	uint32_t number;

	escape_markup(&name, target);
	take_out(&text, html, name.s != NULL ? name.s : "");
	sha256_raw(text.s, text.len, hash);
	memcpy(p.hash, hash, sizeof(p.hash));
	if (!find(h, p.hash, &number)) {
		make_room(h);
		spool(h, &p, text.s, text.len);
		number = (uint32_t)h->npieces;
		h->pieces[h->npieces++] = p;
		insert(h, number);
	}
	text_buf_free(&name);
	text_buf_free(&text);
	return number;
}

/* ---- out again ---- */

static char *
fetch(struct html *h, uint32_t number)
{
	const struct html_piece *p = &h->pieces[number];
	char *s = text_alloc((size_t)p->len + 1);

	if (h->spool == NULL)
		return s;
	if (fseeko(h->spool, (off_t)p->at, SEEK_SET) != 0 ||
	    fread(s, 1, p->len, h->spool) != p->len) {
		h->spool_error = EIO;
		s[0] = '\0';
	}
	return s;
}

char *
html_piece_text(struct html *h, uint32_t number, const char *target)
{
	static const char place[] = { HTML_TARGET, '\0' };
	struct text_buf name = { 0 }, out = { 0 };
	char *s = fetch(h, number), *p = s, *hit;

	escape_markup(&name, target);
	while ((hit = strpbrk(p, place)) != NULL) {
		text_buf_add(&out, p, (size_t)(hit - p));
		text_buf_str(&out, name.s != NULL ? name.s : "");
		p = hit + 1;
	}
	text_buf_str(&out, p);
	text_buf_free(&name);
	free(s);
	return out.s != NULL ? out.s : text_dup("");
}

/* Escaped HTML is printable already: only JSON and the element around it matter. */
void
html_piece_json(struct html *h, FILE *f, uint32_t number)
{
	char *s = fetch(h, number), *p = s;

	(void)fputc('"', f);
	while (*p != '\0') {
		size_t n = strcspn(p, "\"\\<>&\1");

		(void)fwrite(p, 1, n, f);
		p += n;
		if (*p == '"' || *p == '\\')
			fprintf(f, "\\%c", *p);
		else if (*p != '\0')
			fprintf(f, "\\u%04x", (unsigned)*p);
		p += *p != '\0';
	}
	(void)fputc('"', f);
	free(s);
}

size_t
html_piece_size(const struct html *h, uint32_t number)
{
	return h->pieces[number].len;
}

void
html_pieces_clear(struct html *h)
{
	if (h->spool != NULL)
		(void)fclose(h->spool);
	free(h->pieces);
	free(h->slots);
}
