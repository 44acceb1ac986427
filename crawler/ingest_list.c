#include <search.h>
#include <stdio.h>
#include <string.h>

#include "crawler/ingest_private.h"
#include "crawler/manifest.h"

#define LINES_MAX ((size_t)64 << 10) /* bytes: numbers of false lines */

/* A list on its way. */
struct list {
    struct aw_ingest *g;
    const char *path;
    char dir[AW_PATH_MAX]; /* where its attachments lie */
    struct aw_manifest manifest;
    struct aw_arena arena;
    struct aw_capture capture;
};

/* ---- attachments ----------------------------------------------------------
 */

static int compare(const void *a, const void *b)
{
    const struct aw_file_id *x = a;
    const struct aw_file_id *y = b;

    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    return (x->inode > y->inode) - (x->inode < y->inode);
}

static aw_rc remember(struct aw_ingest *g, struct aw_file_id id,
                      struct aw_err *err)
{
    struct aw_file_id *kept = aw_arena_alloc(&g->arena, sizeof *kept);

    if (!kept)
        return aw_arena_fail(&g->arena, err);
    *kept = id;
    if (!tsearch(kept, &g->attachments, compare))
        return aw_fail(err, AW_NOMEM, "out of memory");
    return AW_OK;
}

bool aw_ingest_is_attachment(struct aw_ingest *g, const char *path)
{
    struct aw_file_id id;

    return aw_file_id_of(path, &id) && tfind(&id, &g->attachments, compare);
}

static void set_dir(struct list *list)
{
    char *slash;

    (void)snprintf(list->dir, sizeof list->dir, "%s", list->path);
    slash = strrchr(list->dir, '/');
    if (!slash)
        (void)snprintf(list->dir, sizeof list->dir, ".");
    else
        slash[slash == list->dir] = '\0';
}

static aw_rc take_attachment(struct list *list, struct aw_ingest_thing *thing,
                             struct aw_str name, struct aw_err *err)
{
    struct aw_file_id id = {0};
    struct aw_err false_name;
    aw_rc rc;

    thing->name = name;
    aw_buf_reset(&list->g->bytes);
    rc = aw_beneath_read(list->dir, name, &list->g->bytes, &id, &false_name);
    if (rc != AW_OK) {
        aw_ingest_refuse(list->g, thing, false_name.msg);
        return AW_OK;
    }
    thing->bytes = aw_buf_str(&list->g->bytes);
    thing->title = aw_ingest_file_name(name.ptr);
    thing->type = aw_ingest_type(thing->bytes, name);
    rc = remember(list->g, id, err);
    return rc == AW_OK ? aw_ingest_take(list->g, thing, err) : rc;
}

/* ---- rows -----------------------------------------------------------------
 */

static aw_rc take_text(struct list *list, struct aw_ingest_thing thing,
                       const struct aw_manifest_row *row, struct aw_err *err)
{
    char title[300];
    int len = snprintf(title, sizeof title, "%.*s:%lld",
                       AW_STR_ARG(aw_ingest_file_name(list->path)),
                       (long long)row->line);

    thing.title = aw_str_of(title);
    if (len >= (int)sizeof title)
        thing.title = aw_ingest_file_name(list->path);
    thing.bytes = row->text;
    thing.type = AW_STR("text/plain; charset=utf-8");
    return aw_ingest_take(list->g, &thing, err);
}

static aw_rc take_row(struct list *list, const struct aw_manifest_row *row,
                      struct aw_err *err)
{
    struct aw_ingest_thing thing = {
        .path = list->path,
        .line = row->line,
        .facts = &row->facts,
        .manifest = list->capture.id,
        .manifest_url = list->capture.url,
    };
    aw_rc rc = AW_OK;

    if (row->error.len > 0) {
        aw_ingest_refuse(list->g, &thing, row->error.ptr);
        return AW_OK;
    }
    if (row->text.len > 0)
        rc = take_text(list, thing, row, err);
    for (size_t i = 0; i < row->attachment_count && rc == AW_OK; i++)
        rc = take_attachment(list, &thing, row->attachments[i], err);
    return rc;
}

/* ---- the list itself ------------------------------------------------------
 */

/* The lines of rows that were not taken. */
static void put_left_out(const struct list *list, struct aw_buf *out)
{
    const struct aw_manifest *m = &list->manifest;

    for (size_t i = 0; i < m->row_count; i++)
        if (m->rows[i].error.len > 0)
            aw_buf_printf(out, "%s%lld", out->len ? " " : "",
                          (long long)m->rows[i].line);
    if (out->rc == AW_LIMIT) {
        aw_buf_reset(out);
        aw_buf_puts(out, "too many to name");
    }
}

/* What is said of the list: also the digest of the file, so that who has it
 * can show that it was this one. */
static aw_rc put_note(struct list *list, struct aw_str digest,
                      struct aw_err *err)
{
    struct aw_buf fields;
    struct aw_buf lines;
    aw_rc rc;

