#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fs.h"
#include "evidence/bag_private.h"

#define PIECE_LEN ((size_t)256 << 10)
#define NAMES_MAX (2 * AW_ZIP_ENTRIES_MAX * AW_ZIP_NAME_MAX)
#define MANIFEST_MAX (AW_ZIP_ENTRIES_MAX * (AW_ZIP_NAME_MAX + 70))

const char *const aw_bag_manifests[AW_BAG_ALGORITHMS] = {"manifest-sha256.txt",
                                                         "manifest-sm3.txt"};
const char *const aw_bag_tag_manifests[AW_BAG_ALGORITHMS] = {
    AW_BAG_SIGNED, "tagmanifest-sm3.txt"};

/* A file that was written; its name is with the folder. */
struct written {
    struct aw_str name;
    size_t bytes;
    struct aw_twins digests;
};

struct aw_bag {
    struct aw_zip_writer *zip;
    struct aw_hasher *hasher;
    struct aw_arena names;
    struct aw_str folder; /* with its slash */
    struct written *files;
    size_t count, cap;
    size_t payload; /* how many of them are */
    bool sealed;
    struct aw_buf to_sign;
};

void aw_bag_line_put(struct aw_buf *out, const struct aw_twins *twins,
                     size_t algorithm, struct aw_str name)
{
    char hex[AW_SHA256_HEX_MAX];

    aw_digest_hex(aw_bag_digest(twins, algorithm), hex);
    aw_buf_puts(out, hex);
    aw_buf_puts(out, "  ");
    aw_buf_put(out, name);
    aw_buf_putc(out, '\n');
}

/* --- a new bag --------------------------------------------------------- */

static aw_rc set_folder(struct aw_bag *bag, const char *folder,
                        struct aw_err *err)
{
    char text[AW_ZIP_NAME_MAX];
    int len = snprintf(text, sizeof text, "%s/", folder);

    if (len < 2 || (size_t)len >= sizeof text || strchr(folder, '/'))
        return aw_fail(err, AW_INVALID,
                       "'%.100s' is no name of a bag's folder", folder);
    return aw_arena_dup(&bag->names, (struct aw_str){text, (size_t)len},
                        &bag->folder, err);
}

aw_rc aw_bag_new(struct aw_bag **out, const char *path, const char *folder,
                 int64_t wall_ms, struct aw_err *err)
{
    struct aw_bag *bag = calloc(1, sizeof *bag);
    aw_rc rc;

    if (!bag)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_arena_init(&bag->names, NAMES_MAX);
    aw_buf_init(&bag->to_sign, MANIFEST_MAX);
    rc = set_folder(bag, folder, err);
    if (rc == AW_OK)
        rc = aw_hasher_new(&bag->hasher, err);
    if (rc == AW_OK)
        rc = aw_zip_writer_new(&bag->zip, path, wall_ms, err);
    if (rc == AW_OK)
        *out = bag;
    else
        aw_bag_free(bag);
    return rc;
}

void aw_bag_free(struct aw_bag *bag)
{
    if (!bag)
        return;
    aw_zip_writer_free(bag->zip);
    aw_hasher_free(bag->hasher);
    aw_arena_deinit(&bag->names);
    aw_buf_deinit(&bag->to_sign);
    free(bag->files);
    free(bag);
}

static aw_rc check_sealed(const struct aw_bag *bag, struct aw_err *err)
{
    return bag->sealed ? AW_OK
                       : aw_fail(err, AW_INVALID, "the bag was not sealed");
}

aw_rc aw_bag_close(struct aw_bag *bag, struct aw_err *err)
{
    aw_rc rc = check_sealed(bag, err);

    return rc == AW_OK ? aw_zip_close(bag->zip, err) : rc;
}

aw_rc aw_bag_finish(struct aw_bag *bag, struct aw_err *err)
{
    aw_rc rc = check_sealed(bag, err);

    return rc == AW_OK ? aw_zip_finish(bag->zip, err) : rc;
}

aw_rc aw_bag_name(struct aw_bag *bag, struct aw_err *err)
{
    return aw_zip_name(bag->zip, err);
}

/* --- one file ---------------------------------------------------------- */

static aw_rc grow(struct aw_bag *bag, struct aw_err *err)
{
    size_t cap = bag->cap > 0 ? 2 * bag->cap : 16;
    struct written *files;

    if (bag->count < bag->cap)
        return AW_OK;
    files = realloc(bag->files, cap * sizeof *files);
    if (!files)
        return aw_fail(err, AW_NOMEM, "out of memory");
    bag->files = files;
    bag->cap = cap;
    return AW_OK;
}

/* Puts the folder before the name. */
static aw_rc full_name(struct aw_bag *bag, struct aw_str name,
                       struct aw_str *out, struct aw_err *err)
{
    char text[2 * AW_ZIP_NAME_MAX + 1];

