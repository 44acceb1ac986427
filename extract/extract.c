#include "extract/extract.h"

#include <string.h>

#include "base/utf8.h"
#include "extract/charset.h"
#include "extract/digest.h"
#include "extract/guess.h"
#include "extract/html.h"
#include "extract/inflate.h"
#include "extract/listing.h"
#include "extract/mention.h"
#include "extract/party.h"
#include "extract/pdf.h"
#include "extract/ready.h"
#include "extract/sitemap.h"
#include "extract/text.h"

#define SNIFF_MAX ((size_t)2048)
#define INFLATED_MAX (AW_SITEMAP_BYTES_MAX + (size_t)128 * 1024)
#define DECODED_MAX (4 * AW_SITEMAP_BYTES_MAX + AW_CHARSET_ROOM)

/* What a Content-Type says by itself. */
enum said { SAID_HTML, SAID_XHTML, SAID_JSON, SAID_NOTHING, SAID_OTHER };

static const struct {
    struct aw_str type;
    enum said said;
} types[] = {
    {{"", 0}, SAID_NOTHING},
    {{"text/html", 9}, SAID_HTML},
    {{"application/xhtml+xml", 21}, SAID_XHTML},
    {{"text/vnd.wap.wml", 16}, SAID_XHTML},
    {{"application/vnd.wap.xhtml+xml", 29}, SAID_XHTML},
    {{"application/json", 16}, SAID_JSON},
    {{"text/json", 9}, SAID_JSON},
    {{"text/javascript", 15}, SAID_JSON},
    {{"application/javascript", 22}, SAID_JSON},
    {{"text/plain", 10}, SAID_NOTHING},
    {{"text/xml", 8}, SAID_NOTHING},
    {{"application/xml", 15}, SAID_NOTHING},
    {{"application/octet-stream", 24}, SAID_NOTHING},
    {{"application/x-unknown", 21}, SAID_NOTHING},
};

static enum said what_is_said(struct aw_str content_type)
{
    struct aw_str rest = content_type;
    struct aw_str type = {0};

    (void)aw_str_split(&rest, ';', &type);
    type = aw_str_trim(type);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (aw_str_eq_nocase(type, types[i].type))
            return types[i].said;
    return SAID_OTHER;
}

/* With a byte order mark, or by its zeros. */
static bool is_utf16(struct aw_str bytes)
{
    return aw_str_starts(bytes, AW_STR("\xFF\xFE")) ||
           aw_str_starts(bytes, AW_STR("\xFE\xFF")) || aw_guess_utf16(bytes);
}

/* The first bytes as ASCII can be read in them: without the zeros of UTF-16.
 */
static struct aw_str sniff_head(struct aw_str bytes, char head[SNIFF_MAX + 1])
{
    bool utf16 = is_utf16(bytes);
    size_t len = 0;

    bytes = aw_str_sub(bytes, 0, SNIFF_MAX);
    for (size_t i = 0; i < bytes.len; i++)
        if (!utf16 || ((unsigned char)bytes.ptr[i] > 0 &&
                       (unsigned char)bytes.ptr[i] < 0x80))
            head[len++] = bytes.ptr[i];
    if (aw_str_starts((struct aw_str){head, len}, AW_STR("\xEF\xBB\xBF")))
        return aw_str_trim((struct aw_str){head + 3, len - 3});
    return aw_str_trim((struct aw_str){head, len});
}

/* Bytes that no text has. (MIME Sniffing, 3) */
static bool is_binary(struct aw_str head)
{
    for (size_t i = 0; i < head.len; i++) {
        unsigned char c = (unsigned char)head.ptr[i];

        if (c < 0x20 && !aw_ascii_space((char)c) && c != 0x1B)
            return true;
    }
    return false;
}

/* What no file but a page begins with, whatever bytes come behind. (MIME
 * Sniffing, 7.1) */
static bool begins_as_html(struct aw_str head)
{
    static const char *const first[] = {"<!doctype html", "<!--",   "<html",
                                        "<head",          "<body",  "<title",
                                        "<meta",          "<style", "<script",
                                        "<div",           "<p>",    "<p ",
                                        "<table",         "<br",    "<iframe",
                                        "<font",          "<h1",    "<a "};

    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
        if (aw_str_starts_nocase(head, aw_str_of(first[i])))
            return true;
    return false;
}

static bool holds_html(struct aw_str head)
{
    static const char *const anywhere[] = {"<html",  "<head", "<body",
                                           "<title", "<meta", "<script",
                                           "<div",   "<p>",   "<table",
                                           "<a ",    "<br",   "<h1",
                                           "<wml"};

    for (size_t i = 0; i < sizeof anywhere / sizeof anywhere[0]; i++)
        if (aw_str_find_nocase(head, aw_str_of(anywhere[i])) >= 0)
            return true;
    return false;
}

