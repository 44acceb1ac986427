/* lexicon_kept.h - a lexicon's files as they were read, kept for the next
 * start.
 *
 * To read YAML is the longest part of a start. What comes of it (the structs
 * of lexicon_yaml.h) is kept in the cache (base/cache.h), under the digest of
 * all files with their paths, of the sources that read them, and PCRE2's
 * version. Only a lexicon without an error is kept: the patterns of one that
 * is found are known to compile, and are compiled when they are first tried.
 *
 * A file of the cache is held against its lengths, and its texts end where
 * they say; what they mean is checked by lexicon.c as that of YAML is.
 */
#ifndef AW_CLASSIFY_LEXICON_KEPT_H
#define AW_CLASSIFY_LEXICON_KEPT_H

#include "base/buf.h"
#include "base/cache.h"
#include "base/hash.h"
#include "classify/lexicon_yaml.h"

struct aw_lexicon_kept {
    const char *dir; /* of the cache; NULL: nothing is kept */
    char name[AW_SHA256_HEX_MAX + 16];
    struct aw_cached cached; /* what is found; the caller drops it */
    bool found;
    size_t at;         /* of the next file in it */
    struct aw_buf all; /* else what is to be kept */
};

/* hash: the digest of all files, by path. Looks whether it is there. */
void aw_lexicon_kept_init(struct aw_lexicon_kept *kept, const char *dir,
                          const char *hash);
void aw_lexicon_kept_deinit(struct aw_lexicon_kept *kept);

/* Takes the next file's entries, if it is the one at `path` (within the
 * lexicon) and of that kind; false: read it. Texts lie in kept->cached. */
bool aw_lexicon_kept_take(struct aw_lexicon_kept *kept, enum aw_yaml_kind kind,
                          const char *path, struct aw_arena *arena,
                          struct aw_yaml_file *out);

/* Notes what was read; then keeps it all. */
void aw_lexicon_kept_add(struct aw_lexicon_kept *kept, enum aw_yaml_kind kind,
                         const char *path, const struct aw_yaml_file *file);
void aw_lexicon_kept_put(struct aw_lexicon_kept *kept);

#endif
