#include "tests/base/base_test.h"

#include <math.h>
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
    static const size_t room = AW_FRAME_HEAD_MAX;
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
    if (aw_question_get(&frame, &got, &err) != AW_OK)
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
        .mapping = AW_STR("{\"name\":\"/a\"}"),
        .agent = AW_STR("adwatch"),
        .bytes = AW_STR("\x1F\x8B\0\xFF<p>"),
        .decoded_max = 5000,
        .ratio_max = 77,
        .show = AW_SHOW_DOM,
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
        assert_true(aw_str_eq(got.mapping, input.mapping));
        assert_true(aw_str_eq(got.agent, input.agent));
        assert_true(aw_str_eq(got.bytes, input.bytes));
        assert_true(got.sitemap == input.sitemap);
        assert_int_equal(got.channel, i);
        assert_int_equal(got.decoded_max, 5000);
        assert_int_equal(got.ratio_max, 77);
        assert_int_equal(got.show, AW_SHOW_DOM);
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

static void a_question_that_is_torn_or_longer_is_refused(void **s)
{
    struct aw_extract_input input = {.url = AW_STR("kept")};
    struct aw_frame frame = {1, {0}, {0}};

    (void)s;
    (void)asked(&(struct aw_extract_input){.url = AW_STR("http://a.example/"),
                                           .agent = AW_STR("adwatch")});
    for (size_t len = 0; len < out.len - 16; len++) {
        frame.head = guarded((struct aw_str){out.ptr + 16, len});
        assert_int_equal(aw_question_get(&frame, &input, &err), AW_READER);
    }
    frame.head = (struct aw_str){out.ptr + 16, out.len - 16};
    assert_int_equal(aw_question_get(&frame, &input, &err), AW_OK);
    input.url = AW_STR("kept");
    aw_buf_putc(&out, 'x');
    frame.head = (struct aw_str){out.ptr + 16, out.len - 16};
    assert_int_equal(aw_question_get(&frame, &input, &err), AW_READER);
    assert_str(input.url, "kept");
}

static void a_question_can_be_made_unhurried(void **s)
{
    struct aw_extract_input input = {.url = AW_STR("http://a.example/"),
                                     .bytes = AW_STR("<p>"),
                                     .quick_max = 4096};
    struct aw_extract_input got = asked(&input);
    struct aw_frame frame;
    size_t size;

    (void)s;
    assert_int_equal(got.quick_max, 4096);
    aw_question_set_unhurried(&out);
    assert_int_equal(aw_frame_get(aw_buf_str(&out), &frame, &size, &err),
                     AW_OK);
    assert_int_equal(aw_question_get(&frame, &got, &err), AW_OK);
    assert_int_equal(got.quick_max, 0);
    assert_str(got.url, "http://a.example/");
    assert_true(aw_str_eq(got.bytes, AW_STR("<p>")));
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
    struct aw_party party = {AW_PARTY_NAME, AW_STR("甲\"公司"), 1, 3, 7};
    struct aw_app app = {AW_STR("s:1"), {AW_STR("云\"宝")}};
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
    doc.scripts = 4;
    add_block(&doc, "first");
    add_block(&doc, "稳赚保本无忧");
    assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_META, false,
                                           AW_STR("not shown"), &err),
                     AW_OK);
    claims[1].exempt_by = AW_STR("EX-1");
    assert_int_equal(aw_document_add_link(&doc, link, &err), AW_OK);
    link.nofollow = false;
    link.kind = AW_LINK_ALTERNATE;
    link.lastmod_ms = 1795392000123;
    assert_int_equal(aw_document_add_link(&doc, link, &err), AW_OK);
    assert_int_equal(aw_document_add_party(&doc, party, &err), AW_OK);
    assert_int_equal(aw_document_add_app(&doc, &app, &err), AW_OK);
    assert_answered(&doc, &verdict);

    assert_str(answer.charset, "gb18030");
    assert_str(answer.charset_why, "meta");
    assert_str(answer.title, "标题\"\\");
    assert_str(answer.note, "read up to here");
    assert_str(answer.channel, "poster");
    assert_true(answer.nofollow);
    assert_int_equal(answer.shown, 11);
    assert_int_equal(answer.scripts, 4);
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
    assert_has(answer.parties.ptr,
               "\"value\":\"甲\\\"公司\",\"block\":1,\"start\":3,"
               "\"end\":7}");
    assert_int_equal(answer.app_count, 1);
    assert_str(answer.apps[0].key, "s:1");
    assert_str(answer.apps[0].fields[AW_APP_NAME], "云\"宝");
    assert_str(answer.apps[0].fields[AW_APP_LINK], "");
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

