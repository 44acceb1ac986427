#include "tests/store/fixture.h"

#include <cjson/cJSON.h>
#include <math.h>

#include "base/json.h"
#include "reports/dashboard.h"

#define HOUR INT64_C(3600000)
#define DAY0 INT64_C(20780) /* 2026-11-23 in Beijing */
/* Its first millisecond there. */
#define DAY0_MS (DAY0 * AW_DAY_MS - AW_BEIJING_MS)

static int made; /* findings, in this test */

static int set_up(void **state)
{
    made = 0;
    return fixture_set_up(state);
}

static void sql(const char *fmt, ...) AW_PRINTF(1, 2);
static void sql(const char *fmt, ...)
{
    char text[2048];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    fixture_tamper(text);
}

/* A finding first seen at that time, sorted into a place, by rule and sectors.
 */
static int64_t add(int64_t seen_ms, const char *place, const char *rule,
                   const char *sectors)
{
    char fingerprint[16];
    struct aw_claim_row claims[2] = {fixture_claim(), fixture_claim()};
    struct aw_finding finding;
    int64_t id;

    (void)snprintf(fingerprint, sizeof fingerprint, "f%d", made++);
    claims[0].rule = claims[1].rule = aw_str_of(rule);
    finding = fixture_finding(fingerprint,
                              fixture_capture((struct aw_capture){0}), claims);
    finding.claim_count = 2; /* the same rule twice is one finding of it */
    finding.first_seen_ms = seen_ms;
    id = fixture_add(&finding);
    sql("DELETE FROM sorted WHERE finding = %lld;"
        "INSERT INTO sorted (finding, bunch, simhash, creative, publisher,"
        " classes, sectors, place, audience, adverts)"
        " VALUES (%lld, %lld, 0, '', 0, 1, '%s', '%s', '', 0)",
        (long long)id, (long long)id, (long long)id, sectors, place);
    return id;
}

/* As a decision leaves it: the dashboard reads no hashes. */
static void decide(int64_t finding, const char *who, const char *action,
                   const char *state, int64_t at_ms, int64_t batch)
{
    sql("INSERT INTO decision (finding, at_ms, who, action, reason, previous,"
        " hash, batch) VALUES (%lld, %lld, '%s', '%s', '', '', '', %lld);"
        "UPDATE finding SET state = '%s' WHERE id = %lld",
        (long long)finding, (long long)at_ms, who, action, (long long)batch,
        state, (long long)finding);
}

static const char *reader = ""; /* who answers second looks */

static struct aw_dashboard dashboard_of(int64_t from, int64_t to,
                                        const char *place)
{
    struct aw_stats_span span = {from, to, aw_str_of(place),
                                 aw_str_of(reader)};
    struct aw_dashboard dash;

    ASSERT_OK(aw_dashboard_make(fixture.store, &span, .9, &fixture.arena,
                                &dash, &fixture.err));
    return dash;
}

static const struct aw_dash_part *part(const struct aw_dash_parts *parts,
                                       const char *key)
{
    for (size_t i = 0; i < parts->count; i++)
        if (aw_str_eq(parts->items[i].key, aw_str_of(key)))
            return &parts->items[i];
    fail_msg("nothing is counted for '%s'", key);
    return NULL;
}

static const struct aw_dash_load *load(const struct aw_dashboard *dash,
                                       const char *who)
{
    for (size_t i = 0; i < dash->load_count; i++)
        if (aw_str_eq(dash->load[i].who, aw_str_of(who)))
            return &dash->load[i];
    fail_msg("'%s' decided nothing", who);
    return NULL;
}

