/* error.h - what can go wrong, and how it is told.
 *
 * Every function that can fail returns aw_rc and takes a struct aw_err of its
 * caller as its last argument. The error is filled where the failure is
 * (aw_fail) and gets context on the way up (aw_fail_in). On AW_OK the struct
 * is left as it was. A library function never prints and never exits.
 *
 * The table below is the one place for codes: name, exit status of the
 * program (docs/10-errors.md), text.
 */
#ifndef AW_BASE_ERROR_H
#define AW_BASE_ERROR_H

#include <stdarg.h>

#define AW_RC_LIST(X)                     \
    X(OK, 0, "ok")                        \
    X(FAIL, 1, "failed")                  \
    X(NOMEM, 1, "out of memory")          \
    X(LIMIT, 1, "over a limit")           \
    X(INVALID, 1, "invalid input")        \
    X(MISSING, 1, "not found")            \
    X(IO, 1, "input/output error")        \
    X(NET, 1, "network error")            \
    X(READER, 1, "reader process failed") \
    X(BUSY, 1, "in use")                  \
    X(USAGE, 2, "usage")                  \
    X(PARTLY, 3, "partly done")           \
    X(FOUND, 4, "findings")               \
    X(CONFIG, 5, "bad config or rules")   \
    X(STORE, 6, "store error")

typedef enum aw_rc {
#define X(name, exit, text) AW_##name,
    AW_RC_LIST(X)
#undef X
} aw_rc;

/* The longest message, in bytes with its NUL; longer ones are cut off. */
#define AW_ERR_MAX 1024

struct aw_err {
    aw_rc rc;
    char msg[AW_ERR_MAX];
};

#define AW_MUST_USE __attribute__((warn_unused_result))
#define AW_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* The exit status of the program that ends with rc. */
int aw_rc_exit(aw_rc rc);

/* The text of rc, in lower case. */
const char *aw_rc_text(aw_rc rc);

/* Fills err with rc and a message; returns rc, so that callers can write
 * `return aw_fail(err, AW_INVALID, "...")`. */
aw_rc aw_fail(struct aw_err *err, aw_rc rc, const char *fmt, ...)
    AW_PRINTF(3, 4);

/* As aw_fail, and appends ": " and the text of errno. */
aw_rc aw_fail_errno(struct aw_err *err, aw_rc rc, const char *fmt, ...)
    AW_PRINTF(3, 4);

/* Puts "context: " in front of the message that err holds; returns err->rc. */
aw_rc aw_fail_in(struct aw_err *err, const char *fmt, ...) AW_PRINTF(2, 3);

/* clang-tidy looks at one file at a time: tell it that these return rc. */
#ifdef __clang_analyzer__
#define aw_fail(err, rc, ...) ((void)(aw_fail)((err), (rc), __VA_ARGS__), (rc))
#define aw_fail_errno(err, rc, ...) \
    ((void)(aw_fail_errno)((err), (rc), __VA_ARGS__), (rc))
#endif

#endif
