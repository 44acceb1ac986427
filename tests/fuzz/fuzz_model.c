/* A model file, and a short text that is judged with it.
 *
 * The first byte: 'f' for a file as it stands, or a letter from 'a' on for a
 * file whose head is right, with so many rules; then the file's bytes, or what
 * stands behind the head: parameters, rules, tables. A table is large: where
 * bytes are missing, they are taken again from the start of the tables.
 */
#include <fcntl.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "classify/classify_internal.h"
#include "tests/fuzz/hold.h"

#define RULES_MOST 5 /* 'a' to 'e'; 'f' is the file as it stands */
#define ROW_BYTES (sizeof(aw_bayes_row) + sizeof(aw_bayes_classes))

/* A file as aw_model_save writes it, of zeros: its head is right but for the
 * checksum, which is found in it by its value. */
struct form {
    struct aw_buf file;
    size_t head;     /* bytes */
    size_t checksum; /* where in the head */
};

static void make_form(struct form *form, size_t rules)
{
    static struct aw_model_rule none[RULES_MOST];
    struct aw_model model = {.rules = none, .rule_count = rules};
    size_t body =
        sizeof model.params + rules * sizeof *none + AW_FEATURES * ROW_BYTES;
    char path[] = "/tmp/adwatch-fuzz-XXXXXX", hex[AW_CRC64_HEX_MAX];
    struct aw_err err;
    ptrdiff_t at;
    int fd = mkstemp(path);

    HOLD(fd >= 0 && close(fd) == 0);
    model.table = calloc(AW_FEATURES, sizeof *model.table);
    model.classes = calloc(AW_FEATURES, sizeof *model.classes);
    HOLD(model.table && model.classes);
    HOLD(aw_model_save(&model, path, &err) == AW_OK);
    aw_buf_init(&form->file, AW_MODEL_MAX);
    HOLD(aw_file_read(path, &form->file, &err) == AW_OK);
    (void)unlink(path);
    free((void *)(uintptr_t)model.table);
    free((void *)(uintptr_t)model.classes);
    form->head = form->file.len - body;
    aw_crc64_hex(aw_str_sub(aw_buf_str(&form->file), form->head, body), hex);
    at = aw_str_find(aw_str_sub(aw_buf_str(&form->file), 0, form->head),
                     aw_str_of(hex));
    HOLD(at > 0);
    form->checksum = (size_t)at;
}

/* The form with these bytes behind its head. */
static struct aw_str seal(struct form *form, size_t rules, struct aw_str bytes)
{
    size_t params =
        sizeof(struct aw_model_params) + rules * sizeof(struct aw_model_rule);
    char *body = form->file.ptr + form->head, hex[AW_CRC64_HEX_MAX];
    size_t len = form->file.len - form->head;
    size_t have = bytes.len < len ? bytes.len : len;

    memset(body, 0, len);
    if (have > 0)
        memcpy(body, bytes.ptr, have);
    if (have > params)
        for (size_t i = have; i < len; i++)
            body[i] = body[i - (have - params)];
    aw_crc64_hex((struct aw_str){body, len}, hex);
    memcpy(form->file.ptr + form->checksum, hex, strlen(hex));
    return aw_buf_str(&form->file);
}

static void put_file(const char *dir, const char *name, const char *text)
{
    char path[AW_PATH_MAX];
    struct aw_err err;

    HOLD(aw_path_join(path, dir, name, &err) == AW_OK);
    HOLD(aw_file_write(path, aw_str_of(text), &err) == AW_OK);
}

