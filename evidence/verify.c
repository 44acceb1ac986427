#include "evidence/verify.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/fs.h"
#include "evidence/verify_private.h"

struct bundle {
    struct aw_buf bytes;
    struct aw_zip_entry entries[AW_ZIP_ENTRIES_MAX];
    size_t entry_count;
    struct aw_bagit_view bag;
};

typedef aw_rc check_fn(struct bundle *bundle, char what[AW_WHAT_MAX],
                       struct aw_err *err);

static aw_rc check_container(struct bundle *b, char what[AW_WHAT_MAX],
                             struct aw_err *err)
{
    aw_rc rc =
        aw_zip_read(aw_buf_str(&b->bytes), b->entries, &b->entry_count, err);

    (void)snprintf(what, AW_WHAT_MAX, "%zu bytes in %zu entries", b->bytes.len,
                   b->entry_count);
    return rc;
}

static aw_rc check_readers(struct bundle *b, char what[AW_WHAT_MAX],
                           struct aw_err *err)
{
    (void)snprintf(what, AW_WHAT_MAX,
                   "three readings of the zip see the same");
    return aw_zip_agree(aw_buf_str(&b->bytes), b->entries, b->entry_count,
                        err);
}

static aw_rc check_bag(struct bundle *b, char what[AW_WHAT_MAX],
                       struct aw_err *err)
{
    aw_rc rc = aw_bagit_open(&b->bag, b->entries, b->entry_count, err);

    if (rc == AW_OK)
        rc = aw_bagit_check_info(&b->bag, err);
    (void)snprintf(what, AW_WHAT_MAX, "BagIt 1.0: %.*s",
                   AW_STR_ARG(aw_str_sub(b->bag.folder, 0, 200)));
    return rc;
}

static aw_rc check_manifest(struct bundle *b, char what[AW_WHAT_MAX],
                            struct aw_err *err)
{
    size_t lines = 0;
    aw_rc rc = aw_bagit_check_manifest(&b->bag, &lines, err);

    (void)snprintf(what, AW_WHAT_MAX, "%zu files with their SHA-256", lines);
    return rc;
}

static aw_rc check_tags(struct bundle *b, char what[AW_WHAT_MAX],
                        struct aw_err *err)
{
    size_t lines = 0;
    aw_rc rc = aw_bagit_check_tags(&b->bag, &lines, err);

    (void)snprintf(what, AW_WHAT_MAX, "%zu files with their SHA-256", lines);
    return rc;
}

static aw_rc check_finding(struct bundle *b, char what[AW_WHAT_MAX],
                           struct aw_err *err)
{
    return aw_verify_finding(&b->bag, what, err);
}

static aw_rc check_captures(struct bundle *b, char what[AW_WHAT_MAX],
                            struct aw_err *err)
{
    return aw_verify_captures(&b->bag, what, err);
}

static aw_rc check_decisions(struct bundle *b, char what[AW_WHAT_MAX],
                             struct aw_err *err)
{
    return aw_verify_decisions(&b->bag, what, err);
}

static aw_rc check_audit(struct bundle *b, char what[AW_WHAT_MAX],
                         struct aw_err *err)
{
    return aw_verify_audit(&b->bag, what, err);
}

/* Where a check that others build on fails, they are left out. */
static const struct {
    const char *name;
    check_fn *check;
    bool base;
} checks[] = {{"container", check_container, true},
              {"readers", check_readers, false},
              {"bag", check_bag, true},
              {"manifest", check_manifest, false},
              {"tagmanifest", check_tags, false},
              {"finding", check_finding, false},
              {"captures", check_captures, false},
              {"decisions", check_decisions, false},
              {"audit", check_audit, false}};

/* False bytes are a result; no memory and the like are not. */
static bool is_verdict(aw_rc rc)
{
    return rc == AW_OK || rc == AW_INVALID || rc == AW_LIMIT ||
           rc == AW_MISSING;
}

static aw_rc run_checks(struct bundle *bundle, aw_verify_fn *report,
                        void *self, struct aw_err *err)
{
    bool all = true;

    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        struct aw_err why = {0};
        char what[AW_WHAT_MAX] = "";
        aw_rc rc = checks[i].check(bundle, what, &why);
        struct aw_verify_item item = {checks[i].name, rc == AW_OK,
                                      rc == AW_OK ? what : why.msg};

        if (!is_verdict(rc))
            return aw_fail(err, rc, "%s", why.msg);
        if (rc != AW_OK && all)
            (void)aw_fail(err, AW_FAIL, "%s: %s", checks[i].name, why.msg);
        all = all && rc == AW_OK;
        rc = report(self, &item, &why);
        if (rc != AW_OK)
            return aw_fail(err, rc, "%s", why.msg);
        if (!item.ok && checks[i].base)
            break;
    }
    return all ? AW_OK : AW_FAIL;
}

aw_rc aw_bundle_verify(const char *path, aw_verify_fn *report, void *self,
                       struct aw_err *err)
{
    struct bundle *bundle = calloc(1, sizeof *bundle);
    aw_rc rc;

    if (!bundle)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_buf_init(&bundle->bytes, AW_ZIP_MAX);
    rc = aw_file_read(path, &bundle->bytes, err);
    if (rc == AW_OK)
        rc = run_checks(bundle, report, self, err);
    aw_buf_deinit(&bundle->bytes);
    free(bundle);
    return rc;
}
