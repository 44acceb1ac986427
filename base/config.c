#include "base/config.h"

#include <cyaml/cyaml.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/pointer.h"
#include "base/yaml.h"

#define OPTIONAL_PTR (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define OPTIONAL_WORD (CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL)
#define TEXT_MAX 8192

/* A number is loaded as text: libcyaml would read "5s" as 5. */
#define NUMBER_FIELD(key, type, n) \
    CYAML_FIELD_STRING_PTR(key, OPTIONAL_PTR, type, given[n], 1, 64)

#define DAY_MS 86400000
#define YEAR_S 31536000

/* The numbers of a mapping: key, what nothing means, and what is allowed. */
#define CRAWL_NUMBERS(X)                      \
    X(concurrency, 64, 1, 10000)              \
    X(pause_ms, 1000, 0, DAY_MS)              \
    X(address_pause_ms, -1, 0, DAY_MS)        \
    X(pause_most_ms, 30000, 0, DAY_MS)        \
    X(pause_factor, 2, 0, 100)                \
    X(backoff_first_ms, 60000, 1, DAY_MS)     \
    X(backoff_most_ms, DAY_MS, 1, DAY_MS)     \
    X(patience_ms, 600000, 0, DAY_MS)         \
    X(run_max_s, 0, 0, YEAR_S)                \
    X(timeout_ms, 30000, 100, 3600000)        \
    X(speed_min, 100, 0, 1 << 30)             \
    X(speed_ms, 30000, 1000, 3600000)         \
    X(body_max, 8 << 20, 1024, 256 << 20)     \
    X(decoded_max, 16 << 20, 1024, 256 << 20) \
    X(ratio_max, 1000, 1, 1000000)            \
    X(head_max, 256 << 10, 1024, 16 << 20)    \
    X(redirects_max, 5, 1, 50)                \
    X(tries_max, 3, 1, 100)                   \
    X(revisit_first_s, 72000, 0, YEAR_S)      \
    X(revisit_most_s, 1209600, 0, YEAR_S)     \
    X(readers, 2, 1, 256)                     \
    X(reader_ms, 20000, 100, 600000)          \
    X(reader_cpu_ms, 10000, 100, 600000)      \
    X(image_ms, 20000, 1000, 600000)          \
    X(reader_bytes, INT64_C(2) << 30, 256 << 20, INT64_C(64) << 30)

#define SOURCE_NUMBERS(X)                                   \
    X(depth, 5, 0, 100)                                     \
    X(pause_ms, -1, 0, DAY_MS) /* missing: crawl's */       \
    X(pages_max, AW_PAGES_MAX_DEFAULT, 0, INT64_C(1) << 40) \
    X(bytes_max, 0, 0, INT64_C(1) << 50)                    \
    X(time_max_s, 0, 0, YEAR_S)                             \
    X(host_pages_max, 0, 0, INT64_C(1) << 40)

#define RENDER_NUMBERS(X)                                         \
    X(browsers, 1, 0, 16)                                         \
    X(time_max_s, 7200, 0, 604800)                                \
    X(page_ms, 90000, 1000, 600000)                               \
    X(load_ms, 20000, 100, 600000)                                \
    X(settle_ms, 500, 0, 60000)                                   \
    X(memory_max, INT64_C(2) << 30, 256 << 20, INT64_C(64) << 30) \
    X(resources_max, 500, 0, 10000)                               \
    X(bytes_max, 32 << 20, 1024, 1 << 30)                         \
    X(html_max, 8 << 20, 1024, 16 << 20)                          \
    X(height_max, 16384, 100, 16384) /* what Chromium can draw */

#define TSA_NUMBERS(X)                \
    X(timeout_ms, 20000, 100, 600000) \
    X(clock_ms, 300000, 1000, DAY_MS)

