#include "extract/label.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct aw_encoding encodings[] = {
    {"utf-8", "UTF-8"},
    {"ibm866", "ibm-866"},
    {"iso-8859-2", "iso-8859-2"},
    {"iso-8859-3", "iso-8859-3"},
    {"iso-8859-4", "iso-8859-4"},
    {"iso-8859-5", "iso-8859-5"},
    {"iso-8859-6", "iso-8859-6"},
    {"iso-8859-7", "iso-8859-7"},
    {"iso-8859-8", "iso-8859-8"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"iso-8859-10", "iso-8859-10"},
    {"iso-8859-13", "iso-8859-13"},
    {"iso-8859-14", "iso-8859-14"},
    {"iso-8859-15", "iso-8859-15"},
    {"iso-8859-16", "iso-8859-2"}, /* ICU has not got it: its nearest */
    {"koi8-r", "koi8-r"},
    {"koi8-u", "koi8-u"},
    {"macintosh", "macintosh"},
    {"windows-874", "windows-874"},
    {"windows-1250", "windows-1250"},
    {"windows-1251", "windows-1251"},
    {"windows-1252", "windows-1252"},
    {"windows-1253", "windows-1253"},
    {"windows-1254", "windows-1254"},
    {"windows-1255", "windows-1255"},
    {"windows-1256", "windows-1256"},
    {"windows-1257", "windows-1257"},
    {"windows-1258", "windows-1258"},
    {"x-mac-cyrillic", "x-mac-cyrillic"},
    {"gb18030", "gb18030"},
    {"big5", "Big5-HKSCS"},
    {"euc-jp", "euc-jp"},
    {"iso-2022-jp", "iso-2022-jp"},
    {"shift_jis", "windows-31j"},
    {"euc-kr", "windows-949"},
    {"iso-2022-kr", "iso-2022-kr"},
    {"iso-2022-cn", "iso-2022-cn"},
    {"iso-2022-cn-ext", "iso-2022-cn-ext"},
    {"hz-gb-2312", "HZ"},
    {"utf-16be", "utf-16be"},
    {"utf-16le", "utf-16le"},
};

enum {
    UTF_8, IBM866, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6,
    ISO_8859_7, ISO_8859_8, ISO_8859_8_I, ISO_8859_10, ISO_8859_13,
    ISO_8859_14, ISO_8859_15, ISO_8859_16, KOI8_R, KOI8_U, MACINTOSH,
    WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253,
    WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
    X_MAC_CYRILLIC, GB18030, BIG5, EUC_JP, ISO_2022_JP, SHIFT_JIS, EUC_KR,
    ISO_2022_KR, ISO_2022_CN, ISO_2022_CN_EXT, HZ_GB_2312, UTF_16BE, UTF_16LE,
};

/* Sorted by label: those of the standard, and a few more names of GBK and
 * Big5 that Chinese pages have. */
