#include "tests/base/base_test.h"

#include "archive/warc.h"
#include "base/fs.h"
#include "evidence/wacz.h"
#include "evidence/zip.h"

#define SEEN INT64_C(1795399980123) /* 2026-11-23T02:13:00.123Z */
#define DAY INT64_C(86400000)
#define URL "http://www.jinhui-wealth.example/"
#define TEXT "本公司产品保本保息，随存随取"
#define WACZ_MAX ((size_t)1 << 20)

/* ---- a WARC --------------------------------------------------------------
 */

static struct {
    char dir[PATH_MAX];
    struct aw_clock clock;
    struct aw_rng rng;
    struct aw_buf warc;
    struct aw_buf wacz;
    struct aw_wacz_page page;
    struct aw_wacz_source source;
    char what[AW_WACZ_WHAT_MAX];
    struct aw_err err;
} t;

#define ASSERT_RC(want, call)                                            \
    do {                                                                 \
        aw_rc got_ = (call);                                             \
        if (got_ != (want))                                              \
            fail_msg("%s: %s", aw_rc_text(got_), got_ ? t.err.msg : ""); \
    } while (0)
#define ASSERT_OK(call) ASSERT_RC(AW_OK, call)

static void append(struct aw_warc_writer *writer, struct aw_warc_record record)
{
    struct aw_warc_place place;

    if (record.date_ms == 0)
        record.date_ms = SEEN;
    ASSERT_OK(aw_warc_append(writer, &record, &place, &t.err));
}

static aw_rc read_warc(void *self, const char *path, struct aw_err *err)
{
    (void)self;
    return aw_file_read(path, &t.warc, err);
}

/* A page, an image, what a browser made of the page, and the page a day later,
 * when the server said that it is as before. */
static void write_warc(void)
{
    struct aw_warc_config config = {.dir = t.dir,
                                    .prefix = "adwatch",
                                    .info = "software: adwatch test\r\n",
                                    .clock = &t.clock,
                                    .rng = &t.rng};
    struct aw_warc_writer *writer;

    ASSERT_OK(aw_warc_writer_new(&writer, &config, &t.err));
    append(writer,
           (struct aw_warc_record){
               .type = AW_WARC_RESPONSE,
               .target_uri = AW_STR(URL),
               .head = AW_STR("HTTP/2 200\r\nContent-Type: text/html\r\n\r\n"),
               .body = AW_STR("<img src=a.png><p>" TEXT)});
    append(writer,
           (struct aw_warc_record){.type = AW_WARC_RESPONSE,
                                   .target_uri = AW_STR(URL "a.png?\"x\""),
                                   .head = AW_STR(
                                       "HTTP/1.1 404 Not Found\r\n\r\n")});
    append(writer,
           (struct aw_warc_record){.type = AW_WARC_RESOURCE,
                                   .target_uri = AW_STR("urn:dom:" URL),
                                   .body = AW_STR("<p>" TEXT)});
    append(writer,
           (struct aw_warc_record){.type = AW_WARC_REVISIT,
                                   .profile = AW_WARC_NOT_MODIFIED,
                                   .date_ms = SEEN + DAY,
                                   .target_uri = AW_STR(URL),
                                   .refers_to_uri = AW_STR(URL),
                                   .refers_to_date_ms = SEEN,
                                   .head = AW_STR(
                                       "HTTP/1.1 304 Not Modified\r\n\r\n")});
    ASSERT_OK(aw_warc_close(writer, &t.err));
    aw_warc_writer_free(writer);
    ASSERT_OK(aw_dir_walk(t.dir, ".warc.gz", read_warc, NULL, &t.err));
}

static int set_up(void **state)
{
    (void)state;
    memset(&t, 0, sizeof t);
    make_temp(t.dir);
    t.clock = aw_clock_manual(SEEN);
    aw_rng_init(&t.rng, 7);
    aw_buf_init(&t.warc, WACZ_MAX);
    aw_buf_init(&t.wacz, WACZ_MAX);
    write_warc();
    t.page = (struct aw_wacz_page){AW_STR(URL), SEEN, AW_STR("金汇财富"),
                                   AW_STR(TEXT)};
    t.source = (struct aw_wacz_source){.warc = aw_buf_str(&t.warc),
                                       .pages = &t.page,
                                       .page_count = 1,
                                       .title = AW_STR("线索 1"),
                                       .software = AW_STR("adwatch test"),
                                       .created_ms = SEEN};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_buf_deinit(&t.warc);
    aw_buf_deinit(&t.wacz);
    drop_temp(t.dir);
    return 0;
}

