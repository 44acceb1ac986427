#include "review/places.h"

#include <cyaml/cyaml.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/utf8.h"
#include "base/yaml.h"

#define FOLDER "places"
#define FILES_MAX 400
#define ENTRIES_MAX 200
#define OLD_MAX 20
#define TEXT_MAX 100
#define CODE_LEN 6 /* digits of a division */
#define CITY_LEN 4 /* of these: province and city */

struct division {
    char *id, *name;
    char **old;
    unsigned old_count;
};

struct zone {
    char *id, *name;
};

struct city {
    char *id, *name, *area_code;
};

struct file {
    struct city city;
    struct division *divisions;
    unsigned divisions_count;
    struct zone *zones;
    unsigned zones_count;
};

struct aw_places {
    struct file *files[FILES_MAX];
    char (*zone_codes[FILES_MAX])[AW_PLACE_MAX]; /* in step with zones */
    size_t count;
};

#define TEXT_FIELD(type, key, least)                                   \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, type, key, least, \
                           TEXT_MAX)

static const cyaml_schema_value_t code_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, CODE_LEN, CODE_LEN)};
static const cyaml_schema_field_t division_fields[] = {
    TEXT_FIELD(struct division, id, CODE_LEN),
    TEXT_FIELD(struct division, name, 1),
    CYAML_FIELD_SEQUENCE("old", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                         struct division, old, &code_entry, 0, OLD_MAX),
    CYAML_FIELD_END};
static const cyaml_schema_value_t division_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct division, division_fields)};
static const cyaml_schema_field_t zone_fields[] = {
    TEXT_FIELD(struct zone, id, 1), TEXT_FIELD(struct zone, name, 1),
    CYAML_FIELD_END};
static const cyaml_schema_value_t zone_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct zone, zone_fields)};
static const cyaml_schema_field_t city_fields[] = {
    TEXT_FIELD(struct city, id, CODE_LEN), TEXT_FIELD(struct city, name, 1),
    TEXT_FIELD(struct city, area_code, 0), CYAML_FIELD_END};
static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_MAPPING("city", CYAML_FLAG_DEFAULT, struct file, city,
                        city_fields),
    CYAML_FIELD_SEQUENCE("divisions", CYAML_FLAG_POINTER, struct file,
                         divisions, &division_entry, 0, ENTRIES_MAX),
    CYAML_FIELD_SEQUENCE("zones", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                         struct file, zones, &zone_entry, 0, ENTRIES_MAX),
    CYAML_FIELD_END};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields)};

/* Provinces: their code, the character of their ICP filings, their name. */
static const struct {
    const char *code, *letter, *name;
} provinces[] = {
    {"11", "京", "北京市"},           {"12", "津", "天津市"},
    {"13", "冀", "河北省"},           {"14", "晋", "山西省"},
    {"15", "蒙", "内蒙古自治区"},     {"21", "辽", "辽宁省"},
    {"22", "吉", "吉林省"},           {"23", "黑", "黑龙江省"},
    {"31", "沪", "上海市"},           {"32", "苏", "江苏省"},
    {"33", "浙", "浙江省"},           {"34", "皖", "安徽省"},
    {"35", "闽", "福建省"},           {"36", "赣", "江西省"},
    {"37", "鲁", "山东省"},           {"41", "豫", "河南省"},
    {"42", "鄂", "湖北省"},           {"43", "湘", "湖南省"},
    {"44", "粤", "广东省"},           {"45", "桂", "广西壮族自治区"},
    {"46", "琼", "海南省"},           {"50", "渝", "重庆市"},
    {"51", "川", "四川省"},           {"51", "蜀", "四川省"},
    {"52", "贵", "贵州省"},           {"52", "黔", "贵州省"},
    {"53", "云", "云南省"},           {"53", "滇", "云南省"},
    {"54", "藏", "西藏自治区"},       {"61", "陕", "陕西省"},
    {"62", "甘", "甘肃省"},           {"62", "陇", "甘肃省"},
    {"63", "青", "青海省"},           {"64", "宁", "宁夏回族自治区"},
    {"65", "新", "新疆维吾尔自治区"},
};
#define PROVINCES (sizeof provinces / sizeof *provinces)

