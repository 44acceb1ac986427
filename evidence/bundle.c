#include "evidence/bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/bundle_private.h"
#include "reports/finding_json.h"
#include "review/decide.h"

#define ARENA_MAX ((size_t)128 << 20)
#define STAMP_MAX 24 /* "20261123T021300Z" */

/* --- gathering: the store ---------------------------------------------- */

static aw_rc keep_decision(void *self, const struct aw_decision_row *row,
                           struct aw_err *err)
{
    struct aw_evidence *e = self;
    struct aw_decision_row *copy;
    void *rows = e->decisions;
    aw_rc rc = aw_arena_grow(&e->arena, &rows, e->decision_count,
                             &e->decision_cap, sizeof *row, err);

    if (rc != AW_OK)
        return rc;
    e->decisions = rows;
    copy = &e->decisions[e->decision_count];
    rc = aw_decision_dup(row, &e->arena, copy, err);
    if (rc == AW_OK)
        e->decision_count++;
    return rc;
}

static aw_rc check_confirmed(const struct aw_evidence *e, struct aw_err *err)
{
    const struct aw_finding *f = &e->finding;

    if (aw_str_eq(f->state, AW_STR("confirmed")))
        return AW_OK;
    return aw_fail(err, AW_INVALID,
                   "finding %lld is %.*s: only a confirmed one is bundled; "
                   "`adwatch decide %lld confirm` first",
                   (long long)f->id, AW_STR_ARG(f->state), (long long)f->id);
}

static bool has_capture(const struct aw_evidence *e, int64_t id)
{
    for (size_t i = 0; i < e->exhibit_count; i++)
        if (e->exhibits[i].capture.id == id)
            return true;
    return false;
}

static aw_rc get_capture(struct aw_store *store, struct aw_evidence *e,
                         int64_t id, struct aw_err *err)
{
    struct aw_exhibit *exhibit = &e->exhibits[e->exhibit_count];

    if (has_capture(e, id))
        return AW_OK;
    e->exhibit_count++;
    (void)snprintf(exhibit->name, sizeof exhibit->name,
                   AW_BUNDLE_CAPTURES_DIR "capture-%lld.warc.gz",
                   (long long)id);
    return aw_store_capture_get(store, &e->arena, id, &exhibit->capture, err);
}

/* What a browser made of a page goes with the page as fetched. */
static aw_rc get_captures(struct aw_store *store, struct aw_evidence *e,
                          int64_t id, struct aw_err *err)
{
    aw_rc rc = get_capture(store, e, id, err);
    int64_t plain = 0;

    for (size_t i = 0; i < e->exhibit_count && rc == AW_OK; i++)
        if (e->exhibits[i].capture.id == id)
            plain = e->exhibits[i].capture.plain;
    return rc == AW_OK && plain > 0 ? get_capture(store, e, plain, err) : rc;
}

static aw_rc read_rows(struct aw_store *store, struct aw_evidence *e,
                       int64_t id, struct aw_err *err)
{
    int64_t count;
    aw_rc rc = aw_store_finding_get(store, &e->arena, id, &e->finding, err);

    if (rc == AW_OK)
        rc = check_confirmed(e, err);
    if (rc == AW_OK)
        rc = aw_decisions_verify(store, &count, err);
    if (rc == AW_OK)
        rc = aw_store_decisions(store, id, keep_decision, e, err);
    if (rc == AW_OK)
        rc = aw_audit_head(store, &e->audit, err);
    if (rc == AW_OK)
        rc = get_captures(store, e, e->finding.first_capture, err);
    if (rc == AW_OK)
        rc = get_captures(store, e, e->finding.last_capture, err);
    return rc;
}

/* All rows are of one moment. */
static aw_rc gather_rows(struct aw_store *store, struct aw_evidence *e,
                         int64_t id, struct aw_err *err)
{
    aw_rc rc = aw_store_begin_read(store, err);

    if (rc != AW_OK)
        return rc;
    rc = read_rows(store, e, id, err);
    aw_store_rollback(store);
    return rc;
}

/* --- gathering: the law ------------------------------------------------ */

struct citing {
    struct aw_evidence *evidence;
    int64_t wall_ms;
    struct aw_err *err;
    aw_rc rc;
};

