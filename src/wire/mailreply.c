/* mailreply.c - replies of SMTP, IMAP and POP3 as one shape. */
#include <string.h>

#include "base/text.h"
#include "wire/mailreply.h"

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
starts(const struct rd *line, const char *with)
{
	size_t n = strlen(with);

	return line->len >= n && memcmp(line->p, with, n) == 0;
}

/* What is left of a line behind its first n bytes and the blanks after them. */
static struct rd
behind(struct rd line, size_t n)
{
	if (rd_take(&line, n) == NULL)
		return rd_init(NULL, 0);
	while (line.len > 0 && (line.p[0] == ' ' || line.p[0] == '\t'))
		(void)rd_u8(&line);
	return line;
}

/* A line without its end; some servers send more than one CR before the LF. */
static bool
take_line(struct rd *in, struct rd *line)
{
	if (!rd_line(in, line))
		return false;
	while (line->len > 0 && line->p[line->len - 1] == '\r')
		line->len--;
	return true;
}

enum mailreply_read
mailreply_smtp(struct rd *in, struct mailreply *r)
{
	struct rd rest = *in, line;

	*r = (struct mailreply){ .rest = *in };
	for (;;) {
		if (!take_line(&rest, &line))
			return MAILREPLY_PART;
		if (line.len < 3 || !is_digit(line.p[0]) || !is_digit(line.p[1]) || !is_digit(line.p[2]) ||
		    (line.len > 3 && line.p[3] != '-' && line.p[3] != ' '))
			return MAILREPLY_BAD;
		if (line.len == 3 || line.p[3] == ' ')
			break;
	}
	r->rest.len -= rest.len;
	r->last = line;
	r->text = behind(line, line.len > 3 ? 4 : 3);
	r->state = starts(&line, "421") ? MAILREPLY_BYE : line.p[0] == '2' ? MAILREPLY_GOOD :
	    line.p[0] == '3' ? MAILREPLY_GO_ON : MAILREPLY_NO;
	*in = rest;
	return MAILREPLY_WHOLE;
}

/* "OK", "NO" ... at the front of what stands behind a tag or a star. */
static bool
imap_state(struct rd line, struct mailreply *r)
{
	static const struct { const char *word; enum mailreply_state state; } words[] = {
		{ "OK", MAILREPLY_GOOD }, { "PREAUTH", MAILREPLY_GOOD }, { "NO", MAILREPLY_NO },
		{ "BAD", MAILREPLY_NO }, { "BYE", MAILREPLY_BYE },
	};
	struct rd word;

	if (!mailreply_word(&line, &word))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (mailreply_is(&word, words[i].word)) {
			r->state = words[i].state;
			r->text = behind(line, 0);
			return true;
		}
	return false;
}

enum mailreply_read
mailreply_imap(struct rd *in, const char *tag, struct mailreply *r)
{
	struct rd rest = *in, line;
	size_t n = tag != NULL ? strlen(tag) : 1;

	*r = (struct mailreply){ .rest = *in };
	for (;;) {
		size_t before = rest.len;

		if (!take_line(&rest, &line))
			return MAILREPLY_PART;
		r->last = line;
		if (starts(&line, tag != NULL ? tag : "*") && line.len > n && line.p[n] == ' ') {
			if (!imap_state(behind(line, n), r))
				return MAILREPLY_BAD;
			r->rest.len = in->len - before;
			break;
		}
		if (tag != NULL && starts(&line, "+")) {
			r->state = MAILREPLY_GO_ON;
			r->text = behind(line, 1);
			r->rest.len = in->len - before;
			break;
		}
		if (tag == NULL || !starts(&line, "* "))
			return MAILREPLY_BAD;
		/* BYE comes untagged, and nothing need follow (RFC 9051, section 7.1.5). */
		if (imap_state(behind(line, 2), r) && r->state == MAILREPLY_BYE) {
			r->rest.len = in->len - before;
			break;
		}
	}
	*in = rest;
	return MAILREPLY_WHOLE;
}

enum mailreply_read
mailreply_pop(struct rd *in, bool lines, struct mailreply *r)
{
	struct rd rest = *in, line;
	size_t left;

	*r = (struct mailreply){ .state = MAILREPLY_NO };
	if (!take_line(&rest, &line))
		return MAILREPLY_PART;
	r->last = line;
	if (starts(&line, "+OK")) {
		r->state = MAILREPLY_GOOD;
		r->text = behind(line, 3);
	} else if (starts(&line, "-ERR")) {
		r->text = behind(line, 4);
	} else if (starts(&line, "+")) {
		r->state = MAILREPLY_GO_ON;
		r->text = behind(line, 1);
	} else {
		return MAILREPLY_BAD;
	}
	r->rest = rest;
	left = rest.len;
	if (!lines || r->state != MAILREPLY_GOOD) {
		r->rest.len = 0;
		*in = rest;
		return MAILREPLY_WHOLE;
	}
	for (;;) {
		size_t before = rest.len;

		if (!take_line(&rest, &line))
			return MAILREPLY_PART;
		if (line.len != 1 || line.p[0] != '.')
			continue;
		r->rest.len = left - before;
		*in = rest;
		return MAILREPLY_WHOLE;
	}
}

