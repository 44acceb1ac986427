#include "crawler/head.h"

#include <string.h>

/* The next field of that name; false where there is none any more. */
static bool next_value(struct aw_str *rest, struct aw_str name,
                       struct aw_str *value)
{
    struct aw_str line;
    struct aw_str key;

    while (aw_str_split(rest, '\n', &line)) {
        if (!aw_str_split(&line, ':', &key) || !line.ptr ||
            !aw_str_eq_nocase(key, name))
            continue;
        *value = aw_str_trim(line);
        return true;
    }
    return false;
}

struct aw_str aw_head_value(struct aw_str head, struct aw_str name)
{
    struct aw_str value = AW_STR("");

    (void)next_value(&head, name, &value);
    return value;
}

void aw_head_join(struct aw_str head, struct aw_str name, const char *between,
                  struct aw_buf *out)
{
    struct aw_str value;
    bool first = true;

    while (next_value(&head, name, &value)) {
        if (value.len + strlen(between) > out->max - out->len)
            return;
        if (!first)
            aw_buf_puts(out, between);
        aw_buf_put(out, value);
        first = false;
    }
}

bool aw_head_is_validator(struct aw_str value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];

        if (c == 0x7F || (c < 0x20 && c != '\t'))
            return false;
    }
    return value.len > 0 && value.len <= AW_VALIDATOR_MAX;
}

void aw_head_put_archived(struct aw_buf *out, struct aw_str head)
{
    struct aw_str line;

    while (aw_str_split(&head, '\n', &line)) {
        if (aw_str_starts_nocase(line, AW_STR("transfer-encoding:")))
            aw_buf_puts(out, "X-Archive-");
        aw_buf_put(out, line);
        if (head.ptr)
            aw_buf_putc(out, '\n');
    }
}
