#include "tests/web/workspace.h"

#include <libdeflate.h>
#include <pthread.h>

#include "crawler/captured.h"

static struct aw_sighted seen;

static aw_rc ask(struct aw_extract_input input)
{
    seen = (struct aw_sighted){0};
    return aw_sight_ask(ws.sight, &input, &fixture.arena, &seen, &fixture.err);
}

static aw_rc show(enum aw_show what, const char *page)
{
    return ask((struct aw_extract_input){.url = AW_STR(PAGE_URL),
                                         .content_type = AW_STR("text/html"),
                                         .bytes = aw_str_of(page),
                                         .show = what});
}

static struct aw_str zipped(size_t len)
{
    struct libdeflate_compressor *tool = libdeflate_alloc_compressor(6);
    char *from = calloc(1, len);
    char *to = aw_arena_alloc(&fixture.arena, len / 100 + 1000);
    size_t size;

    assert_non_null(from);
    assert_non_null(to);
    size = libdeflate_gzip_compress(tool, from, len, to, len / 100 + 1000);
    assert_true(size > 0);
    libdeflate_free_compressor(tool);
    free(from);
    return (struct aw_str){to, size};
}

static void texts_are_told_with_what_rules_see(void **state)
{
    (void)state;
    ASSERT_OK(show(AW_SHOW_BLOCKS, "<title>金汇</title><p>亻呆*本</p>"
                                   "<p style='display:none'>无风险</p>"));
    assert_int_equal(seen.text_count, 3);
    assert_memory_equal(seen.texts[1].text.ptr, "亻呆*本", 10);
    assert_memory_equal(seen.texts[1].seen.ptr, "保本", 6);
    assert_memory_equal(seen.texts[2].hidden.ptr, "display", 7);
    assert_memory_equal(seen.charset.ptr, "utf-8", 5);
    assert_int_equal(seen.source.len, 0);
}

static void a_source_is_told_in_utf8(void **state)
{
    (void)state;
    ASSERT_OK(show(AW_SHOW_SOURCE, "<meta charset=gbk><p>\xB1\xA3\xB1\xBE"));
    assert_string_equal(seen.source.ptr, "<meta charset=gbk><p>保本");
    assert_memory_equal(seen.charset.ptr, "gb", 2);
    assert_int_equal(seen.text_count, 0);
}

static void a_page_is_made_harmless(void **state)
{
    (void)state;
    ASSERT_OK(show(AW_SHOW_PAGE, "<script>x</script><img src=i.png>"));
    assert_string_equal(seen.source.ptr,
                        "<img src=\"http%3A%2F%2Fwww.jinhui-wealth.example"
                        "%2Fa%2Fi.png\">");
}

static void a_bomb_is_cut(void **state)
{
    (void)state;
    ASSERT_OK(
        ask((struct aw_extract_input){.content_type = AW_STR("text/html"),
                                      .content_encoding = AW_STR("gzip"),
                                      .bytes = zipped((size_t)256 << 20),
                                      .ratio_max = 100,
                                      .decoded_max = 16 << 20,
                                      .show = AW_SHOW_SOURCE}));
    assert_true(seen.source.len <= (size_t)16 << 20);
    assert_string_equal(seen.note.ptr, "cut");
}

static void what_cannot_be_read_is_told_with_its_cause(void **state)
{
    (void)state;
    assert_int_equal(
        ask((struct aw_extract_input){.content_type = AW_STR("text/html"),
                                      .content_encoding = AW_STR("rot13"),
                                      .bytes = AW_STR("x"),
                                      .show = AW_SHOW_SOURCE}),
        AW_READER);
    ASSERT_SAYS("rot13");
    ASSERT_OK(show(AW_SHOW_SOURCE, "still there"));
}

static void a_reader_that_does_not_start_is_told(void **state)
{
    (void)state;
    aw_sight_free(ws.sight);
    workspace_sight("/bin/false");
    assert_int_equal(show(AW_SHOW_SOURCE, "x"), AW_READER);
    ASSERT_SAYS("no reader could be started");
}

