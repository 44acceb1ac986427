#include "evidence/members.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fs.h"

static bool has_payload(enum aw_warc_type type)
{
    return type == AW_WARC_RESPONSE || type == AW_WARC_REVISIT ||
           type == AW_WARC_RESOURCE;
}

static void note(struct aw_members *members,
                 const struct aw_warc_record *record)
{
    members->records++;
    if (!has_payload(record->type))
        return;
    members->payloads++;
    memcpy(members->id, record->id, sizeof members->id);
    memcpy(members->payload_digest, record->payload_digest,
           sizeof members->payload_digest);
}

static aw_rc read_all(const char *path, struct aw_members *members,
                      struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    aw_rc rc = aw_warc_reader_new(&reader, path, 0, err);

    while (rc == AW_OK) {
        rc = aw_warc_next(reader, &record, NULL, err);
        if (rc == AW_OK)
            note(members, &record);
    }
    aw_warc_reader_free(reader);
    return rc == AW_MISSING && reader ? AW_OK : rc;
}

/* The reader wants a file: one that has no name and lies in memory. */
aw_rc aw_members_check(struct aw_str bytes, struct aw_members *out,
                       struct aw_err *err)
{
    struct aw_members members = {0};
    int fd = memfd_create("warc", MFD_CLOEXEC);
    char path[64];
    aw_rc rc;

    if (fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot make a file in memory");
    rc = aw_write_all(fd, bytes.ptr, bytes.len, err);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (rc == AW_OK)
        rc = read_all(path, &members, err);
    (void)close(fd);
    if (rc == AW_OK && members.payloads != 1)
        rc = aw_fail(err, AW_INVALID,
                     "%zu records with a payload where one is wanted",
                     members.payloads);
    if (rc == AW_OK)
        *out = members;
    return rc;
}
