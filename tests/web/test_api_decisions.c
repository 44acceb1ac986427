/* Deciding, working together, policy, second looks and the audit, as the
 * server calls them. */
#include <cjson/cJSON.h>

#include "tests/review/people.h"

#include "classify/classify.h"
#include "review/words.h"
#include "web/call_finding.h"
#include "web/row.h"
#include "web/target.h"

static cJSON *answer;
static int status;
static struct aw_queue *queue;
static const struct aw_user *asker;

static int set_up(void **state)
{
    asker = &people[WANG];
    return office_set_up(state);
}

static int tear_down(void **state)
{
    cJSON_Delete(answer);
    answer = NULL;
    aw_queue_free(queue);
    queue = NULL;
    return fixture_tear_down(state);
}

#define DESK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static const struct aw_route *route_of(enum aw_method method,
                                       struct aw_str path,
                                       int64_t ids[AW_ROUTE_IDS_MAX])
{
    static const struct aw_routes *const all[] = {&aw_routes_decisions,
                                                  &aw_routes_office,
                                                  &aw_routes_audit, NULL};
    unsigned allowed = 0;
    const struct aw_route *route =
        aw_route_find(all, method, path, ids, &allowed);

    if (!route)
        fail_msg("there is no route '%.*s'", AW_STR_ARG(path));
    return route;
}

/* The answer's JSON is in `answer`, its status in `status`. */
static aw_rc ask(enum aw_method method, const char *url, const char *body)
{
    struct aw_web web = {.clock = &office_clock, .queue = queue};
    struct aw_target target;
    struct aw_http_reply reply = {.status = 200, .fd = -1};
    struct aw_http_request request = {.method = method,
                                      .target = &target,
                                      .body = aw_str_of(body)};
    struct aw_call call = {.web = &web,
                           .request = &request,
                           .reply = &reply,
                           .store = fixture.store,
                           .arena = &fixture.arena,
                           .user = *asker,
                           .now_ms = aw_clock_wall(&office_clock)};
    struct aw_str path = aw_str_of(url);
    aw_rc rc;

    (void)aw_str_split(&(struct aw_str){url, strlen(url)}, '?', &path);
    ASSERT_OK(aw_target_parse(&target, aw_str_of(url), &fixture.arena,
                              &fixture.err));
    aw_buf_init(&reply.body, (size_t)16 << 20);
    cJSON_Delete(answer);
    answer = NULL;
    rc = route_of(method, path, call.ids)->answer(&call, &fixture.err);
    status = reply.status;
    if (rc == AW_OK) {
        answer = cJSON_ParseWithLength(reply.body.ptr, reply.body.len);
        if (!answer)
            fail_msg("no JSON: %.*s", (int)reply.body.len, reply.body.ptr);
    }
    aw_buf_deinit(&reply.body);
    aw_call_end(&call);
    return rc;
}

static void post(const char *url, const char *body)
{
    office_clock.manual_ms += 1000;
    ASSERT_OK(ask(AW_METHOD_POST, url, body));
}

/* "done.0.state" */
static const cJSON *find(const char *path)
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
    return json;
}

static int number(const char *path)
{
    if (!cJSON_IsNumber(find(path)))
        fail_msg("there is no number '%s'", path);
    return find(path)->valueint;
}

static const char *text(const char *path)
{
    if (!cJSON_IsString(find(path)))
        fail_msg("there is no text '%s'", path);
    return find(path)->valuestring;
}

static int size(const char *path)
{
    assert_true(cJSON_IsArray(find(path)));
    return cJSON_GetArraySize(find(path));
}

/* ---- deciding -------------------------------------------------------------
 */

static void a_decision_is_told_with_its_state_and_version(void **state)
{
    (void)state;
    (void)fixture_simple("f");
    post("/api/v1/decisions", "{\"action\":\"confirm\",\"class\":\"no_risk\","
                              "\"items\":[{\"finding\":1,\"version\":0}]}");
    assert_int_equal(size("done"), 1);
    assert_string_equal(text("done.0.state"), "confirmed");
    assert_int_equal(number("done.0.version"), 1);
    assert_int_equal(number("done.0.decision"), 1);
    assert_int_equal(size("clashes") + size("failed"), 0);
    assert_int_equal(number("batch"), 1);
    assert_whole(1);
}