/* "{" and a key in quotes, or "{}". */
static bool is_json(struct aw_str head)
{
    struct aw_str inner;

    if (!aw_str_starts(head, AW_STR("{")))
        return false;
    inner = aw_str_trim(aw_str_sub(head, 1, head.len));
    return aw_str_starts(inner, AW_STR("\"")) ||
           aw_str_starts(inner, AW_STR("}"));
}

static enum aw_extract_type sniff_bytes(struct aw_str head)
{
    if (aw_listing_sniff(head))
        return AW_EXTRACT_LISTING;
    if (aw_ready_sniff(head))
        return AW_EXTRACT_READY;
    if (begins_as_html(head))
        return AW_EXTRACT_HTML;
    if (head.len == 0 || is_binary(head) || is_json(head))
        return AW_EXTRACT_NONE;
    if (holds_html(head))
        return AW_EXTRACT_HTML;
    return aw_str_starts(head, AW_STR("<?xml")) ? AW_EXTRACT_NONE
                                                : AW_EXTRACT_TEXT;
}

/* By bytes whose Content-Encoding is undone. */
static enum aw_extract_type sniff_clear(const struct aw_extract_input *input,
                                        struct aw_str bytes)
{
    enum said said = what_is_said(input->content_type);
    char head[SNIFF_MAX + 1];
    struct aw_str text = sniff_head(bytes, head);
    enum aw_extract_type type;

    if (aw_sitemap_sniff(text) != AW_SITEMAP_NONE)
        return AW_EXTRACT_SITEMAP;
    /* Stores say text/html of their JSON, too. */
    if (input->mapping.len > 0 && said != SAID_OTHER &&
        (aw_str_starts(text, AW_STR("{")) || aw_str_starts(text, AW_STR("["))))
        return AW_EXTRACT_LISTING;
    if (said == SAID_HTML || said == SAID_XHTML)
        return AW_EXTRACT_HTML;
    if (said == SAID_OTHER)
        return AW_EXTRACT_NONE;
    if (said == SAID_JSON)
        return aw_listing_sniff(text) ? AW_EXTRACT_LISTING
               : aw_ready_sniff(text) ? AW_EXTRACT_READY
                                      : AW_EXTRACT_NONE;
    type = sniff_bytes(text);
    return input->sitemap && type == AW_EXTRACT_TEXT ? AW_EXTRACT_URLS : type;
}

static bool is_packed(struct aw_str bytes)
{
    return aw_str_starts(bytes, AW_STR("\x1F\x8B\x08"));
}

static bool is_list(enum aw_extract_type type)
{
    return type == AW_EXTRACT_SITEMAP || type == AW_EXTRACT_URLS;
}

static bool is_slow(const struct aw_extract_input *input, size_t len)
{
    return input->quick_max > 0 && len > (size_t)input->quick_max;
}

/* So much has to be undone, to know whether it is too much for now. */
static size_t quick_or(const struct aw_extract_input *input, size_t most)
{
    return is_slow(input, most) ? (size_t)input->quick_max + 1 : most;
}

/* As sniff_clear, for bytes that may be a gzip file: *bytes becomes what is in
 * it, where that is a list of URLs, and lives in unpacked. */
static enum aw_extract_type sniff_file(const struct aw_extract_input *input,
                                       struct aw_str *bytes,
                                       struct aw_buf *unpacked)
{
    struct aw_extract_input inner = {.sitemap = input->sitemap};
    enum aw_extract_type type;
    struct aw_err err;

    if (aw_image_sniff(*bytes) != AW_IMAGE_NONE)
        return AW_EXTRACT_IMAGE;
    if (!is_packed(*bytes))
        return sniff_clear(input, *bytes);
    if (aw_inflate(AW_STR("gzip"), *bytes, SNIFF_MAX, unpacked, &err) != AW_OK)
        return AW_EXTRACT_NONE;
    type = sniff_clear(&inner, aw_buf_str(unpacked));
    aw_buf_reset(unpacked);
    if (!is_list(type) || aw_inflate(AW_STR("gzip"), *bytes,
                                     quick_or(input, AW_SITEMAP_BYTES_MAX),
                                     unpacked, &err) != AW_OK)
        return AW_EXTRACT_NONE;
    *bytes = aw_buf_str(unpacked);
    return type;
}

