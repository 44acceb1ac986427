#include "tests/store/fixture.h"

#include "archive/warc.h"
#include "base/rng.h"
#include "evidence/redacted.h"

#define AT INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define THIRD "13900005678"
#define OWN "13800001234"

static struct aw_clock at_work;
static struct aw_rng rng;
static char whole[AW_PATH_MAX], copy[AW_PATH_MAX];
static struct aw_bag_view *bag;
static struct aw_redacted_told told;
static const char *page_url; /* of the page in a WARC */

static int set_up(void **state)
{
    int failed = fixture_set_up(state);

    at_work = aw_clock_manual(AT);
    aw_rng_init(&rng, 7);
    bag = NULL;
    page_url = "http://a.example/?tel=" THIRD;
    ASSERT_OK(aw_path_join(whole, fixture.dir, "b1.zip", &fixture.err));
    ASSERT_OK(
        aw_path_join(copy, fixture.dir, "b1-redacted.zip", &fixture.err));
    return failed;
}

static int tear_down(void **state)
{
    aw_bag_view_free(bag);
    return fixture_tear_down(state);
}

/* ---- a bundle ----------------------------------------------------------- */

/* The bytes of a WARC with one page and one style sheet. */
static void make_warc(const char *head, const char *body, struct aw_buf *out)
{
    char dir[AW_PATH_MAX], path[2 * AW_PATH_MAX];
    struct aw_warc_config config = {.dir = dir,
                                    .prefix = "adwatch",
                                    .info = "software: adwatch test\r\n",
                                    .clock = &at_work,
                                    .rng = &rng};
    struct aw_warc_record page = {.type = AW_WARC_RESPONSE,
                                  .date_ms = AT,
                                  .target_uri = aw_str_of(page_url),
                                  .head = aw_str_of(head),
                                  .body = aw_str_of(body)};
    struct aw_warc_record style = {
        .type = AW_WARC_RESPONSE,
        .date_ms = AT,
        .target_uri = AW_STR("http://a.example/a.css"),
        .head = AW_STR("HTTP/1.1 200 OK\r\nContent-Type: text/css\r\n\r\n"),
        .body = AW_STR("p{}")};
    struct aw_warc_writer *writer = NULL;
    struct aw_warc_place place;

    ASSERT_OK(aw_path_join(dir, fixture.dir, "archive", &fixture.err));
    ASSERT_OK(aw_mkdirs(dir, &fixture.err));
    ASSERT_OK(aw_warc_writer_new(&writer, &config, &fixture.err));
    ASSERT_OK(aw_warc_append(writer, &page, &place, &fixture.err));
    ASSERT_OK(aw_warc_append(writer, &style, &place, &fixture.err));
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    aw_warc_writer_free(writer);
    (void)snprintf(path, sizeof path, "%s/%s", dir, place.file);
    aw_buf_init(out, (size_t)1 << 20);
    ASSERT_OK(aw_file_read(path, out, &fixture.err));
}

#define HTML_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
#define PAGE "<p>咨询热线：" OWN "</p><p>客户张先生 " THIRD "</p>"
#define TEXT "咨询热线：" OWN "\n客户张先生 " THIRD "\n"
#define TEXT_TAKEN "咨询热线：" OWN "\n客户■先生 ■■■■■■■■■■■\n"

struct entry {
    const char *name;
    struct aw_str bytes;
};

static void write_bundle(const struct entry *entries, size_t count)
{
    struct aw_bag *made = NULL;
    struct aw_bag_digests digests;

    ASSERT_OK(aw_bag_new(&made, whole, "b1", AT, &fixture.err));
    for (size_t i = 0; i < count; i++)
        ASSERT_OK(
            aw_bag_add(made, entries[i].name, entries[i].bytes, &fixture.err));
    ASSERT_OK(aw_bag_seal(made, "", &digests, &fixture.err));
    ASSERT_OK(aw_bag_close(made, &fixture.err));
    aw_bag_free(made);
}

static aw_rc redact(void)
{
    const struct aw_redacted_config config = {.in = whole,
                                              .out = copy,
                                              .made_ms = AT,
                                              .key = AW_STR("key"),
                                              .tool = "adwatch test"};
    aw_rc rc = aw_redacted_make(&config, &told, &fixture.err);

    if (rc == AW_OK)
        ASSERT_OK(aw_bag_open(&bag, copy, &fixture.err));
    return rc;
}

static bool has(const char *name)
{
    struct aw_str ignored;

    return aw_bag_find(bag, aw_str_of(name), &ignored);
}

static void holds(const char *name, const char *text)
{
    struct aw_str bytes = {0};

    assert_true(aw_bag_find(bag, aw_str_of(name), &bytes));
    assert_int_equal(bytes.len, strlen(text));
    assert_memory_equal(bytes.ptr, text, bytes.len);
}