static void a_clash_tells_what_the_other_did(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    (void)decides(CHEN, "dismiss", id);
    post("/api/v1/decisions", "{\"action\":\"confirm\","
                              "\"items\":[{\"finding\":1,\"version\":0},"
                              "{\"finding\":99,\"version\":0}]}");
    assert_int_equal(size("done"), 0);
    assert_string_equal(text("clashes.0.decision.who"), "陈静");
    assert_string_equal(text("clashes.0.decision.action"), "dismiss");
    assert_string_equal(text("clashes.0.decision.at"), "2026-11-23T02:13:01Z");
    assert_string_equal(text("clashes.0.decision.reason"), "与原文一致");
    assert_int_equal(number("clashes.0.version"), 1);
    assert_string_equal(text("clashes.0.state"), "dismissed");
    assert_int_equal(number("failed.0.finding"), 99);
}

static void who_answers_blind_learns_nothing_by_a_clash(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    set_policy((struct aw_policy){.second_random_percent = 100});
    (void)decides(WANG, "dismiss", id);
    asker = &people[LI];
    post("/api/v1/decisions", "{\"action\":\"confirm\","
                              "\"items\":[{\"finding\":1,\"version\":0}]}");
    assert_string_equal(text("clashes.0.state"), "second");
    assert_true(cJSON_IsNull(find("clashes.0.decision")));
}

static void a_group_is_its_open_members(void **state)
{
    (void)state;
    for (int64_t i = 1; i <= 4; i++) {
        char name[32];

        (void)snprintf(name, sizeof name, "f%d", (int)i);
        assert_int_equal(fixture_simple(name), i);
        fixture_sorted(i, i == 4 ? "37" : "370811", 0);
    }
    (void)decides(CHEN, "confirm", 2);
    asker = &(struct aw_user){.id = 9,
                              .name = AW_STR("任城"),
                              .place = AW_STR("370811"),
                              .active = true};
    post("/api/v1/decisions", "{\"action\":\"dismiss\",\"code\":\"warning\","
                              "\"group\":1}");
    assert_int_equal(size("done"), 2);
    assert_int_equal(number("done.0.finding"), 1);
    assert_int_equal(number("done.1.finding"), 3);
    assert_int_equal(ask(AW_METHOD_POST, "/api/v1/decisions",
                         "{\"action\":\"confirm\",\"group\":1}"),
                     AW_INVALID);
    assert_int_equal(ask(AW_METHOD_POST, "/api/v1/decisions",
                         "{\"action\":\"confirm\",\"group\":1,\"items\":[]}"),
                     AW_INVALID);
}

static void what_is_malformed_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "[]",
        "{}",
        "{\"action\":\"confirm\"}",
        "{\"action\":\"confirm\",\"items\":[]}",
        "{\"action\":\"confirm\",\"items\":7}",
        "{\"action\":\"confirm\",\"items\":[7]}",
        "{\"action\":\"confirm\",\"items\":[{\"finding\":1}]}",
        "{\"action\":\"confirm\",\"items\":[{\"finding\":\"1\","
        "\"version\":0}]}",
        "{\"action\":\"confirm\",\"items\":[{\"finding\":1.5,\"version\":0}]}",
        "{\"action\":7,\"items\":[{\"finding\":1,\"version\":0}]}",
        "{\"action\":\"confirm\",\"group\":-1}",
        "{\"action\":\"confirm\",\"group\":1e300}"};

    (void)state;
    (void)fixture_simple("f");
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (ask(AW_METHOD_POST, "/api/v1/decisions", bodies[i]) != AW_INVALID)
            fail_msg("taken: %s", bodies[i]);
    assert_whole(0);
}

static void undo_tells_how_many_are_left(void **state)
{
    (void)state;
    (void)decides(WANG, "confirm", fixture_simple("f"));
    (void)decides(WANG, "confirm", fixture_simple("g"));
    post("/api/v1/decisions/undo", "{}");
    assert_int_equal(number("undone.0.finding"), 2);
    assert_string_equal(text("undone.0.state"), "new");
    assert_int_equal(number("left"), 1);
    post("/api/v1/decisions/undo", "{}");
    assert_int_equal(ask(AW_METHOD_POST, "/api/v1/decisions/undo", "{}"),
                     AW_MISSING);
}

/* ---- together -------------------------------------------------------------
 */

