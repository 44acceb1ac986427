/* papers.h - a case as an office files it: 提取笔录, 证据清单, 移送函 and so
 * on.
 *
 * A case becomes XML (case.xml), an XSLT 1.0 template makes a page of HTML of
 * it that stands alone (transform.h), and a browser prints that to PDF on A4
 * (crawler/print.h). Templates are data: the .xsl files of papers/, or
 * the office's own.
 *
 * What a paper says is 涉嫌, never a verdict. What is not known (案号, 见证人,
 * 电话) is left blank to be written in, and listed at its end.
 *
 * Everything in a case may come from a hostile page. In the XML each text is
 * one line that does no harm (aw_text_tame in reports/text.h); the exact text
 * is in finding-<id>.json.
 */
#ifndef AW_EVIDENCE_PAPERS_H
#define AW_EVIDENCE_PAPERS_H

#include "evidence/case.h"

#define AW_PAPERS_DIR "data/09-文书/"
#define AW_PAPERS_XML AW_PAPERS_DIR "case.xml"
#define AW_PAPERS_XML_MAX ((size_t)16 << 20) /* bytes */

struct aw_papers_config {
    const char *templates; /* folder with the .xsl files */
    const char *browser;   /* path, as aw_browser_find gives it; NULL: none,
                              HTML alone */
    const struct aw_clock *clock;
    struct aw_str to;   /* who gets the 移送函; empty: left blank */
    struct aw_str head; /* on top of each sheet of PDF: the bundle's name */
};

/* Where papers go, and where the pictures in them come from. Names are those
 * in the bag. */
struct aw_papers_calls {
    aw_rc (*add)(void *self, struct aw_str name, struct aw_str bytes,
                 struct aw_err *err);
    /* Bytes that live until the next call; AW_MISSING. NULL: no pictures. */
    aw_rc (*picture)(void *self, struct aw_str name, struct aw_str *bytes,
                     struct aw_err *err);
    void *self;
};

/* What was not made, and why; empty: all was. */
struct aw_papers_told {
    char no_pdf[AW_ERR_MAX];
};

/* Appends the case as XML; docs/09-evidence.md has its form. AW_LIMIT: it is
 * over AW_PAPERS_XML_MAX. AW_STORE: a row holds JSON that does not parse. */
aw_rc aw_papers_xml(const struct aw_case *of, struct aw_buf *out,
                    struct aw_err *err) AW_MUST_USE;

/* Appends the bundle's page for people (00-说明), which is the first file of
 * it: made before items are known. */
aw_rc aw_papers_page(const struct aw_case *of,
                     const struct aw_papers_config *config, struct aw_buf *out,
                     struct aw_err *err) AW_MUST_USE;

/* The same page from the bytes of a case.xml, which may be anybody's.
 * AW_INVALID: it is none. */
aw_rc aw_papers_page_again(struct aw_str xml,
                           const struct aw_papers_config *config,
                           struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

/* Adds case.xml and all papers: <name>.html, and <name>.pdf where there is a
 * browser. One that does not come up, or that fails, costs the PDFs alone, and
 * is told. AW_CONFIG: a template is missing or wrong; names file and line. */
aw_rc aw_papers_add(const struct aw_case *of,
                    const struct aw_papers_config *config,
                    const struct aw_papers_calls *calls,
                    struct aw_papers_told *told,
                    struct aw_err *err) AW_MUST_USE;

/* The same from the bytes of a case.xml, which may be anybody's. AW_INVALID:
 * it is none. case.xml itself is not added. */
aw_rc aw_papers_again(struct aw_str xml, const struct aw_papers_config *config,
                      const struct aw_papers_calls *calls,
                      struct aw_papers_told *told,
                      struct aw_err *err) AW_MUST_USE;

#endif
