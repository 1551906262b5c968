/* httpdate.c - dates as HTTP writes them (RFC 9110 section 5.6.7). */
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "wire/httpdate.h"

struct fields {
	int64_t	year, month, day, hour, minute, second;
};

static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};
static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const long_days[] = {
	"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
};

/* The index of the name that stands here; -1 when none does. */
static int
one_of(const char **p, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_starts(*p, names[i])) {
			*p += strlen(names[i]);
			return (int)i;
		}
	return -1;
}

static bool
literal(const char **p, const char *s)
{
	if (!text_starts(*p, s))
		return false;
	*p += strlen(s);
	return true;
}

static bool
digits(const char **p, unsigned n, int64_t *out)
{
	*out = 0;
	for (; n > 0; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		*out = *out * 10 + (**p - '0');
	}
	return true;
}

static bool
month(const char **p, struct fields *f)
{
	int i = one_of(p, months, 12);

	f->month = i + 1;
	return i >= 0;
}

static bool
clock_time(const char **p, struct fields *f)
{
	return digits(p, 2, &f->hour) && literal(p, ":") && digits(p, 2, &f->minute) &&
	    literal(p, ":") && digits(p, 2, &f->second);
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
static bool
imf_fixdate(const char *p, struct fields *f)
{
	return one_of(&p, days, 7) >= 0 && literal(&p, ", ") && digits(&p, 2, &f->day) &&
	    literal(&p, " ") && month(&p, f) && literal(&p, " ") && digits(&p, 4, &f->year) &&
	    literal(&p, " ") && clock_time(&p, f) && literal(&p, " GMT") && *p == '\0';
}

/* "Sunday, 06-Nov-94 08:49:37 GMT" */
static bool
rfc850_date(const char *p, struct fields *f)
{
	if (one_of(&p, long_days, 7) < 0 || !literal(&p, ", ") || !digits(&p, 2, &f->day) ||
	    !literal(&p, "-") || !month(&p, f) || !literal(&p, "-") || !digits(&p, 2, &f->year))
		return false;
	f->year += 2000;
	return literal(&p, " ") && clock_time(&p, f) && literal(&p, " GMT") && *p == '\0';
}

/* "Sun Nov  6 08:49:37 1994" */
static bool
asctime_date(const char *p, struct fields *f)
{
	if (one_of(&p, days, 7) < 0 || !literal(&p, " ") || !month(&p, f) || !literal(&p, " "))
		return false;
	if (literal(&p, " ") ? !digits(&p, 1, &f->day) : !digits(&p, 2, &f->day))
		return false;
	return literal(&p, " ") && clock_time(&p, f) && literal(&p, " ") &&
	    digits(&p, 4, &f->year) && *p == '\0';
}

static bool
is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days since 1970-01-01 of a day of the Gregorian calendar. */
static int64_t
day_number(const struct fields *f)
{
	int64_t y = f->month <= 2 ? f->year - 1 : f->year;
	int64_t m = f->month <= 2 ? f->month + 9 : f->month - 3;

	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + f->day - 1 - 719468;
}

static bool
is_real(const struct fields *f)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t last = lengths[f->month - 1] + (f->month == 2 && is_leap(f->year));

	return f->year >= 1 && f->day >= 1 && f->day <= last && f->hour <= 23 &&
	    f->minute <= 59 && f->second <= 60;
}

bool
httpdate_parse(const char *s, int64_t now, int64_t *out)
{
	const int64_t fifty_years = INT64_C(50) * 365 * 86400;
	struct fields f = { 0 };
	bool short_year = false;

	if (!imf_fixdate(s, &f) && !(short_year = rfc850_date(s, &f)) && !asctime_date(s, &f))
		return false;
	if (!is_real(&f))
		return false;
	*out = day_number(&f) * 86400 + f.hour * 3600 + f.minute * 60 + f.second;
	if (short_year && *out > now + fifty_years) {
		f.year -= 100;		/* "more than 50 years in the future" is the past */
		if (!is_real(&f))
			return false;
		*out = day_number(&f) * 86400 + f.hour * 3600 + f.minute * 60 + f.second;
	}
	return true;
}
