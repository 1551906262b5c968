/* escape.c - one leaf escaper per output syntax. */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

char *
escape_utf8(const char *s)
{
	size_t len = strlen(s), cap = 4 * len + 1;	/* every byte as \xNN at worst */
	char *out = text_alloc(cap);

	(void)text_printable(out, cap, s, len);
	return out;
}

void
escape_terminal(struct text_buf *out, const char *s)
{
	char *clean = escape_utf8(s);

	text_buf_str(out, clean);
	free(clean);
}

/*
 * Does a spreadsheet take it for a formula?  = + - @ in front, also behind
 * blanks, and the full-width forms that Excel accepts in East Asian locales.
 * (Tab and CR in front are gone already: they print as \x09 and \x0d.)
 */
static bool
is_formula(const char *s)
{
	static const char *const wide[] = {
		"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0",
	};

	s += strspn(s, " \"'");
	if (s[0] != '\0' && strchr("=+-@", s[0]) != NULL)
		return true;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (text_starts(s, wide[i]))
			return true;
	return false;
}

void
escape_csv(struct text_buf *out, const char *s)
{
	char *clean = escape_utf8(s);
	bool formula = is_formula(clean);
	bool quote = formula || strpbrk(clean, ",;\"' ") != NULL;

	if (quote)
		text_buf_str(out, "\"");
	if (formula)
		text_buf_str(out, "'");
	for (const char *p = clean; *p != '\0'; p++) {
		if (*p == '"')
			text_buf_str(out, "\"");
		text_buf_add(out, p, 1);
	}
	if (quote)
		text_buf_str(out, "\"");
	free(clean);
}

struct swap {
	char		 byte;
	const char	*by;
};

static void
swap_bytes(struct text_buf *out, const char *s, const struct swap *table, size_t n)
{
	for (; *s != '\0'; s++) {
		const char *by = NULL;

		for (size_t i = 0; i < n && by == NULL; i++)
			if (table[i].byte == *s)
				by = table[i].by;
		if (by != NULL)
			text_buf_str(out, by);
		else
			text_buf_add(out, s, 1);
	}
}

/*
 * Behind '|' a monitoring core reads performance data, '$' starts a macro in
 * notifications, '<' and '>' reach old CGIs raw, a backtick reaches a shell in
 * careless notification commands.
 */
void
escape_plugin(struct text_buf *out, const char *s)
{
	static const struct swap table[] = {
		{ '|', "/" }, { '<', "(" }, { '>', ")" }, { '$', "\\x24" }, { '`', "'" },
	};
	char *clean = escape_utf8(s);

	swap_bytes(out, clean, table, sizeof(table) / sizeof(table[0]));
	free(clean);
}

/*
 * Quotes are escaped in text too: one function that is right in both places
 * cannot be used in the wrong one.  U+FFFE and U+FFFF are no XML characters
 * (XML 1.0 section 2.2) and become visible.
 */
void
escape_markup(struct text_buf *out, const char *s)
{
	static const struct swap table[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" }, { '`', "&#96;" },
	};
	char *clean = escape_utf8(s);
	const char *p = clean, *bad;

	while ((bad = strstr(p, "\xef\xbf")) != NULL && bad[2] != '\0') {
		char *part = text_dup_n(p, (size_t)(bad - p));
		bool is_char = (unsigned char)bad[2] < 0xbe;

		swap_bytes(out, part, table, sizeof(table) / sizeof(table[0]));
		if (is_char)
			text_buf_add(out, bad, 3);
		else
			text_buf_printf(out, "\\xef\\xbf\\x%02x", (unsigned char)bad[2]);
		free(part);
		p = bad + 3;
	}
	swap_bytes(out, p, table, sizeof(table) / sizeof(table[0]));
	free(clean);
}

/* A colon before a blank or a port makes no link, and ":100:" would be a picture. */
static bool
is_plain_colon(const char *behind)
{
	size_t digits = strspn(behind, "0123456789");

	return behind[digits] == '\0' || (behind[digits] != ':' && (digits > 0 || behind[0] == ' '));
}

/*
 * CommonMark section 2.4: any ASCII punctuation can be escaped.  '<' and '&'
 * become entities, for renderers that let raw HTML through; '@' and the ':' of a
 * scheme become entities too, which stops automatic links and mentions.
 */
void
escape_markdown(struct text_buf *out, const char *s)
{
	static const struct swap table[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '|', "\\|" },
		{ '\\', "\\\\" }, { '`', "\\`" }, { '*', "\\*" }, { '_', "\\_" },
		{ '[', "\\[" }, { ']', "\\]" }, { '#', "\\#" }, { '~', "\\~" },
		{ '!', "\\!" }, { '$', "\\$" }, { '@', "&#64;" }, { ':', "&#58;" },
		{ '"', "&quot;" },
	};
	char *clean = escape_utf8(s), *from = clean;

	for (char *p = clean; *p != '\0'; p++) {
		if (*p != ':' || !is_plain_colon(p + 1))
			continue;
		*p = '\0';
		swap_bytes(out, from, table, sizeof(table) / sizeof(table[0]));
		text_buf_str(out, ":");
		from = p + 1;
	}
	swap_bytes(out, from, table, sizeof(table) / sizeof(table[0]));
	free(clean);
}