static aw_rc make(void)
{
    aw_buf_reset(&t.wacz);
    return aw_wacz_make(&t.wacz, &t.source, &t.err);
}

static aw_rc check_as(struct aw_str wacz)
{
    return aw_wacz_check(wacz, t.source.warc, NULL, t.what, &t.err);
}

static struct aw_str member(struct aw_zip_entry *entries, size_t count,
                            const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (aw_str_eq(entries[i].name, aw_str_of(name)))
            return entries[i].data;
    fail_msg("no member '%s'", name);
    return (struct aw_str){0};
}

/* ---- tests ---------------------------------------------------------------
 */

static void test_a_wacz_is_made_and_holds(void **state)
{
    struct aw_zip zip;
    struct aw_str pages;

    (void)state;
    ASSERT_OK(make());
    ASSERT_OK(check_as(aw_buf_str(&t.wacz)));
    assert_string_equal(t.what, "WACZ 1.1.1: 3 lines of index, 1 pages");
    ASSERT_OK(aw_zip_read(&zip, aw_buf_str(&t.wacz), &t.err));
    ASSERT_OK(aw_zip_agree(&zip, &t.err));
    assert_true(
        aw_str_eq(member(zip.entries, zip.count, "archive/data.warc.gz"),
                  t.source.warc));
    pages = member(zip.entries, zip.count, "pages/pages.jsonl");
    assert_true(aw_str_find(pages, AW_STR("\"title\":\"金汇财富\",\"ts\":"
                                          "\"2026-11-23T02:13:00.123Z\","
                                          "\"text\":\"" TEXT "\"}\n")) > 0);
    assert_true(aw_str_find(pages, AW_STR("urn:")) < 0);
    aw_zip_deinit(&zip);
}

static void test_the_same_source_gives_the_same_bytes(void **state)
{
    struct aw_buf first;

    (void)state;
    ASSERT_OK(make());
    first = t.wacz;
    aw_buf_init(&t.wacz, WACZ_MAX);
    ASSERT_OK(setenv("TZ", "Asia/Shanghai", 1));
    ASSERT_OK(make());
    ASSERT_OK(unsetenv("TZ"));
    assert_true(aw_str_eq(aw_buf_str(&first), aw_buf_str(&t.wacz)));
    aw_buf_deinit(&first);
}

static void test_each_changed_byte_is_found(void **state)
{
    (void)state;
    ASSERT_OK(make());
    for (size_t i = 0; i < t.wacz.len; i++) {
        t.wacz.ptr[i] ^= 0x11;
        if (check_as(aw_buf_str(&t.wacz)) == AW_OK)
            fail_msg("byte %zu was changed, and nobody saw it", i);
        t.wacz.ptr[i] ^= 0x11;
    }
    ASSERT_OK(check_as(aw_buf_str(&t.wacz)));
}

static void test_each_cut_is_found(void **state)
{
    struct aw_str wacz;

    (void)state;
    ASSERT_OK(make());
    wacz = aw_buf_str(&t.wacz);
    for (wacz.len--; wacz.len > 0; wacz.len--)
        ASSERT_RC(AW_INVALID, check_as(wacz));
}

/* Whoever changes a member can mend its CRC-32, so that it is the digests that
 * must tell. */
static void test_a_changed_member_in_a_good_zip_is_found(void **state)
{
    struct aw_buf copy, bent;
    struct aw_zip zip;

    (void)state;
    ASSERT_OK(make());
    ASSERT_OK(aw_zip_read(&zip, aw_buf_str(&t.wacz), &t.err));
    aw_buf_init(&copy, WACZ_MAX);
    aw_buf_init(&bent, WACZ_MAX);
    for (size_t i = 0; i < zip.count; i++) {
        struct aw_str good = zip.entries[i].data;

        for (size_t at = 0; at < good.len; at++) {
            aw_buf_reset(&copy);
            aw_buf_put(&copy, good);
            copy.ptr[at] ^= 1;
            zip.entries[i].data = aw_buf_str(&copy);
            aw_buf_reset(&bent);
            ASSERT_OK(aw_zip_lay(&bent, zip.entries, zip.count, SEEN, &t.err));
            if (check_as(aw_buf_str(&bent)) == AW_OK)
                fail_msg("'%s' byte %zu: nobody saw it",
                         zip.entries[i].name.ptr, at);
        }
        zip.entries[i].data = good;
    }
    aw_zip_deinit(&zip);
    aw_buf_deinit(&copy);
    aw_buf_deinit(&bent);
}

