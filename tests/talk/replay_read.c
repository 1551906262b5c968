/* replay_read.c - bytes and replies as the files of tests/talk write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "replay_read.h"

/* Text with \xNN, \r, \n, \t and \\ into bytes. */
void
replay_unescape(struct text_buf *out, const char *s)
{
	static const char letters[] = "rnt\\\"0", bytes[] = "\r\n\t\\\"\0";

	for (; *s != '\0'; s++) {
		const char *at;

		if (*s != '\\' || s[1] == '\0') {
			text_buf_add(out, s, 1);
		} else if (s[1] == 'x' && s[2] != '\0' && s[3] != '\0') {
			char hex[3] = { s[2], s[3], '\0' };
			char c = (char)strtol(hex, NULL, 16);

			text_buf_add(out, &c, 1);
			s += 3;
		} else if ((at = strchr(letters, s[1])) != NULL) {
			text_buf_add(out, &bytes[at - letters], 1);
			s++;
		} else {
			text_buf_add(out, s, 1);
		}
	}
}

bool
replay_add(struct text_buf *out, char *s)
{
	size_t n = strlen(s);

	if (n >= 2 && s[0] == '"' && s[n - 1] == '"') {
		s[n - 1] = '\0';
		replay_unescape(out, s + 1);
		return true;
	}
	for (; *s != '\0'; s++) {
		char hex[3] = { s[0], s[1], '\0' }, *end;
		char c = (char)strtol(hex, &end, 16);

		if (*s == ' ')
			continue;
		if (*end != '\0' || s[1] == '\0')
			return false;
		text_buf_add(out, &c, 1);
		s++;
	}
	return true;
}

const char *
replay_head_read(struct replay_head *h, struct rd *in)
{
	struct rd line;

	if (!rd_line(in, &line) || line.len < 10 || memcmp(line.p, "HTTP/", 5) != 0) {
		return "no status line in the reply";
	}
	h->reply.version = line.p[5] == '2' ? 20 : line.p[7] == '0' ? 10 : 11;
	h->reply.status = (unsigned)strtoul(strchr((const char *)line.p, ' '), NULL, 10);
	while (rd_line(in, &line) && line.len > 0) {
		const char *colon = memchr(line.p, ':', line.len), *p = (const char *)line.p;
		const char *value, *end = p + line.len;

		if (colon == NULL || h->reply.nheaders == REPLAY_HEADERS) {
			return "no header line in the reply";
		}
		for (value = colon + 1; value < end && *value == ' '; value++)
			;
		while (end > value && end[-1] == ' ')
			end--;
		h->headers[h->reply.nheaders++] = (struct http_header){
			.name = text_dup_n(p, (size_t)(colon - p)),
			.value = text_dup_n(value, (size_t)(end - value)),
		};
	}
	h->reply.headers = h->headers;
	return NULL;
}

void
replay_head_free(struct replay_head *h)
{
	for (size_t i = 0; i < h->reply.nheaders; i++) {
		free((char *)(uintptr_t)h->headers[i].name);
		free((char *)(uintptr_t)h->headers[i].value);
	}
}
