#include "extract/flow.h"

#include <string.h>

#include "extract/entity.h"

void aw_flow_init(struct aw_flow *flow, struct aw_document *doc,
                  struct aw_err *err)
{
    *flow = (struct aw_flow){.doc = doc, .err = err};
    for (size_t i = 0; i < AW_FLOW_RUNS; i++)
        aw_buf_init(&flow->runs[i].text, AW_FLOW_TEXT_MAX);
    aw_buf_init(&flow->asides_text, AW_FLOW_TEXT_MAX);
}

void aw_flow_deinit(struct aw_flow *flow)
{
    for (size_t i = 0; i < AW_FLOW_RUNS; i++)
        aw_buf_deinit(&flow->runs[i].text);
    aw_buf_deinit(&flow->asides_text);
}

/* A word that is seen, as against "|", ">" or "·" between links. */
static bool is_word(uint32_t cp)
{
    if (cp < 0x80)
        return aw_ascii_alpha((char)cp) || aw_ascii_digit((char)cp);
    if (cp < 0xC0 || (cp >= 0x2000 && cp < 0x2C00))
        return false;
    return !(cp >= 0x3000 && cp < 0x3040) && !(cp >= 0xFF00 && cp < 0xFF10);
}

static bool has_word(struct aw_str text)
{
    for (size_t pos = 0; pos < text.len;)
        if (is_word(aw_utf8_next(text, &pos)))
            return true;
    return false;
}

/* The bytes up to white space or a reference. */
static size_t plain_run(struct aw_str text)
{
    static const bool ends[256] = {
        [' '] = true,  ['\t'] = true, ['\n'] = true, ['\v'] = true,
        ['\f'] = true, ['\r'] = true, ['&'] = true,
    };
    size_t n = 0;

    while (n < text.len && !ends[(unsigned char)text.ptr[n]])
        n++;
    return n;
}

static void pay_space(struct aw_flow_run *run)
{
    if (run->space && run->text.len > 0 &&
        run->text.ptr[run->text.len - 1] != '\n')
        aw_buf_putc(&run->text, ' ');
    run->space = false;
}

static void put_space(struct aw_flow_run *run, struct aw_how how, char c)
{
    if (how.flags & AW_FLOW_PRE && c != '\r')
        aw_buf_putc(&run->text, c);
    else
        run->space = true;
}

static void put_words(struct aw_flow_run *run, struct aw_how how,
                      struct aw_str s)
{
    if (run->text.len == 0) {
        run->hidden = how.hidden;
        run->font_px = how.font_px;
    }
    pay_space(run);
    aw_buf_put(&run->text, s);
    if (how.flags & AW_FLOW_HEADING)
        run->heading = true;
    run->after_link = (how.flags & AW_FLOW_LINK) != 0;
    if (run->after_link)
        run->linked = true;
    else if (!run->unlinked)
        run->unlinked = has_word(s);
}

static void put_cp(struct aw_flow_run *run, struct aw_how how, uint32_t cp)
{
    char bytes[5]; /* of one character, and the NUL that a buffer has */
    struct aw_buf one = {bytes, 0, sizeof bytes, sizeof bytes - 1, AW_OK};

    if (cp < 0x80 && aw_ascii_space((char)cp)) {
        put_space(run, how, (char)cp);
        return;
    }
    aw_utf8_put(&one, cp);
    put_words(run, how, aw_buf_str(&one));
}

static void put_text(struct aw_flow_run *run, struct aw_how how,
                     struct aw_str text)
{
    while (text.len > 0) {
        size_t n = plain_run(text);
        uint32_t cp = '&';

        if (n > 0) {
            put_words(run, how, aw_str_sub(text, 0, n));
        } else if (text.ptr[0] == '&') {
            n = aw_entity_read(text, false, &cp);
            n = n ? n : 1;
            put_cp(run, how, cp);
        } else {
            put_space(run, how, text.ptr[0]);
            n = 1;
        }
        text = aw_str_sub(text, n, text.len);
    }
}

/* The seen text so far begins what is seen with the script's. */
static void begin_mixed(struct aw_flow *flow)
{
    struct aw_flow_run *run = &flow->runs[AW_FLOW_WRITTEN];
    const struct aw_flow_run *seen = &flow->runs[AW_FLOW_SEEN];
    struct aw_buf text = run->text;

    if (flow->mixed)
        return;
    flow->mixed = true;
    *run = *seen;
    run->text = text;
    aw_buf_put(&run->text, aw_buf_str(&seen->text));
}

/* Is what stands so written into this run? */
static bool goes_to(const struct aw_flow *flow, size_t run, struct aw_how how)
{
    if (how.hidden != AW_HIDDEN_NONE)
        return run == AW_FLOW_HIDDEN;
    if (run == AW_FLOW_WRITTEN)
        return flow->mixed;
    return run == AW_FLOW_SEEN && !flow->written;
}

/* Hidden pieces come from different places: a space keeps them apart. */
void aw_flow_text(struct aw_flow *flow, struct aw_how how, struct aw_str text)
{
    if (how.hidden == AW_HIDDEN_NONE)
        flow->runs[AW_FLOW_HIDDEN].space = true;
    if (how.hidden == AW_HIDDEN_NONE && !flow->written && !flow->mixed) {
        put_text(&flow->runs[AW_FLOW_SEEN], how, text); /* nearly all */
        return;
    }
    if (how.hidden == AW_HIDDEN_NONE && flow->written)
        begin_mixed(flow);
    for (size_t i = 0; i < AW_FLOW_RUNS; i++) {
        if (!goes_to(flow, i, how))
            continue;
        put_text(&flow->runs[i], how, text);
        flow->runs[i].written |= flow->written;
    }
}

