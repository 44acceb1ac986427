/* Any change of any byte of a bundle is found by its container, whatever the
 * file says: 2,000 places drawn at random, all parts of the zip among them.
 *
 * ADWATCH_TEST_SEED=N draws the places of an earlier run again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/rng.h"
#include "evidence/bag.h"
#include "evidence/verify.h"
#include "evidence/wacz.h"

#define AT INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define CHANGES 2000
#define EACH 20 /* of them in each part, at least */
#define BYTES_MAX ((size_t)16 << 20)
#define PARTS_MAX 128
#define FIRST "tests/evidence/bundles/format-1.zip"

static struct aw_err err;
static struct aw_buf bundle; /* the good one */
static struct aw_buf spoilt;
static struct aw_zip zip; /* of the good one */
static struct aw_rng rng;
static char dir[] = "/tmp/aw-test-XXXXXX";
static char path[64];

static void assert_ok(aw_rc rc)
{
    if (rc != AW_OK)
        fail_msg("%s", err.msg);
}

/* ---- a bundle with all kinds of files ----------------------------------- */

static void add(struct aw_bag *bag, const char *name, struct aw_str bytes)
{
    assert_ok(aw_bag_add(bag, name, bytes, &err));
}

static void add_wacz(struct aw_bag *bag, struct aw_str warc)
{
    struct aw_wacz_source source = {.warc = warc,
                                    .title = AW_STR("capture 1"),
                                    .software = AW_STR("adwatch test"),
                                    .created_ms = AT};
    struct aw_buf wacz;

    aw_buf_init(&wacz, BYTES_MAX);
    assert_ok(aw_wacz_make(&wacz, &source, &err));
    add(bag, "data/02-网页存档/capture-1.wacz", aw_buf_str(&wacz));
    aw_buf_deinit(&wacz);
}

/* As large as screenshots are beside the rest, and as little compressible. */
static void add_png(struct aw_bag *bag)
{
    struct aw_buf png;

    aw_buf_init(&png, BYTES_MAX);
    aw_buf_append(&png, "\x89PNG\r\n\x1A\n", 8);
    for (int i = 0; i < 20000; i++)
        aw_buf_putc(&png, (char)aw_rng_below(&rng, 256));
    add(bag, "data/05-截图/capture-1-首屏.png", aw_buf_str(&png));
    aw_buf_deinit(&png);
}

