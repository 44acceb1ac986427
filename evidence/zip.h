/* zip.h - a zip in which every byte is accounted for.
 *
 * Evidence must not have room for bytes that nobody looks at, nor two
 * readings. So entries are stored and not compressed (a changed bit of
 * deflate may unpack to the same), and a zip is read with the layout that
 * aw_zip_write and aw_zip_lay give it and no other: local entries one behind
 * the other from the first byte, the central directory, its end record, the
 * end. Each field of a local header must say what the central directory says.
 * Source: PKWARE APPNOTE 6.3, 4.3; Info-ZIP's extra fields.
 */
#ifndef AW_EVIDENCE_ZIP_H
#define AW_EVIDENCE_ZIP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#define AW_ZIP_ENTRIES_MAX 1024
#define AW_ZIP_NAME_MAX 512          /* bytes */
#define AW_ZIP_MAX ((size_t)1 << 30) /* bytes of the whole file */

struct aw_zip_entry {
    struct aw_str name; /* UTF-8, with slashes */
    struct aw_str data;
};

/* Writes path by way of path.tmp, fsynced and renamed. All entries have the
 * same time. */
aw_rc aw_zip_write(const char *path, const struct aw_zip_entry *entries,
                   size_t count, int64_t wall_ms,
                   struct aw_err *err) AW_MUST_USE;

/* Appends such a zip to out, for a small one that lies in another. All
 * entries have the same time, in UTC: the same entries give the same bytes on
 * every machine. AW_LIMIT. */
aw_rc aw_zip_lay(struct aw_buf *out, const struct aw_zip_entry *entries,
                 size_t count, int64_t wall_ms,
                 struct aw_err *err) AW_MUST_USE;

/* Fills entries, of AW_ZIP_ENTRIES_MAX, with views into bytes. AW_INVALID: it
 * is not such a zip, or a name is absolute, has "..", a backslash or a control
 * character, or stands twice, or an entry is a folder or a link. AW_LIMIT. */
aw_rc aw_zip_read(struct aw_str bytes, struct aw_zip_entry *entries,
                  size_t *count, struct aw_err *err) AW_MUST_USE;

/* Another program must see the same: reads bytes with libarchive, once from
 * the front and once by the central directory. AW_INVALID where it differs
 * from entries. */
aw_rc aw_zip_agree(struct aw_str bytes, const struct aw_zip_entry *entries,
                   size_t count, struct aw_err *err) AW_MUST_USE;

#endif
