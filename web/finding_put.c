#include "web/finding_put.h"

#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"
#include "classify/seen.h"
#include "reports/finding_json.h"
#include "reports/hand_in.h"
#include "review/queue.h"
#include "store/about.h"
#include "store/team.h"

#define SEEN_MAX ((size_t)4096) /* bytes of a quote that are looked at */
#define DAY_MS INT64_C(86400000)

void aw_told_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    if (wall_ms == 0) {
        aw_json_raw(out, name, AW_STR("null"));
        return;
    }
    aw_time_iso(wall_ms, text);
    aw_json_text(out, name, aw_str_of(text));
}

/* ---- claims ----------------------------------------------------------------
 */

/* A claim, with what was corrected in it. */
struct claim {
    struct aw_told *told;
    const struct aw_claim_row *row;
    struct aw_correction correction; /* the newest; id 0: none */
};

static void put_provision(void *self, struct aw_str id)
{
    const struct aw_told *told = self;
    const struct aw_provision *p =
        told->call->web->provisions
            ? aw_provisions_at(told->call->web->provisions, id,
                               told->finding.first_seen_ms)
            : NULL;
    struct aw_buf *out = told->out;

    aw_json_open(out, NULL, '{');
    aw_json_text(out, "id", id);
    aw_json_text(out, "law", aw_str_of(p ? p->law : NULL));
    aw_json_text(out, "article", aw_str_of(p ? p->article : NULL));
    aw_json_text(out, "text", aw_str_of(p ? p->text : NULL));
    aw_json_text(out, "summary", aw_str_of(p ? p->summary : NULL));
    aw_json_text(out, "from", aw_str_of(p ? p->from : NULL));
    aw_json_text(out, "to", aw_str_of(p ? p->to : NULL));
    aw_json_text(out, "status", aw_str_of(p ? p->status : "unknown"));
    aw_json_bool(out, "checked", p && aw_provision_checked(p));
    aw_json_close(out, '}');
}

static aw_rc take_correction(void *self, const struct aw_correction *c,
                             struct aw_err *err)
{
    struct claim *claim = self;
    struct aw_arena *arena = claim->told->call->arena;
    struct aw_str *const texts[] = {&claim->correction.who,
                                    &claim->correction.class,
                                    &claim->correction.quote};
    aw_rc rc = AW_OK;

    if (c->claim != claim->row->id)
        return AW_OK;
    if (claim->told->hides && c->at_ms >= claim->told->look->first_ms)
        return AW_OK;
    claim->correction = *c;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && rc == AW_OK; i++)
        rc = aw_arena_dup(arena, *texts[i], texts[i], err);
    return rc;
}

static void put_correction(struct claim *claim)
{
    const struct aw_correction *c = &claim->correction;
    struct aw_buf *out = claim->told->out;

    if (c->id == 0) {
        aw_json_raw(out, "correction", AW_STR("null"));
        return;
    }
    aw_json_open(out, "correction", '{');
    aw_json_text(out, "class", c->class);
    aw_json_text(out, "quote", c->quote);
    aw_json_int(out, "start", c->start);
    aw_json_int(out, "end", c->end);
    aw_json_text(out, "who", c->who);
    aw_told_time(out, "at", c->at_ms);
    aw_json_close(out, '}');
}

/* As the rules saw the quote, where that is something else. */
static aw_rc put_seen(struct aw_buf *out, struct aw_str quote,
                      struct aw_err *err)
{
    struct aw_buf seen;
    aw_rc rc;

    aw_buf_init(&seen, 4 * SEEN_MAX);
    rc = aw_seen_once(aw_utf8_cut(quote, SEEN_MAX), &seen, err);
    if (rc == AW_OK && seen.len > 0)
        aw_json_text(out, "normalised", aw_buf_str(&seen));
    aw_buf_deinit(&seen);
    return rc;
}

static aw_rc put_claim(struct aw_told *told, const struct aw_claim_row *row,
                       struct aw_err *err)
{
    struct claim claim = {.told = told, .row = row};
    aw_rc rc;

