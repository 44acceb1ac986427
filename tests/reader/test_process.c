#include "tests/base/base_test.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/fs.h"
#include "reader/process.h"
#include "reader/protocol.h"

/* How the process ended, where both sides see it: it is in its cell by then.
 */
struct ending {
    aw_rc rc;
    struct aw_err err;
};

/* A process on the other end of a socketpair. */
struct reader {
    pid_t pid;
    int fds[2];
    struct ending *ending;
    struct aw_buf in; /* what it said */
    struct aw_arena arena;
};

static struct reader r;

_Noreturn static void run(const char *lexicon)
{
    struct aw_classifier_config config = {.lexicon_dir = lexicon};
    struct aw_cell_config cell = {.fd = r.fds[1], .cpu_ms = 60000};

    r.ending->rc = aw_reader_process(&config, NULL, &cell, &r.ending->err);
    _exit(0);
}

static void start(const char *lexicon)
{
    r = (struct reader){0};
    r.ending = mmap(NULL, sizeof *r.ending, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(r.ending != MAP_FAILED);
    *r.ending = (struct ending){.rc = AW_FAIL, .err.msg = "it died"};
    aw_buf_init(&r.in, (size_t)64 << 20);
    aw_arena_init(&r.arena, (size_t)64 << 20);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, r.fds), 0);
    r.pid = fork();
    assert_true(r.pid >= 0);
    if (r.pid == 0)
        run(lexicon);
    (void)close(r.fds[1]);
}

static void drop(void)
{
    (void)close(r.fds[0]);
    (void)munmap(r.ending, sizeof *r.ending);
    aw_buf_deinit(&r.in);
    aw_arena_deinit(&r.arena);
}

/* Closes the socket and waits for the end of the process. */
static void stop(aw_rc rc)
{
    (void)shutdown(r.fds[0], SHUT_WR);
    assert_int_equal(waitpid(r.pid, NULL, 0), r.pid);
    if (r.ending->rc != rc)
        fail_msg("%s: %s", aw_rc_text(r.ending->rc), r.ending->err.msg);
    drop();
}

static void say(const void *bytes, size_t len)
{
    struct aw_err err;

    assert_int_equal(aw_write_all(r.fds[0], bytes, len, &err), AW_OK);
}

/* The next frame that it says; the one before is taken away. */
static struct aw_frame hear(void)
{
    static size_t before;
    struct aw_frame frame = {0};
    struct aw_err err;

    aw_buf_consume(&r.in, r.in.len > 0 ? before : 0);
    while (aw_frame_get(aw_buf_str(&r.in), &frame, &before, &err) ==
           AW_MISSING) {
        char *at = aw_buf_reserve(&r.in, 65536);
        ssize_t got;

        assert_non_null(at);
        got = read(r.fds[0], at, 65536);
        assert_true(got > 0);
        r.in.len += (size_t)got;
    }
    return frame;
}

static void start_ready(void)
{
    struct aw_str lexicon, model;
    struct aw_frame frame;
    struct aw_err err;

    start("lexicons");
    frame = hear();
    assert_int_equal(frame.job, 0);
    if (aw_ready_get(frame.head, &lexicon, &model, &err) != AW_OK)
        fail_msg("%s", err.msg);
    assert_int_equal(lexicon.len, 64);
    assert_str(model, "");
}

static void put_question(struct aw_buf *out, uint32_t job, const char *html)
{
    struct aw_extract_input input = {
        .url = AW_STR("http://a.example/"),
        .content_type = AW_STR("text/html; charset=utf-8"),
        .bytes = aw_str_of(html),
    };
    struct aw_err err;

    assert_int_equal(aw_question_put(out, job, &input, &err), AW_OK);
}

