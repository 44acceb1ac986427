#include "evidence/seal_check.h"

#include <stdio.h>

#include "base/clock.h"
#include "evidence/chain.h"
#include "evidence/person.h"
#include "evidence/stamp.h"

#define ARENA_MAX ((size_t)256 << 10)

/* ---- names ---------------------------------------------------------------
 */

void aw_seal_name_statement(int officer, char out[AW_SEAL_NAME_MAX])
{
    (void)snprintf(out, AW_SEAL_NAME_MAX, "officer-%d.json", officer);
}

void aw_seal_name_signature(int officer, const char *key,
                            char out[AW_SEAL_NAME_MAX])
{
    (void)snprintf(out, AW_SEAL_NAME_MAX, "officer-%d.%s.sig", officer, key);
}

void aw_seal_name_key(const char *key, char out[AW_SEAL_NAME_MAX])
{
    (void)snprintf(out, AW_SEAL_NAME_MAX, "keys/%s.pem", key);
}

void aw_seal_name_chain(const char *key, char out[AW_SEAL_NAME_MAX])
{
    (void)snprintf(out, AW_SEAL_NAME_MAX, "keys/%s.chain.pem", key);
}

void aw_seal_name_stamp(const char *key, char out[AW_SEAL_NAME_MAX])
{
    (void)snprintf(out, AW_SEAL_NAME_MAX, "timestamp.%s.sig", key);
}

/* ---- files, and which of them were looked at ------------------------------
 */

struct look {
    const struct aw_sealed *sealed;
    const struct aw_trust *trust;
    struct aw_seals *out;
    bool seen[AW_SEAL_FILES_MAX];
    int64_t made_ms;    /* 0: not told */
    int64_t stamped_ms; /* 0: not told */
};

static bool find(struct look *look, const char *name, struct aw_str *bytes)
{
    for (size_t i = 0; i < look->sealed->count; i++) {
        if (aw_str_eq(look->sealed->files[i].name, aw_str_of(name))) {
            look->seen[i] = true;
            *bytes = look->sealed->files[i].bytes;
            return true;
        }
    }
    return false;
}

static aw_rc need(struct look *look, const char *name, struct aw_str *bytes,
                  struct aw_err *err)
{
    if (find(look, name, bytes))
        return AW_OK;
    return aw_fail(err, AW_INVALID, "'" AW_SEAL_DIR "%s' is missing", name);
}

static aw_rc check_foreign(const struct look *look, struct aw_err *err)
{
    for (size_t i = 0; i < look->sealed->count; i++)
        if (!look->seen[i])
            return aw_fail(err, AW_INVALID,
                           "'" AW_SEAL_DIR "%.*s' belongs to no seal",
                           AW_STR_ARG(aw_str_sub(look->sealed->files[i].name,
                                                 0, 200)));
    return AW_OK;
}

/* The public half of that id, from the bundle. */
static aw_rc load_key(struct look *look, const char *id, struct aw_key **out,
                      struct aw_err *err)
{
    char name[AW_SEAL_NAME_MAX];
    struct aw_str pem = {0};
    aw_rc rc;

    aw_seal_name_key(id, name);
    rc = need(look, name, &pem, err);
    if (rc == AW_OK)
        rc = aw_key_read_public(out, pem, err);
    if (rc == AW_OK && strcmp(aw_key_id(*out), id) != 0) {
        aw_key_free(*out);
        *out = NULL;
        rc = aw_fail(err, AW_INVALID, "it is another key");
    }
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "%s", name);
}

/* ---- one signature -------------------------------------------------------
 */

static aw_rc load_chain(struct look *look, const struct aw_statement_key *told,
                        const struct aw_key *key, struct aw_certs **out,
                        struct aw_err *err)
{
    char name[AW_SEAL_NAME_MAX];
    char digest[AW_SHA256_HEX_MAX];
    struct aw_str pem = {0};
    aw_rc rc;

    aw_seal_name_chain(told->id, name);
    rc = need(look, name, &pem, err);
    if (rc != AW_OK)
        return rc;
    aw_sha256_hex(pem, digest);
    if (strcmp(digest, told->chain) != 0)
        rc = aw_fail(err, AW_INVALID, "the statement tells another one");
    if (rc == AW_OK)
        rc = aw_certs_read(out, pem, true, key, err);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "%s", name);
}

