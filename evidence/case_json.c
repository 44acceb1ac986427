#include "evidence/pack.h"

#include <stdio.h>

#include "base/json.h"
#include "evidence/frozen.h"
#include "evidence/records.h"
#include "reports/finding_json.h"
#include "reports/hand_in.h"

/* ---- a finding ----------------------------------------------------------
 */

static void put_decisions(const struct aw_case_finding *finding,
                          struct aw_buf *out)
{
    aw_json_open(out, "decisions", '[');
    for (size_t i = 0; i < finding->decision_count; i++)
        aw_decision_json(out, &finding->decisions[i]);
    aw_json_close(out, ']');
}

static void put_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX];
    char beijing[40];

    aw_time_iso_ms(wall_ms, text);
    aw_json_text(out, name, aw_str_of(text));
    (void)snprintf(beijing, sizeof beijing, "%s_beijing", name);
    aw_time_beijing(wall_ms, text);
    aw_json_text(out, beijing, aw_str_of(text));
}

/* The second officer's look; nothing where none was asked for. */
static void put_look(const struct aw_case_finding *finding, struct aw_buf *out)
{
    const struct aw_look *look = &finding->look;

    if (look->id == 0)
        return;
    aw_json_open(out, "second_look", '{');
    aw_json_text(out, "why", look->why);
    aw_json_bool(out, "blind", look->blind);
    aw_json_text(out, "state", look->state);
    aw_json_text(out, "first_who", look->first_who);
    aw_json_int(out, "first_decision", look->first_decision);
    if (look->second_decision > 0) {
        aw_json_text(out, "second_who", look->second_who);
        aw_json_int(out, "second_decision", look->second_decision);
        put_time(out, "second", look->second_ms);
    }
    aw_json_close(out, '}');
}

