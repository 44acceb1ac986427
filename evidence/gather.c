#include "evidence/gather.h"

#include <stdio.h>
#include <string.h>

#include "archive/warc.h"
#include "crawler/url.h"
#include "reports/finding_json.h"
#include "review/decide.h"
#include "review/user.h"
#include "store/about.h"

#define KEPT_MAX ((size_t)8 << 20)

/* While the findings at hand are read. */
struct gathering {
    struct aw_case *c;
    struct aw_store *store;
    const struct aw_bundle_config *config;
    size_t finding_cap, capture_cap;
};

const char *aw_capture_part_name(enum aw_capture_part part)
{
    static const char *const names[] = {
        [AW_PART_PAGE] = "page",       [AW_PART_PLAIN] = "plain",
        [AW_PART_LANDING] = "landing", [AW_PART_REDIRECT] = "redirect",
        [AW_PART_HAND_IN] = "hand-in", [AW_PART_RENDERED] = "rendered",
    };

    return names[part];
}

void aw_case_init(struct aw_case *c)
{
    *c = (struct aw_case){0};
    aw_arena_init(&c->arena, AW_CASE_ARENA_MAX);
    aw_arena_init(&c->kept, KEPT_MAX);
}

void aw_case_deinit(struct aw_case *c)
{
    aw_provisions_free(c->provisions);
    aw_arena_deinit(&c->arena);
    aw_arena_deinit(&c->kept);
}

/* ---- what holds for all -------------------------------------------------
 */

static aw_rc add_officer(struct aw_case *c, struct aw_store *store,
                         struct aw_str name, struct aw_err *err)
{
    struct aw_user user;
    aw_rc rc = aw_user_find(store, &c->kept, name, &user, err);

    if (rc == AW_MISSING)
        return aw_fail(err, AW_MISSING,
                       "there is no user '%.*s': `adwatch user list` has them",
                       AW_STR_ARG(name));
    if (rc == AW_OK && c->officer_count == AW_CASE_OFFICERS)
        return aw_fail(err, AW_INVALID, "a bundle has %d officers",
                       AW_CASE_OFFICERS);
    if (rc == AW_OK)
        c->officers[c->officer_count++] =
            (struct aw_officer){user.name, user.certificate, user.place};
    return rc;
}

aw_rc aw_case_begin(struct aw_case *c, struct aw_store *store,
                    const struct aw_bundle_config *config, struct aw_err *err)
{
    const char *office = config->config ? config->config->name : "";
    int64_t count;
    aw_rc rc = aw_decisions_verify(store, &count, err);

    c->made_ms = aw_clock_wall(config->clock);
    c->tool = aw_str_of(config->tool);
    c->number = config->case_no;
    c->office = aw_str_of(office);
    c->contact = config->config ? &config->config->evidence.office : NULL;
    c->maker = config->maker;
    c->account = config->who;
    if (rc == AW_OK)
        rc = aw_audit_head(store, &c->audit, err);
    if (rc == AW_OK)
        rc = aw_provisions_new(&c->provisions, config->lexicon_dir, err);
    for (size_t i = 0; i < config->officer_count && rc == AW_OK; i++)
        rc = add_officer(c, store, config->officers[i], err);
    return rc;
}

/* ---- captures -----------------------------------------------------------
 */

static aw_rc add_capture(struct gathering *g, int64_t id,
                         enum aw_capture_part part, size_t *index,
                         struct aw_err *err)
{
    struct aw_case *c = g->c;
    struct aw_case_capture *capture;
    void *captures = c->captures;
    aw_rc rc;

    for (size_t i = 0; i < c->capture_count; i++)
        if (c->captures[i].capture.id == id) {
            *index = i;
            /* The strongest tie counts, and a page stands for itself. */
            if (part == AW_PART_PAGE || part == AW_PART_HAND_IN) {
                c->captures[i].part = part;
                c->captures[i].of = i;
            }
            return AW_OK;
        }
    rc = aw_arena_grow(&c->arena, &captures, c->capture_count, &g->capture_cap,
                       sizeof *capture, err);
    c->captures = captures;
    if (rc != AW_OK)
        return rc;
    capture = &c->captures[c->capture_count];
    *capture = (struct aw_case_capture){.part = part, .of = c->capture_count};
    rc = aw_store_capture_get(g->store, &c->arena, id, &capture->capture, err);
    capture->rendered = capture->capture.plain > 0;
    *index = c->capture_count;
    c->capture_count += rc == AW_OK;
    return rc;
}

