#include "base/document_json.h"
#include "base/json.h"
#include "reader/answer_shown.h"
#include "reader/protocol.h"
#include "reader/wire.h"

#define PLACE_MAX 1000000000 /* code points; above any document's */
#define SEVERITY_MAX 3
#define TIME_MAX_MS 253402300799999 /* the last one of the year 9999 */
#define LISTS_MAX ((size_t)4 << 20) /* bytes of JSON of one list */

/* What is put together here, in the arena. */
static struct aw_str keep_json(struct aw_wire *wire, const char *name,
                               struct aw_buf *json)
{
    struct aw_str kept = AW_STR("");

    if (json->rc == AW_LIMIT)
        aw_wire_fail(wire, name, "the list is too long");
    if (wire->rc == AW_OK) {
        wire->rc = aw_buf_check(json, wire->err);
        if (wire->rc == AW_OK)
            wire->rc =
                aw_arena_dup(wire->arena, aw_buf_str(json), &kept, wire->err);
    }
    aw_buf_deinit(json);
    return kept;
}

/* A JSON array of strings. */
static struct aw_str get_texts(struct aw_wire *wire, const char *name,
                               size_t most)
{
    size_t count = (size_t)aw_wire_number(wire, name, most);
    struct aw_buf json;

    aw_buf_init(&json, LISTS_MAX);
    aw_json_open(&json, NULL, '[');
    for (size_t i = 0; i < count && wire->rc == AW_OK; i++)
        aw_json_text(&json, NULL,
                     aw_wire_text(wire, name, AW_ANSWER_TEXT_MAX));
    aw_json_close(&json, ']');
    return keep_json(wire, name, &json);
}

static void get_links(struct aw_wire *wire, struct aw_answer *answer)
{
    answer->links_cut = aw_wire_flag(wire, "links_cut");
    answer->links = aw_wire_list(wire, "links", AW_ANSWER_LINKS_MAX,
                                 sizeof *answer->links, &answer->link_count);
    for (size_t i = 0; i < answer->link_count && wire->rc == AW_OK; i++) {
        struct aw_answer_link *link = &answer->links[i];

        link->url = aw_wire_text(wire, "link", AW_ANSWER_TEXT_MAX);
        link->nofollow = aw_wire_flag(wire, "nofollow of a link");
        link->kind = (enum aw_link_kind)aw_wire_number(wire, "kind of a link",
                                                       AW_LINK_KIND_COUNT - 1);
        link->lastmod_ms =
            (int64_t)aw_wire_number(wire, "lastmod", TIME_MAX_MS);
    }
}

static void get_party(struct aw_wire *wire, struct aw_party *party)
{
    party->kind = (enum aw_party_kind)aw_wire_number(wire, "kind of a party",
                                                     AW_PARTY_KIND_COUNT - 1);
    party->value = aw_wire_text(wire, "party", AW_ANSWER_TEXT_MAX);
    party->block = (size_t)aw_wire_number(wire, "block of a party",
                                          AW_DOCUMENT_BLOCKS_MAX);
    party->start = (size_t)aw_wire_number(wire, "start of a party", PLACE_MAX);
    party->end = (size_t)aw_wire_number(wire, "end of a party", PLACE_MAX);
    if (party->start > party->end)
        aw_wire_fail(wire, "end", "a party ends before it starts");
}

static void get_parties(struct aw_wire *wire, struct aw_answer *answer)
{
    struct aw_document doc = {0}; /* for aw_document_parties_json alone */
    struct aw_buf json;

    doc.parties = aw_wire_list(wire, "parties", AW_DOCUMENT_PARTIES_MAX,
                               sizeof *doc.parties, &doc.party_count);
    for (size_t i = 0; i < doc.party_count && wire->rc == AW_OK; i++)
        get_party(wire, &doc.parties[i]);
    answer->parties = AW_STR("{}");
    if (doc.party_count == 0 || wire->rc != AW_OK)
        return;
    aw_buf_init(&json, AW_ANSWER_PARTIES_MAX);
    if (aw_document_parties_json(&doc, &json, wire->err) != AW_OK)
        json.rc = json.rc ? json.rc : AW_NOMEM;
    answer->parties = keep_json(wire, "parties", &json);
}

static void get_apps(struct aw_wire *wire, struct aw_answer *answer)
{
    answer->apps = aw_wire_list(wire, "apps", AW_DOCUMENT_APPS_MAX,
                                sizeof *answer->apps, &answer->app_count);
    for (size_t i = 0; i < answer->app_count && wire->rc == AW_OK; i++) {
        answer->apps[i].key =
            aw_wire_text(wire, "key of an app", AW_APP_KEY_MAX);
        for (int f = 0; f < AW_APP_FIELD_COUNT; f++)
            answer->apps[i].fields[f] =
                aw_wire_text(wire, aw_app_field_name((enum aw_app_field)f),
                             AW_APP_TEXT_MAX);
    }
}

static void get_place(struct aw_wire *wire, struct aw_answer_claim *c)
{
    c->block = (int64_t)aw_wire_number(wire, "block", AW_DOCUMENT_BLOCKS_MAX);
    c->start = (int64_t)aw_wire_number(wire, "start", PLACE_MAX);
    c->end = (int64_t)aw_wire_number(wire, "end", PLACE_MAX);
    if (c->start > c->end)
        aw_wire_fail(wire, "end", "a claim ends before it starts");
}

