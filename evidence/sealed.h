/* sealed.h - what sealing sees of a bundle: its name, what is signed, its
 * link in the chain, and the files of seal/; for evidence/ alone.
 *
 * The container is checked on the way (zip.h); what the bag holds is
 * verify.h's business.
 */
#ifndef AW_EVIDENCE_SEALED_H
#define AW_EVIDENCE_SEALED_H

#include "evidence/bag.h"

#define AW_SEAL_DIR "seal/"
#define AW_SEAL_FILES_MAX 24 /* two officers with their keys, and a stamp */
#define AW_SEAL_FILE_MAX ((size_t)128 << 10)

struct aw_seal_file {
    struct aw_str name; /* without "seal/" */
    struct aw_str bytes;
};

/* Views into the bytes it was made of. */
struct aw_sealed {
    const struct aw_bag_view *bag;
    struct aw_str folder;      /* the bundle's name */
    struct aw_str tagmanifest; /* of SHA-256: what is signed and stamped */
    struct aw_str chain;       /* bundle-chain.json; empty: there is none */
    struct aw_seal_file files[AW_SEAL_FILES_MAX];
    size_t count;
    bool is_dated; /* by aw_sealed_date */
    int64_t newest_ms;
};

/* AW_INVALID: there is no tag manifest. AW_LIMIT: too many files of seal/, or
 * one is too large. */
aw_rc aw_sealed_of(const struct aw_bag_view *bag, struct aw_sealed *out,
                   struct aw_err *err) AW_MUST_USE;

/* When the newest capture was fetched, or decision made, if that is later; 0:
 * neither is told. AW_INVALID: captures.json or decisions.json is not JSON. */
aw_rc aw_sealed_newest(const struct aw_sealed *sealed, int64_t *at_ms,
                       struct aw_err *err) AW_MUST_USE;

/* Notes what that is, for who has parsed both files already. */
struct aw_parsed;
void aw_sealed_date(struct aw_sealed *sealed, const struct aw_parsed *captures,
                    const struct aw_parsed *decisions);

/* The bytes of a file of seal/; false where there is none. */
bool aw_sealed_find(const struct aw_sealed *sealed, const char *name,
                    struct aw_str *bytes);

/* The same of a file, which is mapped. */
struct aw_sealed_file;
aw_rc aw_sealed_open(struct aw_sealed_file **out, const char *path,
                     struct aw_err *err) AW_MUST_USE;
const struct aw_sealed *aw_sealed_get(const struct aw_sealed_file *file);
void aw_sealed_free(struct aw_sealed_file *file);

#endif
