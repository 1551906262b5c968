/*
 * target_addr.c - IP addresses as numbers: text in and out, order, blocks.
 *
 * Knows no sockets.  Text that another program might read differently, such
 * as 010.0.0.1 or 10.1, is not an address here.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "target_input.h"

#define V4_MAPPED ((uint64_t)0xffff << 32)

bool
target_addr_parse_v4(const char *s, size_t n, struct target_addr *out)
{
	uint64_t v = 0;
	size_t i = 0;

	for (unsigned part = 0; part < 4; part++) {
		unsigned octet = 0;
		size_t start;

		if (part != 0 && (i == n || s[i++] != '.'))
			return false;
		for (start = i; i < n && i - start < 3 && isdigit((unsigned char)s[i]); i++)
			octet = octet * 10 + (unsigned)(s[i] - '0');
		if (i == start || octet > 255 || (s[start] == '0' && i - start > 1))
			return false;
		v = v << 8 | octet;
	}
	if (i != n)
		return false;
	*out = (struct target_addr){ .lo = V4_MAPPED | v };
	return true;
}

/* One group of hexadecimal digits; how many bytes it took, 0 when there is none. */
static size_t
read_group(const char *s, size_t n, uint16_t *group)
{
	static const char digits[] = "0123456789abcdef";
	unsigned v = 0;
	size_t i;

	for (i = 0; i < n && i < 4 && isxdigit((unsigned char)s[i]); i++)
		v = v << 4 | (unsigned)(strchr(digits, tolower((unsigned char)s[i])) - digits);
	*group = (uint16_t)v;
	return i;
}

/* An IPv4 address as the last two groups (RFC 4291 section 2.2). */
static bool
read_tail(const char *s, size_t n, uint16_t *groups)
{
	struct target_addr v4;

	if (!target_addr_parse_v4(s, n, &v4))
		return false;
	groups[0] = (uint16_t)(v4.lo >> 16);
	groups[1] = (uint16_t)v4.lo;
	return true;
}

/* All groups in order; *gap is where :: stands, -1 if nowhere.  -1: not an address. */
static int
read_groups(const char *s, size_t n, uint16_t groups[8], int *gap)
{
	int count = 0;
	size_t i = 0;

	*gap = -1;
	if (n >= 2 && s[0] == ':' && s[1] == ':') {
		*gap = 0;
		i = 2;
	}
	while (i < n) {
		size_t used;

		if (count <= 6 && memchr(s + i, '.', n - i) != NULL &&
		    memchr(s + i, ':', n - i) == NULL)
			return read_tail(s + i, n - i, groups + count) ? count + 2 : -1;
		if (count == 8 || (used = read_group(s + i, n - i, &groups[count])) == 0)
			return -1;
		count++;
		i += used;
		if (i == n)
			break;
		if (s[i] != ':' || ++i == n)
			return -1;
		if (s[i] == ':') {
			if (*gap >= 0)
				return -1;
			*gap = count;
			i++;
		}
	}
	return count;
}

static bool
parse_v6(const char *s, size_t n, struct target_addr *out)
{
	uint16_t groups[8] = { 0 }, all[8] = { 0 };
	int gap, count = read_groups(s, n, groups, &gap);

	if (count < 0 || (gap < 0 ? count != 8 : count > 7))
		return false;
	if (gap < 0)
		gap = count;
	memcpy(all, groups, (size_t)gap * sizeof(all[0]));
	memcpy(all + 8 - (count - gap), groups + gap, (size_t)(count - gap) * sizeof(all[0]));
	*out = (struct target_addr){ 0 };
	for (size_t i = 0; i < 4; i++) {
		out->hi = out->hi << 16 | all[i];
		out->lo = out->lo << 16 | all[i + 4];
	}
	return true;
}

bool
target_addr_parse(const char *s, size_t n, struct target_addr *out)
{
	if (n != 0 && memchr(s, ':', n) != NULL)
		return parse_v6(s, n, out);
	return target_addr_parse_v4(s, n, out);
}

bool
target_addr_is_v4(const struct target_addr *a)
{
	return a->hi == 0 && a->lo >> 32 == 0xffff;
}

int
target_addr_cmp(const struct target_addr *a, const struct target_addr *b)
{
	if (a->hi != b->hi)
		return a->hi < b->hi ? -1 : 1;
	return a->lo < b->lo ? -1 : a->lo > b->lo;
}

/* The first longest run of two or more zero groups (RFC 5952 section 4.2). */
static int
longest_zeroes(const uint16_t groups[8], int *length)
{
	int best = -1, start = 0;

	*length = 1;
	for (int i = 0; i <= 8; i++) {
		if (i < 8 && groups[i] == 0)
			continue;
		if (i - start > *length) {
			*length = i - start;
			best = start;
		}
		start = i + 1;
	}
	return best;
}

char *
target_addr_text(const struct target_addr *a, char buf[TARGET_ADDR_TEXT])
{
	uint16_t groups[8];
	int gap, length;
	size_t used = 0;

	if (target_addr_is_v4(a)) {
		(void)snprintf(buf, TARGET_ADDR_TEXT, "%u.%u.%u.%u", (unsigned)(a->lo >> 24 & 255),
		    (unsigned)(a->lo >> 16 & 255), (unsigned)(a->lo >> 8 & 255),
		    (unsigned)(a->lo & 255));
		return buf;
	}
	for (unsigned i = 0; i < 4; i++) {
		groups[i] = (uint16_t)(a->hi >> 16 * (3 - i));
		groups[i + 4] = (uint16_t)(a->lo >> 16 * (3 - i));
	}
	gap = longest_zeroes(groups, &length);
	buf[0] = '\0';
	for (int i = 0; i < 8; i++) {
		if (i == gap) {
			used += (size_t)snprintf(buf + used, TARGET_ADDR_TEXT - used, "::");
			i += length - 1;
			continue;
		}
		used += (size_t)snprintf(buf + used, TARGET_ADDR_TEXT - used, "%s%x",
		    used != 0 && buf[used - 1] != ':' ? ":" : "", groups[i]);
	}
	return buf;
}

void
target_addr_next(struct target_addr *a)
{
	if (++a->lo == 0)
		a->hi++;
}

/* The low n (0..64) bits set. */
static uint64_t
low_bits(unsigned n)
{
	return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

void
target_addr_block(const struct target_addr *a, unsigned prefix, struct target_addr *first,
    struct target_addr *last)
{
	unsigned host = 128 - prefix;
	uint64_t hi = host > 64 ? low_bits(host - 64) : 0, lo = low_bits(host);
	struct target_addr base = *a;

	*first = (struct target_addr){ .hi = base.hi & ~hi, .lo = base.lo & ~lo };
	*last = (struct target_addr){ .hi = base.hi | hi, .lo = base.lo | lo };
}

uint64_t
target_addr_count(const struct target_addr *first, const struct target_addr *last)
{
	uint64_t lo = last->lo - first->lo;
	uint64_t hi = last->hi - first->hi - (last->lo < first->lo);

	return hi != 0 || lo == UINT64_MAX ? UINT64_MAX : lo + 1;
}
