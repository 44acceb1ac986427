#include "tests/base/base_test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/fs.h"
#include "reader/pool.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif

/* ---- the fake reader -------------------------------------------------------
 *
 * The pool starts this program again with "reader" as its first word. How it
 * then behaves, FAKE_READER says; pages whose URL holds "bad" set it off. */

#define FAKE_FD 3

struct fake {
    const char *mode;
    struct aw_buf in, out;
    int pages; /* so far */
};

static bool is_mode(const struct fake *f, const char *mode)
{
    return strcmp(f->mode, mode) == 0;
}

static void fake_send(const void *bytes, size_t len)
{
    struct aw_err err;

    if (aw_write_all(FAKE_FD, bytes, len, &err) != AW_OK)
        _exit(0);
}

static void fake_flush(struct fake *f)
{
    fake_send(f->out.ptr, f->out.len);
    aw_buf_reset(&f->out);
}

/* The mark is a file that a test waits for, or that keeps readers dead. */
static void fake_mark(void)
{
    int fd = open(getenv("FAKE_MARK"), O_WRONLY | O_CREAT, 0600);

    if (fd >= 0)
        (void)close(fd);
}

static void fake_answer(struct fake *f, const struct aw_extract_input *input,
                        uint32_t job)
{
    struct aw_verdict verdict = {0};
    struct aw_document doc;
    struct aw_err err;

    aw_document_init(&doc, input->channel);
    doc.title = input->url;
    for (int i = 0; is_mode(f, "large") && i < 20000; i++)
        (void)!aw_document_add_link(
            &doc, (struct aw_link){.url = aw_str_sub(input->bytes, 0, 100)},
            &err);
    if (aw_answer_put(&f->out, job, &doc, &verdict, &err) != AW_OK)
        _exit(90);
    aw_document_deinit(&doc);
}

_Noreturn static void fake_crash(void)
{
    (void)signal(SIGSEGV, SIG_DFL);
    (void)raise(SIGSEGV);
    _exit(91);
}

_Noreturn static void fake_eat(void)
{
    void *volatile eaten;

    for (int i = 0; i < 20000; i++) {
        eaten = malloc((size_t)1 << 20);
        if (!eaten)
            abort();
    }
    _exit(92);
}

static void fake_misbehave(struct fake *f, const struct aw_frame *frame)
{
    const struct aw_frame half = {frame->job, AW_STR("\1\0\0\0"), {0}};

    if (is_mode(f, "crash"))
        fake_crash();
    if (is_mode(f, "eat"))
        fake_eat();
    if (is_mode(f, "exit"))
        _exit(7);
    if (is_mode(f, "hang"))
        for (;;)
            (void)pause();
    if (is_mode(f, "close")) {
        (void)close(FAKE_FD);
        for (;;)
            (void)pause();
    }
    if (is_mode(f, "rubbish")) {
        fake_send("this is rubbish, and long enough to be judged", 45);
        for (;;)
            (void)pause();
    }
    if (is_mode(f, "rubbish-exit")) {
        fake_send("this is rubbish, and long enough to be judged", 45);
        _exit(0);
    }
    if (is_mode(f, "half"))
        aw_frame_put(&f->out, &half);
    if (is_mode(f, "mark-and-crash")) {
        fake_mark();
        fake_crash();
    }
}

static void fake_page(struct fake *f, const struct aw_frame *frame)
{
    struct aw_extract_input input = {0};
    struct aw_err err;
    bool bad;

    if (aw_question_get(frame, &input, &err) != AW_OK)
        _exit(93);
    bad = aw_str_find(input.url, AW_STR("bad")) >= 0;
    if (is_mode(f, "crash-second") && ++f->pages == 2)
        fake_crash();
    if (bad)
        fake_misbehave(f, frame);
    if (is_mode(f, "slow") && aw_str_find(input.url, AW_STR("slow")) >= 0)
        (void)usleep(200000);
    if (is_mode(f, "hidden") && (input.quick_max > 0 || bad) &&
        aw_str_find(input.url, AW_STR("hidden")) >= 0) {
        (void)!aw_answer_put_large(&f->out, frame->job, &err);
        fake_flush(f);
        return;
    }
    fake_answer(f, &input, frame->job + (bad && is_mode(f, "other-job")));
    if (bad && is_mode(f, "twice"))
        fake_answer(f, &input, frame->job);
    for (size_t i = 0; is_mode(f, "bytewise") && i < f->out.len; i++)
        fake_send(f->out.ptr + i, 1);
    if (is_mode(f, "bytewise"))
        aw_buf_reset(&f->out);
    fake_flush(f);
    if (is_mode(f, "mark"))
        fake_mark();
}

