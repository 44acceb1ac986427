/* queue.c - the reviewer's queue with a million findings: what each action
 * costs at the server, from the question to the rows as JSON.
 *
 *     build/tests/bench/queue DIR [FINDINGS]
 *
 * DIR is made; a store that lies there already is used again. The findings are
 * invented: firms, sites and sentences from fixed pieces and chance.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/rng.h"
#include "store/db.h"
#include "store/queue_rows.h"
#include "store/sorting.h"
#include "store/spots.h"
#include "web/row.h"

#define FINDINGS 1000000
#define BATCH 20000 /* in a transaction */
#define HOSTS 40000
#define PUBLISHERS 30000
#define RUNS 9
#define CHANGES 100
#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define ARENA_MAX ((size_t)512 << 20)
#define ITEM_END "\x02\x02" /* as store/sorting.c ends texts */

static struct aw_err err;
static struct aw_rng rng;
static struct aw_arena arena;

static void must(aw_rc rc)
{
    if (rc == AW_OK)
        return;
    (void)fprintf(stderr, "queue: %s\n", err.msg);
    exit(1);
}

static int64_t draw(int64_t bound)
{
    return (int64_t)aw_rng_below(&rng, (uint64_t)bound);
}

static double clock_ms(clockid_t clock)
{
    struct timespec t;

    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double now_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

/* When something began: by the clock, and by what the processor did. */
struct moment {
    double wall, cpu;
};

static struct moment moment(void)
{
    return (struct moment){now_ms(), clock_ms(CLOCK_THREAD_CPUTIME_ID)};
}

/* ---- a store -------------------------------------------------------------
 */

static const char *const phrases[] = {
    "保本保息",     "零风险",     "稳赚不赔",       "每月返利",
    "随存随取",     "国资背景",   "年化百分之十五", "到期还本付息",
    "银行存管",     "专家推荐",   "一铺养三代",     "售后返租",
    "养老床位预订", "原始股认购", "消费返现",       "会员分红"};
#define PHRASES ((int64_t)(sizeof phrases / sizeof *phrases))

static const char *const states[] = {"new",       "new",       "new",
                                     "dismissed", "dismissed", "dismissed",
                                     "confirmed", "confirmed", "escalated",
                                     "second"};
static const char *const channels[] = {"web", "web",    "web",
                                       "app", "poster", "sms"};
static const char *const places[] = {"370811", "370812", "370826", "370827",
                                     "370828", "370829", "370830", "370831",
                                     "370832", "370881", "370883", "370800",
                                     "37",     ""};
static const char *const sectors[] = {"crypto",       "p2p", "elder-care",
                                      "cooperatives", "",    "rebates"};

/* Chinese characters by chance. */
static void put_chance(struct aw_buf *out, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        uint32_t cp = 0x4E00 + (uint32_t)draw(3000);
        const char bytes[] = {(char)(0xE0 | cp >> 12),
                              (char)(0x80 | (cp >> 6 & 0x3F)),
                              (char)(0x80 | (cp & 0x3F))};

        aw_buf_append(out, bytes, 3);
    }
}

static void put_sentence(struct aw_buf *out, int64_t pieces)
{
    for (int64_t i = 0; i < pieces; i++) {
        if (draw(3) == 0)
            aw_buf_puts(out, phrases[draw(PHRASES)]);
        else
            put_chance(out, 4);
    }
}

struct making {
    struct aw_db *db;
    struct aw_buf title, text, name;
    int64_t *leaders;
    size_t leader_count;
    int64_t newest_ms;
};

static void add_claim(struct making *m, int64_t id)
{
    must(aw_db_exec(m->db, &err,
                    "INSERT INTO claim (finding, class, quote, block, start,"
                    " end, before, after, rule, rule_version, code, law,"
                    " severity, score, why) VALUES (?, 'capital_protection',"
                    " '保本保息', 1, 5, 9, ?, '，随存随取。', 'CP-001', '1',"
                    " 'ZH39', '[]', ?, 0.98, '[]')",
                    "isi", id, aw_buf_str(&m->text), 1 + draw(3)));
}