static void an_empty_store_has_days_of_nothing(void **state)
{
    struct aw_dashboard dash = dashboard_of(DAY0, DAY0 + 6, "");

    (void)state;
    assert_int_equal(dash.day_count, 7);
    assert_int_equal(dash.days[6].day, DAY0 + 6);
    assert_int_equal(dash.days[6].found, 0);
    assert_int_equal(dash.places.count, 0);
    assert_int_equal(dash.rule_count, 0);
    assert_int_equal(dash.load_count, 0);
    assert_true(dash.decided_hours.median < 0);
    assert_false(dash.has_run);
}

static void a_day_begins_at_midnight_in_beijing(void **state)
{
    struct aw_dashboard dash;
    int64_t late;

    (void)state;
    late = add(DAY0_MS - 1, "370811", "CP-001", "");
    (void)add(DAY0_MS, "370811", "CP-001", "");
    (void)add(DAY0_MS + AW_DAY_MS - 1, "370811", "CP-001", "");
    decide(late, "王某", "confirm", "confirmed", DAY0_MS + AW_DAY_MS, 0);
    dash = dashboard_of(DAY0 - 1, DAY0 + 1, "");
    assert_int_equal(dash.days[0].found, 1);
    assert_int_equal(dash.days[1].found, 2);
    assert_int_equal(dash.days[2].found, 0);
    assert_int_equal(dash.days[0].confirmed, 0);
    assert_int_equal(dash.days[2].confirmed, 1);
}

static void findings_are_counted_by_what_they_are(void **state)
{
    struct aw_dashboard dash;
    int64_t first;

    (void)state;
    first = add(DAY0_MS, "370811", "CP-001", "p2p,crypto");
    decide(first, "王某", "confirm", "confirmed", DAY0_MS + HOUR, 0);
    decide(add(DAY0_MS, "370812", "NR-002", "crypto"), "王某", "escalate",
           "escalated", DAY0_MS + HOUR, 0);
    (void)add(DAY0_MS, "", "CP-001", "");
    dash = dashboard_of(DAY0, DAY0, "");
    assert_int_equal(part(&dash.places, "370811")->confirmed, 1);
    assert_int_equal(part(&dash.places, "370811")->open, 0);
    assert_int_equal(part(&dash.places, "370812")->open, 1);
    assert_int_equal(part(&dash.places, "370812")->escalated, 1);
    assert_int_equal(part(&dash.places, "")->found, 1);
    assert_int_equal(part(&dash.sectors, "crypto")->found, 2);
    assert_int_equal(part(&dash.sectors, "p2p")->found, 1);
    assert_int_equal(dash.sectors.count, 2);
    assert_int_equal(part(&dash.classes, "capital_protection")->found, 3);
    assert_int_equal(part(&dash.channels, "web")->found, 3);
}

static void a_finding_that_moves_is_counted_where_it_is(void **state)
{
    struct aw_dashboard dash;
    int64_t id;

    (void)state;
    id = add(DAY0_MS, "370811", "CP-001", "p2p");
    decide(id, "王某", "confirm", "confirmed", DAY0_MS + 1, 0);
    decide(id, "王某", "reopen", "new", DAY0_MS + 2, 0);
    sql("UPDATE sorted SET place = '370829', sectors = 'gold'");
    dash = dashboard_of(DAY0, DAY0, "");
    assert_int_equal(dash.places.count, 1);
    assert_int_equal(part(&dash.places, "370829")->open, 1);
    assert_int_equal(dash.sectors.count, 1);
    assert_int_equal(part(&dash.sectors, "gold")->found, 1);
    assert_int_equal(dash.rule_count, 0);
    sql("DELETE FROM sorted");
    assert_int_equal(dashboard_of(DAY0, DAY0, "").places.count, 0);
}

