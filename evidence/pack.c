#include "evidence/pack.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "evidence/item.h"

#define JSON_MAX ((size_t)256 << 20) /* bytes of one file */
#define PICTURE_MAX ((size_t)256 << 20)

/* ---- the list of evidence -----------------------------------------------
 */

static aw_rc add_item(struct aw_packing *p, int64_t made_ms, int64_t source_ms,
                      struct aw_err *err)
{
    struct aw_bag_item added = aw_bag_last(p->bag);
    struct aw_case *c = p->c;
    void *items = c->items;
    struct aw_item *item;
    aw_rc rc;

    if (p->config->night) /* nobody reads a list of all of them */
        return AW_OK;
    rc = aw_arena_grow(&c->kept, &items, c->item_count, &p->item_cap,
                       sizeof *c->items, err);
    c->items = items;
    if (rc != AW_OK)
        return rc;
    item = &c->items[c->item_count];
    *item = (struct aw_item){.bytes = added.bytes,
                             .made_ms = made_ms,
                             .source_ms = source_ms};
    memcpy(item->sha256, added.sha256, sizeof item->sha256);
    memcpy(item->sm3, added.sm3, sizeof item->sm3);
    rc = aw_item_describe(item, c, added.name, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&c->kept, added.name, &item->name, err);
    c->item_count += rc == AW_OK;
    return rc;
}

/* ---- spools -------------------------------------------------------------
 */

static aw_rc spool_open(struct aw_spool *spool, const char *dir,
                        struct aw_err *err)
{
    spool->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return spool->fd >= 0
               ? AW_OK
               : aw_fail_errno(err, AW_IO, "cannot write to '%s'", dir);
}

/* Adds members to the array; empties the buffer. */
static aw_rc spool_add(struct aw_spool *spool, struct aw_buf *json,
                       struct aw_err *err)
{
    const char *before = spool->begun ? ",\n" : "\n";
    aw_rc rc = aw_buf_check(json, err);

    if (rc == AW_OK)
        rc = aw_write_all(spool->fd, before, strlen(before), err);
    if (rc == AW_OK)
        rc = aw_write_all(spool->fd, json->ptr, json->len, err);
    spool->begun = true;
    aw_buf_reset(json);
    return rc;
}

static aw_rc spool_put(struct aw_packing *p, struct aw_spool *spool,
                       const char *name, const char *end, struct aw_err *err)
{
    char path[64];
    aw_rc rc = aw_write_all(spool->fd, end, strlen(end), err);

    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", spool->fd);
    if (rc == AW_OK)
        rc = aw_bag_add_path(p->bag, name, path, err);
    return rc == AW_OK ? add_item(p, p->c->made_ms, 0, err) : rc;
}

/* ---- begin and end ------------------------------------------------------
 */

aw_rc aw_packing_init(struct aw_packing *p,
                      const struct aw_bundle_config *config, struct aw_case *c,
                      struct aw_bag *bag, struct aw_err *err)
{
    static const char captures[] = "{\"captures\":[";
    static const char findings[] =
        "{\"hash_of\":\"SHA-256 of the RFC 8785 JSON of action, at_ms, batch, "
        "class, code, finding, previous, reason, undoes, who; without those "
        "that are not told\",\"findings\":[";
    char dir[AW_PATH_MAX];
    aw_rc rc;

    *p = (struct aw_packing){.config = config,
                             .c = c,
                             .bag = bag,
                             .captures = {.fd = -1},
                             .findings = {.fd = -1},
                             .pictures_fd = -1};
    aw_buf_init(&p->picture, PICTURE_MAX);
    rc = aw_path_join(dir, config->workspace, "bundles", err);
    if (rc == AW_OK)
        rc = spool_open(&p->captures, dir, err);
    if (rc == AW_OK)
        rc = spool_open(&p->findings, dir, err);
    if (rc == AW_OK)
        rc = aw_write_all(p->captures.fd, captures, sizeof captures - 1, err);
    if (rc == AW_OK)
        rc = aw_write_all(p->findings.fd, findings, sizeof findings - 1, err);
    if (rc == AW_OK && !config->no_papers && !config->night) {
        struct aw_spool pictures = {.fd = -1};

        rc = spool_open(&pictures, dir, err);
        p->pictures_fd = pictures.fd;
    }
    return rc == AW_OK ? aw_lexicon_new(&p->lexicon, config->lexicon_dir, err)
                       : rc;
}

