/* extract.h - bytes in, document out; runs inside a reader process.
 *
 * All input is hostile. Bytes are decoded to UTF-8 first (charset.h), then
 * cut into tags and text by a tokenizer of our own (token.h); the tests hold
 * it against libxml2. A page is read whole: hidden text, attributes, JSON-LD
 * and link texts too, each marked with where it stood.
 */
#ifndef AW_EXTRACT_EXTRACT_H
#define AW_EXTRACT_EXTRACT_H

#include "base/document.h"
#include "extract/ocr.h"

#define AW_EXTRACT_BYTES_MAX ((size_t)16 << 20) /* decoded body, bytes */

/* What is asked for: a document and its verdict, or (show.h) what a person
 * may look at. */
enum aw_show {
    AW_SHOW_NONE,
    AW_SHOW_BLOCKS, /* the document, with its texts */
    AW_SHOW_SOURCE, /* the text as it was written */
    AW_SHOW_PAGE,   /* HTML to look at: replay.h */
    AW_SHOW_DOM,    /* the same, of HTML that a browser wrote */
    AW_SHOW_STYLE,  /* CSS for these */
    AW_SHOW_PARTS,  /* HTML that names all that the page loads */
    AW_SHOW_COUNT
};

struct aw_extract_input {
    struct aw_str url;              /* for links; may be empty */
    struct aw_str content_type;     /* of HTTP, or empty: sniffed */
    struct aw_str content_encoding; /* inflate.h; empty: as is */
    struct aw_str charset;          /* forced by --charset, or empty */
    struct aw_str agent;   /* product token whose meta tag counts, or empty */
    struct aw_str mapping; /* of a store's JSON (mapping.h), or empty */
    bool sitemap;          /* asked for as one: plain text is a list of URLs */
    enum aw_channel channel;
    struct aw_str bytes;
    /* Of content_encoding. 0: AW_EXTRACT_BYTES_MAX, which is the most, and
     * AW_INFLATE_RATIO_MAX. */
    int64_t decoded_max, ratio_max;
    /* Bytes of what is to be read, codings undone; 0: any. What is longer is
     * left for who has more time: aw_extract gives AW_BUSY, soon. */
    int64_t quick_max;
    struct aw_ocr *ocr; /* for images; NULL: nothing is read from them */
    enum aw_show show;  /* of a reader; aw_extract does not look at it */
};

enum aw_extract_type {
    AW_EXTRACT_HTML,
    AW_EXTRACT_TEXT,    /* plain text, OCR text: by channel */
    AW_EXTRACT_LISTING, /* Apple's JSON, or any where there is a mapping */
    AW_EXTRACT_SITEMAP, /* XML that lists URLs, feeds too */
    AW_EXTRACT_READY,   /* JSON of what other OCR read: ready.h */
    AW_EXTRACT_IMAGE,   /* PNG, JPEG, WebP, TIFF, PDF: image.h */
    AW_EXTRACT_URLS,    /* plain text asked for as a sitemap */
    AW_EXTRACT_NONE     /* nothing that holds text for us */
};

/* What the input is, by Content-Type, and where that is empty or general
 * (text/plain, application/octet-stream) by its first bytes. XML with the root
 * of a sitemap is one whatever its Content-Type, also as a gzip file
 * (sitemap.xml.gz); of what else is packed so nothing is read. Images are told
 * by their bytes, whatever their Content-Type. */
enum aw_extract_type aw_extract_sniff(const struct aw_extract_input *input);

/* Fills doc, which the caller has initialised with input->channel (a listing
 * sets it to AW_CHANNEL_APP). Content-Encoding is undone up to
 * decoded_max (of a sitemap AW_SITEMAP_BYTES_MAX, sitemap.h) and ratio_max;
 * what is longer is cut there, not refused, and doc->note says so. Of the
 * limits of a document (blocks, links) the first ones are kept. AW_BUSY: it is
 * longer than quick_max. */
aw_rc aw_extract(const struct aw_extract_input *input, struct aw_document *doc,
                 struct aw_err *err) AW_MUST_USE;

#endif
