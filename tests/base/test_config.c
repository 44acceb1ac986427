#include "tests/base/base_test.h"

#include <sys/stat.h>

#include "base/config.h"

static char dir[PATH_MAX];
static struct aw_config *config;
static struct aw_err err;

static int set_up(void **s)
{
    (void)s;
    make_temp(dir);
    config = NULL;
    return 0;
}

static int tear_down(void **s)
{
    (void)s;
    if (config)
        aw_config_free(config);
    drop_temp(dir);
    return 0;
}

static aw_rc load_bytes(const char *bytes, size_t len)
{
    put_file(in_dir(dir, AW_CONFIG_NAME), bytes, len);
    return aw_config_load(&config, dir, &err);
}

static void load(const char *text)
{
    if (load_bytes(text, strlen(text)) != AW_OK)
        fail_msg("%s", err.msg);
    assert_non_null(config);
}

#define AGENT "agent: {name: adwatch, purpose: watch, contact: mail}\n"
#define SOURCE "sources:\n  - name: s\n    start: ['http://a.example/']\n"

static void a_full_file_fills_every_field(void **s)
{
    const struct aw_source *source;

    (void)s;
    load(
        "name: 任城\n"
        "agent:\n  name: Ad-Watch_x\n  purpose: 监测\n  contact: a@b.example\n"
        "network:\n  allow: [10.0.0.0/8, '::1/128']\n"
        "  resolve: ['a.example:80:127.0.0.1']\n  ca_file: ca.pem\n"
        "crawl:\n  concurrency: 7\n  pause_ms: 250\n  timeout_ms: 5000\n"
        "  body_max: 2048\n  head_max: 4096\n  redirects_max: 2\n"
        "  tries_max: 4\n  readers: 3\n  reader_ms: 900\n  image_ms: 1100\n"
        "  reader_bytes: 536870912\n  reader_cpu_ms: 800\n"
        "  reader_cell: best-effort\n  address_pause_ms: 60\n"
        "  pause_most_ms: 700\n  pause_factor: 8\n"
        "  backoff_first_ms: 11\n  backoff_most_ms: 12\n"
        "  patience_ms: 13\n  run_max_s: 14\n  speed_min: 15\n"
        "  speed_ms: 1600\n  decoded_max: 1700\n  ratio_max: 18\n"
        "  revisit_first_s: 19\n  revisit_most_s: 20\n"
        "  metrics: adwatch.prom\n"
        "lexicon: rules\nmodel: m.awm\n"
        "sources:\n"
        "  - name: 甲\n    start: [http://a.example/, http://a.example/b]\n"
        "    scope: prefix\n    depth: 0\n    pause_ms: 0\n"
        "    pages_max: 12\n    robots: ignore\n    robots_ground: 依法\n"
        "    include: ['host:b.example', '*/x']\n"
        "    exclude: ['regex:^a']\n    bytes_max: 21\n"
        "    time_max_s: 22\n    host_pages_max: 23\n"
        "    landing: no\n    images: no\n    sitemaps: no\n"
        "  - name: 乙\n    start: ['http://b.example/']\n"
        "    scope: host\n    robots: obey\n");
    assert_string_equal(config->name, "任城");
    assert_string_equal(config->agent.name, "Ad-Watch_x");
    assert_string_equal(config->agent.purpose, "监测");
    assert_string_equal(config->agent.contact, "a@b.example");
    assert_int_equal(config->network.allow_count, 2);
    assert_string_equal(config->network.allow[1], "::1/128");
    assert_int_equal(config->network.resolve_count, 1);
    assert_string_equal(config->network.ca_file, "ca.pem");
    assert_int_equal(config->crawl.concurrency, 7);
    assert_int_equal(config->crawl.pause_ms, 250);
    assert_int_equal(config->crawl.timeout_ms, 5000);
    assert_int_equal(config->crawl.body_max, 2048);
    assert_int_equal(config->crawl.head_max, 4096);
    assert_int_equal(config->crawl.redirects_max, 2);
    assert_int_equal(config->crawl.tries_max, 4);
    assert_int_equal(config->crawl.readers, 3);
    assert_int_equal(config->crawl.reader_ms, 900);
    assert_int_equal(config->crawl.image_ms, 1100);
    assert_int_equal(config->crawl.reader_bytes, 536870912);
    assert_int_equal(config->crawl.reader_cpu_ms, 800);
    assert_int_equal(config->crawl.reader_cell, AW_CELL_BEST_EFFORT);
    assert_int_equal(config->crawl.address_pause_ms, 60);
    assert_int_equal(config->crawl.pause_most_ms, 700);
    assert_int_equal(config->crawl.pause_factor, 8);
    assert_int_equal(config->crawl.backoff_first_ms, 11);
    assert_int_equal(config->crawl.backoff_most_ms, 12);
    assert_int_equal(config->crawl.patience_ms, 13);
    assert_int_equal(config->crawl.run_max_s, 14);
    assert_int_equal(config->crawl.speed_min, 15);
    assert_int_equal(config->crawl.speed_ms, 1600);
    assert_int_equal(config->crawl.decoded_max, 1700);
    assert_int_equal(config->crawl.ratio_max, 18);
    assert_int_equal(config->crawl.revisit_first_s, 19);
    assert_int_equal(config->crawl.revisit_most_s, 20);
    assert_string_equal(config->crawl.metrics, "adwatch.prom");
    assert_string_equal(config->lexicon, "rules");
    assert_string_equal(config->model, "m.awm");
    assert_int_equal(config->source_count, 2);
    source = &config->sources[0];
    assert_string_equal(source->name, "甲");
    assert_int_equal(source->start_count, 2);
    assert_string_equal(source->start[1], "http://a.example/b");
    assert_int_equal(source->scope, AW_SCOPE_PREFIX);
    assert_int_equal(source->depth, 0);
    assert_int_equal(source->pause_ms, 0);
    assert_int_equal(source->pages_max, 12);
    assert_int_equal(source->robots, AW_ROBOTS_IGNORE);
    assert_string_equal(source->robots_ground, "依法");
    assert_int_equal(source->include_count, 2);
    assert_string_equal(source->include[1], "*/x");
    assert_int_equal(source->exclude_count, 1);
    assert_string_equal(source->exclude[0], "regex:^a");
    assert_int_equal(source->bytes_max, 21);
    assert_int_equal(source->time_max_s, 22);
    assert_int_equal(source->host_pages_max, 23);
    assert_false(source->landing);
    assert_false(source->images);
    assert_false(source->sitemaps);
    source = &config->sources[1];
    assert_int_equal(source->depth, 5);
    assert_int_equal(source->pause_ms, 250); /* crawl's */
    assert_int_equal(source->robots, AW_ROBOTS_OBEY);
}

