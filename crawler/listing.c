#include "crawler/listing.h"

#include "extract/mapping.h"

aw_rc aw_listing_mapping(const struct aw_source *source,
                         struct aw_arena *arena, struct aw_str *out,
                         struct aw_err *err)
{
    struct aw_buf json;
    aw_rc rc;

    aw_buf_init(&json, AW_MAPPING_BYTES_MAX);
    aw_mapping_put(&json, source->listing, source->name);
    rc = aw_buf_check(&json, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_buf_str(&json), out, err);
    aw_buf_deinit(&json);
    return rc;
}

aw_rc aw_listing_record(struct aw_store *store,
                        const struct aw_capture *capture,
                        const struct aw_answer *answer, struct aw_str page,
                        struct aw_err *err)
{
    struct aw_listing_sight sight = {
        .page = page,
        .source = capture->source,
        .capture = capture->id,
        .at_ms = capture->fetched_ms,
    };
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < answer->app_count && rc == AW_OK; i++)
        rc = aw_store_listing_seen(store, &sight, &answer->apps[i], err);
    return rc;
}
