#include "fixture.h"

static const struct aw_hand_in_reader now = {{"r", 1}, {"adwatch test", 12}};

static int64_t capture_of(const char *url, const char *verdict,
                          const char *reader)
{
    struct aw_capture capture = {.run = fixture_run(),
                                 .url = aw_str_of(url),
                                 .verdict = aw_str_of(verdict),
                                 .reader = aw_str_of(reader)};

    ASSERT_OK(aw_store_capture_add(fixture.store, &capture, &fixture.err));
    return capture.id;
}

static struct aw_hand_in hand_in(const char *key, const char *url,
                                 int64_t capture)
{
    return (struct aw_hand_in){.run = fixture_run(),
                               .capture = capture,
                               .at_ms = 7,
                               .key = aw_str_of(key),
                               .url = aw_str_of(url),
                               .text_digest = AW_STR("t"),
                               .place = AW_STR("样例路"),
                               .seen_ms = 5,
                               .seen_unit = AW_STR("day"),
                               .who = AW_STR("g7"),
                               .reading = AW_STR("r"),
                               .line = 3};
}

static void add(struct aw_hand_in *h)
{
    ASSERT_OK(aw_store_hand_in_add(fixture.store, h, &fixture.err));
}

struct seen {
    int64_t ids[8];
    size_t count;
};

static aw_rc note(void *self, const struct aw_hand_in *h, struct aw_err *err)
{
    struct seen *seen = self;

    (void)err;
    assert_true(aw_str_eq(h->place, AW_STR("样例路")));
    assert_true(aw_str_eq(h->who, AW_STR("g7")));
    assert_true(aw_str_eq(h->seen_unit, AW_STR("day")));
    assert_int_equal(h->line, 3);
    seen->ids[seen->count++] = h->id;
    return AW_OK;
}

static void a_second_time_is_kept_and_linked(void **s)
{
    struct aw_hand_in first =
        hand_in("k1", "u1", capture_of("u1", "clear", "ok"));
    struct aw_hand_in second =
        hand_in("k2", "u2", capture_of("u2", "clear", "ok"));
    struct aw_hand_in_known known;
    struct seen seen = {0};
    int64_t times;

    (void)s;
    add(&first);
    assert_int_equal(first.first, first.id);
    ASSERT_OK(aw_store_hand_in_by_text(fixture.store, AW_STR("t"),
                                       AW_STR("u2"), &known, &fixture.err));
    assert_int_equal(known.first, first.id);
    second.first = known.first;
    second.same = AW_STR("text");
    add(&second);
    ASSERT_OK(
        aw_store_hand_in_times(fixture.store, first.id, &times, &fixture.err));
    assert_int_equal(times, 2);
    ASSERT_OK(aw_store_hand_ins(fixture.store, AW_STR("u2"), 0, note, &seen,
                                &fixture.err));
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.ids[0], first.id);
    ASSERT_OK(aw_store_hand_ins(fixture.store, AW_STR("u1"), 1, note, &seen,
                                &fixture.err));
    assert_int_equal(seen.count, 3);
}

static void the_very_same_one_is_not_added_twice(void **s)
{
    struct aw_hand_in h = hand_in("k", "u", capture_of("u", "", "timeout"));
    struct aw_hand_in_known known;
    int64_t id;

    (void)s;
    assert_int_equal(aw_store_hand_in_by_key(fixture.store, AW_STR("k"), &now,
                                             &known, &fixture.err),
                     AW_MISSING);
    add(&h);
    id = h.id;
    ASSERT_OK(aw_store_hand_in_by_key(fixture.store, AW_STR("k"), &now, &known,
                                      &fixture.err));
    assert_false(known.is_read);
    h.capture = capture_of("u", "clear", "ok");
    add(&h);
    assert_int_equal(h.id, id);
    ASSERT_OK(aw_store_hand_in_by_key(fixture.store, AW_STR("k"), &now, &known,
                                      &fixture.err));
    assert_true(known.is_read);
    assert_int_equal(known.capture, h.capture);
    assert_int_equal(fixture_number("SELECT count(*) FROM hand_in"), 1);
}

static void a_thing_without_text_counts_as_read(void **s)
{
    struct aw_hand_in h = hand_in("k", "u", capture_of("u", "", "no text"));
    struct aw_hand_in_known known;

    (void)s;
    h.text_digest = AW_STR("");
    add(&h);
    ASSERT_OK(aw_store_hand_in_by_url(fixture.store, AW_STR("u"), &now, &known,
                                      &fixture.err));
    assert_true(known.is_read);
    assert_false(known.has_finding);
    assert_int_equal(aw_store_hand_in_by_text(fixture.store, AW_STR(""),
                                              AW_STR("x"), &known,
                                              &fixture.err),
                     AW_MISSING);
}

static void another_tool_may_find_the_text_that_one_did_not(void **s)
{
    const struct aw_hand_in_reader later = {now.reading, AW_STR("adwatch 2")};
    struct aw_hand_in blank =
        hand_in("k", "u", capture_of("u", "", "no text"));
    struct aw_hand_in other =
        hand_in("k2", "u2", capture_of("u2", "clear", "ok"));
    struct aw_hand_in_known known;

    (void)s;
    add(&blank);
    add(&other);
    ASSERT_OK(aw_store_hand_in_by_key(fixture.store, AW_STR("k"), &later,
                                      &known, &fixture.err));
    assert_false(known.is_read);
    ASSERT_OK(aw_store_hand_in_by_key(fixture.store, AW_STR("k2"), &later,
                                      &known, &fixture.err));
    assert_true(known.is_read);
}

