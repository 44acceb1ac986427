#include "tests/base/base_test.h"

#include <sys/mman.h>

#include "base/rng.h"
#include "base/utf8.h"
#include "reader/protocol.h"

static struct aw_buf out;
static struct aw_arena arena;
static struct aw_answer answer;
#define DIGEST_TAIL "0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIGEST "0123456789abcdef" DIGEST_TAIL

static struct aw_err err;

static int set_up(void **s)
{
    (void)s;
    aw_buf_init(&out, (size_t)128 << 20);
    aw_arena_init(&arena, (size_t)256 << 20);
    return 0;
}

static int tear_down(void **s)
{
    (void)s;
    aw_buf_deinit(&out);
    aw_arena_deinit(&arena);
    return 0;
}

/* The same bytes again, right before a page that must not be read. */
static struct aw_str guarded(struct aw_str bytes)
{
    static const size_t room = (size_t)1 << 20;
    static char *base;

    assert_true(bytes.len <= room);
    if (!base) {
        base = mmap(NULL, room + 65536, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_true(base != MAP_FAILED);
        assert_int_equal(mprotect(base + room, 65536, PROT_NONE), 0);
    }
    if (bytes.len > 0)
        memcpy(base + room - bytes.len, bytes.ptr, bytes.len);
    return (struct aw_str){base + room - bytes.len, bytes.len};
}

static aw_rc get(struct aw_str head)
{
    aw_arena_reset(&arena);
    return aw_answer_get(head, &arena, &answer, &err);
}

/* ---- frames ------------------------------------------------------------- */

static void frames_come_back_whole_and_in_order(void **s)
{
    struct aw_frame frame = {0};
    size_t size = 0;

    (void)s;
    aw_frame_put(&out, &(struct aw_frame){7, AW_STR("{}"), AW_STR("a\0b")});
    aw_frame_put(&out, &(struct aw_frame){UINT32_MAX, AW_STR(""), {0}});
    assert_int_equal(aw_frame_get(aw_buf_str(&out), &frame, &size, &err),
                     AW_OK);
    assert_int_equal(frame.job, 7);
    assert_str(frame.head, "{}");
    assert_int_equal(frame.body.len, 3);
    assert_memory_equal(frame.body.ptr, "a\0b", 3);
    assert_int_equal(size, 16 + 5);
    assert_int_equal(aw_frame_get(aw_str_sub(aw_buf_str(&out), size, SIZE_MAX),
                                  &frame, &size, &err),
                     AW_OK);
    assert_int_equal(frame.job, UINT32_MAX);
    assert_int_equal(frame.head.len + frame.body.len, 0);
    assert_int_equal(size, 16);
}

static void a_frame_that_is_not_whole_yet_is_missing_at_every_byte(void **s)
{
    struct aw_frame frame = {0};
    size_t size = 0;

    (void)s;
    aw_frame_put(&out,
                 &(struct aw_frame){1, AW_STR("{\"a\":1}"), AW_STR("body")});
    for (size_t len = 0; len < out.len; len++)
        assert_int_equal(aw_frame_get(guarded((struct aw_str){out.ptr, len}),
                                      &frame, &size, &err),
                         AW_MISSING);
    assert_int_equal(aw_frame_get(guarded(aw_buf_str(&out)), &frame, &size,
                                  &err),
                     AW_OK);
}

static void false_or_oversize_frames_are_no_frames(void **s)
{
    struct aw_frame frame = {0};
    uint32_t numbers[4];
    size_t size = 0;

    (void)s;
    aw_frame_put(&out, &(struct aw_frame){1, AW_STR(""), AW_STR("")});
    memcpy(numbers, out.ptr, sizeof numbers);
    for (int i = 0; i < 32; i++) {
        numbers[0] ^= 1u << i;
        assert_int_equal(aw_frame_get((struct aw_str){(char *)numbers,
                                                      sizeof numbers},
                                      &frame, &size, &err),
                         AW_READER);
        numbers[0] ^= 1u << i;
    }
    numbers[1] = (uint32_t)AW_FRAME_HEAD_MAX + 1;
    assert_int_equal(aw_frame_get((struct aw_str){(char *)numbers,
                                                  sizeof numbers},
                                  &frame, &size, &err),
                     AW_READER);
    numbers[1] = 0;
    numbers[2] = UINT32_MAX;
    assert_int_equal(aw_frame_get((struct aw_str){(char *)numbers,
                                                  sizeof numbers},
                                  &frame, &size, &err),
                     AW_READER);
    numbers[2] = (uint32_t)AW_FRAME_BODY_MAX;
    assert_int_equal(aw_frame_get((struct aw_str){(char *)numbers,
                                                  sizeof numbers},
                                  &frame, &size, &err),
                     AW_MISSING);
}

/* ---- questions ---------------------------------------------------------- */

/* The input as the reader gets it. */
static struct aw_extract_input asked(const struct aw_extract_input *input)
{
    struct aw_extract_input got = {0};
    struct aw_frame frame = {0};
    size_t size = 0;

