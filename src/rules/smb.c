/*
 * smb.c - findings on SMB: signing, SMB 1, encryption, exposure.
 *
 * Signing is judged from the server's own SecurityMode alone.  "Enabled" is
 * not "required", and a server without SMB 1 has not turned signing off.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rules/service.h"
#include "rules/table.h"

#define URL_SIGNING "https://learn.microsoft.com/windows-server/storage/file-server/smb-signing-overview"
#define URL_SMB1 "https://learn.microsoft.com/windows-server/storage/file-server/troubleshoot/" \
	"detect-enable-and-disable-smbv1-v2-v3"

static const enum fact signings[] = { FACT_SMB_SIGNING, FACT_SMB1_SIGNING };

/* A server that turned us away told why; else the port, the talk or the plan says it. */
static enum verdict
unseen(const struct rule_in *in, struct finding *f, const char *what)
{
	const struct observation *no = obs_first(in->obs, FACT_SMB_NETBIOS);

	no = no != NULL ? no : obs_first(in->obs, FACT_SMB_REFUSED);
	if (no == NULL)
		return service_unseen(in, f, "smb", what);
	finding_proof(f, in->obs, no);
	finding_why(f, "%s: %s turned us away, %s.", what, no->at, no->text);
	return VERDICT_NOT_OBSERVABLE;
}

static const char *
dialect_of(const struct observation *k)
{
	return k->fact == FACT_SMB_SIGNING ? "SMB 2 and 3" : "SMB 1";
}

/*
 * The first observation of signing whose value is (want) or is not (!want)
 * that word.  *all counts every one.
 */
static const struct observation *
find_signing(const struct rule_in *in, struct finding *f, const char *word, bool want, size_t *all)
{
	const struct observation *found = NULL;

	*all = 0;
	for (size_t i = 0; i < sizeof(signings) / sizeof(signings[0]); i++)
		for (const struct observation *k = obs_first(in->obs, signings[i]); k != NULL;
		    k = obs_next(in->obs, k)) {
			++*all;
			finding_proof(f, in->obs, k);
			finding_list(f, k->fact == FACT_SMB_SIGNING ? "signing" : "smb1_signing",
			    k->text);
			if (found == NULL && (strcmp(k->text, word) == 0) == want)
				found = k;
		}
	return found;
}

/* SMB 1 has a setting of its own: as long as nobody knows whether it is offered, so is that. */
static bool
is_smb1_open(const struct rule_in *in, struct finding *f, const struct observation *k)
{
	if (obs_first(in->obs, FACT_SMB1_OFFERED) != NULL)
		return false;
	finding_why(f, "%s at %s has signing %s; whether SMB 1, which has a setting of its own, is "
	    "offered was not seen.", dialect_of(k), k->at, k->text);
	return true;
}

static enum verdict
check_required(const struct rule_in *in, struct finding *f)
{
	size_t all;
	const struct observation *k = find_signing(in, f, "required", false, &all);

	if (all == 0)
		return unseen(in, f, "Signing of SMB was not seen");
	if (k != NULL) {
		finding_why(f, "%s at %s: the server's own SecurityMode says signing is %s, not "
		    "required.", dialect_of(k), k->at, k->text);
		return VERDICT_FAIL;
	}
	k = obs_first(in->obs, FACT_SMB_SIGNING);
	if (k == NULL)
		k = obs_first(in->obs, FACT_SMB1_SIGNING);
	if (is_smb1_open(in, f, k))
		return VERDICT_UNDECIDABLE;
	finding_why(f, "The server requires signing at %s.", k->at);
	return VERDICT_PASS;
}

const struct rule rule_smb_required = {
	.id = "smb-signing-not-required",
	.title = "SMB signing is not required",
	.group = "smb",
	.severity = SEV_HIGH,
	.reference = URL_SIGNING,
	.rationale = "Where signing is offered but not required, an attacker in the path can relay a log-on "
	    "or change what is read and written. An Exchange server's machine account is worth "
	    "relaying. Windows Server before 2025 requires signing on domain controllers only.",
	.remediation = "Set \"Microsoft network server: Digitally sign communications (always)\", or "
	    "Set-SmbServerConfiguration -RequireSecuritySignature $true, and turn SMB 1 off.",
	.check = check_required,
};

static enum verdict
check_disabled(const struct rule_in *in, struct finding *f)
{
	size_t all;
	const struct observation *k = find_signing(in, f, "disabled", true, &all);

	if (all == 0)
		return unseen(in, f, "Signing of SMB was not seen");
	if (k != NULL) {
		finding_why(f, "%s at %s: the server's own SecurityMode offers no signing at all.",
		    dialect_of(k), k->at);
		return VERDICT_FAIL;
	}
	k = obs_first(in->obs, FACT_SMB_SIGNING);
	if (k != NULL && is_smb1_open(in, f, k))
		return VERDICT_UNDECIDABLE;
	finding_why(f, "The server offers signing in every dialect that was seen.");
	return VERDICT_PASS;
}