/* The head of the frame that shows doc, or source. */
static void shown(const struct aw_document *doc, enum aw_show show,
                  struct aw_str source)
{
    static const struct aw_verdict none;
    struct aw_frame frame = {0};
    size_t size = 0;

    aw_buf_reset(&out);
    if (aw_answer_put_shown(&out, 3, doc, &none, show, source, &err) != AW_OK)
        fail_msg("%s", err.msg);
    assert_int_equal(aw_frame_get(aw_buf_str(&out), &frame, &size, &err),
                     AW_OK);
    if (get(frame.head) != AW_OK)
        fail_msg("%s", err.msg);
}

static void texts_come_back_with_what_rules_see(void **s)
{
    struct aw_document doc;

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    add_block(&doc, "first");
    assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_OCR,
                                           AW_HIDDEN_COLOUR, AW_STR("亻呆*本"),
                                           &err),
                     AW_OK);
    shown(&doc, AW_SHOW_BLOCKS, AW_STR(""));
    assert_int_equal(answer.text_count, 2);
    assert_false(answer.texts_cut);
    assert_str(answer.texts[0].kind, "body");
    assert_str(answer.texts[0].hidden, "");
    assert_str(answer.texts[0].text, "first");
    assert_str(answer.texts[0].seen, "");
    assert_str(answer.texts[1].kind, "ocr");
    assert_str(answer.texts[1].hidden, "colour");
    assert_str(answer.texts[1].seen, "保本");
    shown(&doc, AW_SHOW_SOURCE, AW_STR("<p>\0x"));
    assert_int_equal(answer.text_count, 0);
    assert_str(answer.source, "<p>");
    aw_document_deinit(&doc);
}

/* A megabyte without blanks, five times. */
static void long_texts_are_cut(void **s)
{
    size_t len = (size_t)1 << 20;
    char *text = malloc(len);
    struct aw_document doc;
    size_t bytes = 0;

    (void)s;
    assert_non_null(text);
    memset(text, 'x', len);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    add_block(&doc, "first");
    for (int i = 0; i < 5; i++)
        assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_BODY,
                                               AW_HIDDEN_NONE,
                                               (struct aw_str){text, len},
                                               &err),
                         AW_OK);
    shown(&doc, AW_SHOW_BLOCKS, AW_STR(""));
    assert_true(answer.texts_cut);
    assert_int_equal(answer.text_count, 5);
    for (size_t i = 0; i < answer.text_count; i++)
        bytes += answer.texts[i].text.len;
    assert_int_equal(bytes, AW_ANSWER_SHOWN_MAX);
    aw_document_deinit(&doc);
    free(text);
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

static void a_cut_is_told(void **s)
{
    struct aw_verdict verdict = {0};
    struct aw_document doc;

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    doc.links_cut = true;
    assert_answered(&doc, &verdict);
    assert_true(answer.links_cut);
    aw_document_deinit(&doc);
}

/* A page with three images, the first of them small, and so much text. */
static void answer_images(const struct aw_verdict *verdict, size_t bytes)
{
    struct aw_link link = {AW_STR("http://a.example/i.png"), true,
                           AW_LINK_IMAGE, 0};
    struct aw_document doc;
    char text[2000];

    memset(text, 'x', sizeof text);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_BODY, false,
                                           (struct aw_str){text, bytes}, &err),
                     AW_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(aw_document_add_link(&doc, link, &err), AW_OK);
        link.nofollow = false;
    }
    assert_answered(&doc, verdict);
    aw_document_deinit(&doc);
}

