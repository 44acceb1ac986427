#include "evidence/wacz_private.h"

#include <string.h>

#include "archive/warc.h"
#include "base/json.h"

#define PACKAGE_MAX ((size_t)64 << 10) /* bytes; titles are a line */
#define ID_LEN 32                      /* hex digits of a page's id */
#define TIMESTAMP_LEN 14               /* 20261123021300 */

/* Path of each member; its last part is its name in the package. */
static const char *const paths[AW_WACZ_MEMBERS] = {
    [AW_WACZ_INDEX] = "indexes/index.cdx",
    [AW_WACZ_PAGES] = "pages/pages.jsonl",
    [AW_WACZ_WARC] = ("archive/" AW_WACZ_WARC_NAME),
    [AW_WACZ_PACKAGE] = "datapackage.json",
    [AW_WACZ_DIGEST] = "datapackage-digest.json"};

struct aw_str aw_wacz_member_name(size_t member)
{
    return aw_str_of(paths[member]);
}

/* A NUL would end the text for whoever reads JSON into C strings. */
static struct aw_str until_nul(struct aw_str text)
{
    return aw_str_sub(text, 0, text.len ? strnlen(text.ptr, text.len) : 0);
}

static void put_time(struct aw_buf *out, const char *name, int64_t ms)
{
    char text[AW_TIME_MAX];

    aw_time_iso_ms(ms, text);
    aw_json_text(out, name, aw_str_of(text));
}

static void put_hash(struct aw_buf *out, struct aw_str bytes,
                     const struct aw_wacz_known *known)
{
    char text[sizeof "sha256:" + AW_SHA256_HEX_MAX] = "sha256:";
    char *hex = text + strlen(text);

    if (known)
        memcpy(hex, known->sha256, sizeof known->sha256);
    else
        aw_sha256_hex(bytes, hex);
    aw_json_text(out, "hash", aw_str_of(text));
}

/* --- the index --------------------------------------------------------- */

/* Of an answer of 304 there is nothing to show, and a replay that is led to it
 * shows nothing: without its line it is led to the nearest record that has the
 * payload. No URL can hold this, for quotes are escaped in it. */
static bool is_not_modified(struct aw_str line)
{
    return aw_str_find(line, AW_STR(",\"mime\":\"warc/revisit\","
                                    "\"status\":\"304\",")) >= 0;
}

static void put_index(struct aw_buf *out, struct aw_str all)
{
    struct aw_str line;

    while (aw_str_split(&all, '\n', &line))
        if (line.len > 0 && !is_not_modified(line)) {
            aw_buf_put(out, line);
            aw_buf_putc(out, '\n');
        }
}

/* --- pages ------------------------------------------------------------- */

static bool is_web(struct aw_str url)
{
    return aw_str_starts_nocase(url, AW_STR("http://")) ||
           aw_str_starts_nocase(url, AW_STR("https://"));
}

/* A line is `KEY TIMESTAMP {"url":"URL",...`; the key has no space. */
static bool has_line(struct aw_str index, struct aw_str timestamp,
                     struct aw_str json)
{
    struct aw_str line, key;

    while (aw_str_split(&index, '\n', &line))
        if (aw_str_split(&line, ' ', &key) && aw_str_starts(line, timestamp) &&
            aw_str_starts(aw_str_sub(line, timestamp.len + 1, line.len), json))
            return true;
    return false;
}

static aw_rc check_page(const struct aw_wacz_page *page, struct aw_str index,
                        struct aw_err *err)
{
    char timestamp[AW_TIME_MAX];
    struct aw_buf json;
    bool found;
    aw_rc rc;

    aw_time_compact(page->ts_ms, timestamp);
    aw_buf_init(&json, 6 * page->url.len + 16);
    aw_json_open(&json, NULL, '{');
    aw_json_text(&json, "url", page->url);
    found = has_line(index, (struct aw_str){timestamp, TIMESTAMP_LEN},
                     aw_buf_str(&json));
    rc = aw_buf_check(&json, err);
    aw_buf_deinit(&json);
    if (rc == AW_OK && (!found || !is_web(page->url)))
        rc = aw_fail(err, AW_INVALID,
                     "no web page '%.*s' of %.*s is in the WARC",
                     AW_STR_ARG(aw_str_sub(page->url, 0, 200)), TIMESTAMP_LEN,
                     timestamp);
    return rc;
}

/* The same page has the same id in every WACZ. */
static void put_id(struct aw_buf *out, const struct aw_wacz_page *page)
{
    char time[AW_TIME_MAX], hex[AW_SHA256_HEX_MAX];
    struct aw_str parts[] = {page->url, AW_STR("\n"), {time, 0}};

    aw_time_iso_ms(page->ts_ms, time);
    parts[2].len = strlen(time);
    aw_sha256_parts(parts, sizeof parts / sizeof *parts, hex);
    aw_json_text(out, "id", (struct aw_str){hex, ID_LEN});
}

