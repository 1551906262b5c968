/*
 * card_tls.c - TLS and the certificate of one target in two lines; with -v
 * everything that each place accepts, and its chain.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "card_parts.h"
#include "tls_facts.h"
#include "tone.h"

/* ---- observations at one place ---- */

static const char *
text_at(const struct obs *o, enum fact fact, const char *at)
{
	const struct observation *k = obs_next_at(o, fact, at, NULL);

	return k != NULL ? k->text : "";
}

static bool
is_true(const struct obs *o, enum fact fact, const char *at)
{
	const struct observation *k = obs_next_at(o, fact, at, NULL);

	return k != NULL && k->number != 0;
}

/* The place of the target's own port, else the first. */
static const char *
own_place(const struct result *r, enum fact fact)
{
	const struct observation *k = obs_first(r->obs, fact), *first = k;
	char port[8];

	(void)snprintf(port, sizeof(port), ":%u", (unsigned)r->port);
	for (; k != NULL; k = obs_next(r->obs, k)) {
		size_t n = strlen(k->at), tail = strlen(port);

		if (n > tail && strcmp(k->at + n - tail, port) == 0)
			return k->at;
	}
	return first != NULL ? first->at : NULL;
}

static void
add(struct text_buf *b, const char *before, const char *text)
{
	text_buf_printf(b, "%s%s", b->s != NULL && b->s[0] != '\0' ? before : "", text);
}

/* "1.3, 1.2": newest first, without the letters that all of them share.  False: there is none. */
static bool
add_versions(struct text_buf *b, const struct obs *o, enum tls_known known, const char *at,
    const char *before)
{
	static const struct { uint16_t version; const char *shown; } versions[] = {
		{ 0x0304, "1.3" }, { 0x0303, "1.2" }, { 0x0302, "1.1" }, { 0x0301, "1.0" },
		{ 0x0300, "SSL 3" }, { 0x0002, "SSL 2" },
	};
	const struct observation *k;
	struct text_buf list = { 0 };
	bool any;

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (tls_facts_version(o, at, versions[i].version, &k) == known)
			add(&list, ", ", versions[i].shown);
	any = list.s != NULL;
	if (any)
		text_buf_printf(b, "%s%s", before, list.s);
	text_buf_free(&list);
	return any;
}

/* The kinds of weak suites among those accepted, by their IANA names. */
static char *
weak_kinds(const struct obs *o, const char *at)
{
	static const struct { const char *part, *kind; } kinds[] = {
		{ "_NULL_", "NULL" }, { "_anon_", "anonymous" }, { "_EXPORT", "EXPORT" },
		{ "_RC4_", "RC4" }, { "_RC2_", "RC2" }, { "_DES_", "DES" }, { "_3DES_", "3DES" },
		{ " TLS_RSA_", "static RSA" }, { "_CBC_", "CBC" },
	};
	struct text_buf list = { 0 };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		for (const struct observation *k = NULL;
		    (k = obs_next_at(o, FACT_TLS_SUITE, at, k)) != NULL;)
			if (strstr(k->text, kinds[i].part) != NULL) {
				add(&list, ", ", kinds[i].kind);
				break;
			}
	return list.s;
}

static void
add_places(struct text_buf *b, const struct obs *o, enum fact fact, const char *before)
{
	struct text_buf list = { 0 };
	const char *last = "";

	for (const struct observation *k = obs_first(o, fact); k != NULL; k = obs_next(o, k)) {
		if (strcmp(k->at, last) != 0)
			add(&list, ", ", k->at);
		last = k->at;
	}
	if (list.s != NULL)
		text_buf_printf(b, "; %s %s", before, list.s);
	text_buf_free(&list);
}

/* ---- two lines ---- */

/* Was a version that is offered not asked to its end?  Then a suite may be missing here. */
static bool
is_cut(const struct obs *o, const char *at)
{
	static const char *const versions[] = { "TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1.0", "SSLv3" };

	if (strcmp(text_at(o, FACT_TLS_DEPTH, at), "exact") != 0)
		return false;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (obs_find_at(o, FACT_TLS_OFFERED, at, versions[i]) != NULL &&
		    obs_find_at(o, FACT_TLS_COMPLETE, at, versions[i]) == NULL)
			return true;
	return false;
}

