#include <stdio.h>

#include "base/json.h"
#include "evidence/seal_private.h"
#include "evidence/stamp.h"

#define TAGS_MAX ((size_t)1 << 20)
#define DETAIL_MAX ((size_t)8 << 10)
#define WHO AW_STR("adwatch")
#define NAMES_MAX ((size_t)64 << 20) /* bytes of the names of all pending */

struct aw_str aw_sealer_first_stamp(const struct aw_sealer *sealer)
{
    return sealer->config.evidence->tsa.url ? AW_STR(AW_STAMP_PENDING)
                                            : AW_STR(AW_STAMP_NONE);
}

static void say(struct aw_stamped *out, const char *state, const char *what)
{
    out->state = state;
    (void)snprintf(out->what, sizeof out->what, "%.500s", what);
}

static void say_stamp(struct aw_stamped *out, const struct aw_stamp *stamp)
{
    char at[AW_TIME_MAX];
    char text[AW_SEAL_WORDS_MAX];

    aw_time_beijing(stamp->at_ms, at);
    (void)snprintf(text, sizeof text, "%s by %s", at, stamp->authority);
    say(out, AW_STAMP_DONE, text);
}

/* ---- a stamp that was had ------------------------------------------------
 */

static aw_rc audit_stamp(const struct aw_sealing *sealing,
                         const struct aw_sealer *sealer,
                         const struct aw_stamp *stamp, struct aw_err *err)
{
    struct aw_buf detail;
    char at[AW_TIME_MAX];
    aw_rc rc;

    aw_time_iso(stamp->at_ms, at);
    aw_buf_init(&detail, DETAIL_MAX);
    aw_json_open(&detail, NULL, '{');
    aw_json_text(&detail, "at", aw_str_of(at));
    aw_json_text(&detail, "authority", aw_str_of(stamp->authority));
    aw_json_close(&detail, '}');
    rc = aw_sealing_audit(sealing, sealer, WHO, AW_AUDIT_STAMP,
                          aw_buf_str(&detail), err);
    aw_buf_deinit(&detail);
    return rc;
}

static aw_rc note_stamp(struct aw_sealing *sealing, struct aw_sealer *sealer,
                        const struct aw_stamp *stamp, struct aw_err *err)
{
    struct aw_bundle_row row = sealing->row;
    struct aw_custody_file file;
    aw_rc rc = aw_sealing_begin(sealing, sealer, &file, err);

    if (rc != AW_OK)
        return rc;
    row.stamp = AW_STR(AW_STAMP_DONE);
    row.stamp_why = AW_STR("");
    rc = aw_store_bundle_stamp(sealer->store, &row, err);
    if (rc == AW_OK)
        rc = audit_stamp(sealing, sealer, stamp, err);
    if (rc == AW_OK)
        rc = aw_sealing_custody(sealer, &file, AW_CUSTODY_STAMP, WHO, err);
    rc = aw_store_end(sealer->store, rc, err);
    if (rc == AW_OK)
        sealing->row.stamp = row.stamp;
    return rc;
}

static aw_rc put_stamp(const struct aw_sealing *sealing,
                       const struct aw_sealer *sealer, struct aw_str answer,
                       struct aw_err *err)
{
    char name[AW_SEAL_NAME_MAX];
    struct aw_seal_set set;
    aw_rc rc;

    aw_seal_set_init(&set);
    aw_seal_name_stamp(aw_key_id(sealer->own), name);
    rc = aw_seal_set_add(&set, AW_SEAL_STAMP, answer, err);
    if (rc == AW_OK)
        rc = aw_seal_set_sign(&set, sealer->own, name, answer, err);
    if (rc == AW_OK)
        rc = aw_seal_set_put(&set, sealing, err);
    aw_seal_set_deinit(&set);
    return rc;
}

/* ---- one that was not ----------------------------------------------------
 */

/* What the authority or the way to it is to blame for. */
static bool is_theirs(aw_rc rc)
{
    return rc == AW_NET || rc == AW_INVALID || rc == AW_LIMIT;
}

static aw_rc note_failure(struct aw_sealing *sealing, struct aw_sealer *sealer,
                          const struct aw_err *why, struct aw_stamped *out,
                          struct aw_err *err)
{
    sealing->row.stamp = AW_STR(AW_STAMP_PENDING);
    sealing->row.stamp_tries++;
    sealing->row.stamp_why = aw_str_of(why->msg);
    say(out, AW_STAMP_PENDING, why->msg);
    return aw_store_bundle_stamp(sealer->store, &sealing->row, err);
}