#define X(key, ...) CRAWL_##key,
enum { CRAWL_NUMBERS(X) CRAWL_COUNT };
#undef X
#define X(key, ...) SOURCE_##key,
enum { SOURCE_NUMBERS(X) SOURCE_COUNT };
#undef X
#define X(key, ...) RENDER_##key,
enum { RENDER_NUMBERS(X) RENDER_COUNT };
#undef X
#define X(key, ...) TSA_##key,
enum { TSA_NUMBERS(X) TSA_COUNT };
#undef X
_Static_assert(TSA_COUNT == AW_TSA_NUMBERS, "a number is not counted");
_Static_assert(RENDER_COUNT == AW_RENDER_NUMBERS, "a number is not counted");
_Static_assert(CRAWL_COUNT == AW_CRAWL_NUMBERS, "a number is not counted");
_Static_assert(SOURCE_COUNT == AW_SOURCE_NUMBERS, "a number is not counted");

static const cyaml_strval_t scopes[] = {{"host", AW_SCOPE_HOST},
                                        {"site", AW_SCOPE_SITE},
                                        {"prefix", AW_SCOPE_PREFIX},
                                        {"listed", AW_SCOPE_LISTED}};

/* libcyaml's own kind takes every unknown word for a yes. */
static const cyaml_strval_t switches[] = {{"yes", AW_ON},
                                          {"no", AW_OFF},
                                          {"true", AW_ON},
                                          {"false", AW_OFF}};

static const cyaml_strval_t cells[] = {{"required", AW_CELL_REQUIRED},
                                       {"best-effort", AW_CELL_BEST_EFFORT}};

static const cyaml_strval_t render_ways[] = {{"auto", AW_RENDER_AUTO},
                                             {"yes", AW_RENDER_YES},
                                             {"no", AW_RENDER_NO},
                                             {"true", AW_RENDER_YES},
                                             {"false", AW_RENDER_NO}};

static const cyaml_strval_t viewports[] = {{"desktop", AW_VIEWPORT_DESKTOP},
                                           {"mobile", AW_VIEWPORT_MOBILE}};

static const cyaml_strval_t robots_ways[] = {{"obey", AW_ROBOTS_OBEY},
                                             {"ignore", AW_ROBOTS_IGNORE}};

static const cyaml_schema_value_t text_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TEXT_MAX)};

static const cyaml_schema_field_t listing_fields[] = {
    CYAML_FIELD_STRING_PTR("store", OPTIONAL_PTR, struct aw_listing_config,
                           store, 1, 200),
#define X(key)                                                                \
    CYAML_FIELD_STRING_PTR(#key, OPTIONAL_PTR, struct aw_listing_config, key, \
                           0, AW_POINTER_MAX),
    AW_LISTING_POINTERS(X)
#undef X
        CYAML_FIELD_END};

static const cyaml_schema_field_t source_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct aw_source, name,
                           1, 200),
    CYAML_FIELD_SEQUENCE("start", CYAML_FLAG_POINTER, struct aw_source, start,
                         &text_entry, 1, AW_STARTS_MAX),
    CYAML_FIELD_ENUM("scope", OPTIONAL_WORD, struct aw_source, scope, scopes,
                     CYAML_ARRAY_LEN(scopes)),
    CYAML_FIELD_SEQUENCE("include", OPTIONAL_PTR, struct aw_source, include,
                         &text_entry, 0, AW_PATTERNS_MAX),
    CYAML_FIELD_SEQUENCE("exclude", OPTIONAL_PTR, struct aw_source, exclude,
                         &text_entry, 0, AW_PATTERNS_MAX),
    CYAML_FIELD_ENUM("landing", OPTIONAL_WORD, struct aw_source, given_landing,
                     switches, CYAML_ARRAY_LEN(switches)),
    CYAML_FIELD_ENUM("images", OPTIONAL_WORD, struct aw_source, given_images,
                     switches, CYAML_ARRAY_LEN(switches)),
    CYAML_FIELD_ENUM("sitemaps", OPTIONAL_WORD, struct aw_source,
                     given_sitemaps, switches, CYAML_ARRAY_LEN(switches)),
#define X(key, ...) NUMBER_FIELD(#key, struct aw_source, SOURCE_##key),
    SOURCE_NUMBERS(X)
