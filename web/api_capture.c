#include "web/api_capture.h"

#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"
#include "crawler/captured.h"
#include "extract/image.h"
#include "reports/diff.h"
#include "review/audit.h"
#include "store/about.h"
#include "web/finding_put.h"
#include "web/replay.h"

#define PIECES_MAX 5000 /* of a difference that are told */
#define DAY_MS INT64_C(86400000)

/* ---- which
 * ------------------------------------------------------------------ */

/* A capture of a finding that who asks may see. */
struct look {
    struct aw_call *call;
    struct aw_finding finding;
    struct aw_capture capture;
};

static aw_rc read_finding(struct look *look, struct aw_err *err)
{
    struct aw_call *call = look->call;
    bool is_of = false;
    aw_rc rc = aw_store_finding_is_of(call->store, call->ids[0],
                                      call->user.place, &is_of, err);

    if (rc == AW_OK && !is_of)
        return aw_fail(err, AW_MISSING, "there is no finding %lld",
                       (long long)call->ids[0]);
    return rc == AW_OK
               ? aw_store_finding_get(call->store, call->arena, call->ids[0],
                                      &look->finding, err)
               : rc;
}

/* The number of a capture opens nothing: it must be of the finding's page. */
static aw_rc read_capture(struct look *look, int64_t id, struct aw_err *err)
{
    struct aw_call *call = look->call;
    aw_rc rc = aw_store_capture_get(call->store, call->arena, id,
                                    &look->capture, err);

    if (rc == AW_OK && !aw_str_eq(look->capture.url, look->finding.url))
        return aw_fail(err, AW_MISSING, "capture %lld is none of finding %lld",
                       (long long)id, (long long)look->finding.id);
    return rc;
}

static aw_rc begin(struct look *look, struct aw_call *call, struct aw_err *err)
{
    int64_t id = 0;
    aw_rc rc;

    *look = (struct look){.call = call};
    rc = aw_call_query_int(call, "capture", 1, INT64_MAX, &id, err);
    if (rc == AW_OK)
        rc = read_finding(look, err);
    if (rc == AW_OK)
        rc = read_capture(look, id > 0 ? id : look->finding.last_capture, err);
    return rc;
}

/* ---- audit
 * ------------------------------------------------------------------ */

static aw_rc add_view(struct aw_call *call, const char *subject,
                      const char *way, int64_t finding, struct aw_err *err)
{
    struct aw_buf detail;
    aw_rc rc;

    aw_buf_init(&detail, 1024);
    aw_json_open(&detail, NULL, '{');
    aw_json_int(&detail, "finding", finding);
    aw_json_text(&detail, "way", aw_str_of(way));
    aw_json_close(&detail, '}');
    rc = aw_audit_add(call->store, call->web->clock, call->user.name,
                      aw_audit_code(AW_AUDIT_VIEW), aw_str_of(subject),
                      aw_buf_str(&detail), err);
    aw_buf_deinit(&detail);
    return rc;
}

/* way: text, source, replay, screenshot ... Once a day is enough. */
static aw_rc audit(struct aw_call *call, const char *subject, const char *way,
                   int64_t finding, struct aw_err *err)
{
    int64_t today = call->now_ms - call->now_ms % DAY_MS;
    bool viewed = false;
    char words[40];
    aw_rc rc;

    (void)snprintf(words, sizeof words, "\"way\":\"%s\"", way);
    rc = aw_store_is_viewed(call->store, call->user.name, aw_str_of(subject),
                            aw_str_of(words), today, &viewed, err);
    return rc == AW_OK && !viewed ? add_view(call, subject, way, finding, err)
                                  : rc;
}

static aw_rc audit_capture(struct look *look, const char *way,
                           struct aw_err *err)
{
    char subject[40];

    (void)snprintf(subject, sizeof subject, "capture %lld",
                   (long long)look->capture.id);
    return audit(look->call, subject, way, look->finding.id, err);
}

/* ---- reading anew
 * ------------------------------------------------------------ */

static aw_rc ask(struct look *look, struct aw_captured *captured,
                 enum aw_show show, struct aw_sighted *out, struct aw_err *err)
{
    const struct aw_web *web = look->call->web;
    struct aw_extract_input input;
    aw_rc rc = aw_captured_input(captured, &look->capture, web->config,
                                 look->finding.channel, look->call->arena,
                                 &input, err);

