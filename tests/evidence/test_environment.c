#include "tests/store/fixture.h"

#include <cjson/cJSON.h>

#include "base/hash.h"
#include "evidence/environment.h"
#include "review/audit.h"
#include "review/decide.h"

#define SEEN INT64_C(1795399980123) /* 2026-11-23T02:13:00.123Z */

static struct aw_clock clock_at;

static int set_up(void **state)
{
    clock_at = aw_clock_manual(SEEN);
    return fixture_set_up(state);
}

static struct aw_environment *look(void)
{
    struct aw_environment *environment = NULL;
    const struct aw_environment_config config = {.clock = &clock_at,
                                                 .workspace = fixture.dir,
                                                 .lexicon_hash = "abc",
                                                 .model_hash = "def"};

    ASSERT_OK(aw_environment_new(&environment, &config, &fixture.err));
    return environment;
}

/* ---- parts -------------------------------------------------------------- */

struct wanted {
    const char *name;
    char value[AW_ENVIRONMENT_TEXT_MAX];
    bool ok;
    int count;
};

static void take_part(void *self, const char *name, const char *version)
{
    struct wanted *wanted = self;

    assert_true(*version != '\0');
    if (strcmp(name, wanted->name) != 0)
        return;
    (void)snprintf(wanted->value, sizeof wanted->value, "%s", version);
    wanted->count++;
}

static void the_build_is_the_running_program(void **state)
{
    struct aw_environment *environment = look();
    struct wanted build = {.name = "build"};
    char hex[AW_SHA256_HEX_MAX];

    (void)state;
    aw_environment_parts(environment, take_part, &build);
    ASSERT_OK(aw_sha256_file("/proc/self/exe", hex, &fixture.err));
    assert_int_equal(build.count, 1);
    assert_string_equal(build.value, hex);
    aw_environment_free(environment);
}

static void every_library_tells_its_version(void **state)
{
    static const char *const names[] = {"adwatch", "compiler", "libcurl",
                                        "openssl", "libxml2",  "pcre2",
                                        "icu",     "sqlite",   "tesseract",
                                        "glibc"};
    struct aw_environment *environment = look();

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct wanted one = {.name = names[i]};

        aw_environment_parts(environment, take_part, &one);
        assert_int_equal(one.count, 1);
    }
    aw_environment_free(environment);
}

/* ---- checks ------------------------------------------------------------- */

static void take_check(void *self, const struct aw_check *check)
{
    struct wanted *wanted = self;

    assert_true(check->what[0] && check->words[0] && check->name[0]);
    if (strcmp(check->check, wanted->name) != 0)
        return;
    wanted->ok = check->ok;
    (void)snprintf(wanted->value, sizeof wanted->value, "%s", check->what);
    wanted->count++;
}

static struct wanted check_with(const char *name, const char *host)
{
    struct aw_environment *environment = look();
    struct aw_str hosts[] = {aw_str_of(host)};
    struct wanted wanted = {.name = name};

    aw_environment_checks(environment, hosts, host ? 1 : 0, take_check,
                          &wanted);
    assert_int_equal(wanted.count, 1);
    aw_environment_free(environment);
    return wanted;
}

static void a_proxy_is_told_by_name_and_not_by_value(void **state)
{
    struct wanted proxy;

    (void)state;
    (void)unsetenv("all_proxy");
    assert_int_equal(setenv("https_proxy", "http://u:secret@p.example", 1), 0);
    proxy = check_with("proxy", NULL);
    assert_false(proxy.ok);
    assert_non_null(strstr(proxy.value, "https_proxy"));
    assert_null(strstr(proxy.value, "secret"));
    assert_int_equal(unsetenv("https_proxy"), 0);
}

static void code_that_is_loaded_from_elsewhere_is_told(void **state)
{
    (void)state;
    assert_int_equal(setenv("LD_AUDIT", "/tmp/x.so", 1), 0);
    assert_false(check_with("preload", NULL).ok);
    assert_int_equal(unsetenv("LD_AUDIT"), 0);
}

static void a_host_of_the_hosts_file_is_told(void **state)
{
    (void)state;
    assert_false(check_with("hosts-file", "localhost").ok);
    assert_true(check_with("hosts-file", "a.example").ok);
    assert_true(check_with("hosts-file", NULL).ok);
}

static void what_is_not_known_is_not_ok(void **state)
{
    (void)state;
    assert_false(check_with("config", NULL).ok);
    assert_true(check_with("lexicon", NULL).ok);
    assert_string_equal(check_with("model", NULL).value, "sha256:def");
}

static void
rules_and_model_are_read_where_their_hashes_are_not_given(void **state)
{
    const struct aw_environment_config config = {.clock = &clock_at,
                                                 .lexicon = "lexicons",
                                                 .model = fixture.path};
    struct aw_environment *environment = NULL;
    struct wanted lexicon = {.name = "lexicon"};
    struct wanted model = {.name = "model"};
    char hex[AW_SHA256_HEX_MAX];

    (void)state;
    ASSERT_OK(aw_environment_new(&environment, &config, &fixture.err));
    aw_environment_checks(environment, NULL, 0, take_check, &lexicon);
    aw_environment_checks(environment, NULL, 0, take_check, &model);
    ASSERT_OK(aw_sha256_file(fixture.path, hex, &fixture.err));
    assert_true(lexicon.ok && strlen(lexicon.value) == 7 + 64);
    assert_string_equal(model.value + 7, hex);
    aw_environment_free(environment);
}

