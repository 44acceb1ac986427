#include "evidence/stamp.h"
#include "tests/evidence/authority.h"

#define TEXT AW_STR("abc 0123  data/manifest\n")

static char dir[] = "/tmp/aw-tsa-XXXXXX";

static int start(void **state)
{
    (void)state;
    if (!mkdtemp(dir))
        return -1;
    authority_make(dir);
    authority_start(dir);
    return 0;
}

static int stop(void **state)
{
    char command[64];

    (void)state;
    authority_stop();
    (void)snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

static aw_rc ask_at(const char *url, const struct aw_clock *clock,
                    struct aw_buf *answer)
{
    struct aw_tsa_config tsa = {.url = (char *)(uintptr_t)url,
                                .timeout_ms = 10000,
                                .clock_ms = 300000};
    struct aw_stamp stamp;

    aw_buf_init(answer, AW_STAMP_MAX);
    return aw_stamp_ask(&tsa, NULL, clock, TEXT, answer, &stamp, &fixture.err);
}

static aw_rc ask(const char *way, struct aw_buf *answer)
{
    return ask_at(authority_url(way), aw_clock_system(), answer);
}

static struct aw_trust *trust_in(const char *name)
{
    char path[AW_PATH_MAX];
    const char *paths[] = {path};
    struct aw_trust *trust = NULL;

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    ASSERT_OK(aw_trust_new(&trust, paths, 1, &fixture.err));
    return trust;
}

static aw_rc check(const struct aw_buf *answer, const char *trusted,
                   struct aw_stamp *stamp)
{
    struct aw_trust *trust = trusted ? trust_in(trusted) : NULL;
    aw_rc rc =
        aw_stamp_check(aw_buf_str(answer), TEXT, trust, stamp, &fixture.err);

    aw_trust_free(trust);
    return rc;
}

/* ---- a good one ----------------------------------------------------------
 */

static void a_stamp_is_had_and_openssl_verifies_it(void **state)
{
    struct aw_buf answer;
    struct aw_stamp stamp;
    char command[512];
    int64_t now = aw_clock_wall(aw_clock_system());

    (void)state;
    ASSERT_OK(ask("tsa", &answer));
    ASSERT_OK(check(&answer, NULL, &stamp));
    assert_false(stamp.proven);
    assert_string_equal(stamp.authority, "CN=Test TSA");
    assert_true(stamp.at_ms > now - 60000 && stamp.at_ms < now + 60000);
    ASSERT_OK(check(&answer, "ca.pem", &stamp));
    assert_true(stamp.proven);
    ASSERT_OK(check(&answer, "tsa.pem", &stamp));
    assert_true(stamp.proven);
    put_bytes("tsr", aw_buf_str(&answer));
    put_bytes("text", TEXT);
    (void)snprintf(command, sizeof command,
                   "openssl ts -verify -data text -in tsr -CAfile %s/ca.pem",
                   dir);
    shell(command);
    aw_buf_deinit(&answer);
}

static void whom_nobody_trusts_is_told(void **state)
{
    struct aw_buf answer;
    struct aw_stamp stamp;

    (void)state;
    ASSERT_OK(ask("tsa", &answer));
    assert_int_equal(check(&answer, "other.pem", &stamp), AW_INVALID);
    ASSERT_SAYS("the authority CN=Test TSA is not trusted");
    aw_buf_deinit(&answer);
}

static void over_other_bytes_it_is_none(void **state)
{
    struct aw_buf answer;
    struct aw_stamp stamp;

    (void)state;
    ASSERT_OK(ask("tsa", &answer));
    assert_int_equal(aw_stamp_check(aw_buf_str(&answer), AW_STR("other"), NULL,
                                    &stamp, &fixture.err),
                     AW_INVALID);
    ASSERT_SAYS("over something else");
    aw_buf_deinit(&answer);
}

/* Some names and the status are signed by nobody in the answer itself; a
 * bundle has a signature of its own over the whole of it (seal.h). */
static void hardly_a_byte_can_change(void **state)
{
    struct aw_buf answer;
    struct aw_stamp stamp;
    int unseen = 0;

    (void)state;
    ASSERT_OK(ask("tsa", &answer));
    for (size_t i = 0; i < answer.len; i++) {
        answer.ptr[i] ^= 1;
        if (check(&answer, NULL, &stamp) == AW_OK)
            unseen++;
        answer.ptr[i] ^= 1;
        assert_int_equal(aw_stamp_check((struct aw_str){answer.ptr, i}, TEXT,
                                        NULL, &stamp, &fixture.err),
                         AW_INVALID);
    }
    assert_in_range(unseen, 0, answer.len / 40);
    aw_buf_deinit(&answer);
}

/* ---- bad authorities -----------------------------------------------------
 */

static void bad_answers_are_refused_with_the_reason(void **state)
{
    static const struct {
        const char *way;
        aw_rc rc;
        const char *says;
    } cases[] = {
        {"old", AW_INVALID, "out of date"},
        {"rubbish", AW_INVALID, "no answer of RFC 3161"},
        {"type", AW_INVALID, "it answers with 'text/html'"},
        {"much", AW_LIMIT, "65536"},
        {"nonce", AW_INVALID, "another nonce"},
        {"tail", AW_INVALID, "more follows"},
        {"redirect", AW_NET, "status 302"},
        {"500", AW_NET, "status 500"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct aw_buf answer;
        aw_rc rc = ask(cases[i].way, &answer);

        if (rc != cases[i].rc || !strstr(fixture.err.msg, cases[i].says))
            fail_msg("%s: %d '%s'", cases[i].way, rc, fixture.err.msg);
        ASSERT_SAYS("127.0.0.1");
        aw_buf_deinit(&answer);
    }
}

static void clocks_far_apart_are_refused(void **state)
{
    int64_t now = aw_clock_wall(aw_clock_system());
    static const int64_t offsets[] = {INT64_C(3600000), -INT64_C(3600000)};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct aw_clock clock = aw_clock_manual(now + offsets[i]);
        struct aw_buf answer;

        assert_int_equal(ask_at(authority_url("tsa"), &clock, &answer),
                         AW_INVALID);
        ASSERT_SAYS("the authority's clock says");
        aw_buf_deinit(&answer);
    }
}

static void who_never_answers_is_not_waited_for(void **state)
{
    struct aw_tsa_config tsa = {.url = authority_url("never"),
                                .timeout_ms = 300,
                                .clock_ms = 300000};
    struct aw_buf answer;
    struct aw_stamp stamp;
    int64_t from = aw_clock_mono(aw_clock_system());

    (void)state;
    aw_buf_init(&answer, AW_STAMP_MAX);
    assert_int_equal(aw_stamp_ask(&tsa, NULL, aw_clock_system(), TEXT, &answer,
                                  &stamp, &fixture.err),
                     AW_NET);
    assert_true(aw_clock_mono(aw_clock_system()) - from < 15000);
    tsa.url = (char *)(uintptr_t) "http://127.0.0.1:1/";
    assert_int_equal(aw_stamp_ask(&tsa, NULL, aw_clock_system(), TEXT, &answer,
                                  &stamp, &fixture.err),
                     AW_NET);
    tsa.url = (char *)(uintptr_t) "file:///etc/passwd";
    assert_int_equal(aw_stamp_ask(&tsa, NULL, aw_clock_system(), TEXT, &answer,
                                  &stamp, &fixture.err),
                     AW_NET);
    aw_buf_deinit(&answer);
}

/* ---- made by hand --------------------------------------------------------
 */

/* Signs a stamp with certificates that it does not need. */
static void certificates_of_no_use_are_refused(void **state)
{
    struct aw_buf answer;
    struct aw_stamp stamp;
    char command[1024];

    (void)state;
    (void)snprintf(
        command, sizeof command,
        "cp -r %s/. . && cat other.pem >> ca.pem && printf '%%s\\n' 'abc 0123 "
        " data/manifest' > text && openssl ts -query -sha256 -cert -data text"
        " -out q && openssl ts -reply -config tsa.cnf -queryfile q -out r",
        dir);
    shell(command);
    answer = get_bytes("r");
    assert_int_equal(check(&answer, NULL, &stamp), AW_INVALID);
    ASSERT_SAYS("of no use");
    aw_buf_deinit(&answer);
}

static void a_stamp_that_was_refused_is_none(void **state)
{
    struct aw_buf answer;
    struct aw_stamp stamp;
    char command[1024];

    (void)state;
    (void)snprintf(command, sizeof command,
                   "cp -r %s/. . && echo x > text && openssl ts -query -sha512"
                   " -cert -data text -out q && openssl ts -reply -config"
                   " tsa.cnf -queryfile q -out r",
                   dir);
    shell(command);
    answer = get_bytes("r");
    assert_int_equal(check(&answer, NULL, &stamp), AW_INVALID);
    ASSERT_SAYS("the authority refused");
    aw_buf_deinit(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_stamp_is_had_and_openssl_verifies_it),
        UNIT(whom_nobody_trusts_is_told),
        UNIT(over_other_bytes_it_is_none),
        UNIT(hardly_a_byte_can_change),
        UNIT(bad_answers_are_refused_with_the_reason),
        UNIT(clocks_far_apart_are_refused),
        UNIT(who_never_answers_is_not_waited_for),
        UNIT(certificates_of_no_use_are_refused),
        UNIT(a_stamp_that_was_refused_is_none),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