static void images_are_told_of_what_looks_like_an_advertisement(void **s)
{
    struct aw_verdict verdict = {.doc_kind = AW_DOC_OTHER};

    (void)s;
    answer_images(&verdict, 2000);
    assert_int_equal(answer.link_count, 0);
    answer_images(&verdict, 100); /* next to no text: they are the page */
    assert_int_equal(answer.link_count, 2);
    verdict.doc_kind = AW_DOC_ADVERT;
    answer_images(&verdict, 2000);
    assert_int_equal(answer.link_count, 2);
    assert_int_equal(answer.links[0].kind, AW_LINK_IMAGE);
    verdict.doc_kind = AW_DOC_OTHER;
    verdict.kind = AW_VERDICT_SUSPECTED;
    answer_images(&verdict, 2000);
    assert_int_equal(answer.link_count, 2);
}

static void images_have_a_limit_of_their_own(void **s)
{
    struct aw_verdict verdict = {.doc_kind = AW_DOC_ADVERT};
    struct aw_link link = {AW_STR("http://a.example/i.png"), false,
                           AW_LINK_IMAGE, 0};
    struct aw_document doc;

    (void)s;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    for (int i = 0; i < AW_ANSWER_IMAGES_MAX + 5; i++)
        assert_int_equal(aw_document_add_link(&doc, link, &err), AW_OK);
    assert_answered(&doc, &verdict);
    assert_int_equal(answer.link_count, AW_ANSWER_IMAGES_MAX);
    assert_false(answer.links_cut);
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
    return aw_ready_get(guarded(head), lexicon, model, &err);
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
    struct aw_str lexicon = AW_STR("kept");
    struct aw_str model = {0};
    struct aw_str head;

    (void)s;
    assert_int_equal(aw_ready_put(&out, "abc", "def", &err), AW_OK);
    head = aw_str_sub(aw_buf_str(&out), 16, SIZE_MAX);
    for (size_t len = 0; len < head.len; len++)
        assert_int_equal(ready(aw_str_sub(head, 0, len), &lexicon, &model),
                         AW_READER);
    aw_buf_reset(&out);
    assert_int_equal(aw_ready_put(&out, "", "def", &err), AW_OK);
    head = aw_str_sub(aw_buf_str(&out), 16, SIZE_MAX);
    assert_int_equal(ready(head, &lexicon, &model), AW_READER);
    assert_str(lexicon, "kept");
}

static void a_reader_that_cannot_start_says_why(void **s)
{
    struct aw_str lexicon = {0};
    struct aw_str model = {0};
    struct aw_err failure;

    (void)s;
    (void)aw_fail(&failure, AW_CONFIG, "a.yaml:3: bad");
    assert_int_equal(aw_answer_put_error(&out, 0, &failure, &err), AW_OK);
    assert_int_equal(ready(aw_str_sub(aw_buf_str(&out), 16, SIZE_MAX),
                           &lexicon, &model),
                     AW_CONFIG);
    assert_string_equal(err.msg, "a.yaml:3: bad");
}

/* ---- answers that are hostile ------------------------------------------- */

/* A good answer, field by field, as protocol.h and wire.h have it. */
enum field_type { NUMBER, TEXT, REAL };

