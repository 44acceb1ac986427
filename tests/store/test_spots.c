/* Lists of spots find what the index of trigrams finds, no more and no less.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/rng.h"
#include "base/utf8.h"
#include "store/sorting.h"
#include "store/spots.h"
#include "tests/store/fixture.h"

#define FINDINGS 120
#define IDS 242 /* of twice as many, and 0 */
#define TEXTS 3000

static struct aw_rng rng;
static struct aw_buf bufs[3];

static uint64_t draw(uint64_t bound)
{
    return aw_rng_below(&rng, bound);
}

/* Of few characters, so that they stand beside each other in all ways; some
 * have two forms, and two of these have one in ASCII. */
static void put_text(struct aw_buf *out, uint64_t most)
{
    static const char *const pieces[] = {"保",
                                         "本",
                                         "息",
                                         "保本",
                                         "零风险",
                                         "a",
                                         "b",
                                         "k",
                                         "s",
                                         "\"",
                                         " ",
                                         "一",
                                         "\xE2\x84\xAA",
                                         "\xC5\xBF",
                                         "\xC3\x89",
                                         "\xC3\xA9",
                                         "\xF0\xA0\x80\x80",
                                         "%",
                                         "é"};

    for (uint64_t i = draw(most + 1); i > 0; i--)
        aw_buf_puts(out, pieces[draw(sizeof pieces / sizeof *pieces)]);
}

static struct aw_sorted_text text_of(uint64_t most)
{
    for (int i = 0; i < 3; i++) {
        aw_buf_reset(&bufs[i]);
        put_text(&bufs[i], most);
    }
    return (struct aw_sorted_text){aw_buf_str(&bufs[0]), aw_buf_str(&bufs[1]),
                                   aw_buf_str(&bufs[2])};
}

static int64_t add(void)
{
    char print[24];
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding;
    struct aw_sorted_row row = {0};
    struct aw_sorted_text text = text_of(12);
    static int count;

    (void)snprintf(print, sizeof print, "p%d", count++);
    finding = fixture_finding(print, 1, &claim);
    row.finding = row.bunch = fixture_add(&finding);
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    ASSERT_OK(aw_store_sorted_add(fixture.store, &row, &text, &fixture.err));
    if (draw(3) == 0) {
        text = text_of(6);
        ASSERT_OK(aw_store_fold_add(fixture.store, row.finding, &text,
                                    &fixture.err));
    }
    ASSERT_OK(aw_store_folded_put(fixture.store, row.finding, &fixture.err));
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
    return row.finding;
}

static void add_some(int count)
{
    (void)fixture_capture((struct aw_capture){0});
    for (int i = 0; i < count; i++)
        (void)add();
}

/* All steps; says how many these were. */
static int make(int64_t fresh)
{
    bool more = true;
    int steps = -1;

    for (; more; steps++)
        ASSERT_OK(
            aw_store_spots_make(fixture.store, fresh, &more, &fixture.err));
    return steps;
}

struct seen {
    bool ids[IDS];
};

static aw_rc see(void *self, int64_t id, struct aw_err *err)
{
    struct seen *seen = self;

    (void)err;
    assert_in_range(id, 1, IDS - 1);
    seen->ids[id] = true;
    return AW_OK;
}

/* Both ways, from a place on; how many were answered by lists. */
static int compare(struct aw_str text, int64_t above)
{
    struct seen index = {{0}}, lists = {{0}};
    bool found = false;

    ASSERT_OK(aw_store_index_search(fixture.store, text, above, see, &index,
                                    &fixture.err));
    ASSERT_OK(aw_store_begin_read(fixture.store, &fixture.err));
    ASSERT_OK(aw_store_spots_find(fixture.store, text, above, see, &lists,
                                  &found, &fixture.err));
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
    for (int64_t id = 0; found && id < IDS; id++)
        if (index.ids[id] != lists.ids[id])
            fail_msg("'%.*s' above %d: finding %d by %s", AW_STR_ARG(text),
                     (int)above, (int)id,
                     index.ids[id] ? "the index" : "lists");
    return found;
}

static int compare_many(void)
{
    struct aw_buf text;
    int answered = 0;

    aw_buf_init(&text, 1024);
    for (int i = 0; i < TEXTS; i++) {
        aw_buf_reset(&text);
        while (text.len == 0)
            put_text(&text, 4);
        answered +=
            compare(aw_buf_str(&text), draw(2) ? 0 : (int64_t)draw(FINDINGS));
    }
    aw_buf_deinit(&text);
    return answered;
}

static int64_t count(const char *table)
{
    char sql[64];

    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    return fixture_number(sql);
}

static void fresh_texts_are_looked_through(void **state)
{
    (void)state;
    add_some(FINDINGS);
    assert_int_equal(make(FINDINGS), 0);
    assert_true(compare_many() > TEXTS / 3);
}

static void lists_find_what_the_index_finds(void **state)
{
    (void)state;
    add_some(FINDINGS);
    assert_true(make(FINDINGS - 1) > 2);
    assert_int_equal(count("fresh"), 0);
    assert_true(count("spot") > 5);
    assert_true(compare_many() > TEXTS / 3);
    add_some(FINDINGS / 2);
    assert_true(compare_many() > TEXTS / 3); /* lists, and what came since */
    assert_true(make(FINDINGS / 2 - 1) > 2);
    assert_int_equal(count("fresh"), 0);
    assert_int_equal(count("spots"), 1);
    assert_true(compare_many() > TEXTS / 3);
}