    aw_buf_reset(&out);
    assert_int_equal(aw_question_put(&out, 9, input, &err), AW_OK);
    assert_int_equal(aw_frame_get(aw_buf_str(&out), &frame, &size, &err),
                     AW_OK);
    assert_int_equal(frame.job, 9);
    assert_int_equal(size, out.len);
    if (aw_question_get(&frame, &arena, &got, &err) != AW_OK)
        fail_msg("%s", err.msg);
    return got;
}

static void a_question_comes_back_as_it_was_asked(void **s)
{
    struct aw_extract_input input = {
        .url = AW_STR("http://a.example/?q=\"保\\本\""),
        .content_type = AW_STR("text/html; charset=\"gbk\""),
        .content_encoding = AW_STR("gzip"),
        .charset = AW_STR("big5"),
        .agent = AW_STR("adwatch"),
        .bytes = AW_STR("\x1F\x8B\0\xFF<p>"),
        .decoded_max = 5000,
        .ratio_max = 77,
    };

    (void)s;
    for (int i = 0; i < AW_CHANNEL_COUNT; i++) {
        struct aw_extract_input got;

        input.channel = (enum aw_channel)i;
        input.sitemap = i % 2 == 1;
        got = asked(&input);
        assert_true(aw_str_eq(got.url, input.url));
        assert_true(aw_str_eq(got.content_type, input.content_type));
        assert_true(aw_str_eq(got.content_encoding, input.content_encoding));
        assert_true(aw_str_eq(got.charset, input.charset));
        assert_true(aw_str_eq(got.agent, input.agent));
        assert_true(aw_str_eq(got.bytes, input.bytes));
        assert_true(got.sitemap == input.sitemap);
        assert_int_equal(got.channel, i);
        assert_int_equal(got.decoded_max, 5000);
        assert_int_equal(got.ratio_max, 77);
    }
}

static void a_page_with_an_odd_content_type_can_be_asked_about(void **s)
{
    char *type = malloc(200000);
    struct aw_extract_input input = {
        .content_type = AW_STR("text/html; charset=\xD6\xD0\xCE\xC4\0x"),
    };
    struct aw_extract_input got = asked(&input);

    (void)s;
    assert_true(
        aw_str_starts(got.content_type, AW_STR("text/html; charset=")));
    assert_true(aw_utf8_valid(got.content_type));
    assert_non_null(type);
    memset(type, 0xE4, 200000);
    memcpy(type, "text/html", 9);
    input.content_type = (struct aw_str){type, 200000};
    got = asked(&input);
    assert_true(aw_str_starts(got.content_type, AW_STR("text/html")));
    assert_true(got.content_type.len <= AW_ANSWER_TEXT_MAX);
    free(type);
}

static void a_question_that_is_none_is_refused(void **s)
{
    const char *bad[] = {
        "",
        "{",
        "[]",
        "null",
        "\"web\"",
        "{}",
        "{\"channel\":\"tv\"}",
        "{\"channel\":1}",
        "{\"channel\":\"web\",\"url\":7}",
        "{\"channel\":\"web\",\"url\":\"\xFF\"}",
        "{\"channel\":\"web\"}x",
    };
    struct aw_extract_input input = {.url = AW_STR("kept")};

    (void)s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct aw_frame frame = {1, guarded(aw_str_of(bad[i])), {0}};

        assert_int_equal(aw_question_get(&frame, &arena, &input, &err),
                         AW_READER);
        assert_str(input.url, "kept");
    }
}

/* ---- answers: there and back -------------------------------------------- */

static void add_block(struct aw_document *doc, const char *text)
{
    assert_int_equal(aw_document_add_block(doc, AW_BLOCK_BODY, false,
                                           aw_str_of(text), &err),
                     AW_OK);
}

/* The head of the frame that answers with doc and verdict. */
static struct aw_str answered(const struct aw_document *doc,
                              const struct aw_verdict *verdict)
{
    struct aw_frame frame = {0};
    size_t size = 0;

    aw_buf_reset(&out);
    if (aw_answer_put(&out, 3, doc, verdict, &err) != AW_OK)
        fail_msg("%s", err.msg);
    assert_int_equal(aw_frame_get(aw_buf_str(&out), &frame, &size, &err),
                     AW_OK);
    assert_int_equal(frame.job, 3);
    assert_int_equal(frame.body.len, 0);
    assert_int_equal(size, out.len);
    return frame.head;
}

static void assert_answered(const struct aw_document *doc,
                            const struct aw_verdict *verdict)
{
    if (get(answered(doc, verdict)) != AW_OK)
        fail_msg("%s", err.msg);
    assert_true(answer.ok);
}

static struct aw_claim a_claim(void)
{
    return (struct aw_claim){
        .class = AW_CLAIM_CAPITAL_PROTECTION,
        .block = 1,
        .start = 2,
        .end = 4,
        .quote = AW_STR("保本"),
        .rule = AW_STR("CP-001"),
        .rule_version = AW_STR("v1"),
        .code = AW_STR("ZH39"),
        .law = {AW_STR("advertising-law-25-1"), AW_STR("b\"")},
        .law_count = 2,
        .severity = 3,
        .score = 0.75,
        .why = {AW_STR("一\n二")},
        .why_count = 1,
    };
}

