#include "crawler/archive_info.h"

#include "base/clock_check.h"

void aw_archive_info(struct aw_buf *out, const struct aw_clock *clock)
{
    struct aw_clock_check check;

    aw_buf_puts(out, "software: adwatch " AW_VERSION "\r\n"
                     "format: WARC File Format 1.1\r\n");
    aw_clock_check(clock, &check);
    aw_clock_check_fields(out, &check);
}
