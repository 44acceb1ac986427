/* Zips that are good, and what others send instead. */
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/hash.h"
#include "evidence/zip_private.h"

#define AT INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define ZIP_MAX ((size_t)64 << 20)
#define ENTRY(n, d)                          \
    {                                        \
        .name = AW_STR(n), .data = AW_STR(d) \
    }

static struct aw_err err;
static struct aw_buf zip;
static char dir[] = "/tmp/aw-test-XXXXXX";
static char path[64];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof dir, "/tmp/aw-test-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    (void)snprintf(path, sizeof path, "%s/a.zip", dir);
    aw_buf_init(&zip, ZIP_MAX);
    err = (struct aw_err){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_buf_deinit(&zip);
    (void)unlink(path);
    return rmdir(dir);
}

static void assert_ok(aw_rc rc)
{
    if (rc != AW_OK)
        fail_msg("%s", err.msg);
}

static void lay(const struct aw_zip_entry *entries, size_t count)
{
    aw_buf_reset(&zip);
    assert_ok(aw_zip_lay(&zip, entries, count, AT, &err));
}

static void lay_two(void)
{
    static const struct aw_zip_entry two[] = {ENTRY("b/one.txt", "hello"),
                                              ENTRY("b/two.txt", "")};

    lay(two, 2);
}

static aw_rc read_it(void)
{
    struct aw_zip read;
    aw_rc rc = aw_zip_read(&read, aw_buf_str(&zip), &err);

    if (rc == AW_OK)
        aw_zip_deinit(&read);
    else
        assert_true(err.msg[0] != '\0' && !read.entries);
    return rc;
}

static void assert_refused(const char *says)
{
    assert_int_equal(read_it(), AW_INVALID);
    if (!strstr(err.msg, says))
        fail_msg("'%s' is not in: %s", says, err.msg);
}

/* ---- good ones --------------------------------------------------------- */

static void assert_agreed(size_t count)
{
    struct aw_zip read;

    assert_ok(aw_zip_read(&read, aw_buf_str(&zip), &err));
    assert_int_equal(read.count, count);
    assert_int_equal(read.layout, AW_ZIP_PLAIN);
    assert_ok(aw_zip_agree(&read, &err));
    aw_zip_deinit(&read);
}

static void what_is_laid_is_read_and_others_see_the_same(void **state)
{
    static const struct aw_zip_entry entries[] = {ENTRY("b/data/00-说明.html",
                                                        "<p>"),
                                                  ENTRY("b/data/空", ""),
                                                  ENTRY("b/bagit.txt", "x\n")};

    (void)state;
    lay(entries, 3);
    assert_agreed(3);
}

static void put_entry(struct aw_zip_writer *writer, const char *name,
                      struct aw_str data)
{
    struct aw_str half = aw_str_sub(data, 0, data.len / 2);

    assert_ok(aw_zip_begin(writer, aw_str_of(name), data.len, &err));
    assert_ok(aw_zip_put(writer, half, &err));
    assert_ok(aw_zip_put(writer, aw_str_sub(data, half.len, data.len), &err));
    assert_ok(aw_zip_end(writer, aw_crc32(0, data), &err));
}

static void a_file_has_the_bytes_that_are_laid_in_memory(void **state)
{
    struct aw_zip_writer *writer = NULL;
    struct aw_buf file;

    (void)state;
    lay_two();
    assert_ok(aw_zip_writer_new(&writer, path, AT, &err));
    put_entry(writer, "b/one.txt", AW_STR("hello"));
    put_entry(writer, "b/two.txt", AW_STR(""));
    assert_false(aw_path_exists(path));
    assert_ok(aw_zip_close(writer, &err));
    aw_zip_writer_free(writer);
    aw_buf_init(&file, ZIP_MAX);
    assert_ok(aw_file_read(path, &file, &err));
    assert_true(aw_str_eq(aw_buf_str(&file), aw_buf_str(&zip)));
    aw_buf_deinit(&file);
}

