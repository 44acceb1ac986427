/* The lexicon is changed between a finding and its bundle. */
#include "evidence/bag.h"
#include "evidence/frozen.h"
#include "evidence/verify.h"
#include "store/wordings.h"
#include "tests/evidence/bundle_fixture.h"

#define RULES "lexicon/claims/capital.yaml"
#define LAW "lexicon/provisions/advertising.yaml"
#define OLD_WHY "同时承诺保住本金和收益"
#define NEW_WHY "同时承诺本金不损失"
#define OLD_LAW "对未来效果、收益或者与其相关的情况作出保证性承诺"
#define NEW_LAW "此处为另一文本"

static char dir[AW_PATH_MAX]; /* of the lexicon */
static char path[AW_PATH_MAX];
static struct aw_buf finding_json;
static struct aw_bag_view *bag;

static void change(const char *file, const char *from, const char *to)
{
    char command[1024];

    (void)snprintf(command, sizeof command,
                   "grep -q '%s' %s && sed -i 's/%s/%s/' %s", from, file, from,
                   to, file);
    shell(command);
}

static void hash_of(char out[AW_SHA256_HEX_MAX])
{
    struct aw_lexicon *lexicon = NULL;

    ASSERT_OK(aw_lexicon_new(&lexicon, dir, &fixture.err));
    (void)snprintf(out, AW_SHA256_HEX_MAX, "%s", lexicon->hash);
    aw_lexicon_free(lexicon);
}

/* The fixture's finding, but of the lexicon as it lies there. */
static void find(void)
{
    struct aw_claim_row claims[] = {fixture_claim(), fixture_claim(),
                                    fixture_claim()};
    struct aw_finding finding = fixture_finding("g", 1, claims);
    struct aw_freezer *freezer = NULL;
    char hash[AW_SHA256_HEX_MAX];

    hash_of(hash);
    claims[2].rule = AW_STR(AW_NO_RULE);
    claims[2].law = AW_STR("[\"advertising-law-25-1\",\"nowhere-1\"]");
    finding.claim_count = 3;
    finding.lexicon_hash = aw_str_of(hash);
    ASSERT_OK(aw_freezer_new(&freezer, fixture.store, dir, &fixture.err));
    (void)fixture_add(&finding);
    aw_freezer_free(freezer);
    assert_int_equal(finding.id, 2);
}

/* Likewise, but of claims that no rule made. */
static void find_by_model(void)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = fixture_finding("g", 1, &claim);
    struct aw_freezer *freezer = NULL;
    char hash[AW_SHA256_HEX_MAX];

    hash_of(hash);
    claim.rule = AW_STR(AW_NO_RULE);
    claim.law = AW_STR("[\"advertising-law-25-1\",\"nowhere-1\"]");
    finding.lexicon_hash = aw_str_of(hash);
    ASSERT_OK(aw_freezer_new(&freezer, fixture.store, dir, &fixture.err));
    (void)fixture_add(&finding);
    aw_freezer_free(freezer);
    assert_int_equal(finding.id, 2);
}

static void confirm(void)
{
    struct aw_decision_input input = {.finding = 2,
                                      .action = AW_STR("confirm"),
                                      .reason = AW_STR("与原文一致"),
                                      .who = AW_STR(WANG)};

    ASSERT_OK(aw_decide(fixture.store, &office_clock, &input, NULL, NULL,
                        &fixture.err));
}

static int set_up(void **state)
{
    char command[AW_PATH_MAX + 32];
    char here[AW_PATH_MAX];

    if (fixture_set_up(state) != 0 || !getcwd(here, sizeof here))
        return -1;
    office_clock = aw_clock_manual(aw_clock_wall(aw_clock_system()));
    office_archive();
    (void)snprintf(command, sizeof command, "cp -r '%s/lexicons' lexicon",
                   here);
    shell(command);
    ASSERT_OK(aw_path_join(dir, fixture.dir, "lexicon", &fixture.err));
    aw_buf_init(&finding_json, (size_t)1 << 20);
    bag = NULL;
    return 0;
}

