#include "archive/warc_private.h"

#include "base/utf8.h"

#define PROFILE(name) "http://netpreserve.org/warc/1.1/revisit/" name
#define YEAR_10000_MS INT64_C(253402300800000)

static const char *const type_names[] = {
#define X(name, text) text,
    AW_WARC_TYPE_LIST(X)
#undef X
};

static const char *const default_types[AW_WARC_TYPE_COUNT] = {
    [AW_WARC_WARCINFO] = AW_WARC_INFO_TYPE,
    [AW_WARC_REQUEST] = "application/http; msgtype=request",
    [AW_WARC_RESPONSE] = "application/http; msgtype=response",
    [AW_WARC_METADATA] = AW_WARC_INFO_TYPE,
    [AW_WARC_REVISIT] = "application/http; msgtype=response",
    [AW_WARC_RESOURCE] = "application/octet-stream",
    [AW_WARC_CONVERSION] = "application/octet-stream",
    [AW_WARC_CONTINUATION] = "application/octet-stream",
};

static const char *const profiles[] = {
    [AW_WARC_IDENTICAL_PAYLOAD] = PROFILE("identical-payload-digest"),
    [AW_WARC_NOT_MODIFIED] = PROFILE("server-not-modified"),
};

/* One line of visible ASCII. */
static bool is_plain(struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < ' ' || text.ptr[i] > '~')
            return false;
    return aw_str_trim(text).len > 0;
}

struct aw_str aw_warc_content_type(const struct aw_warc_record *record)
{
    return is_plain(record->content_type)
               ? aw_str_trim(record->content_type)
               : aw_str_of(default_types[record->type]);
}

/* A URL with a line end in it could write header lines of its own. It is not
 * mended: a URL that was changed would be false evidence. */
static aw_rc check_uri(const char *what, struct aw_str uri, struct aw_err *err)
{
    if (uri.len > AW_WARC_HEADER_MAX)
        return aw_fail(err, AW_LIMIT, "%s is longer than %zu bytes", what,
                       AW_WARC_HEADER_MAX);
    if (!aw_utf8_valid(uri))
        return aw_fail(err, AW_INVALID, "%s is not UTF-8", what);
    for (size_t i = 0; i < uri.len; i++) {
        unsigned char c = (unsigned char)uri.ptr[i];

        if (c <= ' ' || c == 0x7F || (c == '<' && i == 0))
            return aw_fail(err, AW_INVALID,
                           "%s has the byte 0x%02X at %zu: escape it", what, c,
                           i);
    }
    return AW_OK;
}

/* WARC 1.1, 5.11 */
static bool may_refer(const struct aw_warc_record *record)
{
    return record->type == AW_WARC_REVISIT ||
           record->type == AW_WARC_METADATA ||
           record->type == AW_WARC_CONVERSION;
}

static aw_rc check_uris(const struct aw_warc_record *record,
                        struct aw_err *err)
{
    const struct {
        const char *what;
        struct aw_str uri;
    } uris[] = {
        {"target URI", record->target_uri},
        {"id", aw_str_of(record->id)},
        {"id of the concurrent record", record->concurrent_to},
        {"id of the record referred to", record->refers_to},
        {"URI of the record referred to", record->refers_to_uri},
    };
    aw_rc rc = AW_OK;

    for (size_t i = 0; rc == AW_OK && i < sizeof uris / sizeof uris[0]; i++)
        rc = check_uri(uris[i].what, uris[i].uri, err);
    if (rc == AW_OK && !may_refer(record) &&
        (record->refers_to.len > 0 || record->refers_to_uri.len > 0 ||
         record->refers_to_date_ms > 0))
        rc = aw_fail(err, AW_INVALID, "a %s record refers to no other",
                     type_names[record->type]);
    if (rc == AW_OK && record->target_uri.len == 0 &&
        record->type != AW_WARC_WARCINFO && record->type != AW_WARC_METADATA)
        rc = aw_fail(err, AW_INVALID, "a %s record needs a target URI",
                     type_names[record->type]);
    return rc;
}

/* Head and body are one block in the file. A reader parts them at the first
 * empty line, so that must be the end of the head. */
static aw_rc check_block(const struct aw_warc_record *record,
                         struct aw_err *err)
{
    size_t empty_line = aw_http_head_len(record->head);

    if (record->head.len > AW_WARC_RECORD_MAX ||
        record->body.len > AW_WARC_RECORD_MAX - record->head.len)
        return aw_fail(err, AW_LIMIT, "a record of more than %zu bytes",
                       AW_WARC_RECORD_MAX);
    if (!aw_warc_is_http(record))
        return record->head.len == 0
                   ? AW_OK
                   : aw_fail(err, AW_INVALID,
                             "a record of type '%.*s' has an HTTP head",
                             AW_STR_ARG(
                                 aw_str_sub(aw_warc_content_type(record), 0,
                                            80)));
    if (record->head.len == 0 && record->type == AW_WARC_REVISIT)
        return AW_OK;
    if (record->head.len == 0 || empty_line != record->head.len)
        return aw_fail(err, AW_INVALID,
                       "the HTTP head must end at its first empty line");
    return AW_OK;
}

static bool is_hex_digest(const char *text)
{
    size_t len = 0;

    while (aw_hex_value(text[len]) >= 0)
        len++;
    return text[len] == '\0' && len == AW_SHA256_HEX_MAX - 1;
}

static aw_rc check_revisit(const struct aw_warc_record *record,
                           struct aw_err *err)
{
    bool given = is_hex_digest(record->payload_digest);

