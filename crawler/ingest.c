#include "crawler/ingest.h"

#include <stdio.h>
#include <string.h>

#include "archive/warc.h"
#include "base/fs.h"
#include "crawler/finding.h"
#include "extract/image.h"
#include "reader/cell.h"
#include "reader/pool.h"

#define FILE_ARENA_MAX ((size_t)64 << 20)
#define URI_PREFIX "urn:adwatch:handed-in:sha256:"

struct ingest {
    const struct aw_ingest_input *in;
    aw_ingest_fn *told;
    void *self;
    struct aw_loop *loop;
    struct aw_reader_pool *readers;
    struct aw_warc_writer *warc;
    int64_t run;
    /* The file under way. */
    struct aw_ingest_result result;
    struct aw_arena arena;
    struct aw_buf bytes;
    struct aw_capture capture;
    char digest[AW_SHA256_HEX_MAX];
    bool answered;
    bool partly;
    aw_rc rc;
    struct aw_err err;
};

/* ---- one file ----------------------------------------------------------- */

static struct aw_str file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return aw_str_of(slash ? slash + 1 : path);
}

static void on_answer(void *self, void *job, aw_rc rc,
                      const struct aw_answer *answer, const char *why)
{
    struct ingest *g = self;
    struct aw_finding_from from = {
        .capture = &g->capture,
        .answer = answer,
        .lexicon_hash = aw_reader_pool_lexicon_hash(g->readers),
        .model_hash = aw_reader_pool_model_hash(g->readers),
    };
    bool added = false;
    bool ok = rc == AW_OK && answer->ok && answer->blocks > 0;

    (void)job;
    g->answered = true;
    if (rc == AW_OK)
        aw_capture_fill(&g->capture, answer);
    else
        g->capture.reader = aw_str_of(why);
    g->capture.title = file_name(g->result.path);
    g->rc = aw_store_capture_add(g->in->store, &g->capture, &g->err);
    if (g->rc == AW_OK && ok)
        g->rc =
            aw_finding_record(g->in->store, &from, &g->arena, &added, &g->err);
    g->result.capture = g->capture.id;
    g->result.verdict = ok ? g->capture.verdict : AW_STR("");
    g->result.why = ok ? "" : g->capture.reader.ptr;
    g->partly |= !ok;
    if (g->rc == AW_OK)
        g->told(g->self, &g->result);
}

/* By its bytes, and where they do not tell, by its name. */
static struct aw_str content_type_of(struct aw_str name, struct aw_str bytes)
{
    enum aw_image_type image = aw_image_sniff(bytes);

    if (image != AW_IMAGE_NONE)
        return aw_str_of(aw_image_mime(image));
    if (aw_str_ends(name, AW_STR(".json")))
        return AW_STR("application/json");
    return aw_str_ends(name, AW_STR(".html")) ? AW_STR("text/html")
                                              : AW_STR("text/plain");
}

static aw_rc archive_file(struct ingest *g, struct aw_err *err)
{
    struct aw_warc_record record = {
        .type = AW_WARC_RESOURCE,
        .date_ms = aw_clock_wall(g->in->clock),
        .target_uri = g->capture.url,
        .content_type =
            content_type_of(file_name(g->result.path), aw_buf_str(&g->bytes)),
        .body = aw_buf_str(&g->bytes),
    };
    struct aw_warc_place at;
    aw_rc rc;

    record.mime = record.content_type;
    rc = aw_warc_append(g->warc, &record, &at, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&g->arena, aw_str_of(at.file), &g->capture.warc_file,
                          err);
    g->capture.mime = record.content_type;
    g->capture.fetched_ms = record.date_ms;
    g->capture.warc_offset = at.offset;
    g->capture.warc_length = at.length;
    return rc;
}

static aw_rc read_document(struct ingest *g, struct aw_err *err)
{
    struct aw_extract_input input = {
        .content_type = g->capture.mime,
        .channel = g->in->channel,
        .bytes = aw_buf_str(&g->bytes),
    };
    aw_rc rc = aw_reader_pool_ask(g->readers, &input, g, err);

    g->answered = false;
    while (rc == AW_OK && !g->answered) {
        rc = aw_loop_wait(g->loop, 100, err);
        aw_reader_pool_tick(g->readers);
    }
    if (rc == AW_OK && g->rc != AW_OK) {
        *err = g->err;
        return g->rc;
    }
    return rc;
}

