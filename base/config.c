#include "base/config.h"

#include <cyaml/cyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/yaml.h"

#define OPTIONAL_PTR (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define OPTIONAL_WORD (CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL)
#define TEXT_MAX 8192

/* A number is loaded as text: libcyaml would read "5s" as 5. */
#define NUMBER_FIELD(key, type, n) \
    CYAML_FIELD_STRING_PTR(key, OPTIONAL_PTR, type, given[n], 1, 64)

static const cyaml_strval_t scopes[] = {{"host", AW_SCOPE_HOST},
                                        {"prefix", AW_SCOPE_PREFIX}};

static const cyaml_strval_t robots_ways[] = {{"obey", AW_ROBOTS_OBEY},
                                             {"ignore", AW_ROBOTS_IGNORE}};

static const cyaml_schema_value_t text_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TEXT_MAX)};

static const cyaml_schema_field_t source_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct aw_source, name,
                           1, 200),
    CYAML_FIELD_SEQUENCE("start", CYAML_FLAG_POINTER, struct aw_source, start,
                         &text_entry, 1, AW_STARTS_MAX),
    CYAML_FIELD_ENUM("scope", OPTIONAL_WORD, struct aw_source, scope, scopes,
                     CYAML_ARRAY_LEN(scopes)),
    NUMBER_FIELD("depth", struct aw_source, 0),
    NUMBER_FIELD("pause_ms", struct aw_source, 1),
    NUMBER_FIELD("pages_max", struct aw_source, 2),
    CYAML_FIELD_ENUM("robots", OPTIONAL_WORD, struct aw_source, robots,
                     robots_ways, CYAML_ARRAY_LEN(robots_ways)),
    CYAML_FIELD_STRING_PTR("robots_ground", OPTIONAL_PTR, struct aw_source,
                           robots_ground, 1, TEXT_MAX),
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
    NUMBER_FIELD("concurrency", struct aw_crawl_config, 0),
    NUMBER_FIELD("pause_ms", struct aw_crawl_config, 1),
    NUMBER_FIELD("timeout_ms", struct aw_crawl_config, 2),
    NUMBER_FIELD("body_max", struct aw_crawl_config, 3),
    NUMBER_FIELD("head_max", struct aw_crawl_config, 4),
    NUMBER_FIELD("redirects_max", struct aw_crawl_config, 5),
    NUMBER_FIELD("tries_max", struct aw_crawl_config, 6),
    NUMBER_FIELD("readers", struct aw_crawl_config, 7),
    NUMBER_FIELD("reader_ms", struct aw_crawl_config, 8),
    NUMBER_FIELD("reader_bytes", struct aw_crawl_config, 9),
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

/* Numbers in the order of their fields: what nothing means, and what is
 * allowed. */
struct range {
    const char *key;
    int64_t missing, least, most;
};

static const struct range crawl_ranges[AW_CRAWL_NUMBERS] = {
    {"crawl.concurrency", 64, 1, 10000},
    {"crawl.pause_ms", 1000, 0, 86400000},
    {"crawl.timeout_ms", 30000, 100, 3600000},
    {"crawl.body_max", 8 << 20, 1024, 256 << 20},
    {"crawl.head_max", 256 << 10, 1024, 16 << 20},
    {"crawl.redirects_max", 5, 1, 50},
    {"crawl.tries_max", 3, 1, 100},
    {"crawl.readers", 2, 1, 256},
    {"crawl.reader_ms", 20000, 100, 600000},
    {"crawl.reader_bytes", INT64_C(2) << 30, 256 << 20, INT64_C(64) << 30},
};

static const struct range source_ranges[AW_SOURCE_NUMBERS] = {
    {"depth", 5, 0, 100},
    {"pause_ms", -1, 0, 86400000}, /* missing: crawl's */
    {"pages_max", AW_PAGES_MAX_DEFAULT, 0, INT64_C(1) << 40},
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

/* *wrong: the key of the one that is wrong. */
static aw_rc read_numbers(char *const *given, const struct range *ranges,
                          size_t count, int64_t *values, const char **wrong,
                          struct aw_err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct range *range = &ranges[i];

        values[i] = range->missing;
        if (given[i] &&
            (!aw_str_to_int(aw_str_of(given[i]), &values[i]) ||
             values[i] < range->least || values[i] > range->most)) {
            *wrong = range->key;
            return aw_fail(err, AW_CONFIG,
                           "%s is %s: a whole number, %lld to %lld",
                           range->key, given[i], (long long)range->least,
                           (long long)range->most);
        }
    }
    return AW_OK;
}

static aw_rc check_crawl(struct aw_config *config, struct aw_err *err)
{
    struct aw_crawl_config *c = &config->crawl;
    int64_t values[AW_CRAWL_NUMBERS];
    const char *wrong = NULL;

    if (read_numbers(c->given, crawl_ranges, AW_CRAWL_NUMBERS, values, &wrong,
                     err) != AW_OK)
        return aw_config_fail_at(config, err, "%s", wrong);
    c->concurrency = (int)values[0];
    c->pause_ms = values[1];
    c->timeout_ms = values[2];
    c->body_max = values[3];
    c->head_max = values[4];
    c->redirects_max = (int)values[5];
    c->tries_max = (int)values[6];
    c->readers = (int)values[7];
    c->reader_ms = values[8];
    c->reader_bytes = values[9];
    return AW_OK;
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

static aw_rc check_source(struct aw_config *config, unsigned i,
                          struct aw_err *err)
{
    struct aw_source *source = &config->sources[i];
    int64_t values[AW_SOURCE_NUMBERS];
    const char *wrong = NULL;
    aw_rc rc = check_name(config, i, err);

    if (rc == AW_OK)
        rc = check_ground(config, i, err);
    if (rc != AW_OK)
        return rc;
    if (read_numbers(source->given, source_ranges, AW_SOURCE_NUMBERS, values,
                     &wrong, err) != AW_OK) {
        (void)aw_fail_in(err, "source '%s'", source->name);
        return aw_config_fail_at(config, err, "sources[%u].%s", i, wrong);
    }
    source->depth = (int)values[0];
    source->pause_ms = values[1] < 0 ? config->crawl.pause_ms : values[1];
    source->pages_max = values[2];
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

static aw_rc check(struct aw_config *config, struct aw_err *err)
{
    aw_rc rc = check_agent(config, err);

    if (rc == AW_OK && config->name && has_control(config->name)) {
        (void)aw_fail(err, AW_CONFIG, "name is one line");
        rc = aw_config_fail_at(config, err, "name");
    }
    if (rc == AW_OK)
        rc = check_crawl(config, err);
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
           "  pause_ms: 1000      # between two requests to one host\n"
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
           "    scope: host         # host, or prefix: the start page's "
           "folder\n"
           "    depth: 5            # links from a start page\n";
}
