/*
 * exporttool.c - manifest of the ECP's eDiscovery export tool (C-10).
 *
 * Four parts, to everybody, but the path stands on the lists of intrusion
 * detectors: asked last, and in standard only while no build is known.  The
 * file's version can be one update off, so it is a witness of its own kind.
 */
#include <stdio.h>

#include "probes/body.h"
#include "probes/head.h"
#include "probes/manifest.h"
#include "probes/note.h"
#include "probes/redirect.h"
#include "probes/table.h"

static bool
exporttool_ask(struct talk *talk, struct http_ask *ask)
{
	if (talk->settled && talk->profile != PROBE_FULL)
		return false;
	(void)snprintf(ask->path, sizeof(ask->path), "/ecp/Current/exporttool/"
	    "microsoft.exchange.ediscovery.exporttool.application");
	return true;
}

static enum heard
exporttool_hear(struct talk *talk, const struct http_reply *reply)
{
	char build[HTTPTEXT_BUILD], evidence[NOTE_EVIDENCE], path[sizeof(talk->path)];

	head_note(talk, reply);
	(void)redirect_note(talk, reply, path, sizeof(path));
	if (reply->status == 200 && manifest_build(reply->body, reply->body_len, build)) {
		(void)snprintf(evidence, sizeof(evidence), "assemblyIdentity version=\"%s\"", build);
		note_text(talk, FACT_BUILD_MANIFEST, build, evidence);
		note_once(talk, FACT_MARK, "manifest", evidence);
	} else {
		body_note(talk, reply);
	}
	return HEARD_DONE;
}

const struct probe probe_exporttool = {
	.name = "exporttool",
	.summary = "manifest of the eDiscovery export tool: a build of four parts",
	.technique = "C-10",
	.flags = PROBE_UNSETTLED | PROBE_STANDARD | PROBE_FULL,
	.gives = (const enum fact[]){ HEAD_GIVES, FACT_BUILD_MANIFEST, FACT_COUNT },
	.http_ask = exporttool_ask,
	.http_hear = exporttool_hear,
};
