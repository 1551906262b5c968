/*
 * same.c - one server behind many names.
 *
 * A name of a machine (the NTLM challenge, X-FEServer, healthcheck.htm, a
 * sample of a pool) ties results together when its domain is known and equal.
 * A bare EX01 is called so in a thousand organisations: it ties only together
 * with the same NTLM domain, certificate, SMB GUID or address.  Where no name
 * was seen the GUID, Exchange's own self-signed certificate, or the address with
 * the same certificate stands for it (behind one address a proxy may serve many
 * by their names).  A later result may show that two machines are one: the second
 * is folded into the first.
 * The name in an SMTP banner is often a published one: it counts only when it
 * begins with a name that is known otherwise.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "same.h"

enum { SAME_CHAINS = 4096 };

struct same_entry {
	struct same_entry *next;
	size_t		 machine;
	char		 key[];
};

/* ---- one result ---- */

static const char *
domain_of(const char *label, size_t len)
{
	return label[len] == '.' ? label + len + 1 : "";
}

static void
add_name(struct same_seen *s, const char *label)
{
	size_t len = strcspn(label, ".");

	if (len == 0)
		return;
	for (size_t i = 0; i < s->n; i++) {
		struct same_name *k = &s->names[i];

		if (k->len != len || strncasecmp(k->label, label, len) != 0)
			continue;
		if (k->domain[0] == '\0')
			k->domain = domain_of(label, len);
		return;
	}
	if (s->n < SAME_NAMES)
		s->names[s->n++] = (struct same_name){ label, len, domain_of(label, len) };
}

static const char *
first_text(const struct obs *obs, enum fact fact)
{
	const struct observation *k = obs_first(obs, fact);

	return k != NULL ? k->text : "";
}

/* The mail greeting may give a name that is known its domain. */
static void
complete(const struct obs *obs, struct same_seen *s)
{
	const char *domain = first_text(obs, FACT_NTLM_DOMAIN_DNS);

	for (size_t i = 0; i < s->n; i++) {
		struct same_name *k = &s->names[i];

		for (const struct observation *m = obs_first(obs, FACT_MAIL_NAME); m != NULL &&
		    k->domain[0] == '\0'; m = obs_next(obs, m))
			if (m->text[k->len] == '.' && strncasecmp(m->text, k->label, k->len) == 0)
				k->domain = m->text + k->len + 1;
		if (k->domain[0] == '\0')
			k->domain = domain;
	}
}

/*
 * CORP of CORP\EX01.  A machine without a domain gives WORKGROUP, or its own
 * name (MS-NLMP 2.2.2.1): thousands do.
 */
static const char *
netbios_of(const struct obs *obs, const struct same_seen *s)
{
	const char *domain = first_text(obs, FACT_NTLM_DOMAIN_NB);

	if (strcasecmp(domain, "WORKGROUP") == 0)
		return "";
	for (size_t i = 0; i < s->n; i++)
		if (strlen(domain) == s->names[i].len &&
		    strncasecmp(domain, s->names[i].label, s->names[i].len) == 0)
			return "";
	return domain;
}

void
same_look(const struct result *r, struct same_seen *s)
{
	static const enum fact facts[] = {
		FACT_NTLM_COMPUTER_DNS, FACT_NAME_HEALTH, FACT_POOL_MEMBER, FACT_NAME_FRONTEND,
		FACT_NTLM_COMPUTER_NB,
	};
	const struct observation *own = obs_first(r->obs, FACT_CERT_DEFAULT);

	*s = (struct same_seen){ .guid = first_text(r->obs, FACT_SMB_GUID),
		.cert = first_text(r->obs, FACT_CERT_SHA256), .address = r->address };
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		for (const struct observation *k = obs_first(r->obs, facts[i]); k != NULL;
		    k = obs_next(r->obs, k))
			add_name(s, k->text);
	complete(r->obs, s);
	s->netbios = netbios_of(r->obs, s);
	s->cert_own = own != NULL && own->number != 0 && s->cert[0] != '\0';
}

/* The key of what stands for a machine without a name; NULL: nothing does. */
static char *
stand_in(const struct same_seen *s)
{
	if (s->guid[0] != '\0')
		return text_printf("smb:%s", s->guid);
	if (s->cert_own)
		return text_printf("certificate:%s", s->cert);
	return s->address[0] != '\0' ? text_printf("address:%s", s->address) : NULL;
}

