/* A file of the lexicon: a digit for its kind (enum aw_yaml_kind), then YAML.
 */
#include "base/arena.h"
#include "classify/lexicon_yaml.h"
#include "tests/fuzz/hold.h"

#define TEXT_MAX ((size_t)1 << 20) /* libFuzzer gives no more */

static void hold_texts(char *const *texts, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (texts[i])
            hold_text(aw_str_of(texts[i]), TEXT_MAX);
}

static void hold_file(const struct aw_yaml_file *file, enum aw_yaml_kind kind)
{
    for (unsigned i = 0; i < file->count; i++) {
        if (kind == AW_YAML_LISTS)
            hold_texts(file->lists[i].items, file->lists[i].items_count);
        if (kind == AW_YAML_RULES) {
            HOLD(file->rules[i].id != NULL);
            hold_texts(file->rules[i].hit, file->rules[i].hit_count);
            hold_texts(file->rules[i].miss, file->rules[i].miss_count);
        }
        if (kind == AW_YAML_CONTEXTS || kind == AW_YAML_EXEMPTIONS) {
            HOLD(file->contexts[i].id != NULL);
            hold_texts(file->contexts[i].all, file->contexts[i].all_count);
            hold_texts(file->contexts[i].none, file->contexts[i].none_count);
        }
        if (kind == AW_YAML_PROVISIONS)
            HOLD(file->provisions[i].id != NULL);
        if (kind == AW_YAML_SEVERITY) {
            HOLD(file->severity[i].part != NULL);
            HOLD(file->severity[i].id != NULL);
            hold_texts(file->severity[i].words, file->severity[i].words_count);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str text = {(const char *)data, size};
    struct aw_yaml_file file;
    struct aw_arena arena;
    struct aw_err err = {0};
    enum aw_yaml_kind kind;
    aw_rc rc;

    if (size == 0 || *text.ptr < '0' || *text.ptr > '0' + AW_YAML_SEVERITY)
        return 0;
    kind = (enum aw_yaml_kind)(*text.ptr - '0');
    text = aw_str_sub(text, 1, size - 1);
    aw_arena_init(&arena, (size_t)64 << 20);
    rc = aw_yaml_file_read(&file, kind, text, true, &arena, &err);
    if (rc == AW_OK)
        hold_file(&file, kind);
    else
        HOLD(err.msg[0] != '\0');
    aw_arena_deinit(&arena);
    return 0;
}