static void what_is_read_otherwise_is_not_read(void **s)
{
    const struct aw_hand_in_reader otherwise = {AW_STR("r2"), now.tool};
    struct aw_hand_in first =
        hand_in("k", "u", capture_of("u", "clear", "ok"));
    struct aw_hand_in second =
        hand_in("k2", "u", capture_of("u", "clear", "ok"));
    struct aw_hand_in_known known;

    (void)s;
    first.apps = 3;
    add(&first);
    ASSERT_OK(aw_store_hand_in_by_url(fixture.store, AW_STR("u"), &otherwise,
                                      &known, &fixture.err));
    assert_false(known.is_read);
    second.reading = otherwise.reading;
    add(&second);
    ASSERT_OK(aw_store_hand_in_by_url(fixture.store, AW_STR("u"), &now, &known,
                                      &fixture.err));
    assert_true(known.is_read);
    assert_int_equal(known.capture, first.capture);
    assert_int_equal(known.apps, 3);
    ASSERT_OK(aw_store_hand_in_by_url(fixture.store, AW_STR("u"), &otherwise,
                                      &known, &fixture.err));
    assert_int_equal(known.capture, second.capture);
}

static void a_key_that_is_read_anew_keeps_how(void **s)
{
    struct aw_hand_in h = hand_in("k", "u", capture_of("u", "clear", "ok"));
    struct aw_hand_in_known known;

    (void)s;
    h.reading = AW_STR("old");
    add(&h);
    h.reading = now.reading;
    h.apps = 1;
    add(&h);
    ASSERT_OK(aw_store_hand_in_by_key(fixture.store, AW_STR("k"), &now, &known,
                                      &fixture.err));
    assert_true(known.is_read);
    assert_int_equal(known.apps, 1);
}

static void the_same_text_is_looked_for_in_other_bytes(void **s)
{
    struct aw_hand_in h = hand_in("k", "u", capture_of("u", "clear", "ok"));
    struct aw_hand_in_known known;

    (void)s;
    add(&h);
    assert_int_equal(aw_store_hand_in_by_text(fixture.store, AW_STR("t"),
                                              AW_STR("u"), &known,
                                              &fixture.err),
                     AW_MISSING);
    ASSERT_OK(aw_store_hand_in_by_text(fixture.store, AW_STR("t"),
                                       AW_STR("u2"), &known, &fixture.err));
    assert_int_equal(known.id, h.id);
}

static void a_run_that_did_not_end_is_broken(void **s)
{
    int64_t count;

    (void)s;
    (void)fixture_run();
    ASSERT_OK(aw_store_ingests_broken(fixture.store, &count, &fixture.err));
    assert_int_equal(count, 1);
    ASSERT_OK(aw_store_ingests_broken(fixture.store, &count, &fixture.err));
    assert_int_equal(count, 1);
}

static void a_list_is_found_by_its_bytes(void **s)
{
    struct aw_capture list = {.run = fixture_run(),
                              .payload_digest = AW_STR("d"),
                              .reader = AW_STR("manifest")};
    int64_t id;

    (void)s;
    assert_int_equal(aw_store_manifest_find(fixture.store, AW_STR("d"), &id,
                                            &fixture.err),
                     AW_MISSING);
    ASSERT_OK(aw_store_capture_add(fixture.store, &list, &fixture.err));
    ASSERT_OK(
        aw_store_manifest_find(fixture.store, AW_STR("d"), &id, &fixture.err));
    assert_int_equal(id, list.id);
}

static void each_file_of_a_list_is_known_once_it_is_added(void **s)
{
    int64_t list = capture_of("u", "", "manifest");
    int64_t other = capture_of("u2", "", "manifest");
    bool known = true;

    (void)s;
    ASSERT_OK(aw_store_manifest_file_known(fixture.store, list, AW_STR("d"),
                                           &known, &fixture.err));
    assert_false(known);
    for (int i = 0; i < 2; i++)
        ASSERT_OK(aw_store_manifest_file_add(fixture.store, list, AW_STR("d"),
                                             &fixture.err));
    ASSERT_OK(aw_store_manifest_file_known(fixture.store, list, AW_STR("d"),
                                           &known, &fixture.err));
    assert_true(known);
    ASSERT_OK(aw_store_manifest_file_known(fixture.store, other, AW_STR("d"),
                                           &known, &fixture.err));
    assert_false(known);
    ASSERT_OK(aw_store_manifest_file_known(fixture.store, list, AW_STR("d2"),
                                           &known, &fixture.err));
    assert_false(known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_second_time_is_kept_and_linked),
        UNIT(the_very_same_one_is_not_added_twice),
        UNIT(a_thing_without_text_counts_as_read),
        UNIT(another_tool_may_find_the_text_that_one_did_not),
        UNIT(what_is_read_otherwise_is_not_read),
        UNIT(a_key_that_is_read_anew_keeps_how),
        UNIT(the_same_text_is_looked_for_in_other_bytes),
        UNIT(a_run_that_did_not_end_is_broken),
        UNIT(a_list_is_found_by_its_bytes),
        UNIT(each_file_of_a_list_is_known_once_it_is_added),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
