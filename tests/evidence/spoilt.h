/* spoilt.h - a workspace of its own, a good bundle of it, and what it takes to
 * spoil that: its bytes and its entries.
 */
#ifndef AW_TESTS_EVIDENCE_SPOILT_H
#define AW_TESTS_EVIDENCE_SPOILT_H

#include "tests/store/fixture.h"

#include "archive/warc.h"
#include "base/rng.h"
#include "evidence/bag.h"
#include "evidence/bundle.h"
#include "evidence/verify.h"
#include "review/decide.h"
#include "tests/evidence/tools.h"

#define SEEN INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define DAY INT64_C(86400000)
#define ENTRIES_MAX 64
#define BYTES_MAX ((size_t)64 << 20)

#define TITLE "<script>alert(1)</script>\xE2\x80\xAE金汇"
#define PAGE "<html><title>金汇财富</title>本公司产品保本保息，随存随取</html>"

static struct aw_clock clock_at;
static struct aw_rng rng;
static struct aw_warc_writer *writer;

/* ---- a workspace ------------------------------------------------------- */

static inline void append(struct aw_warc_record *record,
                          struct aw_warc_place *place)
{
    ASSERT_OK(aw_warc_append(writer, record, place, &fixture.err));
}

/* Archives a page, and makes its row. */
static int64_t capture_page(const char *body, int64_t at_ms)
{
    struct aw_str url = AW_STR("http://www.jinhui-wealth.example/");
    struct aw_warc_record response = {
        .type = AW_WARC_RESPONSE,
        .date_ms = at_ms,
        .target_uri = url,
        .ip = AW_STR("192.0.2.7"),
        .head = AW_STR("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        .body = aw_str_of(body)};
    struct aw_warc_record request = {
        .type = AW_WARC_REQUEST,
        .date_ms = at_ms,
        .target_uri = url,
        .head = AW_STR("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")};
    struct aw_warc_place to = {{0}, 0, 0};
    struct aw_warc_place from = {{0}, 0, 0};

    append(&response, &to);
    request.concurrent_to = aw_str_of(response.id);
    append(&request, &from);
    return fixture_capture(
        (struct aw_capture){.fetched_ms = at_ms,
                            .status = 200,
                            .title = AW_STR(TITLE),
                            .ip = response.ip,
                            .protocol = AW_STR("http/1.1"),
                            .mime = AW_STR("text/html"),
                            .warc_file = aw_str_of(to.file),
                            .warc_offset = to.offset,
                            .warc_length = to.length,
                            .request_offset = from.offset,
                            .request_length = from.length,
                            .payload_digest =
                                aw_str_of(response.payload_digest),
                            .body_bytes = (int64_t)response.body.len});
}

static inline aw_rc decide(int64_t id, const char *action, const char *reason)
{
    struct aw_decision_input input = {.finding = id,
                                      .action = aw_str_of(action),
                                      .reason = aw_str_of(reason),
                                      .who = AW_STR("王芳")};

    return aw_decide(fixture.store, &clock_at, &input, NULL, NULL,
                     &fixture.err);
}

/* A finding seen on two days, not yet decided. */
static int64_t found_twice(void)
{
    struct aw_claim_row claim = fixture_claim();
    int64_t first = capture_page(PAGE, SEEN);
    int64_t last = capture_page(PAGE "<!-- the next day -->", SEEN + DAY);
    struct aw_finding finding = fixture_finding("f", first, &claim);

    finding.title = AW_STR(TITLE);
    finding.last_capture = last;
    finding.last_seen_ms = SEEN + DAY;
    return fixture_add(&finding);
}

static inline aw_rc make(int64_t id, char path[AW_PATH_MAX])
{
    return tools_bundle(id, "lexicons", &clock_at, path);
}

static inline int set_up(void **state)
{
    int failed = fixture_set_up(state);

    clock_at = aw_clock_manual(SEEN + 2 * DAY);
    tools_archive(&writer, &clock_at, &rng);
    return failed;
}

static inline int tear_down(void **state)
{
    aw_warc_writer_free(writer);
    writer = NULL;
    return fixture_tear_down(state);
}

/* Another one on the same page. */
static int64_t found_beside(void)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = fixture_finding(
        "g", fixture_capture((struct aw_capture){.fetched_ms = SEEN}), &claim);

    return fixture_add(&finding);
}

/* The finding's bundle, with decisions of another finding between. */
static inline void make_good(char path[AW_PATH_MAX])
{
    int64_t id = found_twice();
    int64_t other = found_beside();

    ASSERT_OK(decide(id, "escalate", "金额大"));
    ASSERT_OK(decide(other, "dismiss", "存款"));
    ASSERT_OK(decide(id, "confirm", "与原文一致"));
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    ASSERT_OK(make(id, path));
}

/* ---- looking ----------------------------------------------------------- */

struct items {
    int count, failed;
    char first[64];
};

static inline aw_rc note_item(void *self, const struct aw_verify_item *item,
                              struct aw_err *err)
{
    struct items *items = self;

    (void)err;
    assert_true(item->what[0] != '\0');
    if (!item->ok && items->failed++ == 0)
        (void)snprintf(items->first, sizeof items->first, "%s", item->name);
    items->count++;
    return AW_OK;
}

static inline aw_rc verify(const char *path, struct items *items)
{
    *items = (struct items){0};
    return aw_bundle_verify(path, NULL, note_item, items, &fixture.err);
}

static inline void assert_good(const char *path)
{
    struct items items;

    ASSERT_OK(verify(path, &items));
    assert_int_equal(items.count, 17);
    assert_int_equal(items.failed, 0);
}

/* item is the first that fails, and err says `says`. */
static inline void assert_bad(const char *path, const char *item,
                              const char *says)
{
    struct items items;

    assert_int_equal(verify(path, &items), AW_FAIL);
    assert_string_equal(items.first, item);
    if (!strstr(fixture.err.msg, says))
        fail_msg("'%s' is not in: %s", says, fixture.err.msg);
}

/* A bundle as bytes and as entries, to be spoilt. */
struct opened {
    struct aw_buf bytes;
    struct aw_zip zip;
    struct aw_zip_entry entries[ENTRIES_MAX];
    size_t count;
    char path[AW_PATH_MAX]; /* where the spoilt one goes */
};

static inline void open_path(struct opened *o, const char *path)
{
    aw_buf_init(&o->bytes, BYTES_MAX);
    ASSERT_OK(aw_file_read(path, &o->bytes, &fixture.err));
    ASSERT_OK(aw_zip_read(&o->zip, aw_buf_str(&o->bytes), &fixture.err));
    assert_true(o->zip.count < ENTRIES_MAX);
    memcpy(o->entries, o->zip.entries, o->zip.count * sizeof *o->entries);
    o->count = o->zip.count;
}

static inline void close_opened(struct opened *o)
{
    aw_zip_deinit(&o->zip);
    aw_buf_deinit(&o->bytes);
}

static inline void open_good(struct opened *o)
{
    char path[AW_PATH_MAX];

    make_good(path);
    open_path(o, path);
    ASSERT_OK(aw_path_join(o->path, fixture.dir, "spoilt.zip", &fixture.err));
}

static inline size_t entry_named(const struct opened *o, const char *end)
{
    for (size_t i = 0; i < o->count; i++)
        if (aw_str_ends(o->entries[i].name, aw_str_of(end)))
            return i;
    fail_msg("no entry ends in '%s'", end);
    return 0;
}

static inline void assert_entry_has(const struct opened *o, const char *name,
                                    const char *part)
{
    struct aw_str data = o->entries[entry_named(o, name)].data;

    if (aw_str_find(data, aw_str_of(part)) < 0)
        fail_msg("%s does not hold '%s'", name, part);
}

static inline void assert_entry_has_not(const struct opened *o,
                                        const char *name, const char *part)
{
    struct aw_str data = o->entries[entry_named(o, name)].data;

    if (aw_str_find(data, aw_str_of(part)) >= 0)
        fail_msg("%s holds '%s'", name, part);
}

static inline void assert_zip_holds(const char *path, const char *name,
                                    const char *part)
{
    struct opened o;

    open_path(&o, path);
    assert_entry_has(&o, name, part);
    close_opened(&o);
}

static inline void write_bytes(const struct opened *o, struct aw_str bytes)
{
    ASSERT_OK(aw_file_write(o->path, bytes, &fixture.err));
}

static inline void write_entries(const struct opened *o)
{
    struct aw_zip_writer *zip = NULL;

    ASSERT_OK(aw_zip_writer_new(&zip, o->path, SEEN, &fixture.err));
    for (size_t i = 0; i < o->count; i++) {
        const struct aw_zip_entry *e = &o->entries[i];

        ASSERT_OK(aw_zip_begin(zip, e->name, e->data.len, &fixture.err));
        ASSERT_OK(aw_zip_put(zip, e->data, &fixture.err));
        ASSERT_OK(aw_zip_end(zip, e->crc32, &fixture.err));
    }
    ASSERT_OK(aw_zip_close(zip, &fixture.err));
    aw_zip_writer_free(zip);
}

#undef UNIT
#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