    if (name.len > AW_ZIP_NAME_MAX)
        return aw_fail(err, AW_LIMIT, "a name is longer than %d bytes",
                       AW_ZIP_NAME_MAX);
    memcpy(text, bag->folder.ptr, bag->folder.len);
    memcpy(text + bag->folder.len, name.ptr, name.len);
    return aw_arena_dup(&bag->names,
                        (struct aw_str){text, bag->folder.len + name.len}, out,
                        err);
}

static struct aw_str bare_name(const struct aw_bag *bag,
                               const struct written *file)
{
    return aw_str_sub(file->name, bag->folder.len, file->name.len);
}

static aw_rc begin(struct aw_bag *bag, const char *name, size_t bytes,
                   struct aw_err *err)
{
    struct written *file;
    aw_rc rc = grow(bag, err);

    if (rc != AW_OK)
        return rc;
    file = &bag->files[bag->count];
    *file = (struct written){.bytes = bytes};
    rc = full_name(bag, aw_str_of(name), &file->name, err);
    if (rc == AW_OK)
        rc = aw_zip_begin(bag->zip, file->name, bytes, err);
    aw_hasher_begin(bag->hasher, true);
    return rc;
}

static aw_rc put(struct aw_bag *bag, struct aw_str piece, struct aw_err *err)
{
    aw_hasher_put(bag->hasher, piece);
    return aw_zip_put(bag->zip, piece, err);
}

static aw_rc end(struct aw_bag *bag, struct aw_err *err)
{
    struct written *file = &bag->files[bag->count];
    aw_rc rc = aw_hasher_end(bag->hasher, &file->digests, err);

    if (rc == AW_OK)
        rc = aw_zip_end(bag->zip, file->digests.crc32, err);
    if (rc == AW_OK)
        bag->count++;
    return rc;
}

static aw_rc add(struct aw_bag *bag, const char *name, struct aw_str bytes,
                 struct aw_err *err)
{
    aw_rc rc = begin(bag, name, bytes.len, err);

    if (rc == AW_OK)
        rc = put(bag, bytes, err);
    return rc == AW_OK ? end(bag, err) : rc;
}

static aw_rc check_payload(const struct aw_bag *bag, const char *name,
                           struct aw_err *err)
{
    if (bag->sealed || !aw_str_starts(aw_str_of(name), AW_STR(AW_BAG_PAYLOAD)))
        return aw_fail(err, AW_INVALID,
                       "'%s' cannot be added: it is not below data/, or the "
                       "bag is sealed",
                       name);
    return AW_OK;
}

aw_rc aw_bag_add(struct aw_bag *bag, const char *name, struct aw_str bytes,
                 struct aw_err *err)
{
    aw_rc rc = check_payload(bag, name, err);

    return rc == AW_OK ? add(bag, name, bytes, err) : rc;
}

/* Reads on until `bytes` came; a file that shrinks is told by aw_zip_end. */
static aw_rc put_fd(struct aw_bag *bag, int fd, struct aw_err *err)
{
    char *piece = malloc(PIECE_LEN);
    aw_rc rc = piece ? AW_OK : aw_fail(err, AW_NOMEM, "out of memory");

    while (rc == AW_OK) {
        ssize_t got = read(fd, piece, PIECE_LEN);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            rc = aw_fail_errno(err, AW_IO, "cannot read");
        else if (got == 0)
            break;
        else
            rc = put(bag, (struct aw_str){piece, (size_t)got}, err);
    }
    free(piece);
    return rc;
}

static aw_rc add_fd(struct aw_bag *bag, const char *name, int fd,
                    struct aw_err *err)
{
    struct stat st;
    aw_rc rc;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return aw_fail(err, AW_INVALID, "it is no regular file");
    rc = begin(bag, name, (size_t)st.st_size, err);
    if (rc == AW_OK)
        rc = put_fd(bag, fd, err);
    return rc == AW_OK ? end(bag, err) : rc;
}

aw_rc aw_bag_add_path(struct aw_bag *bag, const char *name, const char *path,
                      struct aw_err *err)
{
    aw_rc rc = check_payload(bag, name, err);
    int fd;

    if (rc != AW_OK)
        return rc;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return aw_fail_errno(err, errno == ENOENT ? AW_MISSING : AW_IO,
                             "cannot open '%s'", path);
    rc = add_fd(bag, name, fd, err);
    (void)close(fd);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "'%s'", path);
}

static struct aw_bag_item item_of(const struct aw_bag *bag,
                                  const struct written *file)
{
    struct aw_bag_item item = {.name = bare_name(bag, file),
                               .bytes = (int64_t)file->bytes};

    aw_digest_hex(file->digests.sha256, item.sha256);
    aw_digest_hex(file->digests.sm3, item.sm3);
    return item;
}

