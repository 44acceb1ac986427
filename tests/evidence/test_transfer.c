#include "tests/store/fixture.h"

#include <sys/stat.h>

#include "evidence/transfer.h"

#define FORM                                                                  \
    "transfer:\n"                                                             \
    "  - id: police\n"                                                        \
    "    name: 公安机关\n"                                                \
    "    also: [公安]\n"                                                    \
    "    items:\n"                                                            \
    "      - {id: a, name: 甲, file: 'data/*.json', needed: yes,"            \
    " source: s, status: full-text}\n"                                        \
    "      - {id: b, name: 乙, file: 'data/a.json', field: /p/0/name,"       \
    " needed: yes, source: s, status: general}\n"                             \
    "      - {id: c, name: 丙, file: 'data/*.json', field: /q, needed: yes," \
    " source: s, status: general}\n"                                          \
    "      - {id: d, name: 丁, file: 'seal/x', needed: no, source: s,"       \
    " status: general}\n"                                                     \
    "      - {id: e, name: 戊, hand: yes, needed: yes, source: s,"           \
    " status: second-hand}\n"                                                 \
    "      - {id: f, name: 己, file: 'data/*/b.json', hand: yes,"            \
    " needed: yes, source: s, status: general}\n"                             \
    "      - {id: g, name: 庚, file: '*.json', needed: yes, source: s,"      \
    " status: general}\n"

/* Loads one file as the lists of a lexicon. */
static aw_rc load(const char *text, struct aw_transfer **out)
{
    char dir[AW_PATH_MAX], path[AW_PATH_MAX];

    ASSERT_OK(aw_path_join(dir, fixture.dir, "transfer", &fixture.err));
    ASSERT_OK(aw_mkdirs(dir, &fixture.err));
    ASSERT_OK(aw_path_join(path, dir, "x.yaml", &fixture.err));
    ASSERT_OK(aw_file_write(path, aw_str_of(text), &fixture.err));
    return aw_transfer_new(out, fixture.dir, &fixture.err);
}

static char told[256];
static char why[AW_TRANSFER_WHY_MAX]; /* of the item that self names */

static aw_rc tell(void *self, const struct aw_transfer_found *found,
                  struct aw_err *err)
{
    size_t len = strlen(told);

    (void)err;
    if (self && strcmp(found->item->id, self) == 0)
        (void)snprintf(why, sizeof why, "%s", found->why);
    (void)snprintf(told + len, sizeof told - len, "%s=%s ", found->item->id,
                   aw_transfer_code(found->state));
    return AW_OK;
}

static void items_are_there_missing_or_by_hand(void **state)
{
    struct aw_bag_file files[] = {
        {.name = AW_STR("data/a.json"),
         .bytes = AW_STR("{\"p\":[{\"name\":\"x\"}],\"q\":[1]}")},
        {.name = AW_STR("data/b.json"), .bytes = AW_STR("{\"q\":\" \"}")},
        {.name = AW_STR("data/x/b.json"), .bytes = AW_STR("")},
    };
    const struct aw_bag_view bag = {.files = files, .count = 3};
    struct aw_transfer *all = NULL;
    size_t missing = 0;

    (void)state;
    told[0] = '\0';
    ASSERT_OK(load(FORM, &all));
    assert_null(aw_transfer_find(all, AW_STR("谁")));
    ASSERT_OK(aw_transfer_check(aw_transfer_find(all, AW_STR("公安")), &bag,
                                tell, NULL, &missing, &fixture.err));
    assert_string_equal(told, "a=there b=there c=missing d=absent e=by_hand "
                              "f=by_hand g=missing ");
    assert_int_equal(missing, 2);
    aw_transfer_free(all);
}

static void check_why(struct aw_transfer *all, const struct aw_bag_view *bag,
                      char *item, const char *says)
{
    size_t missing;

    told[0] = why[0] = '\0';
    ASSERT_OK(aw_transfer_check(aw_transfer_at(all, 0), bag, tell, item,
                                &missing, &fixture.err));
    assert_string_equal(why, says);
}

