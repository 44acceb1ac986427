/* beneath.h - a file below a folder, by a name that is not trusted.
 *
 * The kernel itself sees to it that no "..", no absolute name and no link
 * leads out of the folder (openat2(2), RESOLVE_BENEATH, since Linux 5.6), so
 * that nothing can be changed between a look and the opening.
 */
#ifndef AW_BASE_BENEATH_H
#define AW_BASE_BENEATH_H

#include <sys/types.h>

#include "base/buf.h"

/* Which file it is, whatever its name. */
struct aw_file_id {
    dev_t device;
    ino_t inode;
};

/* Appends the regular file `name` below dir to buf. AW_INVALID where the name
 * leads out, or to what is no file; AW_MISSING where there is none; AW_LIMIT
 * where it does not fit. *id is filled also where it does not fit. */
aw_rc aw_beneath_read(const char *dir, struct aw_str name, struct aw_buf *buf,
                      struct aw_file_id *id, struct aw_err *err) AW_MUST_USE;

/* False where there is no such file. */
bool aw_file_id_of(const char *path, struct aw_file_id *out);

#endif
