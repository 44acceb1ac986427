#include "base/document_json.h"
#include "cli/cli.h"
#include "extract/extract.h"

#define OUTPUT_MAX ((size_t)1 << 30)

static void print_text(const struct aw_document *doc)
{
    (void)printf("charset: %.*s (%.*s)\n", AW_STR_ARG(doc->charset),
                 AW_STR_ARG(doc->charset_why));
    for (size_t i = 0; i < doc->block_count; i++)
        (void)printf("[%s%s] %.*s\n", aw_block_kind_name(doc->blocks[i].kind),
                     doc->blocks[i].hidden ? ", hidden" : "",
                     AW_STR_ARG(doc->blocks[i].text));
}

static aw_rc print_document(const struct aw_cli *cli,
                            const struct aw_document *doc, struct aw_err *err)
{
    struct aw_buf out;
    aw_rc rc;

    if (!aw_cli_value(cli, "json")) {
        print_text(doc);
        return AW_OK;
    }
    aw_buf_init(&out, OUTPUT_MAX);
    rc = aw_document_json(doc, &out, err);
    aw_buf_putc(&out, '\n');
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

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_extract_input input = {
        .url = aw_str_of(aw_cli_value(cli, "url")),
        .charset = aw_str_of(aw_cli_value(cli, "charset")),
        .content_type = aw_str_of(aw_cli_value(cli, "type")),
    };
    struct aw_document doc;
    struct aw_buf bytes;
    aw_rc rc = set_channel(cli, &input, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_init(&bytes, AW_EXTRACT_BYTES_MAX);
    aw_document_init(&doc, input.channel);
    rc = aw_file_read(cli->words[0], &bytes, err);
    input.bytes = aw_buf_str(&bytes);
    if (rc == AW_OK)
        rc = aw_extract(&input, &doc, err);
    if (rc == AW_OK)
        rc = print_document(cli, &doc, err);
    aw_document_deinit(&doc);
    aw_buf_deinit(&bytes);
    return rc;
}

static const struct aw_option options[] = {
    {"json", NULL, "print the document as one line of JSON"},
    {"charset", "NAME", "decode with this charset, whatever the page says"},
    {"url", "URL", "where it came from, for its links"},
    {"type", "MIME", "its Content-Type, as a server would say"},
    {"channel", "NAME", "web, poster, app, sms, call or seminar"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_extract = {
    .name = "extract",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .summary = "a page, listing or text as a document",
    .text = "Prints the blocks of text that a page holds, seen and hidden, "
            "with where each\nstood. FILE may be - for standard input.\n",
    .options = options,
    .run = run,
};
