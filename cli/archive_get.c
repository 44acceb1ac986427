#include <string.h>

#include "archive/warc.h"
#include "cli/archive.h"
#include "crawler/url.h"
#include "extract/inflate.h"

#define DECODED_MAX ((size_t)1 << 30) /* bytes; what is longer is cut */

/* What to print of a record; where it lies and comes from. */
struct wanted {
    bool head, body, request, decode, record;
    struct aw_warc_source source;
    struct aw_warc_place place;
};

/* --- printing -------------------------------------------------------------
 */

static aw_rc inflate_and_print(struct aw_str coding, struct aw_str body,
                               struct aw_err *err)
{
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, DECODED_MAX + 1);
    rc = aw_inflate(coding, body, DECODED_MAX, &out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

/* A body that is not in chunks although its head says so is taken as it is:
 * some programs undo them and leave the head. */
static aw_rc print_decoded(const struct aw_warc_record *record,
                           struct aw_err *err)
{
    struct aw_str coding =
        aw_warc_http_field(record->head, AW_STR("content-encoding"));
    struct aw_str transfer =
        aw_warc_http_field(record->head, AW_STR("transfer-encoding"));
    struct aw_str body = record->body;
    struct aw_buf whole;
    aw_rc rc = AW_OK;

    aw_buf_init(&whole, body.len);
    if (aw_str_eq_nocase(transfer, AW_STR("chunked"))) {
        rc = aw_warc_unchunk(body, &whole, err);
        if (rc == AW_OK)
            body = aw_buf_str(&whole);
    }
    if (rc == AW_OK || rc == AW_INVALID)
        rc = inflate_and_print(coding, body, err);
    aw_buf_deinit(&whole);
    return rc;
}

static aw_rc print_body(const struct wanted *wanted,
                        const struct aw_warc_record *record,
                        struct aw_err *err)
{
    return wanted->decode ? print_decoded(record, err)
                          : aw_cli_print(record->body, err);
}

/* The body that a revisit does not have. */
static aw_rc print_original(const struct wanted *wanted,
                            const struct aw_warc_record *revisit,
                            struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record = {0};
    struct aw_warc_place place;
    aw_rc rc = aw_warc_find_original(&wanted->source, revisit, &place, err);

    if (rc == AW_OK)
        rc = aw_warc_open_found(&reader, &wanted->source, &place, err);
    if (rc == AW_OK)
        rc = aw_warc_next(reader, &record, NULL, err);
    if (rc == AW_OK)
        rc = print_body(wanted, &record, err);
    aw_warc_reader_free(reader);
    return rc;
}

static aw_rc print_parts(const struct wanted *wanted,
                         const struct aw_warc_record *record,
                         struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (wanted->head)
        rc = aw_cli_print(record->head, err);
    if (rc != AW_OK || !wanted->body)
        return rc;
    return record->type == AW_WARC_REVISIT
               ? print_original(wanted, record, err)
               : print_body(wanted, record, err);
}

static aw_rc print_request(const struct wanted *wanted,
                           const struct aw_warc_record *response,
                           struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record = {0};
    struct aw_warc_place place;
    aw_rc rc = aw_warc_find_request(&wanted->source, response, &wanted->place,
                                    &place, err);

    if (rc == AW_OK)
        rc = aw_warc_open_found(&reader, &wanted->source, &place, err);
    if (rc == AW_OK)
        rc = aw_warc_next(reader, &record, NULL, err);
    if (rc == AW_OK && wanted->record)
        rc = aw_cli_print(aw_warc_reader_raw(reader), err);
    else if (rc == AW_OK)
        rc = print_parts(wanted, &record, err);
    aw_warc_reader_free(reader);
    return rc;
}

static aw_rc print_record(const struct wanted *wanted,
                          const struct aw_warc_reader *reader,
                          const struct aw_warc_record *record,
                          struct aw_err *err)
{
    if (wanted->request)
        return print_request(wanted, record, err);
    if (wanted->record)
        return aw_cli_print(aw_warc_reader_raw(reader), err);
    return print_parts(wanted, record, err);
}

static aw_rc print_place(const struct wanted *wanted, struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record = {0};
    aw_rc rc =
        aw_warc_open_found(&reader, &wanted->source, &wanted->place, err);

    if (rc == AW_OK)
        rc = aw_warc_next(reader, &record, NULL, err);
    if (rc == AW_OK)
        rc = print_record(wanted, reader, &record, err);
    aw_warc_reader_free(reader);
    return rc;
}

/* --- which one ------------------------------------------------------------
 */

static aw_rc set_parts(const struct aw_cli *cli, struct wanted *wanted,
                       struct aw_err *err)
{
    bool headers = aw_cli_value(cli, "headers");
    bool body = aw_cli_value(cli, "body");
    bool record = aw_cli_value(cli, "record");

    if (headers + body + record > 1)
        return aw_cli_usage(cli, err,
                            "--headers, --body and --record do not go "
                            "together: without them head and body are "
                            "printed");
    wanted->record = record;
    wanted->head = !body;
    wanted->body = !headers;
    wanted->request = aw_cli_value(cli, "request");
    wanted->decode = aw_cli_value(cli, "decode");
    wanted->source.file = aw_cli_value(cli, "file");
    return AW_OK;
}

static aw_rc set_time(const struct aw_cli *cli, int64_t *at_ms,
                      struct aw_err *err)
{
    const char *text = aw_cli_value(cli, "at");

    *at_ms = AW_WARC_NEWEST;
    if (text && !aw_warc_time_parse(aw_str_of(text), at_ms))
        return aw_cli_usage(cli, err,
                            "--at '%s' is no time: "
                            "2026-11-23T02:13:00Z or 20261123021300",
                            text);
    return AW_OK;
}

/* In the form under which our crawler archives, or as others wrote it. */
static aw_rc find_url(const struct aw_cli *cli, struct wanted *wanted,
                      const char *url, struct aw_err *err)
{
    struct aw_warc_query query = {.urls = {aw_str_of(url)}};
    struct aw_buf canonical;
    struct aw_err ignored; /* a URN is none that the crawler would fetch */
    aw_rc rc = set_time(cli, &query.at_ms, err);

    aw_buf_init(&canonical, AW_URL_MAX + 1);
    if (aw_url_canonical((struct aw_str){0}, query.urls[0], &canonical,
                         &ignored) == AW_OK &&
        !aw_str_eq(aw_buf_str(&canonical), query.urls[0]))
        query.urls[1] = aw_buf_str(&canonical);
    if (rc == AW_OK)
        rc = aw_warc_find(&wanted->source, &query, &wanted->place, err);
    aw_buf_deinit(&canonical);
    return rc;
}

static aw_rc find_capture(const struct aw_workspace *ws, int64_t id,
                          struct aw_warc_place *place, struct aw_err *err)
{
    struct aw_capture capture;
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, (size_t)1 << 20);
    rc = aw_store_capture_get(ws->store, &arena, id, &capture, err);
    if (rc == AW_OK) {
        (void)snprintf(place->file, sizeof place->file, "%.*s",
                       AW_STR_ARG(capture.warc_file));
        place->offset = capture.warc_offset;
        place->length = capture.warc_length;
    }
    aw_arena_deinit(&arena);
    return rc;
}

