/*
 * auth.c - the findings on authentication of the virtual directories: what is
 * offered, against Microsoft's default and the owner's policy.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/place.h"
#include "rules/table.h"
#include "rules/webdir.h"

#define URL_DEFAULTS "https://learn.microsoft.com/exchange/clients/default-virtual-directory-settings"
#define URL_BASIC "https://techcommunity.microsoft.com/blog/exchange/" \
	"disabling-legacy-authentication-in-exchange-server-2019/712048"
#define URL_MODERN "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/" \
	"enable-modern-auth-in-exchange-server-on-premises"
#define URL_EP "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/" \
	"security-best-practices/exchange-extended-protection"

static const enum fact needs_status[] = { FACT_HTTP_STATUS, FACT_COUNT };

/* The directories that offer one of these: names into the text, proofs into the finding. */
struct offer {
	struct text_buf	 names;
	size_t		 asking, offering, beyond;	/* beyond: not so by default */
};

static void
look_for(const struct rule_in *in, struct finding *f, unsigned schemes, struct offer *o)
{
	*o = (struct offer){ 0 };
	for (const struct webdir *d = webdir_table; d->name != NULL; d++) {
		struct webdir_seen s;

		webdir_look(in->obs, d, &s);
		o->asking += s.asks;
		if ((s.schemes & schemes) == 0)
			continue;
		o->offering++;
		o->beyond += (d->usual & schemes) == 0;
		text_buf_printf(&o->names, "%s%s", o->names.s != NULL ? ", " : "", d->name);
		finding_list(f, "directory", d->name);
		if (s.auth != NULL)
			finding_proof(f, in->obs, s.auth);
	}
}

/* What is so of the directories that answered is not known of the others. */
static bool
is_mute(const struct rule_in *in, struct finding *f, const char *what)
{
	char *mute = webdir_mute(in->obs);

	if (mute == NULL)
		return false;
	finding_text(f, "no_answer", mute);
	finding_why(f, "%s, as far as directories answered; no answer came from %s.", what, mute);
	free(mute);
	return true;
}

static enum verdict
none_offered(const struct rule_in *in, struct finding *f, const struct offer *o, const char *what)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%s is not offered", what);
	if (o->asking == 0) {
		finding_why(f, "No directory asked for a log-on: what they offer was not seen.");
		return VERDICT_NOT_OBSERVABLE;
	}
	finding_number(f, "asking", (int64_t)o->asking);
	if (is_mute(in, f, text))
		return VERDICT_UNDECIDABLE;
	finding_why(f, "None of the directories that ask for a log-on (%" PRId64 ") offers %s.",
	    (int64_t)o->asking, what);
	return VERDICT_PASS;
}

static enum verdict
check_basic(const struct rule_in *in, struct finding *f)
{
	struct offer o;

	look_for(in, f, SCHEME_BASIC, &o);
	if (o.offering == 0)
		return none_offered(in, f, &o, "Basic");
	if (o.beyond > 0)
		finding_why(f, "Basic is offered on %s: on %zu of them against Microsoft's default.",
		    o.names.s, o.beyond);
	else
		finding_why(f, "Basic is offered on %s. That is Microsoft's default there, and yet lets "
		    "anybody guess passwords without a second factor.", o.names.s);
	f->severity = o.beyond > 0 ? SEV_HIGH : SEV_MEDIUM;
	text_buf_free(&o.names);
	return o.beyond > 0 ? VERDICT_FAIL : VERDICT_WARN;
}

const struct rule rule_auth_basic = {
	.id = "auth-basic-offered",
	.title = "Basic authentication is offered",
	.group = "auth",
	.severity = SEV_HIGH,
	.reference = URL_BASIC,
	.rationale = "Basic sends the password with each request and knows no second factor: it is what "
	    "password spraying uses. Autodiscover, ActiveSync and Outlook Anywhere offer it by default; "
	    "on other directories somebody switched it on.",
	.remediation = "Move clients to modern authentication, then close Basic by authentication policy "
	    "(Set-AuthenticationPolicy) or on the directory (Set-*VirtualDirectory "
	    "-BasicAuthentication $false).",
	.needs = needs_status, .needs_exchange = true,
	.check = check_basic,
};

