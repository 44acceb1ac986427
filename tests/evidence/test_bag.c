/* A bag made as a stream, opened, and given seals. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "evidence/bag.h"

#define AT INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define FIRST "tests/evidence/bundles/format-1.zip"

/* Of "abc": GB/T 32905-2016, A.1; FIPS 180-4. */
#define ABC_SM3 \
    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
#define ABC_SHA256 \
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static struct aw_err err;
static char dir[] = "/tmp/aw-test-XXXXXX";
static char path[64];
static char other[64];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof dir, "/tmp/aw-test-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    (void)snprintf(path, sizeof path, "%s/b.zip", dir);
    (void)snprintf(other, sizeof other, "%s/file", dir);
    err = (struct aw_err){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)unlink(other);
    return rmdir(dir); /* nothing else is left */
}

static void assert_ok(aw_rc rc)
{
    if (rc != AW_OK)
        fail_msg("%s", err.msg);
}

static void assert_says(aw_rc got, aw_rc want, const char *says)
{
    assert_int_equal(got, want);
    if (!strstr(err.msg, says))
        fail_msg("'%s' is not in: %s", says, err.msg);
}

static struct aw_bag *begin(void)
{
    struct aw_bag *bag = NULL;

    assert_ok(aw_bag_new(&bag, path, "b", AT, &err));
    return bag;
}

static void end(struct aw_bag *bag)
{
    struct aw_bag_digests digests;

    assert_ok(aw_bag_seal(bag, "A: b\n", &digests, &err));
    assert_ok(aw_bag_close(bag, &err));
    aw_bag_free(bag);
}

static void make_bag(void)
{
    struct aw_bag *bag = begin();

    assert_ok(aw_bag_add(bag, "data/abc", AW_STR("abc"), &err));
    assert_ok(aw_bag_add(bag, "data/empty", AW_STR(""), &err));
    end(bag);
}

/* The whole of the container, as verify looks at it. */
static struct aw_bag_view *open_good(void)
{
    struct aw_bag_view *view = NULL;
    size_t lines = 0;

    assert_ok(aw_bag_open(&view, path, &err));
    assert_ok(aw_bag_measure(view, &err));
    assert_ok(aw_bag_check_info(view, &err));
    assert_ok(aw_bag_check_manifests(view, &lines, &err));
    assert_ok(aw_bag_check_tags(view, &lines, &err));
    assert_int_equal(view->format, 2);
    return view;
}

static void assert_holds(const struct aw_bag_view *view, const char *name,
                         const char *text)
{
    struct aw_str bytes = {0};

    if (!aw_bag_find(view, aw_str_of(name), &bytes))
        fail_msg("there is no %s", name);
    assert_true(aw_str_eq(bytes, aw_str_of(text)));
}

/* Of the bag that lies there; "" where there is none. */
static const char *manifest_of(const char *of)
{
    static char digest[AW_SHA256_HEX_MAX];
    struct aw_bag_view *view = NULL;
    struct aw_err ignored;
    struct aw_str bytes;

    digest[0] = '\0';
    if (aw_bag_open(&view, of, &ignored) == AW_OK &&
        aw_bag_find(view, AW_STR(AW_BAG_SIGNED), &bytes))
        aw_sha256_hex(bytes, digest);
    aw_bag_view_free(view);
    return digest;
}

static void append(const char *name, const char *text, aw_rc want)
{
    struct aw_bag_seal seal = {aw_str_of(name), aw_str_of(text)};

    assert_int_equal(aw_bag_append(path, manifest_of(path), &seal, 1, &err),
                     want);
}

/* ---- making ------------------------------------------------------------- */

static void both_manifests_are_there_and_right(void **state)
{
    struct aw_bag_view *view;

    (void)state;
    make_bag();
    view = open_good();
    assert_holds(view, "data/abc", "abc");
    assert_holds(view, "bag-info.txt",
                 "A: b\nPayload-Oxum: 3.2\nAdwatch-Bundle-Format: 2\n");
    assert_int_equal(view->count, 8);
    assert_true(aw_str_starts(view->files[4].bytes,
                              AW_STR(ABC_SHA256 "  data/abc\n")));
    assert_true(
        aw_str_starts(view->files[5].bytes, AW_STR(ABC_SM3 "  data/abc\n")));
    aw_bag_view_free(view);
}

