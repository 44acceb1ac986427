#include "evidence/sealable.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/json.h"
#include "crawler/captured.h"
#include "evidence/gather.h"

#define JSON_MAX ((size_t)64 << 20)

struct checking {
    struct aw_sealable *out;
    struct aw_store *store;
    const struct aw_bundle_config *config;
    struct aw_case c;
    uint64_t page; /* of the last that was kept */
    size_t of_page;
    aw_left_out_fn *tell;
    void *self;
};

/* ---- one finding --------------------------------------------------------
 */

static aw_rc check_bytes(const struct checking *k,
                         const struct aw_captured_at *at, struct aw_err *err)
{
    struct aw_captured captured = {0};
    aw_rc rc = aw_captured_open(&captured, k->config->archive_dir, at, err);

    aw_captured_close(&captured);
    return rc;
}

static aw_rc check_shot(const struct checking *k,
                        const struct aw_shot_row *shot, struct aw_err *err)
{
    struct aw_captured_at at = {.place = {.offset = shot->warc_offset,
                                          .length = shot->warc_length},
                                .digest = shot->digest};

    (void)snprintf(at.place.file, sizeof at.place.file, "%.*s",
                   AW_STR_ARG(shot->warc_file));
    return check_bytes(k, &at, err);
}

static aw_rc check_capture(const struct checking *k,
                           const struct aw_case_capture *capture,
                           struct aw_err *err)
{
    struct aw_captured_at at = aw_captured_at(&capture->capture);
    aw_rc rc = check_bytes(k, &at, err);

    for (size_t i = 0; i < capture->shot_count && rc == AW_OK; i++)
        rc = check_shot(k, &capture->shots[i], err);
    return rc == AW_OK ? AW_OK
                       : aw_fail_in(err, "capture %lld",
                                    (long long)capture->capture.id);
}

/* Those of one page are one case, which has a limit. */
static aw_rc check_page(struct checking *k, struct aw_err *err)
{
    uint64_t page = aw_hash64(k->c.findings[0].finding.url);

    if (page != k->page)
        k->of_page = 0;
    k->page = page;
    if (k->of_page == AW_CASE_FINDINGS_MAX)
        return aw_fail(err, AW_LIMIT,
                       "its page has more than %d findings in this night",
                       AW_CASE_FINDINGS_MAX);
    return AW_OK;
}

static aw_rc check_finding(struct checking *k, int64_t finding,
                           struct aw_err *err)
{
    aw_rc rc = aw_case_gather(&k->c, k->store, k->config, &finding, 1, err);

    if (rc == AW_OK)
        rc = check_page(k, err);
    for (size_t i = 0; i < k->c.capture_count && rc == AW_OK; i++)
        rc = check_capture(k, &k->c.captures[i], err);
    return rc;
}

/* ---- all ----------------------------------------------------------------
 */

static bool is_its_own(aw_rc rc)
{
    return rc == AW_INVALID || rc == AW_MISSING || rc == AW_LIMIT ||
           rc == AW_IO;
}

static void leave_out(struct checking *k, int64_t finding, const char *why)
{
    struct aw_buf *json = &k->out->json;

    if (k->out->left_out++ == 0) {
        aw_json_open(json, NULL, '{');
        aw_json_open(json, "left_out", '[');
    }
    aw_json_open(json, NULL, '{');
    aw_json_int(json, "finding", finding);
    aw_json_text(json, "why", aw_str_of(why));
    aw_json_close(json, '}');
    k->tell(k->self, finding, why);
}

static aw_rc check_all(struct checking *k, struct aw_err *err)
{
    const struct aw_bundle_config *config = k->config;
    struct aw_sealable *out = k->out;

    for (size_t i = 0; i < config->count; i++) {
        struct aw_err why = {0};
        aw_rc rc = check_finding(k, config->findings[i], &why);

        if (rc != AW_OK && !is_its_own(rc))
            return aw_fail(err, rc, "%s", why.msg);
        if (rc == AW_OK) {
            out->findings[out->count++] = config->findings[i];
            k->of_page++;
        } else {
            leave_out(k, config->findings[i], why.msg);
        }
    }
    if (out->left_out > 0) {
        aw_json_close(&out->json, ']');
        aw_json_close(&out->json, '}');
        aw_buf_putc(&out->json, '\n');
    }
    return aw_buf_check(&out->json, err);
}

aw_rc aw_sealable_check(struct aw_sealable *out, struct aw_store *store,
                        const struct aw_bundle_config *config,
                        aw_left_out_fn *tell, void *self, struct aw_err *err)
{
    struct checking k = {.out = out,
                         .store = store,
                         .config = config,
                         .tell = tell,
                         .self = self};
    aw_rc rc;

    *out = (struct aw_sealable){0};
    aw_buf_init(&out->json, JSON_MAX);
    out->findings = calloc(config->count + 1, sizeof *out->findings);
    if (!out->findings)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_case_init(&k.c);
    rc = aw_case_begin(&k.c, store, config, err);
    if (rc == AW_OK)
        rc = check_all(&k, err);
    aw_case_deinit(&k.c);
    return rc;
}

void aw_sealable_free(struct aw_sealable *out)
{
    free(out->findings);
    aw_buf_deinit(&out->json);
    *out = (struct aw_sealable){0};
}
