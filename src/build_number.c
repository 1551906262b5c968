/* build_number.c - build numbers: read, write, compare, always as numbers. */
#include "builds.h"

enum { PART_MAX = 99999, DIGITS_MAX = 8 };	/* zero padding included */

/* One part and what ends it; false when it is none. */
static bool
part(const char **s, uint32_t *out)
{
	uint32_t v = 0;
	unsigned n = 0;

	for (; **s >= '0' && **s <= '9'; (*s)++) {
		v = v * 10 + (uint32_t)(**s - '0');
		if (++n > DIGITS_MAX)
			return false;
	}
	*out = v;
	return n != 0 && v <= PART_MAX;
}

bool
build_number_parse(const char *s, struct build_number *out)
{
	struct build_number b = { 0 };

	for (;;) {
		if (b.parts == 4 || !part(&s, &b.part[b.parts]))
			return false;
		b.parts++;
		if (*s == '\0')
			break;
		if (*s++ != '.')
			return false;
	}
	if (b.parts < 2)
		return false;
	*out = b;
	return true;
}

/* By hand: the table has hundreds, and each is written once when it is loaded. */
char *
build_number_text(const struct build_number *b, char *buf)
{
	char digits[10], *at = buf;

	for (unsigned i = 0; i < b->parts && i < 4; i++) {
		uint32_t v = b->part[i];
		size_t n = 0;

		if (i > 0)
			*at++ = '.';
		do
			digits[n++] = (char)('0' + v % 10);
		while ((v /= 10) != 0);
		while (n > 0)
			*at++ = digits[--n];
	}
	*at = '\0';
	return buf;
}

int
build_number_cmp(const struct build_number *a, const struct build_number *b)
{
	for (unsigned i = 0; i < 4; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return 0;
}
