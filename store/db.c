#include "store/db.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"

#define STATEMENTS_MAX 512
#define SLOTS ((size_t)2 * STATEMENTS_MAX)
#define BUSY_STEP_MS 2

struct aw_rows {
    struct aw_db *db;
    sqlite3_stmt *stmt;
};

struct statement {
    const char *sql; /* the literal's address is the key */
    struct aw_rows rows;
};

struct aw_db {
    sqlite3 *handle;
    int busy_ms;
    bool readonly;
    struct aw_gate *writers; /* of this process; NULL: it has but this one */
    bool has_turn;
    struct statement statements[SLOTS]; /* by a hash of the address */
    int count;
};

/* What the system said, where it said something: SQLite keeps no errno of a
 * full disk. */
static int system_errno(struct aw_db *db, int code)
{
    if (code == SQLITE_FULL)
        return ENOSPC;
    return code == SQLITE_IOERR ? sqlite3_system_errno(db->handle) : 0;
}

const char *aw_db_path(struct aw_db *db)
{
    const char *path = sqlite3_db_filename(db->handle, "main");

    return path ? path : "";
}

bool aw_db_is_readonly(struct aw_db *db)
{
    return db->readonly;
}

static aw_rc db_fail(struct aw_db *db, const char *doing, struct aw_err *err)
{
    int code = sqlite3_errcode(db->handle);
    int number = system_errno(db, code);
    bool refused =
        db->readonly && (code == SQLITE_CANTOPEN || code == SQLITE_READONLY);

    return aw_fail(err, code == SQLITE_BUSY ? AW_BUSY : AW_STORE,
                   "store '%s': %s%s%s%s (in: %.60s)", aw_db_path(db),
                   sqlite3_errmsg(db->handle), number ? ": " : "",
                   number ? strerror(number) : "",
                   refused ? "; you may not write it or its folder: run this "
                             "as who may, or on a copy"
                           : "",
                   doing);
}

/* Short waits: a crawl lets others in for milliseconds at a time. */
static int wait_busy(void *self, int count)
{
    const struct aw_db *db = self;

    if ((int64_t)count * BUSY_STEP_MS >= db->busy_ms)
        return 0;
    (void)usleep(BUSY_STEP_MS * 1000);
    return 1;
}

/* One thread has one connection: SQLite need not lock that, nor count its own
 * memory. Once it was used it may no longer be told, and stays as it is. */