static aw_rc check_signature(struct look *look, int officer,
                             const struct aw_key *key, struct aw_str signed_,
                             struct aw_err *err)
{
    char name[AW_SEAL_NAME_MAX];
    struct aw_str signature = {0};
    aw_rc rc;

    aw_seal_name_signature(officer, aw_key_id(key), name);
    rc = need(look, name, &signature, err);
    return rc == AW_OK ? aw_key_verify(key, signed_, signature, err) : rc;
}

/* The first key is the workspace's, which proves no person: only a public key
 * that is trusted as such will do. */
static aw_rc ask_trust(const struct look *look,
                       const struct aw_statement *statement, bool is_first,
                       const struct aw_key *key, const struct aw_certs *chain,
                       struct aw_err *why)
{
    const struct aw_person person = {statement->name, statement->certificate,
                                     statement->at_ms, look->stamped_ms};

    return is_first ? aw_trust_check_listed(look->trust, key, why)
                    : aw_trust_check(look->trust, key, chain, &person, why);
}

/* *trusted: somebody whom the verifier trusts has this key; else why not. */
static aw_rc check_key(struct look *look, const struct aw_statement *statement,
                       const struct aw_statement_key *told, struct aw_str json,
                       bool *trusted, struct aw_err *why, struct aw_err *err)
{
    struct aw_key *key = NULL;
    struct aw_certs *chain = NULL;
    aw_rc rc = load_key(look, told->id, &key, err);

    if (rc == AW_OK && aw_key_kind(key) != told->kind)
        rc = aw_fail(err, AW_INVALID, "key %s is of another kind", told->id);
    if (rc == AW_OK)
        rc = check_signature(look, statement->officer, key, json, err);
    if (rc == AW_OK && told->chain[0])
        rc = load_chain(look, told, key, &chain, err);
    if (rc == AW_OK && look->trust)
        *trusted = ask_trust(look, statement, told == statement->keys, key,
                             chain, why) == AW_OK;
    aw_certs_free(chain);
    aw_key_free(key);
    return rc;
}

static aw_rc check_keys(struct look *look,
                        const struct aw_statement *statement,
                        struct aw_str json, struct aw_err *err)
{
    struct aw_err why = {0};
    bool *trusted = look->out->trusted[look->out->count];
    bool proven = false;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < statement->key_count && rc == AW_OK; i++) {
        rc = check_key(look, statement, &statement->keys[i], json, &trusted[i],
                       &why, err);
        proven = proven || trusted[i];
    }
    if (rc == AW_OK && look->trust && !proven)
        rc = aw_fail(err, AW_INVALID, "none of its keys is trusted: %s",
                     why.msg);
    return rc;
}

/* ---- one statement -------------------------------------------------------
 */

static aw_rc check_digests(const struct look *look,
                           const struct aw_statement *statement,
                           struct aw_err *err)
{
    char sha256[AW_SHA256_HEX_MAX];
    char sm3[AW_SM3_HEX_MAX];

    aw_sha256_hex(look->sealed->tagmanifest, sha256);
    aw_sm3_hex(look->sealed->tagmanifest, sm3);
    if (!aw_str_eq(statement->bundle, look->sealed->folder) ||
        strcmp(statement->sha256, sha256) != 0 ||
        strcmp(statement->sm3, sm3) != 0)
        return aw_fail(err, AW_INVALID, "it seals another bundle");
    return AW_OK;
}

/* The workspace's key is one, and each officer's own another. */
static aw_rc check_hands(const struct aw_seals *seals,
                         const struct aw_statement *statement,
                         struct aw_err *err)
{
    const struct aw_statement *first = seals->statements;
    const struct aw_statement_key *own = &statement->keys[1];

    if (statement->keys[0].chain[0] ||
        statement->keys[0].kind != AW_KEY_ED25519 ||
        (seals->count > 0 &&
         strcmp(first->keys[0].id, statement->keys[0].id) != 0))
        return aw_fail(err, AW_INVALID,
                       "its first key is not that of the workspace");
    if (statement->key_count < 2)
        return AW_OK;
    if (strcmp(own->id, statement->keys[0].id) == 0 ||
        (seals->count > 0 && first->key_count > 1 &&
         strcmp(first->keys[1].id, own->id) == 0))
        return aw_fail(err, AW_INVALID,
                       "her own key is that of another: two are wanted");
    return AW_OK;
}

