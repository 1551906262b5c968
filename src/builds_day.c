/* builds_day.c - days of the calendar, as days since 1970-01-01, without the clock or time zones. */
#include <time.h>

#include "builds.h"

enum { FIRST = -719162, LAST = 2932896 };	/* 0001-01-01 and 9999-12-31 */
enum { SECONDS = 86400 };

/* timegm() puts into *tm the day that it took it for. */
static int32_t
day_of(struct tm *tm)
{
	return (int32_t)(timegm(tm) / SECONDS);
}

int32_t
builds_day_from(int32_t year, int32_t month, int32_t day)
{
	struct tm tm = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day };

	return day_of(&tm);
}

void
builds_day_split(int32_t day, int32_t *year, int32_t *month, int32_t *of_month)
{
	time_t t = (time_t)day * SECONDS;
	struct tm tm = { 0 };

	(void)gmtime_r(&t, &tm);
	*year = tm.tm_year + 1900;
	*month = tm.tm_mon + 1;
	*of_month = tm.tm_mday;
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
	int32_t y, m, d, day;
	struct tm tm = { 0 };

	if (!digits(s, 4, &y) || s[4] != '-' || !digits(s + 5, 2, &m) || s[7] != '-' ||
	    !digits(s + 8, 2, &d) || s[10] != '\0' || y < 1 || m < 1 || m > 12 || d < 1)
		return false;
	tm.tm_year = y - 1900;
	tm.tm_mon = m - 1;
	tm.tm_mday = d;
	day = day_of(&tm);
	/* A day that does not exist comes back as another one. */
	if (y != tm.tm_year + 1900 || m != tm.tm_mon + 1 || d != tm.tm_mday)
		return false;
	*out = day;
	return true;
}

char *
builds_day_text(int32_t day, char buf[11])
{
	int32_t y, m, d;

	buf[0] = '\0';
	if (day < FIRST || day > LAST)
		return buf;
	builds_day_split(day, &y, &m, &d);
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
