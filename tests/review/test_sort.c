/* What is alike, whose it is, where it belongs. */
#include "review/parties.h"
#include "review/plain.h"
#include "review/simhash.h"
#include "tests/review/queue_fixture.h"

/* ---- findings ------------------------------------------------------------
 */

struct made {
    const char *host, *parties, *title, *url;
    const char *sentences[4]; /* each with a claim over the whole */
    const char *class, *why;
    struct aw_capture capture;
};

static int64_t make(struct made m)
{
    static int count;
    struct aw_claim_row claims[4];
    struct aw_finding finding;
    char print[16];
    size_t n = 0;

    (void)snprintf(print, sizeof print, "p%d", count++);
    for (; n < 4 && m.sentences[n]; n++) {
        claims[n] = fixture_claim();
        claims[n].before = claims[n].after = (struct aw_str){0};
        claims[n].quote = aw_str_of(m.sentences[n]);
        if (m.class)
            claims[n].class = aw_str_of(m.class);
        if (m.why)
            claims[n].why = aw_str_of(m.why);
    }
    finding = fixture_finding(print, fixture_capture(m.capture), NULL);
    finding.claims = claims;
    finding.claim_count = n;
    finding.host = aw_str_of(m.host ? m.host : "www.a.example");
    finding.title = aw_str_of(m.title ? m.title : "");
    finding.parties = aw_str_of(m.parties ? m.parties : "{}");
    if (m.url)
        finding.url = aw_str_of(m.url);
    return fixture_add(&finding);
}

static int64_t group_of(int64_t id)
{
    return queue_item(id).group;
}

/* ---- alike ---------------------------------------------------------------
 */

/* The same advertisement, adapted: another firm, telephone, rate, sum. */
static const struct made pairs[][2] = {
    {{.host = "www.jinhui.example",
      .parties = "{\"names\":[\"济宁金汇样泰财富管理有限公司\"]}",
      .sentences =
          {"金汇样泰财富，身边的理财门店，一万元起投，到期本息一分不少。",
           "承诺保障：到期本息一分不少，少一分由金汇补给您。电话0537-5550123",
           "三十天一个周期，随存随取"}},
     {.host = "www.hengsheng.example",
      .parties = "{\"names\":[\"邹城恒盛样板资产管理有限公司\"]}",
      .sentences =
          {"恒盛样板资产，身边的理财门店，五千元起投，到期本息一分不少。",
           "承诺保障：到期本息一分不少，少一分由恒盛补给您。电话0537-5550999",
           "三十天一个周期，随存随取"}}},
    {{.sentences = {"一铺养三代，售后包租十年，年租金回报百分之八，开发商原价"
                    "回购，零风险。",
                    "现房现铺，签约即返三年租金，坐等收钱。"}},
     {.sentences = {"一铺养三代，售后包租十五年，年租金回报百分之十，开发商原"
                    "价回购，零风险。",
                    "现房现铺，签约即返五年租金，坐等收钱。"}}},
    {{.sentences =
          {"入社社员每股一万元，年底分红百分之十五，保本保息，随时退社退股。",
           "政府支持，社员互助，资金安全有保障。"}},
     {.sentences =
          {"入社社员每股五千元，年底分红12%，保本保息，随时退社退股！",
           "政府支持，社员互助，资金安全有保障。客服微信 yyds888"}}},
    {{.sentences = {"消费一百返一百，购物不花钱，会员天天分红，静态收益加动态"
                    "收益，稳赚不赔。"}},
     {.sentences = {"消费三百返三百，购物不花钱，会员天天分红，静态收益加动态"
                    "收益，稳赚不赔。"}}},
};

static void the_same_advertisement_adapted_is_one_group(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        int64_t first = make(pairs[i][0]), second = make(pairs[i][1]);

        queue_sort_all();
        if (group_of(second) != first)
            fail_msg("pair %zu is not one group", i);
    }
}

