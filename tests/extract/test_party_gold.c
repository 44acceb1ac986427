/* Who is found in the texts of parties.txt, against who is named in them.
 * Prints precision and recall by kind: the table of docs/quality.md.
 *
 *     test_party_gold [FILE]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/utf8.h"
#include "extract/party.h"

#define FILE_MAX ((size_t)1 << 20)
#define GOLD_MAX 32
#define CASES_LEAST 150
#define FLOOR .95 /* of precision and recall, by kind */

static const char *path = "tests/extract/parties.txt";

struct gold {
    enum aw_party_kind kind;
    struct aw_str value;
};

struct text_case {
    struct aw_buf text;
    struct gold gold[GOLD_MAX];
    size_t count;
};

static struct tally {
    int expected, found, right;
} tallies[AW_PARTY_KIND_COUNT];
static int cases;

static enum aw_party_kind kind_of(struct aw_str name)
{
    for (int i = 0; i < AW_PARTY_KIND_COUNT; i++)
        if (aw_str_eq(name,
                      aw_str_of(aw_party_kind_name((enum aw_party_kind)i))))
            return (enum aw_party_kind)i;
    fail_msg("%s: no kind '%.*s'", path, AW_STR_ARG(name));
    return AW_PARTY_NAME;
}

static bool has_gold(const struct text_case *c, const struct aw_party *p)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->gold[i].kind == p->kind &&
            aw_str_eq(c->gold[i].value, p->value))
            return true;
    return false;
}

static bool is_found(const struct aw_document *doc, const struct gold *gold)
{
    for (size_t i = 0; i < doc->party_count; i++)
        if (doc->parties[i].kind == gold->kind &&
            aw_str_eq(doc->parties[i].value, gold->value))
            return true;
    return false;
}

static void tell(const char *what, enum aw_party_kind kind,
                 struct aw_str value, const struct text_case *c)
{
    printf("    %s %s '%.*s' in: %.*s\n", what, aw_party_kind_name(kind),
           AW_STR_ARG(value), AW_STR_ARG(aw_buf_str(&c->text)));
}

static void compare(const struct aw_document *doc, const struct text_case *c)
{
    for (size_t i = 0; i < doc->party_count; i++) {
        const struct aw_party *p = &doc->parties[i];

        tallies[p->kind].found++;
        if (!has_gold(c, p))
            tell("not named:", p->kind, p->value, c);
    }
    for (size_t i = 0; i < c->count; i++) {
        tallies[c->gold[i].kind].expected++;
        if (is_found(doc, &c->gold[i]))
            tallies[c->gold[i].kind].right++;
        else
            tell("not found:", c->gold[i].kind, c->gold[i].value, c);
    }
}

/* Each place is inside its block, and no party is empty. */
static void assert_places(const struct aw_document *doc)
{
    for (size_t i = 0; i < doc->party_count; i++) {
        const struct aw_party *p = &doc->parties[i];

        assert_int_equal(p->block, 0);
        assert_true(p->start < p->end);
        assert_true(p->end <= aw_utf8_count(doc->blocks[0].text));
        assert_true(p->value.len > 0);
    }
}

static void run(struct text_case *c)
{
    struct aw_document doc;
    struct aw_err err;

    if (c->text.len > 0) {
        aw_document_init(&doc, AW_CHANNEL_WEB);
        assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_BODY,
                                               AW_HIDDEN_NONE,
                                               aw_buf_str(&c->text), &err),
                         AW_OK);
        assert_int_equal(aw_party_scan(&doc, &err), AW_OK);
        assert_places(&doc);
        compare(&doc, c);
        aw_document_deinit(&doc);
        cases++;
    }
    aw_buf_reset(&c->text);
    c->count = 0;
}

static void read_gold(struct text_case *c, struct aw_str line)
{
    struct aw_str kind = {0};

    line = aw_str_trim(line);
    assert_true(aw_str_split(&line, ' ', &kind));
    assert_true(c->count < GOLD_MAX);
    c->gold[c->count++] = (struct gold){kind_of(kind), line};
}

static void read_line(struct text_case *c, struct aw_str line)
{
    if (line.len == 0) {
        run(c);
    } else if (aw_str_starts(line, AW_STR("  "))) {
        read_gold(c, line);
    } else if (line.ptr[0] != '#') {
        aw_buf_puts(&c->text, c->text.len > 0 ? "\n" : "");
        aw_buf_put(&c->text, line);
    }
}

static double share(int part, int whole)
{
    return whole > 0 ? (double)part / whole : 1;
}

static void assert_good(enum aw_party_kind kind)
{
    const struct tally *t = &tallies[kind];

    printf("    | %s | %d | %d | %d | %.3f | %.3f |\n",
           aw_party_kind_name(kind), t->expected, t->found, t->right,
           share(t->right, t->found), share(t->right, t->expected));
}

static void parties_are_found_as_they_are_named(void **state)
{
    struct text_case c = {0};
    struct aw_str rest, line;
    struct aw_buf bytes;
    struct aw_err err;

    (void)state;
    aw_buf_init(&bytes, FILE_MAX);
    aw_buf_init(&c.text, FILE_MAX);
    if (aw_file_read(path, &bytes, &err) != AW_OK)
        fail_msg("%s", err.msg);
    rest = aw_buf_str(&bytes);
    while (aw_str_split(&rest, '\n', &line))
        read_line(&c, line);
    run(&c);
    printf("    %s: %d texts\n"
           "    | kind | named | found | right | precision | recall |\n",
           path, cases);
    for (int i = 0; i < AW_PARTY_KIND_COUNT; i++)
        if (i != AW_PARTY_DEVELOPER)
            assert_good((enum aw_party_kind)i);
    for (int i = 0; i < AW_PARTY_KIND_COUNT; i++) {
        assert_true(share(tallies[i].right, tallies[i].found) >= FLOOR);
        assert_true(share(tallies[i].right, tallies[i].expected) >= FLOOR);
    }
    assert_true(cases >= CASES_LEAST);
    aw_buf_deinit(&c.text);
    aw_buf_deinit(&bytes);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parties_are_found_as_they_are_named),
    };

    if (argc > 1)
        path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
