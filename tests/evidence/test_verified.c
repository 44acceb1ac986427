/* Items of verify over bags by hand: what the files say, without the rest of a
 * bundle. */
#include "tests/store/fixture.h"

#include <time.h>

#include "base/hash.h"
#include "evidence/bag.h"
#include "evidence/parsed.h"
#include "evidence/verify_private.h"

#define AT INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define TEXT_MAX ((size_t)32 << 20)
#define CAPTURES "data/02-网页存档/captures.json"
#define FINDING "data/01-线索/finding-1.json"
#define TEXT "data/06-文本/capture-1.txt"
#define BLOCKS "data/06-文本/capture-1.blocks.json"
#define SHOT "data/05-截图/capture-1.png"
#define LIST "data/10-隐私/redactions.json"

struct entry {
    const char *name;
    struct aw_str bytes;
};

typedef aw_rc item_fn(struct aw_verifying *v, char what[AW_WHAT_MAX],
                      struct aw_err *err);

/* Of entries whose zip is of that time. */
static aw_rc look(item_fn *item, const struct entry *entries, size_t count,
                  int64_t at_ms)
{
    char path[AW_PATH_MAX];
    char what[AW_WHAT_MAX];
    struct aw_bag_digests digests;
    struct aw_bag *bag = NULL;
    struct aw_verifying v = {0};
    aw_rc rc;

    ASSERT_OK(aw_path_join(path, fixture.dir, "b.zip", &fixture.err));
    ASSERT_OK(aw_bag_new(&bag, path, "b", at_ms, &fixture.err));
    for (size_t i = 0; i < count; i++)
        ASSERT_OK(
            aw_bag_add(bag, entries[i].name, entries[i].bytes, &fixture.err));
    ASSERT_OK(aw_bag_seal(bag, "", &digests, &fixture.err));
    ASSERT_OK(aw_bag_close(bag, &fixture.err));
    aw_bag_free(bag);
    ASSERT_OK(aw_bag_open(&v.view, path, &fixture.err));
    ASSERT_OK(aw_bag_measure(v.view, &fixture.err));
    rc = item(&v, what, &fixture.err);
    aw_verifying_deinit(&v);
    aw_bag_view_free(v.view);
    assert_int_equal(unlink(path), 0);
    return rc;
}

/* ---- texts -------------------------------------------------------------- */

/* Two blocks; the first is of many code points of three bytes. */
#define LONG 5000
#define HEAD "甲"

static struct aw_buf text, blocks;

static void make_texts(const char *quotes)
{
    aw_buf_init(&text, TEXT_MAX);
    aw_buf_init(&blocks, TEXT_MAX);
    aw_buf_printf(&blocks,
                  "{\"blocks\":[{\"start\":0,\"length\":%d,"
                  "\"text\":\"",
                  LONG);
    for (int i = 0; i < LONG - 4; i++)
        aw_buf_puts(&text, HEAD);
    aw_buf_puts(&text, "保本保息");
    aw_buf_put(&blocks, aw_buf_str(&text));
    aw_buf_printf(&blocks,
                  "\"},{\"start\":%d,\"length\":4,\"text\":\"随存随取\"}],"
                  "\"quotes\":[",
                  LONG + 1);
    aw_buf_puts(&text, "\n随存随取\n");
    aw_buf_puts(&blocks, quotes);
    aw_buf_puts(&blocks, "]}\n");
}

static aw_rc look_at_quotes(const char *quotes)
{
    struct entry entries[] = {
        {CAPTURES, AW_STR("{\"captures\":[{\"text\":\"" TEXT
                          "\",\"blocks\":\"" BLOCKS "\"}]}\n")},
        {FINDING, AW_STR("{\"id\":1,\"claims\":[{\"quote\":\"保本保息\"},"
                         "{\"quote\":\"随存随取\"},{\"quote\":\"\"}]}\n")},
        {TEXT, {0}},
        {BLOCKS, {0}}};
    aw_rc rc;

    make_texts(quotes);
    entries[2].bytes = aw_buf_str(&text);
    entries[3].bytes = aw_buf_str(&blocks);
    rc = look(aw_verify_texts, entries, sizeof entries / sizeof *entries, AT);
    aw_buf_deinit(&text);
    aw_buf_deinit(&blocks);
    return rc;
}

#define QUOTE(claim, block, start, end)                                  \
    "{\"finding\":1,\"claim\":" claim ",\"found\":true,\"block\":" block \
    ",\"start\":" start ",\"end\":" end "}"