#undef X
        CYAML_FIELD_ENUM("render", OPTIONAL_WORD, struct aw_source, render,
                         render_ways, CYAML_ARRAY_LEN(render_ways)),
    CYAML_FIELD_ENUM("robots", OPTIONAL_WORD, struct aw_source, robots,
                     robots_ways, CYAML_ARRAY_LEN(robots_ways)),
    CYAML_FIELD_STRING_PTR("robots_ground", OPTIONAL_PTR, struct aw_source,
                           robots_ground, 1, TEXT_MAX),
    CYAML_FIELD_MAPPING_PTR("listing", OPTIONAL_PTR, struct aw_source, listing,
                            listing_fields),
    CYAML_FIELD_END};

static const cyaml_schema_value_t source_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct aw_source, source_fields)};

static const cyaml_schema_field_t agent_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct aw_agent_config,
                           name, 1, 64),
    CYAML_FIELD_STRING_PTR("purpose", CYAML_FLAG_POINTER,
                           struct aw_agent_config, purpose, 1, 200),
    CYAML_FIELD_STRING_PTR("contact", CYAML_FLAG_POINTER,
                           struct aw_agent_config, contact, 1, 200),
    CYAML_FIELD_END};

static const cyaml_schema_field_t network_fields[] = {
    CYAML_FIELD_SEQUENCE("allow", OPTIONAL_PTR, struct aw_network_config,
                         allow, &text_entry, 0, 64),
    CYAML_FIELD_SEQUENCE("resolve", OPTIONAL_PTR, struct aw_network_config,
                         resolve, &text_entry, 0, 10000),
    CYAML_FIELD_STRING_PTR("ca_file", OPTIONAL_PTR, struct aw_network_config,
                           ca_file, 1, AW_PATH_MAX),
    CYAML_FIELD_END};

static const cyaml_schema_field_t crawl_fields[] = {
#define X(key, ...) NUMBER_FIELD(#key, struct aw_crawl_config, CRAWL_##key),
    CRAWL_NUMBERS(X)
#undef X
        CYAML_FIELD_ENUM("reader_cell", OPTIONAL_WORD, struct aw_crawl_config,
                         reader_cell, cells, CYAML_ARRAY_LEN(cells)),
    CYAML_FIELD_STRING_PTR("metrics", OPTIONAL_PTR, struct aw_crawl_config,
                           metrics, 1, AW_PATH_MAX),
    CYAML_FIELD_END};

static const cyaml_schema_field_t render_fields[] = {
    CYAML_FIELD_STRING_PTR("program", OPTIONAL_PTR, struct aw_render_config,
                           program, 1, AW_PATH_MAX - 1),
    CYAML_FIELD_ENUM("viewport", OPTIONAL_WORD, struct aw_render_config,
                     viewport, viewports, CYAML_ARRAY_LEN(viewports)),
#define X(key, ...) NUMBER_FIELD(#key, struct aw_render_config, RENDER_##key),
    RENDER_NUMBERS(X)
#undef X
        CYAML_FIELD_END};

#define TEXT_FIELD(key, flags, type, most) \
    CYAML_FIELD_STRING_PTR(#key, flags, type, key, 1, most)

static const cyaml_schema_field_t officer_fields[] = {
    TEXT_FIELD(name, CYAML_FLAG_POINTER, struct aw_officer_config, 200),
    TEXT_FIELD(key, CYAML_FLAG_POINTER, struct aw_officer_config,
               AW_PATH_MAX - 1),
    TEXT_FIELD(certificate, OPTIONAL_PTR, struct aw_officer_config,
               AW_PATH_MAX - 1),
    TEXT_FIELD(passphrase_file, OPTIONAL_PTR, struct aw_officer_config,
               AW_PATH_MAX - 1),
    TEXT_FIELD(passphrase_env, OPTIONAL_PTR, struct aw_officer_config, 200),
    CYAML_FIELD_END};

static const cyaml_schema_value_t officer_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct aw_officer_config,
                        officer_fields)};

