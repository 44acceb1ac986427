#include "evidence/transfer.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fs.h"
#include "base/pointer.h"
#include "base/yaml.h"

#define TEXT_MAX 1000
#define NAMES_MAX 32

struct file {
    struct aw_transfer_list *transfer;
    unsigned transfer_count;
};

struct aw_transfer {
    struct file *files[AW_TRANSFER_LISTS_MAX];
    size_t count;
};

/* ---- the form ----------------------------------------------------------- */

#define ITEM_TEXT(key, least)                                                 \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, struct aw_transfer_item, \
                           key, least, TEXT_MAX)
#define ITEM_OPTIONAL(key)                                                \
    CYAML_FIELD_STRING_PTR(#key,                                          \
                           CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL, \
                           struct aw_transfer_item, key, 0, TEXT_MAX)

static const cyaml_schema_field_t item_fields[] = {
    ITEM_TEXT(id, 1),
    ITEM_TEXT(name, 1),
    ITEM_OPTIONAL(file),
    ITEM_OPTIONAL(field),
    CYAML_FIELD_BOOL("hand", CYAML_FLAG_OPTIONAL, struct aw_transfer_item,
                     hand),
    CYAML_FIELD_BOOL("needed", CYAML_FLAG_DEFAULT, struct aw_transfer_item,
                     needed),
    ITEM_TEXT(source, 1),
    ITEM_TEXT(status, 1),
    CYAML_FIELD_END};

static const cyaml_schema_value_t item_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct aw_transfer_item,
                        item_fields)};

static const cyaml_schema_value_t name_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TEXT_MAX)};

#define LIST_TEXT(key)                                                        \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, struct aw_transfer_list, \
                           key, 1, TEXT_MAX)

static const cyaml_schema_field_t list_fields[] = {
    LIST_TEXT(id), LIST_TEXT(name),
    CYAML_FIELD_SEQUENCE("also", CYAML_FLAG_POINTER, struct aw_transfer_list,
                         also, &name_entry, 0, NAMES_MAX),
    CYAML_FIELD_SEQUENCE("items", CYAML_FLAG_POINTER, struct aw_transfer_list,
                         items, &item_entry, 1, AW_TRANSFER_ITEMS_MAX),
    CYAML_FIELD_END};

static const cyaml_schema_value_t list_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct aw_transfer_list,
                        list_fields)};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE("transfer", CYAML_FLAG_POINTER, struct file, transfer,
                         &list_entry, 1, AW_TRANSFER_LISTS_MAX),
    CYAML_FIELD_END};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields)};

/* ---- what the form cannot say ------------------------------------------- */

static bool is_empty(const char *text)
{
    return !text || !*text;
}

static bool is_status(const char *status)
{
    return strcmp(status, "full-text") == 0 ||
           strcmp(status, "second-hand") == 0 ||
           strcmp(status, "general") == 0;
}

/* Why the item cannot be, and the key that is wrong; NULL: it can. */
static const char *wrong_item(const struct aw_transfer_item *item,
                              const char **key)
{
    *key = "file";
    if (is_empty(item->file) && !item->hand)
        return "name a file, or say that it is brought by hand";
    *key = "field";
    if (!is_empty(item->field) && is_empty(item->file))
        return "a field is in no file: name one";
    if (!is_empty(item->field) && !aw_pointer_valid(aw_str_of(item->field)))
        return "it is no JSON Pointer: /parties/uscc";
    *key = "status";
    if (!is_status(item->status))
        return "it is full-text, second-hand or general";
    return NULL;
}

static const char *wrong_id(const struct aw_transfer_list *list, unsigned i)
{
    for (unsigned n = 0; n < i; n++)
        if (strcmp(list->items[n].id, list->items[i].id) == 0)
            return "another item has this id";
    return NULL;
}

/* A text that was read, for the lines of its mistakes. */
struct source {
    const char *path;
    struct aw_str text;
};

static aw_rc check_list(const struct source *source,
                        const struct aw_transfer_list *list, unsigned number,
                        struct aw_err *err)
{
    for (unsigned i = 0; i < list->items_count; i++) {
        const char *key = "id";
        const char *wrong = wrong_id(list, i);
        char path[128];

        if (!wrong)
            wrong = wrong_item(&list->items[i], &key);
        if (!wrong)
            continue;
        (void)snprintf(path, sizeof path, "transfer[%u].items[%u].%s", number,
                       i, key);
        return aw_fail(err, AW_CONFIG, "%s:%d: item '%s', '%s': %s",
                       source->path, aw_yaml_line_at(source->text, path),
                       list->items[i].id, key, wrong);
    }
    return AW_OK;
}