static int tear_down(void **state)
{
    aw_bag_view_free(bag);
    aw_buf_deinit(&finding_json);
    return fixture_tear_down(state);
}

/* ---- a bundle ----------------------------------------------------------- */

static void make_bundle(void)
{
    struct aw_str bytes;

    confirm();
    ASSERT_OK(tools_bundle(2, dir, &office_clock, path));
    ASSERT_OK(aw_bag_open(&bag, path, &fixture.err));
    assert_true(
        aw_bag_find(bag, AW_STR("data/01-线索/finding-2.json"), &bytes));
    aw_buf_put(&finding_json, bytes);
}

static bool tells(const char *part)
{
    return aw_str_find(aw_buf_str(&finding_json), aw_str_of(part)) >= 0;
}

static aw_rc ignore_item(void *self, const struct aw_verify_item *item,
                         struct aw_err *err)
{
    (void)self;
    (void)item;
    (void)err;
    return AW_OK;
}

static aw_rc verify(const char *of)
{
    fixture.err = (struct aw_err){0};
    return aw_bundle_verify(of, NULL, ignore_item, NULL, &fixture.err);
}

/* The same with new sums, and another text in the finding's file. */
static aw_rc verify_with(const char *from, const char *to)
{
    struct aw_str old = aw_buf_str(&finding_json);
    ptrdiff_t at = aw_str_find(old, aw_str_of(from));
    struct aw_bag_digests digests;
    struct aw_bag *made = NULL;
    char forged[AW_PATH_MAX];
    struct aw_buf text;

    if (at < 0)
        fail_msg("'%s' is not in the finding", from);
    aw_buf_init(&text, (size_t)1 << 20);
    aw_buf_put(&text, aw_str_sub(old, 0, (size_t)at));
    aw_buf_puts(&text, to);
    aw_buf_put(&text, aw_str_sub(old, (size_t)at + strlen(from), old.len));
    ASSERT_OK(aw_path_join(forged, fixture.dir, "forged.zip", &fixture.err));
    ASSERT_OK(
        aw_bag_new(&made, forged, "x", office_clock.manual_ms, &fixture.err));
    for (size_t i = 0; aw_str_starts(bag->files[i].name, AW_STR("data/"));
         i++) {
        bool is_it = aw_str_ends(bag->files[i].name, AW_STR("finding-2.json"));
        char name[AW_ZIP_NAME_MAX + 1];

        (void)snprintf(name, sizeof name, "%.*s",
                       AW_STR_ARG(bag->files[i].name));
        ASSERT_OK(aw_bag_add(made, name,
                             is_it ? aw_buf_str(&text) : bag->files[i].bytes,
                             &fixture.err));
    }
    ASSERT_OK(aw_bag_seal(made, "", &digests, &fixture.err));
    ASSERT_OK(aw_bag_close(made, &fixture.err));
    aw_bag_free(made);
    aw_buf_deinit(&text);
    return verify(forged);
}

static void assert_forged(const char *from, const char *to, const char *says)
{
    assert_int_equal(verify_with(from, to), AW_FAIL);
    ASSERT_SAYS("finding: finding 2: ");
    ASSERT_SAYS(says);
}

/* ---- tests -------------------------------------------------------------- */

static void a_bundle_tells_the_rules_as_they_were(void **state)
{
    char then[AW_SHA256_HEX_MAX];
    char now[AW_SHA256_HEX_MAX];

    (void)state;
    hash_of(then);
    find();
    change(RULES, OLD_WHY, NEW_WHY);
    change(LAW, OLD_LAW, NEW_LAW);
    hash_of(now);
    assert_string_not_equal(then, now);
    make_bundle();
    assert_true(tells("\"why\":\"" OLD_WHY "\",\"code\":\"ZH39\""));
    assert_true(tells("\"text\":\"" OLD_LAW));
    assert_true(tells("{\"id\":\"nowhere-1\",\"known\":false}"));
    assert_false(tells(NEW_WHY));
    assert_false(tells(NEW_LAW));
    assert_false(tells(now));
    assert_true(tells("\"same\":false"));
    ASSERT_OK(verify(path));
}

