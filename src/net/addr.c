/* addr.c - an IP address without a socket header; and its socket form. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"
#include "net/addr.h"
#include "net/sockaddr.h"

bool
addr_parse(const char *s, struct addr *out)
{
	char buf[ADDR_TEXT];
	const char *zone = strchr(s, '%');
	size_t n = zone != NULL ? (size_t)(zone - s) : strlen(s);
	struct addr a = { 0 };

	if (n == 0 || n >= sizeof(buf))
		return false;
	memcpy(buf, s, n);
	buf[n] = '\0';
	if (zone == NULL && inet_pton(AF_INET, buf, a.bytes) == 1) {
		*out = a;
		return true;
	}
	if (inet_pton(AF_INET6, buf, a.bytes) != 1)
		return false;
	a.v6 = true;
	if (zone != NULL && (a.scope = if_nametoindex(zone + 1)) == 0) {
		int64_t v;

		if (!text_number(zone + 1, 1, UINT32_MAX, &v))
			return false;
		a.scope = (uint32_t)v;
	}
	*out = a;
	return true;
}

char *
addr_text(const struct addr *a, char buf[ADDR_TEXT])
{
	char name[IF_NAMESIZE];
	size_t n;

	if (inet_ntop(a->v6 ? AF_INET6 : AF_INET, a->bytes, buf, ADDR_TEXT) == NULL)
		buf[0] = '\0';
	n = strlen(buf);
	if (a->scope != 0 && if_indextoname(a->scope, name) != NULL)
		(void)snprintf(buf + n, ADDR_TEXT - n, "%%%.15s", name);
	return buf;
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return a->v6 == b->v6 && a->scope == b->scope &&
	    memcmp(a->bytes, b->bytes, a->v6 ? 16 : 4) == 0;
}

socklen_t
addr_to_socket(const struct addr *a, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port),
		.sin6_scope_id = a->scope };

	memset(out, 0, sizeof(*out));
	if (a->v6) {
		memcpy(&v6.sin6_addr, a->bytes, 16);
		memcpy(out, &v6, sizeof(v6));
		return sizeof(v6);
	}
	memcpy(&v4.sin_addr, a->bytes, 4);
	memcpy(out, &v4, sizeof(v4));
	return sizeof(v4);
}

bool
addr_from_socket(const struct sockaddr *sa, struct addr *out)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	*out = (struct addr){ 0 };
	if (sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof(v4));
		memcpy(out->bytes, &v4.sin_addr, 4);
		return true;
	}
	if (sa->sa_family != AF_INET6)
		return false;
	memcpy(&v6, sa, sizeof(v6));
	out->v6 = true;
	out->scope = v6.sin6_scope_id;
	memcpy(out->bytes, &v6.sin6_addr, 16);
	return true;
}