static bool is_cited(const struct aw_evidence *e, struct aw_str id,
                     const struct aw_provision *provision)
{
    for (size_t i = 0; i < e->cited_count; i++)
        if (e->cited[i].provision == provision &&
            aw_str_eq(e->cited[i].id, id))
            return true;
    return false;
}

static void cite(void *self, struct aw_str id)
{
    struct citing *citing = self;
    struct aw_evidence *e = citing->evidence;
    const struct aw_provision *provision =
        aw_provisions_at(e->provisions, id, citing->wall_ms);
    struct aw_cited *cited = &e->cited[e->cited_count];

    if (citing->rc != AW_OK || is_cited(e, id, provision))
        return;
    if (e->cited_count == AW_CITED_MAX) {
        citing->rc = aw_fail(citing->err, AW_LIMIT,
                             "more than %d provisions cited", AW_CITED_MAX);
        return;
    }
    cited->provision = provision;
    citing->rc = aw_arena_dup(&e->arena, id, &cited->id, citing->err);
    if (citing->rc == AW_OK)
        e->cited_count++;
}

/* The versions of the first day and of the last day. */
static aw_rc gather_law(struct aw_evidence *e, struct aw_err *err)
{
    const struct aw_finding *f = &e->finding;
    const int64_t days[] = {f->first_seen_ms, f->last_seen_ms};
    struct citing citing = {e, 0, err, AW_OK};
    aw_rc rc = aw_provisions_new(&e->provisions, e->config->lexicon_dir, err);

    for (size_t d = 0; d < 2; d++) {
        citing.wall_ms = days[d];
        for (size_t i = 0; rc == AW_OK && i < f->claim_count; i++) {
            rc = aw_json_texts(f->claims[i].law, cite, &citing, err);
            rc = rc == AW_OK ? citing.rc : rc;
        }
    }
    return rc;
}

/* --- gathering: the archive -------------------------------------------- */

static aw_rc copy_member(const struct aw_evidence *e,
                         const struct aw_capture *c, int64_t offset,
                         int64_t length, struct aw_buf *out,
                         struct aw_err *err)
{
    struct aw_warc_place place = {.offset = offset, .length = length};

    if (c->warc_file.len >= sizeof place.file)
        return aw_fail(err, AW_STORE, "capture %lld: bad name of a WARC file",
                       (long long)c->id);
    memcpy(place.file, c->warc_file.ptr, c->warc_file.len);
    return aw_warc_copy(e->config->archive_dir, &place, out, err);
}

/* What is false must not be sealed as if it were right. */
static aw_rc check_exhibit(struct aw_exhibit *exhibit, struct aw_str bytes,
                           struct aw_err *err)
{
    aw_rc rc = aw_members_check(bytes, &exhibit->members, err);

    if (rc == AW_OK && !aw_str_eq(exhibit->capture.payload_digest,
                                  aw_str_of(exhibit->members.payload_digest)))
        rc = aw_fail(err, AW_INVALID,
                     "the archive holds another payload than was captured");
    return rc;
}

static aw_rc add_exhibit(const struct aw_evidence *e,
                         struct aw_exhibit *exhibit, struct aw_bagit *bag,
                         struct aw_err *err)
{
    const struct aw_capture *c = &exhibit->capture;
    struct aw_buf *out = aw_bagit_add(bag, exhibit->name);
    aw_rc rc = copy_member(e, c, c->warc_offset, c->warc_length, out, err);

    if (rc == AW_OK && c->request_length > 0)
        rc = copy_member(e, c, c->request_offset, c->request_length, out, err);
    if (rc == AW_OK)
        rc = check_exhibit(exhibit, aw_buf_str(out), err);
    return rc == AW_OK ? AW_OK
                       : aw_fail_in(err, "capture %lld", (long long)c->id);
}

/* --- sealing ----------------------------------------------------------- */

static aw_rc fill_bag(struct aw_evidence *e, struct aw_bagit *bag,
                      struct aw_err *err)
{
    struct aw_buf *page = aw_bagit_add(bag, AW_BUNDLE_PAGE);
    aw_rc rc =
        aw_evidence_finding(e, aw_bagit_add(bag, AW_BUNDLE_FINDING), err);

