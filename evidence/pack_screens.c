#include "evidence/pack.h"

#include <stdio.h>

#include "crawler/captured.h"
#include "reader/boxed.h"

/* ---- the copy with boxes ------------------------------------------------
 */

static aw_rc list_boxes(struct aw_packing *p, const struct aw_shot_row *shot,
                        struct aw_boxes_item **out, struct aw_err *err)
{
    struct aw_boxes_item *items =
        aw_arena_array(&p->c->arena, shot->box_count, sizeof *items);

    if (!items)
        return aw_arena_fail(&p->c->arena, err);
    for (size_t i = 0; i < shot->box_count; i++) {
        const struct aw_box_row *box = &shot->boxes[i];

        items[i] = (struct aw_boxes_item){box->claim + 1, box->x, box->y,
                                          box->width, box->height};
    }
    *out = items;
    return AW_OK;
}

static aw_rc draw(struct aw_packing *p, const struct aw_shot_row *shot,
                  struct aw_str png, struct aw_buf *out, struct aw_err *err)
{
    const struct aw_config *config = p->config->config;
    struct aw_boxes_item *items = NULL;
    aw_rc rc = list_boxes(p, shot, &items, err);

    return rc == AW_OK ? aw_boxed(png, items, shot->box_count,
                                  !config || config->crawl.reader_cell ==
                                                 AW_CELL_BEST_EFFORT,
                                  out, err)
                       : rc;
}

/* A copy that cannot be made is told: the screenshot is there all the same. */
static aw_rc put_boxed(struct aw_packing *p,
                       const struct aw_case_capture *capture,
                       const struct aw_shot_row *shot, const char *kind,
                       struct aw_str png, struct aw_packed_shot *packed,
                       struct aw_err *err)
{
    struct aw_buf boxed;
    struct aw_err why;
    aw_rc rc;

    if (shot->box_count == 0)
        return AW_OK;
    aw_buf_init(&boxed, AW_BOXED_BYTES_MAX);
    rc = draw(p, shot, png, &boxed, &why);
    if (rc == AW_READER)
        rc = aw_arena_dup(&p->c->arena, aw_str_of(why.msg), &packed->why_not,
                          err);
    else if (rc != AW_OK)
        rc = aw_fail(err, rc, "%s", why.msg);
    else
        rc = aw_packing_name(p, &packed->boxed, err,
                             AW_BUNDLE_SCREENS_DIR "capture-%lld-%s-标注.png",
                             (long long)capture->capture.id, kind);
    if (rc == AW_OK && packed->boxed.len > 0)
        rc = aw_packing_put_derived(p, packed->boxed.ptr, aw_buf_str(&boxed),
                                    capture->capture.fetched_ms, err);
    aw_buf_deinit(&boxed);
    return rc;
}

/* ---- claims that no picture shows ---------------------------------------
 */

/* The claim of a label over all findings; NULL: there is none. */
static const struct aw_claim_row *claim_of(const struct aw_case *c,
                                           int64_t label)
{
    for (size_t i = 0; i < c->finding_count; i++) {
        const struct aw_finding *f = &c->findings[i].finding;

        if (label < (int64_t)f->claim_count)
            return &f->claims[label];
        label -= (int64_t)f->claim_count;
    }
    return NULL;
}

static void drop_hidden(const struct aw_case *c, const struct aw_sighted *seen,
                        struct aw_shot_row *shot)
{
    size_t kept = 0;

    for (size_t i = 0; i < shot->box_count; i++) {
        const struct aw_claim_row *claim = claim_of(c, shot->boxes[i].claim);

        if (!claim || !aw_pack_is_nowhere(seen, claim))
            shot->boxes[kept++] = shot->boxes[i];
    }
    shot->box_count = kept;
}

/* ---- a screenshot -------------------------------------------------------
 */

static aw_rc put_shot(struct aw_packing *p,
                      const struct aw_case_capture *capture,
                      const struct aw_shot_row *shot,
                      struct aw_packed_shot *packed, struct aw_err *err)
{
    const char *kind = aw_str_eq(shot->kind, AW_STR("full")) ? "全页" : "首屏";
    struct aw_captured_at at = {.place = {.offset = shot->warc_offset,
                                          .length = shot->warc_length},
                                .digest = shot->digest};
    struct aw_captured captured = {0};
    aw_rc rc;

    (void)snprintf(at.place.file, sizeof at.place.file, "%.*s",
                   AW_STR_ARG(shot->warc_file));
    rc = aw_captured_open(&captured, p->config->archive_dir, &at, err);
    if (rc == AW_OK)
        rc = aw_packing_name(p, &packed->name, err,
                             AW_BUNDLE_SCREENS_DIR "capture-%lld-%s.png",
                             (long long)capture->capture.id, kind);
    if (rc == AW_OK)
        rc = aw_packing_put(p, packed->name.ptr, captured.body,
                            capture->capture.fetched_ms, err);
    if (rc == AW_OK)
        rc = put_boxed(p, capture, shot, kind, captured.body, packed, err);
    aw_captured_close(&captured);
    return rc;
}

aw_rc aw_pack_screens(struct aw_packing *p, struct aw_packed *packed,
                      struct aw_err *err)
{
    const struct aw_case_capture *capture = packed->capture;
    aw_rc rc = AW_OK;

    if (capture->shot_count == 0)
        return AW_OK;
    packed->shots = aw_arena_array(&p->c->arena, capture->shot_count,
                                   sizeof *packed->shots);
    if (!packed->shots)
        return aw_arena_fail(&p->c->arena, err);
    for (size_t i = 0; i < capture->shot_count; i++)
        packed->shots[i] = (struct aw_packed_shot){0};
    for (size_t i = 0; i < capture->shot_count && packed->seen; i++)
        drop_hidden(p->c, packed->seen, &capture->shots[i]);
    for (size_t i = 0; i < capture->shot_count && rc == AW_OK; i++)
        rc = put_shot(p, capture, &capture->shots[i], &packed->shots[i], err);
    return rc;
}