/* ---- reading -------------------------------------------------------------
 */

static aw_rc name_zones(struct aw_places *places, size_t n, struct aw_err *err)
{
    const struct file *file = places->files[n];

    if (file->zones_count == 0)
        return AW_OK;
    places->zone_codes[n] =
        calloc(file->zones_count, sizeof *places->zone_codes[n]);
    if (!places->zone_codes[n])
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (unsigned i = 0; i < file->zones_count; i++)
        if (snprintf(places->zone_codes[n][i], AW_PLACE_MAX, "%.*s/%s",
                     CITY_LEN, file->city.id,
                     file->zones[i].id) >= AW_PLACE_MAX)
            return aw_fail(err, AW_CONFIG, "zone '%s': its id is too long",
                           file->zones[i].id);
    return AW_OK;
}

static aw_rc read_file(struct aw_places *places, const char *dir,
                       const char *name, struct aw_err *err)
{
    char path[AW_PATH_MAX];
    void *data = NULL;
    aw_rc rc = aw_path_join(path, dir, name, err);

    if (rc == AW_OK && places->count == FILES_MAX)
        rc = aw_fail(err, AW_CONFIG, "more than %d places", FILES_MAX);
    if (rc == AW_OK)
        rc = aw_yaml_load_file(&data, path, &file_schema, err);
    if (rc != AW_OK)
        return rc;
    places->files[places->count++] = data;
    rc = name_zones(places, places->count - 1, err);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "%s", path);
}

static int is_yaml(const struct dirent *entry)
{
    return aw_str_ends(aw_str_of(entry->d_name), AW_STR(".yaml"));
}

static aw_rc read_folder(struct aw_places *places, const char *dir,
                         struct aw_err *err)
{
    struct dirent **names = NULL;
    int count = scandir(dir, &names, is_yaml, alphasort);
    aw_rc rc = AW_OK;

    for (int i = 0; i < count; i++) {
        if (rc == AW_OK)
            rc = read_file(places, dir, names[i]->d_name, err);
        free(names[i]);
    }
    free(names);
    return rc;
}

aw_rc aw_places_new(struct aw_places **out, const char *lexicon_dir,
                    struct aw_err *err)
{
    struct aw_places *places = calloc(1, sizeof *places);
    char dir[AW_PATH_MAX];
    aw_rc rc;

    if (!places)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = aw_path_join(dir, lexicon_dir, FOLDER, err);
    if (rc == AW_OK)
        rc = read_folder(places, dir, err);
    if (rc != AW_OK) {
        aw_places_free(places);
        return rc;
    }
    *out = places;
    return AW_OK;
}

void aw_places_free(struct aw_places *places)
{
    if (!places)
        return;
    for (size_t i = 0; i < places->count; i++) {
        aw_yaml_free(places->files[i], &file_schema);
        free(places->zone_codes[i]);
    }
    free(places);
}

/* ---- names ---------------------------------------------------------------
 */

static struct aw_str name_in(const struct aw_places *places, size_t n,
                             struct aw_str code)
{
    const struct file *file = places->files[n];

    if (aw_str_eq(code, aw_str_of(file->city.id)))
        return aw_str_of(file->city.name);
    for (unsigned i = 0; i < file->divisions_count; i++)
        if (aw_str_eq(code, aw_str_of(file->divisions[i].id)))
            return aw_str_of(file->divisions[i].name);
    for (unsigned i = 0; i < file->zones_count; i++)
        if (aw_str_eq(code, aw_str_of(places->zone_codes[n][i])))
            return aw_str_of(file->zones[i].name);
    return (struct aw_str){0};
}

