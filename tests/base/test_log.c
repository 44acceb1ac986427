#include "tests/base/base_test.h"

#include <cjson/cJSON.h>

#include "base/log.h"
#include "base/utf8.h"

#define NOW INT64_C(1795399987120) /* 2026-11-23T02:13:07.120Z */

static struct aw_clock clock_now;
static struct aw_log log_to;
static char *text;
static size_t len;

static int set_up(void **s)
{
    (void)s;
    clock_now = aw_clock_manual(NOW);
    aw_log_init(&log_to, &clock_now);
    log_to.out = open_memstream(&text, &len);
    return log_to.out ? 0 : -1;
}

static int tear_down(void **s)
{
    (void)s;
    (void)fclose(log_to.out);
    free(text);
    return 0;
}

static const char *logged(void)
{
    (void)fflush(log_to.out);
    return text;
}

static void a_line_of_text_has_time_level_message_and_pairs(void **s)
{
    (void)s;
    aw_log(&log_to, AW_LOG_WARN, "page not fetched", "url",
           "http://a.example/", "why", "timeout", (char *)NULL);
    assert_string_equal(logged(), "02:13:07 warn  page not fetched "
                                  "url=http://a.example/ why=timeout\n");
}

static void what_stands_there_is_cleared_first(void **s)
{
    (void)s;
    log_to.before = "\r\033[K";
    aw_log(&log_to, AW_LOG_INFO, "m", (char *)NULL);
    assert_string_equal(logged(), "\r\033[K02:13:07 info  m\n");
}

static void a_line_of_json_has_the_same(void **s)
{
    (void)s;
    log_to.json = true;
    aw_log(&log_to, AW_LOG_ERROR, "page \"x\"", "url", "http://a.example/保",
           "why", (char *)NULL, (char *)NULL);
    assert_string_equal(
        logged(), "{\"time\":\"2026-11-23T02:13:07.120Z\",\"level\":\"error\","
                  "\"msg\":\"page \\\"x\\\"\",\"url\":\"http://a.example/保\","
                  "\"why\":\"\"}\n");
}

static void what_is_below_the_least_level_is_not_written(void **s)
{
    (void)s;
    aw_log(&log_to, AW_LOG_DEBUG, "no", (char *)NULL);
    assert_string_equal(logged(), "");
    aw_log(&log_to, AW_LOG_INFO, "yes", (char *)NULL);
    assert_string_equal(logged(), "02:13:07 info  yes\n");
    log_to.least = AW_LOG_DEBUG;
    aw_log(&log_to, AW_LOG_DEBUG, "now", (char *)NULL);
    assert_has(logged(), "debug now\n");
}

static void
a_value_with_blanks_or_quotes_cannot_look_like_other_pairs(void **s)
{
    (void)s;
    aw_log(&log_to, AW_LOG_INFO, "m", "a", "x y=z", "b", "q\" why=\"ok", "c",
           "back\\", "d", "\\ \"", (char *)NULL);
    assert_string_equal(logged(), "02:13:07 info  m a=\"x y=z\" "
                                  "b=\"q\\\" why=\\\"ok\" c=back\\ "
                                  "d=\"\\\\ \\\"\"\n");
}

static void nobody_s_number_or_name_is_logged_whole(void **s)
{
    (void)s;
    for (int json = 0; json < 2; json++) {
        log_to.json = json != 0;
        aw_log(&log_to, AW_LOG_WARN, "m", "url",
               "http://a.example/?tel=13800001234", "why", "样例投资有限公司",
               "bytes", "1234567890", (char *)NULL);
    }
    assert_null(strstr(logged(), "13800001234"));
    assert_null(strstr(logged(), "样例投资"));
    assert_has(logged(), "tel=138****1234");
    assert_has(logged(), "bytes=1234567890\n");
    assert_has(logged(), "\"bytes\":\"1234567890\"");
}