    aw_json_open(told->out, NULL, '{');
    aw_json_int(told->out, "id", row->id);
    rc = aw_claim_json(told->out, row, err);
    if (rc == AW_OK)
        rc = put_seen(told->out, row->quote, err);
    aw_json_open(told->out, "provisions", '[');
    if (rc == AW_OK)
        rc = aw_json_texts(row->law, put_provision, told, err);
    aw_json_close(told->out, ']');
    if (rc == AW_OK)
        rc = aw_store_corrections(told->call->store, told->finding.id,
                                  take_correction, &claim, err);
    put_correction(&claim);
    aw_json_close(told->out, '}');
    return rc;
}

aw_rc aw_told_claims(struct aw_told *told, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    aw_json_open(told->out, "claims", '[');
    for (size_t i = 0; i < told->finding.claim_count && rc == AW_OK; i++)
        rc = put_claim(told, &told->finding.claims[i], err);
    aw_json_close(told->out, ']');
    return rc;
}

/* ---- captures
 * ---------------------------------------------------------------- */

void aw_told_shots(struct aw_told *told)
{
    struct aw_buf *out = told->out;
    char src[64];

    aw_json_open(out, "screenshots", '[');
    for (size_t i = 0; i < told->finding.shot_count; i++) {
        const struct aw_shot_row *s = &told->finding.shots[i];

        (void)snprintf(src, sizeof src, "/api/v1/shots/%lld",
                       (long long)s->id);
        aw_json_open(out, NULL, '{');
        aw_json_int(out, "id", s->id);
        aw_json_text(out, "kind", s->kind);
        aw_json_int(out, "capture", s->capture);
        aw_json_int(out, "width", s->width);
        aw_json_int(out, "height", s->height);
        aw_json_text(out, "src", aw_str_of(src));
        aw_boxes_json(out, s);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static aw_rc put_capture(void *self, const struct aw_capture *c,
                         struct aw_err *err)
{
    const struct aw_told *told = self;
    struct aw_buf *out = told->out;

    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", c->id);
    aw_told_time(out, "fetched", c->fetched_ms);
    aw_json_int(out, "status", c->status);
    aw_json_text(out, "mime", c->mime);
    aw_json_text(out, "ip", c->ip);
    aw_json_text(out, "protocol", c->protocol);
    aw_json_int(out, "bytes", c->body_bytes);
    aw_json_text(out, "sha256", c->payload_digest);
    aw_json_bool(out, "rendered", c->plain > 0);
    aw_json_close(out, '}');
    return aw_buf_check(out, err);
}

aw_rc aw_told_captures(struct aw_told *told, struct aw_err *err)
{
    aw_rc rc;

    aw_json_open(told->out, "captures", '[');
    rc = aw_store_captures(told->call->store, told->finding.url, put_capture,
                           told, err);
    aw_json_close(told->out, ']');
    return rc;
}

/* ---- people
 * ----------------------------------------------------------------- */

static aw_rc put_decision(void *self, const struct aw_decision_row *row,
                          struct aw_err *err)
{
    const struct aw_told *told = self;

    (void)err;
    if (!told->hides || row->id < told->look->first_decision)
        aw_decision_json(told->out, row);
    return AW_OK;
}

aw_rc aw_told_decisions(struct aw_told *told, struct aw_err *err)
{
    aw_rc rc;

    aw_json_open(told->out, "decisions", '[');
    rc = aw_store_decisions(told->call->store, told->finding.id, put_decision,
                            told, err);
    aw_json_close(told->out, ']');
    return rc;
}

/* What the first officer wrote since the decision would tell it. */
static aw_rc put_comment(void *self, const struct aw_comment *comment,
                         struct aw_err *err)
{
    const struct aw_told *told = self;
    struct aw_buf *out = told->out;

    (void)err;
    if (told->hides && comment->at_ms >= told->look->first_ms)
        return AW_OK;
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", comment->id);
    aw_told_time(out, "at", comment->at_ms);
    aw_json_text(out, "who", comment->who);
    aw_json_text(out, "text", comment->text);
    aw_json_close(out, '}');
    return AW_OK;
}

aw_rc aw_told_comments(struct aw_told *told, struct aw_err *err)
{
    aw_rc rc;

    aw_json_open(told->out, "comments", '[');
    rc = aw_store_comments(told->call->store, told->finding.id, put_comment,
                           told, err);
    aw_json_close(told->out, ']');
    return rc;
}

void aw_told_second(struct aw_told *told)
{
    const struct aw_look *look = told->look;
    struct aw_buf *out = told->out;

    if (!look || !aw_second_shows(&told->call->user, look)) {
        aw_json_raw(out, "second", AW_STR("null"));
        return;
    }
    aw_json_open(out, "second", '{');
    aw_json_bool(out, "needed", true);
    aw_json_text(out, "why", look->why);
    aw_json_bool(out, "blind", look->blind);
    aw_json_bool(out, "open", aw_str_eq(look->state, AW_STR("open")));
    if (!told->hides)
        aw_json_text(out, "first_who", look->first_who);
    aw_json_close(out, '}');
}

void aw_told_hand_ins(struct aw_told *told)
{
    aw_json_open(told->out, "hand_ins", '[');
    for (size_t i = 0; i < told->finding.hand_in_count; i++) {
        aw_json_open(told->out, NULL, '{');
        aw_hand_in_json(told->out, &told->finding.hand_ins[i]);
        aw_json_close(told->out, '}');
    }
    aw_json_close(told->out, ']');
}

/* ---- time
 * ------------------------------------------------------------------- */

/* Whole days between the first sight and the last, or the end. */
void aw_told_up(struct aw_told *told)
{
    const struct aw_finding *f = &told->finding;
    struct aw_buf *out = told->out;
    int64_t until = f->gone_ms > 0 ? f->gone_ms : f->last_seen_ms;

    aw_json_open(out, "up", '{');
    aw_told_time(out, "first_seen", f->first_seen_ms);
    aw_told_time(out, "last_seen", f->last_seen_ms);
    aw_told_time(out, "gone", f->gone_ms);
    aw_json_text(out, "gone_why", f->gone_why);
    aw_json_int(out, "days",
                until > f->first_seen_ms ? (until - f->first_seen_ms) / DAY_MS
                                         : 0);
    aw_json_close(out, '}');
}

/* ---- elsewhere
 * -------------------------------------------------------------- */

static aw_rc put_recent(void *self, const struct aw_other_row *other,
                        struct aw_err *err)
{
    struct aw_told *told = self;

    (void)err;
    aw_json_open(told->out, NULL, '{');
    aw_json_int(told->out, "id", other->id);
    aw_json_text(told->out, "state", other->state);
    aw_json_text(told->out, "title", other->title);
    aw_told_time(told->out, "first_seen", other->first_seen_ms);
    aw_json_close(told->out, '}');
    return AW_OK;
}

static struct aw_viewer viewer_of(const struct aw_told *told)
{
    const struct aw_user *user = &told->call->user;

    return (struct aw_viewer){.place = user->place,
                              .veiled_from = aw_second_veil(user)};
}

/* Of the states that there are, how many; the sum comes before them. */
static aw_rc put_states(struct aw_told *told, int64_t publisher,
                        const struct aw_viewer *viewer, struct aw_err *err)
{
    struct aw_call *call = told->call;
    struct aw_question question = AW_QUESTION_ALL;
    int64_t states[AW_QUEUE_STATE_COUNT + 1];
    int64_t sum = 0;
    aw_rc rc;

    question.publisher = publisher;
    question.within = viewer->place;
    question.veiled_from = viewer->veiled_from;
    rc = aw_queue_publisher_states(call->web->queue, call->store, &question,
                                   states, err);
    for (int i = 0; i < AW_QUEUE_STATE_COUNT && rc == AW_OK; i++)
        sum += states[i];
    aw_json_int(told->out, "findings", sum);
    aw_json_open(told->out, "states", '{');
    for (int i = 0; i < AW_QUEUE_STATE_COUNT && rc == AW_OK; i++)
        if (states[i] > 0)
            aw_json_int(told->out, aw_queue_state_name((enum aw_queue_state)i),
                        states[i]);
    aw_json_close(told->out, '}');
    return rc;
}

static aw_rc put_publisher(struct aw_told *told,
                           const struct aw_publisher_row *publisher,
                           struct aw_err *err)
{
    struct aw_viewer viewer = viewer_of(told);
    struct aw_buf *out = told->out;
    aw_rc rc;

    aw_json_open(out, "publisher", '{');
    aw_json_int(out, "id", publisher->id);
    aw_json_text(out, "name", publisher->name);
    aw_json_text(out, "key", publisher->key);
    rc = put_states(told, publisher->id, &viewer, err);
    aw_json_open(out, "recent", '[');
    if (rc == AW_OK)
        rc = aw_store_publisher_recent(told->call->store, publisher->id,
                                       told->finding.id, &viewer, put_recent,
                                       told, err);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    return rc;
}

aw_rc aw_told_publisher(struct aw_told *told, struct aw_err *err)
{
    struct aw_publisher_row publisher;
    struct aw_err none;
    aw_rc rc = aw_store_publisher_of(told->call->store, told->call->arena,
                                     told->finding.id, &publisher, &none);

    if (rc == AW_OK)
        return put_publisher(told, &publisher, err);
    if (rc != AW_MISSING) {
        *err = none;
        return rc;
    }
    aw_json_raw(told->out, "publisher", AW_STR("null"));
    return AW_OK;
}

static aw_rc put_other(void *self, const struct aw_other_row *other,
                       struct aw_err *err)
{
    const struct aw_told *told = self;
    struct aw_buf *out = told->out;

    (void)err;
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", other->id);
    aw_json_text(out, "state", other->state);
    aw_json_text(out, "url", other->url);
    aw_json_text(out, "host", other->host);
    aw_json_text(out, "title", other->title);
    aw_json_text(out, "quote", other->quote);
    aw_json_close(out, '}');
    return AW_OK;
}

aw_rc aw_told_elsewhere(struct aw_told *told, struct aw_err *err)
{
    struct aw_viewer viewer = viewer_of(told);
    aw_rc rc;

    aw_json_open(told->out, "elsewhere", '[');
    rc = aw_store_elsewhere(told->call->store, told->finding.id, &viewer,
                            put_other, told, err);
    aw_json_close(told->out, ']');
    return rc;
}

struct landings {
    struct aw_told *told;
    int left;
};

/* With the capture, and the finding on it that who asks may see. */
static aw_rc put_landing(void *self, struct aw_str url, bool is_ad,
                         struct aw_err *err)
{
    struct landings *landings = self;
    struct aw_told *told = landings->told;
    struct aw_store *store = told->call->store;
    int64_t capture = 0;
    int64_t finding = 0;
    aw_rc rc;

    if (landings->left-- <= 0)
        return AW_OK;
    rc = aw_store_capture_newest(store, url, &capture, err);
    if (rc == AW_OK)
        rc = aw_store_finding_of_url(store, url, told->call->user.place,
                                     &finding, err);
    aw_json_open(told->out, NULL, '{');
    aw_json_text(told->out, "url", url);
    aw_json_bool(told->out, "is_ad", is_ad);
    aw_json_int(told->out, "capture", capture);
    aw_json_int(told->out, "finding", finding);
    aw_json_close(told->out, '}');
    return rc;
}

aw_rc aw_told_landing(struct aw_told *told, struct aw_err *err)
{
    struct landings landings = {told, AW_ABOUT_LANDINGS_MAX};
    aw_rc rc;

    aw_json_open(told->out, "landing", '[');
    rc = aw_store_landings(told->call->store, told->finding.url, put_landing,
                           &landings, err);
    aw_json_close(told->out, ']');
    return rc;
}
