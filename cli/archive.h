/* archive.h - the parts of `adwatch archive`: each takes the words behind its
 * own name, and opens a workspace only where it needs one.
 */
#ifndef AW_CLI_ARCHIVE_H
#define AW_CLI_ARCHIVE_H

#include "cli/cli.h"

aw_rc aw_archive_check(struct aw_cli *cli, char **words, int count,
                       struct aw_err *err) AW_MUST_USE;
aw_rc aw_archive_get(struct aw_cli *cli, char **words, int count,
                     struct aw_err *err) AW_MUST_USE;
aw_rc aw_archive_cdx(struct aw_cli *cli, char **words, int count,
                     struct aw_err *err) AW_MUST_USE;

/* WARC files of the words (files and folders, with those below), or of the
 * workspace's archive where there is no word. `own` says which. */
typedef aw_rc aw_archive_path_fn(void *self, const char *path, bool own,
                                 struct aw_err *err);
aw_rc aw_archive_each(struct aw_cli *cli, char **words, int count,
                      aw_archive_path_fn *visit, void *self,
                      struct aw_err *err) AW_MUST_USE;

#endif
