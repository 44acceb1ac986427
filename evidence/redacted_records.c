#include "evidence/redacted_private.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive/warc.h"
#include "base/fs.h"
#include "base/utf8.h"
#include "extract/charset.h"
#include "extract/inflate.h"

#define ENCODED_MAX (4 * AW_REDACT_TEXT_MAX + AW_CHARSET_ROOM)

/* A record as it is looked into; its text, where it has one. */
struct looked {
    const struct aw_warc_record *record;
    struct aw_str text;
    bool is_text, is_closed; /* closed: nobody can say what is in it */
    enum aw_redact_form form;
};

typedef aw_rc look_fn(void *self, const struct looked *looked,
                      struct aw_err *err);

/* ---- what is in a record ------------------------------------------------ */

static bool has(struct aw_str mime, const char *part)
{
    return aw_str_find_nocase(mime, aw_str_of(part)) >= 0;
}

static bool is_text(struct aw_str mime)
{
    static const char *const parts[] = {"text/",       "json",
                                        "xml",         "javascript",
                                        "ecmascript",  "form-urlencoded",
                                        "warc-fields", "application/http",
                                        NULL};

    for (const char *const *part = parts; *part; part++)
        if (has(mime, *part))
            return true;
    return false;
}

/* Holds no text, as browsers use it; pictures may hold some, and are judged by
 * the text of their page. */
static bool is_silent(struct aw_str mime)
{
    static const char *const parts[] = {"image/", "font", "audio/",
                                        "video/", "woff", NULL};

    for (const char *const *part = parts; *part; part++)
        if (has(mime, *part))
            return true;
    return false;
}

static aw_rc decode(struct aw_str bytes, struct aw_str content_type,
                    struct aw_buf *scratch, struct aw_str *out,
                    struct aw_err *err)
{
    struct aw_charset_hints hints = {.http = aw_charset_param(content_type)};
    struct aw_charset charset;
    aw_rc rc;

    *out = bytes;
    if (aw_utf8_valid(bytes))
        return AW_OK;
    rc = aw_charset_decide(bytes, &hints, &charset, err);
    return rc == AW_OK ? aw_charset_decode(bytes, &charset, scratch, out, err)
                       : rc;
}

static aw_rc unpack(const struct aw_warc_record *record, struct aw_buf *out,
                    struct aw_str *bytes, bool *closed, struct aw_err *err)
{
    const struct aw_inflate_limits limits = {AW_REDACT_TEXT_MAX,
                                             AW_INFLATE_RATIO_MAX};
    struct aw_str coding =
        aw_warc_http_field(record->head, AW_STR("Content-Encoding"));
    enum aw_inflate_end end = AW_INFLATE_WHOLE;
    aw_rc rc;

    *bytes = record->body;
    if (coding.len == 0)
        return AW_OK;
    rc = aw_inflate_body(coding, record->body, &limits, out, &end, err);
    if (rc == AW_INVALID) { /* a coding that is not known */
        *closed = true;
        return AW_OK;
    }
    *bytes = aw_buf_str(out);
    *closed = end != AW_INFLATE_WHOLE;
    return rc;
}

static enum aw_redact_form form_of(struct aw_str mime)
{
    return has(mime, "html") || has(mime, "xml") ? AW_REDACT_HTML
                                                 : AW_REDACT_TEXT;
}

/* Tells the URL and the head. */
static aw_rc open_head(const struct aw_warc_record *record, look_fn *visit,
                       void *self, struct aw_err *err)
{
    struct looked looked = {.record = record,
                            .text = record->target_uri,
                            .is_text = true,
                            .form = AW_REDACT_TEXT};
    aw_rc rc = visit(self, &looked, err);

    looked.text = record->head;
    return rc == AW_OK ? visit(self, &looked, err) : rc;
}

/* And then the body. */
static aw_rc open_record(const struct aw_warc_record *record, look_fn *visit,
                         void *self, struct aw_err *err)
{
    struct aw_str type =
        record->head.len > 0
            ? aw_warc_http_field(record->head, AW_STR("Content-Type"))
            : record->content_type;
    struct looked looked = {.record = record};
    struct aw_buf plain, decoded;
    aw_rc rc = open_head(record, visit, self, err);

    if (rc != AW_OK || record->body.len == 0)
        return rc;
    aw_buf_init(&plain, AW_REDACT_TEXT_MAX + 1);
    aw_buf_init(&decoded, ENCODED_MAX);
    looked.text = record->body;
    looked.form = form_of(type);
    looked.is_text = is_text(type) || type.len == 0;
    looked.is_closed = !looked.is_text && !is_silent(type);
    if (looked.is_text)
        rc = unpack(record, &plain, &looked.text, &looked.is_closed, err);
    if (rc == AW_OK && looked.text.len > AW_REDACT_TEXT_MAX)
        looked.is_closed = looked.is_text;
    if (rc == AW_OK && looked.is_text && !looked.is_closed)
        rc = decode(looked.text, type, &decoded, &looked.text, err);
    if (rc == AW_OK && looked.text.len > AW_REDACT_TEXT_MAX)
        looked.is_closed = looked.is_text;
    if (rc == AW_OK)
        rc = visit(self, &looked, err);
    aw_buf_deinit(&plain);
    aw_buf_deinit(&decoded);
    return rc;
}