enum aw_extract_type aw_extract_sniff(const struct aw_extract_input *input)
{
    enum aw_extract_type type;
    struct aw_buf inflated;
    struct aw_buf unpacked;
    struct aw_str bytes;
    struct aw_err err;

    aw_buf_init(&inflated, INFLATED_MAX);
    aw_buf_init(&unpacked, INFLATED_MAX);
    if (aw_inflate(input->content_encoding, input->bytes, SNIFF_MAX, &inflated,
                   &err) != AW_OK)
        aw_buf_reset(&inflated);
    bytes = aw_buf_str(&inflated);
    type = sniff_file(input, &bytes, &unpacked);
    aw_buf_deinit(&inflated);
    aw_buf_deinit(&unpacked);
    return type;
}

typedef aw_rc read_fn(struct aw_str text, struct aw_document *doc,
                      struct aw_err *err);

/* A text without a URL on a line of its own is a text after all. */
static aw_rc read_urls(struct aw_str text, struct aw_document *doc,
                       struct aw_err *err)
{
    aw_rc rc = aw_sitemap_read_lines(text, doc, err);

    if (rc != AW_OK || doc->sitemap != AW_SITEMAP_NONE)
        return rc;
    return aw_text_by_channel(text, doc, err);
}

static aw_rc read_apple(struct aw_str text, struct aw_document *doc,
                        struct aw_err *err)
{
    return aw_listing_read(text, &aw_mapping_apple, doc, err);
}

static aw_rc read_mapped(struct aw_str text, struct aw_str json,
                         struct aw_document *doc, struct aw_err *err)
{
    struct aw_mapping mapping;
    aw_rc rc = aw_mapping_parse(&mapping, json, &doc->arena, err);

    return rc == AW_OK ? aw_listing_read(text, &mapping, doc, err) : rc;
}

static read_fn *const readers[] = {
    [AW_EXTRACT_TEXT] = aw_text_by_channel,
    [AW_EXTRACT_LISTING] = read_apple,
    [AW_EXTRACT_READY] = aw_ready_read,
    [AW_EXTRACT_SITEMAP] = aw_sitemap_read,
    [AW_EXTRACT_URLS] = read_urls,
};

/* WML is XML whatever its Content-Type. */
static bool is_xml(const struct aw_extract_input *input, struct aw_str text)
{
    return what_is_said(input->content_type) == SAID_XHTML ||
           aw_str_find(aw_str_sub(text, 0, SNIFF_MAX), AW_STR("<wml")) >= 0;
}

static aw_rc read_as(enum aw_extract_type type,
                     const struct aw_extract_input *input, struct aw_str text,
                     struct aw_document *doc, struct aw_err *err)
{
    if (type == AW_EXTRACT_LISTING && input->mapping.len > 0)
        return read_mapped(text, input->mapping, doc, err);
    if (type != AW_EXTRACT_HTML)
        return readers[type](text, doc, err);
    if (is_xml(input, text))
        return aw_html_read_xml(text, input->agent, doc, err);
    return aw_html_read(text, input->agent, doc, err);
}

static aw_rc note_charset(struct aw_document *doc,
                          const struct aw_charset *charset, struct aw_err *err)
{
    aw_rc rc = aw_arena_dup(&doc->arena, aw_str_of(charset->name),
                            &doc->charset, err);

    doc->charset_why = aw_str_of(charset->why);
    return rc;
}

/* What every document gets, whatever it was read from. */
static aw_rc note_facts(struct aw_document *doc, struct aw_err *err)
{
    aw_rc rc = aw_digest_document(doc, err);

    if (rc == AW_OK)
        rc = aw_mention_scan(doc, err);
    return rc == AW_OK ? aw_party_scan(doc, err) : rc;
}

static aw_rc read_image(const struct aw_extract_input *input,
                        struct aw_str bytes, struct aw_document *doc,
                        struct aw_err *err)
{
    enum aw_image_type type = aw_image_sniff(bytes);
    size_t most =
        type == AW_IMAGE_PGM ? AW_PDF_BYTES_MAX : AW_EXTRACT_BYTES_MAX;
    aw_rc rc;

    if (!input->ocr)
        return AW_OK;
    if (bytes.len > most)
        return aw_fail(err, AW_LIMIT, "image of more than %zu bytes", most);
    rc = aw_ocr_read(input->ocr, type, bytes, doc, err);
    return rc == AW_OK ? note_facts(doc, err) : rc;
}

static aw_rc read_bytes(const struct aw_extract_input *input,
                        struct aw_str bytes, enum aw_extract_type type,
                        struct aw_document *doc, struct aw_err *err)
{
    struct aw_charset_hints hints = {input->charset,
                                     aw_charset_param(input->content_type)};
    struct aw_charset charset;
    struct aw_buf decoded;
    struct aw_str text;
    aw_rc rc;