static aw_rc check_time(const struct look *look,
                        const struct aw_statement *statement,
                        struct aw_err *err)
{
    const struct aw_seals *seals = look->out;

    if (statement->at_ms < look->made_ms - AW_SEAL_BEFORE_MS)
        return aw_fail(err, AW_INVALID,
                       "it is of a time before the bundle was made");
    if (seals->count > 0 && statement->at_ms < seals->statements[0].at_ms)
        return aw_fail(err, AW_INVALID,
                       "it is of a time before the first officer's");
    if (statement->at_ms > aw_clock_wall(aw_clock_system()) + AW_SEAL_AHEAD_MS)
        return aw_fail(err, AW_INVALID, "it is of a time to come");
    return AW_OK;
}

/* What the statement says of itself and of the one before it. */
static aw_rc check_place(const struct look *look,
                         const struct aw_statement *statement,
                         const char *before, struct aw_err *err)
{
    const struct aw_seals *seals = look->out;
    const struct aw_statement *first = seals->statements;
    aw_rc rc;

    if (statement->officer != (int)seals->count + 1 ||
        strcmp(statement->before, before) != 0)
        return aw_fail(err, AW_INVALID,
                       "it does not follow what was sealed before");
    if (seals->count > 0 &&
        (aw_same_person(first->name, statement->name) ||
         aw_same_person(first->certificate, statement->certificate)))
        return aw_fail(err, AW_INVALID,
                       "one officer sealed twice: two are wanted");
    rc = check_hands(seals, statement, err);
    return rc == AW_OK ? check_time(look, statement, err) : rc;
}

static aw_rc check_statement(struct look *look, struct aw_str json,
                             const char *before, struct aw_err *err)
{
    struct aw_seals *seals = look->out;
    struct aw_statement *statement = &seals->statements[seals->count];
    aw_rc rc = aw_statement_read(json, &seals->arena, statement, err);

    if (rc == AW_OK)
        rc = check_place(look, statement, before, err);
    if (rc == AW_OK)
        rc = check_digests(look, statement, err);
    if (rc == AW_OK)
        rc = check_keys(look, statement, json, err);
    if (rc == AW_OK)
        seals->count++;
    return rc;
}

static aw_rc check_officers(struct look *look, struct aw_err *err)
{
    char before[AW_SHA256_HEX_MAX] = "";
    char name[AW_SEAL_NAME_MAX];
    struct aw_str json = {0};
    aw_rc rc = AW_OK;

    for (int n = 1; n <= AW_OFFICERS_OF_SEAL && rc == AW_OK; n++) {
        aw_seal_name_statement(n, name);
        if (!find(look, name, &json))
            break;
        rc = check_statement(look, json, before, err);
        if (rc != AW_OK)
            return aw_fail_in(err, "%s", name);
        aw_sha256_hex(json, before);
    }
    return rc;
}

/* ---- the stamp -----------------------------------------------------------
 */

/* "timestamp.KEYID.sig" */
static bool is_stamp_name(struct aw_str name, char id[AW_KEYID_MAX])
{
    const struct aw_str head = AW_STR("timestamp.");
    char whole[AW_SEAL_NAME_MAX];

    (void)snprintf(id, AW_KEYID_MAX, "%.*s",
                   AW_STR_ARG(aw_str_sub(name, head.len, AW_KEYID_MAX - 1)));
    aw_seal_name_stamp(id, whole);
    return aw_str_eq(name, aw_str_of(whole));
}

/* The workspace's signature over the answer; *found: there is one. */
static aw_rc check_stamp_signature(struct look *look, struct aw_str answer,
                                   struct aw_err *err)
{
    char id[AW_KEYID_MAX];
    struct aw_key *key = NULL;
    size_t at = 0;
    aw_rc rc;

