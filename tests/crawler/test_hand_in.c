#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "crawler/hand_in.h"

#define NOW INT64_C(1795752000000) /* 2026-11-27 12:00 in Beijing */

static struct aw_err err;

static void a_code_has_letters_and_digits(void **s)
{
    static const char *const good[] = {"WG-012", "g7", "R5_1204", "12345-H07",
                                       "A12345678"};

    (void)s;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (aw_hand_in_code(aw_str_of(good[i]), &err) != AW_OK)
            fail_msg("%s: %s", good[i], err.msg);
}

static void a_person_is_no_code(void **s)
{
    static const struct {
        const char *who, *like;
    } bad[] = {
        {"王样例", "a name"},
        {"WG-012王", "a name"},
        {"wangyangli", "a name"},
        {"Wang Li", "a name"},
        {"13800138000", "a telephone number"},
        {"138-0013-8000", "a telephone number"},
        {"+86 138 0013 8000", "a telephone number"},
        {"0537-5550123", "a telephone number"},
        {"tel13800138000", "a number of a person"},
        {"370802199001011234", "an identity number"},
        {"37080219900101123X", "an identity number"},
        {"12345", "no code"},
        {"a 1", "no code"},
        {"a@1", "no code"},
        {"", "no code"},
        {"abcdefghijklmnopqrstuvwx1", "no code"},
    };

    (void)s;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (aw_hand_in_code(aw_str_of(bad[i].who), &err) != AW_INVALID)
            fail_msg("'%s' is taken for a code", bad[i].who);
        if (!strstr(err.msg, bad[i].like))
            fail_msg("'%s': %s", bad[i].who, err.msg);
        if (bad[i].who[0] && strlen(bad[i].who) > 3)
            assert_null(strstr(err.msg, bad[i].who));
    }
}

static void times_of_beijing_are_kept_in_utc(void **s)
{
    static const struct {
        const char *text, *utc, *unit;
    } times[] = {
        {"2026-11-26 14:05", "2026-11-26T06:05:00Z", "minute"},
        {"2026-11-26T14:05:33", "2026-11-26T06:05:33Z", "second"},
        {"2026-11-26T06:05Z", "2026-11-26T06:05:00Z", "minute"},
        {"2026-11-26T06:05:33Z", "2026-11-26T06:05:33Z", "second"},
        {"2026-11-26 15:05+09:00", "2026-11-26T06:05:00Z", "minute"},
        {"2026/11/26", "2026-11-25T16:00:00Z", "day"},
        {"2026/1/6 9:05", "2026-01-06T01:05:00Z", "minute"},
        {"2026.11.26", "2026-11-25T16:00:00Z", "day"},
        {"20261126", "2026-11-25T16:00:00Z", "day"},
        {" 2026年11月26日 ", "2026-11-25T16:00:00Z", "day"},
        {"2026年1月6日14时05分", "2026-01-06T06:05:00Z", "minute"},
        {"2026年1月6日14时05分33秒", "2026-01-06T06:05:33Z", "second"},
        {"2026年1月6号下午2点", "2026-01-06T06:00:00Z", "minute"},
        {"2026-01-06 中午11点半", "2026-01-06T03:30:00Z", "minute"},
        {"2026-01-06 中午1点", "2026-01-06T05:00:00Z", "minute"},
        {"2026-01-06 晚上8点", "2026-01-06T12:00:00Z", "minute"},
        {"2026-01-06 凌晨12点", "2026-01-05T16:00:00Z", "minute"},
        {"2026年1月6日 上午9点半", "2026-01-06T01:30:00Z", "minute"},
        {"２０２６年１月６日　１４：０５", "2026-01-06T06:05:00Z", "minute"},
        {"2026-01-06 2:05 PM", "2026-01-06T06:05:00Z", "minute"},
        {"2026-01-06 12:05 AM", "2026-01-05T16:05:00Z", "minute"},
        {"2024-02-29", "2024-02-28T16:00:00Z", "day"},
    };

    (void)s;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct aw_facts facts = {0};
        char utc[AW_TIME_MAX];

        if (aw_hand_in_time(aw_str_of(times[i].text), NOW, &facts, &err) !=
            AW_OK)
            fail_msg("%s", err.msg);
        aw_time_iso(facts.seen_ms, utc);
        if (strcmp(utc, times[i].utc) != 0)
            fail_msg("%s: %s", times[i].text, utc);
        assert_string_equal(aw_seen_unit_name(facts.seen_unit), times[i].unit);
    }
}

