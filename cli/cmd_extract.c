#include "base/clock.h"
#include "base/document_json.h"
#include "cli/cli.h"
#include "crawler/listing.h"
#include "crawler/once.h"
#include "crawler/url.h"
#include "extract/extract.h"
#include "extract/pdf.h"
#include "extract/sitemap.h"
#include "reports/text.h"

#define OUTPUT_MAX ((size_t)1 << 30)

static void put_region(struct aw_buf *out, const struct aw_region *at)
{
    if (at->page > 0)
        aw_buf_printf(out, ", page %d", at->page);
    if (at->w > 0)
        aw_buf_printf(out, ", %dx%d at %d,%d", at->w, at->h, at->x, at->y);
    if (at->confidence >= 0)
        aw_buf_printf(out, ", %d %%", at->confidence);
}

/* Line for line; those after the first stand further in, so that none passes
 * for a block of its own. */
static void put_block(struct aw_buf *out, const struct aw_block *block)
{
    struct aw_str rest = block->text;
    struct aw_str line = {0};
    const char *before = "";

    aw_buf_printf(out, "[%s", aw_block_kind_name(block->kind));
    if (block->hidden != AW_HIDDEN_NONE)
        aw_buf_printf(out, ", hidden: %s", aw_hidden_name(block->hidden));
    put_region(out, &block->region);
    aw_buf_puts(out, "] ");
    while (aw_str_split(&rest, '\n', &line)) {
        aw_buf_puts(out, before);
        aw_text_tame(out, line);
        aw_buf_putc(out, '\n');
        before = "    ";
    }
}

/* Of a page the links are in the JSON alone; of a sitemap they are all. */
static void put_entry(struct aw_buf *out, const struct aw_link *link)
{
    char time[AW_TIME_MAX];

    aw_buf_printf(out, "[%s] ", aw_link_kind_name(link->kind));
    aw_text_tame(out, link->url);
    if (link->lastmod_ms != 0) {
        aw_time_iso(link->lastmod_ms, time);
        aw_buf_printf(out, " %s", time);
    }
    aw_buf_putc(out, '\n');
}

static void put_sitemap(struct aw_buf *out, const struct aw_document *doc)
{
    if (doc->sitemap == AW_SITEMAP_NONE)
        return;
    aw_buf_printf(out, "sitemap: %s, %zu links%s\n",
                  aw_sitemap_kind_name(doc->sitemap), doc->link_count,
                  doc->links_cut ? ", and more that are left out" : "");
    for (size_t i = 0; i < doc->link_count; i++)
        put_entry(out, &doc->links[i]);
}

static void put_text(struct aw_buf *out, const struct aw_document *doc)
{
    if (doc->charset.len > 0) { /* an image has none */
        aw_buf_puts(out, "charset: ");
        aw_text_tame(out, doc->charset);
        aw_buf_printf(out, " (%.*s)\n", AW_STR_ARG(doc->charset_why));
    }
    for (size_t i = 0; i < doc->block_count; i++)
        put_block(out, &doc->blocks[i]);
    put_sitemap(out, doc);
}

