/*
 * tls_lot_test.c - both TLS probes against servers drawn by lot: whatever suites,
 * order, groups and manners of refusal, what is found is what the server has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "probes/table.h"
#include "tls_model.h"
#include "wire/tls_names.h"

enum { SERVERS = 400 };

/* The same numbers on every machine (a linear congruential generator). */
static unsigned
draw(uint32_t *lot, unsigned below)
{
	*lot = *lot * 1664525u + 1013904223u;
	return (*lot >> 8) % below;
}

/* A suite that the model can play: of RSA, with a key exchange that it knows. */
static bool
is_playable(const struct tls_suite *s)
{
	bool kx = s->kx == TLS_KX_RSA || s->kx == TLS_KX_DHE || s->kx == TLS_KX_ECDHE;

	/* Of two numbers with one name only one can be told. */
	return ((kx && s->auth == TLS_AUTH_RSA) || (s->flags & SUITE_TLS13) != 0) &&
	    tls_names_suite_find(s->name) == s;
}

static uint16_t
draw_suite(uint32_t *lot, bool ordinary)
{
	size_t n = 0;

	while (tls_names_suites[n].code != 0)
		n++;
	for (;;) {
		const struct tls_suite *s = &tls_names_suites[draw(lot, (unsigned)n)];

		if (is_playable(s) && (!ordinary || (s->flags & SUITE_ORDINARY) != 0))
			return s->code;
	}
}

static bool
is_in(const uint16_t *list, size_t n, uint16_t code)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == code)
			return true;
	return false;
}

/* One list for all versions, as servers keep it; deep: one for each. */
static void
draw_lists(struct model *m, uint32_t *lot)
{
	uint16_t pool[30];
	size_t rows = 0, n = 0, want = 1 + draw(lot, 29);

	while (n < want) {
		uint16_t code = draw_suite(lot, n == 0);

		if (!is_in(pool, n, code))
			pool[n++] = code;
	}
	for (uint16_t v = 0x0304; v >= 0x0300; v--) {
		bool ordinary = m->longest == 0 || v == 0x0300;
		size_t got = 0;

		if (draw(lot, 3) == 0)
			continue;
		for (size_t i = 0; i < n; i++)
			if (tls_names_fits(tls_names_suite(pool[i]), v) && !(m->deep && draw(lot, 4) == 0)) {
				m->has[rows].suites[got++] = pool[i];
				ordinary = ordinary || (tls_names_suite(pool[i])->flags & SUITE_ORDINARY) != 0;
			}
		/* Long hellos are dropped, and the ordinary one is refused: that is a "no". */
		if (got > 0 && ordinary)
			m->has[rows++].version = v;
		else
			memset(m->has[rows].suites, 0, sizeof(m->has[rows].suites));
	}
}

static struct model
draw_model(uint32_t lot, bool deep)
{
	static const enum refusal ways[] = { REFUSE_40, REFUSE_70, REFUSE_CLOSE, REFUSE_WARNING_CLOSE };
	static const enum pieces pieces[] = { PIECES_ONE_RECORD, PIECES_RECORD_EACH, PIECES_SPLIT };
	static const uint16_t more[] = { 23, 24, 25, 30, 26, 22, 256, 258, 4588 };
	static const uint16_t schemes[] = { 0x0804, 0x0401, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201 };
	struct model m = { .deep = deep, .groups = { 29 } };
	uint32_t finite = lot % 6;
	size_t n = 0;

	m.refusal = ways[draw(&lot, 4)];
	m.pieces = pieces[draw(&lot, 3)];
	m.client_order = draw(&lot, 2) != 0;
	m.client_groups = draw(&lot, 2) != 0;
	m.warns = draw(&lot, 5) == 0;
	m.finite[0] = finite % 3 == 0 ? 256 : 0;
	m.no_finite = finite == 0;
	m.longest = draw(&lot, 4) == 0 ? 260 : 0;
	m.dropped = draw(&lot, 2) != 0 ? REFUSE_CLOSE : REFUSE_SILENT;
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		if (draw(&lot, 3) == 0)
			m.groups[n++] = more[i];
	m.groups[n] = 29;
	draw_lists(&m, &lot);
	n = 0;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (draw(&lot, 3) != 0)
			m.schemes[n++] = schemes[i];
	return m;
}

static size_t
count_lines(const struct text_buf *b, const char *begin)
{
	size_t n = 0;

	for (const char *p = b->s; p != NULL && *p != '\0'; p = strchr(p, '\n') + 1)
		n += strncmp(p, begin, strlen(begin)) == 0;
	return n;
}

static void
want(const struct text_buf *b, unsigned server, const char *what, const char *version, const char *word)
{
	char line[160];

	(void)snprintf(line, sizeof(line), "%s=%s%s%s", what, version, word[0] != '\0' ? " " : "", word);
	if (!tls_model_told(b, line, true))
		fail_msg("server %u: no %s in\n%s", server, line, b->s);
}

