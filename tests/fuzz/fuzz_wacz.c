/* A letter, then: `z`, a WACZ as it stands; `m`, pages.jsonl, a NUL and
 * datapackage.json, in a zip that is right; `w`, a WARC, of which a WACZ is
 * made with a title from its first bytes. */
#include "evidence/wacz.h"
#include "evidence/zip.h"
#include "tests/fuzz/hold.h"

#define OUT_MAX ((size_t)64 << 20)
#define TITLE_MAX 64 /* bytes */

static const char warc[] =
    "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:1>\r\n"
    "WARC-Date: 2026-11-23T02:13:00Z\r\nWARC-Target-URI: http://a.example/"
    "\r\nContent-Type: application/http\r\nContent-Length: 21\r\n\r\n"
    "HTTP/1.1 200 OK\r\n\r\nab\r\n\r\n";

static bool holds(struct aw_str wacz, struct aw_str of)
{
    char what[AW_WACZ_WHAT_MAX] = "";
    struct aw_err err = {0};
    aw_rc rc = aw_wacz_check(wacz, of, NULL, what, &err);

    HOLD(rc == AW_OK ? what[0] != '\0' : err.msg[0] != '\0');
    return rc == AW_OK;
}

static void as_it_stands(struct aw_str wacz)
{
    struct aw_zip zip;
    struct aw_err err;

    if (aw_zip_read(&zip, wacz, &err) != AW_OK)
        return;
    for (size_t i = 0; i < zip.count; i++)
        if (aw_str_ends(zip.entries[i].name, AW_STR(".warc.gz")))
            (void)holds(wacz, zip.entries[i].data);
    aw_zip_deinit(&zip);
}

/* The zip of a good WACZ with members that may be anything. */
static void of_members(struct aw_str rest)
{
    struct aw_wacz_source source = {.warc = AW_STR(warc)};
    struct aw_buf good, bent;
    struct aw_zip zip;
    struct aw_err err;

    aw_buf_init(&good, OUT_MAX);
    aw_buf_init(&bent, OUT_MAX);
    HOLD(aw_wacz_make(&good, &source, &err) == AW_OK);
    HOLD(holds(aw_buf_str(&good), source.warc));
    HOLD(aw_zip_read(&zip, aw_buf_str(&good), &err) == AW_OK);
    (void)aw_str_split(&rest, '\0', &zip.entries[1].data);
    zip.entries[3].data = rest;
    HOLD(aw_zip_lay(&bent, zip.entries, zip.count, 0, &err) == AW_OK);
    (void)holds(aw_buf_str(&bent), source.warc);
    aw_zip_deinit(&zip);
    aw_buf_deinit(&good);
    aw_buf_deinit(&bent);
}

static void of_warc(struct aw_str bytes)
{
    struct aw_wacz_source source = {.warc = bytes};
    struct aw_buf wacz;
    struct aw_err err;

    source.title = source.software = aw_str_sub(bytes, 0, TITLE_MAX);
    aw_buf_init(&wacz, OUT_MAX);
    if (aw_wacz_make(&wacz, &source, &err) == AW_OK)
        HOLD(holds(aw_buf_str(&wacz), bytes));
    aw_buf_deinit(&wacz);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str rest = {(const char *)data + 1, size - 1};

    if (size < 2)
        return 0;
    if (data[0] == 'z')
        as_it_stands(rest);
    else if (data[0] == 'm')
        of_members(rest);
    else if (data[0] == 'w')
        of_warc(rest);
    return 0;
}