bool
mailreply_line(struct mailreply *r, struct rd *line)
{
	if (!take_line(&r->rest, line))
		return false;
	if (line->len >= 3 && is_digit(line->p[0]) && is_digit(line->p[1]) && is_digit(line->p[2]))
		(void)rd_take(line, line->len > 3 ? 4 : 3);	/* SMTP's code */
	else if (starts(line, "* "))
		(void)rd_take(line, 2);
	return true;
}

bool
mailreply_word(struct rd *line, struct rd *word)
{
	size_t n = 0;

	*line = behind(*line, 0);
	while (n < line->len && line->p[n] != ' ' && line->p[n] != '\t')
		n++;
	*word = rd_sub(line, n);
	return n > 0;
}

bool
mailreply_is(const struct rd *word, const char *what)
{
	size_t n = strlen(what);

	if (word->len != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		uint8_t a = word->p[i], b = (uint8_t)what[i];

		a = a >= 'a' && a <= 'z' ? (uint8_t)(a - 32) : a;
		b = b >= 'a' && b <= 'z' ? (uint8_t)(b - 32) : b;
		if (a != b)
			return false;
	}
	return true;
}

/* A number of that many digits at most, then that byte. */
static bool
take_number(struct rd *r, size_t digits, char end, int64_t *out)
{
	size_t n = 0;

	*out = 0;
	while (r->len > 0 && is_digit(r->p[0]) && n < digits) {
		*out = *out * 10 + (rd_u8(r) - '0');
		n++;
	}
	return n > 0 && rd_u8(r) == (uint8_t)end && !r->bad;
}

/* Days since 1970-01-01 of a day of the Gregorian calendar. */
static int64_t
days_of(int64_t y, int64_t m, int64_t d)
{
	y -= m <= 2;
	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1 -
	    719468;
}

/* RFC 5322, section 3.3, behind the name of the weekday. */
static bool
read_date(struct rd r, int64_t *out)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t day, year, hour, minute, second, zone = 0;
	size_t month = 0;
	const uint8_t *name;
	bool west = false;

	r = behind(r, 0);
	if (!take_number(&r, 2, ' ', &day) || (name = rd_take(&r, 3)) == NULL || rd_u8(&r) != ' ')
		return false;
	while (month < 12 && memcmp(months + month * 3, name, 3) != 0)
		month++;
	if (month == 12 || !take_number(&r, 4, ' ', &year) || !take_number(&r, 2, ':', &hour) ||
	    !take_number(&r, 2, ':', &minute) || !take_number(&r, 2, ' ', &second) || r.len < 5)
		return false;
	west = r.p[0] == '-';
	if (rd_u8(&r) != '+' && !west)
		return false;
	for (int i = 0; i < 4; i++) {
		uint8_t c = rd_u8(&r);

		if (!is_digit(c))
			return false;
		zone = zone * (i == 2 ? 6 : 10) + (c - '0');	/* hours, then minutes */
	}
	if (day < 1 || day > 31 || year < 1970 || hour > 23 || minute > 59 || second > 60)
		return false;
	*out = days_of(year, (int64_t)month + 1, day) * 86400 + hour * 3600 + minute * 60 + second -
	    (west ? -zone : zone) * 60;
	return true;
}

bool
mailreply_date(struct rd line, int64_t *out)
{
	static const char names[] = "MonTueWedThuFriSatSun";

	for (; line.len >= 25; (void)rd_u8(&line))
		for (size_t i = 0; i < 7; i++)
			if (memcmp(line.p, names + i * 3, 3) == 0 && line.p[3] == ',' &&
			    read_date(rd_at(line, 4, line.len - 4), out))
				return true;
	return false;
}

bool
mailreply_is_garbled(const struct rd *line)
{
	for (size_t i = 0; i < line->len; i++)
		if ((line->p[i] < ' ' && line->p[i] != '\t') || line->p[i] == 0x7f)
			return true;
	return false;
}

bool
mailreply_is_masked(const struct rd *w)
{
	size_t x = 0, stars = 0;

	for (size_t i = 0; i < w->len; i++) {
		x += w->p[i] == 'X';
		stars += w->p[i] == '*';
	}
	/* Cisco's inspection keeps the length, and lets the last letter count. */
	return w->len >= 4 && (stars >= 4 || x == w->len ||
	    (x == w->len - 1 && w->p[w->len - 1] >= 'A' && w->p[w->len - 1] <= 'Z'));
}