static void put_hand_ins(const struct aw_finding *finding, struct aw_buf *out)
{
    if (finding->hand_in_count == 0)
        return;
    aw_json_open(out, "handed_in", '[');
    for (size_t i = 0; i < finding->hand_in_count; i++) {
        aw_json_open(out, NULL, '{');
        aw_hand_in_json(out, &finding->hand_ins[i]);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static bool is_first_of_rule(const struct aw_finding *f, size_t claim)
{
    for (size_t i = 0; i < claim; i++)
        if (aw_str_eq(f->claims[i].rule, f->claims[claim].rule))
            return false;
    return true;
}

static const char *rules_note(bool same, bool kept)
{
    return same   ? "发现所用的规则库与现用的相同"
           : kept ? "发现所用的规则库与现用的不同，所附为发现时留存的规则和"
                    "法律条文文本"
                  : "发现所用的规则库与现用的不同，故不附规则文本";
}

static void put_kept(struct aw_buf *out, const char *name,
                     const struct aw_str *objects, size_t count)
{
    aw_json_open(out, name, '[');
    for (size_t i = 0; i < count; i++)
        aw_json_raw(out, NULL, objects[i]);
    aw_json_close(out, ']');
}

static void put_present(struct aw_buf *out, const struct aw_case_finding *f,
                        const struct aw_lexicon *lexicon)
{
    aw_json_open(out, "rules", '[');
    for (size_t i = 0; i < f->finding.claim_count; i++) {
        ptrdiff_t at =
            aw_lexicon_find_rule(lexicon, f->finding.claims[i].rule);

        if (at >= 0 && is_first_of_rule(&f->finding, i))
            aw_rule_json(out, &lexicon->rules[at]);
    }
    aw_json_close(out, ']');
    aw_json_open(out, "provisions", '[');
    for (size_t i = 0; i < f->cited_count; i++)
        aw_provision_json(out, f->cited[i].id, f->cited[i].provision);
    aw_json_close(out, ']');
}

/* The words of each rule that found something, and of what it cites, as they
 * were then; or that the rules are others by now. */
static void put_rules(const struct aw_case_finding *f,
                      const struct aw_lexicon *lexicon,
                      const struct aw_frozen *frozen, struct aw_buf *out)
{
    struct aw_str now = aw_str_of(lexicon ? lexicon->hash : "");
    bool same = lexicon && aw_str_eq(f->finding.lexicon_hash, now);
    bool kept = frozen->rule_count + frozen->provision_count > 0;

    aw_json_open(out, "rules_of", '{');
    aw_json_text(out, "lexicon",
                 kept && !same ? f->finding.lexicon_hash : now);
    aw_json_bool(out, "same", same);
    aw_json_text(out, "note", aw_str_of(rules_note(same, kept)));
    aw_json_close(out, '}');
    if (same) {
        put_present(out, f, lexicon);
        return;
    }
    put_kept(out, "rules", frozen->rules, frozen->rule_count);
    put_kept(out, "provisions", frozen->provisions, frozen->provision_count);
}

aw_rc aw_case_finding_json(const struct aw_case_finding *finding,
                           const struct aw_lexicon *lexicon,
                           const struct aw_frozen *frozen, struct aw_buf *out,
                           struct aw_err *err)
{
    aw_rc rc;

    aw_json_open(out, NULL, '{');
    rc = aw_finding_json(out, &finding->finding, err);
    put_hand_ins(&finding->finding, out);
    put_decisions(finding, out);
    put_look(finding, out);
    put_rules(finding, lexicon, frozen, out);
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
    return rc;
}

void aw_case_decisions_json(const struct aw_case_finding *finding,
                            struct aw_buf *out)
{
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "finding", finding->finding.id);
    put_decisions(finding, out);
    aw_json_close(out, '}');
}

void aw_case_audit_json(const struct aw_case *c, struct aw_buf *out)
{
    char at[AW_TIME_MAX];

    aw_time_iso_ms(c->made_ms, at);
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "at", aw_str_of(at));
    aw_json_int(out, "id", c->audit.id);
    aw_json_text(out, "hash", aw_str_of(c->audit.hash));
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

/* ---- a capture ----------------------------------------------------------
 */

static void put_place(struct aw_buf *out, const struct aw_capture *c)
{
    aw_json_open(out, "warc", '{');
    aw_json_text(out, "file", c->warc_file);
    aw_json_int(out, "offset", c->warc_offset);
    aw_json_int(out, "length", c->warc_length);
    aw_json_int(out, "request_offset", c->request_offset);
    aw_json_int(out, "request_length", c->request_length);
    aw_json_close(out, '}');
}

static void put_record(struct aw_buf *out, const struct aw_case_record *r)
{
    char date[AW_TIME_MAX];

    aw_time_iso_ms(r->date_ms, date);
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "role", aw_str_of(aw_record_role_name(r->role)));
    aw_json_text(out, "type", r->type);
    aw_json_text(out, "id", r->id);
    aw_json_text(out, "url", r->url);
    aw_json_text(out, "date", aw_str_of(date));
    aw_json_int(out, "offset", r->offset);
    aw_json_int(out, "length", r->length);
    if (r->payload.len > 0)
        aw_json_text(out, "payload_digest", r->payload);
    aw_json_text(out, "archive_file", r->from);
    aw_json_int(out, "archive_offset", r->from_offset);
    aw_json_close(out, '}');
}

/* The record that the row of the store stands for. */
static struct aw_str main_record(const struct aw_case_capture *c)
{
    for (size_t i = 0; i < c->record_count; i++)
        if (c->records[i].role == AW_RECORD_MAIN &&
            c->records[i].payload.len > 0)
            return c->records[i].id;
    return AW_STR("");
}

static void put_records(struct aw_buf *out, const struct aw_packed *packed)
{
    const struct aw_case_capture *c = packed->capture;

    aw_json_open(out, "records", '[');
    for (size_t i = 0; i < c->record_count; i++)
        put_record(out, &c->records[i]);
    aw_json_close(out, ']');
    if (packed->left_out > 0)
        aw_json_int(out, "resources_left_out", (int64_t)packed->left_out);
}

/* The hops on the way to it, or away from it, in the order in which they were
 * found. */