static void what_is_left_out_has_its_default(void **s)
{
    (void)s;
    load(AGENT SOURCE);
    assert_null(config->name);
    assert_null(config->lexicon);
    assert_null(config->model);
    assert_null(config->network.ca_file);
    assert_int_equal(config->network.allow_count, 0);
    assert_int_equal(config->crawl.concurrency, 64);
    assert_int_equal(config->crawl.pause_ms, 1000);
    assert_int_equal(config->crawl.timeout_ms, 30000);
    assert_int_equal(config->crawl.body_max, 8 << 20);
    assert_int_equal(config->crawl.head_max, 256 << 10);
    assert_int_equal(config->crawl.redirects_max, 5);
    assert_int_equal(config->crawl.tries_max, 3);
    assert_int_equal(config->crawl.readers, 2);
    assert_int_equal(config->crawl.reader_ms, 20000);
    assert_int_equal(config->crawl.image_ms, 20000);
    assert_int_equal(config->crawl.reader_bytes, INT64_C(2) << 30);
    assert_int_equal(config->crawl.reader_cpu_ms, 10000);
    assert_int_equal(config->crawl.reader_cell, AW_CELL_REQUIRED);
    assert_int_equal(config->crawl.address_pause_ms, -1);
    assert_int_equal(config->crawl.pause_most_ms, 30000);
    assert_int_equal(config->crawl.pause_factor, 2);
    assert_int_equal(config->crawl.backoff_first_ms, 60000);
    assert_int_equal(config->crawl.backoff_most_ms, 86400000);
    assert_int_equal(config->crawl.patience_ms, 600000);
    assert_int_equal(config->crawl.run_max_s, 0);
    assert_int_equal(config->crawl.speed_min, 100);
    assert_int_equal(config->crawl.speed_ms, 30000);
    assert_int_equal(config->crawl.decoded_max, 16 << 20);
    assert_int_equal(config->crawl.ratio_max, 1000);
    assert_int_equal(config->crawl.revisit_first_s, 72000);
    assert_int_equal(config->crawl.revisit_most_s, 1209600);
    assert_null(config->crawl.metrics);
    assert_int_equal(config->sources[0].include_count, 0);
    assert_int_equal(config->sources[0].exclude_count, 0);
    assert_int_equal(config->sources[0].bytes_max, 0);
    assert_int_equal(config->sources[0].time_max_s, 0);
    assert_int_equal(config->sources[0].host_pages_max, 0);
    assert_true(config->sources[0].landing);
    assert_true(config->sources[0].images);
    assert_true(config->sources[0].sitemaps);
    assert_int_equal(config->sources[0].scope, AW_SCOPE_HOST);
    assert_int_equal(config->sources[0].robots, AW_ROBOTS_OBEY);
    assert_int_equal(config->sources[0].depth, 5);
    assert_int_equal(config->sources[0].pause_ms, 1000);
    assert_int_equal(config->sources[0].pages_max, AW_PAGES_MAX_DEFAULT);
}

