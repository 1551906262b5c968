/*
 * manifest.c - the version in a ClickOnce manifest that a peer sent.
 *
 * The reader is capped and knows no entities and no network, so the worst that
 * a document can do is to be no manifest.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "probes/manifest.h"
#include "xml.h"

bool
manifest_build(const char *document, size_t len, char out[HTTPTEXT_BUILD])
{
	static const char tool[] = "microsoft.exchange.ediscovery.exporttool";
	enum xml_event event;
	struct xml *x;
	bool found = false;

	if (len == 0 || len > LIMIT_MANIFEST ||
	    (x = xml_open_memory(document, len, "manifest")) == NULL)
		return false;
	while ((event = xml_next(x)) == XML_START || event == XML_END) {
		const char *name, *version;

		if (event != XML_START || strcmp(xml_name(x), "assemblyIdentity") != 0)
			continue;
		name = xml_attr(x, "name");
		if (name == NULL || !text_starts_nocase(name, tool))
			break;
		version = xml_attr(x, "version");
		found = version != NULL && httptext_build(version, strlen(version), out) != 0;
		break;
	}
	xml_close(x);
	return found;
}