static int drop(const char *path, const struct stat *st, int kind,
                struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static const struct aw_lexicon *small_lexicon(void)
{
    static struct aw_lexicon *lexicon;
    char dir[] = "/tmp/adwatch-fuzz-XXXXXX", claims[64];
    struct aw_err err;

    if (lexicon)
        return lexicon;
    HOLD(mkdtemp(dir));
    for (int i = 0; i < 4; i++) {
        static const char *const names[] = {"provisions", "contexts",
                                            "exemptions", "claims"};

        (void)snprintf(claims, sizeof claims, "%s/%s", dir, names[i]);
        HOLD(mkdir(claims, 0700) == 0);
    }
    put_file(dir, "lists.yaml", "lists: []\n");
    put_file(dir, "provisions/a.yaml", "provisions:\n  - id: law-1\n");
    put_file(dir, "contexts/a.yaml", "contexts: []\n");
    put_file(dir, "exemptions/a.yaml", "exemptions: []\n");
    put_file(
        dir, "claims/a.yaml",
        "rules:\n  - {id: CP-001, version: 1, class: capital_protection, "
        "severity: 3, provision: law-1, pattern: 保本, why: a, hit: [保本]}"
        "\n  - {id: RW-001, version: 1, class: no_risk_warning, "
        "severity: 1, provision: law-1, pattern: 年化, absent: 有风险, "
        "why: b, hit: [年化]}\n");
    HOLD(aw_lexicon_new(&lexicon, dir, &err) == AW_OK);
    (void)nftw(dir, drop, 8, FTW_DEPTH | FTW_PHYS);
    return lexicon;
}

static void hold_claim(const struct aw_claim *claim)
{
    HOLD(claim->class < AW_CLAIM_CLASS_COUNT);
    HOLD(claim->score >= 0 && claim->score <= 1);
    HOLD(claim->start <= claim->end);
    hold_text(claim->quote, AW_DOCUMENT_ARENA_MAX);
    for (size_t i = 0; i < claim->why_count; i++)
        hold_text(claim->why[i], AW_DOCUMENT_ARENA_MAX);
}

static void judge(const struct aw_model *model)
{
    struct aw_classifier *classifier = NULL;
    struct aw_verdict verdict = {0};
    struct aw_document doc;
    struct aw_err err;

    HOLD(aw_classifier_new_with(&classifier, small_lexicon(), model, 0,
                                &err) == AW_OK);
    aw_document_init(&doc, AW_CHANNEL_SMS);
    HOLD(
        aw_document_add_block(&doc, AW_BLOCK_MESSAGE, AW_HIDDEN_NONE,
                              AW_STR("某某理财保本，年化百分之九，每天都有钱进"
                                     "账。亏了由我们补给您，加微信咨询"),
                              &err) == AW_OK);
    HOLD(aw_classifier_run(classifier, &doc, &verdict, &err) == AW_OK);
    HOLD(verdict.score >= 0 && verdict.score <= 1);
    HOLD(verdict.doc_score >= 0 && verdict.doc_score <= 1);
    HOLD(verdict.doc_kind < AW_DOC_KIND_COUNT);
    for (size_t i = 0; i < verdict.claim_count; i++)
        hold_claim(&verdict.claims[i]);
    aw_verdict_deinit(&verdict);
    aw_document_deinit(&doc);
    aw_classifier_free(classifier);
}

static void load(struct aw_str file)
{
    struct aw_model model = {0};
    struct aw_err err = {0};
    char path[64];
    aw_rc rc;
    int fd = memfd_create("model.awm", 0);

    HOLD(fd >= 0 && write(fd, file.ptr, file.len) == (ssize_t)file.len);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    rc = aw_model_load(&model, path, &err);
    (void)close(fd);
    HOLD(rc == AW_OK || (rc == AW_CONFIG && err.msg[0] != '\0'));
    if (rc == AW_OK)
        judge(&model);
    aw_model_unload(&model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct form forms[RULES_MOST];
    struct aw_str bytes = {(const char *)data, size};
    size_t rules;

    if (size == 0 || *bytes.ptr < 'a' || *bytes.ptr > 'a' + RULES_MOST)
        return 0;
    rules = (size_t)(*bytes.ptr - 'a');
    bytes = aw_str_sub(bytes, 1, size - 1);
    if (rules < RULES_MOST && !forms[rules].head)
        make_form(&forms[rules], rules);
    load(rules < RULES_MOST ? seal(&forms[rules], rules, bytes) : bytes);
    return 0;
}
