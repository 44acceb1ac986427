#include "evidence/papers.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#include "base/hash.h"
#include "evidence/papers_private.h"
#include "reports/finding_json.h"
#include "reports/text.h"

/* ---- what is JSON ------------------------------------------------------- */

/* tool.json (environment.h): <part name="libcurl">7.88</part>. */
static void put_software(struct aw_xml *x, struct aw_str json)
{
    cJSON *root = aw_xml_json(x, json, "tool.json");
    const cJSON *part = NULL;

    aw_xml_open(x, "software");
    aw_xml_attribute(x, "browser", aw_xml_text_of(root, "browser_recorded"));
    cJSON_ArrayForEach (part,
                        cJSON_GetObjectItemCaseSensitive(root, "parts")) {
        aw_xml_open(x, "part");
        aw_xml_attribute(x, "name", aw_xml_text_of(part, "name"));
        aw_xml_content(x, aw_xml_text_of(part, "version"));
        aw_xml_close(x);
    }
    aw_xml_close(x);
    cJSON_Delete(root);
}

/* environment.json: <check id="clock" name="时钟" ok="yes">...</check>. */
static void put_environment(struct aw_xml *x, struct aw_str json)
{
    cJSON *root = aw_xml_json(x, json, "environment.json");
    const cJSON *check = NULL;

    aw_xml_open(x, "environment");
    cJSON_ArrayForEach (check,
                        cJSON_GetObjectItemCaseSensitive(root, "checks")) {
        bool ok = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(check, "ok"));

        aw_xml_open(x, "check");
        aw_xml_attribute(x, "id", aw_xml_text_of(check, "check"));
        aw_xml_attribute(x, "name", aw_xml_text_of(check, "name"));
        aw_xml_attribute(x, "ok", ok ? AW_STR("yes") : AW_STR("no"));
        aw_xml_content(x, aw_xml_text_of(check, "what"));
        aw_xml_close(x);
    }
    aw_xml_close(x);
    cJSON_Delete(root);
}

/* ---- a finding ---------------------------------------------------------- */

static void put_party_list(struct aw_xml *x, const cJSON *list)
{
    const cJSON *item = NULL;

    cJSON_ArrayForEach (item, list) {
        if (!list->string || !cJSON_IsString(item))
            continue;
        aw_xml_open(x, "party");
        aw_xml_attribute(x, "kind", aw_str_of(list->string));
        aw_xml_content(x, aw_str_of(item->valuestring));
        aw_xml_close(x);
    }
}

static void put_parties(struct aw_xml *x, struct aw_str json)
{
    cJSON *root = aw_xml_json(x, json, "parties");
    const cJSON *list = NULL;

    aw_xml_open(x, "parties");
    cJSON_ArrayForEach (list, root) {
        put_party_list(x, list);
    }
    aw_xml_close(x);
    cJSON_Delete(root);
}

struct texts {
    struct aw_xml *xml;
    const char *name;
};

static void put_text(void *self, struct aw_str text)
{
    struct texts *texts = self;

    aw_xml_element(texts->xml, texts->name, text);
}

static void put_texts(struct aw_xml *x, const char *name, struct aw_str json)
{
    struct texts texts = {x, name};

    if (x->rc == AW_OK && json.len > 0)
        x->rc = aw_json_texts(json, put_text, &texts, x->err);
}

static void put_claim(struct aw_xml *x, const struct aw_claim_row *c, size_t n,
                      size_t label)
{
    aw_xml_open(x, "claim");
    aw_xml_attribute_int(x, "n", (int64_t)n);
    aw_xml_attribute_int(x, "label", (int64_t)label);
    aw_xml_attribute(x, "class", c->class);
    aw_xml_attribute_int(x, "severity", c->severity);
    aw_xml_attribute_int(x, "block", c->block);
    aw_xml_attribute_int(x, "start", c->start);
    aw_xml_attribute_int(x, "end", c->end);
    aw_xml_element(x, "class", aw_text_class(c->class));
    aw_xml_element(x, "before", c->before);
    aw_xml_element(x, "quote", c->quote);
    aw_xml_element(x, "after", c->after);
    aw_xml_element(x, "rule", c->rule);
    aw_xml_element(x, "rule-version", c->rule_version);
    aw_xml_element(x, "code", c->code);
    put_texts(x, "law", c->law);
    put_texts(x, "why", c->why);
    aw_xml_close(x);
}

/* label: of its first claim in the boxes, which count over all findings. */
static void put_claims(struct aw_xml *x, const struct aw_finding *f,
                       size_t label)
{
    aw_xml_open(x, "claims");
    for (size_t i = 0; i < f->claim_count; i++)
        put_claim(x, &f->claims[i], i + 1, label + i);
    aw_xml_close(x);
}

