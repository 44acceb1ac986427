/* papers_private.h - how case.xml is written, for papers_*.c alone.
 *
 * Each call writes on, whatever came before; the first thing that went wrong
 * stays in `rc`. Texts are made tame as they are written (papers.h).
 */
#ifndef AW_EVIDENCE_PAPERS_PRIVATE_H
#define AW_EVIDENCE_PAPERS_PRIVATE_H

#include <libxml/xmlwriter.h>

#include "evidence/case.h"

/* The writer, and the first thing that went wrong in it. */
struct aw_xml {
    xmlTextWriterPtr writer;
    struct aw_buf *out;
    struct aw_err *err;
    aw_rc rc;
};

/* AW_NOMEM. Each that began is ended. */
aw_rc aw_xml_begin(struct aw_xml *x, struct aw_buf *out,
                   struct aw_err *err) AW_MUST_USE;
aw_rc aw_xml_end(struct aw_xml *x) AW_MUST_USE;

void aw_xml_open(struct aw_xml *x, const char *name);
void aw_xml_close(struct aw_xml *x);
void aw_xml_attribute(struct aw_xml *x, const char *name, struct aw_str value);
void aw_xml_attribute_int(struct aw_xml *x, const char *name, int64_t value);
void aw_xml_content(struct aw_xml *x, struct aw_str value);

/* <name>text</name> */
void aw_xml_element(struct aw_xml *x, const char *name, struct aw_str text);
void aw_xml_int(struct aw_xml *x, const char *name, int64_t value);

/* One moment in all forms that papers have it in; days are Beijing's. */
void aw_xml_moment(struct aw_xml *x, const char *name, int64_t wall_ms);

/* A cJSON, which no header names. NULL: it is empty; or it is no JSON (`what`
 * is told), AW_STORE then. The caller deletes it. */
void *aw_xml_json(struct aw_xml *x, struct aw_str json, const char *what);

/* Of a member; "" where it has none, or one that is no text. */
struct aw_str aw_xml_text_of(const void *object, const char *name);

/* ---- papers_capture.c --------------------------------------------------- */

/* <capture>: what was fetched, how, and its screenshots. */
void aw_xml_capture(struct aw_xml *x, const struct aw_case *of,
                    const struct aw_case_capture *capture);

#endif