void aw_packing_deinit(struct aw_packing *p)
{
    const int files[] = {p->captures.fd, p->findings.fd, p->pictures_fd};

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i] >= 0)
            (void)close(files[i]);
    aw_buf_deinit(&p->picture);
    aw_lexicon_free(p->lexicon);
}

aw_rc aw_packing_name(struct aw_packing *p, struct aw_str *out,
                      struct aw_err *err, const char *fmt, ...)
{
    char name[AW_ZIP_NAME_MAX];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(name, sizeof name, fmt, args);
    va_end(args);
    return aw_arena_dup(&p->c->arena, aw_str_of(name), out, err);
}

/* ---- one file -----------------------------------------------------------
 */

static aw_rc put(struct aw_packing *p, const char *name, struct aw_str bytes,
                 int64_t made_ms, int64_t source_ms, struct aw_err *err)
{
    aw_rc rc = aw_bag_add(p->bag, name, bytes, err);

    if (rc == AW_OK && p->pictures_fd >= 0 &&
        aw_str_starts(aw_str_of(name), AW_STR(AW_BUNDLE_SCREENS_DIR)))
        rc = aw_pack_keep_picture(p, name, bytes, err);
    return rc == AW_OK ? add_item(p, made_ms, source_ms, err) : rc;
}

aw_rc aw_packing_put(struct aw_packing *p, const char *name,
                     struct aw_str bytes, int64_t made_ms, struct aw_err *err)
{
    return put(p, name, bytes, made_ms, 0, err);
}

aw_rc aw_packing_put_derived(struct aw_packing *p, const char *name,
                             struct aw_str bytes, int64_t source_ms,
                             struct aw_err *err)
{
    return put(p, name, bytes, p->c->made_ms, source_ms, err);
}

/* Puts what was written into a buffer, and empties it. */
static aw_rc put_json(struct aw_packing *p, const char *name,
                      struct aw_buf *json, int64_t made_ms, struct aw_err *err)
{
    aw_rc rc = aw_buf_check(json, err);

    if (rc == AW_OK)
        rc = aw_packing_put(p, name, aw_buf_str(json), made_ms, err);
    aw_buf_reset(json);
    return rc;
}

/* ---- a capture ----------------------------------------------------------
 */

static aw_rc pack_parts(struct aw_packing *p, struct aw_packed *packed,
                        struct aw_err *err)
{
    struct aw_buf warc;
    aw_rc rc = aw_pack_records(p, packed, &warc, err);

    if (rc == AW_OK)
        rc = aw_pack_texts(p, packed, err);
    if (rc == AW_OK)
        rc = aw_pack_screens(p, packed, err);
    if (rc == AW_OK)
        rc = aw_pack_wacz(p, packed, aw_buf_str(&warc), err);
    aw_buf_deinit(&warc);
    return rc == AW_OK ? AW_OK
                       : aw_fail_in(err, "capture %lld",
                                    (long long)packed->capture->capture.id);
}

/* In a night where an advertisement leads is within its page's WARC: so no
 * page is written with another one's and then once more. */
static bool is_left_out(const struct aw_packing *p,
                        const struct aw_case_capture *capture)
{
    return p->config->night && (capture->part == AW_PART_LANDING ||
                                capture->part == AW_PART_REDIRECT);
}

/* The first browser that is told. */
static aw_rc note_browser(struct aw_packing *p, const struct aw_packed *packed,
                          struct aw_err *err)
{
    if (p->browser.len > 0 || !packed->facts)
        return AW_OK;
    return aw_arena_dup(&p->c->kept, packed->facts->browser, &p->browser, err);
}

