/* base64.c - base64 of RFC 4648 section 4, read strictly. */
#include "base/base64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of each byte below 128; 64: it is none of the alphabet. */
static const uint8_t values[128] = {
	64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
	64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
	64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 62, 64, 64, 64, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 64, 64, 64,
	64, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 64,
	64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64,
};

/* The 24 bits of four characters; false when one is none of the alphabet. */
static bool
group(const char *in, uint32_t *bits)
{
	unsigned a = values[in[0] & 127], b = values[in[1] & 127];
	unsigned c = values[in[2] & 127], d = values[in[3] & 127];

	*bits = a << 18 | b << 12 | c << 6 | d;
	return ((a | b | c | d) & 64) == 0 && ((in[0] | in[1] | in[2] | in[3]) & 128) == 0;
}

bool
base64_decode(const char *in, size_t len, uint8_t *out, size_t cap, size_t *out_len)
{
	char last[4];
	size_t pad = 0, n = 0;
	uint32_t bits = 0;

	if (len % 4 != 0)
		return false;
	while (pad < 2 && pad < len && in[len - 1 - pad] == '=')
		pad++;
	if (len / 4 * 3 - pad > cap)
		return false;
	for (; len > 4 || (len == 4 && pad == 0); in += 4, len -= 4) {
		if (!group(in, &bits))
			return false;
		out[n++] = (uint8_t)(bits >> 16);
		out[n++] = (uint8_t)(bits >> 8);
		out[n++] = (uint8_t)bits;
	}
	if (pad != 0) {
		for (size_t i = 0; i < 4; i++)
			last[i] = i < 4 - pad ? in[i] : 'A';
		/* Bits behind the last byte are zero (section 3.5). */
		if (!group(last, &bits) || (bits & (pad == 1 ? 0xffu : 0xffffu)) != 0)
			return false;
		out[n++] = (uint8_t)(bits >> 16);
		if (pad == 1)
			out[n++] = (uint8_t)(bits >> 8);
	}
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
