/* bagit.h - a BagIt bag in memory, made and checked. (RFC 8493, version 1.0)
 *
 * A bag is a folder: bagit.txt, bag-info.txt, manifests with the SHA-256 of
 * each file, and what it carries below data/. Names here are without the
 * folder's own name, as in the manifests.
 */
#ifndef AW_EVIDENCE_BAGIT_H
#define AW_EVIDENCE_BAGIT_H

#include "base/buf.h"
#include "evidence/zip.h"

#define AW_BAGIT_FILES_MAX 1000
#define AW_BAGIT_FILE_MAX ((size_t)600 << 20) /* bytes of one file */

struct aw_bagit_file {
    char name[AW_ZIP_NAME_MAX];
    struct aw_buf data;
};

struct aw_bagit {
    struct aw_bagit_file files[AW_BAGIT_FILES_MAX];
    size_t count;
};

/* A zeroed struct is an empty bag. */
void aw_bagit_deinit(struct aw_bagit *bag);

/* A new, empty file for the caller to fill; NULL at AW_BAGIT_FILES_MAX. It
 * stays where it is. */
struct aw_buf *aw_bagit_add(struct aw_bagit *bag, const char *name);

/* Adds bagit.txt, bag-info.txt (info, "Label: value" lines, and the payload's
 * size) and both manifests. Nothing may be added or changed after it. */
aw_rc aw_bagit_seal(struct aw_bagit *bag, const char *info,
                    struct aw_err *err) AW_MUST_USE;

/* Writes the bag as a zip, below a folder of that name. */
aw_rc aw_bagit_write(const struct aw_bagit *bag, const char *folder,
                     const char *path, int64_t wall_ms,
                     struct aw_err *err) AW_MUST_USE;

/* ---- checking ---------------------------------------------------------- */

/* The files of a bag, as views; names are without the folder. */
struct aw_bagit_view {
    struct aw_str folder;
    struct aw_zip_entry files[AW_ZIP_ENTRIES_MAX];
    size_t count;
};

/* Takes the one folder off all names. AW_INVALID where there are several. */
aw_rc aw_bagit_open(struct aw_bagit_view *bag,
                    const struct aw_zip_entry *entries, size_t count,
                    struct aw_err *err) AW_MUST_USE;

/* The bytes of a file; false where it is not in the bag. */
bool aw_bagit_find(const struct aw_bagit_view *bag, struct aw_str name,
                   struct aw_str *data);

/* bagit.txt is version 1.0, and bag-info.txt tells the payload's size. */
aw_rc aw_bagit_check_info(const struct aw_bagit_view *bag,
                          struct aw_err *err) AW_MUST_USE;

/* Every file below data/ is in manifest-sha256.txt and every line of it is
 * such a file with its digest; *lines counts them. */
aw_rc aw_bagit_check_manifest(const struct aw_bagit_view *bag, size_t *lines,
                              struct aw_err *err) AW_MUST_USE;

/* The same for the others and tagmanifest-sha256.txt. */
aw_rc aw_bagit_check_tags(const struct aw_bagit_view *bag, size_t *lines,
                          struct aw_err *err) AW_MUST_USE;

#endif