const struct rule rule_smb_disabled = {
	.id = "smb-signing-disabled",
	.title = "SMB signing is turned off",
	.group = "smb",
	.severity = SEV_HIGH,
	.reference = URL_SIGNING,
	.rationale = "Without signing not even a client that asks for it gets any protection against "
	    "relaying and tampering.",
	.remediation = "Set \"Microsoft network server: Digitally sign communications (if client agrees)\" "
	    "and (always), and turn SMB 1 off.",
	.check = check_disabled,
};

static enum verdict
check_smb1(const struct rule_in *in, struct finding *f)
{
	const struct observation *k = obs_first(in->obs, FACT_SMB1_OFFERED), *weak;
	const struct observation *no = k;

	while (k != NULL && k->number == 0)
		k = obs_next(in->obs, k);
	if (k == NULL && no == NULL)
		return unseen(in, f, "SMB 1 was not seen");
	if (k == NULL) {
		finding_proof(f, in->obs, no);
		finding_why(f, "%s does not speak SMB 1.", no->at);
		return VERDICT_PASS;
	}
	finding_proof(f, in->obs, k);
	weak = obs_first(in->obs, FACT_SMB1_WEAK);
	for (const struct observation *w = weak; w != NULL; w = obs_next(in->obs, w)) {
		finding_list(f, "weak", w->text);
		finding_proof(f, in->obs, w);
	}
	if (weak != NULL)
		f->severity = SEV_CRITICAL;
	finding_why(f, "%s speaks SMB 1%s%s.", k->at, weak != NULL ? ", and takes " : "",
	    weak == NULL ? "" : strcmp(weak->text, "plain-passwords") == 0 ?
	    "passwords in the clear" : "one password for a share");
	return VERDICT_FAIL;
}

const struct rule rule_smb1 = {
	.id = "smb1-offered",
	.title = "SMB 1 is offered",
	.group = "smb",
	.severity = SEV_HIGH,
	.reference = URL_SMB1,
	.rationale = "SMB 1 is a protocol of 1990s design: no pre-authentication integrity, no encryption, "
	    "and the home of the flaws that WannaCry used. Exchange never needs it.",
	.remediation = "Remove the feature: Uninstall-WindowsFeature FS-SMB1, or "
	    "Set-SmbServerConfiguration -EnableSMB1Protocol $false.",
	.check = check_smb1,
};

static bool
is_two(const struct observation *k)
{
	return strcmp(k->text, "2.0.2") == 0 || strcmp(k->text, "2.1") == 0;
}

/* A dialect that was not offered, as the wildcard 0x02FF: the server's newest stays unknown. */
static bool
is_odd(const struct rule_in *in, struct finding *f, const struct observation *k)
{
	if (is_two(k) || strncmp(k->text, "3.", 2) == 0)
		return false;
	finding_proof(f, in->obs, k);
	finding_text(f, "answered", k->text);
	finding_why(f, "%s answers with a dialect that was not offered (%s, %s): which ones it speaks stays "
	    "unknown.", k->at, k->text, k->evidence);
	return true;
}

/* The dialects of a fact, joined; each becomes a detail. */
static char *
join_dialects(const struct rule_in *in, struct finding *f, enum fact fact, const char *key)
{
	struct text_buf all = { 0 };

	for (const struct observation *k = obs_first(in->obs, fact); k != NULL; k = obs_next(in->obs, k)) {
		text_buf_printf(&all, "%s%s", all.s != NULL ? ", " : "", k->text);
		finding_list(f, key, k->text);
		finding_proof(f, in->obs, k);
	}
	return all.s;
}

