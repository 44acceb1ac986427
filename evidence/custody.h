/* custody.h - through whose hands a bundle went. (保管链)
 *
 * Each making, sealing, stamping, opening, export, handing over and receipt of
 * a bundle is a row (store/custody.h) and, in the same transaction, a row of
 * the audit chain (AW_AUDIT_CUSTODY, subject "bundle NAME") whose detail holds
 * all that the first one does. No row is changed or taken away: a receipt is a
 * row of its own that names the handing over. So a row that somebody changed,
 * took out or put in is found by the audit chain.
 *
 * Each row has the file's digest as it was then. A bundle changes by its seals
 * and stamps, and by nothing else: any other change is told.
 */
#ifndef AW_EVIDENCE_CUSTODY_H
#define AW_EVIDENCE_CUSTODY_H

#include "base/clock.h"
#include "base/fs.h"
#include "base/hash.h"
#include "store/custody.h"

#define AW_CUSTODY_ROWS_MAX 10000 /* of one bundle */
#define AW_CUSTODY_NAME_MAX 256   /* bytes, with the NUL */
#define AW_CUSTODY_TEXT_MAX 200   /* code points of a name, an office ... */
#define AW_CUSTODY_PURPOSE_MAX 500

/* What is done with a bundle: code, and the word for people. */
#define AW_CUSTODY_LIST(X)                                       \
    X(MAKE, "make", "制作")           /* the file was written */ \
    X(SEAL, "seal", "签封")           /* by an officer */        \
    X(STAMP, "stamp", "加盖时间戳")   /* by an authority */      \
    X(OPEN, "open", "打开")           /* checked, or fetched */  \
    X(EXPORT, "export", "导出")       /* a copy was made */      \
    X(HAND_OVER, "hand-over", "移交") /* to a recipient */       \
    X(RECEIPT, "receipt", "签收")     /* what they answered */

enum aw_custody_action {
#define X(name, code, word) AW_CUSTODY_##name,
    AW_CUSTODY_LIST(X)
#undef X
        AW_CUSTODY_COUNT
};

/* Code of a row's action to the word; "" for any other code. */
const char *aw_custody_word(struct aw_str code);

/* How the file stands to what was last known of it. */
enum aw_custody_change {
    AW_CUSTODY_FIRST,   /* nothing was known */
    AW_CUSTODY_SAME,    /* the same bytes */
    AW_CUSTODY_SEALED,  /* other bytes by this row's seal or stamp */
    AW_CUSTODY_TOUCHED, /* other bytes, and no seal or stamp says why */
    AW_CUSTODY_OTHER    /* its bag holds other things: another bundle */
};

/* In words: "as it was", "touched: ..." */
const char *aw_custody_change_text(enum aw_custody_change change);
bool aw_custody_is_false(enum aw_custody_change change);

/* A bundle as it lies there. */
struct aw_custody_file {
    char name[AW_CUSTODY_NAME_MAX]; /* of the bag's folder */
    char manifest[AW_SHA256_HEX_MAX];
    char digest[AW_SHA256_HEX_MAX];
};

/* Reads the file once. AW_INVALID: it is no bundle, or its name is not as
 * review/text.h wants it. It checks nothing more: verify.h does. */
aw_rc aw_custody_file(const char *path, struct aw_custody_file *out,
                      struct aw_err *err) AW_MUST_USE;

/* The same of a bundle that was just written, and whose name and manifest are
 * known. A map of it, with all that a night holds, would count as memory: it
 * is read in pieces. */
aw_rc aw_custody_written(const char *path, struct aw_str name,
                         const char *manifest, struct aw_custody_file *out,
                         struct aw_err *err) AW_MUST_USE;

/* What is to be written down. Texts that say nothing are empty. */
struct aw_custody_act {
    enum aw_custody_action action;
    struct aw_str who;       /* acts here */
    struct aw_str recipient; /* hand-over: the office; needed */
    struct aw_str person;    /* hand-over: to whom, needed; receipt: by whom */
    struct aw_str contact, purpose;
    struct aw_str path;        /* export: where to; needed */
    int64_t receipt_of;        /* receipt: row of the handing over; needed */
    struct aw_str receipt_no;  /* receipt: their number; needed */
    struct aw_str receipt_day; /* receipt: YYYY-MM-DD, or empty */
    struct aw_str receipt_digest; /* receipt: 64 hex digits; needed */
};

/* What was written down. */
struct aw_custody_done {
    int64_t id;
    enum aw_custody_change change;
    bool differs; /* receipt: of another digest than was handed over */
    char digest[AW_SHA256_HEX_MAX]; /* of the file */
    char path[AW_PATH_MAX];         /* export: where the copy lies */
};

/* Writes a row and its audit row: within the caller's transaction where there
 * is one, else in one of its own. A file that was touched, or a receipt that
 * differs, is written down all the same. AW_INVALID: a text is missing or
 * malformed, or receipt_of is no handing over of this bundle. */
aw_rc aw_custody_add(struct aw_store *store, const struct aw_clock *clock,
                     const struct aw_custody_file *file,
                     const struct aw_custody_act *act,
                     struct aw_custody_done *done,
                     struct aw_err *err) AW_MUST_USE;

/* Copies the bundle to act->path, where nothing may lie yet, and writes that
 * down. The copy is read back from the disk and has the row's digest before it
 * gets its name; where the row cannot be written there is no copy. */
aw_rc aw_custody_export(struct aw_store *store, const struct aw_clock *clock,
                        const char *bundle, const struct aw_custody_act *act,
                        struct aw_custody_done *done,
                        struct aw_err *err) AW_MUST_USE;

/* One row of the way, and what it shows. */
struct aw_custody_step {
    struct aw_custody_row row;
    enum aw_custody_change change;
    bool differs; /* as in struct aw_custody_done */
};

struct aw_custody_way {
    struct aw_custody_step *steps;
    size_t count;
    /* The rows of the audit chain that tell of this bundle are these and no
     * others, word for word; else why not. Whether the chain itself is whole
     * is for aw_audit_verify. */
    bool audited;
    struct aw_str audit_why;
};

/* The whole way of a bundle, of one moment; texts live in the arena. */
aw_rc aw_custody_read(struct aw_store *store, struct aw_arena *arena,
                      struct aw_str bundle, struct aw_custody_way *out,
                      struct aw_err *err) AW_MUST_USE;

/* How a file stands to the last step of a way. */
enum aw_custody_change aw_custody_compare(const struct aw_custody_way *way,
                                          const struct aw_custody_file *file);

#endif