static void put_provision(struct aw_xml *x, const struct aw_cited *cited)
{
    const struct aw_provision *p = cited->provision;

    aw_xml_open(x, "provision");
    aw_xml_attribute(x, "id", cited->id);
    aw_xml_attribute(x, "checked",
                     p && aw_provision_checked(p) ? AW_STR("yes")
                                                  : AW_STR("no"));
    if (p) {
        aw_xml_attribute(x, "from", aw_str_of(p->from));
        aw_xml_attribute(x, "to", aw_str_of(p->to));
        aw_xml_element(x, "law", aw_str_of(p->law));
        aw_xml_element(x, "article", aw_str_of(p->article));
        aw_xml_element(x, "text", aw_str_of(p->text));
        aw_xml_element(x, "summary", aw_str_of(p->summary));
        aw_xml_element(x, "source", aw_str_of(p->source));
    }
    aw_xml_close(x);
}

static void put_decision(struct aw_xml *x, const struct aw_decision_row *d)
{
    aw_xml_open(x, "decision");
    aw_xml_attribute_int(x, "id", d->id);
    aw_xml_attribute(x, "action", d->action);
    aw_xml_moment(x, "at", d->at_ms);
    aw_xml_element(x, "who", d->who);
    aw_xml_element(x, "action", aw_text_action(d->action));
    aw_xml_element(x, "reason", d->reason);
    aw_xml_element(x, "class", aw_text_class(d->class));
    aw_xml_element(x, "previous", d->previous);
    aw_xml_element(x, "hash", d->hash);
    aw_xml_close(x);
}

static void put_hand_ins(struct aw_xml *x, const struct aw_finding *f)
{
    for (size_t i = 0; i < f->hand_in_count; i++) {
        const struct aw_hand_in *h = &f->hand_ins[i];

        aw_xml_open(x, "hand-in");
        aw_xml_attribute_int(x, "id", h->id);
        aw_xml_attribute_int(x, "capture", h->capture);
        aw_xml_moment(x, "at", h->at_ms);
        aw_xml_element(x, "who", h->who);
        aw_xml_element(x, "place", h->place);
        aw_xml_element(x, "file", h->file);
        aw_xml_element(x, "note", h->note);
        aw_xml_close(x);
    }
}

static void put_where(struct aw_xml *x, const struct aw_finding *f)
{
    aw_xml_element(x, "url", f->url);
    aw_xml_element(x, "host", f->host);
    aw_xml_element(x, "title", f->title);
    aw_xml_element(x, "channel", aw_text_channel(f->channel));
    aw_xml_element(x, "source", f->source);
    aw_xml_element(x, "state", aw_text_state(f->state));
    aw_xml_moment(x, "first-seen", f->first_seen_ms);
    aw_xml_moment(x, "last-seen", f->last_seen_ms);
    if (f->gone_ms > 0) {
        aw_xml_moment(x, "gone", f->gone_ms);
        aw_xml_element(x, "gone-why", f->gone_why);
    }
    aw_xml_element(x, "lexicon", f->lexicon_hash);
    aw_xml_element(x, "model", f->model_hash);
    aw_xml_element(x, "tool", f->tool);
}

/* Boxes count from 1, over the claims of all findings of the case. */
static size_t first_label(const struct aw_case *of,
                          const struct aw_case_finding *finding)
{
    size_t label = 1;

    for (const struct aw_case_finding *f = of->findings; f != finding; f++)
        label += f->finding.claim_count;
    return label;
}

static void put_finding(struct aw_xml *x, const struct aw_case *of,
                        const struct aw_case_finding *f)
{
    aw_xml_open(x, "finding");
    aw_xml_attribute_int(x, "id", f->finding.id);
    aw_xml_attribute(x, "state", f->finding.state);
    aw_xml_attribute(x, "channel", f->finding.channel);
    if (f->first < of->capture_count)
        aw_xml_attribute_int(x, "first-capture",
                             of->captures[f->first].capture.id);
    if (f->last < of->capture_count)
        aw_xml_attribute_int(x, "last-capture",
                             of->captures[f->last].capture.id);
    put_where(x, &f->finding);
    put_parties(x, f->finding.parties);
    put_hand_ins(x, &f->finding);
    put_claims(x, &f->finding, first_label(of, f));
    aw_xml_open(x, "provisions");
    for (size_t i = 0; i < f->cited_count; i++)
        put_provision(x, &f->cited[i]);
    aw_xml_close(x);
    aw_xml_open(x, "decisions");
    for (size_t i = 0; i < f->decision_count; i++)
        put_decision(x, &f->decisions[i]);
    aw_xml_close(x);
    aw_xml_close(x);
}

/* ---- the case ----------------------------------------------------------- */

