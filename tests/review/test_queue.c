/* The queue against a reference that looks at everything, one by one. */
#include "tests/review/queue_fixture.h"

#include "base/rng.h"

#define FINDINGS 240
#define QUESTIONS 400

static const char *const hosts[] = {"a.example", "b.example", "c.example", ""};
static const char *const places[] = {"370811", "370800",
                                     "370883", "37",
                                     "",       "3708/jining-hightech",
                                     "320100"};
static const char *const channels[] = {"web", "poster", "sms"};
static const char *const states[] = {"new", "second", "confirmed", "dismissed",
                                     "escalated"};
static const char *const classes[] = {"capital_protection", "no_risk",
                                      "guaranteed_return",  "assured_promise",
                                      "endorsement",        "no_risk_warning"};
static const char *const sectors[] = {"crypto", "p2p", "elder-care"};
static const char *const words[] = {"保本", "保本保息", "零风险",
                                    "返租", "稳赚",     "养老"};

#define PICK(rng, list) \
    ((int)(aw_rng_next(rng) % (sizeof(list) / sizeof *(list))))

/* What the reference knows of a finding. */
struct known {
    int64_t id, seen_ms, bunch, publisher, assigned;
    int host, place, channel, state, score, sector, word, source;
    int urgency; /* as the queue says */
    unsigned classes;
};

static struct known all[FINDINGS];

static bool chance(struct aw_rng *rng, int of)
{
    return aw_rng_next(rng) % (unsigned)of == 0;
}

static void add_finding(struct aw_rng *rng, struct known *k)
{
    char print[32], source[8], claims[64];
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding;
    int64_t capture = fixture_capture((struct aw_capture){0});

    (void)snprintf(print, sizeof print, "f%p", (void *)k);
    (void)snprintf(source, sizeof source, "s%d", k->source = PICK(rng, hosts));
    finding = fixture_finding(print, capture, &claim);
    k->host = PICK(rng, hosts);
    k->place = PICK(rng, places);
    k->channel = PICK(rng, channels);
    k->sector = PICK(rng, sectors);
    k->word = PICK(rng, words);
    k->score = (int)(aw_rng_next(rng) % 10001);
    k->classes = 1 + (unsigned)(aw_rng_next(rng) % 63);
    k->seen_ms = NOW_MS - (int64_t)(aw_rng_next(rng) % 40) * DAY_MS / 2;
    finding.host = aw_str_of(hosts[k->host]);
    finding.source = aw_str_of(source);
    finding.channel = aw_str_of(channels[k->channel]);
    finding.score = k->score / 1e4;
    finding.severity = 1 + (int64_t)(aw_rng_next(rng) % 3);
    finding.first_seen_ms = k->seen_ms;
    k->id = fixture_add(&finding);
    k->publisher = (int64_t)(aw_rng_next(rng) % 5);
    k->bunch = k->id;
    if (k > all && chance(rng, 2))
        k->bunch = all[aw_rng_next(rng) % (size_t)(k - all)].bunch;
    (void)snprintf(claims, sizeof claims, "今天%s随存随取", words[k->word]);
    ASSERT_OK(aw_store_sorted_add(
        fixture.store,
        &(struct aw_sorted_row){.finding = k->id,
                                .bunch = k->bunch,
                                .publisher = k->publisher,
                                .classes = k->classes,
                                .sectors = aw_str_of(sectors[k->sector]),
                                .place = aw_str_of(places[k->place])},
        &(struct aw_sorted_text){.title = AW_STR("样例"),
                                 .claims = aw_str_of(claims),
                                 .parties = AW_STR("甲公司")},
        &fixture.err));
}

/* Another process moves a finding. */
static void change(struct aw_rng *rng, struct known *k)
{
    char sql[160];

    k->state = PICK(rng, states);
    k->assigned = (int64_t)(aw_rng_next(rng) % 3);
    (void)snprintf(sql, sizeof sql,
                   "UPDATE finding SET state = '%s', assigned = %d,"
                   " version = version + 1 WHERE id = %d",
                   states[k->state], (int)k->assigned, (int)k->id);
    fixture_tamper(sql);
}

static void fill_store(struct aw_rng *rng)
{
    fixture_tamper(
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 5) INSERT INTO publisher SELECT i, 'name:' || i,"
        " '公司' || i, 1 FROM n");
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    for (size_t i = 0; i < FINDINGS; i++)
        add_finding(rng, &all[i]);
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
    for (size_t i = 0; i < FINDINGS / 12; i++)
        change(rng, &all[aw_rng_next(rng) % FINDINGS]);
}