    switch (record->profile) {
    case AW_WARC_IDENTICAL_PAYLOAD:
        return record->body.len > 0 || given
                   ? AW_OK
                   : aw_fail(err, AW_INVALID,
                             "a revisit needs the payload or its digest");
    case AW_WARC_NOT_MODIFIED:
        return record->body.len == 0 &&
                       (given || record->payload_digest[0] == '\0')
                   ? AW_OK
                   : aw_fail(err, AW_INVALID,
                             "an answer that nothing was modified has no "
                             "body, and a digest of SHA-256 or none");
    default:
        return aw_fail(err, AW_INVALID, "no profile has the number %u",
                       (unsigned)record->profile);
    }
}

aw_rc aw_warc_record_check(const struct aw_warc_record *record,
                           struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if ((unsigned)record->type >= AW_WARC_TYPE_COUNT ||
        record->type == AW_WARC_CONTINUATION)
        return aw_fail(err, AW_INVALID,
                       "no record type to be written has the number %u",
                       (unsigned)record->type);
    if (record->date_ms < 0 || record->date_ms >= YEAR_10000_MS ||
        record->refers_to_date_ms < 0 ||
        record->refers_to_date_ms >= YEAR_10000_MS)
        return aw_fail(err, AW_INVALID, "a date outside the years 1970-9999");
    if (record->type == AW_WARC_REVISIT)
        rc = check_revisit(record, err);
    if (rc == AW_OK)
        rc = check_uris(record, err);
    return rc == AW_OK ? check_block(record, err) : rc;
}

/* One line; printf took half of the time of a header. */
static void put_line(struct aw_buf *out, const char *name, const char *before,
                     struct aw_str value, const char *after)
{
    aw_buf_puts(out, name);
    aw_buf_puts(out, before);
    aw_buf_put(out, value);
    aw_buf_puts(out, after);
}

/* Free text loses its control characters, and so can end no line. */
static void put_text(struct aw_buf *out, const char *name, struct aw_str value)
{
    size_t from;

    if (value.len == 0)
        return;
    if (is_plain(value)) {
        put_line(out, name, ": ", aw_str_trim(value), "\r\n");
        return;
    }
    aw_buf_puts(out, name);
    aw_buf_puts(out, ": ");
    from = out->len;
    aw_utf8_clean(out, aw_str_trim(value));
    if (out->rc != AW_OK)
        return;
    for (size_t i = from; i < out->len; i++)
        if ((unsigned char)out->ptr[i] >= ' ' && out->ptr[i] != 0x7F)
            out->ptr[from++] = out->ptr[i];
    out->len = from;
    aw_buf_puts(out, "\r\n");
}

static void put_uri(struct aw_buf *out, const char *name, struct aw_str uri)
{
    if (uri.len > 0)
        put_line(out, name, ": ", uri, "\r\n");
}

static void put_id(struct aw_buf *out, const char *name, struct aw_str id)
{
    if (id.len > 0)
        put_line(out, name, ": <", id, ">\r\n");
}

static void put_date(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    if (wall_ms == 0)
        return;
    aw_time_iso_ms(wall_ms, text);
    put_line(out, name, ": ", aw_str_of(text), "\r\n");
}

static void put_digest(struct aw_buf *out, const char *name, const char *hex)
{
    if (hex[0] != '\0')
        put_line(out, name, ": sha256:", aw_str_of(hex), "\r\n");
}

static void put_relations(struct aw_buf *out,
                          const struct aw_warc_record *record)
{
    put_id(out, "WARC-Concurrent-To", record->concurrent_to);
    put_id(out, "WARC-Refers-To", record->refers_to);
    put_uri(out, "WARC-Refers-To-Target-URI", record->refers_to_uri);
    put_date(out, "WARC-Refers-To-Date", record->refers_to_date_ms);
    if (record->type == AW_WARC_REVISIT)
        put_uri(out, "WARC-Profile", aw_str_of(profiles[record->profile]));
}

/* A block whose payload was left out as identical is one that was cut for its
 * length. (WARC 1.1, 6.7.2) */
static struct aw_str truncated(const struct aw_warc_record *record)
{
    if (record->truncated.len == 0 && record->type == AW_WARC_REVISIT &&
        record->profile == AW_WARC_IDENTICAL_PAYLOAD && record->head.len > 0)
        return AW_STR("length");
    return record->truncated;
}

static size_t block_len(const struct aw_warc_record *record)
{
    /* A revisit's body is that of another record and is not stored. */
    return record->head.len +
           (record->type == AW_WARC_REVISIT ? 0 : record->body.len);
}

void aw_warc_head_put(struct aw_buf *out, const struct aw_warc_record *record,
                      const char *info_id, const char *file)
{
    put_line(out, "WARC/1.1\r\nWARC-Type", ": ",
             aw_str_of(type_names[record->type]), "\r\n");
    put_id(out, "WARC-Record-ID", aw_str_of(record->id));
    put_date(out, "WARC-Date", record->date_ms);
    put_uri(out, "WARC-Target-URI", record->target_uri);
    put_text(out, "WARC-Filename", aw_str_of(file));
    if (record->type != AW_WARC_WARCINFO)
        put_id(out, "WARC-Warcinfo-ID", aw_str_of(info_id));
    put_text(out, "WARC-IP-Address", record->ip);
    put_text(out, "WARC-Protocol", record->protocol);
    put_relations(out, record);
    put_text(out, "WARC-Truncated", truncated(record));
    if (aw_warc_has_payload(record))
        put_digest(out, "WARC-Payload-Digest", record->payload_digest);
    put_digest(out, "WARC-Block-Digest", record->block_digest);
    if (block_len(record) > 0 || record->content_type.len > 0)
        put_text(out, "Content-Type", aw_warc_content_type(record));
    aw_buf_printf(out, "Content-Length: %zu\r\n\r\n", block_len(record));
}
