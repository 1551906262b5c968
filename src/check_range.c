/* check_range.c - ranges of -w and -c. */
#include <string.h>

#include "check_range.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * [-+]DIGITS[.DIGITS], and nothing else that strtod() takes: no exponent, no
 * hexadecimal, no infinity, no comma of a locale.
 */
static const char *
read_number(const char *s, double *out)
{
	bool minus = *s == '-', any = false;
	double v = 0, place = 1;

	s += *s == '-' || *s == '+';
	for (; is_digit(*s); s++, any = true)
		v = v * 10 + (*s - '0');
	if (*s == '.')
		for (s++; is_digit(*s); s++, any = true)
			v += (*s - '0') * (place /= 10);
	*out = minus ? -v : v;
	return any ? s : NULL;
}

/* Monitoring Plugins Development Guidelines, "Threshold and Ranges". */
bool
check_range_parse(const char *s, struct check_range *out)
{
	struct check_range r = { .endless = true };
	const char *colon;

	r.inside = *s == '@';
	s += r.inside;
	if (*s == '\0')
		return false;
	colon = strchr(s, ':');
	if (colon != NULL) {
		if (*s == '~' && s + 1 == colon)
			r.startless = true;
		else if (s != colon && read_number(s, &r.start) != colon)
			return false;
		if (s == colon && colon[1] == '\0')
			return false;
		s = colon + 1;
	}
	if (*s != '\0') {
		const char *end = read_number(s, &r.end);

		if (end == NULL || *end != '\0')
			return false;
		r.endless = false;
	}
	if (!r.startless && !r.endless && r.start > r.end)
		return false;
	*out = r;
	return true;
}

bool
check_range_alerts(const struct check_range *r, double value)
{
	bool within = (r->startless || value >= r->start) && (r->endless || value <= r->end);

	return within == r->inside;
}