/* ---- the reference ------------------------------------------------------ */

static bool starts(const char *text, struct aw_str prefix)
{
    return aw_str_starts(aw_str_of(text), prefix);
}

static bool is_text(struct aw_str asked, const char *text)
{
    return asked.len == 0 || aw_str_eq(asked, aw_str_of(text));
}

static bool has_class(const struct known *k, struct aw_str asked)
{
    for (int i = 0; i < 6; i++)
        if (aw_str_eq(asked, aw_str_of(classes[i])))
            return k->classes >> i & 1;
    return true;
}

static bool is_number(int64_t asked, int64_t is)
{
    return asked == AW_QUEUE_ANY || asked == is;
}

static int64_t bunch_of(int64_t id)
{
    for (size_t i = 0; i < FINDINGS; i++)
        if (all[i].id == id)
            return all[i].bunch;
    return -5;
}

static bool is_asked(const struct known *k, const struct aw_question *ask)
{
    int64_t age = (NOW_MS - k->seen_ms) / DAY_MS;
    char source[8];

    (void)snprintf(source, sizeof source, "s%d", k->source);
    return (!ask->states || ask->states >> k->state & 1) &&
           starts(places[k->place], ask->within) &&
           starts(places[k->place], ask->place) &&
           is_text(ask->channel, channels[k->channel]) &&
           is_text(ask->sector, sectors[k->sector]) &&
           is_text(ask->host, hosts[k->host]) &&
           is_text(ask->source, source) && has_class(k, ask->class) &&
           is_number(ask->publisher, k->publisher) &&
           is_number(ask->assigned, k->assigned) &&
           (ask->group == AW_QUEUE_ANY || bunch_of(ask->group) == k->bunch) &&
           (ask->age_min < 0 || age >= ask->age_min) &&
           (ask->age_max < 0 || age <= ask->age_max) &&
           k->score >= ask->score_min * 1e4 - 1e-6 &&
           k->score <= ask->score_max * 1e4 + 1e-6 &&
           (ask->text.len == 0 ||
            strstr(words[k->word], ask->text.ptr) != NULL);
}

static const struct known *known_of(int64_t id)
{
    for (size_t i = 0; i < FINDINGS; i++)
        if (all[i].id == id)
            return &all[i];
    fail_msg("there is no %d", (int)id);
    return NULL;
}

/* Is a before b in that order? */
static bool is_before(const struct aw_question *ask, int64_t a, int64_t b)
{
    const struct known *x = known_of(a), *y = known_of(b);
    double left = 0, right = 0;

    if (ask->order == AW_QUEUE_URGENT) {
        left = -x->urgency;
        right = -y->urgency;
    } else if (ask->order == AW_QUEUE_NEWEST) {
        left = -(double)x->seen_ms;
        right = -(double)y->seen_ms;
    } else {
        left = abs(x->score - 3500);
        right = abs(y->score - 3500);
    }
    return left != right ? left < right : a < b;
}

struct expected {
    int64_t ids[FINDINGS]; /* in order: faces, or all */
    int64_t counts[FINDINGS];
    int sites[FINDINGS];
    size_t count;
    int64_t groups, findings;
};

static bool is_flat(const struct aw_question *ask)
{
    return ask->flat || ask->group != AW_QUEUE_ANY;
}

static void count_group(struct expected *e, size_t at,
                        const struct aw_question *ask, int64_t bunch)
{
    unsigned seen = 0;

    e->counts[at] = 0;
    for (size_t i = 0; i < FINDINGS; i++)
        if (all[i].bunch == bunch && is_asked(&all[i], ask)) {
            e->counts[at]++;
            seen |= 1u << all[i].host;
        }
    e->sites[at] = __builtin_popcount(seen);
}

static bool is_face(const struct known *k, const struct aw_question *ask)
{
    for (size_t i = 0; i < FINDINGS; i++)
        if (all[i].bunch == k->bunch && all[i].id != k->id &&
            is_asked(&all[i], ask) && is_before(ask, all[i].id, k->id))
            return false;
    return true;
}

