#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "evidence/chain.h"
#include "evidence/leftovers.h"
#include "evidence/sealed.h"

#define ARENA_MAX ((size_t)8 << 20)

struct walk {
    struct aw_store *store;
    const struct aw_chain_head *known;
    const char *bundles;
    aw_chain_fn *tell;
    void *self;
    struct aw_chain_found *out;
    bool met; /* the known head */
    bool bad_file;
    struct aw_err first; /* what is said of the first bad file */
};

/* ---- the rows ------------------------------------------------------------
 */

static aw_rc check_link(const struct aw_chain_head *last,
                        const struct aw_bundle_row *row, struct aw_err *err)
{
    char hash[AW_SHA256_HEX_MAX];
    aw_rc rc;

    if (row->id != last->number + 1)
        return aw_fail(err, AW_INVALID,
                       "bundle %lld is missing: %lld comes behind %lld",
                       (long long)(last->number + 1), (long long)row->id,
                       (long long)last->number);
    if (!aw_str_eq(row->previous, aw_str_of(last->hash)))
        return aw_fail(err, AW_INVALID,
                       "bundle %lld does not hang on the one before it",
                       (long long)row->id);
    rc = aw_chain_hash(row, hash, err);
    if (rc == AW_OK && !aw_str_eq(row->hash, aw_str_of(hash)))
        rc = aw_fail(err, AW_INVALID, "bundle %lld was changed",
                     (long long)row->id);
    return rc;
}

static aw_rc walk_row(void *self, const struct aw_bundle_row *row,
                      struct aw_err *err)
{
    struct walk *walk = self;
    struct aw_chain_head *head = &walk->out->head;
    aw_rc rc = check_link(head, row, err);

    if (rc != AW_OK)
        return rc;
    walk->out->rows++;
    head->number = row->id;
    (void)snprintf(head->hash, sizeof head->hash, "%.*s",
                   AW_STR_ARG(row->hash));
    if (walk->known && walk->known->number == head->number)
        walk->met = strcmp(walk->known->hash, head->hash) == 0;
    return AW_OK;
}

/* ---- the files -----------------------------------------------------------
 */

aw_rc aw_chain_check_file(const struct aw_sealed *sealed,
                          const struct aw_bundle_row *row, struct aw_err *err)
{
    struct aw_chain_link link;
    char digest[AW_SHA256_HEX_MAX];
    int64_t made_ms;
    aw_rc rc;

    aw_sha256_hex(sealed->tagmanifest, digest);
    if (!aw_str_eq(sealed->folder, row->name) ||
        !aw_str_eq(row->manifest, aw_str_of(digest)))
        return aw_fail(err, AW_INVALID, "it is another bundle than was made");
    rc = aw_chain_parse(sealed->chain, &link, &made_ms, err);
    if (rc == AW_OK && (link.number != row->id || made_ms != row->made_ms ||
                        !aw_str_eq(row->previous, aw_str_of(link.previous))))
        rc = aw_fail(err, AW_INVALID,
                     "it tells another place in the chain than it has");
    return rc;
}

static aw_rc check_file(const struct walk *walk,
                        const struct aw_bundle_row *row, struct aw_err *err)
{
    struct aw_sealed_file *file = NULL;
    char name[AW_PATH_MAX];
    char path[AW_PATH_MAX];
    aw_rc rc;

    (void)snprintf(name, sizeof name, "%.*s.zip", AW_STR_ARG(row->name));
    rc = aw_path_join(path, walk->bundles, name, err);
    if (rc == AW_OK && !aw_path_exists(path))
        return aw_fail(err, AW_MISSING, "the file is not there");
    if (rc == AW_OK)
        rc = aw_sealed_open(&file, path, err);
    if (rc == AW_OK)
        rc = aw_chain_check_file(aw_sealed_get(file), row, err);
    aw_sealed_free(file);
    return rc;
}

static aw_rc walk_file(void *self, const struct aw_bundle_row *row,
                       struct aw_err *err)
{
    struct walk *walk = self;
    struct aw_err why = {0};
    char name[AW_PATH_MAX];
    aw_rc rc = check_file(walk, row, &why);

