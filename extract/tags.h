/* tags.h - what is known of HTML elements and attributes. (HTML Living
 * Standard, 13.2.4 and 15.3)
 *
 * Only what decides where a block of text ends, what hides it and which
 * element an end tag closes. Names are ASCII and of any case.
 */
#ifndef AW_EXTRACT_TAGS_H
#define AW_EXTRACT_TAGS_H

#include "base/str.h"

/* Elements that the reader of a page treats one by one. */
enum aw_tag_id {
    AW_TAG_OTHER,
    AW_TAG_A,
    AW_TAG_BASE,
    AW_TAG_BR,
    AW_TAG_FONT,
    AW_TAG_FRAME,
    AW_TAG_IMAGE, /* img, source */
    AW_TAG_INPUT,
    AW_TAG_LINK_REL, /* link */
    AW_TAG_META,
    AW_TAG_ROOT, /* html, head, body: never on the stack */
    AW_TAG_SCRIPT,
    AW_TAG_STYLE,
    AW_TAG_SVG_TEXT, /* text: a label in a drawing */
    AW_TAG_TITLE
};

enum aw_tag_flag {
    AW_TAG_BLOCK = 1 << 0,   /* begins and ends a block of text */
    AW_TAG_VOID = 1 << 1,    /* has no content and no end tag */
    AW_TAG_RAW = 1 << 2,     /* content runs up to its own end tag */
    AW_TAG_HEADING = 1 << 3, /* h1 to h6 */
    AW_TAG_HIDES = 1 << 4,   /* a visitor does not see the content */
    AW_TAG_PRE = 1 << 5,     /* white space counts */
    AW_TAG_SCOPE = 1 << 6,   /* end tags inside close nothing outside */
    AW_TAG_LINK = 1 << 7,    /* content is the text of a link */
    AW_TAG_TABLE = 1 << 8,   /* part of a table: closes through cells */
    AW_TAG_ENDLESS = 1 << 9  /* its content runs to the end of the page */
};

/* Elements that end without an end tag when a sibling begins. */
enum aw_tag_group {
    AW_GROUP_P = 1 << 0,
    AW_GROUP_LI = 1 << 1,
    AW_GROUP_DD = 1 << 2,
    AW_GROUP_OPTION = 1 << 3,
    AW_GROUP_CELL = 1 << 4,
    AW_GROUP_ROW = 1 << 5,
    AW_GROUP_ROWS = 1 << 6,
    AW_GROUP_TABLE = 1 << 7,
    AW_GROUP_LIST = 1 << 8,
    AW_GROUP_SELECT = 1 << 9,
    AW_GROUP_A = 1 << 10,
    AW_GROUP_HEADING = 1 << 11
};

struct aw_tag {
    const char *name; /* lower case */
    enum aw_tag_id id;
    unsigned flags;  /* of aw_tag_flag */
    unsigned group;  /* of aw_tag_group: what it is */
    unsigned closes; /* the groups that its start tag ends ... */
    unsigned stops;  /* ... up to one of these */
};

/* Where the names of each first letter begin in the table. */
struct aw_tag_index {
    uint8_t begins['z' - 'a' + 2];
};

void aw_tag_index_init(struct aw_tag_index *index);

/* Never NULL: an element that is not known gives one without flags. */
const struct aw_tag *aw_tag_find(const struct aw_tag_index *index,
                                 struct aw_str name);

/* Attributes that can hold text, links or what hides; sorted by name. */
#define AW_ATTR_LIST(X)           \
    X(ALT, "alt")                 \
    X(ARIA_LABEL, "aria-label")   \
    X(BACKGROUND, "background")   \
    X(BGCOLOR, "bgcolor")         \
    X(CHARSET, "charset")         \
    X(CLASS, "class")             \
    X(COLOR, "color")             \
    X(CONTENT, "content")         \
    X(DATA_HREF, "data-href")     \
    X(DATA_URL, "data-url")       \
    X(HEIGHT, "height")           \
    X(HIDDEN, "hidden")           \
    X(HREF, "href")               \
    X(HTTP_EQUIV, "http-equiv")   \
    X(ID, "id")                   \
    X(ITEMPROP, "itemprop")       \
    X(ITEMSCOPE, "itemscope")     \
    X(ITEMTYPE, "itemtype")       \
    X(LABEL, "label")             \
    X(MEDIA, "media")             \
    X(NAME, "name")               \
    X(ONCLICK, "onclick")         \
    X(PLACEHOLDER, "placeholder") \
    X(PROPERTY, "property")       \
    X(REL, "rel")                 \
    X(SIZE, "size")               \
    X(SRC, "src")                 \
    X(SRCDOC, "srcdoc")           \
    X(SRCSET, "srcset")           \
    X(STYLE, "style")             \
    X(SUMMARY, "summary")         \
    X(TEXT, "text")               \
    X(TITLE, "title")             \
    X(TYPE, "type")               \
    X(VALUE, "value")             \
    X(WIDTH, "width")

enum aw_attr_id {
#define X(id, name) AW_ATTR_##id,
    AW_ATTR_LIST(X)
#undef X
        AW_ATTR_COUNT
};

/* AW_ATTR_COUNT where the attribute is of no use. */
enum aw_attr_id aw_attr_find(struct aw_str name);

#endif