static void rendering_has_its_defaults_and_its_words(void **s)
{
    (void)s;
    load(AGENT SOURCE);
    assert_null(config->render.program);
    assert_int_equal(config->render.viewport, AW_VIEWPORT_DESKTOP);
    assert_int_equal(config->render.browsers, 1);
    assert_int_equal(config->render.page_ms, 90000);
    assert_int_equal(config->render.load_ms, 20000);
    assert_int_equal(config->render.memory_max, INT64_C(2) << 30);
    assert_int_equal(config->render.height_max, 16384);
    assert_int_equal(config->sources[0].render, AW_RENDER_AUTO);
    aw_config_free(config);
    load(AGENT "render: {program: /opt/c, viewport: mobile, browsers: 2, "
               "page_ms: 2000, load_ms: 1000, settle_ms: 0, "
               "memory_max: 268435456, resources_max: 0, bytes_max: 1024, "
               "html_max: 2048, height_max: 100}\n" SOURCE
               "    render: yes\n");
    assert_string_equal(config->render.program, "/opt/c");
    assert_int_equal(config->render.viewport, AW_VIEWPORT_MOBILE);
    assert_int_equal(config->render.browsers, 2);
    assert_int_equal(config->render.page_ms, 2000);
    assert_int_equal(config->render.load_ms, 1000);
    assert_int_equal(config->render.settle_ms, 0);
    assert_int_equal(config->render.memory_max, 268435456);
    assert_int_equal(config->render.resources_max, 0);
    assert_int_equal(config->render.bytes_max, 1024);
    assert_int_equal(config->render.html_max, 2048);
    assert_int_equal(config->render.height_max, 100);
    assert_int_equal(config->sources[0].render, AW_RENDER_YES);
}

static void no_limit_of_pages_has_to_be_written(void **s)
{
    (void)s;
    load(AGENT SOURCE "    pages_max: 0\n");
    assert_int_equal(config->sources[0].pages_max, 0);
}

static void each_scope_and_switch_has_its_words(void **s)
{
    static const char *const words[] = {"host", "site", "prefix", "listed"};
    char text[400];

    (void)s;
    for (int i = 0; i < 4; i++) {
        (void)snprintf(text, sizeof text,
                       AGENT SOURCE "    scope: %s\n    landing: %s\n"
                                    "    sitemaps: %s\n",
                       words[i], i % 2 ? "true" : "false",
                       i % 2 ? "no" : "yes");
        load(text);
        assert_int_equal(config->sources[0].scope, AW_SCOPE_HOST + i);
        assert_int_equal(config->sources[0].landing, i % 2 == 1);
        assert_int_equal(config->sources[0].sitemaps, i % 2 == 0);
        aw_config_free(config);
        config = NULL;
    }
}