static void what_is_signed_is_what_is_written(void **state)
{
    struct aw_bag *bag = begin();
    struct aw_bag_digests digests;
    struct aw_bag_view *view;
    char hex[AW_SHA256_HEX_MAX];
    struct aw_str text;

    (void)state;
    assert_int_equal(aw_bag_signed(bag).len, 0);
    assert_ok(aw_bag_add(bag, "data/abc", AW_STR("abc"), &err));
    assert_ok(aw_bag_seal(bag, "", &digests, &err));
    text = aw_bag_signed(bag);
    aw_sha256_hex(text, hex);
    assert_string_equal(hex, digests.sha256);
    aw_sm3_hex(text, hex);
    assert_string_equal(hex, digests.sm3);
    assert_ok(aw_bag_add_seal(bag, "seal/timestamp.tsr", text, &err));
    assert_ok(aw_bag_close(bag, &err));
    view = open_good();
    assert_true(aw_str_eq(view->files[5].bytes, text) &&
                aw_str_eq(view->files[5].name, AW_STR(AW_BAG_SIGNED)));
    aw_bag_view_free(view);
    aw_bag_free(bag);
}

static aw_rc count_item(void *self, const struct aw_bag_item *item,
                        struct aw_err *e)
{
    (void)e;
    assert_true(aw_str_starts(item->name, AW_STR("data/")));
    ++*(int *)self;
    return AW_OK;
}

static void a_file_is_added_by_its_path(void **state)
{
    struct aw_bag *bag = begin();
    struct aw_bag_item item;
    int items = 0;

    (void)state;
    assert_ok(aw_file_write(other, AW_STR("abc"), &err));
    assert_ok(aw_bag_add_path(bag, "data/abc", other, &err));
    item = aw_bag_last(bag);
    assert_true(aw_str_eq(item.name, AW_STR("data/abc")));
    assert_int_equal(item.bytes, 3);
    assert_string_equal(item.sha256, ABC_SHA256);
    assert_string_equal(item.sm3, ABC_SM3);
    end(bag);
    bag = begin();
    assert_ok(aw_bag_add_path(bag, "data/abc", other, &err));
    assert_ok(aw_bag_each(bag, count_item, &items, &err));
    assert_int_equal(items, 1);
    aw_bag_free(bag);
    aw_bag_view_free(open_good()); /* the older one is as it was */
}

static void what_cannot_be_added_is_refused(void **state)
{
    struct aw_bag *bag = begin();
    struct aw_bag_digests digests;

    (void)state;
    assert_says(aw_bag_add(bag, "notes.txt", AW_STR(""), &err), AW_INVALID,
                "not below data/");
    assert_says(aw_bag_add(bag, "data/../x", AW_STR(""), &err), AW_INVALID,
                "'..'");
    assert_says(aw_bag_add_path(bag, "data/x", "/nowhere/x", &err), AW_MISSING,
                "/nowhere/x");
    assert_says(aw_bag_add_path(bag, "data/x", dir, &err), AW_INVALID,
                "no regular file");
    assert_says(aw_bag_add_seal(bag, "seal/timestamp.tsr", AW_STR(""), &err),
                AW_INVALID, "not sealed");
    assert_says(aw_bag_close(bag, &err), AW_INVALID, "not sealed");
    assert_ok(aw_bag_add(bag, "data/x", AW_STR(""), &err));
    assert_ok(aw_bag_add(bag, "data/X", AW_STR(""), &err));
    assert_says(aw_bag_seal(bag, "", &digests, &err), AW_INVALID,
                "one name on some systems");
    aw_bag_free(bag);
}

static void a_folder_has_a_name_of_its_own(void **state)
{
    static const char *const names[] = {"", "a/b", "/"};
    struct aw_bag *bag = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(aw_bag_new(&bag, path, names[i], AT, &err),
                         AW_INVALID);
}

/* ---- seals -------------------------------------------------------------- */

static void seals_are_put_in_and_replaced(void **state)
{
    struct aw_bag_view *view;

    (void)state;
    make_bag();
    append("seal/officer-1.json", "one", AW_OK);
    append("seal/officer-2.json", "two", AW_OK);
    append("seal/officer-1.json", "three", AW_OK);
    view = open_good();
    assert_int_equal(view->count, 10);
    assert_holds(view, "seal/officer-1.json", "three");
    assert_holds(view, "seal/officer-2.json", "two");
    assert_holds(view, "data/abc", "abc");
    assert_ok(aw_zip_agree(&view->zip, &err));
    aw_bag_view_free(view);
}

