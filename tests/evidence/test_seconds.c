/* What a bundle of one finding takes: a rendered page with 30 resources and
 * two screenshots, papers without a browser. `make bench-bundle` prints the
 * medians of five. */
#include "tests/store/fixture.h"

#include <arpa/inet.h>
#include <sys/resource.h>
#include <zlib.h>

#include "archive/warc.h"
#include "base/rng.h"
#include "evidence/bundle.h"
#include "evidence/verify.h"
#include "reader/process.h"
#include "review/decide.h"
#include "tests/evidence/tools.h"

#define SEEN INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define HOST "http://www.jinhui-wealth.example"
#define RESOURCES 30
#define RESOURCE_LEN ((size_t)100 << 10)
#define RUNS 5
#define CACHE "AW_TEST_CACHE" /* in the environment: the readers' folder */
#define SECONDS_MOST 60 /* of the processor: a bound for broken code alone */

static struct aw_clock clock_at;
static struct aw_rng rng;
static struct aw_warc_writer *writer;
static char archive_dir[AW_PATH_MAX];

/* The test as a reader, as adwatch starts one. */
static int be_reader(char **argv)
{
    struct aw_classifier_config rules = {.lexicon_dir = argv[2],
                                         .cache_dir = getenv(CACHE)};
    struct aw_cell_config cell = {.fd = 3, .cpu_ms = 60000, .optional = true};
    struct aw_err err = {0};

    return aw_reader_process(&rules, NULL, &cell, &err) == AW_OK ? 0 : 1;
}

/* ---- an archive --------------------------------------------------------- */

static void open_archive(void)
{
    struct aw_warc_config config = {.dir = archive_dir,
                                    .prefix = "adwatch",
                                    .info = "software: adwatch test\r\n",
                                    .clock = &clock_at,
                                    .rng = &rng};

    clock_at = aw_clock_manual(SEEN);
    aw_rng_init(&rng, 7);
    ASSERT_OK(aw_path_join(archive_dir, fixture.dir, "archive", &fixture.err));
    ASSERT_OK(aw_mkdirs(archive_dir, &fixture.err));
    ASSERT_OK(aw_warc_writer_new(&writer, &config, &fixture.err));
}

static struct aw_warc_place append(const char *uri, const char *type,
                                   struct aw_str body,
                                   char digest[AW_SHA256_HEX_MAX])
{
    bool web = aw_str_starts(aw_str_of(uri), AW_STR("http"));
    char head[200];
    struct aw_warc_record record = {
        .type = web ? AW_WARC_RESPONSE : AW_WARC_RESOURCE,
        .date_ms = SEEN,
        .target_uri = aw_str_of(uri),
        .content_type = web ? AW_STR("application/http;msgtype=response")
                            : aw_str_of(type),
        .body = body};
    struct aw_warc_place place = {{0}, 0, 0};

    (void)snprintf(head, sizeof head,
                   "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n", type);
    if (web)
        record.head = aw_str_of(head);
    ASSERT_OK(aw_warc_append(writer, &record, &place, &fixture.err));
    (void)snprintf(digest, AW_SHA256_HEX_MAX, "%s", record.payload_digest);
    return place;
}

static int64_t capture(const char *uri, const char *page, int64_t plain)
{
    char digest[AW_SHA256_HEX_MAX];
    struct aw_warc_place place =
        append(uri, "text/html", aw_str_of(page), digest);

    return fixture_capture(
        (struct aw_capture){.url = AW_STR(HOST "/"),
                            .fetched_ms = SEEN,
                            .status = 200,
                            .mime = AW_STR("text/html"),
                            .title = AW_STR("金汇财富"),
                            .warc_file = aw_str_of(place.file),
                            .warc_offset = place.offset,
                            .warc_length = place.length,
                            .payload_digest = aw_str_of(digest),
                            .plain = plain});
}