static const struct field {
    const char *name;
    enum field_type type;
    uint64_t number, most; /* what comes after most is refused */
    double real;
    const char *text;
    size_t text_max;
} good[] = {
#define N(name, value, most)                  \
    {                                         \
        name, NUMBER, value, most, 0, NULL, 0 \
    }
#define R(name, value)                   \
    {                                    \
        name, REAL, 0, 0, value, NULL, 0 \
    }
#define T(name, value, most)             \
    {                                    \
        name, TEXT, 0, 0, 0, value, most \
    }
#define TEXT_MAX AW_ANSWER_TEXT_MAX
    N("kind", 1, 2),
    T("charset", "utf-8", TEXT_MAX),
    T("charset_why", "http", TEXT_MAX),
    T("title", "t", AW_ANSWER_TITLE_MAX),
    T("note", "cut", TEXT_MAX),
    N("channel", AW_CHANNEL_WEB, AW_CHANNEL_COUNT - 1),
    N("nofollow", 1, 1),
    T("canonical", "http://c.example/", AW_DOCUMENT_URL_MAX),
    T("text_digest", DIGEST, 0),
    N("sitemap", AW_SITEMAP_URLSET, AW_SITEMAP_KIND_COUNT - 1),
    N("blocks", 2, AW_DOCUMENT_BLOCKS_MAX),
    N("shown", 9, AW_DOCUMENT_ARENA_MAX),
    N("scripts", 3, UINT16_MAX),
    N("links_cut", 1, 1),
    N("links", 1, 1),
    T("link", "http://u.example/", TEXT_MAX),
    N("link nofollow", 1, 1),
    N("link kind", AW_LINK_DATA, AW_LINK_KIND_COUNT - 1),
    N("lastmod", 5, 253402300799999),
    N("parties", 1, 1),
    N("party kind", AW_PARTY_NAME, AW_PARTY_KIND_COUNT - 1),
    T("party", "n", TEXT_MAX),
    N("party block", 0, AW_DOCUMENT_BLOCKS_MAX),
    N("party start", 0, 1),
    N("party end", 1, 1000000000),
    N("apps", 1, 1),
    T("app key", "k", AW_APP_KEY_MAX),
    T("app name", "云宝", AW_APP_TEXT_MAX),
    T("app developer", "", AW_APP_TEXT_MAX),
    T("app description", "", AW_APP_TEXT_MAX),
    T("app what is new", "", AW_APP_TEXT_MAX),
    T("app category", "", AW_APP_TEXT_MAX),
    T("app link", "", AW_APP_TEXT_MAX),
    N("verdict", AW_VERDICT_SUSPECTED, AW_VERDICT_COUNT - 1),
    R("score", 0.5),
    N("doc kind", AW_DOC_ADVERT, AW_DOC_KIND_COUNT - 1),
    R("doc score", 0.75),
    N("claims", 1, 1),
    N("class", AW_CLAIM_NO_RISK, AW_CLAIM_CLASS_COUNT - 1),
    T("quote", "无风险", TEXT_MAX),
    T("before", "b", TEXT_MAX),
    T("after", "a", TEXT_MAX),
    N("block", 0, AW_DOCUMENT_BLOCKS_MAX),
    N("start", 1, 4),
    N("end", 4, 1000000000),
    N("severity", 2, 3),
    T("rule", "NR-001", TEXT_MAX),
    T("rule_version", "v", TEXT_MAX),
    T("code", "c", TEXT_MAX),
    T("exempt", "e", TEXT_MAX),
    N("laws", 1, 1),
    T("law", "l", TEXT_MAX),
    N("whys", 1, 1),
    T("why", "w", TEXT_MAX),
    R("claim score", 0.25),
    N("texts_cut", 1, 1),
    N("texts", 1, 1),
    N("text kind", AW_BLOCK_LINK, AW_BLOCK_KIND_COUNT - 1),
    N("text hidden", AW_HIDDEN_SIZE, AW_HIDDEN_COUNT - 1),
    T("text", "保 本", AW_ANSWER_SHOWN_MAX),
    T("text as seen", "保本", AW_ANSWER_SHOWN_MAX),
    T("source", "<p>", AW_SHOW_BYTES_MAX),
};

#define FIELDS (sizeof good / sizeof *good)

static void put_raw(struct aw_str text)
{
    uint32_t len = (uint32_t)text.len;

    aw_buf_append(&out, &len, sizeof len);
    aw_buf_put(&out, text);
    aw_buf_putc(&out, '\0');
}

static void put_field(const struct field *field)
{
    if (field->type == NUMBER)
        aw_buf_append(&out, &field->number, sizeof field->number);
    else if (field->type == REAL)
        aw_buf_append(&out, &field->real, sizeof field->real);
    else
        put_raw(aw_str_of(field->text));
}

static void put_fields(size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        put_field(&good[i]);
}

static struct aw_str good_answer(void)
{
    aw_buf_reset(&out);
    put_fields(0, FIELDS);
    return aw_buf_str(&out);
}

/* The good answer with field i as it is given here. */
static struct aw_str with_field(size_t i, const struct field *field)
{
    aw_buf_reset(&out);
    put_fields(0, i);
    put_field(field);
    put_fields(i + 1, FIELDS);
    return aw_buf_str(&out);
}

