#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "classify/classify.h"
#include "cli/cli.h"
#include "extract/extract.h"
#include "extract/text.h"

#define LINE_MAX_BYTES ((size_t)64 << 20)
#define LINE_VALUES_MAX ((size_t)100000)
#define ID_MAX 9007199254740991.0 /* 2^53 - 1: a double holds it */
#define SNIFF 512

enum input_form { FORM_SNIFF, FORM_LINES, FORM_HTML, FORM_TEXT };

struct filter {
    struct aw_classifier *classifier;
    enum aw_channel channel; /* where a line names none */
    enum input_form form;
    enum aw_verdict_kind fail_on;
    bool fails; /* --fail-on was given */
    bool found; /* and a document reached it */
    size_t bad; /* documents that could not be taken */
    size_t good;
    struct aw_buf out;
};

/* ---- one document ------------------------------------------------------- */

static aw_rc print_verdict(struct filter *f, const struct aw_document *doc,
                           struct aw_err *err)
{
    struct aw_verdict verdict = {0};
    aw_rc rc = aw_classifier_run(f->classifier, doc, &verdict, err);

    aw_buf_reset(&f->out);
    if (rc == AW_OK)
        rc = aw_verdict_json(doc, &verdict, &f->out, err);
    aw_buf_putc(&f->out, '\n');
    if (rc == AW_OK)
        rc = aw_buf_check(&f->out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&f->out), err);
    f->found |= f->fails && verdict.kind >= f->fail_on;
    aw_verdict_deinit(&verdict);
    return rc;
}

static struct aw_str text_at(const cJSON *line, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(line, key);

    return aw_str_of(cJSON_IsString(item) ? item->valuestring : NULL);
}

/* A text that is left unread for its type would be told as clear. */
static aw_rc check_types(const cJSON *line, struct aw_err *err)
{
    static const char *const texts[] = {"channel", "url", "title", "text",
                                        "html"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(line, texts[i]);

        if (item && !cJSON_IsNull(item) && !cJSON_IsString(item))
            return aw_fail(err, AW_INVALID, "\"%s\" is no string", texts[i]);
    }
    return AW_OK;
}

static aw_rc read_id(struct aw_document *doc, const cJSON *id,
                     struct aw_err *err)
{
    char number[32];

    if (!id || cJSON_IsNull(id))
        return AW_OK;
    if (cJSON_IsString(id))
        return aw_arena_dup(&doc->arena, aw_str_of(id->valuestring), &doc->id,
                            err);
    if (!cJSON_IsNumber(id) || fabs(id->valuedouble) > ID_MAX ||
        trunc(id->valuedouble) < id->valuedouble ||
        trunc(id->valuedouble) > id->valuedouble)
        return aw_fail(err, AW_INVALID,
                       "\"id\" is neither a string nor a whole number below "
                       "2^53: write it as a string");
    (void)snprintf(number, sizeof number, "%.0f", id->valuedouble);
    return aw_arena_dup(&doc->arena, aw_str_of(number), &doc->id, err);
}

/* A picture, or bytes of another kind, is nothing that could be clear. */
static aw_rc extract_text(const struct aw_extract_input *input,
                          struct aw_document *doc, struct aw_err *err)
{
    aw_rc rc = aw_extract(input, doc, err);

    if (rc == AW_OK && doc->block_count == 0)
        return aw_fail(err, AW_INVALID, "no text in it");
    return rc;
}

/* Text as it stands, in one block: offsets count in it. */
static aw_rc read_text(struct aw_document *doc, struct aw_str text,
                       struct aw_str title, struct aw_err *err)
{
    enum aw_block_kind kind =
        doc->channel == AW_CHANNEL_POSTER ? AW_BLOCK_OCR : AW_BLOCK_MESSAGE;
    aw_rc rc = aw_text_whole(doc, kind, text, err);

    return rc == AW_OK ? aw_text_whole(doc, AW_BLOCK_TITLE, title, err) : rc;
}

static aw_rc read_line(struct aw_document *doc, const cJSON *line,
                       struct aw_err *err)
{
    struct aw_extract_input input = {
        .url = text_at(line, "url"),
        .content_type = AW_STR("text/html; charset=utf-8"),
        .channel = doc->channel,
        .bytes = text_at(line, "html"),
    };
    aw_rc rc = read_id(doc, cJSON_GetObjectItemCaseSensitive(line, "id"), err);

