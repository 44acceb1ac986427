/* How fast a bundle is written and verified, on one core. (docs/benchmarks.md)
 *
 *   verify FOLDER [MiB]
 *   verify --whole BUNDLE...
 *
 * Writes bundles into FOLDER, each of one kind of bytes, and checks their
 * containers; or verifies bundles as `adwatch verify` does. Prints the median
 * of five runs, in processor time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "archive/warc.h"
#include "base/fs.h"
#include "base/rng.h"
#include "evidence/bag.h"
#include "evidence/verify.h"

#define RUNS 5
#define FILE_LEN ((size_t)2 << 20)
#define AT INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */

static struct aw_err err;

static void need(aw_rc rc)
{
    if (rc == AW_OK)
        return;
    (void)fprintf(stderr, "%s\n", err.msg);
    exit(1);
}

static double now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *seconds)
{
    qsort(seconds, RUNS, sizeof *seconds, by_size);
    return seconds[RUNS / 2];
}

static void tell(const char *what, size_t bytes, double *seconds)
{
    (void)printf("%-44s %6.0f MB/s\n", what,
                 (double)bytes / 1e6 / median(seconds));
}

/* ---- the container: what is in the files does not matter -----------------
 */

static double make_bag(const char *path, const struct aw_buf *file,
                       size_t count)
{
    struct aw_bag_digests digests;
    struct aw_bag *bag = NULL;
    double start = now();

    need(aw_bag_new(&bag, path, "b", AT, &err));
    for (size_t i = 0; i < count; i++) {
        char name[64];

        (void)snprintf(name, sizeof name, "data/05-截图/%zu.png", i);
        need(aw_bag_add(bag, name, aw_buf_str(file), &err));
    }
    need(aw_bag_seal(bag, "", &digests, &err));
    need(aw_bag_close(bag, &err));
    aw_bag_free(bag);
    return now() - start;
}

static double check_bag(const char *path, size_t *bytes)
{
    struct aw_bag_view *view = NULL;
    size_t lines = 0;
    double start = now();

    need(aw_bag_open(&view, path, &err));
    need(aw_bag_measure(view, &err));
    need(aw_zip_agree(&view->zip, &err));
    need(aw_bag_check_info(view, &err));
    need(aw_bag_check_manifests(view, &lines, &err));
    need(aw_bag_check_tags(view, &lines, &err));
    *bytes = view->zip.bytes.len;
    aw_bag_view_free(view);
    return now() - start;
}

static void bench_bag(const char *dir, size_t file_len, size_t count)
{
    struct aw_rng rng;
    struct aw_buf file;
    char path[AW_PATH_MAX];
    char what[64];
    double made[RUNS];
    double checked[RUNS];
    size_t bytes = 0;

    aw_rng_init(&rng, 1);
    aw_buf_init(&file, file_len);
    for (size_t i = 0; i < file_len; i++)
        aw_buf_putc(&file, (char)aw_rng_below(&rng, 256));
    need(aw_path_join(path, dir, "b.zip", &err));
    for (int i = 0; i < RUNS; i++) {
        made[i] = make_bag(path, &file, count);
        checked[i] = check_bag(path, &bytes);
    }
    (void)snprintf(what, sizeof what, "%zu files of %zu bytes, written", count,
                   file_len);
    tell(what, bytes, made);
    (void)snprintf(what, sizeof what, "%zu files of %zu bytes, checked", count,
                   file_len);
    tell(what, bytes, checked);
    aw_buf_deinit(&file);
}

/* ---- WARC records: by the bytes that lie in the bundle -------------------
 */

/* Text like that of a page, of a few hundred words. */
static void fill_text(struct aw_buf *out, struct aw_rng *rng, size_t len)
{
    while (out->len < len)
        aw_buf_printf(out, "<p class=\"p%d\">第%d号产品，年化收益%d%%</p>\n",
                      (int)aw_rng_below(rng, 20), (int)aw_rng_below(rng, 400),
                      (int)aw_rng_below(rng, 30));
}

static void fill_noise(struct aw_buf *out, struct aw_rng *rng, size_t len)
{
    while (out->len < len)
        aw_buf_putc(out, (char)aw_rng_below(rng, 256));
}

