#include "tests/store/fixture.h"
#include "tests/web/socket.h"

#include <stdatomic.h>

#include "base/json.h"
#include "review/session.h"
#include "web/server.h"

#define NOW INT64_C(1795399980000)
#define GOOD "correct horse battery"

/* Threads of the server read it while a test moves it on. */
static _Atomic int64_t shown_ms;

static int64_t show_ms(const struct aw_clock *self)
{
    (void)self;
    return atomic_load(&shown_ms);
}

static const struct aw_clock clock_at = {show_ms, show_ms, 0};
static struct aw_log log_to;
static struct aw_config config;
static struct aw_server *server;
static char answer[ANSWER_MAX];
static char origin[100];

/* ---- routes of a test's own ----------------------------------------------
 */

static aw_rc whoami(struct aw_call *call, struct aw_err *err)
{
    (void)err;
    aw_buf_printf(aw_call_json(call), "{\"user\":%lld,\"ids\":[%lld,%lld]}",
                  (long long)call->user.id, (long long)call->ids[0],
                  (long long)call->ids[1]);
    return AW_OK;
}

/* Fails as its id says, in a transaction and half a reply. */
static aw_rc fails(struct aw_call *call, struct aw_err *err)
{
    aw_rc rc = aw_store_begin(call->store, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_puts(aw_call_json(call), "{\"half\":");
    return aw_fail(err, (aw_rc)call->ids[0], "it went wrong: secret");
}

/* Reads each kind of member. */
static aw_rc reads(struct aw_call *call, struct aw_err *err)
{
    struct aw_body *body = NULL;
    struct aw_str text = {0};
    int64_t number = -1;
    int64_t third = -1;
    bool flag = false;
    struct aw_buf *out;
    aw_rc rc = aw_call_body(call, &body, err);

    if (rc == AW_OK)
        rc = aw_body_text(body, "text", true, &text, err);
    if (rc == AW_OK)
        rc = aw_body_int(body, "number", false, -5, 5, &number, err);
    if (rc == AW_OK)
        rc = aw_body_bool(body, "flag", false, &flag, err);
    if (rc == AW_OK && aw_body_count(body, "list") > 2)
        rc = aw_body_int(aw_body_at(body, "list", 2), NULL, true, 0, 9, &third,
                         err);
    if (rc != AW_OK)
        return rc;
    assert_null(aw_body_at(body, "list", aw_body_count(body, "list")));
    out = aw_call_json(call);
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "text", text);
    aw_json_int(out, "number", number);
    aw_json_bool(out, "flag", flag);
    aw_json_int(out, "third", third);
    aw_json_close(out, '}');
    return AW_OK;
}

static aw_rc asks_query(struct aw_call *call, struct aw_err *err)
{
    int64_t limit = 50;
    aw_rc rc = aw_call_query_int(call, "limit", 1, 200, &limit, err);

    if (rc == AW_OK)
        aw_buf_printf(aw_call_json(call), "%lld", (long long)limit);
    return rc;
}

static atomic_bool let_go;

/* Holds its store until the test lets go. */
static aw_rc is_slow(struct aw_call *call, struct aw_err *err)
{
    while (!atomic_load(&let_go))
        (void)poll(NULL, 0, 5);
    return whoami(call, err);
}

static const struct aw_route routes[] = {
    {AW_METHOD_GET, "/api/v1/slow", AW_MAY_ANYBODY, is_slow, 0, AW_PACE_SLOW},
    {AW_METHOD_GET, "/api/v1/anybody", AW_MAY_ANYBODY, whoami, 0,
     AW_PACE_QUICK},
    {AW_METHOD_POST, "/api/v1/anybody", AW_MAY_ANYBODY, whoami, 0,
     AW_PACE_QUICK},
    {AW_METHOD_GET, "/api/v1/all", AW_MAY_READ, whoami, 0, AW_PACE_QUICK},
    {AW_METHOD_POST, "/api/v1/all", AW_MAY_READ, whoami, 0, AW_PACE_QUICK},
    {AW_METHOD_GET, "/api/v1/audit", AW_MAY(AUDITOR), whoami, 0,
     AW_PACE_QUICK},
    {AW_METHOD_DELETE, "/api/v1/a/{id}/b/{id}", AW_MAY_ANYBODY, whoami, 0,
     AW_PACE_QUICK},
    {AW_METHOD_GET, "/api/v1/fails/{id}", AW_MAY_ANYBODY, fails, 0,
     AW_PACE_QUICK},
    {AW_METHOD_POST, "/api/v1/reads", AW_MAY_ANYBODY, reads, 100,
     AW_PACE_QUICK},
    {AW_METHOD_GET, "/api/v1/query", AW_MAY_ANYBODY, asks_query, 0,
     AW_PACE_QUICK},
};
static const struct aw_routes own = {routes, sizeof routes / sizeof *routes};
static const struct aw_routes *const all[] = {&own, &aw_routes_session, NULL};

