/* html_asset.h - the style and the script of the HTML report, made from data/report at build time. */
#ifndef EXVET_HTML_ASSET_H
#define EXVET_HTML_ASSET_H

#include <stddef.h>

extern const unsigned char html_asset_css[], html_asset_js[];
extern const size_t html_asset_css_len, html_asset_js_len;

#endif
