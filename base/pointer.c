#include "base/pointer.h"

#include <limits.h>

bool aw_pointer_valid(struct aw_str pointer)
{
    if (pointer.len > AW_POINTER_MAX)
        return false;
    if (pointer.len > 0 && pointer.ptr[0] != '/')
        return false;
    for (size_t i = 0; i < pointer.len; i++)
        if (pointer.ptr[i] == '~' &&
            (i + 1 == pointer.len ||
             (pointer.ptr[i + 1] != '0' && pointer.ptr[i + 1] != '1')))
            return false;
    return true;
}

bool aw_pointer_next(struct aw_str *rest, struct aw_buf *out)
{
    size_t i = 1;

    aw_buf_reset(out);
    if (rest->len == 0)
        return false;
    for (; i < rest->len && rest->ptr[i] != '/'; i++) {
        bool escaped = rest->ptr[i] == '~' && i + 1 < rest->len;

        if (escaped)
            i++;
        aw_buf_putc(out, !escaped              ? rest->ptr[i]
                         : rest->ptr[i] == '1' ? '/'
                                               : '~');
    }
    *rest = aw_str_sub(*rest, i, rest->len);
    return true;
}

int aw_pointer_index(struct aw_str part)
{
    int64_t index = -1;

    if (part.len == 0 || !aw_ascii_digit(part.ptr[0]) ||
        (part.len > 1 && part.ptr[0] == '0') || !aw_str_to_int(part, &index) ||
        index > INT_MAX)
        return -1;
    return (int)index;
}
