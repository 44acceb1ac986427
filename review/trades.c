#include "review/trades.h"

#include <cyaml/cyaml.h>
#include <stdlib.h>

#include "base/fs.h"
#include "base/yaml.h"

#define FILE_NAME "severity.yaml"
#define ENTRIES_MAX 200
#define WORDS_MAX 5000
#define TEXT_MAX 1000

/* ---- the file ------------------------------------------------------------
 *
 * What is wrong with it is told by `lexicon check`, which reads all of it;
 * here is taken what fits. */

struct entry {
    char *part, *id, *why;
    int points;
    char **words;
    unsigned words_count;
};

struct file {
    struct entry *severity;
    unsigned severity_count;
};

static const cyaml_schema_value_t word_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TEXT_MAX)};
static const cyaml_schema_field_t entry_fields[] = {
    CYAML_FIELD_STRING_PTR("part", CYAML_FLAG_POINTER, struct entry, part, 1,
                           TEXT_MAX),
    CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct entry, id, 1,
                           TEXT_MAX),
    CYAML_FIELD_INT("points", CYAML_FLAG_DEFAULT, struct entry, points),
    CYAML_FIELD_STRING_PTR("why", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                           struct entry, why, 0, TEXT_MAX),
    CYAML_FIELD_SEQUENCE("words", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                         struct entry, words, &word_entry, 0, WORDS_MAX),
    CYAML_FIELD_END};
static const cyaml_schema_value_t entry_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct entry, entry_fields)};
static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE("severity", CYAML_FLAG_POINTER, struct file, severity,
                         &entry_schema, 0, ENTRIES_MAX),
    CYAML_FIELD_END};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields)};

static aw_rc take(struct aw_trade *list, size_t *count, size_t most,
                  const struct entry *from, struct aw_err *err)
{
    if (*count == most)
        return aw_fail(err, AW_CONFIG, "more than %zu entries of part '%s'",
                       most, from->part);
    list[(*count)++] = (struct aw_trade){
        .id = aw_str_of(from->id),
        .name = aw_str_of(from->why),
        .points = from->points,
        .words = from->words,
        .word_count = from->words_count,
    };
    return AW_OK;
}

static aw_rc take_all(struct aw_trades *t, struct aw_err *err)
{
    const struct file *file = t->file;
    aw_rc rc = AW_OK;

    for (unsigned i = 0; i < file->severity_count && rc == AW_OK; i++) {
        const struct entry *from = &file->severity[i];

        if (aw_str_eq(aw_str_of(from->part), AW_STR("sector")))
            rc = take(t->sectors, &t->sector_count, AW_TRADES_MAX, from, err);
        else if (aw_str_eq(aw_str_of(from->part), AW_STR("audience")))
            rc = take(t->audiences, &t->audience_count, AW_AUDIENCES_MAX, from,
                      err);
    }
    return rc;
}

aw_rc aw_trades_new(struct aw_trades **out, const char *lexicon_dir,
                    struct aw_err *err)
{
    struct aw_trades *t = calloc(1, sizeof *t);
    char path[AW_PATH_MAX];
    aw_rc rc;

    if (!t)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = aw_path_join(path, lexicon_dir, FILE_NAME, err);
    if (rc == AW_OK && aw_path_exists(path)) {
        rc = aw_yaml_load_file(&t->file, path, &file_schema, err);
        if (rc == AW_OK && take_all(t, err) != AW_OK)
            rc = aw_fail_in(err, "%s", path);
    }
    if (rc != AW_OK) {
        aw_trades_free(t);
        return rc;
    }
    *out = t;
    return AW_OK;
}

void aw_trades_free(struct aw_trades *trades)
{
    if (!trades)
        return;
    aw_yaml_free(trades->file, &file_schema);
    free(trades);
}

/* ---- what a text says ----------------------------------------------------
 */

static bool has_word(const struct aw_trade *trade, struct aw_str text)
{
    for (size_t i = 0; i < trade->word_count; i++)
        if (aw_str_find(text, aw_str_of(trade->words[i])) >= 0)
            return true;
    return false;
}

uint32_t aw_trades_sectors(const struct aw_trades *trades, struct aw_str text)
{
    uint32_t found = 0;

    for (size_t i = 0; i < trades->sector_count; i++)
        if (has_word(&trades->sectors[i], text))
            found |= UINT32_C(1) << i;
    return found;
}

/* The classifier writes "，养老机构（‘养老院’）+2，" (classify/severity.c). */
static bool is_told(const struct aw_trade *trade, struct aw_str why)
{
    while (trade->name.len > 0) {
        ptrdiff_t at = aw_str_find(why, trade->name);

        if (at < 0)
            return false;
        why = aw_str_sub(why, (size_t)at + trade->name.len, why.len);
        if (aw_str_starts(why, AW_STR("（‘")))
            return true;
    }
    return false;
}

uint32_t aw_trades_sectors_told(const struct aw_trades *trades,
                                struct aw_str why)
{
    uint32_t found = 0;

    for (size_t i = 0; i < trades->sector_count; i++)
        if (is_told(&trades->sectors[i], why))
            found |= UINT32_C(1) << i;
    return found;
}

int aw_trades_audience_told(const struct aw_trades *trades, struct aw_str why)
{
    for (size_t i = 0; i < trades->audience_count; i++)
        if (is_told(&trades->audiences[i], why))
            return (int)i;
    return -1;
}

static int find(const struct aw_trade *list, size_t count, struct aw_str id)
{
    for (size_t i = 0; i < count; i++)
        if (aw_str_eq(list[i].id, id))
            return (int)i;
    return -1;
}

int aw_trades_sector(const struct aw_trades *trades, struct aw_str id)
{
    return find(trades->sectors, trades->sector_count, id);
}

int aw_trades_audience(const struct aw_trades *trades, struct aw_str id)
{
    return find(trades->audiences, trades->audience_count, id);
}
