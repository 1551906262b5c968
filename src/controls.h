/*
 * controls.h - the frameworks that auditors ask for, and what our findings say
 * of their controls.
 *
 * The table is data/controls.xml.  Findings support evidence for a control;
 * they never make anybody compliant.  A score never stands without its
 * coverage: what cannot be seen from the network counts as not seen.
 */
#ifndef EXVET_CONTROLS_H
#define EXVET_CONTROLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report.h"

enum control_sight {		/* how much of the control shows from the network */
	CONTROL_SIGHT_FULL, CONTROL_SIGHT_PART, CONTROL_SIGHT_NONE,
};
enum control_certain {		/* how the entry was checked */
	CONTROL_ORIGINAL,	/* against the publisher's own text */
	CONTROL_COPY,		/* against somebody's copy or list of it */
	CONTROL_GENERAL,	/* as generally known: look it up before you quote it */
};

struct framework;

struct control {
	const struct framework	*framework;
	const char		*id;		/* "EX19-MB-000244", "SI-2", "2.4.1" */
	const char		*alias;		/* "V-259711"; "" */
	const char		*title;		/* "" where the text may not be copied */
	enum control_sight	 sight;
	enum control_certain	 certain;
	const char		*note;		/* "" */
	const char		*conflict;	/* what another framework wants instead; "" */
	const struct rule	**rules;	/* that give evidence; none when sight is none */
	size_t			 nrules;
	const char		*cve;		/* this flaw's state is the evidence instead; "" */
};

struct framework {
	const char		*id;		/* "cisa-2025", for --framework */
	const char		*name, *publisher, *version;
	const char		*date;		/* of that version, YYYY-MM-DD or YYYY-MM or YYYY */
	const char		*url;
	const char		*checked;	/* the day on which its controls were compared, YYYY-MM-DD */
	const char		*compared;	/* with what */
	const char		*branches;	/* "2019": only of these; "": of all */
	const char		*os;		/* "10.0.17763": only of that Windows; "": of all */
	const char		*note;
	const struct control	*controls;
	size_t			 ncontrols;
};

struct controls;

/* "V2R3, 2025-05-14", "1.1.1, date not known"; the caller frees it. */
char	*controls_edition(const struct framework *);

enum { CONTROLS_WHY = 512 };

/* path NULL: the bundled table.  NULL and "file:line: why" on any fault. */
struct controls *controls_load(const char *path, char err[CONTROLS_WHY]);
void	controls_free(struct controls *);		/* NULL is fine */
size_t	controls_count(const struct controls *);	/* frameworks */
const struct framework *controls_framework(const struct controls *, size_t i);
const struct framework *controls_find(const struct controls *, const char *id);	/* NULL */
/* The nearest framework's id, for a mistyped one; NULL. */
const char *controls_nearest(const struct controls *, const char *id);
/* The i-th control that a rule gives evidence for; NULL at the end. */
const struct control *controls_of_rule(const struct controls *, const struct rule *, size_t i);
/* Why a rule gives evidence for no control; NULL when it does, or nobody said. */
const char *controls_unmapped(const struct controls *, const struct rule *);
const char *controls_sight_name(enum control_sight);	/* "full", "part", "none" */
const char *controls_certain_name(enum control_certain); /* "original", "copy", "general" */

/* What the findings of one server say of one control. */
enum control_state {
	CONTROL_FAILED,		/* one of its rules fails or warns */
	CONTROL_WAIVED,		/* the same, and every such finding is waived */
	CONTROL_UNDECIDABLE,	/* the evidence allows both */
	CONTROL_NOT_OBSERVABLE,	/* not all of its rules could be asked */
	CONTROL_SATISFIED,	/* all that can be seen of it supports it */
	CONTROL_NOT_APPLICABLE,	/* not Exchange, or another version or Windows */
	CONTROL_STATES
};
const char *controls_state_name(enum control_state);	/* "failed" ... */
enum control_state controls_state(const struct control *, const struct report *);

/* Counts over the servers of a run. */
struct controls_tally;

struct controls_score {
	uint64_t	n[CONTROL_STATES];	/* pairs of server and control */
	int		score;			/* percent: satisfied of what was decided; -1: nothing was */
	int		coverage;		/* percent: decided of what applies; -1: nothing does */
};

struct servers;				/* src/servers.h */
struct controls_tally *controls_tally_new(const struct controls *);
void	controls_tally_free(struct controls_tally *);	/* NULL is fine */
/* id: whose the result is, of the servers. */
void	controls_tally_add(struct controls_tally *, const struct report *, uint32_t id);
/* No more are added: several results of one server count once, at their worst. */
void	controls_tally_finish(struct controls_tally *, const struct servers *);
/* Servers by state, CONTROL_STATES of them, for one control. */
const uint64_t *controls_tally_of(const struct controls_tally *, const struct control *);
struct controls_score controls_tally_score(const struct controls_tally *, const struct framework *);

#endif
