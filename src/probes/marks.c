/*
 * marks.c - bytes by which products are known.
 *
 * One table.  A text is passed through once: the first letters of the rows
 * lead to the rows that may stand at a place, so a log-on page of 60 KB costs
 * as much as one comparison a byte.
 */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "probes/marks.h"
#include "probes/note.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

struct row {
	unsigned	 where;		/* enum marks_place */
	const char	*needle;	/* compared without case */
	enum fact	 fact;
	const char	*value;
};

#define PREAUTH	FACT_MARK_PREAUTH
#define OTHER	FACT_MARK_OTHER
#define LOC	MARKS_LOCATION
#define COOKIE	MARKS_COOKIE
#define BODY	MARKS_BODY

static const struct row rows[] = {
	/* Exchange */
	{ BODY, "{57A118C6-2DA9-419d-BE9A-F92B0F9A418B}", FACT_MARK, "guid" },
	{ BODY, "OwaPage = ASP.auth_logon_aspx", FACT_MARK, "owa-page" },
	{ COOKIE, "OutlookSession", FACT_MARK, "cookie" },
	{ COOKIE, "exchangecookie", FACT_MARK, "cookie" },
	{ COOKIE, "X-BackEndCookie", FACT_MARK, "cookie" },
	{ COOKIE, "X-OWA-CANARY", FACT_MARK, "cookie" },

	/* Exchange Online */
	{ LOC, "//outlook.office365.com", FACT_MARK_ONLINE, "redirect" },
	{ LOC, "//outlook.office.com", FACT_MARK_ONLINE, "redirect" },
	{ LOC, "//autodiscover-s.outlook.com", FACT_MARK_ONLINE, "redirect" },

	/* Pre-authentication */
	{ LOC | BODY, "/my.policy", PREAUTH, "f5-apm" },
	{ LOC, "/my.logout.php3", PREAUTH, "f5-apm" },
	{ COOKIE, "MRHSession", PREAUTH, "f5-apm" },
	{ COOKIE, "LastMRH_Session", PREAUTH, "f5-apm" },
	{ LOC, "urn:AppProxy", PREAUTH, "wap" },
	{ LOC, "urn%3AAppProxy", PREAUTH, "wap" },
	{ COOKIE, "EdgeAccessCookie", PREAUTH, "wap" },
	{ LOC | BODY, "/adfs/ls", PREAUTH, "adfs" },
	{ COOKIE, "MSISAuth", PREAUTH, "adfs" },
	{ COOKIE, "MSISContext", PREAUTH, "adfs" },
	{ LOC, "//login.microsoftonline.com", PREAUTH, "entra-application-proxy" },
	{ LOC, "//login.windows.net", PREAUTH, "entra-application-proxy" },
	{ COOKIE, "AzureAppProxy", PREAUTH, "entra-application-proxy" },
	{ LOC, "/vpn/", PREAUTH, "citrix" },
	{ LOC, "/logon/LogonPoint", PREAUTH, "citrix" },
	{ LOC | BODY, "/cgi/login", PREAUTH, "citrix" },
	/* Other NSC_ cookies only keep a client at its server. */
	{ COOKIE, "NSC_AAAC", PREAUTH, "citrix" },
	{ COOKIE, "NSC_TASS", PREAUTH, "citrix" },
	{ COOKIE, "NSC_TMA", PREAUTH, "citrix" },
	{ LOC, "SAMLRequest=", PREAUTH, "saml" },
	{ BODY, "name=\"SAMLRequest\"", PREAUTH, "saml" },
	{ LOC, ".okta.com/", PREAUTH, "other" },
	{ LOC, ".cloudflareaccess.com/", PREAUTH, "other" },
	{ LOC, "/oauth2/start", PREAUTH, "other" },
	{ COOKIE, "_oauth2_proxy", PREAUTH, "other" },
	{ LOC, "/dana-na/", PREAUTH, "other" },
	{ LOC, "/global-protect/", PREAUTH, "other" },
	{ LOC, "/remote/login", PREAUTH, "other" },
	{ LOC | BODY, "/lm_auth_proxy", PREAUTH, "other" },

	/* Something else */
	{ MARKS_HEADER, "X-Z-Push-", OTHER, "z-push" },
	{ BODY, "Z-Push", OTHER, "z-push" },
	{ BODY, "/CookieAuth.dll", OTHER, "tmg" },
	{ LOC, "/CookieAuth.dll", OTHER, "tmg" },
	{ BODY, "Forefront TMG", OTHER, "tmg" },
	{ BODY, "Threat Management Gateway", OTHER, "tmg" },
	{ BODY, "Microsoft ISA Server", OTHER, "tmg" },
	{ BODY, "/Forms/isa", OTHER, "tmg" },
	{ LOC | BODY, "/SOGo/", OTHER, "sogo" },
	{ MARKS_SERVER, "SOGo", OTHER, "sogo" },
	{ COOKIE, "Horde", OTHER, "horde" },
	{ LOC | BODY, "/horde/", OTHER, "horde" },
	{ BODY, "Syncroton", OTHER, "syncroton" },
	{ MARKS_HEADER, "X-Syncroton", OTHER, "syncroton" },
	{ MARKS_HEADER, "MicrosoftSharePointTeamServices", OTHER, "sharepoint" },
	{ MARKS_HEADER, "X-MS-Server-Fqdn", OTHER, "skype" },
	{ MARKS_SERVER, "Microsoft-HTTPAPI/", OTHER, "httpapi" },
	{ BODY, "iisstart.", OTHER, "iis-default" },
	{ BODY, "<title>IIS Windows Server", OTHER, "iis-default" },
	{ BODY, "<title>IIS7", OTHER, "iis-default" },
	{ BODY, "<title>Microsoft Internet Information Services", OTHER, "iis-default" },
	{ BODY, "Welcome to nginx!", OTHER, "nginx-default" },
	{ BODY, "Apache2 Debian Default Page", OTHER, "apache-default" },
	{ BODY, "Apache2 Ubuntu Default Page", OTHER, "apache-default" },
	{ BODY, "<h1>It works!</h1>", OTHER, "apache-default" },
	{ LOC | BODY, "/zimbra/", OTHER, "zimbra" },
	{ COOKIE, "ZM_", OTHER, "zimbra" },
	{ BODY, "roundcube", OTHER, "roundcube" },
	{ COOKIE, "roundcube_", OTHER, "roundcube" },
	{ BODY, "grommunio", OTHER, "grommunio" },
	{ BODY, "Kerio Connect", OTHER, "kerio" },
	{ MARKS_SERVER, "Kerio", OTHER, "kerio" },
	{ MARKS_SERVER, "MDaemon", OTHER, "mdaemon" },
	{ MARKS_SERVER, "IceWarp", OTHER, "icewarp" },
};

