#include "tests/base/base_test.h"

#include <cyaml/cyaml.h>

#include "base/rng.h"
#include "base/yaml.h"

struct item {
    char *id;
    int64_t weight;
};

struct list {
    char *title;
    struct item *items;
    unsigned items_count;
};

static const cyaml_schema_field_t item_fields[] = {
    CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct item, id, 1, 20),
    CYAML_FIELD_INT("weight", CYAML_FLAG_OPTIONAL, struct item, weight),
    CYAML_FIELD_END};

static const cyaml_schema_value_t item_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct item, item_fields)};

static const cyaml_schema_field_t list_fields[] = {
    CYAML_FIELD_STRING_PTR("title", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                           struct list, title, 0, 100),
    CYAML_FIELD_SEQUENCE("items", CYAML_FLAG_POINTER, struct list, items,
                         &item_entry, 1, 3),
    CYAML_FIELD_END};

static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct list, list_fields)};

#define GOOD "title: 规则\nitems:\n  - id: a\n    weight: 7\n  - {id: b}\n"

static struct aw_err err;

/* Loads text, which must fail, and leave its out-parameter alone. */
static const char *complaint_of(struct aw_str text)
{
    static char untouched;
    void *out = &untouched;

    if (aw_yaml_load(&out, text, "x.yaml", &schema, &err) != AW_CONFIG)
        fail_msg("no error for: %.*s", AW_STR_ARG(text));
    assert_ptr_equal(out, &untouched);
    return err.msg;
}

static struct list *load(const char *text)
{
    void *out = NULL;
    aw_rc rc = aw_yaml_load(&out, aw_str_of(text), "x.yaml", &schema, &err);

    if (rc != AW_OK)
        fail_msg("%s", err.msg);
    return out;
}

static void assert_loads(const char *text)
{
    aw_yaml_free(load(text), &schema);
}

static void a_file_fills_the_struct(void **s)
{
    struct list *list = load(GOOD);

    (void)s;
    assert_string_equal(list->title, "规则");
    assert_int_equal(list->items_count, 2);
    assert_string_equal(list->items[0].id, "a");
    assert_int_equal(list->items[0].weight, 7);
    assert_string_equal(list->items[1].id, "b");
    assert_int_equal(list->items[1].weight, 0);
    aw_yaml_free(list, &schema);
    aw_yaml_free(NULL, &schema);
}

static void marks_comments_crlf_and_a_bom_are_no_hindrance(void **s)
{
    (void)s;
    assert_loads("---\n" GOOD);
    assert_loads("# words\n%YAML 1.1\n---\n" GOOD "...\n# the end\n");
    assert_loads("\xEF\xBB\xBF" GOOD);
    assert_loads("title: a\r\nitems:\r\n- id: b\r\n");
    assert_loads("title: '--- not a mark'\nitems: [{id: ---a}]\n");
}

static void an_unexpected_key_is_named_with_its_line(void **s)
{
    (void)s;
    assert_string_equal(complaint_of(AW_STR("items:\n  - id: a\ncolor: 1\n")),
                        "x.yaml:3: unexpected key 'color'");
    assert_string_equal(complaint_of(AW_STR(
                            "items:\n  - id: a\n  - id: b\n    wait: 1\n")),
                        "x.yaml:4: unexpected key 'wait'");
    assert_string_equal(complaint_of(AW_STR("items:\n  - wait: a\n")),
                        "x.yaml:2: unexpected key 'wait'");
}

/* What is wrong, and the line and word that its error must have. */
static const struct {
    const char *text, *line, *word;
} wrong[] = {
    {"", "x.yaml:1:", "empty"},
    {"# nothing\n\n", "x.yaml:1:", "holds nothing"},
    {"---\n", "x.yaml:1:", "MAPPING"},
    {"- a\n", "x.yaml:1:", "MAPPING"},
    {"word\n", "x.yaml:1:", "MAPPING"},
    {"title: a\n", "x.yaml:1:", "items"},
    {"items: []\n", "x.yaml:1: 'items'", "0 of 1"},
    {"items: [{id: a},{id: a},{id: a},{id: a}]\n", "x.yaml:1:", "3"},
    {"items:\n  - id: a\n    weight: much\n", "x.yaml:3:", "'much'"},
    {"items:\n  - id: a\n    weight: 9223372036854775808\n",
     "x.yaml:3:", "9223372036854775808"},
    {"items:\n  - id: ''\n", "x.yaml:2:", "STRING"},
    {"items:\n  - id: a12345678901234567890\n", "x.yaml:2:", "STRING"},
    {"items:\n  - id: a\n    id: b\n", "x.yaml:2:", "already seen: id"},
    {"title: a\nitems: [{id: a}]\ntitle: b\n",
     "x.yaml:2:", "already seen: title"},
    {"title: &t a\nitems: [{id: *t}]\n", "x.yaml:2:", "alias"},
    {"title: 'a\nitems: [{id: a}]\n", "x.yaml:1:", "libyaml"},
    {"items:\n\t- id: a\n", "x.yaml:", "libyaml"},
    {GOOD "---\n" GOOD, "x.yaml:6:", "second document"},
    {GOOD "--- # more\n", "x.yaml:6:", "second document"},
    {GOOD "...\n" GOOD, "x.yaml:7:", "second document"},
    {"title: a\nitems: [{id: \xFF}]\n", "x.yaml:2:", "UTF-8"},
    {"title: a\n\nitems: [{id: \xED\xA0\x80}]\n", "x.yaml:3:", "UTF-8"},
    {"title: \x01\n", "x.yaml:1:", "control"},
};

