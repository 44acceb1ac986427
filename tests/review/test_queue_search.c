/* A search is for text: whatever is typed, it is found where it stands. */
#include "base/buf.h"
#include "tests/review/queue_fixture.h"

static int64_t make(const char *print, const char *title, const char *sentence)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding =
        fixture_finding(print, fixture_capture((struct aw_capture){0}),
                        &claim);

    claim.before = claim.after = (struct aw_str){0};
    claim.quote = aw_str_of(sentence);
    finding.title = aw_str_of(title);
    finding.parties = AW_STR(
        "{\"names\":[\"样例甲有限公司\"],\"phones\":[\"0537-5550123\"]}");
    return fixture_add(&finding);
}

static int64_t hits(const char *text)
{
    struct aw_question ask = AW_QUESTION_ALL;

    ask.text = aw_str_of(text);
    return queue_page(&ask).findings;
}

static void any_length_is_found_at_any_place(void **state)
{
    static const char *const there[] = {
        "保",     "本",       "息",     "保本", "本保", "保息", "保本保",
        "本保息", "保本保息", "稳盈",   "号",   "一号", "甲",   "样例",
        "限公司", "公司",     "0537",   "05",   "5",    "12",   "23",
        "-",      "www",      "wealth", "ABC",  "abc",  "aB",   "ａｂｃ１",
        "c1",     "1",        " c",     "a"};
    static const char *const not_there[] = {
        "息保", "保保", "本本", "号保",     "稳盈保",     "盈稳",
        "司0",  "zz",   "z",    "保本保本", "保本  保息", "\xEF\xBF\xBD"};

    (void)state;
    (void)make("a", "稳盈一号", "保本保息");
    (void)make("b", "ABC1 c", "别的");
    queue_sort_all();
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        if (hits(there[i]) == 0)
            fail_msg("'%s' was not found", there[i]);
    for (size_t i = 0; i < sizeof not_there / sizeof *not_there; i++)
        if (hits(not_there[i]) != 0)
            fail_msg("'%s' was found", not_there[i]);
}

static void operators_and_quotes_are_text(void **state)
{
    static const char *const typed[] = {"保本 OR 零风险",
                                        "NOT 保本",
                                        "title:保本",
                                        "title : 稳盈",
                                        "\"保本\"",
                                        "\"",
                                        "\"\"",
                                        "\"\"\"",
                                        "保本*",
                                        "*",
                                        "保本 AND",
                                        "(",
                                        ")",
                                        "(((",
                                        "{title}",
                                        "- claims: 保本",
                                        "NEAR(保)",
                                        "NEAR(保,5)",
                                        "^保本",
                                        "保+本",
                                        "';--",
                                        "'",
                                        "%",
                                        "_",
                                        "%%%",
                                        "保本' OR '1",
                                        "\\",
                                        "\\\"",
                                        "\x02\x02",
                                        "\x02",
                                        "?1",
                                        ":x",
                                        "rank MATCH 1"};

    (void)state;
    (void)make("a", "稳盈一号", "保本保息零风险");
    queue_sort_all();
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        int64_t found = hits(typed[i]);

        /* what is only controls asks for nothing, and so for all */
        if (found != (typed[i][0] == '\x02'))
            fail_msg("'%s' found %d", typed[i], (int)found);
    }
    (void)make("b", "a \"b\" (c) NOT d* 'e' -f", "50% of_x ^y");
    queue_sort_all();
    assert_int_equal(hits("\"b\" (c)"), 1);
    assert_int_equal(hits("\"b"), 1);
    assert_int_equal(hits("\""), 1);
    assert_int_equal(hits("NOT d*"), 1);
    assert_int_equal(hits("d*"), 1);
    assert_int_equal(hits("%"), 1);
    assert_int_equal(hits("_x"), 1);
    assert_int_equal(hits("' -f"), 1);
}

static void what_is_no_text_finds_nothing_and_breaks_nothing(void **state)
{
    struct aw_question ask = AW_QUESTION_ALL;
    struct aw_buf text;
    struct aw_queue_page page;

    (void)state;
    (void)make("a", "稳盈一号", "保本保息");
    queue_sort_all();
    assert_int_equal(hits("\xFF\xFE\xFD"), 0);
    assert_int_equal(hits("保\xE6"), 0);
    assert_int_equal(hits("\xED\xA0\x80"), 0); /* half of a pair */
    assert_int_equal(hits("   "), 1);          /* asks for nothing */
    assert_int_equal(hits(" 保本 "), 1);
    ask.text = (struct aw_str){"保本\0保息", 13};
    assert_int_equal(queue_page(&ask).findings, 1); /* NUL is left out */
    aw_buf_init(&text, 10000);
    for (int i = 0; i <= AW_QUEUE_TEXT_MAX; i++)
        aw_buf_puts(&text, "\"");
    ask.text = aw_str_sub(aw_buf_str(&text), 0, AW_QUEUE_TEXT_MAX);
    assert_int_equal(queue_page(&ask).findings, 0);
    ask.text = aw_buf_str(&text);
    assert_int_equal(aw_queue_ask(queue, fixture.store, &ask, &fixture.arena,
                                  &page, &fixture.err),
                     AW_INVALID);
    aw_buf_deinit(&text);
}

