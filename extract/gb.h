/* gb.h - GB18030 to UTF-8, for nearly all of it.
 *
 * Chinese pages in GB bytes are ASCII and pairs of bytes. These are read here
 * by a table, which is made from ICU's converter when the program is built
 * (gen/gb_gen.c); four bytes, and bytes that are none, are left to ICU.
 */
#ifndef AW_EXTRACT_GB_H
#define AW_EXTRACT_GB_H

#include "base/buf.h"

#define AW_GB_LEADS 126  /* 81 to FE */
#define AW_GB_TRAILS 190 /* 40 to FE, without 7F */

extern const uint16_t aw_gb_table[AW_GB_LEADS][AW_GB_TRAILS]; /* 0: none */

/* Appends bytes from pos on as UTF-8, up to what is left to ICU. Returns where
 * that is, or bytes.len; also where out has no room, and its rc tells. */
size_t aw_gb_decode(struct aw_str bytes, size_t pos, struct aw_buf *out);

#endif