static void expect(struct expected *e, const struct aw_question *ask)
{
    *e = (struct expected){.count = 0};
    for (size_t i = 0; i < FINDINGS; i++)
        all[i].urgency = queue_item(all[i].id).urgency.total;
    for (size_t i = 0; i < FINDINGS; i++) {
        bool face;
        size_t at;

        if (!is_asked(&all[i], ask))
            continue;
        face = is_face(&all[i], ask);
        e->findings++;
        e->groups += face;
        if (!face && !is_flat(ask))
            continue;
        for (at = e->count++;
             at > 0 && is_before(ask, all[i].id, e->ids[at - 1]); at--)
            e->ids[at] = e->ids[at - 1];
        e->ids[at] = all[i].id;
    }
    for (size_t i = 0; i < e->count; i++)
        count_group(e, i, ask, known_of(e->ids[i])->bunch);
}

/* ---- questions ---------------------------------------------------------- */

static struct aw_question draw_question(struct aw_rng *rng)
{
    struct aw_question ask = AW_QUESTION_ALL;

    if (chance(rng, 2))
        ask.states = 1u << PICK(rng, states);
    if (chance(rng, 4))
        ask.within = AW_STR("3708");
    if (chance(rng, 4))
        ask.place = aw_str_of(places[PICK(rng, places)]);
    if (chance(rng, 5))
        ask.class = aw_str_of(classes[PICK(rng, classes)]);
    if (chance(rng, 5))
        ask.channel = aw_str_of(channels[PICK(rng, channels)]);
    if (chance(rng, 6))
        ask.sector = aw_str_of(sectors[PICK(rng, sectors)]);
    if (chance(rng, 6))
        ask.host = aw_str_of(hosts[PICK(rng, hosts)]);
    if (chance(rng, 8))
        ask.source = AW_STR("s1");
    if (chance(rng, 8))
        ask.publisher = (int64_t)(aw_rng_next(rng) % 7);
    if (chance(rng, 8))
        ask.assigned = (int64_t)(aw_rng_next(rng) % 4);
    if (chance(rng, 6))
        ask.age_min = (int64_t)(aw_rng_next(rng) % 20);
    if (chance(rng, 6))
        ask.age_max = (int64_t)(aw_rng_next(rng) % 20);
    if (chance(rng, 6))
        ask.score_min = (double)(aw_rng_next(rng) % 10000) / 1e4;
    if (chance(rng, 6))
        ask.score_max = (double)(aw_rng_next(rng) % 10001) / 1e4;
    if (chance(rng, 4))
        ask.text = aw_str_of(words[PICK(rng, words)]);
    if (chance(rng, 10))
        ask.group = all[aw_rng_next(rng) % FINDINGS].id;
    ask.flat = chance(rng, 4);
    ask.order = (enum aw_queue_order)(aw_rng_next(rng) % 3);
    ask.limit = 1 + (size_t)(aw_rng_next(rng) % 40);
    return ask;
}

static void check_totals(const struct aw_queue_page *page,
                         const struct expected *e)
{
    assert_int_equal(page->findings, e->findings);
    assert_int_equal(page->groups, e->groups);
}

/* All pages, one after the other, are what is expected. */
static void check_pages(struct aw_question ask, const struct expected *e)
{
    size_t at = 0;

    for (;;) {
        struct aw_queue_page page = queue_page(&ask);

        check_totals(&page, e);
        assert_true(page.count <= ask.limit);
        for (size_t i = 0; i < page.count; i++, at++) {
            assert_true(at < e->count);
            assert_int_equal(page.items[i].id, e->ids[at]);
            assert_int_equal(page.items[i].group_findings, e->counts[at]);
            assert_int_equal(page.items[i].group_sites, e->sites[at]);
            assert_int_equal(page.items[i].group, known_of(e->ids[at])->bunch);
        }
        if (page.next.len == 0)
            break;
        ask.after = page.next;
    }
    assert_int_equal(at, e->count);
}

static int64_t count_of(const struct aw_queue_count *list, size_t count,
                        const char *value)
{
    for (size_t i = 0; i < count; i++)
        if (aw_str_eq(list[i].value, aw_str_of(value)))
            return list[i].count;
    return 0;
}

static int64_t expected_count(const struct aw_question *ask)
{
    int64_t count = 0;

    for (size_t i = 0; i < FINDINGS; i++)
        count += is_asked(&all[i], ask);
    return count;
}