static void add_finding(struct making *m, int64_t id, int64_t host)
{
    char print[24], host_name[40], url[80];

    (void)snprintf(print, sizeof print, "%lld", (long long)id);
    (void)snprintf(host_name, sizeof host_name, "www.h%lld.example",
                   (long long)host);
    (void)snprintf(url, sizeof url, "http://%s/%lld.html", host_name,
                   (long long)id);
    must(aw_db_exec(
        m->db, &err,
        "INSERT INTO finding (id, fingerprint, first_capture, last_capture,"
        " first_seen_ms, last_seen_ms, url, host, source, channel, title,"
        " doc_kind, doc_score, score, severity, urgency, parties,"
        " lexicon_hash, model_hash, tool, state) VALUES (?, ?, 1, 1, ?, ?, ?,"
        " ?, ?, ?, ?, 'advert', 0.9, ?, ?, 3.9, ?, 'l', 'm', 'adwatch', ?)",
        "iziizzzzsrisz", id, print, m->newest_ms - draw(900 * DAY_MS),
        m->newest_ms, url, host_name, draw(2) ? "city" : "province",
        channels[draw(6)], aw_buf_str(&m->title),
        0.35 + (double)draw(6500) / 1e4, 1 + draw(3), aw_buf_str(&m->name),
        states[draw(10)]));
}

/* A third joins a group before it; few groups are large. */
static int64_t bunch_of(struct making *m, int64_t id)
{
    int64_t at = (int64_t)m->leader_count;

    if (at > 0 && draw(3) == 0) {
        for (int64_t i = draw(12); i > 0 && at > 1; i--)
            at = 1 + at / 3;
        return m->leaders[draw(at)];
    }
    m->leaders[m->leader_count++] = id;
    return id;
}

static void add_sorted(struct making *m, int64_t id)
{
    must(aw_db_exec(m->db, &err,
                    "INSERT INTO sorted VALUES (?, ?, ?, '', ?, ?, ?, ?, ?,"
                    " 0)",
                    "iiiiizzz", id, bunch_of(m, id),
                    (int64_t)aw_rng_next(&rng), 1 + draw(PUBLISHERS),
                    1 + draw(63), sectors[draw(6)], places[draw(14)],
                    draw(5) ? "" : "elderly"));
    aw_buf_puts(&m->title, ITEM_END);
    aw_buf_puts(&m->text, ITEM_END);
    aw_buf_puts(&m->name, ITEM_END);
    must(aw_db_exec(m->db, &err,
                    "INSERT INTO finding_text (rowid, title, claims, parties)"
                    " VALUES (?, ?, ?, ?)",
                    "isss", id, aw_buf_str(&m->title), aw_buf_str(&m->text),
                    aw_buf_str(&m->name)));
}

static void add_one(struct making *m, int64_t id)
{
    aw_buf_reset(&m->title);
    aw_buf_reset(&m->text);
    aw_buf_reset(&m->name);
    put_sentence(&m->title, 3);
    put_sentence(&m->text, 15);
    aw_buf_puts(&m->name, "{\"names\":[\"济宁");
    put_chance(&m->name, 3);
    aw_buf_puts(&m->name, "样例有限公司\"]}");
    add_finding(m, id, draw(HOSTS));
    add_claim(m, id);
    add_sorted(m, id);
}

static void add_publishers(struct aw_db *db)
{
    must(aw_db_script(
        db,
        "INSERT INTO run (kind, state, started_ms, pid, lexicon_hash,"
        " model_hash, tool) VALUES ('crawl', 'done', 1, 1, 'l', 'm', 't');"
        "INSERT INTO capture (run, url, source, fetched_ms, status, mime, ip,"
        " protocol, warc_file, warc_offset, warc_length, request_offset,"
        " request_length, payload_digest, body_bytes, elapsed_ms, reader)"
        " VALUES (1, 'http://www.h1.example/', 'city', 1, 200, 'text/html',"
        " '', 'http/1.1', '', 0, 0, 0, 0, '', 0, 0, 'ok');"
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 30000) INSERT INTO publisher SELECT i, 'name:' || i,"
        " '样例公司' || i, 1 FROM n;",
        &err));
}