    for (size_t i = 0; i < e->exhibit_count && rc == AW_OK; i++)
        rc = add_exhibit(e, &e->exhibits[i], bag, err);
    if (rc != AW_OK)
        return rc;
    aw_evidence_captures(e, aw_bagit_add(bag, AW_BUNDLE_CAPTURES));
    aw_evidence_provisions(e, aw_bagit_add(bag, AW_BUNDLE_PROVISIONS));
    aw_evidence_decisions(e, aw_bagit_add(bag, AW_BUNDLE_DECISIONS));
    aw_evidence_audit(e, aw_bagit_add(bag, AW_BUNDLE_AUDIT));
    return aw_evidence_page(e, page, err);
}

/* "20261123T021300Z" from "20261123021300123". */
static void make_stamp(int64_t wall_ms, char out[STAMP_MAX])
{
    char compact[AW_TIME_MAX];

    aw_time_compact(wall_ms, compact);
    (void)snprintf(out, STAMP_MAX, "%.8sT%.6sZ", compact, compact + 8);
}

static aw_rc seal_bag(const struct aw_evidence *e, struct aw_bagit *bag,
                      const char *folder, struct aw_err *err)
{
    char info[1024];
    char day[AW_TIME_MAX];

    aw_time_iso(e->made_ms, day);
    (void)snprintf(info, sizeof info,
                   "External-Identifier: %s\n"
                   "External-Description: 涉嫌违法广告线索 %lld\n"
                   "Bagging-Date: %.10s\n"
                   "Bag-Software-Agent: %.200s\n",
                   folder, (long long)e->finding.id, day, e->config->tool);
    return aw_bagit_seal(bag, info, err);
}

static aw_rc make_path(const struct aw_evidence *e, char folder[128],
                       char path[AW_PATH_MAX], struct aw_err *err)
{
    char stamp[STAMP_MAX];
    char dir[AW_PATH_MAX];
    char name[160];
    aw_rc rc = aw_path_join(dir, e->config->workspace, "bundles", err);

    make_stamp(e->made_ms, stamp);
    (void)snprintf(folder, 128, "adwatch-finding-%lld-%s",
                   (long long)e->finding.id, stamp);
    (void)snprintf(name, sizeof name, "%s.zip", folder);
    if (rc == AW_OK)
        rc = aw_path_join(path, dir, name, err);
    if (rc == AW_OK)
        rc = aw_mkdirs(dir, err);
    if (rc == AW_OK && aw_path_exists(path))
        rc = aw_fail(err, AW_INVALID,
                     "'%s' is there already: wait a second and try again",
                     path);
    return rc;
}

static aw_rc seal(struct aw_evidence *e, struct aw_bagit *bag,
                  char path[AW_PATH_MAX], struct aw_err *err)
{
    char folder[128];
    aw_rc rc = make_path(e, folder, path, err);

    if (rc == AW_OK)
        rc = fill_bag(e, bag, err);
    if (rc == AW_OK)
        rc = seal_bag(e, bag, folder, err);
    if (rc == AW_OK)
        rc = aw_bagit_write(bag, folder, path, e->made_ms, err);
    return rc;
}

aw_rc aw_bundle_make(struct aw_store *store,
                     const struct aw_bundle_config *config, int64_t finding,
                     char out_path[AW_PATH_MAX], struct aw_err *err)
{
    struct aw_evidence e = {.config = config,
                            .made_ms = aw_clock_wall(config->clock)};
    struct aw_bagit *bag = calloc(1, sizeof *bag);
    char path[AW_PATH_MAX];
    aw_rc rc;

    if (!bag)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_arena_init(&e.arena, ARENA_MAX);
    rc = gather_rows(store, &e, finding, err);
    if (rc == AW_OK)
        rc = gather_law(&e, err);
    if (rc == AW_OK)
        rc = seal(&e, bag, path, err);
    if (rc == AW_OK)
        memcpy(out_path, path, strlen(path) + 1);
    aw_bagit_deinit(bag);
    free(bag);
    aw_provisions_free(e.provisions);
    aw_arena_deinit(&e.arena);
    return rc;
}
