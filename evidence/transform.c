#include "evidence/transform.h"

#include <libxml/HTMLtree.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/uri.h>
#include <libxslt/documents.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/variables.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/beneath.h"

/* Templates go by URLs of their own, so that what is not ours shows. */
#define PREFIX "papers://templates/"
#define STYLE_NAME "papers.css"
#define NAME_MAX_BYTES ((size_t)1024)
#define COMPLAINT_MAX ((size_t)2000)
#define XML_OPTIONS                                            \
    (XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_NOERROR | \
     XML_PARSE_NOWARNING)

static const char policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file: "
    "data:; base-uri 'none'; form-action 'none'";

struct aw_transform {
    const char *templates;
    xmlDocPtr doc;
    struct aw_buf style;
};

/* What libxslt's callbacks for the whole process belong to; under lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static struct aw_buf complaint;
static bool refused; /* a file that the template asked for */

/* ---- complaints --------------------------------------------------------- */

static void on_complaint(void *self, const char *format, ...)
{
    char text[512];
    va_list args;

    (void)self;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (complaint.len < COMPLAINT_MAX / 2)
        aw_buf_puts(&complaint, text);
}

/* XPath tells what is wrong in it here. */
static void on_xml_complaint(void *self, xmlErrorPtr error)
{
    if (error->domain == XML_FROM_XPATH)
        on_complaint(self, "%s\n", error->message ? error->message : "");
}

/* "file papers://templates/x.xsl line 12 element e" in what libxslt says. */
static bool find_place(struct aw_str said, struct aw_str *name, long *line)
{
    ptrdiff_t at = aw_str_find(said, AW_STR(PREFIX));
    struct aw_str rest;
    ptrdiff_t end;

    if (at < 0)
        return false;
    rest = aw_str_sub(said, (size_t)at + strlen(PREFIX), said.len);
    end = aw_str_find(rest, AW_STR(" line "));
    if (end < 0)
        return false;
    *name = aw_str_sub(rest, 0, (size_t)end);
    *line = strtol(rest.ptr + end + strlen(" line "), NULL, 10);
    return true;
}

/* What comes behind the line with the place, in one line. */
static void put_reason(struct aw_buf *out, struct aw_str said)
{
    struct aw_str line = {0};

    while (aw_str_split(&said, '\n', &line)) {
        line = aw_str_trim(line);
        if (line.len == 0 || aw_str_find(line, AW_STR(PREFIX)) >= 0)
            continue;
        aw_buf_puts(out, out->len > 0 ? "; " : "");
        aw_buf_put(out, line);
    }
}

static aw_rc fail_by_complaint(const char *name, struct aw_err *err)
{
    struct aw_str said = aw_buf_str(&complaint);
    struct aw_str place = aw_str_of(name);
    char *path = NULL;
    struct aw_buf reason;
    long line = 0;
    aw_rc rc;

    aw_buf_init(&reason, COMPLAINT_MAX);
    put_reason(&reason, said);
    if (find_place(said, &place, &line))
        path = xmlURIUnescapeString(place.ptr, (int)place.len, NULL);
    rc = aw_fail(err, AW_CONFIG, "%s/%.200s:%ld: %.*s", folder,
                 path ? path : name, line,
                 AW_STR_ARG(aw_str_sub(aw_buf_str(&reason), 0, 600)));
    xmlFree(path);
    aw_buf_deinit(&reason);
    return rc;
}

/* ---- parsing ------------------------------------------------------------ */

static void refuse_doctype(void *self, const xmlChar *name,
                           const xmlChar *external, const xmlChar *system)
{
    xmlParserCtxtPtr parser = self;

    (void)name;
    (void)external;
    (void)system;
    parser->wellFormed = 0;
    xmlStopParser(parser);
}

/* dict: NULL, or whose names the document is to share. *line and *why tell
 * what is wrong with it. */
static xmlDocPtr parse(struct aw_str bytes, const char *url, xmlDictPtr dict,
                       long *line, char why[AW_ERR_MAX])
{
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    const xmlError *error;
    xmlDocPtr doc;

    *line = 0;
    (void)snprintf(why, AW_ERR_MAX, "it has a document type, or no end");
    if (!parser)
        return NULL;
    if (dict) {
        xmlDictFree(parser->dict);
        parser->dict = dict;
        (void)xmlDictReference(dict);
    }
    parser->sax->internalSubset = refuse_doctype;
    doc = xmlCtxtReadMemory(parser, bytes.len ? bytes.ptr : "", (int)bytes.len,
                            url, "UTF-8", XML_OPTIONS);
    error = xmlCtxtGetLastError(parser);
    if (doc && !xmlDocGetRootElement(doc)) {
        xmlFreeDoc(doc);
        doc = NULL;
    }
    if (!doc && error && error->message) {
        *line = error->line;
        (void)snprintf(why, AW_ERR_MAX, "%.*s",
                       (int)strcspn(error->message, "\n"), error->message);
    }
    xmlFreeParserCtxt(parser);
    return doc;
}

