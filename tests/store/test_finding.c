#include "tests/store/fixture.h"

/* ---- captures ---------------------------------------------------------- */

static void a_capture_comes_back_as_it_was(void **state)
{
    struct aw_capture in = {.run = fixture_run(),
                            .fetched_ms = 1,
                            .url = AW_STR("http://a.example/"),
                            .source = AW_STR("s"),
                            .status = 206,
                            .mime = AW_STR("text/html"),
                            .ip = AW_STR("192.0.2.7"),
                            .protocol = AW_STR("h2"),
                            .warc_file = AW_STR("x.warc.gz"),
                            .warc_offset = INT64_C(5000000000),
                            .warc_length = 3,
                            .request_offset = 4,
                            .request_length = 5,
                            .payload_digest = AW_STR("ab"),
                            .body_bytes = 6,
                            .elapsed_ms = 7,
                            .reader = AW_STR("ok"),
                            .charset = AW_STR("gb18030"),
                            .charset_why = AW_STR("meta"),
                            .title = AW_STR("题"),
                            .verdict = AW_STR("clear"),
                            .doc_kind = AW_STR("news"),
                            .doc_score = 0.25,
                            .tls_organisation = AW_STR("样例公司"),
                            .plain = 8};
    struct aw_capture out = {0};

    (void)state;
    ASSERT_OK(aw_store_capture_add(fixture.store, &in, &fixture.err));
    ASSERT_OK(aw_store_capture_get(fixture.store, &fixture.arena, in.id, &out,
                                   &fixture.err));
    assert_int_equal(out.status, 206);
    assert_int_equal(out.warc_offset, INT64_C(5000000000));
    assert_int_equal(out.warc_length, 3);
    assert_int_equal(out.request_offset, 4);
    assert_int_equal(out.request_length, 5);
    assert_int_equal(out.body_bytes, 6);
    assert_int_equal(out.elapsed_ms, 7);
    assert_true(aw_str_eq(out.ip, in.ip));
    assert_true(aw_str_eq(out.protocol, in.protocol));
    assert_true(aw_str_eq(out.warc_file, in.warc_file));
    assert_true(aw_str_eq(out.charset_why, in.charset_why));
    assert_true(aw_str_eq(out.title, in.title));
    assert_true(aw_str_eq(out.doc_kind, in.doc_kind));
    assert_true(aw_str_eq(out.tls_organisation, in.tls_organisation));
    assert_int_equal(out.plain, 8);
    assert_true(out.doc_score > 0.24 && out.doc_score < 0.26);
}

static void a_capture_that_is_not_there_is_missing(void **state)
{
    struct aw_capture out = {0};

    (void)state;
    assert_int_equal(aw_store_capture_get(fixture.store, &fixture.arena, 7,
                                          &out, &fixture.err),
                     AW_MISSING);
    ASSERT_SAYS("no capture 7");
}

/* ---- findings ---------------------------------------------------------- */

static void a_finding_comes_back_with_its_claims(void **state)
{
    struct aw_claim_row claims[2] = {fixture_claim(), fixture_claim()};
    struct aw_finding finding =
        fixture_finding("f", fixture_capture((struct aw_capture){0}), claims);
    struct aw_finding out = {0};

    (void)state;
    claims[1].rule = AW_STR("GR-002");
    claims[1].block = 3;
    finding.claim_count = 2;
    (void)fixture_add(&finding);
    ASSERT_OK(aw_store_finding_get(fixture.store, &fixture.arena, finding.id,
                                   &out, &fixture.err));
    assert_int_equal(out.claim_count, 2);
    assert_true(aw_str_eq(out.state, AW_STR("new")));
    assert_true(aw_str_eq(out.title, finding.title));
    assert_true(aw_str_eq(out.parties, finding.parties));
    assert_int_equal(out.severity, 3);
    assert_true(aw_str_eq(out.claims[0].quote, claims[0].quote));
    assert_true(aw_str_eq(out.claims[0].before, claims[0].before));
    assert_true(aw_str_eq(out.claims[0].law, claims[0].law));
    assert_int_equal(out.claims[0].start, 5);
    assert_int_equal(out.claims[0].end, 9);
    assert_true(aw_str_eq(out.claims[1].rule, AW_STR("GR-002")));
    assert_int_equal(out.claims[1].block, 3);
}