static aw_rc add_part(struct gathering *g, int64_t id,
                      enum aw_capture_part part, size_t of, size_t *index,
                      struct aw_err *err)
{
    size_t count = g->c->capture_count;
    aw_rc rc = add_capture(g, id, part, index, err);

    if (rc == AW_OK && g->c->capture_count > count)
        g->c->captures[*index].of = of;
    return rc;
}

static aw_rc add_nearest(struct gathering *g, struct aw_str url,
                         enum aw_capture_part part, size_t of, size_t *index,
                         struct aw_err *err)
{
    int64_t at_ms = g->c->captures[of].capture.fetched_ms;
    int64_t id = 0;
    aw_rc rc = aw_store_capture_nearest(g->store, url, at_ms, &id, err);

    *index = of;
    return rc == AW_OK && id > 0 ? add_part(g, id, part, of, index, err) : rc;
}

/* What a browser made of a page goes with the page as fetched, and the
 * reverse. */
static aw_rc add_twin(struct gathering *g, size_t page, struct aw_err *err)
{
    const struct aw_capture *capture = &g->c->captures[page].capture;
    int64_t twin = capture->plain;
    enum aw_capture_part part = twin > 0 ? AW_PART_PLAIN : AW_PART_RENDERED;
    aw_rc rc = AW_OK;
    size_t index;

    if (twin == 0)
        rc = aw_store_capture_rendered(g->store, capture->id, &twin, err);
    return rc == AW_OK && twin > 0 ? add_part(g, twin, part, page, &index, err)
                                   : rc;
}

/* ---- redirects and landing pages ----------------------------------------
 */

struct url_found {
    struct aw_arena *arena;
    struct aw_str from; /* the hop that led there, or empty */
};

static aw_rc take_report(void *self, const struct aw_url_report *report,
                         struct aw_err *err)
{
    struct url_found *found = self;

    if (!aw_str_eq(report->via, AW_STR("redirect")))
        return AW_OK;
    return aw_arena_dup(found->arena, report->found_on, &found->from, err);
}

/* The way to a page, back to where it began. */
static aw_rc add_hops_before(struct gathering *g, size_t page,
                             struct aw_err *err)
{
    struct url_found found = {&g->c->arena, g->c->captures[page].capture.url};
    aw_rc rc = AW_OK;

    for (int i = 0; i < AW_CASE_HOPS_MAX && rc == AW_OK; i++) {
        struct aw_str url = found.from;
        size_t index;

        found.from = AW_STR("");
        rc = aw_store_url_reports(g->store, url.ptr, NULL, take_report, &found,
                                  err);
        if (rc != AW_OK || found.from.len == 0)
            break;
        rc = add_nearest(g, found.from, AW_PART_REDIRECT, page, &index, err);
    }
    return rc;
}

/* Where the answer sends its visitor, as an absolute URL; empty: nowhere. */
static aw_rc read_location(struct gathering *g,
                           const struct aw_capture *capture,
                           struct aw_str *out, struct aw_err *err)
{
    struct aw_warc_place place = {.offset = capture->warc_offset,
                                  .length = capture->warc_length};
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record = {0};
    struct aw_err ignored;
    struct aw_buf url;
    aw_rc rc;

    *out = AW_STR("");
    (void)snprintf(place.file, sizeof place.file, "%.*s",
                   AW_STR_ARG(capture->warc_file));
    aw_buf_init(&url, AW_URL_MAX + 1);
    rc = aw_warc_open_place(&reader, g->config->archive_dir, &place, err);
    if (rc == AW_OK)
        rc = aw_warc_next(reader, &record, NULL, err);
    if (rc == AW_OK &&
        aw_url_canonical(capture->url,
                         aw_warc_http_field(record.head, AW_STR("Location")),
                         &url, &ignored) == AW_OK)
        rc = aw_arena_dup(&g->c->arena, aw_buf_str(&url), out, err);
    aw_buf_deinit(&url);
    aw_warc_reader_free(reader);
    return rc;
}