void aw_flow_line(struct aw_flow *flow, struct aw_how how)
{
    for (size_t i = 0; i < AW_FLOW_RUNS; i++) {
        if (!goes_to(flow, i, how))
            continue;
        flow->runs[i].space = false;
        if (flow->runs[i].text.len > 0)
            aw_buf_putc(&flow->runs[i].text, '\n');
    }
}

void aw_flow_gap(struct aw_flow *flow)
{
    for (size_t i = 0; i < AW_FLOW_RUNS; i++)
        flow->runs[i].space |= flow->runs[i].after_link;
}

/* White space of Chinese pages at the ends of a block is layout as well. */
static bool is_blank(uint32_t cp)
{
    return (cp < 0x80 && aw_ascii_space((char)cp)) || cp == 0xA0 ||
           cp == 0x3000 || cp == 0x200B || cp == 0xFEFF;
}

static size_t blank_tail(struct aw_str text)
{
    size_t start = text.len - 1;
    size_t pos;

    while (start > 0 && ((unsigned char)text.ptr[start] & 0xC0) == 0x80)
        start--;
    pos = start;
    return is_blank(aw_utf8_next(text, &pos)) ? text.len - start : 0;
}

static struct aw_str trim(struct aw_str text)
{
    size_t pos = 0;
    size_t n;

    while (text.len > 0 && is_blank(aw_utf8_next(text, &pos))) {
        text = aw_str_sub(text, pos, text.len);
        pos = 0;
    }
    while (text.len > 0 && (n = blank_tail(text)) > 0)
        text.len -= n;
    return text;
}

static void add_block(struct aw_flow *flow, enum aw_block_kind kind,
                      struct aw_how how, struct aw_str text)
{
    size_t before = flow->doc->block_count;
    aw_rc rc;

    if (flow->rc != AW_OK)
        return;
    rc = aw_document_add_block(flow->doc, kind, how.hidden, trim(text),
                               flow->err);
    if (flow->doc->block_count > before)
        flow->doc->blocks[before].font_px = how.font_px;
    if (rc != AW_LIMIT)
        flow->rc = rc;
}

static enum aw_block_kind run_kind(const struct aw_flow_run *run)
{
    if (run->written)
        return AW_BLOCK_SCRIPT;
    if (run->linked && !run->unlinked)
        return AW_BLOCK_LINK;
    return run->heading ? AW_BLOCK_HEADING : AW_BLOCK_BODY;
}

static void end_run(struct aw_flow *flow, struct aw_flow_run *run)
{
    struct aw_how how = {0, run->hidden, run->font_px};

    if (flow->rc == AW_OK && run->text.rc != AW_OK)
        flow->rc = aw_buf_check(&run->text, flow->err);
    if (run->text.len > 0)
        add_block(flow, run_kind(run), how, aw_buf_str(&run->text));
    aw_buf_reset(&run->text);
    run->space = run->linked = run->unlinked = run->heading = false;
    run->after_link = run->written = false;
}

static void end_asides(struct aw_flow *flow)
{
    struct aw_str all = aw_buf_str(&flow->asides_text);
    size_t from = 0;

    if (flow->aside_count == 0 && flow->asides_text.rc == AW_OK)
        return;
    if (flow->rc == AW_OK)
        flow->rc = aw_buf_check(&flow->asides_text, flow->err);
    for (size_t i = 0; i < flow->aside_count; i++) {
        const struct aw_flow_aside *aside = &flow->asides[i];

        add_block(flow, aside->kind, aside->how,
                  aw_str_sub(all, from, aside->end - from));
        from = aside->end;
    }
    aw_buf_reset(&flow->asides_text);
    flow->aside_count = 0;
}

void aw_flow_end(struct aw_flow *flow)
{
    for (size_t i = 0; i < AW_FLOW_RUNS; i++)
        end_run(flow, &flow->runs[i]);
    flow->mixed = false;
    end_asides(flow);
}

void aw_flow_aside(struct aw_flow *flow, enum aw_block_kind kind,
                   struct aw_how how, struct aw_str text)
{
    size_t before;

    if (flow->aside_count == AW_FLOW_ASIDES_MAX)
        end_asides(flow);
    before = flow->asides_text.len;
    aw_flow_collapse(&flow->asides_text, text);
    if (flow->asides_text.len == before)
        return;
    flow->asides[flow->aside_count++] =
        (struct aw_flow_aside){kind, how, flow->asides_text.len};
}

aw_rc aw_flow_check(const struct aw_flow *flow)
{
    return flow->rc;
}

void aw_flow_collapse(struct aw_buf *out, struct aw_str text)
{
    size_t start = out->len;

    while (text.len > 0) {
        size_t n = 0;

        while (n < text.len && !aw_ascii_space(text.ptr[n]))
            n++;
        if (n > 0 && out->len > start)
            aw_buf_putc(out, ' ');
        aw_buf_append(out, text.ptr, n);
        while (n < text.len && aw_ascii_space(text.ptr[n]))
            n++;
        text = aw_str_sub(text, n, text.len);
    }
}
