#include "evidence/papers.h"

#include <stdio.h>

#include "crawler/print.h"
#include "evidence/transform.h"

#define ROOT "case"
#define PAGE_MS 180000 /* of the browser, for one paper */
#define NAME_MAX_BYTES 256

/* In the order in which a file is read. */
static const struct {
    const char *name, *template;
    bool shots; /* it is of screenshots, and not where there are none */
} papers[] = {
    {"1-涉嫌违法广告线索移送函", "线索移送函.xsl", false},
    {"2-电子数据提取笔录", "电子数据提取笔录.xsl", false},
    {"3-证据清单", "证据清单.xsl", false},
    {"4-截图固定页", "截图固定页.xsl", true},
    {"5-广告监测情况说明", "监测情况说明.xsl", false},
};
static const char page_template[] = "00-说明.xsl";

struct making {
    const struct aw_papers_config *config;
    const struct aw_papers_calls *calls;
    struct aw_papers_told *told;
    struct aw_transform *transform;
    struct aw_printer *printer; /* NULL: no PDFs, or no more */
    struct aw_str head;         /* on top of each sheet */
};

/* ---- the browser -------------------------------------------------------- */

/* Paper without PDF is paper: why there is none is told once. */
static void do_without(struct making *m, const struct aw_err *why)
{
    if (!m->told->no_pdf[0])
        (void)snprintf(m->told->no_pdf, sizeof m->told->no_pdf, "%s",
                       why->msg);
    aw_printer_free(m->printer);
    m->printer = NULL;
}

static void start_printer(struct making *m)
{
    struct aw_printer_config config = {.program = m->config->browser,
                                       .clock = m->config->clock,
                                       .page_ms = PAGE_MS,
                                       .picture = m->calls->picture,
                                       .self = m->calls->self};
    struct aw_err err = {.msg = "there is no browser"};

    if (!config.program || aw_printer_new(&m->printer, &config, &err) != AW_OK)
        do_without(m, &err);
}

/* Adds the PDF of a page, as far as there is a browser. */
static aw_rc add_pdf(struct making *m, const char *name, struct aw_str html,
                     struct aw_err *err)
{
    char html_name[NAME_MAX_BYTES];
    char pdf_name[NAME_MAX_BYTES];
    struct aw_print_page page = {.html = html, .head = m->head};
    struct aw_buf pdf;
    struct aw_err why;
    aw_rc rc = AW_OK;

    if (!m->printer)
        return AW_OK;
    (void)snprintf(html_name, sizeof html_name, AW_PAPERS_DIR "%s.html", name);
    (void)snprintf(pdf_name, sizeof pdf_name, AW_PAPERS_DIR "%s.pdf", name);
    page.name = aw_str_of(html_name);
    aw_buf_init(&pdf, AW_PRINT_PDF_MAX);
    if (aw_printer_print(m->printer, &page, &pdf, &why) != AW_OK)
        do_without(m, &why);
    else
        rc = m->calls->add(m->calls->self, aw_str_of(pdf_name),
                           aw_buf_str(&pdf), err);
    aw_buf_deinit(&pdf);
    return rc;
}

/* ---- a paper ------------------------------------------------------------ */

/* Elements alone have such a bracket in the XML of a case. */
static bool is_left_out(struct aw_str xml, size_t i)
{
    return papers[i].shots && aw_str_find(xml, AW_STR("<shot ")) < 0;
}

static aw_rc add_paper(struct making *m, size_t i, struct aw_err *err)
{
    char name[NAME_MAX_BYTES];
    struct aw_buf html;
    aw_rc rc;

    (void)snprintf(name, sizeof name, AW_PAPERS_DIR "%s.html", papers[i].name);
    aw_buf_init(&html, AW_TRANSFORM_HTML_MAX);
    rc = aw_transform_page(m->transform, papers[i].template, m->config->to,
                           &html, err);
    if (rc == AW_OK)
        rc = m->calls->add(m->calls->self, aw_str_of(name), aw_buf_str(&html),
                           err);
    if (rc == AW_OK)
        rc = add_pdf(m, papers[i].name, aw_buf_str(&html), err);
    aw_buf_deinit(&html);
    return rc;
}

aw_rc aw_papers_again(struct aw_str xml, const struct aw_papers_config *config,
                      const struct aw_papers_calls *calls,
                      struct aw_papers_told *told, struct aw_err *err)
{
    struct making m = {.config = config, .calls = calls, .told = told};
    aw_rc rc;

    told->no_pdf[0] = '\0';
    if (xml.len > AW_PAPERS_XML_MAX)
        return aw_fail(err, AW_LIMIT, "case.xml is over %zu bytes",
                       AW_PAPERS_XML_MAX);
    rc = aw_transform_new(&m.transform, config->templates, xml, ROOT, err);
    if (rc != AW_OK)
        return rc == AW_INVALID ? aw_fail_in(err, "case.xml") : rc;
    m.head = config->head;
    start_printer(&m);
    for (size_t i = 0; i < sizeof papers / sizeof *papers && rc == AW_OK; i++)
        if (!is_left_out(xml, i))
            rc = add_paper(&m, i, err);
    aw_printer_free(m.printer);
    aw_transform_free(m.transform);
    return rc;
}

aw_rc aw_papers_add(const struct aw_case *of,
                    const struct aw_papers_config *config,
                    const struct aw_papers_calls *calls,
                    struct aw_papers_told *told, struct aw_err *err)
{
    struct aw_buf xml;
    aw_rc rc;

    aw_buf_init(&xml, AW_PAPERS_XML_MAX);
    rc = aw_papers_xml(of, &xml, err);
    if (rc == AW_OK)
        rc = calls->add(calls->self, AW_STR(AW_PAPERS_XML), aw_buf_str(&xml),
                        err);
    if (rc == AW_OK)
        rc = aw_papers_again(aw_buf_str(&xml), config, calls, told, err);
    aw_buf_deinit(&xml);
    return rc;
}

aw_rc aw_papers_page_again(struct aw_str xml,
                           const struct aw_papers_config *config,
                           struct aw_buf *out, struct aw_err *err)
{
    struct aw_transform *transform = NULL;
    aw_rc rc;

    if (xml.len > AW_PAPERS_XML_MAX)
        return aw_fail(err, AW_LIMIT, "case.xml is over %zu bytes",
                       AW_PAPERS_XML_MAX);
    rc = aw_transform_new(&transform, config->templates, xml, ROOT, err);
    if (rc == AW_OK)
        rc = aw_transform_page(transform, page_template, AW_STR(""), out, err);
    aw_transform_free(transform);
    return rc;
}

aw_rc aw_papers_page(const struct aw_case *of,
                     const struct aw_papers_config *config, struct aw_buf *out,
                     struct aw_err *err)
{
    struct aw_buf xml;
    aw_rc rc;

    aw_buf_init(&xml, AW_PAPERS_XML_MAX);
    rc = aw_papers_xml(of, &xml, err);
    if (rc == AW_OK)
        rc = aw_papers_page_again(aw_buf_str(&xml), config, out, err);
    aw_buf_deinit(&xml);
    return rc;
}