static void a_zip_begins_with_what_is_kept_of_another(void **state)
{
    struct aw_zip_writer *writer = NULL;
    struct aw_zip two;
    struct aw_buf file;

    (void)state;
    lay_two();
    assert_ok(aw_zip_read(&two, aw_buf_str(&zip), &err));
    assert_ok(aw_zip_writer_new(&writer, path, 0, &err));
    assert_ok(aw_zip_keep(writer, &two, 1, &err)); /* and its time */
    put_entry(writer, "b/two.txt", AW_STR(""));
    assert_ok(aw_zip_close(writer, &err));
    aw_zip_writer_free(writer);
    aw_buf_init(&file, ZIP_MAX);
    assert_ok(aw_file_read(path, &file, &err));
    assert_true(aw_str_eq(aw_buf_str(&file), aw_buf_str(&zip)));
    aw_buf_deinit(&file);
    aw_zip_deinit(&two);
}

static void a_writer_that_is_not_closed_leaves_nothing(void **state)
{
    struct aw_zip_writer *writer = NULL;

    (void)state;
    assert_ok(aw_zip_writer_new(&writer, path, AT, &err));
    put_entry(writer, "b/x", AW_STR("abc"));
    aw_zip_writer_free(writer);
    assert_false(aw_path_exists(path)); /* rmdir in tear_down sees the rest */
}

static void two_do_not_write_one_file(void **state)
{
    struct aw_zip_writer *writer = NULL;
    struct aw_zip_writer *other = NULL;

    (void)state;
    assert_ok(aw_zip_writer_new(&writer, path, AT, &err));
    assert_int_equal(aw_zip_writer_new(&other, path, AT, &err), AW_BUSY);
    assert_ok(aw_zip_close(writer, &err));
    aw_zip_writer_free(writer);
    assert_ok(aw_zip_writer_new(&other, path, AT, &err));
    aw_zip_writer_free(other);
    assert_true(aw_path_exists(path));
}

static void an_entry_has_the_bytes_that_it_said(void **state)
{
    struct aw_zip_writer *writer = NULL;

    (void)state;
    assert_ok(aw_zip_writer_new(&writer, path, AT, &err));
    assert_ok(aw_zip_begin(writer, AW_STR("b/x"), 2, &err));
    assert_int_equal(aw_zip_put(writer, AW_STR("abc"), &err), AW_INVALID);
    assert_ok(aw_zip_put(writer, AW_STR("a"), &err));
    assert_int_equal(aw_zip_end(writer, 0, &err), AW_INVALID);
    assert_int_equal(aw_zip_begin(writer, AW_STR("b/../x"), 2, &err),
                     AW_INVALID);
    assert_int_equal(aw_zip_begin(writer, AW_STR("b/y"), AW_ZIP_MAX, &err),
                     AW_LIMIT);
    aw_zip_writer_free(writer);
}

/* ---- large ones -------------------------------------------------------- */

static void more_entries_than_16_bits_count_are_zip64(void **state)
{
    enum { COUNT = 70000 };
    struct aw_zip_entry *entries = calloc(COUNT, sizeof *entries);
    char(*names)[16] = calloc(COUNT, sizeof *names);

    (void)state;
    assert_true(entries && names);
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(names[i], sizeof names[i], "b/%d", i);
        entries[i].name = aw_str_of(names[i]);
    }
    lay(entries, COUNT);
    assert_agreed(COUNT);
    free(entries);
    free(names);
}

/* Puts headers into a file that is a hole but for them. */
static uint64_t put_at(int fd, struct aw_buf *header, uint64_t at)
{
    uint64_t end = at + header->len;

    assert_int_equal(pwrite(fd, header->ptr, header->len, (off_t)at),
                     (ssize_t)header->len);
    aw_buf_reset(header);
    return end;
}

static uint64_t make_large(int fd, uint64_t size)
{
    struct aw_zip_head heads[2] = {{.name = AW_STR("b/large"), .size = size},
                                   {.name = AW_STR("b/small"), .size = 5}};
    struct aw_zip_directory directory = {.count = 2};
    struct aw_buf header;
    uint64_t at = 0;

    aw_buf_init(&header, 4096);
    for (size_t i = 0; i < 2; i++) {
        heads[i].offset = at;
        aw_zip_local_put(&header, &heads[i]);
        at = put_at(fd, &header, at) + heads[i].size;
    }
    directory.offset = at;
    aw_zip_central_put(&header, &heads[0]);
    aw_zip_central_put(&header, &heads[1]);
    directory.len = header.len;
    aw_zip_directory_put(&header, &directory);
    at = put_at(fd, &header, at);
    aw_buf_deinit(&header);
    return at;
}

