/* archive_info.h - what stands at the head of each archive file, whoever
 * writes it: the program, the format, and how far its clock can be trusted
 * (base/clock_check.h).
 */
#ifndef AW_CRAWLER_ARCHIVE_INFO_H
#define AW_CRAWLER_ARCHIVE_INFO_H

#include "base/buf.h"
#include "base/clock.h"

/* Appends fields of a warcinfo record, CRLF behind each. */
void aw_archive_info(struct aw_buf *out, const struct aw_clock *clock);

#endif