static enum verdict
check_old(const struct rule_in *in, struct finding *f)
{
	const struct observation *newest = obs_first(in->obs, FACT_SMB_DIALECT);
	const struct observation *oldest = obs_first(in->obs, FACT_SMB_OLDEST);
	char *refused, *open;

	if (newest == NULL && oldest == NULL)
		return unseen(in, f, "The dialect of SMB was not seen");
	if (oldest == NULL && is_odd(in, f, newest))
		return VERDICT_UNDECIDABLE;
	refused = join_dialects(in, f, FACT_SMB_DIALECT_NO, "refused");
	open = join_dialects(in, f, FACT_SMB_UNDECIDED, "undecided");
	finding_text(f, "newest", newest != NULL ? newest->text : "");
	if (newest != NULL)
		finding_proof(f, in->obs, newest);
	if (oldest != NULL) {
		finding_proof(f, in->obs, oldest);
		finding_text(f, "oldest", oldest->text);
		finding_why(f, "The oldest dialect of SMB 2 and 3 that %s takes is %s.", oldest->at, oldest->text);
	} else if (is_two(newest)) {
		finding_why(f, "%s speaks SMB %s and nothing newer.", newest->at, newest->text);
	} else {
		finding_why(f, "%s chose SMB %s. Whether it takes older dialects too is undecided (%s): two "
		    "connections cannot tell; the probe smb-oldest makes a third.", newest->at, newest->text,
		    open != NULL ? open : "none was told");
	}
	free(refused);
	free(open);
	if (oldest != NULL)
		return is_two(oldest) ? VERDICT_WARN : VERDICT_PASS;
	return is_two(newest) ? VERDICT_WARN : VERDICT_UNDECIDABLE;
}

const struct rule rule_smb_old = {
	.id = "smb-old-dialects",
	.title = "SMB 2.0.2 or 2.1 is spoken, or may be",
	.group = "smb",
	.severity = SEV_LOW,
	.reference = "https://learn.microsoft.com/windows-server/storage/file-server/manage-smb-dialects",
	.rationale = "Before 3.0 nothing keeps somebody in the path from talking both ends down to an older "
	    "dialect, and there is no encryption. A server names its newest dialect only.",
	.remediation = "On Windows Server 2025: Set-SmbServerConfiguration -Smb2DialectMin SMB300 or SMB311. "
	    "Older releases cannot switch off single dialects of SMB 2 and 3; require signing there.",
	.check = check_old,
};

static enum verdict
check_encryption(const struct rule_in *in, struct finding *f)
{
	const struct observation *dialect = obs_first(in->obs, FACT_SMB_DIALECT);
	const struct observation *cipher = obs_first(in->obs, FACT_SMB_CIPHER);
	const struct observation *can = obs_find(in->obs, FACT_SMB_CAPABILITY, "encryption");
	const struct observation *old = obs_first(in->obs, FACT_SMB1_OFFERED);

	if (dialect == NULL && old != NULL && old->number != 0) {
		finding_proof(f, in->obs, old);
		finding_why(f, "%s answered nothing in SMB 2 and 3; it speaks SMB 1, which cannot encrypt.", old->at);
		return VERDICT_WARN;
	}
	if (dialect == NULL)
		return unseen(in, f, "The dialect of SMB was not seen");
	if (can == NULL && is_odd(in, f, dialect))
		return VERDICT_UNDECIDABLE;
	finding_proof(f, in->obs, dialect);
	finding_text(f, "dialect", dialect->text);
	if (cipher != NULL && strcmp(cipher->text, "none") != 0)
		can = cipher;
	if (can != NULL) {
		finding_proof(f, in->obs, can);
		finding_why(f, "%s speaks SMB %s and can encrypt%s%s.", dialect->at, dialect->text,
		    can == cipher ? " with " : "", can == cipher ? cipher->text : "");
		return VERDICT_PASS;
	}
	finding_why(f, "%s speaks SMB %s at most, without encryption%s.", dialect->at, dialect->text,
	    is_two(dialect) ? ": Windows Server 2008 R2 or older, or a newer "
	    "one that was turned down" : "");
	return VERDICT_WARN;
}

const struct rule rule_smb_encryption = {
	.id = "smb-encryption-missing",
	.title = "SMB cannot be encrypted",
	.group = "smb",
	.severity = SEV_INFO,
	.reference = "https://learn.microsoft.com/windows-server/storage/file-server/smb-security",
	.rationale = "Encryption came with SMB 3.0 in Windows Server 2012. A server that cannot do it is an "
	    "old release, most likely without support, or was turned down by hand.",
	.remediation = "Move the server to a supported release of Windows, and leave SMB 3 switched on.",
	.check = check_encryption,
};

static enum verdict
check_reachable(const struct rule_in *in, struct finding *f)
{
	return service_exposed(in, f, "smb", "SMB");
}

const struct rule rule_smb_reachable = {
	.id = "smb-reachable",
	.title = "SMB is reachable from this vantage point",
	.group = "exposure",
	.severity = SEV_HIGH,
	.reference = "https://learn.microsoft.com/windows-server/storage/file-server/"
	    "smb-secure-traffic",
	.rationale = "SMB from networks that nobody trusts makes relaying, guessing and the next SMB worm "
	    "possible. Clients of Exchange never need it; members of a DAG and its file share witness do. "
	    "Closed or filtered is the good answer.",
	.remediation = "Block TCP 445 and 139 at the edge, and on the server let in only the hosts that need it.",
	.check = check_reachable,
};
