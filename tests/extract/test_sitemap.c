#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "extract/extract.h"
#include "extract/mend.h"
#include "extract/moment.h"
#include "extract/sitemap.h"

#define SLOW_MS 20000 /* under sanitizers, on a busy machine */
#define MUTATIONS 4000
#define DAY_MS INT64_C(86400000)
#define DAY_2026 INT64_C(1767225600000) /* date -d 2026-01-01Z +%s */

static struct aw_document doc;
static struct aw_err err;
static struct aw_buf text;

static int setup(void **state)
{
    (void)state;
    aw_buf_init(&text, (size_t)128 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    aw_buf_deinit(&text);
    return 0;
}

static aw_rc extract(const struct aw_extract_input *input)
{
    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    return aw_extract(input, &doc, &err);
}

static void read_as(const char *type, struct aw_str bytes)
{
    struct aw_extract_input input = {.url = AW_STR("http://a.example/s.xml"),
                                     .content_type = aw_str_of(type),
                                     .bytes = bytes};

    if (extract(&input) != AW_OK)
        fail_msg("%s", err.msg);
}

static void read_map(const char *xml)
{
    read_as("application/xml", aw_str_of(xml));
}

static void assert_entry(size_t n, const char *url, int64_t lastmod_ms)
{
    assert_true(n < doc.link_count);
    assert_string_equal(doc.links[n].url.ptr, url);
    assert_int_equal(doc.links[n].kind, AW_LINK_SITEMAP);
    assert_int_equal(doc.links[n].lastmod_ms, lastmod_ms);
}

static void assert_map(enum aw_sitemap_kind kind, size_t links)
{
    assert_string_equal(aw_sitemap_kind_name(doc.sitemap),
                        aw_sitemap_kind_name(kind));
    assert_int_equal(doc.link_count, links);
    assert_false(doc.links_cut);
}

/* --- what sitemaps.org's page shows, with values of our own --- */

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define URLSET "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">"
#define ONE_URL                                                       \
    "<url><loc>http://a.example/p</loc><lastmod>2026-01-01</lastmod>" \
    "<changefreq>monthly</changefreq><priority>0.8</priority></url>"

static void a_urlset_gives_its_entries_with_lastmod(void **state)
{
    (void)state;
    read_map(XML URLSET ONE_URL
             "<url>\n <loc>\n http://a.example/catalog?item=12&amp;d=1\n</loc>"
             "<changefreq>weekly</changefreq></url>"
             "<url><loc>http://a.example/c</loc>"
             "<lastmod>2026-01-02T18:00:15+00:00</lastmod></url>"
             "<url><lastmod>2026-01-01</lastmod></url></urlset>");
    assert_map(AW_SITEMAP_URLSET, 3);
    assert_entry(0, "http://a.example/p", DAY_2026);
    assert_entry(1, "http://a.example/catalog?item=12&d=1", 0);
    assert_entry(2, "http://a.example/c",
                 DAY_2026 + DAY_MS + 18 * 3600000 + 15000);
    assert_int_equal(doc.block_count, 0);
    assert_int_equal(doc.text_digest.len, 0);
}

static void an_index_gives_its_sitemaps(void **state)
{
    (void)state;
    read_map(XML "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/"
                 "sitemap/0.9\"><sitemap><loc>http://a.example/1.xml.gz</loc>"
                 "<lastmod>2026-01-02T08:00:00+08:00</lastmod></sitemap>"
                 "<sitemap><loc>http://a.example/2.xml</loc></sitemap>"
                 "</sitemapindex>");
    assert_map(AW_SITEMAP_INDEX, 2);
    assert_entry(0, "http://a.example/1.xml.gz", DAY_2026 + DAY_MS);
    assert_entry(1, "http://a.example/2.xml", 0);
}

static void escaped_and_non_ascii_urls_are_read(void **state)
{
    (void)state;
    read_map(URLSET "<url><loc>http://a.example/%C3%BCmlat.php&amp;q=n&apos;&"
                    "quot;&gt;&lt;&#38;&#x26;</loc></url>"
                    "<url><loc>http://a.example/葱?q=葱</loc></url>"
                    "<url><loc><![CDATA[http://a.example/c?a=1&b=<2]]></loc>"
                    "</url></urlset>");
    assert_entry(0, "http://a.example/%C3%BCmlat.php&q=n'\"><&&", 0);
    assert_entry(1, "http://a.example/%e8%91%b1?q=%E8%91%B1", 0);
    assert_entry(2, "http://a.example/c?a=1&b=%3C2", 0);
}

static void a_list_of_lines_is_read_where_it_was_asked_for(void **state)
{
    struct aw_extract_input input = {
        .url = AW_STR("http://a.example/s.txt"),
        .content_type = AW_STR("text/plain"),
        .bytes = AW_STR("\xEF\xBB\xBFhttp://a.example/1\r\n\r\n# no URL\n"
                        "/2\n  HTTPS://a.example/3?q=1 \nhttp://a.example/4"),
    };

    (void)state;
    assert_int_equal(extract(&input), AW_OK);
    assert_int_equal(doc.sitemap, AW_SITEMAP_NONE);
    assert_true(doc.block_count > 0);
    input.sitemap = true;
    assert_int_equal(extract(&input), AW_OK);
    assert_map(AW_SITEMAP_LINES, 3);
    assert_int_equal(doc.block_count, 0);
    assert_entry(0, "http://a.example/1", 0);
    assert_entry(1, "https://a.example/3?q=1", 0);
    assert_entry(2, "http://a.example/4", 0);
}

static void
a_page_or_text_in_the_place_of_a_sitemap_is_read_as_such(void **state)
{
    struct aw_extract_input input = {.content_type = AW_STR("text/plain"),
                                     .sitemap = true,
                                     .bytes = AW_STR("no list of URLs")};

    (void)state;
    assert_int_equal(extract(&input), AW_OK);
    assert_map(AW_SITEMAP_NONE, 0);
    assert_int_equal(doc.block_count, 1);
    input.content_type = AW_STR("text/html");
    input.bytes = AW_STR("<p>not found <a href=http://a.example/>home</a>");
    assert_int_equal(extract(&input), AW_OK);
    assert_map(AW_SITEMAP_NONE, 1);
    assert_int_equal(doc.links[0].kind, AW_LINK_LINK);
}

/* --- feeds --- */

static void rss_gives_its_items(void **state)
{
    (void)state;
    read_map(XML "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/"
                 "Atom\"><channel><title>t</title><link>http://a.example/"
                 "</link><atom:link href=\"http://a.example/rss\" rel=\"self\""
                 "/><item><title>x</title><atom:link href='http://a.example/s'"
                 " rel='self'/><link>http://a.example/1</link>"
                 "<guid>http://a.example/?p=1</guid>"
                 "<pubDate>Thu, 01 Jan 2026 08:00:00 +0800</pubDate></item>"
                 "<item><guid isPermaLink=\"true\">http://a.example/2</guid>"
                 "<description>&lt;a href=\"http://a.example/no\"&gt;"
                 "</description></item><item><guid>17</guid></item>"
                 "</channel></rss>");
    assert_map(AW_SITEMAP_FEED, 2);
    assert_entry(0, "http://a.example/1", DAY_2026);
    assert_entry(1, "http://a.example/2", 0);
}

static void rdf_and_atom_give_their_items_and_entries(void **state)
{
    (void)state;
    read_map("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#"
             "\" xmlns=\"http://purl.org/rss/1.0/\"><channel><link>http://"
             "a.example/</link></channel><item rdf:about=\"x\"><link>"
             "http://a.example/1</link><dc:date>2026-01-01T00:00Z</dc:date>"
             "</item></rdf:RDF>");
    assert_map(AW_SITEMAP_FEED, 1);
    assert_entry(0, "http://a.example/1", DAY_2026);
    read_map("<feed xmlns=\"http://www.w3.org/2005/Atom\"><link href=\"/\"/>"
             "<entry><link rel=\"edit\" href=\"/edit\"/><link href=\"/1?a&amp;"
             "b\"/><link rel='alternate' href='/other'/><id>urn:x:1</id>"
             "<published>2026-01-01T00:00:00Z</published>"
             "<updated>2026-01-02T00:00:00.250Z</updated></entry>"
             "<entry><id>http://a.example/2</id></entry></feed>");
    assert_map(AW_SITEMAP_FEED, 2);
    assert_entry(0, "http://a.example/1?a&b", DAY_2026 + DAY_MS);
    assert_entry(1, "http://a.example/2", 0);
}

/* --- names and namespaces --- */

static void
namespaces_are_tolerated_and_image_locs_are_no_entries(void **state)
{
    (void)state;
    read_map(
        "<sm:urlset xmlns:sm='urn:any'><sm:url><image:image><image:loc>"
        "http://a.example/i.png</image:loc></image:image><sm:loc>"
        "http://a.example/1</sm:loc><xhtml:link rel='alternate' "
        "hreflang='en' href='http://a.example/en'/></sm:url></sm:urlset>");
    assert_map(AW_SITEMAP_URLSET, 2);
    assert_string_equal(doc.links[0].url.ptr, "http://a.example/en");
    assert_int_equal(doc.links[0].kind, AW_LINK_ALTERNATE);
    assert_entry(1, "http://a.example/1", 0);
    read_map("<urlset><url><loc>http://a.example/2</loc></url></urlset>");
    assert_entry(0, "http://a.example/2", 0);
}

static void relative_and_foreign_schemes_are_no_surprise(void **state)
{
    (void)state;
    read_map(URLSET "<url><loc>/r</loc></url><url><loc>ftp://a.example/</loc>"
                    "</url><url><loc>javascript:x</loc></url></urlset>");
    assert_map(AW_SITEMAP_URLSET, 1);
    assert_entry(0, "http://a.example/r", 0);
}

/* --- sniffing, packing, charsets --- */

static void a_sitemap_is_one_whatever_its_content_type(void **state)
{
    static const char *const types[] = {"",
                                        "text/html; charset=utf-8",
                                        "text/plain",
                                        "text/xml",
                                        "application/rss+xml",
                                        "application/octet-stream",
                                        "application/json",
                                        "image/png"};

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        read_as(types[i], AW_STR(XML "<!-- made by x > y -->" URLSET ONE_URL
                                     "</urlset>"));
        assert_map(AW_SITEMAP_URLSET, 1);
    }
    read_as("text/html", AW_STR(XML "<html><p>urlset"));
    assert_map(AW_SITEMAP_NONE, 0);
    read_as("text/html", AW_STR("<urlsets><p>urlset"));
    assert_map(AW_SITEMAP_NONE, 0);
}