static const struct {
    const char *label;
    uint8_t encoding;
} labels[] = {
    {"866", IBM866}, {"ansi_x3.4-1968", WINDOWS_1252}, {"arabic", ISO_8859_6},
    {"ascii", WINDOWS_1252}, {"asmo-708", ISO_8859_6}, {"big-5", BIG5},
    {"big5", BIG5}, {"big5-hkscs", BIG5}, {"chinese", GB18030},
    {"cn-big5", BIG5}, {"cp1250", WINDOWS_1250}, {"cp1251", WINDOWS_1251},
    {"cp1252", WINDOWS_1252}, {"cp1253", WINDOWS_1253},
    {"cp1254", WINDOWS_1254}, {"cp1255", WINDOWS_1255},
    {"cp1256", WINDOWS_1256}, {"cp1257", WINDOWS_1257},
    {"cp1258", WINDOWS_1258}, {"cp819", WINDOWS_1252}, {"cp866", IBM866},
    {"cp936", GB18030}, {"cp950", BIG5}, {"csbig5", BIG5}, {"cseuckr", EUC_KR},
    {"cseucpkdfmtjapanese", EUC_JP}, {"csgb2312", GB18030},
    {"csibm866", IBM866}, {"csiso2022jp", ISO_2022_JP},
    {"csiso2022kr", ISO_2022_KR}, {"csiso58gb231280", GB18030},
    {"csiso88596e", ISO_8859_6}, {"csiso88596i", ISO_8859_6},
    {"csiso88598e", ISO_8859_8}, {"csiso88598i", ISO_8859_8_I},
    {"csisolatin1", WINDOWS_1252}, {"csisolatin2", ISO_8859_2},
    {"csisolatin3", ISO_8859_3}, {"csisolatin4", ISO_8859_4},
    {"csisolatin5", WINDOWS_1254}, {"csisolatin6", ISO_8859_10},
    {"csisolatin9", ISO_8859_15}, {"csisolatinarabic", ISO_8859_6},
    {"csisolatincyrillic", ISO_8859_5}, {"csisolatingreek", ISO_8859_7},
    {"csisolatinhebrew", ISO_8859_8}, {"cskoi8r", KOI8_R},
    {"csksc56011987", EUC_KR}, {"csmacintosh", MACINTOSH},
    {"csshiftjis", SHIFT_JIS}, {"csunicode", UTF_16LE},
    {"cyrillic", ISO_8859_5}, {"dos-874", WINDOWS_874},
    {"ecma-114", ISO_8859_6}, {"ecma-118", ISO_8859_7},
    {"elot_928", ISO_8859_7}, {"euc-cn", GB18030}, {"euc-jp", EUC_JP},
    {"euc-kr", EUC_KR}, {"gb-2312", GB18030}, {"gb18030", GB18030},
    {"gb2312", GB18030}, {"gb2312-80", GB18030}, {"gb_18030", GB18030},
    {"gb_2312", GB18030}, {"gb_2312-80", GB18030}, {"gbk", GB18030},
    {"greek", ISO_8859_7}, {"greek8", ISO_8859_7}, {"hebrew", ISO_8859_8},
    {"hz-gb-2312", HZ_GB_2312}, {"ibm819", WINDOWS_1252}, {"ibm866", IBM866},
    {"iso-10646-ucs-2", UTF_16LE}, {"iso-2022-cn", ISO_2022_CN},
    {"iso-2022-cn-ext", ISO_2022_CN_EXT}, {"iso-2022-jp", ISO_2022_JP},
    {"iso-2022-kr", ISO_2022_KR}, {"iso-8859-1", WINDOWS_1252},
    {"iso-8859-10", ISO_8859_10}, {"iso-8859-11", WINDOWS_874},
    {"iso-8859-13", ISO_8859_13}, {"iso-8859-14", ISO_8859_14},
    {"iso-8859-15", ISO_8859_15}, {"iso-8859-16", ISO_8859_16},
    {"iso-8859-2", ISO_8859_2}, {"iso-8859-3", ISO_8859_3},
    {"iso-8859-4", ISO_8859_4}, {"iso-8859-5", ISO_8859_5},
    {"iso-8859-6", ISO_8859_6}, {"iso-8859-6-e", ISO_8859_6},
    {"iso-8859-6-i", ISO_8859_6}, {"iso-8859-7", ISO_8859_7},
    {"iso-8859-8", ISO_8859_8}, {"iso-8859-8-e", ISO_8859_8},
    {"iso-8859-8-i", ISO_8859_8_I}, {"iso-8859-9", WINDOWS_1254},
    {"iso-ir-100", WINDOWS_1252}, {"iso-ir-101", ISO_8859_2},
    {"iso-ir-109", ISO_8859_3}, {"iso-ir-110", ISO_8859_4},
    {"iso-ir-126", ISO_8859_7}, {"iso-ir-127", ISO_8859_6},
    {"iso-ir-138", ISO_8859_8}, {"iso-ir-144", ISO_8859_5},
    {"iso-ir-148", WINDOWS_1254}, {"iso-ir-149", EUC_KR},
    {"iso-ir-157", ISO_8859_10}, {"iso-ir-58", GB18030},
    {"iso8859-1", WINDOWS_1252}, {"iso8859-10", ISO_8859_10},
    {"iso8859-11", WINDOWS_874}, {"iso8859-13", ISO_8859_13},
    {"iso8859-14", ISO_8859_14}, {"iso8859-15", ISO_8859_15},
    {"iso8859-2", ISO_8859_2}, {"iso8859-3", ISO_8859_3},
    {"iso8859-4", ISO_8859_4}, {"iso8859-5", ISO_8859_5},
    {"iso8859-6", ISO_8859_6}, {"iso8859-7", ISO_8859_7},
    {"iso8859-8", ISO_8859_8}, {"iso8859-9", WINDOWS_1254},
    {"iso88591", WINDOWS_1252}, {"iso885910", ISO_8859_10},
    {"iso885911", WINDOWS_874}, {"iso885913", ISO_8859_13},
    {"iso885914", ISO_8859_14}, {"iso885915", ISO_8859_15},
    {"iso88592", ISO_8859_2}, {"iso88593", ISO_8859_3},
    {"iso88594", ISO_8859_4}, {"iso88595", ISO_8859_5},
    {"iso88596", ISO_8859_6}, {"iso88597", ISO_8859_7},
    {"iso88598", ISO_8859_8}, {"iso88599", WINDOWS_1254},
    {"iso_8859-1", WINDOWS_1252}, {"iso_8859-15", ISO_8859_15},
    {"iso_8859-1:1987", WINDOWS_1252}, {"iso_8859-2", ISO_8859_2},
    {"iso_8859-2:1987", ISO_8859_2}, {"iso_8859-3", ISO_8859_3},
    {"iso_8859-3:1988", ISO_8859_3}, {"iso_8859-4", ISO_8859_4},
    {"iso_8859-4:1988", ISO_8859_4}, {"iso_8859-5", ISO_8859_5},
    {"iso_8859-5:1988", ISO_8859_5}, {"iso_8859-6", ISO_8859_6},
    {"iso_8859-6:1987", ISO_8859_6}, {"iso_8859-7", ISO_8859_7},
    {"iso_8859-7:1987", ISO_8859_7}, {"iso_8859-8", ISO_8859_8},
    {"iso_8859-8:1988", ISO_8859_8}, {"iso_8859-9", WINDOWS_1254},
    {"iso_8859-9:1989", WINDOWS_1254}, {"koi", KOI8_R}, {"koi8", KOI8_R},
    {"koi8-r", KOI8_R}, {"koi8-ru", KOI8_U}, {"koi8-u", KOI8_U},
    {"koi8_r", KOI8_R}, {"korean", EUC_KR}, {"ks_c_5601-1987", EUC_KR},
    {"ks_c_5601-1989", EUC_KR}, {"ksc5601", EUC_KR}, {"ksc_5601", EUC_KR},
    {"l1", WINDOWS_1252}, {"l2", ISO_8859_2}, {"l3", ISO_8859_3},
    {"l4", ISO_8859_4}, {"l5", WINDOWS_1254}, {"l6", ISO_8859_10},
    {"l9", ISO_8859_15}, {"latin1", WINDOWS_1252}, {"latin2", ISO_8859_2},
    {"latin3", ISO_8859_3}, {"latin4", ISO_8859_4}, {"latin5", WINDOWS_1254},
    {"latin6", ISO_8859_10}, {"logical", ISO_8859_8_I}, {"mac", MACINTOSH},
    {"macintosh", MACINTOSH}, {"ms932", SHIFT_JIS}, {"ms936", GB18030},
    {"ms950", BIG5}, {"ms_kanji", SHIFT_JIS}, {"shift-jis", SHIFT_JIS},
    {"shift_jis", SHIFT_JIS}, {"sjis", SHIFT_JIS},
    {"sun_eu_greek", ISO_8859_7}, {"tis-620", WINDOWS_874},
    {"ucs-2", UTF_16LE}, {"unicode", UTF_16LE}, {"unicode-1-1-utf-8", UTF_8},
    {"unicode11utf8", UTF_8}, {"unicode20utf8", UTF_8},
    {"unicodefeff", UTF_16LE}, {"unicodefffe", UTF_16BE},
    {"us-ascii", WINDOWS_1252}, {"utf-16", UTF_16LE}, {"utf-16be", UTF_16BE},
    {"utf-16le", UTF_16LE}, {"utf-8", UTF_8}, {"utf8", UTF_8},
    {"visual", ISO_8859_8}, {"windows-1250", WINDOWS_1250},
    {"windows-1251", WINDOWS_1251}, {"windows-1252", WINDOWS_1252},
    {"windows-1253", WINDOWS_1253}, {"windows-1254", WINDOWS_1254},
    {"windows-1255", WINDOWS_1255}, {"windows-1256", WINDOWS_1256},
    {"windows-1257", WINDOWS_1257}, {"windows-1258", WINDOWS_1258},
    {"windows-31j", SHIFT_JIS}, {"windows-874", WINDOWS_874},
    {"windows-936", GB18030}, {"windows-949", EUC_KR}, {"windows-950", BIG5},
    {"x-cp1250", WINDOWS_1250}, {"x-cp1251", WINDOWS_1251},
    {"x-cp1252", WINDOWS_1252}, {"x-cp1253", WINDOWS_1253},
    {"x-cp1254", WINDOWS_1254}, {"x-cp1255", WINDOWS_1255},
    {"x-cp1256", WINDOWS_1256}, {"x-cp1257", WINDOWS_1257},
    {"x-cp1258", WINDOWS_1258}, {"x-euc-jp", EUC_JP}, {"x-gbk", GB18030},
    {"x-mac-cyrillic", X_MAC_CYRILLIC}, {"x-mac-roman", MACINTOSH},
    {"x-mac-ukrainian", X_MAC_CYRILLIC}, {"x-sjis", SHIFT_JIS},
    {"x-unicode20utf8", UTF_8}, {"x-user-defined", WINDOWS_1252},
    {"x-x-big5", BIG5},
};
/* clang-format on */

static int by_label(const void *key, const void *row)
{
    return strcmp(key, *(const char *const *)row);
}

const struct aw_encoding *aw_encoding_of(struct aw_str label)
{
    char lower[AW_LABEL_MAX + 1];
    const void *row;
    size_t at;

    label = aw_str_trim(label);
    if (label.len > AW_LABEL_MAX)
        return NULL;
    for (size_t i = 0; i < label.len; i++)
        lower[i] = aw_ascii_lower(label.ptr[i]);
    lower[label.len] = '\0';
    row = bsearch(lower, labels, sizeof labels / sizeof labels[0],
                  sizeof labels[0], by_label);
    if (!row)
        return NULL;
    at = ((size_t)row - (size_t)labels) / sizeof labels[0];
    return &encodings[labels[at].encoding];
}
