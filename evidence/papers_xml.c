#include "evidence/papers.h"

#include <cjson/cJSON.h>
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/document.h"
#include "base/hash.h"
#include "base/json.h"
#include "reports/finding_json.h"
#include "reports/text.h"

#define JSON_VALUES_MAX                                 \
    ((size_t)20000) /* in a row, or in environment.json \
                     */
#define DAY_MAX 64

/* The writer, and the first thing that went wrong in it. */
struct xml {
    xmlTextWriterPtr writer;
    struct aw_buf *out;
    struct aw_err *err;
    aw_rc rc;
};

/* ---- writing ------------------------------------------------------------ */

static int write_out(void *self, const char *bytes, int len)
{
    struct aw_buf *out = self;

    aw_buf_append(out, bytes, (size_t)len);
    return out->rc == AW_OK ? len : -1;
}

static void note(struct xml *x, int written)
{
    if (x->rc == AW_OK && written < 0)
        x->rc = aw_buf_check(x->out, x->err) == AW_OK
                    ? aw_fail(x->err, AW_NOMEM, "out of memory")
                    : x->out->rc;
}

static void open_element(struct xml *x, const char *name)
{
    note(x, xmlTextWriterStartElement(x->writer, BAD_CAST name));
}

static void close_element(struct xml *x)
{
    note(x, xmlTextWriterEndElement(x->writer));
}

/* XML has no U+FFFE and no U+FFFF; U+FFFD has as many bytes. */
static void replace_nonchars(struct aw_buf *text)
{
    for (size_t i = 0; i + 2 < text->len; i++)
        if (memcmp(text->ptr + i, "\xEF\xBF", 2) == 0 &&
            (unsigned char)text->ptr[i + 2] >= 0xBE)
            text->ptr[i + 2] = '\xBD';
}

/* The text that a reader sees; the caller deinits it. */
static const xmlChar *tame(struct xml *x, struct aw_str text,
                           struct aw_buf *out)
{
    aw_buf_init(out, AW_PAPERS_XML_MAX);
    aw_text_tame(out, text);
    if (x->rc == AW_OK)
        x->rc = aw_buf_check(out, x->err);
    replace_nonchars(out);
    return BAD_CAST(out->ptr ? out->ptr : "");
}

static void attribute(struct xml *x, const char *name, struct aw_str value)
{
    struct aw_buf room;
    const xmlChar *text = tame(x, value, &room);

    note(x, xmlTextWriterWriteAttribute(x->writer, BAD_CAST name, text));
    aw_buf_deinit(&room);
}

static void number_attribute(struct xml *x, const char *name, int64_t value)
{
    note(x, xmlTextWriterWriteFormatAttribute(x->writer, BAD_CAST name, "%lld",
                                              (long long)value));
}

static void content(struct xml *x, struct aw_str value)
{
    struct aw_buf room;
    const xmlChar *text = tame(x, value, &room);

    if (*text)
        note(x, xmlTextWriterWriteString(x->writer, text));
    aw_buf_deinit(&room);
}

static void element(struct xml *x, const char *name, struct aw_str text)
{
    open_element(x, name);
    content(x, text);
    close_element(x);
}

static void number(struct xml *x, const char *name, int64_t value)
{
    note(x, xmlTextWriterWriteFormatElement(x->writer, BAD_CAST name, "%lld",
                                            (long long)value));
}

/* ---- time --------------------------------------------------------------- */

/* "十一" for 11, up to 99. */
static void put_hanzi(struct aw_buf *out, int value)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};

    if (value >= 20)
        aw_buf_puts(out, digits[value / 10 % 10]);
    if (value >= 10)
        aw_buf_puts(out, "十");
    if (value % 10 > 0 || value == 0)
        aw_buf_puts(out, digits[value % 10]);
}

/* "二〇二六年十一月二十七日" of "2026-11-27 ...", as papers have it. */
static void put_hanzi_day(struct aw_buf *out, int year, int month, int day)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};

    for (int unit = 1000; unit > 0; unit /= 10)
        aw_buf_puts(out, digits[year / unit % 10]);
    aw_buf_puts(out, "年");
    put_hanzi(out, month);
    aw_buf_puts(out, "月");
    put_hanzi(out, day);
    aw_buf_puts(out, "日");
}