static void different_advertisements_are_not(void **state)
{
    static const char *const texts[] = {
        "认养一棵树，每年分红，合同保障，政府发证，到期返还全部本金，无风险。",
        "认养一头牛，每年分红，合同保障，保险公司承保，到期返还全部本金，无风"
        "险。",
        "金汇财富，本金绝对安全，年化百分之十八，国资控股，银行存管，资金全程"
        "监管。",
        "金鼎理财，国资控股，银行存管，年化百分之十五，每月付息，到期还本。",
        "纪念币升值空间巨大，专家鉴定，承诺三年后溢价百分之五十回购，零风险投"
        "资。",
        "邮票收藏套装，专家鉴定，公司承诺两年后加价百分之三十回购，稳赚不赔的"
        "收藏。",
        "预订养老床位，交三万元享受每年百分之十二消费补贴，到期本金全额退还。",
        "加盟我们的奶茶店，投资五万元，三个月回本，总部承诺亏损全额退还加盟费"
        "。",
        "数字货币矿机托管，每天静态收益百分之一，动态收益无上限，稳赚不赔，零"
        "风险。",
        "原始股认购，上市翻十倍，不上市公司按百分之十五年息回购，本金绝对安全"
        "。"};
    int64_t ids[sizeof texts / sizeof *texts];

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ids[i] = make((struct made){.sentences = {texts[i]}});
    queue_sort_all();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (group_of(ids[i]) != ids[i])
            fail_msg("'%s' was put to '%s'", texts[i],
                     texts[group_of(ids[i]) - ids[0]]);
}

/* Each is like the one before it; the last is like the first no more. */
static void a_chain_of_small_changes_does_not_make_one_group(void **state)
{
    static const char *const steps[] = {
        "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒",
        "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄日月盈昃",
        "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥寒来暑往日月盈昃",
        "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳秋收冬藏戌亥寒来暑往日月盈昃",
        "甲乙丙丁戊己庚辛壬癸闰余成岁律吕调阳秋收冬藏寒来暑往日月盈昃",
        "云腾致雨露结为霜壬癸闰余成岁律吕调阳秋收冬藏寒来暑往日月盈昃"};
    int64_t ids[6];

    (void)state;
    for (size_t i = 0; i < 6; i++)
        ids[i] = make((struct made){.sentences = {steps[i]}});
    queue_sort_all();
    assert_int_equal(group_of(ids[0]), ids[0]);
    assert_true(group_of(ids[5]) != ids[0]);
}

static void the_same_picture_is_one_group_whatever_was_read_in_it(void **state)
{
    struct aw_capture picture = {.mime = AW_STR("image/jpeg"),
                                 .payload_digest = AW_STR("abc")};
    struct aw_capture page = {.mime = AW_STR("text/html"),
                              .payload_digest = AW_STR("abc")};
    int64_t first = make((struct made){.sentences = {"保本"},
                                       .capture = picture,
                                       .host = "a.example"});
    int64_t second = make(
        (struct made){.sentences = {"零风险，开发商原价回购，售后包租十年"},
                      .capture = picture,
                      .host = "b.example"});
    int64_t third = make((struct made){.sentences = {"稳赚"},
                                       .capture = page,
                                       .host = "c.example"});

    (void)state;
    queue_sort_all();
    assert_int_equal(group_of(second), first);
    assert_int_equal(group_of(third), third);
}

static void short_texts_are_told_apart_by_publisher_and_class(void **state)
{
    int64_t a = make(
        (struct made){.sentences = {"保本保息"}, .host = "www.a.example"});
    int64_t again =
        make((struct made){.sentences = {"零风险"}, .host = "www.a.example"});
    int64_t other_class = make((struct made){.sentences = {"零风险"},
                                             .class = "no_risk",
                                             .host = "www.a.example"});
    int64_t other = make(
        (struct made){.sentences = {"保本保息"}, .host = "www.b.example"});

    (void)state;
    queue_sort_all();
    assert_int_equal(group_of(again), a);
    assert_int_equal(group_of(other_class), other_class);
    assert_int_equal(group_of(other), other);
}