/* wanted is a copy: what it points to ends with the workspace. */
static aw_rc get_from_workspace(struct aw_cli *cli, struct wanted wanted,
                                const char *word, struct aw_err *err)
{
    struct aw_workspace ws;
    int64_t id;
    aw_rc rc = aw_workspace_open(&ws, cli, false, err);

    wanted.source.dir = ws.archive;
    if (rc == AW_OK)
        rc = aw_str_to_int(aw_str_of(word), &id)
                 ? find_capture(&ws, id, &wanted.place, err)
                 : find_url(cli, &wanted, word, err);
    if (rc == AW_OK)
        rc = print_place(&wanted, err);
    aw_workspace_close(&ws);
    return rc;
}

aw_rc aw_archive_get(struct aw_cli *cli, char **words, int count,
                     struct aw_err *err)
{
    struct wanted wanted = {0};
    aw_rc rc = set_parts(cli, &wanted, err);

    if (rc != AW_OK)
        return rc;
    if (count != 1)
        return aw_cli_usage(cli, err,
                            "one URL, or the number of a capture, is needed");
    if (!wanted.source.file)
        return get_from_workspace(cli, wanted, words[0], err);
    rc = find_url(cli, &wanted, words[0], err);
    return rc == AW_OK ? print_place(&wanted, err) : rc;
}
