#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "evidence/zip_private.h"

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

static aw_rc other_entries(struct aw_err *err)
{
    return aw_fail(err, AW_INVALID,
                   "two readers see other entries in the zip");
}

/* What lies in memory comes as a view of it: the same place needs no look. */
static aw_rc compare_data(struct archive *archive, struct aw_str want,
                          struct aw_err *err)
{
    size_t seen = 0;

    for (;;) {
        const void *piece = NULL;
        size_t len = 0;
        la_int64_t at = 0;
        int status = archive_read_data_block(archive, &piece, &len, &at);

        if (status == ARCHIVE_EOF)
            break;
        if (status != ARCHIVE_OK)
            return archive_fail(archive, AW_INVALID, err);
        if ((size_t)at != seen || len > want.len - seen ||
            (len > 0 && piece != want.ptr + seen &&
             memcmp(piece, want.ptr + seen, len) != 0))
            return aw_fail(err, AW_INVALID, "two readers see other bytes");
        seen += len;
    }
    return seen == want.len
               ? AW_OK
               : aw_fail(err, AW_INVALID, "two readers see other bytes");
}

static aw_rc compare_entry(struct archive *archive,
                           struct archive_entry *entry,
                           const struct aw_zip_entry *want, struct aw_err *err)
{
    const char *name = archive_entry_pathname_utf8(entry);
    aw_rc rc;

    if (!name || !aw_str_eq(want->name, aw_str_of(name)) ||
        archive_entry_filetype(entry) != AE_IFREG ||
        archive_entry_symlink(entry) || archive_entry_hardlink(entry))
        return other_entries(err);
    rc = compare_data(archive, want->data, err);
    return rc == AW_OK ? AW_OK
                       : aw_fail_in(err, "'%.*s'", AW_STR_ARG(want->name));
}

/* CRC-32 is looked at by who reads the zip: once is enough. */
static aw_rc compare_all(struct archive *archive, const struct aw_zip *zip,
                         struct aw_err *err)
{
    struct archive_entry *entry;
    size_t seen = 0;
    aw_rc rc = AW_OK;
    int status;

    if (archive_read_set_options(archive,
                                 "zip:hdrcharset=UTF-8,zip:ignorecrc32") !=
            ARCHIVE_OK ||
        archive_read_open_memory(archive, zip->bytes.ptr, zip->bytes.len) !=
            ARCHIVE_OK)
        return archive_fail(archive, AW_INVALID, err);
    while ((status = archive_read_next_header(archive, &entry)) ==
               ARCHIVE_OK &&
           seen < zip->count && rc == AW_OK)
        rc = compare_entry(archive, entry, &zip->entries[seen++], err);
    if (rc != AW_OK)
        return rc;
    if (status != ARCHIVE_EOF && status != ARCHIVE_OK)
        return archive_fail(archive, AW_INVALID, err);
    return status == ARCHIVE_OK || seen != zip->count ? other_entries(err)
                                                      : AW_OK;
}

typedef int support_fn(struct archive *archive);

static aw_rc read_as(support_fn *support, const struct aw_zip *zip,
                     struct aw_err *err)
{
    struct archive *archive = archive_read_new();
    aw_rc rc;

    if (!archive)
        return aw_fail(err, AW_NOMEM, "out of memory");
    if (support(archive) != ARCHIVE_OK)
        rc = archive_fail(archive, AW_FAIL, err);
    else
        rc = compare_all(archive, zip, err);
    (void)archive_read_free(archive);
    return rc;
}

aw_rc aw_zip_agree(const struct aw_zip *zip, struct aw_err *err)
{
    struct borrowed locale = {0};
    aw_rc rc = borrow_utf8(&locale, err);

    if (rc != AW_OK)
        return rc;
    rc = read_as(archive_read_support_format_zip_streamable, zip, err);
    if (rc == AW_OK)
        rc = read_as(archive_read_support_format_zip_seekable, zip, err);
    give_back(&locale);
    return rc;
}
