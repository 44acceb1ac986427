/* schema.h - the tables, as versioned migrations.
 *
 * Migration n brings a store from version n - 1 to n, in one transaction. A
 * migration that has been published is never edited: add another.
 */
#ifndef AW_STORE_SCHEMA_H
#define AW_STORE_SCHEMA_H

#include "store/db.h"

/* Brings the store to the newest version. A store that is newer than this
 * program: AW_STORE, with what to do. */
aw_rc aw_schema_migrate(struct aw_db *db, struct aw_err *err) AW_MUST_USE;

/* The version that this program brings a store to. */
int64_t aw_schema_newest(void);

#endif
