/* manifest.h - the version in a ClickOnce manifest that a peer sent. */
#ifndef EXVET_MANIFEST_H
#define EXVET_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/httptext.h"

/*
 * Version of the first assemblyIdentity that names the eDiscovery export tool.
 * False for anything else: a broken document, a document type, another name.
 */
bool	manifest_build(const char *xml, size_t, char out[HTTPTEXT_BUILD]);

#endif