    if (rc != AW_OK)
        return rc;
    if (cJSON_IsString(cJSON_GetObjectItemCaseSensitive(line, "html")))
        return extract_text(&input, doc, err);
    if (!cJSON_IsString(cJSON_GetObjectItemCaseSensitive(line, "text")))
        return aw_fail(err, AW_INVALID, "\"text\" or \"html\" is missing");
    return read_text(doc, text_at(line, "text"), text_at(line, "title"), err);
}

static aw_rc take_object(struct filter *f, const cJSON *line,
                         struct aw_err *err)
{
    struct aw_str channel = text_at(line, "channel");
    enum aw_channel which = f->channel;
    struct aw_document doc;
    aw_rc rc;

    rc = check_types(line, err);
    if (rc != AW_OK)
        return rc;
    if (channel.len > 0 && !aw_channel_parse(channel, &which))
        return aw_fail(err, AW_INVALID,
                       "channel '%.*s' is none of web, poster, app, sms, "
                       "call, seminar",
                       AW_STR_ARG(aw_str_sub(channel, 0, 60)));
    aw_document_init(&doc, which);
    rc = read_line(&doc, line, err);
    if (rc == AW_OK)
        rc = print_verdict(f, &doc, err);
    aw_document_deinit(&doc);
    return rc;
}

/* A bad document is told and passed over; a full disk is not. */
static aw_rc after_document(struct filter *f, aw_rc rc, const char *name,
                            size_t number, struct aw_err *err)
{
    if (rc == AW_OK) {
        f->good++;
        return AW_OK;
    }
    if (rc == AW_IO || rc == AW_NOMEM)
        return rc;
    f->bad++;
    if (number > 0)
        (void)fprintf(stderr, "adwatch: %s:%zu: %s\n", name, number, err->msg);
    else
        (void)fprintf(stderr, "adwatch: %s: %s\n", name, err->msg);
    return AW_OK;
}

/* ---- JSON lines --------------------------------------------------------- */

/* A NUL, as it is or as an escape: cJSON would end the text there. */
static bool has_nul(struct aw_str line)
{
    if (line.len > 0 && memchr(line.ptr, '\0', line.len))
        return true;
    while (line.len > 0) {
        const char *at = memchr(line.ptr, '\\', line.len);

        if (!at)
            return false;
        line = aw_str_sub(line, (size_t)(at - line.ptr), line.len);
        if (aw_str_starts(line, AW_STR("\\u0000")))
            return true;
        line = aw_str_sub(line, 2, line.len);
    }
    return false;
}

static aw_rc parse_line(struct aw_str text, cJSON **out, struct aw_err *err)
{
    const char *end = NULL;
    cJSON *line;

    if (has_nul(text))
        return aw_fail(err, AW_INVALID,
                       "there is a NUL (\\u0000) in it, which no text has: "
                       "take it out");
    if (aw_json_too_many(text, LINE_VALUES_MAX))
        return aw_fail(err, AW_LIMIT, "more than %zu values", LINE_VALUES_MAX);
    line = cJSON_ParseWithLengthOpts(text.ptr, text.len, &end, 0);
    if (!cJSON_IsObject(line) || end != text.ptr + text.len) {
        cJSON_Delete(line);
        return aw_fail(err, AW_INVALID, "this is no JSON object");
    }
    *out = line;
    return AW_OK;
}

static aw_rc take_line(struct filter *f, struct aw_str text, const char *name,
                       size_t number, struct aw_err *err)
{
    cJSON *line = NULL;
    aw_rc rc;

    text = aw_str_trim(text);
    if (text.len == 0)
        return AW_OK;
    rc = parse_line(text, &line, err);
    if (rc == AW_OK)
        rc = take_object(f, line, err);
    cJSON_Delete(line);
    return after_document(f, rc, name, number, err);
}

/* Takes the whole lines at the front of in; the last part stays. */
static aw_rc take_lines(struct filter *f, struct aw_buf *in, bool at_end,
                        const char *name, size_t *number, struct aw_err *err)
{
    size_t used = 0;
    aw_rc rc = AW_OK;

    while (rc == AW_OK && used < in->len) {
        struct aw_str rest = aw_str_sub(aw_buf_str(in), used, in->len);
        ptrdiff_t end = aw_str_find(rest, AW_STR("\n"));

        if (end < 0 && !at_end)
            break;
        if (end >= 0)
            rest.len = (size_t)end;
        rc = take_line(f, rest, name, ++*number, err);
        used += rest.len + (end >= 0);
    }
    aw_buf_consume(in, used);
    return rc;
}