struct aw_str aw_places_name(const struct aw_places *places,
                             struct aw_str code)
{
    for (size_t i = 0; i < places->count; i++) {
        struct aw_str name = name_in(places, i, code);

        if (name.len > 0)
            return name;
    }
    for (size_t i = 0; i < PROVINCES; i++)
        if (aw_str_starts(code, aw_str_of(provinces[i].code)))
            return aw_str_of(provinces[i].name);
    return (struct aw_str){0};
}

/* ---- what each thing says ------------------------------------------------
 */

static bool is_digits(struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!aw_ascii_digit(text.ptr[i]))
            return false;
    return text.len > 0;
}

static bool is_province(struct aw_str code)
{
    for (size_t i = 0; i < PROVINCES; i++)
        if (aw_str_starts(code, aw_str_of(provinces[i].code)))
            return true;
    return false;
}

static void set(char out[AW_PLACE_MAX], struct aw_str code)
{
    (void)snprintf(out, AW_PLACE_MAX, "%.*s", AW_STR_ARG(code));
}

/* Codes that were given up go on as those that took their place. */
static struct aw_str today(const struct aw_places *places, struct aw_str code)
{
    for (size_t n = 0; n < places->count; n++) {
        const struct file *file = places->files[n];

        for (unsigned i = 0; i < file->divisions_count; i++)
            for (unsigned k = 0; k < file->divisions[i].old_count; k++)
                if (aw_str_eq(code, aw_str_of(file->divisions[i].old[k])))
                    return aw_str_of(file->divisions[i].id);
    }
    return code;
}

static void by_code(const struct aw_places *places, struct aw_str code,
                    char out[AW_PLACE_MAX])
{
    if (code.len == CODE_LEN && is_digits(code) && is_province(code))
        set(out, today(places, code));
}

/* 鲁公网安备37081102000123号: digits 5 and 6 are a division, or they are not:
 * then the city alone is known. */
static void by_psb(const struct aw_places *places, struct aw_str psb,
                   char out[AW_PLACE_MAX])
{
    struct aw_str code;
    size_t at = 0;

    while (at < psb.len && !aw_ascii_digit(psb.ptr[at]))
        at++;
    code = aw_str_sub(psb, at, CODE_LEN);
    by_code(places, code, out);
    for (size_t i = 0; out[0] && i < places->count; i++)
        if (name_in(places, i, aw_str_of(out)).len > 0)
            return;
    if (out[0])
        (void)snprintf(out + CITY_LEN, AW_PLACE_MAX - CITY_LEN, "00");
}

/* 济宁市 as it stands in names: 济宁. */
static struct aw_str short_name(const struct city *city)
{
    struct aw_str name = aw_str_of(city->name);

    if (aw_str_ends(name, AW_STR("市")))
        name.len -= strlen("市");
    return name;
}

/* Several cities have a 市中区: a name that another city's stands before is
 * not of this one. */
static bool holds(const struct city *city, struct aw_str text,
                  const char *name)
{
    ptrdiff_t at = aw_str_find(text, aw_str_of(name));
    struct aw_str before;

    if (at < 0)
        return false;
    before = aw_str_sub(text, 0, (size_t)at);
    return aw_str_find(before, AW_STR("市")) < 0 ||
           aw_str_find(before, short_name(city)) >= 0;
}

/* The finest that the text names. */
static void by_text(const struct aw_places *places, struct aw_str text,
                    char out[AW_PLACE_MAX])
{
    for (size_t n = 0; n < places->count && !out[0]; n++) {
        const struct file *file = places->files[n];

        for (unsigned i = 0; i < file->zones_count && !out[0]; i++)
            if (holds(&file->city, text, file->zones[i].name))
                set(out, aw_str_of(places->zone_codes[n][i]));
        for (unsigned i = 0; i < file->divisions_count && !out[0]; i++)
            if (holds(&file->city, text, file->divisions[i].name))
                set(out, aw_str_of(file->divisions[i].id));
        if (!out[0] && aw_str_find(text, aw_str_of(file->city.name)) >= 0)
            set(out, aw_str_of(file->city.id));
    }
}

