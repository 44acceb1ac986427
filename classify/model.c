#include "classify/model.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"

#define MAGIC "AWMODEL"
#define BYTE_ORDER_MARK 0x01020304u

struct head {
    char magic[8];
    uint32_t version;
    uint32_t byte_order;
    uint64_t size; /* of the whole file */
    uint32_t features, columns;
    uint32_t rules;
    uint32_t params_size;
    char checksum[AW_CRC64_HEX_MAX + 7]; /* of what follows the head */
};

_Static_assert(sizeof(struct head) % 16 == 0, "what follows is aligned");
_Static_assert(sizeof(struct aw_model_params) % 8 == 0, "rules are aligned");
_Static_assert(sizeof(struct aw_model_rule) % 16 == 0, "the table is aligned");

static uint64_t file_size(uint32_t rules)
{
    return sizeof(struct head) + sizeof(struct aw_model_params) +
           rules * (uint64_t)sizeof(struct aw_model_rule) +
           AW_FEATURES * (uint64_t)sizeof(aw_bayes_row) +
           AW_FEATURES * (uint64_t)sizeof(aw_bayes_classes);
}

static const char *wrong_head(const struct head *head, size_t len)
{
    if (len < sizeof *head || memcmp(head->magic, MAGIC, sizeof MAGIC) != 0)
        return "it is no model of adwatch";
    if (head->byte_order != BYTE_ORDER_MARK)
        return "it is from a machine of another byte order";
    if (head->version != AW_MODEL_VERSION)
        return "it is of another version";
    if (head->features != AW_FEATURES || head->columns != AW_COLUMN_COUNT ||
        head->params_size != sizeof(struct aw_model_params) ||
        head->rules > AW_MODEL_RULES_MAX)
        return "it is of another shape";
    if (head->size != len || file_size(head->rules) != len)
        return "it is cut off or has something behind it";
    return NULL;
}

static const char *wrong_body(const char *bytes, size_t len,
                              const struct head *head)
{
    char checksum[AW_CRC64_HEX_MAX];

    aw_crc64_hex((struct aw_str){bytes + sizeof *head, len - sizeof *head},
                 checksum);
    return memcmp(checksum, head->checksum, sizeof checksum) == 0
               ? NULL
               : "its checksum is wrong";
}

/* A sum of numbers that are finite need not be one. */
static bool all_sane(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]) || fabs(values[i]) > AW_MODEL_VALUE_MOST)
            return false;
    return true;
}

static bool is_probability(double value)
{
    return isfinite(value) && value > 0 && value < 1;
}

static bool is_share(double value)
{
    return isfinite(value) && value >= 0 && value <= 1;
}

static bool is_text_ended(const struct aw_model_rule *rule)
{
    return memchr(rule->id, '\0', sizeof rule->id) != NULL;
}

static const char *wrong_values(const struct aw_model *model)
{
    const struct aw_model_params *p = &model->params;
    bool ok = is_probability(p->threshold) &&
              is_probability(p->document_threshold) &&
              is_share(p->precision) && is_share(p->recall) &&
              all_sane(&p->kind_scale, 1) &&
              all_sane(p->kind_bias, AW_DOC_KIND_COUNT) &&
              all_sane(p->claim.weight, AW_LOGIT_INPUTS) &&
              all_sane(p->sentence.weight, AW_LOGIT_INPUTS) &&
              all_sane(p->absent.weight, AW_LOGIT_INPUTS) &&
              all_sane(p->document.weight, AW_LOGIT_INPUTS);

    for (size_t i = 0; ok && i < model->rule_count; i++)
        ok = is_text_ended(&model->rules[i]) &&
             all_sane(&model->rules[i].strength, 1);
    return ok ? NULL : "it holds values that are none";
}

static void fill(struct aw_model *model, const char *bytes,
                 const struct head *head)
{
    const char *at = bytes + sizeof *head;

    memcpy(&model->params, at, sizeof model->params);
    at += sizeof model->params;
    model->rules = (const struct aw_model_rule *)(const void *)at;
    model->rule_count = head->rules;
    at += head->rules * sizeof *model->rules;
    model->table = (const aw_bayes_row *)(const void *)at;
    at += AW_FEATURES * sizeof *model->table;
    model->classes = (const aw_bayes_classes *)(const void *)at;
}

