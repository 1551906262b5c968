/*
 * import_judge.c - the server's own word beside the network's: what it fills,
 * and where the two disagree.
 *
 * What HealthChecker read is turned into observations of one more result, which
 * the same rules judge; so there is one opinion on what a build or a setting
 * means.  Only rules that these observations can answer are looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import.h"
#include "unseen.h"

static const char probe[] = "healthchecker";

/* ---- the server as a result ---- */

static void
note_tls(struct obs *o, const struct import_server *s)
{
	static const char *const versions[IMPORT_TLS] = { "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3" };

	for (int i = 0; i < IMPORT_TLS; i++)
		if (s->tls[i] != IMPORT_UNKNOWN) {
			obs_text(o, FACT_TLS_DEPTH, s->name, probe, "posture", "registry of Schannel");
			obs_text(o, s->tls[i] == IMPORT_YES ? FACT_TLS_OFFERED : FACT_TLS_REFUSED, s->name,
			    probe, versions[i], "registry of Schannel");
		}
}

static void
note_smb(struct obs *o, const struct import_server *s)
{
	if (s->smb1 != IMPORT_UNKNOWN)
		obs_number(o, FACT_SMB1_OFFERED, s->name, probe, s->smb1 == IMPORT_YES,
		    "EnableSMB1Protocol");
	/* Windows signs what a client asks for unless it is told not to: "enabled". */
	if (s->smb_requires != IMPORT_UNKNOWN)
		obs_text(o, FACT_SMB_SIGNING, s->name, probe,
		    s->smb_requires == IMPORT_YES ? "required" : "enabled", "RequireSecuritySignature");
}

static struct result *
result_of(const struct import_server *s, const struct result *like)
{
	struct result *r = result_new();

	free(r->target);
	free(r->tag);
	free(r->address);
	r->target = text_dup(like->target);
	r->tag = text_dup(like->tag);
	r->address = text_dup(like->address);
	r->started_ms = like->started_ms;
	if (s->build[0] != '\0')
		obs_text(r->obs, FACT_BUILD, s->name, probe, s->build, s->source);
	note_tls(r->obs, s);
	note_smb(r->obs, s);
	obs_sort(r->obs);
	return r;
}

/* ---- which rules it can answer ---- */

enum need { NEED_BUILD, NEED_TLS, NEED_SMB1, NEED_SIGNING };

static const struct {
	const char	*rule;
	enum need	 need;
} answered[] = {
	{ "su-missing", NEED_BUILD }, { "cu-outdated", NEED_BUILD },
	{ "product-unsupported", NEED_BUILD }, { "cve-known-exploited-open", NEED_BUILD },
	{ "cve-open", NEED_BUILD }, { "cve-undecidable", NEED_BUILD }, { "hu-available", NEED_BUILD },
	{ "exchange-online-enforcement", NEED_BUILD }, { "coexistence-ends", NEED_BUILD },
	{ "build-not-allowed", NEED_BUILD }, { "next-step", NEED_BUILD },
	{ "tls-1-0-offered", NEED_TLS }, { "tls-1-1-offered", NEED_TLS },
	{ "tls-1-2-missing", NEED_TLS }, { "tls-1-3-missing", NEED_TLS },
	{ "smb1-offered", NEED_SMB1 }, { "smb-signing-not-required", NEED_SIGNING },
};

static bool
has(const struct import_server *s, enum need need)
{
	switch (need) {
	case NEED_BUILD:
		return s->build[0] != '\0';
	case NEED_TLS:
		for (int i = 0; i < IMPORT_TLS; i++)
			if (s->tls[i] != IMPORT_UNKNOWN)
				return true;
		return false;
	case NEED_SMB1:
		return s->smb1 != IMPORT_UNKNOWN;
	case NEED_SIGNING:
		break;
	}
	return s->smb_requires != IMPORT_UNKNOWN;
}

static bool
is_decided(const struct finding *f)
{
	return f->verdict == VERDICT_PASS || f->verdict == VERDICT_FAIL || f->verdict == VERDICT_WARN;
}

/* ---- filling and comparing ---- */

static void
free_details(struct finding *f)
{
	for (size_t i = 0; i < f->ndetail; i++)
		free((void *)(uintptr_t)f->detail[i].text);	/* ours, const to readers */
	free(f->detail);
	free(f->proof);
	f->detail = NULL;
	f->proof = NULL;
	f->ndetail = f->nproof = 0;
}