static void add_seals(struct aw_bag *bag)
{
    static const char *const names[] = {"seal/officer-1.json",
                                        "seal/officer-1.ab12.sig",
                                        "seal/keys/ab12.pem",
                                        "seal/timestamp.tsr"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_ok(aw_bag_add_seal(bag, names[i], AW_STR("{\"name\":\"王芳\"}"),
                                  &err));
}

/* The files of an older bundle, and those that it has not. */
static void fill(struct aw_bag *bag)
{
    struct aw_bag_view *first = NULL;

    assert_ok(aw_bag_open(&first, FIRST, &err));
    for (size_t i = 0; i < first->count; i++) {
        const struct aw_bag_file *file = &first->files[i];
        char name[AW_ZIP_NAME_MAX + 1];

        if (!aw_str_starts(file->name, AW_STR("data/")))
            continue;
        (void)snprintf(name, sizeof name, "%.*s", AW_STR_ARG(file->name));
        add(bag, name, file->bytes);
        if (aw_str_ends(file->name, AW_STR(".warc.gz")))
            add_wacz(bag, file->bytes);
    }
    aw_bag_view_free(first);
    add_png(bag);
    add(bag, "data/07-原件/empty", AW_STR(""));
}

static void make_bundle(void)
{
    struct aw_bag_digests digests;
    struct aw_bag *bag = NULL;

    assert_ok(aw_bag_new(&bag, path, "b", AT, &err));
    fill(bag);
    assert_ok(aw_bag_seal(bag, "External-Identifier: b\n", &digests, &err));
    add_seals(bag);
    assert_ok(aw_bag_close(bag, &err));
    aw_bag_free(bag);
}

static uint64_t seed(void)
{
    const char *given = getenv("ADWATCH_TEST_SEED");

    return given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
}

static int set_up(void **state)
{
    uint64_t from = seed();

    (void)state;
    print_message("ADWATCH_TEST_SEED=%llu\n", (unsigned long long)from);
    aw_rng_init(&rng, from);
    if (!mkdtemp(dir))
        return -1;
    (void)snprintf(path, sizeof path, "%s/b.zip", dir);
    aw_buf_init(&bundle, BYTES_MAX);
    aw_buf_init(&spoilt, BYTES_MAX);
    make_bundle();
    assert_ok(aw_file_read(path, &bundle, &err));
    assert_ok(aw_zip_read(&zip, aw_buf_str(&bundle), &err));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_zip_deinit(&zip);
    aw_buf_deinit(&bundle);
    aw_buf_deinit(&spoilt);
    (void)unlink(path);
    return rmdir(dir);
}

/* ---- looking ------------------------------------------------------------ */

static const char *const container[] = {"container", "readers", "bag",
                                        "manifest", "tagmanifest"};

/* Counts what the container's own items find false; what the files say is
 * other tests' business. */
static aw_rc count_false(void *self, const struct aw_verify_item *item,
                         struct aw_err *e)
{
    (void)e;
    assert_true(item->what[0] != '\0');
    for (size_t i = 0; i < sizeof container / sizeof *container; i++)
        if (strcmp(item->name, container[i]) == 0)
            *(int *)self += !item->ok;
    return AW_OK;
}

static int find_false(struct aw_str bytes)
{
    int found = 0;
    aw_rc rc = aw_bundle_verify_bytes(bytes, NULL, count_false, &found, &err);

    assert_true(rc == AW_OK || rc == AW_FAIL);
    return found;
}

static void assert_found(struct aw_str bytes, const char *what)
{
    err = (struct aw_err){0};
    if (find_false(bytes) == 0 || err.msg[0] == '\0')
        fail_msg("%s: not found", what);
}

/* ---- bytes -------------------------------------------------------------- */

/* Headers and data of each entry, and what is behind them. */
static size_t list_parts(struct aw_str parts[PARTS_MAX])
{
    struct aw_str rest = aw_buf_str(&bundle);
    size_t count = 0;

    assert_true(2 * zip.count + 2 < PARTS_MAX);
    for (size_t i = 0; i < zip.count; i++) {
        size_t head = (size_t)(zip.entries[i].data.ptr - rest.ptr);

        parts[count++] = aw_str_sub(rest, 0, head);
        parts[count++] = zip.entries[i].data;
        rest = aw_str_sub(rest, head + zip.entries[i].data.len, rest.len);
    }
    parts[count++] = aw_str_sub(rest, 0, rest.len - 22);
    parts[count++] = aw_str_sub(rest, rest.len - 22, 22);
    return count;
}

static void change_byte(size_t at)
{
    char before = bundle.ptr[at];
    char what[64];

    (void)snprintf(what, sizeof what, "byte %zu", at);
    bundle.ptr[at] = (char)(before ^ (1 + (int)aw_rng_below(&rng, 255)));
    assert_found(aw_buf_str(&bundle), what);
    bundle.ptr[at] = before;
}

static void each_of_2000_changed_bytes_is_found(void **state)
{
    struct aw_str parts[PARTS_MAX];
    size_t count = list_parts(parts);
    int changes = 0;

    (void)state;
    assert_int_equal(find_false(aw_buf_str(&bundle)), 0);
    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < EACH && parts[i].len > 0; k++, changes++)
            change_byte((size_t)(parts[i].ptr - bundle.ptr) +
                        aw_rng_below(&rng, parts[i].len));
    assert_true(changes < CHANGES);
    for (; changes < CHANGES; changes++)
        change_byte(aw_rng_below(&rng, bundle.len));
    assert_int_equal(find_false(aw_buf_str(&bundle)), 0);
}

/* ---- files -------------------------------------------------------------- */

/* The entries in a zip of the same layout. */
static void assert_entries_found(const struct aw_zip_entry *entries,
                                 size_t count, const char *what)
{
    aw_buf_reset(&spoilt);
    assert_ok(aw_zip_lay(&spoilt, entries, count, AT, &err));
    assert_found(aw_buf_str(&spoilt), what);
}

/* A seal may be left out by whoever may: that it must be there is for who
 * knows who sealed. */
static bool is_seal(const struct aw_zip_entry *entry)
{
    return aw_str_starts(entry->name, AW_STR("b/seal/"));
}

static void a_file_left_out_is_found(void **state)
{
    struct aw_zip_entry entries[PARTS_MAX];

    (void)state;
    for (size_t i = 0; i < zip.count; i++) {
        memcpy(entries, zip.entries, i * sizeof *entries);
        memcpy(entries + i, zip.entries + i + 1,
               (zip.count - i - 1) * sizeof *entries);
        if (!is_seal(&zip.entries[i]))
            assert_entries_found(entries, zip.count - 1, "left out");
    }
}

