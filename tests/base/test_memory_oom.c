#include "tests/base/base_test.h"

#include "tests/alloc_fail.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/document.h"
#include "base/document_json.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/log.h"
#include "base/loop.h"

static struct aw_err err;
static char dir[PATH_MAX];

static void fill_buf(void)
{
    struct aw_buf buf;
    aw_rc rc;

    aw_buf_init(&buf, 1 << 20);
    for (int i = 0; i < 500; i++)
        aw_buf_printf(&buf, "%04d,", i);
    alloc_fail_stop();
    rc = aw_buf_check(&buf, &err);
    assert_int_equal(rc, alloc_failed ? AW_NOMEM : AW_OK);
    if (rc == AW_OK)
        assert_int_equal(buf.len, 2500);
    for (size_t i = 0; i < buf.len; i += 5) /* what is there is in order */
        assert_int_equal(strtol(buf.ptr + i, NULL, 10), i / 5);
    aw_buf_deinit(&buf);
}

static void a_buffer_tells_a_lost_allocation_at_its_end(void **s)
{
    (void)s;
    alloc_fail_each(fill_buf);
}

static void fill_arena(void)
{
    struct aw_arena arena;
    int *items = NULL;
    size_t cap = 0;
    size_t count = 0;
    bool lost = false;

    aw_arena_init(&arena, 10 << 20);
    for (int i = 0; i < 9000; i++) {
        void *grown = items;

        if (aw_arena_grow(&arena, &grown, count, &cap, sizeof *items, &err) !=
            AW_OK) {
            lost = true;
            continue; /* and go on with what there is */
        }
        items = grown;
        items[count] = (int)count;
        count++;
    }
    alloc_fail_stop();
    assert_int_equal(lost, alloc_failed);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(items[i], i);
    aw_arena_reset(&arena);
    assert_non_null(aw_arena_alloc(&arena, 1));
    aw_arena_deinit(&arena);
}

static void an_arena_goes_on_behind_a_lost_allocation(void **s)
{
    (void)s;
    alloc_fail_each(fill_arena);
}

/* Texts of 6,000 bytes want chunks at odd places. */
static void fill_document(void)
{
    static char text[6000];
    struct aw_document doc;
    size_t blocks = 0, links = 0, parties = 0;

    memset(text, 'x', sizeof text);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    for (size_t i = 0; i < 60; i++) {
        struct aw_str part = {text, i * 97};
        struct aw_link link = {.url = part};
        struct aw_party party = {.value = part};

        blocks += aw_document_add_block(&doc, AW_BLOCK_BODY, false, part,
                                        &err) == AW_OK;
        links += aw_document_add_link(&doc, link, &err) == AW_OK;
        parties += aw_document_add_party(&doc, party, &err) == AW_OK;
    }
    alloc_fail_stop();
    assert_int_equal(doc.block_count, blocks - (blocks > doc.block_count));
    assert_int_equal(doc.link_count, links);
    assert_int_equal(doc.party_count, parties);
    assert_int_equal(blocks + links + parties < 180, alloc_failed);
    for (size_t i = 0; i < doc.link_count; i++)
        assert_int_equal(doc.links[i].url.ptr[doc.links[i].url.len], 0);
    aw_document_deinit(&doc);
}

static void a_document_goes_on_behind_a_lost_allocation(void **s)
{
    (void)s;
    alloc_fail_each(fill_document);
}

static void print_document(void)
{
    struct aw_document doc;
    struct aw_buf out;
    aw_rc rc = AW_OK;

    aw_buf_init(&out, 1 << 20);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    for (int i = 0; i < 100 && rc == AW_OK; i++)
        rc = aw_document_add_block(&doc, AW_BLOCK_BODY, false, AW_STR("保本"),
                                   &err);
    if (rc == AW_OK)
        rc = aw_document_json(&doc, &out, &err);
    alloc_fail_stop();
    assert_int_equal(rc, alloc_failed ? AW_NOMEM : AW_OK);
    aw_document_deinit(&doc);
    aw_buf_deinit(&out);
}

static void a_document_is_printed_whole_or_not_at_all(void **s)
{
    (void)s;
    alloc_fail_each(print_document);
}

/* libcyaml allocates inside itself; what is ours around it is tried. */
static void load_config(void)
{
    struct aw_config *config = NULL;
    aw_rc rc = aw_config_load(&config, dir, &err);

    alloc_fail_stop();
    assert_int_equal(rc, alloc_failed ? AW_NOMEM : AW_OK);
    assert_int_equal(config != NULL, rc == AW_OK);
    if (config)
        aw_config_free(config);
}

static void a_config_without_memory_is_told_as_such(void **s)
{
    const char *text = aw_config_template();

    (void)s;
    make_temp(dir);
    put_file(in_dir(dir, AW_CONFIG_NAME), text, strlen(text));
    alloc_fail_each(load_config);
    drop_temp(dir);
}

static void hear(void *self, int fd, unsigned events)
{
    (void)fd;
    (void)events;
    ++*(int *)self;
}

static void watch_some(void)
{
    struct aw_loop *loop = NULL;
    struct aw_loop_watch ear;
    int calls = 0;
    int fds[2];
    int high;
    aw_rc rc = aw_loop_new(&loop, &err);

    ear = (struct aw_loop_watch){hear, &calls};
    assert_int_equal(pipe(fds), 0);
    high = dup2(fds[1], 700);
    if (rc == AW_OK)
        rc = aw_loop_watch(loop, fds[1], AW_LOOP_WRITE, ear, &err);
    if (rc == AW_OK)
        rc = aw_loop_watch(loop, high, AW_LOOP_WRITE, ear, &err);
    if (rc == AW_OK)
        rc = aw_loop_wait(loop, 0, &err);
    alloc_fail_stop();
    assert_int_equal(rc, alloc_failed ? AW_NOMEM : AW_OK);
    assert_int_equal(calls, alloc_failed ? 0 : 2);
    aw_loop_free(loop);
    (void)close(fds[0]);
    (void)close(fds[1]);
    (void)close(high);
}

static void a_loop_that_cannot_watch_says_so(void **s)
{
    (void)s;
    alloc_fail_each(watch_some);
}

static FILE *log_out;

static void log_lines(void)
{
    struct aw_clock clock = aw_clock_manual(0);
    struct aw_log log;

    aw_log_init(&log, &clock);
    log.out = log_out;
    aw_log(&log, AW_LOG_WARN, "lost", "k", "v", (char *)NULL);
    log.json = true;
    aw_log(&log, AW_LOG_WARN, "lost", "k", "v", (char *)NULL);
    alloc_fail_stop();
}

static void a_log_without_memory_still_tells_its_message(void **s)
{
    char *text = NULL;
    size_t len = 0;
    size_t lines = 0;

    (void)s;
    log_out = open_memstream(&text, &len);
    assert_non_null(log_out);
    alloc_fail_each(log_lines);
    assert_int_equal(fclose(log_out), 0);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        assert_has(line, "lost");
        lines++;
    }
    assert_true(lines >= 8 && lines % 2 == 0);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_tells_a_lost_allocation_at_its_end),
        cmocka_unit_test(an_arena_goes_on_behind_a_lost_allocation),
        cmocka_unit_test(a_document_goes_on_behind_a_lost_allocation),
        cmocka_unit_test(a_document_is_printed_whole_or_not_at_all),
        cmocka_unit_test(a_config_without_memory_is_told_as_such),
        cmocka_unit_test(a_loop_that_cannot_watch_says_so),
        cmocka_unit_test(a_log_without_memory_still_tells_its_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