static struct aw_str pack(struct aw_str bytes)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes.ptr,
                  .avail_in = (uInt)bytes.len};
    size_t room = bytes.len / 2 + 1024;
    char *at;

    aw_buf_reset(&text);
    at = aw_buf_reserve(&text, room);
    assert_non_null(at);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8,
                                  Z_DEFAULT_STRATEGY),
                     Z_OK);
    z.next_out = (Bytef *)at;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    text.len = z.total_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
    return aw_buf_str(&text);
}

static void gzip_files_and_content_encoding_are_undone(void **state)
{
    static const char *const types[] = {"application/gzip",
                                        "application/x-gzip",
                                        "application/octet-stream",
                                        "application/xml", ""};
    struct aw_str packed = pack(AW_STR(XML URLSET ONE_URL "</urlset>"));
    struct aw_extract_input coded = {.content_type = AW_STR("text/xml"),
                                     .content_encoding = AW_STR("gzip"),
                                     .bytes = packed};
    char once[1024];

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        read_as(types[i], packed);
        assert_map(AW_SITEMAP_URLSET, 1);
    }
    assert_int_equal(extract(&coded), AW_OK);
    assert_map(AW_SITEMAP_URLSET, 1);
    assert_true(packed.len <= sizeof once);
    memcpy(once, packed.ptr, packed.len);
    coded.bytes = pack((struct aw_str){once, packed.len});
    assert_int_equal(extract(&coded), AW_OK); /* a gzip file, sent packed */
    assert_map(AW_SITEMAP_URLSET, 1);
}

