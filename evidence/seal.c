#include "evidence/seal.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "evidence/seal_private.h"
#include "evidence/verify.h"
#include "store/settings.h"

#define DETAIL_MAX ((size_t)16 << 10)

/* ---- the sealer ----------------------------------------------------------
 */

/* The key's id is kept in the store, so that a lost key is missed. */
static aw_rc load_own(struct aw_sealer *sealer, struct aw_err *err)
{
    const struct aw_str setting = AW_STR("seal.key");
    struct aw_err none = {0};
    struct aw_arena arena;
    struct aw_str known = {0};
    aw_rc rc;

    aw_arena_init(&arena, DETAIL_MAX);
    rc = aw_store_setting_get(sealer->store, &arena, setting, &known, &none);
    if (rc != AW_OK && rc != AW_MISSING)
        rc = aw_fail(err, rc, "%s", none.msg);
    else
        rc = aw_key_own(&sealer->own, sealer->config.workspace, known, err);
    if (rc == AW_OK && known.len == 0)
        rc = aw_store_setting_put(sealer->store, setting,
                                  aw_str_of(aw_key_id(sealer->own)), err);
    aw_arena_deinit(&arena);
    return rc;
}

aw_rc aw_sealer_new(struct aw_sealer **out, struct aw_store *store,
                    const struct aw_sealer_config *config, struct aw_err *err)
{
    struct aw_sealer *sealer = calloc(1, sizeof *sealer);
    aw_rc rc;

    if (!sealer)
        return aw_fail(err, AW_NOMEM, "out of memory");
    sealer->store = store;
    sealer->config = *config;
    rc = load_own(sealer, err);
    if (rc == AW_OK)
        *out = sealer;
    else
        aw_sealer_free(sealer);
    return rc;
}

void aw_sealer_free(struct aw_sealer *sealer)
{
    if (sealer)
        aw_key_free(sealer->own);
    free(sealer);
}

/* ---- may she? ------------------------------------------------------------
 */

static bool may_seal(enum aw_role role)
{
    return role == AW_ROLE_REVIEWER || role == AW_ROLE_SECOND ||
           role == AW_ROLE_SUPERVISOR;
}

static aw_rc check_officer(const struct aw_user *user, struct aw_err *err)
{
    if (!may_seal(user->role))
        return aw_fail(err, AW_INVALID,
                       "'%.*s' is %s: reviewers, second officers and "
                       "supervisors seal",
                       AW_STR_ARG(user->name), aw_role_code(user->role));
    if (aw_str_trim(user->certificate).len == 0)
        return aw_fail(err, AW_INVALID,
                       "'%.*s' has no certificate number: an administrator "
                       "gives it (adwatch user)",
                       AW_STR_ARG(user->name));
    return AW_OK;
}

static aw_rc check_turn(const struct aw_seals *seals,
                        const struct aw_user *user, struct aw_err *err)
{
    for (size_t i = 0; i < seals->count; i++) {
        const struct aw_statement *other = &seals->statements[i];

        if (aw_str_eq(other->name, user->name))
            return aw_fail(err, AW_INVALID,
                           "'%.*s' sealed it already: the second officer is "
                           "another",
                           AW_STR_ARG(user->name));
        if (aw_str_eq(other->certificate, user->certificate))
            return aw_fail(err, AW_INVALID,
                           "'%.*s' sealed it with the same certificate "
                           "number",
                           AW_STR_ARG(other->name));
    }
    if (seals->count == AW_OFFICERS_OF_SEAL)
        return aw_fail(err, AW_INVALID, "two officers sealed it already");
    return AW_OK;
}

static aw_rc ignore(void *self, const struct aw_verify_item *item,
                    struct aw_err *err)
{
    (void)self;
    (void)item;
    (void)err;
    return AW_OK;
}

/* Nobody puts her name under what is false. */
static aw_rc check_bundle(const struct aw_sealing *sealing,
                          struct aw_seals *seals, struct aw_err *err)
{
    aw_rc rc = aw_bundle_verify(sealing->path, NULL, ignore, NULL, err);

    if (rc == AW_FAIL)
        rc = err->rc = AW_INVALID;
    if (rc == AW_OK)
        rc = aw_seals_check(aw_sealed_get(sealing->file), NULL, seals, err);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "'%s'", sealing->path);
}

/* ---- what is written down ------------------------------------------------
 */

static void put_detail(struct aw_buf *out,
                       const struct aw_statement *statement,
                       struct aw_str json)
{
    char digest[AW_SHA256_HEX_MAX];

