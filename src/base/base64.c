/* base64.c - base64 of RFC 4648 section 4, read strictly. */
#include "base/base64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool
base64_decode(const char *in, size_t len, uint8_t *out, size_t cap, size_t *out_len)
{
	size_t pad = 0, n = 0;
	uint32_t bits = 0;

	if (len % 4 != 0)
		return false;
	while (pad < 2 && pad < len && in[len - 1 - pad] == '=')
		pad++;
	if (len / 4 * 3 - pad > cap)
		return false;
	for (size_t i = 0; i < len - pad; i++) {
		int v = value_of(in[i]);

		if (v < 0)
			return false;
		bits = bits << 6 | (uint32_t)v;
		if (i % 4 != 0)
			out[n++] = (uint8_t)(bits >> (6 - i % 4 * 2));
	}
	/* Bits behind the last byte are zero (section 3.5). */
	if ((pad == 1 && (bits & 0x3) != 0) || (pad == 2 && (bits & 0xf) != 0))
		return false;
	*out_len = n;
	return true;
}

bool
base64_encode(const uint8_t *in, size_t len, char *out, size_t cap)
{
	size_t n = 0;

	if (cap == 0 || len > (cap - 1) / 4 * 3)
		return false;
	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t v = (uint32_t)in[i] << 16;

		v |= left > 1 ? (uint32_t)in[i + 1] << 8 : 0;
		v |= left > 2 ? (uint32_t)in[i + 2] : 0;
		out[n++] = alphabet[v >> 18];
		out[n++] = alphabet[v >> 12 & 63];
		out[n++] = left > 1 ? alphabet[v >> 6 & 63] : '=';
		out[n++] = left > 2 ? alphabet[v & 63] : '=';
	}
	out[n] = '\0';
	return true;
}
