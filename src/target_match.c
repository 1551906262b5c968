/* target_match.c - patterns of names, and addresses in blocks, for policies. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "target_input.h"
#include "target_match.h"

/* * is any text, ? one byte; without backtracking beyond the last star. */
static bool
glob(const char *p, const char *s)
{
	const char *star = NULL, *retry = NULL;

	while (*s != '\0') {
		if (*p == '*') {
			star = p++;
			retry = s;
		} else if (*p == '?' || tolower((unsigned char)*p) == tolower((unsigned char)*s)) {
			p++;
			s++;
		} else if (star != NULL) {
			p = star + 1;
			s = ++retry;
		} else
			return false;
	}
	while (*p == '*')
		p++;
	return *p == '\0';
}

static bool
is_addresses(const char *pattern, struct target_spec *spec)
{
	struct target_rules rules = { .exclusion = true };
	char why[TARGET_WHY];

	return target_parse(pattern, strlen(pattern), &rules, spec, why) && !spec->is_name;
}

bool
target_match_check(const char *pattern)
{
	static const char more[] = "-._*?:[]%";
	struct target_spec spec;

	if (is_addresses(pattern, &spec))
		return true;
	if (pattern[0] == '\0' || pattern[0] == '-' || strchr(pattern, '/') != NULL)
		return false;
	/* 10.0.0.300, 10.0.0.9-3: digits alone are an address gone wrong, no name. */
	if (pattern[strspn(pattern, "0123456789.-:")] == '\0')
		return false;
	for (const char *s = pattern; *s != '\0'; s++)
		if ((unsigned char)*s < 0x80 && !isalnum((unsigned char)*s) && strchr(more, *s) == NULL)
			return false;
	return true;
}

/* "[v6]:port", "host:port" and "http://host" without their trimmings. */
static char *
host_of(const char *target)
{
	const char *s = text_starts(target, "http://") ? target + 7 : target;
	const char *colon = strrchr(s, ':');

	if (s[0] == '[')
		return text_dup_n(s + 1, strcspn(s + 1, "]"));
	if (colon != NULL && strchr(s, ':') == colon)
		return text_dup_n(s, (size_t)(colon - s));
	return text_dup(s);
}

static bool
is_within(const struct target_spec *spec, const char *address)
{
	struct target_addr a;

	return target_addr_parse(address, strcspn(address, "%"), &a) &&
	    target_addr_cmp(&a, &spec->first) >= 0 && target_addr_cmp(&a, &spec->last) <= 0;
}

bool
target_match(const char *pattern, const char *target, const char *address)
{
	char *host = host_of(target);
	struct target_spec spec;
	bool match;

	if (is_addresses(pattern, &spec))
		match = is_within(&spec, address) || is_within(&spec, host);
	else
		match = glob(pattern, target) || glob(pattern, host);
	free(host);
	return match;
}
