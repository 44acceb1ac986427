#include "evidence/pack.h"

#include <stdio.h>
#include <unistd.h>

/* ---- pictures, kept aside -----------------------------------------------
 */

aw_rc aw_pack_keep_picture(struct aw_packing *p, const char *name,
                           struct aw_str bytes, struct aw_err *err)
{
    void *pictures = p->pictures;
    struct aw_kept_picture *kept;
    aw_rc rc = aw_arena_grow(&p->c->kept, &pictures, p->picture_count,
                             &p->picture_cap, sizeof *p->pictures, err);

    p->pictures = pictures;
    if (rc == AW_OK)
        rc = aw_write_all(p->pictures_fd, bytes.ptr, bytes.len, err);
    if (rc != AW_OK)
        return rc;
    kept = &p->pictures[p->picture_count++];
    *kept = (struct aw_kept_picture){.at = p->pictures_bytes,
                                     .bytes = (int64_t)bytes.len};
    p->pictures_bytes += kept->bytes;
    return aw_arena_dup(&p->c->kept, aw_str_of(name), &kept->name, err);
}

static aw_rc read_picture(struct aw_packing *p,
                          const struct aw_kept_picture *kept,
                          struct aw_str *bytes, struct aw_err *err)
{
    char *at;
    ssize_t got;

    aw_buf_reset(&p->picture);
    at = aw_buf_reserve(&p->picture, (size_t)kept->bytes);
    if (!at)
        return aw_buf_check(&p->picture, err);
    got = pread(p->pictures_fd, at, (size_t)kept->bytes, kept->at);
    if (got != kept->bytes)
        return aw_fail_errno(err, AW_IO, "cannot read a picture again");
    p->picture.len = (size_t)got;
    *bytes = aw_buf_str(&p->picture);
    return AW_OK;
}

static aw_rc give_picture(void *self, struct aw_str name, struct aw_str *bytes,
                          struct aw_err *err)
{
    struct aw_packing *p = self;

    for (size_t i = 0; i < p->picture_count; i++)
        if (aw_str_eq(p->pictures[i].name, name))
            return read_picture(p, &p->pictures[i], bytes, err);
    return aw_fail(err, AW_MISSING, "there is no picture '%.*s'",
                   AW_STR_ARG(name));
}

/* ---- papers -------------------------------------------------------------
 */

static aw_rc take_paper(void *self, struct aw_str name, struct aw_str bytes,
                        struct aw_err *err)
{
    struct aw_packing *p = self;
    char text[AW_ZIP_NAME_MAX];

    (void)snprintf(text, sizeof text, "%.*s", AW_STR_ARG(name));
    return aw_packing_put(p, text, bytes, p->c->made_ms, err);
}

static aw_rc sum_up(void *self, const struct aw_coverage *row,
                    struct aw_err *err)
{
    struct aw_coverage *sum = self;

    (void)err;
    sum->run = row->run;
#define X(name) sum->name += row->name;
    AW_COVERAGE_LIST(X)
#undef X
    return AW_OK;
}

/* What papers tell beside the findings: the crawl that saw the first of them
 * first. */
static aw_rc add_facts(struct aw_case *c, struct aw_store *store,
                       struct aw_err *err)
{
    size_t first = c->finding_count > 0 ? c->findings[0].first : 0;

    c->coverage = (struct aw_coverage){0};
    return first < c->capture_count
               ? aw_store_coverages(store, c->captures[first].capture.run,
                                    sum_up, &c->coverage, err)
               : AW_OK;
}

aw_rc aw_packing_papers(struct aw_packing *p, struct aw_store *store,
                        struct aw_str head, struct aw_err *err)
{
    struct aw_papers_calls calls = {take_paper, give_picture, p};
    struct aw_papers_config config;
    struct aw_papers_told told = {""};
    aw_rc rc;

    if (p->config->no_papers || p->config->night)
        return AW_OK;
    config = *p->config->papers;
    config.head = head;
    rc = add_facts(p->c, store, err);
    if (rc == AW_OK)
        rc = aw_papers_add(p->c, &config, &calls, &told, err);
    if (rc == AW_OK && told.no_pdf[0] && p->config->log)
        aw_log(p->config->log, AW_LOG_WARN, "papers have no PDF", "why",
               told.no_pdf, (char *)NULL);
    return rc;
}
