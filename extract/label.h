/* label.h - the names that a page may give to its charset. (Encoding Standard,
 * 4.2)
 *
 * Every label of the standard by one table, with the encoding that browsers
 * read for it: gb2312 and gbk are gb18030, latin-1 is windows-1252. Others are
 * not known, whatever ICU knows beside: some of those can carry markup that a
 * reader of ASCII does not see.
 *
 * Here it parts from the standard: hz-gb-2312, iso-2022-cn and iso-2022-kr,
 * of which a browser shows one U+FFFD, are read as what they say, since their
 * text is looked through and not run; x-user-defined is windows-1252, as in a
 * meta tag.
 */
#ifndef AW_EXTRACT_LABEL_H
#define AW_EXTRACT_LABEL_H

#include "base/str.h"

#define AW_LABEL_MAX 40 /* bytes; no label is longer */

struct aw_encoding {
    const char *name; /* of the standard, in lower case */
    const char *icu;  /* ICU's converter for it */
};

/* White space around the label does not count, nor does its case. NULL: not
 * known. A name of an encoding is a label of it. */
const struct aw_encoding *aw_encoding_of(struct aw_str label);

#endif