_Static_assert(COUNT(rows) < 255, "rows are counted in one byte");

/*
 * Rows of one place by their first letter: a chain, 0 ends it.  second holds a
 * bit for each second letter, without case, that any row of that chain has.
 */
struct index {
	uint32_t	second[256];
	unsigned char	first[256];
	unsigned char	next[COUNT(rows) + 1];
};

static unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static unsigned char
upper(char c)
{
	return (unsigned char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

static void
build_index(struct index *x, enum marks_place where)
{
	memset(x, 0, sizeof(*x));
	for (size_t i = COUNT(rows); i > 0; i--) {
		const char *needle = rows[i - 1].needle;
		unsigned char small = lower(needle[0]), big = upper(needle[0]);

		if ((rows[i - 1].where & (unsigned)where) == 0)
			continue;
		x->next[i] = x->first[small];
		x->first[small] = x->first[big] = (unsigned char)i;
		x->second[small] |= UINT32_C(1) << (needle[1] & 31);
		x->second[big] = x->second[small];
	}
}

static bool
stands_at(const char *p, size_t len, const char *needle)
{
	size_t n = 0;

	while (needle[n] != '\0' && n < len && lower(p[n]) == lower(needle[n]))
		n++;
	return needle[n] == '\0';
}

/* seen[i] is where row i was met first. */
static void
search(const char *p, size_t len, enum marks_place where, const char *seen[COUNT(rows)])
{
	const bool anchored = (where & (MARKS_COOKIE | MARKS_SERVER | MARKS_HEADER)) != 0;
	struct index x;

	build_index(&x, where);
	for (size_t at = 0; at + 1 < len && (at == 0 || !anchored); at++) {
		unsigned char c = (unsigned char)p[at];

		if ((x.second[c] >> (p[at + 1] & 31) & 1) == 0)
			continue;
		for (size_t i = x.first[c]; i != 0; i = x.next[i])
			if (seen[i - 1] == NULL && stands_at(p + at, len - at, rows[i - 1].needle))
				seen[i - 1] = p + at;
	}
}

void
marks_note(struct talk *talk, enum marks_place where, const char *p, size_t len, bool exchange)
{
	const char *seen[COUNT(rows)] = { NULL };
	bool tmg = false, wap = false;
	char evidence[NOTE_EVIDENCE];

	search(p, len, where, seen);
	for (size_t i = 0; i < COUNT(rows); i++) {
		tmg |= seen[i] != NULL && strcmp(rows[i].value, "tmg") == 0;
		wap |= seen[i] != NULL && strcmp(rows[i].value, "wap") == 0;
	}
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];

		if (seen[i] == NULL || (r->fact == PREAUTH && exchange))
			continue;
		if (tmg && r->fact == FACT_MARK)	/* TMG copied the page of OWA */
			continue;
		if (wap && strcmp(r->value, "adfs") == 0) /* how the proxy sends to AD FS */
			continue;
		note_once(talk, r->fact, r->value,
		    note_quote(evidence, seen[i], len - (size_t)(seen[i] - p) < 60 ?
		    len - (size_t)(seen[i] - p) : 60));
	}
}