static void get_claim(struct aw_wire *wire, struct aw_answer_claim *c)
{
    c->class = aw_str_of(aw_claim_class_name(
        (enum aw_claim_class)aw_wire_number(wire, "class",
                                            AW_CLAIM_CLASS_COUNT - 1)));
    c->quote = aw_wire_text(wire, "quote", AW_ANSWER_TEXT_MAX);
    c->before = aw_wire_text(wire, "before", AW_ANSWER_TEXT_MAX);
    c->after = aw_wire_text(wire, "after", AW_ANSWER_TEXT_MAX);
    get_place(wire, c);
    c->severity = (int64_t)aw_wire_number(wire, "severity", SEVERITY_MAX);
    c->rule = aw_wire_text(wire, "rule", AW_ANSWER_TEXT_MAX);
    c->rule_version = aw_wire_text(wire, "rule_version", AW_ANSWER_TEXT_MAX);
    c->code = aw_wire_text(wire, "code", AW_ANSWER_TEXT_MAX);
    c->exempt_by = aw_wire_text(wire, "exempt", AW_ANSWER_TEXT_MAX);
    c->law = get_texts(wire, "law", AW_CLAIM_LAWS_MAX);
    c->why = get_texts(wire, "why", AW_CLAIM_WHY_MAX);
    c->score = aw_wire_real(wire, "score of a claim", 1);
}

static void get_verdict(struct aw_wire *wire, struct aw_answer *answer)
{
    answer->verdict = aw_str_of(aw_verdict_name(
        (enum aw_verdict_kind)aw_wire_number(wire, "verdict",
                                             AW_VERDICT_COUNT - 1)));
    answer->score = aw_wire_real(wire, "score", 1);
    answer->doc_kind = aw_str_of(aw_doc_kind_name(
        (enum aw_doc_kind)aw_wire_number(wire, "kind of document",
                                         AW_DOC_KIND_COUNT - 1)));
    answer->doc_score = aw_wire_real(wire, "score of its kind", 1);
    answer->claims =
        aw_wire_list(wire, "claims", AW_CLAIMS_MAX, sizeof *answer->claims,
                     &answer->claim_count);
    for (size_t i = 0; i < answer->claim_count && wire->rc == AW_OK; i++)
        get_claim(wire, &answer->claims[i]);
}

static bool is_digest(struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (aw_hex_value(text.ptr[i]) < 0 ||
            text.ptr[i] != aw_ascii_lower(text.ptr[i]))
            return false;
    return text.len == 0 || text.len == AW_DOCUMENT_DIGEST_LEN;
}

/* What recrawl and discovery want to know of a page. */
static void get_facts(struct aw_wire *wire, struct aw_answer *answer)
{
    answer->nofollow = aw_wire_flag(wire, "nofollow");
    answer->canonical = aw_wire_text(wire, "canonical", AW_DOCUMENT_URL_MAX);
    answer->text_digest =
        aw_wire_text(wire, "text_digest", AW_DOCUMENT_DIGEST_LEN);
    if (!is_digest(answer->text_digest))
        aw_wire_fail(wire, "text_digest", "it is none");
    answer->sitemap = aw_str_of(aw_sitemap_kind_name(
        (enum aw_sitemap_kind)aw_wire_number(wire, "sitemap",
                                             AW_SITEMAP_KIND_COUNT - 1)));
}

static void get_document(struct aw_wire *wire, struct aw_answer *answer)
{
    answer->ok = true;
    answer->charset = aw_wire_text(wire, "charset", AW_ANSWER_TEXT_MAX);
    answer->charset_why =
        aw_wire_text(wire, "charset_why", AW_ANSWER_TEXT_MAX);
    answer->title = aw_wire_text(wire, "title", AW_ANSWER_TITLE_MAX);
    answer->note = aw_wire_text(wire, "note", AW_ANSWER_TEXT_MAX);
    answer->channel = aw_str_of(aw_channel_name(
        (enum aw_channel)aw_wire_number(wire, "channel",
                                        AW_CHANNEL_COUNT - 1)));
    get_facts(wire, answer);
    answer->blocks =
        (int64_t)aw_wire_number(wire, "blocks", AW_DOCUMENT_BLOCKS_MAX);
    answer->shown =
        (int64_t)aw_wire_number(wire, "shown", AW_DOCUMENT_ARENA_MAX);
    answer->scripts = (int64_t)aw_wire_number(wire, "scripts", UINT16_MAX);
    get_links(wire, answer);
    get_parties(wire, answer);
    get_apps(wire, answer);
    get_verdict(wire, answer);
    aw_answer_shown_get(wire, answer);
}

static void get_failure(struct aw_wire *wire, struct aw_answer *answer)
{
    answer->error = aw_wire_text(wire, "error", AW_ANSWER_TEXT_MAX);
    if (answer->error.len == 0)
        aw_wire_fail(wire, "error", "it says nothing");
}

static void get_large(struct aw_wire *wire, struct aw_answer *answer)
{
    (void)wire;
    answer->is_large = true;
}

aw_rc aw_answer_get(struct aw_str head, struct aw_arena *arena,
                    struct aw_answer *answer, struct aw_err *err)
{
    static void (*const gets[AW_WIRE_KIND_COUNT])(struct aw_wire *,
                                                  struct aw_answer *) = {
        [AW_WIRE_FAILED] = get_failure,
        [AW_WIRE_OK] = get_document,
        [AW_WIRE_LARGE] = get_large,
    };
    struct aw_answer got = {0};
    struct aw_wire wire;
    aw_rc rc;

    aw_wire_init(&wire, head, arena, err);
    gets[aw_wire_number(&wire, "kind", AW_WIRE_KIND_COUNT - 1)](&wire, &got);
    rc = aw_wire_end(&wire);
    if (rc == AW_OK)
        *answer = got;
    return rc;
}
