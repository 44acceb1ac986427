#include <string.h>

#include "base/utf8.h"
#include "extract/ocr_private.h"

#define WORTHLESS 40      /* a confidence that says nothing */
#define SURE 75           /* one that says: this is text */
#define SURE_LATIN 78     /* where no Chinese character is in it */
#define SURE_SINGLE 85    /* of a character that stands alone */
#define HAN_ENOUGH 4      /* with so many even a poor reading is kept */
#define OVERLAP_MOST 0.35 /* of two readings of one place */

static bool is_word(uint32_t cp)
{
    return aw_is_han(cp) || (cp < 0x80 && (aw_ascii_alpha((char)cp) ||
                                           aw_ascii_digit((char)cp)));
}

/* Marks that stand at an end of a text, and not what is left of a border. */
static bool is_end_mark(uint32_t cp)
{
    static const char marks[] = "“”‘’《》【】（）()！!？?。%％+元：:$￥¥";

    for (size_t pos = 0; pos < sizeof marks - 1;)
        if (aw_utf8_next(AW_STR(marks), &pos) == cp)
            return true;
    return false;
}

/* The place behind what is no text at the beginning. */
static size_t text_start(struct aw_str text)
{
    for (size_t pos = 0; pos < text.len;) {
        size_t at = pos;
        uint32_t cp = aw_utf8_next(text, &pos);

        if (is_word(cp) || is_end_mark(cp))
            return at;
    }
    return text.len;
}

static size_t text_end(struct aw_str text)
{
    size_t end = 0;

    for (size_t pos = 0; pos < text.len;) {
        uint32_t cp = aw_utf8_next(text, &pos);

        if (is_word(cp) || is_end_mark(cp))
            end = pos;
    }
    return end;
}

/* The bullet of a list is read as a letter of its own. */
static struct aw_str without_bullet(struct aw_str text)
{
    size_t pos = 2;

    if (text.len > 2 && aw_ascii_alpha(text.ptr[0]) && text.ptr[1] == ' ' &&
        aw_is_han(aw_utf8_next(text, &pos)))
        return aw_str_sub(text, 2, text.len);
    return text;
}

static struct aw_str clean(struct aw_str text)
{
    text = aw_str_sub(text, 0, text_end(text));
    text = aw_str_sub(text, text_start(text), text.len);
    return without_bullet(text);
}

static void count(struct aw_ocr_line *line)
{
    line->han = line->chars = 0;
    for (size_t pos = 0; pos < line->text.len;) {
        uint32_t cp = aw_utf8_next(line->text, &pos);

        line->han += aw_is_han(cp);
        line->chars += is_word(cp);
    }
}

static bool is_kept(const struct aw_ocr_line *line)
{
    if (line->chars == 0)
        return false;
    if (line->han == 0)
        return line->confidence >= SURE_LATIN && line->chars > 1;
    if (line->chars == 1)
        return line->confidence >= SURE_SINGLE;
    return line->confidence > WORTHLESS + 10 ||
           (line->confidence > WORTHLESS && line->han >= HAN_ENOUGH);
}

aw_rc aw_ocr_lines_add(struct aw_ocr_lines *lines, struct aw_ocr_line line,
                       struct aw_err *err)
{
    void *items = lines->items;
    aw_rc rc;

    line.text = clean(line.text);
    count(&line);
    if (!is_kept(&line) || lines->count >= AW_OCR_LINES_MAX)
        return AW_OK;
    rc = aw_arena_grow(lines->arena, &items, lines->count, &lines->cap,
                       sizeof line, err);
    lines->items = items;
    if (rc == AW_OK)
        rc = aw_arena_dup(lines->arena, line.text, &line.text, err);
    if (rc == AW_OK)
        lines->items[lines->count++] = line;
    return rc;
}

/* A letter says half as much as a Chinese character. */
static double signs_of(const struct aw_ocr_line *line)
{
    return line->han + 0.5 * (line->chars - line->han);
}

double aw_ocr_line_worth(const struct aw_ocr_line *line)
{
    return (line->confidence - WORTHLESS) * signs_of(line);
}

double aw_ocr_lines_sure(const struct aw_ocr_lines *lines)
{
    double signs = 0;

    for (size_t i = 0; i < lines->count; i++)
        if (lines->items[i].confidence >= SURE)
            signs += signs_of(&lines->items[i]);
    return signs;
}

static int shared(int a, int a_len, int b, int b_len)
{
    int start = a > b ? a : b;
    int end = a + a_len < b + b_len ? a + a_len : b + b_len;

    return end > start ? end - start : 0;
}

double aw_ocr_overlap(const struct aw_ocr_line *a, const struct aw_ocr_line *b)
{
    double both = (double)shared(a->x, a->w, b->x, b->w) *
                  shared(a->y, a->h, b->y, b->h);
    double one = (double)a->w * a->h, other = (double)b->w * b->h;
    double least = one < other ? one : other;

    return least > 0 ? both / least : 0;
}

static void sort_by_worth(struct aw_ocr_lines *lines)
{
    for (size_t i = 1; i < lines->count; i++) {
        struct aw_ocr_line line = lines->items[i];
        size_t at = i;

        for (; at > 0 && aw_ocr_line_worth(&lines->items[at - 1]) <
                             aw_ocr_line_worth(&line);
             at--)
            lines->items[at] = lines->items[at - 1];
        lines->items[at] = line;
    }
}

static bool is_taken(const struct aw_ocr_lines *lines, size_t count,
                     const struct aw_ocr_line *line)
{
    for (size_t i = 0; i < count; i++)
        if (aw_ocr_overlap(&lines->items[i], line) > OVERLAP_MOST)
            return true;
    return false;
}

void aw_ocr_lines_choose(struct aw_ocr_lines *lines)
{
    size_t kept = 0;

    sort_by_worth(lines);
    for (size_t i = 0; i < lines->count; i++)
        if (!is_taken(lines, kept, &lines->items[i]))
            lines->items[kept++] = lines->items[i];
    lines->count = kept;
}
