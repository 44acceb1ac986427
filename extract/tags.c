#include "extract/tags.h"

#define BLOCK AW_TAG_BLOCK
#define VOID AW_TAG_VOID
#define RAW AW_TAG_RAW
#define HIDES AW_TAG_HIDES
#define PRE AW_TAG_PRE
#define SCOPE AW_TAG_SCOPE
#define TABLE AW_TAG_TABLE
#define G(name) AW_GROUP_##name
#define HEAD(n)                                                          \
    {                                                                    \
        n, AW_TAG_OTHER, BLOCK | AW_TAG_HEADING, G(HEADING), G(HEADING), \
            G(TABLE)                                                     \
    }
#define ROWS(n)                                                              \
    {                                                                        \
        n, AW_TAG_OTHER, BLOCK | TABLE, G(ROWS), G(CELL) | G(ROW) | G(ROWS), \
            G(TABLE)                                                         \
    }
#define CELL(n)                                                   \
    {                                                             \
        n, AW_TAG_OTHER, BLOCK | SCOPE | TABLE, G(CELL), G(CELL), \
            G(ROW) | G(TABLE)                                     \
    }
#define PLAIN(n, flags)                 \
    {                                   \
        n, AW_TAG_OTHER, flags, 0, 0, 0 \
    }
#define OWN(n, id, flags)     \
    {                         \
        n, id, flags, 0, 0, 0 \
    }

/* Sorted by name. */
static const struct aw_tag tags[] = {
    {"a", AW_TAG_A, AW_TAG_LINK, G(A), G(A), G(CELL) | G(TABLE)},
    PLAIN("address", BLOCK),
    PLAIN("applet", SCOPE),
    OWN("area", AW_TAG_A, VOID),
    PLAIN("article", BLOCK),
    PLAIN("aside", BLOCK),
    OWN("base", AW_TAG_BASE, VOID),
    PLAIN("blockquote", BLOCK),
    OWN("body", AW_TAG_ROOT, BLOCK),
    OWN("br", AW_TAG_BR, VOID),
    PLAIN("button", BLOCK | SCOPE),
    PLAIN("caption", BLOCK | SCOPE | TABLE),
    PLAIN("card", BLOCK), /* of WML, as is go */
    PLAIN("center", BLOCK),
    PLAIN("col", VOID),
    {"dd", AW_TAG_OTHER, BLOCK, G(DD), G(DD), G(LIST) | G(TABLE)},
    PLAIN("desc", HIDES), /* of SVG, as is metadata */
    PLAIN("details", BLOCK),
    PLAIN("dialog", BLOCK),
    {"dir", AW_TAG_OTHER, BLOCK, G(LIST), 0, 0},
    PLAIN("div", BLOCK),
    {"dl", AW_TAG_OTHER, BLOCK, G(LIST), 0, 0},
    {"dt", AW_TAG_OTHER, BLOCK, G(DD), G(DD), G(LIST) | G(TABLE)},
    PLAIN("embed", VOID),
    PLAIN("fieldset", BLOCK),
    PLAIN("figcaption", BLOCK),
    PLAIN("figure", BLOCK),
    OWN("font", AW_TAG_FONT, 0),
    PLAIN("footer", BLOCK),
    PLAIN("form", BLOCK),
    OWN("frame", AW_TAG_FRAME, VOID | BLOCK),
    PLAIN("frameset", BLOCK),
    OWN("go", AW_TAG_A, 0),
    HEAD("h1"),
    HEAD("h2"),
    HEAD("h3"),
    HEAD("h4"),
    HEAD("h5"),
    HEAD("h6"),
    OWN("head", AW_TAG_ROOT, BLOCK),
    PLAIN("header", BLOCK),
    PLAIN("hgroup", BLOCK),
    PLAIN("hr", VOID | BLOCK),
    OWN("html", AW_TAG_ROOT, BLOCK),
    OWN("iframe", AW_TAG_FRAME, BLOCK | HIDES),
    OWN("img", AW_TAG_IMAGE, VOID),
    OWN("input", AW_TAG_INPUT, VOID),
    PLAIN("legend", BLOCK),
    {"li", AW_TAG_OTHER, BLOCK, G(LI), G(LI), G(LIST) | G(TABLE)},
    OWN("link", AW_TAG_LINK_REL, VOID),
    PLAIN("listing", BLOCK | PRE),
    PLAIN("main", BLOCK),
    PLAIN("marquee", BLOCK | SCOPE),
    {"menu", AW_TAG_OTHER, BLOCK, G(LIST), 0, 0},
    OWN("meta", AW_TAG_META, VOID),
    PLAIN("metadata", HIDES),
    PLAIN("nav", BLOCK),
    PLAIN("noembed", BLOCK | HIDES),
    PLAIN("noframes", BLOCK | HIDES),
    PLAIN("noscript", BLOCK | HIDES),
    PLAIN("object", SCOPE),
    {"ol", AW_TAG_OTHER, BLOCK, G(LIST), 0, 0},
    {"optgroup", AW_TAG_OTHER, BLOCK, G(OPTION), G(OPTION), G(SELECT)},
    {"option", AW_TAG_OTHER, BLOCK, G(OPTION), G(OPTION), G(SELECT)},
    {"p", AW_TAG_OTHER, BLOCK, G(P), 0, 0},
    PLAIN("param", VOID),
    PLAIN("plaintext", BLOCK | RAW | PRE | AW_TAG_ENDLESS),
    PLAIN("pre", BLOCK | PRE),
    OWN("script", AW_TAG_SCRIPT, RAW),
    PLAIN("section", BLOCK),
    {"select", AW_TAG_OTHER, BLOCK | SCOPE, G(SELECT), 0, 0},
    OWN("source", AW_TAG_IMAGE, VOID),
    OWN("style", AW_TAG_STYLE, RAW),
    PLAIN("summary", BLOCK),
    {"table", AW_TAG_OTHER, BLOCK | SCOPE | TABLE, G(TABLE), 0, 0},
    ROWS("tbody"),
    CELL("td"),
    PLAIN("template", BLOCK | HIDES | SCOPE),
    OWN("text", AW_TAG_SVG_TEXT, 0),
    PLAIN("textarea", BLOCK | RAW | PRE),
    ROWS("tfoot"),
    CELL("th"),
    ROWS("thead"),
    OWN("title", AW_TAG_TITLE, RAW),
    {"tr", AW_TAG_OTHER, BLOCK | TABLE, G(ROW), G(CELL) | G(ROW), G(TABLE)},
    PLAIN("track", VOID),
    {"ul", AW_TAG_OTHER, BLOCK, G(LIST), 0, 0},
    PLAIN("wbr", VOID),
    PLAIN("xmp", BLOCK | RAW | PRE),
};

