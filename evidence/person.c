#include "evidence/person.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define UNITS_MAX 512         /* of UTF-16 */
#define FOLDED_MAX (18 * 512) /* NFKC makes 18 of U+FDFA */

struct folded {
    UChar text[FOLDED_MAX];
    int32_t len;
};

static void drop_spaces(struct folded *folded)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < folded->len; i++)
        if (!u_isUWhiteSpace(folded->text[i]))
            folded->text[kept++] = folded->text[i];
    folded->len = kept;
}

static bool fold(struct aw_str name, struct folded *out)
{
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&code);
    UChar wide[UNITS_MAX];
    int32_t len = 0;

    if (name.len > UNITS_MAX)
        return false;
    (void)u_strFromUTF8(wide, UNITS_MAX, &len, name.ptr, (int32_t)name.len,
                        &code);
    if (U_SUCCESS(code))
        out->len =
            unorm2_normalize(nfkc, wide, len, out->text, FOLDED_MAX, &code);
    if (U_FAILURE(code))
        return false;
    drop_spaces(out);
    return true;
}

bool aw_same_person(struct aw_str a, struct aw_str b)
{
    struct folded one, other;

    if (!fold(a, &one) || !fold(b, &other))
        return aw_str_eq(a, b);
    return one.len == other.len &&
           u_memcmp(one.text, other.text, one.len) == 0;
}
