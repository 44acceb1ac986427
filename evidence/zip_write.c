#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "evidence/zip_private.h"

#define LOCAL_MAX (AW_ZIP_LOCAL_LEN + AW_ZIP_NAME_MAX + 20)
#define CENTRAL_MAX \
    (AW_ZIP_ENTRIES_MAX * (AW_ZIP_CENTRAL_LEN + AW_ZIP_NAME_MAX + 28))

struct aw_zip_writer {
    char path[AW_PATH_MAX];
    char tmp[AW_PATH_MAX];
    int fd;
    unsigned time, date; /* of all entries, as DOS has them */
    uint64_t at;   /* bytes in the file, but for the header that is open */
    uint64_t left; /* of the open entry */
    size_t count;
    bool closed;
    struct aw_buf central; /* of the entries that are whole */
    char name[AW_ZIP_NAME_MAX];
    struct aw_zip_head head; /* of the open one; its name is `name` */
};

/* --- the file ---------------------------------------------------------- */

/* The lock is worth something if it is of the file that still has the name:
 * another process may have finished and renamed it. */
static bool has_name(int fd, const char *path)
{
    struct stat ours;
    struct stat named;

    return fstat(fd, &ours) == 0 && stat(path, &named) == 0 &&
           ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

static aw_rc open_tmp(struct aw_zip_writer *writer, struct aw_err *err)
{
    int fd =
        open(writer->tmp, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot make '%s'", writer->tmp);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 || !has_name(fd, writer->tmp)) {
        (void)close(fd);
        return aw_fail(err, AW_BUSY, "another process writes '%s'",
                       writer->path);
    }
    writer->fd = fd;
    if (ftruncate(fd, 0) != 0)
        return aw_fail_errno(err, AW_IO, "cannot empty '%s'", writer->tmp);
    return AW_OK;
}

static aw_rc set_paths(struct aw_zip_writer *writer, const char *path,
                       struct aw_err *err)
{
    int len = snprintf(writer->tmp, sizeof writer->tmp, "%s.tmp", path);

    if (len < 0 || (size_t)len >= sizeof writer->tmp)
        return aw_fail(err, AW_LIMIT, "path '%.60s...' is longer than %d",
                       path, AW_PATH_MAX - 5);
    (void)snprintf(writer->path, sizeof writer->path, "%s", path);
    return AW_OK;
}

aw_rc aw_zip_writer_new(struct aw_zip_writer **out, const char *path,
                        int64_t wall_ms, struct aw_err *err)
{
    struct aw_zip_writer *writer = calloc(1, sizeof *writer);
    struct aw_zip_head dated = {0};
    aw_rc rc;

    if (!writer)
        return aw_fail(err, AW_NOMEM, "out of memory");
    writer->fd = -1;
    aw_buf_init(&writer->central, CENTRAL_MAX);
    aw_zip_set_time(&dated, wall_ms);
    writer->time = dated.time;
    writer->date = dated.date;
    rc = set_paths(writer, path, err);
    if (rc == AW_OK)
        rc = open_tmp(writer, err);
    if (rc == AW_OK)
        *out = writer;
    else
        aw_zip_writer_free(writer);
    return rc;
}

void aw_zip_writer_free(struct aw_zip_writer *writer)
{
    if (!writer)
        return;
    if (writer->fd >= 0 && !writer->closed)
        (void)unlink(writer->tmp);
    if (writer->fd >= 0)
        (void)close(writer->fd);
    aw_buf_deinit(&writer->central);
    free(writer);
}

static aw_rc write_at(const struct aw_zip_writer *writer, struct aw_str bytes,
                      uint64_t at, struct aw_err *err)
{
    while (bytes.len > 0) {
        ssize_t put = pwrite(writer->fd, bytes.ptr, bytes.len, (off_t)at);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return aw_fail_errno(err, AW_IO, "cannot write '%s'", writer->tmp);
        bytes = aw_str_sub(bytes, (size_t)put, bytes.len);
        at += (size_t)put;
    }
    return AW_OK;
}

/* --- entries ----------------------------------------------------------- */

aw_rc aw_zip_begin(struct aw_zip_writer *writer, struct aw_str name,
                   size_t bytes, struct aw_err *err)
{
    const char *fault = aw_zip_name_fault(name);

    if (fault)
        return aw_fail(err, AW_INVALID, "the name '%.*s': %s",
                       AW_STR_ARG(aw_str_sub(name, 0, AW_ZIP_NAME_MAX)),
                       fault);
    if (writer->count == AW_ZIP_ENTRIES_MAX)
        return aw_fail(err, AW_LIMIT, "more than %zu entries",
                       AW_ZIP_ENTRIES_MAX);
    if (writer->at > AW_ZIP_MAX || bytes > AW_ZIP_MAX - writer->at)
        return aw_fail(err, AW_LIMIT, "more than %zu bytes", AW_ZIP_MAX);
    memcpy(writer->name, name.ptr, name.len);
    writer->head = (struct aw_zip_head){.name = {writer->name, name.len},
                                        .size = bytes,
                                        .offset = writer->at,
                                        .time = writer->time,
                                        .date = writer->date};
    writer->at += aw_zip_local_len(&writer->head);
    writer->left = bytes;
    return AW_OK;
}

static aw_rc wrong_size(const struct aw_zip_writer *writer, struct aw_err *err)
{
    return aw_fail(err, AW_INVALID,
                   "'%.*s' has not the %llu bytes that it had at first",
                   AW_STR_ARG(writer->head.name),
                   (unsigned long long)writer->head.size);
}

aw_rc aw_zip_put(struct aw_zip_writer *writer, struct aw_str piece,
                 struct aw_err *err)
{
    aw_rc rc;

    if (piece.len > writer->left)
        return wrong_size(writer, err);
    rc = write_at(writer, piece, writer->at, err);
    if (rc != AW_OK)
        return rc;
    writer->at += piece.len;
    writer->left -= piece.len;
    return AW_OK;
}

/* The local header comes last, when its CRC-32 is known. */
aw_rc aw_zip_end(struct aw_zip_writer *writer, uint32_t crc32,
                 struct aw_err *err)
{
    struct aw_buf local;
    aw_rc rc;

    if (writer->left > 0)
        return wrong_size(writer, err);
    writer->head.crc32 = crc32;
    aw_buf_init(&local, LOCAL_MAX);
    aw_zip_local_put(&local, &writer->head);
    aw_zip_central_put(&writer->central, &writer->head);
    rc = aw_buf_check(&local, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&writer->central, err);
    if (rc == AW_OK)
        rc = write_at(writer, aw_buf_str(&local), writer->head.offset, err);
    if (rc == AW_OK)
        writer->count++;
    aw_buf_deinit(&local);
    return rc;
}

aw_rc aw_zip_like(struct aw_zip_writer *writer, const char *path,
                  struct aw_err *err)
{
    struct stat st;

    if (stat(path, &st) != 0 || fchmod(writer->fd, st.st_mode & 07777) != 0)
        return aw_fail_errno(err, AW_IO, "cannot give '%s' its mode",
                             writer->tmp);
    return AW_OK;
}

/* The central headers are as they were, for the places are. */
aw_rc aw_zip_keep(struct aw_zip_writer *writer, const struct aw_zip *from,
                  size_t count, struct aw_err *err)
{
    struct aw_str kept = {from->bytes.ptr, 0};
    aw_rc rc;

    for (size_t i = 0; i < count; i++) {
        const struct aw_zip_entry *entry = &from->entries[i];
        struct aw_zip_head head = {entry->name,  entry->data.len, kept.len,
                                   entry->crc32, entry->time,     entry->date};

        aw_zip_central_put(&writer->central, &head);
        kept.len += aw_zip_local_len(&head) + entry->data.len;
    }
    rc = aw_buf_check(&writer->central, err);
    if (rc == AW_OK)
        rc = write_at(writer, kept, 0, err);
    if (rc != AW_OK)
        return rc;
    writer->at = kept.len;
    writer->count = count;
    if (count > 0) {
        writer->time = from->entries[0].time;
        writer->date = from->entries[0].date;
    }
    return AW_OK;
}

/* --- the end ----------------------------------------------------------- */

aw_rc aw_zip_name(struct aw_zip_writer *writer, struct aw_err *err)
{
    writer->closed = true;
    if (rename(writer->tmp, writer->path) != 0)
        return aw_fail_errno(err, AW_IO, "cannot rename '%s'", writer->tmp);
    aw_sync_folder_of(writer->path);
    return AW_OK;
}

aw_rc aw_zip_close(struct aw_zip_writer *writer, struct aw_err *err)
{
    aw_rc rc = aw_zip_finish(writer, err);

    if (rc == AW_OK)
        rc = aw_zip_name(writer, err);
    writer->closed = rc == AW_OK;
    return rc;
}

aw_rc aw_zip_finish(struct aw_zip_writer *writer, struct aw_err *err)
{
    struct aw_zip_directory directory = {writer->count, writer->at,
                                         writer->central.len};
    struct aw_buf end;
    aw_rc rc;

    aw_buf_init(&end, AW_ZIP_END64_LEN + AW_ZIP_END_LEN);
    aw_zip_directory_put(&end, &directory);
    rc = aw_buf_check(&end, err);
    if (rc == AW_OK && writer->at + writer->central.len + end.len > AW_ZIP_MAX)
        rc = aw_fail(err, AW_LIMIT, "more than %zu bytes", AW_ZIP_MAX);
    if (rc == AW_OK)
        rc = write_at(writer, aw_buf_str(&writer->central), writer->at, err);
    if (rc == AW_OK)
        rc = write_at(writer, aw_buf_str(&end),
                      writer->at + writer->central.len, err);
    if (rc == AW_OK && fsync(writer->fd) != 0)
        rc = aw_fail_errno(err, AW_IO, "cannot fsync '%s'", writer->tmp);
    aw_buf_deinit(&end);
    return rc;
}
