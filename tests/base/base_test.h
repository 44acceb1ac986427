/* base_test.h - what the tests of base/ and reader/ share: cmocka with what
 * it needs, and a temporary folder.
 */
#ifndef AW_TESTS_BASE_TEST_H
#define AW_TESTS_BASE_TEST_H

#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"

static inline void assert_str(struct aw_str got, const char *expected)
{
    struct aw_str e = aw_str_of(expected);

    if (!aw_str_eq(got, e))
        fail_msg("\"%.*s\" is not \"%s\"", AW_STR_ARG(got), expected);
}

static inline void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" stands not in \"%s\"", part, text);
}

/* A new folder under $TMPDIR or /tmp; drop_temp removes it. */
static inline void make_temp(char out[PATH_MAX])
{
    const char *tmp = getenv("TMPDIR");

    (void)snprintf(out, PATH_MAX, "%s/adwatch-test-XXXXXX",
                   tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(out));
}

static inline int drop_entry(const char *path, const struct stat *st, int kind,
                             struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline void drop_temp(const char *dir)
{
    (void)nftw(dir, drop_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* The path of name in dir, until the next but three calls. */
static inline const char *in_dir(const char *dir, const char *name)
{
    static char paths[4][PATH_MAX + 256];
    static unsigned turn;
    char *path = paths[turn++ % 4];

    (void)snprintf(path, sizeof paths[0], "%s/%s", dir, name);
    return path;
}

static inline void put_file(const char *path, const void *bytes, size_t len)
{
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, len, out), len);
    assert_int_equal(fclose(out), 0);
}

#endif