/* The old ones serve until the new ones are whole. */
static void each_step_leaves_all_to_be_found(void **state)
{
    bool more = true;

    (void)state;
    add_some(60);
    (void)make(0);
    add_some(60);
    while (more) {
        ASSERT_OK(aw_store_spots_make(fixture.store, 0, &more, &fixture.err));
        assert_true(compare(AW_STR("保本"), 0));
        assert_true(compare(AW_STR("本"), 0));
        assert_true(compare(AW_STR("保本零风险"), 0));
        add_some(1);
        more &= count("sorted") < 140;
    }
}

/* A store of before the lists: none of its texts is fresh. */
static void what_was_sorted_before_gets_lists(void **state)
{
    (void)state;
    add_some(FINDINGS);
    fixture_tamper("DELETE FROM fresh; UPDATE spots SET next = -1,"
                   " upto = (SELECT max(finding) FROM sorted);"
                   "UPDATE setting SET value = 7 WHERE key = 'folded'");
    assert_int_equal(make(AW_SPOTS_FRESH), 0); /* not all is looked at */
    assert_int_equal(compare_many(), 0);
    fixture_tamper("UPDATE setting SET value = (SELECT max(finding)"
                   " FROM sorted) WHERE key = 'folded'");
    assert_true(make(AW_SPOTS_FRESH) > 0);
    assert_true(compare_many() > TEXTS / 3);
}

static aw_rc ignore(void *self, int64_t id, struct aw_err *err)
{
    (void)self;
    (void)id;
    (void)err;
    return AW_OK;
}

static void a_damaged_list_breaks_nothing(void **state)
{
    bool found = true;

    (void)state;
    add_some(60);
    (void)make(0);
    fixture_tamper("UPDATE spot SET spots = substr(spots, 1,"
                   " length(spots) / 2) || x'FF'");
    for (int i = 0; i < 100; i++) {
        aw_buf_reset(&bufs[0]);
        put_text(&bufs[0], 4);
        ASSERT_OK(aw_store_spots_find(fixture.store, aw_buf_str(&bufs[0]), 0,
                                      ignore, NULL, &found, &fixture.err));
    }
}

/* ---- others, and faults ------------------------------------------------- */

/* A process beside this one. */
struct other {
    struct aw_store *store;
    aw_rc rc;
    struct aw_err err;
};

static void *make_beside(void *self)
{
    struct other *other = self;
    bool more = true;

    while (other->rc == AW_OK && more)
        other->rc = aw_store_spots_make(other->store, 0, &more, &other->err);
    return NULL;
}

static void make_twice_at_once(struct other *other)
{
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, make_beside, other), 0);
    (void)make(0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    if (other->rc != AW_OK)
        fail_msg("the other one: %s", other->err.msg);
}

static void two_who_make_them_agree(void **state)
{
    struct other other = {.rc = AW_OK};

    (void)state;
    ASSERT_OK(aw_store_open(&other.store, fixture.path, &fixture.err));
    for (int round = 0; round < 8; round++) {
        add_some(15);
        make_twice_at_once(&other);
        assert_int_equal(count("fresh"), 0);
        assert_int_equal(count("spots"), 1);
        assert_int_equal(fixture_number(
                             "SELECT count(DISTINCT id >> 21) FROM spot"),
                         1);
    }
    aw_store_close(other.store);
    assert_true(compare_many() > TEXTS / 3);
}

/* The disk has room for so many lists and no more. */
static void refuse_lists(int most)
{
    char sql[200];

    (void)snprintf(sql, sizeof sql,
                   "CREATE TRIGGER full BEFORE INSERT ON spot WHEN"
                   " (SELECT count(*) FROM spot) >= %d"
                   " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
                   most);
    fixture_tamper(sql);
}

static void what_cannot_be_written_is_made_later(void **state)
{
    bool more = true;
    aw_rc rc = AW_OK;

    (void)state;
    add_some(60);
    (void)make(0);
    add_some(60);
    refuse_lists((int)count("spot") + 3);
    while (rc == AW_OK && more)
        rc = aw_store_spots_make(fixture.store, 0, &more, &fixture.err);
    assert_int_equal(rc, AW_STORE);
    ASSERT_SAYS("the disk is full");
    assert_true(compare_many() > TEXTS / 3); /* the old ones serve */
    fixture_tamper("DROP TRIGGER full");
    assert_true(make(0) > 0);
    assert_int_equal(count("fresh"), 0);
    assert_int_equal(count("spots"), 1);
    assert_true(compare_many() > TEXTS / 3);
}

static int set_up(void **state)
{
    aw_rng_init(&rng, 7);
    for (int i = 0; i < 3; i++)
        aw_buf_init(&bufs[i], 4096);
    return fixture_set_up(state);
}

static int tear_down(void **state)
{
    for (int i = 0; i < 3; i++)
        aw_buf_deinit(&bufs[i]);
    return fixture_tear_down(state);
}

#define SPOTS_UNIT(test) \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPOTS_UNIT(fresh_texts_are_looked_through),
        SPOTS_UNIT(lists_find_what_the_index_finds),
        SPOTS_UNIT(each_step_leaves_all_to_be_found),
        SPOTS_UNIT(what_was_sorted_before_gets_lists),
        SPOTS_UNIT(a_damaged_list_breaks_nothing),
        SPOTS_UNIT(two_who_make_them_agree),
        SPOTS_UNIT(what_cannot_be_written_is_made_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