static struct aw_str with_text(size_t i, struct aw_str text)
{
    aw_buf_reset(&out);
    put_fields(0, i);
    put_raw(text);
    put_fields(i + 1, FIELDS);
    return aw_buf_str(&out);
}

static size_t field_of(const char *name)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (strcmp(good[i].name, name) == 0)
            return i;
    fail_msg("no field '%s'", name);
    return 0;
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
    if (get(guarded(good_answer())) != AW_OK)
        fail_msg("%s", err.msg);
    assert_int_equal(answer.claim_count, 1);
    assert_str(answer.links[0].url, "http://u.example/");
    assert_str(answer.claims[0].rule, "NR-001");
    assert_str(answer.claims[0].exempt_by, "e");
    assert_str(answer.claims[0].law, "[\"l\"]");
    assert_str(answer.claims[0].class, "no_risk");
    assert_str(answer.texts[0].kind, "link");
    assert_str(answer.texts[0].hidden, "size");
    assert_str(answer.texts[0].text, "保 本");
    assert_str(answer.texts[0].seen, "保本");
    assert_str(answer.source, "<p>");
}

static void numbers_beyond_their_limits_are_refused(void **s)
{
    (void)s;
    for (size_t i = 0; i < FIELDS; i++) {
        struct field field = good[i];

        if (field.type != NUMBER)
            continue;
        field.number = good[i].most + 1;
        assert_refused(with_field(i, &field), field.name);
        field.number = UINT64_MAX;
        assert_refused(with_field(i, &field), field.name);
    }
}

/* Where it changes nothing else, the most is taken. */
static void numbers_at_their_limits_are_taken(void **s)
{
    static const char *const alone[] = {"channel", "nofollow",  "sitemap",
                                        "blocks",  "links_cut", "shown",
                                        "scripts", "lastmod",   "link kind",
                                        "verdict", "class",     "doc kind",
                                        "block",   "end",       "severity",
                                        "start",   "party kind"};

    (void)s;
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
        size_t at = field_of(alone[i]);
        struct field field = good[at];

        field.number = field.most;
        if (get(guarded(with_field(at, &field))) != AW_OK)
            fail_msg("%s: %s", alone[i], err.msg);
    }
}

static void scores_that_are_none_are_refused(void **s)
{
    const double bad[] = {-0.001, 1.001, INFINITY, -INFINITY, NAN, 1e300};

    (void)s;
    for (size_t i = 0; i < FIELDS; i++)
        for (size_t j = 0; good[i].type == REAL && j < 6; j++) {
            struct field field = good[i];

            field.real = bad[j];
            assert_refused(with_field(i, &field), field.name);
        }
}

static void texts_that_are_none_are_refused(void **s)
{
    const struct aw_str bad[] = {AW_STR("\xFF"), AW_STR("\xED\xA0\x80"),
                                 AW_STR("\xC0\x80"), AW_STR("a\0b"),
                                 AW_STR("\0")};

    (void)s;
    for (size_t i = 0; i < FIELDS; i++)
        for (size_t j = 0; good[i].type == TEXT && j < 5; j++)
            assert_refused(with_text(i, bad[j]), good[i].name);
}

static void a_text_beyond_its_limit_is_refused(void **s)
{
    char *text = malloc(AW_SHOW_BYTES_MAX + 1);

    (void)s;
    assert_non_null(text);
    memset(text, 'x', AW_SHOW_BYTES_MAX + 1);
    for (size_t i = 0; i < FIELDS; i++) {
        if (good[i].text_max == 0)
            continue;
        if (get(guarded(
                with_text(i, (struct aw_str){text, good[i].text_max}))) !=
            AW_OK)
            fail_msg("%s: %s", good[i].name, err.msg);
        assert_refused(with_text(i,
                                 (struct aw_str){text, good[i].text_max + 1}),
                       good[i].name);
    }
    free(text);
}

