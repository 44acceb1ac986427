#include "archive/warc_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

aw_rc aw_warc_name_check(const char *name, struct aw_err *err)
{
    size_t len = strnlen(name, AW_WARC_NAME_MAX);
    struct aw_str view = {name, len};
    struct aw_str suffix = AW_STR(AW_WARC_SUFFIX);

    if (len >= AW_WARC_NAME_MAX)
        return aw_fail(err, AW_INVALID, "a file name of more than %d bytes",
                       AW_WARC_NAME_MAX - 1);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] <= ' ' || name[i] == 0x7F)
            return aw_fail(err, AW_INVALID, "a file name has the byte 0x%02X",
                           (unsigned char)name[i]);
    if (len <= suffix.len || name[0] == '.' || memchr(name, '/', len) ||
        strstr(name, "..") || !aw_str_ends(view, suffix))
        return aw_fail(err, AW_INVALID,
                       "'%s' is no plain file name NAME" AW_WARC_SUFFIX, name);
    return AW_OK;
}

aw_rc aw_warc_path(char out[AW_PATH_MAX], const char *dir, const char *name,
                   const char *suffix, struct aw_err *err)
{
    char file[AW_WARC_NAME_MAX + sizeof AW_OPEN_SUFFIX];

    (void)snprintf(file, sizeof file, "%s%s", name, suffix);
    return aw_path_join(out, dir, file, err);
}

aw_rc aw_cdxj_path(char out[AW_PATH_MAX], const char *dir, const char *name,
                   const char *suffix, struct aw_err *err)
{
    char file[AW_WARC_NAME_MAX + sizeof AW_CDXJ_SUFFIX AW_OPEN_SUFFIX];
    size_t stem = strlen(name) - (sizeof AW_WARC_SUFFIX - 1);

    (void)snprintf(file, sizeof file, "%.*s" AW_CDXJ_SUFFIX "%s", (int)stem,
                   name, suffix);
    return aw_path_join(out, dir, file, err);
}

aw_rc aw_warc_split_path(const char *path, char dir[AW_PATH_MAX],
                         char name[AW_WARC_NAME_MAX], struct aw_err *err)
{
    const char *slash = strrchr(path, '/');
    struct aw_str file = aw_str_of(slash ? slash + 1 : path);
    size_t dir_len = slash ? (size_t)(slash - path) : 0;

    if (aw_str_ends(file, AW_STR(AW_OPEN_SUFFIX)))
        file.len -= sizeof AW_OPEN_SUFFIX - 1;
    if (file.len >= AW_WARC_NAME_MAX || dir_len >= AW_PATH_MAX)
        return aw_fail(err, AW_LIMIT, "'%s': the name is too long", path);
    memset(name, 0, AW_WARC_NAME_MAX);
    memcpy(name, file.ptr, file.len);
    if (slash == path)
        dir_len = 1;
    (void)snprintf(dir, AW_PATH_MAX, "%.*s", slash ? (int)dir_len : 1,
                   slash ? path : ".");
    return AW_OK;
}

aw_rc aw_warc_sync_dir(const char *dir, struct aw_err *err)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    aw_rc rc = AW_OK;

    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot open folder '%s'", dir);
    if (fsync(fd) != 0)
        rc = aw_fail_errno(err, AW_IO, "cannot fsync folder '%s'", dir);
    (void)close(fd);
    return rc;
}

static aw_rc write_sorted(const char *path, struct aw_str lines,
                          struct aw_err *err)
{
    struct aw_buf sorted;
    aw_rc rc;

    aw_buf_init(&sorted, AW_CDXJ_MAX);
    rc = aw_cdxj_sort(lines, &sorted, err);
    if (rc == AW_OK)
        rc = aw_file_write(path, aw_buf_str(&sorted), err);
    aw_buf_deinit(&sorted);
    return rc;
}

/* Two finished files of one name cannot be; the one that is there stays. Where
 * only that is there, an earlier call came as far as the renaming. */
static aw_rc rename_new(const char *from, const char *to, struct aw_err *err)
{
    if (aw_path_exists(to) && !aw_path_exists(from))
        return AW_OK;
    if (aw_path_exists(to))
        return aw_fail(err, AW_INVALID,
                       "'%s' is there already: move one of the two away", to);
    if (rename(from, to) != 0)
        return aw_fail_errno(err, AW_IO, "cannot rename '%s'", from);
    return AW_OK;
}

