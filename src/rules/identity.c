/*
 * identity.c - what answers, scored from independent marks.
 *
 * A mark is worth points and belongs to a class.  Marks of one class can be
 * forged or forwarded together (a fixed head, a copied page), so a class is
 * capped below the threshold, except what only a running Exchange does.
 *
 *   class      cap   what can fake it alone
 *   header      40   a fixed head of a decoy or of a command-and-control server
 *   page        40   a copied log-on page; TMG's page carries the same GUID
 *   behaviour   60   a server that answers each path as Exchange's own does
 *   mail        20   a mail gateway with a borrowed banner
 *
 * IDENTITY_THRESHOLD (50) points are Exchange: two classes, or a strong
 * behaviour (healthcheck.htm with its text, the application id of Exchange in
 * a Bearer challenge).  Contradictions lower the sum: another product's mark
 * -30, a mark of a decoy -40, expected behaviours that were asked for and did
 * not show -15 each (at most -30), Exchange Online and on-premises at once -20.
 *
 * Exchange Online wins when its marks stand uncontradicted.  Marks of a
 * pre-authentication proxy and none of Exchange: pre-auth-proxy.  Not Exchange
 * needs proof too: another product's mark, a decoy's, or two places that
 * answered as no Exchange would.  All else is unknown.
 */
#include <string.h>

#include "base/text.h"
#include "rules/identity.h"
#include "rules/place.h"
#include "rules/witness.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { IDENTITY_THRESHOLD = 50, POINTS_OTHER = 30, POINTS_DECOY = 40, POINTS_MISSING = 15,
    POINTS_FALSE_ONLINE = 20, POINTS_STRAY = 5 };

static const int class_cap[CLASS_COUNT] = {
	[CLASS_HEADER] = 40, [CLASS_PAGE] = 40, [CLASS_BEHAVIOUR] = 60, [CLASS_MAIL] = 20,
};

static const struct mark {
	const char	*name;
	enum mark_class	 class;
	int		 points;
} marks[] = {
	{ "owa-header",		CLASS_HEADER,	 25 },	/* X-OWA-Version */
	{ "feserver",		CLASS_HEADER,	 20 },	/* X-FEServer */
	{ "backend",		CLASS_HEADER,	 20 },	/* X-CalculatedBETarget, X-BEServer, X-DiagInfo */
	{ "cookie",		CLASS_HEADER,	 20 },	/* OutlookSession, X-BackEndCookie, ClientId ... */
	{ "soap-headers",	CLASS_HEADER,	 20 },	/* X-SOAP-Enabled, X-WSSecurity-Enabled */
	{ "server-application",	CLASS_HEADER,	 20 },	/* X-ServerApplication: Exchange/... */
	{ "failure-context",	CLASS_HEADER,	 15 },	/* X-FailureContext */
	{ "request-id",		CLASS_HEADER,	  5 },	/* many products send one */
	{ "eas",		CLASS_HEADER,	  0 },	/* Z-Push, Horde, SOGo and Syncroton send it too */
	{ "eas-protocol",	CLASS_HEADER,	  0 },
	{ "guid",		CLASS_PAGE,	 25 },
	{ "owa-page",		CLASS_PAGE,	 25 },
	{ "owa-path",		CLASS_PAGE,	 25 },
	{ "error-fe",		CLASS_PAGE,	 25 },
	{ "mapi-page",		CLASS_PAGE,	 25 },
	{ "manifest",		CLASS_PAGE,	 30 },
	{ "copyright",		CLASS_PAGE,	 10 },
	{ "ecp",		CLASS_PAGE,	 15 },
	{ "health",		CLASS_BEHAVIOUR, 50 },
	{ "bearer",		CLASS_BEHAVIOUR, 50 },
	{ "received",		CLASS_BEHAVIOUR, 60 },	/* a trace line in a mail that the user trusts */
	{ "owa-redirect",	CLASS_BEHAVIOUR, 25 },
	{ "ews-401",		CLASS_BEHAVIOUR, 15 },
	{ "autodiscover-401",	CLASS_BEHAVIOUR, 15 },
	{ "smtp-banner",	CLASS_MAIL,	 10 },
	{ "smtp-ehlo",		CLASS_MAIL,	 20 },	/* X-EXPS, X-ANONYMOUSTLS */
	{ "imap-banner",	CLASS_MAIL,	 20 },
	{ "pop3-banner",	CLASS_MAIL,	 20 },
};

/* What may stand on the same host as Exchange, and says nothing against it. */
static const char *const neutral[] = {
	"httpapi", "iis-default", "nginx-default", "apache-default",
};

static bool
is_neutral(const char *name)
{
	for (size_t i = 0; i < COUNT(neutral); i++)
		if (strcmp(neutral[i], name) == 0)
			return true;
	return false;
}

static size_t
count(const struct obs *obs, enum fact fact)
{
	size_t n = 0;

	for (const struct observation *k = obs_first(obs, fact); k != NULL; k = obs_next(obs, k))
		n++;
	return n;
}

/* Each mark counts once, wherever and however often it was seen. */
static void
add_marks(const struct obs *obs, struct identity_marks *id)
{
	for (size_t i = 0; i < COUNT(marks); i++) {
		if (obs_find(obs, FACT_MARK, marks[i].name) == NULL)
			continue;
		id->marks++;
		id->sum[marks[i].class] += marks[i].points;
	}
	for (size_t c = 0; c < CLASS_COUNT; c++) {
		if (id->sum[c] > class_cap[c])
			id->sum[c] = class_cap[c];
		id->classes += id->sum[c] > 0;
		id->points += id->sum[c];
	}
	id->score = id->points;
	id->header_only = id->classes == 1 && id->sum[CLASS_HEADER] > 0;
}

