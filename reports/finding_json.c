#include "reports/finding_json.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "reports/hand_in.h"

static cJSON *parse(struct aw_str json, struct aw_err *err)
{
    cJSON *parsed = cJSON_ParseWithLength(json.ptr, json.len);

    if (!parsed)
        (void)aw_fail(err, AW_STORE,
                      "a row of the store holds bad JSON: "
                      "'%.60s'",
                      json.len ? json.ptr : "");
    return parsed;
}

aw_rc aw_json_texts(struct aw_str json, aw_text_fn *visit, void *self,
                    struct aw_err *err)
{
    const cJSON *item;
    cJSON *array;

    if (json.len == 0)
        return AW_OK;
    array = parse(json, err);
    if (!array)
        return err->rc;
    cJSON_ArrayForEach (item, array)
        if (cJSON_IsString(item))
            visit(self, aw_str_of(item->valuestring));
    cJSON_Delete(array);
    return AW_OK;
}

aw_rc aw_json_kept(struct aw_buf *out, const char *name, struct aw_str json,
                   const char *if_empty, struct aw_err *err)
{
    cJSON *parsed;
    char *text;

    if (json.len == 0) {
        aw_json_raw(out, name, aw_str_of(if_empty));
        return AW_OK;
    }
    parsed = parse(json, err);
    if (!parsed)
        return aw_fail_in(err, "%s", name);
    text = cJSON_PrintUnformatted(parsed);
    cJSON_Delete(parsed);
    if (!text)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_json_raw(out, name, aw_str_of(text));
    cJSON_free(text);
    return AW_OK;
}

static void put_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_iso(wall_ms, text);
    aw_json_text(out, name, aw_str_of(text));
}

aw_rc aw_claim_json(struct aw_buf *out, const struct aw_claim_row *c,
                    struct aw_err *err)
{
    aw_rc rc;

    aw_json_text(out, "class", c->class);
    aw_json_text(out, "quote", c->quote);
    aw_json_text(out, "before", c->before);
    aw_json_text(out, "after", c->after);
    aw_json_int(out, "block", c->block);
    aw_json_int(out, "start", c->start);
    aw_json_int(out, "end", c->end);
    aw_json_text(out, "rule", c->rule);
    aw_json_text(out, "rule_version", c->rule_version);
    aw_json_text(out, "code", c->code);
    rc = aw_json_kept(out, "law", c->law, "[]", err);
    aw_json_int(out, "severity", c->severity);
    aw_json_real(out, "score", c->score);
    if (rc == AW_OK)
        rc = aw_json_kept(out, "why", c->why, "[]", err);
    return rc;
}

static aw_rc put_claim(struct aw_buf *out, const struct aw_claim_row *c,
                       struct aw_err *err)
{
    aw_rc rc;

    aw_json_open(out, NULL, '{');
    rc = aw_claim_json(out, c, err);
    aw_json_close(out, '}');
    return rc;
}

static void put_box(struct aw_buf *out, const struct aw_box_row *box)
{
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "claim", box->claim);
    aw_json_int(out, "x", box->x);
    aw_json_int(out, "y", box->y);
    aw_json_int(out, "width", box->width);
    aw_json_int(out, "height", box->height);
    aw_json_close(out, '}');
}

void aw_boxes_json(struct aw_buf *out, const struct aw_shot_row *s)
{
    aw_json_open(out, "boxes", '[');
    for (size_t i = 0; i < s->box_count; i++)
        put_box(out, &s->boxes[i]);
    aw_json_close(out, ']');
}

/* Where the picture lies in the archive, and the claims in it. */
static void put_shot(struct aw_buf *out, const struct aw_shot_row *s)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "kind", s->kind);
    aw_json_int(out, "capture", s->capture);
    aw_json_text(out, "uri", s->uri);
    aw_json_text(out, "warc_file", s->warc_file);
    aw_json_int(out, "warc_offset", s->warc_offset);
    aw_json_int(out, "warc_length", s->warc_length);
    aw_json_text(out, "sha256", s->digest);
    aw_json_int(out, "width", s->width);
    aw_json_int(out, "height", s->height);
    aw_boxes_json(out, s);
    aw_json_close(out, '}');
}

