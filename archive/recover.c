#include "archive/warc_private.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* How a gzip member of the writer starts: deflate, no flags, no time. */
static const char member_start[] = {0x1F, (char)0x8B, 8, 0, 0, 0, 0, 0};

struct recovery {
    int64_t cut;
    bool left; /* a file was left as it was: `why` */
    struct aw_err why;
};

/* --- is the bad record the last one? ------------------------------------ */

static bool is_record_at(const char *path, int64_t offset)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    struct aw_err ignored;
    bool whole =
        aw_warc_reader_new(&reader, path, offset, &ignored) == AW_OK &&
        aw_warc_next(reader, &record, NULL, &ignored) == AW_OK;

    aw_warc_reader_free(reader);
    return whole;
}

/* The offset of the first whole record behind `from`, or -1. */
static int64_t find_record(const char *path, struct aw_str bytes, int64_t from)
{
    size_t at = (size_t)from + 1;

    while (at < bytes.len) {
        const char *hit = memmem(bytes.ptr + at, bytes.len - at, member_start,
                                 sizeof member_start);

        if (!hit)
            return -1;
        at = (size_t)(hit - bytes.ptr);
        if (is_record_at(path, (int64_t)at))
            return (int64_t)at;
        at++;
    }
    return -1;
}

static aw_rc find_behind(const char *path, int fd, int64_t from, int64_t *size,
                         int64_t *found, struct aw_err *err)
{
    struct stat st;
    void *map;

    if (fstat(fd, &st) != 0)
        return aw_fail_errno(err, AW_IO, "cannot stat '%s'", path);
    *size = st.st_size;
    *found = -1;
    if (from >= st.st_size)
        return AW_OK;
    map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return aw_fail_errno(err, AW_IO, "cannot map '%s'", path);
    *found = find_record(path, (struct aw_str){map, (size_t)st.st_size}, from);
    (void)munmap(map, (size_t)st.st_size);
    return AW_OK;
}

/* --- cutting --------------------------------------------------------------
 */

static aw_rc cut_fd(const char *path, int fd, int64_t end, int64_t size,
                    struct aw_err *err)
{
    if (size > end && ftruncate(fd, end) != 0)
        return aw_fail_errno(err, AW_IO, "cannot cut '%s'", path);
    if (fsync(fd) != 0)
        return aw_fail_errno(err, AW_IO, "cannot fsync '%s'", path);
    return AW_OK;
}

/* Cuts path at end, unless whole records lie behind: then something else than
 * a crash was at work, and to cut would lose what was synced. */
static aw_rc cut_tail(const char *path, int64_t end, int64_t *cut,
                      struct aw_err *err)
{
    int64_t size = 0, found = -1;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    aw_rc rc;

    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot open '%s'", path);
    rc = find_behind(path, fd, end, &size, &found, err);
    if (rc == AW_OK && found >= 0)
        rc = aw_fail(err, AW_PARTLY,
                     "'%s' is damaged from byte %lld to %lld and has whole "
                     "records behind: nothing was cut; take a copy of it, or "
                     "move it out of the archive",
                     path, (long long)end, (long long)found);
    if (rc == AW_OK)
        rc = cut_fd(path, fd, end, size, err);
    if (rc == AW_OK)
        *cut += size - end;
    (void)close(fd);
    return rc;
}

/* --- files ----------------------------------------------------------------
 */

/* A file without one whole record is nothing. */
static aw_rc remove_empty(const char *path, const char *dir, const char *name,
                          struct aw_err *err)
{
    char index[AW_PATH_MAX];
    aw_rc rc = aw_cdxj_path(index, dir, name, AW_OPEN_SUFFIX, err);

    if (rc != AW_OK)
        return rc;
    (void)unlink(index);
    if (unlink(path) != 0)
        return aw_fail_errno(err, AW_IO, "cannot remove '%s'", path);
    return aw_warc_sync_dir(dir, err);
}

static aw_rc mend_file(struct recovery *recovery, const char *path,
                       struct aw_err *err)
{
    char dir[AW_PATH_MAX], name[AW_WARC_NAME_MAX];
    struct aw_warc_scan scan;
    aw_rc rc = aw_warc_split_path(path, dir, name, err);

    if (rc == AW_OK)
        rc = aw_warc_name_check(name, err);
    if (rc != AW_OK)
        return rc;
    aw_warc_scan_init(&scan);
    rc = aw_warc_scan_file(&scan, path, err);
    /* Only what the bytes say may cut them: no lack of memory, no bad read. */
    if (rc == AW_OK || rc == AW_INVALID || rc == AW_LIMIT)
        rc = cut_tail(path, scan.end, &recovery->cut, err);
    if (rc == AW_OK && scan.records == 0)
        rc = remove_empty(path, dir, name, err);
    else if (rc == AW_OK)
        rc = aw_warc_seal(dir, name, aw_buf_str(&scan.lines), err);
    aw_warc_scan_deinit(&scan);
    return rc;
}

static aw_rc mend_visit(void *self, const char *path, struct aw_err *err)
{
    struct recovery *recovery = self;
    aw_rc rc = mend_file(recovery, path, err);

    if (rc != AW_PARTLY && rc != AW_INVALID)
        return rc;
    if (!recovery->left)
        recovery->why = *err;
    recovery->left = true; /* one odd file does not hold up the night's run */
    return AW_OK;
}

/* NAME.cdxj.open stays behind where a crash came after the renaming. */
static aw_rc drop_index(void *self, const char *path, struct aw_err *err)
{
    size_t stem = strlen(path) - (sizeof AW_CDXJ_SUFFIX AW_OPEN_SUFFIX - 1);
    char warc[AW_PATH_MAX + sizeof AW_WARC_SUFFIX AW_OPEN_SUFFIX];

    (void)self;
    (void)snprintf(warc, sizeof warc, "%.*s" AW_WARC_SUFFIX AW_OPEN_SUFFIX,
                   (int)stem, path);
    if (aw_path_exists(warc))
        return AW_OK;
    if (unlink(path) != 0)
        return aw_fail_errno(err, AW_IO, "cannot remove '%s'", path);
    return AW_OK;
}

aw_rc aw_warc_recover(const char *dir, int64_t *cut, struct aw_err *err)
{
    struct recovery recovery = {0};
    aw_rc rc;

    *cut = 0;
    if (!aw_path_exists(dir))
        return AW_OK;
    rc = aw_dir_walk(dir, AW_WARC_SUFFIX AW_OPEN_SUFFIX, mend_visit, &recovery,
                     err);
    if (rc == AW_OK)
        rc = aw_dir_walk(dir, AW_CDXJ_SUFFIX AW_OPEN_SUFFIX, drop_index, NULL,
                         err);
    *cut = recovery.cut;
    if (rc == AW_OK && recovery.left) {
        *err = recovery.why;
        rc = AW_PARTLY;
    }
    return rc;
}