static void by_phone(const struct aw_places *places, struct aw_str phone,
                     char out[AW_PLACE_MAX])
{
    for (size_t i = 0; i < places->count && !out[0]; i++) {
        struct aw_str area = aw_str_of(places->files[i]->city.area_code);

        if (area.len > 0 && aw_str_starts(phone, area) &&
            phone.len > area.len && phone.ptr[area.len] == '-')
            set(out, aw_str_of(places->files[i]->city.id));
    }
}

/* "济宁金汇样泰...": a firm's name has its place, without 市. */
static void by_name(const struct aw_places *places, struct aw_str name,
                    char out[AW_PLACE_MAX])
{
    for (size_t i = 0; i < places->count && !out[0]; i++) {
        struct aw_str city = short_name(&places->files[i]->city);

        if (city.len > 0 && aw_str_find(name, city) >= 0)
            set(out, aw_str_of(places->files[i]->city.id));
    }
    if (!out[0])
        by_text(places, name, out);
}

static void by_icp(const struct aw_places *places, struct aw_str icp,
                   char out[AW_PLACE_MAX])
{
    (void)places;
    for (size_t i = 0; i < PROVINCES && !out[0]; i++)
        if (aw_str_starts(icp, aw_str_of(provinces[i].letter)))
            set(out, aw_str_of(provinces[i].code));
}

static void by_uscc(const struct aw_places *places, struct aw_str code,
                    char out[AW_PLACE_MAX])
{
    by_code(places, aw_str_sub(code, 2, CODE_LEN), out);
}

/* As it was handed in: a code, or words. */
static void by_hung(const struct aw_places *places, struct aw_str hung,
                    char out[AW_PLACE_MAX])
{
    if (is_digits(hung))
        by_code(places, hung, out);
    else
        by_text(places, hung, out);
}

/* ---- together ------------------------------------------------------------
 */

/* 2: a zone, 1: a division, 0: a city or a province. */
static int fineness(const char *code)
{
    if (strchr(code, '/'))
        return 2;
    return strlen(code) == CODE_LEN && strcmp(code + CITY_LEN, "00") != 0;
}

/* Takes what is said where nothing was known, or it is finer. */
static void weigh(char out[AW_PLACE_MAX], const char *said)
{
    if (!said[0])
        return;
    if (!out[0] ||
        (strlen(said) > CITY_LEN && strlen(out) > CITY_LEN &&
         strncmp(out, said, CITY_LEN) == 0 && fineness(said) > fineness(out)))
        (void)snprintf(out, AW_PLACE_MAX, "%s", said);
}

typedef void by_fn(const struct aw_places *places, struct aw_str text,
                   char out[AW_PLACE_MAX]);

static void each(const struct aw_places *places,
                 const struct aw_parties_of *list, by_fn *by,
                 char out[AW_PLACE_MAX])
{
    for (size_t i = 0; i < list->count; i++) {
        char said[AW_PLACE_MAX] = "";

        by(places, list->items[i], said);
        weigh(out, said);
    }
}

void aw_places_find(const struct aw_places *places,
                    const struct aw_parties *parties, struct aw_str hung,
                    char out[AW_PLACE_MAX])
{
    char said[AW_PLACE_MAX] = "";

    out[0] = '\0';
    by_hung(places, hung, said);
    weigh(out, said);
    each(places, &parties->uscc, by_uscc, out);
    each(places, &parties->psb, by_psb, out);
    each(places, &parties->addresses, by_text, out);
    each(places, &parties->phones, by_phone, out);
    each(places, &parties->names, by_name, out);
    each(places, &parties->icp, by_icp, out);
}