static bool lists(const char *text)
{
    struct aw_str list = {0};

    assert_true(aw_bag_find(bag, AW_STR(AW_REDACTED_LIST), &list));
    return aw_str_find(list, aw_str_of(text)) >= 0;
}

/* ---- tests -------------------------------------------------------------- */

static void what_a_page_says_of_others_is_in_no_file_of_the_copy(void **state)
{
    struct aw_buf warc, quiet;
    aw_rc rc;

    (void)state;
    make_warc(HTML_HEAD, PAGE, &warc);
    make_warc(HTML_HEAD, "<p>保本</p>", &quiet);
    {
        const struct entry entries[] = {
            {"data/01-线索/finding-1.json",
             AW_STR("{\"claims\":[{\"quote\":\"" THIRD "\"}]}\n")},
            {"data/02-网页存档/capture-7.warc.gz", aw_buf_str(&warc)},
            {"data/02-网页存档/capture-7.wacz", AW_STR("PK")},
            {"data/04-决定/decisions.json", AW_STR("{\"r\":\"甲\"}\n")},
            {"data/05-截图/capture-7-全页.png", AW_STR("png")},
            {"data/05-截图/capture-8-全页.png", AW_STR("png")},
            {"data/06-文本/capture-7.dom.html", AW_STR(PAGE)},
            {"data/06-文本/capture-7.txt", AW_STR(TEXT)},
            {"data/06-文本/capture-8.txt", AW_STR("保本\n")},
            {"data/07-原件/hand-in-1-a.jpg", AW_STR("jpg")},
            {"data/07-原件/hand-in-1-" THIRD ".txt", AW_STR("甲")},
            {"data/09-文书/1-函.html", AW_STR("<p>" THIRD "</p>")},
            {"data/09-文书/1-函.pdf", AW_STR("%PDF")},
            {"data/09-文书/2-录.html", AW_STR("<p>甲</p>")},
            {"data/09-文书/2-录.pdf", AW_STR("%PDF")},
        };

        write_bundle(entries, sizeof entries / sizeof *entries);
    }
    rc = redact();
    ASSERT_OK(rc);
    holds("data/01-线索/finding-1.json",
          "{\"claims\":[{\"quote\":\"■■■■■■■■■■■\"}]}\n");
    holds("data/06-文本/capture-7.txt", TEXT_TAKEN);
    assert_false(has("data/02-网页存档/capture-7.warc.gz"));
    assert_false(has("data/02-网页存档/capture-7.wacz"));
    assert_true(has("data/04-决定/decisions.json"));
    assert_false(has("data/05-截图/capture-7-全页.png"));
    assert_true(has("data/05-截图/capture-8-全页.png"));
    assert_false(has("data/07-原件/hand-in-1-a.jpg"));
    assert_false(has("data/09-文书/1-函.pdf"));
    assert_true(has("data/09-文书/2-录.pdf"));
    assert_int_equal(told.changed, 4);
    assert_int_equal(told.left_out, 6);
    assert_int_equal(told.kept, 1);
    assert_string_equal(told.name, "b1-redacted");
    for (size_t i = 0; i < bag->count; i++) {
        assert_true(aw_str_find(bag->files[i].bytes, AW_STR(THIRD)) < 0);
        assert_true(aw_str_find(bag->files[i].name, AW_STR(THIRD)) < 0);
    }
    aw_buf_deinit(&warc);
    aw_buf_deinit(&quiet);
}

/* In all forms in which a number can stand. */
static void no_form_of_a_number_is_left_anywhere(void **state)
{
#define ID "37081119800230006X"
#define CARD "6222021600000012340"
#define MAIL "zhang.san@qq.com"
#define ALL THIRD " " ID " " CARD " " MAIL
    static const char *const left[] = {
        THIRD,           ID,           CARD,           MAIL,
        "13%39",         "\\u0031390", "&#49;390",     "zhang.san%40qq.com",
        "1390000&#53;6", "139<b>0000", "zhang.san&#64"};
    const struct entry entries[] = {
        {"data/01-线索/finding-1.json",
         AW_STR("{\"quote\":\"" ALL "\",\"before\":\"\\u003139"
                "00005678\","
                "\"parties\":{\"" THIRD "\":1}}\n")},
        {"data/01-线索/history-1.json", AW_STR("{\"t\":[\"" ALL "\"]}\n")},
        {"data/02-网页存档/captures.json",
         AW_STR("{\"url\":\"http://a.example/?t=13%3900005678&m="
                "zhang.san%40qq.com\"}\n")},
        {"data/04-决定/decisions.json",
         AW_STR("{\"decisions\":[{\"id\":4,\"reason\":\"" ALL "\"}]}\n")},
        {"data/05-截图/capture-7-全页.png", AW_STR(THIRD)},
        {"data/06-文本/capture-7.blocks.json", AW_STR("{\"text\":\"\\u0031390"
                                                      "0005678\"}\n")},
        {"data/06-文本/capture-7.dom.html",
         AW_STR(
             "<a href='tel:&#49;3900005678' title='zhang.san&#64;qq.com'>"
             "139<b>0000</b>5678</a><script>x='\\u00313900005678'</script>")},
        {"data/06-文本/capture-7.txt", AW_STR(ALL)},
        {"data/07-原件/hand-in-1-" THIRD ".png", AW_STR("png")},
        {"data/08-环境/commands.log", AW_STR("decide --reason " ALL "\n")},
        {"data/09-文书/case.xml", AW_STR("<case a='1390000&#53;678'/>\n")},
    };

    (void)state;
    write_bundle(entries, sizeof entries / sizeof *entries);
    ASSERT_OK(redact());
    for (size_t i = 0; i < bag->count; i++)
        for (size_t n = 0; n < sizeof left / sizeof *left; n++)
            if (aw_str_find(bag->files[i].bytes, aw_str_of(left[n])) >= 0 ||
                aw_str_find(bag->files[i].name, aw_str_of(left[n])) >= 0)
                fail_msg("%.*s has %s", AW_STR_ARG(bag->files[i].name),
                         left[n]);
    assert_true(lists("\"decisions\":[{\"id\":4}]"));
}