static void assert_large(uint64_t size)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    uint64_t len = make_large(fd, size);
    void *map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
    struct aw_zip read;

    assert_true(map != MAP_FAILED);
    assert_ok(aw_zip_read(&read, (struct aw_str){map, len}, &err));
    assert_int_equal(read.count, 2);
    assert_int_equal(read.entries[0].data.len, size);
    assert_int_equal(read.entries[1].data.len, 5);
    assert_ok(aw_zip_agree(&read, &err));
    aw_zip_deinit(&read);
    (void)munmap(map, len);
    (void)close(fd);
}

static void more_bytes_than_32_bits_count_are_zip64(void **state)
{
    (void)state;
    assert_large(AW_ZIP_64 - 200); /* the directory lies beyond */
    assert_large(AW_ZIP_64 - 1);
    assert_large(AW_ZIP_64);
    assert_large((uint64_t)5 << 30);
}

static void zip64_where_it_is_not_needed_is_refused(void **state)
{
    size_t central;
    struct aw_buf more;

    (void)state;
    lay_two();
    central = zip.len - AW_ZIP_END_LEN;
    aw_buf_init(&more, ZIP_MAX);
    aw_buf_append(&more, zip.ptr, central);
    aw_buf_append(&more, "PK\6\6", 4);
    for (size_t i = 4; i < AW_ZIP_END64_LEN; i++)
        aw_buf_putc(&more, '\0');
    aw_buf_append(&more, zip.ptr + central, AW_ZIP_END_LEN);
    memset(more.ptr + more.len - 14, 0xFF, 4); /* both counts */
    aw_buf_reset(&zip);
    aw_buf_put(&zip, aw_buf_str(&more));
    assert_refused("");
    aw_buf_deinit(&more);
}

/* ---- names ------------------------------------------------------------- */

static void names_that_are_refused(void **state)
{
    static const char *const names[] = {
        "a/../x",
        "/a/x",
        "a\\x",
        "../a",
        "a//x",
        "a/.",
        "a\nx",
        "C:x",
        "a/./x",
        "a/..",
        "a/",
        "..",
        "",
        "a /x",
        "a./x",
        "a/x.",
        "a/x ",
        "a/x?",
        "a/*",
        "a/\"x",
        "a/<x",
        "a/x|y",
        "a/\x7F",
        "a/\xC2\x80",
        "a/\xFF",
        "/",
        "a/\xE2\x80\xAEgnp.x", /* right to left */
        "a/\xEF\xBB\xBF"
        "x",               /* a mark that is not seen */
        "a/\xE2\x80\xA8"}; /* a line separator */

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct aw_zip_entry entry = {.name = aw_str_of(names[i])};

        if (!aw_zip_name_fault(entry.name))
            fail_msg("name %zu is taken", i);
        lay(&entry, 1);
        assert_refused("a name that is refused");
    }
}

static void a_name_that_is_too_long_is_refused(void **state)
{
    char name[AW_ZIP_NAME_MAX + 2];
    struct aw_zip_entry entry = {.name = {name, AW_ZIP_NAME_MAX}};

    (void)state;
    memset(name, 'x', sizeof name);
    lay(&entry, 1);
    assert_ok(read_it());
    entry.name.len++;
    lay(&entry, 1);
    assert_refused("too long");
}

static void names_that_are_one_somewhere_are_refused(void **state)
{
    static const struct {
        const char *one, *two, *says;
    } pairs[] = {{"b/x", "b/x", "stands twice"},
                 {"b/x", "b/X", "one name on some systems"},
                 {"b/x", "B/x", "one name on some systems"},
                 {"b/é", "b/e\xCC\x81", "one name on some systems"},
                 {"b/Ａ", "b/a", "one name on some systems"},
                 {"b/ß", "b/SS", "one name on some systems"},
                 {"b/x", "b/x/y", "a folder with"},
                 {"b/X/y", "b/x", "a folder with"}};

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct aw_zip_entry entries[] = {{.name = aw_str_of(pairs[i].one)},
                                         {.name = AW_STR("b/x-between")},
                                         {.name = aw_str_of(pairs[i].two)}};

        lay(entries, 3);
        assert_refused(pairs[i].says);
    }
}

/* ---- what others make -------------------------------------------------- */