static void a_finding_is_sorted_once_and_by_whoever_comes_first(void **state)
{
    size_t done = 9;
    int64_t first = make(pairs[0][0]), second;

    (void)state;
    queue_sort_all();
    aw_queue_free(queue);
    queue_open(); /* another process */
    second = make(pairs[0][1]);
    ASSERT_OK(aw_queue_sort(queue, fixture.store, 5, &done, &fixture.err));
    assert_int_equal(done, 1);
    assert_int_equal(group_of(second), first);
    ASSERT_OK(aw_queue_sort(queue, fixture.store, 5, &done, &fixture.err));
    assert_int_equal(done, 0);
}

static void what_is_no_json_or_no_utf8_is_sorted_as_well(void **state)
{
    int64_t ids[] = {
        make((struct made){.parties = "", .sentences = {"\xFF\xFE"}}),
        make((struct made){.parties = "{\"names\":[1,{},null,\"\"]"}),
        make((struct made){.parties = "[[[[[[[[[[["}),
        make((struct made){.parties = "{\"names\":{\"a\":1},\"uscc\":[7]}"}),
        make((struct made){.parties = "{\"uscc\":[\"\xE4\xB8\"]}",
                           .host = ""})};

    (void)state;
    queue_sort_all();
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        assert_int_equal(queue_item(ids[i]).group_findings > 0, 1);
}

/* ---- whose ---------------------------------------------------------------
 */

static int64_t publisher_of(const char *host, const char *parties)
{
    int64_t id = make((struct made){.host = host, .parties = parties});

    queue_sort_all();
    return queue_item(id).publisher;
}

static void a_publisher_is_known_by_its_strongest_name(void **state)
{
    int64_t first = publisher_of(
        "a.example",
        "{\"uscc\":[\"91370811MA00000012\"],\"icp\":"
        "[\"鲁ICP备00000001号\"],\"names\":[\"甲（样例）有限公司\"]}");

    (void)state;
    assert_true(first > 0);
    /* by each of its names alone, written otherwise too */
    assert_int_equal(publisher_of("b.example",
                                  "{\"uscc\":[\"91370811ma00000012\"]}"),
                     first);
    assert_int_equal(publisher_of("c.example",
                                  "{\"icp\":[\"鲁ICP备00000001号\"]}"),
                     first);
    assert_int_equal(publisher_of("d.example",
                                  "{\"names\":[\"甲(样例)有限公司\"]}"),
                     first);
    /* another code is another firm, whatever it shares */
    assert_true(publisher_of("e.example",
                             "{\"uscc\":[\"91370811MA00000099\"],"
                             "\"names\":[\"甲（样例）有限公司\"]}") != first);
}

static void without_a_name_the_telephone_or_the_site_tells(void **state)
{
    int64_t site = publisher_of("www.x.example", "{}");
    int64_t phone =
        publisher_of("www.y.example", "{\"phones\":[\"0537-5550123\"]}");

    (void)state;
    assert_true(site > 0 && phone > 0 && site != phone);
    assert_int_equal(publisher_of("www.x.example", "{}"), site);
    assert_int_equal(publisher_of("m.x.example",
                                  "{\"domains\":[\"x.example\"]}"),
                     publisher_of("www.x.example",
                                  "{\"domains\":[\"x.example\"]}"));
    assert_int_equal(publisher_of("z.example",
                                  "{\"phones\":[\"0537-5550123\"]}"),
                     phone);
    assert_int_equal(publisher_of("", "{}"), 0);
}

static void a_repeat_publisher_is_more_urgent(void **state)
{
    int64_t first = make(pairs[1][0]), second;

    (void)state;
    queue_sort_all();
    second = make((struct made){.sentences = {"随便什么别的话"}});
    queue_sort_all();
    assert_int_equal(
        queue_item(second).urgency.points[AW_WHY_REPEAT_PUBLISHER], 0);
    fixture_tamper("UPDATE finding SET state = 'confirmed' WHERE id = 1");
    assert_int_equal(first, 1);
    assert_int_equal(
        queue_item(second).urgency.points[AW_WHY_REPEAT_PUBLISHER], 8);
    assert_int_equal(queue_item(first).urgency.points[AW_WHY_REPEAT_PUBLISHER],
                     0);
    fixture_tamper("UPDATE finding SET state = 'new' WHERE id = 1");
    assert_int_equal(
        queue_item(second).urgency.points[AW_WHY_REPEAT_PUBLISHER], 0);
}