static void an_answer_comes_back_as_it_was_given(void **s)
{
    struct aw_claim claims[] = {a_claim(), a_claim()};
    struct aw_verdict verdict = {
        .kind = AW_VERDICT_SUSPECTED,
        .score = 0.75,
        .doc_kind = AW_DOC_ADVERT,
        .doc_score = 0.5,
        .claims = claims,
        .claim_count = 2,
    };
    struct aw_link link = {AW_STR("http://a.example/b?\"c"), true,
                           AW_LINK_LINK, 0};
    struct aw_party party = {AW_PARTY_NAME, AW_STR("甲\"公司"), 0, 0};
    struct aw_document doc;
    const struct aw_answer_claim *c;

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_POSTER);
    doc.charset = AW_STR("gb18030");
    doc.charset_why = AW_STR("meta");
    doc.title = AW_STR("标题\"\\");
    doc.note = AW_STR("read up to here");
    doc.nofollow = true;
    doc.canonical = AW_STR("http://a.example/?b=\"c");
    doc.text_digest = AW_STR(DIGEST);
    doc.sitemap = AW_SITEMAP_FEED;
    add_block(&doc, "first");
    add_block(&doc, "稳赚保本无忧");
    claims[1].exempt_by = AW_STR("EX-1");
    assert_int_equal(aw_document_add_link(&doc, link, &err), AW_OK);
    link.nofollow = false;
    link.kind = AW_LINK_ALTERNATE;
    link.lastmod_ms = 1795392000123;
    assert_int_equal(aw_document_add_link(&doc, link, &err), AW_OK);
    assert_int_equal(aw_document_add_party(&doc, party, &err), AW_OK);
    assert_answered(&doc, &verdict);

    assert_str(answer.charset, "gb18030");
    assert_str(answer.charset_why, "meta");
    assert_str(answer.title, "标题\"\\");
    assert_str(answer.note, "read up to here");
    assert_str(answer.channel, "poster");
    assert_true(answer.nofollow);
    assert_int_equal(answer.link_count, 2);
    assert_str(answer.links[0].url, "http://a.example/b?\"c");
    assert_true(answer.links[0].nofollow && !answer.links[1].nofollow);
    assert_int_equal(answer.links[0].kind, AW_LINK_LINK);
    assert_int_equal(answer.links[1].kind, AW_LINK_ALTERNATE);
    assert_int_equal(answer.links[0].lastmod_ms, 0);
    assert_int_equal(answer.links[1].lastmod_ms, 1795392000123);
    assert_str(answer.canonical, "http://a.example/?b=\"c");
    assert_str(answer.text_digest, DIGEST);
    assert_str(answer.sitemap, "feed");
    assert_has(answer.parties.ptr, "\"names\":[\"甲\\\"公司\"]");
    assert_str(answer.verdict, "suspected");
    assert_str(answer.doc_kind, "advert");
    assert_true(answer.score > 0.74 && answer.score < 0.76);
    assert_true(answer.doc_score > 0.49 && answer.doc_score < 0.51);
    assert_int_equal(answer.claim_count, 2);
    c = &answer.claims[0];
    assert_str(c->class, "capital_protection");
    assert_str(c->quote, "保本");
    assert_str(c->before, "稳赚");
    assert_str(c->after, "无忧");
    assert_int_equal(c->block, 1);
    assert_int_equal(c->start, 2);
    assert_int_equal(c->end, 4);
    assert_int_equal(c->severity, 3);
    assert_str(c->rule, "CP-001");
    assert_str(c->rule_version, "v1");
    assert_str(c->code, "ZH39");
    assert_str(c->law, "[\"advertising-law-25-1\",\"b\\\"\"]");
    assert_str(c->why, "[\"一\\n二\"]");
    assert_str(c->exempt_by, "");
    assert_str(answer.claims[1].exempt_by, "EX-1");
    assert_true(c->score > 0.74 && c->score < 0.76);
    aw_document_deinit(&doc);
}

static void a_bare_document_comes_back_too(void **s)
{
    struct aw_verdict verdict = {.doc_kind = AW_DOC_OTHER};
    struct aw_document doc;

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    assert_answered(&doc, &verdict);
    assert_str(answer.verdict, "clear");
    assert_str(answer.doc_kind, "other");
    assert_str(answer.title, "");
    assert_str(answer.note, "");
    assert_false(answer.nofollow);
    assert_int_equal(answer.link_count + answer.claim_count, 0);
    aw_document_deinit(&doc);
}

