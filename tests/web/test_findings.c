/* GET /findings and /facets, as the server calls them. */
#include <cjson/cJSON.h>

#include "tests/review/queue_fixture.h"
#include "web/row.h"
#include "web/target.h"

static struct aw_user user;
static cJSON *answer;

static int set_up(void **state)
{
    user = (struct aw_user){.id = 3, .name = AW_STR("样例甲"), .active = true};
    return queue_set_up(state);
}

static int tear_down(void **state)
{
    cJSON_Delete(answer);
    answer = NULL;
    return queue_tear_down(state);
}

static const struct aw_route *route_of(const char *path)
{
    for (size_t i = 0; i < aw_routes_findings.count; i++)
        if (strcmp(aw_routes_findings.routes[i].path, path) == 0)
            return &aw_routes_findings.routes[i];
    fail_msg("there is no route '%s'", path);
    return NULL;
}

/* The answer's JSON is in `answer`. */
static aw_rc get(const char *path, const char *query)
{
    struct aw_web web = {.clock = &queue_clock, .queue = queue};
    struct aw_target target;
    struct aw_http_request request = {.target = &target};
    struct aw_http_reply reply = {.status = 200, .fd = -1};
    struct aw_call call = {.web = &web,
                           .request = &request,
                           .reply = &reply,
                           .store = fixture.store,
                           .arena = &fixture.arena,
                           .user = user,
                           .now_ms = NOW_MS};
    char raw[2048];
    aw_rc rc;

    (void)snprintf(raw, sizeof raw, "%s?%s", path, query);
    ASSERT_OK(aw_target_parse(&target, aw_str_of(raw), &fixture.arena,
                              &fixture.err));
    aw_buf_init(&reply.body, (size_t)1 << 20);
    cJSON_Delete(answer);
    answer = NULL;
    rc = route_of(path)->answer(&call, &fixture.err);
    if (rc == AW_OK) {
        assert_string_equal(reply.type, "application/json");
        answer = cJSON_ParseWithLength(reply.body.ptr, reply.body.len);
        assert_non_null(answer);
    }
    aw_buf_deinit(&reply.body);
    return rc;
}

static void findings(const char *query)
{
    ASSERT_OK(get("/api/v1/findings", query));
}

/* "items.0.group.findings" */
static const cJSON *at(const char *path)
{
    const cJSON *json = answer;
    struct aw_str left = aw_str_of(path), part;

    while (json && aw_str_split(&left, '.', &part)) {
        char name[64];
        int64_t number;

        (void)snprintf(name, sizeof name, "%.*s", AW_STR_ARG(part));
        json = aw_str_to_int(part, &number)
                   ? cJSON_GetArrayItem(json, (int)number)
                   : cJSON_GetObjectItemCaseSensitive(json, name);
    }
    if (!json)
        fail_msg("there is no '%s'", path);
    return json;
}

static int number(const char *path)
{
    assert_true(cJSON_IsNumber(at(path)));
    return at(path)->valueint;
}

static const char *text(const char *path)
{
    assert_true(cJSON_IsString(at(path)));
    return at(path)->valuestring;
}

static int64_t make(const char *print, const char *host)
{
    struct aw_claim_row claims[2] = {fixture_claim(), fixture_claim()};
    struct aw_finding finding =
        fixture_finding(print, fixture_capture((struct aw_capture){0}),
                        claims);

    claims[0].severity = 1;
    claims[0].class = AW_STR("no_risk");
    claims[0].before = AW_STR("一万元起投，随存随取，");
    claims[0].after = AW_STR("，国资背景银行存管");
    finding.host = aw_str_of(host);
    finding.claim_count = 2;
    return fixture_add(&finding);
}

/* ---- rows ---------------------------------------------------------------
 */

