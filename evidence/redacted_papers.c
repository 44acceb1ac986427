#include "evidence/redacted_private.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>

#include "evidence/item.h"
#include "evidence/papers.h"

#define PAGE "data/00-说明.html"
#define ITEMS_MAX 100000
#define XML_FLAGS                                           \
    (XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOERROR | \
     XML_PARSE_NOWARNING)

/* ---- the copy's own case.xml -------------------------------------------- */

struct gathering {
    struct aw_arena *arena;
    struct aw_item *items;
    size_t count, cap;
};

static aw_rc add_item(void *self, const struct aw_bag_item *added,
                      struct aw_err *err)
{
    struct gathering *g = self;
    void *items = g->items;
    struct aw_item *item;
    aw_rc rc = aw_arena_grow(g->arena, &items, g->count, &g->cap,
                             sizeof *g->items, err);

    g->items = items;
    if (rc != AW_OK)
        return rc;
    item = &g->items[g->count];
    *item = (struct aw_item){.bytes = added->bytes};
    memcpy(item->sha256, added->sha256, sizeof item->sha256);
    memcpy(item->sm3, added->sm3, sizeof item->sm3);
    rc = aw_arena_dup(g->arena, added->name, &item->name, err);
    g->count += rc == AW_OK;
    return rc;
}

static xmlNodePtr child(xmlNodePtr parent, const char *name)
{
    xmlNodePtr node = parent ? parent->children : NULL;

    while (node && (node->type != XML_ELEMENT_NODE ||
                    !xmlStrEqual(node->name, BAD_CAST name)))
        node = node->next;
    return node;
}

static bool is_listed(const struct gathering *g, struct aw_str name)
{
    for (size_t i = 0; i < g->count; i++)
        if (aw_str_eq(g->items[i].name, name))
            return true;
    return false;
}

static void set_text(xmlNodePtr parent, const char *name, const char *text)
{
    xmlNodePtr node = child(parent, name);
    xmlChar *safe = xmlEncodeSpecialChars(NULL, BAD_CAST text);

    if (node && safe)
        xmlNodeSetContent(node, safe);
    xmlFree(safe);
}

/* What is not in the copy is not in its list; the digests are the copy's. */
static void set_item(const struct gathering *g, xmlNodePtr item)
{
    xmlChar *file = xmlNodeGetContent(child(item, "file"));
    struct aw_str name = aw_str_of((const char *)file);
    char bytes[32];

    if (!is_listed(g, name)) {
        xmlUnlinkNode(item);
        xmlFreeNode(item);
        xmlFree(file);
        return;
    }
    for (size_t i = 0; i < g->count; i++)
        if (aw_str_eq(g->items[i].name, name)) {
            (void)snprintf(bytes, sizeof bytes, "%lld",
                           (long long)g->items[i].bytes);
            set_text(item, "bytes", bytes);
            set_text(item, "sha256", g->items[i].sha256);
            set_text(item, "sm3", g->items[i].sm3);
        }
    xmlFree(file);
}

/* Numbers anew, from 1 on. */
static void set_items(const struct gathering *g, xmlNodePtr list)
{
    xmlNodePtr node = list ? list->children : NULL;
    char number[32];
    size_t n = 0;

    while (node) {
        xmlNodePtr next = node->next;

        if (xmlStrEqual(node->name, BAD_CAST "item"))
            set_item(g, node);
        node = next;
    }
    for (node = list ? list->children : NULL; node; node = node->next) {
        if (!xmlStrEqual(node->name, BAD_CAST "item"))
            continue;
        (void)snprintf(number, sizeof number, "%zu", ++n);
        (void)xmlSetProp(node, BAD_CAST "n", BAD_CAST number);
    }
}

/* The attributes of `from` become those of `to`. */
static void copy_attributes(xmlNodePtr to, xmlNodePtr from)
{
    for (xmlAttrPtr one = to && from ? from->properties : NULL; one;
         one = one->next) {
        xmlChar *value = xmlNodeListGetString(one->doc, one->children, 1);

        (void)xmlSetProp(to, one->name, value);
        xmlFree(value);
    }
}

/* A case of the copy alone: its name, time and list. */
static aw_rc own_case(struct aw_redacting *r, const struct gathering *g,
                      struct aw_buf *out, struct aw_err *err)
{
    const struct aw_case c = {.name = aw_str_of(r->told.name),
                              .tool = aw_str_of(r->config->tool),
                              .made_ms = r->config->made_ms,
                              .items = g->items,
                              .item_count = g->count};

    return aw_papers_xml(&c, out, err);
}

static aw_rc whole_case(struct aw_redacting *r, struct aw_buf *out,
                        bool *there, struct aw_err *err)
{
    struct aw_redact_places ignored = {.arena = &r->arena};
    struct aw_str xml;

    *there = aw_bag_find(r->bag, AW_STR(AW_PAPERS_XML), &xml);
    return *there ? aw_redact_text(r->redact, xml, AW_REDACT_HTML, out,
                                   &ignored, err)
                  : AW_OK;
}

static void merge(struct aw_redacting *r, const struct gathering *g,
                  xmlNodePtr to, xmlNodePtr own)
{
    xmlNodePtr copy = xmlNewChild(to, NULL, BAD_CAST "copy", NULL);
    char of[AW_ZIP_NAME_MAX];

    (void)snprintf(of, sizeof of, "%.*s", AW_STR_ARG(r->bag->folder));
    (void)xmlNewTextChild(copy, NULL, BAD_CAST "of", BAD_CAST of);
    set_text(to, "name", r->told.name);
    copy_attributes(child(to, "made"), child(own, "made"));
    copy_attributes(child(to, "items"), child(own, "items"));
    set_items(g, child(to, "items"));
}