/* A link that leads on by a redirect: the hop, and where it ends. */
static aw_rc follow(struct gathering *g, size_t at, size_t page,
                    struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (int i = 0; i < AW_CASE_HOPS_MAX && rc == AW_OK; i++) {
        struct aw_case_capture *hop = &g->c->captures[at];
        struct aw_str to;
        size_t next = at;

        if (hop->capture.status < 300 || hop->capture.status > 399 ||
            hop->capture.status == 304 || hop->part == AW_PART_PAGE)
            break;
        hop->part = AW_PART_REDIRECT;
        rc = read_location(g, &hop->capture, &to, err);
        if (rc != AW_OK || to.len == 0)
            break;
        rc = add_nearest(g, to, AW_PART_LANDING, page, &next, err);
        if (next == page || next == at)
            break;
        at = next;
    }
    return rc;
}

struct landing_urls {
    struct aw_arena *arena;
    struct aw_str urls[AW_CASE_LANDINGS_MAX];
    size_t count;
};

static aw_rc take_landing(void *self, struct aw_str other, bool is_ad,
                          struct aw_err *err)
{
    struct landing_urls *landings = self;

    if (is_ad || landings->count == AW_CASE_LANDINGS_MAX)
        return AW_OK;
    return aw_arena_dup(landings->arena, other,
                        &landings->urls[landings->count++], err);
}

static aw_rc add_landings(struct gathering *g, size_t page, struct aw_err *err)
{
    struct landing_urls landings = {.arena = &g->c->arena};
    aw_rc rc = aw_store_landings(g->store, g->c->captures[page].capture.url,
                                 take_landing, &landings, err);

    for (size_t i = 0; i < landings.count && rc == AW_OK; i++) {
        size_t index;

        rc = add_nearest(g, landings.urls[i], AW_PART_LANDING, page, &index,
                         err);
        if (rc == AW_OK && index != page)
            rc = follow(g, index, page, err);
    }
    return rc;
}

static aw_rc add_page(struct gathering *g, int64_t id, bool handed_in,
                      size_t *index, struct aw_err *err)
{
    aw_rc rc = add_capture(g, id, handed_in ? AW_PART_HAND_IN : AW_PART_PAGE,
                           index, err);

    if (rc != AW_OK || handed_in)
        return rc;
    rc = add_twin(g, *index, err);
    if (rc == AW_OK)
        rc = add_hops_before(g, *index, err);
    return rc == AW_OK ? add_landings(g, *index, err) : rc;
}

/* ---- decisions ----------------------------------------------------------
 */

struct decisions {
    struct aw_arena *arena;
    struct aw_case_finding *finding;
    size_t cap;
};

static aw_rc keep_decision(void *self, const struct aw_decision_row *row,
                           struct aw_err *err)
{
    struct decisions *d = self;
    struct aw_case_finding *f = d->finding;
    void *rows = f->decisions;
    aw_rc rc = aw_arena_grow(d->arena, &rows, f->decision_count, &d->cap,
                             sizeof *row, err);

    f->decisions = rows;
    if (rc == AW_OK)
        rc = aw_decision_dup(row, d->arena, &f->decisions[f->decision_count],
                             err);
    f->decision_count += rc == AW_OK;
    return rc;
}

static aw_rc read_decisions(struct gathering *g, struct aw_case_finding *f,
                            struct aw_err *err)
{
    struct decisions d = {.arena = &g->c->arena, .finding = f};
    aw_rc rc =
        aw_store_decisions(g->store, f->finding.id, keep_decision, &d, err);

    if (rc == AW_OK)
        rc = aw_store_look_newest(g->store, &g->c->arena, f->finding.id,
                                  &f->look, err);
    if (rc == AW_MISSING) {
        f->look = (struct aw_look){0};
        rc = AW_OK;
    }
    return rc;
}

/* ---- the law ------------------------------------------------------------
 */

