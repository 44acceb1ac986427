/* seal_private.h - what seal.c, seal_stamp.c and seal_write.c share. */
#ifndef AW_EVIDENCE_SEAL_PRIVATE_H
#define AW_EVIDENCE_SEAL_PRIVATE_H

#include "evidence/bag.h"
#include "evidence/custody.h"
#include "evidence/seal.h"
#include "evidence/seal_check.h"
#include "review/audit.h"

struct aw_sealer {
    struct aw_store *store;
    struct aw_sealer_config config;
    struct aw_key *own;
    bool silent; /* the authority gave no stamp when it was asked */
};

/* A bundle of the workspace that is being changed. */
struct aw_sealing {
    struct aw_arena arena;
    char path[AW_PATH_MAX];
    int lock;
    struct aw_bundle_row row;
    struct aw_sealed_file *file;
};

/* Takes the bundle's lock, which is waited for some seconds, and looks whether
 * the file is the bundle of its row. The caller closes it also after a
 * failure. */
aw_rc aw_sealing_open(struct aw_sealing *sealing, struct aw_sealer *sealer,
                      struct aw_str bundle, struct aw_err *err) AW_MUST_USE;
void aw_sealing_close(struct aw_sealing *sealing);

/* Files of seal/ that are to be put into a bundle. */
struct aw_seal_set {
    struct aw_arena arena;
    struct aw_bag_seal files[AW_SEAL_FILES_MAX];
    size_t count;
};

void aw_seal_set_init(struct aw_seal_set *set);
void aw_seal_set_deinit(struct aw_seal_set *set);

/* name: without "seal/". Both are copied. */
aw_rc aw_seal_set_add(struct aw_seal_set *set, const char *name,
                      struct aw_str bytes, struct aw_err *err) AW_MUST_USE;

/* The key's public half, and its signature over bytes in a file of that
 * name. */
aw_rc aw_seal_set_sign(struct aw_seal_set *set, const struct aw_key *key,
                       const char *name, struct aw_str bytes,
                       struct aw_err *err) AW_MUST_USE;

/* Puts the files into the bundle. */
aw_rc aw_seal_set_put(const struct aw_seal_set *set,
                      const struct aw_sealing *sealing,
                      struct aw_err *err) AW_MUST_USE;

/* Reads what the bundle's bytes are now, and begins the transaction for the
 * rows that tell of them. */
aw_rc aw_sealing_begin(const struct aw_sealing *sealing,
                       const struct aw_sealer *sealer,
                       struct aw_custody_file *file,
                       struct aw_err *err) AW_MUST_USE;

/* A row of its custody, that it was sealed or stamped: the file, read after
 * that, has other bytes now. In the caller's transaction. */
aw_rc aw_sealing_custody(const struct aw_sealer *sealer,
                         const struct aw_custody_file *file,
                         enum aw_custody_action action, struct aw_str who,
                         struct aw_err *err) AW_MUST_USE;

/* An audit row about "bundle NAME", in the caller's transaction. */
aw_rc aw_sealing_audit(const struct aw_sealing *sealing,
                       const struct aw_sealer *sealer, struct aw_str who,
                       enum aw_audit_action action, struct aw_str detail,
                       struct aw_err *err) AW_MUST_USE;

#endif