/* Drops a line that is over the limit, up to its end. */
static aw_rc drop_line(struct filter *f, FILE *file, struct aw_buf *in,
                       const char *name, size_t *number, struct aw_err *err)
{
    int c;

    aw_buf_reset(in);
    while ((c = getc(file)) != EOF && c != '\n')
        ;
    (void)aw_fail(err, AW_LIMIT, "a line is longer than %zu bytes",
                  LINE_MAX_BYTES);
    return after_document(f, AW_LIMIT, name, ++*number, err);
}

static aw_rc take_stream(struct filter *f, FILE *file, struct aw_buf *in,
                         const char *name, struct aw_err *err)
{
    size_t number = 0;
    aw_rc rc = take_lines(f, in, false, name, &number, err);

    while (rc == AW_OK) {
        char *at = aw_buf_reserve(in, 65536);
        size_t got;

        if (!at && in->rc != AW_LIMIT)
            return aw_buf_check(in, err);
        if (!at) {
            rc = drop_line(f, file, in, name, &number, err);
            continue;
        }
        got = fread(at, 1, 65536, file);
        in->len += got;
        if (got == 0)
            break;
        rc = take_lines(f, in, false, name, &number, err);
    }
    if (rc == AW_OK && ferror(file))
        return aw_fail_errno(err, AW_IO, "cannot read '%s'", name);
    return rc == AW_OK ? take_lines(f, in, true, name, &number, err) : rc;
}

/* ---- whole files -------------------------------------------------------- */

/* A folder can be opened, and fails here. AW_MISSING: it is passed over. */
static aw_rc check_read(FILE *file, struct aw_err *err)
{
    return ferror(file) ? aw_fail_errno(err, AW_MISSING, "cannot read")
                        : AW_OK;
}

static aw_rc read_rest(FILE *file, struct aw_buf *in, struct aw_err *err)
{
    for (;;) {
        char *at = aw_buf_reserve(in, 65536);
        size_t got;

        if (!at)
            return aw_buf_check(in, err);
        got = fread(at, 1, 65536, file);
        if (got == 0)
            return check_read(file, err);
        in->len += got;
    }
}

static aw_rc take_whole(struct filter *f, FILE *file, struct aw_buf *in,
                        const char *name, enum input_form form,
                        struct aw_err *err)
{
    struct aw_document doc;
    struct aw_extract_input input = {
        .content_type =
            form == FORM_HTML ? AW_STR("text/html") : AW_STR("text/plain"),
        .channel = f->channel,
    };
    aw_rc rc = read_rest(file, in, err);

    aw_document_init(&doc, f->channel);
    doc.id = aw_str_of(name);
    input.bytes = aw_buf_str(in);
    if (rc == AW_OK)
        rc = extract_text(&input, &doc, err);
    if (rc == AW_OK)
        rc = print_verdict(f, &doc, err);
    aw_document_deinit(&doc);
    return after_document(f, rc, name, 0, err);
}

static enum input_form sniff(struct aw_str first, const char *name)
{
    struct aw_str file = aw_str_of(name);

    first = aw_str_trim(first);
    if (aw_str_ends(file, AW_STR(".jsonl")) ||
        aw_str_starts(first, AW_STR("{")))
        return FORM_LINES;
    if (aw_cli_is_page(file) || aw_str_starts(first, AW_STR("<")))
        return FORM_HTML;
    return FORM_TEXT;
}

static aw_rc take_open(struct filter *f, FILE *file, const char *name,
                       struct aw_err *err)
{
    enum input_form form = f->form;
    struct aw_buf in;
    char *at;
    aw_rc rc;

    aw_buf_init(&in, LINE_MAX_BYTES);
    at = aw_buf_reserve(&in, SNIFF);
    if (at)
        in.len = fread(at, 1, SNIFF, file);
    rc = check_read(file, err);
    if (form == FORM_SNIFF)
        form = sniff(aw_buf_str(&in), name);
    if (rc != AW_OK)
        rc = after_document(f, rc, name, 0, err);
    else if (form == FORM_LINES)
        rc = take_stream(f, file, &in, name, err);
    else
        rc = take_whole(f, file, &in, name, form, err);
    aw_buf_deinit(&in);
    return rc;
}