/* ---- the server ----------------------------------------------------------
 */

static void start(const char *proxy_origin)
{
    struct aw_server_config how = {.clock = &clock_at,
                                   .log = &log_to,
                                   .config = &config,
                                   .workspace = fixture.dir,
                                   .archive_dir = fixture.dir,
                                   .lexicon_dir = "lexicons",
                                   .model_path = "",
                                   .program = "/bin/false",
                                   .store_path = fixture.path,
                                   .bind = "127.0.0.1",
                                   .origin = proxy_origin,
                                   .routes = all};

    ASSERT_OK(aw_server_new(&server, &how, &fixture.err));
    (void)snprintf(origin, sizeof origin, "%.*s",
                   AW_STR_ARG(aw_server_origin(server)));
}

static void add_user(const char *name, enum aw_role role)
{
    struct aw_user user = {.name = aw_str_of(name),
                           .role = role,
                           .active = true};

    ASSERT_OK(aw_user_add(fixture.store, &clock_at, AW_STR("root"), &user,
                          AW_STR(GOOD), &fixture.err));
}

static int set_up(void **state)
{
    assert_int_equal(fixture_set_up(state), 0);
    atomic_store(&shown_ms, NOW);
    log_to = (struct aw_log){.out = stderr,
                             .least = AW_LOG_ERROR + 1,
                             .clock = &clock_at};
    config = (struct aw_config){.name = (char *)"济宁"};
    add_user("fang", AW_ROLE_REVIEWER);
    start(NULL);
    return 0;
}

static int tear_down(void **state)
{
    aw_server_free(server);
    server = NULL;
    return fixture_tear_down(state);
}

static int port(void)
{
    return aw_server_port(server);
}

/* ---- asking --------------------------------------------------------------
 */

/* What a request is made of; NULL: the right one. */
struct asked {
    const char *method, *path, *host, *origin, *cookie, *csrf, *body, *more;
};

static int do_ask(struct asked a)
{
    char request[8192];
    const char *body = a.body ? a.body : "";
    const char *host = a.host ? a.host : strstr(origin, "//") + 2;

    (void)snprintf(request, sizeof request,
                   "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n"
                   "%s%s%s%s%s%s%s%s%s%sContent-Type: application/json\r\n"
                   "Content-Length: %zu\r\n\r\n%s",
                   a.method ? a.method : "GET", a.path, host,
                   a.origin && !*a.origin ? "" : "Origin: ",
                   a.origin ? a.origin : origin,
                   a.origin && !*a.origin ? "" : "\r\n",
                   a.cookie ? "Cookie: " : "", a.cookie ? a.cookie : "",
                   a.cookie ? "\r\n" : "", a.csrf ? "X-CSRF-Token: " : "",
                   a.csrf ? a.csrf : "", a.csrf ? "\r\n" : "",
                   a.more ? a.more : "", strlen(body), body);
    ask(port(), request, answer);
    return status_of(answer);
}

static void assert_asked(struct asked a, int status, const char *says)
{
    int got = do_ask(a);

    if (got != status || !strstr(answer, says))
        fail_msg("%s %s: %d, not %d '%s':\n%s", a.method ? a.method : "GET",
                 a.path, got, status, says, answer);
}

/* Who came in: what the browser keeps, and what its page shows. */
struct in {
    char cookie[200], csrf[AW_TOKEN_MAX];
};

static void log_in(struct in *in, const char *name)
{
    char body[200];
    const char *at;

    (void)snprintf(body, sizeof body,
                   "{\"name\":\"%s\",\"password\":\"" GOOD "\"}", name);
    assert_asked((struct asked){.method = "POST",
                                .path = "/api/v1/login",
                                .body = body},
                 200, "\"csrf\":\"");
    at = strstr(answer, "Set-Cookie: ");
    assert_non_null(at);
    (void)snprintf(in->cookie, sizeof in->cookie, "%.*s",
                   (int)strcspn(at + 12, ";"), at + 12);
    at = strstr(answer, "\"csrf\":\"");
    (void)snprintf(in->csrf, sizeof in->csrf, "%.64s", at + 8);
}

/* ---- routes --------------------------------------------------------------
 */

