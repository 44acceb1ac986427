#include "evidence/verify.h"

#include <stdio.h>

#include "evidence/seal_check.h"
#include "evidence/verify_private.h"

static aw_rc check_container(struct aw_verifying *v, char what[AW_WHAT_MAX],
                             struct aw_err *err)
{
    aw_rc rc = aw_bag_read_zip(v->view, err);

    if (rc == AW_OK)
        rc = aw_bag_measure(v->view, err);
    (void)snprintf(what, AW_WHAT_MAX, "%zu bytes in %zu entries",
                   v->view->zip.bytes.len, v->view->count);
    return rc;
}

static aw_rc check_readers(struct aw_verifying *v, char what[AW_WHAT_MAX],
                           struct aw_err *err)
{
    (void)snprintf(what, AW_WHAT_MAX,
                   "three readings of the zip see the same");
    return aw_zip_agree(&v->view->zip, err);
}

static aw_rc check_bag(struct aw_verifying *v, char what[AW_WHAT_MAX],
                       struct aw_err *err)
{
    aw_rc rc = aw_bag_read_folder(v->view, err);

    if (rc == AW_OK)
        rc = aw_bag_check_info(v->view, err);
    (void)snprintf(what, AW_WHAT_MAX, "BagIt 1.0, format %d: %.*s",
                   v->view->format,
                   AW_STR_ARG(aw_str_sub(v->view->folder, 0, 200)));
    return rc;
}

static const char *digests_of(const struct aw_bag_view *view)
{
    return view->format == 1 ? "SHA-256" : "SHA-256 and SM3";
}

static aw_rc check_manifest(struct aw_verifying *v, char what[AW_WHAT_MAX],
                            struct aw_err *err)
{
    size_t lines = 0;
    aw_rc rc = aw_bag_check_manifests(v->view, &lines, err);

    (void)snprintf(what, AW_WHAT_MAX, "%zu files with their %s", lines,
                   digests_of(v->view));
    return rc;
}

static aw_rc check_tags(struct aw_verifying *v, char what[AW_WHAT_MAX],
                        struct aw_err *err)
{
    size_t lines = 0;
    aw_rc rc = aw_bag_check_tags(v->view, &lines, err);

    (void)snprintf(what, AW_WHAT_MAX, "%zu files with their %s", lines,
                   digests_of(v->view));
    return rc;
}

typedef aw_rc seal_fn(const struct aw_sealed *sealed,
                      const struct aw_trust *trust,
                      char what[AW_SEAL_WHAT_MAX], bool *missing,
                      struct aw_err *err);

/* Files that could not be parsed are so again, for who needs them. */
static aw_rc load_sealed(struct aw_verifying *v, struct aw_err *err)
{
    struct aw_sealed sealed;
    aw_rc rc = AW_OK;

    if (v->sealed.bag)
        return AW_OK;
    rc = aw_sealed_of(v->view, &sealed, err);
    if (rc != AW_OK)
        return rc;
    if (v->captures && v->decisions)
        aw_sealed_date(&sealed, v->captures, v->decisions);
    v->sealed = sealed;
    return AW_OK;
}

static aw_rc check_seal(struct aw_verifying *v, const struct aw_trust *trust,
                        seal_fn *check, char what[AW_WHAT_MAX], bool *missing,
                        struct aw_err *err)
{
    aw_rc rc = load_sealed(v, err);

    return rc == AW_OK ? check(&v->sealed, trust, what, missing, err) : rc;
}

/* In this order. Where one that others build on fails, they are left out. */
static const struct {
    const char *name;
    aw_rc (*check)(struct aw_verifying *v, char what[AW_WHAT_MAX],
                   struct aw_err *err);
    bool base;
    seal_fn *seal; /* instead of check */
} items[] = {
    {"container", check_container, true, NULL},
    {"readers", check_readers, false, NULL},
    {"bag", check_bag, true, NULL},
    {"manifest", check_manifest, false, NULL},
    {"tagmanifest", check_tags, false, NULL},
    {"names", aw_verify_names, false, NULL},
    {"finding", aw_verify_finding, false, NULL},
    {"captures", aw_verify_captures, false, NULL},
    {"exhibits", aw_verify_exhibits, false, NULL},
    {"wacz", aw_verify_wacz, false, NULL},
    {"texts", aw_verify_texts, false, NULL},
    {"redaction", aw_verify_redaction, false, NULL},
    {"decisions", aw_verify_decisions, false, NULL},
    {"audit", aw_verify_audit, false, NULL},
    {"seals", NULL, false, aw_seals_verify},
    {"timestamp", NULL, false, aw_seal_stamp_verify},
    {"chain", NULL, false, aw_seal_chain_verify},
};

/* False bytes are a result; no memory and the like are not. */
static bool is_verdict(aw_rc rc)
{
    return rc == AW_OK || rc == AW_INVALID || rc == AW_LIMIT ||
           rc == AW_MISSING;
}

static aw_rc run_items(struct aw_verifying *v, const struct aw_trust *trust,
                       aw_verify_fn *report, void *self, struct aw_err *err)
{
    bool all = true;

    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        struct aw_err why = {0};
        char what[AW_WHAT_MAX] = "";
        bool missing = false;
        aw_rc rc = items[i].seal ? check_seal(v, trust, items[i].seal, what,
                                              &missing, &why)
                                 : items[i].check(v, what, &why);
        struct aw_verify_item item = {items[i].name, rc == AW_OK, missing,
                                      rc == AW_OK ? what : why.msg};

        if (!is_verdict(rc))
            return aw_fail(err, rc, "%s", why.msg);
        if (rc != AW_OK && all)
            (void)aw_fail(err, AW_FAIL, "%s: %s", items[i].name, why.msg);
        all = all && rc == AW_OK;
        rc = report(self, &item, &why);
        if (rc != AW_OK)
            return aw_fail(err, rc, "%s", why.msg);
        if (!item.ok && items[i].base)
            break;
    }
    return all ? AW_OK : AW_FAIL;
}

static aw_rc run(struct aw_bag_view *view, const struct aw_trust *trust,
                 aw_verify_fn *report, void *self, struct aw_err *err)
{
    struct aw_verifying v = {.view = view};
    aw_rc rc = run_items(&v, trust, report, self, err);

    aw_verifying_deinit(&v);
    return rc;
}

aw_rc aw_bundle_verify(const char *path, const struct aw_trust *trust,
                       aw_verify_fn *report, void *self, struct aw_err *err)
{
    struct aw_bag_view *view = NULL;
    aw_rc rc = aw_bag_map(&view, path, err);

    if (rc == AW_OK)
        rc = run(view, trust, report, self, err);
    if ((rc == AW_OK || rc == AW_FAIL) && aw_bag_unchanged(view, err) != AW_OK)
        rc = aw_fail_in(err, "'%s'", path);
    aw_bag_view_free(view);
    return rc;
}

aw_rc aw_bundle_verify_bytes(struct aw_str bytes, const struct aw_trust *trust,
                             aw_verify_fn *report, void *self,
                             struct aw_err *err)
{
    struct aw_bag_view *view = NULL;
    aw_rc rc = aw_bag_view_of(&view, bytes, err);

    if (rc == AW_OK)
        rc = run(view, trust, report, self, err);
    aw_bag_view_free(view);
    return rc;
}