/* ---- many at once ------------------------------------------------------- */

#define THREADS 24

static void *ask_one(void *self)
{
    struct aw_extract_input input = {.content_type = AW_STR("text/plain"),
                                     .show = AW_SHOW_SOURCE};
    struct aw_arena arena;
    struct aw_sighted mine = {0};
    struct aw_err err;
    char text[32];

    (void)snprintf(text, sizeof text, "page %d", *(int *)self);
    input.bytes = aw_str_of(text);
    aw_arena_init(&arena, (size_t)1 << 20);
    for (int i = 0; i < 20; i++) {
        if (aw_sight_ask(ws.sight, &input, &arena, &mine, &err) != AW_OK ||
            strcmp(mine.source.ptr, text) != 0)
            *(int *)self = -1;
    }
    aw_arena_deinit(&arena);
    return NULL;
}

static void each_thread_gets_its_own_answer(void **state)
{
    pthread_t threads[THREADS];
    int numbers[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, ask_one,
                                        &numbers[i]),
                         0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(numbers[i], i);
    }
}

/* ---- captures ------------------------------------------------------------
 */

static struct aw_capture row_of(int64_t id)
{
    struct aw_capture row;

    ASSERT_OK(aw_store_capture_get(fixture.store, &fixture.arena, id, &row,
                                   &fixture.err));
    return row;
}

static void a_capture_is_read_as_it_was(void **state)
{
    int64_t id = workspace_capture((struct workspace_answer){
        .fields = "Content-Type: text/html; charset=gbk\r\n",
        .body = AW_STR("<p>\xB1\xA3\xB1\xBE</p>")});
    struct aw_capture row = row_of(id);
    struct aw_captured_at at = aw_captured_at(&row);
    struct aw_captured captured;
    struct aw_extract_input input;

    (void)state;
    workspace_close_archive();
    ASSERT_OK(aw_captured_open(&captured, ws.archive, &at, &fixture.err));
    ASSERT_OK(aw_captured_input(&captured, &row, &ws.config, AW_STR("web"),
                                &fixture.arena, &input, &fixture.err));
    input.show = AW_SHOW_BLOCKS;
    ASSERT_OK(ask(input));
    assert_int_equal(seen.text_count, 1);
    assert_string_equal(seen.texts[0].text.ptr, "保本");
    aw_captured_close(&captured);
}

static void a_record_with_another_payload_is_none(void **state)
{
    int64_t id =
        workspace_capture((struct workspace_answer){.body = AW_STR("<p>a")});
    struct aw_capture row = row_of(id);
    struct aw_captured_at at = aw_captured_at(&row);
    struct aw_captured captured;

    (void)state;
    workspace_close_archive();
    at.digest = AW_STR("00");
    assert_int_equal(aw_captured_open(&captured, ws.archive, &at,
                                      &fixture.err),
                     AW_INVALID);
    ASSERT_SAYS("another payload");
    at.place.offset += 7;
    assert_int_not_equal(aw_captured_open(&captured, ws.archive, &at,
                                          &fixture.err),
                         AW_OK);
    (void)snprintf(at.place.file, sizeof at.place.file, "../../etc/passwd");
    assert_int_not_equal(aw_captured_open(&captured, ws.archive, &at,
                                          &fixture.err),
                         AW_OK);
}

static const struct CMUnitTest tests[] = {
    WORKSPACE(texts_are_told_with_what_rules_see),
    WORKSPACE(a_source_is_told_in_utf8),
    WORKSPACE(a_page_is_made_harmless),
    WORKSPACE(a_bomb_is_cut),
    WORKSPACE(what_cannot_be_read_is_told_with_its_cause),
    WORKSPACE(a_reader_that_does_not_start_is_told),
    WORKSPACE(each_thread_gets_its_own_answer),
    WORKSPACE(a_capture_is_read_as_it_was),
    WORKSPACE(a_record_with_another_payload_is_none),
};

WORKSPACE_MAIN(tests)