void aw_shots_json(struct aw_buf *out, const struct aw_shot_row *shots,
                   size_t count)
{
    aw_json_open(out, "screenshots", '[');
    for (size_t i = 0; i < count; i++)
        put_shot(out, &shots[i]);
    aw_json_close(out, ']');
}

static void put_head(struct aw_buf *out, const struct aw_finding *f)
{
    aw_json_int(out, "id", f->id);
    aw_json_text(out, "state", f->state);
    aw_json_real(out, "urgency", f->urgency);
    aw_json_real(out, "score", f->score);
    aw_json_int(out, "severity", f->severity);
    aw_json_text(out, "url", f->url);
    aw_json_text(out, "host", f->host);
    aw_json_text(out, "source", f->source);
    aw_json_text(out, "channel", f->channel);
    aw_json_text(out, "title", f->title);
    aw_json_open(out, "document", '{');
    aw_json_text(out, "kind", f->doc_kind);
    aw_json_real(out, "score", f->doc_score);
    aw_json_close(out, '}');
    put_time(out, "first_seen", f->first_seen_ms);
    put_time(out, "last_seen", f->last_seen_ms);
    aw_json_int(out, "capture", f->last_capture);
    if (f->gone_ms > 0) {
        put_time(out, "gone", f->gone_ms);
        aw_json_text(out, "gone_why", f->gone_why);
    }
}

/* Where it was handed in: the first times, and how often in all. */
static void put_hand_ins(struct aw_buf *out, const struct aw_finding *f)
{
    if (f->hand_in_count == 0)
        return;
    aw_json_open(out, "hand_ins", '[');
    for (size_t i = 0; i < f->hand_in_count; i++) {
        aw_json_open(out, NULL, '{');
        aw_hand_in_json(out, &f->hand_ins[i]);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
    aw_json_int(out, "hand_in_times", f->hand_in_times);
}

aw_rc aw_finding_json(struct aw_buf *out, const struct aw_finding *f,
                      struct aw_err *err)
{
    aw_rc rc;

    put_head(out, f);
    put_hand_ins(out, f);
    rc = aw_json_kept(out, "parties", f->parties, "{}", err);
    aw_json_open(out, "claims", '[');
    for (size_t i = 0; i < f->claim_count && rc == AW_OK; i++)
        rc = put_claim(out, &f->claims[i], err);
    aw_json_close(out, ']');
    aw_shots_json(out, f->shots, f->shot_count);
    aw_json_text(out, "lexicon", f->lexicon_hash);
    aw_json_text(out, "model", f->model_hash);
    aw_json_text(out, "tool", f->tool);
    if (rc != AW_OK)
        return aw_fail_in(err, "finding %lld", (long long)f->id);
    return aw_buf_check(out, err);
}

void aw_decision_json(struct aw_buf *out, const struct aw_decision_row *row)
{
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", row->id);
    aw_json_int(out, "finding", row->finding);
    put_time(out, "at", row->at_ms);
    aw_json_int(out, "at_ms", row->at_ms);
    aw_json_text(out, "who", row->who);
    aw_json_text(out, "action", row->action);
    aw_json_text(out, "reason", row->reason);
    if (row->class.len > 0)
        aw_json_text(out, "class", row->class);
    if (row->code.len > 0)
        aw_json_text(out, "code", row->code);
    if (row->batch != 0)
        aw_json_int(out, "batch", row->batch);
    if (row->undoes != 0)
        aw_json_int(out, "undoes", row->undoes);
    aw_json_text(out, "previous", row->previous);
    aw_json_text(out, "hash", row->hash);
    aw_json_close(out, '}');
}
