#include "extract/sitemap.h"

#include <libxml/parser.h>
#include <string.h>

#include "base/buf.h"
#include "extract/link.h"
#include "extract/mend.h"
#include "extract/moment.h"

#define PIECE ((size_t)64 << 10)
#define PIECE_MAX (16 * PIECE + 8 * AW_MEND_CDATA_MAX)

enum field {
    FIELD_NONE,
    FIELD_URL,     /* the page, once and for all */
    FIELD_GUID,    /* a feed's: the page where there is no other */
    FIELD_CHANGED, /* when it was last changed */
    FIELD_MADE     /* when it was made: the same where nothing is said */
};

static const struct {
    const char *root;
    enum aw_sitemap_kind kind;
} roots[] = {
    {"urlset", AW_SITEMAP_URLSET}, {"sitemapindex", AW_SITEMAP_INDEX},
    {"rss", AW_SITEMAP_FEED},      {"RDF", AW_SITEMAP_FEED},
    {"feed", AW_SITEMAP_FEED},
};

static const struct {
    enum aw_sitemap_kind kind;
    const char *name;
} entries[] = {
    {AW_SITEMAP_URLSET, "url"},
    {AW_SITEMAP_INDEX, "sitemap"},
    {AW_SITEMAP_FEED, "item"},
    {AW_SITEMAP_FEED, "entry"},
};

static const struct {
    const char *name;
    enum field field;
} fields[] = {
    {"loc", FIELD_URL},        {"lastmod", FIELD_CHANGED},
    {"link", FIELD_URL},       {"guid", FIELD_GUID},
    {"id", FIELD_GUID},        {"updated", FIELD_CHANGED},
    {"pubDate", FIELD_MADE},   {"date", FIELD_MADE},
    {"published", FIELD_MADE},
};

struct reader {
    struct aw_document *doc;
    struct aw_err *err;
    aw_rc rc; /* the first failure sticks */
    struct aw_linker *linker;
    xmlParserCtxtPtr xml;
    size_t depth;
    size_t entry_depth; /* of the entry that is open; 0: none */
    enum field field;   /* whose text is being read */
    struct aw_buf text;
    struct aw_buf url, guid;
    int64_t changed_ms, made_ms;
};

/* --- names --- */

static const char *local_name(const xmlChar *name)
{
    const char *colon = strrchr((const char *)name, ':');

    return colon ? colon + 1 : (const char *)name;
}

static enum aw_sitemap_kind kind_of_root(const char *name)
{
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
        if (strcmp(name, roots[i].root) == 0)
            return roots[i].kind;
    return AW_SITEMAP_NONE;
}

static bool is_entry(enum aw_sitemap_kind kind, const char *name)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        if (entries[i].kind == kind && strcmp(name, entries[i].name) == 0)
            return true;
    return false;
}

static enum field field_of(const char *name)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (strcmp(name, fields[i].name) == 0)
            return fields[i].field;
    return FIELD_NONE;
}

static const char *attr_of(const xmlChar **attrs, const char *name)
{
    for (size_t i = 0; attrs && attrs[i]; i += 2)
        if (strcmp((const char *)attrs[i], name) == 0 && attrs[i + 1])
            return (const char *)attrs[i + 1];
    return NULL;
}

enum aw_sitemap_kind aw_sitemap_sniff(struct aw_str head)
{
    struct aw_str root = aw_mend_root(head);
    char name[64] = "";
    size_t len = 1;

    if (!aw_str_starts(root, AW_STR("<")))
        return AW_SITEMAP_NONE;
    while (len < root.len && root.ptr[len] != '>' && root.ptr[len] != '/' &&
           !aw_ascii_space(root.ptr[len]))
        len++;
    if (len == root.len || len > sizeof name)
        return AW_SITEMAP_NONE;
    memcpy(name, root.ptr + 1, len - 1);
    return kind_of_root(local_name((const xmlChar *)name));
}

/* --- entries --- */

static void stop(struct reader *r)
{
    if (r->xml)
        xmlStopParser(r->xml);
}

static void add_link(struct reader *r, struct aw_str href,
                     enum aw_link_kind kind, int64_t lastmod_ms)
{
    struct aw_link link = {.kind = kind, .lastmod_ms = lastmod_ms};

