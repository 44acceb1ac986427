#include "evidence/bundle.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "evidence/chain.h"
#include "evidence/gather.h"
#include "evidence/leftovers.h"
#include "evidence/pack.h"
#include "store/about.h"

#define STAMP_MAX 24 /* "20261123T021300Z" */
#define NAME_MAX_ 128
#define PAGE_MAX ((size_t)64 << 20)
#define URL_MAX_ 65536
#define FINDINGS_MAX ((size_t)4 << 20)
#define NAP_MS 100
#define NAPS_MOST 30

/* A bundle while it is made. */
struct making {
    struct aw_store *store;
    const struct aw_bundle_config *config;
    struct aw_case c;
    struct aw_bag *bag;
    struct aw_packing packing;
    struct aw_chain_taken taken;
    struct aw_bag_digests digests;
    size_t finding_count;
    char name[NAME_MAX_]; /* of the folder, and of the zip without .zip */
    char path[AW_PATH_MAX];
};

/* ---- its name -----------------------------------------------------------
 */

/* "20261123T021300Z" from "20261123021300123". */
static void make_stamp(int64_t wall_ms, char out[STAMP_MAX])
{
    char compact[AW_TIME_MAX];

    aw_time_compact(wall_ms, compact);
    (void)snprintf(out, STAMP_MAX, "%.8sT%.6sZ", compact, compact + 8);
}

static void make_name(struct making *m)
{
    char stamp[STAMP_MAX];

    make_stamp(m->c.made_ms, stamp);
    if (m->config->night)
        (void)snprintf(m->name, sizeof m->name, "adwatch-night-%s", stamp);
    else if (m->config->count == 1)
        (void)snprintf(m->name, sizeof m->name, "adwatch-finding-%lld-%s",
                       (long long)m->config->findings[0], stamp);
    else
        (void)snprintf(m->name, sizeof m->name, "adwatch-case-%s", stamp);
    m->c.name = aw_str_of(m->name);
}

static aw_rc make_path(struct making *m, struct aw_err *err)
{
    char dir[AW_PATH_MAX];
    char file[NAME_MAX_ + 8];
    aw_rc rc = aw_path_join(dir, m->config->workspace, "bundles", err);

    make_name(m);
    (void)snprintf(file, sizeof file, "%s.zip", m->name);
    if (rc == AW_OK)
        rc = aw_path_join(m->path, dir, file, err);
    if (rc == AW_OK)
        rc = aw_mkdirs(dir, err);
    return rc == AW_OK ? aw_leftovers_clear(m->store, dir, err) : rc;
}

static aw_rc new_bag(struct making *m, struct aw_err *err)
{
    aw_rc rc = make_path(m, err);

    if (rc == AW_OK && aw_path_exists(m->path))
        return aw_fail(err, AW_BUSY, "'%s' is there already", m->path);
    return rc == AW_OK
               ? aw_bag_new(&m->bag, m->path, m->name, m->c.made_ms, err)
               : rc;
}

/* Names have seconds: who makes another of the same in the same second waits
 * for the next one. */
static aw_rc name_bag(struct making *m, struct aw_err *err)
{
    const struct timespec nap = {0, NAP_MS * 1000000L};
    aw_rc rc = new_bag(m, err);

    for (int i = 0; i < NAPS_MOST && rc == AW_BUSY; i++) {
        (void)nanosleep(&nap, NULL);
        m->c.made_ms = aw_clock_wall(m->config->clock);
        rc = new_bag(m, err);
    }
    if (rc == AW_BUSY) {
        err->rc = AW_INVALID;
        rc = aw_fail_in(err, "another is made at this moment");
    }
    return rc;
}

/* ---- its files ----------------------------------------------------------
 */

/* Of a night it says how many findings there are, and where they lie: the
 * first of them alone are at hand, and nobody reads a page of 10,000. */
static struct aw_case on_page(const struct making *m)
{
    struct aw_case shown = m->c;

    if (m->config->night) {
        shown.night_count = m->config->count;
        shown.finding_count = shown.capture_count = 0;
    }
    return shown;
}

static aw_rc put_page(struct making *m, struct aw_err *err)
{
    struct aw_case shown = on_page(m);
    struct aw_buf page;
    aw_rc rc;

    aw_buf_init(&page, PAGE_MAX);
    rc = aw_papers_page(&shown, m->config->papers, &page, err);
    if (rc == AW_OK)
        rc = aw_packing_put(&m->packing, AW_BUNDLE_PAGE, aw_buf_str(&page),
                            m->c.made_ms, err);
    aw_buf_deinit(&page);
    return rc;
}

/* The first findings of the list that are of one page, or all of them. */
static aw_rc next_count(struct making *m, size_t from, size_t *count,
                        struct aw_err *err)
{
    const struct aw_bundle_config *config = m->config;
    struct aw_buf first;
    struct aw_buf other;
    aw_rc rc;

    *count = config->count - from;
    if (!config->night)
        return AW_OK;
    aw_buf_init(&first, URL_MAX_);
    aw_buf_init(&other, URL_MAX_);
    rc = aw_store_finding_url(m->store, config->findings[from], &first, err);
    for (*count = 1; rc == AW_OK && from + *count < config->count; ++*count) {
        aw_buf_reset(&other);
        rc = aw_store_finding_url(m->store, config->findings[from + *count],
                                  &other, err);
        if (!aw_str_eq(aw_buf_str(&first), aw_buf_str(&other)))
            break;
    }
    aw_buf_deinit(&first);
    aw_buf_deinit(&other);
    return rc;
}

