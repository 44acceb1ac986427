/* What goes into a bundle, over an archive with redirects, robots.txt, a page
 * in a browser and what it loaded. */
#include "tests/store/fixture.h"

#include <sys/resource.h>

#include "archive/warc.h"
#include "base/rng.h"
#include "evidence/bag.h"
#include "evidence/bundle.h"
#include "evidence/verify.h"
#include "reader/process.h"
#include "review/decide.h"
#include "tests/evidence/tools.h"

#define SEEN INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define DAY INT64_C(86400000)
#define HOST "http://www.jinhui-wealth.example"
#define NIGHT 2000       /* findings */
#define NIGHT_MOST 10000 /* `make bench-bundle` */

static struct aw_clock clock_at;
static struct aw_rng rng;
static struct aw_warc_writer *writer;
static struct aw_sight *sight; /* NULL: no reader */

/* ---- an archive --------------------------------------------------------- */

static int set_up(void **state)
{
    if (fixture_set_up(state) != 0)
        return -1;
    clock_at = aw_clock_manual(SEEN + 2 * DAY);
    tools_archive(&writer, &clock_at, &rng);
    return 0;
}

static int tear_down(void **state)
{
    aw_sight_free(sight);
    sight = NULL;
    aw_warc_writer_free(writer);
    writer = NULL;
    return fixture_tear_down(state);
}

/* A record of the web, or one of ours (urn:...); its row is of `plain`. */
static int64_t archive(const char *url, const char *head, const char *body,
                       int64_t plain)
{
    bool web = head[0] != '\0';
    struct aw_warc_record record = {
        .type = web ? AW_WARC_RESPONSE : AW_WARC_RESOURCE,
        .date_ms = SEEN,
        .target_uri = aw_str_of(url),
        .content_type = web ? AW_STR("application/http;msgtype=response")
                            : AW_STR("text/html"),
        .head = aw_str_of(head),
        .body = aw_str_of(body)};
    struct aw_warc_place place = {{0}, 0, 0};
    const char *http = strstr(url, "http");

    ASSERT_OK(aw_warc_append(writer, &record, &place, &fixture.err));
    return fixture_capture(
        (struct aw_capture){.url = aw_str_of(http ? http : url),
                            .fetched_ms = SEEN,
                            .title = AW_STR("金汇财富"),
                            .status = strstr(head, " 302 ") ? 302 : 200,
                            .mime = AW_STR("text/html"),
                            .warc_file = aw_str_of(place.file),
                            .warc_offset = place.offset,
                            .warc_length = place.length,
                            .payload_digest = aw_str_of(record.payload_digest),
                            .plain = plain});
}

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"

static int64_t found(const char *fingerprint, const char *url, int64_t capture)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = fixture_finding(fingerprint, capture, &claim);

    finding.url = aw_str_of(url);
    return fixture_add(&finding);
}

static int64_t confirm(int64_t finding)
{
    struct aw_decision_input input = {.finding = finding,
                                      .action = AW_STR("confirm"),
                                      .who = AW_STR("王芳")};

    ASSERT_OK(
        aw_decide(fixture.store, &clock_at, &input, NULL, NULL, &fixture.err));
    return finding;
}

static int64_t confirmed(const char *fingerprint, const char *url,
                         int64_t capture)
{
    return confirm(found(fingerprint, url, capture));
}

/* A poster of that name, with its confirmed finding. */
static int64_t handed_in(const char *url, const char *name)
{
    struct aw_hand_in hand_in = {.run = 1,
                                 .capture = archive(url, "", "保本保息", 0),
                                 .at_ms = SEEN,
                                 .key = aw_str_of(url),
                                 .url = aw_str_of(url),
                                 .place = AW_STR("济宁"),
                                 .who = AW_STR("王芳"),
                                 .channel = AW_STR("poster"),
                                 .file = AW_STR("list.jsonl"),
                                 .name = aw_str_of(name)};

    ASSERT_OK(aw_store_hand_in_add(fixture.store, &hand_in, &fixture.err));
    return confirmed(url, url, hand_in.capture);
}