static void a_row_says_all_that_a_list_shows(void **state)
{
    static const char *const members[] = {
        "id",        "version",   "state",   "urgency",  "why",
        "score",     "severity",  "url",     "host",     "source",
        "channel",   "title",     "classes", "claim",    "sectors",
        "place",     "publisher", "due",     "gone",     "first_seen",
        "last_seen", "days_left", "group",   "assigned", "lease"};

    (void)state;
    (void)make("a", "www.a.example");
    (void)make("b", "www.b.example");
    queue_sort_all();
    fixture_tamper(
        "INSERT INTO user (id, name, role, place, certificate, password,"
        " created_ms) VALUES (3, '甲', 'reviewer', '', '', '', 1);"
        "INSERT INTO lease VALUES (1, 3, 1795662060000);"
        "INSERT INTO lease VALUES (2, 3, 1795661000000);"
        "UPDATE finding SET assigned = 3 WHERE id = 1;");
    findings("");
    assert_int_equal(number("total.groups"), 1);
    assert_int_equal(number("total.findings"), 2);
    assert_true(cJSON_IsNull(at("next")));
    assert_int_equal(cJSON_GetArraySize(at("items")), 1);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        char path[40];

        (void)snprintf(path, sizeof path, "items.0.%s", members[i]);
        (void)at(path);
    }
    assert_string_equal(text("items.0.claim.class"), "capital_protection");
    assert_int_equal(cJSON_GetArraySize(at("items.0.classes")), 2);
    assert_int_equal(number("items.0.group.findings"), 2);
    assert_int_equal(number("items.0.group.sites"), 2);
    assert_string_equal(text("items.0.place.code"), "370800");
    assert_string_equal(text("items.0.place.name"), "济宁市");
    assert_string_equal(text("items.0.publisher.name"),
                        "济宁金汇财富管理有限公司");
    assert_string_equal(text("items.0.assigned.name"), "甲");
    assert_string_equal(text("items.0.lease.until"), "2026-11-26T03:01:00Z");
    assert_string_equal(text("items.0.due"), "2026-12-14T15:59:59Z");
    assert_int_equal(number("items.0.days_left"), 12);
    findings("flat=1");
    assert_int_equal(cJSON_GetArraySize(at("items")), 2);
    assert_true(cJSON_IsNull(at("items.1.lease"))); /* it is over */
    findings("group=2");
    assert_int_equal(cJSON_GetArraySize(at("items")), 2);
}

static void the_points_of_a_row_sum_to_its_urgency(void **state)
{
    const cJSON *why;
    int sum = 0;

    (void)state;
    (void)make("a", "www.a.example");
    (void)make("b", "www.b.example");
    queue_sort_all();
    findings("");
    cJSON_ArrayForEach (why, at("items.0.why")) {
        sum += cJSON_GetObjectItem(why, "points")->valueint;
        assert_true(cJSON_GetObjectItem(why, "detail")->valuestring[0] !=
                    '\0');
    }
    assert_int_equal(sum, number("items.0.urgency"));
}

static void what_is_decided_has_no_clock(void **state)
{
    (void)state;
    (void)make("a", "www.a.example");
    fixture_tamper("UPDATE finding SET state = 'dismissed'");
    findings("state=dismissed");
    assert_true(cJSON_IsNull(at("items.0.due")));
    assert_true(cJSON_IsNull(at("items.0.days_left")));
}

static void a_finding_not_sorted_yet_is_shown(void **state)
{
    (void)state;
    (void)make("a", "www.a.example");
    findings("");
    assert_int_equal(number("items.0.group.findings"), 1);
    assert_true(cJSON_IsNull(at("items.0.publisher")));
    assert_true(cJSON_IsNull(at("items.0.place")));
    assert_string_equal(text("items.0.classes.0"), "capital_protection");
}

/* ---- questions ----------------------------------------------------------
 */

static void new_ones_are_shown_unless_told(void **state)
{
    (void)state;
    (void)make("a", "www.a.example");
    (void)make("b", "www.b.example");
    fixture_tamper("UPDATE finding SET state = 'confirmed' WHERE id = 2");
    findings("");
    assert_int_equal(number("total.findings"), 1);
    findings("state=confirmed");
    assert_int_equal(number("items.0.id"), 2);
    findings("state=all&order=newest&limit=1");
    assert_int_equal(number("total.findings"), 2);
    findings("state=&class=&q=&limit=&publisher=");
    assert_int_equal(number("total.findings"), 1);
}