/* One moment in all forms that papers have it in; days are Beijing's. */
static void moment(struct xml *x, const char *name, int64_t wall_ms)
{
    char utc[AW_TIME_MAX];
    char beijing[AW_TIME_MAX];
    char day[DAY_MAX];
    struct aw_buf hanzi;
    int y = 0;
    int m = 0;
    int d = 0;

    aw_time_iso(wall_ms, utc);
    aw_time_beijing(wall_ms, beijing);
    y = (beijing[0] - '0') * 1000 + (beijing[1] - '0') * 100 +
        (beijing[2] - '0') * 10 + (beijing[3] - '0');
    m = (beijing[5] - '0') * 10 + (beijing[6] - '0');
    d = (beijing[8] - '0') * 10 + (beijing[9] - '0');
    (void)snprintf(day, sizeof day, "%d年%d月%d日", y, m, d);
    aw_buf_init(&hanzi, DAY_MAX);
    put_hanzi_day(&hanzi, y, m, d);
    open_element(x, name);
    attribute(x, "utc", aw_str_of(utc));
    attribute(x, "beijing", aw_str_of(beijing));
    attribute(x, "day", aw_str_of(day));
    attribute(x, "hanzi", aw_buf_str(&hanzi));
    close_element(x);
    aw_buf_deinit(&hanzi);
}

/* ---- what is JSON ------------------------------------------------------- */

static struct aw_str text_of(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);

    return aw_str_of(cJSON_IsString(value) ? value->valuestring : NULL);
}

static cJSON *parse(struct xml *x, struct aw_str json, const char *what)
{
    cJSON *root = NULL;

    if (json.len > 0 && !aw_json_too_many(json, JSON_VALUES_MAX))
        root = cJSON_ParseWithLength(json.ptr, json.len);
    if (!root && json.len > 0 && x->rc == AW_OK)
        x->rc = aw_fail(x->err, AW_STORE, "%s is no JSON", what);
    return root;
}

/* tool.json (environment.h): <part name="libcurl">7.88</part>. */
static void put_software(struct xml *x, struct aw_str json)
{
    cJSON *root = parse(x, json, "tool.json");
    const cJSON *part = NULL;

    open_element(x, "software");
    attribute(x, "browser", text_of(root, "browser_recorded"));
    cJSON_ArrayForEach (part,
                        cJSON_GetObjectItemCaseSensitive(root, "parts")) {
        open_element(x, "part");
        attribute(x, "name", text_of(part, "name"));
        content(x, text_of(part, "version"));
        close_element(x);
    }
    close_element(x);
    cJSON_Delete(root);
}

/* environment.json: <check id="clock" name="时钟" ok="yes">...</check>. */
static void put_environment(struct xml *x, struct aw_str json)
{
    cJSON *root = parse(x, json, "environment.json");
    const cJSON *check = NULL;

    open_element(x, "environment");
    cJSON_ArrayForEach (check,
                        cJSON_GetObjectItemCaseSensitive(root, "checks")) {
        bool ok = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(check, "ok"));

        open_element(x, "check");
        attribute(x, "id", text_of(check, "check"));
        attribute(x, "name", text_of(check, "name"));
        attribute(x, "ok", ok ? AW_STR("yes") : AW_STR("no"));
        content(x, text_of(check, "what"));
        close_element(x);
    }
    close_element(x);
    cJSON_Delete(root);
}

/* ---- a finding ---------------------------------------------------------- */

static void put_party_list(struct xml *x, const cJSON *list)
{
    const cJSON *item = NULL;

    cJSON_ArrayForEach (item, list) {
        if (!list->string || !cJSON_IsString(item))
            continue;
        open_element(x, "party");
        attribute(x, "kind", aw_str_of(list->string));
        content(x, aw_str_of(item->valuestring));
        close_element(x);
    }
}

static void put_parties(struct xml *x, struct aw_str json)
{
    cJSON *root = parse(x, json, "parties");
    const cJSON *list = NULL;

    open_element(x, "parties");
    cJSON_ArrayForEach (list, root) {
        put_party_list(x, list);
    }
    close_element(x);
    cJSON_Delete(root);
}