    if (rc != AW_OK)
        return rc;
    input.show = show;
    if (show == AW_SHOW_SOURCE) {
        input.decoded_max = (int64_t)AW_SOURCE_SHOWN_MAX;
        if (aw_image_sniff(captured->body) != AW_IMAGE_NONE)
            return aw_fail(err, AW_READER, "an image has no source to read");
    }
    return aw_sight_ask(web->sight, &input, look->call->arena, out, err);
}

static aw_rc read_anew(struct look *look, enum aw_show show,
                       struct aw_sighted *out, struct aw_err *err)
{
    struct aw_captured_at at = aw_captured_at(&look->capture);
    struct aw_captured captured = {0};
    aw_rc rc =
        aw_captured_open(&captured, look->call->web->archive_dir, &at, err);

    if (rc == AW_OK)
        rc = ask(look, &captured, show, out, err);
    aw_captured_close(&captured);
    return rc;
}

/* The cause is for the reviewer; what is wrong with the server is not. */
static aw_rc fail(struct aw_call *call, aw_rc rc, struct aw_err *err)
{
    if (rc != AW_READER && rc != AW_INVALID && rc != AW_IO && rc != AW_LIMIT)
        return rc;
    aw_call_refuse(call->reply, 409, "reader", "%s", err->msg);
    return AW_OK;
}

/* ---- text
 * ------------------------------------------------------------------- */

static void put_blocks(struct aw_buf *out, const struct aw_sighted *seen)
{
    aw_json_open(out, "blocks", '[');
    for (size_t i = 0; i < seen->text_count; i++) {
        aw_json_open(out, NULL, '{');
        aw_json_text(out, "kind", seen->texts[i].kind);
        aw_json_text(out, "text", seen->texts[i].text);
        aw_json_text(out, "hidden", seen->texts[i].hidden);
        if (seen->texts[i].seen.len > 0)
            aw_json_text(out, "normalised", seen->texts[i].seen);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

aw_rc aw_api_text(struct aw_call *call, struct aw_err *err)
{
    struct aw_sighted seen;
    struct aw_buf *out;
    struct look look;
    aw_rc rc = begin(&look, call, err);

    if (rc == AW_OK)
        rc = audit_capture(&look, "text", err);
    if (rc != AW_OK)
        return rc;
    rc = read_anew(&look, AW_SHOW_BLOCKS, &seen, err);
    if (rc != AW_OK)
        return fail(call, rc, err);
    out = aw_call_json(call);
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "capture", look.capture.id);
    aw_json_text(out, "charset", seen.charset);
    aw_json_text(out, "charset_why", seen.charset_why);
    aw_json_text(out, "note", seen.note);
    aw_json_bool(out, "cut", seen.texts_cut);
    put_blocks(out, &seen);
    aw_json_close(out, '}');
    return aw_buf_check(out, err);
}

/* ---- source
 * ------------------------------------------------------------------ */

aw_rc aw_api_source(struct aw_call *call, struct aw_err *err)
{
    struct aw_sighted seen;
    struct aw_str text;
    struct aw_buf *out;
    struct look look;
    aw_rc rc = begin(&look, call, err);

    if (rc == AW_OK)
        rc = audit_capture(&look, "source", err);
    if (rc != AW_OK)
        return rc;
    rc = read_anew(&look, AW_SHOW_SOURCE, &seen, err);
    if (rc != AW_OK)
        return fail(call, rc, err);
    text = aw_utf8_cut(seen.source, AW_SOURCE_SHOWN_MAX);
    out = aw_call_json(call);
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "capture", look.capture.id);
    aw_json_int(out, "bytes", look.capture.body_bytes);
    aw_json_int(out, "shown", (int64_t)text.len);
    aw_json_bool(out, "cut", seen.note.len > 0 || text.len < seen.source.len);
    aw_json_text(out, "charset", seen.charset);
    aw_json_text(out, "text", text);
    aw_json_close(out, '}');
    return aw_buf_check(out, err);
}

/* ---- difference
 * --------------------------------------------------------------- */