static void routes_are_found_with_their_ids(void **state)
{
    static const char *const paths[] = {
        "/api/v1/a/7/b",    "/api/v1/a/7/b/8/",
        "/api/v1/a/07/b/8", "/api/v1/a/-7/b/8",
        "/api/v1/a/x/b/8",  "/api/v1/a/7/b/8/9",
        "/api/v1/a/7/B/8",  "/api/v1/a/0/b/8",
        "/api/v1/a//b/8",   "/api/v1/a/99999999999999999999/b/8",
        "/api/v1",          "/api/"};

    (void)state;
    assert_asked((struct asked){.method = "DELETE", .path = "/api/v1/a/7/b/8"},
                 200, "{\"user\":0,\"ids\":[7,8]}");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (strcmp(paths[i], "/api/v1") != 0)
            assert_asked((struct asked){.method = "DELETE", .path = paths[i]},
                         404, "\"missing\"");
}

static void other_methods_are_told_which_there_are(void **state)
{
    (void)state;
    assert_asked((struct asked){.method = "PUT", .path = "/api/v1/anybody"},
                 405, "Allow: GET, POST\r\n");
    assert_asked((struct asked){.method = "POST", .path = "/"}, 405,
                 "Allow: GET\r\n");
}

static void a_failure_is_a_status_and_drops_the_reply(void **state)
{
    static const struct {
        aw_rc rc;
        int status;
        const char *code;
    } cases[] = {{AW_INVALID, 400, "invalid"}, {AW_MISSING, 404, "missing"},
                 {AW_BUSY, 409, "busy"},       {AW_LIMIT, 413, "limit"},
                 {AW_STORE, 500, "failed"},    {AW_IO, 500, "failed"}};
    char path[50], says[100];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)snprintf(path, sizeof path, "/api/v1/fails/%d",
                       (int)cases[i].rc);
        (void)snprintf(says, sizeof says,
                       "\r\n\r\n{\"error\":{\"code\":\"%s\",\"message\":\"",
                       cases[i].code);
        assert_asked((struct asked){.path = path}, cases[i].status, says);
        if (cases[i].status == 500)
            assert_null(strstr(answer, "secret"));
    }
    /* The transactions that were left open hold nobody up. */
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    aw_store_rollback(fixture.store);
}

/* ---- bodies --------------------------------------------------------------
 */

static int post_body(const char *body)
{
    return do_ask((struct asked){.method = "POST",
                                 .path = "/api/v1/reads",
                                 .body = body});
}

static void members_are_read(void **state)
{
    (void)state;
    assert_int_equal(post_body("{\"text\":\"保\\u672c\",\"number\":-5,"
                               "\"flag\":true,\"list\":[1,2,3],\"x\":{}}"),
                     200);
    assert_string_equal(body_of_answer(answer),
                        "{\"text\":\"保本\",\"number\":-5,\"flag\":true,"
                        "\"third\":3}");
    assert_int_equal(post_body("{\"text\":\"\",\"number\":null}\n"), 200);
    assert_string_equal(body_of_answer(answer),
                        "{\"text\":\"\",\"number\":-1,\"flag\":false,"
                        "\"third\":-1}");
}

static void bad_bodies_are_told(void **state)
{
    static const char *const bodies[][2] = {
        {"", "no JSON object"},
        {"[]", "no JSON object"},
        {"{\"text\":\"a\"}x", "no JSON object"},
        {"{\"text\":\"a\"", "no JSON object"},
        {"{}", "'text' is missing"},
        {"{\"text\":null}", "'text' is missing"},
        {"{\"text\":7}", "'text' must be a text"},
        {"{\"Text\":\"a\"}", "'text' is missing"},
        {"{\"text\":\"a\\u0000b\"}", "NUL"},
        {"{\"text\":\"\xFF\"}", "not UTF-8"},
        {"{\"text\":\"a\",\"number\":6}", "from -5 to 5"},
        {"{\"text\":\"a\",\"number\":1.5}", "a whole number"},
        {"{\"text\":\"a\",\"number\":\"1\"}", "a whole number"},
        {"{\"text\":\"a\",\"number\":1e300}", "a whole number"},
        {"{\"text\":\"a\",\"flag\":1}", "true or false"},
        {"{\"text\":\"a\",\"list\":[1,2,\"3\"]}", "a whole number"}};

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        int status = post_body(bodies[i][0]);

        if (status != 400 || !strstr(answer, bodies[i][1]))
            fail_msg("%s: %d %s", bodies[i][0], status, answer);
    }
}

