#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "evidence/zip_private.h"

/* A folded name is at most 18 times as long (NFKC, U+FDFA), in UTF-16. */
#define FOLDED_MAX (18 * AW_ZIP_NAME_MAX)
#define FOLDED_TEXT_MAX (3 * FOLDED_MAX) /* in UTF-8 */
#define KEYS_MAX ((size_t)1 << 30)       /* bytes of all keys */

/* --- one name ---------------------------------------------------------- */

/* What some system does not allow in a name, or nobody can see. */
static bool is_bad_char(uint32_t cp)
{
    if (cp < 0x80)
        return cp < 0x20 || cp == 0x7F || strchr("\\:*?\"<>|", (int)cp);
    return (U_GET_GC_MASK((UChar32)cp) &
            (U_GC_C_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK)) != 0;
}

static bool has_bad_char(struct aw_str name)
{
    for (size_t at = 0; at < name.len;)
        if (is_bad_char(aw_utf8_next_valid(name, &at)))
            return true;
    return false;
}

/* Windows takes dots and spaces off the end; "." and ".." are among them. */
static const char *part_fault(struct aw_str part)
{
    char last = part.len > 0 ? part.ptr[part.len - 1] : '\0';

    if (part.len == 0)
        return "it is absolute, a folder, or has an empty part";
    if (aw_str_eq(part, AW_STR("..")) || aw_str_eq(part, AW_STR(".")))
        return "it has '.' or '..' in it";
    return last == '.' || last == ' ' ? "a part of it ends in a dot or space"
                                      : NULL;
}

const char *aw_zip_name_fault(struct aw_str name)
{
    const char *fault = NULL;
    struct aw_str part;

    if (name.len == 0 || name.len > AW_ZIP_NAME_MAX)
        return "it is empty or too long";
    if (!aw_utf8_valid(name))
        return "it is not UTF-8";
    if (aw_str_ends(name, AW_STR("/")))
        return part_fault(AW_STR(""));
    while (!fault && aw_str_split(&name, '/', &part))
        fault = has_bad_char(part)
                    ? "it has a control character, or one of \\:*?\"<>|"
                    : part_fault(part);
    return fault;
}

/* --- names that are one ------------------------------------------------ */

struct key {
    struct aw_str text, name;
};

static aw_rc icu_fail(UErrorCode code, struct aw_err *err)
{
    return aw_fail(err, code == U_MEMORY_ALLOCATION_ERROR ? AW_NOMEM : AW_FAIL,
                   "ICU: %s", u_errorName(code));
}

/* What is the same to systems that fold case, width or composition. */
static aw_rc fold_rare(struct aw_str name, char *out, size_t *len,
                       struct aw_err *err)
{
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&code);
    UChar wide[AW_ZIP_NAME_MAX];
    UChar folded[FOLDED_MAX];
    int32_t wide_len = 0;
    int32_t folded_len = 0;
    int32_t out_len = 0;

    u_strFromUTF8(wide, AW_ZIP_NAME_MAX, &wide_len, name.ptr,
                  (int32_t)name.len, &code);
    if (U_SUCCESS(code))
        folded_len =
            unorm2_normalize(fold, wide, wide_len, folded, FOLDED_MAX, &code);
    u_strToUTF8(out, FOLDED_TEXT_MAX, &out_len, folded, folded_len, &code);
    if (U_FAILURE(code))
        return icu_fail(code, err);
    *len = (size_t)out_len;
    return AW_OK;
}

static aw_rc fold(struct aw_str name, char *out, size_t *len,
                  struct aw_err *err)
{
    if (aw_utf8_skip_ascii(name, 0) < name.len)
        return fold_rare(name, out, len, err);
    for (size_t i = 0; i < name.len; i++)
        out[i] = aw_ascii_lower(name.ptr[i]);
    *len = name.len;
    return AW_OK;
}

/* A slash becomes the lowest character, so that a file comes right before
 * what lies in a folder of its name. */
static aw_rc make_key(struct aw_arena *arena, struct key *key,
                      struct aw_err *err)
{
    char text[FOLDED_TEXT_MAX];
    size_t len = 0;
    aw_rc rc = fold(key->name, text, &len, err);

    for (size_t i = 0; i < len && rc == AW_OK; i++)
        if (text[i] == '/')
            text[i] = '\1';
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, (struct aw_str){text, len}, &key->text, err);
    return rc;
}

static int by_text(const void *a, const void *b)
{
    return aw_str_cmp(((const struct key *)a)->text,
                      ((const struct key *)b)->text);
}

static aw_rc compare_two(const struct key *a, const struct key *b,
                         struct aw_err *err)
{
    if (!aw_str_starts(b->text, a->text))
        return AW_OK;
    if (aw_str_eq(a->name, b->name))
        return aw_fail(err, AW_INVALID, "'%.*s' stands twice",
                       AW_STR_ARG(a->name));
    if (a->text.len == b->text.len)
        return aw_fail(err, AW_INVALID,
                       "'%.*s' and '%.*s' are one name on some systems",
                       AW_STR_ARG(a->name), AW_STR_ARG(b->name));
    if (b->text.ptr[a->text.len] == '\1')
        return aw_fail(err, AW_INVALID,
                       "'%.*s' is a file, and a folder with '%.*s' in it",
                       AW_STR_ARG(a->name), AW_STR_ARG(b->name));
    return AW_OK;
}

static aw_rc compare_keys(struct key *keys, size_t count, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    qsort(keys, count, sizeof *keys, by_text);
    for (size_t i = 1; i < count && rc == AW_OK; i++)
        rc = compare_two(&keys[i - 1], &keys[i], err);
    return rc;
}

aw_rc aw_zip_check_names(const struct aw_str *names, size_t count,
                         struct aw_err *err)
{
    struct key *keys = calloc(count + 1, sizeof *keys);
    struct aw_arena arena;
    aw_rc rc = AW_OK;

    if (!keys)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_arena_init(&arena, KEYS_MAX);
    for (size_t i = 0; i < count && rc == AW_OK; i++) {
        keys[i].name = names[i];
        rc = make_key(&arena, &keys[i], err);
    }
    if (rc == AW_OK)
        rc = compare_keys(keys, count, err);
    aw_arena_deinit(&arena);
    free(keys);
    return rc;
}