/* The reply's head was never seen to its end: a mark may have stood behind. */
static bool
is_cut(const struct obs *obs, const char *at)
{
	for (const struct observation *k = obs_first(obs, FACT_HTTP_LIMIT); k != NULL;
	    k = obs_next(obs, k))
		if (strcmp(k->at, at) == 0 && strncmp(k->text, "header", 6) == 0)
			return true;
	return false;
}

/*
 * A definite answer: not a redirect that leaves the target, not a refusal by a
 * filter (403, 407, 429), not a failure (5xx), not http.sys saying that no
 * site has this name (404 from Microsoft-HTTPAPI), and a head that was whole.
 */
static bool
is_answer(const struct obs *obs, const struct observation *k)
{
	if (k->number >= 500 || k->number == 401 || k->number == 403 || k->number == 407 ||
	    k->number == 429 || k->number < 200)
		return false;
	return obs_next_at(obs, FACT_HTTP_OFFSITE, k->at, NULL) == NULL && !place_is_httpapi(obs, k) &&
	    !is_cut(obs, k->at);
}

static void
add_answers(const struct obs *obs, struct identity_marks *id)
{
	for (const struct observation *k = obs_first(obs, FACT_HTTP_STATUS); k != NULL;
	    k = obs_next(obs, k)) {
		id->answers += is_answer(obs, k);
		id->asked_log_on += k->number == 401;
	}
}

static bool
answered(const struct obs *obs, const char *path)
{
	for (const struct observation *k = obs_first(obs, FACT_HTTP_STATUS); k != NULL;
	    k = obs_next(obs, k))
		if (text_find_nocase(k->at, strlen(k->at), path) != NULL && is_answer(obs, k))
			return true;
	return false;
}

/*
 * A copied page has no server behind it: EWS, Autodiscover and the health page
 * answer something else.  A proxy that publishes /owa/ alone looks alike, so
 * this lowers the score and never decides.
 */
static void
add_missing(const struct obs *obs, struct identity_marks *id)
{
	static const char *const asks[] = { "/ews/exchange.asmx", "/autodiscover/" };

	if (id->sum[CLASS_BEHAVIOUR] > 0 || id->points == 0)
		return;
	for (size_t i = 0; i < COUNT(asks); i++)
		id->missing += answered(obs, asks[i]);
	id->score -= (int)id->missing * POINTS_MISSING;
}

static void
add_contradictions(const struct obs *obs, struct identity_marks *id)
{
	const struct observation *k;

	for (k = obs_first(obs, FACT_MARK_OTHER); k != NULL; k = obs_next(obs, k))
		id->others += !is_neutral(k->text);
	id->decoys = count(obs, FACT_MARK_DECOY);
	id->preauth = count(obs, FACT_MARK_PREAUTH);
	if (id->others > 0)
		id->score -= POINTS_OTHER;
	if (id->decoys > 0)
		id->score -= POINTS_DECOY;
}

static void
add_online(const struct obs *obs, struct identity_marks *id)
{
	bool online = witness_is_online(obs);

	id->online = count(obs, FACT_MARK_ONLINE);
	if (id->online == 0 && online)
		id->online = 1;
	if (id->online == 0)
		return;
	id->redirect_only = !online;
	for (const struct observation *k = obs_first(obs, FACT_MARK_ONLINE); k != NULL;
	    k = obs_next(obs, k))
		if (strcmp(k->text, "redirect") != 0)
			id->redirect_only = false;
	/*
	 * 15.20 beside a page of an on-premises folder, or an on-premises build
	 * beside a host name of Exchange Online, is a forged head.  A server that
	 * only redirects to Exchange Online (hybrid) is judged by its own marks.
	 */
	if (witness_is_premises(obs)) {
		id->false_online = !id->redirect_only;
		if (id->false_online)
			id->score -= POINTS_FALSE_ONLINE;
	}
}

static enum identity
decide(const struct obs *obs, const struct identity_marks *id)
{
	if (id->online > 0 && id->decoys == 0 && !witness_is_premises(obs) &&
	    (!id->redirect_only || id->score < IDENTITY_THRESHOLD))
		return IDENTITY_ONLINE;
	if (id->score >= IDENTITY_THRESHOLD)
		return IDENTITY_EXCHANGE;
	if (id->decoys > 0)
		return IDENTITY_NOT_EXCHANGE;
	if (id->preauth > 0)
		return id->points <= POINTS_STRAY ? IDENTITY_PREAUTH : IDENTITY_UNKNOWN;
	if (id->others > 0)
		return IDENTITY_NOT_EXCHANGE;
	if (id->classes == 0 && id->answers >= 2)
		return IDENTITY_NOT_EXCHANGE;
	/* A real server asks for a log-on somewhere; a fixed head does not. */
	if (id->header_only && id->answers >= 2 && id->asked_log_on == 0)
		return IDENTITY_NOT_EXCHANGE;
	return IDENTITY_UNKNOWN;
}

static int
clamp(int score)
{
	return score > 100 ? 100 : score < -100 ? -100 : score;
}

void
identity_judge(const struct obs *obs, struct identity_marks *id)
{
	*id = (struct identity_marks){ 0 };
	add_marks(obs, id);
	add_answers(obs, id);
	add_missing(obs, id);
	add_contradictions(obs, id);
	add_online(obs, id);
	id->identity = decide(obs, id);
	if (id->identity == IDENTITY_ONLINE)
		id->score = 60 + 10 * (int)id->online;
	else if (id->identity == IDENTITY_NOT_EXCHANGE)
		id->score -= 10 * (int)(id->answers > 5 ? 5 : id->answers);
	id->score = clamp(id->score);
}