/* What a visitor could read, a line for each block. */
static void put_lines(struct aw_buf *out, const struct aw_sighted *seen)
{
    for (size_t i = 0; i < seen->text_count; i++) {
        if (seen->texts[i].hidden.len > 0)
            continue;
        aw_buf_put(out, seen->texts[i].text);
        aw_buf_putc(out, '\n');
    }
}

static aw_rc read_lines(struct look *look, struct aw_buf *out,
                        struct aw_err *err)
{
    struct aw_sighted seen;
    aw_rc rc = read_anew(look, AW_SHOW_BLOCKS, &seen, err);

    if (rc != AW_OK)
        return rc;
    put_lines(out, &seen);
    return aw_buf_check(out, err);
}

struct pieces {
    struct aw_buf *out;
    int left;
};

static void put_piece(void *self, struct aw_str piece, bool added)
{
    struct pieces *pieces = self;

    if (pieces->left-- <= 0)
        return;
    aw_json_open(pieces->out, NULL, '{');
    aw_json_text(pieces->out, "text", piece);
    aw_json_bool(pieces->out, "added", added);
    aw_json_close(pieces->out, '}');
}

static void put_side(struct aw_buf *out, const char *name,
                     const struct aw_capture *capture)
{
    aw_json_open(out, name, '{');
    aw_json_int(out, "capture", capture->id);
    aw_told_time(out, "fetched", capture->fetched_ms);
    aw_json_close(out, '}');
}

/* The texts are read first: what cannot be read is no difference. */
static aw_rc compare(struct look *after, struct look *before,
                     struct aw_err *err)
{
    struct aw_buf texts[2];
    struct pieces pieces = {.left = PIECES_MAX};
    aw_rc rc;

    aw_buf_init(&texts[0], 2 * AW_ANSWER_SHOWN_MAX);
    aw_buf_init(&texts[1], 2 * AW_ANSWER_SHOWN_MAX);
    rc = read_lines(before, &texts[0], err);
    if (rc == AW_OK)
        rc = read_lines(after, &texts[1], err);
    if (rc == AW_OK) {
        pieces.out = aw_call_json(after->call);
        aw_json_open(pieces.out, NULL, '{');
        put_side(pieces.out, "before", &before->capture);
        put_side(pieces.out, "after", &after->capture);
        aw_json_open(pieces.out, "pieces", '[');
        rc = aw_diff(aw_buf_str(&texts[0]), aw_buf_str(&texts[1]), put_piece,
                     &pieces, err);
        aw_json_close(pieces.out, ']');
        aw_json_close(pieces.out, '}');
    }
    aw_buf_deinit(&texts[0]);
    aw_buf_deinit(&texts[1]);
    return rc == AW_OK ? aw_buf_check(pieces.out, err)
                       : fail(after->call, rc, err);
}

static aw_rc put_first(struct look *look, struct aw_err *err)
{
    struct aw_buf *out = aw_call_json(look->call);

    aw_json_open(out, NULL, '{');
    aw_json_raw(out, "before", AW_STR("null"));
    put_side(out, "after", &look->capture);
    aw_json_open(out, "pieces", '[');
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    return aw_buf_check(out, err);
}

aw_rc aw_api_difference(struct aw_call *call, struct aw_err *err)
{
    struct look look, before;
    int64_t id = 0;
    aw_rc rc = begin(&look, call, err);

    if (rc == AW_OK)
        rc = audit_capture(&look, "difference", err);
    if (rc == AW_OK)
        rc = aw_store_capture_before(call->store, &look.capture, &id, err);
    if (rc != AW_OK)
        return rc;
    if (id == 0)
        return put_first(&look, err);
    before = look;
    rc = read_capture(&before, id, err);
    return rc == AW_OK ? compare(&look, &before, err) : rc;
}

/* ---- replay
 * -------------------------------------------------------------------- */

/* As a browser made it, where one did. */
static aw_rc prefer_rendered(struct look *look, struct aw_err *err)
{
    int64_t rendered = 0;
    aw_rc rc = AW_OK;

    if (look->capture.plain == 0)
        rc = aw_store_capture_rendered(look->call->store, look->capture.id,
                                       &rendered, err);
    return rc == AW_OK && rendered > 0 ? read_capture(look, rendered, err)
                                       : rc;
}

