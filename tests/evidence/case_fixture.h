/* case_fixture.h - a case by hand, for tests: one finding, a page seen by a
 * browser, a screenshot, a few files. */
#ifndef AW_TESTS_EVIDENCE_CASE_FIXTURE_H
#define AW_TESTS_EVIDENCE_CASE_FIXTURE_H

#include "tests/store/fixture.h"

#include "evidence/case.h"
#include "evidence/facts.h"

#define CASE_SEEN INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define CASE_SHOT "data/05-截图/capture-7-首屏.png"
#define CASE_DIGEST \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct aw_claim_row case_claim;
static struct aw_case_finding case_finding;
static struct aw_case_capture case_capture;
static struct aw_decision_row case_decision;
static struct aw_provision case_provision;
static struct aw_cited case_cited;
static struct aw_shot_row case_shot;
static struct aw_item case_items[3];
static struct aw_facts case_facts;

static inline struct aw_item case_item(const char *name, const char *proves)
{
    return (struct aw_item){.name = aw_str_of(name),
                            .bytes = 1234,
                            .sha256 = CASE_DIGEST,
                            .sm3 = CASE_DIGEST,
                            .made_ms = CASE_SEEN,
                            .made_by = AW_STR("adwatch test"),
                            .made_how = AW_STR("程序按存档原字节取出"),
                            .proves = aw_str_of(proves)};
}

/* How the page was fetched; a test may change it. */
static inline void case_fetched(void)
{
    case_facts = (struct aw_facts){
        .redirects = 1,
        .via = AW_STR("http://go.example/"),
        .remote_address = AW_STR("192.0.2.7"),
        .remote_port = 443,
        .dns = {AW_STR("192.0.2.7"), AW_STR("192.0.2.8")},
        .dns_count = 2,
        .dns_source = AW_STR("resolver"),
        .dns_at = AW_STR("2026-11-23T02:12:59Z"),
        .tls_protocol = AW_STR("TLSv1.3"),
        .tls_chain = AW_STR(CASE_DIGEST),
        .clock_at = AW_STR("2026-11-23T02:00:00Z"),
        .clock_synchronised = AW_STR("yes"),
        .clock_offset_us = AW_STR("-120"),
        .clock_keeper = AW_STR("chronyd"),
        .browser = AW_STR("Chromium 156"),
        .page_given = true,
        .certificates = {{.subject = AW_STR("CN=www.jinhui-wealth.example"),
                          .issuer = AW_STR("CN=Example CA"),
                          .from_ms = CASE_SEEN - 86400000,
                          .until_ms = CASE_SEEN + 86400000,
                          .sha256 = CASE_DIGEST}},
        .certificate_count = 1};
}

static inline void case_parts(void)
{
    case_fetched();
    case_claim = fixture_claim();
    case_finding =
        (struct aw_case_finding){.finding =
                                     fixture_finding("f", 7, &case_claim),
                                 .decisions = &case_decision,
                                 .decision_count = 1,
                                 .cited = &case_cited,
                                 .cited_count = 1};
    case_finding.finding.id = 5;
    case_finding.finding.state = AW_STR("confirmed");
    case_finding.finding.claims = &case_claim;
    case_finding.finding.claim_count = 1;
    case_decision = (struct aw_decision_row){.id = 1,
                                             .finding = 5,
                                             .at_ms = CASE_SEEN + 1000,
                                             .who = AW_STR("王芳"),
                                             .action = AW_STR("confirm"),
                                             .hash = AW_STR(CASE_DIGEST)};
    case_provision = (struct aw_provision){
        .id = "advertising-law-25-1",
        .law = "中华人民共和国广告法",
        .article = "第二十五条第（一）项",
        .text = "对未来效果、收益或者与其相关的情况作出保证性承诺",
        .summary = "",
        .from = "2021-04-29",
        .to = "",
        .status = "second-hand",
        .source = "样例来源"};
    case_cited =
        (struct aw_cited){AW_STR("advertising-law-25-1"), &case_provision};
    case_shot = (struct aw_shot_row){.capture = 7,
                                     .kind = AW_STR("first"),
                                     .width = 1280,
                                     .height = 800};
    case_capture = (struct aw_case_capture){
        .capture = {.id = 7,
                    .run = 2,
                    .fetched_ms = CASE_SEEN,
                    .url = AW_STR("http://www.jinhui-wealth.example/"),
                    .ip = AW_STR("192.0.2.7"),
                    .protocol = AW_STR("http/1.1"),
                    .mime = AW_STR("text/html"),
                    .status = 200,
                    .warc_file = AW_STR("a.warc.gz"),
                    .payload_digest = AW_STR(CASE_DIGEST),
                    .body_bytes = 2048},
        .part = AW_PART_PAGE,
        .shots = &case_shot,
        .shot_count = 1,
        .rendered = true,
        .facts = &case_facts,
        .compared_json = AW_STR("{\"outcome\":\"same\",\"what\":\"一致；"
                                "可见文字相同。\"}")};
    case_items[0] = case_item("data/01-线索/finding-5.json", "线索内容");
    case_items[1] =
        case_item("data/02-网页存档/capture-7.warc.gz", "页面在该时间的内容");
    case_items[2] = case_item(CASE_SHOT, "页面在该时间的外观");
}

/* Its texts are literals; a test may change the parts above before. */
static inline struct aw_case case_whole(void)
{
    return (struct aw_case){.made_ms = CASE_SEEN + 3600000,
                            .name = AW_STR("adwatch-case-test"),
                            .office = AW_STR("样例市市场监督管理局"),
                            .tool = AW_STR("adwatch test"),
                            .findings = &case_finding,
                            .finding_count = 1,
                            .captures = &case_capture,
                            .capture_count = 1,
                            .items = case_items,
                            .item_count = 3,
                            .audit = {.id = 9, .hash = CASE_DIGEST}};
}

#endif