static const cyaml_schema_field_t tsa_fields[] = {
    TEXT_FIELD(url, CYAML_FLAG_POINTER, struct aw_tsa_config, 2000),
    TEXT_FIELD(ca_file, OPTIONAL_PTR, struct aw_tsa_config, AW_PATH_MAX - 1),
#define X(key, ...) NUMBER_FIELD(#key, struct aw_tsa_config, TSA_##key),
    TSA_NUMBERS(X)
#undef X
        CYAML_FIELD_END};

static const cyaml_schema_field_t office_fields[] = {
    TEXT_FIELD(name, OPTIONAL_PTR, struct aw_office_config, 200),
    TEXT_FIELD(address, OPTIONAL_PTR, struct aw_office_config, 400),
    TEXT_FIELD(telephone, OPTIONAL_PTR, struct aw_office_config, 100),
    TEXT_FIELD(contact, OPTIONAL_PTR, struct aw_office_config, 200),
    CYAML_FIELD_END};

static const cyaml_schema_field_t evidence_fields[] = {
    CYAML_FIELD_SEQUENCE_COUNT("officers", OPTIONAL_PTR,
                               struct aw_evidence_config, officers,
                               officer_count, &officer_entry, 0,
                               AW_OFFICERS_MAX),
    TEXT_FIELD(pkcs11_module, OPTIONAL_PTR, struct aw_evidence_config,
               AW_PATH_MAX - 1),
    CYAML_FIELD_MAPPING("tsa", CYAML_FLAG_OPTIONAL, struct aw_evidence_config,
                        tsa, tsa_fields),
    TEXT_FIELD(papers, OPTIONAL_PTR, struct aw_evidence_config,
               AW_PATH_MAX - 1),
    CYAML_FIELD_MAPPING("office", CYAML_FLAG_OPTIONAL,
                        struct aw_evidence_config, office, office_fields),
    CYAML_FIELD_END};

static const cyaml_schema_field_t config_fields[] = {
    CYAML_FIELD_STRING_PTR("name", OPTIONAL_PTR, struct aw_config, name, 1,
                           200),
    CYAML_FIELD_MAPPING("agent", CYAML_FLAG_DEFAULT, struct aw_config, agent,
                        agent_fields),
    CYAML_FIELD_MAPPING("network", CYAML_FLAG_OPTIONAL, struct aw_config,
                        network, network_fields),
    CYAML_FIELD_MAPPING("crawl", CYAML_FLAG_OPTIONAL, struct aw_config, crawl,
                        crawl_fields),
    CYAML_FIELD_MAPPING("render", CYAML_FLAG_OPTIONAL, struct aw_config,
                        render, render_fields),
    CYAML_FIELD_MAPPING("evidence", CYAML_FLAG_OPTIONAL, struct aw_config,
                        evidence, evidence_fields),
    CYAML_FIELD_STRING_PTR("lexicon", OPTIONAL_PTR, struct aw_config, lexicon,
                           1, AW_PATH_MAX),
    CYAML_FIELD_STRING_PTR("model", OPTIONAL_PTR, struct aw_config, model, 1,
                           AW_PATH_MAX),
    CYAML_FIELD_SEQUENCE_COUNT("sources", CYAML_FLAG_POINTER, struct aw_config,
                               sources, source_count, &source_entry, 1,
                               AW_SOURCES_MAX),
    CYAML_FIELD_END};

static const cyaml_schema_value_t config_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct aw_config, config_fields)};

/* Where a number goes to: a field of `size` bytes, an int or an int64_t. */
struct range {
    const char *key;
    size_t at, size;
    int64_t missing, least, most;
};

#define RANGE(path, type, key, ...)                                           \
    {                                                                         \
        path #key, offsetof(type, key), sizeof(((type *)0)->key), __VA_ARGS__ \
    }

static const struct range crawl_ranges[AW_CRAWL_NUMBERS] = {
#define X(key, ...) RANGE("crawl.", struct aw_crawl_config, key, __VA_ARGS__),
    CRAWL_NUMBERS(X)
#undef X
};

