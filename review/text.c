#include "review/text.h"

#include "base/utf8.h"

static bool is_refused(uint32_t cp)
{
    static const uint32_t ranges[][2] = {{0x00, 0x1F},     {0x7F, 0x9F},
                                         {0x061C, 0x061C}, {0x200E, 0x200F},
                                         {0x2028, 0x202E}, {0x2066, 0x2069},
                                         {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (cp >= ranges[i][0] && cp <= ranges[i][1])
            return true;
    return false;
}

static aw_rc check(const char *name, struct aw_str text, size_t max,
                   bool lines, struct aw_err *err)
{
    size_t count = aw_utf8_count(text);

    if (!aw_utf8_valid(text))
        return aw_fail(err, AW_INVALID, "%s is not UTF-8", name);
    if (count > max)
        return aw_fail(err, AW_INVALID,
                       "%s has %zu characters: use %zu at most", name, count,
                       max);
    for (size_t pos = 0; pos < text.len;) {
        uint32_t cp = aw_utf8_next(text, &pos);

        if (is_refused(cp) && !(lines && cp == '\n'))
            return aw_fail(err, AW_INVALID,
                           "%s holds the control character U+%04X: take it "
                           "out",
                           name, (unsigned)cp);
    }
    return AW_OK;
}

aw_rc aw_written_check(const char *name, struct aw_str text, size_t max,
                       struct aw_err *err)
{
    return check(name, text, max, false, err);
}

aw_rc aw_written_check_lines(const char *name, struct aw_str text, size_t max,
                             struct aw_err *err)
{
    return check(name, text, max, true, err);
}