static void a_text_must_end_with_a_nul(void **s)
{
    static const uint32_t endless[] = {6, 7, UINT32_MAX - 1, UINT32_MAX};
    size_t at = field_of("why");

    (void)s;
    for (size_t i = 0; i < FIELDS; i++) {
        struct aw_str head;

        if (good[i].type != TEXT)
            continue;
        aw_buf_reset(&out);
        put_fields(0, i + 1);
        out.ptr[out.len - 1] = '!';
        put_fields(i + 1, FIELDS);
        head = aw_buf_str(&out);
        assert_refused(head, good[i].name);
    }
    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
        aw_buf_reset(&out);
        put_fields(0, at);
        aw_buf_append(&out, &endless[i], sizeof endless[i]);
        aw_buf_puts(&out, "abcde");
        assert_refused(aw_buf_str(&out), "a text without an end");
    }
}

static void false_digests_and_places_are_refused(void **s)
{
    static const char *const digests[] = {DIGEST "0", "0",
                                          "0123456789ABCDEF" DIGEST_TAIL,
                                          "0123456789abcdeg" DIGEST_TAIL};
    size_t at = field_of("text_digest");
    struct field start = good[field_of("start")];

    (void)s;
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
        assert_refused(with_text(at, aw_str_of(digests[i])), digests[i]);
    assert_int_equal(get(guarded(with_text(at, AW_STR("")))), AW_OK);
    start.number = 5;
    assert_refused(with_field(field_of("start"), &start), "it ends first");
}

/* The good answer with count items in the list whose number is called name. */
static struct aw_str with_items(const char *name, size_t fields, size_t count)
{
    size_t at = field_of(name);
    struct field number = good[at];

    number.number = count;
    aw_buf_reset(&out);
    put_fields(0, at);
    put_field(&number);
    for (size_t i = 0; i < count; i++)
        put_fields(at + 1, at + 1 + fields);
    put_fields(at + 1 + fields, FIELDS);
    return aw_buf_str(&out);
}

static void lists_have_their_limits(void **s)
{
    static const struct {
        const char *name;
        size_t fields, most;
    } lists[] = {
        {"links", 4, AW_ANSWER_LINKS_MAX},
        {"parties", 5, AW_DOCUMENT_PARTIES_MAX},
        {"claims", 17, AW_CLAIMS_MAX},
        {"laws", 1, AW_CLAIM_LAWS_MAX},
        {"whys", 1, AW_CLAIM_WHY_MAX},
    };

    (void)s;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t fields = lists[i].fields, most = lists[i].most;

        if (get(with_items(lists[i].name, fields, most)) != AW_OK)
            fail_msg("%s: %s", lists[i].name, err.msg);
        assert_int_equal(get(with_items(lists[i].name, fields, 0)), AW_OK);
        assert_int_equal(get(with_items(lists[i].name, fields, most + 1)),
                         AW_READER);
    }
}

/* Room is made for what can be there, not for what is said to be. */
static void what_is_small_on_the_wire_stays_small_in_memory(void **s)
{
    size_t at = field_of("links");
    struct field number = good[at];

    (void)s;
    number.number = AW_ANSWER_LINKS_MAX;
    aw_buf_reset(&out);
    put_fields(0, at);
    put_field(&number);
    assert_refused(aw_buf_str(&out), "links that are not there");
    assert_true(arena.used < 1000);
}

static void parties_beyond_their_bytes_are_refused(void **s)
{
    char *text = malloc(AW_ANSWER_TEXT_MAX);
    size_t at = field_of("parties");
    size_t count = AW_ANSWER_PARTIES_MAX / AW_ANSWER_TEXT_MAX + 1;

    (void)s;
    assert_non_null(text);
    memset(text, 'x', AW_ANSWER_TEXT_MAX);
    aw_buf_reset(&out);
    put_fields(0, at);
    aw_buf_append(&out, &count, sizeof count);
    for (size_t i = 0; i < count; i++) {
        put_fields(at + 1, at + 2);
        put_raw((struct aw_str){text, AW_ANSWER_TEXT_MAX});
    }
    put_fields(at + 3, FIELDS);
    assert_int_equal(get(aw_buf_str(&out)), AW_READER);
    free(text);
}

static void an_answer_that_is_torn_is_refused_at_every_byte(void **s)
{
    struct aw_str head = good_answer();

    (void)s;
    for (size_t len = 0; len < head.len; len++)
        assert_refused((struct aw_str){head.ptr, len}, "a torn one");
}