static const struct range source_ranges[AW_SOURCE_NUMBERS] = {
#define X(key, ...) RANGE("", struct aw_source, key, __VA_ARGS__),
    SOURCE_NUMBERS(X)
#undef X
};

static const struct range render_ranges[AW_RENDER_NUMBERS] = {
#define X(key, ...) \
    RANGE("render.", struct aw_render_config, key, __VA_ARGS__),
    RENDER_NUMBERS(X)
#undef X
};

static const struct range tsa_ranges[AW_TSA_NUMBERS] = {
#define X(key, ...) \
    RANGE("evidence.tsa.", struct aw_tsa_config, key, __VA_ARGS__),
    TSA_NUMBERS(X)
#undef X
};

/* Numbers of which the first may not be above the second. */
struct order {
    int low, high;
};

static const struct order crawl_orders[] = {
    {CRAWL_backoff_first_ms, CRAWL_backoff_most_ms},
    {CRAWL_revisit_first_s, CRAWL_revisit_most_s},
};

aw_rc aw_config_fail_at(const struct aw_config *config, struct aw_err *err,
                        const char *key, ...)
{
    char path[256];
    struct aw_buf text;
    struct aw_err ignored;
    va_list args;

    if (!config->path[0])
        return err->rc;
    va_start(args, key);
    (void)vsnprintf(path, sizeof path, key, args);
    va_end(args);
    aw_buf_init(&text, AW_YAML_MAX);
    if (aw_file_read(config->path, &text, &ignored) == AW_OK)
        (void)aw_fail_in(err, "%s:%d", config->path,
                         aw_yaml_line_at(aw_buf_str(&text), path));
    else
        (void)aw_fail_in(err, "%s", config->path);
    aw_buf_deinit(&text);
    return err->rc;
}

static void put_number(void *fields, const struct range *range, int64_t value)
{
    char *field = (char *)fields + range->at;
    int small = (int)value;

    if (range->size == sizeof small)
        memcpy(field, &small, sizeof small);
    else
        memcpy(field, &value, sizeof value);
}

static int64_t get_number(const void *fields, const struct range *range)
{
    const char *field = (const char *)fields + range->at;
    int64_t value;
    int small;

    if (range->size == sizeof small) {
        memcpy(&small, field, sizeof small);
        return small;
    }
    memcpy(&value, field, sizeof value);
    return value;
}

/* Fills the fields of ranges; *wrong: the key of the one that is wrong. */
static aw_rc read_numbers(char *const *given, const struct range *ranges,
                          size_t count, void *fields, const char **wrong,
                          struct aw_err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct range *range = &ranges[i];
        int64_t value = range->missing;

        if (given[i] && (!aw_str_to_int(aw_str_of(given[i]), &value) ||
                         value < range->least || value > range->most)) {
            *wrong = range->key;
            return aw_fail(err, AW_CONFIG,
                           "%s is %s: a whole number, %lld to %lld",
                           range->key, given[i], (long long)range->least,
                           (long long)range->most);
        }
        put_number(fields, range, value);
    }
    return AW_OK;
}

static aw_rc check_order(const struct aw_config *config,
                         const struct order *order, struct aw_err *err)
{
    const struct aw_crawl_config *c = &config->crawl;
    const struct range *low = &crawl_ranges[order->low];
    const struct range *high = &crawl_ranges[order->high];

    if (get_number(c, low) <= get_number(c, high))
        return AW_OK;
    (void)aw_fail(err, AW_CONFIG, "%s is %lld, which is below %s, %lld",
                  high->key, (long long)get_number(c, high), low->key,
                  (long long)get_number(c, low));
    return aw_config_fail_at(config, err, "%s",
                             c->given[order->high] ? high->key : low->key);
}

static aw_rc check_crawl(struct aw_config *config, struct aw_err *err)
{
    struct aw_crawl_config *c = &config->crawl;
    const char *wrong = NULL;
    aw_rc rc = AW_OK;

    if (read_numbers(c->given, crawl_ranges, AW_CRAWL_NUMBERS, c, &wrong,
                     err) != AW_OK)
        return aw_config_fail_at(config, err, "%s", wrong);
    for (size_t i = 0; i < CYAML_ARRAY_LEN(crawl_orders) && rc == AW_OK; i++)
        rc = check_order(config, &crawl_orders[i], err);
    return rc;
}

