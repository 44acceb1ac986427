#include "archive/warc_private.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"

#define LINE_MAX ((size_t)1 << 20) /* bytes of a line that is looked into */
#define VALUES_MAX 64              /* JSON values of a line */
#define TIMESTAMP_LEN 14

/* One look into all indexes of a folder. */
struct lookup {
    struct aw_warc_search *search;
    struct aw_buf key; /* "SURT " */
};

/* --- one line -------------------------------------------------------------
 */

static struct aw_str text_of(const cJSON *object, const char *name)
{
    return aw_str_of(
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name)));
}

static bool fill_place(const cJSON *object, struct aw_warc_place *place)
{
    struct aw_str file = text_of(object, "filename");

    if (file.len == 0 || file.len >= sizeof place->file)
        return false;
    memset(place, 0, sizeof *place);
    memcpy(place->file, file.ptr, file.len);
    return aw_str_to_int(text_of(object, "offset"), &place->offset) &&
           aw_str_to_int(text_of(object, "length"), &place->length);
}

/* A line that cannot be read is none: a growing index may end within one. */
static void take_json(struct aw_warc_search *search, struct aw_str json,
                      int64_t date_ms)
{
    struct aw_warc_candidate candidate = {.date_ms = date_ms};
    cJSON *object = aw_json_too_many(json, VALUES_MAX)
                        ? NULL
                        : cJSON_ParseWithLength(json.ptr, json.len);

    if (object && fill_place(object, &candidate.place)) {
        candidate.url = text_of(object, "url");
        candidate.digest = text_of(object, "digest");
        candidate.revisit =
            aw_str_eq(text_of(object, "mime"), AW_STR("warc/revisit"));
        aw_warc_search_take(search, &candidate);
    }
    cJSON_Delete(object);
}

/* line starts with the key. */
static void take_line(const struct lookup *lookup, struct aw_str line)
{
    struct aw_str rest = aw_str_sub(line, lookup->key.len, line.len);
    int64_t date_ms;

    if (line.len <= LINE_MAX &&
        aw_warc_time_parse(aw_str_sub(rest, 0, TIMESTAMP_LEN), &date_ms))
        take_json(lookup->search, aw_str_sub(rest, TIMESTAMP_LEN, rest.len),
                  date_ms);
}

/* --- one index ------------------------------------------------------------
 */

/* The start of the first line that is not before the key. */
static size_t lower_bound(struct aw_str text, struct aw_str key)
{
    size_t low = 0, high = text.len;

    while (low < high) {
        size_t start = low + (high - low) / 2;
        const char *end;

        while (start > low && text.ptr[start - 1] != '\n')
            start--;
        end = memchr(text.ptr + start, '\n', text.len - start);
        if (aw_str_cmp(aw_str_sub(text, start, key.len), key) >= 0)
            high = start;
        else
            low = end ? (size_t)(end - text.ptr) + 1 : text.len;
    }
    return low;
}

static void look_through(const struct lookup *lookup, struct aw_str text,
                         bool sorted)
{
    struct aw_str key = aw_buf_str(&lookup->key);
    struct aw_str line;

    if (sorted)
        text = aw_str_sub(text, lower_bound(text, key), text.len);
    while (aw_str_split(&text, '\n', &line)) {
        if (aw_str_starts(line, key))
            take_line(lookup, line);
        else if (sorted)
            return;
    }
}

static aw_rc look_into(const struct lookup *lookup, const char *path, int fd,
                       struct aw_err *err)
{
    struct stat st;
    void *map;

    if (fstat(fd, &st) != 0)
        return aw_fail_errno(err, AW_IO, "cannot stat '%s'", path);
    if (st.st_size == 0)
        return AW_OK;
    map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return aw_fail_errno(err, AW_IO, "cannot map '%s'", path);
    look_through(lookup, (struct aw_str){map, (size_t)st.st_size},
                 !aw_str_ends(aw_str_of(path), AW_STR(AW_OPEN_SUFFIX)));
    (void)munmap(map, (size_t)st.st_size);
    return AW_OK;
}

/* An index may lose its ".open" while the folder is walked: no failure, for
 * the finished ones are walked after those that grow. */
static aw_rc index_visit(void *self, const char *path, struct aw_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    aw_rc rc;

    if (fd < 0 && !aw_path_exists(path))
        return AW_OK;
    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot open '%s'", path);
    rc = look_into(self, path, fd, err);
    (void)close(fd);
    return rc;
}

aw_rc aw_warc_search_indexes(struct aw_warc_search *search, const char *dir,
                             struct aw_err *err)
{
    static const char *const suffixes[] = {AW_CDXJ_SUFFIX AW_OPEN_SUFFIX,
                                           AW_CDXJ_SUFFIX};
    struct lookup lookup = {.search = search};
    aw_rc rc = AW_OK;

    aw_buf_init(&lookup.key, 4 * AW_WARC_HEADER_MAX);
    for (size_t i = 0; rc == AW_OK && i < 4; i++) {
        struct aw_str url = search->query.urls[i % 2];

        if (url.len == 0)
            continue;
        aw_buf_reset(&lookup.key);
        aw_surt_put(&lookup.key, url);
        aw_buf_putc(&lookup.key, ' ');
        rc = aw_buf_check(&lookup.key, err);
        if (rc == AW_OK)
            rc = aw_dir_walk(dir, suffixes[i / 2], index_visit, &lookup, err);
    }
    aw_buf_deinit(&lookup.key);
    return rc;
}
