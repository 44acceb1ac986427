#include "review/user.h"

#include <stdio.h>

#include "base/json.h"
#include "review/password.h"
#include "review/session.h"
#include "review/user_private.h"

#define DETAIL_MAX ((size_t)8 << 10)

static const char *const roles[] = {
#define X(name, code) code,
    AW_ROLE_LIST(X)
#undef X
};

bool aw_role_parse(struct aw_str code, enum aw_role *out)
{
    for (int i = 0; i < AW_ROLE_COUNT; i++) {
        if (aw_str_eq(code, aw_str_of(roles[i]))) {
            *out = (enum aw_role)i;
            return true;
        }
    }
    return false;
}

const char *aw_role_code(enum aw_role role)
{
    return roles[role];
}

aw_rc aw_user_of_row(const struct aw_user_row *row, struct aw_user *out,
                     struct aw_err *err)
{
    struct aw_user user = {.id = row->id,
                           .name = row->name,
                           .place = row->place,
                           .certificate = row->certificate,
                           .active = row->active};

    if (!aw_role_parse(row->role, &user.role))
        return aw_fail(err, AW_STORE, "user %lld has the unknown role '%.*s'",
                       (long long)row->id, AW_STR_ARG(row->role));
    *out = user;
    return AW_OK;
}

aw_rc aw_user_get(struct aw_store *store, struct aw_arena *arena, int64_t id,
                  struct aw_user *out, struct aw_err *err)
{
    struct aw_user_row row = {0};
    aw_rc rc = aw_store_user_get(store, arena, id, &row, err);

    return rc == AW_OK ? aw_user_of_row(&row, out, err) : rc;
}

aw_rc aw_user_find(struct aw_store *store, struct aw_arena *arena,
                   struct aw_str name, struct aw_user *out, struct aw_err *err)
{
    struct aw_user_row row = {0};
    aw_rc rc = aw_store_user_find(store, arena, name, &row, err);

    return rc == AW_OK ? aw_user_of_row(&row, out, err) : rc;
}

struct visit {
    aw_user_fn *call;
    void *self;
};

static aw_rc visit_row(void *self, const struct aw_user_row *row,
                       struct aw_err *err)
{
    const struct visit *visit = self;
    struct aw_user user;
    aw_rc rc = aw_user_of_row(row, &user, err);

    return rc == AW_OK
               ? visit->call(visit->self, &user, row->open_sessions, err)
               : rc;
}

aw_rc aw_users(struct aw_store *store, const struct aw_clock *clock,
               aw_user_fn *visit, void *self, struct aw_err *err)
{
    struct visit each = {visit, self};
    int64_t now = aw_clock_wall(clock);

    return aw_store_users(store, now, now - AW_SESSION_IDLE_MS, visit_row,
                          &each, err);
}

/* ---- what is written -----------------------------------------------------
 */

static aw_rc check_name(struct aw_str name, struct aw_err *err)
{
    if (name.len == 0 || aw_str_trim(name).len < name.len)
        return aw_fail(err, AW_INVALID,
                       "a name must not be empty, nor begin or end with a "
                       "blank");
    return aw_written_check("the name", name, AW_USER_NAME_MAX, err);
}

/* "3708", or the id of a zone that has no number of its own. */
static aw_rc check_place(struct aw_str place, struct aw_err *err)
{
    bool ok = place.len <= AW_USER_PLACE_MAX;

    for (size_t i = 0; ok && i < place.len; i++)
        ok = aw_ascii_digit(place.ptr[i]) || aw_ascii_alpha(place.ptr[i]) ||
             place.ptr[i] == '-';
    if (!ok)
        return aw_fail(err, AW_INVALID,
                       "a place is a number such as 3708 (GB/T 2260), or "
                       "empty for all");
    return AW_OK;
}

static aw_rc check_texts(const struct aw_user_row *row, struct aw_err *err)
{
    aw_rc rc = check_place(row->place, err);

    return rc == AW_OK
               ? aw_written_check("the certificate's number", row->certificate,
                                  AW_USER_CERTIFICATE_MAX, err)
               : rc;
}

/* ---- audit ---------------------------------------------------------------
 */

aw_rc aw_user_audit(struct aw_store *store, const struct aw_clock *clock,
                    struct aw_str who, enum aw_audit_action action, int64_t id,
                    struct aw_str detail, struct aw_err *err)
{
    char subject[32] = "";

    if (id > 0)
        (void)snprintf(subject, sizeof subject, "user %lld", (long long)id);
    return aw_audit_add(store, clock, who, aw_audit_code(action),
                        aw_str_of(subject), detail, err);
}

/* The user as it is from now on; of the password, that it was set. */
static aw_rc audit_state(struct aw_store *store, const struct aw_clock *clock,
                         struct aw_str who, const struct aw_user_row *row,
                         bool has_password, struct aw_err *err)
{
    struct aw_buf detail;
    aw_rc rc;

    aw_buf_init(&detail, DETAIL_MAX);
    aw_json_open(&detail, NULL, '{');
    aw_json_bool(&detail, "active", row->active);
    aw_json_text(&detail, "certificate", row->certificate);
    aw_json_text(&detail, "name", row->name);
    aw_json_bool(&detail, "password", has_password);
    aw_json_text(&detail, "place", row->place);
    aw_json_text(&detail, "role", row->role);
    aw_json_close(&detail, '}');
    rc = aw_buf_check(&detail, err);
    if (rc == AW_OK)
        rc = aw_user_audit(store, clock, who, AW_AUDIT_USER, row->id,
                           aw_buf_str(&detail), err);
    aw_buf_deinit(&detail);
    return rc;
}