static void a_lease_of_another_is_told(void **state)
{
    (void)state;
    (void)fixture_simple("f");
    post("/api/v1/findings/1/lease", "{}");
    assert_int_equal(status, 200);
    assert_int_equal(number("lease.id"), 1);
    assert_string_equal(text("lease.until"), "2026-11-23T02:14:01Z");
    asker = &people[CHEN];
    post("/api/v1/findings/1/lease", "{}");
    assert_int_equal(status, 409);
    assert_string_equal(text("lease.name"), "王芳");
    assert_string_equal(text("error.code"), "busy");
    asker = &people[WANG];
    ASSERT_OK(ask(AW_METHOD_DELETE, "/api/v1/findings/1/lease", ""));
    asker = &people[CHEN];
    post("/api/v1/findings/1/lease", "{}");
    assert_int_equal(status, 200);
    assert_int_equal(ask(AW_METHOD_POST, "/api/v1/findings/9/lease", "{}"),
                     AW_MISSING);
}

static void comments_assignment_and_corrections_are_taken(void **state)
{
    (void)state;
    (void)fixture_simple("f");
    post("/api/v1/findings/1/comments", "{\"text\":\"看第二段\"}");
    assert_string_equal(text("text"), "看第二段");
    post("/api/v1/findings/1/assignment", "{\"user\":5}");
    post("/api/v1/findings/1/corrections",
         "{\"claim\":1,\"class\":\"no_risk\",\"start\":5,\"end\":7}");
    assert_string_equal(text("correction.quote"), "保本");
    assert_int_equal(number("version"), 1);
    assert_int_equal(ask(AW_METHOD_POST, "/api/v1/findings/1/corrections",
                         "{\"claim\":1,\"start\":5}"),
                     AW_INVALID);
    assert_int_equal(ask(AW_METHOD_POST, "/api/v1/findings/1/corrections",
                         "{\"claim\":1,\"class\":\"no_risk\",\"version\":0}"),
                     AW_BUSY);
}

static void a_finding_of_another_place_is_missing(void **state)
{
    struct aw_user user = {.id = 1,
                           .name = AW_STR("王芳"),
                           .place = AW_STR("370811"),
                           .active = true};

    (void)state;
    fixture_sorted(fixture_simple("f"), "370883", 0);
    asker = &user;
    assert_int_equal(ask(AW_METHOD_POST, "/api/v1/findings/1/comments",
                         "{\"text\":\"x\"}"),
                     AW_MISSING);
    assert_int_equal(ask(AW_METHOD_POST, "/api/v1/findings/1/assignment",
                         "{\"user\":0}"),
                     AW_MISSING);
    assert_int_equal(ask(AW_METHOD_POST, "/api/v1/findings/1/lease", "{}"),
                     AW_MISSING);
    assert_int_equal(ask(AW_METHOD_POST, "/api/v1/findings/1/corrections",
                         "{\"claim\":1,\"class\":\"no_risk\"}"),
                     AW_MISSING);
}

/* ---- the office -----------------------------------------------------------
 */

static void policy_is_set_and_audited(void **state)
{
    (void)state;
    ASSERT_OK(ask(AW_METHOD_GET, "/api/v1/policy", ""));
    assert_int_equal(number("second_severity"), 0); /* of this office */
    assert_true(find("precision_bound")->valuedouble > 0.899);
    assert_true(size("reasons") > 3);
    assert_int_equal(size("classes"), 6);
    ASSERT_OK(ask(AW_METHOD_PUT, "/api/v1/policy",
                  "{\"second_severity\":3,\"second_new_publisher\":true,"
                  "\"precision_bound\":0.95}"));
    assert_int_equal(number("second_severity"), 3);
    assert_int_equal(number("session_hours"), 12);
    assert_true(cJSON_IsTrue(find("second_new_publisher")));
    assert_int_equal(fixture_number("SELECT count(*) FROM audit WHERE action ="
                                    " 'setting' AND subject ="
                                    " 'precision_bound' AND detail ="
                                    " '{\"after\":95,\"before\":90}'"),
                     1);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit WHERE action ="
                                    " 'setting'"),
                     3);
    assert_int_equal(ask(AW_METHOD_PUT, "/api/v1/policy",
                         "{\"second_random_percent\":101}"),
                     AW_INVALID);
    assert_int_equal(ask(AW_METHOD_PUT, "/api/v1/policy",
                         "{\"precision_bound\":1.1}"),
                     AW_INVALID);
}