static void a_lexicon_that_stays_tells_the_same(void **state)
{
    struct aw_arena arena;
    struct aw_frozen frozen;
    struct aw_finding finding;

    (void)state;
    find();
    make_bundle();
    assert_true(tells("\"same\":true"));
    ASSERT_OK(verify(path));
    aw_arena_init(&arena, (size_t)1 << 20);
    ASSERT_OK(aw_store_finding_get(fixture.store, &arena, 2, &finding,
                                   &fixture.err));
    ASSERT_OK(aw_frozen_read(fixture.store, &arena, &finding, &frozen,
                             &fixture.err));
    assert_int_equal(frozen.rule_count, 1);
    assert_int_equal(frozen.provision_count, 2);
    assert_true(tells(frozen.rules[0].ptr));
    assert_true(tells(frozen.provisions[0].ptr));
    assert_true(tells(frozen.provisions[1].ptr));
    aw_arena_deinit(&arena);
}

static void words_that_nobody_kept_are_not_told(void **state)
{
    (void)state;
    find();
    fixture_tamper("DELETE FROM lexicon_wording WHERE kind = 'rule'");
    change(RULES, OLD_WHY, NEW_WHY);
    make_bundle();
    assert_true(tells("\"rules\":[],\"provisions\":[]"));
    assert_true(tells("故不附规则文本"));
    ASSERT_OK(verify(path));
}

/* The finding of a model alone has no rule that could be missing. */
static void law_that_nobody_kept_is_not_told_as_unknown(void **state)
{
    (void)state;
    find_by_model();
    fixture_tamper("DELETE FROM lexicon_wording");
    change(LAW, OLD_LAW, NEW_LAW);
    make_bundle();
    assert_true(tells("\"rules\":[],\"provisions\":[]"));
    assert_true(tells("故不附规则文本"));
    assert_false(tells("\"known\":false"));
    ASSERT_OK(verify(path));
}

static void law_of_a_models_finding_is_told_as_it_was(void **state)
{
    (void)state;
    find_by_model();
    change(LAW, OLD_LAW, NEW_LAW);
    make_bundle();
    assert_true(tells("\"rules\":[],\"provisions\":[{\"id\":\"advert"));
    assert_true(tells("\"text\":\"" OLD_LAW));
    assert_true(tells("{\"id\":\"nowhere-1\",\"known\":false}"));
    assert_true(tells("留存的规则和"));
    ASSERT_OK(verify(path));
}

/* Law that is unknown on one day may be in force on another. */
static void law_is_unknown_on_its_day_alone(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding old = fixture_finding("h", 1, &claim);
    struct aw_finding new = fixture_finding("i", 1, &claim);
    struct aw_freezer *freezer = NULL;
    char hash[AW_SHA256_HEX_MAX];
    struct aw_arena arena;
    struct aw_frozen frozen;

    (void)state;
    hash_of(hash);
    old.lexicon_hash = new.lexicon_hash = aw_str_of(hash);
    old.first_seen_ms = 0; /* 1970: no law of ours was in force */
    ASSERT_OK(aw_freezer_new(&freezer, fixture.store, dir, &fixture.err));
    (void)fixture_add(&old);
    (void)fixture_add(&new);
    aw_freezer_free(freezer);
    aw_arena_init(&arena, (size_t)1 << 20);
    ASSERT_OK(
        aw_frozen_read(fixture.store, &arena, &old, &frozen, &fixture.err));
    assert_int_equal(frozen.provision_count, 1);
    assert_string_equal(frozen.provisions[0].ptr,
                        "{\"id\":\"advertising-law-25-1\","
                        "\"known\":false}");
    ASSERT_OK(
        aw_frozen_read(fixture.store, &arena, &new, &frozen, &fixture.err));
    assert_int_equal(frozen.provision_count, 1);
    assert_true(aw_str_find(frozen.provisions[0], AW_STR(OLD_LAW)) > 0);
    aw_arena_deinit(&arena);
}