static void a_route_has_its_own_limit_of_bodies(void **state)
{
    char body[200];

    (void)state;
    (void)snprintf(body, sizeof body, "{\"text\":\"%089d\"}", 0);
    assert_int_equal(strlen(body), 100);
    assert_int_equal(post_body(body), 200);
    (void)snprintf(body, sizeof body, "{\"text\":\"%090d\"}", 0);
    assert_int_equal(post_body(body), 413);
}

static void other_types_are_no_json(void **state)
{
    char request[500];

    (void)state;
    (void)snprintf(request, sizeof request,
                   "POST /api/v1/reads HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\n"
                   "Connection: close\r\nContent-Type: text/plain\r\n"
                   "Content-Length: 12\r\n\r\n{\"text\":\"a\"}",
                   origin + 7, origin);
    ask(port(), request, answer);
    assert_int_equal(status_of(answer), 400);
    assert_non_null(strstr(answer, "Content-Type must say so"));
}

static void numbers_of_the_query_are_checked(void **state)
{
    (void)state;
    assert_asked((struct asked){.path = "/api/v1/query"}, 200, "\r\n\r\n50");
    assert_asked((struct asked){.path = "/api/v1/query?limit=200"}, 200,
                 "\r\n\r\n200");
    assert_asked((struct asked){.path = "/api/v1/query?limit=201"}, 400,
                 "parameter 'limit' must be a whole number from 1 to 200");
    assert_asked((struct asked){.path = "/api/v1/query?limit=1%3B"}, 400,
                 "parameter 'limit'");
}

/* ---- guards --------------------------------------------------------------
 */

static void other_hosts_are_refused(void **state)
{
    static const char *const hosts[] = {"evil.example", "127.0.0.1", "",
                                        "127.0.0.1:1", "127.0.0.1:8710.evil"};
    char local[50];

    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        assert_asked((struct asked){.path = "/api/v1/anybody",
                                    .host = hosts[i]},
                     421, "\"host\"");
        assert_asked((struct asked){.path = "/", .host = hosts[i]}, 421, "");
    }
    (void)snprintf(local, sizeof local, "localhost:%d", port());
    assert_asked((struct asked){.path = "/finding/7", .host = local}, 307,
                 "Location: http://127.0.0.1:");
    assert_asked((struct asked){.method = "POST",
                                .path = "/api/v1/anybody",
                                .host = local},
                 421, "\"host\"");
}

static void writes_from_elsewhere_are_refused(void **state)
{
    static const char *const origins[] = {"",
                                          "null",
                                          "http://evil.example",
                                          "https://127.0.0.1",
                                          "http://",
                                          "http://127.0.0.1",
                                          "http://127.0.0.1:1"};
    char tls[120];

    (void)state;
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
        assert_asked((struct asked){.method = "POST",
                                    .path = "/api/v1/anybody",
                                    .origin = origins[i]},
                     403, "\"origin\"");
    (void)snprintf(tls, sizeof tls, "https%s", origin + 4);
    assert_asked((struct asked){.method = "POST",
                                .path = "/api/v1/anybody",
                                .origin = tls},
                 403, "\"origin\"");
    assert_asked((struct asked){.method = "POST",
                                .path = "/api/v1/anybody",
                                .more = "Sec-Fetch-Site: same-site\r\n"},
                 403, "\"origin\"");
    assert_asked((struct asked){.method = "POST",
                                .path = "/api/v1/anybody",
                                .more = "Sec-Fetch-Site: same-origin\r\n"},
                 200, "");
    assert_asked((struct asked){.path = "/api/v1/anybody", .origin = ""}, 200,
                 "");
}

static void without_a_session_one_is_nobody(void **state)
{
    (void)state;
    assert_asked((struct asked){.path = "/api/v1/all"}, 401, "\"session\"");
    assert_asked((struct asked){.path = "/api/v1/all",
                                .cookie = "aw_session=0123456789abcdef0123456"
                                          "789abcdef0123456789abcdef0123456789"
                                          "abcdef"},
                 401, "\"session\"");
    assert_asked((struct asked){.path = "/api/v1/anybody"}, 200, "\"user\":0");
}

static void a_write_needs_the_sessions_own_token(void **state)
{
    struct in one, other;
    char zeros[AW_TOKEN_MAX];

    (void)state;
    log_in(&one, "fang");
    log_in(&other, "fang");
    (void)snprintf(zeros, sizeof zeros, "%064d", 0);
    assert_asked((struct asked){.path = "/api/v1/all", .cookie = one.cookie},
                 200, "\"user\":1");
    {
        const char *const tokens[] = {NULL, "", zeros, other.csrf};

        for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
            assert_asked((struct asked){.method = "POST",
                                        .path = "/api/v1/all",
                                        .cookie = one.cookie,
                                        .csrf = tokens[i]},
                         403, "\"csrf\"");
    }
    assert_asked((struct asked){.method = "POST",
                                .path = "/api/v1/all",
                                .cookie = one.cookie,
                                .csrf = one.csrf},
                 200, "\"user\":1");
}