/* ---- the folder --------------------------------------------------------- */

static aw_rc read_file(const char *name, struct aw_buf *out,
                       struct aw_err *err)
{
    struct aw_file_id id;
    aw_rc rc = aw_beneath_read(folder, aw_str_of(name), out, &id, err);

    return rc == AW_OK ? AW_OK : aw_fail_in(err, "%s/%s", folder, name);
}

/* A file of the folder, by its URL; the complaint tells what is wrong. */
static xmlDocPtr load(const xmlChar *url, xmlDictPtr dict, int options,
                      void *asker, xsltLoadType type)
{
    char why[AW_ERR_MAX] = "it is outside of the folder";
    char *name = NULL;
    xmlDocPtr doc = NULL;
    struct aw_err err;
    struct aw_buf bytes;
    long line = 0;

    (void)options;
    (void)asker;
    (void)type;
    if (strncmp((const char *)url, PREFIX, strlen(PREFIX)) == 0)
        name =
            xmlURIUnescapeString((const char *)url + strlen(PREFIX), 0, NULL);
    aw_buf_init(&bytes, AW_TEMPLATE_MAX);
    if (name && read_file(name, &bytes, &err) == AW_OK)
        doc = parse(aw_buf_str(&bytes), (const char *)url, dict, &line, why);
    else if (name)
        (void)snprintf(why, sizeof why, "%s", err.msg);
    if (!doc)
        on_complaint(NULL, "file %s line %ld\n%s\n", (const char *)url, line,
                     why);
    refused = refused || !doc;
    aw_buf_deinit(&bytes);
    xmlFree(name);
    return doc;
}

static int allow_ours(xsltSecurityPrefsPtr prefs, xsltTransformContextPtr run,
                      const char *url)
{
    (void)prefs;
    (void)run;
    return strncmp(url, PREFIX, strlen(PREFIX)) == 0 ||
           strcmp(url, "templates") == 0; /* the host of the prefix */
}

static xsltSecurityPrefsPtr make_prefs(void)
{
    static const xsltSecurityOption forbidden[] = {
        XSLT_SECPREF_READ_FILE, XSLT_SECPREF_WRITE_FILE,
        XSLT_SECPREF_CREATE_DIRECTORY, XSLT_SECPREF_WRITE_NETWORK};
    xsltSecurityPrefsPtr prefs = xsltNewSecurityPrefs();

    for (size_t i = 0; prefs && i < sizeof forbidden / sizeof *forbidden; i++)
        (void)xsltSetSecurityPrefs(prefs, forbidden[i], xsltSecurityForbid);
    if (prefs)
        (void)xsltSetSecurityPrefs(prefs, XSLT_SECPREF_READ_NETWORK,
                                   allow_ours);
    return prefs;
}

/* ---- the page that it made ---------------------------------------------- */

/* The node that follows in the order of the document; NULL at the end. */
static xmlNodePtr next_node(xmlNodePtr node)
{
    if (node->type == XML_ELEMENT_NODE && node->children)
        return node->children;
    while (node && !node->next)
        node = node->parent && node->parent->type == XML_ELEMENT_NODE
                   ? node->parent
                   : NULL;
    return node ? node->next : NULL;
}

/* Texts are text, whatever the template says of their escaping; comments and
 * the like go, since they are written as they are. */
static aw_rc tame_tree(xmlDocPtr page, struct aw_err *err)
{
    xmlNodePtr node = page->children;
    size_t count = 0;

    while (node) {
        xmlNodePtr next = next_node(node);

        if (++count > AW_TRANSFORM_NODES_MAX)
            return aw_fail(err, AW_LIMIT, "a page of more than %zu nodes",
                           AW_TRANSFORM_NODES_MAX);
        if (node->type == XML_TEXT_NODE ||
            node->type == XML_CDATA_SECTION_NODE) {
            node->type = XML_TEXT_NODE;
            node->name = xmlStringText;
        } else if (node->type != XML_ELEMENT_NODE &&
                   node->type != XML_DTD_NODE) {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        }
        node = next;
    }
    return AW_OK;
}

static xmlNodePtr child_named(xmlNodePtr parent, const char *name)
{
    for (xmlNodePtr at = parent->children; at; at = at->next)
        if (at->type == XML_ELEMENT_NODE &&
            xmlStrcasecmp(at->name, BAD_CAST name) == 0)
            return at;
    return NULL;
}

