#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>

#include "base/fs.h"
#include "evidence/chain.h"
#include "evidence/seal_private.h"

#define LOCK_NAME ".seal.lock"
#define LOCK_WAIT_MS 10000
#define LOCK_NAP_MS 20
#define ARENA_MAX ((size_t)8 << 20)

/* ---- an open bundle ------------------------------------------------------
 */

/* Names of bundles come from people: one is no way into other folders. */
static aw_rc make_path(const struct aw_sealer *sealer, struct aw_str bundle,
                       char path[AW_PATH_MAX], struct aw_err *err)
{
    char name[AW_PATH_MAX];

    if (bundle.len == 0 || bundle.ptr[0] == '.' ||
        memchr(bundle.ptr, '/', bundle.len) ||
        memchr(bundle.ptr, '\0', bundle.len))
        return aw_fail(err, AW_INVALID, "'%.*s' is no name of a bundle",
                       AW_STR_ARG(aw_str_sub(bundle, 0, 200)));
    if (snprintf(name, sizeof name, "bundles/%.*s.zip", AW_STR_ARG(bundle)) >=
        (int)sizeof name)
        return aw_fail(err, AW_LIMIT, "the bundle's name is too long");
    return aw_path_join(path, sealer->config.workspace, name, err);
}

/* One byte of the file for each bundle, by its number. */
static aw_rc wait_lock(struct aw_sealing *sealing, int fd, struct aw_err *err)
{
    const struct timespec nap = {0, LOCK_NAP_MS * 1000000L};
    struct flock byte = {.l_type = F_WRLCK,
                         .l_whence = SEEK_SET,
                         .l_start = (off_t)sealing->row.id,
                         .l_len = 1};

    for (int waited = 0; fcntl(fd, F_OFD_SETLK, &byte) != 0;
         waited += LOCK_NAP_MS) {
        if (errno != EAGAIN && errno != EACCES)
            return aw_fail_errno(err, AW_IO, "cannot lock '%s'", LOCK_NAME);
        if (waited >= LOCK_WAIT_MS)
            return aw_fail(err, AW_BUSY,
                           "another process seals or stamps '%.*s': try again "
                           "in a moment",
                           AW_STR_ARG(sealing->row.name));
        (void)nanosleep(&nap, NULL);
    }
    return AW_OK;
}

static aw_rc take_lock(struct aw_sealing *sealing,
                       const struct aw_sealer *sealer, struct aw_err *err)
{
    char path[AW_PATH_MAX];
    aw_rc rc = aw_path_join(path, sealer->config.workspace, LOCK_NAME, err);

    if (rc != AW_OK)
        return rc;
    sealing->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (sealing->lock < 0)
        return aw_fail_errno(err, AW_IO, "cannot open lock '%s'", path);
    return wait_lock(sealing, sealing->lock, err);
}

static aw_rc find_row(struct aw_sealing *sealing, struct aw_sealer *sealer,
                      struct aw_str bundle, struct aw_err *err)
{
    return aw_store_bundle_find(sealer->store, &sealing->arena, bundle,
                                &sealing->row, err);
}

aw_rc aw_sealing_open(struct aw_sealing *sealing, struct aw_sealer *sealer,
                      struct aw_str bundle, struct aw_err *err)
{
    aw_rc rc;

    *sealing = (struct aw_sealing){.lock = -1};
    aw_arena_init(&sealing->arena, ARENA_MAX);
    rc = make_path(sealer, bundle, sealing->path, err);
    if (rc == AW_OK)
        rc = find_row(sealing, sealer, bundle, err);
    if (rc == AW_OK)
        rc = take_lock(sealing, sealer, err);
    if (rc == AW_OK) /* another may have changed it meanwhile */
        rc = find_row(sealing, sealer, bundle, err);
    if (rc == AW_OK)
        rc = aw_sealed_open(&sealing->file, sealing->path, err);
    if (rc == AW_OK && aw_chain_check_file(aw_sealed_get(sealing->file),
                                           &sealing->row, err) != AW_OK)
        rc = aw_fail_in(err, "'%s'", sealing->path);
    return rc;
}