static enum verdict
check_ntlm(const struct rule_in *in, struct finding *f)
{
	struct offer o;

	look_for(in, f, SCHEME_WINDOWS, &o);
	if (o.offering == 0)
		return none_offered(in, f, &o, "NTLM");
	finding_why(f, "NTLM or Negotiate is offered on %s: log-ons can be relayed there unless Extended "
	    "Protection is required (see relay-exposure).", o.names.s);
	text_buf_free(&o.names);
	return VERDICT_WARN;
}

const struct rule rule_auth_ntlm = {
	.id = "auth-ntlm-offered",
	.title = "NTLM is offered on web directories",
	.group = "auth",
	.severity = SEV_LOW,
	.reference = URL_EP,
	.rationale = "NTLM log-ons can be relayed and their hashes cracked. It is Microsoft's default, and "
	    "Windows clients inside need it or Kerberos; the joint guide of NSA and CISA asks for "
	    "Kerberos instead.",
	.remediation = "Require Extended Protection (ExchangeExtendedProtectionManagement.ps1), set up "
	    "Kerberos for the client name (an alternate service account), and publish to the internet "
	    "only what modern authentication covers.",
	.needs = needs_status, .needs_exchange = true,
	.check = check_ntlm,
};

/* ---- plain HTTP ---- */

static bool
is_plain(const char *at)
{
	return text_starts(at, "http://");
}

/* What is known of plain HTTP: an answer there, or the state of its port. */
static const struct observation *
plain_seen(const struct obs *obs)
{
	static const enum fact facts[] = { FACT_WEB_STATUS, FACT_HTTP_STATUS };
	const struct observation *k;

	for (size_t i = 0; i < 2; i++)
		for (k = obs_first(obs, facts[i]); k != NULL; k = obs_next(obs, k))
			if (is_plain(k->at) && strcmp(k->probe, "backend-plain") != 0)
				return k;
	for (k = obs_first(obs, FACT_PORT); k != NULL; k = obs_next(obs, k))
		if (strcmp(k->probe, "plain") == 0 && strcmp(k->text, "open") != 0)
			return k;
	return NULL;
}

static enum verdict
check_basic_plain(const struct rule_in *in, struct finding *f)
{
	static const enum fact facts[] = { FACT_WEB_AUTH, FACT_HTTP_AUTH };
	const struct observation *k, *first = NULL, *seen = plain_seen(in->obs);

	for (size_t i = 0; i < 2; i++)
		for (k = obs_first(in->obs, facts[i]); k != NULL; k = obs_next(in->obs, k)) {
			if (!is_plain(k->at) || strcmp(k->text, "Basic") != 0)
				continue;
			finding_list(f, "at", k->at);
			finding_proof(f, in->obs, k);
			first = first == NULL ? k : first;
		}
	if (first != NULL) {
		finding_why(f, "%s asks for a password over plain HTTP.", first->at);
		return VERDICT_FAIL;
	}
	if (seen == NULL) {
		finding_why(f, "Plain HTTP was not asked.");
		return VERDICT_NOT_OBSERVABLE;
	}
	finding_proof(f, in->obs, seen);
	if (seen->fact != FACT_PORT && place_stopped(in->obs, "plain") != NULL) {
		finding_why(f, "No path that was asked wants Basic over plain HTTP, but not all were asked (%s).",
		    place_stopped(in->obs, "plain")->reason);
		return VERDICT_UNDECIDABLE;
	}
	if (seen->fact == FACT_PORT)
		finding_why(f, "Plain HTTP does not answer here: %s is %s.", seen->at, seen->text);
	else
		finding_why(f, "No path asks for Basic over plain HTTP.");
	return VERDICT_PASS;
}