static void a_pause_may_switch_addresses_off(void **s)
{
    (void)s;
    load(AGENT SOURCE "crawl: {address_pause_ms: 0}\n");
    assert_int_equal(config->crawl.address_pause_ms, 0);
}

static void a_later_check_tells_the_line_of_its_key(void **s)
{
    struct aw_config none = {0};

    (void)s;
    load(AGENT SOURCE "network:\n  allow:\n    - 10.0.0.0/8\n    - all\n");
    (void)aw_fail(&err, AW_CONFIG, "'all' is no range");
    assert_int_equal(aw_config_fail_at(config, &err, "network.allow[%d]", 1),
                     AW_CONFIG);
    assert_has(err.msg, "adwatch.yaml:8: 'all' is no range");
    (void)aw_fail(&err, AW_CONFIG, "alone");
    (void)aw_config_fail_at(&none, &err, "network");
    assert_string_equal(err.msg, "alone");
}

static void a_listing_has_its_pointers(void **s)
{
    const struct aw_listing_config *listing;

    (void)s;
    load(AGENT SOURCE "    listing:\n      store: yun\n      apps: ''\n"
                      "      name: /a~1b\n      whats_new: /new/0\n");
    listing = config->sources[0].listing;
    assert_non_null(listing);
    assert_string_equal(listing->store, "yun");
    assert_string_equal(listing->apps, "");
    assert_string_equal(listing->name, "/a~1b");
    assert_string_equal(listing->whats_new, "/new/0");
    assert_null(listing->reviews);
    assert_ptr_equal(aw_config_source(config, "s"), &config->sources[0]);
    assert_null(aw_config_source(config, "t"));
}

static void the_template_loads(void **s)
{
    (void)s;
    load(aw_config_template());
    assert_string_equal(config->agent.name, "adwatch");
    assert_int_equal(config->source_count, 1);
    assert_int_equal(config->sources[0].depth, 5);
}

static void the_ends_of_every_range_are_within_it(void **s)
{
    (void)s;
    load(AGENT SOURCE "    depth: 100\n"
                      "crawl: {concurrency: 1, pause_ms: 0, timeout_ms: 100, "
                      "body_max: 1024, head_max: 1024, redirects_max: 1, "
                      "tries_max: 1, readers: 1, reader_ms: 100, "
                      "reader_bytes: 268435456, reader_cpu_ms: 100, "
                      "pause_most_ms: 0, "
                      "pause_factor: 0, backoff_first_ms: 1, "
                      "backoff_most_ms: 1, patience_ms: 0, speed_min: 0, "
                      "speed_ms: 1000, decoded_max: 1024, ratio_max: 1, "
                      "revisit_first_s: 0, revisit_most_s: 0}\n");
    assert_int_equal(config->crawl.backoff_most_ms, 1);
    assert_int_equal(config->crawl.pause_ms, 0);
    assert_int_equal(config->sources[0].depth, 100);
    aw_config_free(config);
    load(AGENT SOURCE
         "crawl: {concurrency: 10000, pause_ms: 86400000, "
         "timeout_ms: 3600000, body_max: 268435456, head_max: 16777216, "
         "redirects_max: 50, tries_max: 100, readers: 256, "
         "reader_ms: 600000, reader_bytes: 68719476736, "
         "reader_cpu_ms: 600000, reader_cell: required, "
         "address_pause_ms: 86400000, pause_most_ms: 86400000, "
         "pause_factor: 100, backoff_first_ms: 86400000, "
         "backoff_most_ms: 86400000, patience_ms: 86400000, "
         "run_max_s: 31536000, speed_min: 1073741824, speed_ms: 3600000, "
         "decoded_max: 268435456, ratio_max: 1000000, "
         "revisit_first_s: 31536000, revisit_most_s: 31536000}\n");
    assert_int_equal(config->crawl.revisit_first_s, 31536000);
    assert_int_equal(config->crawl.reader_bytes, INT64_C(64) << 30);
}

