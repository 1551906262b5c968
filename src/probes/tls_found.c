/* tls_found.c - what one protocol version was seen to accept. */
#include <string.h>

#include "probes/tls_found.h"
#include "wire/tls_names.h"

/* Picks in a row that agree with the client's order by chance: one in 120. */
enum { SURE_PICKS = 5 };

unsigned
tls_found_half(uint16_t code)
{
	/* Of the lists that servers have, these two bits make halves that are alike. */
	return 1u + ((code ^ code >> 4) & 1);
}

bool
tls_found_has(const struct tls_found *f, uint16_t code)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->suite[i] == code)
			return true;
	return false;
}

void
tls_found_add(struct tls_found *f, uint16_t code, unsigned how)
{
	if (f->n >= TLS_FOUND_SUITES)
		return;
	f->how[f->n] = (uint8_t)how;
	f->suite[f->n++] = code;
}

bool
tls_found_see_group(struct tls_found *f, uint16_t code)
{
	const struct tls_group *g = tls_names_group(code);
	bool fresh = g != NULL && !f->group[g - tls_names_groups];

	for (size_t i = 0; fresh && tls_names_groups[i].code != 0; i++)
		/* One finite-field group stands for all, unless they are asked for. */
		if (&tls_names_groups[i] == g ||
		    (!f->deep && (tls_names_groups[i].flags & g->flags & GROUP_FINITE) != 0))
			f->group[i] = true;
	return fresh;
}

bool
tls_found_see_scheme(struct tls_found *f, uint16_t code)
{
	for (size_t i = 0; tls_names_schemes[i].code != 0; i++)
		if (tls_names_schemes[i].code == code && !f->scheme[i])
			return f->scheme[i] = true;
	return false;
}

bool
tls_found_grouped(const struct tls_found *f, const struct tls_suite *s)
{
	return f->version == 0x0304 || s->kx == TLS_KX_ECDHE || s->kx == TLS_KX_ECDHE_PSK;
}

/* In 1.3 the signature is encrypted, and before 1.2 it has no choice. */
bool
tls_found_signed(const struct tls_found *f, const struct tls_suite *s)
{
	return f->version == 0x0303 && (s->kx == TLS_KX_ECDHE || s->kx == TLS_KX_DHE) &&
	    (s->auth == TLS_AUTH_RSA || s->auth == TLS_AUTH_ECDSA || s->auth == TLS_AUTH_DSS);
}

bool
tls_found_any_signed(const struct tls_found *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (tls_found_signed(f, tls_names_suite(f->suite[i])))
			return true;
	return false;
}

bool
tls_found_any_grouped(const struct tls_found *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (tls_found_grouped(f, tls_names_suite(f->suite[i])))
			return true;
	return false;
}

void
tls_found_know(struct tls_found *f, const struct tls_suite *s)
{
	if (s != NULL && !tls_found_has(f, s->code))
		tls_found_add(f, s->code, 0);
}

bool
tls_found_any_free(const struct tls_found *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct tls_suite *s = tls_names_suite(f->suite[i]);

		if (tls_found_grouped(f, s) && s->auth != TLS_AUTH_ECDSA)
			return true;
	}
	return false;
}

bool
tls_found_only_ecdsa(const struct tls_found *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (tls_names_suite(f->suite[i])->auth != TLS_AUTH_ECDSA)
			return false;
	return f->n > 0;
}

static bool
is_pss_key(const struct tls_scheme *s)
{
	return strncmp(s->name, "rsa_pss_pss_", strlen("rsa_pss_pss_")) == 0;
}

/* A key of the kind RSA-PSS signs in no other way, and other RSA keys not in that way. */
static bool
is_ruled_out(const struct tls_found *f, size_t row)
{
	bool plain = false, pss = false;

	for (size_t i = 0; tls_names_schemes[i].code != 0; i++)
		if (f->scheme[i] && tls_names_schemes[i].auth == TLS_AUTH_RSA) {
			plain = plain || !is_pss_key(&tls_names_schemes[i]);
			pss = pss || is_pss_key(&tls_names_schemes[i]);
		}
	return tls_names_schemes[row].auth == TLS_AUTH_RSA &&
	    (is_pss_key(&tls_names_schemes[row]) ? plain && !pss : pss && !plain);
}

bool
tls_found_scheme_open(const struct tls_found *f, size_t row)
{
	const struct tls_scheme *scheme = &tls_names_schemes[row];

	if (f->scheme[row] || row >= TLS_SCHEMES_ASKED || is_ruled_out(f, row))
		return false;
	for (size_t i = 0; i < f->n; i++) {
		const struct tls_suite *s = tls_names_suite(f->suite[i]);

		if (tls_found_signed(f, s) && s->auth == scheme->auth)
			return true;
	}
	return false;
}

bool
tls_found_schemes_open(const struct tls_found *f)
{
	for (size_t i = 0; tls_names_schemes[i].code != 0; i++)
		if (tls_found_scheme_open(f, i))
			return true;
	return false;
}

static size_t
row_of(uint16_t code)
{
	size_t i = 0;

	while (tls_names_suites[i].code != 0 && tls_names_suites[i].code != code)
		i++;
	return i;
}

/* In one half, or with groups or schemes taken away, some may not have been to be had. */
static bool
was_there(const struct tls_found *f, size_t pick, const struct tls_suite *s)
{
	const struct tls_suite *chosen = tls_names_suite(f->suite[pick]);
	bool grouped = tls_found_grouped(f, s), needs_key = tls_found_signed(f, s);

	if ((f->how[pick] & TLS_PICK_HALF) != 0 && tls_found_half(s->code) != tls_found_half(chosen->code))
		return false;
	if (f->apart && (s->auth == TLS_AUTH_ECDSA) != (chosen->auth == TLS_AUTH_ECDSA))
		return false;
	if ((f->how[pick] & TLS_PICK_UNNAMED) != 0 && tls_names_is_dhe(s) && !tls_names_is_dhe(chosen))
		return false;
	return (f->how[pick] & TLS_PICK_NARROW) == 0 || (!grouped && !needs_key) ||
	    (s->auth == chosen->auth && (!grouped || tls_found_grouped(f, chosen)) &&
	    (!needs_key || tls_found_signed(f, chosen)));
}

bool
tls_found_passed_over(const struct tls_found *f)
{
	size_t n = f->nwhole != 0 ? f->nwhole : f->n;

	for (size_t pick = 0; pick < n; pick++) {
		size_t row = row_of(f->suite[pick]);

		for (size_t i = pick + 1; i < n; i++)
			if ((row_of(f->suite[i]) < row) == ((f->how[pick] & TLS_PICK_REVERSED) == 0) &&
			    was_there(f, pick, tls_names_suite(f->suite[i])))
				return true;
	}
	return false;
}

bool
tls_found_always_first(const struct tls_found *f)
{
	size_t n = f->nwhole != 0 ? f->nwhole : f->n, picks = 0;

	for (size_t i = 0; i < n; i++)
		picks += (f->how[i] & TLS_PICK_NARROW) == 0;
	return picks >= SURE_PICKS;
}

unsigned
tls_found_kinds_absent(const struct tls_found *f)
{
	unsigned kinds = ~0u;

	for (size_t i = 0; i < f->n; i++)
		kinds &= ~tls_names_kind(tls_names_suite(f->suite[i]));
	return kinds;
}
