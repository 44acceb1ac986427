#include "evidence/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"

/* libarchive turns names into the locale's charset, and a program that never
 * called setlocale has one without Chinese: so this thread borrows UTF-8. */
struct borrowed {
    locale_t ours, before;
};

static aw_rc borrow_utf8(struct borrowed *locale, struct aw_err *err)
{
    locale->ours = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (locale->ours == (locale_t)0)
        return aw_fail(err, AW_FAIL, "the locale C.UTF-8 is not there");
    locale->before = uselocale(locale->ours);
    return AW_OK;
}

static void give_back(struct borrowed *locale)
{
    (void)uselocale(locale->before);
    freelocale(locale->ours);
}

static aw_rc archive_fail(struct archive *archive, aw_rc rc,
                          struct aw_err *err)
{
    const char *text = archive_error_string(archive);

    return aw_fail(err, rc, "zip: %s", text ? text : "failed");
}

/* --- writing ----------------------------------------------------------- */

static struct archive_entry *new_entry(const struct aw_zip_entry *from,
                                       int64_t wall_ms, char *name,
                                       size_t name_max)
{
    struct archive_entry *entry = archive_entry_new();

    if (!entry)
        return NULL;
    (void)snprintf(name, name_max, "%.*s", AW_STR_ARG(from->name));
    archive_entry_set_pathname_utf8(entry, name);
    archive_entry_set_size(entry, (la_int64_t)from->data.len);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, (time_t)(wall_ms / 1000), 0);
    return entry;
}

static aw_rc write_entry(struct archive *archive,
                         const struct aw_zip_entry *from, int64_t wall_ms,
                         struct aw_err *err)
{
    char name[AW_ZIP_NAME_MAX + 1];
    struct archive_entry *entry = new_entry(from, wall_ms, name, sizeof name);
    aw_rc rc = AW_OK;

    if (!entry)
        return aw_fail(err, AW_NOMEM, "out of memory");
    if (archive_write_header(archive, entry) != ARCHIVE_OK ||
        archive_write_data(archive, from->data.ptr, from->data.len) !=
            (la_ssize_t)from->data.len)
        rc = archive_fail(archive, AW_IO, err);
    archive_entry_free(entry);
    return rc;
}

static aw_rc start_writing(struct archive *archive, int fd, struct aw_err *err)
{
    if (archive_write_set_format_zip(archive) != ARCHIVE_OK ||
        archive_write_set_options(archive,
                                  "zip:compression=store,"
                                  "zip:hdrcharset=UTF-8") != ARCHIVE_OK ||
        archive_write_set_bytes_in_last_block(archive, 1) != ARCHIVE_OK ||
        archive_write_open_fd(archive, fd) != ARCHIVE_OK)
        return archive_fail(archive, AW_IO, err);
    return AW_OK;
}

static aw_rc write_all(int fd, const struct aw_zip_entry *entries,
                       size_t count, int64_t wall_ms, struct aw_err *err)
{
    struct archive *archive = archive_write_new();
    struct borrowed locale = {0};
    aw_rc rc;

    if (!archive)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = borrow_utf8(&locale, err);
    if (rc == AW_OK) {
        rc = start_writing(archive, fd, err);
        for (size_t i = 0; i < count && rc == AW_OK; i++)
            rc = write_entry(archive, &entries[i], wall_ms, err);
        if (rc == AW_OK && archive_write_close(archive) != ARCHIVE_OK)
            rc = archive_fail(archive, AW_IO, err);
        give_back(&locale);
    }
    (void)archive_write_free(archive);
    return rc;
}

static aw_rc sync_and_name(int fd, const char *tmp, const char *path,
                           struct aw_err *err)
{
    if (fsync(fd) != 0)
        return aw_fail_errno(err, AW_IO, "cannot fsync '%s'", tmp);
    if (rename(tmp, path) != 0)
        return aw_fail_errno(err, AW_IO, "cannot rename '%s'", tmp);
    aw_sync_folder_of(path);
    return AW_OK;
}

aw_rc aw_zip_write(const char *path, const struct aw_zip_entry *entries,
                   size_t count, int64_t wall_ms, struct aw_err *err)
{
    char tmp[AW_PATH_MAX + 8];
    aw_rc rc;
    int fd;

    (void)snprintf(tmp, sizeof tmp, "%s.tmp", path);
    fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot make '%s'", tmp);
    rc = write_all(fd, entries, count, wall_ms, err);
    if (rc == AW_OK)
        rc = sync_and_name(fd, tmp, path, err);
    else
        rc = aw_fail_in(err, "'%s'", tmp);
    (void)close(fd);
    if (rc != AW_OK)
        (void)unlink(tmp);
    return rc;
}