    while (at < look->sealed->count &&
           !is_stamp_name(look->sealed->files[at].name, id))
        at++;
    if (at == look->sealed->count)
        return aw_fail(err, AW_INVALID,
                       "there is no signature over " AW_SEAL_STAMP);
    look->seen[at] = true;
    if (look->out->count > 0 &&
        strcmp(look->out->statements[0].keys[0].id, id) != 0)
        return aw_fail(err, AW_INVALID,
                       "the signature over " AW_SEAL_STAMP
                       " is not by the workspace's key");
    rc = load_key(look, id, &key, err);
    if (rc == AW_OK)
        rc = aw_key_verify(key, answer, look->sealed->files[at].bytes, err);
    aw_key_free(key);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, AW_SEAL_STAMP);
}

/* ---- together ------------------------------------------------------------
 */

static aw_rc begin(struct look *look, struct aw_err *err)
{
    struct aw_chain_link link;

    int64_t newest_ms = 0;
    aw_rc rc = aw_sealed_newest(look->sealed, &newest_ms, err);

    if (rc == AW_OK && look->sealed->chain.len > 0)
        rc = aw_chain_parse(look->sealed->chain, &link, &look->made_ms, err);
    if (rc == AW_OK && newest_ms > look->made_ms)
        look->made_ms = newest_ms;
    return rc;
}

/* A stamp that is false is an item of its own. */
static void note_stamp(struct look *look)
{
    struct aw_err ignored = {0};
    struct aw_str answer;
    struct aw_stamp stamp;

    if (find(look, AW_SEAL_STAMP, &answer) &&
        aw_stamp_check(answer, look->sealed->tagmanifest, NULL, &stamp,
                       &ignored) == AW_OK)
        look->stamped_ms = stamp.at_ms;
}

aw_rc aw_seals_check(const struct aw_sealed *sealed,
                     const struct aw_trust *trust, struct aw_seals *out,
                     struct aw_err *err)
{
    struct look look = {.sealed = sealed, .trust = trust, .out = out};
    struct aw_str answer;
    aw_rc rc;

    *out = (struct aw_seals){0};
    aw_arena_init(&out->arena, ARENA_MAX);
    rc = begin(&look, err);
    if (rc == AW_OK && trust)
        note_stamp(&look);
    if (rc == AW_OK)
        rc = check_officers(&look, err);
    if (rc == AW_OK && find(&look, AW_SEAL_STAMP, &answer))
        rc = check_stamp_signature(&look, answer, err);
    return rc == AW_OK ? check_foreign(&look, err) : rc;
}

void aw_seals_deinit(struct aw_seals *seals)
{
    aw_arena_deinit(&seals->arena);
}

/* ---- in words ------------------------------------------------------------
 */

static void put_officer(struct aw_buf *out,
                        const struct aw_statement *statement,
                        const bool *trusted, const char *end)
{
    char at[AW_TIME_MAX];

    aw_time_beijing(statement->at_ms, at);
    aw_buf_printf(out, "%.*s (%.*s) at %s by", AW_STR_ARG(statement->name),
                  AW_STR_ARG(statement->certificate), at);
    for (size_t i = 0; i < statement->key_count; i++)
        aw_buf_printf(out, "%s %s %s%s", i > 0 ? " and" : "",
                      aw_key_kind_text(statement->keys[i].kind),
                      statement->keys[i].id,
                      trusted[i] ? ", which is trusted" : "");
    if (statement->key_count == 1 || (trusted[0] && !trusted[1]))
        aw_buf_puts(out, ", by the workspace's key only: it proves the "
                         "workspace, not the person");
    aw_buf_puts(out, end);
}

static void put_seals(struct aw_buf *out, const struct aw_seals *seals,
                      bool proven)
{
    static const char *const heads[] = {
        "not sealed: no officer signed it",
        "half sealed, a second officer is missing: ", "sealed by "};

    aw_buf_puts(out, heads[seals->count]);
    for (size_t i = 0; i < seals->count; i++) {
        aw_buf_puts(out, i > 0 ? " and " : "");
        put_officer(out, &seals->statements[i], seals->trusted[i],
                    i + 1 < seals->count ? "," : "");
    }
    if (!proven && seals->count == 0)
        aw_buf_puts(out, ": who made it is not proven");
    else if (!proven)
        aw_buf_puts(out, "; this holds by the keys in the bundle: who has "
                         "them is not proven (--trust)");
}

