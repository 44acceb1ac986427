/* The first line is the charset that HTTP states, or after "!" the one that is
 * forced; behind it are the bytes. */
#include "extract/charset.h"
#include "tests/fuzz/hold.h"

static void decode(struct aw_str bytes, const struct aw_charset *charset)
{
    struct aw_buf scratch;
    struct aw_str text = {0};
    struct aw_err err;

    aw_buf_init(&scratch, 4 * bytes.len + AW_CHARSET_ROOM);
    HOLD(aw_charset_decode(bytes, charset, &scratch, &text, &err) == AW_OK);
    hold_text(text, 4 * bytes.len + AW_CHARSET_ROOM);
    aw_buf_deinit(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str bytes = {(const char *)data, size};
    struct aw_charset_hints hints = {0};
    struct aw_charset charset;
    struct aw_str line;
    struct aw_err err;
    bool forced;

    if (!aw_str_split(&bytes, '\n', &line))
        return 0;
    forced = aw_str_starts(line, AW_STR("!"));
    if (forced)
        hints.forced = aw_str_sub(line, 1, line.len);
    else
        hints.http = line;
    if (aw_charset_decide(bytes, &hints, &charset, &err) == AW_OK)
        decode(bytes, &charset);
    else
        HOLD(forced);
    return 0;
}