static aw_rc check_render(struct aw_config *config, struct aw_err *err)
{
    struct aw_render_config *render = &config->render;
    const char *wrong = NULL;

    if (read_numbers(render->given, render_ranges, AW_RENDER_NUMBERS, render,
                     &wrong, err) == AW_OK)
        return AW_OK;
    return aw_config_fail_at(config, err, "%s", wrong);
}

static bool has_control(const char *text)
{
    while ((unsigned char)*text >= 0x20 && *text != 0x7F)
        text++;
    return *text != '\0';
}

static aw_rc check_name(const struct aw_config *config, unsigned i,
                        struct aw_err *err)
{
    const char *name = config->sources[i].name;

    for (unsigned j = 0; j < i; j++)
        if (strcmp(config->sources[j].name, name) == 0) {
            (void)aw_fail(err, AW_CONFIG,
                          "source '%s' stands twice: give it another name",
                          name);
            return aw_config_fail_at(config, err, "sources[%u].name", i);
        }
    if (!has_control(name))
        return AW_OK;
    (void)aw_fail(err, AW_CONFIG, "source '%.60s': its name is one line",
                  name);
    return aw_config_fail_at(config, err, "sources[%u].name", i);
}

static aw_rc check_ground(const struct aw_config *config, unsigned i,
                          struct aw_err *err)
{
    const struct aw_source *source = &config->sources[i];
    const char *ground = source->robots_ground;

    if (source->robots == AW_ROBOTS_IGNORE && !ground) {
        (void)aw_fail(err, AW_CONFIG,
                      "source '%s': 'robots: ignore' needs robots_ground, the "
                      "legal ground, in words",
                      source->name);
        return aw_config_fail_at(config, err, "sources[%u].robots", i);
    }
    if (!ground || !has_control(ground))
        return AW_OK;
    (void)aw_fail(err, AW_CONFIG, "source '%.60s': robots_ground is one line",
                  source->name);
    return aw_config_fail_at(config, err, "sources[%u].robots_ground", i);
}

struct pointer {
    const char *key, *text; /* NULL: not given */
};

static aw_rc check_pointer(const struct aw_config *config, unsigned i,
                           const struct pointer *pointer, struct aw_err *err)
{
    if (!pointer->text || aw_pointer_valid(aw_str_of(pointer->text)))
        return AW_OK;
    (void)aw_fail(err, AW_CONFIG,
                  "source '%.60s': '%.60s' is no JSON Pointer: write it as "
                  "'/data/list'",
                  config->sources[i].name, pointer->text);
    return aw_config_fail_at(config, err, "sources[%u].listing.%s", i,
                             pointer->key);
}

static aw_rc check_listing(const struct aw_config *config, unsigned i,
                           struct aw_err *err)
{
    const struct aw_listing_config *listing = config->sources[i].listing;
    aw_rc rc = AW_OK;

    if (!listing)
        return AW_OK;
    if (!listing->name || (listing->store && has_control(listing->store))) {
        (void)aw_fail(err, AW_CONFIG,
                      listing->name ? "source '%.60s': store is one line"
                                    : "source '%.60s': its listing needs "
                                      "'name', where an app's name stands",
                      config->sources[i].name);
        return aw_config_fail_at(config, err, "sources[%u].listing", i);
    }
    const struct pointer pointers[] = {
#define X(key) {#key, listing->key},
        AW_LISTING_POINTERS(X)
#undef X
    };

    for (size_t j = 0; j < CYAML_ARRAY_LEN(pointers) && rc == AW_OK; j++)
        rc = check_pointer(config, i, &pointers[j], err);
    return rc;
}

static aw_rc check_source(struct aw_config *config, unsigned i,
                          struct aw_err *err)
{
    struct aw_source *source = &config->sources[i];
    const char *wrong = NULL;
    aw_rc rc = check_name(config, i, err);