/* ---- asking --------------------------------------------------------------
 */

/* A crash may have kept from the store what the file has. */
static aw_rc take_up(struct aw_sealing *sealing, struct aw_sealer *sealer,
                     struct aw_str answer, struct aw_stamped *out,
                     struct aw_err *err)
{
    struct aw_stamp stamp;
    aw_rc rc =
        aw_stamp_check(answer, aw_sealed_get(sealing->file)->tagmanifest, NULL,
                       &stamp, err);

    if (rc == AW_OK)
        rc = note_stamp(sealing, sealer, &stamp, err);
    if (rc == AW_OK)
        say_stamp(out, &stamp);
    return rc;
}

static aw_rc ask(const struct aw_sealer *sealer, struct aw_str tagmanifest,
                 struct aw_buf *answer, struct aw_stamp *stamp,
                 struct aw_err *err)
{
    const struct aw_tsa_config *tsa = &sealer->config.evidence->tsa;
    char ca_file[AW_PATH_MAX];
    aw_rc rc = AW_OK;

    if (tsa->ca_file)
        rc =
            aw_path_join(ca_file, sealer->config.workspace, tsa->ca_file, err);
    return rc == AW_OK ? aw_stamp_ask(tsa, tsa->ca_file ? ca_file : NULL,
                                      sealer->config.clock, tagmanifest,
                                      answer, stamp, err)
                       : rc;
}

/* What can be said of an open bundle without asking; false: nothing. */
static bool settle(struct aw_sealing *sealing, struct aw_sealer *sealer,
                   struct aw_stamped *out, aw_rc *rc, struct aw_err *err)
{
    struct aw_str answer;

    *out = (struct aw_stamped){.state = AW_STAMP_NONE};
    *rc = AW_OK;
    if (aw_str_eq(sealing->row.stamp, AW_STR(AW_STAMP_DONE)))
        say(out, AW_STAMP_DONE, "stamped already");
    else if (aw_sealed_find(aw_sealed_get(sealing->file), AW_SEAL_STAMP,
                            &answer))
        *rc = take_up(sealing, sealer, answer, out, err);
    else if (!sealer->config.evidence->tsa.url)
        say(out, AW_STAMP_NONE, "the config names no authority");
    else if (sealer->silent)
        say(out, AW_STAMP_PENDING,
            "not asked: the authority gave none just before");
    else
        return false;
    return true;
}

/* What is to be stamped; empty: out says how it stands. */
static aw_rc look(struct aw_sealer *sealer, struct aw_str bundle,
                  struct aw_buf *tagmanifest, struct aw_stamped *out,
                  struct aw_err *err)
{
    struct aw_sealing sealing;
    aw_rc rc = aw_sealing_open(&sealing, sealer, bundle, err);

    if (rc == AW_OK && !settle(&sealing, sealer, out, &rc, err))
        aw_buf_put(tagmanifest, aw_sealed_get(sealing.file)->tagmanifest);
    aw_sealing_close(&sealing);
    return rc == AW_OK ? aw_buf_check(tagmanifest, err) : rc;
}

static aw_rc keep(struct aw_sealing *sealing, struct aw_sealer *sealer,
                  struct aw_str answer, const struct aw_stamp *stamp,
                  struct aw_stamped *out, struct aw_err *err)
{
    aw_rc rc = put_stamp(sealing, sealer, answer, err);

    if (rc == AW_OK)
        rc = note_stamp(sealing, sealer, stamp, err);
    if (rc == AW_OK)
        say_stamp(out, stamp);
    out->fresh = rc == AW_OK;
    return rc;
}

/* why->rc says what the authority answered. Somebody else may have had a
 * stamp meanwhile. */
static aw_rc end(struct aw_sealer *sealer, struct aw_str bundle,
                 struct aw_str answer, const struct aw_stamp *stamp,
                 const struct aw_err *why, struct aw_stamped *out,
                 struct aw_err *err)
{
    struct aw_sealing sealing;
    aw_rc rc = aw_sealing_open(&sealing, sealer, bundle, err);

    if (rc == AW_OK && !settle(&sealing, sealer, out, &rc, err))
        rc = why->rc == AW_OK ? keep(&sealing, sealer, answer, stamp, out, err)
                              : note_failure(&sealing, sealer, why, out, err);
    aw_sealing_close(&sealing);
    return rc;
}