static void places_of_others_are_not_there(void **state)
{
    (void)state;
    (void)make("a", "www.a.example");
    queue_sort_all();
    user.place = AW_STR("3709");
    findings("state=all");
    assert_int_equal(number("total.findings"), 0);
    findings("state=all&place=3708");
    assert_int_equal(number("total.findings"), 0);
    findings("group=1");
    assert_int_equal(number("total.findings"), 0);
    ASSERT_OK(get("/api/v1/facets", "state=all"));
    assert_int_equal(cJSON_GetArraySize(at("states")), 0);
    assert_int_equal(cJSON_GetArraySize(at("publishers")), 0);
    user.place = AW_STR("3708");
    findings("state=all");
    assert_int_equal(number("total.findings"), 1);
}

static void pages_follow_each_other_by_their_cursor(void **state)
{
    char query[200];

    (void)state;
    for (int i = 0; i < 5; i++) {
        char print[] = {(char)('a' + i), '\0'};

        (void)make(print, "www.a.example");
    }
    findings("flat=1&limit=2");
    assert_int_equal(number("items.1.id"), 2);
    (void)snprintf(query, sizeof query, "flat=1&limit=2&after=%s",
                   text("next"));
    findings(query);
    assert_int_equal(number("items.0.id"), 3);
    (void)snprintf(query, sizeof query, "flat=1&limit=2&after=%s",
                   text("next"));
    findings(query);
    assert_int_equal(number("items.0.id"), 5);
    assert_true(cJSON_IsNull(at("next")));
}

static void what_is_asked_wrongly_is_refused_by_its_name(void **state)
{
    static const char *const wrong[][2] = {{"state=open", "state"},
                                           {"order=best", "order"},
                                           {"limit=0", "limit"},
                                           {"limit=201", "limit"},
                                           {"limit=ten", "limit"},
                                           {"limit=-1", "limit"},
                                           {"limit=9223372036854775808",
                                            "limit"},
                                           {"publisher=x", "publisher"},
                                           {"group=0", "group"},
                                           {"assigned=-2", "assigned"},
                                           {"assigned=you", "assigned"},
                                           {"age_min=1.5", "age_min"},
                                           {"age_max=99999999", "age_max"},
                                           {"score_min=2", "score_min"},
                                           {"score_min=1e-1", "score_min"},
                                           {"score_max=nan", "score_max"},
                                           {"score_max=0x1p-3", "score_max"},
                                           {"score_max=0.1.2", "score_max"},
                                           {"score_max=-0", "score_max"},
                                           {"seed=a", "seed"},
                                           {"class=x", "class"},
                                           {"channel=x", "channel"},
                                           {"sector=x", "sector"},
                                           {"after=x", "place in this list"}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (get("/api/v1/findings", wrong[i][0]) != AW_INVALID)
            fail_msg("'%s' was taken", wrong[i][0]);
        ASSERT_SAYS(wrong[i][1]);
        if (get("/api/v1/facets", wrong[i][0]) != AW_INVALID &&
            i + 1 < sizeof wrong / sizeof *wrong)
            fail_msg("'%s' was taken by facets", wrong[i][0]);
    }
}

static void counts_are_told_with_names(void **state)
{
    (void)state;
    (void)make("a", "www.a.example");
    (void)make("b", "www.b.example");
    queue_sort_all();
    fixture_tamper("UPDATE finding SET state = 'confirmed' WHERE id = 2");
    ASSERT_OK(get("/api/v1/facets", "class=no_risk"));
    assert_string_equal(text("states.0.value"), "new");
    assert_int_equal(number("states.0.count"), 1);
    assert_string_equal(text("states.1.value"), "confirmed");
    assert_int_equal(cJSON_GetArraySize(at("classes")), 2);
    assert_string_equal(text("places.0.name"), "济宁市");
    assert_string_equal(text("publishers.0.name"), "济宁金汇财富管理有限公司");
    assert_string_equal(text("ages.0.value"), "0-3");
    assert_string_equal(text("sectors.0.value"), "private-funds");
}

