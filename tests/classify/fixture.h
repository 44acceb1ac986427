/* fixture.h - a small lexicon and corpus in a temporary folder, for the tests
 * of classify/. The texts are made up here.
 */
#ifndef AW_TESTS_CLASSIFY_FIXTURE_H
#define AW_TESTS_CLASSIFY_FIXTURE_H

#include <sys/stat.h>

#include "classify/lexicon.h"
#include "tests/base/base_test.h"

static const char lists_yaml[] = "lists:\n"
                                 "  - name: assure\n"
                                 "    items: ['保证', '确保', '包', 'a.b']\n";

static const char provisions_yaml[] = "provisions:\n"
                                      "  - id: law-1\n"
                                      "    title: 'of the test'\n";

static const char contexts_yaml[] = "contexts:\n"
                                    "  - id: negation\n"
                                    "    version: 1\n"
                                    "    effect: void\n"
                                    "    where: before\n"
                                    "    within: 8\n"
                                    "    all: ['(?:不|未)[^，。]{0,4}$']\n"
                                    "    none: ['不但']\n"
                                    "    why: '否定'\n"
                                    "  - id: warning-near\n"
                                    "    version: 1\n"
                                    "    effect: exempt\n"
                                    "    where: sentence\n"
                                    "    all: ['警惕']\n"
                                    "    why: '警示'\n"
                                    "  - id: doubt\n"
                                    "    version: 1\n"
                                    "    effect: weigh\n"
                                    "    weight: -1.5\n"
                                    "    where: document\n"
                                    "    all: ['据说']\n"
                                    "    why: '听说'\n";

static const char exemptions_yaml[] = "exemptions:\n"
                                      "  - id: bonds\n"
                                      "    version: 1\n"
                                      "    effect: exempt\n"
                                      "    where: around\n"
                                      "    within: 10\n"
                                      "    all: ['国债']\n"
                                      "    why: '国债'\n";

/* Its lines are counted in test_lexicon.c. */
static const char rules_yaml[] =
    "rules:\n"
    "  - id: CP-001\n"
    "    version: 2\n"
    "    class: capital_protection\n"
    "    severity: 3\n"
    "    provision: law-1\n"
    "    code: ZH39\n"
    "    pattern: '保本(?:保息)?|{{assure}}[^，。]{0,4}本金'\n"
    "    why: '说保本'\n"
    "    contexts: [negation, warning-near, doubt]\n"
    "    exemptions: [bonds]\n"
    "    hit:\n"
    "      - '年年保本保息'\n"
    "      - '确保您的本金'\n"
    "    miss:\n"
    "      - '本产品不保本'\n"
    "  - id: NR-001\n"
    "    version: 1\n"
    "    class: no_risk\n"
    "    severity: 2\n"
    "    provision: law-1\n"
    "    pattern: '[零0]风险'\n"
    "    why: '说零风险'\n"
    "    hit:\n"
    "      - '投资零风险'\n"
    "  - id: RW-001\n"
    "    version: 1\n"
    "    class: no_risk_warning\n"
    "    severity: 1\n"
    "    provision: law-1\n"
    "    pattern: '年化\\d{1,2}%'\n"
    "    absent: '有风险'\n"
    "    why: '没有风险提示'\n"
    "    hit:\n"
    "      - '年化8%，欢迎选购'\n"
    "    miss:\n"
    "      - '年化8%，投资有风险'\n";

static inline void put_text(const char *dir, const char *name,
                            const char *text)
{
    put_file(in_dir(dir, name), text, strlen(text));
}

/* A lexicon in dir, without rules where rules is NULL. */
static inline void put_lexicon(const char *dir, const char *rules)
{
    static const char *const folders[] = {"provisions", "contexts",
                                          "exemptions", "claims"};

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        (void)mkdir(in_dir(dir, folders[i]), 0777);
    put_text(dir, "lists.yaml", lists_yaml);
    put_text(dir, "provisions/a.yaml", provisions_yaml);
    put_text(dir, "contexts/a.yaml", contexts_yaml);
    put_text(dir, "exemptions/a.yaml", exemptions_yaml);
    put_text(dir, "claims/a.yaml", rules);
}

/* A corpus of `texts` adverts, warnings and other texts in turn. */
static inline void put_corpus(const char *path, size_t texts)
{
    static const char *const offers[] = {
        "稳盈一号火热认购，保本保息，年化%zu%%，扫码加微信",
        "养老投资零风险，存%zu万"
        "送大米，名额有限"};
    static const char *const others[] = {
        "社区提醒：警惕保本保息的骗局，第%zu期",
        "今天的会议纪要共%zu页，请各科室阅存"};
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    for (size_t i = 0; i < texts; i++) {
        bool claim = i % 2 == 0;
        size_t kind = i / 2 % 2;

        (void)fprintf(out, "{\"id\":\"web-%04zu\",\"channel\":\"web\",", i);
        (void)fprintf(out, "\"kind\":\"%s\",\"label\":\"%s\",\"text\":\"",
                      claim  ? "advert"
                      : kind ? "other"
                             : "warning",
                      claim  ? "suspected"
                      : kind ? "clear"
                             : "exempt");
        (void)fprintf(out, claim ? offers[kind] : others[kind], i);
        (void)fprintf(out, "\",\"spans\":[");
        if (claim)
            (void)fprintf(out, "{\"class\":\"%s\",\"quote\":\"%s\"}",
                          kind ? "no_risk" : "capital_protection",
                          kind ? "零风险" : "保本保息");
        (void)fprintf(out, "]}\n");
    }
    assert_int_equal(fclose(out), 0);
}

#endif