static char *
lower(char *s)
{
	for (char *p = s; *p != '\0'; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
	return s;
}

char *
same_words(const struct result *r)
{
	struct text_buf out = { 0 };
	struct same_seen s;
	char *key;

	same_look(r, &s);
	for (size_t i = 0; i < s.n; i++)
		text_buf_printf(&out, "%s%.*s%s%s", i > 0 ? " " : "", (int)s.names[i].len,
		    s.names[i].label, s.names[i].domain[0] != '\0' ? "." : "", s.names[i].domain);
	if (out.s != NULL)
		return lower(out.s);
	key = stand_in(&s);
	return key != NULL ? key : text_dup("");
}

char *
same_server(const struct result *r)
{
	struct same_seen s;

	same_look(r, &s);
	if (s.n != 1 || s.names[0].domain[0] == '\0')
		return text_dup("");
	return lower(text_printf("%.*s.%s", (int)s.names[0].len, s.names[0].label, s.names[0].domain));
}

/* ---- a run ---- */

static size_t
hash(const char *s)
{
	uint32_t h = 2166136261U;	/* FNV-1a */

	for (; *s != '\0'; s++)
		h = (h ^ (uint32_t)(unsigned char)(*s >= 'A' && *s <= 'Z' ? *s - 'A' + 'a' : *s)) *
		    16777619U;
	return h % SAME_CHAINS;
}

static void
index_key(struct same *t, const char *key, size_t machine)
{
	size_t h = hash(key), n = strlen(key);
	struct same_entry *e;

	for (e = t->chains[h]; e != NULL; e = e->next)
		if (e->machine == machine && strcasecmp(e->key, key) == 0)
			return;
	e = text_alloc(sizeof(*e) + n + 1);
	e->machine = machine;
	memcpy(e->key, key, n + 1);
	e->next = t->chains[h];
	t->chains[h] = e;
}

static bool
equal(const char *a, const char *b)
{
	return a[0] != '\0' && strcasecmp(a, b) == 0;
}

static bool
differ(const char *a, const char *b)
{
	return a[0] != '\0' && b[0] != '\0' && strcasecmp(a, b) != 0;
}

/* May a result's name be that machine's? */
static bool
fits(const struct same_machine *m, const struct same_seen *s, const struct same_name *name)
{
	if (m->domain[0] != '\0' && name->domain[0] != '\0')
		return strcasecmp(m->domain, name->domain) == 0;
	if (differ(s->n < 2 ? s->guid : "", m->guid) || differ(s->netbios, m->netbios))
		return false;
	return equal(s->cert, m->cert) || equal(s->guid, m->guid) || equal(s->address, m->address) ||
	    equal(s->netbios, m->netbios);
}

/* May what stands for a machine (a GUID, a certificate) be that machine's, whatever it is called? */
static bool
is_called(const struct same_machine *m, const struct same_name *name)
{
	return !m->named || name == NULL || (strlen(m->name) == name->len &&
	    strncasecmp(m->name, name->label, name->len) == 0 && !differ(m->domain, name->domain));
}

/* Does what the key says tie the result to m? */
static bool
ties(const struct same_machine *m, const struct same_seen *s, const char *key,
    const struct same_name *name)
{
	if (strncmp(key, "name:", 5) == 0)
		return fits(m, s, name);
	return is_called(m, name) && (strncmp(key, "address:", 8) != 0 || equal(s->cert, m->cert));
}

static struct same_machine *
find(struct same *t, const struct same_seen *s, const char *key, const struct same_name *name)
{
	for (struct same_entry *e = t->chains[hash(key)]; e != NULL; e = e->next) {
		struct same_machine *m = &t->v[same_root(t, e->machine)];

		if (strcasecmp(e->key, key) == 0 && ties(m, s, key, name))
			return m;
	}
	return NULL;
}

static struct same_machine *
make(struct same *t, const struct same_seen *s, const char *key, const struct same_name *name)
{
	struct same_machine *m;

	if (t->n == SAME_MACHINES)
		return NULL;
	if (t->n == t->cap) {
		t->cap = t->cap > 0 ? t->cap * 2 : 64;
		t->v = text_grow(t->v, t->cap, sizeof(*t->v));
	}
	m = &t->v[t->n++];
	*m = (struct same_machine){ .name = name != NULL ? text_dup_n(name->label, name->len) :
		text_dup(key), .named = name != NULL, .domain = text_dup(""), .netbios = text_dup(""),
		.guid = text_dup(""), .cert = text_dup(""), .address = text_dup(s->address) };
	index_key(t, key, t->n - 1);
	return m;
}

static void
fill(char **text, const char *with)
{
	if ((*text)[0] != '\0' || with[0] == '\0')
		return;
	free(*text);
	*text = text_dup(with);
}

static void
add_target(struct same_machine *m, const char *target)
{
	for (size_t i = 0; i < m->ntargets && i < SAME_TARGETS; i++)
		if (strcmp(m->targets[i], target) == 0)
			return;
	if (m->ntargets < SAME_TARGETS)
		m->targets[m->ntargets] = text_dup(target);
	m->ntargets++;
}

/* What a result adds to what is known of a machine. */
static void
learn(struct same *t, struct same_machine *m, const struct same_seen *s,
    const struct same_name *name, const char *target)
{
	char *key = s->n < 2 ? stand_in(s) : NULL, *called;

	if (name != NULL) {
		called = text_printf("name:%.*s", (int)name->len, name->label);
		index_key(t, called, (size_t)(m - t->v));
		free(called);
		fill(&m->domain, name->domain);
	}
	if (name != NULL && !m->named) {
		free(m->name);
		m->name = text_dup_n(name->label, name->len);
		m->named = true;
	}
	fill(&m->netbios, s->netbios);
	fill(&m->guid, s->n < 2 ? s->guid : "");
	fill(&m->cert, s->cert);
	if (key != NULL)
		index_key(t, key, (size_t)(m - t->v));
	free(key);
	add_target(m, target);
}

/* What was taken for a machine of its own is that one. */
static void
fold(struct same *t, struct same_machine *gone, struct same_machine *into)
{
	for (size_t i = 0; i < gone->ntargets && i < SAME_TARGETS; i++) {
		add_target(into, gone->targets[i]);
		free(gone->targets[i]);
	}
	if (gone->ntargets > SAME_TARGETS)
		into->ntargets += gone->ntargets - SAME_TARGETS;
	gone->ntargets = 0;
	fill(&into->domain, gone->domain);
	fill(&into->netbios, gone->netbios);
	fill(&into->guid, gone->guid);
	fill(&into->cert, gone->cert);
	gone->folded = true;
	gone->into = (size_t)(into - t->v);
	t->nfolded++;
}

/* Others that the same result shows to be m, and that nothing speaks against. */
static void
fold_others(struct same *t, const struct same_seen *s, const struct same_name *name, const char *key,
    struct same_machine *m)
{
	for (struct same_entry *e = t->chains[hash(key)]; e != NULL; e = e->next) {
		struct same_machine *k = &t->v[same_root(t, e->machine)];

		if (k != m && strcasecmp(e->key, key) == 0 && ties(k, s, key, name) &&
		    !differ(k->domain, m->domain) && !differ(k->guid, m->guid) &&
		    !differ(k->netbios, m->netbios))
			fold(t, k, m);
	}
}

static bool
add_one(struct same *t, const struct same_seen *s, const struct same_name *name, const char *key,
    const char *target, size_t *place)
{
	char *other = s->n < 2 ? stand_in(s) : NULL;
	struct same_machine *m = find(t, s, key, name);

	/* Another result of the same GUID or certificate, that gave no name; an address is too little. */
	if (other != NULL && strncmp(other, "address:", 8) == 0) {
		free(other);
		other = NULL;
	}
	if (m == NULL && other != NULL)
		m = find(t, s, other, name);
	if (m == NULL)
		m = make(t, s, key, name);
	if (m != NULL) {
		learn(t, m, s, name, target);
		fold_others(t, s, name, key, m);
		if (other != NULL)
			fold_others(t, s, name, other, m);
		*place = (size_t)(m - t->v);
	}
	free(other);
	return m != NULL;
}

size_t
same_add(struct same *t, const struct result *r, size_t machines[SAME_NAMES])
{
	struct same_seen s;
	size_t n = 0;
	char *key;

	if (t->chains == NULL)
		t->chains = text_alloc(SAME_CHAINS * sizeof(*t->chains));
	t->targets++;
	same_look(r, &s);
	for (size_t i = 0; i < s.n; i++) {
		key = text_printf("name:%.*s", (int)s.names[i].len, s.names[i].label);
		if (add_one(t, &s, &s.names[i], key, r->target, &machines[n]))
			n++;
		else
			t->lost++;
		free(key);
	}
	if (s.n == 0 && (key = stand_in(&s)) != NULL) {
		if (add_one(t, &s, NULL, key, r->target, &machines[n]))
			n++;
		else
			t->lost++;
		free(key);
	}
	return n;
}

size_t
same_count(const struct same *t)
{
	return t->n - t->nfolded;
}

size_t
same_root(const struct same *t, size_t machine)
{
	while (t->v[machine].folded)
		machine = t->v[machine].into;
	return machine;
}

void
same_clear(struct same *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct same_machine *m = &t->v[i];

		free(m->name);
		free(m->domain);
		free(m->netbios);
		free(m->guid);
		free(m->cert);
		free(m->address);
		for (size_t k = 0; k < m->ntargets && k < SAME_TARGETS; k++)
			free(m->targets[k]);
	}
	for (size_t i = 0; t->chains != NULL && i < SAME_CHAINS; i++)
		for (struct same_entry *e = t->chains[i], *next; e != NULL; e = next) {
			next = e->next;
			free(e);
		}
	free(t->chains);
	free(t->v);
	*t = (struct same){ 0 };
}