static void make_store(const char *path, int64_t findings, int64_t today_ms)
{
    struct making m = {.newest_ms = today_ms};
    struct aw_store *store = NULL;
    double from = now_ms();

    must(aw_store_open(&store, path, &err)); /* makes the tables */
    aw_store_close(store);
    must(aw_db_open(&m.db, path, 1000, &err));
    must(aw_db_script(m.db, "PRAGMA synchronous = OFF", &err));
    add_publishers(m.db);
    aw_buf_init(&m.title, 4096);
    aw_buf_init(&m.text, 4096);
    aw_buf_init(&m.name, 4096);
    m.leaders = calloc((size_t)findings, sizeof *m.leaders);
    if (!m.leaders)
        exit(1);
    for (int64_t id = 1; id <= findings; id++) {
        if (id % BATCH == 1)
            must(aw_db_begin(m.db, &err));
        add_one(&m, id);
        if (id % BATCH == 0 || id == findings)
            must(aw_db_commit(m.db, &err));
    }
    /* As one of before there were lists of characters. */
    must(aw_db_script(m.db,
                      "DELETE FROM spots; INSERT INTO spots"
                      " SELECT 1, max(finding), -1 FROM sorted",
                      &err));
    (void)fprintf(stderr, "%lld findings, %zu groups made in %.0f s\n",
                  (long long)findings, m.leader_count,
                  (now_ms() - from) / 1e3);
    free(m.leaders);
    aw_buf_deinit(&m.title);
    aw_buf_deinit(&m.text);
    aw_buf_deinit(&m.name);
    aw_db_close(m.db);
}

/* ---- measured ------------------------------------------------------------
 */

struct bench {
    struct aw_queue *queue;
    struct aw_store *store;
    struct aw_db *other; /* another process */
    struct aw_clock clock;
    double times[RUNS], cpu[RUNS];
    int count;
    int64_t found; /* by the last one */
    double worst;  /* of all */
};