struct aw_bag_item aw_bag_last(const struct aw_bag *bag)
{
    assert(bag->count > 0);
    return item_of(bag, &bag->files[bag->count - 1]);
}

aw_rc aw_bag_each(const struct aw_bag *bag, aw_bag_item_fn *visit, void *self,
                  struct aw_err *err)
{
    size_t count = bag->sealed ? bag->payload : bag->count;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < count && rc == AW_OK; i++) {
        struct aw_bag_item item = item_of(bag, &bag->files[i]);

        rc = visit(self, &item, err);
    }
    return rc;
}

/* --- sealing ----------------------------------------------------------- */

static aw_rc check_names(const struct aw_bag *bag, struct aw_err *err)
{
    struct aw_str *names = calloc(bag->count + 1, sizeof *names);
    aw_rc rc;

    if (!names)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < bag->count; i++)
        names[i] = bag->files[i].name;
    rc = aw_zip_check_names(names, bag->count, err);
    free(names);
    return rc;
}

static aw_rc add_info(struct aw_bag *bag, const char *info, struct aw_err *err)
{
    struct aw_buf out;
    size_t bytes = 0;
    aw_rc rc;

    for (size_t i = 0; i < bag->payload; i++)
        bytes += bag->files[i].bytes;
    aw_buf_init(&out, MANIFEST_MAX);
    aw_buf_puts(&out, info);
    aw_buf_printf(&out, AW_BAG_OXUM "%zu.%zu\n", bytes, bag->payload);
    aw_buf_printf(&out, AW_BAG_FORMAT_LABEL "%d\n", AW_BAG_FORMAT);
    rc = aw_buf_check(&out, err);
    if (rc == AW_OK)
        rc = add(bag, "bag-info.txt", aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

/* Lists the files from one to another. */
static aw_rc put_manifest(const struct aw_bag *bag, size_t from, size_t to,
                          size_t algorithm, struct aw_buf *out,
                          struct aw_err *err)
{
    for (size_t i = from; i < to; i++)
        aw_bag_line_put(out, &bag->files[i].digests, algorithm,
                        bare_name(bag, &bag->files[i]));
    return aw_buf_check(out, err);
}

static aw_rc add_manifest(struct aw_bag *bag, const char *name, size_t from,
                          size_t to, size_t algorithm, struct aw_err *err)
{
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, MANIFEST_MAX);
    rc = put_manifest(bag, from, to, algorithm, &out, err);
    if (rc == AW_OK)
        rc = add(bag, name, aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

static aw_rc add_tags(struct aw_bag *bag, const char *info, struct aw_err *err)
{
    aw_rc rc = add(bag, "bagit.txt", AW_STR(AW_BAG_DECLARATION), err);

    if (rc == AW_OK)
        rc = add_info(bag, info, err);
    for (size_t i = 0; i < AW_BAG_ALGORITHMS && rc == AW_OK; i++)
        rc = add_manifest(bag, aw_bag_manifests[i], 0, bag->payload, i, err);
    return rc;
}

aw_rc aw_bag_seal(struct aw_bag *bag, const char *info,
                  struct aw_bag_digests *out, struct aw_err *err)
{
    size_t end_of_tags;
    aw_rc rc = check_names(bag, err);

    bag->payload = bag->count;
    bag->sealed = true;
    if (rc == AW_OK)
        rc = add_tags(bag, info, err);
    end_of_tags = bag->count;
    if (rc == AW_OK)
        rc = put_manifest(bag, bag->payload, end_of_tags, 0, &bag->to_sign,
                          err);
    for (size_t i = 0; i < AW_BAG_ALGORITHMS && rc == AW_OK; i++)
        rc = add_manifest(bag, aw_bag_tag_manifests[i], bag->payload,
                          end_of_tags, i, err);
    if (rc != AW_OK)
        return rc;
    aw_digest_hex(bag->files[end_of_tags].digests.sha256, out->sha256);
    aw_digest_hex(bag->files[end_of_tags].digests.sm3, out->sm3);
    return AW_OK;
}

struct aw_str aw_bag_signed(const struct aw_bag *bag)
{
    return aw_buf_str(&bag->to_sign);
}

/* --- seals ------------------------------------------------------------- */

static aw_rc check_seal(struct aw_str name, struct aw_err *err)
{
    return aw_bag_is_seal(name)
               ? AW_OK
               : aw_fail(err, AW_INVALID, "'%.*s' is no name of a seal",
                         AW_STR_ARG(name));
}

aw_rc aw_bag_add_seal(struct aw_bag *bag, const char *name,
                      struct aw_str bytes, struct aw_err *err)
{
    aw_rc rc = check_seal(aw_str_of(name), err);

    if (rc == AW_OK && !bag->sealed)
        rc = aw_fail(err, AW_INVALID, "the bag was not sealed");
    for (size_t i = bag->payload; i < bag->count && rc == AW_OK; i++)
        if (aw_str_eq(bare_name(bag, &bag->files[i]), aw_str_of(name)))
            rc = aw_fail(err, AW_INVALID, "'%s' is there already", name);
    return rc == AW_OK ? add(bag, name, bytes, err) : rc;
}

/* Where the seals begin: they are the last. */
static size_t first_seal(const struct aw_bag_view *view)
{
    size_t at = view->count;

    while (at > 0 && aw_bag_is_seal(view->files[at - 1].name))
        at--;
    return at;
}

static bool is_replaced(struct aw_str name, const struct aw_bag_seal *seals,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (aw_str_eq(name, seals[i].name))
            return true;
    return false;
}

static aw_rc write_seal(struct aw_zip_writer *zip, struct aw_str folder,
                        struct aw_str name, struct aw_str bytes,
                        struct aw_err *err)
{
    char text[2 * AW_ZIP_NAME_MAX];
    int len = snprintf(text, sizeof text, "%.*s/%.*s", AW_STR_ARG(folder),
                       AW_STR_ARG(name));
    aw_rc rc =
        aw_zip_begin(zip, (struct aw_str){text, (size_t)len}, bytes.len, err);

    if (rc == AW_OK)
        rc = aw_zip_put(zip, bytes, err);
    if (rc == AW_OK)
        rc = aw_zip_end(zip, aw_crc32(0, bytes), err);
    return rc;
}

static aw_rc write_seals(struct aw_zip_writer *zip,
                         const struct aw_bag_view *view,
                         const struct aw_bag_seal *seals, size_t count,
                         struct aw_err *err)
{
    size_t first = first_seal(view);
    aw_rc rc = aw_zip_keep(zip, &view->zip, first, err);

    for (size_t i = first; i < view->count && rc == AW_OK; i++)
        if (!is_replaced(view->files[i].name, seals, count))
            rc = write_seal(zip, view->folder, view->files[i].name,
                            view->files[i].bytes, err);
    for (size_t i = 0; i < count && rc == AW_OK; i++) {
        if (is_replaced(seals[i].name, seals, i))
            rc = aw_fail(err, AW_INVALID, "'%.*s' is given twice",
                         AW_STR_ARG(seals[i].name));
        if (rc == AW_OK)
            rc = check_seal(seals[i].name, err);
        if (rc == AW_OK)
            rc = write_seal(zip, view->folder, seals[i].name, seals[i].bytes,
                            err);
    }
    return rc;
}

static aw_rc check_format(struct aw_bag_view *view, struct aw_err *err)
{
    aw_rc rc = aw_bag_check_info(view, err);

    if (rc == AW_OK && view->format != AW_BAG_FORMAT)
        rc = aw_fail(err, AW_INVALID,
                     "it is a bundle of format %d, which has no seals: make "
                     "it anew with `adwatch bundle`",
                     view->format);
    return rc;
}

/* A name is opened anew each time: another file may have it by now. */
static aw_rc check_same(const struct aw_bag_view *view, const char *manifest,
                        struct aw_err *err)
{
    char digest[AW_SHA256_HEX_MAX] = "";
    struct aw_str bytes;

    if (aw_bag_find(view, AW_STR(AW_BAG_SIGNED), &bytes))
        aw_sha256_hex(bytes, digest);
    return strcmp(digest, manifest) == 0
               ? AW_OK
               : aw_fail(err, AW_INVALID,
                         "another bundle took its place meanwhile");
}

/* The lock on path.tmp comes first, so that two do not read the same old
 * one. */
aw_rc aw_bag_append(const char *path, const char *manifest,
                    const struct aw_bag_seal *seals, size_t count,
                    struct aw_err *err)
{
    struct aw_zip_writer *zip = NULL;
    struct aw_bag_view *view = NULL;
    aw_rc rc;

    if (!aw_path_exists(path))
        return aw_fail(err, AW_MISSING, "there is no '%s'", path);
    rc = aw_zip_writer_new(&zip, path, 0, err);
    if (rc == AW_OK)
        rc = aw_bag_open(&view, path, err);
    if (rc == AW_OK)
        rc = check_format(view, err);
    if (rc == AW_OK)
        rc = aw_bag_check(view, err);
    if (rc == AW_OK)
        rc = check_same(view, manifest, err);
    if (rc == AW_OK)
        rc = aw_zip_like(zip, path, err);
    if (rc == AW_OK)
        rc = write_seals(zip, view, seals, count, err);
    if (rc == AW_OK)
        rc = aw_bag_unchanged(view, err);
    if (rc == AW_OK)
        rc = aw_zip_close(zip, err);
    aw_bag_view_free(view);
    aw_zip_writer_free(zip);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "'%s'", path);
}