struct citing {
    struct aw_case *c;
    struct aw_case_finding *finding;
    size_t cap;
    int64_t wall_ms;
    struct aw_err *err;
    aw_rc rc;
};

static bool is_cited(const struct aw_case_finding *f, struct aw_str id,
                     const struct aw_provision *provision)
{
    for (size_t i = 0; i < f->cited_count; i++)
        if (f->cited[i].provision == provision &&
            aw_str_eq(f->cited[i].id, id))
            return true;
    return false;
}

static void cite(void *self, struct aw_str id)
{
    struct citing *citing = self;
    struct aw_case_finding *f = citing->finding;
    const struct aw_provision *provision =
        aw_provisions_at(citing->c->provisions, id, citing->wall_ms);
    void *cited = f->cited;

    if (citing->rc != AW_OK || is_cited(f, id, provision))
        return;
    if (f->cited_count == AW_CASE_CITED_MAX) {
        citing->rc =
            aw_fail(citing->err, AW_LIMIT, "more than %d provisions cited",
                    AW_CASE_CITED_MAX);
        return;
    }
    citing->rc = aw_arena_grow(&citing->c->arena, &cited, f->cited_count,
                               &citing->cap, sizeof *f->cited, citing->err);
    f->cited = cited;
    if (citing->rc != AW_OK)
        return;
    f->cited[f->cited_count].provision = provision;
    citing->rc = aw_arena_dup(&citing->c->arena, id,
                              &f->cited[f->cited_count].id, citing->err);
    f->cited_count += citing->rc == AW_OK;
}

/* The versions of the first day and of the last day. */
static aw_rc read_law(struct gathering *g, struct aw_case_finding *f,
                      struct aw_err *err)
{
    const int64_t days[] = {f->finding.first_seen_ms, f->finding.last_seen_ms};
    struct citing citing = {.c = g->c, .finding = f, .err = err};
    aw_rc rc = AW_OK;

    for (size_t d = 0; d < 2; d++) {
        citing.wall_ms = days[d];
        for (size_t i = 0; rc == AW_OK && i < f->finding.claim_count; i++) {
            rc = aw_json_texts(f->finding.claims[i].law, cite, &citing, err);
            rc = rc == AW_OK ? citing.rc : rc;
        }
    }
    return rc;
}

/* ---- a finding ----------------------------------------------------------
 */

static aw_rc check_confirmed(const struct aw_finding *f, struct aw_err *err)
{
    if (aw_str_eq(f->state, AW_STR("confirmed")))
        return AW_OK;
    if (aw_str_eq(f->state, AW_STR("second")))
        return aw_fail(err, AW_INVALID,
                       "finding %lld waits for a second officer: another one "
                       "has to confirm it before it is bundled",
                       (long long)f->id);
    return aw_fail(err, AW_INVALID,
                   "finding %lld is %.*s: only a confirmed one is bundled; "
                   "`adwatch decide %lld confirm` first",
                   (long long)f->id, AW_STR_ARG(f->state), (long long)f->id);
}

static bool has_finding(const struct aw_case *c, int64_t id)
{
    for (size_t i = 0; i < c->finding_count; i++)
        if (c->findings[i].finding.id == id)
            return true;
    return false;
}

static aw_rc read_finding(struct gathering *g, int64_t id, struct aw_err *err)
{
    struct aw_case_finding *f = &g->c->findings[g->c->finding_count];
    aw_rc rc =
        aw_store_finding_get(g->store, &g->c->arena, id, &f->finding, err);
    bool handed_in =
        rc == AW_OK && aw_str_starts(f->finding.url, AW_STR("urn:"));

    if (rc == AW_OK)
        rc = check_confirmed(&f->finding, err);
    if (rc == AW_OK)
        rc = read_decisions(g, f, err);
    if (rc == AW_OK)
        rc = read_law(g, f, err);
    if (rc == AW_OK)
        rc = add_page(g, f->finding.first_capture, handed_in, &f->first, err);
    if (rc == AW_OK)
        rc = add_page(g, f->finding.last_capture, handed_in, &f->last, err);
    g->c->finding_count += rc == AW_OK;
    return rc;
}