/* Each choice shows as many as its count says. */
static void check_facets(const struct aw_question *ask)
{
    struct aw_facets facets;

    ASSERT_OK(aw_queue_facets(queue, fixture.store, ask, &fixture.arena,
                              &facets, &fixture.err));
    for (unsigned i = 0; i < 5; i++) {
        struct aw_question other = *ask;

        other.states = 1u << i;
        assert_int_equal(count_of(facets.states, facets.states_count,
                                  states[i]),
                         expected_count(&other));
    }
    for (int i = 0; i < 6; i++) {
        struct aw_question other = *ask;

        other.class = aw_str_of(classes[i]);
        assert_int_equal(count_of(facets.classes, facets.classes_count,
                                  classes[i]),
                         expected_count(&other));
    }
    for (int i = 0; i < 3; i++) {
        struct aw_question other = *ask;

        other.channel = aw_str_of(channels[i]);
        assert_int_equal(count_of(facets.channels, facets.channels_count,
                                  channels[i]),
                         expected_count(&other));
        other.channel = ask->channel;
        other.sector = aw_str_of(sectors[i]);
        assert_int_equal(count_of(facets.sectors, facets.sectors_count,
                                  sectors[i]),
                         expected_count(&other));
    }
    for (int i = 1; i < 5; i++) {
        struct aw_question other = *ask;
        char id[16];

        (void)snprintf(id, sizeof id, "%d", i);
        other.publisher = i;
        assert_int_equal(count_of(facets.publishers, facets.publishers_count,
                                  id),
                         expected_count(&other));
    }
    for (int i = 0; i < 4; i++) {
        static const int from[] = {0, 4, 8, 16}, to[] = {3, 7, 15, 400};
        static const char *const names[] = {"0-3", "4-7", "8-15", "over"};
        struct aw_question other = *ask;

        other.age_min = from[i];
        other.age_max = to[i];
        assert_int_equal(count_of(facets.ages, facets.ages_count, names[i]),
                         expected_count(&other));
    }
}

static void check_publisher(const struct aw_question *ask)
{
    struct aw_question other = *ask;
    int64_t counts[AW_QUEUE_STATE_COUNT + 1];

    for (other.publisher = 1; other.publisher < 7; other.publisher++) {
        other.states = 0;
        ASSERT_OK(aw_queue_publisher_states(queue, fixture.store, &other,
                                            counts, &fixture.err));
        for (int i = 0; i < AW_QUEUE_STATE_COUNT; i++) {
            other.states = 1u << i;
            assert_int_equal(counts[i], expected_count(&other));
        }
    }
}

static void any_question_is_answered_as_the_reference_does(void **state)
{
    struct aw_rng rng;
    struct expected e;

    (void)state;
    aw_rng_init(&rng, 20261126);
    fill_store(&rng);
    for (int i = 0; i < QUESTIONS; i++) {
        struct aw_question ask = draw_question(&rng);

        aw_arena_reset(&fixture.arena);
        if (i % 10 == 0) /* the store goes on meanwhile */
            change(&rng, &all[aw_rng_next(&rng) % FINDINGS]);
        expect(&e, &ask);
        check_pages(ask, &e);
        check_facets(&ask);
        if (i % 5 == 0)
            check_publisher(&ask);
    }
}

static void a_queue_read_at_once_is_as_one_kept_in_step(void **state)
{
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 7);
    fill_store(&rng);
    for (size_t i = 0; i < FINDINGS; i++) {
        struct aw_queue_item kept = queue_item(all[i].id), read;
        struct aw_queue *stepwise = queue;

        if (i % 40 != 0)
            continue;
        queue_open();
        read = queue_item(all[i].id);
        assert_memory_equal(&kept.urgency, &read.urgency, sizeof read.urgency);
        assert_int_equal(kept.group_findings, read.group_findings);
        assert_int_equal(kept.publisher_findings, read.publisher_findings);
        assert_int_equal(kept.state, read.state);
        aw_queue_free(queue);
        queue = stepwise;
    }
}

/* ---- orders, pages ------------------------------------------------------ */