    if (rc == AW_OK)
        rc = check_ground(config, i, err);
    if (rc == AW_OK)
        rc = check_listing(config, i, err);
    if (rc != AW_OK)
        return rc;
    if (read_numbers(source->given, source_ranges, AW_SOURCE_NUMBERS, source,
                     &wrong, err) != AW_OK) {
        (void)aw_fail_in(err, "source '%s'", source->name);
        return aw_config_fail_at(config, err, "sources[%u].%s", i, wrong);
    }
    if (source->pause_ms < 0)
        source->pause_ms = config->crawl.pause_ms;
    source->landing = source->given_landing == AW_ON;
    source->images = source->given_images == AW_ON;
    source->sitemaps = source->given_sitemaps == AW_ON;
    return AW_OK;
}

static aw_rc check_agent(const struct aw_config *config, struct aw_err *err)
{
    const struct aw_agent_config *agent = &config->agent;

    for (const char *p = agent->name; *p; p++)
        if (!aw_ascii_alpha(*p) && *p != '-' && *p != '_') {
            (void)aw_fail(err, AW_CONFIG,
                          "agent.name '%s' may hold letters, - and _ alone",
                          agent->name);
            return aw_config_fail_at(config, err, "agent.name");
        }
    if (!has_control(agent->purpose) && !has_control(agent->contact))
        return AW_OK;
    (void)aw_fail(err, AW_CONFIG,
                  "agent: purpose and contact may hold no line break or "
                  "other control character");
    return aw_config_fail_at(config, err, "agent.%s",
                             has_control(agent->purpose) ? "purpose"
                                                         : "contact");
}

/* ---- evidence -----------------------------------------------------------
 */

static bool is_token(const char *key)
{
    return strncmp(key, "pkcs11:", 7) == 0;
}

static const char *wrong_with(const struct aw_evidence_config *evidence,
                              unsigned i)
{
    const struct aw_officer_config *officer = &evidence->officers[i];

    if (has_control(officer->name))
        return "a name is one line";
    for (unsigned j = 0; j < i; j++)
        if (strcmp(evidence->officers[j].name, officer->name) == 0)
            return "stands twice: an officer has one key";
    if (officer->passphrase_file && officer->passphrase_env)
        return "give passphrase_file or passphrase_env, not both";
    if (is_token(officer->key) && strstr(officer->key, "pin-"))
        return "put the PIN into a file, and name it by passphrase_file";
    return NULL;
}

static aw_rc check_officer(const struct aw_config *config, unsigned i,
                           struct aw_err *err)
{
    const char *wrong = wrong_with(&config->evidence, i);

    if (!wrong)
        return AW_OK;
    (void)aw_fail(err, AW_CONFIG, "officer '%.60s': %s",
                  config->evidence.officers[i].name, wrong);
    return aw_config_fail_at(config, err, "evidence.officers[%u]", i);
}

static aw_rc check_tsa(struct aw_config *config, struct aw_err *err)
{
    struct aw_tsa_config *tsa = &config->evidence.tsa;
    struct aw_str url = aw_str_of(tsa->url);
    const char *wrong = NULL;

    if (read_numbers(tsa->given, tsa_ranges, AW_TSA_NUMBERS, tsa, &wrong,
                     err) != AW_OK)
        return aw_config_fail_at(config, err, "%s", wrong);
    if (!tsa->url || ((aw_str_starts(url, AW_STR("http://")) ||
                       aw_str_starts(url, AW_STR("https://"))) &&
                      !has_control(tsa->url)))
        return AW_OK;
    (void)aw_fail(err, AW_CONFIG,
                  "evidence.tsa.url begins neither with http:// nor with "
                  "https://, or has "
                  "control characters"); /* a password may stand in it */
    return aw_config_fail_at(config, err, "evidence.tsa.url");
}