/* ---- changes -------------------------------------------------------------
 */

static aw_rc add_row(struct aw_store *store, const struct aw_clock *clock,
                     struct aw_str who, struct aw_user_row *row,
                     struct aw_err *err)
{
    aw_rc rc = aw_store_begin(store, err);

    if (rc != AW_OK)
        return rc;
    rc = aw_store_user_add(store, row, err);
    if (rc == AW_OK)
        rc = audit_state(store, clock, who, row, true, err);
    return aw_store_end(store, rc, err);
}

aw_rc aw_user_add(struct aw_store *store, const struct aw_clock *clock,
                  struct aw_str who, struct aw_user *user,
                  struct aw_str password, struct aw_err *err)
{
    char hash[AW_PASSWORD_HASH_MAX];
    struct aw_user_row row = {
        .name = user->name,
        .role = aw_str_of(aw_role_code(user->role)),
        .place = user->place,
        .certificate = user->certificate,
        .active = user->active,
        .created_ms = aw_clock_wall(clock),
    };
    aw_rc rc = check_name(user->name, err);

    if (rc == AW_OK)
        rc = check_texts(&row, err);
    if (rc == AW_OK)
        rc = aw_password_check(password, user->name, err);
    if (rc == AW_OK)
        rc = aw_password_hash(password, hash, err);
    row.password = aw_str_of(rc == AW_OK ? hash : "");
    if (rc == AW_OK)
        rc = add_row(store, clock, who, &row, err);
    if (rc == AW_OK)
        user->id = row.id;
    return rc;
}

/* Puts the change into the row; false where all is as it was. */
static bool apply(struct aw_user_row *row, const struct aw_user_change *change,
                  const char *hash)
{
    struct aw_user_row old = *row;

    if (change->role)
        row->role = aw_str_of(aw_role_code(*change->role));
    if (change->place)
        row->place = *change->place;
    if (change->certificate)
        row->certificate = *change->certificate;
    if (change->active)
        row->active = *change->active;
    if (change->password)
        row->password = aw_str_of(hash);
    return change->password || row->active != old.active ||
           !aw_str_eq(row->role, old.role) ||
           !aw_str_eq(row->place, old.place) ||
           !aw_str_eq(row->certificate, old.certificate);
}

static aw_rc write_change(struct aw_store *store, const struct aw_clock *clock,
                          struct aw_str who, const struct aw_user_row *row,
                          const struct aw_user_change *change,
                          struct aw_err *err)
{
    aw_rc rc = check_texts(row, err);

    if (rc == AW_OK)
        rc = aw_store_user_set(store, row, err);
    if (rc == AW_OK)
        rc = aw_store_sessions_drop_of(store, row->id, change->keep_session,
                                       err);
    if (rc == AW_OK)
        rc =
            audit_state(store, clock, who, row, change->password != NULL, err);
    return rc;
}

/* Reads the row within the transaction: of two changes at once none is lost.
 */
static aw_rc change_row(struct aw_store *store, const struct aw_clock *clock,
                        struct aw_str who, int64_t id,
                        const struct aw_user_change *change, const char *hash,
                        struct aw_err *err)
{
    struct aw_user_row row = {0};
    struct aw_arena arena;
    aw_rc rc = aw_store_begin(store, err);

    if (rc != AW_OK)
        return rc;
    aw_arena_init(&arena, DETAIL_MAX);
    rc = aw_store_user_get(store, &arena, id, &row, err);
    if (rc == AW_OK && apply(&row, change, hash))
        rc = write_change(store, clock, who, &row, change, err);
    rc = aw_store_end(store, rc, err);
    aw_arena_deinit(&arena);
    return rc;
}

/* The hash is reckoned before the transaction, which others wait for. */
static aw_rc hash_new(struct aw_store *store, int64_t id,
                      struct aw_str password, char hash[AW_PASSWORD_HASH_MAX],
                      struct aw_err *err)
{
    struct aw_user_row row = {0};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, DETAIL_MAX);
    rc = aw_store_user_get(store, &arena, id, &row, err);
    if (rc == AW_OK)
        rc = aw_password_check(password, row.name, err);
    aw_arena_deinit(&arena);
    return rc == AW_OK ? aw_password_hash(password, hash, err) : rc;
}

aw_rc aw_user_change(struct aw_store *store, const struct aw_clock *clock,
                     struct aw_str who, int64_t id,
                     const struct aw_user_change *change, struct aw_err *err)
{
    char hash[AW_PASSWORD_HASH_MAX] = "";
    aw_rc rc = AW_OK;

    if (change->password)
        rc = hash_new(store, id, *change->password, hash, err);
    return rc == AW_OK ? change_row(store, clock, who, id, change, hash, err)
                       : rc;
}