static void a_place_sees_its_own_alone(void **state)
{
    struct aw_dashboard dash;

    (void)state;
    decide(add(DAY0_MS, "370811", "CP-001", ""), "王某", "confirm",
           "confirmed", DAY0_MS, 0);
    decide(add(DAY0_MS, "370102", "CP-001", ""), "李某", "dismiss",
           "dismissed", DAY0_MS, 0);
    (void)add(DAY0_MS, "", "CP-001", "");
    dash = dashboard_of(DAY0, DAY0, "3708");
    assert_int_equal(dash.days[0].found, 1);
    assert_int_equal(dash.days[0].confirmed, 1);
    assert_int_equal(dash.days[0].dismissed, 0);
    assert_int_equal(dash.places.count, 1);
    assert_int_equal(dash.load_count, 1);
    assert_string_equal(dash.load[0].who.ptr, "王某");
    assert_int_equal(dash.rules[0].decided, 1);
    assert_int_equal(dashboard_of(DAY0, DAY0, "").days[0].found, 3);
    assert_int_equal(dashboard_of(DAY0, DAY0, "%").days[0].found, 0);
}

static void assert_veiled(const char *who, bool is_veiled)
{
    struct aw_dashboard dash;

    reader = who;
    dash = dashboard_of(DAY0, DAY0, "");
    reader = "";
    assert_int_equal(dash.days[0].found, 2);
    assert_int_equal(dash.days[0].confirmed, is_veiled ? 1 : 2);
    assert_int_equal(part(&dash.places, "370811")->confirmed, !is_veiled);
    assert_int_equal(part(&dash.places, "370811")->open, is_veiled);
    assert_int_equal(part(&dash.sectors, "p2p")->found, 2);
    assert_int_equal(part(&dash.sectors, "p2p")->confirmed, 2 - is_veiled);
    assert_int_equal(part(&dash.channels, "web")->confirmed, 2 - is_veiled);
    assert_int_equal(part(&dash.classes, "capital_protection")->confirmed,
                     2 - is_veiled);
    assert_int_equal(dash.rule_count, 2 - is_veiled);
    assert_int_equal(dash.load_count, 2 - is_veiled);
}

static void a_blind_decision_does_not_count_before_it_is_known(void **state)
{
    int64_t id;

    (void)state;
    id = add(DAY0_MS, "370811", "CP-001", "p2p,crypto");
    decide(id, "王某", "confirm", "confirmed", DAY0_MS + HOUR, 0);
    decide(add(DAY0_MS, "370812", "NR-002", "p2p"), "赵某", "confirm",
           "confirmed", DAY0_MS + HOUR, 0);
    sql("INSERT INTO second_look (finding, blind, first_ms, first_decision,"
        " why, first_who, first_action, first_class)"
        " SELECT finding, 1, at_ms, id, 'random', who, action, ''"
        " FROM decision WHERE finding = %lld",
        (long long)id);
    assert_veiled("李某", true);
    assert_veiled("王某", false);
    assert_veiled("", false);
    sql("UPDATE second_look SET state = 'agreed'");
    assert_veiled("李某", false);
}

static void what_was_taken_back_does_not_count(void **state)
{
    struct aw_dashboard dash;
    int64_t id;

    (void)state;
    id = add(DAY0_MS, "370811", "CP-001", "");
    decide(id, "王某", "confirm", "confirmed", DAY0_MS + 1, 0);
    decide(id, "王某", "undo", "new", DAY0_MS + 2, 0);
    sql("UPDATE decision SET undoes = 1 WHERE id = 2");
    dash = dashboard_of(DAY0, DAY0, "");
    assert_int_equal(dash.days[0].confirmed, 0);
    assert_int_equal(dash.load_count, 0);
    assert_true(dash.decided_hours.median < 0);
    assert_int_equal(part(&dash.places, "370811")->open, 1);
}

/* n findings of a rule, of which so many are confirmed. */
static void judge(const char *rule, int n, int confirmed)
{
    for (int i = 0; i < n; i++)
        decide(add(DAY0_MS, "370811", rule, ""), "王某",
               i < confirmed ? "confirm" : "dismiss",
               i < confirmed ? "confirmed" : "dismissed", DAY0_MS, 0);
}