static void the_same_finding_twice_is_one_row_seen_later(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    int64_t first = fixture_capture((struct aw_capture){0});
    struct aw_finding finding = fixture_finding("f", first, &claim);
    struct aw_finding out = {0};
    bool added = true;

    (void)state;
    (void)fixture_add(&finding);
    finding.id = 0;
    finding.last_capture = fixture_capture((struct aw_capture){0});
    finding.last_seen_ms += 86400000;
    ASSERT_OK(
        aw_store_finding_add(fixture.store, &finding, &added, &fixture.err));
    assert_false(added);
    ASSERT_OK(aw_store_finding_get(fixture.store, &fixture.arena, finding.id,
                                   &out, &fixture.err));
    assert_int_equal(out.first_capture, first);
    assert_int_equal(out.last_capture, finding.last_capture);
    assert_int_equal(out.last_seen_ms - out.first_seen_ms, 86400000);
    assert_int_equal(out.claim_count, 1);
    assert_int_equal(fixture_number("SELECT count(*) FROM finding"), 1);
}

static void a_decided_finding_seen_again_keeps_its_state(void **state)
{
    struct aw_finding out = {0};
    int64_t id = fixture_simple("f");

    (void)state;
    fixture_tamper("UPDATE finding SET state = 'dismissed'");
    assert_int_equal(fixture_simple("f"), id);
    ASSERT_OK(aw_store_finding_get(fixture.store, &fixture.arena, id, &out,
                                   &fixture.err));
    assert_true(aw_str_eq(out.state, AW_STR("dismissed")));
}

static int64_t urgent(const char *fingerprint, double urgency)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding =
        fixture_finding(fingerprint, fixture_capture((struct aw_capture){0}),
                        &claim);

    finding.urgency = urgency;
    return fixture_add(&finding);
}

struct seen {
    int64_t ids[8];
    size_t count;
};

static aw_rc note_finding(void *self, const struct aw_finding *finding,
                          struct aw_err *err)
{
    struct seen *seen = self;

    (void)err;
    assert_int_equal(finding->claim_count, 1);
    seen->ids[seen->count++] = finding->id;
    return AW_OK;
}

static void the_queue_has_the_most_urgent_first(void **state)
{
    int64_t low = urgent("a", 0.1);
    int64_t high = urgent("b", 0.9);
    int64_t same = urgent("c", 0.9);
    struct seen seen = {0};

    (void)state;
    ASSERT_OK(aw_store_findings(fixture.store, NULL, 0, note_finding, &seen,
                                &fixture.err));
    assert_int_equal(seen.count, 3);
    assert_int_equal(seen.ids[0], high);
    assert_int_equal(seen.ids[1], same);
    assert_int_equal(seen.ids[2], low);
}

static void the_queue_is_cut_by_state_and_limit(void **state)
{
    int64_t kept = urgent("a", 0.1);
    struct seen seen = {0};

    (void)state;
    (void)urgent("b", 0.9);
    fixture_tamper("UPDATE finding SET state = 'confirmed' WHERE id = 2");
    ASSERT_OK(aw_store_findings(fixture.store, "new", 5, note_finding, &seen,
                                &fixture.err));
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.ids[0], kept);
    ASSERT_OK(aw_store_findings(fixture.store, NULL, 1, note_finding, &seen,
                                &fixture.err));
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.ids[1], 2);
}

/* ---- findings whose page changed --------------------------------------- */

static struct aw_finding finding_of(int64_t id)
{
    struct aw_finding out = {0};

    ASSERT_OK(aw_store_finding_get(fixture.store, &fixture.arena, id, &out,
                                   &fixture.err));
    return out;
}

static int64_t shown(const char *fingerprint, int64_t capture,
                     struct aw_str url)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = fixture_finding(fingerprint, capture, &claim);

    if (url.len > 0)
        finding.url = url;
    return fixture_add(&finding);
}

static void gone(int64_t capture, const char *why, int64_t now_ms)
{
    ASSERT_OK(
        aw_store_findings_gone(fixture.store,
                               AW_STR("http://www.jinhui-wealth.example/"),
                               capture, why, now_ms, &fixture.err));
}

static void a_finding_that_its_page_shows_is_not_gone(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    assert_int_equal(finding_of(id).gone_ms, 0);
    assert_int_equal(finding_of(id).gone_why.len, 0);
}