/* Each with what its error must name. */
static const struct {
    const char *text, *where, *what;
} wrong[] = {
    {AGENT SOURCE "colour: red\n", "adwatch.yaml:5:", "'colour'"},
    {AGENT SOURCE "    depht: 3\n", "adwatch.yaml:5:", "'depht'"},
    {AGENT SOURCE "crawl:\n  pause_ms: 1\n  pawse: 1\n",
     "adwatch.yaml:7:", "'pawse'"},
    {"agent:\n  name: a\n  age: 5\n" SOURCE, "adwatch.yaml:3:", "'age'"},
    {AGENT SOURCE "network: {deny: []}\n", "adwatch.yaml:5:", "'deny'"},
    {AGENT SOURCE "crawl:\n  concurrency: many\n", "crawl.concurrency",
     "many"},
    {AGENT SOURCE "crawl: 5\n", "adwatch.yaml:5:", "MAPPING"},
    {AGENT SOURCE "    depth: deep\n", "source 's': depth", "deep"},
    {AGENT SOURCE "    render: perhaps\n", "adwatch.yaml:5:", "perhaps"},
    {AGENT SOURCE "render:\n  browsers: 17\n", "render.browsers", "17"},
    {AGENT SOURCE "render:\n  viewport: wall\n", "adwatch.yaml:6:", "wall"},
    {AGENT SOURCE "    pause_ms: 5s\n", "source 's': pause_ms", "5s"},
    {AGENT SOURCE "crawl:\n  timeout_ms: 500s\n", "crawl.timeout_ms", "500s"},
    {AGENT SOURCE "crawl: {readers: 1.5}\n", "crawl.readers", "1.5"},
    {AGENT SOURCE "crawl: {readers: 0}\n", "crawl.readers", "1 to 256"},
    {AGENT SOURCE "crawl: {readers: 0x8}\n", "crawl.readers", "0x8"},
    {AGENT SOURCE "crawl: {readers: [2]}\n", "adwatch.yaml:5:", "SEQUENCE"},
    {AGENT SOURCE "    depth: [1]\n", "adwatch.yaml:5:", ""},
    {AGENT SOURCE "    scope: galaxy\n", "adwatch.yaml:5:", "galaxy"},
    {AGENT SOURCE "    landing: perhaps\n", "adwatch.yaml:5:", "perhaps"},
    {AGENT SOURCE "    sitemaps: 1\n", "adwatch.yaml:5:", "1"},
    {AGENT SOURCE "    include: '*/x'\n", "adwatch.yaml:5:", "include"},
    {AGENT SOURCE "    exclude: [[x]]\n", "adwatch.yaml:5:", ""},
    {AGENT SOURCE "    bytes_max: -1\n", "source 's': bytes_max", "0 to"},
    {AGENT SOURCE "    time_max_s: 1h\n", "source 's': time_max_s", "1h"},
    {AGENT SOURCE "    host_pages_max: -1\n",
     "adwatch.yaml:5: source 's': host_pages_max", "0 to"},
    {AGENT SOURCE "crawl: {address_pause_ms: -1}\n", "address_pause_ms",
     "0 to 86400000"},
    {AGENT SOURCE "crawl: {pause_factor: 101}\n", "pause_factor", "0 to 100"},
    {AGENT SOURCE "crawl: {speed_ms: 999}\n", "speed_ms", "1000 to"},
    {AGENT SOURCE "crawl: {ratio_max: 0}\n", "ratio_max", "1 to"},
    {AGENT SOURCE "crawl: {metrics: []}\n", "adwatch.yaml:5:", "metrics"},
    {AGENT SOURCE "crawl:\n  backoff_first_ms: 9\n  backoff_most_ms: 8\n",
     "adwatch.yaml:7: crawl.backoff_most_ms is 8",
     "below crawl.backoff_first_ms, 9"},
    {AGENT SOURCE "crawl:\n  revisit_first_s: 1209601\n",
     "adwatch.yaml:6: crawl.revisit_most_s is 1209600", "1209601"},
    {AGENT SOURCE "    scope: 7\n", "adwatch.yaml:5:", "7"},
    {AGENT SOURCE "    robots: 1\n", "adwatch.yaml:5:", "1"},
    {AGENT "sources: [{name: s, start: 'http://a.example/'}]\n",
     "adwatch.yaml:2: 'start'", "SEQUENCE"},
    {SOURCE, "adwatch.yaml:", "agent"},
    {AGENT, "adwatch.yaml:", "sources"},
    {"agent: {name: a, purpose: p}\n" SOURCE, "adwatch.yaml:1:", "contact"},
    {AGENT "sources: []\n", "adwatch.yaml:2: 'sources'", "0 of 1"},
    {AGENT "sources:\n  - name: s\n", "adwatch.yaml:3:", "start"},
    {AGENT "sources:\n  - {name: s, start: []}\n", "adwatch.yaml:3:", ""},
    {AGENT "sources:\n  - {name: '', start: ['http://a.example/']}\n",
     "adwatch.yaml:3:", "STRING"},
    {"", "adwatch.yaml:1:", "empty"},
    {"# all is commented out\n", "adwatch.yaml:1:", "nothing"},
    {AGENT SOURCE "  - name: s\n    start: ['http://b.example/']\n",
     "adwatch.yaml:5: source 's'", "twice"},
    {AGENT SOURCE "    scope: host\n    depth: 1.5\n",
     "adwatch.yaml:6: source 's': depth is 1.5", ""},
    {AGENT SOURCE "  - name: t\n    start:\n      - http://b.example/\n"
                  "    pages_max: few\n",
     "adwatch.yaml:8: source 't': pages_max", "few"},
    {AGENT SOURCE "crawl:\n  pause_ms: 1\n  readers: 0\n",
     "adwatch.yaml:7: crawl.readers", ""},
    {"agent:\n  purpose: p\n  contact: c\n  name: a b\n" SOURCE,
     "adwatch.yaml:4: agent.name", ""},
    {AGENT SOURCE "    robots_ground: \"a\\nb\"\n",
     "adwatch.yaml:5: source 's': robots_ground", "one line"},
    {AGENT SOURCE "    robots: ignore\n", "adwatch.yaml:5: source 's'",
     "robots_ground"},
    {AGENT SOURCE "    depth: -1\n", "source 's'",
     "depth is -1: a whole number, 0 to 100"},
    {AGENT SOURCE "    depth: 101\n", "source 's'",
     "depth is 101: a whole number, 0 to 100"},
    {AGENT SOURCE "    pause_ms: -1\n", "source 's'", "pause_ms"},
    {AGENT SOURCE "    pages_max: -1\n", "source 's'", "pages_max"},
    {AGENT SOURCE "crawl: {concurrency: 10001}\n", "crawl.concurrency",
     "1 to 10000"},
    {AGENT SOURCE "crawl: {concurrency: -1}\n", "crawl.concurrency", "-1"},
    {AGENT SOURCE "crawl: {pause_ms: -1}\n", "crawl.pause_ms", "0 to"},
    {AGENT SOURCE "crawl: {pause_ms: 86400001}\n", "crawl.pause_ms", "0 to"},
    {AGENT SOURCE "crawl: {timeout_ms: 99}\n", "crawl.timeout_ms", "100 to"},
    {AGENT SOURCE "crawl: {body_max: 1023}\n", "crawl.body_max", "1024 to"},
    {AGENT SOURCE "crawl: {body_max: 268435457}\n", "crawl.body_max", ""},
    {AGENT SOURCE "crawl: {head_max: 16777217}\n", "crawl.head_max", ""},
    {AGENT SOURCE "crawl: {redirects_max: 51}\n", "crawl.redirects_max", ""},
    {AGENT SOURCE "crawl: {tries_max: 101}\n", "crawl.tries_max", "1 to 100"},
    {AGENT SOURCE "crawl: {readers: 257}\n", "crawl.readers", "1 to 256"},
    {AGENT SOURCE "crawl: {reader_ms: 99}\n", "crawl.reader_ms", "100 to"},
    {AGENT SOURCE "crawl: {reader_cpu_ms: 99}\n", "crawl.reader_cpu_ms",
     "100 to"},
    {AGENT SOURCE "crawl: {reader_cell: none}\n", "adwatch.yaml:5:", "none"},
    {AGENT SOURCE "crawl: {image_ms: 999}\n", "crawl.image_ms", "1000 to"},
    {AGENT SOURCE "crawl: {reader_bytes: 268435455}\n", "crawl.reader_bytes",
     "268435456"},
    {AGENT SOURCE "crawl: {body_max: 99999999999999999999}\n",
     "crawl.body_max", "99999999999999999999"},
    {"agent: {name: ad watch, purpose: p, contact: c}\n" SOURCE, "agent.name",
     "'ad watch'"},
    {"agent: {name: adwatch/1, purpose: p, contact: c}\n" SOURCE, "agent.name",
     ""},
    {"agent: {name: a, purpose: \"p\\r\\nX: y\", contact: c}\n" SOURCE,
     "agent", "line break"},
    {"agent: {name: a, purpose: p, contact: \"c\\x7F\"}\n" SOURCE, "agent",
     "control"},
    {"name: &n x\n" AGENT SOURCE "lexicon: *n\n", "adwatch.yaml:6:", "alias"},
    {AGENT SOURCE "---\n" AGENT SOURCE, "adwatch.yaml:5:", "second"},
    {AGENT AGENT SOURCE, "adwatch.yaml:", "already seen: agent"},
    {AGENT SOURCE "name: \xFF\n", "adwatch.yaml:5:", "UTF-8"},
    {AGENT SOURCE "    listing:\n      name: /a\n      link: url\n",
     "adwatch.yaml:7: source 's': 'url' is no JSON Pointer", "/data/list"},
    {AGENT SOURCE "    listing:\n      link: /url\n",
     "adwatch.yaml:5: source 's': its listing needs 'name'", ""},
    {AGENT SOURCE "    listing:\n      name: /a\n      price: /b\n",
     "adwatch.yaml:7:", "price"},
};