static aw_rc gather(struct making *m, size_t from, size_t count,
                    struct aw_err *err)
{
    aw_rc rc = aw_case_gather(&m->c, m->store, m->config,
                              m->config->findings + from, count, err);

    m->finding_count += m->c.finding_count;
    return rc;
}

static aw_rc begin_bag(struct making *m, struct aw_err *err)
{
    aw_rc rc = aw_packing_init(&m->packing, m->config, &m->c, m->bag, err);

    return rc == AW_OK ? put_page(m, err) : rc;
}

/* The page for people comes first; what it tells of is gathered by then. */
static aw_rc fill(struct making *m, struct aw_err *err)
{
    size_t count = 0;
    aw_rc rc = AW_OK;

    for (size_t at = 0; at < m->config->count && rc == AW_OK; at += count) {
        rc = next_count(m, at, &count, err);
        if (rc == AW_OK)
            rc = gather(m, at, count, err);
        if (rc == AW_OK && at == 0)
            rc = begin_bag(m, err);
        if (rc == AW_OK)
            rc = aw_packing_case(&m->packing, m->store, err);
    }
    return rc == AW_OK ? aw_packing_end(&m->packing, m->store, err) : rc;
}

/* All rows are of one moment. */
static aw_rc fill_at_once(struct making *m, struct aw_err *err)
{
    aw_rc rc = aw_store_begin_read(m->store, err);

    if (rc != AW_OK)
        return rc;
    rc = aw_case_begin(&m->c, m->store, m->config, err);
    if (rc == AW_OK)
        rc = name_bag(m, err);
    if (rc == AW_OK)
        rc = fill(m, err);
    aw_store_rollback(m->store);
    return rc;
}

/* ---- sealing ------------------------------------------------------------
 */

static aw_rc seal(struct making *m, struct aw_err *err)
{
    char info[2048];
    char day[AW_TIME_MAX];

    aw_time_iso(m->c.made_ms, day);
    (void)snprintf(info, sizeof info,
                   "External-Identifier: %s\n"
                   "External-Description: 涉嫌违法广告线索 %zu 条，首条 %lld\n"
                   "Bagging-Date: %.10s\n"
                   "Bag-Software-Agent: %.200s\n",
                   m->name, m->finding_count,
                   (long long)m->config->findings[0], day, m->config->tool);
    return aw_bag_seal(m->bag, info, &m->digests, err);
}

static aw_rc add_to_chain(struct making *m, struct aw_str findings,
                          struct aw_err *err)
{
    const struct aw_bundle_config *config = m->config;
    struct aw_chain_made made = {.link = m->taken.link,
                                 .made_ms = m->c.made_ms,
                                 .who = config->who,
                                 .name = m->c.name,
                                 .case_no = config->case_no,
                                 .findings = findings,
                                 .manifest = m->digests.sha256,
                                 .path = m->path,
                                 .stamp = config->config &&
                                          config->config->evidence.tsa.url};

    return aw_chain_register(m->store, config->clock, &made, m->bag, err);
}

/* Whoever has a later bundle can hold the workspace to this one. Others wait
 * for their link while this is done, and for nothing else. */
static aw_rc end_bag(struct making *m, struct aw_err *err)
{
    struct aw_buf findings;
    aw_rc rc = aw_chain_take(m->store, m->config->workspace, &m->taken, err);

    aw_buf_init(&findings, FINDINGS_MAX);
    aw_chain_put_findings(&findings, m->config->findings, m->config->count);
    if (rc == AW_OK)
        rc = aw_buf_check(&findings, err);
    if (rc == AW_OK)
        rc = aw_packing_link(&m->packing, &m->taken.link, err);
    if (rc == AW_OK)
        rc = seal(m, err);
    if (rc == AW_OK)
        rc = add_to_chain(m, aw_buf_str(&findings), err);
    aw_buf_deinit(&findings);
    aw_chain_let_go(&m->taken);
    return rc;
}

/* A browser that prints papers keeps no moment of the store alive. */
static aw_rc make(struct making *m, struct aw_err *err)
{
    aw_rc rc;

    m->packing.captures.fd = m->packing.findings.fd = -1;
    m->packing.pictures_fd = -1;
    rc = fill_at_once(m, err);
    if (rc == AW_OK)
        rc = aw_packing_papers(&m->packing, m->store, m->c.name, err);
    if (rc == AW_OK)
        rc = end_bag(m, err);
    aw_packing_deinit(&m->packing);
    return rc;
}

aw_rc aw_bundle_make(struct aw_store *store,
                     const struct aw_bundle_config *config,
                     char out_path[AW_PATH_MAX], struct aw_err *err)
{
    struct making m = {.store = store, .config = config};
    aw_rc rc;

    if (config->count == 0)
        return aw_fail(err, AW_INVALID, "no finding is named");
    if (config->count > AW_BUNDLE_NIGHT_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d findings at once",
                       AW_BUNDLE_NIGHT_MAX);
    aw_case_init(&m.c);
    rc = make(&m, err);
    if (rc == AW_OK)
        memcpy(out_path, m.path, strlen(m.path) + 1);
    aw_bag_free(m.bag);
    aw_case_deinit(&m.c);
    return rc;
}
