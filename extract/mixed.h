/* mixed.h - pages whose pieces are in two charsets.
 *
 * A page put together from files of several hands may hold a piece of UTF-8
 * (an advertisement, a counter, a footer) between GB bytes, or the reverse. A
 * browser shows rubbish there; what was meant can still be read, as a run of
 * high bytes between ASCII tells by itself what it is in: Chinese in UTF-8 is
 * hardly ever GB18030 of everyday characters, and GB18030 hardly ever
 * well-formed UTF-8.
 */
#ifndef AW_EXTRACT_MIXED_H
#define AW_EXTRACT_MIXED_H

#include "base/str.h"

/* The shortest runs that are trusted, in bytes. */
#define AW_MIXED_UTF8_MIN 6
#define AW_MIXED_GB_MIN 4

struct aw_mixed_run {
    size_t start, end; /* bytes */
};

/* In bytes of GB18030 or Big5: the next run at or behind pos that is UTF-8.
 * False where there is none. */
bool aw_mixed_utf8(struct aw_str bytes, size_t pos, struct aw_mixed_run *run);

/* In bytes of UTF-8: is the run of high bytes around `bad`, back to `from` at
 * most, GB18030? Where not, run->end is all the same the end of the run, which
 * needs no second look. */
bool aw_mixed_gb(struct aw_str bytes, size_t from, size_t bad,
                 struct aw_mixed_run *run);

#endif
