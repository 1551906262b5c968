/* tls_posture.c - the few hellos that tell good TLS from bad. */
#include "probe.h"
#include "probes/tls_note.h"
#include "probes/tls_posture.h"
#include "wire/tls_hello.h"
#include "wire/tls_names.h"
#include "wire/tls_reply.h"

void
tls_posture_begin(struct tls_posture *p, bool mail)
{
	*p = (struct tls_posture){ .version = 0x0304, .mail = mail };
}

/* All suites up to 1.1 are CBC or worse, and most have no forward secrecy. */
static unsigned
kinds_asked(uint16_t version)
{
	unsigned broken = SUITE_NULL | SUITE_ANON | SUITE_EXPORT | SUITE_RC4 | SUITE_DES |
	    SUITE_TDES | SUITE_RC2 | SUITE_IDEA;
	unsigned asked = SUITE_DHE | (version == 0x0303 ? broken | SUITE_FS | SUITE_CBC : broken);
	unsigned there = 0;

	for (const struct tls_suite *s = tls_names_suites; s->code != 0; s++)
		if (tls_names_fits(s, version) && (s->flags & SUITE_ORDINARY) != 0)
			there |= tls_names_kind(s);
	return asked & there;
}

static bool
is_offered(const struct tls_posture *p, const struct tls_suite *s)
{
	return tls_names_fits(s, p->version) && (s->flags & SUITE_ORDINARY) != 0 &&
	    (!p->weak || (tls_names_kind(s) & p->kinds) != 0);
}

void
tls_posture_offer(const struct tls_posture *p, struct tls_offer *o,
    uint16_t suites[TLS_CHAIN_SUITES], uint16_t groups[TLS_CHAIN_GROUPS])
{
	static const uint16_t usual[] = { 29, 23, 24, 25, 30, 4588 };
	size_t n = 0, ngroups = p->version == 0x0304 ? 6 : 5;

	for (const struct tls_suite *s = tls_names_suites; s->code != 0; s++)
		if (is_offered(p, s))
			suites[n++] = s->code;
	for (size_t i = 0; i < ngroups; i++)
		groups[i] = usual[i];
	*o = (struct tls_offer){
		.version = p->version, .suites = suites, .nsuites = n,
		.groups = groups, .ngroups = ngroups,
		.bare = p->version == 0x0300,
		.compress = p->version < 0x0304 && !p->weak,
	};
}

/* Down to the next version; false below SSLv3. */
static bool
go_down(struct tls_posture *p)
{
	p->weak = p->retried = false;
	return --p->version >= 0x0300;
}

static bool
judge_refusal(struct tls_posture *p, struct talk *t, const struct tls_reply *r)
{
	char how[64];

	if (p->weak) {
		tls_note_clean(t, p->version, p->kinds);
		return go_down(p);
	}
	tls_note_refusal(t, r, how, sizeof(how));
	tls_note_version(t, FACT_TLS_REFUSED, p->version, how);
	if (p->version != 0x0302)
		return go_down(p);
	/*
	 * A server settles on the highest version that it has up to the one of
	 * the hello (RFC 5246 E.1): refusing 1.1 refuses all below as well.
	 */
	tls_note_version(t, FACT_TLS_REFUSED, 0x0301, "it refused a hello of TLS 1.1");
	tls_note_version(t, FACT_TLS_REFUSED, 0x0300, "it refused a hello of TLS 1.1");
	return false;
}

static bool
judge_silence(struct tls_posture *p, struct talk *t, enum tls_end end)
{
	bool silent = end == TLS_END_SILENT;

	if (!p->retried) {
		p->retried = true;
		return true;
	}
	tls_note_word(t, FACT_TLS_UNDECIDED, p->version,
	    p->weak ? (silent ? "weak-suites: silence" : "weak-suites: broken-answer") :
	    silent ? "silence" : "broken-answer", "");
	return go_down(p);
}

bool
tls_posture_judge(struct tls_posture *p, struct talk *t, enum tls_end end,
    const struct tls_reply *r)
{
	const struct tls_suite *s;

	if (end == TLS_END_SILENT || end == TLS_END_BROKEN)
		return judge_silence(p, t, end);
	if (end == TLS_END_REFUSED)
		return judge_refusal(p, t, r);
	p->retried = false;
	if (r->version != p->version) {
		if (p->weak)
			return judge_refusal(p, t, r);
		tls_note_version(t, FACT_TLS_REFUSED, p->version, "an older version in its answer");
		return go_down(p);
	}
	s = tls_names_suite(r->suite);
	if (s == NULL || !is_offered(p, s)) {
		tls_note_word(t, FACT_TLS_UNDECIDED, p->version, "suite-not-offered", "");
		return go_down(p);
	}
	tls_note_suite(t, r);
	if (!p->weak) {
		tls_note_version(t, FACT_TLS_OFFERED, p->version, "");
		if (p->version == 0x0304)
			return go_down(p);
		p->kinds = kinds_asked(p->version);
		p->weak = true;
	}
	p->kinds &= ~tls_names_kind(s);
	return p->kinds != 0 ? true : go_down(p);
}