static aw_rc begin_posted(struct look *look, struct aw_call *call,
                          struct aw_err *err)
{
    struct aw_body *body;
    int64_t id = 0;
    aw_rc rc;

    *look = (struct look){.call = call};
    rc = aw_call_body(call, &body, err);
    if (rc == AW_OK)
        rc =
            aw_body_int(body, "capture", false, 1, INT64_C(1) << 53, &id, err);
    if (rc == AW_OK)
        rc = read_finding(look, err);
    if (rc == AW_OK)
        rc = read_capture(look, id > 0 ? id : look->finding.last_capture, err);
    return rc == AW_OK ? prefer_rendered(look, err) : rc;
}

aw_rc aw_api_frame(struct aw_call *call, struct aw_err *err)
{
    struct aw_buf url, *out;
    struct look look;
    aw_rc rc = begin_posted(&look, call, err);

    if (rc == AW_OK)
        rc = audit_capture(&look, "replay", err);
    if (rc != AW_OK)
        return rc;
    aw_buf_init(&url, (size_t)64 << 10);
    aw_buf_put(&url, call->web->capture_origin);
    rc = aw_frames_pass(call->web->frames, &look.capture, look.finding.channel,
                        call->session_key, &url, err);
    if (rc == AW_OK) {
        out = aw_call_json(call);
        aw_json_open(out, NULL, '{');
        aw_json_text(out, "url", aw_buf_str(&url));
        aw_json_int(out, "capture", look.capture.id);
        aw_told_time(out, "expires", call->now_ms + AW_FRAMES_PASS_MS);
        aw_json_close(out, '}');
    }
    aw_buf_deinit(&url);
    return rc;
}

/* ---- screenshots
 * ---------------------------------------------------------------- */

/* It is of a page that has a finding which who asks may see. */
static aw_rc find_shot(struct aw_call *call, struct aw_shot_row *shot,
                       int64_t *finding, struct aw_err *err)
{
    struct aw_capture capture;
    aw_rc rc =
        aw_store_shot_get(call->store, call->arena, call->ids[0], shot, err);

    if (rc == AW_OK)
        rc = aw_store_capture_get(call->store, call->arena, shot->capture,
                                  &capture, err);
    if (rc == AW_OK)
        rc = aw_store_finding_of_url(call->store, capture.url,
                                     call->user.place, finding, err);
    if (rc == AW_OK && *finding == 0)
        return aw_fail(err, AW_MISSING, "there is no screenshot %lld",
                       (long long)call->ids[0]);
    return rc;
}

/* Nothing but a picture, wherever it is opened. */
static aw_rc send_png(struct aw_call *call, struct aw_str png,
                      struct aw_err *err)
{
    if (aw_image_sniff(png) != AW_IMAGE_PNG)
        return aw_fail(err, AW_INVALID, "the screenshot is no PNG image");
    call->reply->type = "image/png";
    aw_buf_put(&call->reply->body, png);
    return aw_http_reply_field(call->reply, "Content-Security-Policy",
                               AW_STR("default-src 'none'; sandbox"), err);
}

aw_rc aw_api_shot(struct aw_call *call, struct aw_err *err)
{
    struct aw_captured captured = {0};
    struct aw_captured_at at = {.digest = {0}};
    struct aw_shot_row shot;
    int64_t finding = 0;
    char subject[40];
    aw_rc rc = find_shot(call, &shot, &finding, err);

    if (rc != AW_OK)
        return rc;
    (void)snprintf(subject, sizeof subject, "shot %lld", (long long)shot.id);
    rc = audit(call, subject, "screenshot", finding, err);
    if (rc != AW_OK)
        return rc;
    (void)snprintf(at.place.file, sizeof at.place.file, "%.*s",
                   AW_STR_ARG(shot.warc_file));
    at.place.offset = shot.warc_offset;
    at.place.length = shot.warc_length;
    at.digest = shot.digest;
    rc = aw_captured_open(&captured, call->web->archive_dir, &at, err);
    if (rc == AW_OK)
        rc = send_png(call, captured.body, err);
    aw_captured_close(&captured);
    return rc == AW_OK ? AW_OK : fail(call, rc, err);
}