/* ---- screenshots --------------------------------------------------------
 */

static aw_rc append_boxes(struct gathering *g, struct aw_shot_row *to,
                          const struct aw_shot_row *from, int64_t first_label,
                          struct aw_err *err)
{
    struct aw_box_row *boxes =
        aw_arena_array(&g->c->arena, to->box_count + from->box_count + 1,
                       sizeof *boxes);

    if (!boxes)
        return aw_arena_fail(&g->c->arena, err);
    if (to->box_count > 0)
        memcpy(boxes, to->boxes, to->box_count * sizeof *boxes);
    for (size_t i = 0; i < from->box_count; i++) {
        boxes[to->box_count + i] = from->boxes[i];
        boxes[to->box_count + i].claim += first_label;
    }
    to->boxes = boxes;
    to->box_count += from->box_count;
    return AW_OK;
}

/* The claims of one finding in the pictures of one capture. */
static aw_rc mark_claims(struct gathering *g, struct aw_case_capture *capture,
                         const struct aw_finding *finding, int64_t first_label,
                         struct aw_err *err)
{
    struct aw_shot_row *shots = NULL;
    size_t count = 0;
    aw_rc rc = aw_store_shots_of(g->store, &g->c->arena, finding,
                                 capture->capture.id, &shots, &count, err);

    if (rc != AW_OK)
        return rc;
    if (!capture->shots) {
        capture->shots = shots;
        capture->shot_count = count;
        for (size_t i = 0; i < count; i++) {
            struct aw_shot_row found = shots[i];

            shots[i].box_count = 0;
            rc = append_boxes(g, &shots[i], &found, first_label, err);
            if (rc != AW_OK)
                return rc;
        }
        return AW_OK;
    }
    for (size_t i = 0; i < count && i < capture->shot_count && rc == AW_OK;
         i++)
        rc = append_boxes(g, &capture->shots[i], &shots[i], first_label, err);
    return rc;
}

static aw_rc read_shots(struct gathering *g, struct aw_case_capture *capture,
                        struct aw_err *err)
{
    int64_t label = 0;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < g->c->finding_count && rc == AW_OK; i++) {
        const struct aw_finding *finding = &g->c->findings[i].finding;

        rc = mark_claims(g, capture, finding, label, err);
        label += (int64_t)finding->claim_count;
    }
    return rc;
}

/* ---- all ----------------------------------------------------------------
 */

static aw_rc gather(struct gathering *g, const int64_t *findings, size_t count,
                    struct aw_err *err)
{
    struct aw_case *c = g->c;
    aw_rc rc = AW_OK;

    c->findings = aw_arena_array(&c->arena, count + 1, sizeof *c->findings);
    if (!c->findings)
        return aw_arena_fail(&c->arena, err);
    for (size_t i = 0; i < count && rc == AW_OK; i++)
        if (!has_finding(c, findings[i]))
            rc = read_finding(g, findings[i], err);
    for (size_t i = 0; i < c->capture_count && rc == AW_OK; i++)
        if (c->captures[i].rendered)
            rc = read_shots(g, &c->captures[i], err);
    return rc;
}

/* All rows are of one moment, also where the caller reads more of it. */
aw_rc aw_case_gather(struct aw_case *c, struct aw_store *store,
                     const struct aw_bundle_config *config,
                     const int64_t *findings, size_t count, struct aw_err *err)
{
    struct gathering g = {.c = c, .store = store, .config = config};
    bool own = !aw_store_in_transaction(store);
    aw_rc rc;

    if (count > AW_CASE_FINDINGS_MAX)
        return aw_fail(err, AW_LIMIT,
                       "a case of more than %d findings: make several, or a "
                       "nightly export",
                       AW_CASE_FINDINGS_MAX);
    c->findings = NULL;
    c->captures = NULL;
    c->finding_count = c->capture_count = 0;
    aw_arena_reset(&c->arena);
    rc = own ? aw_store_begin_read(store, err) : AW_OK;
    if (rc != AW_OK)
        return rc;
    rc = gather(&g, findings, count, err);
    if (own)
        aw_store_rollback(store);
    return rc;
}