static void make_by_libarchive(const char *options, size_t zeros)
{
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    char *bytes = calloc(1, zeros);
    size_t used = 0;

    assert_non_null(aw_buf_reserve(&zip, ZIP_MAX / 2));
    assert_int_equal(archive_write_set_format_zip(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_set_options(archive, options), ARCHIVE_OK);
    assert_int_equal(archive_write_open_memory(archive, zip.ptr, ZIP_MAX / 2,
                                               &used),
                     ARCHIVE_OK);
    archive_entry_set_pathname(entry, "b/zeros");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)zeros);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    assert_int_equal(archive_write_data(archive, bytes, zeros),
                     (la_ssize_t)zeros);
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    zip.len = used;
    archive_entry_free(entry);
    (void)archive_write_free(archive);
    free(bytes);
}

static void a_bomb_is_refused_before_it_is_unpacked(void **state)
{
    (void)state;
    make_by_libarchive("zip:compression=deflate", (size_t)256 << 20);
    assert_true(zip.len < (size_t)1 << 20);
    assert_refused("compressed");
}

/* Sets 16 bits in the first central header, and in the first local one where
 * `local` is not 0. */
static void patch(size_t central, size_t local, unsigned value)
{
    size_t at = aw_zip_u32(zip.ptr + zip.len - 6);

    zip.ptr[at + central] = (char)(value & 0xFF);
    zip.ptr[at + central + 1] = (char)(value >> 8);
    if (local == 0)
        return;
    zip.ptr[local] = (char)(value & 0xFF);
    zip.ptr[local + 1] = (char)(value >> 8);
}

static void headers_of_others_are_refused_with_the_reason(void **state)
{
    static const struct {
        size_t central, local;
        unsigned value;
        const char *says;
    } patches[] = {{8, 6, 0x0801, "encrypted"},
                   {8, 6, 0x0808, ""}, /* a descriptor that is not there */
                   {8, 6, 0x0840, "central header"},
                   {10, 8, 8, "compressed"},
                   {10, 8, 99, "compressed"},
                   {24, 22, 7, "compressed"},
                   {40, 0, 0120777, "a folder or a link"},
                   {40, 0, 0040755, "a folder or a link"},
                   {40, 0, 0100755, "central header"},
                   {42, 0, 7, "does not follow"},
                   {4, 0, 0, "central header"},
                   {34, 0, 1, "central header"},
                   {12, 0, 1, "local header"},
                   {16, 0, 1, "local header"}};

    (void)state;
    for (size_t i = 0; i < sizeof patches / sizeof *patches; i++) {
        lay_two();
        patch(patches[i].central, patches[i].local, patches[i].value);
        assert_refused(patches[i].says);
    }
}

/* The second entry: behind "b/one.txt" with its five bytes. */
static void an_entry_of_another_time_is_refused(void **state)
{
    size_t second = 30 + 9 + 5;
    size_t central;
    struct aw_zip read;

    (void)state;
    lay_two();
    assert_ok(aw_zip_read(&read, aw_buf_str(&zip), &err));
    assert_true(aw_zip_is_of(&read, AT));
    assert_true(aw_zip_is_of(&read, AT + 1999));
    assert_false(aw_zip_is_of(&read, AT + 2000));
    assert_false(aw_zip_is_of(&read, AT - 1));
    aw_zip_deinit(&read);
    central = second + 30 + 9 + 46 + 9;
    zip.ptr[second + 10] ^= 1;
    zip.ptr[central + 12] ^= 1;
    assert_refused("'b/two.txt': it is of another time than the first entry");
}

static void lengths_that_lie_are_refused(void **state)
{
    static const unsigned sizes[] = {0, 4, 6, 7, 0x7FFF, 0xFFFF};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        lay_two();
        patch(20, 18, sizes[i]);
        patch(24, 22, sizes[i]);
        assert_refused("");
    }
    lay_two();
    memset(zip.ptr + 18, 0xFF, 8); /* zip64, and no such field */
    patch(20, 0, 0xFFFF);
    patch(22, 0, 0xFFFF);
    patch(24, 0, 0xFFFF);
    patch(26, 0, 0xFFFF);
    assert_refused("");
}

/* Sets one byte of the end record. */
static void assert_end_refused(size_t at, unsigned char value)
{
    lay_two();
    zip.ptr[zip.len - AW_ZIP_END_LEN + at] = (char)value;
    assert_refused("");
}

static void end_records_that_lie_are_refused(void **state)
{
    (void)state;
    for (size_t at = 0; at < AW_ZIP_END_LEN; at++) {
        assert_end_refused(at, 0x7E);
        assert_end_refused(at, 0xFF);
    }
}