aw_rc aw_warc_seal(const char *dir, const char *name, struct aw_str lines,
                   struct aw_err *err)
{
    char from[AW_PATH_MAX], to[AW_PATH_MAX];
    char index[AW_PATH_MAX], index_open[AW_PATH_MAX];
    aw_rc rc = aw_warc_path(from, dir, name, AW_OPEN_SUFFIX, err);

    if (rc == AW_OK)
        rc = aw_warc_path(to, dir, name, "", err);
    if (rc == AW_OK)
        rc = aw_cdxj_path(index, dir, name, "", err);
    if (rc == AW_OK)
        rc = aw_cdxj_path(index_open, dir, name, AW_OPEN_SUFFIX, err);
    if (rc == AW_OK && !aw_path_exists(to))
        rc = write_sorted(index, lines, err);
    if (rc == AW_OK)
        rc = rename_new(from, to, err);
    if (rc != AW_OK)
        return rc;
    (void)unlink(index_open); /* what stays is taken away by recovery */
    return aw_warc_sync_dir(dir, err);
}

/* A file may lose its ".open" between two tries: so a third one. */
static int open_either(const char *path, const char *path_open)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT)
        fd = open(path_open, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd;
}

static aw_rc open_place_fd(int *out, const char *dir,
                           const struct aw_warc_place *place,
                           struct aw_err *err)
{
    char path[AW_PATH_MAX], path_open[AW_PATH_MAX];
    aw_rc rc = aw_warc_name_check(place->file, err);
    int fd;

    if (rc == AW_OK && (place->offset < 0 || place->length <= 0 ||
                        place->offset > INT64_MAX - place->length))
        rc = aw_fail(err, AW_INVALID, "'%s' has no such place", place->file);
    if (rc == AW_OK)
        rc = aw_warc_path(path, dir, place->file, "", err);
    if (rc == AW_OK)
        rc = aw_warc_path(path_open, dir, place->file, AW_OPEN_SUFFIX, err);
    if (rc != AW_OK)
        return rc;
    fd = open_either(path, path_open);
    if (fd < 0)
        return aw_fail_errno(err, errno == ENOENT ? AW_MISSING : AW_IO,
                             "cannot open '%s'", path);
    *out = fd;
    return AW_OK;
}

static aw_rc read_at(int fd, int64_t offset, size_t len, struct aw_buf *out,
                     struct aw_err *err)
{
    char *at = aw_buf_reserve(out, len);

    if (!at)
        return aw_buf_check(out, err);
    for (size_t done = 0; done < len;) {
        ssize_t got = pread(fd, at + done, len - done, offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return aw_fail_errno(err, AW_IO, "cannot read");
        if (got == 0)
            return aw_fail(err, AW_INVALID, "the file ends before the record");
        done += (size_t)got;
        offset += got;
    }
    out->len += len;
    out->ptr[out->len] = '\0';
    return AW_OK;
}

aw_rc aw_warc_copy(const char *dir, const struct aw_warc_place *place,
                   struct aw_buf *out, struct aw_err *err)
{
    int fd = -1;
    aw_rc rc = open_place_fd(&fd, dir, place, err);

    if (rc != AW_OK)
        return rc;
    rc = read_at(fd, place->offset, (size_t)place->length, out, err);
    if (rc != AW_OK)
        rc = aw_fail_in(err, "'%s' at %lld", place->file,
                        (long long)place->offset);
    (void)close(fd);
    return rc;
}

aw_rc aw_warc_open_place(struct aw_warc_reader **out, const char *dir,
                         const struct aw_warc_place *place, struct aw_err *err)
{
    int fd = -1;
    aw_rc rc = open_place_fd(&fd, dir, place, err);

    if (rc != AW_OK)
        return rc;
    return aw_warc_reader_take(out, fd, place->file, place->offset,
                               place->offset + place->length, err);
}

/* A file that was named is taken as it is called. */
aw_rc aw_warc_open_found(struct aw_warc_reader **out,
                         const struct aw_warc_source *source,
                         const struct aw_warc_place *place, struct aw_err *err)
{
    int fd = -1;
    aw_rc rc;

    if (source->file)
        return aw_warc_reader_new(out, source->file, place->offset, err);
    rc = open_place_fd(&fd, source->dir, place, err);
    if (rc != AW_OK)
        return rc;
    return aw_warc_reader_take(out, fd, place->file, place->offset, INT64_MAX,
                               err);
}