static void what_comes_later_is_found_as_well(void **state)
{
    (void)state;
    (void)make("a", "稳盈一号", "保本保息");
    queue_sort_all();
    assert_int_equal(hits("保本"), 1);
    (void)make("b", "稳盈二号", "保本保息");
    assert_int_equal(hits("保本"), 1); /* not sorted yet */
    queue_sort_all();
    assert_int_equal(hits("保本"), 2);
    assert_int_equal(hits("二号"), 1);
}

static void another_process_may_have_sorted(void **state)
{
    struct aw_queue *here = queue;

    (void)state;
    (void)make("a", "稳盈一号", "保本保息");
    queue_sort_all();
    assert_int_equal(hits("保本"), 1);
    (void)make("b", "稳盈二号", "保本保息");
    queue_open();
    queue_sort_all();
    aw_queue_free(queue);
    queue = here;
    assert_int_equal(hits("保本"), 2);
}

static void more_searches_than_are_kept_are_answered(void **state)
{
    char text[32];

    (void)state;
    for (int i = 0; i < 40; i++) {
        char print[16];

        (void)snprintf(print, sizeof print, "p%d", i);
        (void)snprintf(text, sizeof text, "编号%03d", i);
        (void)make(print, text, "保本保息");
    }
    queue_sort_all();
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 40; i++) {
            (void)snprintf(text, sizeof text, "编号%03d", i);
            assert_int_equal(hits(text), 1);
        }
}

/* As rules see it: without dots. */
static aw_rc without_dots(struct aw_str text, struct aw_buf *out,
                          struct aw_err *err)
{
    static const struct aw_str dot = AW_STR("·");
    ptrdiff_t at = aw_str_find(text, dot);

    (void)err;
    if (at < 0)
        return AW_OK;
    for (; at >= 0; at = aw_str_find(text, dot)) {
        aw_buf_put(out, aw_str_sub(text, 0, (size_t)at));
        text = aw_str_sub(text, (size_t)at + dot.len, text.len);
    }
    aw_buf_put(out, text);
    return AW_OK;
}

static void open_folding(void)
{
    aw_queue_free(queue);
    queue_fold = without_dots;
    queue_open();
}

static void what_is_disguised_is_found_both_ways(void **state)
{
    (void)state;
    open_folding();
    (void)make("a", "稳·盈一号", "保·本保·息");
    (void)make("b", "稳盈二号", "保本保息");
    queue_sort_all();
    assert_int_equal(hits("保本"), 2);
    assert_int_equal(hits("保本保息"), 2);
    assert_int_equal(hits("稳盈"), 2);
    assert_int_equal(hits("保·本"), 1);
    assert_int_equal(hits("·"), 1);
    (void)make("c", "稳盈三号", "保本·保息");
    queue_sort_all();
    assert_int_equal(hits("保本保息"), 3);
}

/* Those that were sorted before anybody looked are looked at once. */
static void what_was_sorted_before_is_found_as_well(void **state)
{
    bool more = false;

    (void)state;
    (void)make("a", "稳盈一号", "保·本保息");
    (void)make("b", "稳盈二号", "保·本保息");
    queue_sort_all();
    assert_int_equal(hits("保本"), 0);
    open_folding();
    assert_int_equal(hits("保本"), 0);
    ASSERT_OK(aw_queue_tend(queue, fixture.store, 1, &more, &fixture.err));
    assert_true(more);
    assert_int_equal(hits("保本"), 1);
    queue_sort_all();
    assert_int_equal(hits("保本"), 2);
    ASSERT_OK(aw_queue_tend(queue, fixture.store, 9, &more, &fixture.err));
    assert_false(more);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_UNIT(any_length_is_found_at_any_place),
        QUEUE_UNIT(operators_and_quotes_are_text),
        QUEUE_UNIT(what_is_no_text_finds_nothing_and_breaks_nothing),
        QUEUE_UNIT(what_comes_later_is_found_as_well),
        QUEUE_UNIT(another_process_may_have_sorted),
        QUEUE_UNIT(more_searches_than_are_kept_are_answered),
        QUEUE_UNIT(what_is_disguised_is_found_both_ways),
        QUEUE_UNIT(what_was_sorted_before_is_found_as_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