static void quotes_stand_where_they_are_told(void **state)
{
    (void)state;
    ASSERT_OK(look_at_quotes(
        QUOTE("0", "0", "4996", "5000") "," QUOTE("1", "1", "0", "4")));
    ASSERT_OK(look_at_quotes("{\"finding\":1,\"claim\":1,\"found\":false}"));
}

static void a_quote_that_is_elsewhere_is_found(void **state)
{
    static const struct {
        const char *quote, *says;
    } lies[] = {{QUOTE("0", "0", "4995", "4999"), "not at its place"},
                {QUOTE("0", "0", "4996", "5001"), "not at its place"},
                {QUOTE("0", "0", "-1", "5000"), "not at its place"},
                {QUOTE("0", "0", "5000", "4996"), "not at its place"},
                {QUOTE("0", "1", "0", "4"), "not at its place"},
                {QUOTE("1", "2", "0", "4"), "not at its place"},
                {QUOTE("1", "-1", "0", "4"), "not at its place"},
                {QUOTE("1", "0", "5001", "5005"), "not at its place"},
                {QUOTE("2", "0", "0", "0"), "has no claim 2"},
                {QUOTE("3", "0", "0", "4"), "has no claim 3"},
                {QUOTE("-1", "0", "0", "4"), "has no claim -1"},
                {"{\"finding\":2,\"claim\":0,\"found\":true}",
                 "finding 2 has no claim 0"}};

    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        assert_int_equal(look_at_quotes(lies[i].quote), AW_INVALID);
        ASSERT_SAYS(lies[i].says);
    }
}

/* As many as a JSON file may tell, each far behind in its block: that was two
 * walks over the block for each of them. */
static void the_work_for_quotes_is_bound_by_the_text(void **state)
{
    struct aw_buf many;

    (void)state;
    aw_buf_init(&many, TEXT_MAX);
    for (int i = 0; i < 20000; i++)
        aw_buf_puts(&many, QUOTE("0", "0", "4996", "5000") ",");
    aw_buf_puts(&many, QUOTE("1", "1", "0", "4"));
    aw_buf_putc(&many, '\0');
    ASSERT_OK(look_at_quotes(many.ptr));
    aw_buf_deinit(&many);
}

/* One claim of a megabyte, told of again and again. */
static void more_quotes_than_a_text_may_have_are_refused(void **state)
{
    struct aw_buf finding, json, page;
    struct entry entries[] = {{CAPTURES,
                               AW_STR("{\"captures\":[{\"text\":\"" TEXT
                                      "\",\"blocks\":\"" BLOCKS "\"}]}\n")},
                              {FINDING, {0}},
                              {TEXT, {0}},
                              {BLOCKS, {0}}};

    (void)state;
    aw_buf_init(&finding, TEXT_MAX);
    aw_buf_init(&json, TEXT_MAX);
    aw_buf_init(&page, TEXT_MAX);
    for (int i = 0; i < 1 << 20; i++)
        aw_buf_putc(&page, 'a');
    aw_buf_printf(&finding, "{\"id\":1,\"claims\":[{\"quote\":\"%.*s\"}]}\n",
                  AW_STR_ARG(aw_buf_str(&page)));
    aw_buf_printf(&json,
                  "{\"blocks\":[{\"start\":0,\"length\":1048576,\"text\":"
                  "\"%.*s\"}],\"quotes\":[",
                  AW_STR_ARG(aw_buf_str(&page)));
    for (int i = 0; i < 100; i++)
        aw_buf_printf(&json, "%s" QUOTE("0", "0", "0", "1048576"),
                      i > 0 ? "," : "");
    aw_buf_puts(&json, "]}\n");
    aw_buf_putc(&page, '\n');
    entries[1].bytes = aw_buf_str(&finding);
    entries[2].bytes = aw_buf_str(&page);
    entries[3].bytes = aw_buf_str(&json);
    assert_int_equal(look(aw_verify_texts, entries, 4, AT), AW_LIMIT);
    ASSERT_SAYS("more quotes than are looked for");
    aw_buf_deinit(&finding);
    aw_buf_deinit(&json);
    aw_buf_deinit(&page);
}

/* ---- rules and screenshots ---------------------------------------------- */

#define MANY 90000
#define SECONDS_MAX 5 /* of the processor, under sanitizers as well */

static aw_rc rules_of(struct aw_verifying *v, char what[AW_WHAT_MAX],
                      struct aw_err *err)
{
    struct aw_parsed *finding = NULL;
    aw_rc rc = aw_parsed_load(v->view, AW_STR(FINDING), &finding, err);
    clock_t began = clock();

