#include "reader/wire.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

void aw_wire_put_number(struct aw_buf *out, uint64_t number)
{
    aw_buf_append(out, &number, sizeof number);
}

void aw_wire_put_real(struct aw_buf *out, double real)
{
    aw_buf_append(out, &real, sizeof real);
}

static void put_valid(struct aw_buf *out, struct aw_str text)
{
    uint32_t len = (uint32_t)text.len;

    if (text.len > UINT32_MAX) {
        out->rc = AW_LIMIT;
        return;
    }
    (void)aw_buf_reserve(out, sizeof len + text.len + 1);
    aw_buf_append(out, &len, sizeof len);
    aw_buf_put(out, text);
    aw_buf_putc(out, '\0');
}

static struct aw_str before_nul(struct aw_str text)
{
    const char *nul = text.len ? memchr(text.ptr, '\0', text.len) : NULL;

    return nul ? aw_str_sub(text, 0, (size_t)(nul - text.ptr)) : text;
}

void aw_wire_put_text(struct aw_buf *out, struct aw_str text)
{
    struct aw_buf clean;

    text = before_nul(text);
    if (aw_utf8_valid(text)) {
        put_valid(out, text);
        return;
    }
    aw_buf_init(&clean, text.len * 3); /* U+FFFD is three bytes */
    aw_utf8_clean(&clean, text);
    if (clean.rc == AW_OK)
        put_valid(out, aw_buf_str(&clean));
    else
        out->rc = clean.rc;
    aw_buf_deinit(&clean);
}

void aw_wire_init(struct aw_wire *wire, struct aw_str head,
                  struct aw_arena *arena, struct aw_err *err)
{
    *wire = (struct aw_wire){.rest = head, .arena = arena, .err = err};
}

static void stop(struct aw_wire *wire, aw_rc rc)
{
    wire->rc = rc;
    wire->rest.len = 0;
}

void aw_wire_fail(struct aw_wire *wire, const char *name, const char *why)
{
    if (wire->rc == AW_OK)
        stop(wire, aw_fail(wire->err, AW_READER, "%s: %s", name, why));
}

/* The next len bytes; false where there are fewer. */
static bool take(struct aw_wire *wire, const char *name, void *out, size_t len)
{
    if (wire->rest.len < len) {
        aw_wire_fail(wire, name, "it ends before");
        return false;
    }
    memcpy(out, wire->rest.ptr, len);
    wire->rest = aw_str_sub(wire->rest, len, SIZE_MAX);
    return true;
}

uint64_t aw_wire_number(struct aw_wire *wire, const char *name, uint64_t most)
{
    uint64_t number;

    if (!take(wire, name, &number, sizeof number))
        return 0;
    if (number <= most)
        return number;
    aw_wire_fail(wire, name, "the number is too large");
    return 0;
}

bool aw_wire_flag(struct aw_wire *wire, const char *name)
{
    return aw_wire_number(wire, name, 1) == 1;
}

double aw_wire_real(struct aw_wire *wire, const char *name, double most)
{
    double real;

    if (!take(wire, name, &real, sizeof real))
        return 0;
    if (isfinite(real) && real >= 0 && real <= most)
        return real;
    aw_wire_fail(wire, name, "the number is out of its range");
    return 0;
}

struct aw_str aw_wire_text(struct aw_wire *wire, const char *name, size_t most)
{
    struct aw_str text;
    uint32_t len;

    if (!take(wire, name, &len, sizeof len))
        return AW_STR("");
    text = aw_str_sub(wire->rest, 0, len);
    if (len > most || wire->rest.len <= len) {
        aw_wire_fail(wire, name, "the text is too long");
        return AW_STR("");
    }
    if (text.ptr[len] != '\0' || memchr(text.ptr, '\0', len) ||
        !aw_utf8_valid(text)) {
        aw_wire_fail(wire, name, "the text is no UTF-8, or has a NUL");
        return AW_STR("");
    }
    wire->rest = aw_str_sub(wire->rest, len + (size_t)1, SIZE_MAX);
    return text;
}

void *aw_wire_list(struct aw_wire *wire, const char *name, size_t most,
                   size_t size, size_t *count)
{
    size_t items = (size_t)aw_wire_number(wire, name, most);
    void *list;

    *count = 0;
    if (items * sizeof(uint32_t) > wire->rest.len) /* no field is smaller */
        aw_wire_fail(wire, name, "it ends before");
    if (wire->rc != AW_OK)
        return NULL;
    list = aw_arena_array(wire->arena, items + 1, size);
    if (list)
        *count = items;
    else
        stop(wire, aw_arena_fail(wire->arena, wire->err));
    return list;
}

aw_rc aw_wire_end(struct aw_wire *wire)
{
    if (wire->rest.len > 0)
        aw_wire_fail(wire, "end", "more bytes than fields");
    return wire->rc;
}