static void each_wrong_thing_is_told_with_its_place(void **s)
{
    (void)s;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        aw_rc rc = load_bytes(wrong[i].text, strlen(wrong[i].text));

        if (rc != AW_CONFIG)
            fail_msg("%s instead of an error for:\n%s", aw_rc_text(rc),
                     wrong[i].text);
        assert_null(config);
        assert_has(err.msg, "adwatch.yaml");
        assert_has(err.msg, wrong[i].where);
        assert_has(err.msg, wrong[i].what);
    }
}

static void evidence_is_read(void **s)
{
    const struct aw_evidence_config *evidence;

    (void)s;
    load(AGENT SOURCE
         "evidence:\n"
         "  officers:\n"
         "    - {name: 王芳, key: keys/wang.pem, certificate: c.pem,"
         " passphrase_file: p}\n"
         "    - {name: 李强, key: 'pkcs11:token=t;object=o',"
         " passphrase_env: PIN}\n"
         "  pkcs11_module: /m.so\n"
         "  tsa: {url: 'http://tsa.example/', ca_file: ca.pem,"
         " timeout_ms: 700, clock_ms: 8000}\n"
         "  papers: our-papers\n"
         "  office: {name: 某局, address: 某路 1 号, telephone: '0537',"
         " contact: 某科}\n");
    evidence = &config->evidence;
    assert_int_equal(evidence->officer_count, 2);
    assert_string_equal(evidence->officers[0].name, "王芳");
    assert_string_equal(evidence->officers[0].key, "keys/wang.pem");
    assert_string_equal(evidence->officers[0].certificate, "c.pem");
    assert_string_equal(evidence->officers[0].passphrase_file, "p");
    assert_string_equal(evidence->officers[1].passphrase_env, "PIN");
    assert_string_equal(evidence->pkcs11_module, "/m.so");
    assert_string_equal(evidence->tsa.url, "http://tsa.example/");
    assert_string_equal(evidence->tsa.ca_file, "ca.pem");
    assert_int_equal(evidence->tsa.timeout_ms, 700);
    assert_int_equal(evidence->tsa.clock_ms, 8000);
    assert_string_equal(evidence->papers, "our-papers");
    assert_string_equal(evidence->office.name, "某局");
    assert_string_equal(evidence->office.telephone, "0537");
}