    aw_buf_init(&decoded, DECODED_MAX);
    rc = aw_charset_decide(bytes, &hints, &charset, err);
    if (rc == AW_OK)
        rc = note_charset(doc, &charset, err);
    if (rc == AW_OK)
        rc = aw_charset_decode(bytes, &charset, &decoded, &text, err);
    if (rc == AW_OK)
        rc = read_as(type, input, text, doc, err);
    if (rc == AW_OK)
        rc = note_facts(doc, err);
    aw_buf_deinit(&decoded);
    return rc;
}

static bool says_page(struct aw_str content_type)
{
    enum said said = what_is_said(content_type);

    return said == SAID_HTML || said == SAID_XHTML;
}

/* Before it is known what it is: a page is cut again later. */
static size_t most_bytes(const struct aw_extract_input *input)
{
    return !input->sitemap && says_page(input->content_type)
               ? AW_EXTRACT_BYTES_MAX
               : AW_SITEMAP_BYTES_MAX;
}

static struct aw_inflate_limits limits_of(const struct aw_extract_input *input)
{
    struct aw_inflate_limits limits = {most_bytes(input),
                                       AW_INFLATE_RATIO_MAX};

    if (!input->sitemap && input->decoded_max > 0 &&
        input->decoded_max < (int64_t)limits.decoded_max)
        limits.decoded_max = (size_t)input->decoded_max;
    if (input->ratio_max > 0)
        limits.ratio_max = input->ratio_max;
    return limits;
}

/* Says on the document where a body was cut; without figures, so that
 * `status` can add them up. */
static aw_rc undo_encoding(const struct aw_extract_input *input,
                           struct aw_buf *inflated, struct aw_str *bytes,
                           struct aw_document *doc, struct aw_err *err)
{
    static const struct aw_str notes[] = {
        [AW_INFLATE_WHOLE] = {"", 0},
        [AW_INFLATE_CUT] = AW_STR("read up to decoded_max: it is longer"),
        [AW_INFLATE_BOMB] = AW_STR("decompression bomb: read up to ratio_max"),
    };
    struct aw_inflate_limits limits = limits_of(input);
    bool may_be_slow = is_slow(input, limits.decoded_max);
    enum aw_inflate_end end = AW_INFLATE_WHOLE;
    aw_rc rc;

    *bytes = input->bytes;
    if (input->content_encoding.len == 0)
        return AW_OK;
    limits.decoded_max = quick_or(input, limits.decoded_max);
    rc = aw_inflate_body(input->content_encoding, input->bytes, &limits,
                         inflated, &end, err);
    if (rc != AW_OK)
        return rc;
    if (may_be_slow && end != AW_INFLATE_WHOLE)
        return aw_fail(err, AW_BUSY, "longer than quick_max");
    doc->note = notes[end];
    *bytes = aw_buf_str(inflated);
    return AW_OK;
}

static aw_rc read_input(const struct aw_extract_input *input,
                        struct aw_str bytes, struct aw_document *doc,
                        struct aw_err *err)
{
    struct aw_buf unpacked;
    enum aw_extract_type type;
    aw_rc rc = AW_OK;

    aw_buf_init(&unpacked, INFLATED_MAX);
    type = sniff_file(input, &bytes, &unpacked);
    if (type == AW_EXTRACT_IMAGE) {
        aw_buf_deinit(&unpacked);
        return read_image(input, bytes, doc, err);
    }
    bytes = aw_str_sub(bytes, 0,
                       is_list(type) ? AW_SITEMAP_BYTES_MAX
                                     : AW_EXTRACT_BYTES_MAX);
    if (type != AW_EXTRACT_NONE)
        rc = is_slow(input, bytes.len)
                 ? aw_fail(err, AW_BUSY, "longer than quick_max")
                 : read_bytes(input, bytes, type, doc, err);
    aw_buf_deinit(&unpacked);
    return rc;
}

aw_rc aw_extract(const struct aw_extract_input *input, struct aw_document *doc,
                 struct aw_err *err)
{
    struct aw_buf inflated;
    struct aw_str bytes;
    aw_rc rc;

    aw_buf_init(&inflated, INFLATED_MAX);
    rc = undo_encoding(input, &inflated, &bytes, doc, err);
    if (rc == AW_OK && input->url.len > 0)
        rc = aw_arena_dup(&doc->arena, input->url, &doc->url, err);
    if (rc == AW_OK)
        rc = read_input(input, bytes, doc, err);
    aw_buf_deinit(&inflated);
    return rc;
}
