#include "base/error.h"

#undef aw_fail
#undef aw_fail_errno

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int exit_status;
    const char *text;
} rc_table[] = {
#define X(name, exit, text) {exit, text},
    AW_RC_LIST(X)
#undef X
};

int aw_rc_exit(aw_rc rc)
{
    return rc_table[rc].exit_status;
}

const char *aw_rc_text(aw_rc rc)
{
    return rc_table[rc].text;
}

aw_rc aw_fail(struct aw_err *err, aw_rc rc, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(err->msg, sizeof err->msg, fmt, args);
    va_end(args);
    err->rc = rc;
    return rc;
}

aw_rc aw_fail_errno(struct aw_err *err, aw_rc rc, const char *fmt, ...)
{
    int code = errno;
    char text[128];
    size_t len;
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(err->msg, sizeof err->msg, fmt, args);
    va_end(args);
    len = strlen(err->msg);
    (void)snprintf(err->msg + len, sizeof err->msg - len, ": %s",
                   strerror_r(code, text, sizeof text));
    err->rc = rc;
    return rc;
}

aw_rc aw_fail_in(struct aw_err *err, const char *fmt, ...)
{
    char inner[AW_ERR_MAX];
    size_t len;
    va_list args;

    memcpy(inner, err->msg, sizeof inner);
    va_start(args, fmt);
    (void)vsnprintf(err->msg, sizeof err->msg, fmt, args);
    va_end(args);
    len = strlen(err->msg);
    (void)snprintf(err->msg + len, sizeof err->msg - len, ": %s", inner);
    return err->rc;
}