static void without_evidence_nobody_stamps(void **s)
{
    (void)s;
    load(AGENT SOURCE);
    assert_null(config->evidence.tsa.url);
    assert_int_equal(config->evidence.officer_count, 0);
    assert_int_equal(config->evidence.tsa.timeout_ms, 20000);
    assert_int_equal(config->evidence.tsa.clock_ms, 300000);
}

#define EVIDENCE AGENT SOURCE "evidence:\n"

static void false_evidence_is_refused(void **s)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {EVIDENCE "  tsa: {timeout_ms: 5}\n", "url"},
        {EVIDENCE "  tsa: {url: 'ftp://a.example/'}\n",
         "adwatch.yaml:6: evidence.tsa.url"},
        {EVIDENCE "  tsa: {url: 'http://a.example/', timeout_ms: 5}\n",
         "evidence.tsa.timeout_ms is 5"},
        {EVIDENCE "  officers: [{name: a}]\n", "key"},
        {EVIDENCE "  officers: [{name: a, key: k}, {name: a, key: l}]\n",
         "stands twice"},
        {EVIDENCE "  officers: [{name: a, key: k, passphrase_file: f,"
                  " passphrase_env: E}]\n",
         "not both"},
        {EVIDENCE "  officers: [{name: a, key: 'pkcs11:object=a?pin-value=1'}"
                  "]\n",
         "PIN into a file"},
        {EVIDENCE "  office: {name: \"a\\nb\"}\n",
         "evidence.office.name is one line"}};

    (void)s;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(load_bytes(cases[i].text, strlen(cases[i].text)),
                         AW_CONFIG);
        if (!strstr(err.msg, cases[i].says))
            fail_msg("case %zu: '%s' does not say '%s'", i, err.msg,
                     cases[i].says);
    }
}

