/* zip.h - a zip in which every byte is accounted for.
 *
 * Evidence must not have room for bytes that nobody looks at, nor two
 * readings. So entries are stored and not compressed (a changed bit of
 * deflate may unpack to the same), and there is one layout: local entries one
 * behind the other from the first byte, the central directory, its end
 * record, the end. The reader makes each header anew from the little that it
 * says (name, size, CRC-32, time), and compares: whatever the writer would
 * not have written is refused, with the reason.
 *
 * Bundles of format 1 were written by libarchive, with data descriptors and
 * extra fields; these are read in the one layout that they had.
 *
 * Sizes and places from 4 GiB on, and counts from 65,535 on, are in zip64's
 * fields, and only these.
 * Source: PKWARE APPNOTE 6.3, 4.3 to 4.5. (docs/decisions/0061)
 */
#ifndef AW_EVIDENCE_ZIP_H
#define AW_EVIDENCE_ZIP_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

#define AW_ZIP_ENTRIES_MAX ((size_t)1000000)
#define AW_ZIP_NAME_MAX 512           /* bytes */
#define AW_ZIP_MAX ((size_t)64 << 30) /* bytes of the whole file */

/* What is wrong with the name of an entry; NULL where it is good: UTF-8 with
 * slashes, that unpacks below the folder where it is unpacked on every
 * system, and reads as it is. No "..", ".", empty part, end of a part in a
 * dot or space, \ : * ? " < > |, control or format character (as those that
 * turn the direction of writing). */
const char *aw_zip_name_fault(struct aw_str name);

/* AW_INVALID where two good names are the same, or are on some system. */
aw_rc aw_zip_check_names(const struct aw_str *names, size_t count,
                         struct aw_err *err) AW_MUST_USE;

struct aw_zip_entry {
    struct aw_str name, data;
    /* Of one that was read, as told; the time is DOS's, and Beijing's. */
    uint32_t crc32;
    unsigned time, date;
};

/* ---- writing ------------------------------------------------------------ */

/* Owns path.tmp until it has its name. */
struct aw_zip_writer;

/* All entries have that one time, shown as Beijing's. AW_BUSY where another
 * process writes path. */
aw_rc aw_zip_writer_new(struct aw_zip_writer **out, const char *path,
                        int64_t wall_ms, struct aw_err *err) AW_MUST_USE;

/* One entry after the other: begin, its bytes in any pieces, end with their
 * CRC-32. AW_INVALID: a name that is refused, or not so many bytes. AW_LIMIT.
 * That no name stands twice is the caller's to see to: aw_zip_check_names. */
aw_rc aw_zip_begin(struct aw_zip_writer *writer, struct aw_str name,
                   size_t bytes, struct aw_err *err) AW_MUST_USE;
aw_rc aw_zip_put(struct aw_zip_writer *writer, struct aw_str piece,
                 struct aw_err *err) AW_MUST_USE;
aw_rc aw_zip_end(struct aw_zip_writer *writer, uint32_t crc32,
                 struct aw_err *err) AW_MUST_USE;

/* The mode of another file; a new one is its owner's alone. */
aw_rc aw_zip_like(struct aw_zip_writer *writer, const char *path,
                  struct aw_err *err) AW_MUST_USE;

/* Writes the directory; fsync, rename. The writer can then only be freed. */
aw_rc aw_zip_close(struct aw_zip_writer *writer,
                   struct aw_err *err) AW_MUST_USE;

/* The same in two steps: path.tmp is whole and on the disk; it gets its name.
 * From the second on path.tmp stays, also where the rename failed. */
aw_rc aw_zip_finish(struct aw_zip_writer *writer,
                    struct aw_err *err) AW_MUST_USE;
aw_rc aw_zip_name(struct aw_zip_writer *writer,
                  struct aw_err *err) AW_MUST_USE;

/* Drops path.tmp where it was not closed. NULL is allowed. */
void aw_zip_writer_free(struct aw_zip_writer *writer);

/* Appends such a zip to out, for a small one that lies in another; its names
 * are the caller's own. The same entries and time give the same bytes. */
aw_rc aw_zip_lay(struct aw_buf *out, const struct aw_zip_entry *entries,
                 size_t count, int64_t wall_ms,
                 struct aw_err *err) AW_MUST_USE;

/* ---- reading ------------------------------------------------------------ */

enum aw_zip_layout {
    AW_ZIP_PLAIN,      /* as the writer has it */
    AW_ZIP_DESCRIPTORS /* of format 1 */
};

struct aw_zip {
    struct aw_str bytes;
    enum aw_zip_layout layout;
    struct aw_zip_entry *entries; /* views, in their order in the file */
    size_t count;
};

/* Reads the layout, and not what is in the entries: the caller compares
 * CRC-32 with the data when it reads that anyway. AW_INVALID: it is not such a
 * zip; or an entry is compressed, encrypted, a folder or a link, or of another
 * time than the first (AW_ZIP_PLAIN); or a name is refused, or stands twice,
 * or would on some system: without case, or width, or as file and as folder.
 * AW_LIMIT. *out is zeroed where it fails. */
aw_rc aw_zip_read(struct aw_zip *out, struct aw_str bytes,
                  struct aw_err *err) AW_MUST_USE;
void aw_zip_deinit(struct aw_zip *zip);

/* Is a zip that was read of the plain layout and of that time, to the two
 * seconds that a zip tells? Then it is what aw_zip_lay makes of its files, but
 * for each CRC-32, which is for the caller to see. */
bool aw_zip_is_of(const struct aw_zip *zip, int64_t wall_ms);

/* Begins a new zip with the first `count` entries of another one of the plain
 * layout, byte for byte, and goes on with their time. Before the first
 * aw_zip_begin. */
aw_rc aw_zip_keep(struct aw_zip_writer *writer, const struct aw_zip *from,
                  size_t count, struct aw_err *err) AW_MUST_USE;

/* Another program must see the same: reads the zip with libarchive, once from
 * the front and once by the central directory, entry by entry. AW_INVALID
 * where it sees other names, or other bytes. */
aw_rc aw_zip_agree(const struct aw_zip *zip, struct aw_err *err) AW_MUST_USE;

#endif