static void other_gzip_files_are_not_unpacked(void **state)
{
    (void)state;
    read_as("application/gzip", pack(AW_STR("<html><p>text<a href=/x>x</a>")));
    assert_map(AW_SITEMAP_NONE, 0);
    assert_int_equal(doc.block_count, 0);
    read_as("application/gzip", AW_STR("\x1F\x8B\x08"));
    assert_map(AW_SITEMAP_NONE, 0);
}

static void utf16_and_gb_are_decoded(void **state)
{
    static const char utf16[] = "\xFF\xFE<\0u\0r\0l\0s\0e\0t\0>\0<\0u\0r\0l\0>"
                                "\0<\0l\0o\0c\0>\0h\0t\0t\0p\0:\0/\0/\0a\0.\0e"
                                "\0/\0\xDD\x4F<\0/\0l\0o\0c\0>\0<\0/\0u\0r\0l"
                                "\0>\0<\0/\0u\0r\0l\0s\0e\0t\0>";

    (void)state;
    read_as("text/xml", (struct aw_str){utf16, sizeof utf16});
    assert_map(AW_SITEMAP_URLSET, 1);
    assert_entry(0, "http://a.e/%e4%bf%9d", 0);
    read_as("text/xml",
            AW_STR("<?xml version='1.0' encoding='gb2312'?><urlset><url><loc>"
                   "http://a.example/\xB1\xA3\xB1\xBE?q=\xB1\xA3</loc></url>"
                   "</urlset>"));
    assert_entry(0, "http://a.example/%e4%bf%9d%e6%9c%ac?q=%E4%BF%9D", 0);
}