/* Two of a page are held against each other once both are there. */
static aw_rc pack_captures(struct aw_packing *p, struct aw_packed *all,
                           struct aw_buf *json, struct aw_err *err)
{
    size_t count = p->c->capture_count;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < count && rc == AW_OK; i++) {
        all[i] = (struct aw_packed){.capture = &p->c->captures[i]};
        if (!is_left_out(p, all[i].capture))
            rc = pack_parts(p, &all[i], err);
        if (rc == AW_OK)
            rc = note_browser(p, &all[i], err);
    }
    for (size_t i = 0; i < count && rc == AW_OK; i++) {
        if (is_left_out(p, all[i].capture))
            continue;
        rc = aw_pack_compared(p, &all[i], all, count, err);
        aw_case_capture_json(p->c, &all[i], json);
        if (rc == AW_OK)
            rc = spool_add(&p->captures, json, err);
    }
    return rc;
}

/* ---- a finding ----------------------------------------------------------
 */

static bool is_cited(const struct aw_packing *p, const struct aw_cited *cited)
{
    for (size_t i = 0; i < p->cited_count; i++)
        if (p->cited[i].provision == cited->provision &&
            aw_str_eq(p->cited[i].id, cited->id))
            return true;
    return false;
}

static aw_rc cite(struct aw_packing *p, const struct aw_cited *cited,
                  struct aw_err *err)
{
    void *all = p->cited;
    aw_rc rc;

    if (is_cited(p, cited))
        return AW_OK;
    rc = aw_arena_grow(&p->c->kept, &all, p->cited_count, &p->cited_cap,
                       sizeof *p->cited, err);
    p->cited = all;
    if (rc != AW_OK)
        return rc;
    p->cited[p->cited_count] = *cited;
    rc = aw_arena_dup(&p->c->kept, cited->id, &p->cited[p->cited_count].id,
                      err);
    p->cited_count += rc == AW_OK;
    return rc;
}

/* Only where its rules are others by now. */
static aw_rc read_frozen(struct aw_packing *p, struct aw_store *store,
                         const struct aw_finding *finding,
                         struct aw_frozen *out, struct aw_err *err)
{
    *out = (struct aw_frozen){0};
    return aw_str_eq(finding->lexicon_hash, aw_str_of(p->lexicon->hash))
               ? AW_OK
               : aw_frozen_read(store, &p->c->arena, finding, out, err);
}

static aw_rc pack_finding(struct aw_packing *p, struct aw_store *store,
                          const struct aw_case_finding *f, struct aw_buf *json,
                          struct aw_err *err)
{
    char name[AW_ZIP_NAME_MAX];
    struct aw_frozen frozen;
    aw_rc rc = read_frozen(p, store, &f->finding, &frozen, err);

    if (rc == AW_OK)
        rc = aw_case_finding_json(f, p->lexicon, &frozen, json, err);
    (void)snprintf(name, sizeof name,
                   AW_BUNDLE_FINDINGS_DIR "finding-%lld.json",
                   (long long)f->finding.id);
    if (rc == AW_OK)
        rc = aw_buf_check(json, err);
    if (rc == AW_OK)
        rc = aw_packing_put_derived(p, name, aw_buf_str(json),
                                    f->finding.last_seen_ms, err);
    aw_buf_reset(json);
    aw_case_decisions_json(f, json);
    if (rc == AW_OK)
        rc = spool_add(&p->findings, json, err);
    for (size_t i = 0; i < f->cited_count && rc == AW_OK; i++)
        rc = cite(p, &f->cited[i], err);
    return rc;
}

aw_rc aw_packing_case(struct aw_packing *p, struct aw_store *store,
                      struct aw_err *err)
{
    size_t count = p->c->capture_count;
    struct aw_packed *all =
        aw_arena_array(&p->c->arena, count + 1, sizeof *all);
    struct aw_buf json;
    aw_rc rc = AW_OK;