static void
second_looks_are_for_others_and_blind_ones_tell_nothing(void **state)
{
    struct aw_queue_config config = {.lexicon_dir = "lexicons",
                                     .clock = &office_clock,
                                     .threshold = 0.5};
    char *raw;

    (void)state;
    set_policy((struct aw_policy){.second_random_percent = 100});
    (void)decides(WANG, "dismiss", fixture_simple("f"));
    set_policy((struct aw_policy){.second_severity = 1});
    (void)decides(LI, "confirm", fixture_simple("g"));
    ASSERT_OK(aw_queue_new(&queue, &config, fixture.store, &fixture.err));
    asker = &people[LI];
    ASSERT_OK(ask(AW_METHOD_GET, "/api/v1/second", ""));
    assert_int_equal(size("items"), 1);
    assert_int_equal(number("items.0.id"), 1);
    assert_string_equal(text("items.0.state"), "second");
    assert_string_equal(text("items.0.second.why"), "random");
    raw = cJSON_PrintUnformatted(answer);
    assert_null(strstr(raw, "王芳"));
    assert_null(strstr(raw, "dismiss"));
    cJSON_free(raw);
    asker = &people[ZHAO];
    ASSERT_OK(ask(AW_METHOD_GET, "/api/v1/second", ""));
    assert_int_equal(size("items"), 2);
    assert_string_equal(text("items.1.second.first_who"), "李强");
}

static void agreement_is_told_in_numbers(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    set_policy((struct aw_policy){.second_random_percent = 100});
    (void)decides(WANG, "dismiss", id);
    (void)decides(LI, "confirm", id);
    asker = &people[ZHAO];
    ASSERT_OK(ask(AW_METHOD_GET,
                  "/api/v1/agreement?from=2026-11-23&to=2026-11-23", ""));
    assert_int_equal(number("all.pairs"), 1);
    assert_int_equal(number("all.agreed"), 0);
    assert_string_equal(text("classes.0.class"), "capital_protection");
    assert_int_equal(size("reviewers"), 1);
    ASSERT_OK(ask(AW_METHOD_GET, "/api/v1/agreement?from=2026-11-24", ""));
    assert_int_equal(number("all.pairs"), 0);
    assert_true(cJSON_IsNull(find("all.kappa")));
    assert_int_equal(ask(AW_METHOD_GET, "/api/v1/agreement?from=x", ""),
                     AW_INVALID);
}

/* ---- the audit ------------------------------------------------------------
 */

static void the_audit_is_paged_from_its_end(void **state)
{
    (void)state;
    (void)decides(WANG, "confirm", fixture_simple("f"));
    (void)decides(CHEN, "dismiss", 1);
    ASSERT_OK(ask(AW_METHOD_GET, "/api/v1/audit?limit=2", ""));
    assert_int_equal(size("items"), 2);
    assert_int_equal(number("items.0.id"), 3);
    assert_string_equal(text("items.0.who"), "陈静");
    assert_string_equal(text("items.0.subject"), "decision 2");
    assert_string_equal(text("items.0.detail.action"), "dismiss");
    assert_int_equal(number("next"), 2);
    ASSERT_OK(ask(AW_METHOD_GET, "/api/v1/audit?limit=2&after=2", ""));
    assert_int_equal(size("items"), 1);
    assert_string_equal(text("items.0.action"), "begin");
    assert_true(cJSON_IsNull(find("next")));
    ASSERT_OK(ask(AW_METHOD_GET, "/api/v1/audit?who=%E7%8E%8B%E8%8A%B3", ""));
    assert_int_equal(size("items"), 1);
    assert_int_equal(ask(AW_METHOD_GET, "/api/v1/audit?limit=0", ""),
                     AW_INVALID);
}

static void get_audit(const struct aw_user *who, const char *query)
{
    char url[128];

    asker = who;
    (void)snprintf(url, sizeof url, "/api/v1/audit%s", query);
    ASSERT_OK(ask(AW_METHOD_GET, url, ""));
}