static void test_another_warc_is_found(void **state)
{
    (void)state;
    ASSERT_OK(make());
    t.source.warc.len--;
    ASSERT_RC(AW_INVALID, check_as(aw_buf_str(&t.wacz)));
    assert_has(t.err.msg, "not the one that lies beside it");
}

static void test_a_page_must_be_in_the_warc(void **state)
{
    static const char *const bad[] = {URL "none", "urn:dom:" URL,
                                      "http://www.jinhui-wealth.example", "",
                                      URL "\""};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        t.page.url = aw_str_of(bad[i]);
        ASSERT_RC(AW_INVALID, make());
        assert_has(t.err.msg, "is in the WARC");
    }
    t.page.url = AW_STR(URL);
    t.page.ts_ms += 1000;
    ASSERT_RC(AW_INVALID, make());
}

static void test_a_hand_in_has_no_page(void **state)
{
    (void)state;
    t.source.page_count = 0;
    ASSERT_OK(make());
    ASSERT_OK(check_as(aw_buf_str(&t.wacz)));
    assert_string_equal(t.what, "WACZ 1.1.1: 3 lines of index, 0 pages");
}

/* ReplayWeb.page shows nothing where it is led to a 304. */
static void test_a_page_as_before_is_found_by_its_payload(void **state)
{
    struct aw_zip zip;
    struct aw_str index;

    (void)state;
    t.page.ts_ms += DAY;
    ASSERT_OK(make());
    ASSERT_OK(check_as(aw_buf_str(&t.wacz)));
    ASSERT_OK(aw_zip_read(&zip, aw_buf_str(&t.wacz), &t.err));
    index = member(zip.entries, zip.count, "indexes/index.cdx");
    assert_true(aw_str_find(index, AW_STR("\"304\"")) < 0);
    assert_true(aw_str_find(index, AW_STR(")/ 20261123021300 {")) > 0);
    aw_zip_deinit(&zip);
}

/* Titles and texts come from the page: whatever stands in them, the WACZ must
 * hold. */
static void test_hostile_titles_hold(void **state)
{
    static const struct aw_str bad[] = {{"a\0b", 3},
                                        {"\0", 1},
                                        {"\xFF\xFE", 2},
                                        {"\"},\n{\"id\":\"x\"", 13},
                                        {"\xE2\x80\xAE\x1B[31m\x7F", 9},
                                        {"\xED\xA0\x80", 3},
                                        {"", 0}};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        t.page.title = t.page.text = t.source.title = bad[i];
        ASSERT_OK(make());
        ASSERT_OK(check_as(aw_buf_str(&t.wacz)));
    }
}

static void test_too_many_pages_are_refused(void **state)
{
    (void)state;
    t.source.page_count = AW_WACZ_PAGES_MAX + 1;
    ASSERT_RC(AW_LIMIT, make());
}

static void test_a_false_warc_is_refused(void **state)
{
    (void)state;
    t.source.warc.len -= 4;
    ASSERT_RC(AW_INVALID, make());
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_wacz_is_made_and_holds),
        TEST(test_the_same_source_gives_the_same_bytes),
        TEST(test_each_changed_byte_is_found),
        TEST(test_each_cut_is_found),
        TEST(test_a_changed_member_in_a_good_zip_is_found),
        TEST(test_another_warc_is_found),
        TEST(test_a_page_must_be_in_the_warc),
        TEST(test_a_hand_in_has_no_page),
        TEST(test_a_page_as_before_is_found_by_its_payload),
        TEST(test_hostile_titles_hold),
        TEST(test_too_many_pages_are_refused),
        TEST(test_a_false_warc_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
