/* fs.h - files: read with a limit, written so that a crash leaves the old or
 * the new one, and locks that name who holds them.
 */
#ifndef AW_BASE_FS_H
#define AW_BASE_FS_H

#include "base/buf.h"

#define AW_PATH_MAX 4096

/* dir and name joined by a slash; AW_LIMIT where it does not fit. An
 * absolute name stands alone. */
aw_rc aw_path_join(char out[AW_PATH_MAX], const char *dir, const char *name,
                   struct aw_err *err) AW_MUST_USE;

bool aw_path_exists(const char *path);
bool aw_path_is_dir(const char *path);

/* Makes dir and what is missing above it. */
aw_rc aw_mkdirs(const char *dir, struct aw_err *err) AW_MUST_USE;

/* Appends the whole file to buf; AW_LIMIT where it does not fit, AW_MISSING
 * where there is none. "-" is standard input. */
aw_rc aw_file_read(const char *path, struct aw_buf *buf,
                   struct aw_err *err) AW_MUST_USE;

/* The same of what can be read from fd, up to its end. */
aw_rc aw_fd_read(int fd, struct aw_buf *buf, struct aw_err *err) AW_MUST_USE;

/* Writes to path.tmp, fsyncs, renames, fsyncs the folder. */
aw_rc aw_file_write(const char *path, struct aw_str bytes,
                    struct aw_err *err) AW_MUST_USE;

/* Makes a rename or a new file in path's folder durable, as far as the file
 * system lets it. */
void aw_sync_folder_of(const char *path);

/* All of len bytes, after short writes and EINTR too. */
aw_rc aw_write_all(int fd, const void *bytes, size_t len,
                   struct aw_err *err) AW_MUST_USE;

/* Calls visit for each regular file below dir with that suffix, depth first,
 * each folder by the bytes of its names; those that begin with a dot are left
 * out. Links are followed; AW_LIMIT below 32 folders, as in a ring of links.
 * The first failure ends it. */
typedef aw_rc aw_visit_fn(void *self, const char *path, struct aw_err *err);
aw_rc aw_dir_walk(const char *dir, const char *suffix, aw_visit_fn *visit,
                  void *self, struct aw_err *err) AW_MUST_USE;

/* An exclusive lock that ends with the process. Where another process holds
 * it: AW_BUSY with its pid. *fd is closed by aw_lock_release. */
aw_rc aw_lock_take(const char *path, int *fd, struct aw_err *err) AW_MUST_USE;
/* The same, and waits for it; AW_BUSY where it was not had within wait_ms. */
aw_rc aw_lock_wait(const char *path, int wait_ms, int *fd,
                   struct aw_err *err) AW_MUST_USE;
void aw_lock_release(int fd);

#endif
