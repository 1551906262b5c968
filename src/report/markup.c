/* markup.c - HTML and XML on a stream or into a buffer; every text is escaped. */
#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/escape.h"
#include "markup.h"

void
markup_text(FILE *f, const char *s)
{
	struct text_buf out = { 0 };

	escape_markup(&out, s);
	(void)fwrite(out.s != NULL ? out.s : "", 1, out.len, f);
	text_buf_free(&out);
}

void
markup_attr(FILE *f, const char *name, const char *value)
{
	fprintf(f, " %s=\"", name);
	markup_text(f, value);
	(void)fputc('"', f);
}

static void
format(struct text_buf *out, const char *fmt, va_list ap)
{
	const char *p;

	while ((p = strchr(fmt, '%')) != NULL) {
		text_buf_add(out, fmt, (size_t)(p - fmt));
		switch (p[1]) {
		case 's':
			escape_markup(out, va_arg(ap, const char *));
			break;
		case 'd':
			text_buf_printf(out, "%d", va_arg(ap, int));
			break;
		case 'u':
			text_buf_printf(out, "%" PRIu64, va_arg(ap, uint64_t));
			break;
		default:
			assert(p[1] == '%');
			text_buf_str(out, "%");
		}
		fmt = p + 2;
	}
	text_buf_str(out, fmt);
}

void
markup_printf(struct text_buf *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	format(out, fmt, ap);
	va_end(ap);
}

void
markup_put(FILE *f, const char *fmt, ...)
{
	struct text_buf out = { 0 };
	va_list ap;

	va_start(ap, fmt);
	format(&out, fmt, ap);
	va_end(ap);
	(void)fwrite(out.s != NULL ? out.s : "", 1, out.len, f);
	text_buf_free(&out);
}

/* '<', '>' and '&' stand in strings alone, so an escape is right wherever they are. */
void
markup_json(FILE *f, struct text_buf *json)
{
	const char *p = json->s, *end = json->s + json->len;

	while (p < end) {
		size_t n = strcspn(p, "<>&");

		(void)fwrite(p, 1, n, f);
		p += n;
		if (p < end)
			fprintf(f, "\\u%04x", (unsigned)*p++);
	}
	text_buf_free(json);
}