static void put_item(struct aw_xml *x, const struct aw_item *item, size_t n)
{
    aw_xml_open(x, "item");
    aw_xml_attribute_int(x, "n", (int64_t)n);
    aw_xml_element(x, "file", item->name);
    aw_xml_element(x, "how", item->made_how);
    aw_xml_moment(x, "made", item->made_ms);
    if (item->source_ms > 0)
        aw_xml_moment(x, "source", item->source_ms);
    aw_xml_element(x, "by", item->made_by);
    aw_xml_element(x, "proves", item->proves);
    aw_xml_int(x, "bytes", item->bytes);
    aw_xml_element(x, "sha256", aw_str_of(item->sha256));
    aw_xml_element(x, "sm3", aw_str_of(item->sm3));
    aw_xml_close(x);
}

/* The digest of the list: what `sha256sum` prints of the files, in the order
 * of their names. */
static int by_name(const void *a, const void *b)
{
    const struct aw_item *const *left = a;
    const struct aw_item *const *right = b;

    return aw_str_cmp((*left)->name, (*right)->name);
}

static void put_list_digest(struct aw_xml *x, const struct aw_case *of)
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
    aw_xml_attribute(x, "sha256", aw_str_of(digest));
    aw_buf_deinit(&list);
    free(sorted);
}

static void put_items(struct aw_xml *x, const struct aw_case *of)
{
    aw_xml_open(x, "items");
    if (of->item_count > 0)
        put_list_digest(x, of);
    for (size_t i = 0; i < of->item_count && x->rc == AW_OK; i++)
        put_item(x, &of->items[i], i + 1);
    aw_xml_close(x);
}

static void put_officers(struct aw_xml *x, const struct aw_case *of)
{
    aw_xml_open(x, "officers");
    for (size_t i = 0; i < of->officer_count; i++) {
        aw_xml_open(x, "officer");
        aw_xml_element(x, "name", of->officers[i].name);
        aw_xml_element(x, "certificate", of->officers[i].certificate);
        aw_xml_element(x, "office", of->officers[i].office);
        aw_xml_close(x);
    }
    aw_xml_close(x);
}

static void put_coverage(struct aw_xml *x, const struct aw_coverage *c)
{
    if (c->run == 0)
        return;
    aw_xml_open(x, "run");
    aw_xml_attribute_int(x, "id", c->run);
#define X(name) aw_xml_int(x, #name, c->name);
    AW_COVERAGE_LIST(X)
#undef X
    aw_xml_close(x);
}

static void put_office(struct aw_xml *x, const struct aw_case *of)
{
    const struct aw_office_config *known = of->contact;

    aw_xml_open(x, "office");
    aw_xml_element(x, "name",
                   known && known->name ? aw_str_of(known->name) : of->office);
    if (known) {
        aw_xml_element(x, "address", aw_str_of(known->address));
        aw_xml_element(x, "telephone", aw_str_of(known->telephone));
        aw_xml_element(x, "contact", aw_str_of(known->contact));
    }
    aw_xml_close(x);
}

static void put_head(struct aw_xml *x, const struct aw_case *of)
{
    aw_xml_element(x, "number", of->number);
    aw_xml_element(x, "name", of->name);
    if (of->night_count > 0)
        aw_xml_int(x, "night", (int64_t)of->night_count);
    put_office(x, of);
    aw_xml_element(x, "tool", of->tool);
    aw_xml_moment(x, "made", of->made_ms);
    put_officers(x, of);
    aw_xml_open(x, "audit");
    aw_xml_attribute_int(x, "row", of->audit.id);
    aw_xml_content(x, aw_str_of(of->audit.hash));
    aw_xml_close(x);
}

static void put_case(struct aw_xml *x, const struct aw_case *of)
{
    aw_xml_open(x, "case");
    aw_xml_attribute(x, "format", AW_STR("1"));
    put_head(x, of);
    aw_xml_open(x, "findings");
    for (size_t i = 0; i < of->finding_count && x->rc == AW_OK; i++)
        put_finding(x, of, &of->findings[i]);
    aw_xml_close(x);
    aw_xml_open(x, "captures");
    for (size_t i = 0; i < of->capture_count && x->rc == AW_OK; i++)
        aw_xml_capture(x, of, &of->captures[i]);
    aw_xml_close(x);
    put_items(x, of);
    put_software(x, of->tool_json);
    put_environment(x, of->environment_json);
    put_coverage(x, &of->coverage);
    aw_xml_close(x);
}

aw_rc aw_papers_xml(const struct aw_case *of, struct aw_buf *out,
                    struct aw_err *err)
{
    struct aw_xml x;
    aw_rc rc = aw_xml_begin(&x, out, err);

    if (rc != AW_OK)
        return rc;
    put_case(&x, of);
    return aw_xml_end(&x);
}