const struct rule rule_auth_basic_plain = {
	.id = "auth-basic-plain-http",
	.title = "Basic authentication is offered over plain HTTP",
	.group = "auth",
	.severity = SEV_CRITICAL,
	.reference = URL_BASIC,
	.rationale = "Whoever sits on the way reads the password as it is: a wireless network, a provider, a "
	    "gateway.",
	.remediation = "Require SSL on the directory in IIS, or close port 80 except for a redirect to "
	    "HTTPS at the root.",
	.check = check_basic_plain,
};

/* ---- modern authentication ---- */

static enum verdict
check_modern(const struct rule_in *in, struct finding *f)
{
	const struct observation *uri = obs_first(in->obs, FACT_BEARER_URI);
	const struct observation *why = obs_first(in->obs, FACT_BEARER_WHY);
	const struct observation *tenant = obs_first(in->obs, FACT_BEARER_TENANT);
	const struct observation *seen = obs_first(in->obs, FACT_BEARER);
	bool bearer = false;

	if (tenant != NULL)
		finding_text(f, "tenant", tenant->text);
	if (uri != NULL) {
		finding_text(f, "state", "on");
		finding_text(f, "authorization_uri", uri->text);
		finding_proof(f, in->obs, uri);
		finding_why(f, "%s names %s as the place of log-on: modern authentication is on.", uri->at,
		    uri->text);
		return VERDICT_PASS;
	}
	for (const struct observation *k = seen; k != NULL; k = obs_next(in->obs, k)) {
		bearer |= k->number != 0;
		finding_proof(f, in->obs, k);
	}
	finding_text(f, "state", bearer ? "trust-only" : "off");
	finding_why(f, "%s to an empty Bearer token%s%s%s.", bearer ?
	    "A Bearer challenge without authorization_uri comes (OAuth between servers, not for clients)" :
	    "No Bearer challenge comes", why != NULL ? " (" : "", why != NULL ? why->text : "",
	    why != NULL ? ")" : "");
	return VERDICT_WARN;
}

const struct rule rule_auth_modern = {
	.id = "auth-modern-missing",
	.title = "Modern authentication is not offered to clients",
	.group = "auth",
	.severity = SEV_MEDIUM,
	.reference = URL_MODERN,
	.rationale = "Without it clients have no way to a second factor. A client that sends an empty "
	    "Bearer token is told where to log on (authorization_uri) when it is set up.",
	.remediation = "Set up hybrid modern authentication, or AD FS with modern authentication (2019 CU13 "
	    "and later), and check with Test-HMAEAS.ps1.",
	.needs = (const enum fact[]){ FACT_BEARER, FACT_BEARER_URI, FACT_COUNT },
	.needs_exchange = true,
	.check = check_modern,
};

/* ---- default and policy ---- */

static enum verdict
check_default(const struct rule_in *in, struct finding *f)
{
	struct text_buf more = { 0 };
	size_t seen = 0;
	char was[96], usual[96];

	if (in->who->build != NULL && in->who->build->number.part[0] < 15) {
		finding_why(f, "Microsoft's table of defaults begins with Exchange 2013.");
		return VERDICT_NOT_APPLICABLE;
	}
	for (const struct webdir *d = webdir_table; d->name != NULL; d++) {
		struct webdir_seen s;
		unsigned set;

		webdir_look(in->obs, d, &s);
		if (!s.asks && (s.schemes & SCHEME_CERT) == 0)
			continue;
		seen++;
		set = s.schemes & ~(unsigned)SCHEME_BEARER;
		if ((set & ~d->usual) == 0)
			continue;
		text_buf_printf(&more, "%s%s offers %s (default: %s)", more.s != NULL ? "; " : "", d->name,
		    webdir_schemes(set, was), webdir_schemes(d->usual, usual));
		finding_list(f, "directory", d->name);
		if (s.auth != NULL)
			finding_proof(f, in->obs, s.auth);
	}
	if (more.s != NULL)
		finding_why(f, "More than Microsoft's default: %s.", more.s);
	else if (seen > 0 && is_mute(in, f, "Nothing is offered beyond Microsoft's default"))
		return VERDICT_UNDECIDABLE;
	else if (seen > 0)
		finding_why(f, "No directory offers more than Microsoft's default (%s asked for a log-on).",
		    place_count((int64_t)seen, "place").s);
	else
		finding_why(f, "No directory asked for a log-on: what they offer was not seen.");
	if (seen == 0)
		return VERDICT_NOT_OBSERVABLE;
	text_buf_free(&more);
	return f->ndetail > 0 ? VERDICT_WARN : VERDICT_PASS;
}

