#include <string.h>
#include <unistd.h>

#include "classify/classify.h"
#include "cli/cli.h"
#include "cli/document_line.h"
#include "extract/extract.h"

#define SNIFF 512
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

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

static aw_rc take_line(struct filter *f, struct aw_str text, const char *name,
                       size_t number, struct aw_err *err)
{
    struct aw_document doc;
    aw_rc rc;

    text = aw_str_trim(text);
    if (text.len == 0)
        return AW_OK;
    aw_document_init(&doc, f->channel);
    rc = aw_document_line_read(&doc, text, err);
    if (rc == AW_OK)
        rc = print_verdict(f, &doc, err);
    aw_document_deinit(&doc);
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
                  AW_LINE_MAX);
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
        rc = aw_document_page_read(&input, &doc, err);
    if (rc == AW_OK)
        rc = print_verdict(f, &doc, err);
    aw_document_deinit(&doc);
    return after_document(f, rc, name, 0, err);
}

static enum input_form sniff(struct aw_str first, const char *name)
{
    struct aw_str file = aw_str_of(name);

    if (aw_str_starts(first, AW_STR(BYTE_ORDER_MARK)))
        first = aw_str_sub(first, strlen(BYTE_ORDER_MARK), first.len);
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

    aw_buf_init(&in, AW_LINE_MAX);
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
