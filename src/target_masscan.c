/*
 * target_masscan.c - one line of masscan -oL:
 *
 *	#masscan
 *	open tcp 443 192.0.2.25 1764000000
 *	banner tcp 443 192.0.2.25 1764000000 ssl TLS/1.2 ...
 *	# end
 *
 * Every open TCP port is a target: the user chose the ports (masscan -p).
 */
#include <string.h>

#include "target_input.h"

enum { WORDS = 4 };

struct word {
	const char	*s;
	size_t		 n;
};

/* The first words of a line; how many there were, up to WORDS. */
static size_t
read_words(const char *s, size_t n, struct word words[WORDS])
{
	size_t count = 0, i = 0;

	while (count < WORDS) {
		while (i < n && (s[i] == ' ' || s[i] == '\t'))
			i++;
		if (i == n)
			break;
		words[count].s = s + i;
		while (i < n && s[i] != ' ' && s[i] != '\t')
			i++;
		words[count].n = (size_t)(s + i - words[count].s);
		count++;
	}
	return count;
}

static bool
is(struct word w, const char *text)
{
	return w.n == strlen(text) && memcmp(w.s, text, w.n) == 0;
}

bool
target_masscan_looks(const char *s, size_t n)
{
	struct word w[WORDS];
	struct target_addr a;
	size_t count;

	if (n >= 8 && memcmp(s, "#masscan", 8) == 0)
		return true;
	count = read_words(s, n, w);
	return count == WORDS && (is(w[0], "open") || is(w[0], "banner")) &&
	    (is(w[1], "tcp") || is(w[1], "udp") || is(w[1], "sctp") || is(w[1], "icmp")) &&
	    target_addr_parse(w[3].s, w[3].n, &a);
}

int
target_masscan_line(struct target_input *in, const char *s, size_t n, struct target_item *out)
{
	char why[TARGET_WHY] = "not a line of masscan -oL, expected: open tcp PORT ADDRESS TIME";
	char shown[128];
	struct word w[WORDS];
	size_t count = read_words(s, n, w);

	if (count == 0 || w[0].s[0] == '#')
		return 0;
	if (count == WORDS && (is(w[0], "banner") || is(w[0], "closed") || !is(w[1], "tcp")))
		return 0;
	if (count == WORDS && is(w[0], "open") && target_parse_endpoint(w[3].s, w[3].n, w[2].s,
	    w[2].n, target_input_rules(in), &out->spec, why))
		return 1;
	target_input_bad(in, target_input_line(in) - 1,
	    target_parse_shown(s, n, "", 0, shown), why);
	return -1;
}