static aw_rc take_new(struct ingest *g, struct aw_err *err)
{
    char uri[sizeof URI_PREFIX + AW_SHA256_HEX_MAX];
    aw_rc rc;

    (void)snprintf(uri, sizeof uri, URI_PREFIX "%s", g->digest);
    g->capture = (struct aw_capture){
        .run = g->run,
        .source = aw_str_of(g->in->source),
        .payload_digest = aw_str_of(g->digest),
        .body_bytes = (int64_t)g->bytes.len,
    };
    rc = aw_arena_dup(&g->arena, aw_str_of(uri), &g->capture.url, err);
    if (rc == AW_OK)
        rc = archive_file(g, err);
    if (rc == AW_OK)
        rc = aw_warc_sync(g->warc, err);
    if (rc == AW_OK)
        rc = aw_store_begin(g->in->store, err);
    if (rc != AW_OK)
        return rc;
    rc = read_document(g, err);
    if (rc == AW_OK)
        rc = aw_store_commit(g->in->store, err);
    else
        aw_store_rollback(g->in->store);
    return rc;
}

static aw_rc take_file(struct ingest *g, const char *path, struct aw_err *err)
{
    struct aw_err unread;
    aw_rc rc;

    aw_arena_reset(&g->arena);
    aw_buf_reset(&g->bytes);
    g->result = (struct aw_ingest_result){.path = path, .why = ""};
    if (aw_file_read(path, &g->bytes, &unread) != AW_OK) {
        g->partly = true;
        g->result.why = unread.msg;
        g->told(g->self, &g->result);
        return AW_OK;
    }
    aw_sha256_hex(aw_buf_str(&g->bytes), g->digest);
    rc = aw_store_capture_by_digest(g->in->store, aw_str_of(g->digest),
                                    &g->result.capture, err);
    if (rc == AW_MISSING)
        return take_new(g, err);
    g->result.again = true;
    if (rc == AW_OK)
        g->told(g->self, &g->result);
    return rc;
}

/* ---- all ---------------------------------------------------------------- */

static aw_rc start_readers(struct ingest *g, struct aw_err *err)
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
        .done = on_answer,
        .self = g,
    };

    aw_cell_log(in->log);
    return aw_reader_pool_new(&g->readers, &config, err);
}

static aw_rc start_archive(struct ingest *g, struct aw_err *err)
{
    struct aw_warc_config config = {
        .dir = g->in->archive_dir,
        .prefix = "adwatch-handed-in",
        .info = "software: adwatch " AW_VERSION "\r\n",
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
    return aw_warc_writer_new(&g->warc, &config, err);
}

static aw_rc begin_run(struct ingest *g, struct aw_err *err)
{
    struct aw_run run = {
        .kind = AW_STR("ingest"),
        .started_ms = aw_clock_wall(g->in->clock),
        .lexicon_hash = aw_str_of(aw_reader_pool_lexicon_hash(g->readers)),
        .model_hash = aw_str_of(aw_reader_pool_model_hash(g->readers)),
        .tool = AW_STR("adwatch " AW_VERSION),
    };
    bool resumed;
    aw_rc rc = aw_store_run_begin(g->in->store, &run, &resumed, err);

    g->run = run.id;
    return rc;
}

static aw_rc take_all(struct ingest *g, const char *const *paths, size_t count,
                      struct aw_err *err)
{
    aw_rc rc = aw_loop_new(&g->loop, err);

    if (rc == AW_OK)
        rc = start_readers(g, err);
    if (rc == AW_OK)
        rc = start_archive(g, err);
    if (rc == AW_OK)
        rc = begin_run(g, err);
    for (size_t i = 0; i < count && rc == AW_OK; i++)
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
    struct ingest g = {.in = input, .told = told, .self = self};
    aw_rc rc;

    aw_arena_init(&g.arena, FILE_ARENA_MAX);
    aw_buf_init(&g.bytes, AW_INGEST_FILE_MAX);
    rc = take_all(&g, paths, count, err);
    aw_reader_pool_free(g.readers);
    aw_warc_writer_free(g.warc);
    aw_loop_free(g.loop);
    aw_buf_deinit(&g.bytes);
    aw_arena_deinit(&g.arena);
    if (rc == AW_OK && g.partly)
        return aw_fail(err, AW_PARTLY, "some files could not be read");
    return rc;
}