static void other_names_are_no_seals(void **state)
{
    static const char *const bad[] = {"seal/x",
                                      "seal/officer-.json",
                                      "seal/officer-1.json.x",
                                      "data/x",
                                      "seal/keys/a/b.pem",
                                      "seal/../x",
                                      "seal/officer-1.",
                                      "seal/",
                                      "seal/keys/.pem",
                                      "bagit.txt",
                                      ""};
    static const char *const good[] = {"seal/officer-1.json",
                                       "seal/officer-2.0a1b.sig",
                                       "seal/keys/0a1b.pem",
                                       "seal/keys/0a1b.chain.pem",
                                       "seal/timestamp.tsr",
                                       "seal/timestamp.0a1b.sig"};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(aw_bag_is_seal(aw_str_of(good[i])));
    make_bag();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(aw_bag_is_seal(aw_str_of(bad[i])));
        append(bad[i], "x", AW_INVALID);
    }
    aw_bag_view_free(open_good());
}

static void nothing_is_appended_twice_or_to_what_is_no_bag(void **state)
{
    struct aw_bag_seal twice[] = {{AW_STR("seal/timestamp.tsr"), AW_STR("a")},
                                  {AW_STR("seal/timestamp.tsr"), AW_STR("b")}};
    struct aw_buf first;

    (void)state;
    append("seal/timestamp.tsr", "x", AW_MISSING);
    make_bag();
    assert_says(aw_bag_append(path, manifest_of(path), twice, 2, &err),
                AW_INVALID, "given twice");
    aw_bag_view_free(open_good());
    assert_ok(aw_file_write(path, AW_STR("no zip"), &err));
    append("seal/timestamp.tsr", "x", AW_INVALID);
    aw_buf_init(&first, (size_t)1 << 20);
    assert_ok(aw_file_read(FIRST, &first, &err));
    assert_ok(aw_file_write(path, aw_buf_str(&first), &err));
    aw_buf_deinit(&first);
    assert_says(aw_bag_append(path, manifest_of(path), twice, 1, &err),
                AW_INVALID, "format 1, which has no seals");
}

/* ---- opening ------------------------------------------------------------ */

static void what_is_no_file_is_not_opened(void **state)
{
    struct aw_bag_view *view = NULL;

    (void)state;
    assert_int_equal(aw_bag_open(&view, path, &err), AW_MISSING);
    assert_says(aw_bag_open(&view, dir, &err), AW_INVALID, "no regular file");
    assert_int_equal(mkfifo(other, 0600), 0);
    assert_says(aw_bag_open(&view, other, &err), AW_INVALID,
                "no regular file");
    assert_int_equal(unlink(other), 0);
    assert_ok(aw_file_write(path, AW_STR(""), &err));
    assert_says(aw_bag_open(&view, path, &err), AW_INVALID, "cut off");
    assert_null(view);
}