struct texts {
    struct xml *xml;
    const char *name;
};

static void put_text(void *self, struct aw_str text)
{
    struct texts *texts = self;

    element(texts->xml, texts->name, text);
}

static void put_texts(struct xml *x, const char *name, struct aw_str json)
{
    struct texts texts = {x, name};

    if (x->rc == AW_OK && json.len > 0)
        x->rc = aw_json_texts(json, put_text, &texts, x->err);
}

static void put_claim(struct xml *x, const struct aw_claim_row *c, size_t n)
{
    open_element(x, "claim");
    number_attribute(x, "n", (int64_t)n);
    attribute(x, "class", c->class);
    number_attribute(x, "severity", c->severity);
    number_attribute(x, "block", c->block);
    number_attribute(x, "start", c->start);
    number_attribute(x, "end", c->end);
    element(x, "class", aw_text_class(c->class));
    element(x, "before", c->before);
    element(x, "quote", c->quote);
    element(x, "after", c->after);
    element(x, "rule", c->rule);
    element(x, "rule-version", c->rule_version);
    element(x, "code", c->code);
    put_texts(x, "law", c->law);
    put_texts(x, "why", c->why);
    close_element(x);
}

static void put_claims(struct xml *x, const struct aw_finding *f)
{
    open_element(x, "claims");
    for (size_t i = 0; i < f->claim_count; i++)
        put_claim(x, &f->claims[i], i + 1);
    close_element(x);
}

static void put_provision(struct xml *x, const struct aw_cited *cited)
{
    const struct aw_provision *p = cited->provision;

    open_element(x, "provision");
    attribute(x, "id", cited->id);
    attribute(x, "checked",
              p && aw_provision_checked(p) ? AW_STR("yes") : AW_STR("no"));
    if (p) {
        attribute(x, "from", aw_str_of(p->from));
        attribute(x, "to", aw_str_of(p->to));
        element(x, "law", aw_str_of(p->law));
        element(x, "article", aw_str_of(p->article));
        element(x, "text", aw_str_of(p->text));
        element(x, "summary", aw_str_of(p->summary));
        element(x, "source", aw_str_of(p->source));
    }
    close_element(x);
}

static void put_decision(struct xml *x, const struct aw_decision_row *d)
{
    open_element(x, "decision");
    number_attribute(x, "id", d->id);
    attribute(x, "action", d->action);
    moment(x, "at", d->at_ms);
    element(x, "who", d->who);
    element(x, "action", aw_text_action(d->action));
    element(x, "reason", d->reason);
    element(x, "class", aw_text_class(d->class));
    element(x, "previous", d->previous);
    element(x, "hash", d->hash);
    close_element(x);
}

static void put_hand_ins(struct xml *x, const struct aw_finding *f)
{
    for (size_t i = 0; i < f->hand_in_count; i++) {
        const struct aw_hand_in *h = &f->hand_ins[i];

        open_element(x, "hand-in");
        number_attribute(x, "id", h->id);
        moment(x, "at", h->at_ms);
        element(x, "who", h->who);
        element(x, "place", h->place);
        element(x, "file", h->file);
        element(x, "note", h->note);
        close_element(x);
    }
}

static void put_where(struct xml *x, const struct aw_finding *f)
{
    element(x, "url", f->url);
    element(x, "host", f->host);
    element(x, "title", f->title);
    element(x, "channel", aw_text_channel(f->channel));
    element(x, "source", f->source);
    element(x, "state", aw_text_state(f->state));
    moment(x, "first-seen", f->first_seen_ms);
    moment(x, "last-seen", f->last_seen_ms);
    if (f->gone_ms > 0) {
        moment(x, "gone", f->gone_ms);
        element(x, "gone-why", f->gone_why);
    }
    element(x, "lexicon", f->lexicon_hash);
    element(x, "model", f->model_hash);
    element(x, "tool", f->tool);
}