static void each_finding_comes_once_in_a_random_order(void **state)
{
    struct aw_rng rng;
    struct aw_question ask = AW_QUESTION_ALL;
    bool seen[FINDINGS + 1] = {false};
    int64_t first = 0, other = 0;

    (void)state;
    aw_rng_init(&rng, 3);
    fill_store(&rng);
    ask.order = AW_QUEUE_RANDOM;
    ask.seed = 42;
    ask.flat = true;
    ask.limit = 33;
    for (;;) {
        struct aw_queue_page page = queue_page(&ask);

        for (size_t i = 0; i < page.count; i++) {
            first = first ? first : page.items[i].id;
            assert_false(seen[page.items[i].id]);
            seen[page.items[i].id] = true;
        }
        if (page.next.len == 0)
            break;
        ask.after = page.next;
    }
    for (int i = 1; i <= FINDINGS; i++)
        assert_true(seen[i]);
    ask.after = (struct aw_str){0};
    assert_int_equal(queue_page(&ask).items[0].id, first);
    for (ask.seed = 1; ask.seed < 5; ask.seed++)
        other += queue_page(&ask).items[0].id != first;
    assert_true(other > 0);
}

static void pages_go_on_where_they_were_when_rows_come_and_go(void **state)
{
    struct aw_question ask = AW_QUESTION_ALL;
    struct aw_queue_page page;
    int64_t ids[6];

    (void)state;
    for (int i = 0; i < 6; i++) {
        char print[] = {(char)('a' + i), '\0'};

        ids[i] = fixture_simple(print); /* equal in all but their ids */
    }
    ask.limit = 3;
    ask.states = 1u << AW_QUEUE_NEW;
    page = queue_page(&ask);
    assert_int_equal(page.items[2].id, ids[2]);
    fixture_tamper("UPDATE finding SET state = 'confirmed' WHERE id <= 3");
    (void)fixture_simple("g");
    ask.after = page.next;
    page = queue_page(&ask);
    assert_int_equal(page.count, 3);
    assert_int_equal(page.items[0].id, ids[3]);
    assert_int_equal(page.items[2].id, ids[5]);
    assert_int_equal(page.findings, 4);
}

static void what_is_no_cursor_is_refused(void **state)
{
    static const char *const bad[] = {"u",
                                      "x0.1",
                                      "n7f.1",
                                      "u7f.1 ",
                                      "u7f",
                                      "u7f.",
                                      "u-1.1",
                                      "u7f.1u7f.1",
                                      "u99999999999999999999.1",
                                      "u7f.99999999999999999999",
                                      "u7f.1\"'",
                                      "uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu"
                                      "uuuuuuuuuuuuuuuuuuuuuuuuuuuuu"};
    struct aw_question ask = AW_QUESTION_ALL;
    struct aw_queue_page page;

    (void)state;
    (void)fixture_simple("a");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ask.after = aw_str_of(bad[i]);
        if (aw_queue_ask(queue, fixture.store, &ask, &fixture.arena, &page,
                         &fixture.err) != AW_INVALID)
            fail_msg("'%s' was taken", bad[i]);
    }
    ask.after = (struct aw_str){"u7f.1\0", 6};
    assert_int_equal(aw_queue_ask(queue, fixture.store, &ask, &fixture.arena,
                                  &page, &fixture.err),
                     AW_INVALID);
}

static void names_that_there_are_not_are_refused(void **state)
{
    struct aw_question ask[6] = {AW_QUESTION_ALL, AW_QUESTION_ALL,
                                 AW_QUESTION_ALL, AW_QUESTION_ALL,
                                 AW_QUESTION_ALL, AW_QUESTION_ALL};
    struct aw_queue_page page;

    (void)state;
    ask[0].class = AW_STR("fraud");
    ask[1].channel = AW_STR("tv");
    ask[2].sector = AW_STR("tulips");
    ask[3].score_max = 1.5;
    ask[4].age_min = INT64_MAX;
    ask[5].limit = 201;
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(aw_queue_ask(queue, fixture.store, &ask[i],
                                      &fixture.arena, &page, &fixture.err),
                         AW_INVALID);
}

static void all_ids_come_in_order_up_to_the_limit(void **state)
{
    struct aw_question ask = AW_QUESTION_ALL;
    int64_t *ids;
    size_t count;

    (void)state;
    for (int i = 0; i < 5; i++) {
        char print[] = {(char)('a' + i), '\0'};

        (void)fixture_simple(print);
    }
    ask.order = AW_QUEUE_NEWEST;
    ASSERT_OK(aw_queue_ids(queue, fixture.store, &ask, 5, &fixture.arena, &ids,
                           &count, &fixture.err));
    assert_int_equal(count, 5);
    assert_int_equal(ids[0], 1);
    assert_int_equal(ids[4], 5);
    assert_int_equal(aw_queue_ids(queue, fixture.store, &ask, 4,
                                  &fixture.arena, &ids, &count, &fixture.err),
                     AW_LIMIT);
}