/* The row is the server's own word from here on; its proof is no observation of ours. */
static void
fill(struct finding *mine, struct finding *theirs, const struct import_server *s)
{
	free_details(mine);
	mine->verdict = theirs->verdict;
	mine->severity = theirs->severity;
	mine->waiver = theirs->waiver;
	mine->detail = theirs->detail;
	mine->ndetail = theirs->ndetail;
	theirs->detail = NULL;
	theirs->ndetail = 0;
	finding_why(mine, "Not seen from the network; %s on %s itself says: %s", s->source, s->name,
	    theirs->why != NULL ? theirs->why : "");
	finding_text(mine, "imported_from", s->source);
}

static bool
is_bad(const struct finding *f)
{
	return f->verdict == VERDICT_FAIL || f->verdict == VERDICT_WARN;
}

/* What is being compared. */
struct sides {
	const struct import_server *s;
	struct judgement	*mine, *theirs;
	struct finding		*differ;	/* the finding of mine that tells it */
	const struct build_report *build;	/* the better known of the two; NULL */
	size_t			 compared;
};

static void
compare_findings(struct sides *c)
{
	for (size_t i = 0; i < sizeof(answered) / sizeof(answered[0]); i++) {
		struct finding *m = rule_finding(c->mine, answered[i].rule);
		struct finding *t = rule_finding(c->theirs, answered[i].rule);

		if (m == NULL || t == NULL || !has(c->s, answered[i].need) || !is_decided(t))
			continue;
		if (m->verdict == VERDICT_NOT_OBSERVABLE || m->verdict == VERDICT_UNDECIDABLE)
			fill(m, t, c->s);
		else if (is_decided(m)) {
			c->compared++;
			if (is_bad(m) != is_bad(t))
				finding_list(c->differ, "differs", answered[i].rule);
		}
	}
}

/* Three parts agree with any fourth. */
static void
compare_builds(struct sides *c, const char *seen)
{
	const struct judgement *j = c->mine;
	size_t n = strlen(seen);

	if (j->build == NULL || c->s->build[0] == '\0')
		return;
	c->compared++;
	if (strcmp(seen, c->s->build) != 0 && !(j->build->number.parts == 3 &&
	    strncmp(seen, c->s->build, n) == 0 && c->s->build[n] == '.'))
		finding_list(c->differ, "differs", "build");
}

/* ---- flaws by the script's own tests ---- */

static const struct cve_verdict *
find_cve(const struct build_report *b, const char *id)
{
	for (size_t i = 0; b != NULL && i < b->ncves; i++)
		if (strcmp(b->cves[i].cve->id, id) == 0)
			return &b->cves[i];
	return NULL;
}

/* It decides what was open; what was decided stays, and may differ. */
static void
settle(const struct sides *c, const char *rule, bool bad, const char *says)
{
	struct finding *f = rule_finding(c->mine, rule);

	if (f == NULL)
		return;
	if (f->verdict == VERDICT_NOT_OBSERVABLE || f->verdict == VERDICT_UNDECIDABLE ||
	    (f->verdict == VERDICT_WARN && bad)) {
		f->verdict = bad ? VERDICT_FAIL : VERDICT_PASS;
		finding_why(f, "Not seen from the network; %s on %s itself says: %s", c->s->source,
		    c->s->name, says);
		finding_text(f, "imported_from", c->s->source);
	} else if (is_decided(f) && is_bad(f) != bad)
		finding_list(c->differ, "differs", rule);
}

/*
 * It knows settings that the network does not show.  What it names is open; what
 * it does not name it may not have looked for.
 */
static void
compare_flaws(struct sides *c)
{
	struct text_buf open = { 0 };

	for (size_t i = 0; i < c->s->nflaws; i++) {
		const struct cve_verdict *v = find_cve(c->build, c->s->flaws[i]);

		c->compared += v != NULL;
		if (v != NULL && v->state == CVE_FIXED)
			finding_list(c->differ, "differs", c->s->flaws[i]);
		if (v != NULL && v->state == CVE_NEEDS_CONFIG)
			text_buf_printf(&open, "%s%s", open.s != NULL ? ", " : "", c->s->flaws[i]);
	}
	if (open.s != NULL) {
		char *says = text_printf("open, for want of a setting: %s.", open.s);

		settle(c, "cve-needs-configuration", true, says);
		free(says);
	}
	text_buf_free(&open);
	/* Flaws that the build leaves open, and the script found none at all. */
	if (c->s->vulnerable == IMPORT_NO && c->mine->build != NULL) {
		c->compared++;
		if (c->mine->build->count[CVE_OPEN] > 0)
			finding_list(c->differ, "differs", "cve-open");
	}
}