    if (r->rc != AW_OK || !aw_linker_resolve(r->linker, href, &link.url) ||
        !aw_link_absolute(link.url))
        return;
    r->doc->links_cut = r->doc->link_count >= AW_SITEMAP_URLS_MAX;
    if (!r->doc->links_cut)
        r->rc = aw_document_add_link(r->doc, link, r->err);
    if (r->doc->links_cut || r->rc != AW_OK)
        stop(r);
}

static void begin_entry(struct reader *r)
{
    r->entry_depth = r->depth;
    r->changed_ms = r->made_ms = 0;
    aw_buf_reset(&r->url);
    aw_buf_reset(&r->guid);
}

static void check_memory(struct reader *r, const struct aw_buf *buf)
{
    if (r->rc == AW_OK && buf->rc == AW_NOMEM)
        r->rc = aw_buf_check(buf, r->err);
}

static void end_entry(struct reader *r)
{
    if (r->entry_depth == 0)
        return;
    check_memory(r, &r->url);
    check_memory(r, &r->guid);
    add_link(r, aw_buf_str(r->url.len > 0 ? &r->url : &r->guid),
             AW_LINK_SITEMAP, r->changed_ms ? r->changed_ms : r->made_ms);
    r->entry_depth = 0;
}

/* A text that was too long is none. */
static struct aw_str taken_text(struct reader *r)
{
    check_memory(r, &r->text);
    return r->text.rc == AW_OK ? aw_str_trim(aw_buf_str(&r->text))
                               : (struct aw_str){0};
}

static void end_field(struct reader *r)
{
    struct aw_str text = taken_text(r);

    if (r->field == FIELD_URL && r->url.len == 0)
        aw_buf_put(&r->url, text);
    else if (r->field == FIELD_GUID && aw_link_absolute(text))
        aw_buf_put(&r->guid, text);
    else if (r->field == FIELD_CHANGED)
        r->changed_ms = aw_moment_parse(text);
    else if (r->field == FIELD_MADE && r->made_ms == 0)
        r->made_ms = aw_moment_parse(text);
    r->field = FIELD_NONE;
}

/* libxml2 gives "&#38;" for each "&" of an attribute. The result is a view of
 * r->text. */
static struct aw_str undo_ampersands(struct reader *r, const char *value)
{
    static const struct aw_str mark = {"&#38;", 5};
    struct aw_str rest = aw_str_of(value);
    ptrdiff_t at;

    aw_buf_reset(&r->text);
    while ((at = aw_str_find(rest, mark)) >= 0) {
        aw_buf_put(&r->text, aw_str_sub(rest, 0, (size_t)at + 1));
        rest = aw_str_sub(rest, (size_t)at + mark.len, rest.len);
    }
    aw_buf_put(&r->text, rest);
    return taken_text(r);
}

/* Atom's link, and xhtml:link: what they name stands in an attribute. */
static void take_href(struct reader *r, const xmlChar **attrs)
{
    struct aw_str href = undo_ampersands(r, attr_of(attrs, "href"));
    const char *rel = attr_of(attrs, "rel");

    r->field = FIELD_NONE;
    if (href.len == 0 || (rel && strcmp(rel, "alternate") != 0))
        return;
    if (r->doc->sitemap != AW_SITEMAP_FEED)
        add_link(r, href, AW_LINK_ALTERNATE, 0);
    else if (r->url.len == 0)
        aw_buf_put(&r->url, href);
}

/* --- what libxml2 calls --- */

static void on_start(void *self, const xmlChar *name, const xmlChar **attrs)
{
    struct reader *r = self;
    const char *local = local_name(name);

    r->depth++;
    if (r->depth == 1)
        r->doc->sitemap = kind_of_root(local);
    if (r->entry_depth == 0 && is_entry(r->doc->sitemap, local)) {
        begin_entry(r);
    } else if (r->entry_depth > 0 && r->depth == r->entry_depth + 1) {
        r->field = field_of(local);
        if (r->field == FIELD_URL && attr_of(attrs, "href"))
            take_href(r, attrs);
        aw_buf_reset(&r->text);
    }
}

static void on_text(void *self, const xmlChar *text, int len)
{
    struct reader *r = self;

    if (r->field != FIELD_NONE && len > 0)
        aw_buf_append(&r->text, text, (size_t)len);
}