static void the_context_of_a_claim_is_sixty_characters_on_each_side(void **s)
{
    struct aw_claim claim = a_claim();
    struct aw_verdict verdict = {.claims = &claim, .claim_count = 1};
    struct aw_document doc;
    struct aw_buf text;

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    aw_buf_init(&text, 10000);
    for (int i = 0; i < 100; i++)
        aw_buf_puts(&text, "前");
    aw_buf_puts(&text, "保本");
    for (int i = 0; i < 100; i++)
        aw_buf_puts(&text, "后");
    add_block(&doc, text.ptr);
    claim.block = 0;
    claim.start = 100;
    claim.end = 102;
    assert_answered(&doc, &verdict);
    assert_int_equal(aw_utf8_count(answer.claims[0].before), 60);
    assert_int_equal(aw_utf8_count(answer.claims[0].after), 60);
    assert_true(aw_str_starts(answer.claims[0].before, AW_STR("前")));
    assert_true(aw_str_ends(answer.claims[0].before, AW_STR("前")));
    assert_true(aw_str_starts(answer.claims[0].after, AW_STR("后")));
    aw_buf_deinit(&text);
    aw_document_deinit(&doc);
}

static void an_absent_warning_has_no_context(void **s)
{
    struct aw_claim claim = {.class = AW_CLAIM_NO_RISK_WARNING};
    struct aw_verdict verdict = {.claims = &claim, .claim_count = 1};
    struct aw_document doc;

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    add_block(&doc, "text");
    assert_answered(&doc, &verdict);
    assert_str(answer.claims[0].class, "no_risk_warning");
    assert_str(answer.claims[0].quote, "");
    assert_str(answer.claims[0].before, "");
    assert_str(answer.claims[0].after, "");
    aw_document_deinit(&doc);
}

static void a_long_title_is_cut_between_characters(void **s)
{
    struct aw_verdict verdict = {0};
    struct aw_document doc;
    struct aw_buf title;

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    aw_buf_init(&title, 10000);
    for (int i = 0; i < 1000; i++)
        aw_buf_puts(&title, "题");
    doc.title = aw_buf_str(&title);
    assert_answered(&doc, &verdict);
    assert_int_equal(answer.title.len, AW_ANSWER_TITLE_MAX / 3 * 3);
    aw_buf_deinit(&title);
    aw_document_deinit(&doc);
}

/* A page may hold as many parties as a document does: its answer is good. */
static void as_many_parties_as_a_document_holds_can_be_told(void **s)
{
    struct aw_verdict verdict = {0};
    struct aw_document doc;
    char value[161];

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    memset(value, 'x', sizeof value);
    for (int i = 0; i < AW_DOCUMENT_PARTIES_MAX; i++) {
        struct aw_party party = {.value = {value, 160}};

        value[0] = (char)('a' + i % 26); /* each another */
        value[1] = (char)('a' + i / 26 % 26);
        value[2] = (char)('a' + i / 676);
        assert_int_equal(aw_document_add_party(&doc, party, &err), AW_OK);
    }
    assert_answered(&doc, &verdict);
    assert_true(answer.parties.len > 160 * (size_t)AW_DOCUMENT_PARTIES_MAX);
    aw_document_deinit(&doc);
}

/* 50,000 long links would make a head that is over its limit, and with it
 * hide what the page says. */
static void too_many_bytes_of_links_cut_the_links_and_not_the_answer(void **s)
{
    struct aw_claim claim = a_claim();
    struct aw_verdict verdict = {.kind = AW_VERDICT_SUSPECTED,
                                 .claims = &claim,
                                 .claim_count = 1};
    struct aw_document doc;
    char url[2001];

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    memset(url, 'x', sizeof url);
    url[0] = '"';
    for (int i = 0; i < AW_DOCUMENT_LINKS_MAX; i++)
        assert_int_equal(aw_document_add_link(
                             &doc, (struct aw_link){.url = {url, 2000}}, &err),
                         AW_OK);
    assert_answered(&doc, &verdict);
    assert_int_equal(answer.link_count, AW_ANSWER_LINK_BYTES_MAX / 2000);
    assert_true(answer.links_cut);
    assert_int_equal(answer.claim_count, 1);
    aw_document_deinit(&doc);
}

static void as_many_short_links_as_a_document_holds_are_all_told(void **s)
{
    struct aw_verdict verdict = {0};
    struct aw_document doc;

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    for (int i = 0; i < AW_DOCUMENT_LINKS_MAX; i++)
        assert_int_equal(
            aw_document_add_link(&doc,
                                 (struct aw_link){AW_STR("http://a/"), true,
                                                  AW_LINK_SITEMAP, 1},
                                 &err),
            AW_OK);
    assert_answered(&doc, &verdict);
    assert_int_equal(answer.link_count, AW_DOCUMENT_LINKS_MAX);
    aw_document_deinit(&doc);
}

static void images_are_not_told_and_a_cut_is(void **s)
{
    struct aw_verdict verdict = {0};
    struct aw_link link = {AW_STR("http://a.example/i.png"), false,
                           AW_LINK_IMAGE, 0};
    struct aw_document doc;

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    assert_int_equal(aw_document_add_link(&doc, link, &err), AW_OK);
    assert_answered(&doc, &verdict);
    assert_int_equal(answer.link_count, 0);
    assert_false(answer.links_cut);
    doc.links_cut = true;
    assert_answered(&doc, &verdict);
    assert_true(answer.links_cut);
    aw_document_deinit(&doc);
}