/* Is a suite open, or whether there is one?  Groups, order and schemes are details. */
static bool
is_open(const struct obs *o, const char *at)
{
	static const char *const details[] = { " groups: ", " order: ", " signature-schemes: " };

	for (const struct observation *k = NULL;
	    (k = obs_next_at(o, FACT_TLS_UNDECIDED, at, k)) != NULL;) {
		bool detail = false;

		for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++)
			detail = detail || strstr(k->text, details[i]) != NULL;
		if (!detail)
			return true;
	}
	return is_cut(o, at);
}

static void
print_versions(const struct paint *p, const struct result *r, const char *at)
{
	const struct obs *o = r->obs;
	struct text_buf b = { 0 }, unsettled = { 0 };
	char *weak = weak_kinds(o, at);
	bool open = is_open(o, at);

	(void)add_versions(&unsettled, o, TLS_OPEN, at, "; not settled: ");
	if (!add_versions(&b, o, TLS_YES, at, ""))
		text_buf_str(&b, obs_next_at(o, FACT_TLS_REFUSED, at, NULL) == NULL ? "not seen" :
		    unsettled.s != NULL ? "none seen" : "none");
	(void)add_versions(&b, o, TLS_NO, at, "; not ");
	if (weak != NULL)
		text_buf_printf(&b, "; weak: %s", weak);
	else if (!open && obs_next_at(o, FACT_TLS_CLEAN, at, NULL) != NULL)
		text_buf_str(&b, "; no weak suite");
	if (unsettled.s != NULL)
		text_buf_str(&b, unsettled.s);
	else if (open)
		text_buf_str(&b, "; not all settled");
	if (obs_first(o, FACT_TLS_FOREIGN) != NULL)
		text_buf_str(&b, "; not ended by Windows");
	add_places(&b, o, FACT_TLS_DIFFERS, "differs at");
	card_line(p, "TLS", INK_PLAIN, b.s);
	free(weak);
	text_buf_free(&unsettled);
	text_buf_free(&b);
}

/* Whole days from the moment of the scan, on the day that is judged as of: rules/cert.c */
static void
add_end(struct text_buf *b, const struct report_run *run, const struct result *r, const char *end)
{
	char day[11], now[RESULT_TIME_MAX];
	int32_t last, days;
	int order;
	bool ended;

	(void)snprintf(day, sizeof(day), "%.10s", end);
	if (!builds_day_parse(day, &last))
		return;
	days = last - run->as_of;
	(void)result_time(r->started_ms, now);
	order = strlen(end) == 20 && strlen(now) >= 19 ? strncmp(end + 11, now + 11, 8) : 0;
	ended = days < 0 || (days == 0 && order < 0);
	if (ended)
		days = -days - (order > 0);
	else
		days -= order < 0;
	text_buf_printf(b, "; %s %s (%" PRId32 " day%s)", ended ? "ended" : "ends", day, days,
	    days == 1 ? "" : "s");
}

/* Whose it is: the subject, or a name where the subject is empty. */
static const char *
owner(const struct obs *o, const char *at)
{
	const char *subject = text_at(o, FACT_CERT_SUBJECT, at), *san = text_at(o, FACT_CERT_SAN, at);

	if (obs_next_at(o, FACT_CERT_SUBJECT, at, NULL) == NULL)
		return "cannot be read";
	return subject[0] != '\0' ? subject : san[0] != '\0' ? san : "no subject";
}

