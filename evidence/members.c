#include "evidence/members.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fs.h"

static aw_rc read_all(const char *path, aw_members_fn *visit, void *self,
                      struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    struct aw_warc_place place;
    aw_rc rc = aw_warc_reader_new(&reader, path, 0, err);

    if (rc != AW_OK)
        return rc;
    while ((rc = aw_warc_next(reader, &record, &place, err)) == AW_OK) {
        rc = visit(self, &record, &place, err);
        if (rc != AW_OK)
            break;
    }
    aw_warc_reader_free(reader);
    return rc == AW_MISSING ? AW_OK : rc;
}

/* The reader wants a file: one that has no name and lies in memory. */
aw_rc aw_members_each(struct aw_str bytes, aw_members_fn *visit, void *self,
                      struct aw_err *err)
{
    int fd = memfd_create("warc", MFD_CLOEXEC);
    char path[64];
    aw_rc rc;

    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot make a file in memory");
    rc = aw_write_all(fd, bytes.ptr, bytes.len, err);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (rc == AW_OK)
        rc = read_all(path, visit, self, err);
    (void)close(fd);
    return rc;
}
