#include "tests/base/base_test.h"

#include <seccomp.h>
#include <sys/wait.h>

#include "base/loop.h"
#include "reader/cell.h"
#include "reader/last_words.h"
#include "reader/pool.h"
#include "reader/process.h"
#include "reader/sanitizer.h"
#include "tests/reader/hook.h"

/* ---- the reader: this program, started again by the pool -------------------
 */

#define READER_FD 3

_Noreturn static void reader_main(char **argv)
{
    struct aw_classifier_config config = {.lexicon_dir = argv[2]};
    struct aw_cell_config cell = {.fd = READER_FD};
    struct aw_err err;

    cell.cpu_ms = strtol(argv[4] + strlen("--cpu-ms="), NULL, 10);
    cell.optional = argv[5] != NULL;
    if (aw_reader_process(&config, NULL, &cell, &err) != AW_OK)
        _exit(90);
    _exit(0);
}

/* ---- the bench -------------------------------------------------------------
 */

#define PAGES_MAX 8

struct page {
    int calls;
    aw_rc rc;
    bool suspected;
    char why[200];
};

static char program[PATH_MAX];
static struct page pages[PAGES_MAX];
static int page_count;
static struct aw_loop *loop;
static struct aw_reader_pool *pool;
static struct aw_err err;

static void on_done(void *self, void *job, aw_rc rc,
                    const struct aw_answer *answer, const char *why)
{
    struct page *page = job;

    (void)self;
    page->calls++;
    page->rc = rc;
    page->suspected = answer && answer->ok &&
                      aw_str_eq(answer->verdict, AW_STR("suspected"));
    (void)snprintf(page->why, sizeof page->why, "%s",
                   answer && !answer->ok ? answer->error.ptr : why);
}

static int open_pool(int64_t page_ms, int64_t cpu_ms)
{
    struct aw_reader_config config = {
        .program = program,
        .lexicon_dir = "lexicons",
        .count = 1,
        .page_ms = page_ms,
        .cpu_ms = cpu_ms,
        .memory_bytes = INT64_C(512) << 20,
        .clock = aw_clock_system(),
        .done = on_done,
    };

    if (aw_loop_new(&loop, &err) != AW_OK)
        return -1;
    config.loop = loop;
    return aw_reader_pool_new(&pool, &config, &err) == AW_OK ? 0 : -1;
}

static int set_up(void **s)
{
    (void)s;
    return open_pool(60000, 30000);
}

static int set_up_spin(void **s)
{
    (void)s;
    return open_pool(60000, 300);
}

static int set_up_hang(void **s)
{
    (void)s;
    return open_pool(5000, 30000);
}

static int tear_down(void **s)
{
    (void)s;
    aw_reader_pool_free(pool);
    aw_loop_free(loop);
    pool = NULL;
    return 0;
}

