/* document.h - what was read: the one type that crosses from crawling to
 * classifying, for every channel.
 *
 * A document is a list of text blocks in reading order, each with where it
 * came from, plus links and the parties named in it. Texts are well-formed
 * UTF-8. Everything in it lives in its own arena: aw_document_deinit drops it
 * at once. Whoever makes documents (a page, a listing, a poster's OCR, a text
 * message) makes this, and nothing behind it changes.
 */
#ifndef AW_BASE_DOCUMENT_H
#define AW_BASE_DOCUMENT_H

#include "base/app.h"
#include "base/arena.h"

#define AW_DOCUMENT_ARENA_MAX ((size_t)256 << 20) /* bytes, all of it */
#define AW_DOCUMENT_BLOCKS_MAX 200000
#define AW_DOCUMENT_LINKS_MAX 50000
#define AW_DOCUMENT_PARTIES_MAX 2000
#define AW_DOCUMENT_URL_MAX 2048 /* bytes; longer links are dropped */
#define AW_DOCUMENT_DIGEST_LEN 64

#define AW_CHANNEL_LIST(X) \
    X(WEB, "web")          \
    X(POSTER, "poster")    \
    X(APP, "app")          \
    X(SMS, "sms")          \
    X(CALL, "call")        \
    X(SEMINAR, "seminar")

enum aw_channel {
#define X(name, text) AW_CHANNEL_##name,
    AW_CHANNEL_LIST(X)
#undef X
        AW_CHANNEL_COUNT
};

/* Where a block's text stood. */
#define AW_BLOCK_KIND_LIST(X)                                           \
    X(TITLE, "title")                                                   \
    X(HEADING, "heading")                                               \
    X(BODY, "body")                                                     \
    X(LINK, "link")           /* text that is nothing but links */      \
    X(META, "meta")           /* description, keywords, OpenGraph */    \
    X(ATTRIBUTE, "attribute") /* alt, title, aria-label, placeholder */ \
    X(JSONLD, "json-ld")                                                \
    X(SCRIPT, "script")   /* what a script writes into the page */      \
    X(STATE, "state")     /* JSON that a script shows later */          \
    X(LISTING, "listing") /* a field of an app store's listing */       \
    X(REVIEW, "review")   /* what a user of an app wrote of it */       \
    X(OCR, "ocr")                                                       \
    X(MESSAGE, "message") /* text message, transcript, note */

enum aw_block_kind {
#define X(name, text) AW_BLOCK_##name,
    AW_BLOCK_KIND_LIST(X)
#undef X
        AW_BLOCK_KIND_COUNT
};

/* Why a visitor would not see a text. NONE is 0: it is seen. */
#define AW_HIDDEN_LIST(X)                                                 \
    X(NONE, "")                                                           \
    X(ELEMENT, "element")     /* template, noscript, meta: never shown */ \
    X(ATTRIBUTE, "attribute") /* hidden, type=hidden */                   \
    X(DISPLAY, "display")     /* display: none */                         \
    X(VISIBILITY, "visibility")                                           \
    X(OPACITY, "opacity")                                                 \
    X(SIZE, "size")     /* of its font or its box */                      \
    X(COLOUR, "colour") /* transparent, or that of the background */      \
    X(OFFSCREEN, "off-screen")                                            \
    X(CLIP, "clip")

enum aw_hidden {
#define X(name, text) AW_HIDDEN_##name,
    AW_HIDDEN_LIST(X)
#undef X
        AW_HIDDEN_COUNT
};

#define AW_PARTY_KIND_LIST(X)                                           \
    X(NAME, "names")                                                    \
    X(USCC, "uscc") /* unified social credit code, check digit right */ \
    X(ICP, "icp")   /* ICP filing number */                             \
    X(PSB, "psb")   /* public security filing number */                 \
    X(PHONE, "phones")                                                  \
    X(WECHAT, "wechat")                                                 \
    X(QQ, "qq")                                                         \
    X(DEVELOPER, "developers")                                          \
    X(ADDRESS, "addresses") /* postal */                                \
    X(DOMAIN, "domains")    /* registrable; its own and those written out */

enum aw_party_kind {
#define X(name, text) AW_PARTY_##name,
    AW_PARTY_KIND_LIST(X)
#undef X
        AW_PARTY_KIND_COUNT
};

/* How a document names another one. */
#define AW_LINK_KIND_LIST(X)                                           \
    X(LINK, "link")           /* a, area */                            \
    X(EMBEDDED, "embedded")   /* frame, refresh: part of it as seen */ \
    X(IMAGE, "image")         /* img, source; nofollow: a small one */ \
    X(TEXT, "text")           /* written out in visible text */        \
    X(SCRIPT, "script")       /* plain onclick, data-href */           \
    X(DATA, "data")           /* JSON-LD */                            \
    X(SITEMAP, "sitemap")     /* entry of a sitemap or feed */         \
    X(ALTERNATE, "alternate") /* link rel=alternate, next, prev */

enum aw_link_kind {
#define X(name, text) AW_LINK_##name,
    AW_LINK_KIND_LIST(X)
#undef X
        AW_LINK_KIND_COUNT
};