    if (rc == AW_NOMEM || rc == AW_IO)
        return aw_fail(err, rc, "%s", why.msg);
    if (rc == AW_OK) {
        walk->out->files++;
        return AW_OK;
    }
    (void)snprintf(name, sizeof name, "%.*s", AW_STR_ARG(row->name));
    walk->tell(walk->self, name, why.msg);
    if (rc == AW_MISSING)
        walk->out->missing++;
    else if (!walk->bad_file)
        (void)aw_fail(&walk->first, AW_INVALID, "%s: %s", name, why.msg);
    walk->bad_file = walk->bad_file || rc != AW_MISSING;
    return AW_OK;
}

/* ---- what has no row -----------------------------------------------------
 */

static void tell_unknown(struct walk *walk, const char *path, const char *why)
{
    const char *slash = strrchr(path, '/');

    walk->out->unknown++;
    walk->tell(walk->self, slash ? slash + 1 : path, why);
}

static void tell_leftover(void *self, const char *path)
{
    tell_unknown(self, path,
                 "its making was cut off: the next 'adwatch bundle' finishes "
                 "it where its row is there, else takes it away");
}

/* Those that hang in no chain are older than it, or copies of such. */
static bool has_link(const char *path)
{
    struct aw_sealed_file *file = NULL;
    struct aw_err ignored;
    bool linked = aw_sealed_open(&file, path, &ignored) == AW_OK &&
                  aw_sealed_get(file)->chain.len > 0;

    aw_sealed_free(file);
    return linked;
}

static aw_rc look_up(void *self, const char *path, struct aw_err *err)
{
    struct walk *walk = self;
    struct aw_bundle_row row;
    struct aw_arena arena;
    struct aw_str name = aw_str_of(strrchr(path, '/') + 1);
    struct aw_err why = {0};
    aw_rc rc;

    name.len -= strlen(".zip");
    aw_arena_init(&arena, ARENA_MAX);
    rc = aw_store_bundle_find(walk->store, &arena, name, &row, &why);
    aw_arena_deinit(&arena);
    if (rc != AW_OK && rc != AW_MISSING)
        return aw_fail(err, rc, "%s", why.msg);
    if (rc == AW_MISSING && has_link(path))
        tell_unknown(walk, path, "the chain has no such bundle");
    return AW_OK;
}

static aw_rc walk_unknown(struct walk *walk, struct aw_err *err)
{
    aw_rc rc;

    if (!aw_path_is_dir(walk->bundles))
        return AW_OK;
    rc = aw_dir_walk(walk->bundles, ".zip", look_up, walk, err);
    return rc == AW_OK
               ? aw_leftovers_tell(walk->bundles, tell_leftover, walk, err)
               : rc;
}

/* ---- together ------------------------------------------------------------
 */

static aw_rc verdict(const struct walk *walk, struct aw_err *err)
{
    if (walk->known && !walk->met)
        return aw_fail(err, AW_INVALID,
                       "the head %lld:%.16s… is not in the chain: bundles "
                       "were cut off or made anew",
                       (long long)walk->known->number, walk->known->hash);
    if (walk->bad_file)
        return aw_fail(err, AW_INVALID, "%s", walk->first.msg);
    if (walk->out->missing > 0 || walk->out->unknown > 0)
        return aw_fail(err, AW_PARTLY,
                       "the chain holds, but %lld files are not there, and "
                       "%lld are not of it",
                       (long long)walk->out->missing,
                       (long long)walk->out->unknown);
    return AW_OK;
}

aw_rc aw_chain_verify(struct aw_store *store, const char *bundles,
                      const struct aw_chain_head *known, aw_chain_fn *tell,
                      void *self, struct aw_chain_found *out,
                      struct aw_err *err)
{
    struct walk walk = {.store = store,
                        .known = known,
                        .bundles = bundles,
                        .tell = tell,
                        .self = self,
                        .out = out};
    aw_rc rc;

    *out = (struct aw_chain_found){0};
    rc = aw_store_bundles(store, false, walk_row, &walk, err);
    if (rc == AW_OK)
        rc = aw_store_bundles(store, false, walk_file, &walk, err);
    if (rc == AW_OK)
        rc = walk_unknown(&walk, err);
    return rc == AW_OK ? verdict(&walk, err) : rc;
}