/* The reader wants a file: one that has no name and lies in memory. */
static aw_rc each_record(struct aw_str warc, look_fn *visit, void *self,
                         struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    int fd = memfd_create("warc", MFD_CLOEXEC);
    char path[64];
    aw_rc rc;

    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot make a file in memory");
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    rc = aw_write_all(fd, warc.ptr, warc.len, err);
    if (rc == AW_OK)
        rc = aw_warc_reader_new(&reader, path, 0, err);
    while (rc == AW_OK) {
        rc = aw_warc_next(reader, &record, NULL, err);
        if (rc == AW_MISSING)
            break;
        if (rc == AW_OK)
            rc = open_record(&record, visit, self, err);
    }
    aw_warc_reader_free(reader);
    (void)close(fd);
    return rc == AW_MISSING ? AW_OK : rc;
}

/* ---- learning ----------------------------------------------------------- */

static aw_rc learn(void *self, const struct looked *looked, struct aw_err *err)
{
    struct aw_redacting *r = self;

    return looked->is_text && !looked->is_closed
               ? aw_redact_learn(r->redact, looked->text, looked->form, err)
               : AW_OK;
}

aw_rc aw_redacting_learn_records(struct aw_redacting *r, struct aw_str warc,
                                 struct aw_err *err)
{
    return each_record(warc, learn, r, err);
}

/* ---- looking ------------------------------------------------------------ */

struct looking {
    struct aw_redacting *r;
    struct aw_fated *fated;
};

static aw_rc add_record(struct looking *l, const struct aw_warc_record *record,
                        const char *why, struct aw_err *err)
{
    static const char *const types[] = {
#define X(name, text) text,
        AW_WARC_TYPE_LIST(X)
#undef X
    };
    struct aw_arena *arena = &l->r->arena;
    struct aw_fated_record *last = l->fated->records;
    struct aw_fated_record *item;
    bool taken;
    aw_rc rc;

    if (last && aw_str_eq(last->id, aw_str_of(record->id)))
        return AW_OK; /* its head said it already */
    item = aw_arena_alloc(arena, sizeof *item);
    if (!item)
        return aw_arena_fail(arena, err);
    *item = (struct aw_fated_record){.type = aw_str_of(types[record->type]),
                                     .why = why,
                                     .next = last};
    rc = aw_arena_dup(arena, aw_str_of(record->id), &item->id, err);
    if (rc == AW_OK)
        rc = aw_redacting_word(l->r, record->target_uri, &item->url, &taken,
                               err);
    if (rc == AW_OK)
        l->fated->records = item;
    return rc;
}

/* Its digest stands in captures.json and elsewhere. */
static aw_rc hide_payload(struct looking *l,
                          const struct aw_warc_record *record,
                          struct aw_err *err)
{
    bool ignored = false;

    return aw_redacting_hide(l->r, record->body, &ignored, err);
}

static aw_rc look(void *self, const struct looked *looked, struct aw_err *err)
{
    struct looking *l = self;
    struct aw_redacting *r = l->r;
    size_t before = r->places.count;
    struct aw_str text;
    aw_rc rc;

    if (looked->is_closed)
        return add_record(l, looked->record, "不能查看其内容", err);
    text = aw_str_sub(looked->text, 0, AW_REDACT_TEXT_MAX);
    rc = aw_redact_text(r->redact, text, looked->form, NULL, &r->places, err);
    if (rc == AW_OK && r->places.count > before)
        rc = hide_payload(l, looked->record, err);
    if (rc == AW_OK && r->places.count > before)
        rc = add_record(l, looked->record, "含第三人个人信息", err);
    r->places.count = before; /* of a record nothing is taken singly */
    return rc;
}

aw_rc aw_redacting_look_records(struct aw_redacting *r, struct aw_fated *fated,
                                struct aw_err *err)
{
    struct looking l = {r, fated};
    aw_rc rc;

    fated->records = NULL;
    fated->fate = AW_FATE_AS_IS;
    rc = each_record(fated->file->bytes, look, &l, err);

    if (rc == AW_OK && fated->records) {
        fated->fate = AW_FATE_LEFT_OUT;
        fated->why = "存档记录含第三人个人信息，或者不能查看：改动的记录不成其"
                     "为记录，整体不附";
    }
    return rc;
}