/* ---- where ---------------------------------------------------------------
 */

static void places_are_found_by_what_is_named(void **state)
{
    static const struct {
        const char *parties, *place;
    } cases[] = {
        {"{\"uscc\":[\"91370811MA00000012\"]}", "370811"},
        {"{\"uscc\":[\"91370802MA00000012\"]}", "370811"}, /* an old code */
        {"{\"uscc\":[\"91440300MA00000012\"]}", "440300"},
        {"{\"uscc\":[\"91990811MA00000012\"]}", ""}, /* no province */
        {"{\"psb\":[\"鲁公网安备37088302000123号\"]}", "370883"},
        {"{\"psb\":[\"鲁公网安备37089902000123号\"]}", "370800"},
        {"{\"addresses\":[\"山东省济宁市曲阜市样例路1号\"]}", "370881"},
        {"{\"addresses\":[\"曲阜市样例路1号\"]}", "370881"},
        {"{\"addresses\":[\"济宁高新区样例路2号\"]}", "3708/jining-hightech"},
        {"{\"addresses\":[\"济宁市样例路2号\"]}", "370800"},
        {"{\"addresses\":[\"南京市任城区样例路2号\"]}", ""}, /* not that one */
        {"{\"phones\":[\"0537-5550123\"]}", "370800"},
        {"{\"phones\":[\"05375550123\",\"13800000000\"]}", ""},
        {"{\"names\":[\"济宁金汇样泰财富管理有限公司\"]}", "370800"},
        {"{\"icp\":[\"鲁ICP备00000001号\"]}", "37"},
        {"{\"icp\":[\"ICP备00000001号\"]}", ""},
        /* the stronger one counts */
        {"{\"uscc\":[\"91440300MA00000012\"],\"phones\":[\"0537-5550123\"],"
         "\"icp\":[\"鲁ICP备00000001号\"]}",
         "440300"},
        /* a weaker one makes it finer */
        {"{\"uscc\":[\"91370800MA00000012\"],\"addresses\":["
         "\"济宁市任城区样例路"
         "\"]}",
         "370811"},
        {"{\"uscc\":[\"91370811MA00000012\"],\"addresses\":["
         "\"济宁高新区样例路\"]"
         "}",
         "3708/jining-hightech"},
        {"{}", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t id = make((struct made){.parties = cases[i].parties});

        queue_sort_all();
        if (!aw_str_eq(queue_item(id).place, aw_str_of(cases[i].place)))
            fail_msg("%s: '%.*s'", cases[i].parties,
                     AW_STR_ARG(queue_item(id).place));
    }
}

static void a_place_has_a_name(void **state)
{
    struct aw_places *places = NULL;

    (void)state;
    ASSERT_OK(aw_places_new(&places, "lexicons", &fixture.err));
    assert_string_equal(aw_places_name(places, AW_STR("370881")).ptr,
                        "曲阜市");
    assert_string_equal(
        aw_places_name(places, AW_STR("3708/jining-hightech")).ptr,
        "济宁高新区");
    assert_string_equal(aw_places_name(places, AW_STR("440300")).ptr,
                        "广东省");
    assert_int_equal(aw_places_name(places, AW_STR("")).len, 0);
    assert_int_equal(aw_places_name(places, AW_STR("99")).len, 0);
    aw_places_free(places);
}

/* ---- for whom ------------------------------------------------------------
 */

static void trades_and_audience_are_told_by_words_and_reasons(void **state)
{
    int64_t words = make(
        (struct made){.sentences = {"数字货币矿机托管"},
                      .title = "区块链",
                      .parties = "{\"names\":[\"样例养老服务有限公司\"]}"});
    int64_t reasons = make((struct made){
        .sentences = {"到期返还本金"},
        .why = "[\"严重程度3级：承诺保本+2，面向老年人（‘夕阳红’）+2，消费返利"
               "（‘购物返’）+2，合计9分\"]"});
    struct aw_queue_item item;

    (void)state;
    queue_sort_all();
    item = queue_item(words);
    assert_int_equal(item.sector_count, 2);
    assert_string_equal(item.sectors[0].ptr, "elder-care");
    assert_string_equal(item.sectors[1].ptr, "crypto");
    assert_int_equal(item.audience.len, 0);
    item = queue_item(reasons);
    assert_int_equal(item.sector_count, 1);
    assert_string_equal(item.sectors[0].ptr, "rebates");
    assert_string_equal(item.audience.ptr, "elderly");
    assert_int_equal(item.urgency.points[AW_WHY_AUDIENCE], 10);
}

/* ---- hashes --------------------------------------------------------------
 */

static uint64_t hash_of(const char *text, size_t *features)
{
    struct aw_simhash *simhash = NULL;
    uint64_t hash;

    ASSERT_OK(aw_simhash_new(&simhash, &fixture.err));
    aw_simhash_begin(simhash);
    aw_simhash_add(simhash, aw_str_of(text));
    hash = aw_simhash_end(simhash, features);
    aw_simhash_free(simhash);
    return hash;
}

static void numbers_letters_and_marks_are_no_features(void **state)
{
    size_t plain, dressed;

    (void)state;
    assert_true(hash_of("本金绝对安全每月付息到期还本", &plain) ==
                hash_of("【本金】绝对安全！每月 18% 付息，到期 (wx123) 还本",
                        &dressed));
    assert_int_equal(plain, dressed);
    assert_int_equal(hash_of("18% 保", &plain), 0);
    assert_int_equal(plain, 0);
}

static void a_text_without_end_is_read_to_a_limit(void **state)
{
    size_t features;
    size_t len = (size_t)3 << 20;
    char *text = malloc(len + 1);

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < len; i += 3)
        memcpy(text + i, i % 6 ? "保" : "本", 3);
    text[len] = '\0';
    (void)hash_of(text, &features);
    assert_int_equal(features, 2);
    free(text);
}