    what[0] = '\0';
    if (rc == AW_OK)
        rc = aw_verify_rules(finding, err);
    assert_true((clock() - began) / CLOCKS_PER_SEC < SECONDS_MAX);
    aw_parsed_free(finding);
    return rc;
}

/* Its id behind as many keys as a JSON file may tell. */
static void put_fat(struct aw_buf *json, const char *id)
{
    aw_buf_putc(json, '{');
    for (int i = 0; i < MANY; i++)
        aw_buf_printf(json, "\"k%d\":0,", i);
    aw_buf_printf(json, "\"version\":\"1\",\"id\":\"%s\"}", id);
}

static aw_rc look_at_rules(const struct aw_buf *finding)
{
    struct entry entry = {FINDING, aw_buf_str(finding)};

    return look(rules_of, &entry, 1, AT);
}

/* Each of them was a walk over all keys of the one provision. */
static void the_work_for_law_is_bound_by_the_finding(void **state)
{
    struct aw_buf json;

    (void)state;
    aw_buf_init(&json, TEXT_MAX);
    aw_buf_puts(&json, "{\"lexicon\":\"l\",\"rules_of\":{\"lexicon\":"
                       "\"l\"},\"rules\":[],\"provisions\":[");
    put_fat(&json, "a-1");
    aw_buf_puts(&json, "],\"claims\":[{\"rule\":\"model\",\"law\":[");
    for (int i = 0; i < MANY; i++)
        aw_buf_puts(&json, "\"a-1\",");
    aw_buf_puts(&json, "\"a-1\"]}]}\n");
    ASSERT_OK(look_at_rules(&json));
    aw_buf_deinit(&json);
}

/* Likewise of a rule that many claims name. */
static void the_work_for_rules_is_bound_by_the_finding(void **state)
{
    struct aw_buf json;

    (void)state;
    aw_buf_init(&json, TEXT_MAX);
    aw_buf_puts(&json, "{\"lexicon\":\"l\",\"rules_of\":{\"lexicon\":"
                       "\"l\"},\"provisions\":[],\"rules\":[");
    put_fat(&json, "R-1");
    aw_buf_puts(&json, "],\"claims\":[");
    for (int i = 0; i < MANY / 3; i++)
        aw_buf_printf(&json, "%s{\"rule\":\"R-1\",\"rule_version\":\"1\"}",
                      i > 0 ? "," : "");
    aw_buf_puts(&json, "]}\n");
    ASSERT_OK(look_at_rules(&json));
    aw_buf_deinit(&json);
}

static aw_rc exhibits(struct aw_verifying *v, char what[AW_WHAT_MAX],
                      struct aw_err *err)
{
    aw_rc rc = aw_verifying_load(v, err);
    clock_t began = clock();

    if (rc == AW_OK)
        rc = aw_verify_exhibits(v, what, err);
    assert_true((clock() - began) / CLOCKS_PER_SEC < SECONDS_MAX);
    return rc;
}

/* With count screenshots, all of one file; its record is behind others. */
static aw_rc look_at_shots(int records, int count, const char *digest)
{
    struct entry entries[] = {{CAPTURES, {0}}, {SHOT, AW_STR("png")}};
    struct aw_buf json;
    aw_rc rc;

    aw_buf_init(&json, TEXT_MAX);
    aw_buf_puts(&json, "{\"captures\":[{\"records\":[");
    for (int i = 0; i < records; i++)
        aw_buf_puts(&json, "0,");
    aw_buf_printf(&json, "{\"payload_digest\":\"%s\"}],\"screenshots\":[",
                  digest);
    for (int i = 0; i < count; i++)
        aw_buf_printf(&json, "%s{\"file\":\"" SHOT "\",\"sha256\":\"%s\"}",
                      i > 0 ? "," : "", digest);
    aw_buf_puts(&json, "]}]}\n");
    entries[0].bytes = aw_buf_str(&json);
    rc = look(exhibits, entries, 2, AT);
    aw_buf_deinit(&json);
    return rc;
}

static void the_work_for_screenshots_is_bound_by_the_captures(void **state)
{
    char digest[AW_SHA256_HEX_MAX];

    (void)state;
    aw_sha256_hex(AW_STR("png"), digest);
    ASSERT_OK(look_at_shots(0, 1, digest));
    ASSERT_OK(look_at_shots(9, 1, digest));
    assert_int_equal(look_at_shots(MANY, MANY / 3, digest), AW_INVALID);
    ASSERT_SAYS("tells of 30000 files");
}

/* ---- what was taken out of a copy --------------------------------------- */