static void what_is_not_known_stays_so(void **s)
{
    static const char *const words[] = {"",  "  ",  "不详", "未知",
                                        "-", "N/a", "　"};

    (void)s;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct aw_facts facts = {.seen_ms = 7, .seen_unit = AW_SEEN_DAY};

        assert_int_equal(aw_hand_in_time(aw_str_of(words[i]), NOW, &facts,
                                         &err),
                         AW_OK);
        assert_int_equal(facts.seen_unit, AW_SEEN_UNKNOWN);
        assert_int_equal(facts.seen_ms, 0);
    }
}

static void what_is_no_time_is_refused(void **s)
{
    static const char *const bad[] = {"11月26日",
                                      "2026-13-01",
                                      "2026-02-30",
                                      "昨天",
                                      "2026-11-26 25:00",
                                      "2026-11-26 1",
                                      "46352",
                                      "2026",
                                      "2026-11-26 14:60",
                                      "2026-11-26 x",
                                      "0026-11-26",
                                      "2062-11-26",
                                      "2026-11-29 9:00",
                                      "2026-11-25 晚上12点",
                                      "2026-11-25 晚上2点",
                                      "2026-11-25 中午9点",
                                      "2026-11-26 14:05 下午好"};

    (void)s;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct aw_facts facts = {0};
        aw_rc rc = aw_hand_in_time(aw_str_of(bad[i]), NOW, &facts, &err);

        if (rc != AW_INVALID)
            fail_msg("'%s' is taken for a time", bad[i]);
        assert_int_equal(facts.seen_unit, AW_SEEN_UNKNOWN);
    }
}

/* Sixty bytes would be half a character. */
static void a_long_text_is_told_up_to_a_whole_character(void **s)
{
    struct aw_facts facts = {0};
    enum aw_channel channel;
    struct aw_err told;

    (void)s;
    assert_int_equal(aw_hand_in_time(AW_STR("x上上上上上上上上上上上上上上上上"
                                            "上上上上上上上上"),
                                     NOW, &facts, &told),
                     AW_INVALID);
    assert_true(aw_utf8_valid(aw_str_of(told.msg)));
    assert_int_equal(aw_hand_in_channel(AW_STR(
                                            "x上上上上上上上上上上上上上上上"
                                            "上上上上上上上上上"),
                                        &channel, &told),
                     AW_INVALID);
    assert_true(aw_utf8_valid(aw_str_of(told.msg)));
}

static void channels_have_words_in_chinese(void **s)
{
    static const struct {
        const char *word;
        enum aw_channel channel;
    } words[] = {
        {"海报", AW_CHANNEL_POSTER},   {"短信", AW_CHANNEL_SMS},
        {"电话", AW_CHANNEL_CALL},     {"会议", AW_CHANNEL_SEMINAR},
        {"应用", AW_CHANNEL_APP},      {"网页", AW_CHANNEL_WEB},
        {"Poster", AW_CHANNEL_POSTER}, {"app", AW_CHANNEL_APP},
    };
    enum aw_channel channel;

    (void)s;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_int_equal(aw_hand_in_channel(aw_str_of(words[i].word), &channel,
                                            &err),
                         AW_OK);
        assert_int_equal(channel, words[i].channel);
    }
    assert_int_equal(aw_hand_in_channel(AW_STR("电报"), &channel, &err),
                     AW_INVALID);
    assert_non_null(strstr(err.msg, "海报"));
}

static void a_place_is_one_line_of_bounded_length(void **s)
{
    static char text[AW_HAND_IN_TEXT_MAX + 2];
    struct aw_arena arena;
    struct aw_str out;

    (void)s;
    aw_arena_init(&arena, 1 << 20);
    assert_int_equal(aw_hand_in_text(AW_STR(" 样例路\n1号\t"), "place", &arena,
                                     &out, &err),
                     AW_OK);
    assert_string_equal(out.ptr, "样例路 1号");
    memset(text, 'a', sizeof text - 1);
    assert_int_equal(aw_hand_in_text(aw_str_of(text), "place", &arena, &out,
                                     &err),
                     AW_LIMIT);
    assert_non_null(strstr(err.msg, "place of more than"));
    aw_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_has_letters_and_digits),
        cmocka_unit_test(a_person_is_no_code),
        cmocka_unit_test(times_of_beijing_are_kept_in_utc),
        cmocka_unit_test(what_is_not_known_stays_so),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(a_long_text_is_told_up_to_a_whole_character),
        cmocka_unit_test(channels_have_words_in_chinese),
        cmocka_unit_test(a_place_is_one_line_of_bounded_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
