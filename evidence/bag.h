/* bag.h - a BagIt bag in a zip, made as a stream and checked over a map.
 * (RFC 8493, version 1.0)
 *
 * A bag is a folder: bagit.txt, bag-info.txt, manifests with the SHA-256 and
 * the SM3 of each file, and what it carries below data/. Names here are
 * without the folder's own name, as in the manifests:
 *
 *     data/...                   the payload, in the order of the manifests
 *     bagit.txt, bag-info.txt    the latter with "Adwatch-Bundle-Format: 2"
 *     manifest-sha256.txt, manifest-sm3.txt           of data/
 *     tagmanifest-sha256.txt, tagmanifest-sm3.txt     of the four above
 *     seal/...                   what signs tagmanifest-sha256.txt; in no
 *                                manifest, of the names in aw_bag_is_seal
 *
 * in this order and with nothing else. Bags of format 1 have no SM3, no seals
 * and no line with the format.
 */
#ifndef AW_EVIDENCE_BAG_H
#define AW_EVIDENCE_BAG_H

#include "base/buf.h"
#include "base/hash.h"
#include "evidence/zip.h"

#define AW_BAG_FORMAT 2
#define AW_BAG_SIGNED "tagmanifest-sha256.txt" /* what a seal signs */

/* A name that a file of a seal may have:
 *
 *     seal/officer-N.json   seal/officer-N.KEY.sig   seal/keys/KEY.pem
 *     seal/timestamp.tsr    seal/timestamp.KEY.sig   seal/keys/KEY.chain.pem
 *
 * N and KEY are of letters, digits, '-' and '_'. */
bool aw_bag_is_seal(struct aw_str name);

/* ---- making ------------------------------------------------------------- */

/* Grows as path.tmp until it is closed. After a failure it can only be
 * freed. */
struct aw_bag;

aw_rc aw_bag_new(struct aw_bag **out, const char *path, const char *folder,
                 int64_t wall_ms, struct aw_err *err) AW_MUST_USE;

/* One file of the payload: name begins with "data/". AW_INVALID: a name that
 * is refused (zip.h). */
aw_rc aw_bag_add(struct aw_bag *bag, const char *name, struct aw_str bytes,
                 struct aw_err *err) AW_MUST_USE;

/* The same from a file, which is read in pieces. */
aw_rc aw_bag_add_path(struct aw_bag *bag, const char *name, const char *path,
                      struct aw_err *err) AW_MUST_USE;

/* A file that was added. */
struct aw_bag_item {
    struct aw_str name;
    int64_t bytes;
    char sha256[AW_SHA256_HEX_MAX];
    char sm3[AW_SM3_HEX_MAX];
};

/* What was added so far, in its order. A failure of visit ends it. */
typedef aw_rc aw_bag_item_fn(void *self, const struct aw_bag_item *item,
                             struct aw_err *err);
aw_rc aw_bag_each(const struct aw_bag *bag, aw_bag_item_fn *visit, void *self,
                  struct aw_err *err) AW_MUST_USE;

/* The latest of them; the name is valid until the bag is freed. There must be
 * one. */
struct aw_bag_item aw_bag_last(const struct aw_bag *bag);

/* Digests of AW_BAG_SIGNED. */
struct aw_bag_digests {
    char sha256[AW_SHA256_HEX_MAX];
    char sm3[AW_SM3_HEX_MAX];
};

/* Adds bagit.txt, bag-info.txt (info, "Label: value" lines; the payload's size
 * and the format), and the manifests. No payload may be added after it.
 * AW_INVALID where two names are one on some system. */
aw_rc aw_bag_seal(struct aw_bag *bag, const char *info,
                  struct aw_bag_digests *out, struct aw_err *err) AW_MUST_USE;

/* AW_BAG_SIGNED as it was written, for who signs it; valid until the bag is
 * freed, empty before aw_bag_seal. */
struct aw_str aw_bag_signed(const struct aw_bag *bag);

/* A file below seal/, after aw_bag_seal. */
aw_rc aw_bag_add_seal(struct aw_bag *bag, const char *name,
                      struct aw_str bytes, struct aw_err *err) AW_MUST_USE;

/* fsync, and the name. The bag can then only be freed. */
aw_rc aw_bag_close(struct aw_bag *bag, struct aw_err *err) AW_MUST_USE;

/* The same in two steps, for who writes down in between that it is made:
 * path.tmp is whole and on the disk; it gets its name. From the second on
 * path.tmp stays, also where the rename failed. */
aw_rc aw_bag_finish(struct aw_bag *bag, struct aw_err *err) AW_MUST_USE;
aw_rc aw_bag_name(struct aw_bag *bag, struct aw_err *err) AW_MUST_USE;