static void put_redirects(struct aw_buf *out, const struct aw_case *c,
                          const struct aw_case_capture *capture)
{
    aw_json_open(out, "redirects", '[');
    for (size_t i = 0; i < c->capture_count; i++) {
        const struct aw_case_capture *hop = &c->captures[i];

        if (hop->part != AW_PART_REDIRECT || hop->of != capture->of ||
            hop == capture)
            continue;
        aw_json_open(out, NULL, '{');
        aw_json_int(out, "capture", hop->capture.id);
        aw_json_text(out, "url", hop->capture.url);
        aw_json_int(out, "status", hop->capture.status);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

/* label: the number that is drawn, and that papers tell. */
static void put_boxes(struct aw_buf *out, const struct aw_shot_row *shot)
{
    aw_json_open(out, "boxes", '[');
    for (size_t i = 0; i < shot->box_count; i++) {
        const struct aw_box_row *box = &shot->boxes[i];

        aw_json_open(out, NULL, '{');
        aw_json_int(out, "claim", box->claim);
        aw_json_int(out, "label", box->claim + 1);
        aw_json_int(out, "x", box->x);
        aw_json_int(out, "y", box->y);
        aw_json_int(out, "width", box->width);
        aw_json_int(out, "height", box->height);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static void put_shot(struct aw_buf *out, const struct aw_shot_row *shot,
                     const struct aw_packed_shot *packed)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "kind", shot->kind);
    aw_json_text(out, "file", packed->name);
    aw_json_text(out, "sha256", shot->digest);
    aw_json_int(out, "width", shot->width);
    aw_json_int(out, "height", shot->height);
    if (packed->boxed.len > 0) {
        aw_json_open(out, "boxed", '{');
        aw_json_text(out, "file", packed->boxed);
        aw_json_bool(out, "derived", true);
        aw_json_text(out, "note",
                     AW_STR("在原截图上加画方框和编号，非原始数据"));
        aw_json_close(out, '}');
    }
    if (packed->why_not.len > 0)
        aw_json_text(out, "not_boxed", packed->why_not);
    put_boxes(out, shot);
    aw_json_close(out, '}');
}

static void put_files(struct aw_buf *out, const struct aw_packed *packed)
{
    const struct aw_case_capture *c = packed->capture;
    const struct {
        const char *name;
        struct aw_str value;
    } files[] = {
        {"dom", packed->dom},           {"text", packed->text},
        {"blocks", packed->blocks},     {"no_text", packed->text_why},
        {"original", packed->original}, {"wacz", packed->wacz},
        {"no_wacz", packed->wacz_why},  {"compared", packed->compared}};

    if (c->shot_count > 0) {
        aw_json_open(out, "screenshots", '[');
        for (size_t i = 0; i < c->shot_count; i++)
            put_shot(out, &c->shots[i], &packed->shots[i]);
        aw_json_close(out, ']');
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i].value.len > 0)
            aw_json_text(out, files[i].name, files[i].value);
}

static void put_answer(struct aw_buf *out, const struct aw_capture *c)
{
    aw_json_text(out, "url", c->url);
    aw_json_text(out, "source", c->source);
    put_time(out, "fetched", c->fetched_ms);
    aw_json_text(out, "ip", c->ip);
    aw_json_text(out, "tls_organisation", c->tls_organisation);
    aw_json_text(out, "protocol", c->protocol);
    aw_json_int(out, "status", c->status);
    aw_json_text(out, "mime", c->mime);
    aw_json_text(out, "payload_digest", c->payload_digest);
    aw_json_int(out, "body_bytes", c->body_bytes);
    aw_json_int(out, "elapsed_ms", c->elapsed_ms);
    aw_json_text(out, "charset", c->charset);
    aw_json_text(out, "charset_why", c->charset_why);
    aw_json_text(out, "title", c->title);
}

void aw_case_capture_json(const struct aw_case *c,
                          const struct aw_packed *packed, struct aw_buf *out)
{
    const struct aw_case_capture *capture = packed->capture;
    const struct aw_capture *row = &capture->capture;

    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", row->id);
    aw_json_text(out, "part", aw_str_of(aw_capture_part_name(capture->part)));
    aw_json_int(out, "of", c->captures[capture->of].capture.id);
    aw_json_text(out, "file", packed->warc);
    aw_json_text(out, "record", main_record(capture));
    put_answer(out, row);
    if (row->plain > 0) /* what a browser made of that one */
        aw_json_int(out, "plain", row->plain);
    put_place(out, row);
    if (packed->facts)
        aw_facts_json(out, packed->facts);
    put_redirects(out, c, capture);
    put_files(out, packed);
    put_records(out, packed);
    aw_json_close(out, '}');
}

/* ---- the law ------------------------------------------------------------
 */

void aw_case_cited_json(const struct aw_cited *all, size_t count,
                        struct aw_buf *out)
{
    aw_json_open(out, NULL, '{');
    aw_json_open(out, "provisions", '[');
    for (size_t i = 0; i < count; i++)
        aw_provision_json(out, all[i].id, all[i].provision);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}