/* --- hostile and damaged ones --- */

static void assert_refused(const char *xml)
{
    struct aw_extract_input input = {.content_type = AW_STR("text/xml"),
                                     .bytes = aw_str_of(xml)};

    assert_int_equal(extract(&input), AW_INVALID);
    assert_non_null(strstr(err.msg, "declares entities"));
    assert_int_equal(doc.link_count, 0);
}

static void what_declares_entities_is_refused(void **state)
{
    (void)state;
    assert_refused("<?xml version='1.0'?><!DOCTYPE urlset [<!ENTITY a 'ha'>"
                   "<!ENTITY b '&a;&a;&a;'><!ENTITY c '&b;&b;&b;'>]>"
                   "<urlset><url><loc>http://a.example/&c;</loc></url>");
    assert_refused("<!DOCTYPE urlset [ <!ENTITY x SYSTEM "
                   "'file:///etc/passwd'> ]><urlset><url><loc>&x;</loc>");
    assert_refused("<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://b.example/d'> %p;"
                   "]><urlset/>");
    assert_refused("<!DOCTYPE r SYSTEM 'x' [<!ELEMENT r ANY><!ENTITY y ']>'>]>"
                   "<urlset/>");
}

static void a_plain_doctype_and_xinclude_load_nothing(void **state)
{
    (void)state;
    read_map("<!DOCTYPE urlset SYSTEM 'file:///etc/hostname'>" URLSET
             "<xi:include href='file:///etc/passwd' parse='text'/>"
             "<url><loc>http://a.example/&unknown;&nbsp;x</loc></url>"
             "</urlset>");
    assert_map(AW_SITEMAP_URLSET, 1);
    assert_entry(0, "http://a.example/&unknown;&nbsp;x", 0);
}

static void bare_ampersands_and_stray_marks_cost_nothing(void **state)
{
    (void)state;
    read_map(URLSET "<url><loc>http://a.example/?a=1&b=2&;&#x;&#</loc></url>"
                    "\x01 a < b <url><?php echo 1 ?><loc>http://a.example/2"
                    "</loc></url><!-- x --><url><loc>"
                    "http://a.example/3</loc></url></urlset>");
    assert_entry(0, "http://a.example/?a=1&b=2&;&", 0);
    assert_entry(1, "http://a.example/2", 0);
    assert_entry(2, "http://a.example/3", 0);
}

static void entries_before_the_damage_are_kept(void **state)
{
    static const char whole[] =
        XML URLSET ONE_URL "<url><loc>http://a.example/2</loc></url></urlset>";
    const char *second = strstr(whole, "/2</loc>") + strlen("/2</loc>");
    const char *first = strstr(whole, "/p</loc>") + strlen("/p</loc>");

    (void)state;
    for (size_t n = sizeof XML URLSET; n < sizeof whole; n++) {
        size_t least = whole + n >= second ? 2 : whole + n >= first;

        read_as("text/xml", (struct aw_str){whole, n});
        assert_true(doc.link_count >= least && doc.link_count <= 2);
        if (least > 0)
            assert_string_equal(doc.links[0].url.ptr, "http://a.example/p");
        if (least > 1)
            assert_entry(1, "http://a.example/2", 0);
    }
}

static void put_urls(size_t count)
{
    aw_buf_reset(&text);
    aw_buf_puts(&text, URLSET);
    for (size_t i = 0; i < count; i++)
        aw_buf_printf(&text, "<url><loc>http://a.example/%zu</loc></url>", i);
    aw_buf_puts(&text, "</urlset>");
}