/* Drops path.tmp where the bag was not closed. NULL is allowed. */
void aw_bag_free(struct aw_bag *bag);

/* A file of a seal, for aw_bag_append. */
struct aw_bag_seal {
    struct aw_str name, bytes;
};

/* Puts seals into a bag that is closed, or replaces those of the same names:
 * in a new file that takes the place of the old one, whose other bytes stay;
 * in the zip they are of its time.
 * manifest: the SHA-256 of its AW_BAG_SIGNED, hex. AW_INVALID: path is no bag
 * of format 2, or another than that, or its files are not what its manifests
 * tell: nothing that is false is sealed. AW_BUSY: another process does it. */
aw_rc aw_bag_append(const char *path, const char *manifest,
                    const struct aw_bag_seal *seals, size_t count,
                    struct aw_err *err) AW_MUST_USE;

/* ---- reading ------------------------------------------------------------ */

struct aw_bag_file {
    struct aw_str name; /* without the folder */
    struct aw_str bytes;
    struct aw_twins digests; /* zeros before aw_bag_measure */
    uint32_t crc32;          /* as the zip tells */
};

/* A bag that was opened. Read the fields; they are views of the map, or of
 * the bytes it was made of. */
struct aw_bag_view {
    struct aw_str folder;
    struct aw_bag_file *files; /* in their order in the zip */
    size_t count;
    int format; /* 1 or 2; 0 before aw_bag_check_info */
    struct aw_zip zip;
    size_t *by_name;        /* indexes of files */
    struct aw_bag_map *map; /* NULL: the bytes are the caller's */
};

/* Maps the file, reads the zip's layout, and takes the one folder off all
 * names. What is in the files is not looked at: `adwatch verify` does that,
 * and the checks below. Of a file that is cut off meanwhile zeros are read: by
 * the thread that opened it, which alone may read the bytes.
 * AW_MISSING, AW_IO, AW_LIMIT, AW_INVALID. */
aw_rc aw_bag_open(struct aw_bag_view **out, const char *path,
                  struct aw_err *err) AW_MUST_USE;
void aw_bag_view_free(struct aw_bag_view *view);

/* AW_IO where the file was changed or cut off since it was opened: then
 * nothing holds of what was read. For who has read it, before that counts. */
aw_rc aw_bag_unchanged(const struct aw_bag_view *view,
                       struct aw_err *err) AW_MUST_USE;

/* NULL where it is not in the bag. */
const struct aw_bag_file *aw_bag_file(const struct aw_bag_view *view,
                                      struct aw_str name);

/* The bytes of a file; false where it is not in the bag. */
bool aw_bag_find(const struct aw_bag_view *view, struct aw_str name,
                 struct aw_str *bytes);

/* ---- checking, in this order; each needs those before it ---------------- */

/* The steps of aw_bag_open, for who tells them apart: an empty view of a file
 * or of bytes that stay; the zip's layout; the folder. */
aw_rc aw_bag_map(struct aw_bag_view **out, const char *path,
                 struct aw_err *err) AW_MUST_USE;
aw_rc aw_bag_view_of(struct aw_bag_view **out, struct aw_str bytes,
                     struct aw_err *err) AW_MUST_USE;
aw_rc aw_bag_read_zip(struct aw_bag_view *view,
                      struct aw_err *err) AW_MUST_USE;
aw_rc aw_bag_read_folder(struct aw_bag_view *view,
                         struct aw_err *err) AW_MUST_USE;

/* Fills the digests of all files, in one pass over all bytes, and compares
 * the CRC-32 of each. After aw_bag_read_zip. */
aw_rc aw_bag_measure(struct aw_bag_view *view, struct aw_err *err) AW_MUST_USE;

/* bagit.txt is version 1.0; bag-info.txt tells the payload's size, and the
 * format, which has its layout and its files and no others, in their order. */
aw_rc aw_bag_check_info(struct aw_bag_view *view,
                        struct aw_err *err) AW_MUST_USE;

/* The manifests of data/: line by line the files with their digests. */
aw_rc aw_bag_check_manifests(const struct aw_bag_view *view, size_t *lines,
                             struct aw_err *err) AW_MUST_USE;

/* The same for the tag files. */
aw_rc aw_bag_check_tags(const struct aw_bag_view *view, size_t *lines,
                        struct aw_err *err) AW_MUST_USE;

/* All of these, of a bag that was opened. */
aw_rc aw_bag_check(struct aw_bag_view *view, struct aw_err *err) AW_MUST_USE;

#endif
