#include "extract/entity.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 31
#define BARE_MIN 2
#define BARE_MAX 6
#define CP_MAX 0x10FFFFu

/* windows-1252 for 80 to 9F. */
static const uint16_t c1_as_1252[] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
};

static int by_name(const void *key, const void *entity)
{
    return strcmp(key, ((const struct aw_entity *)entity)->name);
}

static const struct aw_entity *find(struct aw_str name)
{
    char key[NAME_MAX_BYTES + 1];

    if (name.len > NAME_MAX_BYTES)
        return NULL;
    memcpy(key, name.ptr, name.len);
    key[name.len] = '\0';
    return bsearch(key, aw_entities, aw_entity_count, sizeof aw_entities[0],
                   by_name);
}

static uint32_t fix_number(uint32_t number)
{
    if (number >= 0x80 && number <= 0x9F)
        return c1_as_1252[number - 0x80];
    if (number == 0 || number > CP_MAX)
        return AW_REPLACEMENT;
    return number;
}

static size_t read_number(struct aw_str text, uint32_t *cp)
{
    bool hex = text.len > 2 && (text.ptr[2] == 'x' || text.ptr[2] == 'X');
    uint32_t base = hex ? 16 : 10;
    size_t from = hex ? 3 : 2;
    size_t pos = from;
    uint32_t number = 0;

    for (; pos < text.len; pos++) {
        int digit = aw_hex_value(text.ptr[pos]);

        if (digit < 0 || (uint32_t)digit >= base)
            break;
        if (number <= CP_MAX)
            number = number * base + (uint32_t)digit;
    }
    if (pos == from)
        return 0;
    *cp = fix_number(number);
    return pos < text.len && text.ptr[pos] == ';' ? pos + 1 : pos;
}

static bool is_alnum(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c);
}

/* A name without its semicolon: the longest of the old ones that fits. */
static size_t read_bare(struct aw_str text, size_t run, bool in_attr,
                        uint32_t *cp)
{
    for (size_t n = run < BARE_MAX ? run : BARE_MAX; n >= BARE_MIN; n--) {
        const struct aw_entity *entity = find(aw_str_sub(text, 1, n));
        char next = n + 1 < text.len ? text.ptr[n + 1] : '\0';

        if (!entity || !(entity->value & AW_ENTITY_BARE))
            continue;
        if (in_attr && (next == '=' || is_alnum(next)))
            return 0;
        *cp = entity->value & ~AW_ENTITY_BARE;
        return n + 1;
    }
    return 0;
}

static size_t read_name(struct aw_str text, bool in_attr, uint32_t *cp)
{
    const struct aw_entity *entity;
    size_t run = 0;

    while (run < NAME_MAX_BYTES && run + 1 < text.len &&
           is_alnum(text.ptr[run + 1]))
        run++;
    if (run + 1 < text.len && text.ptr[run + 1] == ';') {
        entity = find(aw_str_sub(text, 1, run));
        if (entity) {
            *cp = entity->value & ~AW_ENTITY_BARE;
            return run + 2;
        }
    }
    return read_bare(text, run, in_attr, cp);
}

size_t aw_entity_read(struct aw_str text, bool in_attr, uint32_t *cp)
{
    if (text.len < 3 || text.ptr[0] != '&')
        return 0;
    if (text.ptr[1] == '#')
        return read_number(text, cp);
    return read_name(text, in_attr, cp);
}

void aw_entity_decode(struct aw_buf *out, struct aw_str text, bool in_attr)
{
    while (text.len > 0) {
        const char *amp = memchr(text.ptr, '&', text.len);
        size_t plain = amp ? (size_t)(amp - text.ptr) : text.len;
        uint32_t cp = '&';
        size_t used;

        aw_buf_append(out, text.ptr, plain);
        text = aw_str_sub(text, plain, text.len);
        if (text.len == 0)
            break;
        used = aw_entity_read(text, in_attr, &cp);
        aw_utf8_put(out, cp);
        text = aw_str_sub(text, used ? used : 1, text.len);
    }
}