static int by_time(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void tell(struct bench *b, const char *what)
{
    qsort(b->times, (size_t)b->count, sizeof *b->times, by_time);
    qsort(b->cpu, (size_t)b->count, sizeof *b->cpu, by_time);
    (void)printf("| %s | %lld | %.1f | %.1f | %.1f | %.1f |\n", what,
                 (long long)b->found, b->times[b->count / 2],
                 b->times[b->count - 1], b->cpu[b->count / 2],
                 b->cpu[b->count - 1]);
    (void)fflush(stdout);
    if (b->times[b->count - 1] > b->worst)
        b->worst = b->times[b->count - 1];
    b->count = 0;
}

static void took(struct bench *b, struct moment from)
{
    struct moment to = moment();

    b->times[b->count] = to.wall - from.wall;
    b->cpu[b->count++] = to.cpu - from.cpu;
}

/* A page, as the API answers it. */
static struct aw_str page(struct bench *b, const struct aw_question *question)
{
    struct aw_queue_page out;
    struct aw_buf json;

    aw_buf_init(&json, (size_t)8 << 20);
    must(aw_queue_ask(b->queue, b->store, question, &arena, &out, &err));
    for (size_t i = 0; i < out.count; i++)
        must(aw_row_json(&json, b->store, &out.items[i], b->clock.manual_ms,
                         &arena, &err));
    b->found = out.findings;
    aw_buf_deinit(&json);
    return out.next;
}

static void pages(struct bench *b, const char *what,
                  struct aw_question question)
{
    for (int i = 0; i < RUNS; i++) {
        struct moment from = moment();

        (void)page(b, &question);
        took(b, from);
        aw_arena_reset(&arena);
    }
    tell(b, what);
}

static void facets(struct bench *b, const char *what,
                   struct aw_question question)
{
    struct aw_facets out;

    for (int i = 0; i < RUNS; i++) {
        struct moment from = moment();

        must(aw_queue_facets(b->queue, b->store, &question, &arena, &out,
                             &err));
        took(b, from);
        aw_arena_reset(&arena);
    }
    tell(b, what);
}

static void go_deep(struct bench *b)
{
    struct aw_question question = AW_QUESTION_ALL;
    char after[64] = "";

    for (int i = 0; i < 200; i++) {
        struct moment from = moment();
        struct aw_str next;

        question.after = aw_str_of(after);
        next = page(b, &question);
        if (i >= 200 - RUNS)
            took(b, from);
        (void)snprintf(after, sizeof after, "%.*s", AW_STR_ARG(next));
        aw_arena_reset(&arena);
    }
    tell(b, "pages 186 to 200");
}

/* What the keeper does after an upgrade, beside the questions. */
static void make_lists(struct bench *b, int64_t findings)
{
    struct moment from = moment();
    double longest = 0;
    int64_t bytes = 0;
    bool more = true;
    int steps = 0;

    must(aw_store_folded_put(b->store, findings, &err));
    for (; more; steps++) {
        struct moment step = moment();

        must(aw_store_spots_make(b->store, AW_SPOTS_FRESH, &more, &err));
        if (moment().cpu - step.cpu > longest)
            longest = moment().cpu - step.cpu;
    }
    must(aw_db_int(b->other, &err, &bytes,
                   "SELECT coalesce(sum(length(spots)), 0) FROM spot", ""));
    (void)printf("lists of characters: %d steps, %.1f s of processor, the "
                 "longest %.0f ms; %.0f bytes for each finding\n\n",
                 steps, (moment().cpu - from.cpu) / 1e3, longest,
                 (double)bytes / (double)findings);
}

/* Each text for the first time: the queue keeps what was searched. */
static void search(struct bench *b, const char *what, const char *const *texts)
{
    struct aw_question question = AW_QUESTION_ALL;

    for (int i = 0; i < RUNS && texts[i]; i++) {
        struct moment from = moment();

        question.text = aw_str_of(texts[i]);
        (void)page(b, &question);
        took(b, from);
        aw_arena_reset(&arena);
    }
    tell(b, what);
}

static void searches(struct bench *b)
{
    static const char *const two[] = {"保本", "返利", "稳赚", "会员", NULL};
    static const char *const one[] = {"息", "险", "铺", "养", NULL};
    static const char *const long_ones[] = {"保本保息", "零风险", "稳赚不赔",
                                            "有限公司", NULL};
    static const char *const sentences[] = {
        "保本保息零风险稳赚不赔每月返利", "零风险保本保息零风险",
        "国资背景保本保息零风险稳赚不赔每月返利随存随取国资背景到期还本付息"
        "银行存管专家推荐一铺养三代售后返租养老床位预订原始股认购消费返现会员"
        "分红保本保息零风险稳赚不赔每月返利随存随取国资背景到期还本付息银行",
        "会员分红消费返现", NULL};
    static const char *const rare[] = {"一丁七万", "专业与三", "丈三上下",
                                       "保本上下", NULL};
    struct aw_question question = AW_QUESTION_ALL;

    search(b, "search: two characters, common, new", two);
    search(b, "search: one character, common, new", one);
    search(b, "search: three and more, common, new", long_ones);
    search(b, "search: sentences of common words, new", sentences);
    search(b, "search: rare, new", rare);
    question.text = AW_STR("保本");
    pages(b, "search: 保本, again", question);
    facets(b, "search: 保本, its counts", question);
}

static void filters(struct bench *b)
{
    struct aw_question question = AW_QUESTION_ALL;

    question.states = 1u << AW_QUEUE_NEW;
    pages(b, "new, most urgent first (the default view)", question);
    facets(b, "counts beside it", question);
    question.within = AW_STR("3708");
    pages(b, "the same, within 3708", question);
    question = AW_QUESTION_ALL;
    pages(b, "all states", question);
    question.flat = true;
    pages(b, "each finding a row", question);
    question.flat = false;
    question.class = AW_STR("no_risk");
    pages(b, "a class", question);
    question = AW_QUESTION_ALL;
    question.place = AW_STR("370811");
    pages(b, "a place", question);
    question = AW_QUESTION_ALL;
    question.host = AW_STR("www.h7.example");
    pages(b, "a host", question);
    question = AW_QUESTION_ALL;
    question.publisher = 7;
    pages(b, "a publisher", question);
    question = AW_QUESTION_ALL;
    question.age_max = 7;
    pages(b, "at most 7 days old", question);
    question = AW_QUESTION_ALL;
    question.score_min = 0.9;
    pages(b, "a score of 0.9 and more", question);
    question = AW_QUESTION_ALL;
    question.order = AW_QUEUE_NEWEST;
    pages(b, "newest first", question);
    question.order = AW_QUEUE_UNCERTAIN;
    pages(b, "uncertain first", question);
    question.order = AW_QUEUE_RANDOM;
    pages(b, "by chance", question);
    question = AW_QUESTION_ALL;
    question.group = 1;
    pages(b, "members of a large group", question);
    question = AW_QUESTION_ALL;
    question.limit = AW_QUEUE_LIMIT_MAX;
    pages(b, "200 rows", question);
}

/* Another process decides a hundred; then the default view. */
static void changes(struct bench *b, int64_t findings)
{
    struct aw_question question = AW_QUESTION_ALL;

    question.states = 1u << AW_QUEUE_NEW;
    for (int i = 0; i < RUNS; i++) {
        struct moment from;

        must(aw_db_begin(b->other, &err));
        for (int k = 0; k < CHANGES; k++)
            must(aw_db_exec(b->other, &err,
                            "UPDATE finding SET state = CASE state WHEN 'new'"
                            " THEN 'confirmed' ELSE 'new' END,"
                            " version = version + 1 WHERE id = ?",
                            "i", 1 + draw(findings)));
        must(aw_db_commit(b->other, &err));
        from = moment();
        (void)page(b, &question);
        took(b, from);
        aw_arena_reset(&arena);
    }
    tell(b, "the default view after 100 changes");
}

static void all_ids(struct bench *b)
{
    struct aw_question question = AW_QUESTION_ALL;
    size_t count;
    int64_t *ids;

    question.text = AW_STR("保本");
    for (int i = 0; i < RUNS; i++) {
        struct moment from = moment();

        must(aw_queue_ids(b->queue, b->store, &question, FINDINGS * 2, &arena,
                          &ids, &count, &err));
        took(b, from);
        b->found = (int64_t)count;
        aw_arena_reset(&arena);
    }
    tell(b, "all ids of 保本, in order (an export)");
}

/* A new day: all urgencies are reckoned anew. */
static void next_day(struct bench *b)
{
    struct aw_question question = AW_QUESTION_ALL;

    for (int i = 0; i < RUNS; i++) {
        struct moment from;

        b->clock.manual_ms += DAY_MS;
        from = moment();
        (void)page(b, &question);
        took(b, from);
        aw_arena_reset(&arena);
    }
    tell(b, "the first page of a new day");
}

/* Findings that a crawl added, unlike all others. */
static void sorting(struct bench *b, int64_t findings)
{
    size_t done = 0, all = 0;
    struct moment from;

    must(aw_db_begin(b->other, &err));
    must(aw_db_exec(b->other, &err, "DELETE FROM sorted WHERE finding > ?",
                    "i", findings - 256 * (int64_t)RUNS));
    must(aw_db_commit(b->other, &err));
    must(aw_queue_sort(b->queue, b->store, 256, &done, &err)); /* reads all */
    for (int i = 0; i < RUNS - 1; i++) {
        from = moment();
        must(aw_queue_sort(b->queue, b->store, 256, &done, &err));
        took(b, from);
        all += done;
    }
    b->found = (int64_t)all / (RUNS - 1);
    tell(b, "256 new findings sorted (not awaited by a reviewer)");
}

static double memory_mib(void)
{
    FILE *in = fopen("/proc/self/statm", "r");
    long pages_all = 0, resident = 0;

    if (in) {
        if (fscanf(in, "%ld %ld", &pages_all, &resident) != 2)
            resident = 0;
        (void)fclose(in);
    }
    return (double)resident * 4096 / (1 << 20);
}

int main(int argc, char **argv)
{
    struct bench b = {.clock = aw_clock_manual(INT64_C(1795662000000))};
    struct aw_queue_config config = {"lexicons", &b.clock, 0.35, NULL};
    int64_t findings = FINDINGS;
    char path[AW_PATH_MAX];
    double from, before;

    if (argc < 2 ||
        (argc > 2 && !aw_str_to_int(aw_str_of(argv[2]), &findings)))
        return 2;
    aw_rng_init(&rng, 1);
    aw_arena_init(&arena, ARENA_MAX);
    (void)mkdir(argv[1], 0777);
    must(aw_path_join(path, argv[1], "adwatch.db", &err));
    if (!aw_path_exists(path))
        make_store(path, findings, b.clock.manual_ms);
    must(aw_store_open(&b.store, path, &err));
    must(aw_db_open(&b.other, path, 1000, &err));
    make_lists(&b, findings);
    before = memory_mib();
    from = now_ms();
    must(aw_queue_new(&b.queue, &config, b.store, &err));
    (void)printf("start: %.2f s, %.0f MiB\n\n", (now_ms() - from) / 1e3,
                 memory_mib() - before);
    (void)printf("| action | findings | median ms | worst ms | median ms of "
                 "processor | worst |\n"
                 "| --- | --- | --- | --- | --- | --- |\n");
    filters(&b);
    go_deep(&b);
    searches(&b);
    changes(&b, findings);
    next_day(&b);
    (void)printf("worst of these: %.1f ms\n", b.worst);
    all_ids(&b);
    sorting(&b, findings);
    aw_queue_free(b.queue);
    aw_db_close(b.other);
    aw_store_close(b.store);
    aw_arena_deinit(&arena);
    return 0;
}
