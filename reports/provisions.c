#include "reports/provisions.h"

#include <cyaml/cyaml.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/utf8.h"
#include "base/yaml.h"

#define TEXT_MAX 20000
#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define BEIJING_MS (INT64_C(8) * 3600 * 1000)

/* One version, with its days as a half-open span of moments. */
struct version {
    const struct aw_provision *provision;
    int64_t from_ms, end_ms;
};

struct file {
    struct aw_provision *provisions;
    unsigned provisions_count;
    struct file *next;
};

struct aw_provisions {
    struct file *files;
    struct version versions[AW_PROVISIONS_MAX];
    size_t count;
};

#define TEXT_FIELD(key, least)                                            \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, struct aw_provision, \
                           key, least, TEXT_MAX)

static const cyaml_schema_value_t code_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 32)};

static const cyaml_schema_field_t provision_fields[] = {
    TEXT_FIELD(id, 1),
    TEXT_FIELD(law, 1),
    TEXT_FIELD(article, 0),
    CYAML_FIELD_STRING_PTR("text", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                           struct aw_provision, text, 0, TEXT_MAX),
    CYAML_FIELD_STRING_PTR("summary", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                           struct aw_provision, summary, 0, TEXT_MAX),
    TEXT_FIELD(from, 10),
    TEXT_FIELD(to, 0),
    TEXT_FIELD(status, 1),
    CYAML_FIELD_SEQUENCE("codes", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                         struct aw_provision, codes, &code_entry, 0,
                         AW_PROVISION_CODES_MAX),
    TEXT_FIELD(source, 0),
    CYAML_FIELD_END};

static const cyaml_schema_value_t provision_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct aw_provision,
                        provision_fields)};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE("provisions", CYAML_FLAG_POINTER, struct file,
                         provisions, &provision_entry, 1, AW_PROVISIONS_MAX),
    CYAML_FIELD_IGNORE("next", CYAML_FLAG_OPTIONAL), CYAML_FIELD_END};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields)};

/* --- loading --------------------------------------------------------- */

static aw_rc read_days(const struct aw_provision *p, struct version *version,
                       struct aw_err *err)
{
    int64_t from;
    int64_t to = INT64_MAX / 2; /* for ever */

    if (!aw_date_parse(aw_str_of(p->from), &from) ||
        (p->to[0] && !aw_date_parse(aw_str_of(p->to), &to)))
        return aw_fail(err, AW_CONFIG,
                       "provision '%s': from '%s' and to '%s' are days as "
                       "2026-11-23, or to is empty",
                       p->id, p->from, p->to);
    if (to < from)
        return aw_fail(err, AW_CONFIG,
                       "provision '%s' ends on %s, before it begins on %s",
                       p->id, p->to, p->from);
    *version =
        (struct version){p, from - BEIJING_MS, to + DAY_MS - BEIJING_MS};
    return AW_OK;
}

static aw_rc add_version(struct aw_provisions *all,
                         const struct aw_provision *p, struct aw_err *err)
{
    struct version version = {0};
    aw_rc rc = read_days(p, &version, err);

    for (size_t i = 0; rc == AW_OK && i < all->count; i++) {
        const struct version *other = &all->versions[i];

        if (strcmp(other->provision->id, p->id) == 0 &&
            version.from_ms < other->end_ms && other->from_ms < version.end_ms)
            rc = aw_fail(err, AW_CONFIG,
                         "provision '%s' has two versions on one day: those "
                         "from %s and from %s",
                         p->id, other->provision->from, p->from);
    }
    if (rc == AW_OK && all->count == AW_PROVISIONS_MAX)
        rc = aw_fail(err, AW_CONFIG, "more than %d provisions",
                     AW_PROVISIONS_MAX);
    if (rc == AW_OK)
        all->versions[all->count++] = version;
    return rc;
}

/* What may be left out reads as the empty text. */
static aw_rc fill_optional(char **text, struct aw_err *err)
{
    if (!*text)
        *text = calloc(1, 1);
    return *text ? AW_OK : aw_fail(err, AW_NOMEM, "out of memory");
}