static aw_rc print(xmlDocPtr doc, struct aw_buf *out, struct aw_err *err)
{
    xmlChar *bytes = NULL;
    int len = 0;

    xmlDocDumpMemoryEnc(doc, &bytes, &len, "UTF-8");
    if (!bytes)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_buf_reset(out);
    aw_buf_append(out, (const char *)bytes, (size_t)len);
    xmlFree(bytes);
    return aw_buf_check(out, err);
}

static xmlDocPtr parse(struct aw_buf *xml)
{
    return xmlReadMemory(xml->ptr, (int)xml->len, "case.xml", "UTF-8",
                         XML_FLAGS);
}

static aw_rc merge_all(struct aw_redacting *r, const struct gathering *g,
                       struct aw_buf *xml, struct aw_buf *own, bool there,
                       struct aw_err *err)
{
    xmlDocPtr one = parse(own);
    xmlDocPtr all = there ? parse(xml) : NULL;
    xmlDocPtr doc = there ? all : one;
    aw_rc rc = AW_INVALID;

    if (!one || !doc || !xmlDocGetRootElement(doc)) {
        (void)aw_fail(err, AW_INVALID, "'" AW_PAPERS_XML "' is no XML");
    } else {
        merge(r, g, xmlDocGetRootElement(doc), xmlDocGetRootElement(one));
        rc = print(doc, xml, err);
    }
    xmlFreeDoc(all);
    xmlFreeDoc(one);
    return rc;
}

/* The case as it is in the copy, whose files are in the bag so far. */
static aw_rc make_case(struct aw_redacting *r, const struct aw_bag *bag,
                       struct aw_buf *xml, bool *there, struct aw_err *err)
{
    struct gathering g = {.arena = &r->arena};
    struct aw_buf own;
    aw_rc rc = bag ? aw_bag_each(bag, add_item, &g, err) : AW_OK;

    aw_buf_init(&own, AW_PAPERS_XML_MAX);
    if (rc == AW_OK)
        rc = own_case(r, &g, &own, err);
    if (rc == AW_OK)
        rc = whole_case(r, xml, there, err);
    if (rc == AW_OK)
        rc = merge_all(r, &g, xml, &own, *there, err);
    aw_buf_deinit(&own);
    return rc;
}

/* ---- made of it --------------------------------------------------------- */

struct adding {
    struct aw_redacting *r;
    struct aw_bag *bag;
};

/* What is made is the copy's own; of what could not be made nothing is. */
static aw_rc add_anew(void *self, struct aw_str name, struct aw_str bytes,
                      struct aw_err *err)
{
    struct adding *a = self;
    char text[AW_ZIP_NAME_MAX + 1];

    for (size_t i = 0; i < a->r->bag->count; i++) {
        struct aw_fated *fated = &a->r->files[i];

        if (!aw_str_eq(fated->file->name, name))
            continue;
        fated->fate = AW_FATE_CHANGED;
        fated->why = "按遮盖后的内容重新制作";
        fated->count = 0; /* places are elsewhere now */
        a->r->told.changed++;
    }
    (void)snprintf(text, sizeof text, "%.*s", AW_STR_ARG(name));
    return aw_bag_add(a->bag, text, bytes, err);
}

static aw_rc picture(void *self, struct aw_str name, struct aw_str *bytes,
                     struct aw_err *err)
{
    const struct adding *a = self;

    for (size_t i = 0; i < a->r->bag->count; i++)
        if (aw_str_eq(a->r->files[i].file->name, name) &&
            a->r->files[i].fate == AW_FATE_AS_IS) {
            *bytes = a->r->files[i].file->bytes;
            return AW_OK;
        }
    return aw_fail(err, AW_MISSING, "the copy has no '%.*s'",
                   AW_STR_ARG(name));
}

bool aw_redacting_is_anew(const struct aw_redacting *r, struct aw_str name)
{
    return r->config->papers && (aw_str_eq(name, AW_STR(PAGE)) ||
                                 aw_str_starts(name, AW_STR(AW_PAPERS_DIR)));
}

aw_rc aw_redacting_page(struct aw_redacting *r, struct aw_bag *bag,
                        struct aw_err *err)
{
    struct adding a = {r, bag};
    struct aw_buf xml, page;
    bool there;
    aw_rc rc;

    aw_buf_init(&xml, AW_PAPERS_XML_MAX);
    aw_buf_init(&page, AW_PAPERS_XML_MAX);
    rc = make_case(r, NULL, &xml, &there, err);
    if (rc == AW_OK)
        rc = aw_papers_page_again(aw_buf_str(&xml), r->config->papers, &page,
                                  err);
    if (rc == AW_OK)
        rc = add_anew(&a, AW_STR(PAGE), aw_buf_str(&page), err);
    aw_buf_deinit(&xml);
    aw_buf_deinit(&page);
    return rc;
}

aw_rc aw_redacting_papers(struct aw_redacting *r, struct aw_bag *bag,
                          struct aw_err *err)
{
    struct adding a = {r, bag};
    struct aw_papers_calls calls = {add_anew, picture, &a};
    struct aw_papers_config config = *r->config->papers;
    struct aw_buf xml;
    bool there = false;
    aw_rc rc;

    config.head = aw_str_of(r->told.name);
    aw_buf_init(&xml, AW_PAPERS_XML_MAX);
    rc = make_case(r, bag, &xml, &there, err);
    if (rc == AW_OK && there)
        rc = add_anew(&a, AW_STR(AW_PAPERS_XML), aw_buf_str(&xml), err);
    if (rc == AW_OK && there)
        rc = aw_papers_again(aw_buf_str(&xml), &config, &calls,
                             &r->told.papers, err);
    aw_buf_deinit(&xml);
    return rc;
}