static void drop_locks(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

void aw_db_one_thread(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_initialize();
}

/* SQLite does not wait by itself where two make a store WAL's at once. */
static aw_rc set_up_writing(struct aw_db *db, struct aw_err *err)
{
    static const char writing[] = "PRAGMA journal_mode = WAL;"
                                  "PRAGMA synchronous = FULL;"
                                  "PRAGMA secure_delete = OFF;";
    aw_rc rc = aw_db_script(db, writing, err);

    for (int tries = 0; rc == AW_BUSY && wait_busy(db, tries); tries++)
        rc = aw_db_script(db, writing, err);
    return rc;
}

static aw_rc configure(struct aw_db *db, int busy_ms, struct aw_err *err)
{
    static const char pragmas[] = "PRAGMA foreign_keys = ON;"
                                  "PRAGMA trusted_schema = OFF;"
                                  "PRAGMA cache_size = -65536;"
                                  "PRAGMA temp_store = MEMORY;";
    aw_rc rc;

    db->busy_ms = busy_ms;
    (void)sqlite3_busy_handler(db->handle, wait_busy, db);
    (void)sqlite3_extended_result_codes(db->handle, 0);
    rc = aw_db_script(db, pragmas, err);
    return rc == AW_OK && !db->readonly ? set_up_writing(db, err) : rc;
}

static bool may_write_folder_of(const char *path)
{
    char folder[AW_PATH_MAX];
    const char *slash = strrchr(path, '/');

    (void)snprintf(folder, sizeof folder, "%.*s",
                   slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    return access(folder, W_OK) == 0;
}

/* A URI (RFC 3986) that says: nobody writes this file, ask for no locks. */
static void put_immutable(struct aw_buf *uri, const char *path)
{
    aw_buf_puts(uri, *path == '/' ? "file://" : "file:");
    for (; *path; path++)
        aw_buf_printf(uri, strchr("%?#", *path) ? "%%%02X" : "%c",
                      (unsigned char)*path);
    aw_buf_puts(uri, "?immutable=1");
}

/* Reading alone. SQLite makes a log and its index beside the database also for
 * readers: where it can make none, and there is no log, none is needed. */
static int open_readonly(struct aw_db *db, const char *path)
{
    char log[AW_PATH_MAX + 8];
    struct aw_buf uri;
    int code;

    (void)snprintf(log, sizeof log, "%s-wal", path);
    db->readonly = true;
    if (may_write_folder_of(path) || aw_path_exists(log))
        return sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READONLY, NULL);
    aw_buf_init(&uri, (size_t)4 * AW_PATH_MAX);
    put_immutable(&uri, path);
    aw_buf_putc(&uri, '\0');
    code = uri.rc != AW_OK
               ? SQLITE_NOMEM
               : sqlite3_open_v2(uri.ptr, &db->handle,
                                 SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    aw_buf_deinit(&uri);
    return code;
}

static int open_handle(struct aw_db *db, const char *path)
{
    if (aw_path_exists(path) &&
        (access(path, W_OK) != 0 || !may_write_folder_of(path)))
        return open_readonly(db, path);
    return sqlite3_open_v2(path, &db->handle,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
}

aw_rc aw_db_open(struct aw_db **out, const char *path, int busy_ms,
                 struct aw_err *err)
{
    struct aw_db *db = calloc(1, sizeof *db);
    aw_rc rc;

    if (!db)
        return aw_fail(err, AW_NOMEM, "out of memory");
    drop_locks();
    if (open_handle(db, path) != SQLITE_OK)
        rc = aw_fail(err, AW_STORE, "cannot open '%s': %s", path,
                     sqlite3_errmsg(db->handle));
    else
        rc = configure(db, busy_ms, err);
    if (rc != AW_OK)
        aw_db_close(db);
    else
        *out = db;
    return rc;
}

void aw_db_close(struct aw_db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        (void)sqlite3_finalize(db->statements[i].rows.stmt);
    (void)sqlite3_close(db->handle);
    free(db);
}

/* The statement's slot, or a free one. */
static struct statement *slot_of(struct aw_db *db, const char *sql)
{
    size_t at = (uintptr_t)sql / 8 % SLOTS;

    while (db->statements[at].sql && db->statements[at].sql != sql)
        at = (at + 1) % SLOTS;
    return &db->statements[at];
}

static aw_rc prepare(struct aw_db *db, const char *sql, struct aw_rows **out,
                     struct aw_err *err)
{
    struct statement *slot = slot_of(db, sql);

    *out = &slot->rows;
    if (slot->sql)
        return AW_OK;
    if (db->count == STATEMENTS_MAX)
        return aw_fail(err, AW_STORE, "store: more than %d statements",
                       STATEMENTS_MAX);
    if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
                           &slot->rows.stmt, NULL) != SQLITE_OK)
        return db_fail(db, sql, err);
    slot->sql = sql;
    slot->rows.db = db;
    db->count++;
    return AW_OK;
}

/* A literal empty text is '' and not null: sqlite binds NULL pointers null. */
static int bind_text(sqlite3_stmt *stmt, int index, struct aw_str text)
{
    return sqlite3_bind_text64(stmt, index, text.len ? text.ptr : "", text.len,
                               SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_bytes(sqlite3_stmt *stmt, int index, struct aw_str bytes)
{
    return sqlite3_bind_blob64(stmt, index, bytes.len ? bytes.ptr : "",
                               bytes.len, SQLITE_STATIC);
}

static int bind_one(sqlite3_stmt *stmt, int index, char type, va_list *args)
{
    const char *text;

    switch (type) {
    case 'i':
        return sqlite3_bind_int64(stmt, index, va_arg(*args, int64_t));
    case 'r':
        return sqlite3_bind_double(stmt, index, va_arg(*args, double));
    case 's':
        return bind_text(stmt, index, va_arg(*args, struct aw_str));
    case 'b':
        return bind_bytes(stmt, index, va_arg(*args, struct aw_str));
    case 'z':
        text = va_arg(*args, const char *);
        return text ? bind_text(stmt, index, aw_str_of(text))
                    : sqlite3_bind_null(stmt, index);
    default:
        return SQLITE_MISUSE;
    }
}

static aw_rc start(struct aw_db *db, const char *sql, const char *types,
                   va_list args, struct aw_rows **out, struct aw_err *err)
{
    va_list copy;
    int code = SQLITE_OK;
    aw_rc rc = prepare(db, sql, out, err);

    if (rc != AW_OK)
        return rc;
    (void)sqlite3_reset((*out)->stmt);
    va_copy(copy, args);
    for (int i = 0; types[i] && code == SQLITE_OK; i++)
        code = bind_one((*out)->stmt, i + 1, types[i], &copy);
    va_end(copy);
    return code == SQLITE_OK ? AW_OK : db_fail(db, sql, err);
}

aw_rc aw_rows_next(struct aw_rows *rows, bool *more, struct aw_err *err)
{
    int code = sqlite3_step(rows->stmt);

    *more = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return AW_OK;
    return db_fail(rows->db, sqlite3_sql(rows->stmt), err);
}

void aw_rows_end(struct aw_rows *rows)
{
    if (!rows)
        return;
    (void)sqlite3_reset(rows->stmt);
    (void)sqlite3_clear_bindings(rows->stmt);
}

static aw_rc run_once(struct aw_rows *rows, bool *more, struct aw_err *err)
{
    aw_rc rc = aw_rows_next(rows, more, err);

    while (rc == AW_OK && *more)
        rc = aw_rows_next(rows, more, err);
    aw_rows_end(rows);
    return rc;
}

/* ---- turns ---------------------------------------------------------------
 */

void aw_db_share(struct aw_db *db, struct aw_gate *writers)
{
    db->writers = writers;
}

static aw_rc take_turn(struct aw_db *db, struct aw_err *err)
{
    if (!db->writers)
        return AW_OK;
    if (!aw_gate_enter(db->writers, db->busy_ms))
        return aw_fail(err, AW_BUSY, "store '%s': too many write at once",
                       aw_db_path(db));
    db->has_turn = true;
    return AW_OK;
}

static void give_turn(struct aw_db *db)
{
    if (db->has_turn)
        aw_gate_leave(db->writers);
    db->has_turn = false;
}

/* Does it write by itself, and not within a transaction? */
static bool is_write(struct aw_db *db, struct aw_rows *rows)
{
    return !db->has_turn && !aw_db_in_transaction(db) &&
           !sqlite3_stmt_readonly(rows->stmt);
}

static aw_rc run(struct aw_db *db, struct aw_err *err, const char *sql,
                 const char *types, va_list args)
{
    struct aw_rows *rows = NULL;
    bool more, alone = false;
    aw_rc rc = start(db, sql, types, args, &rows, err);

    if (rc == AW_OK && is_write(db, rows)) {
        rc = take_turn(db, err);
        alone = rc == AW_OK;
    }
    if (rc == AW_OK)
        rc = run_once(rows, &more, err);
    if (alone)
        give_turn(db);
    return rc;
}

/* ---- statements that give no rows ----------------------------------------
 */

aw_rc aw_db_change(struct aw_db *db, struct aw_err *err, int64_t *changed,
                   const char *sql, const char *types, ...)
{
    va_list args;
    aw_rc rc;

    va_start(args, types);
    rc = run(db, err, sql, types, args);
    va_end(args);
    if (rc == AW_OK)
        *changed = sqlite3_changes64(db->handle);
    return rc;
}

aw_rc aw_db_insert(struct aw_db *db, struct aw_err *err, int64_t *id,
                   const char *sql, const char *types, ...)
{
    va_list args;
    aw_rc rc;

    va_start(args, types);
    rc = run(db, err, sql, types, args);
    va_end(args);
    if (rc == AW_OK)
        *id = sqlite3_last_insert_rowid(db->handle);
    return rc;
}

aw_rc aw_db_exec(struct aw_db *db, struct aw_err *err, const char *sql,
                 const char *types, ...)
{
    va_list args;
    aw_rc rc;

    va_start(args, types);
    rc = run(db, err, sql, types, args);
    va_end(args);
    return rc;
}

aw_rc aw_db_int(struct aw_db *db, struct aw_err *err, int64_t *value,
                const char *sql, const char *types, ...)
{
    struct aw_rows *rows = NULL;
    va_list args;
    bool more = false;
    aw_rc rc;

    va_start(args, types);
    rc = start(db, sql, types, args, &rows, err);
    va_end(args);
    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && more)
        *value = aw_rows_int(rows, 0);
    else if (rc == AW_OK)
        rc = aw_fail(err, AW_MISSING, "no such row");
    if (rc == AW_OK)
        rc = run_once(rows, &more, err);
    else
        aw_rows_end(rows);
    return rc;
}

aw_rc aw_db_query(struct aw_db *db, struct aw_err *err, struct aw_rows **rows,
                  const char *sql, const char *types, ...)
{
    va_list args;
    aw_rc rc;

    va_start(args, types);
    rc = start(db, sql, types, args, rows, err);
    va_end(args);
    return rc;
}

aw_rc aw_rows_each(struct aw_rows *rows, aw_rows_fn *visit, void *self,
                   struct aw_err *err)
{
    bool more = true;
    aw_rc rc = AW_OK;

    while (rc == AW_OK && more) {
        rc = aw_rows_next(rows, &more, err);
        if (rc == AW_OK && more)
            rc = visit(self, rows, err);
    }
    aw_rows_end(rows);
    return rc;
}

int64_t aw_rows_int(struct aw_rows *rows, int column)
{
    return sqlite3_column_int64(rows->stmt, column);
}

double aw_rows_real(struct aw_rows *rows, int column)
{
    return sqlite3_column_double(rows->stmt, column);
}

struct aw_str aw_rows_str(struct aw_rows *rows, int column)
{
    const unsigned char *text = sqlite3_column_text(rows->stmt, column);
    int len = sqlite3_column_bytes(rows->stmt, column);

    return (struct aw_str){(const char *)text, text ? (size_t)len : 0};
}

aw_rc aw_db_script(struct aw_db *db, const char *sql, struct aw_err *err)
{
    if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return db_fail(db, "script", err);
    return AW_OK;
}

aw_rc aw_db_begin(struct aw_db *db, struct aw_err *err)
{
    aw_rc rc = take_turn(db, err);

    if (rc == AW_OK)
        rc = aw_db_exec(db, err, "BEGIN IMMEDIATE", "");
    if (rc != AW_OK)
        give_turn(db);
    return rc;
}

aw_rc aw_db_begin_read(struct aw_db *db, struct aw_err *err)
{
    return aw_db_exec(db, err, "BEGIN", "");
}

aw_rc aw_db_commit(struct aw_db *db, struct aw_err *err)
{
    aw_rc rc = aw_db_exec(db, err, "COMMIT", "");

    if (rc != AW_OK)
        aw_db_rollback(db);
    give_turn(db);
    return rc;
}

void aw_db_rollback(struct aw_db *db)
{
    struct aw_err ignored;

    if (aw_db_in_transaction(db))
        (void)!aw_db_exec(db, &ignored, "ROLLBACK", "");
    give_turn(db);
}

bool aw_db_in_transaction(struct aw_db *db)
{
    return !sqlite3_get_autocommit(db->handle);
}