static void a_route_is_for_its_roles(void **state)
{
    struct in in;

    (void)state;
    add_user("shen", AW_ROLE_AUDITOR);
    log_in(&in, "fang");
    assert_asked((struct asked){.path = "/api/v1/audit", .cookie = in.cookie},
                 403, "\"forbidden\"");
    log_in(&in, "shen");
    assert_asked((struct asked){.path = "/api/v1/audit", .cookie = in.cookie},
                 200, "\"user\":2");
}

static void an_old_session_is_over(void **state)
{
    struct in in;

    (void)state;
    log_in(&in, "fang");
    (void)atomic_fetch_add(&shown_ms, AW_SESSION_IDLE_MS + 1);
    assert_asked((struct asked){.path = "/api/v1/all", .cookie = in.cookie},
                 401, "\"session\"");
}

static void slow_calls_leave_stores_for_quick_ones(void **state)
{
    int slow[9];

    (void)state;
    atomic_store(&let_go, false);
    for (size_t i = 0; i < 9; i++) {
        slow[i] = dial(aw_server_port(server));
        say(slow[i], "GET /api/v1/slow HTTP/1.1\r\nHost: ");
        say(slow[i], strstr(origin, "//") + 2);
        say(slow[i], "\r\nConnection: close\r\n\r\n");
    }
    (void)poll(NULL, 0, 300);
    assert_asked((struct asked){.path = "/api/v1/anybody"}, 200, "user");
    atomic_store(&let_go, true);
    for (size_t i = 0; i < 9; i++) {
        (void)hear_all(slow[i], answer);
        (void)close(slow[i]);
        assert_int_equal(status_of(answer), 200);
    }
}

static void all_replies_are_guarded(void **state)
{
    static const struct asked asked[] = {{.path = "/api/v1/anybody"},
                                         {.path = "/api/v1/none"},
                                         {.path = "/none.js"},
                                         {.path = "/api/v1/fails/6"},
                                         {.path = "/%00"},
                                         {.path = "/", .host = "evil.example"},
                                         {.method = "BREW", .path = "/"}};
    static const char *const fields[] = {
        "Content-Security-Policy: default-src 'none'; script-src 'self'; ",
        "X-Content-Type-Options: nosniff\r\n",
        "Referrer-Policy: no-referrer\r\n",
        "Cross-Origin-Opener-Policy: same-origin\r\n",
        "Cross-Origin-Resource-Policy: same-origin\r\n",
        "Permissions-Policy: ",
        "Cache-Control: no-store\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        (void)do_ask(asked[i]);
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
            if (!strstr(answer, fields[f]))
                fail_msg("%s lacks %s:\n%s", asked[i].path, fields[f], answer);
        assert_null(strstr(answer, "Strict-Transport-Security"));
    }
    assert_null(strstr(answer, "unsafe"));
    assert_non_null(strstr(answer, "frame-src http://127.0.0.1:"));
}

/* ---- behind a proxy ------------------------------------------------------
 */

static int set_up_behind_proxy(void **state)
{
    assert_int_equal(set_up(state), 0);
    aw_server_free(server);
    server = NULL;
    start("https://adwatch.example");
    return 0;
}

static void behind_a_proxy_its_name_counts(void **state)
{
    char local[50];

    (void)state;
    (void)snprintf(local, sizeof local, "127.0.0.1:%d", port());
    assert_asked((struct asked){.path = "/"}, 200,
                 "Strict-Transport-Security: max-age=");
    assert_non_null(strstr(answer, "frame-src https://adwatch.example:"));
    assert_asked((struct asked){.path = "/", .host = local}, 421, "");
    assert_asked((struct asked){.method = "POST",
                                .path = "/api/v1/anybody",
                                .origin = "http://adwatch.example"},
                 403, "\"origin\"");
}

static void behind_a_proxy_the_cookie_is_for_tls_alone(void **state)
{
    struct in in;

    (void)state;
    log_in(&in, "fang");
    assert_non_null(strstr(answer, "Set-Cookie: __Host-aw_session="));
    assert_non_null(
        strstr(answer, "; Path=/; HttpOnly; SameSite=Strict; Secure\r\n"));
    assert_asked((struct asked){.path = "/api/v1/all", .cookie = in.cookie},
                 200, "\"user\":1");
    in.cookie[0] = 'x';
    assert_asked((struct asked){.path = "/api/v1/all",
                                .cookie = strstr(in.cookie, "aw_session")},
                 401, "");
}