/* Every control character of C0 and C1, and DEL, as UTF-8. */
static struct aw_str controls(struct aw_buf *out)
{
    for (uint32_t cp = 1; cp <= 0x9F; cp++)
        if (cp < 0x20 || cp >= 0x7F)
            aw_utf8_put(out, cp);
    return aw_buf_str(out);
}

static void assert_no_control(const char *line)
{
    struct aw_str rest = aw_str_of(line);

    assert_int_equal(rest.ptr[rest.len - 1], '\n');
    rest.len--;
    assert_true(aw_utf8_valid(rest));
    for (size_t pos = 0; pos < rest.len;) {
        uint32_t cp = aw_utf8_next(rest, &pos);

        assert_true(cp >= 0x20 && (cp < 0x7F || cp > 0x9F));
    }
}

static void control_characters_never_reach_the_output(void **s)
{
    struct aw_buf value;

    aw_buf_init(&value, 1000);
    (void)s;
    (void)controls(&value);
    aw_log(&log_to, AW_LOG_INFO, "m", "v", value.ptr, (char *)NULL);
    assert_no_control(logged());
    assert_has(logged(), "v=????");
    aw_buf_deinit(&value);
}

static void control_characters_are_escaped_in_json_and_come_back(void **s)
{
    struct aw_buf value;
    cJSON *line;

    (void)s;
    aw_buf_init(&value, 1000);
    (void)controls(&value);
    log_to.json = true;
    aw_log(&log_to, AW_LOG_INFO, "m", "v", value.ptr, (char *)NULL);
    assert_no_control(logged());
    line = cJSON_Parse(logged());
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(line, "v")),
                        value.ptr);
    cJSON_Delete(line);
    aw_buf_deinit(&value);
}

static void bytes_that_are_no_utf8_are_never_written(void **s)
{
    (void)s;
    aw_log(&log_to, AW_LOG_INFO, "m", "v", "a\x9B\xFF\xE4\xBF z",
           (char *)NULL);
    assert_no_control(logged());
    log_to.json = true;
    aw_log(&log_to, AW_LOG_INFO, "m", "v", "a\x9B\xFF\xE4\xBF z",
           (char *)NULL);
    assert_true(aw_utf8_valid(aw_str_of(logged())));
}

static void a_line_beyond_its_limit_is_told_by_its_message(void **s)
{
    char *value = malloc(3 << 20);

    (void)s;
    assert_non_null(value);
    memset(value, 'x', 3 << 20);
    value[(3 << 20) - 1] = '\0';
    aw_log(&log_to, AW_LOG_WARN, "long", "v", value, (char *)NULL);
    assert_string_equal(logged(), "warn  long\n");
    log_to.json = true;
    aw_log(&log_to, AW_LOG_WARN, "long", "v", value, (char *)NULL);
    assert_has(logged(), "{\"level\":\"warn\",\"msg\":\"long\"}\n");
    free(value);
}

static void a_new_log_goes_to_stderr_from_info_on(void **s)
{
    struct aw_log log;

    (void)s;
    aw_log_init(&log, &clock_now);
    assert_ptr_equal(log.out, stderr);
    assert_int_equal(log.least, AW_LOG_INFO);
    assert_false(log.json);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_line_of_text_has_time_level_message_and_pairs),
        UNIT(what_stands_there_is_cleared_first),
        UNIT(a_line_of_json_has_the_same),
        UNIT(what_is_below_the_least_level_is_not_written),
        UNIT(a_value_with_blanks_or_quotes_cannot_look_like_other_pairs),
        UNIT(nobody_s_number_or_name_is_logged_whole),
        UNIT(control_characters_never_reach_the_output),
        UNIT(control_characters_are_escaped_in_json_and_come_back),
        UNIT(bytes_that_are_no_utf8_are_never_written),
        UNIT(a_line_beyond_its_limit_is_told_by_its_message),
        UNIT(a_new_log_goes_to_stderr_from_info_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