static void a_rule_below_its_bound_is_called_out(void **state)
{
    struct aw_dashboard dash;

    (void)state;
    judge("BAD-001", 10, 8);
    judge("NEW-001", 9, 1);
    judge("FINE-001", 10, 9);
    dash = dashboard_of(DAY0, DAY0, "");
    assert_int_equal(dash.rule_count, 3);
    assert_string_equal(dash.rules[0].rule.ptr, "NEW-001");
    assert_false(dash.rules[0].below); /* too few to say so */
    assert_string_equal(dash.rules[1].rule.ptr, "BAD-001");
    assert_true(dash.rules[1].below);
    assert_true(fabs(dash.rules[1].precision - .8) < 1e-12);
    assert_string_equal(dash.rules[2].rule.ptr, "FINE-001");
    assert_false(dash.rules[2].below);
}

/* Worked out apart, with Python. */
static void the_lower_bound_is_wilsons(void **state)
{
    (void)state;
    assert_true(fabs(aw_wilson_low(8, 10) - .4901624715) < 1e-9);
    assert_true(fabs(aw_wilson_low(10, 10) - .7224672001) < 1e-9);
    assert_true(fabs(aw_wilson_low(950, 1000) - .9346861798) < 1e-9);
    assert_true(aw_wilson_low(0, 10) < 1e-12);
    assert_true(aw_wilson_low(0, 0) < 1e-12);
}

static void the_pace_is_that_within_a_sitting(void **state)
{
    /* seconds at which something is decided, and by which order */
    static const int at[][2] = {{0, 1},    {10, 2},   {30, 3},   {30, 3},
                                {30, 3},   {70, 4},   {4000, 5}, {4005, 6},
                                {4605, 7}, {4606, 0}, {4607, 0}};
    struct aw_dashboard dash;

    (void)state;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        decide(add(DAY0_MS, "370811", "CP-001", ""), "王某", "confirm",
               "confirmed", DAY0_MS + at[i][0] * INT64_C(1000), at[i][1]);
    decide(add(DAY0_MS, "370811", "CP-001", ""), "李某", "dismiss",
           "dismissed", DAY0_MS, 9);
    dash = dashboard_of(DAY0, DAY0, "");
    /* 10, 20, 40, 5, 1, 1; the pauses of 3930 s and 600 s are none. */
    assert_true(fabs(load(&dash, "王某")->median_seconds - 5) < 1e-9);
    assert_int_equal(load(&dash, "王某")->decisions, 11);
    assert_int_equal(load(&dash, "王某")->confirmed, 11);
    assert_true(load(&dash, "李某")->median_seconds < 0);
    assert_int_equal(load(&dash, "李某")->dismissed, 1);
}

static void waiting_is_measured_by_median_and_ninth_tenth(void **state)
{
    struct aw_dashboard dash;

    (void)state;
    for (int64_t hours = 1; hours <= 10; hours++)
        decide(add(DAY0_MS, "370811", "CP-001", ""), "王某", "confirm",
               "confirmed", DAY0_MS + hours * HOUR, 0);
    sql("UPDATE run SET ended_ms = %lld", (long long)(DAY0_MS + 2 * HOUR));
    dash = dashboard_of(DAY0, DAY0, "");
    assert_true(fabs(dash.decided_hours.median - 5) < 1e-9);
    assert_true(fabs(dash.decided_hours.p90 - 9) < 1e-9);
    assert_true(fabs(dash.queued_hours.median - 2) < 1e-9);
}

