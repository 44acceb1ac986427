#include "archive/warc_private.h"

#include <string.h>

#define DIGITS_MAX 14 /* of a time without marks */

/* --- times ----------------------------------------------------------------
 */

static bool is_digits(struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!aw_ascii_digit(text.ptr[i]))
            return false;
    return text.len >= 4 && text.len <= DIGITS_MAX && text.len % 2 == 0;
}

bool aw_warc_time_parse(struct aw_str text, int64_t *wall_ms)
{
    static const int lengths[] = {4, 2, 2, 2, 2, 2};
    char digits[] = "00000101000000";
    char iso[] = "0000-00-00T00:00:00Z";
    size_t from = 0, to = 0;

    if (!is_digits(text))
        return aw_warc_date_parse(text, wall_ms);
    memcpy(digits, text.ptr, text.len);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        memcpy(iso + to, digits + from, (size_t)lengths[i]);
        from += (size_t)lengths[i];
        to += (size_t)lengths[i] + 1;
    }
    return aw_warc_date_parse(aw_str_of(iso), wall_ms);
}

/* --- which one ------------------------------------------------------------
 */

static bool has_url(const struct aw_warc_query *query, struct aw_str url)
{
    bool any = true;

    for (size_t i = 0; i < 2; i++) {
        if (query->urls[i].len == 0)
            continue;
        if (aw_str_eq(query->urls[i], url))
            return true;
        any = false;
    }
    return any;
}