static void fake_start(struct fake *f)
{
    struct aw_err err = {0};
    char hash[32];

    if (is_mode(f, "die-at-start") || aw_path_exists(getenv("FAKE_MARK")))
        _exit(5);
    if (is_mode(f, "silent"))
        for (;;)
            (void)pause();
    if (is_mode(f, "no-rules")) {
        (void)aw_fail(&err, AW_CONFIG, "rules.yaml:3: rule CP-003: bad");
        (void)!aw_answer_put_error(&f->out, 0, &err, &err);
        fake_flush(f);
        _exit(5);
    }
    if (is_mode(f, "rubbish-at-start"))
        fake_send("{\"lexicon_hash\":\"rubbish\"}", 26);
    (void)snprintf(hash, sizeof hash, "%d", (int)getpid());
    (void)!aw_ready_put(&f->out, hash, "model", &err);
    fake_flush(f);
}

/* With 40 % of image_ms for one image, and image_ms for each of 8 pages. */
static bool is_image_reader(char **argv)
{
    return strcmp(argv[4], "--cpu-ms=240000") == 0 &&
           strcmp(argv[5], "--image-ms=12000") == 0 && !argv[6];
}

_Noreturn static void fake_main(char **argv)
{
    struct fake f = {.mode = getenv("FAKE_READER")};
    struct aw_err err;

    if (strcmp(argv[0], "adwatch") != 0 || strcmp(argv[2], "rules") != 0 ||
        strcmp(argv[3], "m.awm") != 0 || !argv[4] ||
        (argv[5] ? !is_image_reader(argv)
                 : strcmp(argv[4], "--cpu-ms=30000") != 0))
        _exit(94);
    aw_buf_init(&f.in, (size_t)64 << 20);
    aw_buf_init(&f.out, (size_t)64 << 20);
    fake_start(&f);
    for (;;) {
        struct aw_frame frame;
        size_t size = 0;
        ssize_t got;

        while (aw_frame_get(aw_buf_str(&f.in), &frame, &size, &err) == AW_OK) {
            fake_page(&f, &frame);
            aw_buf_consume(&f.in, size);
        }
        if (!aw_buf_reserve(&f.in, 65536))
            _exit(95);
        got = read(FAKE_FD, f.in.ptr + f.in.len, 65536);
        if (got <= 0)
            _exit(0);
        f.in.len += (size_t)got;
    }
}

/* ---- the bench ---------------------------------------------------------- */

#define PAGES_MAX 64

struct page {
    char url[100];
    int calls, order;
    aw_rc rc;
    char why[200], title[100], lexicon_hash[32];
    size_t links;
    bool asks_more; /* in done */
};

static struct page pages[PAGES_MAX];
static int page_count, told;
static char program[PATH_MAX], dir[PATH_MAX], mark[PATH_MAX + 16];
static struct aw_loop *loop;
static struct aw_reader_pool *pool;
static struct aw_clock manual;
static struct aw_err err;

static int set_up(void **s)
{
    (void)s;
    make_temp(dir);
    (void)snprintf(mark, sizeof mark, "%s/mark", dir);
    (void)setenv("FAKE_MARK", mark, 1);
    memset(pages, 0, sizeof pages);
    page_count = told = 0;
    pool = NULL;
    return aw_loop_new(&loop, &err) == AW_OK ? 0 : -1;
}