static aw_rc add_file(void *self, const char *path, struct aw_err *err)
{
    struct aw_provisions *all = self;
    void *loaded = NULL;
    aw_rc rc = aw_yaml_load_file(&loaded, path, &file_schema, err);
    struct file *file = loaded;

    if (rc != AW_OK)
        return rc;
    file->next = all->files;
    all->files = file;
    for (unsigned i = 0; rc == AW_OK && i < file->provisions_count; i++) {
        rc = fill_optional(&file->provisions[i].text, err);
        if (rc == AW_OK)
            rc = fill_optional(&file->provisions[i].summary, err);
        if (rc == AW_OK)
            rc = add_version(all, &file->provisions[i], err);
    }
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "%s", path);
}

aw_rc aw_provisions_new(struct aw_provisions **out, const char *lexicon_dir,
                        struct aw_err *err)
{
    struct aw_provisions *all = calloc(1, sizeof *all);
    char dir[AW_PATH_MAX];
    aw_rc rc;

    if (!all)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = aw_path_join(dir, lexicon_dir, "provisions", err);
    if (rc == AW_OK)
        rc = aw_dir_walk(dir, ".yaml", add_file, all, err);
    if (rc == AW_MISSING)
        rc = aw_fail(err, AW_CONFIG,
                     "'%s' is not there: name the lexicon's folder", dir);
    if (rc == AW_OK)
        *out = all;
    else
        aw_provisions_free(all);
    return rc;
}

void aw_provisions_free(struct aw_provisions *provisions)
{
    if (!provisions)
        return;
    for (struct file *file = provisions->files; file;) {
        struct file *next = file->next;

        aw_yaml_free(file, &file_schema);
        file = next;
    }
    free(provisions);
}

/* --- asking ---------------------------------------------------------- */

const struct aw_provision *
aw_provisions_at(const struct aw_provisions *provisions, struct aw_str id,
                 int64_t wall_ms)
{
    for (size_t i = 0; i < provisions->count; i++) {
        const struct version *version = &provisions->versions[i];

        if (wall_ms >= version->from_ms && wall_ms < version->end_ms &&
            aw_str_eq(id, aw_str_of(version->provision->id)))
            return version->provision;
    }
    return NULL;
}

bool aw_provision_checked(const struct aw_provision *provision)
{
    return strcmp(provision->status, "full-text") == 0;
}

/* 一 is 1 ... 九 is 9, 十 is 10, 百 is 100; 0 for any other character. */
static int numeral_value(uint32_t cp)
{
    static const uint32_t numerals[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                        0x516D, 0x4E03, 0x516B, 0x4E5D};

    for (int i = 0; i < 9; i++)
        if (numerals[i] == cp)
            return i + 1;
    if (cp == 0x5341)
        return 10;
    return cp == 0x767E ? 100 : 0;
}

/* Reads 二十五 at *pos as 25; 0 where no numeral stands there. */
static int read_numeral(struct aw_str text, size_t *pos)
{
    int sum = 0;
    int digit = 0;

    while (*pos < text.len) {
        size_t next = *pos;
        int value = numeral_value(aw_utf8_next(text, &next));

        if (value == 0)
            break;
        if (value >= 10) {
            sum += (digit ? digit : 1) * value;
            digit = 0;
        } else {
            digit = value;
        }
        *pos = next;
    }
    return sum + digit;
}

void aw_provision_short(struct aw_buf *out,
                        const struct aw_provision *provision)
{
    const struct aw_str state = AW_STR("中华人民共和国");
    const struct aw_str nth = AW_STR("第");
    struct aw_str law = aw_str_of(provision->law);
    struct aw_str article = aw_str_of(provision->article);

    if (aw_str_starts(law, state))
        law = aw_str_sub(law, state.len, law.len);
    aw_buf_put(out, law);
    for (size_t pos = 0; pos < article.len;) {
        int number = 0;

        if (aw_str_starts(aw_str_sub(article, pos, article.len), nth)) {
            pos += nth.len;
            aw_buf_put(out, nth);
            number = read_numeral(article, &pos);
        }
        if (number > 0)
            aw_buf_printf(out, "%d", number);
        else if (pos < article.len)
            aw_utf8_put(out, aw_utf8_next(article, &pos));
    }
}