static void put_finding(struct xml *x, const struct aw_case *of,
                        const struct aw_case_finding *f)
{
    open_element(x, "finding");
    number_attribute(x, "id", f->finding.id);
    attribute(x, "state", f->finding.state);
    attribute(x, "channel", f->finding.channel);
    if (f->first < of->capture_count)
        number_attribute(x, "first-capture",
                         of->captures[f->first].capture.id);
    if (f->last < of->capture_count)
        number_attribute(x, "last-capture", of->captures[f->last].capture.id);
    put_where(x, &f->finding);
    put_parties(x, f->finding.parties);
    put_hand_ins(x, &f->finding);
    put_claims(x, &f->finding);
    open_element(x, "provisions");
    for (size_t i = 0; i < f->cited_count; i++)
        put_provision(x, &f->cited[i]);
    close_element(x);
    open_element(x, "decisions");
    for (size_t i = 0; i < f->decision_count; i++)
        put_decision(x, &f->decisions[i]);
    close_element(x);
    close_element(x);
}

/* ---- captures ----------------------------------------------------------- */

static const struct aw_item *find_item(const struct aw_case *of,
                                       const char *name)
{
    for (size_t i = 0; i < of->item_count; i++)
        if (aw_str_eq(of->items[i].name, aw_str_of(name)))
            return &of->items[i];
    return NULL;
}

/* A screenshot, where the bundle has it as a file. */
static void put_shot(struct xml *x, const struct aw_case *of,
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
    open_element(x, "shot");
    attribute(x, "kind", shot->kind);
    attribute(x, "marked", is_marked ? AW_STR("yes") : AW_STR("no"));
    number_attribute(x, "width", shot->width);
    number_attribute(x, "height", shot->height);
    element(x, "file", item->name);
    element(x, "sha256", aw_str_of(item->sha256));
    element(x, "sm3", aw_str_of(item->sm3));
    close_element(x);
}

static void put_capture(struct xml *x, const struct aw_case *of,
                        const struct aw_case_capture *c)
{
    const struct aw_capture *row = &c->capture;

    open_element(x, "capture");
    number_attribute(x, "id", row->id);
    attribute(x, "part", aw_str_of(aw_capture_part_name(c->part)));
    attribute(x, "rendered", c->rendered ? AW_STR("yes") : AW_STR("no"));
    if (c->of < of->capture_count)
        number_attribute(x, "of", of->captures[c->of].capture.id);
    number_attribute(x, "run", row->run);
    moment(x, "at", row->fetched_ms);
    element(x, "url", row->url);
    element(x, "ip", row->ip);
    element(x, "protocol", row->protocol);
    number(x, "status", row->status);
    element(x, "mime", row->mime);
    element(x, "certificate", row->tls_organisation);
    number(x, "bytes", row->body_bytes);
    element(x, "sha256", row->payload_digest);
    element(x, "warc", row->warc_file);
    number(x, "warc-offset", row->warc_offset);
    for (size_t i = 0; i < c->shot_count; i++) {
        put_shot(x, of, &c->shots[i], false);
        put_shot(x, of, &c->shots[i], true);
    }
    close_element(x);
}

/* ---- the case ----------------------------------------------------------- */

static void put_item(struct xml *x, const struct aw_item *item, size_t n)
{
    open_element(x, "item");
    number_attribute(x, "n", (int64_t)n);
    element(x, "file", item->name);
    element(x, "how", item->made_how);
    moment(x, "made", item->made_ms);
    element(x, "by", item->made_by);
    element(x, "proves", item->proves);
    number(x, "bytes", item->bytes);
    element(x, "sha256", aw_str_of(item->sha256));
    element(x, "sm3", aw_str_of(item->sm3));
    close_element(x);
}

/* The digest of the list: what `sha256sum` prints of the files, in the order
 * of their names. */
static int by_name(const void *a, const void *b)
{
    const struct aw_item *const *left = a;
    const struct aw_item *const *right = b;

    return aw_str_cmp((*left)->name, (*right)->name);
}

