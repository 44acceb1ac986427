#include "evidence/papers_private.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#include "evidence/facts.h"

/* ---- screenshots -------------------------------------------------------- */

static const struct aw_item *find_item(const struct aw_case *of,
                                       const char *name)
{
    for (size_t i = 0; i < of->item_count; i++)
        if (aw_str_eq(of->items[i].name, aw_str_of(name)))
            return &of->items[i];
    return NULL;
}

/* A screenshot, where the bundle has it as a file. */
static void put_shot(struct aw_xml *x, const struct aw_case *of,
                     const struct aw_shot_row *shot, bool is_marked)
{
    bool is_full = aw_str_eq(shot->kind, AW_STR("full"));
    const struct aw_item *item;
    char name[128];

    (void)snprintf(name, sizeof name, "data/05-截图/capture-%lld-%s%s.png",
                   (long long)shot->capture, is_full ? "全页" : "首屏",
                   is_marked ? "-标注" : "");
    item = find_item(of, name);
    if (!item)
        return;
    aw_xml_open(x, "shot");
    aw_xml_attribute(x, "kind", shot->kind);
    aw_xml_attribute(x, "marked", is_marked ? AW_STR("yes") : AW_STR("no"));
    aw_xml_attribute_int(x, "width", shot->width);
    aw_xml_attribute_int(x, "height", shot->height);
    aw_xml_element(x, "file", item->name);
    aw_xml_element(x, "sha256", aw_str_of(item->sha256));
    aw_xml_element(x, "sm3", aw_str_of(item->sm3));
    aw_xml_close(x);
}

/* ---- how it was fetched ------------------------------------------------- */

static void put_network(struct aw_xml *x, const struct aw_facts *f)
{
    aw_xml_open(x, "network");
    aw_xml_attribute(x, "address", f->remote_address);
    if (f->remote_port > 0)
        aw_xml_attribute_int(x, "port", f->remote_port);
    aw_xml_attribute(x, "kept",
                     f->connection_kept ? AW_STR("yes") : AW_STR("no"));
    aw_xml_open(x, "dns");
    aw_xml_attribute(x, "source", f->dns_source);
    aw_xml_attribute(x, "at", f->dns_at);
    for (size_t i = 0; i < f->dns_count; i++)
        aw_xml_element(x, "answer", f->dns[i]);
    aw_xml_close(x);
    aw_xml_close(x);
}

static void put_certificate(struct aw_xml *x,
                            const struct aw_fact_certificate *c)
{
    aw_xml_open(x, "cert");
    aw_xml_element(x, "subject", c->subject);
    aw_xml_element(x, "issuer", c->issuer);
    aw_xml_element(x, "serial", c->serial);
    aw_xml_moment(x, "from", c->from_ms);
    aw_xml_moment(x, "until", c->until_ms);
    aw_xml_element(x, "sha256", aw_str_of(c->sha256));
    aw_xml_close(x);
}

static void put_tls(struct aw_xml *x, const struct aw_facts *f)
{
    if (f->tls_protocol.len == 0 && f->tls_chain.len == 0)
        return;
    aw_xml_open(x, "tls");
    aw_xml_attribute(x, "protocol", f->tls_protocol);
    aw_xml_attribute(x, "cipher", f->tls_cipher);
    aw_xml_attribute(x, "chain", f->tls_chain);
    for (size_t i = 0; i < f->certificate_count; i++)
        put_certificate(x, &f->certificates[i]);
    aw_xml_close(x);
}

static void put_clock(struct aw_xml *x, const struct aw_facts *f)
{
    if (f->clock_at.len == 0)
        return;
    aw_xml_open(x, "clock");
    aw_xml_attribute(x, "at", f->clock_at);
    aw_xml_attribute(x, "at-beijing", f->clock_at_beijing);
    aw_xml_attribute(x, "synchronised", f->clock_synchronised);
    aw_xml_attribute(x, "offset-us", f->clock_offset_us);
    aw_xml_attribute(x, "error-us", f->clock_error_us);
    aw_xml_attribute(x, "error-most-us", f->clock_error_most_us);
    aw_xml_attribute(x, "keeper", f->clock_keeper);
    aw_xml_close(x);
}

static void put_facts(struct aw_xml *x, const struct aw_facts *f)
{
    aw_xml_open(x, "way");
    aw_xml_attribute(x, "via", f->via);
    if (f->redirects >= 0)
        aw_xml_attribute_int(x, "redirects", f->redirects);
    aw_xml_close(x);
    put_network(x, f);
    put_tls(x, f);
    put_clock(x, f);
    aw_xml_element(x, "fetched-by", f->software);
    if (f->browser.len == 0)
        return;
    aw_xml_open(x, "browser");
    aw_xml_attribute(x, "given", f->page_given ? AW_STR("yes") : AW_STR("no"));
    aw_xml_content(x, f->browser);
    aw_xml_close(x);
}

/* The outcome in the words of capture-<id>-对比.json. */
static void put_compared(struct aw_xml *x, struct aw_str json)
{
    cJSON *root = aw_xml_json(x, json, "对比.json");

    if (!root)
        return;
    aw_xml_open(x, "compared");
    aw_xml_attribute(x, "outcome", aw_xml_text_of(root, "outcome"));
    aw_xml_content(x, aw_xml_text_of(root, "what"));
    aw_xml_close(x);
    cJSON_Delete(root);
}

/* ---- a capture ---------------------------------------------------------- */

void aw_xml_capture(struct aw_xml *x, const struct aw_case *of,
                    const struct aw_case_capture *c)
{
    const struct aw_capture *row = &c->capture;

    aw_xml_open(x, "capture");
    aw_xml_attribute_int(x, "id", row->id);
    aw_xml_attribute(x, "part", aw_str_of(aw_capture_part_name(c->part)));
    aw_xml_attribute(x, "rendered",
                     c->rendered ? AW_STR("yes") : AW_STR("no"));
    if (c->of < of->capture_count)
        aw_xml_attribute_int(x, "of", of->captures[c->of].capture.id);
    aw_xml_attribute_int(x, "run", row->run);
    aw_xml_moment(x, "at", row->fetched_ms);
    aw_xml_element(x, "url", row->url);
    aw_xml_element(x, "ip", row->ip);
    aw_xml_element(x, "protocol", row->protocol);
    aw_xml_int(x, "status", row->status);
    aw_xml_element(x, "mime", row->mime);
    aw_xml_element(x, "certificate", row->tls_organisation);
    aw_xml_int(x, "bytes", row->body_bytes);
    aw_xml_element(x, "sha256", row->payload_digest);
    aw_xml_element(x, "warc", row->warc_file);
    aw_xml_int(x, "warc-offset", row->warc_offset);
    if (c->facts)
        put_facts(x, c->facts);
    put_compared(x, c->compared_json);
    for (size_t i = 0; i < c->shot_count; i++) {
        put_shot(x, of, &c->shots[i], false);
        put_shot(x, of, &c->shots[i], true);
    }
    aw_xml_close(x);
}