static void a_failure_is_told_in_its_words(void **s)
{
    struct aw_err failure;
    struct aw_frame frame = {0};
    size_t size = 0;

    (void)s;
    (void)aw_fail(&failure, AW_INVALID, "\"x\" is\xE4\xBF no\x01 page");
    assert_int_equal(aw_answer_put_error(&out, 5, &failure, &err), AW_OK);
    assert_int_equal(aw_frame_get(aw_buf_str(&out), &frame, &size, &err),
                     AW_OK);
    assert_int_equal(frame.job, 5);
    assert_int_equal(get(frame.head), AW_OK);
    assert_false(answer.ok);
    assert_str(answer.error, "\"x\" is\xEF\xBF\xBD\xEF\xBF\xBD no\x01 page");
}

/* ---- ready -------------------------------------------------------------- */

static aw_rc ready(struct aw_str head, struct aw_str *lexicon,
                   struct aw_str *model)
{
    return aw_ready_get(guarded(head), &arena, lexicon, model, &err);
}

static void a_ready_reader_names_its_hashes(void **s)
{
    struct aw_str lexicon = {0};
    struct aw_str model = {0};

    (void)s;
    assert_int_equal(aw_ready_put(&out, "abc", "", &err), AW_OK);
    assert_int_equal(ready(aw_str_sub(aw_buf_str(&out), 16, SIZE_MAX),
                           &lexicon, &model),
                     AW_OK);
    assert_str(lexicon, "abc");
    assert_str(model, "");
}

static void rubbish_is_no_ready_reader(void **s)
{
    const char *bad[] = {"",
                         "{}",
                         "[]",
                         "x",
                         "{\"lexicon_hash\":1}",
                         "{\"lexicon_hash\":\"\",\"model_hash\":\"\"}",
                         "{\"model_hash\":\"a\"}"};
    struct aw_str lexicon = {0};
    struct aw_str model = {0};

    (void)s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(ready(aw_str_of(bad[i]), &lexicon, &model),
                         AW_READER);
    assert_int_equal(ready(AW_STR("{\"error\":\"a.yaml:3: bad\"}"), &lexicon,
                           &model),
                     AW_CONFIG);
    assert_string_equal(err.msg, "a.yaml:3: bad");
}

/* ---- answers that are hostile ------------------------------------------- */

#define CLAIM                                                               \
    "{\"class\":\"no_risk\",\"quote\":\"无风险\",\"start\":1,\"end\":4," \
    "\"block\":0,\"rule\":\"NR-001\",\"rule_version\":\"v\","               \
    "\"code\":\"c\",\"law\":[\"l\"],\"score\":0.25,\"why\":[\"w\"],"        \
    "\"severity\":2,\"exempt\":\"e\"}"

static const char good[] =
    "{\"ok\":true,\"charset\":\"utf-8\",\"charset_why\":\"http\","
    "\"title\":\"t\",\"channel\":\"web\",\"nofollow\":true,"
    "\"canonical\":\"http://c.example/\",\"text_digest\":\"" DIGEST "\","
    "\"sitemap\":\"urlset\","
    "\"links\":[{\"url\":\"u\",\"nofollow\":true,\"kind\":\"data\","
    "\"lastmod\":5}],"
    "\"parties\":{\"names\":[\"n\"]},"
    "\"verdict\":{\"id\":\"\",\"verdict\":\"suspected\",\"score\":0.5,"
    "\"document\":{\"kind\":\"advert\",\"score\":0.75},\"claims\":[" CLAIM
    "]},\"context\":[{\"before\":\"b\",\"after\":\"a\"}]}";

/* The good answer with the first `what` replaced by `with`. */
static struct aw_str changed(const char *what, const char *with)
{
    const char *at = strstr(good, what);

    if (!at)
        fail_msg("no '%s' in the good answer", what);
    aw_buf_reset(&out);
    aw_buf_append(&out, good, (size_t)(at - good));
    aw_buf_puts(&out, with);
    aw_buf_puts(&out, at + strlen(what));
    return aw_buf_str(&out);
}

static void assert_refused(struct aw_str head, const char *what)
{
    static const struct aw_answer untouched = {.link_count = 42};

    answer = untouched;
    if (get(guarded(head)) != AW_READER)
        fail_msg("taken as an answer: %s", what);
    assert_int_equal(answer.link_count, 42);
}

static void the_good_answer_is_good(void **s)
{
    (void)s;
    assert_int_equal(get(guarded(AW_STR(good))), AW_OK);
    assert_int_equal(answer.claim_count, 1);
    assert_str(answer.claims[0].exempt_by, "e");
}