static void
print_certificate(const struct paint *p, const struct report_run *run, const struct result *r,
    const char *at, const char *label)
{
	const struct obs *o = r->obs;
	const char *end = text_at(o, FACT_CERT_NOT_AFTER, at), *trust = text_at(o, FACT_CERT_TRUST, at);
	struct text_buf b = { 0 };

	text_buf_str(&b, owner(o, at));
	if (is_true(o, FACT_CERT_SELF_SIGNED, at))
		text_buf_str(&b, ", self-signed");
	else if (text_at(o, FACT_CERT_ISSUER, at)[0] != '\0')
		text_buf_printf(&b, " by %s", text_at(o, FACT_CERT_ISSUER, at));
	add_end(&b, run, r, end);
	if (text_at(o, FACT_CERT_KEY, at)[0] != '\0')
		text_buf_printf(&b, "; %s", text_at(o, FACT_CERT_KEY, at));
	if (trust[0] != '\0')
		text_buf_printf(&b, "; %s", strcmp(trust, "ok") == 0 ? "trusted" :
		    strcmp(trust, "not-read-whole") == 0 ? "trust not settled" : "not trusted");
	if (obs_next_at(o, FACT_CERT_NAME_MATCH, at, NULL) != NULL &&
	    !is_true(o, FACT_CERT_NAME_MATCH, at))
		text_buf_str(&b, "; another name");
	add_places(&b, o, FACT_CERT_DIFFERS, "another one at");
	card_line(p, label, INK_PLAIN, b.s);
	text_buf_free(&b);
}

/* ---- everything, with -v ---- */

static void
print_list(const struct paint *p, const char *what, const struct text_buf *list)
{
	char *s;

	if (list->s == NULL)
		return;
	s = text_printf("%s %s", what, list->s);
	paint_blank(p, 17);
	paint_wrap(p, INK_DIM, 17, 19, s);
	free(s);
}

/* The words behind "TLSv1.2 " of a fact. */
static void
print_words(const struct paint *p, const struct obs *o, const char *at, const char *version,
    enum fact fact, const char *what)
{
	struct text_buf list = { 0 };
	size_t n = strlen(version);

	for (const struct observation *k = NULL; (k = obs_next_at(o, fact, at, k)) != NULL;)
		if (strncmp(k->text, version, n) == 0 && k->text[n] == ' ')
			add(&list, ", ", k->text + n + 1);
	print_list(p, what, &list);
	text_buf_free(&list);
}

static void
print_version(const struct paint *p, const struct obs *o, const char *at, const char *version)
{
	size_t n = strlen(version);
	char *s = text_printf("%s", version);

	paint_blank(p, 15);
	paint_wrap(p, INK_PLAIN, 15, 17, s);
	free(s);
	for (const struct observation *k = NULL; (k = obs_next_at(o, FACT_TLS_SUITE, at, k)) != NULL;) {
		if (strncmp(k->text, version, n) != 0 || k->text[n] != ' ')
			continue;
		s = text_printf("%s  %s", k->text + n + 1, k->evidence);
		paint_blank(p, 17);
		paint_wrap(p, INK_DIM, 17, 19, s);
		free(s);
	}
	print_words(p, o, at, version, FACT_TLS_GROUP, "groups");
	print_words(p, o, at, version, FACT_TLS_ORDER, "order of the");
	print_words(p, o, at, version, FACT_TLS_CLEAN, "none of:");
	print_words(p, o, at, version, FACT_TLS_UNDECIDED, "not settled:");
}