    aw_sha256_hex(json, digest);
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "certificate", statement->certificate);
    aw_json_open(out, "keys", '[');
    for (size_t i = 0; i < statement->key_count; i++)
        aw_json_text(out, NULL, aw_str_of(statement->keys[i].id));
    aw_json_close(out, ']');
    aw_json_int(out, "officer", statement->officer);
    aw_json_text(out, "statement_sha256", aw_str_of(digest));
    aw_json_close(out, '}');
}

static aw_rc add_rows(const struct aw_sealing *sealing,
                      const struct aw_sealer *sealer,
                      const struct aw_statement *statement, struct aw_str json,
                      struct aw_err *err)
{
    struct aw_seal_row row = {.bundle = sealing->row.id,
                              .at_ms = statement->at_ms,
                              .officer = statement->name,
                              .certificate = statement->certificate,
                              .statement = json};
    struct aw_buf detail;
    aw_rc rc = aw_store_seal_add(sealer->store, &row, err);

    aw_buf_init(&detail, DETAIL_MAX);
    put_detail(&detail, statement, json);
    if (rc == AW_OK)
        rc = aw_sealing_audit(sealing, sealer, statement->name, AW_AUDIT_SEAL,
                              aw_buf_str(&detail), err);
    aw_buf_deinit(&detail);
    return rc;
}

static aw_rc write_down(const struct aw_sealing *sealing,
                        const struct aw_sealer *sealer,
                        const struct aw_statement *statement,
                        struct aw_str json, struct aw_err *err)
{
    struct aw_custody_file file;
    aw_rc rc = aw_sealing_begin(sealing, sealer, &file, err);

    if (rc != AW_OK)
        return rc;
    rc = add_rows(sealing, sealer, statement, json, err);
    if (rc == AW_OK)
        rc = aw_sealing_custody(sealer, &file, AW_CUSTODY_SEAL,
                                statement->name, err);
    return aw_store_end(sealer->store, rc, err);
}

static aw_rc count_row(void *self, const struct aw_seal_row *row,
                       struct aw_err *err)
{
    (void)row;
    (void)err;
    ++*(size_t *)self;
    return AW_OK;
}

/* A crash may have kept from the store what the file has. */
static aw_rc take_up(const struct aw_sealing *sealing,
                     const struct aw_sealer *sealer,
                     const struct aw_seals *seals, size_t *known,
                     struct aw_err *err)
{
    aw_rc rc =
        aw_store_seals(sealer->store, sealing->row.id, count_row, known, err);

    for (size_t i = *known; i < seals->count && rc == AW_OK; i++) {
        char name[AW_SEAL_NAME_MAX];
        struct aw_str json = {0};

        aw_seal_name_statement((int)i + 1, name);
        (void)aw_sealed_find(aw_sealed_get(sealing->file), name, &json);
        rc = write_down(sealing, sealer, &seals->statements[i], json, err);
    }
    return rc;
}

/* ---- the officer's keys --------------------------------------------------
 */

/* The workspace's key comes first, then her own. */
struct hands {
    struct aw_key *own;     /* NULL: she has none */
    struct aw_certs *certs; /* NULL: likewise */
    const struct aw_key *keys[AW_STATEMENT_KEYS_MAX];
    size_t count;
};

static void hands_deinit(struct hands *hands)
{
    aw_certs_free(hands->certs);
    aw_key_free(hands->own);
}

static aw_rc load_certs(struct hands *hands, const struct aw_sealer *sealer,
                        const struct aw_officer_config *officer,
                        struct aw_err *err)
{
    char path[AW_PATH_MAX];
    struct aw_buf pem;
    aw_rc rc = aw_path_join(path, sealer->config.workspace,
                            officer->certificate, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_init(&pem, AW_PEM_MAX);
    rc = aw_file_read(path, &pem, err);
    if (rc == AW_OK)
        rc = aw_certs_read(&hands->certs, aw_buf_str(&pem), false, hands->own,
                           err);
    aw_buf_deinit(&pem);
    if (rc == AW_OK || rc == AW_NOMEM)
        return rc;
    err->rc = AW_CONFIG;
    return aw_fail_in(err, "the certificate of '%s'", officer->name);
}

static const struct aw_officer_config *
find_officer(const struct aw_evidence_config *evidence, struct aw_str name)
{
    for (unsigned i = 0; i < evidence->officer_count; i++)
        if (aw_str_eq(aw_str_of(evidence->officers[i].name), name))
            return &evidence->officers[i];
    return NULL;
}

static aw_rc load_hands(struct hands *hands, const struct aw_sealer *sealer,
                        struct aw_str name, struct aw_err *err)
{
    const struct aw_evidence_config *evidence = sealer->config.evidence;
    const struct aw_officer_config *officer = find_officer(evidence, name);
    aw_rc rc = AW_OK;