static void each_file_that_lacks_something_is_named(void **state)
{
    static char c[] = "c";
    static char d[] = "d";
    struct aw_bag_file files[] = {
        {.name = AW_STR("data/a.json"), .bytes = AW_STR("{}")},
        {.name = AW_STR("data/b.json"), .bytes = AW_STR("{\"q\":[1]}")},
        {.name = AW_STR("data/c.json"), .bytes = AW_STR("{\"q\":[]}")},
    };
    const struct aw_bag_view bag = {.files = files, .count = 3};
    struct aw_transfer *all = NULL;

    (void)state;
    ASSERT_OK(load(FORM, &all));
    check_why(all, &bag, c, "data/a.json、data/c.json 未填 /q");
    check_why(all, &bag, d, "包内没有文件 seal/x");
    aw_transfer_free(all);
}

static void json_that_does_not_parse_fills_no_field(void **state)
{
    struct aw_bag_file file = {.name = AW_STR("data/a.json"),
                               .bytes = AW_STR("{\"p\":[")};
    const struct aw_bag_view bag = {.files = &file, .count = 1};
    struct aw_transfer *all = NULL;
    size_t missing = 0;

    (void)state;
    told[0] = '\0';
    ASSERT_OK(load(FORM, &all));
    ASSERT_OK(aw_transfer_check(aw_transfer_at(all, 0), &bag, tell, NULL,
                                &missing, &fixture.err));
    assert_non_null(strstr(told, "a=there b=missing c=missing"));
    aw_transfer_free(all);
}

static void mistakes_are_told_with_file_and_line(void **state)
{
    static const struct {
        const char *from, *to, *says;
    } tries[] = {
        {"status: full-text", "status: heard", "x.yaml:6: item 'a', 'status'"},
        {"file: 'seal/x'", "hand: no", "x.yaml:9: item 'd', 'file': name a"},
        {"/p/0/name", "p/0/name", "x.yaml:7: item 'b', 'field': it is no"},
        {"id: c", "id: a", "x.yaml:8: item 'a', 'id': another"},
        {"needed: no", "neded: no", "x.yaml:9: unexpected key 'neded'"},
        {"also: [公安]", "also: [公安, 公安]", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct aw_transfer *all = NULL;
        const char *at = strstr(FORM, tries[i].from);
        char text[4096];

        assert_non_null(at);
        (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - FORM), FORM,
                       tries[i].to, at + strlen(tries[i].from));
        if (tries[i].says) {
            assert_int_equal(load(text, &all), AW_CONFIG);
            ASSERT_SAYS(tries[i].says);
        } else {
            ASSERT_OK(load(text, &all));
        }
        aw_transfer_free(all);
    }
}

static void two_lists_for_one_recipient_are_refused(void **state)
{
    struct aw_transfer *all = NULL;
    char dir[AW_PATH_MAX];

    (void)state;
    ASSERT_OK(load(FORM, &all));
    aw_transfer_free(all);
    ASSERT_OK(aw_path_join(dir, fixture.dir, "transfer/y.yaml", &fixture.err));
    ASSERT_OK(aw_file_write(dir, AW_STR(FORM), &fixture.err));
    all = NULL;
    assert_int_equal(aw_transfer_new(&all, fixture.dir, &fixture.err),
                     AW_CONFIG);
    ASSERT_SAYS("y.yaml:2: another list is for 'police'");
}

static void the_lists_that_come_with_adwatch_load(void **state)
{
    static const char *const names[] = {"公安机关", "处非牵头部门", "市监局",
                                        "网信办",   "police",       NULL};
    struct aw_transfer *all = NULL;

    (void)state;
    ASSERT_OK(aw_transfer_new(&all, "lexicons", &fixture.err));
    for (const char *const *name = names; *name; name++)
        assert_non_null(aw_transfer_find(all, aw_str_of(*name)));
    aw_transfer_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(items_are_there_missing_or_by_hand),
        UNIT(each_file_that_lacks_something_is_named),
        UNIT(json_that_does_not_parse_fills_no_field),
        UNIT(mistakes_are_told_with_file_and_line),
        UNIT(two_lists_for_one_recipient_are_refused),
        UNIT(the_lists_that_come_with_adwatch_load),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