/* ---- who sees what ------------------------------------------------------ */

static void a_finding_elsewhere_is_not_there(void **state)
{
    struct aw_queue_item item;
    int64_t id = fixture_simple("a");

    (void)state;
    queue_sort_all();
    ASSERT_OK(aw_queue_item(queue, fixture.store, id, AW_STR("3708"),
                            (struct aw_str){0}, &fixture.arena, &item,
                            &fixture.err));
    assert_int_equal(aw_queue_item(queue, fixture.store, id, AW_STR("3709"),
                                   (struct aw_str){0}, &fixture.arena, &item,
                                   &fixture.err),
                     AW_MISSING);
    assert_int_equal(aw_queue_item(queue, fixture.store, id + 1,
                                   (struct aw_str){0}, (struct aw_str){0},
                                   &fixture.arena, &item, &fixture.err),
                     AW_MISSING);
}

/* ---- kept in step ------------------------------------------------------- */

/* A copy of finding 1, as a person with a database tool makes one. */
static void copy_finding(int id)
{
    char sql[800];

    (void)snprintf(
        sql, sizeof sql,
        "INSERT INTO finding (id, fingerprint, first_capture, last_capture,"
        " first_seen_ms, last_seen_ms, url, host, source, channel, title,"
        " doc_kind, doc_score, score, severity, urgency, parties,"
        " lexicon_hash, model_hash, tool) SELECT %d, 'f%d', first_capture,"
        " last_capture, first_seen_ms, last_seen_ms, url, host, source,"
        " channel, title, doc_kind, doc_score, score, severity, urgency,"
        " parties, lexicon_hash, model_hash, tool FROM finding WHERE id = 1",
        id, id);
    fixture_tamper(sql);
}

static void ids_that_come_late_are_taken_in(void **state)
{
    struct aw_question ask = AW_QUESTION_ALL;

    (void)state;
    (void)fixture_simple("a");
    copy_finding(20);
    queue_sort_all();
    ask.text = AW_STR("保本");
    assert_int_equal(queue_page(&ask).findings, 1);
    copy_finding(10);
    assert_int_equal(queue_page(&ask).findings, 1);
    assert_int_equal(queue_page(&ask).items[0].id, 1);
    ask.text = (struct aw_str){0};
    assert_int_equal(queue_page(&ask).findings, 3);
    assert_int_equal(queue_item(10).id, 10);
}

static void a_keeper_sorts_what_comes(void **state)
{
    struct aw_log log;
    int64_t id;

    (void)state;
    aw_log_init(&log, aw_clock_system());
    ASSERT_OK(aw_queue_keep(queue, fixture.path, NULL, &log, &fixture.err));
    id = fixture_simple("a");
    for (int i = 0; i < 1000 && queue_item(id).publisher == 0; i++)
        (void)usleep(10000);
    assert_true(queue_item(id).publisher > 0);
    assert_string_equal(queue_item(id).place.ptr, "370800");
}

static void urgency_follows_the_day(void **state)
{
    int64_t id = fixture_simple("a");
    int left = queue_item(id).days_left;

    (void)state;
    queue_clock.manual_ms += DAY_MS; /* Thursday to Friday */
    assert_int_equal(queue_item(id).days_left, left - 1);
    queue_clock.manual_ms += 2 * DAY_MS; /* Sunday */
    assert_int_equal(queue_item(id).days_left, left - 1);
    queue_clock.manual_ms += 30 * DAY_MS;
    assert_true(queue_item(id).days_left < 0);
    assert_int_equal(queue_item(id).urgency.points[AW_WHY_CLOCK], 30);
}

static int64_t confirmed_before(int64_t id, const char *asker)
{
    struct aw_queue_item item;

    ASSERT_OK(aw_queue_item(queue, fixture.store, id, (struct aw_str){0},
                            aw_str_of(asker), &fixture.arena, &item,
                            &fixture.err));
    return item.facts.confirmed;
}