const struct rule rule_auth_default = {
	.id = "auth-differs-from-default",
	.title = "A virtual directory offers more than Microsoft's default",
	.group = "auth",
	.severity = SEV_LOW,
	.reference = URL_DEFAULTS,
	.rationale = "Somebody added a way to log on. It may be meant (a gateway needs Basic), or forgotten.",
	.remediation = "Compare with Get-*VirtualDirectory | fl *Auth*, and take away what nobody needs. "
	    "What is meant goes into the policy (allowed-auth).",
	.needs = needs_status, .needs_exchange = true,
	.check = check_default,
};

/* One entry "DIR=A+B" of the policy: what of it is broken, or not seen. */
static void
check_entry(const struct rule_in *in, struct finding *f, const char *entry, size_t len,
    struct text_buf *broken, struct text_buf *unseen)
{
	const char *equals = memchr(entry, '=', len);
	size_t n = equals != NULL ? (size_t)(equals - entry) : len;
	const struct webdir *d = webdir_find(entry, n);
	unsigned allowed = 0;
	struct webdir_seen s;
	char extra[96];

	for (const char *p = equals + 1; equals != NULL && p < entry + len;) {
		size_t word = strcspn(p, "+ ");

		allowed |= webdir_scheme(p, word);
		p += word + 1;
	}
	if (d != NULL)
		webdir_look(in->obs, d, &s);
	if (d == NULL || (!s.asks && (s.schemes & SCHEME_CERT) == 0)) {
		text_buf_printf(unseen, "%s%.*s", unseen->s != NULL ? ", " : "", (int)n, entry);
		return;
	}
	if ((s.schemes & ~allowed) == 0)
		return;
	text_buf_printf(broken, "%s%s offers %s", broken->s != NULL ? "; " : "", d->name,
	    webdir_schemes(s.schemes & ~allowed, extra));
	finding_list(f, "directory", d->name);
	if (s.auth != NULL)
		finding_proof(f, in->obs, s.auth);
}

static enum verdict
check_policy(const struct rule_in *in, struct finding *f)
{
	const char *p = in->policy->allowed_auth;
	struct text_buf broken = { 0 }, unseen = { 0 };
	enum verdict v = VERDICT_PASS;

	if (p == NULL || p[strspn(p, " ")] == '\0') {
		finding_why(f, "The policy names no directory (allowed-auth).");
		return VERDICT_NOT_APPLICABLE;
	}
	while (*(p += strspn(p, " ")) != '\0') {
		size_t n = strcspn(p, " ");

		check_entry(in, f, p, n, &broken, &unseen);
		p += n;
	}
	if (broken.s != NULL) {
		v = VERDICT_FAIL;
		finding_why(f, "Against the policy: %s.", broken.s);
	} else if (unseen.s != NULL) {
		v = VERDICT_UNDECIDABLE;
		finding_why(f, "Nothing against the policy was seen, but %s did not ask for a log-on.",
		    unseen.s);
	} else {
		finding_why(f, "Every directory of the policy offers only what it may.");
	}
	text_buf_free(&broken);
	text_buf_free(&unseen);
	return v;
}

const struct rule rule_auth_policy = {
	.id = "auth-against-policy",
	.title = "A virtual directory offers what the policy does not allow",
	.group = "auth",
	.severity = SEV_HIGH,
	.reference = URL_DEFAULTS,
	.rationale = "The owner's policy (allowed-auth) names what each directory may offer.",
	.remediation = "Change the directory (Set-*VirtualDirectory), or the policy.",
	.needs = needs_status, .needs_exchange = true,
	.check = check_policy,
};
