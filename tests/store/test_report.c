/* What became of a URL. */
#include "tests/store/fixture.h"

#define A "http://a.example/"

/* All that a report says, in one line. */
static aw_rc put_report(void *self, const struct aw_url_report *r,
                        struct aw_err *err)
{
    char *all = self;
    size_t len = strlen(all);

    (void)err;
    (void)snprintf(
        all + len, 2000 - len,
        "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|due %lld|depth %lld|%lld|capture"
        " %lld|%.*s|%.*s|%.*s|%.*s|finding %lld\n",
        AW_STR_ARG(r->url), AW_STR_ARG(r->source), AW_STR_ARG(r->state),
        AW_STR_ARG(r->reason), AW_STR_ARG(r->found_on), AW_STR_ARG(r->via),
        AW_STR_ARG(r->canonical), (long long)r->due_ms, (long long)r->depth,
        (long long)r->status, (long long)r->capture, AW_STR_ARG(r->title),
        AW_STR_ARG(r->charset), AW_STR_ARG(r->verdict),
        AW_STR_ARG(r->doc_kind), (long long)r->finding);
    return AW_OK;
}

static const char *reports(const char *url, const char *state)
{
    static char all[2000];

    all[0] = '\0';
    ASSERT_OK(aw_store_url_reports(fixture.store, url, state, put_report, all,
                                   &fixture.err));
    return all;
}

static int64_t capture_of(int64_t run, const char *url, const char *title)
{
    struct aw_capture capture = {.run = run,
                                 .url = aw_str_of(url),
                                 .source = AW_STR("jinhui"),
                                 .reader = AW_STR("ok"),
                                 .title = aw_str_of(title),
                                 .charset = AW_STR("gb18030"),
                                 .verdict = AW_STR("suspected"),
                                 .doc_kind = AW_STR("advert")};

    ASSERT_OK(aw_store_capture_add(fixture.store, &capture, &fixture.err));
    return capture.id;
}

static int64_t crawl(void)
{
    struct aw_run run = {.kind = AW_STR("crawl"), .started_ms = 1};
    bool resumed;

    ASSERT_OK(aw_store_run_begin(fixture.store, &run, &resumed, &fixture.err));
    return run.id;
}

static int64_t finding_at(const char *fingerprint, const char *url,
                          int64_t capture)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = fixture_finding(fingerprint, capture, &claim);

    finding.url = aw_str_of(url);
    return fixture_add(&finding);
}

static void a_url_that_waits_has_little_to_tell(void **state)
{
    (void)state;
    (void)fixture_queue(A);
    assert_string_equal(reports(A, NULL), A "|jinhui|queued|||link||due 0|"
                                            "depth 0|0|capture 0|||||"
                                            "finding 0\n");
}

/* A page that was captured twice and has two findings, and its start page. */
static int64_t read_page(void)
{
    struct aw_url_row row = fixture_url(A "ad");
    struct aw_page_row page = {.canonical = AW_STR(A "canonical")};
    int64_t run = crawl();

    row.found_on = fixture_queue(A);
    row.via = AW_VIA_REDIRECT;
    row.depth = 2;
    assert_int_equal(fixture_add_row(&row, 1, 10), AW_URL_NEW);
    fixture_end(row.id, "done", "read", 7000, 20);
    (void)finding_at("f", A "ad", capture_of(run, A "ad", "old"));
    page.url = row.id;
    page.capture = capture_of(run, A "ad", "new");
    ASSERT_OK(aw_store_page_put(fixture.store, &page, &fixture.err));
    (void)finding_at("g", A "ad", page.capture);
    return finding_at("h", A "ad", page.capture);
}

static void a_page_is_told_with_its_newest_capture_and_finding(void **state)
{
    char want[200];
    int64_t finding = read_page();

    (void)state;
    assert_int_equal(finding, 3);
    (void)snprintf(want, sizeof want,
                   A "ad|jinhui|done|read|" A "|redirect|" A
                     "canonical|due 7000|depth 2|200|capture 2|new|gb18030|"
                     "suspected|advert|finding 3\n");
    assert_string_equal(reports(A "ad", NULL), want);
}

static void
a_finding_that_the_newest_capture_does_not_show_is_not_told(void **state)
{
    (void)state;
    (void)read_page();
    (void)capture_of(1, A "ad", "newest");
    assert_non_null(strstr(reports(A "ad", NULL), "capture 3|newest|"));
    assert_non_null(strstr(reports(A "ad", NULL), "|finding 0\n"));
}

static void an_unknown_url_is_not_told(void **state)
{
    (void)state;
    (void)read_page();
    assert_string_equal(reports(A "none", NULL), "");
}

static void all_urls_are_told_or_those_of_a_state(void **state)
{
    const char *all;

    (void)state;
    (void)read_page();
    all = reports(NULL, NULL);
    assert_non_null(strstr(all, A "|jinhui|queued|"));
    assert_non_null(strstr(all, A "ad|jinhui|done|"));
    all = reports(NULL, "done");
    assert_ptr_equal(strstr(all, A "ad|jinhui|done|"), all);
    assert_null(strchr(strchr(all, '\n') + 1, '\n'));
    assert_string_equal(reports(NULL, "failed"), "");
    assert_string_equal(reports(A "ad", "queued"), "");
    assert_string_not_equal(reports(A "ad", "done"), "");
}

static void hand_in(const char *url, const char *reader, const char *verdict)
{
    (void)fixture_capture((struct aw_capture){.url = aw_str_of(url),
                                              .source = AW_STR("clerk"),
                                              .reader = aw_str_of(reader),
                                              .title = AW_STR("dm"),
                                              .verdict = aw_str_of(verdict)});
}

static void what_was_handed_in_is_told_without_a_url_row(void **state)
{
    (void)state;
    (void)read_page();
    hand_in("file:dm.txt", "ok", "suspected");
    hand_in("file:dm.png", "no text", "");
    (void)finding_at("x", "file:dm.txt", 3);
    assert_string_equal(reports("file:dm.txt", NULL),
                        "file:dm.txt|clerk|handed in|||||due 0|depth 0|0|"
                        "capture 3|dm||suspected||finding 4\n");
    assert_string_equal(reports("file:dm.png", NULL),
                        "file:dm.png|clerk|handed in|no text||||due 0|"
                        "depth 0|0|capture 4|dm||||finding 0\n");
    assert_non_null(strstr(reports(NULL, NULL), "file:dm.png|"));
    assert_null(strstr(reports(NULL, "done"), "file:"));
    assert_string_equal(reports("file:dm.txt", "done"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_url_that_waits_has_little_to_tell),
        UNIT(a_page_is_told_with_its_newest_capture_and_finding),
        UNIT(a_finding_that_the_newest_capture_does_not_show_is_not_told),
        UNIT(an_unknown_url_is_not_told),
        UNIT(all_urls_are_told_or_those_of_a_state),
        UNIT(what_was_handed_in_is_told_without_a_url_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