/* One fact's values, without a version. */
static void
print_values(const struct paint *p, const struct obs *o, const char *at)
{
	static const struct { enum fact fact; const char *what; } rows[] = {
		{ FACT_TLS_SCHEME, "signature schemes" },
		{ FACT_TLS_ALPN, "ALPN" }, { FACT_TLS_DH_BITS, "bits of Diffie-Hellman" },
		{ FACT_TLS_RENEGOTIATION, "secure renegotiation" },
		{ FACT_TLS_EMS, "extended master secret" }, { FACT_TLS_COMPRESSION, "compression" },
		{ FACT_TLS_TICKET, "session tickets" }, { FACT_TLS_STAPLED, "stapled OCSP answer" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text_buf list = { 0 };

		for (const struct observation *k = NULL; (k = obs_next_at(o, rows[i].fact, at, k)) != NULL;) {
			char *s = k->text != NULL ? text_dup(k->text) :
			    rows[i].fact == FACT_TLS_DH_BITS ? text_printf("%" PRId64, k->number) :
			    text_dup(k->number != 0 ? "yes" : "no");

			add(&list, ", ", s);
			free(s);
		}
		print_list(p, rows[i].what, &list);
		text_buf_free(&list);
	}
}

/* The versions that are not offered, and those of which that is not known, each with its reason. */
static void
print_others(const struct paint *p, const struct obs *o, const char *at)
{
	static const uint16_t versions[] = { 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304 };
	struct text_buf refused = { 0 }, unsettled = { 0 };
	const struct observation *k;

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		const char *name = tls_names_version(versions[i]);
		enum tls_known known = tls_facts_version(o, at, versions[i], &k);

		if (known == TLS_NO)
			add(&refused, ", ", name);
		if (known != TLS_OPEN)
			continue;
		add(&unsettled, ", ", name);
		text_buf_printf(&unsettled, " (%s)", tls_facts_open(o, at, versions[i]));
	}
	print_list(p, "refused", &refused);
	print_list(p, "not settled:", &unsettled);
	text_buf_free(&refused);
	text_buf_free(&unsettled);
}

static void
print_place(const struct paint *p, const struct obs *o, const char *at)
{
	char *s = text_printf("%s (%s)", at, text_at(o, FACT_TLS_DEPTH, at));

	card_line(p, "", INK_BOLD, s);
	free(s);
	for (const struct observation *k = NULL; (k = obs_next_at(o, FACT_TLS_OFFERED, at, k)) != NULL;)
		print_version(p, o, at, k->text);
	print_others(p, o, at);
	print_values(p, o, at);
}

/* The chain and the names of each certificate that is not shown already. */
static void
print_chain(const struct paint *p, const struct report_run *run, const struct result *r,
    const struct observation *cert)
{
	static const struct { enum fact fact; const char *what; } rows[] = {
		{ FACT_CERT_SAN, "names" }, { FACT_CERT_CHAIN, "sent" }, { FACT_CERT_CHAIN_BUILT, "built" },
		{ FACT_CERT_SIGNATURE, "signed by" }, { FACT_CERT_VERIFY, "verification:" },
		{ FACT_CERT_OCSP, "stapled OCSP answer:" },
		{ FACT_CERT_SERIAL, "serial" }, { FACT_CERT_SHA256, "SHA-256" },
	};

	for (const struct observation *k = obs_first(r->obs, FACT_CERT_SHA256); k != cert;
	    k = obs_next(r->obs, k))
		if (strcmp(k->text, cert->text) == 0)
			return;
	print_certificate(p, run, r, cert->at, "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text_buf list = { 0 };

		for (const struct observation *k = NULL;
		    (k = obs_next_at(r->obs, rows[i].fact, cert->at, k)) != NULL;)
			add(&list, rows[i].fact == FACT_CERT_CHAIN ? "; " : ", ", k->text);
		print_list(p, rows[i].what, &list);
		text_buf_free(&list);
	}
}

void
card_tls(const struct paint *p, const struct report_run *run, const struct result *r)
{
	const char *at = own_place(r, FACT_TLS_DEPTH), *cert = own_place(r, FACT_CERT_SHA256);
	const char *last = "";

	if (at != NULL || cert != NULL)
		fputc('\n', p->f);
	if (at != NULL)
		print_versions(p, r, at);
	if (cert != NULL)
		print_certificate(p, run, r, cert, "Cert");
	if (run->verbose == 0)
		return;
	for (const struct observation *k = obs_first(r->obs, FACT_TLS_DEPTH); k != NULL;
	    k = obs_next(r->obs, k)) {
		if (strcmp(k->at, last) != 0)
			print_place(p, r->obs, k->at);
		last = k->at;
	}
	for (const struct observation *k = obs_first(r->obs, FACT_CERT_SHA256); k != NULL;
	    k = obs_next(r->obs, k))
		print_chain(p, run, r, k);
}