/* ---- making and looking ------------------------------------------------- */

static aw_rc make(const int64_t *findings, size_t count, bool night,
                  char path[AW_PATH_MAX])
{
    char archive_dir[AW_PATH_MAX];
    static const struct aw_papers_config papers = {.templates = "papers"};
    struct aw_bundle_config config = {.workspace = fixture.dir,
                                      .archive_dir = archive_dir,
                                      .lexicon_dir = "lexicons",
                                      .papers = &papers,
                                      .no_papers = true,
                                      .tool = "adwatch test",
                                      .environment = tools_here(),
                                      .clock = &clock_at,
                                      .findings = findings,
                                      .count = count,
                                      .sight = sight,
                                      .night = night};

    ASSERT_OK(aw_path_join(archive_dir, fixture.dir, "archive", &fixture.err));
    return aw_bundle_make(fixture.store, &config, path, &fixture.err);
}

static aw_rc note_item(void *self, const struct aw_verify_item *item,
                       struct aw_err *err)
{
    (void)self;
    (void)err;
    if (!item->ok)
        print_error("%s: %s\n", item->name, item->what);
    return AW_OK;
}

static struct aw_bag_view *open_good(const char *path)
{
    struct aw_bag_view *view = NULL;

    ASSERT_OK(aw_bundle_verify(path, NULL, note_item, NULL, &fixture.err));
    ASSERT_OK(aw_bag_open(&view, path, &fixture.err));
    return view;
}

static size_t count_in(const struct aw_bag_view *view, const char *file,
                       const char *part)
{
    struct aw_str bytes;
    size_t count = 0;
    ptrdiff_t at;

    if (!aw_bag_find(view, aw_str_of(file), &bytes))
        fail_msg("there is no '%s'", file);
    while ((at = aw_str_find(bytes, aw_str_of(part))) >= 0) {
        bytes = aw_str_sub(bytes, (size_t)at + strlen(part), bytes.len);
        count++;
    }
    return count;
}

#define CAPTURES "data/02-网页存档/captures.json"

/* ---- tests -------------------------------------------------------------- */

static void all_that_belongs_to_a_page_is_in_its_warc(void **state)
{
    int64_t plain = archive(HOST "/", OK_HEAD, "<p>保本保息", 0);
    struct aw_bag_view *view;
    char path[AW_PATH_MAX];
    int64_t rendered;
    int64_t id;

    (void)state;
    (void)archive(HOST "/robots.txt", OK_HEAD, "User-agent: *", 0);
    (void)archive(HOST "/a.css", OK_HEAD, "p{}", 0);
    rendered = archive("urn:dom:" HOST "/", "", "<p>保本保息</p>", plain);
    (void)archive("urn:pageinfo:" HOST "/", "",
                  "{\"resources\":[{\"url\":\"" HOST "/a.css\"},{\"url\":"
                  "\"" HOST "/gone.js\"}]}",
                  0);
    id = confirmed("f", HOST "/", rendered);
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    ASSERT_OK(make(&id, 1, false, path));
    view = open_good(path);
    assert_int_equal(count_in(view, CAPTURES, "\"part\":\"page\""), 1);
    assert_int_equal(count_in(view, CAPTURES, "\"part\":\"plain\""), 1);
    assert_int_equal(count_in(view, CAPTURES, "\"role\":\"warcinfo\""), 2);
    assert_int_equal(count_in(view, CAPTURES, "\"role\":\"plain\""), 1);
    assert_int_equal(count_in(view, CAPTURES, "\"role\":\"robots\""), 2);
    assert_int_equal(count_in(view, CAPTURES, "\"role\":\"pageinfo\""), 1);
    assert_int_equal(count_in(view, CAPTURES, "\"role\":\"resource\""), 1);
    assert_int_equal(count_in(view, CAPTURES, "\"resources_left_out\":1"), 1);
    aw_bag_view_free(view);
}

