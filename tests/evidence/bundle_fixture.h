/* bundle_fixture.h - a workspace with one confirmed finding and two officers,
 * whose bundle can be made.
 */
#ifndef AW_TESTS_EVIDENCE_BUNDLE_FIXTURE_H
#define AW_TESTS_EVIDENCE_BUNDLE_FIXTURE_H

#include "tests/evidence/shell.h"

#include "archive/warc.h"
#include "base/rng.h"
#include "review/decide.h"
#include "review/user.h"
#include "tests/evidence/tools.h"

#define SEEN INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define PAGE "<html><title>金汇财富</title>本公司产品保本保息，随存随取</html>"

#define WANG "王芳"
#define LI "李强"
#define PASSWORD "correct horse battery"

static struct aw_clock office_clock;

/* Archives a page, and makes its row. */
static inline int64_t office_capture(struct aw_warc_writer *writer)
{
    struct aw_warc_record response = {
        .type = AW_WARC_RESPONSE,
        .date_ms = SEEN,
        .target_uri = AW_STR("http://www.jinhui-wealth.example/"),
        .ip = AW_STR("192.0.2.7"),
        .head = AW_STR("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        .body = AW_STR(PAGE)};
    struct aw_warc_place to = {{0}, 0, 0};

    ASSERT_OK(aw_warc_append(writer, &response, &to, &fixture.err));
    return fixture_capture(
        (struct aw_capture){.fetched_ms = SEEN,
                            .status = 200,
                            .title = AW_STR("金汇财富"),
                            .ip = response.ip,
                            .protocol = AW_STR("http/1.1"),
                            .mime = AW_STR("text/html"),
                            .warc_file = aw_str_of(to.file),
                            .warc_offset = to.offset,
                            .warc_length = to.length,
                            .payload_digest =
                                aw_str_of(response.payload_digest),
                            .body_bytes = (int64_t)response.body.len});
}

static inline void office_archive(void)
{
    struct aw_rng rng;
    struct aw_warc_writer *writer = NULL;
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding;

    tools_archive(&writer, &office_clock, &rng);
    finding = fixture_finding("f", office_capture(writer), &claim);
    (void)fixture_add(&finding);
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    aw_warc_writer_free(writer);
}

static inline void office_user(const char *name, enum aw_role role,
                               const char *certificate)
{
    struct aw_user user = {.name = aw_str_of(name),
                           .role = role,
                           .certificate = aw_str_of(certificate),
                           .active = true};

    ASSERT_OK(aw_user_add(fixture.store, &office_clock, AW_STR("root"), &user,
                          AW_STR(PASSWORD), &fixture.err));
}

static inline int office_set_up(void **state)
{
    struct aw_decision_input input = {.finding = 1,
                                      .action = AW_STR("confirm"),
                                      .reason = AW_STR("与原文一致"),
                                      .who = AW_STR(WANG)};

    if (fixture_set_up(state) != 0)
        return -1;
    office_clock = aw_clock_manual(aw_clock_wall(aw_clock_system()));
    office_archive();
    ASSERT_OK(aw_decide(fixture.store, &office_clock, &input, NULL, NULL,
                        &fixture.err));
    office_user(WANG, AW_ROLE_REVIEWER, "37080001");
    office_user(LI, AW_ROLE_SECOND, "37080002");
    return 0;
}

/* Each takes a second, so that no two have one name. */
static inline void office_bundle(char path[AW_PATH_MAX])
{
    ASSERT_OK(tools_bundle(1, "lexicons", &office_clock, path));
    office_clock.manual_ms += 1000;
}

#endif