static void add_resources(void)
{
    char digest[AW_SHA256_HEX_MAX];
    char url[100];
    char *bytes = malloc(RESOURCE_LEN);
    struct aw_buf list;

    assert_non_null(bytes);
    aw_buf_init(&list, (size_t)1 << 20);
    aw_buf_puts(&list, "{\"resources\":[");
    for (int i = 0; i < RESOURCES; i++) {
        (void)snprintf(url, sizeof url, HOST "/%d.jpg", i);
        for (size_t j = 0; j < RESOURCE_LEN; j++)
            bytes[j] = (char)aw_rng_next(&rng);
        (void)append(url, "image/jpeg", (struct aw_str){bytes, RESOURCE_LEN},
                     digest);
        aw_buf_printf(&list, "%s{\"url\":\"%s\"}", i > 0 ? "," : "", url);
    }
    aw_buf_puts(&list, "]}");
    (void)append("urn:pageinfo:" HOST "/", "application/json",
                 aw_buf_str(&list), digest);
    aw_buf_deinit(&list);
    free(bytes);
}

/* ---- screenshots -------------------------------------------------------- */

static void put_chunk(struct aw_buf *out, const char *type, const void *data,
                      size_t len)
{
    uLong crc = crc32(crc32(0, (const Bytef *)type, 4), data, (uInt)len);
    uint32_t ends[] = {htonl((uint32_t)len), htonl((uint32_t)crc)};

    aw_buf_append(out, &ends[0], 4);
    aw_buf_append(out, type, 4);
    aw_buf_append(out, data, len);
    aw_buf_append(out, &ends[1], 4);
}

/* A third of it is like a photograph, the rest like text. */
static void put_pixels(unsigned char *pixels, size_t line, size_t height)
{
    for (size_t y = 0; y < height; y++)
        for (size_t x = 1; x < line; x++)
            pixels[y * line + x] =
                y % 600 < 200 ? (unsigned char)(x + y + aw_rng_next(&rng) % 16)
                : x * y % 40 == 0 ? 0
                                  : 255;
}

static void put_png(struct aw_buf *out, size_t width, size_t height)
{
    size_t line = 3 * width + 1;
    uLong len = compressBound(line * height);
    unsigned char *pixels = calloc(height, line);
    unsigned char *packed = malloc(len);
    uint32_t head[4] = {htonl((uint32_t)width), htonl((uint32_t)height),
                        htonl(0x08020000), 0}; /* 8 bits, RGB */

    assert_non_null(pixels);
    assert_non_null(packed);
    put_pixels(pixels, line, height);
    assert_int_equal(compress2(packed, &len, pixels, line * height, 1), Z_OK);
    aw_buf_append(out, "\x89PNG\r\n\x1A\n", 8);
    put_chunk(out, "IHDR", head, 13);
    put_chunk(out, "IDAT", packed, len);
    put_chunk(out, "IEND", "", 0);
    free(pixels);
    free(packed);
}

static aw_rc keep_id(void *self, int64_t id, struct aw_str class,
                     struct aw_str quote, int64_t of, struct aw_err *err)
{
    (void)class;
    (void)quote;
    (void)of;
    (void)err;
    *(int64_t *)self = id;
    return AW_OK;
}

static void add_shot(int64_t rendered, const char *kind, const char *uri,
                     size_t height)
{
    struct aw_box_row box = {0, 100, 200, 400, 40};
    char digest[AW_SHA256_HEX_MAX];
    struct aw_warc_place place;
    struct aw_shot_row shot = {.capture = rendered,
                               .kind = aw_str_of(kind),
                               .uri = aw_str_of(uri),
                               .width = 1280,
                               .height = (int64_t)height,
                               .boxes = &box,
                               .box_count = 1};
    struct aw_buf png;

    ASSERT_OK(aw_store_claims_shown(fixture.store, 1, rendered, keep_id,
                                    &box.claim, &fixture.err));
    assert_true(box.claim > 0);
    aw_buf_init(&png, (size_t)256 << 20);
    put_png(&png, 1280, height);
    place = append(uri, "image/png", aw_buf_str(&png), digest);
    shot.warc_file = aw_str_of(place.file);
    shot.warc_offset = place.offset;
    shot.warc_length = place.length;
    shot.digest = aw_str_of(digest);
    ASSERT_OK(aw_store_shot_add(fixture.store, &shot, &fixture.err));
    aw_buf_deinit(&png);
}

/* ---- the finding, and its bundle ---------------------------------------- */