static const char *check_and_fill(struct aw_model *model, const char *bytes,
                                  size_t len)
{
    struct head head = {0};
    const char *wrong;

    memcpy(&head, bytes, len < sizeof head ? len : sizeof head);
    wrong = wrong_head(&head, len);
    if (!wrong)
        wrong = wrong_body(bytes, len, &head);
    if (wrong)
        return wrong;
    fill(model, bytes, &head);
    return wrong_values(model);
}

static aw_rc map_file(int fd, struct aw_model *model, struct aw_err *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return aw_fail_errno(err, AW_IO, "cannot read");
    if (!S_ISREG(st.st_mode) || st.st_size <= 0 ||
        (uint64_t)st.st_size > AW_MODEL_MAX)
        return aw_fail(err, AW_CONFIG,
                       "it is no file of 1 to %zu bytes: run 'adwatch train'",
                       AW_MODEL_MAX);
    model->mapped_len = (size_t)st.st_size;
    model->mapped = mmap(NULL, model->mapped_len, PROT_READ,
                         MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (model->mapped != MAP_FAILED)
        return AW_OK;
    model->mapped = NULL;
    return aw_fail_errno(err, AW_IO, "cannot map");
}

aw_rc aw_model_load(struct aw_model *out, const char *path, struct aw_err *err)
{
    struct aw_model model = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const char *wrong = NULL;
    aw_rc rc;

    if (fd < 0)
        return aw_fail_errno(err, AW_CONFIG,
                             "model '%s' (run 'adwatch train' to make it)",
                             path);
    rc = map_file(fd, &model, err);
    (void)close(fd);
    if (rc == AW_OK)
        wrong = check_and_fill(&model, model.mapped, model.mapped_len);
    if (wrong)
        rc = aw_fail(err, AW_CONFIG, "%s: run 'adwatch train' to make it anew",
                     wrong);
    if (rc == AW_OK) {
        *out = model;
        return AW_OK;
    }
    aw_model_unload(&model);
    return aw_fail_in(err, "model '%s'", path);
}

const char *aw_model_hash(struct aw_model *model)
{
    if (model->mapped && !model->hash[0])
        aw_sha256_hex((struct aw_str){model->mapped, model->mapped_len},
                      model->hash);
    return model->hash;
}

void aw_model_unload(struct aw_model *model)
{
    if (model->mapped)
        (void)munmap(model->mapped, model->mapped_len);
    *model = (struct aw_model){0};
}

aw_rc aw_model_save(const struct aw_model *model, const char *path,
                    struct aw_err *err)
{
    struct head head = {.magic = MAGIC,
                        .version = AW_MODEL_VERSION,
                        .byte_order = BYTE_ORDER_MARK,
                        .size = file_size((uint32_t)model->rule_count),
                        .features = AW_FEATURES,
                        .columns = AW_COLUMN_COUNT,
                        .rules = (uint32_t)model->rule_count,
                        .params_size = sizeof model->params};
    struct aw_str body;
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, AW_MODEL_MAX);
    aw_buf_append(&out, &head, sizeof head);
    aw_buf_append(&out, &model->params, sizeof model->params);
    aw_buf_append(&out, model->rules,
                  model->rule_count * sizeof *model->rules);
    aw_buf_append(&out, model->table, AW_FEATURES * sizeof *model->table);
    aw_buf_append(&out, model->classes, AW_FEATURES * sizeof *model->classes);
    rc = aw_buf_check(&out, err);
    if (rc == AW_OK) {
        body = aw_str_sub(aw_buf_str(&out), sizeof head, out.len);
        aw_crc64_hex(body, head.checksum);
        memcpy(out.ptr, &head, sizeof head);
        rc = aw_file_write(path, aw_buf_str(&out), err);
    }
    aw_buf_deinit(&out);
    return rc;
}

static int by_id(const void *key, const void *item)
{
    const struct aw_str *id = key;
    const struct aw_model_rule *rule = item;

    return aw_str_cmp(*id, aw_str_of(rule->id));
}

const struct aw_model_rule *aw_model_rule(const struct aw_model *model,
                                          struct aw_str id)
{
    if (model->rule_count == 0)
        return NULL;
    return bsearch(&id, model->rules, model->rule_count, sizeof *model->rules,
                   by_id);
}