static void hear_answer(uint32_t job, struct aw_answer *answer)
{
    struct aw_frame frame = hear();
    struct aw_err err;

    assert_int_equal(frame.job, job);
    if (aw_answer_get(frame.head, &r.arena, answer, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

#define ADVERT                                                                              \
    "<title>理财</title><p>本产品保本保息，年化收益12%，稳赚不赔。</p>" \
    "<a href='b'>more</a>"

static void a_page_is_read_and_classified(void **s)
{
    struct aw_answer answer;
    struct aw_buf out;

    (void)s;
    start_ready();
    aw_buf_init(&out, 1 << 20);
    put_question(&out, 7, ADVERT);
    say(out.ptr, out.len);
    hear_answer(7, &answer);
    assert_true(answer.ok);
    assert_str(answer.title, "理财");
    assert_str(answer.verdict, "suspected");
    assert_true(answer.claim_count > 0);
    assert_int_equal(answer.link_count, 1);
    assert_str(answer.links[0].url, "http://a.example/b");
    aw_buf_deinit(&out);
    stop(AW_OK);
}

static void a_page_over_quick_max_is_said_to_be_large(void **s)
{
    struct aw_extract_input input = {
        .content_type = AW_STR("text/html; charset=utf-8"),
        .bytes = AW_STR(ADVERT),
        .quick_max = 20,
    };
    struct aw_answer answer;
    struct aw_buf out;
    struct aw_err err;

    (void)s;
    start_ready();
    aw_buf_init(&out, 1 << 20);
    assert_int_equal(aw_question_put(&out, 1, &input, &err), AW_OK);
    say(out.ptr, out.len);
    hear_answer(1, &answer);
    assert_true(answer.is_large && !answer.ok);
    aw_question_set_unhurried(&out);
    say(out.ptr, out.len);
    hear_answer(1, &answer);
    assert_true(answer.ok);
    assert_str(answer.title, "理财");
    aw_buf_deinit(&out);
    stop(AW_OK);
}

static void questions_may_come_in_pieces_and_several_at_once(void **s)
{
    struct aw_answer answer;
    struct aw_buf out;

    (void)s;
    start_ready();
    aw_buf_init(&out, 1 << 20);
    put_question(&out, 1, "<p>one");
    for (size_t i = 0; i < out.len; i++)
        say(out.ptr + i, 1);
    aw_buf_reset(&out);
    put_question(&out, 2, "<title>two</title>");
    put_question(&out, 3, "<title>three</title>");
    say(out.ptr, out.len);
    hear_answer(1, &answer);
    hear_answer(2, &answer);
    assert_str(answer.title, "two");
    hear_answer(3, &answer);
    assert_str(answer.title, "three");
    aw_buf_deinit(&out);
    stop(AW_OK);
}

static void a_page_that_cannot_be_read_is_an_answer_and_no_end(void **s)
{
    struct aw_extract_input input = {.content_encoding = AW_STR("compress"),
                                     .content_type = AW_STR("text/html"),
                                     .bytes = AW_STR("x")};
    struct aw_answer answer;
    struct aw_buf out;
    struct aw_err err;

    (void)s;
    start_ready();
    aw_buf_init(&out, 1 << 20);
    assert_int_equal(aw_question_put(&out, 1, &input, &err), AW_OK);
    aw_frame_put(&out, &(struct aw_frame){2, AW_STR("no json"), {0}});
    put_question(&out, 3, "<title>good</title>");
    say(out.ptr, out.len);
    hear_answer(1, &answer);
    assert_false(answer.ok);
    assert_true(answer.error.len > 0);
    hear_answer(2, &answer);
    assert_false(answer.ok);
    hear_answer(3, &answer);
    assert_true(answer.ok);
    aw_buf_deinit(&out);
    stop(AW_OK);
}

static void what_is_no_frame_ends_the_process_with_an_error(void **s)
{
    (void)s;
    start_ready();
    say("this is rubbish, and long enough", 32);
    stop(AW_READER);
}

static void a_torn_question_at_the_end_is_left_unanswered(void **s)
{
    struct aw_buf out;

    (void)s;
    start_ready();
    aw_buf_init(&out, 1 << 20);
    put_question(&out, 1, ADVERT);
    say(out.ptr, out.len - 1);
    aw_buf_deinit(&out);
    stop(AW_OK);
}

static void bad_rules_are_told_to_the_other_side_and_end_it(void **s)
{
    struct aw_str lexicon, model;
    char dir[PATH_MAX];
    struct aw_frame frame;
    struct aw_err err;

    (void)s;
    make_temp(dir);
    start(dir);
    frame = hear();
    assert_int_equal(aw_ready_get(frame.head, &lexicon, &model, &err),
                     AW_CONFIG);
    assert_true(strlen(err.msg) > 0);
    assert_int_equal(waitpid(r.pid, NULL, 0), r.pid);
    assert_string_equal(err.msg, r.ending->err.msg);
    assert_int_not_equal(r.ending->rc, AW_OK);
    drop_temp(dir);
    drop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_read_and_classified),
        cmocka_unit_test(a_page_over_quick_max_is_said_to_be_large),
        cmocka_unit_test(questions_may_come_in_pieces_and_several_at_once),
        cmocka_unit_test(a_page_that_cannot_be_read_is_an_answer_and_no_end),
        cmocka_unit_test(what_is_no_frame_ends_the_process_with_an_error),
        cmocka_unit_test(a_torn_question_at_the_end_is_left_unanswered),
        cmocka_unit_test(bad_rules_are_told_to_the_other_side_and_end_it),
    };

    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