static int first_urgency(const char *asker, enum aw_queue_state *of)
{
    struct aw_question ask = AW_QUESTION_ALL;
    struct aw_queue_page page;

    ask.veiled_from = aw_str_of(asker);
    ask.flat = true;
    page = queue_page(&ask);
    *of = page.items[0].state;
    return page.items[0].urgency.total;
}

static void a_blind_decision_is_none_of_the_publishers(void **state)
{
    int64_t a = fixture_simple("a"), b = fixture_simple("b");
    enum aw_queue_state of;

    (void)state;
    queue_sort_all();
    assert_int_equal(queue_item(a).publisher, queue_item(b).publisher);
    fixture_tamper(
        "UPDATE finding SET state = 'confirmed', version = version + 1"
        " WHERE id = 1;"
        "INSERT INTO decision (finding, at_ms, who, action, reason, previous,"
        " hash) VALUES (1, 5, '王芳', 'confirm', '', '', 'x');"
        "INSERT INTO second_look (finding, blind, first_ms, first_decision,"
        " why, first_who, first_action, first_class)"
        " VALUES (1, 1, 5, 1, 'random', '王芳', 'confirm', '')");
    assert_int_equal(confirmed_before(b, ""), 1);
    assert_int_equal(confirmed_before(b, "王芳"), 1);
    assert_int_equal(confirmed_before(b, "李强"), 0);
    assert_int_equal(confirmed_before(a, "李强"), 0);
    assert_int_equal(first_urgency("王芳", &of),
                     first_urgency("李强", &of) + 8);
    fixture_tamper("UPDATE second_look SET state = 'agreed'");
    assert_int_equal(confirmed_before(b, "李强"), 1);
}

/* What was reckoned day by day stands as what is reckoned now. */
static void check_order(void)
{
    struct aw_question ask = AW_QUESTION_ALL;
    int64_t *ids = NULL;
    size_t count = 0;

    ASSERT_OK(aw_queue_ids(queue, fixture.store, &ask, FINDINGS,
                           &fixture.arena, &ids, &count, &fixture.err));
    assert_int_equal(count, FINDINGS);
    for (size_t i = 1; i < count; i++) {
        int before = queue_item(ids[i - 1]).urgency.total;
        int after = queue_item(ids[i]).urgency.total;

        assert_true(before > after ||
                    (before == after && ids[i - 1] < ids[i]));
    }
}

static void urgencies_follow_days_without_being_reckoned_anew(void **state)
{
    static const int days[] = {1, 1, 3, 1, 30, -4, 7, 400, -2};
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 7);
    fill_store(&rng);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        check_order();
        queue_clock.manual_ms += days[i] * DAY_MS;
        if (i % 2 == 0) /* a change on the first page of the day */
            change(&rng, &all[aw_rng_next(&rng) % FINDINGS]);
    }
    check_order();
}

static void the_points_sum_to_the_urgency(void **state)
{
    struct aw_rng rng;

    (void)state;
    aw_rng_init(&rng, 11);
    fill_store(&rng);
    for (size_t i = 0; i < FINDINGS; i++) {
        struct aw_queue_item item = queue_item(all[i].id);
        int sum = 0;

        for (int k = 0; k < AW_WHY_COUNT; k++)
            sum += item.urgency.points[k];
        assert_int_equal(sum, item.urgency.total);
        assert_true(item.urgency.points[AW_WHY_SEVERITY] > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_UNIT(any_question_is_answered_as_the_reference_does),
        QUEUE_UNIT(a_queue_read_at_once_is_as_one_kept_in_step),
        QUEUE_UNIT(each_finding_comes_once_in_a_random_order),
        QUEUE_UNIT(pages_go_on_where_they_were_when_rows_come_and_go),
        QUEUE_UNIT(what_is_no_cursor_is_refused),
        QUEUE_UNIT(names_that_there_are_not_are_refused),
        QUEUE_UNIT(all_ids_come_in_order_up_to_the_limit),
        QUEUE_UNIT(a_finding_elsewhere_is_not_there),
        QUEUE_UNIT(ids_that_come_late_are_taken_in),
        QUEUE_UNIT(a_keeper_sorts_what_comes),
        QUEUE_UNIT(urgency_follows_the_day),
        QUEUE_UNIT(urgencies_follow_days_without_being_reckoned_anew),
        QUEUE_UNIT(a_blind_decision_is_none_of_the_publishers),
        QUEUE_UNIT(the_points_sum_to_the_urgency),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
