/* db.h - the driver: SQL statements on one database, whichever it is.
 *
 * Everything above this file speaks one set of SQL; SQLite is behind it here
 * (db.c), PostgreSQL would be a second db_*.c. Statements are prepared once
 * and kept: pass string literals, they are looked up by their address.
 *
 * Values are bound by a format, one letter each:
 *     i int64_t   s struct aw_str   z const char * (NULL is null)   r double
 *     b struct aw_str, as bytes
 *
 *     rc = aw_db_exec(db, err, "UPDATE host SET fails = ? WHERE id = ?",
 *                     "ii", fails, id);
 *
 * A query's rows are read before the next call with the same statement:
 *
 *     rc = aw_db_query(db, err, &rows, "SELECT id FROM host", "");
 *     if (rc == AW_OK)
 *         rc = aw_rows_each(rows, use_id, self, err);
 *
 * One aw_db is used by one thread at a time.
 */
#ifndef AW_STORE_DB_H
#define AW_STORE_DB_H

#include "base/error.h"
#include "base/gate.h"
#include "base/str.h"

struct aw_db;
struct aw_rows;

/* Before the first one is opened: this process has one thread that opens any.
 * What SQLite has in common for all is then not locked. */
void aw_db_one_thread(void);

/* Opens or makes the SQLite database at path: WAL, foreign keys on, waits
 * busy_ms for another process's lock. One that may not be written is opened
 * for reading alone; where its folder may not be written either, and another
 * process left its log there without its index, it cannot be: AW_STORE. */
aw_rc aw_db_open(struct aw_db **out, const char *path, int busy_ms,
                 struct aw_err *err) AW_MUST_USE;
void aw_db_close(struct aw_db *db);

/* From now on whatever it writes waits for a turn of `writers`, which is one
 * at once and that of all connections of this process, and outlives them.
 * SQLite would have them sleep and try again: who comes next is then chance.
 * NULL: as at first. */
void aw_db_share(struct aw_db *db, struct aw_gate *writers);

bool aw_db_is_readonly(struct aw_db *db);
const char *aw_db_path(struct aw_db *db); /* lives as long as db */

aw_rc aw_db_exec(struct aw_db *db, struct aw_err *err, const char *sql,
                 const char *types, ...) AW_MUST_USE;

/* As aw_db_exec, and tells how many rows were changed. */
aw_rc aw_db_change(struct aw_db *db, struct aw_err *err, int64_t *changed,
                   const char *sql, const char *types, ...) AW_MUST_USE;

/* As aw_db_exec for an INSERT of one row into a table whose key is id, which
 * it gives: SQLite makes and drops a table for each RETURNING. */
aw_rc aw_db_insert(struct aw_db *db, struct aw_err *err, int64_t *id,
                   const char *sql, const char *types, ...) AW_MUST_USE;

/* As aw_db_exec for an INSERT ... RETURNING id, or a SELECT of one integer:
 * the integer of the first row; AW_MISSING where there is none. */
aw_rc aw_db_int(struct aw_db *db, struct aw_err *err, int64_t *value,
                const char *sql, const char *types, ...) AW_MUST_USE;

aw_rc aw_db_query(struct aw_db *db, struct aw_err *err, struct aw_rows **rows,
                  const char *sql, const char *types, ...) AW_MUST_USE;
aw_rc aw_rows_next(struct aw_rows *rows, bool *more,
                   struct aw_err *err) AW_MUST_USE;
void aw_rows_end(struct aw_rows *rows); /* NULL is allowed */

/* Calls visit for each row that is left, and ends the rows. */
typedef aw_rc aw_rows_fn(void *self, struct aw_rows *rows, struct aw_err *err);
aw_rc aw_rows_each(struct aw_rows *rows, aw_rows_fn *visit, void *self,
                   struct aw_err *err) AW_MUST_USE;

/* Columns of the current row; a view of text or bytes lasts until the next
 * call. */
int64_t aw_rows_int(struct aw_rows *rows, int column);
double aw_rows_real(struct aw_rows *rows, int column);
struct aw_str aw_rows_str(struct aw_rows *rows, int column);

/* Runs a script of several statements, without values. */
aw_rc aw_db_script(struct aw_db *db, const char *sql,
                   struct aw_err *err) AW_MUST_USE;

/* Transactions do not nest. A commit that fails leaves it rolled back. */
aw_rc aw_db_begin(struct aw_db *db, struct aw_err *err) AW_MUST_USE;
/* For reading: what others write meanwhile is not seen, and waits for nothing.
 */
aw_rc aw_db_begin_read(struct aw_db *db, struct aw_err *err) AW_MUST_USE;
aw_rc aw_db_commit(struct aw_db *db, struct aw_err *err) AW_MUST_USE;
void aw_db_rollback(struct aw_db *db);
bool aw_db_in_transaction(struct aw_db *db);

#endif
