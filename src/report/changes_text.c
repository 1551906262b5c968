/* changes_text.c - what changed between two runs, and the trend over many, for people. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "changes_text.h"
#include "tone.h"

enum { SERVERS_SHOWN = 5000 };

static const enum ink inks[CHANGE_KINDS] = {
	[CHANGE_NEW] = INK_RED, [CHANGE_REGRESSED] = INK_RED, [CHANGE_FIXED] = INK_GREEN,
	[CHANGE_GONE] = INK_DIM, [CHANGE_SAME] = INK_PLAIN,
};

/* "2026-11-24" of milliseconds; "?" when not known. */
static const char *
day_of(int64_t ms, char buf[11])
{
	return ms >= 0 ? builds_day_text((int32_t)(ms / 86400000), buf) : "?";
}

static void
line(const struct paint *p, const char *label, const char *text)
{
	paint_cell(p, INK_DIM, label, 10, false);
	paint_wrap(p, INK_PLAIN, 10, 10, text);
}

static void
print_summary(const struct paint *p, const struct compare *c)
{
	char day[2][11], *s;
	struct text_buf out = { 0 };

	for (size_t k = 0; k < CHANGE_KINDS; k++)
		text_buf_printf(&out, "%s%" PRIu64 " %s", k > 0 ? ", " : "",
		    compare_total(c, (enum change)k), compare_change_name((enum change)k));
	line(p, "Changes", out.s);
	text_buf_free(&out);
	s = text_printf("%" PRIu64 " in both runs, %" PRIu64 " new, %" PRIu64 " gone",
	    compare_servers(c, true, true), compare_servers(c, false, true),
	    compare_servers(c, true, false));
	line(p, "Servers", s);
	free(s);
	s = text_printf("from %s to %s", day_of(compare_last_ms(c, true), day[0]),
	    day_of(compare_last_ms(c, false), day[1]));
	line(p, "Runs", s);
	free(s);
}

static void
print_server(const struct paint *p, const struct compare_server *s)
{
	char *build = NULL;

	fputc('\n', p->f);
	paint_ink(p, INK_BOLD, s->target);
	if (!s->in_old)
		paint_ink(p, INK_PLAIN, "  new server");
	else if (!s->in_new)
		paint_ink(p, INK_PLAIN, "  not in the new run");
	if (s->old_target[0] != '\0') {
		paint_ink(p, INK_PLAIN, "  was ");
		paint_ink(p, INK_PLAIN, s->old_target);
	}
	if (s->in_old && s->in_new && strcmp(s->old_build, s->new_build) != 0)
		build = text_printf("  %s -> %s", s->old_build[0] != '\0' ? s->old_build : "?",
		    s->new_build[0] != '\0' ? s->new_build : "?");
	if (build != NULL)
		paint_ink(p, INK_PLAIN, build);
	free(build);
	fputc('\n', p->f);
	for (size_t i = 0; i < s->nv; i++) {
		const struct compare_finding *f = &s->v[i];

		paint_blank(p, 2);
		paint_cell(p, inks[f->change], compare_change_name(f->change), 11, false);
		paint_cell(p, tone_severity(f->severity), rule_severity_name(f->severity), 10, false);
		paint_cell(p, INK_PLAIN, f->rule->id, 28, false);
		build = text_printf(" %s -> %s", s->in_old ? rule_verdict_name(f->before) : "-",
		    s->in_new ? rule_verdict_name(f->after) : "-");
		paint_ink(p, INK_DIM, build);
		free(build);
		fputc('\n', p->f);
	}
}

void
changes_text(const struct paint *p, const struct compare *c)
{
	uint64_t shown = 0, left = 0;
	char *s;

	fputc('\n', p->f);
	print_summary(p, c);
	for (size_t i = 0; i < compare_count(c); i++) {
		const struct compare_server *k = compare_server(c, i);

		if (k->nv == 0 && k->in_old && k->in_new && strcmp(k->old_build, k->new_build) == 0)
			continue;
		if (shown == SERVERS_SHOWN) {
			left++;
			continue;
		}
		shown++;
		print_server(p, k);
	}
	if (left == 0)
		return;
	s = text_printf("%" PRIu64 " more servers with changes (-o changes-csv has all)", left);
	line(p, "Not shown", s);
	free(s);
}

static void
print_point(const struct paint *p, const struct history_point *h)
{
	const uint64_t n[] = {
		h->targets, h->exchange, h->current, h->behind, h->kev, h->unsupported,
		h->findings[SEV_CRITICAL], h->findings[SEV_HIGH], h->waived,
	};
	char day[11];

	paint_cell(p, INK_PLAIN, day_of(h->first_ms, day), 11, false);
	for (size_t i = 0; i < sizeof(n) / sizeof(n[0]); i++) {
		char *s = text_printf("%" PRIu64, n[i]);

		paint_cell(p, INK_PLAIN, s, 8, true);
		free(s);
	}
	fputc('\n', p->f);
}

void
changes_text_trend(const struct paint *p, const struct history *h)
{
	static const char *const heads[] = {
		"targets", "exchng", "current", "behind", "kev", "unsupp", "critic", "high", "waived",
	};

	fputc('\n', p->f);
	paint_cell(p, INK_DIM, "Trend", 11, false);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		paint_cell(p, INK_DIM, heads[i], 8, true);
	fputc('\n', p->f);
	for (size_t i = 0; i < h->n; i++)
		print_point(p, &h->v[i]);
}
