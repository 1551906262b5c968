/*
 * target_list.c - what an input is, by its first bytes, and the plain list.
 *
 * A list, as the manual has it:
 *
 *	# a comment; so is a line that starts with ;
 *	mail.example.com
 *	mail.example.com:8443      Berlin      # white space, then the tag
 *	https://owa.example.com/owa/,"Head office, Hamburg"
 *	10.0.0.0/28;lab
 *	[2001:db8::25]:443
 *
 * One entry a line, in UTF-8 with or without byte order mark, ended by LF or
 * CRLF.  The entry ends at white space, a comma or a semicolon; then comes the
 * tag: the rest of the line after white space, the next column after a comma,
 * semicolon or tab (further columns are ignored).  Both may stand in double
 * quotes, with "" for a quote.  # and ; after white space begin a comment.  A
 * first line of column names such as target,tag is skipped.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "target_input.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool
at_comment(const char *s, size_t n, size_t i)
{
	return i < n && (s[i] == '#' || s[i] == ';') && (i == 0 || is_blank(s[i - 1]));
}

/*
 * A column in double quotes at s[i]: its text to out.  The index behind it, 0
 * when the quote does not end.
 */
static size_t
read_quoted(const char *s, size_t n, size_t i, struct text_buf *out)
{
	for (i++; i < n; i++) {
		if (s[i] == '"' && (i + 1 == n || s[i + 1] != '"'))
			return i + 1;
		if (s[i] == '"')
			i++;
		text_buf_add(out, s + i, 1);
	}
	return 0;
}

/* The tag that starts at s[i]; sep is what ended the entry, 0 for white space. */
static bool
read_tag(const char *s, size_t n, size_t i, char sep, char tag[LIMIT_TAG])
{
	struct text_buf quoted = { 0 };
	const char *from = s + i;
	size_t end = i;
	bool ok = true;

	if (i < n && s[i] == '"') {
		ok = read_quoted(s, n, i, &quoted) != 0;
		from = quoted.s != NULL ? quoted.s : "";
		end = i = 0;
		n = quoted.len;
	}
	while (end < n && (quoted.s != NULL || (!at_comment(s, n, end) &&
	    (sep == 0 || (s[end] != sep && s[end] != '\t')))))
		end++;
	end -= i;
	while (end > 0 && is_blank(from[end - 1]))
		end--;
	(void)text_printable(tag, LIMIT_TAG, from, end);
	text_buf_free(&quoted);
	return ok;
}

/* The entry itself, at s[*i]; false when its quote does not end. */
static bool
read_target(const char *s, size_t n, size_t *i, struct target_columns *out)
{
	struct text_buf quoted = { 0 };
	size_t start = *i, used = 0;

	if (s[start] == '"') {
		*i = read_quoted(s, n, start, &quoted);
		while (used < quoted.len && is_blank(quoted.s[used]))
			used++;
		out->ntarget = quoted.len - used;
		if (out->ntarget != 0)
			memcpy(out->target, quoted.s + used, out->ntarget);
		text_buf_free(&quoted);
		while (out->ntarget > 0 && is_blank(out->target[out->ntarget - 1]))
			out->ntarget--;
		return *i != 0;
	}
	while (*i < n && !is_blank(s[*i]) && s[*i] != ',' && s[*i] != ';')
		++*i;
	out->ntarget = *i - start;
	memcpy(out->target, s + start, out->ntarget);
	return true;
}

enum target_split
target_list_split(const char *s, size_t n, struct target_columns *out)
{
	size_t i = 0, behind;
	char sep = 0;

	out->tag[0] = '\0';
	out->rest = s + n;
	out->nrest = out->ntarget = 0;
	out->csv = false;
	while (i < n && is_blank(s[i]))
		i++;
	if (i == n || s[i] == '#' || s[i] == ';')
		return TARGET_SPLIT_BLANK;
	if (!read_target(s, n, &i, out))
		return TARGET_SPLIT_QUOTE;
	out->rest = s + i;
	out->nrest = n - i;
	behind = i;
	for (; i < n && is_blank(s[i]); i++)
		if (s[i] == '\t')
			sep = '\t';
	if (i == n || (i > behind && at_comment(s, n, i)))
		return TARGET_SPLIT_ENTRY;
	if (s[i] == ',' || s[i] == ';') {
		sep = s[i];
		for (i++; i < n && is_blank(s[i]) && s[i] != '\t'; i++)
			;
	}
	out->csv = sep != 0;
	return read_tag(s, n, i, sep, out->tag) ? TARGET_SPLIT_ENTRY : TARGET_SPLIT_QUOTE;
}

/* Are both columns names of columns, as spreadsheets put them first? */
static bool
is_header(const struct target_columns *c)
{
	static const char *const first[] = {
		"target", "host", "hostname", "fqdn", "address", "ip", "url", "server", "name",
	};
	static const char *const second[] = {
		"tag", "tags", "site", "group", "comment", "note", "location", "address", "ip",
		"port", "name", "owner", "description",
	};
	bool one = false, two = false;

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		one = one || (strlen(first[i]) == c->ntarget &&
		    strncasecmp(c->target, first[i], c->ntarget) == 0);
	for (size_t i = 0; i < sizeof(second) / sizeof(second[0]); i++)
		two = two || text_eq_nocase(c->tag, second[i]);
	return c->csv && one && two;
}

static void
bad_text(struct target_input *in, const char *s, size_t n, const char *rest, size_t nrest,
    const char *why)
{
	char shown[128];

	target_input_bad(in, target_input_line(in) - 1,
	    target_parse_shown(s, n, rest, nrest, shown), why);
}

