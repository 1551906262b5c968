/*
 * target_nmap.c - targets out of nmap -oX (and masscan -oX), streamed.
 *
 * Every open port 443 of a host that is up is a target, and every other open
 * port whose service nmap calls https or HTTP inside TLS.  The address is the
 * target; the name that the user gave to nmap becomes its name for SNI and
 * Host.  A host without such a port is counted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "target_input.h"
#include "xml.h"

struct target_nmap {
	struct xml	*xml;
	bool		 in_host, up, given;	/* given: a target came from this host */
	bool		 in_port, tcp, open, web;
	char		 address[TARGET_ADDR_TEXT];
	char		 name[256];
	char		 port[8];
};

void
target_nmap_free(struct target_nmap *m)
{
	if (m == NULL)
		return;
	xml_close(m->xml);
	free(m);
}

static long
read_input(void *arg, void *p, size_t n)
{
	return target_input_read(arg, p, n);
}

/* The reader says "name:line: reason"; the reason alone. */
static const char *
reason_of(const struct target_input *in, const char *error)
{
	const char *name = target_input_name(in);

	if (!text_starts(error, name) || error[strlen(name)] != ':')
		return error;
	error += strlen(name) + 1;
	error += strspn(error, "0123456789: ");
	return error;
}

bool
target_nmap_begin(struct target_input *in)
{
	struct target_nmap *m = target_input_state(in)->nmap = text_alloc(sizeof(*m));
	char shown[64], reason[160];

	m->xml = xml_open_read(read_input, in, target_input_name(in));
	switch (xml_next(m->xml)) {
	case XML_START:
		if (strcmp(xml_name(m->xml), "nmaprun") == 0)
			return true;
		(void)text_printable(shown, sizeof(shown), xml_name(m->xml),
		    strlen(xml_name(m->xml)));
		(void)snprintf(reason, sizeof(reason), "XML that begins with <%s>, "
		    "expected nmap's <nmaprun>", shown);
		target_input_unusable(in, reason);
		return false;
	case XML_BROKEN:
		(void)snprintf(reason, sizeof(reason), "XML that can not be read (%.100s), "
		    "expected that of nmap -oX", reason_of(in, xml_error(m->xml)));
		target_input_unusable(in, reason);
		return false;
	default:
		target_input_unusable(in, "XML without an element, expected that of nmap -oX");
		return false;
	}
}

static bool
attr_is(struct xml *x, const char *name, const char *value)
{
	const char *v = xml_attr(x, name);

	return v != NULL && strcmp(v, value) == 0;
}

/* Copy an attribute; what does not fit is left out, for it can be no use. */
static void
copy_attr(struct xml *x, const char *name, char *out, size_t cap)
{
	const char *v = xml_attr(x, name);

	if (v != NULL && strlen(v) < cap)
		(void)snprintf(out, cap, "%s", v);
}

/* service: https, https-alt, or http with tunnel="ssl" (-sV). */
static bool
is_web(struct xml *x)
{
	const char *name = xml_attr(x, "name");

	return name != NULL && (text_starts(name, "https") || text_starts(name, "ssl/http") ||
	    (text_starts(name, "http") && attr_is(x, "tunnel", "ssl")));
}

static void
start_element(struct target_nmap *m)
{
	struct xml *x = m->xml;
	const char *name = xml_name(x);

	if (strcmp(name, "host") == 0) {
		*m = (struct target_nmap){ .xml = x, .in_host = true, .up = true };
	} else if (!m->in_host) {
		return;
	} else if (strcmp(name, "status") == 0) {
		m->up = attr_is(x, "state", "up");
	} else if (strcmp(name, "address") == 0) {
		if (m->address[0] == '\0' && !attr_is(x, "addrtype", "mac"))
			copy_attr(x, "addr", m->address, sizeof(m->address));
	} else if (strcmp(name, "hostname") == 0) {
		if (m->name[0] == '\0' && attr_is(x, "type", "user"))
			copy_attr(x, "name", m->name, sizeof(m->name));
	} else if (strcmp(name, "port") == 0) {
		m->in_port = true;
		m->port[0] = '\0';
		copy_attr(x, "portid", m->port, sizeof(m->port));
		m->tcp = attr_is(x, "protocol", "tcp");
		m->web = strcmp(m->port, "443") == 0;
		m->open = false;
	} else if (m->in_port && strcmp(name, "state") == 0) {
		m->open = attr_is(x, "state", "open");
	} else if (m->in_port && strcmp(name, "service") == 0) {
		m->web = m->web || is_web(x);
	}
}

/* The port that ends now, if it is a target. */
static bool
end_port(struct target_input *in, struct target_nmap *m, struct target_item *out)
{
	char why[TARGET_WHY], text[TARGET_ADDR_TEXT + 12], shown[128];
	const struct target_rules any = { .port = 0 };
	struct target_spec named;

	m->in_port = false;
	if (!m->up || !m->tcp || !m->open || !m->web)
		return false;
	m->given = true;
	out->line = xml_line(m->xml);
	if (!target_parse_endpoint(m->address, strlen(m->address), m->port, strlen(m->port),
	    target_input_rules(in), &out->spec, why)) {
		(void)snprintf(text, sizeof(text), "%s:%s", m->address, m->port);
		target_input_bad(in, out->line,
		    target_parse_shown(text, strlen(text), "", 0, shown), why);
		return false;
	}
	if (target_parse(m->name, strlen(m->name), &any, &named, why) && named.is_name)
		memcpy(out->name, named.host, sizeof(out->name));
	return true;
}

static bool
end_element(struct target_input *in, struct target_nmap *m, struct target_item *out)
{
	const char *name = xml_name(m->xml);

	if (m->in_port && strcmp(name, "port") == 0)
		return end_port(in, m, out);
	if (m->in_host && strcmp(name, "host") == 0) {
		m->in_host = false;
		if (m->up && !m->given)
			target_input_state(in)->no_web++;
	}
	return false;
}

int
target_nmap_next(struct target_input *in, struct target_item *out)
{
	struct target_nmap *m = target_input_state(in)->nmap;
	char why[TARGET_WHY];

	for (;;) {
		switch (xml_next(m->xml)) {
		case XML_START:
			start_element(m);
			break;
		case XML_END:
			if (end_element(in, m, out))
				return 1;
			break;
		case XML_BROKEN:
			if (target_input_failed(in))
				return -1;
			(void)snprintf(why, sizeof(why), "XML that is broken or breaks off (%.60s), "
			    "expected </nmaprun>: the rest is not read",
			    reason_of(in, xml_error(m->xml)));
			target_input_bad(in, xml_line(m->xml), NULL, why);
			return 0;
		case XML_END_OF_DOCUMENT:
			return 0;
		}
	}
}
