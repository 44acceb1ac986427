#include "archive/warc_private.h"

#include <stdio.h>
#include <string.h>

#define FIELD_LIST(X)                             \
    X(TYPE, "WARC-Type")                          \
    X(ID, "WARC-Record-ID")                       \
    X(DATE, "WARC-Date")                          \
    X(LENGTH, "Content-Length")                   \
    X(CONTENT_TYPE, "Content-Type")               \
    X(TARGET_URI, "WARC-Target-URI")              \
    X(IP, "WARC-IP-Address")                      \
    X(PROTOCOL, "WARC-Protocol")                  \
    X(CONCURRENT_TO, "WARC-Concurrent-To")        \
    X(REFERS_TO, "WARC-Refers-To")                \
    X(REFERS_TO_URI, "WARC-Refers-To-Target-URI") \
    X(REFERS_TO_DATE, "WARC-Refers-To-Date")      \
    X(PROFILE, "WARC-Profile")                    \
    X(SEGMENT, "WARC-Segment-Number")             \
    X(TRUNCATED, "WARC-Truncated")                \
    X(PAYLOAD_DIGEST, "WARC-Payload-Digest")      \
    X(BLOCK_DIGEST, "WARC-Block-Digest")

enum field {
#define X(name, text) FIELD_##name,
    FIELD_LIST(X)
#undef X
        FIELD_COUNT
};

static const char *const field_names[] = {
#define X(name, text) text,
    FIELD_LIST(X)
#undef X
};

static const char *const type_names[] = {
#define X(name, text) text,
    AW_WARC_TYPE_LIST(X)
#undef X
};

/* --- dates ------------------------------------------------------------ */

static bool clock_time_parse(struct aw_str text, int64_t *ms)
{
    int64_t hour, minute, second;

    if (text.len != 9 || text.ptr[0] != 'T' || text.ptr[3] != ':' ||
        text.ptr[6] != ':' || !aw_str_to_int(aw_str_sub(text, 1, 2), &hour) ||
        !aw_str_to_int(aw_str_sub(text, 4, 2), &minute) ||
        !aw_str_to_int(aw_str_sub(text, 7, 2), &second) || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    *ms = ((hour * 60 + minute) * 60 + second) * 1000;
    return true;
}

/* ".5" and ".500000000" are 500 ms. */
static bool fraction_parse(struct aw_str text, int64_t *ms)
{
    int64_t unit = 100;

    *ms = 0;
    if (text.len == 0)
        return true;
    if (text.len < 2 || text.len > 10 || text.ptr[0] != '.')
        return false;
    for (size_t i = 1; i < text.len; i++, unit /= 10) {
        if (!aw_ascii_digit(text.ptr[i]))
            return false;
        *ms += (text.ptr[i] - '0') * unit;
    }
    return true;
}

bool aw_warc_date_parse(struct aw_str text, int64_t *wall_ms)
{
    static const char least[] = "0000-01-01T00:00:00";
    char full[sizeof least];
    int64_t day, time, fraction;
    size_t given;

    if (text.len > 0 && text.ptr[text.len - 1] == 'Z')
        text.len--;
    given = text.len < sizeof least - 1 ? text.len : sizeof least - 1;
    if (given != 4 && given != 7 && given != 10 && given != 16 && given != 19)
        return false;
    memcpy(full, text.ptr, given);
    memcpy(full + given, least + given, sizeof least - given);
    if (!aw_date_parse((struct aw_str){full, 10}, &day) ||
        !clock_time_parse((struct aw_str){full + 10, 9}, &time) ||
        !fraction_parse(aw_str_sub(text, given, text.len), &fraction))
        return false;
    *wall_ms = day + time + fraction;
    return true;
}

/* --- the header ------------------------------------------------------- */

/* A line that starts with white space goes on with the one before. */
static void join_folded(struct aw_buf *text)
{
    char *at = text->ptr;

    for (size_t i = 1; i + 1 < text->len; i++)
        if (at[i] == '\n' && (at[i + 1] == ' ' || at[i + 1] == '\t')) {
            at[i] = ' ';
            if (at[i - 1] == '\r')
                at[i - 1] = ' ';
        }
}

static void find_field(struct aw_str line, struct aw_str values[FIELD_COUNT],
                       bool *length_twice)
{
    struct aw_str name;

    if (!aw_str_split(&line, ':', &name))
        return;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (!aw_str_eq_nocase(aw_str_trim(name), aw_str_of(field_names[i])))
            continue;
        if (values[i].len == 0)
            values[i] = aw_str_trim(line);
        else if (i == FIELD_LENGTH)
            *length_twice = true;
        return;
    }
}

static aw_rc split_fields(struct aw_str text,
                          struct aw_str values[FIELD_COUNT],
                          struct aw_err *err)
{
    static const enum field needed[] = {FIELD_TYPE, FIELD_ID, FIELD_DATE,
                                        FIELD_LENGTH};
    bool length_twice = false;
    struct aw_str line;

    if (!aw_str_split(&text, '\n', &line) ||
        !(aw_str_eq(aw_str_trim(line), AW_STR("WARC/1.0")) ||
          aw_str_eq(aw_str_trim(line), AW_STR("WARC/1.1"))))
        return aw_fail(err, AW_INVALID, "no record of WARC/1.0 or WARC/1.1");
    while (aw_str_split(&text, '\n', &line))
        find_field(line, values, &length_twice);
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (values[needed[i]].len == 0)
            return aw_fail(err, AW_INVALID, "the header has no %s",
                           field_names[needed[i]]);
    if (length_twice)
        return aw_fail(err, AW_INVALID, "the header has two Content-Length");
    return AW_OK;
}