static void texts_of_another_type_are_refused(void **s)
{
    static const char *const texts[] = {"\"utf-8\"",
                                        "\"http\"",
                                        "\"t\"",
                                        "\"web\"",
                                        "\"http://c.example/\"",
                                        "\"" DIGEST "\"",
                                        "\"urlset\"",
                                        "\"data\"",
                                        "\"u\"",
                                        "\"n\"",
                                        "\"suspected\"",
                                        "\"advert\"",
                                        "\"no_risk\"",
                                        "\"无风险\"",
                                        "\"NR-001\"",
                                        "\"v\"",
                                        "\"c\"",
                                        "[\"l\"]",
                                        "\"l\"",
                                        "[\"w\"]",
                                        "\"w\"",
                                        "\"e\"",
                                        "\"b\"",
                                        "\"a\"",
                                        "{\"names\":[\"n\"]}",
                                        "[\"n\"]"};
    static const char *const values[] = {"1",
                                         "null",
                                         "true",
                                         "-1e999",
                                         "[[\"x\"]]",
                                         "{\"a\":[]}",
                                         "\"\xFF\"",
                                         "\"\xED\xA0\x80\"",
                                         "\"\xC0\x80\"",
                                         "\"\\ud800\""};

    (void)s;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t j = 0; j < sizeof values / sizeof *values; j++) {
            struct aw_str head = changed(texts[i], values[j]);

            assert_refused(head, head.ptr);
        }
}

static void numbers_of_another_type_or_size_are_refused(void **s)
{
    static const char *const numbers[] = {"\"score\":0.5",  "\"score\":0.75",
                                          "\"score\":0.25", "\"start\":1",
                                          "\"end\":4",      "\"block\":0",
                                          "\"severity\":2", "\"lastmod\":5"};
    static const char *const values[] = {
        "\"1\"", "null", "true",   "[]",    "{}",  "-1",   "-0.001",
        "1e999", "NaN",  "-1e999", "1e300", "inf", "0x10", "253402300800000"};
    char with[100];

    (void)s;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (size_t j = 0; j < sizeof values / sizeof *values; j++) {
            struct aw_str key = aw_str_of(numbers[i]);
            struct aw_str head;

            (void)aw_str_split(&key, ':', &key);
            (void)snprintf(with, sizeof with, "%.*s:%s", AW_STR_ARG(key),
                           values[j]);
            head = changed(numbers[i], with);
            assert_refused(head, head.ptr);
        }
}

static void words_that_are_not_known_are_refused(void **s)
{
    static const char *const changes[][2] = {
        {"\"web\"", "\"tv\""},
        {"\"data\"", "\"embed\""},
        {"\"urlset\"", "\"urls\""},
        {DIGEST, DIGEST "0"},
        {DIGEST, "0"},
        {DIGEST, "0123456789ABCDEF" DIGEST_TAIL},
        {DIGEST, "0123456789abcdeg" DIGEST_TAIL},
        {"\"end\":4", "\"end\":1000000001"},
        {"\"suspected\"", "\"guilty\""},
        {"\"advert\"", "\"poem\""},
        {"\"no_risk\"", "\"no_risk2\""},
        {"\"names\"", "\"<script>\""},
        {"\"ok\":true", "\"ok\":1"},
        {"\"ok\":true", "\"ok\":false"},
        {"\"start\":1", "\"start\":5"},
        {"\"severity\":2", "\"severity\":4"},
        {"\"score\":0.5", "\"score\":1.01"},
        {"\"links\":[", "\"links\":{}, \"x\":["},
        {"\"claims\":[", "\"claims\":7, \"x\":["},
        {"\"context\":[", "\"context\":{}, \"x\":["},
        {"\"links\"", "\"no_links\""},
        {"\"claims\"", "\"no_claims\""},
        {"\"context\"", "\"no_context\""},
        {"\"channel\"", "\"no_channel\""},
        {"\"verdict\":{", "\"no_verdict\":{"},
        {"\"document\":{", "\"no_document\":{"},
        {"\"class\"", "\"no_class\""},
        {CLAIM, "7"},
        {CLAIM, "[]"},
        {CLAIM, "{}"},
    };

    (void)s;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct aw_str head = changed(changes[i][0], changes[i][1]);

        assert_refused(head, head.ptr);
    }
    assert_refused(AW_STR("{}"), "{}");
    assert_refused(AW_STR("{\"error\":\"\"}"), "an empty error");
    assert_refused(AW_STR("{\"error\":[]}"), "an error that is no text");
}

static void odd_contexts_and_links_do_no_harm(void **s)
{
    (void)s;
    assert_int_equal(get(changed("{\"before\":\"b\",\"after\":\"a\"}",
                                 "7,[],{}")),
                     AW_OK);
    assert_str(answer.claims[0].before, "");
    assert_int_equal(get(changed("{\"before\":\"b\",\"after\":\"a\"}", "")),
                     AW_OK);
    assert_str(answer.claims[0].after, "");
    assert_int_equal(get(changed("\"url\":\"u\"", "\"url\":\"u\\u0000v\"")),
                     AW_OK);
    assert_true(aw_utf8_valid(answer.links[0].url));
}