/* "Any" is not all: on is believed only where its test of all directories is content. */
static void
compare_protection(struct sides *c)
{
	static const char any[] = "Extended Protection Enabled (Any VDir)";
	const char *value = import_row_value(c->s, any);

	if (import_has_flaw(c->s, "Extended Protection Vulnerable"))
		settle(c, "extended-protection", true, "Extended Protection Vulnerable.");
	else if (value != NULL && text_eq_nocase(value, "false"))
		settle(c, "extended-protection", true, "Extended Protection Enabled (Any VDir): False.");
	else if (value != NULL && text_eq_nocase(value, "true") && c->s->vulnerable != IMPORT_UNKNOWN)
		settle(c, "extended-protection", false, "Extended Protection Enabled (Any VDir): True, and "
		    "no directory is vulnerable for want of it.");
}

/* ---- what is told ---- */

/* What no scan sees stays unseen; what the server says of it stands beside. */
static void
quote(struct judgement *j, const struct import_server *s)
{
	struct finding *f = rule_finding(j, UNSEEN_RULE);
	struct text_buf says = { 0 };

	if (f == NULL || s->nrows == 0 || f->verdict != VERDICT_NOT_OBSERVABLE)
		return;
	for (size_t i = 0; i < s->nrows; i++) {
		char *row = text_printf("%s: %s", s->rows[i].name, s->rows[i].value);

		finding_list(f, "imported", row);
		text_buf_printf(&says, "%s%s", i > 0 ? "; " : "", row);
		free(row);
	}
	finding_why(f, "%s Of these %s on %s itself says: %s.", f->why != NULL ? f->why : "", s->source,
	    s->name, says.s);
	finding_text(f, "imported_from", s->source);
	text_buf_free(&says);
}

static void
say(const struct sides *c, const char *seen)
{
	const struct import_server *s = c->s;
	struct finding *f = c->differ;
	struct text_buf list = { 0 };

	for (size_t i = 0; i < f->ndetail; i++)
		if (strcmp(f->detail[i].key, "differs") == 0)
			text_buf_printf(&list, "%s%s", list.s != NULL ? ", " : "", f->detail[i].text);
	if (list.s != NULL) {
		f->verdict = VERDICT_WARN;
		finding_why(f, "%s on %s itself and the network disagree on %s (build there %s, here %s).",
		    s->source, s->name, list.s, s->build[0] != '\0' ? s->build : "not given", seen);
	} else if (c->compared > 0) {
		f->verdict = VERDICT_PASS;
		finding_why(f, "%s on %s itself says nothing else than the network.", s->source, s->name);
	} else {
		f->verdict = VERDICT_UNDECIDABLE;
		finding_why(f, "%s on %s itself and the network know nothing of the same thing.", s->source,
		    s->name);
	}
	text_buf_free(&list);
}

void
import_apply(struct import *im, const struct result *r, const struct builds *builds,
    const struct policy *policy, int32_t as_of, struct judgement *j)
{
	static const char *const touched[] = {
		"import-differs", "cve-needs-configuration", "extended-protection",
	};
	struct sides c = { .mine = j, .differ = rule_finding(j, "import-differs") };
	char seen[48] = "not read";
	struct result *own;
	bool several;

	c.s = import_match(im, r, &several);
	if (c.s == NULL || c.differ == NULL)
		return;
	if (several) {
		c.differ->verdict = VERDICT_UNDECIDABLE;
		finding_why(c.differ, "Several imported servers bear the names that were seen: a pool?");
		return;
	}
	own = result_of(c.s, r);
	c.theirs = rule_judge_known(own, builds, policy, as_of);
	c.build = c.theirs->build != NULL && (j->build == NULL || j->build->number.parts < 4) ?
	    c.theirs->build : j->build;
	if (j->build != NULL)
		(void)build_number_text(&j->build->number, seen);
	compare_builds(&c, seen);
	compare_findings(&c);
	compare_flaws(&c);
	compare_protection(&c);
	quote(j, c.s);
	say(&c, seen);
	for (size_t i = 0; i < sizeof(touched) / sizeof(touched[0]); i++)
		policy_apply(policy, r, as_of, rule_finding(j, touched[i]));
	rule_judgement_free(c.theirs);
	result_free(own);
}
