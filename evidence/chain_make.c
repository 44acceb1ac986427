#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"
#include "evidence/bag.h"
#include "evidence/chain.h"
#include "evidence/custody.h"
#include "review/audit.h"

#define LOCK_NAME ".bundle.lock"
#define LOCK_WAIT_MS (600 * 1000)

/* ---- the link ------------------------------------------------------------
 */

aw_rc aw_chain_take(struct aw_store *store, const char *workspace,
                    struct aw_chain_taken *out, struct aw_err *err)
{
    char path[AW_PATH_MAX];
    aw_rc rc = aw_path_join(path, workspace, LOCK_NAME, err);

    out->lock = -1;
    if (rc == AW_OK)
        rc = aw_lock_wait(path, LOCK_WAIT_MS, &out->lock, err);
    if (rc == AW_OK)
        rc = aw_chain_next(store, &out->link, err);
    return rc;
}

void aw_chain_let_go(struct aw_chain_taken *taken)
{
    aw_lock_release(taken->lock);
    taken->lock = -1;
}

void aw_chain_put_findings(struct aw_buf *out, const int64_t *ids,
                           size_t count)
{
    aw_json_open(out, NULL, '[');
    for (size_t i = 0; i < count; i++)
        aw_json_int(out, NULL, ids[i]);
    aw_json_close(out, ']');
}

/* ---- what is written down ------------------------------------------------
 */

static struct aw_str who_of(const struct aw_chain_made *made)
{
    return made->who.len > 0 ? made->who : AW_STR("adwatch");
}

static aw_rc add_link(struct aw_store *store, const struct aw_chain_made *made,
                      struct aw_err *err)
{
    struct aw_bundle_row row = {.made_ms = made->made_ms,
                                .who = who_of(made),
                                .name = made->name,
                                .case_no = made->case_no,
                                .findings = made->findings,
                                .manifest = aw_str_of(made->manifest),
                                .stamp = made->stamp ? AW_STR(AW_STAMP_PENDING)
                                                     : AW_STR(AW_STAMP_NONE)};
    char hash[AW_SHA256_HEX_MAX];

    return made->link.number > 0
               ? aw_chain_add(store, &made->link, &row, hash, err)
               : AW_OK;
}

static aw_rc add_making(struct aw_store *store, const struct aw_clock *clock,
                        const struct aw_chain_made *made,
                        const struct aw_custody_file *file, struct aw_err *err)
{
    struct aw_custody_act act = {.action = AW_CUSTODY_MAKE,
                                 .who = who_of(made)};
    struct aw_custody_done done;

    return aw_custody_add(store, clock, file, &act, &done, err);
}

/* Who made which bytes: the digest that a recipient can ask for. */
static void put_detail(struct aw_buf *out, const struct aw_chain_made *made,
                       const struct aw_custody_file *file)
{
    const char *slash = strrchr(made->path, '/');

    aw_json_open(out, NULL, '{');
    aw_json_text(out, "file", aw_str_of(slash ? slash + 1 : made->path));
    aw_json_text(out, "sha256", aw_str_of(file->digest));
    aw_json_close(out, '}');
}

static aw_rc audit_finding(struct aw_store *store,
                           const struct aw_clock *clock, struct aw_str who,
                           struct aw_str finding, struct aw_str detail,
                           struct aw_err *err)
{
    char subject[40];

    (void)snprintf(subject, sizeof subject, "finding %.*s",
                   AW_STR_ARG(finding));
    return aw_audit_add(store, clock, who, aw_audit_code(AW_AUDIT_BUNDLE),
                        aw_str_of(subject), detail, err);
}

static aw_rc audit_findings(struct aw_store *store,
                            const struct aw_clock *clock,
                            const struct aw_chain_made *made,
                            const struct aw_custody_file *file,
                            struct aw_err *err)
{
    struct aw_str rest = aw_str_sub(made->findings, 1, made->findings.len - 1);
    struct aw_str finding;
    struct aw_buf detail;
    aw_rc rc;

    aw_buf_init(&detail, AW_AUDIT_DETAIL_MAX);
    put_detail(&detail, made, file);
    rc = aw_buf_check(&detail, err);
    while (rc == AW_OK && aw_str_split(&rest, ',', &finding))
        rc = audit_finding(store, clock, who_of(made), finding,
                           aw_buf_str(&detail), err);
    aw_buf_deinit(&detail);
    return rc;
}

static aw_rc write_down(struct aw_store *store, const struct aw_clock *clock,
                        const struct aw_chain_made *made,
                        const struct aw_custody_file *file, struct aw_err *err)
{
    aw_rc rc = aw_store_begin(store, err);

    if (rc != AW_OK)
        return rc;
    rc = add_link(store, made, err);
    if (rc == AW_OK)
        rc = add_making(store, clock, made, file, err);
    if (rc == AW_OK && made->findings.len > 2)
        rc = audit_findings(store, clock, made, file, err);
    return aw_store_end(store, rc, err);
}

aw_rc aw_chain_register(struct aw_store *store, const struct aw_clock *clock,
                        const struct aw_chain_made *made, struct aw_bag *bag,
                        struct aw_err *err)
{
    char unnamed[AW_PATH_MAX + sizeof ".tmp"];
    struct aw_custody_file file;
    aw_rc rc = aw_bag_finish(bag, err);

    (void)snprintf(unnamed, sizeof unnamed, "%s.tmp", made->path);
    if (rc == AW_OK)
        rc = aw_custody_written(unnamed, made->name, made->manifest, &file,
                                err);
    if (rc == AW_OK)
        rc = write_down(store, clock, made, &file, err);
    return rc == AW_OK ? aw_bag_name(bag, err) : rc;
}