static void what_is_wrong_is_told_with_its_line(void **s)
{
    (void)s;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *told = complaint_of(aw_str_of(wrong[i].text));

        assert_has(told, wrong[i].line);
        assert_has(told, wrong[i].word);
    }
    assert_has(complaint_of(AW_STR("\0\0\0")), "x.yaml:1:");
}

static void a_node_is_found_by_its_path(void **s)
{
    struct aw_str text = AW_STR("a: 1\nb:\n  c: [x,\n   y]\n"
                                "list:\n  - k: 1\n    d:\n      - p\n"
                                "      - q\n  - {k: 2,\n     d: 3}\n");

    (void)s;
    assert_int_equal(aw_yaml_line_at(text, "a"), 1);
    assert_int_equal(aw_yaml_line_at(text, "b.c"), 3);
    assert_int_equal(aw_yaml_line_at(text, "b.c[1]"), 4);
    assert_int_equal(aw_yaml_line_at(text, "list[0].d"), 7);
    assert_int_equal(aw_yaml_line_at(text, "list[0].d[1]"), 9);
    assert_int_equal(aw_yaml_line_at(text, "list[1].d"), 11);
    assert_int_equal(aw_yaml_line_at(text, "list[1].none"), 10);
    assert_int_equal(aw_yaml_line_at(text, "list[12].d"), 5);
    assert_int_equal(aw_yaml_line_at(text, "none"), 1);
    assert_int_equal(aw_yaml_line_at(AW_STR("]"), "a"), 1);
}

static void deep_nesting_is_refused_and_not_recursed_into(void **s)
{
    struct aw_buf text;

    (void)s;
    aw_buf_init(&text, 1 << 20);
    aw_buf_puts(&text, "items: ");
    for (int i = 0; i < 100000; i++)
        aw_buf_putc(&text, '[');
    (void)complaint_of(aw_buf_str(&text));
    aw_buf_deinit(&text);
}

static void a_message_stays_short_however_long_its_cause(void **s)
{
    struct aw_buf text;

    (void)s;
    aw_buf_init(&text, 2 << 20);
    aw_buf_puts(&text, "items: [{id: ");
    for (int i = 0; i < 200000; i++)
        aw_buf_puts(&text, "保");
    aw_buf_puts(&text, "}]\n");
    assert_true(strlen(complaint_of(aw_buf_str(&text))) < 400);
    aw_buf_deinit(&text);
}

static void a_file_is_read_up_to_its_limit(void **s)
{
    char dir[PATH_MAX];
    void *out = NULL;
    char *bytes = malloc(AW_YAML_MAX + 1);

    (void)s;
    assert_non_null(bytes);
    memset(bytes, '#', AW_YAML_MAX + 1);
    make_temp(dir);
    put_file(in_dir(dir, "good.yaml"), GOOD, strlen(GOOD));
    put_file(in_dir(dir, "long.yaml"), bytes, AW_YAML_MAX + 1);
    assert_int_equal(aw_yaml_load_file(&out, in_dir(dir, "good.yaml"), &schema,
                                       &err),
                     AW_OK);
    aw_yaml_free(out, &schema);
    assert_int_equal(aw_yaml_load_file(&out, in_dir(dir, "long.yaml"), &schema,
                                       &err),
                     AW_LIMIT);
    assert_has(err.msg, "long.yaml'");
    assert_int_equal(aw_yaml_load_file(&out, in_dir(dir, "no.yaml"), &schema,
                                       &err),
                     AW_MISSING);
    drop_temp(dir);
    free(bytes);
}

/* Bytes changed at random: it loads, or it tells, and loses no memory. */
static void mutated_files_load_or_are_refused(void **s)
{
    static const char signs[] = "\n\n :-[]{}&*!|>'\"%@`#?,.~ab\x01\xFF\t";
    struct aw_rng rng;

    (void)s;
    aw_rng_init(&rng, 20);
    for (int i = 0; i < 5000; i++) {
        char text[] = GOOD;
        void *out = NULL;
        aw_rc rc;

        for (uint64_t n = 1 + aw_rng_below(&rng, 4); n > 0; n--)
            text[aw_rng_below(&rng, sizeof text - 1)] =
                signs[aw_rng_below(&rng, sizeof signs - 1)];
        rc = aw_yaml_load(&out, (struct aw_str){text, sizeof text - 1}, "m",
                          &schema, &err);
        assert_true(rc == AW_OK ? out != NULL : rc == AW_CONFIG);
        aw_yaml_free(out, &schema);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_fills_the_struct),
        cmocka_unit_test(marks_comments_crlf_and_a_bom_are_no_hindrance),
        cmocka_unit_test(an_unexpected_key_is_named_with_its_line),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(a_node_is_found_by_its_path),
        cmocka_unit_test(deep_nesting_is_refused_and_not_recursed_into),
        cmocka_unit_test(a_message_stays_short_however_long_its_cause),
        cmocka_unit_test(a_file_is_read_up_to_its_limit),
        cmocka_unit_test(mutated_files_load_or_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
