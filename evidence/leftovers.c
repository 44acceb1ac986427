#include "evidence/leftovers.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/str.h"
#include "evidence/chain.h"
#include "evidence/sealed.h"

#define ARENA_MAX ((size_t)8 << 20)
#define SUFFIX ".zip.tmp"

/* Its process may have finished it, and renamed it, in this moment. */
static bool has_name(int fd, const char *path)
{
    struct stat ours;
    struct stat named;

    return fstat(fd, &ours) == 0 && lstat(path, &named) == 0 &&
           ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

/* Is path.tmp the bundle that the chain has under that name? */
static bool is_made(struct aw_store *store, const char *tmp,
                    struct aw_str name)
{
    struct aw_sealed_file *file = NULL;
    struct aw_bundle_row row;
    struct aw_arena arena;
    struct aw_err ignored;
    bool made;

    aw_arena_init(&arena, ARENA_MAX);
    made =
        aw_store_bundle_find(store, &arena, name, &row, &ignored) == AW_OK &&
        aw_sealed_open(&file, tmp, &ignored) == AW_OK &&
        aw_chain_check_file(aw_sealed_get(file), &row, &ignored) == AW_OK;
    aw_sealed_free(file);
    aw_arena_deinit(&arena);
    return made;
}

/* The rest of aw_chain_register, after a crash. A file that has the name was
 * sealed when the process was killed, and is as it was before. */
static bool finish(struct aw_store *store, const char *tmp)
{
    struct aw_str name = aw_str_of(strrchr(tmp, '/') + 1);
    char path[AW_PATH_MAX];

    (void)snprintf(path, sizeof path, "%.*s",
                   (int)(strlen(tmp) - strlen(".tmp")), tmp);
    name.len -= strlen(SUFFIX);
    if (aw_path_exists(path) || !is_made(store, tmp, name) ||
        rename(tmp, path) != 0)
        return false;
    aw_sync_folder_of(path);
    return true;
}

struct leftovers {
    struct aw_store *store;
    const char *dir;
    aw_leftovers_fn *tell; /* NULL: clear them */
    void *self;
};

/* Whoever wants to write it waits for the lock with the name in mind, and
 * sees that it is gone. */
static void take(const struct leftovers *all, const char *path)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && has_name(fd, path)) {
        if (all->tell)
            all->tell(all->self, path);
        else if (!finish(all->store, path))
            (void)unlink(path);
    }
    (void)close(fd);
}

/* Bundles alone, and none of a folder within. */
static aw_rc visit(void *self, const char *path, struct aw_err *err)
{
    const struct leftovers *all = self;
    struct aw_str rest = aw_str_of(path);

    (void)err;
    rest = aw_str_sub(rest, strlen(all->dir), rest.len);
    if (aw_str_starts(rest, AW_STR("/adwatch-")) && !strchr(rest.ptr + 1, '/'))
        take(all, path);
    return AW_OK;
}

aw_rc aw_leftovers_clear(struct aw_store *store, const char *dir,
                         struct aw_err *err)
{
    struct leftovers all = {.store = store, .dir = dir};

    return aw_dir_walk(dir, SUFFIX, visit, &all, err);
}

aw_rc aw_leftovers_tell(const char *dir, aw_leftovers_fn *tell, void *self,
                        struct aw_err *err)
{
    struct leftovers all = {.dir = dir, .tell = tell, .self = self};

    return aw_dir_walk(dir, SUFFIX, visit, &all, err);
}
