#include "evidence/verify_private.h"

#include <stdio.h>
#include <string.h>

#include "evidence/bundle_names.h"
#include "evidence/papers.h"
#include "evidence/parsed.h"

enum need { ALWAYS, SOMETIMES, WITH_PAPERS };

static const struct {
    int format;
    enum need need;
    const char *pattern;
} files[] = {
#define X(format, need, pattern) {format, need, pattern},
    AW_BUNDLE_FILES(X)
#undef X
};

#define FILES (sizeof files / sizeof *files)

static size_t number_len(struct aw_str text)
{
    size_t len = 0;

    while (len < text.len && aw_ascii_digit(text.ptr[len]))
        len++;
    return len > 1 && text.ptr[0] == '0' ? 0 : len;
}

/* '*' stands last in its pattern. */
static bool fits(struct aw_str name, const char *pattern)
{
    for (; *pattern; pattern++) {
        size_t len = *pattern == '#'   ? number_len(name)
                     : *pattern == '*' ? name.len
                     : name.len > 0    ? name.ptr[0] == *pattern
                                       : 0;

        if (len == 0)
            return false;
        name = aw_str_sub(name, len, name.len);
    }
    return name.len == 0;
}

static bool may_be(int format, struct aw_str name)
{
    for (size_t i = 0; i < FILES; i++)
        if (files[i].format == format && fits(name, files[i].pattern))
            return true;
    return false;
}

/* A history lies beside each finding. */
static aw_rc check_history(const struct aw_verifying *v, struct aw_str name,
                           struct aw_err *err)
{
    static const struct aw_str begin =
        AW_STR(AW_BUNDLE_FINDINGS_DIR "finding-");
    char wanted[AW_ZIP_NAME_MAX];

    if (!aw_str_starts(name, begin))
        return AW_OK;
    name = aw_str_sub(name, begin.len, name.len);
    (void)snprintf(wanted, sizeof wanted,
                   AW_BUNDLE_FINDINGS_DIR "history-%.*s", AW_STR_ARG(name));
    return aw_bag_file(v->view, aw_str_of(wanted)) ||
                   aw_redactions_left_out(v->redactions, aw_str_of(wanted))
               ? AW_OK
               : aw_fail(err, AW_INVALID, "there is no '%s'", wanted);
}

static aw_rc check_there(const struct aw_verifying *v, size_t *count,
                         bool *papers, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < v->view->count && rc == AW_OK; i++) {
        struct aw_str name = v->view->files[i].name;

        if (!aw_str_starts(name, AW_STR("data/")))
            continue;
        if (!may_be(v->view->format, name))
            return aw_fail(err, AW_INVALID,
                           "'%.*s' is no file of such a bundle",
                           AW_STR_ARG(name));
        if (aw_str_starts(name, AW_STR(AW_PAPERS_DIR)))
            *papers = true;
        rc = check_history(v, name, err);
        ++*count;
    }
    return rc;
}

static aw_rc check_needed(const struct aw_verifying *v, bool papers,
                          struct aw_err *err)
{
    for (size_t i = 0; i < FILES; i++) {
        struct aw_str name = aw_str_of(files[i].pattern);

        if (files[i].format != v->view->format || files[i].need == SOMETIMES ||
            (files[i].need == WITH_PAPERS && !papers))
            continue;
        if (!aw_bag_file(v->view, name) &&
            !aw_redactions_left_out(v->redactions, name))
            return aw_fail(err, AW_INVALID, "there is no '%s'",
                           files[i].pattern);
    }
    return AW_OK;
}

aw_rc aw_verify_names(struct aw_verifying *v, char what[AW_WHAT_MAX],
                      struct aw_err *err)
{
    size_t count = 0;
    bool papers = false;
    aw_rc rc = aw_verifying_load(v, err);

    if (rc == AW_OK)
        rc = check_there(v, &count, &papers, err);
    if (rc == AW_OK)
        rc = check_needed(v, papers, err);
    if (rc == AW_OK)
        rc = aw_verify_shapes(v->view, err);
    (void)snprintf(what, AW_WHAT_MAX, "%zu files of the layout, %s", count,
                   papers ? "with papers" : "no papers");
    return rc;
}