    hands->keys[hands->count++] = sealer->own;
    if (!officer)
        return AW_OK;
    rc = aw_key_load(&hands->own, sealer->config.workspace, officer,
                     evidence->pkcs11_module, err);
    if (rc == AW_OK)
        hands->keys[hands->count++] = hands->own;
    if (rc == AW_OK && officer->certificate)
        rc = load_certs(hands, sealer, officer, err);
    return rc;
}

/* ---- the statement, and what signs it ------------------------------------
 */

static void digest_of(const struct aw_sealed *sealed, int officer,
                      char out[AW_SHA256_HEX_MAX])
{
    char name[AW_SEAL_NAME_MAX];
    struct aw_str json;

    aw_seal_name_statement(officer, name);
    out[0] = '\0';
    if (aw_sealed_find(sealed, name, &json))
        aw_sha256_hex(json, out);
}

static void state(struct aw_statement *out, const struct aw_sealing *sealing,
                  const struct aw_seals *seals, const struct aw_user *user,
                  int64_t now_ms)
{
    const struct aw_sealed *sealed = aw_sealed_get(sealing->file);

    *out = (struct aw_statement){.officer = (int)seals->count + 1,
                                 .at_ms = now_ms - now_ms % 1000,
                                 .name = user->name,
                                 .certificate = user->certificate,
                                 .bundle = sealing->row.name};
    digest_of(sealed, out->officer - 1, out->before);
    aw_sha256_hex(sealed->tagmanifest, out->sha256);
    aw_sm3_hex(sealed->tagmanifest, out->sm3);
}

/* Her certificates, and their digest into the statement. */
static aw_rc add_certs(struct aw_seal_set *set, const struct hands *hands,
                       struct aw_statement_key *told, struct aw_err *err)
{
    char name[AW_SEAL_NAME_MAX];
    struct aw_buf pem;
    aw_rc rc;

    aw_buf_init(&pem, AW_PEM_MAX);
    rc = aw_certs_pem(hands->certs, &pem, err);
    if (rc == AW_OK) {
        aw_sha256_hex(aw_buf_str(&pem), told->chain);
        aw_seal_name_chain(told->id, name);
        rc = aw_seal_set_add(set, name, aw_buf_str(&pem), err);
    }
    aw_buf_deinit(&pem);
    return rc;
}

static aw_rc tell_keys(struct aw_statement *statement,
                       const struct hands *hands, struct aw_seal_set *set,
                       struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < hands->count && rc == AW_OK; i++) {
        struct aw_statement_key *told = &statement->keys[i];

        told->kind = aw_key_kind(hands->keys[i]);
        memcpy(told->id, aw_key_id(hands->keys[i]), sizeof told->id);
        if (hands->keys[i] == hands->own && hands->certs)
            rc = add_certs(set, hands, told, err);
    }
    statement->key_count = hands->count;
    return rc;
}

static aw_rc sign_all(const struct aw_statement *statement, struct aw_str json,
                      const struct hands *hands, struct aw_seal_set *set,
                      struct aw_err *err)
{
    char name[AW_SEAL_NAME_MAX];
    aw_rc rc;

    aw_seal_name_statement(statement->officer, name);
    rc = aw_seal_set_add(set, name, json, err);
    for (size_t i = 0; i < hands->count && rc == AW_OK; i++) {
        aw_seal_name_signature(statement->officer, aw_key_id(hands->keys[i]),
                               name);
        rc = aw_seal_set_sign(set, hands->keys[i], name, json, err);
    }
    return rc;
}

/* The rows come after the file: a crash between them leaves what take_up
 * finds. */
static aw_rc seal_with(struct aw_sealing *sealing, struct aw_sealer *sealer,
                       const struct hands *hands,
                       struct aw_statement *statement, struct aw_err *err)
{
    struct aw_seal_set set;
    struct aw_buf json;
    aw_rc rc;

    aw_seal_set_init(&set);
    aw_buf_init(&json, AW_STATEMENT_MAX);
    rc = tell_keys(statement, hands, &set, err);
    aw_statement_json(statement, &json);
    if (rc == AW_OK)
        rc = aw_buf_check(&json, err);
    if (rc == AW_OK)
        rc = sign_all(statement, aw_buf_str(&json), hands, &set, err);
    if (rc == AW_OK)
        rc = aw_seal_set_put(&set, sealing, err);
    if (rc == AW_OK)
        rc = write_down(sealing, sealer, statement, aw_buf_str(&json), err);
    aw_buf_deinit(&json);
    aw_seal_set_deinit(&set);
    return rc;
}

static void say(struct aw_sealed_by *out, const struct aw_statement *statement)
{
    size_t len = 0;

    out->officer = statement->officer;
    for (size_t i = 0; i < statement->key_count; i++)
        len += (size_t)snprintf(out->key + len, sizeof out->key - len,
                                "%s%s %s", i > 0 ? ", " : "",
                                aw_key_kind_text(statement->keys[i].kind),
                                statement->keys[i].id);
}

