/* tone.c - the words and the ink for what was found. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tone.h"

enum ink
tone_severity(enum severity severity)
{
	static const enum ink inks[] = {
		[SEV_INFO] = INK_BLUE, [SEV_LOW] = INK_BLUE, [SEV_MEDIUM] = INK_YELLOW,
		[SEV_HIGH] = INK_RED, [SEV_CRITICAL] = INK_ALARM,
	};

	return inks[severity];
}

enum ink
tone_state(enum view_state state)
{
	static const enum ink inks[VIEW_STATES] = {
		[VIEW_OTHER] = INK_PLAIN, [VIEW_SILENT] = INK_YELLOW, [VIEW_CLEAN] = INK_GREEN,
		[VIEW_UNDECIDED] = INK_YELLOW, [VIEW_INFO] = INK_BLUE, [VIEW_LOW] = INK_BLUE,
		[VIEW_MEDIUM] = INK_YELLOW, [VIEW_HIGH] = INK_RED, [VIEW_CRITICAL] = INK_ALARM,
	};

	return inks[state];
}

enum ink
tone_verdict(enum verdict verdict)
{
	static const enum ink inks[] = {
		[VERDICT_PASS] = INK_GREEN, [VERDICT_FAIL] = INK_RED, [VERDICT_WARN] = INK_YELLOW,
		[VERDICT_UNDECIDABLE] = INK_YELLOW, [VERDICT_NOT_OBSERVABLE] = INK_DIM,
		[VERDICT_NOT_APPLICABLE] = INK_DIM,
	};

	return inks[verdict];
}

const char *
tone_identity(enum identity identity)
{
	static const char *const words[] = {
		[IDENTITY_UNKNOWN] = "not known", [IDENTITY_EXCHANGE] = "Exchange, build not read",
		[IDENTITY_ONLINE] = "Exchange Online", [IDENTITY_PREAUTH] = "pre-auth proxy",
		[IDENTITY_NOT_EXCHANGE] = "not Exchange",
	};

	return words[identity];
}

/* "CU15 Oct25SU", "CU15", "RTM": what follows the product's name. */
static void
add_level(struct text_buf *out, const struct build_row *row)
{
	text_buf_str(out, row->cu);
	if (row->update[0] != '\0')
		text_buf_printf(out, " %s", row->update);
}

char *
tone_release_short(const struct build_report *b)
{
	struct text_buf out = { 0 };
	char buf[48];

	if (b->place == PLACE_EXACT) {
		text_buf_printf(&out, "%s ", b->branch);
		add_level(&out, b->row);
		return out.s;
	}
	if (b->branch[0] == '\0')
		return text_printf("build %s", build_number_text(&b->number, buf));
	text_buf_printf(&out, "%s%s%s", b->branch, b->cu[0] != '\0' ? " " : "", b->cu);
	if (b->place == PLACE_RANGE)
		text_buf_str(&out, ", update unknown");
	else if (b->place == PLACE_NEWER)
		text_buf_str(&out, ", newer than table");
	else if (b->place == PLACE_BETWEEN)
		text_buf_str(&out, ", unlisted build");
	return out.s;
}

char *
tone_release(const struct build_report *b)
{
	const char *product = b->product[0] != '\0' ? b->product : "Exchange, release not known";
	struct text_buf out = { 0 };
	char buf[48];

	(void)build_number_text(&b->number, buf);
	text_buf_str(&out, product);
	if (b->place == PLACE_EXACT) {
		text_buf_str(&out, " ");
		add_level(&out, b->row);
	} else if (b->cu[0] != '\0') {
		text_buf_printf(&out, " %s", b->cu);
	}
	text_buf_printf(&out, "  (%s)", buf);
	if (b->place == PLACE_RANGE && b->ncandidates > 0)
		text_buf_printf(&out, "  update not visible: one of %zu builds from %s to %s",
		    b->ncandidates, b->candidates[0]->text,
		    b->candidates[b->ncandidates - 1]->text);
	if (b->place == PLACE_NEWER)
		text_buf_str(&out, "  newer than this table");
	if (b->place == PLACE_BETWEEN)
		text_buf_printf(&out, "  not in the table, between %s and %s",
		    b->below != NULL ? b->below->text : "nothing",
		    b->above != NULL ? b->above->text : "nothing");
	if (b->place == PLACE_GENERATION)
		text_buf_str(&out, "  only the generation is known");
	return out.s;
}

char *
tone_support(const struct build_report *b, int32_t as_of)
{
	static const struct { const char *until, *since; } words[] = {
		[SUPPORT_UNKNOWN] = { "not known", "not known" },
		[SUPPORT_SUPPORTED] = { "in support until", "in support; ended" },
		[SUPPORT_ESU_1] = { "out of support; ESU period 1 until", "ESU period 1 ended" },
		[SUPPORT_ESU_2] = { "out of support; ESU period 2 until", "ESU period 2 ended" },
		[SUPPORT_ESU_ENDED] = { "out of support, ESU ends", "out of support, ESU ended" },
		[SUPPORT_UNSUPPORTED] = { "out of support from", "out of support since" },
	};
	bool past = b->support_until != BUILDS_NO_DAY && b->support_until < as_of;
	const char *word = past ? words[b->support].since : words[b->support].until;
	char day[11];

	if (b->support == SUPPORT_UNKNOWN)
		return text_dup(word);
	if (b->support_until == BUILDS_NO_DAY)
		return text_dup(builds_support_name(b->support));
	return text_printf("%s %s", word, builds_day_text(b->support_until, day));
}

char *
tone_what(const struct report *r)
{
	const struct judgement *j = r->judgement;
	char *why;

	if (j->build != NULL)
		return tone_release_short(j->build);
	if (j->identity != IDENTITY_UNKNOWN)
		return text_dup(tone_identity(j->identity));
	why = view_failure_text(r->result);
	if (why[0] != '\0')
		return why;
	free(why);
	return text_dup("not known");
}