/* Nobody waits for the bundle while the authority is asked. */
static aw_rc ask_and_keep(struct aw_sealer *sealer, struct aw_str bundle,
                          struct aw_str tagmanifest, struct aw_stamped *out,
                          struct aw_err *err)
{
    struct aw_err why = {0};
    struct aw_stamp stamp;
    struct aw_buf answer;
    aw_rc rc;

    aw_buf_init(&answer, AW_STAMP_MAX);
    rc = why.rc = ask(sealer, tagmanifest, &answer, &stamp, &why);
    if (rc != AW_OK && !is_theirs(rc))
        rc = aw_fail(err, rc, "%s", why.msg);
    else
        rc = end(sealer, bundle, aw_buf_str(&answer), &stamp, &why, out, err);
    sealer->silent = sealer->silent || is_theirs(why.rc);
    aw_buf_deinit(&answer);
    return rc;
}

aw_rc aw_sealer_stamp(struct aw_sealer *sealer, struct aw_str bundle,
                      struct aw_stamped *out, struct aw_err *err)
{
    struct aw_buf tagmanifest;
    aw_rc rc;

    *out = (struct aw_stamped){.state = AW_STAMP_PENDING};
    aw_buf_init(&tagmanifest, TAGS_MAX);
    rc = look(sealer, bundle, &tagmanifest, out, err);
    if (rc == AW_OK && tagmanifest.len > 0)
        rc = ask_and_keep(sealer, bundle, aw_buf_str(&tagmanifest), out, err);
    aw_buf_deinit(&tagmanifest);
    return rc;
}

/* ---- all that are pending ------------------------------------------------
 */

/* Their names first: rows are changed on the way. */
struct names {
    struct aw_arena arena;
    struct aw_str *list;
    size_t count, cap, most, all;
};

static aw_rc keep_name(void *self, const struct aw_bundle_row *row,
                       struct aw_err *err)
{
    struct names *names = self;
    void *items = names->list;
    aw_rc rc;

    names->all++;
    if (names->count == names->most)
        return AW_OK;
    rc = aw_arena_grow(&names->arena, &items, names->count, &names->cap,
                       sizeof *names->list, err);
    names->list = items;
    if (rc == AW_OK)
        rc = aw_arena_dup(&names->arena, row->name, &names->list[names->count],
                          err);
    if (rc == AW_OK)
        names->count++;
    return rc;
}

/* A file that is gone, false or in use keeps no other from its stamp. */
static aw_rc retry_one(struct aw_sealer *sealer, struct aw_str name,
                       struct aw_stamped *out, struct aw_err *err)
{
    struct aw_err why = {0};
    aw_rc rc = aw_sealer_stamp(sealer, name, out, &why);

    if (rc == AW_MISSING || rc == AW_INVALID || rc == AW_BUSY || rc == AW_IO) {
        *out = (struct aw_stamped){0};
        say(out, AW_STAMP_PENDING, why.msg);
        return AW_OK;
    }
    return rc == AW_OK ? AW_OK : aw_fail(err, rc, "%s", why.msg);
}

static aw_rc retry_all(struct aw_sealer *sealer, const struct names *names,
                       aw_stamped_fn *tell, void *self, struct aw_err *err)
{
    size_t pending = names->all;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < names->count && rc == AW_OK; i++) {
        struct aw_stamped stamped;

        if (i > 0 && sealer->silent) /* its first fault is enough */
            break;
        rc = retry_one(sealer, names->list[i], &stamped, err);
        if (rc == AW_OK && strcmp(stamped.state, AW_STAMP_DONE) == 0)
            pending--;
        if (rc == AW_OK && tell)
            rc = tell(self, names->list[i], &stamped, err);
    }
    if (rc == AW_OK && pending > 0)
        rc = aw_fail(err, AW_PARTLY, "%zu bundles have no time stamp yet",
                     pending);
    return rc;
}

aw_rc aw_sealer_retry(struct aw_sealer *sealer, size_t most,
                      aw_stamped_fn *tell, void *self, struct aw_err *err)
{
    struct names names = {.most = most};
    aw_rc rc;

    aw_arena_init(&names.arena, NAMES_MAX);
    rc = aw_store_bundles(sealer->store, true, keep_name, &names, err);
    if (rc == AW_OK)
        rc = retry_all(sealer, &names, tell, self, err);
    aw_arena_deinit(&names.arena);
    return rc;
}
