/*
 * banner.c - what the greeting of a mail service tells everybody: product,
 * version, name, clock (C-20, C-22).
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probes/banner.h"
#include "probes/note.h"

enum { BANNER = 512, WORD = 128 };

/*
 * In order: the first that fits is the product.  Exchange 2007 and later and
 * the SMTP service of IIS share their words, but only the latter says Version.
 */
static const struct product {
	const char	*words, *also;
	const char	*product, *mark;
} products[] = {
	{ "Microsoft ESMTP MAIL Service", ".outlook.com", "exchange-online", NULL },
	{ "Microsoft ESMTP MAIL Service", "Version:", "iis-smtp", NULL },
	{ "Microsoft ESMTP MAIL Service", "", "exchange", "smtp-banner" },
	{ "Microsoft Exchange Internet Mail", "", "exchange", "smtp-banner" },
	{ "The Microsoft Exchange IMAP4 service is ready", "[", "exchange-online", NULL },
	{ "The Microsoft Exchange POP3 service is ready", "[", "exchange-online", NULL },
	{ "The Microsoft Exchange IMAP4 service is ready", "", "exchange", "imap-banner" },
	{ "The Microsoft Exchange POP3 service is ready", "", "exchange", "pop3-banner" },
	{ "Microsoft Exchange", "IMAP4", "exchange", "imap-banner" },
	{ "Microsoft Exchange", "POP3", "exchange", "pop3-banner" },
	{ "Postfix", "", "postfix", NULL },
	{ "Exim", "", "exim", NULL },
	{ "Sendmail", "", "sendmail", NULL },
	{ "Dovecot", "", "dovecot", NULL },
	{ "Courier", "", "courier", NULL },
	{ "Cyrus", "", "cyrus", NULL },
};

static const struct product *
find_product(const char *banner)
{
	size_t n = strlen(banner);

	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++)
		if (text_find_nocase(banner, n, products[i].words) != NULL &&
		    (products[i].also[0] == '\0' ||
		    text_find_nocase(banner, n, products[i].also) != NULL))
			return &products[i];
	return NULL;
}

/* Digits and dots, and at least one dot between digits. */
static bool
is_version(const char *word, unsigned *parts)
{
	bool digit = false;

	*parts = 1;
	for (; *word != '\0'; word++) {
		if (*word == '.' && !digit)
			return false;
		if (*word != '.' && (*word < '0' || *word > '9'))
			return false;
		*parts += *word == '.';
		digit = *word != '.';
	}
	return digit && *parts >= 2;
}

static bool
is_host_name(const char *word)
{
	return strpbrk(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL &&
	    strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") ==
	    strlen(word);
}

/* A name that no resolver outside knows: one label, or under an inner domain. */
static bool
is_inner_name(const char *name)
{
	static const char *const inner[] = {
		".local", ".localdomain", ".lan", ".internal", ".intern", ".intra", ".corp", ".home",
		".ad", ".domain", ".private",
	};
	const char *dot = strrchr(name, '.');

	if (dot == NULL)
		return true;
	for (size_t i = 0; i < sizeof(inner) / sizeof(inner[0]); i++)
		if (text_eq_nocase(dot, inner[i]))
			return true;
	return false;
}

/* RFC 1918, and link-local.  10.0.17763.1697 is a build, and no address. */
static bool
is_inner_address(const char *word)
{
	unsigned part[4] = { 0 };
	size_t n = 0;

	for (; *word != '\0' && n < 4; word++)
		if (*word == '.')
			n++;
		else if ((part[n] = part[n] * 10 + (unsigned)(*word - '0')) > 255)
			return false;
	return n == 3 && (part[0] == 10 || (part[0] == 192 && part[1] == 168) ||
	    (part[0] == 169 && part[1] == 254) || (part[0] == 172 && part[1] >= 16 && part[1] <= 31));
}

static void
note_leak(struct talk *t, const char *kind, const char *word, const char *banner)
{
	char value[WORD + 16];

	(void)snprintf(value, sizeof(value), "%s %s", kind, word);
	note_text(t, FACT_MAIL_LEAK, value, banner);
}

/* Each word without the brackets and commas around it. */
static bool
next_word(const char **at, char word[WORD])
{
	static const char around[] = " \t,;()[]<>\"'";
	size_t n;

	*at += strspn(*at, around);
	n = strcspn(*at, around);
	(void)snprintf(word, WORD, "%.*s", n < WORD ? (int)n : WORD - 1, *at);
	*at += n;
	return n > 0;
}

static void
note_words(struct talk *t, const char *banner, const struct product *product)
{
	const char *at = banner;
	char word[WORD];
	unsigned parts;
	bool first = true;

	for (; next_word(&at, word); first = false) {
		if (first && strchr(word, '*') == NULL && is_host_name(word)) {
			bool said = strchr(word, '.') != NULL && word[strlen(word) - 1] != '.';

			/* A bare word is a name only where Exchange's transport greets. */
			if (said || (product != NULL && product->mark != NULL &&
			    strcmp(product->mark, "smtp-banner") == 0))
				note_text(t, FACT_MAIL_NAME, word, banner);
			if (said && is_inner_name(word))
				note_leak(t, "name", word, banner);
		} else if (is_version(word, &parts)) {
			if (parts == 4 && is_inner_address(word)) {
				note_leak(t, "address", word, banner);
				continue;
			}
			note_leak(t, "version", word, banner);
			/* 5.5 to 2003 told their own; later ones never do. */
			if (product != NULL && strcmp(product->product, "exchange") == 0 && parts <= 4)
				note_text(t, FACT_BUILD_BANNER, word, banner);
		}
	}
}

/* What a line of the greeting tells by its words. */
static void
note_line(struct talk *t, struct mailtalk *s, struct rd line, const char *banner)
{
	const struct product *product = find_product(banner);
	int64_t clock;

	if (product != NULL) {
		mailtalk_product(t, s, product->product);
		if (product->mark != NULL)
			note_once(t, FACT_MARK, product->mark, banner);
	}
	note_words(t, banner, product);
	if (mailreply_date(line, &clock))
		note_number(t, FACT_MAIL_SKEW, clock - t->now, banner);
}

void
banner_note(struct talk *t, struct mailtalk *s, struct rd line)
{
	char banner[BANNER];

	(void)text_printable(banner, sizeof(banner), line.p, line.len);
	note_text(t, FACT_MAIL_BANNER, banner, "");
	note_number(t, FACT_MAIL_DELAY, t->waited_ms, "");
	note_line(t, s, line, banner);
}

void
banner_more(struct talk *t, struct mailtalk *s, struct rd line)
{
	char banner[BANNER];

	(void)text_printable(banner, sizeof(banner), line.p, line.len);
	note_line(t, s, line, banner);
}