static void the_list_tells_what_was_taken_and_of_what(void **state)
{
    const struct entry entry = {"data/06-文本/capture-7.txt", AW_STR(TEXT)};
    char sha256[AW_SHA256_HEX_MAX];

    (void)state;
    write_bundle(&entry, 1);
    ASSERT_OK(redact());
    aw_sha256_hex(AW_STR(TEXT), sha256);
    assert_false(lists(sha256)); /* the number could be tried out */
    assert_true(lists("\"hmac_sha256\":\""));
    assert_true(lists("\"hmac_sm3\":\""));
    assert_true(lists("{\"kind\":\"name\",\"start\":19,\"end\":20}"));
    assert_true(lists("{\"kind\":\"mobile\",\"start\":23,\"end\":34}"));
    assert_true(lists("\"of\":{\"name\":\"b1\""));
    assert_true(lists("{\"kind\":\"mobile\",\"value\":\"" OWN "\""));
}

static void stays(bool wanted)
{
    struct aw_buf warc;

    make_warc("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n", "png",
              &warc);
    {
        const struct entry entry = {"data/02-网页存档/capture-7.warc.gz",
                                    aw_buf_str(&warc)};

        write_bundle(&entry, 1);
    }
    ASSERT_OK(redact());
    assert_int_equal(has("data/02-网页存档/capture-7.warc.gz"), wanted);
    aw_buf_deinit(&warc);
}

static void records_that_hold_nothing_of_others_stay(void **state)
{
    (void)state;
    page_url = "http://a.example/";
    stays(true);
}

static void a_record_whose_url_tells_of_others_is_left_out(void **state)
{
    (void)state;
    stays(false);
    assert_true(lists("http://a.example/?tel=■■■■■■■■■■■"));
}

static void records_that_nobody_can_look_into_are_left_out(void **state)
{
    static const char *const heads[] = {
        "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        "Content-Encoding: rot13\r\n\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct aw_buf warc;

        page_url = "http://a.example/";
        make_warc(heads[i], "x", &warc);
        {
            const struct entry entry = {"data/02-网页存档/capture-7.warc.gz",
                                        aw_buf_str(&warc)};

            write_bundle(&entry, 1);
        }
        (void)unlink(copy);
        aw_bag_view_free(bag);
        bag = NULL;
        ASSERT_OK(redact());
        assert_false(has("data/02-网页存档/capture-7.warc.gz"));
        assert_true(lists("不能查看其内容"));
        aw_buf_deinit(&warc);
    }
}

static void nothing_is_written_over_and_nothing_redacted_twice(void **state)
{
    const struct entry entry = {"data/06-文本/capture-7.txt", AW_STR(TEXT)};

    (void)state;
    write_bundle(&entry, 1);
    ASSERT_OK(redact());
    assert_int_equal(redact(), AW_INVALID);
    ASSERT_SAYS("written over");
    ASSERT_OK(
        aw_path_join(whole, fixture.dir, "b1-redacted.zip", &fixture.err));
    ASSERT_OK(aw_path_join(copy, fixture.dir, "b2.zip", &fixture.err));
    assert_int_equal(redact(), AW_INVALID);
    ASSERT_SAYS("redacted already");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_page_says_of_others_is_in_no_file_of_the_copy),
        TEST(no_form_of_a_number_is_left_anywhere),
        TEST(the_list_tells_what_was_taken_and_of_what),
        TEST(records_that_hold_nothing_of_others_stay),
        TEST(a_record_whose_url_tells_of_others_is_left_out),
        TEST(records_that_nobody_can_look_into_are_left_out),
        TEST(nothing_is_written_over_and_nothing_redacted_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