static void more_entries_than_there_can_be_are_refused(void **state)
{
    struct aw_zip_directory directory = {.count = 900000};

    (void)state;
    aw_buf_reset(&zip);
    aw_zip_directory_put(&zip, &directory);
    assert_refused("no room for 900000 entries");
    directory.count = AW_ZIP_ENTRIES_MAX + 1;
    aw_buf_reset(&zip);
    aw_zip_directory_put(&zip, &directory);
    assert_int_equal(read_it(), AW_LIMIT);
    directory.count = UINT64_MAX;
    aw_buf_reset(&zip);
    aw_zip_directory_put(&zip, &directory);
    assert_int_equal(read_it(), AW_LIMIT);
}

static void a_comment_or_bytes_behind_are_refused(void **state)
{
    (void)state;
    lay_two();
    aw_buf_puts(&zip, "x");
    assert_refused("bytes follow");
    lay_two();
    zip.ptr[zip.len - 2] = 5;
    aw_buf_puts(&zip, "words");
    assert_refused("comment");
}

static void a_zip_that_is_cut_off_is_refused(void **state)
{
    (void)state;
    lay_two();
    while (zip.len > 0) {
        zip.len--;
        assert_refused("end record");
    }
}

/* Two entries of the directory that share one place, and bytes between. */
static void entries_that_overlap_or_leave_room_are_refused(void **state)
{
    static const struct aw_zip_entry entries[] = {ENTRY("b/one", "x"),
                                                  ENTRY("b/two", "x")};
    struct aw_str all;
    struct aw_buf more;

    (void)state;
    lay(entries, 2);
    all = aw_buf_str(&zip);
    aw_buf_init(&more, ZIP_MAX);
    aw_buf_put(&more, aw_str_sub(all, 0, AW_ZIP_LOCAL_LEN + 6));
    aw_buf_puts(&more, "between");
    aw_buf_put(&more, aw_str_sub(all, AW_ZIP_LOCAL_LEN + 6, all.len));
    aw_buf_reset(&zip);
    aw_buf_put(&zip, aw_buf_str(&more));
    assert_refused("not where the end record says");
    lay(entries, 2);
    memset(zip.ptr + zip.len - AW_ZIP_END_LEN - 9, 0, 4); /* of the second */
    assert_refused("does not follow");
    aw_buf_deinit(&more);
}

static void any_bytes_are_refused_and_never_read_beyond(void **state)
{
    (void)state;
    lay_two();
    for (size_t at = 0; at < zip.len; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            bool in_data =
                at >= AW_ZIP_LOCAL_LEN + 9 && at < AW_ZIP_LOCAL_LEN + 9 + 5;

            zip.ptr[at] = (char)(zip.ptr[at] ^ (1 << bit));
            /* What is in an entry is its reader's to see. */
            assert_int_equal(read_it(), in_data ? AW_OK : AW_INVALID);
            zip.ptr[at] = (char)(zip.ptr[at] ^ (1 << bit));
        }
    }
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(what_is_laid_is_read_and_others_see_the_same),
        UNIT(a_file_has_the_bytes_that_are_laid_in_memory),
        UNIT(a_zip_begins_with_what_is_kept_of_another),
        UNIT(a_writer_that_is_not_closed_leaves_nothing),
        UNIT(two_do_not_write_one_file),
        UNIT(an_entry_has_the_bytes_that_it_said),
        UNIT(more_entries_than_16_bits_count_are_zip64),
        UNIT(more_bytes_than_32_bits_count_are_zip64),
        UNIT(zip64_where_it_is_not_needed_is_refused),
        UNIT(names_that_are_refused),
        UNIT(a_name_that_is_too_long_is_refused),
        UNIT(names_that_are_one_somewhere_are_refused),
        UNIT(a_bomb_is_refused_before_it_is_unpacked),
        UNIT(headers_of_others_are_refused_with_the_reason),
        UNIT(an_entry_of_another_time_is_refused),
        UNIT(lengths_that_lie_are_refused),
        UNIT(end_records_that_lie_are_refused),
        UNIT(more_entries_than_there_can_be_are_refused),
        UNIT(a_comment_or_bytes_behind_are_refused),
        UNIT(a_zip_that_is_cut_off_is_refused),
        UNIT(entries_that_overlap_or_leave_room_are_refused),
        UNIT(any_bytes_are_refused_and_never_read_beyond),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