static xmlNodePtr put_first(xmlNodePtr parent, const char *name)
{
    xmlNodePtr node = xmlNewDocNode(parent->doc, NULL, BAD_CAST name, NULL);

    if (node && parent->children)
        (void)xmlAddPrevSibling(parent->children, node);
    else if (node)
        (void)xmlAddChild(parent, node);
    return node;
}

static aw_rc put_policy(xmlNodePtr html, struct aw_err *err)
{
    xmlNodePtr head = child_named(html, "head");
    xmlNodePtr meta;

    if (!head)
        head = put_first(html, "head");
    meta = head ? put_first(head, "meta") : NULL;
    if (!meta ||
        !xmlNewProp(meta, BAD_CAST "http-equiv",
                    BAD_CAST "Content-Security-Policy") ||
        !xmlNewProp(meta, BAD_CAST "content", BAD_CAST policy))
        return aw_fail(err, AW_NOMEM, "out of memory");
    return AW_OK;
}

static int write_out(void *self, const char *bytes, int len)
{
    struct aw_buf *out = self;

    aw_buf_append(out, bytes, (size_t)len);
    return out->rc == AW_OK ? len : -1;
}

static aw_rc serialise(xmlDocPtr page, struct aw_buf *out, struct aw_err *err)
{
    struct aw_buf html;
    xmlOutputBufferPtr sink;
    aw_rc rc;

    aw_buf_init(&html, AW_TRANSFORM_HTML_MAX);
    sink = xmlOutputBufferCreateIO(write_out, NULL, &html, NULL);
    if (!sink)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_buf_puts(&html, "<!DOCTYPE html>\n");
    htmlNodeDumpFormatOutput(sink, page, xmlDocGetRootElement(page), "UTF-8",
                             0);
    (void)xmlOutputBufferClose(sink);
    rc = aw_buf_check(&html, err);
    if (rc == AW_OK)
        aw_buf_put(out, aw_buf_str(&html));
    aw_buf_deinit(&html);
    return rc == AW_OK ? aw_buf_check(out, err) : rc;
}

static aw_rc finish(xmlDocPtr page, struct aw_buf *out, struct aw_err *err)
{
    xmlNodePtr html = xmlDocGetRootElement(page);
    aw_rc rc;

    if (!html || xmlStrcasecmp(html->name, BAD_CAST "html") != 0)
        return aw_fail(err, AW_CONFIG,
                       "makes no page: its first element must "
                       "be html");
    rc = tame_tree(page, err);
    if (rc == AW_OK)
        rc = put_policy(html, err);
    return rc == AW_OK ? serialise(page, out, err) : rc;
}

/* ---- a template at work ------------------------------------------------- */

static aw_rc compile(const char *name, xsltStylesheetPtr *out,
                     struct aw_err *err)
{
    xmlChar *escaped = xmlURIEscapeStr(BAD_CAST name, BAD_CAST "");
    char url[sizeof PREFIX + NAME_MAX_BYTES * 3];
    xmlDocPtr doc;

    (void)snprintf(url, sizeof url, PREFIX "%.3000s",
                   escaped ? (const char *)escaped : "");
    xmlFree(escaped);
    doc = load(BAD_CAST url, NULL, 0, NULL, XSLT_LOAD_START);
    *out = doc ? xsltParseStylesheetDoc(doc) : NULL;
    if (doc && !*out)
        xmlFreeDoc(doc);
    if (!*out || (*out)->errors > 0)
        return fail_by_complaint(name, err);
    return AW_OK;
}

static aw_rc run(const struct aw_transform *t, const char *name,
                 xsltStylesheetPtr style, xsltTransformContextPtr context,
                 struct aw_str to, struct aw_buf *out, struct aw_err *err)
{
    char given[NAME_MAX_BYTES];
    xmlDocPtr page;
    aw_rc rc;

    (void)snprintf(given, sizeof given, "%.*s", AW_STR_ARG(to));
    context->maxTemplateDepth = AW_TRANSFORM_DEPTH;
    context->opLimit = AW_TRANSFORM_STEPS;
    context->xpathCtxt->opLimit = AW_TRANSFORM_STEPS;
    xsltSetTransformErrorFunc(context, NULL, on_complaint);
    (void)xsltQuoteOneUserParam(context, BAD_CAST "to", BAD_CAST given);
    (void)xsltQuoteOneUserParam(context, BAD_CAST "css",
                                BAD_CAST(t->style.ptr ? t->style.ptr : ""));
    page = xsltApplyStylesheetUser(style, t->doc, NULL, NULL, NULL, context);
    if (!page || context->state != XSLT_STATE_OK || refused)
        rc = fail_by_complaint(name, err);
    else if ((rc = finish(page, out, err)) != AW_OK)
        rc = aw_fail_in(err, "%s/%s", folder, name);
    xmlFreeDoc(page);
    return rc;
}