static void put_page(struct aw_buf *out, const struct aw_wacz_page *page)
{
    struct aw_str title = until_nul(page->title);
    struct aw_str text = until_nul(page->text);

    aw_json_open(out, NULL, '{');
    put_id(out, page);
    aw_json_text(out, "url", page->url);
    aw_json_text(out, "title", title.len > 0 ? title : page->url);
    put_time(out, "ts", page->ts_ms);
    if (text.len > 0)
        aw_json_text(out, "text", text);
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

static aw_rc put_pages(struct aw_buf *out, const struct aw_wacz_source *source,
                       struct aw_str index, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (source->page_count > AW_WACZ_PAGES_MAX)
        return aw_fail(err, AW_LIMIT, "%zu pages: more than %d",
                       source->page_count, AW_WACZ_PAGES_MAX);
    aw_buf_puts(out, "{\"format\":\"json-pages-1.0\",\"id\":\"pages\","
                     "\"title\":\"All Pages\"}\n");
    for (size_t i = 0; i < source->page_count && rc == AW_OK; i++) {
        rc = check_page(&source->pages[i], index, err);
        put_page(out, &source->pages[i]);
    }
    return rc;
}

/* --- the package ------------------------------------------------------- */

static void put_resource(struct aw_buf *out, const struct aw_zip_entry *entry,
                         const struct aw_wacz_known *known)
{
    const char *path = entry->name.ptr;

    aw_json_open(out, NULL, '{');
    aw_json_text(out, "name", aw_str_of(strrchr(path, '/') + 1));
    aw_json_text(out, "path", entry->name);
    put_hash(out, entry->data, known);
    aw_json_int(out, "bytes", (int64_t)entry->data.len);
    aw_json_close(out, '}');
}

static void put_package(struct aw_buf *out,
                        const struct aw_wacz_source *source,
                        const struct aw_zip_entry entries[AW_WACZ_MEMBERS])
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "profile", AW_STR("data-package"));
    aw_json_text(out, "wacz_version", AW_STR("1.1.1"));
    aw_json_text(out, "title", until_nul(source->title));
    aw_json_text(out, "software", until_nul(source->software));
    put_time(out, "created", source->created_ms);
    if (source->page_count > 0) {
        aw_json_text(out, "mainPageUrl", source->pages[0].url);
        put_time(out, "mainPageDate", source->pages[0].ts_ms);
    }
    aw_json_open(out, "resources", '[');
    for (size_t i = 0; i < AW_WACZ_PACKAGE; i++)
        put_resource(out, &entries[i],
                     i == AW_WACZ_WARC ? source->known : NULL);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

static void put_digest(struct aw_buf *out, struct aw_str package)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "path", aw_wacz_member_name(AW_WACZ_PACKAGE));
    put_hash(out, package, NULL);
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

/* --- all of it --------------------------------------------------------- */

void aw_wacz_made_init(struct aw_wacz_made *made)
{
    static const size_t most[AW_WACZ_MEMBERS] = {
        [AW_WACZ_INDEX] = AW_WACZ_INDEX_MAX,
        [AW_WACZ_PAGES] = AW_WACZ_PAGE_MAX,
        [AW_WACZ_PACKAGE] = PACKAGE_MAX,
        [AW_WACZ_DIGEST] = PACKAGE_MAX};

    for (size_t i = 0; i < AW_WACZ_MEMBERS; i++) {
        aw_buf_init(&made->bytes[i], most[i]);
        made->entries[i] =
            (struct aw_zip_entry){.name = aw_wacz_member_name(i)};
    }
}

void aw_wacz_made_deinit(struct aw_wacz_made *made)
{
    for (size_t i = 0; i < AW_WACZ_MEMBERS; i++)
        aw_buf_deinit(&made->bytes[i]);
}

/* The buffer of a member is filled: from now on it is seen in the entry. */
static aw_rc keep(struct aw_wacz_made *made, enum aw_wacz_member member,
                  struct aw_err *err)
{
    made->entries[member].data = aw_buf_str(&made->bytes[member]);
    return aw_buf_check(&made->bytes[member], err);
}

/* Index and pages. A page may be a record that its index leaves out. */
static aw_rc make_lists(struct aw_wacz_made *made,
                        const struct aw_wacz_source *source, struct aw_str all,
                        struct aw_err *err)
{
    aw_rc rc = put_pages(&made->bytes[AW_WACZ_PAGES], source, all, err);

    put_index(&made->bytes[AW_WACZ_INDEX], all);
    if (rc == AW_OK)
        rc = keep(made, AW_WACZ_INDEX, err);
    return rc == AW_OK ? keep(made, AW_WACZ_PAGES, err) : rc;
}

static aw_rc read_warc(struct aw_wacz_made *made,
                       const struct aw_wacz_source *source, struct aw_err *err)
{
    struct aw_buf all;
    aw_rc rc;

    if (source->known)
        return make_lists(made, source, source->known->index, err);
    aw_buf_init(&all, AW_WACZ_INDEX_MAX);
    rc = aw_warc_index(source->warc, AW_WACZ_WARC_NAME, &all, err);
    if (rc == AW_OK)
        rc = make_lists(made, source, aw_buf_str(&all), err);
    aw_buf_deinit(&all);
    return rc;
}

aw_rc aw_wacz_make_members(struct aw_wacz_made *made,
                           const struct aw_wacz_source *source,
                           struct aw_err *err)
{
    struct aw_buf *bytes = made->bytes;
    struct aw_zip_entry *entries = made->entries;
    aw_rc rc = read_warc(made, source, err);

    if (rc != AW_OK)
        return rc;
    entries[AW_WACZ_WARC].data = source->warc;
    put_package(&bytes[AW_WACZ_PACKAGE], source, entries);
    rc = keep(made, AW_WACZ_PACKAGE, err);
    put_digest(&bytes[AW_WACZ_DIGEST], entries[AW_WACZ_PACKAGE].data);
    return rc == AW_OK ? keep(made, AW_WACZ_DIGEST, err) : rc;
}

aw_rc aw_wacz_make(struct aw_buf *out, const struct aw_wacz_source *source,
                   struct aw_err *err)
{
    struct aw_wacz_made made;
    aw_rc rc;

    aw_wacz_made_init(&made);
    rc = aw_wacz_make_members(&made, source, err);
    if (rc == AW_OK)
        rc = aw_zip_lay(out, made.entries, AW_WACZ_MEMBERS, source->created_ms,
                        err);
    aw_wacz_made_deinit(&made);
    return rc;
}
