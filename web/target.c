#include "web/target.h"

#include "base/utf8.h"

/* The byte that raw has at *pos, decoded; *pos moves behind it. -1: "%" that
 * is followed by no two digits. */
static int next_byte(struct aw_str raw, size_t *pos, bool plus)
{
    char c = raw.ptr[(*pos)++];
    int high, low;

    if (c == '+' && plus)
        return ' ';
    if (c != '%')
        return (unsigned char)c;
    if (raw.len - *pos < 2)
        return -1;
    high = aw_hex_value(raw.ptr[*pos]);
    low = aw_hex_value(raw.ptr[*pos + 1]);
    *pos += 2;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool is_control(int byte)
{
    return byte < 0x20 || byte == 0x7F;
}

static aw_rc decode(struct aw_str raw, bool plus, struct aw_arena *arena,
                    struct aw_str *out, struct aw_err *err)
{
    char *to = aw_arena_alloc(arena, raw.len + 1);
    size_t len = 0;

    if (!to)
        return aw_arena_fail(arena, err);
    for (size_t pos = 0; pos < raw.len;) {
        int byte = next_byte(raw, &pos, plus);

        if (is_control(byte))
            return aw_fail(err, AW_INVALID,
                           "the address has a bad escape or a control "
                           "character");
        to[len++] = (char)byte;
    }
    if (!aw_utf8_valid((struct aw_str){to, len}))
        return aw_fail(err, AW_INVALID, "the address is not UTF-8");
    *out = (struct aw_str){to, len};
    return AW_OK;
}

static aw_rc add_pair(struct aw_target *target, struct aw_str text,
                      struct aw_arena *arena, struct aw_err *err)
{
    struct aw_pair *pair = &target->pairs[target->count];
    struct aw_str name = {0};
    aw_rc rc;

    if (target->count == AW_TARGET_PAIRS_MAX)
        return aw_fail(err, AW_LIMIT,
                       "the address has more than %d parameters",
                       AW_TARGET_PAIRS_MAX);
    (void)aw_str_split(&text, '=', &name);
    rc = decode(name, true, arena, &pair->name, err);
    if (rc == AW_OK)
        rc = decode(text, true, arena, &pair->value, err);
    if (rc == AW_OK)
        target->count++;
    return rc;
}

aw_rc aw_target_parse(struct aw_target *out, struct aw_str raw,
                      struct aw_arena *arena, struct aw_err *err)
{
    struct aw_target target = {.count = 0};
    struct aw_str path = {0};
    struct aw_str part;
    aw_rc rc;

    (void)aw_str_split(&raw, '?', &path);
    if (!aw_str_starts(path, AW_STR("/")))
        return aw_fail(err, AW_INVALID, "the address begins with no slash");
    rc = decode(path, false, arena, &target.path, err);
    while (rc == AW_OK && aw_str_split(&raw, '&', &part))
        if (part.len > 0)
            rc = add_pair(&target, part, arena, err);
    if (rc == AW_OK)
        *out = target;
    return rc;
}

struct aw_str aw_target_query(const struct aw_target *target, const char *name)
{
    for (size_t i = 0; i < target->count; i++)
        if (aw_str_eq(target->pairs[i].name, aw_str_of(name)))
            return target->pairs[i].value;
    return (struct aw_str){0};
}

struct aw_str aw_cookie_find(struct aw_str field, const char *name)
{
    struct aw_str part;

    while (aw_str_split(&field, ';', &part)) {
        struct aw_str key = {0};

        (void)aw_str_split(&part, '=', &key);
        if (aw_str_eq(aw_str_trim(key), aw_str_of(name)))
            return aw_str_trim(part);
    }
    return (struct aw_str){0};
}