static void names_are_found_exactly(void **state)
{
    struct aw_bag_view *view;
    struct aw_str bytes;

    (void)state;
    make_bag();
    view = open_good();
    for (size_t i = 0; i < view->count; i++) {
        assert_true(aw_bag_find(view, view->files[i].name, &bytes));
        assert_ptr_equal(bytes.ptr, view->files[i].bytes.ptr);
    }
    assert_false(aw_bag_find(view, AW_STR("data/ab"), &bytes));
    assert_false(aw_bag_find(view, AW_STR("data/abcd"), &bytes));
    assert_false(aw_bag_find(view, AW_STR(""), &bytes));
    aw_bag_view_free(view);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* A byte of a file is another, and its CRC-32 that of what
 * is there: the manifests alone can tell. */
static void lay_false(void)
{
    struct aw_bag_view *view = open_good();
    struct aw_zip_entry entries[8];
    struct aw_buf zip;
    size_t count = view->zip.count;

    aw_buf_init(&zip, 1 << 20);
    assert_in_range(count, 1, 8);
    memcpy(entries, view->zip.entries, count * sizeof *entries);
    assert_int_equal(entries[0].data.len, 3);
    entries[0].data = AW_STR("abd");
    assert_ok(aw_zip_lay(&zip, entries, count, AT, &err));
    assert_ok(aw_file_write(path, aw_buf_str(&zip), &err));
    aw_bag_view_free(view);
    aw_buf_deinit(&zip);
}

static void another_bag_is_not_sealed(void **state)
{
    struct aw_bag_seal seal = {AW_STR("seal/officer-1.json"), AW_STR("one")};
    char digest[AW_SHA256_HEX_MAX];

    (void)state;
    make_bag();
    aw_sha256_hex(AW_STR("another's"), digest);
    assert_says(aw_bag_append(path, digest, &seal, 1, &err), AW_INVALID,
                "another bundle took its place");
}

static void the_mode_stays_and_is_the_owners_at_first(void **state)
{
    struct stat st;

    (void)state;
    make_bag();
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(chmod(path, 0640), 0);
    append("seal/officer-1.json", "one", AW_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
}

static void what_is_false_is_not_sealed(void **state)
{
    struct aw_bag_seal seal = {AW_STR("seal/officer-1.json"), AW_STR("one")};
    struct aw_buf before, after;

    (void)state;
    make_bag();
    lay_false();
    aw_buf_init(&before, 1 << 20);
    aw_buf_init(&after, 1 << 20);
    assert_ok(aw_file_read(path, &before, &err));
    assert_says(aw_bag_append(path, manifest_of(path), &seal, 1, &err),
                AW_INVALID, "'data/abc' was changed");
    assert_ok(aw_file_read(path, &after, &err));
    assert_true(aw_str_eq(aw_buf_str(&before), aw_buf_str(&after)));
    aw_buf_deinit(&before);
    aw_buf_deinit(&after);
}

/* ---- files that change --------------------------------------------------
 */

#define LARGE ((size_t)1 << 20)

static struct aw_bag_view *open_large(void)
{
    struct aw_bag *bag = begin();
    struct aw_bag_view *view;
    struct aw_buf bytes;

    aw_buf_init(&bytes, LARGE);
    for (size_t i = 0; i < LARGE; i++)
        aw_buf_putc(&bytes, (char)(i % 251));
    assert_ok(aw_bag_add(bag, "data/large", aw_buf_str(&bytes), &err));
    aw_buf_deinit(&bytes);
    end(bag);
    view = open_good();
    assert_ok(aw_bag_unchanged(view, &err));
    return view;
}

static void a_file_cut_off_while_it_is_read_is_told(void **state)
{
    struct aw_bag_view *view = open_large();

    (void)state;
    assert_int_equal(truncate(path, 10000), 0);
    assert_says(aw_bag_measure(view, &err), AW_INVALID, "CRC-32");
    assert_says(aw_bag_unchanged(view, &err), AW_IO, "was changed");
    aw_bag_view_free(view);
}

/* Two are open: the one that is whole stays so. */
static void a_file_cut_off_does_no_harm_to_another(void **state)
{
    struct aw_bag_view *first = open_large();
    struct aw_bag_view *second = NULL;

    (void)state;
    assert_int_equal(rename(path, other), 0);
    second = open_large();
    assert_int_equal(truncate(other, 0), 0);
    assert_says(aw_bag_measure(first, &err), AW_INVALID, "CRC-32");
    assert_ok(aw_bag_measure(second, &err));
    aw_bag_view_free(first);
    assert_ok(aw_bag_unchanged(second, &err));
    aw_bag_view_free(second);
}

static void a_file_written_to_while_it_is_read_is_told(void **state)
{
    struct aw_bag_view *view = open_large();
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, "x", 1, 5000), 1);
    (void)close(fd);
    assert_says(aw_bag_unchanged(view, &err), AW_IO, "was changed");
    aw_bag_view_free(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(both_manifests_are_there_and_right),
        UNIT(what_is_signed_is_what_is_written),
        UNIT(a_file_is_added_by_its_path),
        UNIT(what_cannot_be_added_is_refused),
        UNIT(a_folder_has_a_name_of_its_own),
        UNIT(seals_are_put_in_and_replaced),
        UNIT(other_names_are_no_seals),
        UNIT(nothing_is_appended_twice_or_to_what_is_no_bag),
        UNIT(what_is_false_is_not_sealed),
        UNIT(another_bag_is_not_sealed),
        UNIT(the_mode_stays_and_is_the_owners_at_first),
        UNIT(a_file_cut_off_while_it_is_read_is_told),
        UNIT(a_file_cut_off_does_no_harm_to_another),
        UNIT(a_file_written_to_while_it_is_read_is_told),
        UNIT(what_is_no_file_is_not_opened),
        UNIT(names_are_found_exactly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
