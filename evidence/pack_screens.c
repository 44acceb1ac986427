#include "evidence/pack.h"

#include <stdio.h>

#include "crawler/captured.h"

static aw_rc put_shot(struct aw_packing *p,
                      const struct aw_case_capture *capture,
                      const struct aw_shot_row *shot,
                      struct aw_packed_shot *packed, struct aw_err *err)
{
    bool full = aw_str_eq(shot->kind, AW_STR("full"));
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
                             (long long)capture->capture.id,
                             full ? "全页" : "首屏");
    if (rc == AW_OK)
        rc = aw_packing_put(p, packed->name.ptr, captured.body,
                            capture->capture.fetched_ms, err);
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
    for (size_t i = 0; i < capture->shot_count && rc == AW_OK; i++)
        rc = put_shot(p, capture, &capture->shots[i], &packed->shots[i], err);
    return rc;
}
