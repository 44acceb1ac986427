#include "evidence/redact_private.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "extract/party_fold.h"

#define NBSP 0xA0u
#define WIDE_BLANK 0x3000u
#define TAG_MAX 65536 /* bytes between < and > */

void aw_redact_cells_deinit(struct aw_redact_cells *cells)
{
    free(cells->items);
    *cells = (struct aw_redact_cells){0};
}

/* ---- characters --------------------------------------------------------- */

bool aw_redact_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

bool aw_redact_alnum(uint32_t cp)
{
    return cp < 0x80 && (aw_ascii_alpha((char)cp) || aw_ascii_digit((char)cp));
}

bool aw_redact_blank(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == NBSP || cp == WIDE_BLANK ||
           cp == AW_PARTY_NOTHING;
}

/* ---- words -------------------------------------------------------------- */

size_t aw_redact_starts_with(const struct aw_redact_cells *cells, size_t i,
                             const char *word)
{
    struct aw_str text = aw_str_of(word);
    size_t n = 0;

    for (size_t pos = 0; pos < text.len; n++)
        if (aw_redact_at(cells, i + n) != aw_utf8_next_valid(text, &pos))
            return 0;
    return n;
}

size_t aw_redact_ends_with(const struct aw_redact_cells *cells, size_t i,
                           const char *word)
{
    size_t len = aw_utf8_count(aw_str_of(word));

    return len <= i ? aw_redact_starts_with(cells, i - len, word) : 0;
}

size_t aw_redact_any_before(const struct aw_redact_cells *cells, size_t i,
                            const char *const *words)
{
    size_t len = 0;

    for (; *words && len == 0; words++)
        len = aw_redact_ends_with(cells, i, *words);
    return len;
}

size_t aw_redact_any_at(const struct aw_redact_cells *cells, size_t i,
                        const char *const *words)
{
    size_t len = 0;

    for (; *words && len == 0; words++)
        len = aw_redact_starts_with(cells, i, *words);
    return len;
}

/* ---- bytes to cells ----------------------------------------------------- */

static aw_rc grow(struct aw_redact_cells *cells, struct aw_err *err)
{
    size_t cap = cells->cap > 0 ? cells->cap * 2 : 1024;
    void *items = reallocarray(cells->items, cap, sizeof *cells->items);

    if (!items)
        return aw_fail(err, AW_NOMEM, "out of memory");
    cells->items = items;
    cells->cap = cap;
    return AW_OK;
}

static aw_rc add(struct aw_redact_cells *cells, uint32_t cp, size_t at,
                 size_t len, struct aw_err *err)
{
    aw_rc rc = cells->count == cells->cap ? grow(cells, err) : AW_OK;

    if (rc == AW_OK)
        cells->items[cells->count++] =
            (struct aw_redact_cell){aw_party_fold(cp), (uint32_t)at,
                                    (uint32_t)len};
    return rc;
}

/* Where a tag that begins at pos ends; pos where none does. What ends a line
 * for the eye parts numbers, too. */
static size_t skip_tag(struct aw_str text, size_t pos)
{
    struct aw_str rest = aw_str_sub(text, pos, TAG_MAX);
    const char *end;

    if (rest.len < 2 || rest.ptr[0] != '<' ||
        !(aw_ascii_alpha(rest.ptr[1]) || strchr("/!?", rest.ptr[1])))
        return pos;
    end = memchr(rest.ptr, '>', rest.len);
    return end ? pos + (size_t)(end - rest.ptr) + 1 : pos;
}

static bool is_inline(struct aw_str tag)
{
    static const char *const names[] = {"a",   "b",     "big",  "bdo",
                                        "em",  "font",  "i",    "mark",
                                        "s",   "small", "span", "strong",
                                        "sub", "sup",   "tt",   "u",
                                        "wbr", NULL};
    size_t from = tag.ptr[1] == '/' ? 2 : 1;
    size_t end = from;

    while (end < tag.len &&
           (aw_ascii_alpha(tag.ptr[end]) || aw_ascii_digit(tag.ptr[end])))
        end++;
    for (const char *const *name = names; *name; name++)
        if (aw_str_eq_nocase(aw_str_sub(tag, from, end - from),
                             aw_str_of(*name)))
            return true;
    return tag.ptr[1] == '!'; /* a comment */
}

aw_rc aw_redact_cells_fill(struct aw_redact_cells *cells, struct aw_str text,
                           enum aw_redact_way way, struct aw_err *err)
{
    bool between_tags = way == AW_REDACT_BETWEEN_TAGS;
    aw_rc rc = AW_OK;

    cells->count = 0;
    for (size_t pos = 0; pos < text.len && rc == AW_OK;) {
        size_t at = pos;
        size_t behind = between_tags ? skip_tag(text, pos) : pos;
        uint32_t cp;
        size_t escape;

        if (behind > pos) {
            pos = behind;
            if (!is_inline(aw_str_sub(text, at, behind - at)))
                rc = add(cells, AW_REDACT_EDGE, at, behind - at, err);
            continue;
        }
        cp = aw_utf8_next(text, &pos);
        escape = way == AW_REDACT_AS_IS ? 0 : aw_redact_escape(text, at, &cp);
        pos = escape > 0 ? at + escape : pos;
        rc = add(cells, cp, at, pos - at, err);
    }
    return rc;
}
