#include "classify/prefilter_private.h"

#include <hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* A file is a head, then the tables' arrays and Vectorscan's database, each
 * from a multiple of ALIGNED bytes on: they are used where they lie. */
#define ALIGNED 16

struct head {
    uint64_t pattern_count, set_count, entry_count, key_count, text_len;
    uint64_t database_len;
};

/* ---- its name ------------------------------------------------------------
 */

bool aw_prefilter_name(const struct aw_str *patterns, size_t count,
                       char out[AW_PREFILTER_NAME_MAX])
{
    char digest[AW_SHA256_HEX_MAX];
    hs_platform_info_t platform;
    struct aw_buf all;
    bool ok;

    if (hs_populate_platform(&platform) != HS_SUCCESS)
        return false;
    aw_buf_init(&all, AW_CACHE_FILE_MAX);
    aw_buf_printf(&all, "%s %s %u %llu\n", AW_PREFILTER_SOURCES, hs_version(),
                  platform.tune, platform.cpu_features);
    for (size_t i = 0; i < count; i++) {
        aw_buf_printf(&all, "%zu ", patterns[i].len);
        aw_buf_put(&all, patterns[i]);
    }
    ok = all.rc == AW_OK;
    aw_sha256_hex(aw_buf_str(&all), digest);
    aw_buf_deinit(&all);
    (void)snprintf(out, AW_PREFILTER_NAME_MAX, "prefilter-%s", digest);
    return ok;
}

/* ---- reading -------------------------------------------------------------
 */

/* The next so many bytes of a file, or NULL where it is shorter. */
static const void *next(struct aw_str file, size_t *at, uint64_t count,
                        size_t size)
{
    size_t start = *at, len;

    if (__builtin_mul_overflow(count, size, &len) || file.len < start ||
        file.len - start < len)
        return NULL;
    *at = (start + len + ALIGNED - 1) / ALIGNED * ALIGNED;
    return file.ptr + start;
}

static bool has_all(const struct aw_tables *tables)
{
    return tables->subjects && tables->users && tables->first_user &&
           tables->entries && tables->first && tables->texts;
}

static bool read_file(struct aw_prefilter *p, struct aw_str file)
{
    struct aw_tables *t = &p->tables;
    struct head head;
    const void *database;
    size_t at = 0;
    const void *start = next(file, &at, 1, sizeof head);

    if (!start)
        return false;
    memcpy(&head, start, sizeof head);
    *t = (struct aw_tables){.pattern_count = head.pattern_count,
                            .set_count = head.set_count,
                            .entry_count = head.entry_count,
                            .key_count = head.key_count,
                            .text_len = head.text_len};
    t->subjects = next(file, &at, head.pattern_count, sizeof *t->subjects);
    t->users = next(file, &at, head.pattern_count, sizeof *t->users);
    t->first_user = next(file, &at, head.set_count + 2, sizeof *t->first_user);
    t->entries = next(file, &at, head.entry_count, sizeof *t->entries);
    t->first = next(file, &at, head.key_count + 1, sizeof *t->first);
    t->texts = next(file, &at, head.text_len, 1);
    database = next(file, &at, head.database_len, 1);
    return has_all(t) && database &&
           hs_deserialize_database(database, head.database_len,
                                   &p->database) == HS_SUCCESS;
}

bool aw_prefilter_take(struct aw_prefilter *prefilter, const char *dir,
                       const char *name)
{
    if (!aw_cache_get(dir, name, &prefilter->kept))
        return false;
    if (read_file(prefilter, prefilter->kept.bytes))
        return true;
    prefilter->tables = (struct aw_tables){0};
    aw_cached_drop(&prefilter->kept);
    return false;
}

/* ---- writing -------------------------------------------------------------
 */

static void put(struct aw_buf *out, const void *bytes, size_t count,
                size_t size)
{
    static const char zeros[ALIGNED];

    aw_buf_append(out, bytes, count * size);
    aw_buf_append(out, zeros, (ALIGNED - out->len % ALIGNED) % ALIGNED);
}

static void put_tables(struct aw_buf *out, const struct aw_tables *t,
                       size_t database_len)
{
    struct head head = {t->pattern_count, t->set_count, t->entry_count,
                        t->key_count,     t->text_len,  database_len};

    put(out, &head, 1, sizeof head);
    put(out, t->subjects, t->pattern_count, sizeof *t->subjects);
    put(out, t->users, t->pattern_count, sizeof *t->users);
    put(out, t->first_user, t->set_count + 2, sizeof *t->first_user);
    put(out, t->entries, t->entry_count, sizeof *t->entries);
    put(out, t->first, t->key_count + 1, sizeof *t->first);
    put(out, t->texts, t->text_len, 1);
}

void aw_prefilter_keep(const struct aw_prefilter *prefilter, const char *dir,
                       const char *name)
{
    struct aw_buf file;
    char *database = NULL;
    size_t len = 0;

    if (hs_serialize_database(prefilter->database, &database, &len) !=
        HS_SUCCESS)
        return;
    aw_buf_init(&file, AW_CACHE_FILE_MAX);
    put_tables(&file, &prefilter->tables, len);
    put(&file, database, len, 1);
    if (file.rc == AW_OK)
        aw_cache_put(dir, name, aw_buf_str(&file));
    aw_buf_deinit(&file);
    free(database);
}