aw_rc aw_seals_verify(const struct aw_sealed *sealed,
                      const struct aw_trust *trust,
                      char what[AW_SEAL_WHAT_MAX], bool *missing,
                      struct aw_err *err)
{
    struct aw_seals seals;
    struct aw_buf text;
    aw_rc rc = aw_seals_check(sealed, trust, &seals, err);

    aw_buf_init(&text, AW_SEAL_WHAT_MAX - 1);
    if (rc == AW_OK) {
        put_seals(&text, &seals, trust != NULL);
        rc = aw_buf_check(&text, err);
    }
    *missing = rc == AW_OK && seals.count < AW_OFFICERS_OF_SEAL;
    if (*missing && trust)
        rc = aw_fail(err, AW_INVALID, "%.800s", text.ptr);
    if (rc == AW_OK)
        (void)snprintf(what, AW_SEAL_WHAT_MAX, "%s", text.ptr);
    aw_buf_deinit(&text);
    aw_seals_deinit(&seals);
    return rc;
}

aw_rc aw_seal_stamp_verify(const struct aw_sealed *sealed,
                           const struct aw_trust *trust,
                           char what[AW_SEAL_WHAT_MAX], bool *missing,
                           struct aw_err *err)
{
    struct look look = {.sealed = sealed, .trust = trust};
    struct aw_str answer = {0};
    struct aw_stamp stamp;
    char at[AW_TIME_MAX];
    aw_rc rc = begin(&look, err);

    if (rc != AW_OK)
        return rc;
    *missing = !find(&look, AW_SEAL_STAMP, &answer);
    if (*missing && aw_trust_wants_stamp(trust))
        return aw_fail(err, AW_INVALID,
                       "the time stamp is missing: its times are those of "
                       "the machine that made it (--no-stamp goes without)");
    if (*missing) {
        (void)snprintf(what, AW_SEAL_WHAT_MAX,
                       "none: its times are those of the machine that made "
                       "it. Where an authority could not be reached, "
                       "`adwatch seal --retry` asks again");
        return AW_OK;
    }
    rc = aw_stamp_check(answer, sealed->tagmanifest, trust, &stamp, err);
    if (rc != AW_OK)
        return aw_fail_in(err, AW_SEAL_STAMP);
    aw_time_beijing(stamp.at_ms, at);
    if (stamp.at_ms < look.made_ms - AW_SEAL_BEFORE_MS)
        return aw_fail(err, AW_INVALID,
                       "it was stamped at %s, before it was made", at);
    (void)snprintf(what, AW_SEAL_WHAT_MAX, "%s by %s%s", at, stamp.authority,
                   stamp.proven ? ", who is trusted"
                                : ": who that is is not proven (--trust)");
    return AW_OK;
}

/* No digest is of the times in the zip's headers: who made them others would
 * have the files unpack as if they were of another day. */
static aw_rc check_zip_time(const struct aw_sealed *sealed, int64_t made_ms,
                            struct aw_err *err)
{
    char at[AW_TIME_MAX];

    if (!sealed->bag || aw_zip_is_of(&sealed->bag->zip, made_ms))
        return AW_OK;
    aw_time_beijing(made_ms, at);
    return aw_fail(err, AW_INVALID,
                   "the entries of the zip are not of %s, when it was made",
                   at);
}

aw_rc aw_seal_chain_verify(const struct aw_sealed *sealed,
                           const struct aw_trust *trust,
                           char what[AW_SEAL_WHAT_MAX], bool *missing,
                           struct aw_err *err)
{
    struct aw_chain_link link;
    int64_t made_ms;
    aw_rc rc;

    (void)trust;
    *missing = false;
    if (sealed->chain.len == 0) {
        (void)snprintf(what, AW_SEAL_WHAT_MAX,
                       "no place in a chain is told: an older adwatch made "
                       "this");
        return AW_OK;
    }
    rc = aw_chain_parse(sealed->chain, &link, &made_ms, err);
    if (rc == AW_OK)
        rc = check_zip_time(sealed, made_ms, err);
    if (rc == AW_OK)
        (void)snprintf(what, AW_SEAL_WHAT_MAX,
                       "bundle %lld of its workspace%s%s",
                       (long long)link.number,
                       link.number > 1 ? ", behind " : "", link.previous);
    return rc;
}