static struct aw_str without_brackets(struct aw_str s)
{
    if (s.len >= 2 && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>')
        return aw_str_sub(s, 1, s.len - 2);
    return s;
}

/* An id that does not fit is not one that this program made: left empty. */
static void copy_id(char out[AW_UUID_URN_MAX], struct aw_str id)
{
    memset(out, 0, AW_UUID_URN_MAX);
    if (id.len > 0 && id.len < AW_UUID_URN_MAX)
        memcpy(out, id.ptr, id.len);
}

static bool type_parse(struct aw_str name, enum aw_warc_type *out)
{
    for (int i = 0; i < AW_WARC_TYPE_COUNT; i++) {
        if (aw_str_eq_nocase(name, aw_str_of(type_names[i]))) {
            *out = (enum aw_warc_type)i;
            return true;
        }
    }
    return false;
}

/* WARC 1.0 and 1.1 have other URIs for the same; "uri-agnostic" of Heritrix
 * means that it may refer to another URI, as 1.1 allows anyway. */
static enum aw_warc_profile profile_parse(struct aw_str uri)
{
    static const struct {
        struct aw_str end;
        enum aw_warc_profile profile;
    } known[] = {
        {{"/revisit/identical-payload-digest", 33}, AW_WARC_IDENTICAL_PAYLOAD},
        {{"/revisit/uri-agnostic-identical-payload-digest", 46},
         AW_WARC_IDENTICAL_PAYLOAD},
        {{"/revisit/server-not-modified", 28}, AW_WARC_NOT_MODIFIED},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (aw_str_ends(uri, known[i].end))
            return known[i].profile;
    return AW_WARC_PROFILE_OTHER;
}

static void fill_views(struct aw_warc_record *record,
                       const struct aw_str values[FIELD_COUNT])
{
    copy_id(record->id, without_brackets(values[FIELD_ID]));
    record->target_uri = without_brackets(values[FIELD_TARGET_URI]);
    record->ip = values[FIELD_IP];
    record->protocol = values[FIELD_PROTOCOL];
    record->content_type = values[FIELD_CONTENT_TYPE];
    record->concurrent_to = without_brackets(values[FIELD_CONCURRENT_TO]);
    record->refers_to = without_brackets(values[FIELD_REFERS_TO]);
    record->refers_to_uri = without_brackets(values[FIELD_REFERS_TO_URI]);
    record->truncated = values[FIELD_TRUNCATED];
    record->stated_payload = values[FIELD_PAYLOAD_DIGEST];
}

static aw_rc fill_numbers(struct aw_warc_record *record,
                          struct aw_warc_stated *stated,
                          const struct aw_str values[FIELD_COUNT],
                          struct aw_err *err)
{
    struct aw_str refers = values[FIELD_REFERS_TO_DATE];
    struct aw_str segment = values[FIELD_SEGMENT];

    if (!aw_str_to_int(values[FIELD_LENGTH], &stated->length) ||
        stated->length < 0)
        return aw_fail(err, AW_INVALID, "Content-Length is '%.*s'",
                       AW_STR_ARG(aw_str_sub(values[FIELD_LENGTH], 0, 40)));
    if (stated->length > (int64_t)AW_WARC_RECORD_MAX)
        return aw_fail(err, AW_LIMIT, "a block of more than %zu bytes",
                       AW_WARC_RECORD_MAX);
    if (!aw_warc_date_parse(values[FIELD_DATE], &record->date_ms))
        return aw_fail(err, AW_INVALID, "WARC-Date is '%.*s'",
                       AW_STR_ARG(aw_str_sub(values[FIELD_DATE], 0, 40)));
    if (refers.len > 0 &&
        !aw_warc_date_parse(refers, &record->refers_to_date_ms))
        return aw_fail(err, AW_INVALID, "WARC-Refers-To-Date is '%.*s'",
                       AW_STR_ARG(aw_str_sub(refers, 0, 40)));
    if (segment.len > 0 &&
        (!aw_str_to_int(segment, &record->segment) || record->segment < 1))
        return aw_fail(err, AW_INVALID, "WARC-Segment-Number is '%.*s'",
                       AW_STR_ARG(aw_str_sub(segment, 0, 40)));
    return AW_OK;
}

aw_rc aw_warc_head_parse(struct aw_buf *text, struct aw_warc_record *record,
                         struct aw_warc_stated *stated, struct aw_err *err)
{
    struct aw_str values[FIELD_COUNT] = {{0}};
    struct aw_warc_record made = {0};
    struct aw_warc_stated told = {0};
    aw_rc rc;

    join_folded(text);
    rc = split_fields(aw_buf_str(text), values, err);
    if (rc == AW_OK)
        rc = fill_numbers(&made, &told, values, err);
    if (rc != AW_OK)
        return rc;
    fill_views(&made, values);
    told.known = type_parse(values[FIELD_TYPE], &made.type);
    if (told.known && made.type == AW_WARC_REVISIT)
        made.profile = profile_parse(values[FIELD_PROFILE]);
    told.block_digest = values[FIELD_BLOCK_DIGEST];
    told.payload_digest = values[FIELD_PAYLOAD_DIGEST];
    *record = made;
    *stated = told;
    return AW_OK;
}