static aw_rc apply(const struct aw_transform *t, const char *name,
                   xsltSecurityPrefsPtr prefs, struct aw_str to,
                   struct aw_buf *out, struct aw_err *err)
{
    xsltTransformContextPtr context = NULL;
    xsltStylesheetPtr style = NULL;
    aw_rc rc = compile(name, &style, err);

    if (rc == AW_OK) {
        context = xsltNewTransformContext(style, t->doc);
        if (!context || xsltSetCtxtSecurityPrefs(prefs, context) != 0)
            rc = aw_fail(err, AW_NOMEM, "out of memory");
    }
    if (rc == AW_OK)
        rc = run(t, name, style, context, to, out, err);
    if (context)
        xsltFreeTransformContext(context);
    xsltFreeStylesheet(style);
    return rc;
}

/* All that libxslt and libxml2 keep for the process, or the thread, is set
 * here and set back. */
aw_rc aw_transform_page(struct aw_transform *t, const char *name,
                        struct aw_str to, struct aw_buf *out,
                        struct aw_err *err)
{
    xsltSecurityPrefsPtr prefs = make_prefs();
    xmlStructuredErrorFunc heard = xmlStructuredError;
    void *heard_by = xmlStructuredErrorContext;
    aw_rc rc;

    if (!prefs)
        return aw_fail(err, AW_NOMEM, "out of memory");
    (void)pthread_mutex_lock(&lock);
    folder = t->templates;
    aw_buf_init(&complaint, COMPLAINT_MAX);
    refused = false;
    xmlSetStructuredErrorFunc(NULL, on_xml_complaint);
    xmlSetGenericErrorFunc(NULL, on_complaint);
    xsltSetGenericErrorFunc(NULL, on_complaint);
    xsltSetDefaultSecurityPrefs(prefs);
    xsltSetLoaderFunc(load);
    rc = apply(t, name, prefs, to, out, err);
    xsltSetLoaderFunc(NULL);
    xsltSetDefaultSecurityPrefs(NULL);
    xsltSetGenericErrorFunc(NULL, NULL);
    xmlSetGenericErrorFunc(NULL, NULL);
    xmlSetStructuredErrorFunc(heard_by, heard);
    aw_buf_deinit(&complaint);
    folder = NULL;
    (void)pthread_mutex_unlock(&lock);
    xsltFreeSecurityPrefs(prefs);
    return rc;
}

/* ---- making one --------------------------------------------------------- */

static aw_rc parse_given(struct aw_transform *t, struct aw_str xml,
                         const char *root, struct aw_err *err)
{
    char why[AW_ERR_MAX];
    long line;

    t->doc = parse(xml, "case.xml", NULL, &line, why);
    if (!t->doc)
        return aw_fail(err, AW_INVALID, "line %ld: %.600s", line, why);
    if (!xmlStrEqual(xmlDocGetRootElement(t->doc)->name, BAD_CAST root))
        return aw_fail(err, AW_INVALID, "its first element is not '%s'", root);
    return AW_OK;
}

/* A folder without it has its styles elsewhere. */
static aw_rc read_style(struct aw_transform *t, struct aw_err *err)
{
    struct aw_file_id id;
    aw_rc rc =
        aw_beneath_read(t->templates, AW_STR(STYLE_NAME), &t->style, &id, err);

    return rc == AW_MISSING || rc == AW_OK
               ? AW_OK
               : aw_fail_in(err, "%s/" STYLE_NAME, t->templates);
}

aw_rc aw_transform_new(struct aw_transform **out, const char *templates,
                       struct aw_str xml, const char *root, struct aw_err *err)
{
    struct aw_transform *t = calloc(1, sizeof *t);
    aw_rc rc;

    if (!t)
        return aw_fail(err, AW_NOMEM, "out of memory");
    t->templates = templates;
    aw_buf_init(&t->style, AW_TEMPLATE_MAX);
    rc =
        xml.len < INT32_MAX ? AW_OK : aw_fail(err, AW_LIMIT, "XML over 2 GiB");
    if (rc == AW_OK)
        rc = parse_given(t, xml, root, err);
    if (rc == AW_OK)
        rc = read_style(t, err);
    if (rc == AW_OK)
        *out = t;
    else
        aw_transform_free(t);
    return rc;
}

void aw_transform_free(struct aw_transform *t)
{
    if (!t)
        return;
    xmlFreeDoc(t->doc);
    aw_buf_deinit(&t->style);
    free(t);
}