static aw_rc check_name(const struct aw_transfer *all,
                        const struct source *source, const char *name,
                        unsigned number, struct aw_err *err)
{
    char path[64];

    if (!aw_transfer_find(all, aw_str_of(name)))
        return AW_OK;
    (void)snprintf(path, sizeof path, "transfer[%u].id", number);
    return aw_fail(err, AW_CONFIG, "%s:%d: another list is for '%s'",
                   source->path, aw_yaml_line_at(source->text, path), name);
}

static aw_rc check_file(const struct aw_transfer *all,
                        const struct source *source, const struct file *file,
                        struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (unsigned i = 0; rc == AW_OK && i < file->transfer_count; i++) {
        const struct aw_transfer_list *list = &file->transfer[i];

        rc = check_name(all, source, list->id, i, err);
        if (rc == AW_OK)
            rc = check_name(all, source, list->name, i, err);
        for (unsigned n = 0; rc == AW_OK && n < list->also_count; n++)
            rc = check_name(all, source, list->also[n], i, err);
        if (rc == AW_OK)
            rc = check_list(source, list, i, err);
    }
    return rc;
}

/* ---- loading ------------------------------------------------------------ */

static aw_rc load(struct aw_transfer *all, const struct source *source,
                  struct aw_err *err)
{
    void *loaded = NULL;
    aw_rc rc =
        aw_yaml_load(&loaded, source->text, source->path, &file_schema, err);

    if (rc != AW_OK)
        return rc;
    rc = check_file(all, source, loaded, err);
    if (rc == AW_OK)
        all->files[all->count++] = loaded;
    else
        aw_yaml_free(loaded, &file_schema);
    return rc;
}

static aw_rc add_file(void *self, const char *path, struct aw_err *err)
{
    struct aw_transfer *all = self;
    struct source source = {path, {0}};
    struct aw_buf text;
    aw_rc rc;

    if (all->count == AW_TRANSFER_LISTS_MAX)
        return aw_fail(err, AW_CONFIG, "%s: more than %d files", path,
                       AW_TRANSFER_LISTS_MAX);
    aw_buf_init(&text, AW_YAML_MAX);
    rc = aw_file_read(path, &text, err);
    source.text = aw_buf_str(&text);
    if (rc == AW_OK)
        rc = load(all, &source, err);
    aw_buf_deinit(&text);
    return rc;
}

aw_rc aw_transfer_new(struct aw_transfer **out, const char *lexicon_dir,
                      struct aw_err *err)
{
    struct aw_transfer *all = calloc(1, sizeof *all);
    char dir[AW_PATH_MAX];
    aw_rc rc;

    if (!all)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = aw_path_join(dir, lexicon_dir, "transfer", err);
    if (rc == AW_OK)
        rc = aw_dir_walk(dir, ".yaml", add_file, all, err);
    if (rc == AW_MISSING)
        rc = aw_fail(err, AW_CONFIG,
                     "'%s' is not there: a lexicon has lists for transfers in "
                     "it",
                     dir);
    if (rc == AW_OK)
        *out = all;
    else
        aw_transfer_free(all);
    return rc;
}

void aw_transfer_free(struct aw_transfer *transfer)
{
    if (!transfer)
        return;
    for (size_t i = 0; i < transfer->count; i++)
        aw_yaml_free(transfer->files[i], &file_schema);
    free(transfer);
}

/* ---- asking ------------------------------------------------------------- */

const struct aw_transfer_list *aw_transfer_at(const struct aw_transfer *all,
                                              size_t i)
{
    for (size_t f = 0; f < all->count; f++) {
        const struct file *file = all->files[f];

        if (i < file->transfer_count)
            return &file->transfer[i];
        i -= file->transfer_count;
    }
    return NULL;
}

static bool is_for(const struct aw_transfer_list *list, struct aw_str whom)
{
    if (aw_str_eq(whom, aw_str_of(list->id)) ||
        aw_str_eq(whom, aw_str_of(list->name)))
        return true;
    for (unsigned i = 0; i < list->also_count; i++)
        if (aw_str_eq(whom, aw_str_of(list->also[i])))
            return true;
    return false;
}

const struct aw_transfer_list *
aw_transfer_find(const struct aw_transfer *transfer, struct aw_str whom)
{
    const struct aw_transfer_list *list;

    for (size_t i = 0; (list = aw_transfer_at(transfer, i)) != NULL; i++)
        if (is_for(list, whom))
            return list;
    return NULL;
}

bool aw_transfer_is_checked(const struct aw_transfer_item *item)
{
    return strcmp(item->status, "full-text") == 0;
}