/* The item of one line: 1; 0 when it holds none; -1 when it is bad (told). */
static int
read_line(struct target_input *in, const char *s, size_t n, struct target_item *out)
{
	struct target_format_state *state = target_input_state(in);
	struct target_columns c;
	char why[TARGET_WHY];
	enum target_split split;

	if (n != 0 && memchr(s, '\0', n) != NULL) {
		bad_text(in, s, n, "", 0, "NUL byte, expected text in UTF-8");
		return -1;
	}
	split = target_list_split(s, n, &c);
	if (split == TARGET_SPLIT_BLANK)
		return 0;
	if (split == TARGET_SPLIT_QUOTE) {
		bad_text(in, s, n, "", 0, "quote that does not end, expected \" at its end");
		return -1;
	}
	if (!state->begun) {
		state->begun = true;
		if (is_header(&c))
			return 0;
	}
	if (!target_parse(c.target, c.ntarget, target_input_rules(in), &out->spec, why)) {
		bad_text(in, c.target, c.ntarget, c.rest, c.nrest, why);
		return -1;
	}
	memcpy(out->tag, c.tag, sizeof(out->tag));
	return 1;
}

static int
next_from_lines(struct target_input *in, struct target_item *out)
{
	struct target_format_state *state = target_input_state(in);
	const char *s;
	size_t n;
	int got = 0;

	while (got != 1) {
		switch (target_input_next_line(in, &s, &n)) {
		case TARGET_LINE_END:
			return target_input_failed(in) ? -1 : 0;
		case TARGET_LINE_LONG:
			bad_text(in, s, n, "@", 1, "line too long, expected at most 8192 bytes");
			continue;
		case TARGET_LINE:
			break;
		}
		if (state->format == TARGET_FORMAT_LIST && !state->begun &&
		    target_masscan_looks(s, n))
			state->format = TARGET_FORMAT_MASSCAN;
		out->line = target_input_line(in) - 1;
		got = state->format == TARGET_FORMAT_MASSCAN ?
		    target_masscan_line(in, s, n, out) : read_line(in, s, n, out);
	}
	return 1;
}

/* Does the input go on with these bytes?  Looks no further than it must. */
static bool
looking_at(struct target_input *in, size_t from, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (target_input_peek(in, from + i) != (unsigned char)bytes[i])
			return false;
	return true;
}

/* Inputs that are no text that we read, each with its remedy. */
static bool
is_unusable(struct target_input *in)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *reason;
	} rows[] = {
#define ROW(s, reason) { (s), sizeof(s) - 1, (reason) }
		ROW("\xff\xfe", "UTF-16 text, expected UTF-8 (iconv -f UTF-16 -t UTF-8)"),
		ROW("\xfe\xff", "UTF-16 text, expected UTF-8 (iconv -f UTF-16 -t UTF-8)"),
		ROW("\x1f\x8b", "compressed by gzip, expected text (zcat FILE | exvet scan -)"),
		ROW("BZh9", "compressed by bzip2, expected text (bzcat FILE | exvet scan -)"),
		ROW("\xfd" "7zXZ", "compressed by xz, expected text (xzcat FILE | exvet scan -)"),
		ROW("\x28\xb5\x2f\xfd", "compressed by zstd, expected text (zstdcat FILE | exvet scan -)"),
		ROW("PK\x03\x04", "a ZIP archive or a spreadsheet, expected text (save it as CSV)"),
		ROW("\x7f" "ELF", "a program, expected a list of targets"),
		ROW("# Nmap ", "nmap's normal or grepable output, expected its XML (nmap -oX)"),
#undef ROW
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (looking_at(in, 0, rows[i].bytes, rows[i].n)) {
			target_input_unusable(in, rows[i].reason);
			return true;
		}
	return false;
}

/* '[' begins [v6]:port as well as a JSON array. */
static bool
is_json_array(struct target_input *in)
{
	size_t i = 1;
	int c;

	while ((c = target_input_peek(in, i)) == ' ' || c == '\t' || c == '\r' || c == '\n')
		i++;
	return c == '{' || c == ']' || c < 0;
}

bool
target_list_detect(struct target_input *in)
{
	struct target_format_state *state = target_input_state(in);
	int c;

	if (state->format != TARGET_FORMAT_NONE)
		return !target_input_failed(in);
	state->format = TARGET_FORMAT_LIST;
	if (looking_at(in, 0, "\xef\xbb\xbf", 3))
		target_input_skip(in, 3);
	while ((c = target_input_peek(in, 0)) == '\n' || (c > 0 && c < 0x80 && is_blank((char)c)))
		target_input_skip(in, 1);
	if (target_input_failed(in) || is_unusable(in))
		return false;
	if (c == '{' || (c == '[' && is_json_array(in)))
		state->format = TARGET_FORMAT_JSON;
	if (c == '<') {
		state->format = TARGET_FORMAT_NMAP;
		return target_nmap_begin(in);
	}
	return !target_input_failed(in);
}

int
target_list_next(struct target_input *in, struct target_item *out)
{
	if (!target_list_detect(in))
		return -1;
	out->tag[0] = out->name[0] = '\0';
	out->line = 0;
	switch (target_input_state(in)->format) {
	case TARGET_FORMAT_JSON:
		return target_jsonl_next(in, out);
	case TARGET_FORMAT_NMAP:
		return target_nmap_next(in, out);
	default:
		return next_from_lines(in, out);
	}
}