    aw_buf_init(&fields, 2 * LINES_MAX);
    aw_buf_init(&lines, LINES_MAX);
    put_left_out(list, &lines);
    aw_ingest_field(&fields, "file", aw_ingest_file_name(list->path));
    aw_ingest_field(&fields, "original-charset",
                    aw_str_of(list->manifest.charset));
    aw_ingest_field(&fields, "original-sha256", digest);
    aw_ingest_field(&fields, "lines-left-out", aw_buf_str(&lines));
    rc = aw_buf_check(&fields, err);
    if (rc == AW_OK)
        rc =
            aw_ingest_note(list->g, list->capture.url,
                           list->capture.fetched_ms, aw_buf_str(&fields), err);
    aw_buf_deinit(&lines);
    aw_buf_deinit(&fields);
    return rc;
}

/* Once for each file: others may have the same good rows. */
static aw_rc note_file(struct list *list, struct aw_str original,
                       struct aw_err *err)
{
    struct aw_store *store = list->g->in->store;
    char hex[AW_SHA256_HEX_MAX];
    struct aw_str digest;
    bool known = false;
    aw_rc rc;

    aw_sha256_hex(original, hex);
    digest = aw_str_of(hex);
    rc = aw_store_manifest_file_known(store, list->capture.id, digest, &known,
                                      err);
    if (rc != AW_OK || known)
        return rc;
    rc = put_note(list, digest, err);
    if (rc == AW_OK)
        rc = aw_warc_sync(list->g->warc, err);
    return rc == AW_OK ? aw_store_manifest_file_add(store, list->capture.id,
                                                    digest, err)
                       : rc;
}

static aw_rc archive_list(struct list *list, struct aw_str bytes,
                          struct aw_err *err)
{
    struct aw_ingest *g = list->g;
    aw_rc rc = aw_ingest_archive(g, bytes, AW_STR("application/x-ndjson"),
                                 &list->arena, &list->capture, err);

    if (rc == AW_OK)
        rc = aw_warc_sync(g->warc, err);
    list->capture.run = g->run;
    list->capture.source = aw_str_of(g->in->source);
    list->capture.title = aw_ingest_file_name(list->path);
    list->capture.charset = AW_STR("utf-8");
    list->capture.reader = AW_STR("manifest");
    return rc == AW_OK
               ? aw_store_capture_add(g->in->store, &list->capture, err)
               : rc;
}

/* It has one capture, however often it is handed in. */
static aw_rc keep_list(struct list *list, struct aw_str bytes,
                       struct aw_err *err)
{
    struct aw_store *store = list->g->in->store;
    char digest[AW_SHA256_HEX_MAX];
    struct aw_err none;
    int64_t id;
    aw_rc rc;

    aw_sha256_hex(bytes, digest);
    rc = aw_store_manifest_find(store, aw_str_of(digest), &id, &none);
    if (rc == AW_OK)
        return aw_store_capture_get(store, &list->arena, id, &list->capture,
                                    err);
    if (rc == AW_MISSING)
        return archive_list(list, bytes, err);
    *err = none;
    return rc;
}

/* A list of which nothing is kept leaves nothing in the archive. */
static aw_rc keep_rows(struct list *list, struct aw_str original,
                       struct aw_err *err)
{
    struct aw_buf kept;
    aw_rc rc;

    aw_buf_init(&kept, AW_MANIFEST_KEPT_MAX);
    rc = aw_manifest_kept(&list->manifest, &kept, err);
    if (rc == AW_OK && kept.len > 0) {
        rc = keep_list(list, aw_buf_str(&kept), err);
        if (rc == AW_OK)
            rc = note_file(list, original, err);
    }
    aw_buf_deinit(&kept);
    return rc;
}

static aw_rc take_list(struct list *list, struct aw_str bytes,
                       struct aw_err *err)
{
    const struct aw_ingest_input *in = list->g->in;
    struct aw_ingest_thing thing = {.path = list->path};
    struct aw_err false_list;
    aw_rc rc =
        aw_manifest_read(&list->manifest, bytes,
                         aw_manifest_form(aw_str_of(list->path)), &in->facts,
                         aw_clock_wall(in->clock), &false_list);

    if (rc == AW_INVALID || rc == AW_LIMIT) {
        aw_ingest_refuse(list->g, &thing, false_list.msg);
        return AW_OK;
    }
    if (rc != AW_OK) {
        *err = false_list;
        return rc;
    }
    if (list->manifest.unknown.len > 0)
        aw_log(in->log, AW_LOG_WARN, "columns that are not known", "file",
               list->path, "columns", list->manifest.unknown.ptr,
               (char *)NULL);
    rc = keep_rows(list, bytes, err);
    for (size_t i = 0; i < list->manifest.row_count && rc == AW_OK; i++)
        rc = take_row(list, &list->manifest.rows[i], err);
    return rc;
}

aw_rc aw_ingest_list(struct aw_ingest *g, const char *path, struct aw_err *err)
{
    struct aw_ingest_thing thing = {.path = path};
    struct list list = {.g = g, .path = path};
    struct aw_err unread;
    struct aw_buf bytes;
    aw_rc rc = AW_OK;

    aw_arena_init(&list.arena, (size_t)1 << 20);
    aw_buf_init(&bytes, AW_MANIFEST_BYTES_MAX);
    set_dir(&list);
    aw_ingest_begin_list(g);
    if (aw_file_read(path, &bytes, &unread) != AW_OK)
        aw_ingest_refuse(g, &thing, unread.msg);
    else
        rc = take_list(&list, aw_buf_str(&bytes), err);
    aw_manifest_deinit(&list.manifest);
    aw_buf_deinit(&bytes);
    aw_arena_deinit(&list.arena);
    return rc;
}