static void put_many(const char *before, const char *item, size_t count,
                     const char *after)
{
    aw_buf_reset(&out);
    aw_buf_puts(&out, before);
    for (size_t i = 0; i < count; i++) {
        aw_buf_puts(&out, i ? "," : "");
        aw_buf_puts(&out, item);
    }
    aw_buf_puts(&out, after);
}

static aw_rc get_with_many(const char *what, const char *item, size_t count)
{
    const char *at = strstr(good, what);
    char *before = strndup(good, (size_t)(at - good));
    aw_rc rc;

    put_many(before, item, count, at + strlen(what));
    free(before);
    rc = get(aw_buf_str(&out));
    return rc;
}

static void too_many_links_and_claims_are_refused(void **s)
{
    (void)s;
    assert_int_equal(get_with_many("{\"url\":\"u\",\"nofollow\":true,\"kind\":"
                                   "\"data\",\"lastmod\":5}",
                                   "{\"url\":\"u\"}", AW_ANSWER_LINKS_MAX),
                     AW_OK);
    assert_int_equal(get_with_many("{\"url\":\"u\",\"nofollow\":true,\"kind\":"
                                   "\"data\",\"lastmod\":5}",
                                   "{\"url\":\"u\"}", AW_ANSWER_LINKS_MAX + 1),
                     AW_READER);
    assert_int_equal(get_with_many(CLAIM, CLAIM, AW_CLAIMS_MAX), AW_OK);
    assert_int_equal(get_with_many(CLAIM, CLAIM, AW_CLAIMS_MAX + 1),
                     AW_READER);
    assert_int_equal(get_with_many("{\"before\":\"b\",\"after\":\"a\"}", "{}",
                                   AW_CLAIMS_MAX + 1),
                     AW_READER);
}

static void a_canonical_beyond_its_limit_is_refused(void **s)
{
    char url[AW_DOCUMENT_URL_MAX + 4];

    (void)s;
    memset(url, 'a', sizeof url);
    url[0] = url[AW_DOCUMENT_URL_MAX + 1] = '"';
    url[AW_DOCUMENT_URL_MAX + 2] = '\0';
    assert_int_equal(get(changed("\"http://c.example/\"", url)), AW_OK);
    assert_int_equal(answer.canonical.len, AW_DOCUMENT_URL_MAX);
    url[AW_DOCUMENT_URL_MAX + 1] = 'a';
    url[AW_DOCUMENT_URL_MAX + 2] = '"';
    url[AW_DOCUMENT_URL_MAX + 3] = '\0';
    assert_refused(changed("\"http://c.example/\"", url), "a long canonical");
}

static void a_text_beyond_its_limit_is_refused(void **s)
{
    struct aw_buf text;

    (void)s;
    aw_buf_init(&text, 1 << 20);
    aw_buf_putc(&text, '"');
    for (size_t i = 0; i < AW_ANSWER_TEXT_MAX; i++)
        aw_buf_putc(&text, 'x');
    aw_buf_putc(&text, '"');
    assert_int_equal(get(changed("\"无风险\"", text.ptr)), AW_OK);
    text.ptr[text.len - 1] = 'x';
    aw_buf_putc(&text, '"');
    assert_int_equal(get(changed("\"无风险\"", text.ptr)), AW_READER);
    aw_buf_deinit(&text);
}

static void what_is_small_on_the_wire_stays_small_in_memory(void **s)
{
    (void)s;
    put_many("{\"x\":[", "[]", AW_ANSWER_VALUES_MAX, "]}");
    assert_refused((struct aw_str){out.ptr, 0}, "nothing");
    assert_int_equal(get(aw_buf_str(&out)), AW_READER);
    assert_has(err.msg, "values");
    /* Commas and brackets inside texts are not counted. */
    put_many("{\"error\":\"", "[{\\\"", 12000, "\"}");
    assert_int_equal(get(aw_buf_str(&out)), AW_OK);
}

static void deep_nesting_is_refused(void **s)
{
    static const char *const brackets[] = {"[", "{\"a\":"};

    (void)s;
    for (int i = 0; i < 2; i++) {
        aw_buf_reset(&out);
        aw_buf_puts(&out, "{\"x\":");
        for (int depth = 0; depth < 100000; depth++)
            aw_buf_puts(&out, brackets[i]);
        assert_refused(aw_buf_str(&out), "a deep one");
    }
}

static void an_answer_that_is_torn_is_refused_at_every_byte(void **s)
{
    (void)s;
    for (size_t len = 0; len + 1 < sizeof good; len++)
        assert_refused((struct aw_str){good, len}, "a torn one");
}

static void bytes_behind_the_answer_or_nuls_in_it_are_refused(void **s)
{
    (void)s;
    aw_buf_puts(&out, good);
    aw_buf_puts(&out, "{}");
    assert_refused(aw_buf_str(&out), "two answers");
    aw_buf_reset(&out);
    aw_buf_put(&out, (struct aw_str){good, sizeof good}); /* its NUL too */
    assert_refused(aw_buf_str(&out), "a NUL at the end");
    assert_refused(AW_STR("\0\0\0\0"), "NULs");
    assert_refused(AW_STR("{\"ok\"\0:true}"), "a NUL inside");
}