static const struct aw_tag unknown = PLAIN("", 0);

/* text in lower case against name, which ends with a NUL; text may hold
 * some. */
static int compare(struct aw_str text, const char *name)
{
    for (size_t i = 0; i < text.len; i++) {
        int order = (unsigned char)aw_ascii_lower(text.ptr[i]) -
                    (unsigned char)name[i];

        if (order != 0 || name[i] == '\0')
            return order != 0 ? order : 1;
    }
    return -(unsigned char)name[text.len];
}

#define TAG_COUNT (sizeof tags / sizeof tags[0])

void aw_tag_index_init(struct aw_tag_index *index)
{
    size_t i = 0;

    _Static_assert(TAG_COUNT <= UINT8_MAX, "more tags than the index counts");
    for (size_t letter = 0; letter < sizeof index->begins; letter++) {
        while (i < TAG_COUNT && (size_t)(tags[i].name[0] - 'a') < letter)
            i++;
        index->begins[letter] = (uint8_t)i;
    }
}

const struct aw_tag *aw_tag_find(const struct aw_tag_index *index,
                                 struct aw_str name)
{
    size_t letter =
        name.len > 0 ? (size_t)(aw_ascii_lower(name.ptr[0]) - 'a') : SIZE_MAX;
    size_t low, high;

    if (letter > 'z' - 'a')
        return &unknown;
    low = index->begins[letter];
    high = index->begins[letter + 1];
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare(name, tags[middle].name);

        if (order == 0)
            return &tags[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return &unknown;
}

enum aw_attr_id aw_attr_find(struct aw_str name)
{
    static const char *const names[] = {
#define X(id, text) text,
        AW_ATTR_LIST(X)
#undef X
    };
    int low = 0;
    int high = AW_ATTR_COUNT;

    while (low < high) {
        int middle = (low + high) / 2;
        int order = compare(name, names[middle]);

        if (order == 0)
            return (enum aw_attr_id)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return AW_ATTR_COUNT;
}