static void make_warc(const char *dir, struct aw_str body, struct aw_buf *warc)
{
    struct aw_clock clock = aw_clock_manual(AT);
    struct aw_rng rng;
    struct aw_warc_config config = {.dir = dir,
                                    .prefix = "bench",
                                    .info = "software: adwatch\r\n",
                                    .clock = &clock,
                                    .rng = &rng};
    struct aw_warc_record record = {
        .type = AW_WARC_RESPONSE,
        .target_uri = AW_STR("http://a.example/"),
        .head = AW_STR("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        .body = body};
    struct aw_warc_writer *writer = NULL;
    struct aw_warc_place place;

    aw_rng_init(&rng, 1);
    need(aw_warc_writer_new(&writer, &config, &err));
    need(aw_warc_append(writer, &record, &place, &err));
    need(aw_warc_sync(writer, &err));
    need(aw_warc_copy(dir, &place, warc, &err));
    aw_warc_writer_free(writer);
}

/* As verify reads them: each record with its digests. */
static void read_warc(struct aw_str warc)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    aw_rc rc;

    need(aw_warc_reader_of(&reader, warc, "bench", &err));
    while ((rc = aw_warc_next(reader, &record, NULL, &err)) == AW_OK)
        continue;
    need(rc == AW_MISSING ? AW_OK : rc);
    aw_warc_reader_free(reader);
}

static void bench_warc(const char *dir, const char *what,
                       void (*fill)(struct aw_buf *, struct aw_rng *, size_t))
{
    struct aw_buf body, warc;
    struct aw_rng rng;
    double packed[RUNS];
    char name[64];

    aw_rng_init(&rng, 2);
    aw_buf_init(&body, 2 * FILE_LEN);
    aw_buf_init(&warc, 2 * FILE_LEN);
    fill(&body, &rng, FILE_LEN);
    make_warc(dir, aw_buf_str(&body), &warc);
    for (int i = 0; i < RUNS; i++) {
        double start = now();

        for (int k = 0; k < 32; k++)
            read_warc(aw_buf_str(&warc));
        packed[i] = (now() - start) / 32;
    }
    (void)snprintf(name, sizeof name, "%s, unpacked bytes", what);
    tell(name, body.len, packed);
    (void)snprintf(name, sizeof name, "%s, bytes in the bundle", what);
    tell(name, warc.len, packed);
    aw_buf_deinit(&body);
    aw_buf_deinit(&warc);
}

/* ---- the digests alone ---------------------------------------------------
 */

static double digest_one(struct aw_hasher *hasher, const struct aw_buf *bytes,
                         bool with_sm3)
{
    struct aw_twins twins;
    double start = now();

    aw_hasher_begin(hasher, with_sm3);
    aw_hasher_put(hasher, aw_buf_str(bytes));
    need(aw_hasher_end(hasher, &twins, &err));
    return now() - start;
}

static void bench_digests(void)
{
    struct aw_hasher *hasher = NULL;
    struct aw_rng rng;
    struct aw_buf bytes;
    double one[RUNS];
    double both[RUNS];

    aw_rng_init(&rng, 3);
    aw_buf_init(&bytes, 8 * FILE_LEN);
    fill_noise(&bytes, &rng, 8 * FILE_LEN);
    need(aw_hasher_new(&hasher, &err));
    for (int i = 0; i < RUNS; i++) {
        one[i] = digest_one(hasher, &bytes, false);
        both[i] = digest_one(hasher, &bytes, true);
    }
    tell("CRC-32, SHA-256", bytes.len, one);
    tell("CRC-32, SHA-256 and SM3", bytes.len, both);
    aw_hasher_free(hasher);
    aw_buf_deinit(&bytes);
}

/* ---- whole bundles -------------------------------------------------------
 */

static aw_rc pass(void *self, const struct aw_verify_item *item,
                  struct aw_err *e)
{
    (void)self;
    (void)item;
    (void)e;
    return AW_OK;
}

static size_t file_len(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (size_t)st.st_size : 0;
}

static int bench_whole(char **paths, int count)
{
    bench_digests();                          /* no bundle is faster */
    (void)setenv("TZ", ":/etc/localtime", 0); /* as the command has it */
    for (int i = 0; i < count; i++) {
        double seconds[RUNS];

        for (int k = 0; k < RUNS; k++) {
            double start = now();

            need(aw_bundle_verify(paths[i], NULL, pass, NULL, &err));
            seconds[k] = now() - start;
        }
        tell(paths[i], file_len(paths[i]), seconds);
        (void)printf("%46zu bytes, %.3f s\n", file_len(paths[i]),
                     seconds[RUNS / 2]);
    }
    return 0;
}

int main(int argc, char **argv)
{
    size_t mib = argc > 2 ? strtoul(argv[2], NULL, 10) : 512;

    if (argc > 2 && strcmp(argv[1], "--whole") == 0)
        return bench_whole(argv + 2, argc - 2);

    if (argc < 2) {
        (void)fprintf(
            stderr,
            "usage: verify FOLDER [MiB], or verify --whole BUNDLE...\n");
        return 2;
    }
    need(aw_mkdirs(argv[1], &err));
    bench_digests();
    bench_bag(argv[1], FILE_LEN, (mib << 20) / FILE_LEN);
    bench_bag(argv[1], 4096, 20000);
    bench_warc(argv[1], "WARC of text", fill_text);
    bench_warc(argv[1], "WARC of pictures", fill_noise);
    return 0;
}
