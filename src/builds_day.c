/* builds_day.c - days: real calendar days, without the clock or time zones. */
#include <stdio.h>

#include "builds.h"

/* Days since 1970-01-01 of the proleptic Gregorian calendar (Hinnant's method). */
static int32_t
from_civil(int32_t y, int32_t m, int32_t d)
{
	int32_t era, yoe, doy;

	y -= m <= 2;
	era = y / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void
to_civil(int32_t day, int32_t *y, int32_t *m, int32_t *d)
{
	int32_t z = day + 719468;
	int32_t era = (z >= 0 ? z : z - 146096) / 146097;
	int32_t doe = z - era * 146097;
	int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int32_t mp = (5 * doy + 2) / 153;

	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = yoe + era * 400 + (*m <= 2);
}

static bool
digits(const char *s, size_t n, int32_t *out)
{
	int32_t v = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (s[i] - '0');
	}
	*out = v;
	return true;
}

bool
builds_day_parse(const char *s, int32_t *out)
{
	int32_t y, m, d, y2, m2, d2, day;

	if (!digits(s, 4, &y) || s[4] != '-' || !digits(s + 5, 2, &m) || s[7] != '-' ||
	    !digits(s + 8, 2, &d) || s[10] != '\0' || y < 1 || m < 1 || m > 12 || d < 1)
		return false;
	/* A day that does not exist comes back as another one. */
	day = from_civil(y, m, d);
	to_civil(day, &y2, &m2, &d2);
	if (y != y2 || m != m2 || d != d2)
		return false;
	*out = day;
	return true;
}

char *
builds_day_text(int32_t day, char buf[11])
{
	int32_t y, m, d;

	buf[0] = '\0';
	if (day < -719162 || day > 2932896)	/* 0001-01-01 to 9999-12-31 */
		return buf;
	to_civil(day, &y, &m, &d);
	for (size_t i = 0; i < 10; i++)
		buf[i] = '-';
	for (int i = 3; i >= 0; i--, y /= 10)
		buf[i] = (char)('0' + y % 10);
	buf[5] = (char)('0' + m / 10);
	buf[6] = (char)('0' + m % 10);
	buf[8] = (char)('0' + d / 10);
	buf[9] = (char)('0' + d % 10);
	buf[10] = '\0';
	return buf;
}