/* A zombie that its pool has left, or 0; -1: no child at all. */
static int zombie(void)
{
    siginfo_t info = {0};

    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        return errno == ECHILD ? -1 : 0;
    return info.si_pid;
}

static int tear_down(void **s)
{
    (void)s;
    aw_reader_pool_free(pool);
    aw_loop_free(loop);
    drop_temp(dir);
    assert_int_equal(zombie(), -1);
    return 0;
}

static void ask_one(const char *url);

static void on_done(void *self, void *job, aw_rc rc,
                    const struct aw_answer *answer, const char *why)
{
    struct page *page = job;

    assert_ptr_equal(self, pages);
    page->order = told++;
    page->calls++;
    page->rc = rc;
    (void)snprintf(page->why, sizeof page->why, "%s", why);
    (void)snprintf(page->lexicon_hash, sizeof page->lexicon_hash, "%s",
                   aw_reader_pool_lexicon_hash(pool));
    if (answer) {
        assert_true(answer->ok);
        (void)snprintf(page->title, sizeof page->title, "%.*s",
                       AW_STR_ARG(answer->title));
        page->links = answer->link_count;
    }
    if (page->asks_more && page_count < PAGES_MAX)
        ask_one("http://more/");
}

static struct aw_reader_config config_of(const char *mode, int count)
{
    (void)setenv("FAKE_READER", mode, 1);
    return (struct aw_reader_config){
        .program = program,
        .lexicon_dir = "rules",
        .model_path = "m.awm",
        .count = count,
        .page_ms = 20000,
        .cpu_ms = 30000,
        .image_ms = 30000,
        .memory_bytes = INT64_C(1) << 30,
        .clock = aw_clock_system(),
        .loop = loop,
        .done = on_done,
        .self = pages,
    };
}