static void put_list_digest(struct xml *x, const struct aw_case *of)
{
    const struct aw_item **sorted = calloc(of->item_count + 1, sizeof *sorted);
    char digest[AW_SHA256_HEX_MAX];
    struct aw_buf list;

    if (!sorted) {
        x->rc = x->rc == AW_OK ? aw_fail(x->err, AW_NOMEM, "out of memory")
                               : x->rc;
        return;
    }
    for (size_t i = 0; i < of->item_count; i++)
        sorted[i] = &of->items[i];
    qsort(sorted, of->item_count, sizeof *sorted, by_name);
    aw_buf_init(&list, AW_PAPERS_XML_MAX);
    for (size_t i = 0; i < of->item_count; i++)
        aw_buf_printf(&list, "%s  %.*s\n", sorted[i]->sha256,
                      AW_STR_ARG(sorted[i]->name));
    if (x->rc == AW_OK)
        x->rc = aw_buf_check(&list, x->err);
    aw_sha256_hex(aw_buf_str(&list), digest);
    attribute(x, "sha256", aw_str_of(digest));
    aw_buf_deinit(&list);
    free(sorted);
}

static void put_items(struct xml *x, const struct aw_case *of)
{
    open_element(x, "items");
    if (of->item_count > 0)
        put_list_digest(x, of);
    for (size_t i = 0; i < of->item_count && x->rc == AW_OK; i++)
        put_item(x, &of->items[i], i + 1);
    close_element(x);
}

static void put_officers(struct xml *x, const struct aw_case *of)
{
    open_element(x, "officers");
    for (size_t i = 0; i < of->officer_count; i++) {
        open_element(x, "officer");
        element(x, "name", of->officers[i].name);
        element(x, "certificate", of->officers[i].certificate);
        element(x, "office", of->officers[i].office);
        close_element(x);
    }
    close_element(x);
}

static void put_coverage(struct xml *x, const struct aw_coverage *c)
{
    if (c->run == 0)
        return;
    open_element(x, "run");
    number_attribute(x, "id", c->run);
#define X(name) number(x, #name, c->name);
    AW_COVERAGE_LIST(X)
#undef X
    close_element(x);
}

static void put_office(struct xml *x, const struct aw_case *of)
{
    const struct aw_office_config *known = of->contact;

    open_element(x, "office");
    element(x, "name",
            known && known->name ? aw_str_of(known->name) : of->office);
    if (known) {
        element(x, "address", aw_str_of(known->address));
        element(x, "telephone", aw_str_of(known->telephone));
        element(x, "contact", aw_str_of(known->contact));
    }
    close_element(x);
}

static void put_head(struct xml *x, const struct aw_case *of)
{
    element(x, "number", of->number);
    element(x, "name", of->name);
    if (of->night_count > 0)
        number(x, "night", (int64_t)of->night_count);
    put_office(x, of);
    element(x, "tool", of->tool);
    moment(x, "made", of->made_ms);
    put_officers(x, of);
    open_element(x, "audit");
    number_attribute(x, "row", of->audit.id);
    content(x, aw_str_of(of->audit.hash));
    close_element(x);
}

static void put_case(struct xml *x, const struct aw_case *of)
{
    open_element(x, "case");
    attribute(x, "format", AW_STR("1"));
    put_head(x, of);
    open_element(x, "findings");
    for (size_t i = 0; i < of->finding_count && x->rc == AW_OK; i++)
        put_finding(x, of, &of->findings[i]);
    close_element(x);
    open_element(x, "captures");
    for (size_t i = 0; i < of->capture_count && x->rc == AW_OK; i++)
        put_capture(x, of, &of->captures[i]);
    close_element(x);
    put_items(x, of);
    put_software(x, of->tool_json);
    put_environment(x, of->environment_json);
    put_coverage(x, &of->coverage);
    close_element(x);
}

aw_rc aw_papers_xml(const struct aw_case *of, struct aw_buf *out,
                    struct aw_err *err)
{
    xmlOutputBufferPtr sink =
        xmlOutputBufferCreateIO(write_out, NULL, out, NULL);
    struct xml x = {.out = out, .err = err, .rc = AW_OK};

    x.writer = sink ? xmlNewTextWriter(sink) : NULL;
    if (!x.writer) {
        if (sink)
            (void)xmlOutputBufferClose(sink);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    note(&x, xmlTextWriterSetIndent(x.writer, 1));
    note(&x, xmlTextWriterStartDocument(x.writer, "1.0", "UTF-8", NULL));
    put_case(&x, of);
    note(&x, xmlTextWriterEndDocument(x.writer));
    xmlFreeTextWriter(x.writer);
    return x.rc == AW_OK ? aw_buf_check(out, err) : x.rc;
}