static void bytes_behind_the_answer_are_refused(void **s)
{
    (void)s;
    (void)good_answer();
    put_fields(0, FIELDS);
    assert_refused(aw_buf_str(&out), "two answers");
    (void)good_answer();
    aw_buf_putc(&out, '\0');
    assert_refused(aw_buf_str(&out), "a NUL at the end");
    assert_refused(AW_STR("\0\0\0\0\0\0\0\0"), "NULs");
}

static void a_failure_must_say_something(void **s)
{
    static const uint64_t failed;

    (void)s;
    aw_buf_append(&out, &failed, sizeof failed);
    put_raw(AW_STR(""));
    assert_refused(aw_buf_str(&out), "an empty error");
}

static void a_reader_can_say_that_a_page_is_large(void **s)
{
    (void)s;
    assert_int_equal(aw_answer_put_large(&out, 1, &err), AW_OK);
    assert_int_equal(get(aw_str_sub(aw_buf_str(&out), 16, SIZE_MAX)), AW_OK);
    assert_true(answer.is_large && !answer.ok);
    aw_buf_putc(&out, 'x');
    assert_refused(aw_str_sub(aw_buf_str(&out), 16, SIZE_MAX), "and more");
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
    static const char signs[] = "\0\1\2\4\xFF\x7F\xE4\x80";
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
    struct aw_str whole = good_answer();
    char text[4096];
    struct aw_rng rng;
    int taken = 0;

    (void)s;
    assert_true(whole.len <= sizeof text);
    aw_rng_init(&rng, 20260723);
    for (int i = 0; i < 50000; i++) {
        size_t len = whole.len;
        aw_rc rc;

        memcpy(text, whole.ptr, len);
        for (uint64_t n = 1 + aw_rng_below(&rng, 3); n > 0; n--)
            mutate(text, &len, &rng);
        rc = get(guarded((struct aw_str){text, len}));
        assert_true(rc == AW_OK || rc == AW_READER);
        if (rc != AW_OK)
            continue;
        taken++;
        assert_sane(&answer);
    }
    assert_in_range((uintmax_t)taken, 1000, 30000);
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
        UNIT(a_question_that_is_torn_or_longer_is_refused),
        UNIT(a_question_can_be_made_unhurried),
        UNIT(an_answer_comes_back_as_it_was_given),
        UNIT(a_bare_document_comes_back_too),
        UNIT(the_context_of_a_claim_is_sixty_characters_on_each_side),
        UNIT(an_absent_warning_has_no_context),
        UNIT(a_long_title_is_cut_between_characters),
        UNIT(as_many_parties_as_a_document_holds_can_be_told),
        UNIT(too_many_bytes_of_links_cut_the_links_and_not_the_answer),
        UNIT(as_many_short_links_as_a_document_holds_are_all_told),
        UNIT(a_cut_is_told),
        UNIT(images_are_told_of_what_looks_like_an_advertisement),
        UNIT(images_have_a_limit_of_their_own),
        UNIT(a_failure_is_told_in_its_words),
        UNIT(a_ready_reader_names_its_hashes),
        UNIT(rubbish_is_no_ready_reader),
        UNIT(a_reader_that_cannot_start_says_why),
        UNIT(the_good_answer_is_good),
        UNIT(texts_come_back_with_what_rules_see),
        UNIT(long_texts_are_cut),
        UNIT(numbers_beyond_their_limits_are_refused),
        UNIT(numbers_at_their_limits_are_taken),
        UNIT(scores_that_are_none_are_refused),
        UNIT(texts_that_are_none_are_refused),
        UNIT(a_text_beyond_its_limit_is_refused),
        UNIT(a_text_must_end_with_a_nul),
        UNIT(false_digests_and_places_are_refused),
        UNIT(lists_have_their_limits),
        UNIT(what_is_small_on_the_wire_stays_small_in_memory),
        UNIT(parties_beyond_their_bytes_are_refused),
        UNIT(an_answer_that_is_torn_is_refused_at_every_byte),
        UNIT(bytes_behind_the_answer_are_refused),
        UNIT(a_failure_must_say_something),
        UNIT(a_reader_can_say_that_a_page_is_large),
        UNIT(mutated_answers_are_sane_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