static void assert_address(const char *more, int64_t count,
                           const char *address)
{
    char sql[300];

    assert_asked((struct asked){.method = "POST",
                                .path = "/api/v1/login",
                                .more = more,
                                .body = "{\"name\":\"x\",\"password\":\"y\"}"},
                 401, "\"password\"");
    (void)snprintf(sql, sizeof sql,
                   "SELECT count(*) FROM audit WHERE detail LIKE"
                   " '{\"address\":\"%s\"%%'",
                   address);
    assert_int_equal(fixture_number(sql), count);
}

/* What the client wrote in front of it is not believed. */
static void behind_a_proxy_the_last_address_counts(void **state)
{
    (void)state;
    assert_address("X-Forwarded-For: 192.0.2.1, 192.0.2.7\r\n", 1,
                   "192.0.2.7");
    assert_address("X-Forwarded-For: 192.0.2.7, nonsense\r\n", 1, "127.0.0.1");
    assert_address("X-Forwarded-For: 2001:db8::1\r\n", 1, "2001:db8::1");
}

static void without_a_proxy_no_address_is_believed(void **state)
{
    (void)state;
    assert_address("X-Forwarded-For: 192.0.2.7\r\n", 1, "127.0.0.1");
}

/* ---- the page ------------------------------------------------------------
 */

static void the_page_answers_for_its_own_paths(void **state)
{
    static const char *const paths[] = {"/", "/finding/7", "/login", "/a%20b"};
    char etag[200];

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_asked((struct asked){.path = paths[i]}, 200,
                     "Content-Type: text/html; charset=utf-8\r\n");
    assert_asked((struct asked){.path = "/"}, 200,
                 "Cache-Control: no-cache\r\n");
    (void)snprintf(etag, sizeof etag, "If-None-Match: %.66s\r\n",
                   strstr(answer, "ETag: ") + 6);
    assert_asked((struct asked){.path = "/", .more = etag}, 304, "ETag: ");
    assert_string_equal(body_of_answer(answer), "");
    assert_asked((struct asked){.path = "/assets/app.js"}, 200,
                 "Content-Type: text/javascript; charset=utf-8\r\n");
    assert_asked((struct asked){.path = "/assets/index.html"}, 200, "");
    assert_asked((struct asked){.path = "/assets/none.js"}, 404, "");
    assert_asked((struct asked){.path = "/assets/../server.c"}, 404, "");
    assert_asked((struct asked){.path = "/favicon.ico"}, 404, "");
}

/* ---- people --------------------------------------------------------------
 */

static int post_as(const struct in *in, const char *method, const char *path,
                   const char *body)
{
    return do_ask((struct asked){.method = method,
                                 .path = path,
                                 .body = body,
                                 .cookie = in->cookie,
                                 .csrf = in->csrf});
}

static void coming_in_and_going_out(void **state)
{
    struct in in;

    (void)state;
    log_in(&in, "fang");
    assert_non_null(strstr(answer, "; Path=/; HttpOnly; SameSite=Strict\r\n"));
    assert_non_null(strstr(answer, "{\"user\":{\"id\":1,\"name\":\"fang\","
                                   "\"role\":\"reviewer\",\"place\":\"\","
                                   "\"certificate\":\"\"},\"csrf\":\""));
    assert_non_null(strstr(answer, "\"expires\":\"2026-11-23T02:43:00Z\"}"));
    assert_asked((struct asked){.path = "/api/v1/session",
                                .cookie = in.cookie},
                 200, "\"office\":\"济宁\",\"version\":\"");
    assert_non_null(strstr(answer, "\"now\":\"2026-11-23T02:13:00Z\""));
    assert_non_null(strstr(answer, "\"policy\":{\"second_severity\":"));
    assert_int_equal(post_as(&in, "POST", "/api/v1/logout", ""), 204);
    assert_non_null(strstr(answer, "Set-Cookie: aw_session=; "));
    assert_non_null(strstr(answer, "Max-Age=0"));
    assert_asked((struct asked){.path = "/api/v1/session",
                                .cookie = in.cookie},
                 401, "");
}

