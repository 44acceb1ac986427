/* dashboard.c - how long the dashboard's numbers take over a million findings
 * of a year and 200,000 decisions.      dashboard DIR [FINDINGS]
 * A store that is there is used again. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fs.h"
#include "reports/dashboard.h"
#include "store/db.h"
#include "store/store.h"

#define DAY0 INT64_C(20419) /* 2025-11-27 */
#define DAYS 365
#define TURNS 9

static void die(const struct aw_err *err)
{
    (void)fprintf(stderr, "%s\n", err->msg);
    exit(1);
}

/* Findings go round 365 days, 12 places, 3 channels, 5 classes and 60 rules;
 * one in five is decided, by one of 20 people, 7 seconds after the last. */
static const char *const fill[] = {
    "INSERT INTO run VALUES (1, 'crawl', 'done', 1, 2, 1, '', '', '')",
    "INSERT INTO capture (id, run, url, source, fetched_ms, status, mime, ip,"
    " protocol, warc_file, warc_offset, warc_length, request_offset,"
    " request_length, payload_digest, body_bytes, elapsed_ms, reader) VALUES"
    " (1, 1, '', '', 1, 200, '', '', '', '', 0, 0, 0, 0, '', 0, 0, '')",
    "INSERT INTO finding (id, fingerprint, first_capture, last_capture,"
    " first_seen_ms, last_seen_ms, url, host, source, channel, title,"
    " doc_kind, doc_score, score, severity, urgency, parties, lexicon_hash,"
    " model_hash, tool) SELECT n, n, 1, 1,"
    " 1764172800000 + (n % 365) * 86400000 + n % 86400000, 1, 'http://a/' || "
    "n,"
    " 'a', 's', substr('web   poster', n % 2 * 6 + 1, 6), 't', 'advert', .9,"
    " .9, 3, 3.9, '{}', 'l', 'm', 't' FROM n",
    "INSERT INTO claim (finding, class, quote, block, start, end, before,"
    " after, rule, rule_version, code, law, severity, score, why)"
    " SELECT n, 'class' || n % 5, 'q', 0, 0, 1, '', '', 'R-' || n % 60, '1',"
    " '', '[]', 3, .9, '[]' FROM n",
    "UPDATE finding SET state = CASE id % 4 WHEN 0 THEN 'dismissed'"
    " ELSE 'confirmed' END WHERE id % 5 = 0",
    "INSERT INTO sorted (finding, bunch, simhash, creative, publisher,"
    " classes, sectors, place, audience, adverts) SELECT n, n, 0, '', 0, 1,"
    " 'sector' || n % 14, 370800 + n % 12, '', 0 FROM n",
    "INSERT INTO decision (finding, at_ms, who, action, reason, previous,"
    " hash) SELECT n, 1764172800000 + n * 31536, 'who' || n % 20,"
    " CASE n % 4 WHEN 0 THEN 'dismiss' ELSE 'confirm' END, '', '', ''"
    " FROM n WHERE n % 5 = 0",
};

static void make(const char *path, long findings, struct aw_err *err)
{
    struct aw_db *db = NULL;
    char sql[4096];
    aw_rc rc = aw_db_open(&db, path, 1000, err);

    if (rc == AW_OK)
        rc = aw_db_script(db, "PRAGMA synchronous = OFF", err);
    for (size_t i = 0; i < sizeof fill / sizeof *fill && rc == AW_OK; i++) {
        (void)snprintf(sql, sizeof sql,
                       "CREATE TEMP VIEW IF NOT EXISTS n AS WITH RECURSIVE"
                       " c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c"
                       " WHERE n < %ld) SELECT n FROM c; %s",
                       findings, fill[i]);
        rc = aw_db_script(db, sql, err);
    }
    if (rc != AW_OK)
        die(err);
    aw_db_close(db);
}

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;

    return (*x > *y) - (*x < *y);
}

static void measure(struct aw_store *store, const char *name,
                    struct aw_stats_span span, struct aw_err *err)
{
    int64_t ms[TURNS];
    struct aw_arena arena;

    aw_arena_init(&arena, AW_DASH_ARENA_MAX);
    for (int i = 0; i < TURNS; i++) {
        int64_t began = aw_clock_mono(aw_clock_system());
        struct aw_dashboard dash;

        aw_arena_reset(&arena);
        if (aw_dashboard_make(store, &span, .9, &arena, &dash, err) != AW_OK)
            die(err);
        ms[i] = aw_clock_mono(aw_clock_system()) - began;
    }
    qsort(ms, TURNS, sizeof *ms, by_size);
    printf("%-24s median %lld ms, worst %lld ms\n", name,
           (long long)ms[TURNS / 2], (long long)ms[TURNS - 1]);
    aw_arena_deinit(&arena);
}

int main(int argc, char **argv)
{
    struct aw_err err;
    struct aw_store *store = NULL;
    char path[AW_PATH_MAX];
    int64_t began = aw_clock_mono(aw_clock_system());
    bool made;

    if (argc < 2 || aw_mkdirs(argv[1], &err) != AW_OK ||
        aw_path_join(path, argv[1], "adwatch.db", &err) != AW_OK)
        return 1;
    made = aw_path_exists(path);
    if (aw_store_open(&store, path, &err) != AW_OK)
        die(&err);
    if (!made)
        make(path, argc > 2 ? strtol(argv[2], NULL, 10) : 1000000, &err);
    printf("made in %lld ms\n",
           (long long)(aw_clock_mono(aw_clock_system()) - began));
    measure(store, "30 days",
            (struct aw_stats_span){DAY0 + DAYS - 30, DAY0 + DAYS - 1,
                                   AW_STR(""), AW_STR("")},
            &err);
    measure(store, "30 days, one place",
            (struct aw_stats_span){DAY0 + DAYS - 30, DAY0 + DAYS - 1,
                                   AW_STR("370803"), AW_STR("")},
            &err);
    measure(store, "a year",
            (struct aw_stats_span){DAY0, DAY0 + DAYS - 1, AW_STR(""),
                                   AW_STR("")},
            &err);
    aw_store_close(store);
    return 0;
}
