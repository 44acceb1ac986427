/* answer_seeds.c - what readers write, as seeds for fuzz_answer: made anew at
 * each build, since its form may change with the program.
 *
 *     answer_seeds FOLDER
 */
#include <stdio.h>
#include <stdlib.h>

#include "reader/protocol.h"

#define DIGEST_HALF "0123456789abcdef0123456789abcdef"

static const char *folder;
static struct aw_buf out;
static struct aw_err err;

static void must(aw_rc rc)
{
    if (rc == AW_OK)
        return;
    (void)fprintf(stderr, "answer_seeds: %s\n", err.msg);
    exit(1);
}

static void write_file(const char *name, struct aw_str bytes)
{
    char path[4096];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "wb");
    if (!file || fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len ||
        fclose(file) != 0) {
        (void)fprintf(stderr, "answer_seeds: cannot write '%s'\n", path);
        exit(1);
    }
}

/* The frame, and its head alone. */
static void write_frame(const char *name)
{
    struct aw_frame frame = {0};
    char head[64];
    size_t size;

    write_file(name, aw_buf_str(&out));
    must(aw_frame_get(aw_buf_str(&out), &frame, &size, &err));
    (void)snprintf(head, sizeof head, "%s-head", name);
    write_file(head, frame.head);
    aw_buf_reset(&out);
}

static void fill(struct aw_document *doc)
{
    const struct aw_link link = {AW_STR("http://a.example/b"), true,
                                 AW_LINK_SITEMAP, 1795392000123};
    const struct aw_party party = {AW_PARTY_NAME, AW_STR("甲公司"), 0, 0, 3};
    const struct aw_app app = {AW_STR("s:1"), {AW_STR("云宝")}};

    doc->charset = AW_STR("gb18030");
    doc->charset_why = AW_STR("meta");
    doc->title = AW_STR("标题");
    doc->note = AW_STR("read up to here");
    doc->canonical = AW_STR("http://a.example/");
    doc->text_digest = AW_STR(DIGEST_HALF DIGEST_HALF);
    must(aw_document_add_block(doc, AW_BLOCK_BODY, AW_HIDDEN_NONE,
                               AW_STR("甲公司稳赚保本无忧"), &err));
    must(aw_document_add_link(doc, link, &err));
    must(aw_document_add_party(doc, party, &err));
    must(aw_document_add_app(doc, &app, &err));
}

static void make_full(void)
{
    struct aw_claim claim = {
        .class = AW_CLAIM_CAPITAL_PROTECTION,
        .start = 5,
        .end = 7,
        .quote = AW_STR("保本"),
        .rule = AW_STR("R-1"),
        .rule_version = AW_STR("v1"),
        .code = AW_STR("C1"),
        .law = {AW_STR("p-1"), AW_STR("p-2")},
        .law_count = 2,
        .severity = 3,
        .score = 0.75,
        .exempt_by = AW_STR("E-1"),
        .why = {AW_STR("一"), AW_STR("二")},
        .why_count = 2,
    };
    const struct aw_verdict verdict = {
        .kind = AW_VERDICT_EXEMPT,
        .score = 0.75,
        .doc_kind = AW_DOC_ADVERT,
        .doc_score = 0.5,
        .claims = &claim,
        .claim_count = 1,
    };
    struct aw_document doc;

    aw_document_init(&doc, AW_CHANNEL_POSTER);
    fill(&doc);
    must(aw_answer_put(&out, 2, &doc, &verdict, &err));
    write_frame("full");
    aw_document_deinit(&doc);
}

static void make_bare(void)
{
    const struct aw_verdict verdict = {.doc_kind = AW_DOC_OTHER};
    struct aw_document doc;

    aw_document_init(&doc, AW_CHANNEL_WEB);
    must(aw_answer_put(&out, 3, &doc, &verdict, &err));
    write_frame("bare");
    aw_document_deinit(&doc);
}

static void make_others(void)
{
    const struct aw_err failure = {AW_LIMIT, "it is too long"};
    const struct aw_extract_input input = {
        .url = AW_STR("http://a.example/"),
        .content_type = AW_STR("text/html"),
        .bytes = AW_STR("<p>"),
    };

    must(aw_answer_put_error(&out, 4, &failure, &err));
    write_frame("failed");
    must(aw_answer_put_large(&out, 5, &err));
    write_frame("large");
    must(aw_ready_put(&out, DIGEST_HALF DIGEST_HALF, DIGEST_HALF DIGEST_HALF,
                      &err));
    write_frame("ready");
    must(aw_question_put(&out, 6, &input, &err));
    write_frame("question");
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    folder = argv[1];
    aw_buf_init(&out, (size_t)1 << 20);
    make_full();
    make_bare();
    make_others();
    aw_buf_deinit(&out);
    return 0;
}