static void fifty_thousand_urls_are_kept_and_the_rest_is_told(void **state)
{
    (void)state;
    put_urls(AW_SITEMAP_URLS_MAX);
    read_as("text/xml", aw_buf_str(&text));
    assert_map(AW_SITEMAP_URLSET, AW_SITEMAP_URLS_MAX);
    assert_entry(AW_SITEMAP_URLS_MAX - 1, "http://a.example/49999", 0);
    put_urls(AW_SITEMAP_URLS_MAX + 1);
    read_as("text/xml", aw_buf_str(&text));
    assert_int_equal(doc.link_count, AW_SITEMAP_URLS_MAX);
    assert_true(doc.links_cut);
}

static void a_url_over_its_limit_is_left_out(void **state)
{
    (void)state;
    aw_buf_reset(&text);
    aw_buf_puts(&text, URLSET "<url><loc>http://a.example/");
    for (int i = 0; i < 4000; i++)
        aw_buf_putc(&text, 'x');
    aw_buf_puts(&text, "</loc></url><url><loc>http://a.example/2</loc></url>");
    read_as("text/xml", aw_buf_str(&text));
    assert_map(AW_SITEMAP_URLSET, 1);
    assert_entry(0, "http://a.example/2", 0);
}

static void a_sitemap_is_read_beyond_the_limit_of_a_page(void **state)
{
    (void)state;
    aw_buf_reset(&text);
    aw_buf_puts(&text, URLSET);
    while (text.len < AW_EXTRACT_BYTES_MAX + 1000)
        aw_buf_puts(&text, "<!-- nothing but a long comment that says so -->");
    aw_buf_puts(&text, ONE_URL "</urlset>");
    read_as("text/xml", aw_buf_str(&text));
    assert_map(AW_SITEMAP_URLSET, 1);
    while (text.len < AW_SITEMAP_BYTES_MAX)
        aw_buf_puts(&text, "<!-- nothing but a long comment that says so -->");
    aw_buf_puts(&text, ONE_URL);
    read_as("text/xml", aw_buf_str(&text));
    assert_int_equal(doc.link_count, 1);
}

/* Repeats unit up to four million bytes behind head, and reads that. */
static void assert_quick(const char *head, const char *unit)
{
    const struct aw_clock *clock = aw_clock_system();
    int64_t start;

    aw_buf_reset(&text);
    aw_buf_puts(&text, head);
    while (text.len < 4000000)
        aw_buf_puts(&text, unit);
    start = aw_clock_mono(clock);
    read_as("text/xml", aw_buf_str(&text));
    if (aw_clock_mono(clock) - start > SLOW_MS)
        fail_msg("'%s' takes %lld ms", unit,
                 (long long)(aw_clock_mono(clock) - start));
}