/* Whatever a file was called, a bundle can be made of it and taken apart
 * anywhere: what a zip may not have is replaced. */
static void
a_hand_in_keeps_of_its_name_what_every_system_can_keep(void **state)
{
    static const char *const names[][2] = {
        {"a\\b:c*d?e\"f<g>h|i.png", "a_b_c_d_e_f_g_h_i.png"},
        {"../../etc/passwd", "_._.__etc_passwd"},
        {"海报\xE2\x80\xAE"
         "gnp.exe\x01\x7F.",
         "海报_gnp.exe__"},
        {"x. . .", "x._._"},
        {"\xEF\xAB\xBF\xF0\xAF\xA8\x9E.jpg", "__.jpg"}, /* holes in Han */
        {"\xFF\xC0.jpg", "__.jpg"},
        {".", "_"},
    };
    enum { COUNT = sizeof names / sizeof *names };
    int64_t ids[COUNT];
    struct aw_bag_view *view;
    char path[AW_PATH_MAX];
    char text[200];

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        (void)snprintf(text, sizeof text, "urn:adwatch:hand-in:%zu", i);
        ids[i] = handed_in(text, names[i][0]);
    }
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    ASSERT_OK(make(ids, COUNT, false, path));
    view = open_good(path);
    for (size_t i = 0; i < COUNT; i++) {
        (void)snprintf(text, sizeof text, "data/07-原件/hand-in-%zu-%s", i + 1,
                       names[i][1]);
        assert_int_equal(count_in(view, text, "保本保息"), 1);
    }
    aw_bag_view_free(view);
}

/* A reader of pages, as adwatch itself starts one. */
static int be_reader(char **argv)
{
    struct aw_classifier_config rules = {.lexicon_dir = argv[2]};
    struct aw_cell_config cell = {.fd = 3, .cpu_ms = 60000, .optional = true};
    struct aw_err err;

    return aw_reader_process(&rules, NULL, &cell, &err) == AW_OK ? 0 : 1;
}

static void open_sight(void)
{
    static const struct aw_crawl_config limits = {.reader_ms = 30000,
                                                  .reader_cpu_ms = 20000,
                                                  .image_ms = 30000,
                                                  .reader_bytes = INT64_C(1)
                                                                  << 30,
                                                  .decoded_max = 8 << 20,
                                                  .ratio_max = 100,
                                                  .reader_cell =
                                                      AW_CELL_BEST_EFFORT};
    struct aw_sight_config config = {.program = "/proc/self/exe",
                                     .lexicon_dir = "lexicons",
                                     .limits = &limits,
                                     .clock = aw_clock_system()};

    ASSERT_OK(aw_sight_new(&sight, &config, &fixture.err));
}

#define CSS_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/css\r\n\r\n"
#define PNG_HEAD "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"

/* No browser told what it loaded; what the page names may be there all the
 * same, since another page had it. */
static void what_a_page_names_is_in_its_warc_without_a_browser(void **state)
{
    static const char page[] =
        "<link rel=stylesheet href=/a.css><script src=/s.js></script>"
        "<img src=/logo.png><img src=logo.png#again><img src=/gone.png>"
        "<a href=/other.html>更多</a><p>保本保息";
    int64_t id = confirmed("f", HOST "/", archive(HOST "/", OK_HEAD, page, 0));
    struct aw_bag_view *view;
    char path[AW_PATH_MAX];

    (void)state;
    (void)archive(HOST "/a.css", CSS_HEAD,
                  "@import 'b.css'; p { background: url(bg.png) }", 0);
    (void)archive(HOST "/b.css", CSS_HEAD, "@import 'a.css';", 0);
    (void)archive(HOST "/bg.png", PNG_HEAD, "png", 0);
    (void)archive(HOST "/logo.png", PNG_HEAD, "png too", 0);
    (void)archive(HOST "/s.js", OK_HEAD, "let a = 1", 0);
    (void)archive(HOST "/other.html", OK_HEAD, "<p>更多", 0);
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    open_sight();
    ASSERT_OK(make(&id, 1, false, path));
    view = open_good(path);
    assert_int_equal(count_in(view, CAPTURES, "\"role\":\"resource\""), 5);
    assert_int_equal(count_in(view, CAPTURES, HOST "/bg.png"), 1);
    assert_int_equal(count_in(view, CAPTURES, HOST "/s.js"), 1);
    assert_int_equal(count_in(view, CAPTURES, HOST "/other.html"), 0);
    assert_int_equal(count_in(view, CAPTURES, "\"resources_left_out\":1"), 1);
    aw_bag_view_free(view);
}