/* ---- files -------------------------------------------------------------- */

static void the_files_are_json(void **state)
{
    struct aw_environment *environment = look();
    struct aw_str host = AW_STR("a.example");
    struct aw_buf out;
    cJSON *json;

    (void)state;
    aw_buf_init(&out, 1 << 20);
    aw_tool_json(&out, environment, AW_STR("HeadlessChrome/156.0"));
    json = cJSON_Parse(out.ptr);
    assert_string_equal(cJSON_GetStringValue(
                            cJSON_GetObjectItem(json, "browser_recorded")),
                        "HeadlessChrome/156.0");
    cJSON_Delete(json);
    aw_buf_reset(&out);
    aw_environment_json(&out, environment, &host, 1);
    json = cJSON_Parse(out.ptr);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(json, "at")),
                        "2026-11-23T02:13:00.123Z");
    assert_true(cJSON_GetArraySize(cJSON_GetObjectItem(json, "checks")) > 10);
    cJSON_Delete(json);
    aw_buf_deinit(&out);
    aw_environment_free(environment);
}

static int64_t decided(const char *reason)
{
    int64_t id = fixture_simple("f");
    const struct aw_decision_input input = {.finding = id,
                                            .action = AW_STR("confirm"),
                                            .reason = aw_str_of(reason),
                                            .who = AW_STR("王芳")};

    ASSERT_OK(
        aw_decide(fixture.store, &clock_at, &input, NULL, NULL, &fixture.err));
    ASSERT_OK(aw_audit_add(fixture.store, &clock_at, AW_STR("王芳"), "comment",
                           AW_STR("finding 1"), AW_STR("{\"text\":\"x\"}"),
                           &fixture.err));
    return id;
}

static void assert_says(const struct aw_buf *out, const char *text)
{
    if (!strstr(out->ptr, text))
        fail_msg("not there: %s\n%s", text, out->ptr);
}

static void the_log_has_runs_decisions_and_audit(void **state)
{
    int64_t id = decided("与原文一致");
    struct aw_buf out;

    (void)state;
    aw_buf_init(&out, 1 << 20);
    ASSERT_OK(aw_commands_log(&out, fixture.store, &id, 1, &fixture.err));
    assert_says(&out, "run 1 begins kind=\"ingest\" tool=\"adwatch test\"");
    assert_says(&out, "2026-11-23T02:13:00.123Z  2026-11-23 10:13:00 +08:00"
                      "  decision 1 finding 1 who=\"王芳\"");
    assert_says(&out, "action=\"comment\" subject=\"finding 1\"");
    aw_buf_deinit(&out);
}

static void its_lines_are_in_the_order_of_time(void **state)
{
    int64_t id = decided("甲");
    struct aw_buf out;
    struct aw_str rest;
    struct aw_str line;
    struct aw_str before = AW_STR("");

    (void)state;
    fixture_tamper("UPDATE decision SET at_ms = at_ms + 3600000");
    aw_buf_init(&out, 1 << 20);
    ASSERT_OK(aw_commands_log(&out, fixture.store, &id, 1, &fixture.err));
    rest = aw_buf_str(&out);
    while (aw_str_split(&rest, '\n', &line) && line.len > 0) {
        line = aw_str_sub(line, 0, 24);
        assert_true(aw_str_cmp(before, line) <= 0);
        before = line;
    }
    assert_int_equal(before.len, 24);
    aw_buf_deinit(&out);
}

static void no_text_begins_a_line_of_its_own(void **state)
{
    int64_t id = decided("甲");
    struct aw_buf out;
    size_t lines = 0;

    (void)state;
    fixture_tamper("UPDATE decision SET reason = 'a' || char(10) || 'run 9'");
    aw_buf_init(&out, 1 << 20);
    ASSERT_OK(aw_commands_log(&out, fixture.store, &id, 1, &fixture.err));
    for (size_t i = 0; i < out.len; i++)
        lines += out.ptr[i] == '\n';
    assert_int_equal(lines, 3);
    assert_says(&out, "reason=\"a\\nrun 9\"");
    aw_buf_deinit(&out);
}

static void a_finding_that_is_not_there_is_told(void **state)
{
    int64_t id = 77;
    struct aw_buf out;

    (void)state;
    aw_buf_init(&out, 1 << 20);
    assert_int_equal(aw_commands_log(&out, fixture.store, &id, 1,
                                     &fixture.err),
                     AW_MISSING);
    aw_buf_deinit(&out);
}

#define TEST(test) \
    cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_build_is_the_running_program),
        TEST(every_library_tells_its_version),
        TEST(a_proxy_is_told_by_name_and_not_by_value),
        TEST(code_that_is_loaded_from_elsewhere_is_told),
        TEST(a_host_of_the_hosts_file_is_told),
        TEST(what_is_not_known_is_not_ok),
        TEST(rules_and_model_are_read_where_their_hashes_are_not_given),
        TEST(the_files_are_json),
        TEST(the_log_has_runs_decisions_and_audit),
        TEST(its_lines_are_in_the_order_of_time),
        TEST(no_text_begins_a_line_of_its_own),
        TEST(a_finding_that_is_not_there_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