#define HEX64 \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static aw_rc look_at_list(const char *files, int64_t zip_ms)
{
    struct aw_buf list;
    struct entry entries[] = {{CAPTURES, AW_STR("{\"captures\":[]}\n")},
                              {TEXT, AW_STR("■■\n")},
                              {LIST, {0}}};
    aw_rc rc;

    aw_buf_init(&list, TEXT_MAX);
    aw_buf_printf(&list,
                  "{\"at\":\"2026-11-23T02:13:00Z\",\"of\":{\"name\":\"b0\","
                  "\"tagmanifest_sha256\":\"" HEX64 "\"},\"files\":[%s]}\n",
                  files);
    entries[2].bytes = aw_buf_str(&list);
    rc = look(aw_verify_redaction, entries, 3, zip_ms);
    aw_buf_deinit(&list);
    return rc;
}

#define CHANGED "{\"name\":\"" TEXT "\",\"action\":\"changed\"}"

static void a_copy_tells_each_file_once_and_is_of_its_time(void **state)
{
    (void)state;
    ASSERT_OK(look_at_list(CHANGED, AT));
    ASSERT_OK(look_at_list(CHANGED, AT + 1000));
    assert_int_equal(look_at_list(CHANGED, AT + 2000), AW_INVALID);
    ASSERT_SAYS("another time than the entries of the zip");
    assert_int_equal(look_at_list(CHANGED "," CHANGED, AT), AW_INVALID);
    ASSERT_SAYS("capture-1.txt' twice");
}

static void files_of_a_list_are_looked_up_by_name(void **state)
{
    struct aw_bag_view view = {0};
    struct aw_redactions *none = NULL;

    (void)state;
    ASSERT_OK(aw_redactions_load(&view, &none, &fixture.err));
    assert_null(none); /* a whole bundle */
    assert_false(aw_redactions_left_out(none, AW_STR("a")));
    assert_false(aw_redactions_changed(none, AW_STR("a")));
    assert_false(aw_redactions_decision(none, 1));
}

/* What check is right is told of a list in any order. */
static aw_rc look_up(struct aw_verifying *v, char what[AW_WHAT_MAX],
                     struct aw_err *err)
{
    aw_rc rc = aw_verifying_load(v, err);
    char name[32];

    what[0] = '\0';
    for (int i = 0; rc == AW_OK && i < 1000; i++) {
        struct aw_str key = {name,
                             (size_t)snprintf(name, sizeof name, "f%d", i)};

        assert_int_equal(aw_redactions_left_out(v->redactions, key),
                         i % 3 == 0);
        assert_int_equal(aw_redactions_changed(v->redactions, key),
                         i % 3 == 1);
        assert_int_equal(aw_redactions_decision(v->redactions, i), i % 3 == 2);
    }
    return rc;
}

static void a_list_of_any_order_is_found_in(void **state)
{
    struct aw_buf list;
    struct entry entries[] = {{CAPTURES, AW_STR("{\"captures\":[]}\n")},
                              {LIST, {0}}};

    (void)state;
    aw_buf_init(&list, TEXT_MAX);
    aw_buf_puts(&list, "{\"files\":[");
    for (int i = 999; i >= 0; i--)
        if (i % 3 < 2)
            aw_buf_printf(&list, "%s{\"name\":\"f%d\",\"action\":\"%s\"}",
                          i < 999 ? "," : "", i,
                          i % 3 == 0 ? "left_out" : "changed");
    aw_buf_puts(&list, "],\"decisions\":[");
    for (int i = 998; i >= 0; i -= 3)
        aw_buf_printf(&list, "%s{\"id\":%d}", i < 998 ? "," : "", i);
    aw_buf_puts(&list, "]}\n");
    entries[1].bytes = aw_buf_str(&list);
    ASSERT_OK(look(look_up, entries, 2, AT));
    aw_buf_deinit(&list);
}

#define UNIT(test) \
    cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(quotes_stand_where_they_are_told),
        UNIT(a_quote_that_is_elsewhere_is_found),
        UNIT(the_work_for_quotes_is_bound_by_the_text),
        UNIT(more_quotes_than_a_text_may_have_are_refused),
        UNIT(the_work_for_law_is_bound_by_the_finding),
        UNIT(the_work_for_rules_is_bound_by_the_finding),
        UNIT(the_work_for_screenshots_is_bound_by_the_captures),
        UNIT(a_copy_tells_each_file_once_and_is_of_its_time),
        UNIT(files_of_a_list_are_looked_up_by_name),
        UNIT(a_list_of_any_order_is_found_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
