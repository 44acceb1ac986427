/* charset.h - which charset are these bytes in, and what do they say?
 *
 * The answer is taken from, in this order: what the caller forces, a byte
 * order mark, HTTP, a meta tag (in the first 1024 bytes as the standard has
 * it, or further in), an XML declaration, the bytes themselves. Declarations
 * are not trusted: where the bytes speak clearly against one it is corrected
 * (a page that says gb2312 and is UTF-8, and the reverse). Labels mean what
 * they mean to browsers (label.h): gb2312 and gbk are read as GB18030, big5 as
 * Big5-HKSCS, latin-1 as windows-1252.
 *
 * Bad bytes become U+FFFD and nothing stops there; NULs and a byte order mark
 * are dropped.
 */
#ifndef AW_EXTRACT_CHARSET_H
#define AW_EXTRACT_CHARSET_H

#include "base/buf.h"

#define AW_CHARSET_NAME_MAX 41 /* with the NUL */

/* Room that decoding wants beyond the text, in bytes. */
#define AW_CHARSET_ROOM ((size_t)16 * 1024)

/* How far into the bytes a meta tag is looked for. */
#define AW_CHARSET_META_MAX ((size_t)256 * 1024)

struct aw_charset {
    char name[AW_CHARSET_NAME_MAX]; /* lower case: "utf-8", "gb18030" */
    const char *why; /* forced, bom, http, meta, xml, detected, corrected */
    bool utf8;       /* the bytes are known to be well-formed UTF-8 */
};

struct aw_charset_hints {
    struct aw_str forced; /* or empty */
    struct aw_str http;   /* charset parameter of Content-Type, or empty */
};

/* What bytes are in. AW_INVALID only where the forced name is not known. */
aw_rc aw_charset_decide(struct aw_str bytes,
                        const struct aw_charset_hints *hints,
                        struct aw_charset *out,
                        struct aw_err *err) AW_MUST_USE;

/* The bytes that were decided about as well-formed UTF-8 without NULs. *text
 * is a view of bytes where they are that already, else of scratch, which must
 * be empty and may become four times as long as bytes, and AW_CHARSET_ROOM. */
aw_rc aw_charset_decode(struct aw_str bytes, const struct aw_charset *charset,
                        struct aw_buf *scratch, struct aw_str *text,
                        struct aw_err *err) AW_MUST_USE;

/* The value of "charset=" in a Content-Type, or the empty view. */
struct aw_str aw_charset_param(struct aw_str content_type);

#endif
