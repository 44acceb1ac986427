#include "crawler/ingest.h"

#include <search.h>
#include <string.h>

#include "base/fs.h"
#include "crawler/archive_info.h"
#include "crawler/ingest_private.h"
#include "crawler/listing.h"
#include "crawler/manifest.h"
#include "extract/image.h"
#include "reader/cell.h"

#define ARENA_MAX ((size_t)256 << 20)

/* ---- one file ----------------------------------------------------------- */

struct aw_str aw_ingest_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return aw_str_of(slash ? slash + 1 : path);
}

struct aw_str aw_ingest_type(struct aw_str bytes, struct aw_str name)
{
    static const struct {
        struct aw_str suffix, type;
    } suffixes[] = {
        {{".json", 5}, {"application/json", 16}},
        {{".html", 5}, {"text/html", 9}},
        {{".htm", 4}, {"text/html", 9}},
    };
    enum aw_image_type image = aw_image_sniff(bytes);

    if (image != AW_IMAGE_NONE)
        return aw_str_of(aw_image_mime(image));
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (aw_str_ends(name, suffixes[i].suffix))
            return suffixes[i].type;
    return AW_STR("text/plain");
}

void aw_ingest_refuse(struct aw_ingest *g, const struct aw_ingest_thing *thing,
                      const char *why)
{
    struct aw_ingest_result result = {
        .path = thing->path,
        .line = thing->line,
        .name = thing->name,
        .why = aw_str_of(why),
    };

    g->partly = true;
    g->told(g->self, &result);
}

static aw_rc take_file(struct aw_ingest *g, const char *path,
                       struct aw_err *err)
{
    struct aw_ingest_thing thing = {.path = path, .facts = &g->in->facts};
    struct aw_err unread;

    aw_buf_reset(&g->bytes);
    if (aw_file_read(path, &g->bytes, &unread) != AW_OK) {
        aw_ingest_refuse(g, &thing, unread.msg);
        return AW_OK;
    }
    thing.bytes = aw_buf_str(&g->bytes);
    thing.title = aw_ingest_file_name(path);
    thing.type = aw_ingest_type(thing.bytes, thing.title);
    return aw_ingest_take(g, &thing, err);
}

/* ---- setting up --------------------------------------------------------- */

static aw_rc start_readers(struct aw_ingest *g, struct aw_err *err)
{
    const struct aw_ingest_input *in = g->in;
    struct aw_reader_config config = {
        .program = in->program,
        .lexicon_dir = in->lexicon_dir,
        .model_path = in->model_path,
        .count = 1,
        .page_ms = in->config->crawl.reader_ms,
        .cpu_ms = in->config->crawl.reader_cpu_ms,
        .image_ms = in->config->crawl.image_ms,
        .memory_bytes = in->config->crawl.reader_bytes,
        .cell_optional = in->config->crawl.reader_cell == AW_CELL_BEST_EFFORT,
        .clock = in->clock,
        .loop = g->loop,
        .done = aw_ingest_answered,
        .self = g,
    };

    aw_cell_log(in->log);
    return aw_reader_pool_new(&g->readers, &config, err);
}

static aw_rc start_archive(struct aw_ingest *g, struct aw_err *err)
{
    struct aw_buf info;
    struct aw_warc_config config = {
        .dir = g->in->archive_dir,
        .prefix = "adwatch-handed-in",
        .clock = g->in->clock,
        .rng = g->in->rng,
    };
    int64_t cut;
    aw_rc rc = aw_mkdirs(g->in->archive_dir, err);

    if (rc == AW_OK)
        rc = aw_warc_recover(g->in->archive_dir, &cut, err);
    if (rc == AW_PARTLY)
        aw_log(g->in->log, AW_LOG_ERROR, "archive damaged", "what", err->msg,
               (char *)NULL);
    else if (rc != AW_OK)
        return rc;
    aw_buf_init(&info, AW_WARC_INFO_MAX);
    aw_archive_info(&info, g->in->clock);
    rc = aw_buf_check(&info, err);
    config.info = info.ptr;
    if (rc == AW_OK)
        rc = aw_warc_writer_new(&g->warc, &config, err);
    aw_buf_deinit(&info);
    return rc;
}