static void binary_junk_is_refused(void **s)
{
    unsigned char junk[4096];

    (void)s;
    for (size_t seed = 0; seed < 200; seed++) {
        for (size_t i = 0; i < sizeof junk; i++)
            junk[i] = (unsigned char)((i + seed * 77) * 2654435761u >> 13);
        assert_int_equal(load_bytes((const char *)junk, 1 + seed * 20),
                         AW_CONFIG);
        assert_null(config);
    }
}

static void every_prefix_of_a_file_loads_or_is_refused(void **s)
{
    const char *text = aw_config_template();

    (void)s;
    for (size_t len = 0; len <= strlen(text); len++) {
        aw_rc rc = load_bytes(text, len);

        assert_true(rc == AW_OK || rc == AW_CONFIG);
        if (rc == AW_OK)
            aw_config_free(config);
        config = NULL;
    }
}

static void a_folder_that_is_no_workspace_tells_what_to_do(void **s)
{
    (void)s;
    assert_int_equal(aw_config_load(&config, dir, &err), AW_CONFIG);
    assert_has(err.msg, "there is no");
    assert_has(err.msg, "adwatch init");
}

static void a_file_that_cannot_be_read_is_not_called_missing(void **s)
{
    (void)s;
    assert_int_equal(mkdir(in_dir(dir, AW_CONFIG_NAME), 0700), 0);
    assert_int_equal(aw_config_load(&config, dir, &err), AW_CONFIG);
    assert_null(strstr(err.msg, "there is no"));
    assert_has(err.msg, "directory");
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_full_file_fills_every_field),
        UNIT(what_is_left_out_has_its_default),
        UNIT(rendering_has_its_defaults_and_its_words),
        UNIT(no_limit_of_pages_has_to_be_written),
        UNIT(each_scope_and_switch_has_its_words),
        UNIT(a_pause_may_switch_addresses_off),
        UNIT(a_later_check_tells_the_line_of_its_key),
        UNIT(a_listing_has_its_pointers),
        UNIT(the_template_loads),
        UNIT(the_ends_of_every_range_are_within_it),
        UNIT(each_wrong_thing_is_told_with_its_place),
        UNIT(evidence_is_read),
        UNIT(without_evidence_nobody_stamps),
        UNIT(false_evidence_is_refused),
        UNIT(binary_junk_is_refused),
        UNIT(every_prefix_of_a_file_loads_or_is_refused),
        UNIT(a_folder_that_is_no_workspace_tells_what_to_do),
        UNIT(a_file_that_cannot_be_read_is_not_called_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