static void hostile_markup_takes_linear_time(void **state)
{
    (void)state;
    assert_quick("<urlset>", "<url>");
    assert_quick("<urlset ", "a='' ");
    assert_quick("<urlset>", "<a b='' c='' d='' e='' f='' g='' h=''>");
    assert_quick("<urlset>", "<x:a xmlns:x='y' x:b='' z:c=''/>");
    assert_quick("<urlset>", "<![CDATA[");
    assert_quick("<urlset>", "<!--");
    assert_quick("<urlset>", "<?");
    assert_quick("<urlset>", "<!x ");
    assert_quick("<urlset>", "&");
    assert_quick("<urlset>", "&#1;&#xFFFF;");
    assert_quick("<urlset>", "</urlset>");
    assert_quick("<urlset><url><loc>", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_quick("<urlset><url><loc>", "\xEF\xBF\xBE");
    assert_quick("<urlset><![CDATA[", "&<");
    assert_quick("<urlset>", "<");
    assert_quick("<urlset>", "<a \"");
}

static void mutate(char *bytes, size_t len, struct aw_rng *rng)
{
    static const char marks[] = "<>&;!-[]?/\"'=\0\xFF\xE4 \n#x";

    for (uint64_t n = 1 + aw_rng_below(rng, 6); n > 0; n--)
        bytes[aw_rng_below(rng, len)] =
            marks[aw_rng_below(rng, sizeof marks - 1)];
}

static void assert_sane(void)
{
    for (size_t i = 0; i < doc.link_count; i++) {
        assert_true(aw_utf8_valid(doc.links[i].url));
        assert_true(doc.links[i].url.len <= AW_DOCUMENT_URL_MAX);
        assert_true(doc.links[i].lastmod_ms >= 0);
        assert_true(doc.links[i].kind < AW_LINK_KIND_COUNT);
    }
}

static void mutated_sitemaps_do_no_harm(void **state)
{
    static const char map[] =
        XML "<!DOCTYPE urlset [<!ELEMENT urlset ANY>]>" URLSET ONE_URL
            "<url><loc><![CDATA[http://a.example/?a&b]]></loc><!-- c --></url>"
            "<url><loc>http://a.example/&#38;&amp;保</loc><image:image a='b'>"
            "<image:loc>http://a.example/i</image:loc></image:image>"
            "<lastmod>2026-01-02T03:04:05.6+08:00</lastmod></url></urlset>";
    const struct aw_clock *clock = aw_clock_system();
    int64_t start = aw_clock_mono(clock);
    struct aw_rng rng;
    size_t kept = 0;

    (void)state;
    aw_rng_init(&rng, 20261126);
    for (int i = 0; i < MUTATIONS; i++) {
        char *bytes = malloc(sizeof map); /* so that ASan sees its end */
        size_t len = 1 + aw_rng_below(&rng, sizeof map - 1);
        struct aw_extract_input input = {.bytes = {bytes, len},
                                         .sitemap = i % 2 == 0};
        aw_rc rc;

        assert_non_null(bytes);
        memcpy(bytes, map, sizeof map);
        if (i % 4 > 0)
            mutate(bytes, len, &rng);
        bytes = realloc(bytes, len);
        input.bytes.ptr = bytes;
        rc = extract(&input);
        assert_true(rc == AW_OK || rc == AW_INVALID);
        assert_sane();
        kept += doc.link_count;
        free(bytes);
    }
    assert_true(kept > MUTATIONS / 4);
    assert_true(aw_clock_mono(clock) - start < SLOW_MS);
}

/* --- moments --- */

static void w3c_and_feed_dates_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"2026", DAY_2026},
        {"2026-01", DAY_2026},
        {" 2026-01-01 ", DAY_2026},
        {"2026-01-01T00:00Z", DAY_2026},
        {"2026-01-01T08:00+08:00", DAY_2026},
        {"2026-01-01T08:00:00+0800", DAY_2026},
        {"2025-12-31T19:00:00-05:00", DAY_2026},
        {"2026-01-01T00:00:01.999Z", DAY_2026 + 1000},
        {"2026-01-01 00:00:01", DAY_2026 + 1000},
        {"Thu, 01 Jan 2026 08:00:00 +0800", DAY_2026},
        {"01 Jan 2026 00:00:00 GMT", DAY_2026},
        {"", 0},
        {"now", 0},
        {"1969-01-01", 0},
        {"2026-13-01", 0},
        {"2026-02-30", 0},
        {"2026-1-1", 0},
        {"2026-01-01T25:00Z", 0},
        {"2026-01-01T00:00+99:00", 0},
        {"2026-01-01T00:00:00Zx", 0},
        {"20260101", 0},
        {"Thu, 01 Foo 2026 08:00:00", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (aw_moment_parse(aw_str_of(cases[i].text)) != cases[i].ms)
            fail_msg("'%s' is %lld", cases[i].text,
                     (long long)aw_moment_parse(aw_str_of(cases[i].text)));
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_urlset_gives_its_entries_with_lastmod),
        UNIT(an_index_gives_its_sitemaps),
        UNIT(escaped_and_non_ascii_urls_are_read),
        UNIT(a_list_of_lines_is_read_where_it_was_asked_for),
        UNIT(a_page_or_text_in_the_place_of_a_sitemap_is_read_as_such),
        UNIT(rss_gives_its_items),
        UNIT(rdf_and_atom_give_their_items_and_entries),
        UNIT(namespaces_are_tolerated_and_image_locs_are_no_entries),
        UNIT(relative_and_foreign_schemes_are_no_surprise),
        UNIT(a_sitemap_is_one_whatever_its_content_type),
        UNIT(gzip_files_and_content_encoding_are_undone),
        UNIT(other_gzip_files_are_not_unpacked),
        UNIT(utf16_and_gb_are_decoded),
        UNIT(what_declares_entities_is_refused),
        UNIT(a_plain_doctype_and_xinclude_load_nothing),
        UNIT(bare_ampersands_and_stray_marks_cost_nothing),
        UNIT(entries_before_the_damage_are_kept),
        UNIT(fifty_thousand_urls_are_kept_and_the_rest_is_told),
        UNIT(a_url_over_its_limit_is_left_out),
        UNIT(a_sitemap_is_read_beyond_the_limit_of_a_page),
        UNIT(hostile_markup_takes_linear_time),
        UNIT(mutated_sitemaps_do_no_harm),
        UNIT(w3c_and_feed_dates_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