static aw_rc print_document(const struct aw_cli *cli,
                            const struct aw_document *doc, struct aw_err *err)
{
    struct aw_buf out;
    aw_rc rc = AW_OK;

    if (doc->block_count == 0 && doc->sitemap == AW_SITEMAP_NONE)
        return aw_fail(err, AW_INVALID, "%s: no text in it", cli->words[0]);
    aw_buf_init(&out, OUTPUT_MAX);
    if (aw_cli_value(cli, "json")) {
        rc = aw_document_json(doc, &out, err);
        aw_buf_putc(&out, '\n');
    } else {
        put_text(&out, doc);
    }
    if (rc == AW_OK)
        rc = aw_buf_check(&out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

static aw_rc set_channel(const struct aw_cli *cli,
                         struct aw_extract_input *input, struct aw_err *err)
{
    const char *channel = aw_cli_value(cli, "channel");

    input->channel = AW_CHANNEL_WEB;
    if (channel && !aw_channel_parse(aw_str_of(channel), &input->channel))
        return aw_cli_usage(cli, err, "--channel '%s' is none", channel);
    return AW_OK;
}

/* The mapping of a source's listings, from the workspace's config. */
static aw_rc set_mapping(const struct aw_cli *cli, struct aw_arena *arena,
                         struct aw_extract_input *input, struct aw_err *err)
{
    const char *name = aw_cli_value(cli, "source");
    const struct aw_source *source;
    struct aw_config *config;
    aw_rc rc;

    if (!name)
        return AW_OK;
    rc = aw_config_load(&config, cli->dir, err);
    if (rc != AW_OK)
        return rc;
    source = aw_config_source(config, name);
    if (!source)
        rc = aw_cli_usage(cli, err, "'%s' has no source '%s'", config->path,
                          name);
    else if (!source->listing)
        rc = aw_cli_usage(cli, err, "source '%s' has no 'listing'", name);
    else
        rc = aw_listing_mapping(source, arena, &input->mapping, err);
    aw_config_free(config);
    return rc;
}

/* A page that is cut without a word would pass for the whole page. */
static aw_rc check_size(const struct aw_cli *cli, size_t bytes,
                        const struct aw_document *doc, struct aw_err *err)
{
    if (bytes <= AW_EXTRACT_BYTES_MAX || doc->sitemap != AW_SITEMAP_NONE)
        return AW_OK;
    return aw_fail(err, AW_LIMIT, "%s: longer than %zu bytes", cli->words[0],
                   AW_EXTRACT_BYTES_MAX);
}

/* Time does not press where one image is asked for. */
#define OCR_BUDGET_MS 60000

/* Tesseract is loaded for an image alone. */
static aw_rc read_document(const struct aw_cli *cli,
                           struct aw_extract_input *input,
                           struct aw_document *doc, struct aw_err *err)
{
    struct aw_ocr_config config = {.budget_ms = OCR_BUDGET_MS,
                                   .clock = cli->clock};
    struct aw_buf pages;
    aw_rc rc = AW_OK;

    aw_buf_init(&pages, AW_PDF_BYTES_MAX);
    if (aw_image_sniff(input->bytes) == AW_IMAGE_PDF) {
        rc = aw_pdf_pages(input->bytes, OCR_BUDGET_MS, &pages, err);
        input->bytes = aw_buf_str(&pages);
    }
    if (rc == AW_OK && aw_image_sniff(input->bytes) != AW_IMAGE_NONE) {
        doc->channel = input->channel == AW_CHANNEL_WEB ? AW_CHANNEL_POSTER
                                                        : input->channel;
        rc = aw_ocr_new(&input->ocr, &config, err);
    }
    if (rc == AW_OK)
        rc = aw_extract(input, doc, err);
    aw_ocr_free(input->ocr);
    aw_buf_deinit(&pages);
    return rc;
}

/* ---- where the bytes come from ------------------------------------------ */

/* Asked for as the crawler of the workspace would. */
static aw_rc fetch(const struct aw_cli *cli, struct aw_once_answer *answer,
                   struct aw_err *err)
{
    struct aw_workspace ws = {.lock = -1};
    struct aw_once once = {0};
    struct aw_buf url;
    aw_rc rc;

    aw_buf_init(&url, AW_URL_MAX);
    rc = aw_url_whole(AW_STR(""), aw_str_of(cli->words[0]), &url, err);
    if (rc == AW_OK)
        rc = aw_workspace_open(&ws, cli, false, err);
    if (rc == AW_OK)
        rc = aw_once_init(&once, ws.config, ws.ca_file[0] ? ws.ca_file : NULL,
                          cli->clock, err);
    if (rc == AW_OK)
        rc = aw_once_get(&once, aw_buf_str(&url), answer, err);
    if (rc == AW_OK && answer->is_cut)
        rc = aw_fail(err, AW_LIMIT, "%s: longer than body_max", cli->words[0]);
    aw_once_deinit(&once);
    aw_workspace_close(&ws);
    aw_buf_deinit(&url);
    return rc;
}

static bool is_url(const char *word)
{
    return aw_str_starts_nocase(aw_str_of(word), AW_STR("http://")) ||
           aw_str_starts_nocase(aw_str_of(word), AW_STR("https://"));
}

static aw_rc take_bytes(const struct aw_cli *cli,
                        struct aw_extract_input *input,
                        struct aw_once_answer *answer, struct aw_err *err)
{
    aw_rc rc = is_url(cli->words[0])
                   ? fetch(cli, answer, err)
                   : aw_file_read(cli->words[0], &answer->body, err);

    if (rc != AW_OK)
        return rc;
    if (input->url.len == 0)
        input->url = aw_buf_str(&answer->url);
    if (input->content_type.len == 0)
        input->content_type = aw_buf_str(&answer->content_type);
    input->content_encoding = aw_buf_str(&answer->content_encoding);
    input->bytes = aw_buf_str(&answer->body);
    return AW_OK;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_extract_input input = {
        .url = aw_str_of(aw_cli_value(cli, "url")),
        .charset = aw_str_of(aw_cli_value(cli, "charset")),
        .content_type = aw_str_of(aw_cli_value(cli, "type")),
        .sitemap = aw_cli_value(cli, "sitemap") != NULL,
    };
    struct aw_once_answer answer;
    struct aw_document doc;
    aw_rc rc = set_channel(cli, &input, err);

    if (rc != AW_OK)
        return rc;
    if (input.content_type.len == 0 && !is_url(cli->words[0]) &&
        aw_cli_is_page(aw_str_of(cli->words[0])))
        input.content_type = AW_STR("text/html");
    aw_once_answer_init(&answer, AW_SITEMAP_BYTES_MAX);
    aw_document_init(&doc, input.channel);
    rc = set_mapping(cli, &doc.arena, &input, err);
    if (rc == AW_OK)
        rc = take_bytes(cli, &input, &answer, err);
    if (rc == AW_OK)
        rc = read_document(cli, &input, &doc, err);
    if (rc == AW_OK)
        rc = check_size(cli, answer.body.len, &doc, err);
    if (rc == AW_OK)
        rc = print_document(cli, &doc, err);
    aw_document_deinit(&doc);
    aw_once_answer_deinit(&answer);
    return rc;
}

static const struct aw_option options[] = {
    {"json", NULL, "print the document as one line of JSON"},
    {"charset", "NAME", "decode with this charset, whatever the page says"},
    {"url", "URL", "where it came from, for its links"},
    {"type", "MIME", "its Content-Type (else told by name and content)"},
    {"sitemap", NULL, "it was asked for as one: a text is a list of URLs"},
    {"channel", "NAME", "web, poster, app, sms, call or seminar"},
    {"source", "NAME", "read a store's JSON by this source's 'listing'"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_extract = {
    .name = "extract",
    .words = "FILE|URL",
    .words_min = 1,
    .words_max = 1,
    .summary = "a page, listing, sitemap, image or text as a document",
    .text = "Prints the blocks of text that a page holds, seen and hidden, "
            "with where each\nstood; of a sitemap or feed its links. FILE may "
            "be - for standard input. A URL\nis asked for with the agent, the "
            "network rules and the limits of the workspace;\nrobots.txt is "
            "obeyed.\n",
    .options = options,
    .run = run,
};