static void a_file_added_anywhere_is_found(void **state)
{
    static const char *const names[] = {"b/data/x",
                                        "b/x",
                                        "x",
                                        "b/seal/x",
                                        "b/seal/officer-1.txt",
                                        "b/fetch.txt",
                                        "b/manifest-md5.txt",
                                        "b/seal/officer-1.json"};
    struct aw_zip_entry entries[PARTS_MAX];

    (void)state;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        for (size_t i = 0; i <= zip.count; i++) {
            memcpy(entries, zip.entries, i * sizeof *entries);
            entries[i] = (struct aw_zip_entry){.name = aw_str_of(names[n]),
                                               .data = AW_STR("x")};
            memcpy(entries + i + 1, zip.entries + i,
                   (zip.count - i) * sizeof *entries);
            assert_entries_found(entries, zip.count + 1, names[n]);
        }
    }
}

static void a_file_renamed_is_found(void **state)
{
    struct aw_zip_entry entries[PARTS_MAX];
    char name[AW_ZIP_NAME_MAX + 1];

    (void)state;
    for (size_t i = 0; i < zip.count; i++) {
        memcpy(entries, zip.entries, zip.count * sizeof *entries);
        (void)snprintf(name, sizeof name, "%.*sx",
                       AW_STR_ARG(zip.entries[i].name));
        entries[i].name = aw_str_of(name);
        assert_entries_found(entries, zip.count, name);
    }
}

/* Names, bytes, or both: then only their order is another. */
static void swap(struct aw_zip_entry *entries, size_t a, size_t b, bool names,
                 bool bytes)
{
    struct aw_zip_entry one = entries[a];
    struct aw_zip_entry two = entries[b];

    if (names) {
        entries[a].name = two.name;
        entries[b].name = one.name;
    }
    if (bytes) {
        entries[a].data = two.data;
        entries[b].data = one.data;
    }
}

static void two_files_swapped_are_found(void **state)
{
    struct aw_zip_entry entries[PARTS_MAX];

    (void)state;
    for (size_t b = 1; b < zip.count; b++) {
        for (int how = 1; how <= 3; how++) {
            size_t a = aw_rng_below(&rng, b);

            /* The order of the seals is free, and what they say is not the
             * bag's. */
            if (is_seal(&zip.entries[b]) && is_seal(&zip.entries[a]))
                continue;
            memcpy(entries, zip.entries, zip.count * sizeof *entries);
            swap(entries, a, b, how & 1, how & 2);
            assert_entries_found(entries, zip.count, "swapped");
        }
    }
}

static void bytes_before_or_behind_are_found(void **state)
{
    struct aw_str whole = aw_buf_str(&bundle);

    (void)state;
    for (int i = 0; i < 20; i++) {
        char byte = (char)aw_rng_below(&rng, 256);

        aw_buf_reset(&spoilt);
        aw_buf_putc(&spoilt, byte);
        aw_buf_put(&spoilt, whole);
        assert_found(aw_buf_str(&spoilt), "a byte before");
        aw_buf_reset(&spoilt);
        aw_buf_put(&spoilt, whole);
        aw_buf_putc(&spoilt, byte);
        assert_found(aw_buf_str(&spoilt), "a byte behind");
    }
    aw_buf_reset(&spoilt);
    aw_buf_put(&spoilt, whole);
    aw_buf_put(&spoilt, whole);
    assert_found(aw_buf_str(&spoilt), "the bundle twice");
}

static void a_bundle_cut_off_is_found(void **state)
{
    (void)state;
    assert_found(AW_STR(""), "nothing");
    for (int i = 0; i < 200; i++)
        assert_found(aw_str_sub(aw_buf_str(&bundle), 0,
                                aw_rng_below(&rng, bundle.len)),
                     "cut off");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_of_2000_changed_bytes_is_found),
        cmocka_unit_test(a_file_left_out_is_found),
        cmocka_unit_test(a_file_added_anywhere_is_found),
        cmocka_unit_test(a_file_renamed_is_found),
        cmocka_unit_test(two_files_swapped_are_found),
        cmocka_unit_test(bytes_before_or_behind_are_found),
        cmocka_unit_test(a_bundle_cut_off_is_found),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