static void wrong_passwords_wait_whether_there_is_the_name_or_not(void **state)
{
    static const char *const names[] = {"fang", "nobody"};
    char refused[2][ANSWER_MAX], body[100];

    (void)state;
    for (int n = 0; n < 2; n++) {
        struct asked a = {.method = "POST",
                          .path = "/api/v1/login",
                          .body = body};

        (void)snprintf(body, sizeof body,
                       "{\"name\":\"%s\",\"password\":\"wrong\"}", names[n]);
        for (int i = 0; i <= AW_LOGIN_NAME_FREE; i++)
            assert_asked(a, 401, "\"password\"");
        (void)snprintf(refused[n], ANSWER_MAX, "%s", body_of_answer(answer));
        assert_null(strstr(answer, "Set-Cookie"));
        assert_asked(a, 429, "Retry-After: 1\r\n");
    }
    assert_string_equal(refused[0], refused[1]);
}

static void administrators_keep_users(void **state)
{
    struct in in, fang;

    (void)state;
    add_user("admin", AW_ROLE_ADMIN);
    log_in(&fang, "fang");
    log_in(&in, "admin");
    assert_int_equal(post_as(&in, "POST", "/api/v1/users",
                             "{\"name\":\"王芳\",\"role\":\"second_officer\","
                             "\"place\":\"3708\",\"certificate\":\"7\","
                             "\"password\":\"" GOOD "\"}"),
                     201);
    assert_string_equal(body_of_answer(answer),
                        "{\"id\":3,\"name\":\"王芳\","
                        "\"role\":\"second_officer\",\"place\":\"3708\","
                        "\"certificate\":\"7\",\"active\":true}");
    assert_int_equal(post_as(&in, "PATCH", "/api/v1/users/1",
                             "{\"active\":false}"),
                     200);
    assert_asked((struct asked){.path = "/api/v1/session",
                                .cookie = fang.cookie},
                 401, "");
    assert_asked((struct asked){.path = "/api/v1/users", .cookie = in.cookie},
                 200, "\"active\":false,\"open_sessions\":0}");
    assert_non_null(strstr(answer, "\"open_sessions\":1}"));
    assert_asked((struct asked){.path = "/api/v1/people", .cookie = in.cookie},
                 200,
                 "{\"id\":3,\"name\":\"王芳\",\"role\":"
                 "\"second_officer\"}]}");
    assert_null(strstr(answer, "fang"));
    assert_int_equal(post_as(&in, "PATCH", "/api/v1/users/9", "{}"), 404);
    assert_int_equal(post_as(&in, "PATCH", "/api/v1/users/3",
                             "{\"role\":\"king\"}"),
                     400);
}

/* Else the last one could shut all out. */
static void nobody_takes_his_own_rights(void **state)
{
    static const char *const bodies[] = {"{\"active\":false}",
                                         "{\"role\":\"auditor\"}",
                                         "{\"password\":\"" GOOD "\"}",
                                         "{\"place\":\"\"}",
                                         "{\"place\":\"37\"}"};
    struct in in;

    (void)state;
    add_user("admin", AW_ROLE_ADMIN);
    log_in(&in, "admin");
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        assert_int_equal(post_as(&in, "PATCH", "/api/v1/users/2", bodies[i]),
                         400);
    assert_asked((struct asked){.path = "/api/v1/session",
                                .cookie = in.cookie},
                 200, "\"place\":\"\"");
}

static void who_keeps_the_users_of_a_place_gives_out_no_more(void **state)
{
    struct in in;

    (void)state;
    add_user("admin", AW_ROLE_ADMIN);
    fixture_tamper("UPDATE user SET place = '370811' WHERE name = 'admin'");
    log_in(&in, "admin");
    assert_int_equal(post_as(&in, "PATCH", "/api/v1/users/1",
                             "{\"role\":\"auditor\"}"),
                     404); /* of all places */
    assert_int_equal(post_as(&in, "POST", "/api/v1/users",
                             "{\"name\":\"wei\",\"role\":\"auditor\","
                             "\"password\":\"" GOOD "\"}"),
                     400);
    assert_int_equal(post_as(&in, "POST", "/api/v1/users",
                             "{\"name\":\"wei\",\"role\":\"auditor\","
                             "\"place\":\"370811\",\"password\":\"" GOOD
                             "\"}"),
                     201);
    assert_int_equal(post_as(&in, "PATCH", "/api/v1/users/3",
                             "{\"place\":\"3708\"}"),
                     400);
}