/* Whoever verifies would take it for false. */
static aw_rc check_clock(const struct aw_statement *statement,
                         const struct aw_sealing *sealing, struct aw_err *err)
{
    char now[AW_TIME_MAX];
    char made[AW_TIME_MAX];

    if (statement->at_ms >= sealing->row.made_ms - AW_SEAL_BEFORE_MS)
        return AW_OK;
    aw_time_iso(statement->at_ms, now);
    aw_time_iso(sealing->row.made_ms, made);
    return aw_fail(err, AW_INVALID,
                   "the clock says %s, and the bundle was made at %s: set "
                   "the clock",
                   now, made);
}

/* ---- sealing -------------------------------------------------------------
 */

/* Hers, that was taken up by this call; NULL: she has yet to seal. */
static const struct aw_statement *hers(const struct aw_seals *seals,
                                       size_t known, struct aw_str name)
{
    for (size_t i = known; i < seals->count; i++)
        if (aw_str_eq(seals->statements[i].name, name))
            return &seals->statements[i];
    return NULL;
}

static aw_rc seal_next(struct aw_sealing *sealing, struct aw_sealer *sealer,
                       const struct aw_user *user, struct aw_seals *seals,
                       struct aw_sealed_by *out, struct aw_err *err)
{
    struct aw_statement statement = {0};
    struct hands hands = {0};
    aw_rc rc = check_turn(seals, user, err);

    if (rc == AW_OK)
        rc = load_hands(&hands, sealer, user->name, err);
    if (rc == AW_OK) {
        state(&statement, sealing, seals, user,
              aw_clock_wall(sealer->config.clock));
        rc = check_clock(&statement, sealing, err);
    }
    if (rc == AW_OK)
        rc = seal_with(sealing, sealer, &hands, &statement, err);
    if (rc == AW_OK)
        say(out, &statement);
    hands_deinit(&hands);
    return rc;
}

static aw_rc seal_open(struct aw_sealing *sealing, struct aw_sealer *sealer,
                       const struct aw_user *user, struct aw_seals *seals,
                       struct aw_sealed_by *out, struct aw_err *err)
{
    const struct aw_statement *done = NULL;
    size_t known = 0;
    aw_rc rc = check_bundle(sealing, seals, err);

    if (rc == AW_OK)
        rc = take_up(sealing, sealer, seals, &known, err);
    if (rc == AW_OK)
        done = hers(seals, known, user->name);
    if (done)
        say(out, done);
    return rc == AW_OK && !done
               ? seal_next(sealing, sealer, user, seals, out, err)
               : rc;
}

/* That the bundle is sealed stands, whatever becomes of its stamp. */
static void stamp_it(struct aw_sealer *sealer, struct aw_str bundle,
                     struct aw_stamped *out)
{
    struct aw_err why = {0};

    if (aw_sealer_stamp(sealer, bundle, out, &why) == AW_OK)
        return;
    *out = (struct aw_stamped){.state = AW_STAMP_PENDING};
    (void)snprintf(out->what, sizeof out->what, "%.500s", why.msg);
}

static aw_rc seal_bundle(struct aw_sealer *sealer, struct aw_str bundle,
                         const struct aw_user *user, struct aw_sealed_by *out,
                         struct aw_err *err)
{
    struct aw_seals seals = {0};
    struct aw_sealing sealing;
    aw_rc rc = aw_sealing_open(&sealing, sealer, bundle, err);

    if (rc == AW_OK)
        rc = seal_open(&sealing, sealer, user, &seals, out, err);
    aw_seals_deinit(&seals);
    aw_sealing_close(&sealing);
    if (rc == AW_OK)
        stamp_it(sealer, bundle, &out->stamped);
    return rc;
}

aw_rc aw_sealer_seal(struct aw_sealer *sealer, struct aw_str bundle,
                     const struct aw_login *login, int64_t *wait_ms,
                     struct aw_sealed_by *out, struct aw_err *err)
{
    struct aw_user user = {0};
    struct aw_arena arena;
    aw_rc rc;

    *wait_ms = 0;
    *out = (struct aw_sealed_by){0};
    aw_arena_init(&arena, DETAIL_MAX);
    rc = aw_session_prove(sealer->store, sealer->config.clock, login, &arena,
                          &user, wait_ms, err);
    if (rc == AW_OK)
        rc = check_officer(&user, err);
    if (rc == AW_OK)
        rc = seal_bundle(sealer, bundle, &user, out, err);
    aw_arena_deinit(&arena);
    return rc;
}