static aw_rc take_file(struct filter *f, const char *name, struct aw_err *err)
{
    bool is_stdin = strcmp(name, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(name, "rb");
    aw_rc rc;

    if (!file) {
        (void)aw_fail_errno(err, AW_MISSING, "cannot open");
        return after_document(f, AW_MISSING, name, 0, err);
    }
    rc = take_open(f, file, name, err);
    if (!is_stdin)
        (void)fclose(file);
    return rc;
}

/* ---- the command -------------------------------------------------------- */

static aw_rc set_form(const struct aw_cli *cli, struct filter *f,
                      struct aw_err *err)
{
    static const char *const names[] = {"", "jsonl", "html", "text"};
    const char *form = aw_cli_value(cli, "form");

    if (!form)
        return AW_OK;
    for (int i = FORM_LINES; i <= FORM_TEXT; i++)
        if (strcmp(form, names[i]) == 0)
            f->form = (enum input_form)i;
    if (f->form == FORM_SNIFF)
        return aw_cli_usage(cli, err, "--form '%s' is none", form);
    return AW_OK;
}

static aw_rc set_up(const struct aw_cli *cli, struct filter *f,
                    struct aw_err *err)
{
    const char *channel = aw_cli_value(cli, "channel");
    const char *fail_on = aw_cli_value(cli, "fail-on");
    char lexicon[AW_PATH_MAX];
    char model[AW_PATH_MAX];
    char cache[AW_PATH_MAX];
    struct aw_classifier_config config = {.lexicon_dir = lexicon,
                                          .model_path = model,
                                          .cache_dir = aw_cache_path(cache),
                                          .lazy = true};
    aw_rc rc = set_form(cli, f, err);

    if (rc != AW_OK)
        return rc;
    if (channel && !aw_channel_parse(aw_str_of(channel), &f->channel))
        return aw_cli_usage(cli, err, "--channel '%s' is none", channel);
    f->fails = fail_on != NULL;
    if (fail_on && !aw_verdict_parse(aw_str_of(fail_on), &f->fail_on))
        return aw_cli_usage(cli, err, "--fail-on '%s' is no verdict", fail_on);
    rc = aw_rules_paths(cli, lexicon, model, err);
    if (rc == AW_OK && aw_cli_value(cli, "no-model"))
        config.model_path = NULL;
    return rc == AW_OK ? aw_classifier_new(&f->classifier, &config, err) : rc;
}

static aw_rc end(const struct filter *f, struct aw_err *err)
{
    if (f->bad > 0)
        return aw_fail(err, f->good > 0 ? AW_PARTLY : AW_FAIL,
                       "%zu of %zu documents could not be taken", f->bad,
                       f->bad + f->good);
    if (f->found)
        return aw_fail(err, AW_FOUND, "%s", "");
    return AW_OK;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct filter f = {.channel = AW_CHANNEL_WEB};
    aw_rc rc = set_up(cli, &f, err);

    aw_buf_init(&f.out, (size_t)1 << 30);
    if (rc == AW_OK && cli->word_count == 0)
        rc = take_file(&f, "-", err);
    for (int i = 0; i < cli->word_count && rc == AW_OK; i++)
        rc = take_file(&f, cli->words[i], err);
    aw_buf_deinit(&f.out);
    aw_classifier_free(f.classifier);
    return rc == AW_OK ? end(&f, err) : rc;
}

static const struct aw_option options[] = {
    {"form", "NAME", "jsonl, html or text (else told by name and content)"},
    {"channel", "NAME", "of what names none: web (the default), poster ..."},
    {"fail-on", "VERDICT", "exit status 4 where a document reaches it"},
    {"lexicon", "DIR", "rules (else those that came with adwatch)"},
    {"model", "FILE", "model (likewise)"},
    {"no-model", NULL, "rules alone"},
    {"json", NULL, "JSON lines: what it prints anyway"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_classify = {
    .name = "classify",
    .words = "[FILE...]",
    .words_max = -1,
    .summary = "documents in, verdicts out, a line of JSON each",
    .text = "Reads JSON lines ({\"id\",\"channel\",\"url\",\"title\",\"text\" "
            "or \"html\"}), or HTML or\nplain text files, a document each. "
            "Offsets count code points in \"text\"; where there\nis a title "
            "too it is block 1, the text block 0.\n",
    .options = options,
    .run = run,
};