void aw_sealing_close(struct aw_sealing *sealing)
{
    aw_sealed_free(sealing->file);
    sealing->file = NULL;
    if (sealing->lock >= 0)
        aw_lock_release(sealing->lock);
    sealing->lock = -1;
    aw_arena_deinit(&sealing->arena);
}

aw_rc aw_sealing_audit(const struct aw_sealing *sealing,
                       const struct aw_sealer *sealer, struct aw_str who,
                       enum aw_audit_action action, struct aw_str detail,
                       struct aw_err *err)
{
    char subject[AW_AUDIT_SUBJECT_MAX];

    (void)snprintf(subject, sizeof subject, "bundle %.*s",
                   AW_STR_ARG(sealing->row.name));
    return aw_audit_add(sealer->store, sealer->config.clock, who,
                        aw_audit_code(action), aw_str_of(subject), detail,
                        err);
}

aw_rc aw_sealing_begin(const struct aw_sealing *sealing,
                       const struct aw_sealer *sealer,
                       struct aw_custody_file *file, struct aw_err *err)
{
    aw_rc rc = aw_custody_file(sealing->path, file, err);

    return rc == AW_OK ? aw_store_begin(sealer->store, err) : rc;
}

aw_rc aw_sealing_custody(const struct aw_sealer *sealer,
                         const struct aw_custody_file *file,
                         enum aw_custody_action action, struct aw_str who,
                         struct aw_err *err)
{
    struct aw_custody_act act = {.action = action, .who = who};
    struct aw_custody_done done;

    return aw_custody_add(sealer->store, sealer->config.clock, file, &act,
                          &done, err);
}

/* ---- files ---------------------------------------------------------------
 */

void aw_seal_set_init(struct aw_seal_set *set)
{
    set->count = 0;
    aw_arena_init(&set->arena, ARENA_MAX);
}

void aw_seal_set_deinit(struct aw_seal_set *set)
{
    aw_arena_deinit(&set->arena);
}

aw_rc aw_seal_set_add(struct aw_seal_set *set, const char *name,
                      struct aw_str bytes, struct aw_err *err)
{
    struct aw_bag_seal *file = &set->files[set->count];
    char whole[AW_SEAL_NAME_MAX + sizeof AW_SEAL_DIR];
    aw_rc rc;

    if (set->count == AW_SEAL_FILES_MAX)
        return aw_fail(err, AW_LIMIT, "too many files of a seal");
    (void)snprintf(whole, sizeof whole, AW_SEAL_DIR "%s", name);
    rc = aw_arena_dup(&set->arena, aw_str_of(whole), &file->name, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&set->arena, bytes, &file->bytes, err);
    if (rc == AW_OK)
        set->count++;
    return rc;
}

aw_rc aw_seal_set_sign(struct aw_seal_set *set, const struct aw_key *key,
                       const char *name, struct aw_str bytes,
                       struct aw_err *err)
{
    char key_name[AW_SEAL_NAME_MAX];
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, AW_KEY_PUBLIC_MAX);
    rc = aw_key_sign(key, bytes, &text, err);
    if (rc == AW_OK)
        rc = aw_seal_set_add(set, name, aw_buf_str(&text), err);
    aw_buf_reset(&text);
    aw_seal_name_key(aw_key_id(key), key_name);
    if (rc == AW_OK)
        rc = aw_key_public(key, &text, err);
    if (rc == AW_OK)
        rc = aw_seal_set_add(set, key_name, aw_buf_str(&text), err);
    aw_buf_deinit(&text);
    return rc;
}

aw_rc aw_seal_set_put(const struct aw_seal_set *set,
                      const struct aw_sealing *sealing, struct aw_err *err)
{
    char manifest[AW_SHA256_HEX_MAX];

    aw_sha256_hex(aw_sealed_get(sealing->file)->tagmanifest, manifest);
    return aw_bag_append(sealing->path, manifest, set->files, set->count, err);
}
