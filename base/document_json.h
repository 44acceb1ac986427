/* document_json.h - a document as one line of JSON, as `extract --json`
 * prints it.
 *
 *     {"url":"http://a.example/","charset":"gb18030","charset_why":"meta",
 *      "title":"...","channel":"web","canonical":"","sitemap":"",
 *      "text_digest":"<64 hex digits>",
 *      "blocks":[{"kind":"body","text":"...","hidden":true,
 *        "hidden_why":"display","font_px":12},
 *       {"kind":"ocr","text":"...","hidden":false,"page":1,
 *        "box":[x,y,w,h],"confidence":91}],
 *      "links":["http://a.example/b"],
 *      "link_details":[{"url":"http://a.example/b","kind":"sitemap",
 *        "nofollow":true,"embedded":true,"lastmod":"2026-11-23T00:00:00Z"}],
 *      "parties":{"names":["..."],"uscc":[],"icp":[],"psb":[],"phones":[],
 *                 "wechat":[],"qq":[],"developers":[]},
 *      "apps":[]}
 *
 * Every key is always there, but for hidden_why of what is seen, font_px where
 * the page does not state it, frame (an address) of what stood in none, page,
 * box (pixels of the image) and confidence (0 to 100) of what was not read
 * from an image, nofollow and embedded where they are not so, lastmod where it
 * is not known, and "links_cut":true, which says that there were more links
 * than are kept. "apps" is as app.h has it. The two lists of links run in
 * step. Texts are UTF-8, not escaped to ASCII.
 */
#ifndef AW_BASE_DOCUMENT_JSON_H
#define AW_BASE_DOCUMENT_JSON_H

#include "base/buf.h"
#include "base/document.h"

/* Appends the line without its line end; out is empty or ends with one, or
 * with an open bracket (json.h). AW_LIMIT where out is too small,
 * AW_NOMEM. */
aw_rc aw_document_json(const struct aw_document *doc, struct aw_buf *out,
                       struct aw_err *err) AW_MUST_USE;

/* The same for the value of "parties" alone: an object. */
aw_rc aw_document_parties_json(const struct aw_document *doc,
                               struct aw_buf *out,
                               struct aw_err *err) AW_MUST_USE;

#endif