/* Exact: every suite of every version, nothing else, and all of it settled. */
static void
check_exact(const struct model *m, unsigned server, const struct text_buf *b)
{
	size_t suites = 0, versions = 0;

	for (size_t i = 0; m->has[i].version != 0; i++, versions++) {
		const char *version = tls_names_version(m->has[i].version);

		want(b, server, "tls.offered", version, "");
		want(b, server, "tls.suites-complete", version, "");
		for (size_t k = 0; m->has[i].suites[k] != 0; k++, suites++)
			want(b, server, "tls.suite", version, tls_names_suite(m->has[i].suites[k])->name);
	}
	if (count_lines(b, "tls.suite=") != suites || count_lines(b, "tls.offered=") != versions ||
	    count_lines(b, "tls.undecided=") != 0)
		fail_msg("server %u: more or less than it has:\n%s", server, b->s);
}

/* Posture: the versions, and no kind called absent that is there. */
static void
check_posture(const struct model *m, unsigned server, const struct text_buf *b)
{
	size_t versions = 0;

	for (size_t i = 0; m->has[i].version != 0; i++, versions++) {
		const char *version = tls_names_version(m->has[i].version), *clean;
		char begin[64];

		want(b, server, "tls.offered", version, "");
		(void)snprintf(begin, sizeof(begin), "tls.clean=%s ", version);
		clean = strstr(b->s, begin);
		for (size_t k = 0; clean != NULL && m->has[i].suites[k] != 0; k++) {
			unsigned kinds = tls_names_kind(tls_names_suite(m->has[i].suites[k]));

			for (const char *w = clean + strlen(begin); *w != '\n';) {
				size_t n = strcspn(w, " \n");

				if ((tls_names_kind_find(w, n) & kinds) != 0)
					fail_msg("server %u: %.*s is there in %s\n%s", server, (int)n, w, version, b->s);
				w += n + (w[n] == ' ');
			}
		}
	}
	if (count_lines(b, "tls.offered=") != versions || count_lines(b, "tls.undecided=") != 0)
		fail_msg("server %u: more or less than it has:\n%s", server, b->s);
}

static void
check_all(const struct probe *p, bool deep,
    void (*check)(const struct model *, unsigned, const struct text_buf *))
{
	unsigned played = 0;

	for (unsigned server = 1; server <= SERVERS; server++) {
		struct model m = draw_model(server * 7919u, deep);
		struct text_buf b = { 0 };

		if (m.has[0].version == 0)
			continue;
		played++;
		tls_model_run(&m, p, 1000000, &b);
		check(&m, server, &b);
		text_buf_free(&b);
	}
	assert_true(played > SERVERS / 2);
}

static void
exact(void **state)
{
	(void)state;
	check_all(&probe_tls_exact, false, check_exact);
}

static void
exact_deep(void **state)
{
	(void)state;
	check_all(&probe_tls_exact, true, check_exact);
}

/* Which schemes of signatures come up by the way is chance, where they are not asked for. */
static bool
is_chance(const char *line, bool deep)
{
	static const char scheme[] = "tls.signature-scheme";
	/* A server with DHE parameters of its own and named groups as well: those come up or not. */
	static const char *const finite[] = { "tls.group=TLSv1.0 ffdhe", "tls.group=TLSv1.1 ffdhe",
	    "tls.group=TLSv1.2 ffdhe", "tls.dh.bits=2048" };
	bool chance = !deep && strncmp(line, scheme, strlen(scheme)) == 0;

	for (size_t i = 0; i < sizeof(finite) / sizeof(finite[0]); i++)
		chance = chance || strncmp(line, finite[i], strlen(finite[i])) == 0;
	return chance;
}

/* The same facts in the same order. */
static void
want_same(const struct text_buf *near, const struct text_buf *far, unsigned server, bool deep)
{
	const char *a = near->s, *b = far->s;

	while (*a != '\0' || *b != '\0') {
		size_t n = strcspn(a, "\n"), k = strcspn(b, "\n");

		if (is_chance(a, deep))
			a += n + 1;
		else if (is_chance(b, deep))
			b += k + 1;
		else if (n == k && memcmp(a, b, n) == 0) {
			a += n + (a[n] == '\n');
			b += k + (b[k] == '\n');
		} else
			fail_msg("server %u: far %.*s, near %.*s", server, (int)k, b, (int)n, a);
	}
}