/* Comments and decisions on findings of other places are not read here. */
static void the_audit_is_of_the_place(void **state)
{
    struct aw_user local = people[ZHAO];

    (void)state;
    fixture_sorted(fixture_simple("f"), "370811", 0);
    fixture_sorted(fixture_simple("g"), "370812", 0);
    (void)fixture_simple("h"); /* nobody knows where */
    for (int id = 1; id <= 3; id++) {
        char url[64];

        (void)decides(WANG, "confirm", id);
        (void)snprintf(url, sizeof url, "/api/v1/findings/%d/comments", id);
        post(url, "{\"text\":\"看过\"}");
    }
    fixture_tamper("INSERT INTO audit SELECT max(id) + 1, at_ms, '王芳',"
                   " 'view', 'capture 1', '{\"finding\":2}', '', '' FROM"
                   " audit");
    get_audit(&people[ZHAO], "");
    assert_int_equal(size("items"), 8);
    local.place = AW_STR("370811");
    get_audit(&local, "");
    assert_int_equal(size("items"), 3);
    assert_string_equal(text("items.0.subject"), "finding 1");
    assert_string_equal(text("items.1.subject"), "decision 1");
    assert_string_equal(text("items.2.action"), "begin");
    get_audit(&local, "?subject=finding%202");
    assert_int_equal(size("items"), 0);
}

/* The audit does not tell who answers blind what the first one decided. */
static void the_audit_keeps_a_blind_look(void **state)
{
    (void)state;
    set_policy((struct aw_policy){.second_random_percent = 100});
    (void)fixture_simple("f");
    post("/api/v1/findings/1/comments", "{\"text\":\"以前\"}");
    office_clock.manual_ms += 1000;
    (void)decides(WANG, "confirm", 1);
    post("/api/v1/findings/1/comments", "{\"text\":\"已确认\"}");
    get_audit(&people[ZHAO], "?subject=decision%201");
    assert_int_equal(size("items"), 0);
    get_audit(&people[ZHAO], "?subject=finding%201");
    assert_int_equal(size("items"), 1);
    assert_string_equal(text("items.0.detail.text"), "以前");
    get_audit(&people[WANG], "?subject=decision%201");
    assert_int_equal(size("items"), 1);
    ASSERT_OK(ask(AW_METHOD_GET, "/api/v1/audit/verify", ""));
    assert_true(cJSON_IsTrue(find("ok")));
    (void)decides(LI, "confirm", 1); /* it is answered */
    get_audit(&people[ZHAO], "?subject=decision%201");
    assert_int_equal(size("items"), 1);
}

static void a_false_chain_is_an_answer(void **state)
{
    (void)state;
    (void)decides(WANG, "confirm", fixture_simple("f"));
    ASSERT_OK(ask(AW_METHOD_GET, "/api/v1/audit/verify", ""));
    assert_true(cJSON_IsTrue(find("ok")));
    assert_int_equal(number("count"), 2);
    fixture_tamper("UPDATE audit SET who = '李强' WHERE id = 2");
    ASSERT_OK(ask(AW_METHOD_GET, "/api/v1/audit/verify", ""));
    assert_true(cJSON_IsFalse(find("ok")));
    assert_int_equal(number("count"), 1);
    assert_non_null(strstr(text("message"), "audit row 2 was changed"));
    assert_int_equal(ask(AW_METHOD_GET, "/api/v1/audit/verify?head=x", ""),
                     AW_INVALID);
}

/* What a person may choose is what the classifier knows. */
static void the_classes_are_those_of_the_classifier(void **state)
{
    (void)state;
#define CHOSEN(code, zh) AW_STR(code),
    const struct aw_str chosen[] = {AW_CLASS_LIST(CHOSEN)};
#undef CHOSEN

    assert_int_equal(sizeof chosen / sizeof *chosen, AW_CLAIM_CLASS_COUNT);
    for (size_t i = 0; i < AW_CLAIM_CLASS_COUNT; i++)
        assert_true(aw_str_eq(chosen[i], aw_str_of(aw_claim_class_name(
                                             (enum aw_claim_class)i))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK(a_decision_is_told_with_its_state_and_version),
        DESK(a_clash_tells_what_the_other_did),
        DESK(who_answers_blind_learns_nothing_by_a_clash),
        DESK(a_group_is_its_open_members),
        DESK(what_is_malformed_is_refused),
        DESK(undo_tells_how_many_are_left),
        DESK(a_lease_of_another_is_told),
        DESK(comments_assignment_and_corrections_are_taken),
        DESK(a_finding_of_another_place_is_missing),
        DESK(policy_is_set_and_audited),
        DESK(second_looks_are_for_others_and_blind_ones_tell_nothing),
        DESK(agreement_is_told_in_numbers),
        DESK(the_audit_is_paged_from_its_end),
        DESK(the_audit_is_of_the_place),
        DESK(the_audit_keeps_a_blind_look),
        DESK(a_false_chain_is_an_answer),
        DESK(the_classes_are_those_of_the_classifier),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