/* --- reading ----------------------------------------------------------- */

static aw_rc compare_data(struct archive *archive, struct aw_str want,
                          struct aw_err *err)
{
    char piece[16384];
    size_t at = 0;

    for (;;) {
        la_ssize_t got = archive_read_data(archive, piece, sizeof piece);

        if (got < 0)
            return archive_fail(archive, AW_INVALID, err);
        if (got == 0)
            break;
        if ((size_t)got > want.len - at ||
            memcmp(piece, want.ptr + at, (size_t)got) != 0)
            return aw_fail(err, AW_INVALID, "two readers see other bytes");
        at += (size_t)got;
    }
    return at == want.len
               ? AW_OK
               : aw_fail(err, AW_INVALID, "two readers see other bytes");
}

static const struct aw_zip_entry *find_entry(const struct aw_zip_entry *all,
                                             size_t count, const char *name)
{
    for (size_t i = 0; name && i < count; i++)
        if (aw_str_eq(all[i].name, aw_str_of(name)))
            return &all[i];
    return NULL;
}

static aw_rc compare_entry(struct archive *archive,
                           struct archive_entry *entry,
                           const struct aw_zip_entry *all, size_t count,
                           struct aw_err *err)
{
    const struct aw_zip_entry *want =
        find_entry(all, count, archive_entry_pathname_utf8(entry));
    aw_rc rc;

    if (!want || archive_entry_filetype(entry) != AE_IFREG ||
        archive_entry_symlink(entry) || archive_entry_hardlink(entry))
        return aw_fail(err, AW_INVALID,
                       "two readers see other entries in the zip");
    rc = compare_data(archive, want->data, err);
    return rc == AW_OK ? AW_OK
                       : aw_fail_in(err, "'%.*s'", AW_STR_ARG(want->name));
}

static aw_rc compare_all(struct archive *archive, struct aw_str bytes,
                         const struct aw_zip_entry *all, size_t count,
                         struct aw_err *err)
{
    struct archive_entry *entry;
    size_t seen = 0;
    aw_rc rc = AW_OK;
    int status;

    if (archive_read_set_options(archive, "zip:hdrcharset=UTF-8") !=
            ARCHIVE_OK ||
        archive_read_open_memory(archive, bytes.ptr, bytes.len) != ARCHIVE_OK)
        return archive_fail(archive, AW_INVALID, err);
    while ((status = archive_read_next_header(archive, &entry)) ==
               ARCHIVE_OK &&
           seen++ < count && rc == AW_OK)
        rc = compare_entry(archive, entry, all, count, err);
    if (rc != AW_OK)
        return rc;
    if (status != ARCHIVE_EOF && status != ARCHIVE_OK)
        return archive_fail(archive, AW_INVALID, err);
    if (status == ARCHIVE_OK || seen != count)
        return aw_fail(err, AW_INVALID,
                       "two readers see other entries in the zip");
    return AW_OK;
}

typedef int support_fn(struct archive *archive);

static aw_rc read_as(support_fn *support, struct aw_str bytes,
                     const struct aw_zip_entry *all, size_t count,
                     struct aw_err *err)
{
    struct archive *archive = archive_read_new();
    aw_rc rc;

    if (!archive)
        return aw_fail(err, AW_NOMEM, "out of memory");
    if (support(archive) != ARCHIVE_OK)
        rc = archive_fail(archive, AW_FAIL, err);
    else
        rc = compare_all(archive, bytes, all, count, err);
    (void)archive_read_free(archive);
    return rc;
}

aw_rc aw_zip_agree(struct aw_str bytes, const struct aw_zip_entry *entries,
                   size_t count, struct aw_err *err)
{
    struct borrowed locale = {0};
    aw_rc rc = borrow_utf8(&locale, err);

    if (rc != AW_OK)
        return rc;
    rc = read_as(archive_read_support_format_zip_streamable, bytes, entries,
                 count, err);
    if (rc == AW_OK)
        rc = read_as(archive_read_support_format_zip_seekable, bytes, entries,
                     count, err);
    give_back(&locale);
    return rc;
}