    if (!all)
        return aw_arena_fail(&p->c->arena, err);
    aw_buf_init(&json, JSON_MAX);
    for (size_t i = 0; i < p->c->finding_count && rc == AW_OK; i++)
        rc = pack_finding(p, store, &p->c->findings[i], &json, err);
    if (rc == AW_OK)
        rc = pack_captures(p, all, &json, err);
    for (size_t i = 0; i < p->c->finding_count && rc == AW_OK; i++)
        rc = aw_pack_history(p, store, &p->c->findings[i], all, count, err);
    aw_buf_deinit(&json);
    return rc;
}

/* ---- what comes once ----------------------------------------------------
 */

static aw_rc put_environment(struct aw_packing *p, struct aw_store *store,
                             struct aw_buf *json, struct aw_err *err)
{
    const struct aw_environment *environment = p->config->environment;
    struct aw_str hosts[AW_CASE_FINDINGS_MAX];
    size_t count = p->c->finding_count;
    aw_rc rc;

    if (!environment)
        return AW_OK;
    for (size_t i = 0; i < count; i++)
        hosts[i] = p->c->findings[i].finding.host;
    aw_tool_json(json, environment, p->browser);
    rc = aw_arena_dup(&p->c->kept, aw_buf_str(json), &p->c->tool_json, err);
    if (rc == AW_OK)
        rc = put_json(p, AW_BUNDLE_TOOL, json, p->c->made_ms, err);
    if (rc != AW_OK)
        return rc;
    aw_environment_json(json, environment, hosts, count);
    rc = aw_arena_dup(&p->c->kept, aw_buf_str(json), &p->c->environment_json,
                      err);
    if (rc == AW_OK)
        rc = put_json(p, AW_BUNDLE_ENVIRONMENT, json, p->c->made_ms, err);
    if (rc == AW_OK && !p->config->night)
        rc = aw_commands_log(json, store, p->config->findings,
                             p->config->count, err);
    return rc == AW_OK && !p->config->night
               ? put_json(p, AW_BUNDLE_COMMANDS, json, p->c->made_ms, err)
               : rc;
}

static aw_rc put_head(struct aw_packing *p, struct aw_buf *json,
                      struct aw_err *err)
{
    aw_case_audit_json(p->c, json);
    return put_json(p, AW_BUNDLE_AUDIT, json, p->c->made_ms, err);
}

aw_rc aw_packing_link(struct aw_packing *p, const struct aw_chain_link *link,
                      struct aw_err *err)
{
    struct aw_buf json;
    aw_rc rc;

    aw_buf_init(&json, JSON_MAX);
    aw_chain_json(link, p->c->made_ms, &json);
    rc = put_json(p, AW_CHAIN_NAME, &json, p->c->made_ms, err);
    aw_buf_deinit(&json);
    return rc;
}

aw_rc aw_packing_end(struct aw_packing *p, struct aw_store *store,
                     struct aw_err *err)
{
    struct aw_buf json;
    aw_rc rc = spool_put(p, &p->captures, AW_BUNDLE_CAPTURES, "\n]}\n", err);

    aw_buf_init(&json, JSON_MAX);
    aw_case_cited_json(p->cited, p->cited_count, &json);
    if (rc == AW_OK)
        rc = put_json(p, AW_BUNDLE_PROVISIONS, &json, p->c->made_ms, err);
    if (rc == AW_OK)
        rc = spool_put(p, &p->findings, AW_BUNDLE_DECISIONS, "\n]}\n", err);
    if (rc == AW_OK && p->config->left_out.len > 0)
        rc = aw_packing_put(p, AW_BUNDLE_LEFT_OUT, p->config->left_out,
                            p->c->made_ms, err);
    if (rc == AW_OK)
        rc = put_head(p, &json, err);
    if (rc == AW_OK)
        rc = put_environment(p, store, &json, err);
    aw_buf_deinit(&json);
    return rc;
}