static int64_t rendered_finding(void)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding;
    struct aw_decision_input input = {.action = AW_STR("confirm"),
                                      .who = AW_STR("王芳")};
    int64_t plain;
    int64_t rendered;

    open_archive();
    plain = capture(HOST "/", "<p>本公司产品保本保息，随存随取", 0);
    rendered = capture("urn:dom:" HOST "/",
                       "<p>本公司产品保本保息，随存随取</p>", plain);
    finding = fixture_finding("f", rendered, &claim);
    finding.url = AW_STR(HOST "/");
    input.finding = fixture_add(&finding);
    add_resources();
    add_shot(rendered, "first", "urn:view:" HOST "/", 800);
    add_shot(rendered, "full", "urn:fullPage:" HOST "/", 6000);
    ASSERT_OK(
        aw_decide(fixture.store, &clock_at, &input, NULL, NULL, &fixture.err));
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    aw_warc_writer_free(writer);
    return input.finding;
}

static struct aw_sight *new_sight(void)
{
    static const struct aw_crawl_config limits = {.reader_ms = 60000,
                                                  .reader_cpu_ms = 60000,
                                                  .image_ms = 60000,
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
    struct aw_sight *sight = NULL;

    ASSERT_OK(aw_sight_new(&sight, &config, &fixture.err));
    return sight;
}

/* From the start of its readers to their end, as the command has it. */
static void make(int64_t finding, char path[AW_PATH_MAX])
{
    static const struct aw_papers_config papers = {.templates = "papers"};
    struct aw_bundle_config config = {.workspace = fixture.dir,
                                      .archive_dir = archive_dir,
                                      .lexicon_dir = "lexicons",
                                      .tool = "adwatch test",
                                      .environment = tools_here(),
                                      .clock = &clock_at,
                                      .papers = &papers,
                                      .sight = new_sight(),
                                      .findings = &finding,
                                      .count = 1};

    ASSERT_OK(aw_bundle_make(fixture.store, &config, path, &fixture.err));
    aw_sight_free(config.sight);
    clock_at.manual_ms += 1000;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* Of this process and of those that it waited for. */
static double processor(void)
{
    struct rusage own;
    struct rusage others;

    assert_int_equal(getrusage(RUSAGE_SELF, &own), 0);
    assert_int_equal(getrusage(RUSAGE_CHILDREN, &others), 0);
    return seconds(own.ru_utime) + seconds(own.ru_stime) +
           seconds(others.ru_utime) + seconds(others.ru_stime);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static aw_rc note_item(void *self, const struct aw_verify_item *item,
                       struct aw_err *err)
{
    (void)err;
    if (!item->ok)
        print_error("%s: %s\n", item->name, item->what);
    if (strcmp(item->name, "exhibits") == 0 &&
        aw_str_find(aw_str_of(item->what),
                    AW_STR("4 screenshots and copies")) >= 0)
        *(bool *)self = true;
    return AW_OK;
}

static void one_finding_is_bundled_in_seconds(void **state)
{
    int runs = getenv("AW_BENCH_BUNDLE") ? RUNS : 1;
    const struct aw_clock *wall = aw_clock_system();
    int64_t finding = rendered_finding();
    char cache[AW_PATH_MAX];
    double used[RUNS];
    double passed[RUNS];
    char path[AW_PATH_MAX];
    bool has_copies = false;

    (void)state;
    ASSERT_OK(aw_path_join(cache, fixture.dir, "cache", &fixture.err));
    ASSERT_OK(aw_mkdirs(cache, &fixture.err));
    assert_int_equal(setenv(CACHE, cache, 1), 0);
    for (int i = 0; i < runs; i++) {
        int64_t from_ms = aw_clock_mono(wall);
        double from = processor();

        make(finding, path);
        used[i] = processor() - from;
        passed[i] = (double)(aw_clock_mono(wall) - from_ms) / 1000;
    }
    ASSERT_OK(
        aw_bundle_verify(path, NULL, note_item, &has_copies, &fixture.err));
    assert_true(has_copies);
    qsort(used, (size_t)runs, sizeof *used, by_size);
    qsort(passed, (size_t)runs, sizeof *passed, by_size);
    print_message("one finding, %d resources, 2 screenshots: %.2f s of the "
                  "processor, %.2f s by the clock\n",
                  RESOURCES, used[runs / 2], passed[runs / 2]);
    assert_true(used[runs / 2] < SECONDS_MOST);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        UNIT(one_finding_is_bundled_in_seconds),
    };

    if (argc > 2 && strcmp(argv[1], "reader") == 0)
        return be_reader(argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