/* Far away the lanes help each other; what is found is the same to the last word. */
static void
far_away(void **state)
{
	unsigned shared = 0;

	(void)state;
	for (unsigned i = 0; i < 2 * SERVERS; i++) {
		unsigned server = 1 + i / 2, version;
		struct model near = draw_model(server * 7919u, i % 2 != 0), far = near;
		struct text_buf b = { 0 }, c = { 0 };

		if (near.has[0].version == 0)
			continue;
		far.far = true;
		far.pace = i % 7;
		tls_model_run(&near, &probe_tls_exact, 1000000, &b);
		tls_model_run(&far, &probe_tls_exact, 1000000, &c);
		check_exact(&far, server, &c);
		want_same(&b, &c, server, near.deep);
		for (version = 0; version < 4; version++)
			if (far.hellos[version] > near.hellos[version] + 1 + near.deep)
				fail_msg("server %u: row %u: %u hellos, not %u", server, version, far.hellos[version], near.hellos[version]);
		/*
		 * Which of TLS 1.2 and 1.3 comes upon a group first is chance, a second lane costs one, and
		 * each lane finds out for itself whether DHE wants a named group.
		 */
		if (far.hellos[4] + far.hellos[5] > near.hellos[4] + near.hellos[5] + 6 + (far.finite[0] != 0 ? 3u : 0u))
			fail_msg("server %u: %u and %u hellos, not %u and %u", server, far.hellos[4], far.hellos[5],
			    near.hellos[4], near.hellos[5]);
		shared += far.hellos[4] > near.hellos[4];
		text_buf_free(&b);
		text_buf_free(&c);
	}
	assert_true(shared > SERVERS / 8);
}

static void
posture(void **state)
{
	(void)state;
	check_all(&probe_tls, true, check_posture);
}

/* What is said to be refused, or to be all, is so, or said to be undecided as well. */
static unsigned
count_lies(const struct model *m, const struct text_buf *b)
{
	unsigned lies = 0;

	for (size_t i = 0; m->has[i].version != 0; i++) {
		const char *version = tls_names_version(m->has[i].version);
		char line[160], doubt[64];

		(void)snprintf(line, sizeof(line), "tls.refused=%s", version);
		(void)snprintf(doubt, sizeof(doubt), "tls.undecided=%s ", version);
		lies += tls_model_told(b, line, true) && count_lines(b, doubt) == 0;
		(void)snprintf(line, sizeof(line), "tls.suites-complete=%s", version);
		for (size_t k = 0, all = tls_model_told(b, line, true); all && m->has[i].suites[k] != 0; k++) {
			(void)snprintf(line, sizeof(line), "tls.suite=%s %s", version,
			    tls_names_suite(m->has[i].suites[k])->name);
			lies += !tls_model_told(b, line, true);
		}
	}
	return lies;
}

/* Something in front closes every third or fourth connection, whatever is asked. */
static void
drops(void **state)
{
	unsigned lies = 0, known = 0, complete = 0, runs = 0;

	(void)state;
	for (unsigned i = 0; i < 4 * SERVERS; i++) {
		struct model m = draw_model((1 + i / 4) * 7919u, false);
		struct text_buf b = { 0 };

		m.drops = 3 + i % 2;
		m.far = i / 2 % 2 != 0;
		m.pace = i % 7;
		if (m.has[0].version != 0) {
			tls_model_run(&m, &probe_tls_exact, 1000000, &b);
			lies += count_lies(&m, &b) > 0;
			runs++;
			known += tls_model_told(&b, "tls.drops-connections=1", true);
			complete += (unsigned)count_lines(&b, "tls.suites-complete=");
			text_buf_free(&b);
		}
	}
	/* Both tries of one question may be dropped, and a rare server may answer only the one that was. */
	if (lies * 50 > runs || known * 10 < runs * 9 || complete < runs)
		fail_msg("of %u runs %u lie, %u know that connections are dropped; %u lists are complete", runs, lies,
		    known, complete);
}

/*
 * TLS 1.0 is asked before 1.2 has told all, and has not what comes later: then it
 * is not taken for granted that 1.1 has it.
 */
static void
lists_apart(void **state)
{
	unsigned seen = 0;

	(void)state;
	for (unsigned pace = 0; pace < 7; pace++) {
		struct model m = { .has = { { 0x0303, { 0x002f, 0x0035, 0x009c, 0x009d, 0x003c, 0x003d, 0xc02f, 0xc030,
			0xc027, 0xc028, 0xc013, 0xc014 } }, { 0x0302, { 0x002f, 0x0035 } }, { 0x0301, { 0x002f, 0x0035 } } },
			.groups = { 29, 23 }, .far = true, .pace = pace };
		struct text_buf b = { 0 };

		tls_model_run(&m, &probe_tls_exact, 1000000, &b);
		assert_true(tls_model_told(&b, "tls.suites-complete=TLSv1.2", true));
		assert_true(tls_model_told(&b, "tls.suites-complete=TLSv1.1", true));
		assert_true(tls_model_told(&b, "tls.suites-complete=TLSv1.0", true));
		if (!tls_model_told(&b, "tls.suite=TLSv1.0 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", true)) {
			assert_false(tls_model_told(&b, "tls.suite=TLSv1.1 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", true));
			assert_true(tls_model_told(&b, "tls.suite=TLSv1.1 TLS_RSA_WITH_AES_128_CBC_SHA", true));
			seen++;
		}
		text_buf_free(&b);
	}
	assert_true(seen > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact),
		cmocka_unit_test(exact_deep),
		cmocka_unit_test(far_away),
		cmocka_unit_test(lists_apart),
		cmocka_unit_test(posture),
		cmocka_unit_test(drops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