static void assert_text(struct aw_str text)
{
    assert_non_null(text.ptr);
    assert_true(text.len <= AW_ANSWER_TEXT_MAX * 4);
    assert_true(aw_utf8_valid(text));
    assert_int_equal(text.ptr[text.len], '\0');
}

/* What the crawler relies on, whatever a reader said. */
static void assert_sane(const struct aw_answer *a)
{
    if (!a->ok) {
        assert_true(a->error.len > 0);
        return;
    }
    assert_text(a->title);
    assert_text(a->channel);
    assert_text(a->parties);
    assert_true(a->score >= 0 && a->score <= 1);
    assert_true(a->doc_score >= 0 && a->doc_score <= 1);
    for (size_t i = 0; i < a->link_count; i++)
        assert_text(a->links[i].url);
    for (size_t i = 0; i < a->claim_count; i++) {
        const struct aw_answer_claim *c = &a->claims[i];

        assert_text(c->quote);
        assert_text(c->before);
        assert_text(c->after);
        assert_text(c->rule);
        assert_true(c->law.ptr[0] == '[' && c->why.ptr[0] == '[');
        assert_in_range((uintmax_t)c->severity, 0, 3);
        assert_true(c->start >= 0 && c->start <= c->end);
        assert_true(c->score >= 0 && c->score <= 1);
    }
}

static void mutate(char *text, size_t *len, struct aw_rng *rng)
{
    static const char signs[] = "\"\\{}[],:0123456789-+.eEtfnu\0\xFF\xE4 ";
    size_t at = (size_t)aw_rng_below(rng, *len);
    size_t from = (size_t)aw_rng_below(rng, *len);
    size_t n = (size_t)aw_rng_below(rng, 24);

    switch (aw_rng_below(rng, 4)) {
    case 0:
        text[at] = (char)aw_rng_below(rng, 256);
        break;
    case 1:
        text[at] = signs[aw_rng_below(rng, sizeof signs - 1)];
        break;
    case 2: /* a piece over another */
        if (at + n <= *len && from + n <= *len)
            memmove(text + at, text + from, n);
        break;
    default: /* a piece taken out */
        if (at + n < *len) {
            memmove(text + at, text + at + n, *len - at - n);
            *len -= n;
        }
        break;
    }
}

static void mutated_answers_are_sane_or_refused(void **s)
{
    struct aw_rng rng;
    int taken = 0;

    (void)s;
    aw_rng_init(&rng, 20260723);
    for (int i = 0; i < 20000; i++) {
        char text[sizeof good];
        size_t len = sizeof good - 1;
        aw_rc rc;

        memcpy(text, good, sizeof good);
        for (uint64_t n = 1 + aw_rng_below(&rng, 3); n > 0; n--)
            mutate(text, &len, &rng);
        rc = get(guarded((struct aw_str){text, len}));
        assert_true(rc == AW_OK || rc == AW_READER);
        if (rc != AW_OK)
            continue;
        taken++;
        assert_sane(&answer);
    }
    assert_in_range((uintmax_t)taken, 1000, 15000);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(frames_come_back_whole_and_in_order),
        UNIT(a_frame_that_is_not_whole_yet_is_missing_at_every_byte),
        UNIT(false_or_oversize_frames_are_no_frames),
        UNIT(a_question_comes_back_as_it_was_asked),
        UNIT(a_page_with_an_odd_content_type_can_be_asked_about),
        UNIT(a_question_that_is_none_is_refused),
        UNIT(an_answer_comes_back_as_it_was_given),
        UNIT(a_bare_document_comes_back_too),
        UNIT(the_context_of_a_claim_is_sixty_characters_on_each_side),
        UNIT(an_absent_warning_has_no_context),
        UNIT(a_long_title_is_cut_between_characters),
        UNIT(as_many_parties_as_a_document_holds_can_be_told),
        UNIT(too_many_bytes_of_links_cut_the_links_and_not_the_answer),
        UNIT(as_many_short_links_as_a_document_holds_are_all_told),
        UNIT(images_are_not_told_and_a_cut_is),
        UNIT(a_failure_is_told_in_its_words),
        UNIT(a_ready_reader_names_its_hashes),
        UNIT(rubbish_is_no_ready_reader),
        UNIT(the_good_answer_is_good),
        UNIT(texts_of_another_type_are_refused),
        UNIT(numbers_of_another_type_or_size_are_refused),
        UNIT(words_that_are_not_known_are_refused),
        UNIT(odd_contexts_and_links_do_no_harm),
        UNIT(too_many_links_and_claims_are_refused),
        UNIT(a_canonical_beyond_its_limit_is_refused),
        UNIT(a_text_beyond_its_limit_is_refused),
        UNIT(what_is_small_on_the_wire_stays_small_in_memory),
        UNIT(deep_nesting_is_refused),
        UNIT(an_answer_that_is_torn_is_refused_at_every_byte),
        UNIT(bytes_behind_the_answer_or_nuls_in_it_are_refused),
        UNIT(mutated_answers_are_sane_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