static void words_that_were_changed_in_the_store_are_refused(void **state)
{
    struct aw_arena arena;
    struct aw_frozen frozen;
    struct aw_finding finding;

    (void)state;
    find();
    fixture_tamper("UPDATE wording SET text = replace(text, '" OLD_WHY
                   "', '" NEW_WHY "')");
    aw_arena_init(&arena, (size_t)1 << 20);
    ASSERT_OK(aw_store_finding_get(fixture.store, &arena, 2, &finding,
                                   &fixture.err));
    assert_int_equal(aw_frozen_read(fixture.store, &arena, &finding, &frozen,
                                    &fixture.err),
                     AW_STORE);
    ASSERT_SAYS("the words of rule 'CP-001' were changed in the store");
    aw_arena_deinit(&arena);
}

/* Somebody saves a rule while a run goes on. */
static void a_finding_of_other_rules_than_lie_there_keeps_none(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = fixture_finding("h", 1, &claim);
    struct aw_freezer *freezer = NULL;

    (void)state;
    finding.lexicon_hash = AW_STR("0123");
    ASSERT_OK(aw_freezer_new(&freezer, fixture.store, dir, &fixture.err));
    (void)fixture_add(&finding);
    shell("echo '{' > " RULES);
    finding.fingerprint = AW_STR("i");
    finding.lexicon_hash = AW_STR("4567");
    (void)fixture_add(&finding);
    aw_freezer_free(freezer);
    assert_int_equal(fixture_number("SELECT count(*) FROM wording"), 0);
}

/* Half of a file is there with the first finding, all of it with the next. */
static void a_lexicon_that_is_half_saved_is_read_again(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = fixture_finding("h", 1, &claim);
    struct aw_freezer *freezer = NULL;
    char hash[AW_SHA256_HEX_MAX];

    (void)state;
    hash_of(hash);
    finding.lexicon_hash = aw_str_of(hash);
    ASSERT_OK(aw_freezer_new(&freezer, fixture.store, dir, &fixture.err));
    shell("cp " RULES " whole && echo '{' > " RULES);
    (void)fixture_add(&finding);
    assert_int_equal(fixture_number("SELECT count(*) FROM wording"), 0);
    shell("mv whole " RULES);
    finding.fingerprint = AW_STR("i");
    (void)fixture_add(&finding);
    assert_int_equal(fixture_number("SELECT count(*) FROM wording"), 2);
    aw_freezer_free(freezer);
}

static void the_same_words_are_kept_once(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = fixture_finding("h", 1, &claim);
    struct aw_freezer *freezer = NULL;
    char hash[AW_SHA256_HEX_MAX];

    (void)state;
    find();
    hash_of(hash);
    finding.lexicon_hash = aw_str_of(hash);
    ASSERT_OK(aw_freezer_new(&freezer, fixture.store, dir, &fixture.err));
    (void)fixture_add(&finding);
    change(LAW, OLD_LAW, NEW_LAW);
    hash_of(hash);
    finding.fingerprint = AW_STR("i");
    (void)fixture_add(&finding);
    aw_freezer_free(freezer);
    assert_int_equal(fixture_number("SELECT count(*) FROM wording"), 4);
    assert_int_equal(fixture_number("SELECT count(*) FROM lexicon_wording"),
                     5);
}