static void findings_of_one_page_share_its_captures(void **state)
{
    int64_t capture = archive(HOST "/", OK_HEAD, "<p>保本保息", 0);
    int64_t ids[] = {confirmed("f", HOST "/", capture),
                     confirmed("g", HOST "/", capture), 0};
    struct aw_bag_view *view;
    char path[AW_PATH_MAX];

    (void)state;
    ids[2] = ids[0]; /* named twice, told once */
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    ASSERT_OK(make(ids, 2, false, path));
    view = open_good(path);
    assert_int_equal(count_in(view, CAPTURES, "\"part\":"), 1);
    assert_int_equal(count_in(view, "data/04-决定/decisions.json",
                              "{\"finding\":"),
                     2);
    assert_int_equal(count_in(view, "data/01-线索/history-2.json",
                              "\"finding\":"),
                     3);
    aw_bag_view_free(view);
}

/* Everything that tells of the time of making, and nothing else. */
static bool may_differ(struct aw_str name)
{
    static const char *const names[] = {"bag-info.txt",
                                        "data/00-说明.html",
                                        "manifest-",
                                        "tagmanifest-",
                                        "data/04-决定/audit-head.json",
                                        "data/04-决定/bundle-chain.json"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (aw_str_starts(name, aw_str_of(names[i])))
            return true;
    return false;
}

static void the_same_finding_gives_the_same_bytes_again(void **state)
{
    int64_t id =
        confirmed("f", HOST "/", archive(HOST "/", OK_HEAD, "<p>保本保息", 0));
    struct aw_bag_view *one;
    struct aw_bag_view *other;
    char path[AW_PATH_MAX];
    size_t same = 0;

    (void)state;
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    ASSERT_OK(make(&id, 1, false, path));
    one = open_good(path);
    clock_at.manual_ms += DAY + 12345;
    ASSERT_OK(make(&id, 1, false, path));
    other = open_good(path);
    assert_int_equal(one->count, other->count);
    for (size_t i = 0; i < one->count; i++) {
        assert_true(aw_str_eq(one->files[i].name, other->files[i].name));
        if (aw_str_eq(one->files[i].bytes, other->files[i].bytes))
            same++;
        else if (!may_differ(one->files[i].name))
            fail_msg("'%.*s' differs", AW_STR_ARG(one->files[i].name));
    }
    assert_true(same >= 6);
    aw_bag_view_free(one);
    aw_bag_view_free(other);
}

static long resident_kib(void)
{
    struct rusage usage;

    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

/* Under a sanitizer memory says nothing. */
static void assert_little_more(long before)
{
#ifdef __SANITIZE_ADDRESS__
    (void)before;
#else
    if (resident_kib() - before > 24L * 1024)
        fail_msg("%ld KiB more", resident_kib() - before);
#endif
}

/* As many as the bench asks for. */
static int night_count(void)
{
    const char *wanted = getenv("AW_BENCH_NIGHT");
    int count = wanted ? (int)strtol(wanted, NULL, 10) : NIGHT;

    assert_in_range(count, 10, NIGHT_MOST);
    return count;
}

static void tell_night(int count, int64_t ms)
{
    if (getenv("AW_BENCH_NIGHT"))
        print_message("a night of %d findings: %.1f s, at most %ld MiB\n",
                      count, (double)ms / 1000, resident_kib() / 1024);
}

/* The last bundle that was made is kept as FOLDER/NAME.zip. */
static void keep(const char *path, const char *name)
{
    const char *folder = getenv("AW_BENCH_KEEP");
    char command[2 * AW_PATH_MAX];

    if (!folder)
        return;
    (void)snprintf(command, sizeof command, "mv '%s' '%s/%s'", path, folder,
                   name);
    assert_int_equal(system(command), 0);
}

/* The memory of a night does not grow with it: ten times as many findings
 * take hardly more. */
static void a_night_takes_no_more_memory_than_a_part_of_it(void **state)
{
    static int64_t ids[NIGHT_MOST];
    int count = night_count();
    int64_t from_ms;
    struct aw_bag_view *view;
    char path[AW_PATH_MAX];
    char url[100];
    char print[32];
    long before;

    (void)state;
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    for (int i = 0; i < count; i++) {
        (void)snprintf(url, sizeof url, HOST "/%d", i);
        (void)snprintf(print, sizeof print, "n%d", i);
        ids[i] = found(print, url, archive(url, OK_HEAD, "<p>保本保息", 0));
    }
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
    for (int i = 0; i < count; i++)
        (void)confirm(ids[i]);
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    ASSERT_OK(make(ids, (size_t)count / 10, true, path));
    before = resident_kib();
    clock_at.manual_ms += 1000;
    from_ms = aw_clock_mono(aw_clock_system());
    ASSERT_OK(make(ids, (size_t)count, true, path));
    tell_night(count, aw_clock_mono(aw_clock_system()) - from_ms);
    assert_little_more(before);
    view = open_good(path);
    assert_int_equal(count_in(view, CAPTURES, "\"part\":\"page\""), count);
    (void)snprintf(print, sizeof print, "<strong>%d</strong>条", count);
    assert_int_equal(count_in(view, "data/00-说明.html", print), 1);
    assert_int_equal(count_in(view, "data/00-说明.html", "保本保息"), 0);
    aw_bag_view_free(view);
    keep(path, "night.zip");
}

/* ---- for `make bench-verify` ---------------------------------------------
 */

#define PICTURE ((size_t)3 << 20)
#define PICTURES 50

/* What is no NUL, and no smaller when it is packed. */
static const char *picture(void)
{
    static char bytes[PICTURE];

    for (size_t i = 0; i + 1 < PICTURE; i++)
        bytes[i] = (char)(1 + aw_rng_below(&rng, 255));
    return bytes;
}

/* Pages with a picture each: half of the bundle are WARC files, half are the
 * same in WACZ files. Few pictures where it is not for the bench. */
static void a_case_of_pictures_holds(void **state)
{
    static int64_t ids[PICTURES];
    size_t count = getenv("AW_BENCH_KEEP") ? PICTURES : 2;
    char path[AW_PATH_MAX];
    char url[100];
    char print[32];

    (void)state;
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(url, sizeof url, HOST "/%zu.png", i);
        (void)snprintf(print, sizeof print, "p%zu", i);
        ids[i] = confirmed(print, url, archive(url, OK_HEAD, picture(), 0));
    }
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    ASSERT_OK(make(ids, count, false, path));
    aw_bag_view_free(open_good(path));
    keep(path, "pictures.zip");
}

#undef UNIT
#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        UNIT(all_that_belongs_to_a_page_is_in_its_warc),
        UNIT(a_hand_in_keeps_of_its_name_what_every_system_can_keep),
        UNIT(what_a_page_names_is_in_its_warc_without_a_browser),
        UNIT(findings_of_one_page_share_its_captures),
        UNIT(the_same_finding_gives_the_same_bytes_again),
        UNIT(a_night_takes_no_more_memory_than_a_part_of_it),
        UNIT(a_case_of_pictures_holds),
    };

    if (argc > 2 && strcmp(argv[1], "reader") == 0)
        return be_reader(argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