static void texts_are_put_into_one_form(void **state)
{
    struct aw_buf out;

    (void)state;
    aw_buf_init(&out, 1000);
    aw_plain_put(&out, AW_STR("  ＡＢＣ　１００％\t保\xE2\x80\x8B本\xC2\xAD "),
                 AW_PLAIN_TEXT);
    assert_string_equal(out.ptr, " abc 100% 保本 ");
    aw_buf_reset(&out);
    aw_plain_put(&out, AW_STR("甲（样例） 有限公司\x01\xFF"), AW_PLAIN_NAME);
    assert_string_equal(out.ptr, "甲样例有限公司\xEF\xBF\xBD");
    aw_buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_UNIT(the_same_advertisement_adapted_is_one_group),
        QUEUE_UNIT(different_advertisements_are_not),
        QUEUE_UNIT(a_chain_of_small_changes_does_not_make_one_group),
        QUEUE_UNIT(the_same_picture_is_one_group_whatever_was_read_in_it),
        QUEUE_UNIT(short_texts_are_told_apart_by_publisher_and_class),
        QUEUE_UNIT(a_finding_is_sorted_once_and_by_whoever_comes_first),
        QUEUE_UNIT(what_is_no_json_or_no_utf8_is_sorted_as_well),
        QUEUE_UNIT(a_publisher_is_known_by_its_strongest_name),
        QUEUE_UNIT(without_a_name_the_telephone_or_the_site_tells),
        QUEUE_UNIT(a_repeat_publisher_is_more_urgent),
        QUEUE_UNIT(places_are_found_by_what_is_named),
        QUEUE_UNIT(a_place_has_a_name),
        QUEUE_UNIT(trades_and_audience_are_told_by_words_and_reasons),
        QUEUE_UNIT(numbers_letters_and_marks_are_no_features),
        QUEUE_UNIT(a_text_without_end_is_read_to_a_limit),
        QUEUE_UNIT(texts_are_put_into_one_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