/* What a document is to discovery: a page, or a list of URLs. */
#define AW_SITEMAP_KIND_LIST(X)                               \
    X(NONE, "")                                               \
    X(URLSET, "urlset")                                       \
    X(INDEX, "index") /* its links are sitemaps themselves */ \
    X(FEED, "feed")   /* RSS 2.0, RSS 1.0 (RDF), Atom */      \
    X(LINES, "text")  /* a URL on each line */

enum aw_sitemap_kind {
#define X(name, text) AW_SITEMAP_##name,
    AW_SITEMAP_KIND_LIST(X)
#undef X
        AW_SITEMAP_KIND_COUNT
};

/* Where on an image a block's text was read, and how surely. */
struct aw_region {
    int page;       /* of a file of several, from 1 on; 0: there is but one */
    int x, y, w, h; /* pixels of the image as it came; w 0: not known */
    int confidence; /* 0 to 100; below 0: not known */
};

#define AW_REGION_SIDE_MAX 1000000 /* pixels */
#define AW_REGION_PAGE_MAX 10000

struct aw_block {
    enum aw_block_kind kind;
    enum aw_hidden hidden; /* why a visitor would not see it */
    uint16_t font_px;      /* as the page states it; 0: it does not */
    struct aw_str text;
    struct aw_str frame; /* the address of the frame that it stood in, as far
                          * as that is known, or empty: the page itself */
    struct aw_region region;
};

struct aw_link {
    struct aw_str url; /* absolute, without fragment; not yet canonical */
    bool nofollow;
    enum aw_link_kind kind;
    int64_t lastmod_ms; /* of a sitemap's entry, wall time; 0: not known */
};

struct aw_party {
    enum aw_party_kind kind;
    struct aw_str value;
    size_t block;      /* index into blocks */
    size_t start, end; /* code points in that block; 0, 0: not in its text */
};

struct aw_document {
    struct aw_arena arena;
    enum aw_channel channel;
    struct aw_str id;          /* of the input line, or empty */
    struct aw_str url;         /* or empty */
    struct aw_str charset;     /* "gb18030", "utf-8"; empty: not known */
    struct aw_str charset_why; /* "http", "meta", "bom", "detected" ... */
    struct aw_str title;
    struct aw_str note;        /* why not all of it was read, or empty */
    bool nofollow;             /* meta robots: follow none of its links */
    struct aw_str canonical;   /* link rel=canonical, absolute; or empty */
    struct aw_str text_digest; /* extract/digest.h; or empty */
    enum aw_sitemap_kind sitemap;
    bool links_cut; /* it has more links than are kept */
    size_t scripts; /* elements that run code; beyond UINT16_MAX: so many */
    struct aw_str frame; /* of the blocks that are added from now on */
    struct aw_block *blocks;
    size_t block_count, block_cap;
    struct aw_link *links;
    size_t link_count, link_cap;
    struct aw_party *parties;
    size_t party_count, party_cap;
    struct aw_app *apps; /* of a listing */
    size_t app_count, app_cap;
};

void aw_document_init(struct aw_document *doc, enum aw_channel channel);
void aw_document_deinit(struct aw_document *doc);

/* Adds a copy of text, in doc->frame, which must live as long as the document;
 * an empty text adds nothing and is AW_OK. Beyond
 * AW_DOCUMENT_BLOCKS_MAX (links, parties likewise): AW_LIMIT. */
aw_rc aw_document_add_block(struct aw_document *doc, enum aw_block_kind kind,
                            enum aw_hidden hidden, struct aw_str text,
                            struct aw_err *err) AW_MUST_USE;
/* The same for text that was read from an image: a block of kind OCR. A place
 * that no image has (a side below 0, above AW_REGION_SIDE_MAX) becomes "not
 * known". */
aw_rc aw_document_add_region(struct aw_document *doc, struct aw_str text,
                             struct aw_region region,
                             struct aw_err *err) AW_MUST_USE;
aw_rc aw_document_add_link(struct aw_document *doc, struct aw_link link,
                           struct aw_err *err) AW_MUST_USE;
aw_rc aw_document_add_party(struct aw_document *doc, struct aw_party party,
                            struct aw_err *err) AW_MUST_USE;

/* Adds a copy of the app, within the limits of app.h; one whose key is known
 * already adds nothing. */
aw_rc aw_document_add_app(struct aw_document *doc, const struct aw_app *app,
                          struct aw_err *err) AW_MUST_USE;

/* Is it text that a visitor reads? Neither hidden, nor meta, attribute,
 * JSON-LD, script or state. */
bool aw_block_visible(const struct aw_block *block);

const char *aw_channel_name(enum aw_channel channel);
const char *aw_block_kind_name(enum aw_block_kind kind);
const char *aw_hidden_name(enum aw_hidden hidden);
const char *aw_party_kind_name(enum aw_party_kind kind);
const char *aw_link_kind_name(enum aw_link_kind kind);
const char *aw_sitemap_kind_name(enum aw_sitemap_kind kind);

/* False where name is none. */
bool aw_channel_parse(struct aw_str name, enum aw_channel *out);
bool aw_link_kind_parse(struct aw_str name, enum aw_link_kind *out);
bool aw_sitemap_kind_parse(struct aw_str name, enum aw_sitemap_kind *out);

#endif