static bool fits(const struct aw_warc_search *search,
                 const struct aw_warc_candidate *c)
{
    return has_url(&search->query, c->url) &&
           !(search->original && c->revisit) &&
           (search->id.len == 0 || aw_str_eq(search->id, c->id)) &&
           (search->digest.len == 0 || aw_str_eq(search->digest, c->digest));
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* Of two that are as near, the later in the archive: file names hold the
 * time. */
static bool is_better(const struct aw_warc_search *search,
                      const struct aw_warc_candidate *c)
{
    int64_t at = search->query.at_ms;
    int64_t mine = distance(at, c->date_ms);
    int64_t best = distance(at, search->found_ms);
    int names = strcmp(c->place.file, search->place.file);

    if (!search->found || mine != best)
        return !search->found || mine < best;
    return names > 0 || (names == 0 && c->place.offset > search->place.offset);
}

void aw_warc_search_take(struct aw_warc_search *search,
                         const struct aw_warc_candidate *candidate)
{
    if (!fits(search, candidate) || !is_better(search, candidate))
        return;
    search->found = true;
    search->found_ms = candidate->date_ms;
    search->place = candidate->place;
}

/* --- in the records of a file ---------------------------------------------
 */

static void take_record(struct aw_warc_search *search,
                        const struct aw_warc_record *record,
                        const struct aw_warc_place *place)
{
    struct aw_warc_candidate candidate = {
        .url = record->target_uri,
        .id = aw_str_of(record->id),
        .digest = record->stated_payload,
        .date_ms = record->date_ms,
        .revisit = record->type == AW_WARC_REVISIT,
        .place = *place,
    };

    if (aw_warc_has_payload(record))
        aw_warc_search_take(search, &candidate);
}

static aw_rc search_file(struct aw_warc_search *search, const char *path,
                         struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    aw_rc rc = aw_warc_reader_new(&reader, path, 0, err);

    if (rc != AW_OK)
        return rc;
    while (rc == AW_OK) {
        struct aw_warc_record record;
        struct aw_warc_place place;

        rc = aw_warc_next(reader, &record, &place, err);
        if (rc == AW_OK)
            take_record(search, &record, &place);
    }
    aw_warc_reader_free(reader);
    return rc == AW_MISSING ? AW_OK : rc;
}

static aw_rc search(struct aw_warc_search *search,
                    const struct aw_warc_source *source, struct aw_err *err)
{
    return source->file ? search_file(search, source->file, err)
                        : aw_warc_search_indexes(search, source->dir, err);
}

/* --- what callers ask -----------------------------------------------------
 */

aw_rc aw_warc_find(const struct aw_warc_source *source,
                   const struct aw_warc_query *query,
                   struct aw_warc_place *place, struct aw_err *err)
{
    struct aw_warc_search wanted = {.query = *query};
    aw_rc rc = search(&wanted, source, err);

    if (rc != AW_OK)
        return rc;
    if (!wanted.found)
        return aw_fail(err, AW_MISSING, "no record of '%.*s' in '%s'",
                       AW_STR_ARG(query->urls[0]),
                       source->file ? source->file : source->dir);
    *place = wanted.place;
    return AW_OK;
}

static struct aw_warc_search wanted_of(const struct aw_warc_record *revisit)
{
    struct aw_str uri = revisit->refers_to_uri;
    int64_t date_ms = revisit->refers_to_date_ms;

    return (struct aw_warc_search){
        .query = {.urls = {uri.len > 0 ? uri : revisit->target_uri},
                  .at_ms = date_ms > 0 ? date_ms : revisit->date_ms},
        .digest = revisit->stated_payload,
        .original = true};
}

aw_rc aw_warc_find_original(const struct aw_warc_source *source,
                            const struct aw_warc_record *revisit,
                            struct aw_warc_place *place, struct aw_err *err)
{
    struct aw_warc_search wanted = {.id = revisit->refers_to,
                                    .original = true};
    bool by_id = source->file && revisit->refers_to.len > 0;
    aw_rc rc = by_id ? search(&wanted, source, err) : AW_OK;

    if (rc == AW_OK && !wanted.found) {
        wanted = wanted_of(revisit);
        rc = search(&wanted, source, err);
    }
    if (rc != AW_OK)
        return rc;
    if (!wanted.found)
        return aw_fail(err, AW_MISSING,
                       "the record that has the payload is not in '%s': it is "
                       "of '%.*s', id '%.*s'",
                       source->file ? source->file : source->dir,
                       AW_STR_ARG(wanted.query.urls[0]),
                       AW_STR_ARG(revisit->refers_to));
    *place = wanted.place;
    return AW_OK;
}

/* --- requests -------------------------------------------------------------
 */

static bool is_request_of(const struct aw_warc_record *request,
                          struct aw_str id, struct aw_str concurrent_to)
{
    return request->type == AW_WARC_REQUEST &&
           ((id.len > 0 && aw_str_eq(request->concurrent_to, id)) ||
            (concurrent_to.len > 0 &&
             aw_str_eq(aw_str_of(request->id), concurrent_to)));
}

/* Looks from a place to the end of its file. */
static aw_rc find_request_from(const struct aw_warc_source *source,
                               const struct aw_warc_record *response,
                               const struct aw_warc_place *from,
                               struct aw_warc_place *place, struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    struct aw_warc_place at;
    aw_rc rc = aw_warc_open_found(&reader, source, from, err);

    while (rc == AW_OK) {
        rc = aw_warc_next(reader, &record, &at, err);
        if (rc == AW_OK && is_request_of(&record, aw_str_of(response->id),
                                         response->concurrent_to))
            break;
    }
    if (rc == AW_OK)
        *place = at;
    aw_warc_reader_free(reader);
    return rc;
}

aw_rc aw_warc_find_request(const struct aw_warc_source *source,
                           const struct aw_warc_record *response,
                           const struct aw_warc_place *of,
                           struct aw_warc_place *place, struct aw_err *err)
{
    struct aw_warc_place start = *of;
    aw_rc rc = find_request_from(source, response, of, place, err);

    start.offset = 0;
    if (rc == AW_MISSING && of->offset > 0)
        rc = find_request_from(source, response, &start, place, err);
    if (rc == AW_MISSING)
        rc = aw_fail(err, AW_MISSING,
                     "the request of that record is not in its file");
    return rc;
}