static void open_with(const struct aw_reader_config *config)
{
    if (aw_reader_pool_new(&pool, config, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

static void open_pool(const char *mode, int count)
{
    struct aw_reader_config config = config_of(mode, count);

    open_with(&config);
}

static void ask_with(const char *url, struct aw_str bytes)
{
    struct page *page = &pages[page_count++];
    struct aw_extract_input input = {.url = aw_str_of(url), .bytes = bytes};

    assert_true(page_count <= PAGES_MAX);
    (void)snprintf(page->url, sizeof page->url, "%s", url);
    if (aw_reader_pool_ask(pool, &input, page, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

static void ask_one(const char *url)
{
    ask_with(url, AW_STR("<p>"));
}

static void ask(int count)
{
    for (int i = 0; i < count; i++) {
        char url[100];

        (void)snprintf(url, sizeof url, "http://a.example/%d", i);
        ask_one(url);
    }
}

/* Turns the loop until all pages are told, at most some seconds. */
static void settle(void)
{
    int64_t start = aw_clock_mono(aw_clock_system());

    while (told < page_count &&
           aw_clock_mono(aw_clock_system()) - start < 15000) {
        assert_int_equal(aw_loop_wait(loop, 20, &err), AW_OK);
        aw_reader_pool_tick(pool);
    }
}

static void assert_answered(const struct page *page)
{
    if (page->calls != 1 || page->rc != AW_OK)
        fail_msg("%s was told %d times: %s: %s", page->url, page->calls,
                 aw_rc_text(page->rc), page->why);
    assert_string_equal(page->title, page->url);
}

static void assert_failed(const struct page *page, const char *why)
{
    assert_int_equal(page->calls, 1);
    assert_int_equal(page->rc, AW_READER);
    assert_has(page->why, why);
}

/* All told once: the bad ones as failed with why, the others answered; the
 * pool goes on and leaves no zombie. */
static void assert_bad_alone_failed(const char *why)
{
    int first_more;

    settle();
    for (int i = 0; i < page_count; i++) {
        if (strstr(pages[i].url, "bad"))
            assert_failed(&pages[i], why);
        else
            assert_answered(&pages[i]);
    }
    first_more = page_count;
    ask(4);
    settle();
    for (int i = first_more; i < page_count; i++)
        assert_answered(&pages[i]);
    assert_int_equal(aw_reader_pool_waiting(pool), 0);
    assert_int_equal(zombie(), 0);
}

/* Good pages around two bad ones, with two readers. */
static void run_bad_pages(const char *mode, const char *why)
{
    open_pool(mode, 2);
    ask(5);
    ask_one("http://bad/1");
    ask(5);
    ask_one("http://bad/2");
    ask(5);
    assert_bad_alone_failed(why);
}

/* ---- pages that are read
 * ---------------------------------------------------- */

static void good_readers_answer_every_page_with_its_own_answer(void **s)
{
    (void)s;
    open_pool("good", 3);
    ask(40);
    assert_bad_alone_failed("");
    assert_string_equal(aw_reader_pool_model_hash(pool), "model");
}

static void nothing_is_told_before_the_loop_turns(void **s)
{
    (void)s;
    open_pool("good", 1);
    ask(10);
    (void)usleep(200000);
    ask_one("http://last/");
    assert_int_equal(told, 0);
    assert_int_equal(aw_reader_pool_waiting(pool), 9);
    settle();
    assert_int_equal(told, 11);
}

static void large_pages_and_answers_pass_through_the_sockets(void **s)
{
    struct aw_str body = {malloc(3000000), 3000000};

    (void)s;
    assert_non_null(body.ptr);
    memset((char *)(uintptr_t)body.ptr, 'x', body.len);
    open_pool("large", 2);
    for (int i = 0; i < 8; i++)
        ask_with("http://large/", body);
    assert_bad_alone_failed("");
    assert_int_equal(pages[0].links, 20000);
    free((char *)(uintptr_t)body.ptr);
}

/* Turns until two readers have answered, so that both are started. */
static void wait_for_both(void)
{
    for (int round = 0; round < 200; round++) {
        bool both = false;

        ask(4);
        settle();
        for (int i = 1; i < 4; i++)
            if (strcmp(pages[i].lexicon_hash, pages[0].lexicon_hash) != 0)
                both = true;
        memset(pages, 0, sizeof pages);
        page_count = told = 0;
        if (both)
            return;
        (void)usleep(20000);
    }
    fail_msg("one reader does not start");
}

/* One of the two reads them all. */
static void what_is_found_to_be_large_goes_to_the_first_reader(void **s)
{
    const char *first;

    (void)s;
    open_pool("hidden", 2);
    wait_for_both();
    for (int i = 0; i < 20; i++)
        ask_one(i % 2 ? "http://a.example/" : "http://b.example/hidden");
    settle();
    first = pages[0].lexicon_hash;
    for (int i = 0; i < page_count; i++) {
        assert_answered(&pages[i]);
        if (i % 2 == 0)
            assert_string_equal(pages[i].lexicon_hash, first);
    }
}

static void a_page_is_found_to_be_large_once(void **s)
{
    (void)s;
    open_pool("hidden", 2);
    ask_one("http://b.example/bad-hidden");
    settle();
    assert_failed(&pages[0],
                  "false answer: large: it was told to take its time");
}

/* The pages of a host that takes long wait for those of one that does not,
 * but for the two that a reader has already. */
static void a_slow_host_is_waited_for_by_itself_alone(void **s)
{
    (void)s;
    open_pool("slow", 1);
    for (int i = 0; i < 5; i++)
        ask_one("http://slow.example/");
    for (int i = 0; i < 6; i++)
        ask_one("http://quick.example/");
    settle();
    for (int i = 5; i < 11; i++) {
        assert_answered(&pages[i]);
        assert_true(pages[i].order < pages[3].order);
    }
    for (int i = 1; i < 5; i++)
        assert_true(pages[i].order > pages[i - 1].order);
}

/* Bytes that begin as a PNG does; the caller's to free. */
static struct aw_str image_of(size_t len)
{
    char *bytes = calloc(1, len);

    assert_non_null(bytes);
    memcpy(bytes, "\x89PNG\r\n\x1a\n", 8);
    return (struct aw_str){bytes, len};
}

static void ask_images(int count, size_t len)
{
    struct aw_str image = image_of(len);

    for (int i = 0; i < count; i++)
        ask_with("http://bad/image", image);
    free((char *)(uintptr_t)image.ptr);
}

/* Their reader hangs. Those that wait count as pages by their bytes alone. */
static void images_that_wait_hold_no_page_up(void **s)
{
    (void)s;
    open_pool("hang", 1);
    ask_images(20, 1000);
    assert_int_equal(aw_reader_pool_waiting(pool), 0);
    ask(10);
    for (int i = 0; i < 500 && told < 10; i++)
        assert_int_equal(aw_loop_wait(loop, 20, &err), AW_OK);
    assert_int_equal(told, 10);
    for (int i = 0; i < 20; i++)
        assert_int_equal(pages[i].calls, 0);
    for (int i = 20; i < 30; i++)
        assert_answered(&pages[i]);
    assert_int_equal(aw_reader_pool_waiting(pool), 0);
    ask_images(5, (size_t)4 << 20);
    assert_int_equal(aw_reader_pool_waiting(pool), 2);
}

static void an_answer_may_come_byte_by_byte(void **s)
{
    (void)s;
    open_pool("bytewise", 2);
    ask(6);
    assert_bad_alone_failed("");
}

static void done_may_ask_for_more_pages(void **s)
{
    (void)s;
    open_pool("crash", 2);
    ask(3);
    ask_one("http://bad/");
    for (int i = 0; i < 4; i++)
        pages[i].asks_more = true;
    assert_bad_alone_failed("crashed");
    assert_int_equal(page_count, 12);
}

/* The fake reader's hash is its pid. */
static void the_hash_is_that_of_the_reader_that_answered(void **s)
{
    char last[32] = "";
    int readers = 0;

    (void)s;
    open_pool("crash", 1);
    ask(2);
    ask_one("http://bad/");
    ask(2);
    assert_bad_alone_failed("crashed");
    for (int i = 0; i < page_count; i++) {
        if (pages[i].rc != AW_OK)
            continue;
        readers += strcmp(pages[i].lexicon_hash, last) != 0;
        memcpy(last, pages[i].lexicon_hash, sizeof last);
    }
    assert_int_equal(readers, 2);
}

/* ---- readers that go wrong
 * --------------------------------------------------- */

static void a_crash_fails_its_page_alone(void **s)
{
    (void)s;
    run_bad_pages("crash", "crashed (signal 11)");
}

/* The answer before the crash and the end of the reader may be seen at once:
 * the blame is for the second page. */
static void
a_reader_that_crashes_on_its_second_page_has_answered_the_first(void **s)
{
    (void)s;
    open_pool("crash-second", 1);
    for (int round = 0; round < 4; round++) {
        ask_one("http://a.example/first");
        ask_one("http://a.example/second");
        (void)usleep(100000); /* both are done for */
        settle();
    }
    for (int i = 0; i < page_count; i++) {
        if (i % 2)
            assert_failed(&pages[i], "crashed (signal 11)");
        else
            assert_answered(&pages[i]);
    }
}

static void an_exit_fails_its_page_alone(void **s)
{
    (void)s;
    run_bad_pages("exit", "ended (status 7)");
}

static void a_reader_that_closes_its_end_is_replaced(void **s)
{
    (void)s;
    run_bad_pages("close", "closed its end");
}

static void rubbish_fails_its_page_alone(void **s)
{
    (void)s;
    run_bad_pages("rubbish", "false answer: this is no frame");
}

static void rubbish_is_told_as_such_although_the_reader_ended(void **s)
{
    (void)s;
    run_bad_pages("rubbish-exit", "false answer: this is no frame");
}

static void an_answer_that_is_half_fails_its_page_alone(void **s)
{
    (void)s;
    run_bad_pages("half", "false answer: ");
}

static void an_answer_to_no_question_fails_the_page_that_was_read(void **s)
{
    (void)s;
    run_bad_pages("other-job", "false answer: to no question");
}

static void an_answer_given_twice_is_taken_once(void **s)
{
    (void)s;
    open_pool("twice", 1);
    ask_one("http://bad/");
    settle();
    assert_int_equal(pages[0].calls, 1);
    assert_int_equal(pages[0].rc, AW_OK);
    for (int i = 0; i < 10; i++)
        assert_int_equal(aw_loop_wait(loop, 10, &err), AW_OK);
    ask(5);
    settle();
    assert_int_equal(pages[0].calls, 1);
    for (int i = 1; i < page_count; i++)
        assert_answered(&pages[i]);
}

static void a_page_that_hangs_is_ended_after_its_time(void **s)
{
    struct aw_reader_config config = config_of("hang", 2);
    int64_t start = aw_clock_mono(aw_clock_system());

    (void)s;
    config.page_ms = 400;
    open_with(&config);
    ask(5);
    ask_one("http://bad/1");
    ask(5);
    assert_bad_alone_failed("timeout");
    assert_in_range((uintmax_t)(aw_clock_mono(aw_clock_system()) - start), 400,
                    10000);
}

static void a_reader_that_eats_memory_dies_at_its_limit(void **s)
{
    (void)s;
#ifdef HAS_ASAN
    skip(); /* its shadow memory has no room under the limit */
#else
    struct aw_reader_config config = config_of("eat", 2);

    config.memory_bytes = 256 << 20;
    open_with(&config);
    ask(3);
    ask_one("http://bad/");
    ask(3);
    assert_bad_alone_failed("crashed (signal 6)");
#endif
}

/* ---- a caller that is late, killed, or interrupted
 * ---------------------------- */

static void
an_answer_that_waits_is_no_timeout_however_late_the_caller(void **s)
{
    struct aw_reader_config config = config_of("mark", 1);

    (void)s;
    manual = aw_clock_manual(1000);
    config.clock = &manual;
    config.page_ms = 100;
    open_with(&config);
    ask_one("http://a.example/");
    for (int i = 0; i < 1000 && !aw_path_exists(mark); i++)
        (void)usleep(10000);
    assert_true(aw_path_exists(mark));
    manual.manual_ms += 100000;
    aw_reader_pool_tick(pool);
    assert_int_equal(told, 1);
    assert_answered(&pages[0]);
}

/* The pids of the readers: the children of this process. */
static int readers_of(pid_t parent, pid_t out[8])
{
    char path[100];
    char text[1000] = "";
    char *at = text;
    int count = 0;
    FILE *in;

    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent,
                   (int)parent);
    in = fopen(path, "r");
    if (!in)
        return -1;
    (void)!fgets(text, sizeof text, in);
    (void)fclose(in);
    while (count < 8) {
        long pid = strtol(at, &at, 10);

        if (pid <= 0)
            break;
        out[count++] = (pid_t)pid;
    }
    return count;
}

static void signals_to_the_group_do_not_end_a_reader(void **s)
{
    pid_t pids[8];
    int count;

    (void)s;
    open_pool("good", 2);
    ask(2);
    settle();
    count = readers_of(getpid(), pids);
    if (count < 0)
        skip(); /* a kernel without that list */
    assert_int_equal(count, 2);
    for (int i = 0; i < count; i++) {
        (void)kill(pids[i], SIGINT);
        (void)kill(pids[i], SIGTERM);
        (void)kill(pids[i], SIGHUP);
    }
    assert_bad_alone_failed("");
    assert_int_equal(kill(pids[0], 0), 0);
    assert_int_equal(kill(pids[1], 0), 0);
}

static void readers_leave_the_processor_to_their_pool(void **s)
{
    pid_t pids[8];
    int count;

    (void)s;
    open_pool("good", 2);
    wait_for_both();
    count = readers_of(getpid(), pids);
    if (count < 0 || getpriority(PRIO_PROCESS, 0) > 14)
        skip(); /* a kernel without that list, or no nice value is left */
    assert_int_equal(count, 2);
    for (int i = 0; i < count; i++)
        assert_int_equal(getpriority(PRIO_PROCESS, (id_t)pids[i]),
                         getpriority(PRIO_PROCESS, 0) + 5);
}

static void a_hanging_reader_ends_when_its_pool_is_killed(void **s)
{
    int ready[2];
    pid_t owner;
    char byte;

    (void)s;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    owner = fork();
    assert_true(owner >= 0);
    if (owner == 0) {
        open_pool("hang", 1);
        ask_one("http://bad/");
        (void)!write(ready[1], "r", 1);
        for (;;)
            (void)!aw_loop_wait(loop, 1000, &err);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    (void)usleep(200000);
    (void)kill(owner, SIGKILL);
    for (int ended = 0, tries = 0; ended < 2; tries++) {
        int status = 0;
        pid_t pid = waitpid(-1, &status, WNOHANG);

        if (tries > 300)
            fail_msg("the reader outlives its pool");
        if (pid > 0) {
            assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
            ended++;
        } else {
            (void)usleep(10000);
        }
    }
    (void)prctl(PR_SET_CHILD_SUBREAPER, 0);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

static void pages_that_wait_when_the_pool_is_freed_are_not_told(void **s)
{
    (void)s;
    open_pool("hang", 2);
    ask_one("http://bad/1");
    ask_one("http://bad/2");
    ask(20);
    aw_reader_pool_free(pool);
    pool = NULL;
    assert_int_equal(told, 0);
    assert_int_equal(zombie(), -1);
}

/* ---- readers that do not start
 * ------------------------------------------------ */

static void assert_no_pool(const struct aw_reader_config *config,
                           const char *why)
{
    struct aw_reader_pool *none = NULL;

    assert_int_equal(aw_reader_pool_new(&none, config, &err), AW_CONFIG);
    assert_null(none);
    assert_has(err.msg, why);
    assert_int_equal(zombie(), -1);
}

static void readers_that_die_at_once_make_no_pool(void **s)
{
    struct aw_reader_config config = config_of("die-at-start", 1);

    (void)s;
    assert_no_pool(&config, "cannot start");
    config.count = 4;
    assert_no_pool(&config, "cannot start");
}

static void a_program_that_is_not_there_makes_no_pool(void **s)
{
    struct aw_reader_config config = config_of("good", 2);

    (void)s;
    config.program = "/nonexistent/adwatch";
    assert_no_pool(&config, "cannot start");
}

static void bad_rules_are_told_in_the_reader_s_own_words(void **s)
{
    struct aw_reader_config config = config_of("no-rules", 2);

    (void)s;
    assert_no_pool(&config, "rules.yaml:3: rule CP-003: bad");
}

static void rubbish_at_the_start_makes_no_pool(void **s)
{
    struct aw_reader_config config = config_of("rubbish-at-start", 2);

    (void)s;
    assert_no_pool(&config, "cannot start");
}

/* A clock that goes on by ten seconds at each look. */
static int64_t hasty(const struct aw_clock *self)
{
    static int64_t now;

    (void)self;
    return now += 10000;
}

static void readers_that_never_get_ready_make_no_pool(void **s)
{
    const struct aw_clock clock = {hasty, hasty, 0};
    struct aw_reader_config config = config_of("silent", 2);

    (void)s;
    config.clock = &clock;
    assert_no_pool(&config, "cannot start");
}

static void when_no_reader_starts_any_more_every_page_is_told(void **s)
{
    struct aw_reader_config config = config_of("mark-and-crash", 1);
    struct aw_extract_input input = {0};
    int before;

    (void)s;
    manual = aw_clock_manual(1000);
    config.clock = &manual;
    open_with(&config);
    ask_one("http://bad/");
    ask(6);
    settle();
    assert_failed(&pages[0], "crashed (signal 11)");
    for (int i = 1; i < page_count; i++)
        assert_failed(&pages[i], "no reader process can be started");
    assert_int_equal(aw_reader_pool_ask(pool, &input, NULL, &err), AW_READER);

    /* It is tried again after a while: the pool lives. */
    assert_int_equal(unlink(mark), 0);
    manual.manual_ms += 60000;
    aw_reader_pool_tick(pool);
    before = page_count;
    ask(3);
    settle();
    for (int i = before; i < page_count; i++)
        assert_answered(&pages[i]);
}

static void when_one_reader_stays_dead_the_other_goes_on(void **s)
{
    (void)s;
    open_pool("mark-and-crash", 2);
    wait_for_both();
    ask_one("http://bad/");
    ask(10);
    settle();
    for (int i = 0; i < page_count; i++) {
        if (strstr(pages[i].url, "bad"))
            assert_failed(&pages[i], "crashed (signal 11)");
        else
            assert_answered(&pages[i]);
    }
    ask(5);
    settle();
    assert_answered(&pages[page_count - 1]);
}

static void without_descriptors_for_a_new_reader_pages_are_told(void **s)
{
    struct aw_reader_config config = config_of("crash", 1);
    struct rlimit old, low;
    int before;

    (void)s;
    manual = aw_clock_manual(1000);
    config.clock = &manual;
    open_with(&config);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    low = old;
    low.rlim_cur = 3;
    ask_one("http://bad/");
    ask(3);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    settle();
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    assert_failed(&pages[0], "crashed (signal 11)");
    for (int i = 1; i < page_count; i++)
        assert_failed(&pages[i], "no reader process can be started");
    manual.manual_ms += 60000;
    aw_reader_pool_tick(pool);
    before = page_count;
    ask(3);
    settle();
    for (int i = before; i < page_count; i++)
        assert_answered(&pages[i]);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static int run(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(good_readers_answer_every_page_with_its_own_answer),
        UNIT(nothing_is_told_before_the_loop_turns),
        UNIT(large_pages_and_answers_pass_through_the_sockets),
        UNIT(what_is_found_to_be_large_goes_to_the_first_reader),
        UNIT(a_page_is_found_to_be_large_once),
        UNIT(a_slow_host_is_waited_for_by_itself_alone),
        UNIT(images_that_wait_hold_no_page_up),
        UNIT(an_answer_may_come_byte_by_byte),
        UNIT(done_may_ask_for_more_pages),
        UNIT(the_hash_is_that_of_the_reader_that_answered),
        UNIT(a_crash_fails_its_page_alone),
        UNIT(a_reader_that_crashes_on_its_second_page_has_answered_the_first),
        UNIT(an_exit_fails_its_page_alone),
        UNIT(a_reader_that_closes_its_end_is_replaced),
        UNIT(rubbish_fails_its_page_alone),
        UNIT(rubbish_is_told_as_such_although_the_reader_ended),
        UNIT(an_answer_that_is_half_fails_its_page_alone),
        UNIT(an_answer_to_no_question_fails_the_page_that_was_read),
        UNIT(an_answer_given_twice_is_taken_once),
        UNIT(a_page_that_hangs_is_ended_after_its_time),
        UNIT(a_reader_that_eats_memory_dies_at_its_limit),
        UNIT(an_answer_that_waits_is_no_timeout_however_late_the_caller),
        UNIT(signals_to_the_group_do_not_end_a_reader),
        UNIT(readers_leave_the_processor_to_their_pool),
        UNIT(a_hanging_reader_ends_when_its_pool_is_killed),
        UNIT(pages_that_wait_when_the_pool_is_freed_are_not_told),
        UNIT(readers_that_die_at_once_make_no_pool),
        UNIT(a_program_that_is_not_there_makes_no_pool),
        UNIT(bad_rules_are_told_in_the_reader_s_own_words),
        UNIT(rubbish_at_the_start_makes_no_pool),
        UNIT(readers_that_never_get_ready_make_no_pool),
        UNIT(when_no_reader_starts_any_more_every_page_is_told),
        UNIT(when_one_reader_stays_dead_the_other_goes_on),
        UNIT(without_descriptors_for_a_new_reader_pages_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
    ssize_t len;

    if (argc > 1 && strcmp(argv[1], "reader") == 0)
        fake_main(argv);
    len = readlink("/proc/self/exe", program, sizeof program - 1);
    return len > 0 ? run() : 1;
}