static void on_end(void *self, const xmlChar *name)
{
    struct reader *r = self;

    (void)name;
    if (r->entry_depth > 0 && r->depth == r->entry_depth + 1)
        end_field(r);
    else if (r->depth == r->entry_depth)
        end_entry(r);
    if (r->depth > 0)
        r->depth--;
}

/* --- reading --- */

/* Without startElementNs, so that no namespace is looked up: over those of a
 * hostile text libxml2 takes quadratic time. */
static const xmlSAXHandler handler = {
    .initialized = 1,
    .startElement = on_start,
    .endElement = on_end,
    .characters = on_text,
    .ignorableWhitespace = on_text,
};

static void feed(struct reader *r, struct aw_str xml)
{
    struct aw_mender mender = {xml};
    struct aw_buf piece;
    aw_rc rc;

    aw_buf_init(&piece, PIECE_MAX);
    while (r->rc == AW_OK && !r->doc->links_cut) {
        aw_buf_reset(&piece);
        rc = aw_mender_next(&mender, &piece, PIECE, r->err);
        if (rc == AW_MISSING)
            break;
        if (rc != AW_OK)
            r->rc = rc;
        else
            (void)xmlParseChunk(r->xml, piece.ptr, (int)piece.len, 0);
    }
    if (r->rc == AW_OK && !r->doc->links_cut)
        (void)xmlParseChunk(r->xml, NULL, 0, 1);
    if (r->rc == AW_OK)
        end_entry(r); /* the one that was cut off */
    if (r->rc == AW_OK)
        r->rc = aw_linker_check(r->linker, r->err);
    aw_buf_deinit(&piece);
}

static aw_rc parse(struct reader *r, struct aw_str xml)
{
    xmlSAXHandler sax = handler;

    r->xml = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
    if (!r->xml)
        return aw_fail(r->err, AW_NOMEM, "libxml2: out of memory");
    (void)xmlCtxtUseOptions(r->xml, XML_PARSE_RECOVER | XML_PARSE_NONET |
                                        XML_PARSE_NOERROR |
                                        XML_PARSE_NOWARNING |
                                        XML_PARSE_IGNORE_ENC);
    feed(r, xml);
    if (r->rc == AW_OK && r->xml->errNo == XML_ERR_NO_MEMORY)
        r->rc = aw_fail(r->err, AW_NOMEM, "libxml2: out of memory");
    xmlFreeParserCtxt(r->xml);
    r->xml = NULL;
    return r->rc;
}

static aw_rc init(struct reader *r, struct aw_document *doc,
                  struct aw_err *err)
{
    *r = (struct reader){.doc = doc, .err = err};
    aw_buf_init(&r->text, AW_DOCUMENT_URL_MAX + 1024); /* with white space */
    aw_buf_init(&r->url, AW_DOCUMENT_URL_MAX);
    aw_buf_init(&r->guid, AW_DOCUMENT_URL_MAX);
    return aw_linker_new(&r->linker, doc->url, err);
}

static void deinit(struct reader *r)
{
    aw_linker_free(r->linker);
    aw_buf_deinit(&r->text);
    aw_buf_deinit(&r->url);
    aw_buf_deinit(&r->guid);
}

aw_rc aw_sitemap_read(struct aw_str xml, struct aw_document *doc,
                      struct aw_err *err)
{
    struct reader r;
    aw_rc rc = init(&r, doc, err);

    if (rc == AW_OK)
        rc = parse(&r, xml);
    deinit(&r);
    return rc;
}

static bool is_url_line(struct aw_str line)
{
    return aw_str_starts_nocase(line, AW_STR("http://")) ||
           aw_str_starts_nocase(line, AW_STR("https://"));
}

aw_rc aw_sitemap_read_lines(struct aw_str text, struct aw_document *doc,
                            struct aw_err *err)
{
    struct reader r;
    struct aw_str line;
    aw_rc rc = init(&r, doc, err);

    r.rc = rc;
    while (r.rc == AW_OK && !doc->links_cut &&
           aw_str_split(&text, '\n', &line)) {
        line = aw_str_trim(line);
        if (!is_url_line(line))
            continue;
        doc->sitemap = AW_SITEMAP_LINES;
        add_link(&r, line, AW_LINK_SITEMAP, 0);
    }
    deinit(&r);
    return r.rc;
}
