/* people.h - an office for tests: who works in it, what they order. */
#ifndef AW_TESTS_REVIEW_PEOPLE_H
#define AW_TESTS_REVIEW_PEOPLE_H

#include "tests/store/fixture.h"

#include "review/audit.h"
#include "review/batch.h"
#include "review/policy.h"

#define NOW INT64_C(1795399980000)

enum person { WANG, LI, ZHAO, SUN, CHEN, PERSON_COUNT };

static const struct aw_user people[PERSON_COUNT] = {
    [WANG] = {1, {"王芳", 6}, AW_ROLE_REVIEWER, {"", 0}, {"", 0}, true},
    [LI] = {2, {"李强", 6}, AW_ROLE_SECOND, {"", 0}, {"", 0}, true},
    [ZHAO] = {3, {"赵敏", 6}, AW_ROLE_SUPERVISOR, {"", 0}, {"", 0}, true},
    [SUN] = {4, {"孙亮", 6}, AW_ROLE_SUPERVISOR, {"", 0}, {"", 0}, true},
    [CHEN] = {5, {"陈静", 6}, AW_ROLE_REVIEWER, {"", 0}, {"", 0}, true},
};

static struct aw_clock office_clock;

static inline int office_set_up(void **state)
{
    int failed = fixture_set_up(state);

    office_clock = aw_clock_manual(NOW);
    fixture_tamper("INSERT INTO user (id, name, role, place, certificate,"
                   " password, created_ms) VALUES"
                   " (1, '王芳', 'reviewer', '', '', '', 0),"
                   " (2, '李强', 'second_officer', '', '', '', 0),"
                   " (3, '赵敏', 'supervisor', '', '', '', 0),"
                   " (4, '孙亮', 'supervisor', '', '', '', 0),"
                   " (5, '陈静', 'reviewer', '', '', '', 0)");
    /* An office that needs no second officer, unless a test says so. */
    fixture_tamper("INSERT INTO setting VALUES ('second_severity', '0'),"
                   " ('second_new_publisher', '0'),"
                   " ('second_random_percent', '0')");
    return failed;
}

#define OFFICE(test) \
    cmocka_unit_test_setup_teardown(test, office_set_up, fixture_tear_down)

/* As the queue sorts it: where it belongs, and whose it is. */
static inline void fixture_sorted(int64_t finding, const char *place,
                                  int64_t publisher)
{
    char sql[512];

    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO sorted (finding, bunch, simhash, creative,"
                   " publisher, classes, sectors, place, audience, adverts)"
                   " VALUES (%lld, 1, 0, '', %lld, 0, '', '%s', '', 0)",
                   (long long)finding, (long long)publisher, place);
    fixture_tamper(sql);
}

static inline void set_policy(struct aw_policy policy)
{
    policy.session_hours = 12;
    ASSERT_OK(aw_policy_save(fixture.store, &office_clock, AW_STR("孙亮"),
                             &policy, &fixture.err));
}

/* What became of the findings of an order. */
struct outcomes {
    size_t done, clashes, failed;
    struct aw_outcome last;
    char state[32]; /* of the last one */
    char other[64]; /* who was there first, in the last clash */
    char message[AW_ERR_MAX];
};

static inline aw_rc note_outcome(void *self, const struct aw_outcome *o,
                                 struct aw_err *err)
{
    struct outcomes *out = self;

    (void)err;
    out->done += o->rc == AW_OK;
    out->clashes += o->rc == AW_BUSY;
    out->failed += o->rc != AW_OK && o->rc != AW_BUSY;
    out->last = *o;
    (void)snprintf(out->state, sizeof out->state, "%.*s",
                   AW_STR_ARG(o->decided.state));
    (void)snprintf(out->other, sizeof out->other, "%.*s",
                   AW_STR_ARG(o->decided.row.who));
    (void)snprintf(out->message, sizeof out->message, "%s", o->message);
    return AW_OK;
}

static inline aw_rc carry_out(const struct aw_order *order,
                              struct outcomes *out)
{
    int64_t batch = 0;

    *out = (struct outcomes){0};
    return aw_order_carry_out(fixture.store, &office_clock, order,
                              note_outcome, out, &batch, &fixture.err);
}

static inline struct aw_order order_of(const struct aw_user *by,
                                       const char *action)
{
    return (struct aw_order){.action = aw_str_of(action),
                             .reason = AW_STR("与原文一致"),
                             .who = by->name,
                             .by = by};
}

/* One person decides one finding, whatever version it has. */
static inline struct outcomes decides(enum person person, const char *action,
                                      int64_t finding)
{
    struct aw_order order = order_of(&people[person], action);
    struct aw_member item = {finding, 0};
    struct outcomes out;

    order.items = &item;
    order.count = 1;
    office_clock.manual_ms += 1000;
    ASSERT_OK(carry_out(&order, &out));
    return out;
}

static inline struct outcomes undoes(enum person person, int64_t *left)
{
    struct aw_undo undo = {.who = people[person].name, .by = &people[person]};
    struct outcomes out = {0};

    office_clock.manual_ms += 1000;
    ASSERT_OK(aw_order_undo(fixture.store, &office_clock, &undo, note_outcome,
                            &out, left, &fixture.err));
    return out;
}

static inline void assert_state(int64_t finding, const char *want)
{
    struct aw_stand stand = {0};

    ASSERT_OK(aw_store_stand(fixture.store, &fixture.arena, finding, &stand,
                             &fixture.err));
    assert_string_equal(stand.state.ptr, want);
}

static inline void assert_whole(int64_t decisions)
{
    int64_t count = -1;

    ASSERT_OK(aw_decisions_verify(fixture.store, &count, &fixture.err));
    assert_int_equal(count, decisions);
}

#endif
