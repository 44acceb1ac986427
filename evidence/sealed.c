#include "evidence/sealed.h"

#include <stdlib.h>

#include "evidence/bundle_names.h"
#include "evidence/chain.h"
#include "evidence/parsed.h"
#include "evidence/statement.h"

static aw_rc add_file(struct aw_sealed *sealed,
                      const struct aw_bag_file *entry, struct aw_err *err)
{
    const size_t dir = sizeof AW_SEAL_DIR - 1;
    struct aw_seal_file *file = &sealed->files[sealed->count];

    if (sealed->count == AW_SEAL_FILES_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d files in " AW_SEAL_DIR,
                       AW_SEAL_FILES_MAX);
    if (entry->bytes.len > AW_SEAL_FILE_MAX)
        return aw_fail(err, AW_LIMIT, "'%.*s' is larger than %zu bytes",
                       AW_STR_ARG(entry->name), AW_SEAL_FILE_MAX);
    file->name = aw_str_sub(entry->name, dir, entry->name.len);
    file->bytes = entry->bytes;
    sealed->count++;
    return AW_OK;
}

aw_rc aw_sealed_of(const struct aw_bag_view *bag, struct aw_sealed *out,
                   struct aw_err *err)
{
    aw_rc rc = AW_OK;

    *out = (struct aw_sealed){.bag = bag, .folder = bag->folder};
    if (!aw_bag_find(bag, AW_STR(AW_BAG_SIGNED), &out->tagmanifest))
        return aw_fail(err, AW_INVALID, "there is no " AW_BAG_SIGNED);
    (void)aw_bag_find(bag, AW_STR(AW_CHAIN_NAME), &out->chain);
    for (size_t i = 0; i < bag->count && rc == AW_OK; i++)
        if (aw_str_starts(bag->files[i].name, AW_STR(AW_SEAL_DIR)))
            rc = add_file(out, &bag->files[i], err);
    return rc;
}

static void take_newer(struct aw_str text, int64_t *at_ms)
{
    int64_t ms;

    if (aw_statement_time(aw_str_sub(text, 0, 19), &ms) && ms > *at_ms)
        *at_ms = ms;
}

static void look_at_decisions(const struct aw_parsed *json, int64_t *at_ms)
{
    const struct aw_parsed *finding =
        aw_parsed_first(aw_parsed_array(json, "findings"));

    for (; finding; finding = aw_parsed_next(finding)) {
        const struct aw_parsed *one =
            aw_parsed_first(aw_parsed_array(finding, "decisions"));

        for (; one; one = aw_parsed_next(one))
            take_newer(aw_parsed_str(one, "at"), at_ms);
    }
}

static void look_at_captures(const struct aw_parsed *json, int64_t *at_ms)
{
    const struct aw_parsed *one =
        aw_parsed_first(aw_parsed_array(json, "captures"));

    for (; one; one = aw_parsed_next(one))
        take_newer(aw_parsed_str(one, "fetched"), at_ms);
}

aw_rc aw_sealed_newest(const struct aw_sealed *sealed, int64_t *at_ms,
                       struct aw_err *err)
{
    static const struct {
        const char *name;
        void (*look)(const struct aw_parsed *json, int64_t *at_ms);
    } files[] = {{AW_BUNDLE_CAPTURES, look_at_captures},
                 {AW_BUNDLE_DECISIONS, look_at_decisions}};
    aw_rc rc = AW_OK;

    *at_ms = sealed->newest_ms;
    if (sealed->is_dated)
        return AW_OK;
    for (size_t i = 0; i < sizeof files / sizeof *files && rc == AW_OK; i++) {
        const struct aw_str name = aw_str_of(files[i].name);
        struct aw_parsed *json = NULL;
        struct aw_str bytes;

        if (!sealed->bag || !aw_bag_find(sealed->bag, name, &bytes))
            continue;
        rc = aw_parsed_load(sealed->bag, name, &json, err);
        if (rc == AW_OK)
            files[i].look(json, at_ms);
        aw_parsed_free(json);
    }
    return rc;
}

void aw_sealed_date(struct aw_sealed *sealed, const struct aw_parsed *captures,
                    const struct aw_parsed *decisions)
{
    sealed->newest_ms = 0;
    look_at_captures(captures, &sealed->newest_ms);
    look_at_decisions(decisions, &sealed->newest_ms);
    sealed->is_dated = true;
}

bool aw_sealed_find(const struct aw_sealed *sealed, const char *name,
                    struct aw_str *bytes)
{
    for (size_t i = 0; i < sealed->count; i++) {
        if (aw_str_eq(sealed->files[i].name, aw_str_of(name))) {
            *bytes = sealed->files[i].bytes;
            return true;
        }
    }
    return false;
}

struct aw_sealed_file {
    struct aw_bag_view *bag;
    struct aw_sealed sealed;
};

aw_rc aw_sealed_open(struct aw_sealed_file **out, const char *path,
                     struct aw_err *err)
{
    struct aw_sealed_file *file = calloc(1, sizeof *file);
    aw_rc rc;

    if (!file)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = aw_bag_open(&file->bag, path, err);
    if (rc == AW_OK)
        rc = aw_sealed_of(file->bag, &file->sealed, err);
    if (rc != AW_OK) {
        aw_sealed_free(file);
        return aw_fail_in(err, "'%s'", path);
    }
    *out = file;
    return AW_OK;
}

const struct aw_sealed *aw_sealed_get(const struct aw_sealed_file *file)
{
    return &file->sealed;
}

void aw_sealed_free(struct aw_sealed_file *file)
{
    if (!file)
        return;
    aw_bag_view_free(file->bag);
    free(file);
}