/* A blind look of another at finding 1, which was confirmed. */
static void look_blind(void)
{
    fixture_tamper(
        "UPDATE finding SET state = 'confirmed' WHERE id = 1;"
        "INSERT INTO decision (finding, at_ms, who, action, reason, previous,"
        " hash) VALUES (1, 5, '李强', 'confirm', 'r', '', 'h');"
        "INSERT INTO second_look (finding, why, blind, state, first_ms,"
        " first_who, first_action, first_class, first_decision) VALUES"
        " (1, 'random', 1, 'open', 5, '李强', 'confirm', '', 1)");
}

/* Neither lists nor counts tell who answers a look what was decided. */
static void a_blind_look_is_a_second_one_to_who_answers_it(void **state)
{
    static const char *const orders[] = {"urgent", "newest", "uncertain"};
    char undecided[3][32], query[64];

    (void)state;
    (void)make("a", "www.a.example");
    (void)make("b", "www.b.example");
    queue_sort_all();
    fixture_tamper("UPDATE finding SET state = 'second' WHERE id = 1");
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(query, sizeof query, "state=second&order=%s",
                       orders[i]);
        findings(query);
        (void)snprintf(undecided[i], sizeof undecided[i], "%d %.9f",
                       number("items.0.urgency"),
                       at("items.0.score")->valuedouble);
    }
    look_blind();
    user.role = AW_ROLE_SECOND;
    findings("state=confirmed");
    assert_int_equal(number("total.findings"), 0);
    for (size_t i = 0; i < 3; i++) {
        char now[32];

        (void)snprintf(query, sizeof query, "state=second&order=%s",
                       orders[i]);
        findings(query);
        assert_int_equal(number("total.findings"), 1);
        assert_string_equal(text("items.0.state"), "second");
        assert_true(cJSON_IsString(at("items.0.due")));
        (void)snprintf(now, sizeof now, "%d %.9f", number("items.0.urgency"),
                       at("items.0.score")->valuedouble);
        assert_string_equal(now, undecided[i]);
    }
    ASSERT_OK(get("/api/v1/facets", "state=all"));
    assert_int_equal(cJSON_GetArraySize(at("states")), 2);
    assert_string_equal(text("states.1.value"), "second");
    user.role = AW_ROLE_REVIEWER; /* who does not answer sees it as it is */
    findings("state=confirmed");
    assert_int_equal(number("total.findings"), 1);
    user.role = AW_ROLE_SUPERVISOR;
    user.name = AW_STR("李强"); /* the first officer */
    findings("state=confirmed");
    assert_int_equal(number("total.findings"), 1);
}

static void a_saved_view_asks_the_same(void **state)
{
    struct aw_question question;

    (void)state;
    ASSERT_OK(aw_question_parse(
        &question,
        AW_STR("?state=all&q=%E4%BF%9D+%E6%9C%AC&order=newest&assigned=me"
               "&score_min=0.5&x=y&flat=1&group=7"),
        &user, &fixture.arena, &fixture.err));
    assert_int_equal(question.states, 0);
    assert_string_equal(question.text.ptr, "保 本");
    assert_int_equal(question.order, AW_QUEUE_NEWEST);
    assert_int_equal(question.assigned, 3);
    assert_int_equal(question.group, 7);
    assert_true(question.flat && question.score_min > 0.49);
    assert_int_equal(aw_question_parse(&question, AW_STR("q=%FF"), &user,
                                       &fixture.arena, &fixture.err),
                     AW_INVALID);
    assert_int_equal(aw_question_parse(&question, AW_STR("limit=x"), &user,
                                       &fixture.arena, &fixture.err),
                     AW_INVALID);
}

#define WEB_UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WEB_UNIT(a_row_says_all_that_a_list_shows),
        WEB_UNIT(the_points_of_a_row_sum_to_its_urgency),
        WEB_UNIT(what_is_decided_has_no_clock),
        WEB_UNIT(a_finding_not_sorted_yet_is_shown),
        WEB_UNIT(new_ones_are_shown_unless_told),
        WEB_UNIT(places_of_others_are_not_there),
        WEB_UNIT(pages_follow_each_other_by_their_cursor),
        WEB_UNIT(what_is_asked_wrongly_is_refused_by_its_name),
        WEB_UNIT(counts_are_told_with_names),
        WEB_UNIT(a_blind_look_is_a_second_one_to_who_answers_it),
        WEB_UNIT(a_saved_view_asks_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