static aw_rc check_office(const struct aw_config *config, struct aw_err *err)
{
    const struct aw_office_config *office = &config->evidence.office;
    const struct pointer texts[] = {{"name", office->name},
                                    {"address", office->address},
                                    {"telephone", office->telephone},
                                    {"contact", office->contact}};

    for (size_t i = 0; i < CYAML_ARRAY_LEN(texts); i++) {
        if (!texts[i].text || !has_control(texts[i].text))
            continue;
        (void)aw_fail(err, AW_CONFIG, "evidence.office.%s is one line",
                      texts[i].key);
        return aw_config_fail_at(config, err, "evidence.office.%s",
                                 texts[i].key);
    }
    return AW_OK;
}

static aw_rc check_evidence(struct aw_config *config, struct aw_err *err)
{
    aw_rc rc = check_tsa(config, err);

    for (unsigned i = 0; i < config->evidence.officer_count && rc == AW_OK;
         i++)
        rc = check_officer(config, i, err);
    return rc == AW_OK ? check_office(config, err) : rc;
}

static aw_rc check(struct aw_config *config, struct aw_err *err)
{
    aw_rc rc = check_agent(config, err);

    if (rc == AW_OK && config->name && has_control(config->name)) {
        (void)aw_fail(err, AW_CONFIG, "name is one line");
        rc = aw_config_fail_at(config, err, "name");
    }
    if (rc == AW_OK)
        rc = check_crawl(config, err);
    if (rc == AW_OK)
        rc = check_render(config, err);
    if (rc == AW_OK)
        rc = check_evidence(config, err);
    for (unsigned i = 0; i < config->source_count && rc == AW_OK; i++)
        rc = check_source(config, i, err);
    return rc;
}

aw_rc aw_config_load(struct aw_config **out, const char *dir,
                     struct aw_err *err)
{
    char path[AW_PATH_MAX];
    struct aw_config *config = NULL;
    void *loaded = NULL;
    aw_rc rc = aw_path_join(path, dir, AW_CONFIG_NAME, err);

    if (rc == AW_OK)
        rc = aw_yaml_load_file(&loaded, path, &config_schema, err);
    if (rc == AW_MISSING)
        return aw_fail(err, AW_CONFIG,
                       "there is no '%s': make a workspace with 'adwatch "
                       "init %s', or name one with -C",
                       path, dir);
    if (rc != AW_OK)
        return err->rc = rc == AW_NOMEM ? rc : AW_CONFIG;
    config = loaded;
    (void)snprintf(config->path, sizeof config->path, "%s", path);
    rc = check(config, err);
    if (rc != AW_OK) {
        aw_config_free(config);
        return rc;
    }
    *out = config;
    return AW_OK;
}

void aw_config_free(struct aw_config *config)
{
    aw_yaml_free(config, &config_schema);
}

const struct aw_source *aw_config_source(const struct aw_config *config,
                                         const char *name)
{
    for (unsigned i = 0; i < config->source_count; i++)
        if (strcmp(config->sources[i].name, name) == 0)
            return &config->sources[i];
    return NULL;
}

const char *aw_config_template(void)
{
    return "# adwatch: what this workspace watches. See "
           "docs/03-configuration.md"
           "\n"
           "name: 广告监测\n"
           "\n"
           "# Who asks, why, and where the owner of a site may complain. This"
           "\n"
           "# goes with every request.\n"
           "agent:\n"
           "  name: adwatch\n"
           "  purpose: '填写单位名称：投资类广告监测'\n"
           "  contact: 'https://www.example.invalid/adwatch'\n"
           "\n"
           "crawl:\n"
           "  pause_ms: 1000      # between two requests to one host; more "
           "where it is slow\n"
           "  concurrency: 64     # hosts at once\n"
           "  readers: 2          # reader processes\n"
           "\n"
           "# Only public addresses are asked, beside these ranges.\n"
           "network:\n"
           "  allow: []\n"
           "\n"
           "sources:\n"
           "  - name: 示例\n"
           "    start: ['https://www.example.invalid/']\n"
           "    scope: host         # host, site, prefix or listed\n"
           "    exclude: []         # as 'prefix:https://…/search' or "
           "'*/print/*'\n"
           "    depth: 5            # links from a start page\n";
}