/* Every role on every route of people: who may, may; others are told. */
static void routes_of_people_are_for_their_roles(void **state)
{
    static const struct {
        const char *method, *path, *body;
        unsigned may;
        int status; /* for who may */
    } cases[] = {{"GET", "/api/v1/session", "", AW_MAY_READ, 200},
                 {"GET", "/api/v1/people", "", AW_MAY_READ, 200},
                 {"GET", "/api/v1/users", "", AW_MAY_SUPERVISE, 200},
                 {"POST", "/api/v1/users", "{}", AW_MAY(ADMIN), 400},
                 {"PATCH", "/api/v1/users/99", "{}", AW_MAY(ADMIN), 404},
                 {"POST", "/api/v1/session/password", "{}", AW_MAY_READ, 400}};

    (void)state;
    for (int role = 0; role < AW_ROLE_COUNT; role++) {
        struct in in;

        add_user(aw_role_code((enum aw_role)role), (enum aw_role)role);
        log_in(&in, aw_role_code((enum aw_role)role));
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            int status =
                post_as(&in, cases[i].method, cases[i].path, cases[i].body);

            if (status != (cases[i].may & 1u << role ? cases[i].status : 403))
                fail_msg("%s %s as %s: %d", cases[i].method, cases[i].path,
                         aw_role_code((enum aw_role)role), status);
        }
    }
}

static void one_gets_a_new_password_for_the_old(void **state)
{
    struct in in;

    (void)state;
    log_in(&in, "fang");
    assert_int_equal(post_as(&in, "POST", "/api/v1/session/password",
                             "{\"old\":\"wrong\",\"new\":\"" GOOD "2\"}"),
                     400);
    assert_int_equal(post_as(&in, "POST", "/api/v1/session/password",
                             "{\"old\":\"" GOOD "\",\"new\":\"short\"}"),
                     400);
    assert_int_equal(post_as(&in, "POST", "/api/v1/session/password",
                             "{\"old\":\"" GOOD "\",\"new\":\"" GOOD "2\"}"),
                     204);
    assert_asked((struct asked){.path = "/api/v1/session",
                                .cookie = in.cookie},
                 200, "");
    assert_asked((struct asked){.method = "POST",
                                .path = "/api/v1/login",
                                .body = "{\"name\":\"fang\","
                                        "\"password\":\"" GOOD "\"}"},
                 401, "");
}

/* ---- in common -----------------------------------------------------------
 */

static void a_session_outlives_the_server(void **state)
{
    struct in in;

    (void)state;
    log_in(&in, "fang");
    aw_server_free(server);
    server = NULL;
    start(NULL);
    assert_asked((struct asked){.path = "/api/v1/all", .cookie = in.cookie},
                 200, "\"user\":1");
}

static void both_ports_must_be_free(void **state)
{
    struct aw_server_config how = {.clock = &clock_at,
                                   .log = &log_to,
                                   .config = &config,
                                   .lexicon_dir = "lexicons",
                                   .store_path = fixture.path,
                                   .bind = "127.0.0.1",
                                   .capture_port = port()};
    struct aw_server *second = NULL;

    (void)state;
    assert_int_equal(aw_server_new(&second, &how, &fixture.err), AW_BUSY);
    assert_null(second);
}

#undef UNIT
#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define PROXIED(test) \
    cmocka_unit_test_setup_teardown(test, set_up_behind_proxy, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(routes_are_found_with_their_ids),
        UNIT(other_methods_are_told_which_there_are),
        UNIT(a_failure_is_a_status_and_drops_the_reply),
        UNIT(members_are_read),
        UNIT(bad_bodies_are_told),
        UNIT(a_route_has_its_own_limit_of_bodies),
        UNIT(other_types_are_no_json),
        UNIT(numbers_of_the_query_are_checked),
        UNIT(other_hosts_are_refused),
        UNIT(writes_from_elsewhere_are_refused),
        UNIT(without_a_session_one_is_nobody),
        UNIT(a_write_needs_the_sessions_own_token),
        UNIT(a_route_is_for_its_roles),
        UNIT(an_old_session_is_over),
        UNIT(slow_calls_leave_stores_for_quick_ones),
        UNIT(all_replies_are_guarded),
        PROXIED(behind_a_proxy_its_name_counts),
        PROXIED(behind_a_proxy_the_cookie_is_for_tls_alone),
        PROXIED(behind_a_proxy_the_last_address_counts),
        UNIT(without_a_proxy_no_address_is_believed),
        UNIT(the_page_answers_for_its_own_paths),
        UNIT(coming_in_and_going_out),
        UNIT(wrong_passwords_wait_whether_there_is_the_name_or_not),
        UNIT(administrators_keep_users),
        UNIT(nobody_takes_his_own_rights),
        UNIT(who_keeps_the_users_of_a_place_gives_out_no_more),
        UNIT(routes_of_people_are_for_their_roles),
        UNIT(one_gets_a_new_password_for_the_old),
        UNIT(a_session_outlives_the_server),
        UNIT(both_ports_must_be_free),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