static void what_a_newer_capture_does_not_show_is_gone(void **state)
{
    int64_t one = fixture_capture((struct aw_capture){0});
    int64_t two = fixture_capture((struct aw_capture){0});
    int64_t old = shown("f", one, AW_STR(""));
    int64_t still = shown("g", one, AW_STR(""));
    int64_t elsewhere = shown("h", one, AW_STR("http://a.example/"));

    (void)state;
    assert_int_equal(shown("g", two, AW_STR("")), still);
    gone(two, "the page no longer says so", 70);
    assert_int_equal(finding_of(old).gone_ms, 70);
    assert_true(aw_str_eq(finding_of(old).gone_why,
                          AW_STR("the page no longer says so")));
    assert_int_equal(finding_of(still).gone_ms, 0);
    assert_int_equal(finding_of(elsewhere).gone_ms, 0);
}

static void what_was_gone_before_keeps_its_time_and_reason(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    gone(0, "http 404", 70);
    gone(0, "http 410", 90);
    assert_int_equal(finding_of(id).gone_ms, 70);
    assert_true(aw_str_eq(finding_of(id).gone_why, AW_STR("http 404")));
}

static void what_is_seen_again_is_no_longer_gone(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    gone(0, "http 404", 70);
    assert_int_equal(fixture_simple("f"), id);
    assert_int_equal(finding_of(id).gone_ms, 0);
    assert_int_equal(finding_of(id).gone_why.len, 0);
    gone(0, "http 410", 90);
    assert_int_equal(finding_of(id).gone_ms, 90);
}

/* ---- decisions ----------------------------------------------------- */

static void decide(int64_t finding, const char *hash, const char *to)
{
    struct aw_decision_row row = {.finding = finding,
                                  .at_ms = 5,
                                  .who = AW_STR("王芳"),
                                  .action = AW_STR("confirm"),
                                  .reason = AW_STR(""),
                                  .previous = AW_STR("p"),
                                  .hash = aw_str_of(hash)};

    ASSERT_OK(aw_store_decision_add(fixture.store, &row, to, &fixture.err));
}

static aw_rc note_decision(void *self, const struct aw_decision_row *row,
                           struct aw_err *err)
{
    struct seen *seen = self;

    (void)err;
    assert_true(aw_str_eq(row->who, AW_STR("王芳")));
    seen->ids[seen->count++] = row->id;
    return AW_OK;
}

static void decisions_come_in_their_order_and_move_the_finding(void **state)
{
    int64_t one = fixture_simple("f");
    int64_t two = fixture_simple("g");
    struct aw_decision_row last = {0};
    struct seen seen = {0};

    (void)state;
    assert_int_equal(aw_store_decision_last(fixture.store, &fixture.arena,
                                            &last, &fixture.err),
                     AW_MISSING);
    decide(one, "h1", "confirmed");
    decide(two, "h2", "dismissed");
    decide(one, "h3", "escalated");
    ASSERT_OK(aw_store_decision_last(fixture.store, &fixture.arena, &last,
                                     &fixture.err));
    assert_true(aw_str_eq(last.hash, AW_STR("h3")));
    ASSERT_OK(aw_store_decisions(fixture.store, 0, note_decision, &seen,
                                 &fixture.err));
    assert_int_equal(seen.count, 3);
    ASSERT_OK(aw_store_decisions(fixture.store, one, note_decision, &seen,
                                 &fixture.err));
    assert_int_equal(seen.count, 5);
    assert_int_equal(seen.ids[4], 3);
    assert_int_equal(fixture_number("SELECT count(*) FROM finding"
                                    " WHERE id = 1 AND state = 'escalated'"),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_capture_comes_back_as_it_was),
        UNIT(a_capture_that_is_not_there_is_missing),
        UNIT(a_finding_comes_back_with_its_claims),
        UNIT(the_same_finding_twice_is_one_row_seen_later),
        UNIT(a_decided_finding_seen_again_keeps_its_state),
        UNIT(the_queue_has_the_most_urgent_first),
        UNIT(the_queue_is_cut_by_state_and_limit),
        UNIT(a_finding_that_its_page_shows_is_not_gone),
        UNIT(what_a_newer_capture_does_not_show_is_gone),
        UNIT(what_was_gone_before_keeps_its_time_and_reason),
        UNIT(what_is_seen_again_is_no_longer_gone),
        UNIT(decisions_come_in_their_order_and_move_the_finding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