static void rules_that_are_not_the_findings_are_found(void **state)
{
    char now[AW_SHA256_HEX_MAX];
    char then[AW_SHA256_HEX_MAX];
    char from[128];
    char to[128];

    (void)state;
    hash_of(then);
    find();
    change(RULES, OLD_WHY, NEW_WHY);
    hash_of(now);
    make_bundle();
    assert_int_equal(verify_with("\"id\":2", "\"id\":2"), AW_OK);
    (void)snprintf(from, sizeof from, "\"rules_of\":{\"lexicon\":\"%s\"",
                   then);
    (void)snprintf(to, sizeof to, "\"rules_of\":{\"lexicon\":\"%s\"", now);
    assert_forged(from, to, "its rules are of another lexicon");
    assert_forged("{\"id\":\"CP-001\",\"version\":\"1\"",
                  "{\"id\":\"CP-001\",\"version\":\"2\"",
                  "another version of rule CP-001");
    assert_forged("{\"id\":\"CP-001\",", "{\"id\":\"CP-002\",",
                  "does not tell its rule CP-001");
    assert_forged("\"rules\":[", "\"rules\":[{\"id\":\"XX-001\"},",
                  "tells rule XX-001, which made none of its claims");
    assert_forged("\"rules_of\"", "\"rules_off\"",
                  "of which lexicon its rules are");
    assert_forged("{\"id\":\"nowhere-1\",\"known\"",
                  "{\"id\":\"nowhere-2\",\"known\"",
                  "does not tell provision nowhere-1, which it cites");
}

/* The lexicon is still the finding's: so its rules must be there. */
static void rules_that_are_left_out_are_found(void **state)
{
    struct aw_str all;
    ptrdiff_t rules, law;
    char from[8192];

    (void)state;
    find();
    make_bundle();
    all = aw_buf_str(&finding_json);
    rules = aw_str_find(all, AW_STR("\"rules\":["));
    law = aw_str_find(all, AW_STR("\"provisions\":["));
    assert_true(rules > 0 && law > rules);
    (void)snprintf(from, sizeof from, "%.*s",
                   AW_STR_ARG(aw_str_sub(all, (size_t)rules, all.len)));
    assert_forged(from, "\"rules\":[],\"provisions\":[]}\n",
                  "does not tell its rule CP-001");
    assert_forged(from, "\"same\":true}\n", "does not tell its rule CP-001");
    (void)snprintf(from, sizeof from, "%.*s",
                   AW_STR_ARG(aw_str_sub(all, (size_t)law, all.len)));
    assert_forged(from, "\"same\":true}\n",
                  "does not tell provision advertising-law-25-1");
}

static void law_of_a_model_that_is_left_out_is_found(void **state)
{
    struct aw_str all;
    ptrdiff_t law;
    char from[8192];

    (void)state;
    find_by_model();
    make_bundle();
    all = aw_buf_str(&finding_json);
    law = aw_str_find(all, AW_STR("\"provisions\":["));
    assert_true(law > 0);
    (void)snprintf(from, sizeof from, "%.*s",
                   AW_STR_ARG(aw_str_sub(all, (size_t)law, all.len)));
    assert_forged(from, "\"provisions\":[]}\n",
                  "does not tell provision advertising-law-25-1");
}

#undef UNIT
#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_bundle_tells_the_rules_as_they_were),
        UNIT(a_lexicon_that_stays_tells_the_same),
        UNIT(words_that_nobody_kept_are_not_told),
        UNIT(law_that_nobody_kept_is_not_told_as_unknown),
        UNIT(law_of_a_models_finding_is_told_as_it_was),
        UNIT(law_is_unknown_on_its_day_alone),
        UNIT(words_that_were_changed_in_the_store_are_refused),
        UNIT(a_finding_of_other_rules_than_lie_there_keeps_none),
        UNIT(a_lexicon_that_is_half_saved_is_read_again),
        UNIT(the_same_words_are_kept_once),
        UNIT(rules_that_are_not_the_findings_are_found),
        UNIT(rules_that_are_left_out_are_found),
        UNIT(law_of_a_model_that_is_left_out_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