static void ask(const char *url)
{
    struct page *page = &pages[page_count++];
    struct aw_extract_input input = {
        .url = aw_str_of(url),
        .content_type = AW_STR("text/html; charset=utf-8"),
        .bytes = AW_STR("<p>本产品保本保息，年化收益12%，稳赚不赔。</p>"),
    };

    assert_true(page_count <= PAGES_MAX);
    if (aw_reader_pool_ask(pool, &input, page, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

/* Turns the loop until all pages are told, a minute at most. */
static void settle(void)
{
    int64_t start = aw_clock_mono(aw_clock_system());

    for (int i = 0; i < page_count; i++)
        while (pages[i].calls == 0 &&
               aw_clock_mono(aw_clock_system()) - start < 60000) {
            assert_int_equal(aw_loop_wait(loop, 20, &err), AW_OK);
            aw_reader_pool_tick(pool);
        }
}

/* A page of a hook between two good ones: these are read, and it is told with
 * its cause. */
static void run_hook(const char *name, const char *why)
{
    char url[100];

    (void)snprintf(url, sizeof url, "http://a.example/hook/%s.html", name);
    memset(pages, 0, sizeof pages);
    page_count = 0;
    ask("http://a.example/1");
    ask(url);
    ask("http://a.example/2");
    settle();
    if (!pages[0].suspected || !pages[2].suspected)
        fail_msg("%s: good pages: %s; %s", name, pages[0].why, pages[2].why);
    if (pages[1].rc != AW_READER || strcmp(pages[1].why, why) != 0)
        fail_msg("%s: %s: '%s', not '%s'", name, aw_rc_text(pages[1].rc),
                 pages[1].why, why);
}

/* ---- pages that mean no harm: nothing that they need is forbidden ----------
 */

static const char *const kinds[] = {
    "text/html; charset=gb2312",
    "text/html; charset=big5-hkscs",
    "text/html; charset=shift_jis",
    "text/html; charset=euc-jp",
    "text/html; charset=iso-2022-jp",
    "text/html; charset=euc-kr",
    "text/html; charset=hz-gb-2312",
    "text/html; charset=koi8-r",
    "text/html; charset=utf-16",
    "text/html; charset=utf-16be",
    "text/html; charset=utf-7",
    "text/html; charset=macintosh",
    "text/html; charset=windows-874",
    "text/html; charset=unheard-of",
    "text/html",
    "text/plain",
    "application/json",
    "application/xml",
    "application/rss+xml",
    "image/png",
    "application/octet-stream",
    "",
};

static const char *const bodies[] = {
    "<p>\xb1\xbe\xb2\xfa\xc6\xb7\xb1\xa3\xb1\xbe\xb1\xa3\xcf\xa2",
    "<?xml version='1.0' encoding='gb2312'?><urlset><url><loc>http://"
    "a.example/\xb1\xbe</loc><lastmod>2026-11-20</lastmod></url></urlset>",
    "<?xml version='1.0' encoding='shift_jis'?><!DOCTYPE x SYSTEM "
    "'http://a.example/x.dtd'><rss><channel><item><link>http://a.example/"
    "</link><pubDate>Fri, 20 Nov 2026 10:00:00 +0800</pubDate></item>"
    "</channel></rss>",
    "{\"resultCount\":1,\"results\":[{\"trackName\":\"x\"}]}",
    "\xff\xfe\x2c\x67\xa7\x4e",
    "\x1f\x8b\x08torn",
    "<a href='http://xn--fiq228c.example/?q=\xb1'>\xb1\xa3</a><script>"
    "document.write('http://b.example')</script>",
};

static const char *const codings[] = {"", "gzip", "deflate", "br", "zstd"};

static void ask_input(const struct aw_extract_input *input)
{
    memset(pages, 0, sizeof pages);
    page_count = 1;
    if (aw_reader_pool_ask(pool, input, pages, &err) != AW_OK)
        fail_msg("%s", err.msg);
    settle();
    if (pages[0].rc != AW_OK)
        fail_msg("%.*s, %.*s: %.40s: %s", AW_STR_ARG(input->content_type),
                 AW_STR_ARG(input->content_encoding), input->bytes.ptr,
                 pages[0].why);
}

static void what_pages_of_all_kinds_need_is_allowed(void **s)
{
    (void)s;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (size_t k = 0; k < sizeof bodies / sizeof *bodies; k++)
            for (size_t n = 0; n < sizeof codings / sizeof *codings; n++)
                ask_input(&(struct aw_extract_input){
                    .url = AW_STR("http://a.example/"),
                    .content_type = aw_str_of(kinds[i]),
                    .content_encoding = aw_str_of(codings[n]),
                    .sitemap = k == 1,
                    .bytes = aw_str_of(bodies[k]),
                });
    ask_input(&(struct aw_extract_input){
        .url = AW_STR("http://a.example/hook/date.html")});
}

/* ---- pages in the cell -----------------------------------------------------
 */

struct deed {
    const char *hook, *why;
};

static void run_deeds(const struct deed *deeds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        run_hook(deeds[i].hook, deeds[i].why);
}

#define RUN(deeds) run_deeds(deeds, sizeof deeds / sizeof *(deeds))

static void a_forbidden_call_ends_its_reader_and_is_named(void **s)
{
    static const struct deed deeds[] = {
        {"socket", "forbidden call: socket"},
        {"socketpair", "forbidden call: socketpair"},
        {"open", "forbidden call: openat"},
        {"create", "forbidden call: openat"},
        {"unlink", "forbidden call: unlink"},
        {"stat", "forbidden call: newfstatat"},
        {"exec", "forbidden call: execve"},
        {"fork", "forbidden call: clone"},
        {"kill", "forbidden call: kill"},
        {"trace", "forbidden call: ptrace"},
        {"limits", "forbidden call: prlimit64"},
        {"timer", "forbidden call: rt_sigaction"},
        {"unknown", "forbidden call: number 4000"},
    };

    (void)s;
    RUN(deeds);
}

static void a_call_that_is_allowed_is_not_with_every_argument(void **s)
{
    static const struct deed deeds[] = {
        {"signal", "forbidden call: tgkill"},
        {"code", "forbidden call: mmap"},
        {"make-code", "forbidden call: mprotect"},
        {"map-file", "forbidden call: mmap"},
        {"write", "forbidden call: write"},
        {"read", "forbidden call: read"},
    };

    (void)s;
    RUN(deeds);
}

static void a_crash_is_told_by_its_signal(void **s)
{
    (void)s;
#ifdef AW_HAS_ASAN
    skip(); /* which ends the process in its own way */
#else
    static const struct deed deeds[] = {
        {"crash", "crashed (signal 11)"},
        {"abort", "crashed (signal 6)"},
        {"overflow", "crashed (signal 11)"},
    };

    RUN(deeds);
#endif
}

static void a_reader_without_memory_is_told_as_such(void **s)
{
    (void)s;
#ifdef AW_HAS_ASAN
    skip(); /* there is no limit */
#else
    static const struct deed deeds[] = {
        {"memory", "memory limit"},
        {"memory-null", "memory limit"},
        {"memory-told", "memory limit"},
        {"memory-large", "memory limit"},
    };

    RUN(deeds);
#endif
}

static void false_answers_are_told_as_such(void **s)
{
    static const struct deed deeds[] = {
        {"rubbish", "false answer: this is no frame"},
        {"lie", "false answer: to no question"},
        {"last", "false answer: last words without a cause"},
        {"last-long", "false answer: to no question"},
    };

    (void)s;
    RUN(deeds);
}

static void a_page_has_its_processor_time_and_no_more(void **s)
{
    (void)s;
    run_hook("spin", "processor time limit");
    run_hook("spin", "processor time limit");
}

/* The time is that of one page, not of all that its reader has read. */
static void pages_do_not_share_their_processor_time(void **s)
{
    int64_t start = aw_clock_mono(aw_clock_system());

    (void)s;
    for (int i = 0; i < 200000; i++) {
        memset(pages, 0, sizeof pages);
        page_count = 0;
        for (int k = 0; k < PAGES_MAX; k++)
            ask("http://a.example/");
        settle();
        for (int k = 0; k < PAGES_MAX; k++)
            if (!pages[k].suspected)
                fail_msg("page %d: %s", i * PAGES_MAX + k, pages[k].why);
        if (aw_clock_mono(aw_clock_system()) - start > 1500)
            break;
    }
}

static void a_page_that_waits_for_ever_is_ended_by_the_clock(void **s)
{
    (void)s;
    run_hook("hang", "timeout");
}

/* ---- one wall after the other, in a process of its own
 * ---------------------- */

/* What went wrong in the child; empty: nothing. */
static char *report;

#define EXPECT(cond)                                                         \
    do {                                                                     \
        if (!(cond)) {                                                       \
            (void)snprintf(report, 500, "%s:%d: %s: %s", __FILE__, __LINE__, \
                           #cond, strerror(errno));                          \
            _exit(1);                                                        \
        }                                                                    \
    } while (0)

static void in_child(void (*act)(const struct aw_cell_config *cell))
{
    int fds[2];
    int status = 0;
    pid_t pid;

    report = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(report != MAP_FAILED);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        act(&(struct aw_cell_config){.fd = fds[1], .cpu_ms = 1000});
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    (void)close(fds[0]);
    (void)close(fds[1]);
    if (report[0] || status != 0)
        fail_msg("%s (status %d)", report, status);
    (void)munmap(report, 4096);
}

/* As in a container that forbids seccomp; perhaps Landlock too. */
static void forbid_seccomp(bool landlock)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    const uint32_t refuse = SCMP_ACT_ERRNO(ENOSYS);

    EXPECT(filter);
    EXPECT(seccomp_rule_add(filter, refuse, SCMP_SYS(seccomp), 0) == 0);
    EXPECT(seccomp_rule_add(filter, refuse, SCMP_SYS(prctl), 1,
                            SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP, 0)) == 0);
    if (landlock)
        EXPECT(seccomp_rule_add(filter, refuse,
                                SCMP_SYS(landlock_create_ruleset), 0) == 0);
    EXPECT(seccomp_load(filter) == 0);
    seccomp_release(filter);
}

static void must_be_refused(const struct aw_cell_config *cell)
{
    struct aw_err failure = {0};
    char offer[AW_CELL_OFFER_MAX];

    forbid_seccomp(true);
    EXPECT(!aw_cell_offer(offer));
    EXPECT(strcmp(offer, "no seccomp, no landlock") == 0);
    EXPECT(aw_cell_enter(cell, &failure) == AW_CONFIG);
    EXPECT(strstr(failure.msg, "no seccomp for a reader"));
    EXPECT(strstr(failure.msg, "set 'reader_cell: best-effort'"));
}

static void where_seccomp_is_refused_there_is_no_cell(void **s)
{
    (void)s;
    in_child(must_be_refused);
}

static void has_other_walls(const struct aw_cell_config *cell, bool landlock)
{
    struct aw_cell_config optional = *cell;
    struct aw_err failure = {0};
    char byte = 'x';

    forbid_seccomp(!landlock);
    optional.optional = true;
    EXPECT(aw_cell_enter(&optional, &failure) == AW_OK);
    EXPECT(failure.msg[0] == '\0');
    EXPECT(open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0);
    EXPECT(socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EMFILE);
    EXPECT(write(cell->fd, &byte, 1) == 1);
    EXPECT(write(cell->fd - 1, &byte, 1) < 0 && errno == EBADF);
    EXPECT(read(0, &byte, 1) == 0);
    EXPECT(write(1, &byte, 1) == 1);
    EXPECT(chroot("/") < 0);
    EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
}

static void has_limits_alone(const struct aw_cell_config *cell)
{
    has_other_walls(cell, false);
    EXPECT(open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 && errno == EMFILE);
    EXPECT(access("/etc/passwd", F_OK) == 0);
}

static void has_landlock(const struct aw_cell_config *cell)
{
    has_other_walls(cell, true);
    EXPECT(truncate("/dev/null", 0) < 0);
    EXPECT(unlink("/etc/passwd") < 0 && errno == EACCES);
    EXPECT(execl("/bin/true", "true", (char *)NULL) < 0 && errno == EACCES);
}

static void without_seccomp_a_reader_that_may_has_the_other_walls(void **s)
{
    char offer[AW_CELL_OFFER_MAX];

    (void)s;
    in_child(has_limits_alone);
    assert_true(aw_cell_offer(offer));
    if (strstr(offer, "landlock abi"))
        in_child(has_landlock);
}

/* ---- last words, from outside ----------------------------------------------
 */

static void last_words_are_no_more_than_what_stands_in_the_table(void **s)
{
    static const struct {
        uint32_t words[3];
        size_t len;
        const char *why;
    } heads[] = {
        {{1, 0}, 8, "forbidden call: "},
        {{1, 4095}, 8, "forbidden call: number 4095"},
        {{1, 4096}, 8, "false answer: last words without a cause"},
        {{1, UINT32_MAX}, 8, "false answer: last words without a cause"},
        {{2, 5}, 8, "memory limit"},
        {{3, 5}, 8, "processor time limit"},
        {{0, 0}, 8, "false answer: last words without a cause"},
        {{4, 0}, 8, "false answer: last words without a cause"},
        {{1, 0}, 7, "false answer: to no question"},
        {{1, 0}, 12, "false answer: to no question"},
        {{1, 0}, 0, "false answer: to no question"},
    };

    (void)s;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct aw_str head = {(const char *)heads[i].words, heads[i].len};

        assert_int_equal(aw_last_words_get(head, &err), AW_READER);
        assert_has(err.msg, heads[i].why);
    }
}

#define POOL(test, up) cmocka_unit_test_setup_teardown(test, up, tear_down)

static int run(void)
{
    const struct CMUnitTest tests[] = {
        POOL(what_pages_of_all_kinds_need_is_allowed, set_up),
        POOL(a_forbidden_call_ends_its_reader_and_is_named, set_up),
        POOL(a_call_that_is_allowed_is_not_with_every_argument, set_up),
        POOL(a_crash_is_told_by_its_signal, set_up),
        POOL(a_reader_without_memory_is_told_as_such, set_up),
        POOL(false_answers_are_told_as_such, set_up),
        POOL(a_page_has_its_processor_time_and_no_more, set_up_spin),
        POOL(pages_do_not_share_their_processor_time, set_up_spin),
        POOL(a_page_that_waits_for_ever_is_ended_by_the_clock, set_up_hang),
        cmocka_unit_test(where_seccomp_is_refused_there_is_no_cell),
        cmocka_unit_test(
            without_seccomp_a_reader_that_may_has_the_other_walls),
        cmocka_unit_test(last_words_are_no_more_than_what_stands_in_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
    ssize_t len;

    if (argc > 1 && strcmp(argv[1], "reader") == 0)
        reader_main(argv);
    len = readlink("/proc/self/exe", program, sizeof program - 1);
    return len > 0 ? run() : 1;
}