static void coverage_is_that_of_the_newest_crawl(void **state)
{
    struct aw_dashboard dash;

    (void)state;
    (void)fixture_run(); /* an ingest, which is none */
    sql("INSERT INTO run (id, kind, state, started_ms, ended_ms, pid,"
        " lexicon_hash, model_hash, tool) VALUES"
        " (7, 'crawl', 'done', 1000, 2000, 1, '', '', ''),"
        " (9, 'ingest', 'done', 1, 2, 1, '', '', '');"
        "INSERT INTO source (id, name) VALUES (1, '日报');"
        "INSERT INTO coverage (run, source, planned, requests, fetched,"
        " unchanged, read, refused, skipped, failed, left_over, findings,"
        " bytes, read_bytes, taken) VALUES"
        " (7, 1, 10, 11, 9, 0, 8, 1, 0, 2, 3, 4, 5, 6, 7)");
    dash = dashboard_of(DAY0, DAY0, "");
    assert_true(dash.has_run);
    assert_int_equal(dash.run.id, 7);
    assert_int_equal(dash.source_count, 1);
    assert_string_equal(dash.sources[0].name.ptr, "日报");
    assert_int_equal(dash.sources[0].left, 3);
    /* what a crawl found elsewhere is not told at a place */
    assert_false(dashboard_of(DAY0, DAY0, "3708").has_run);
}

static void a_span_must_be_one(void **state)
{
    struct aw_stats_span spans[] = {{DAY0, DAY0 - 1, AW_STR(""), AW_STR("")},
                                    {DAY0, DAY0 + AW_DASH_DAYS_MAX, AW_STR(""),
                                     AW_STR("")}};
    struct aw_dashboard dash;

    (void)state;
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(aw_dashboard_make(fixture.store, &spans[i], .9,
                                           &fixture.arena, &dash,
                                           &fixture.err),
                         AW_INVALID);
}

static struct aw_str name_of(void *self, struct aw_str place)
{
    (void)self;
    return aw_str_eq(place, AW_STR("370811")) ? AW_STR("任城区")
                                              : (struct aw_str){0};
}

static void json_has_null_for_what_was_not_measured(void **state)
{
    struct aw_dashboard dash;
    struct aw_buf out;
    cJSON *json;
    const cJSON *place, *times;

    (void)state;
    (void)add(DAY0_MS, "370811", "CP-001", "");
    (void)add(DAY0_MS, "370999", "CP-001", "");
    dash = dashboard_of(DAY0, DAY0, "");
    aw_buf_init(&out, 1 << 20);
    aw_json_open(&out, NULL, '{');
    aw_dashboard_json(&out, &dash, name_of, NULL);
    aw_json_close(&out, '}');
    ASSERT_OK(aw_buf_check(&out, &fixture.err));
    json = cJSON_Parse(out.ptr);
    assert_non_null(json);
    assert_string_equal(cJSON_GetObjectItem(json, "from")->valuestring,
                        "2026-11-23");
    place = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "places"), 0);
    assert_string_equal(cJSON_GetObjectItem(place, "name")->valuestring,
                        "任城区");
    place = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "places"), 1);
    assert_string_equal(cJSON_GetObjectItem(place, "name")->valuestring,
                        "370999");
    times = cJSON_GetObjectItem(cJSON_GetObjectItem(json, "times"),
                                "decided_hours");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(times, "median")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "coverage")));
    cJSON_Delete(json);
    aw_buf_deinit(&out);
}

#define DASH(test) \
    cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DASH(an_empty_store_has_days_of_nothing),
        DASH(a_day_begins_at_midnight_in_beijing),
        DASH(findings_are_counted_by_what_they_are),
        DASH(a_finding_that_moves_is_counted_where_it_is),
        DASH(a_place_sees_its_own_alone),
        DASH(a_blind_decision_does_not_count_before_it_is_known),
        DASH(what_was_taken_back_does_not_count),
        DASH(a_rule_below_its_bound_is_called_out),
        DASH(the_lower_bound_is_wilsons),
        DASH(the_pace_is_that_within_a_sitting),
        DASH(waiting_is_measured_by_median_and_ninth_tenth),
        DASH(coverage_is_that_of_the_newest_crawl),
        DASH(a_span_must_be_one),
        DASH(json_has_null_for_what_was_not_measured),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