static aw_rc begin_run(struct aw_ingest *g, struct aw_err *err)
{
    struct aw_run run = {
        .kind = AW_STR("ingest"),
        .started_ms = aw_clock_wall(g->in->clock),
        .lexicon_hash = aw_str_of(aw_reader_pool_lexicon_hash(g->readers)),
        .model_hash = aw_str_of(aw_reader_pool_model_hash(g->readers)),
        .tool = AW_STR(AW_INGEST_TOOL),
    };
    int64_t broken = 0;
    bool resumed;
    aw_rc rc = aw_store_ingests_broken(g->in->store, &broken, err);

    g->after_crash = broken > 0;
    if (rc == AW_OK)
        rc = aw_store_run_begin(g->in->store, &run, &resumed, err);
    g->run = run.id;
    return rc;
}

static aw_rc set_mapping(struct aw_ingest *g, struct aw_err *err)
{
    const struct aw_source *source =
        aw_config_source(g->in->config, g->in->source);

    return source && source->listing
               ? aw_listing_mapping(source, &g->arena, &g->mapping, err)
               : AW_OK;
}

static aw_rc start(struct aw_ingest *g, struct aw_err *err)
{
    aw_rc rc = set_mapping(g, err);

    if (rc == AW_OK)
        rc = aw_loop_new(&g->loop, err);
    if (rc == AW_OK)
        rc = start_readers(g, err);
    if (rc == AW_OK)
        rc = start_archive(g, err);
    return rc == AW_OK ? begin_run(g, err) : rc;
}

/* ---- all ---------------------------------------------------------------- */

static void keep_node(void *node)
{
    (void)node; /* it lives in an arena */
}

void aw_ingest_begin_list(struct aw_ingest *g)
{
    tdestroy(g->counted, keep_node);
    g->counted = NULL;
    aw_arena_reset(&g->things);
}

static bool is_list(const char *path)
{
    return aw_manifest_form(aw_str_of(path)) != AW_MANIFEST_NONE;
}

static aw_rc take_all(struct aw_ingest *g, const char *const *paths,
                      size_t count, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < count && rc == AW_OK; i++)
        if (is_list(paths[i]))
            rc = aw_ingest_list(g, paths[i], err);
    aw_ingest_begin_list(g);
    for (size_t i = 0; i < count && rc == AW_OK; i++)
        if (!is_list(paths[i]) && !aw_ingest_is_attachment(g, paths[i]))
            rc = take_file(g, paths[i], err);
    if (rc == AW_OK)
        rc = aw_warc_close(g->warc, err);
    if (rc == AW_OK)
        rc = aw_store_run_end(g->in->store, g->run,
                              aw_clock_wall(g->in->clock), "done", err);
    return rc;
}

aw_rc aw_ingest(const struct aw_ingest_input *input, const char *const *paths,
                size_t count, aw_ingest_fn *told, void *self,
                struct aw_err *err)
{
    struct aw_ingest g = {.in = input, .told = told, .self = self};
    aw_rc rc;

    aw_arena_init(&g.arena, ARENA_MAX);
    aw_arena_init(&g.things, ARENA_MAX);
    aw_buf_init(&g.bytes, AW_INGEST_FILE_MAX);
    rc = start(&g, err);
    if (rc == AW_OK)
        rc = take_all(&g, paths, count, err);
    aw_ingest_begin_list(&g);
    tdestroy(g.attachments, keep_node);
    aw_reader_pool_free(g.readers);
    aw_warc_writer_free(g.warc);
    aw_loop_free(g.loop);
    aw_buf_deinit(&g.bytes);
    aw_arena_deinit(&g.things);
    aw_arena_deinit(&g.arena);
    if (rc == AW_OK && g.partly)
        return aw_fail(err, AW_PARTLY, "not all could be taken: see above");
    return rc;
}
