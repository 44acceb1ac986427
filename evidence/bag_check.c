#include <stdio.h>

#include "evidence/bag_private.h"

#define HEX_LEN (AW_SHA256_HEX_MAX - 1)

static const char *const algorithms[AW_BAG_ALGORITHMS] = {"SHA-256", "SM3"};

static bool is_payload(struct aw_str name)
{
    return aw_str_starts(name, AW_STR(AW_BAG_PAYLOAD));
}

/* --- seals ------------------------------------------------------------- */

/* '*' stands for a word of 1 to 128 letters, digits, '-' and '_'. */
static const char *const seal_names[] = {
    "seal/officer-*.json",   "seal/officer-*.*.sig", "seal/keys/*.pem",
    "seal/keys/*.chain.pem", "seal/timestamp.tsr",   "seal/timestamp.*.sig"};

#define SEAL_WORD_MAX 128

static size_t word_len(struct aw_str text)
{
    size_t len = 0;

    while (len < text.len &&
           (aw_ascii_alpha(text.ptr[len]) || aw_ascii_digit(text.ptr[len]) ||
            text.ptr[len] == '-' || text.ptr[len] == '_'))
        len++;
    return len;
}

static bool fits(struct aw_str name, const char *pattern)
{
    for (; *pattern; pattern++) {
        size_t len = *pattern == '*' ? word_len(name)
                                     : name.len > 0 && name.ptr[0] == *pattern;

        if (len == 0 || len > SEAL_WORD_MAX)
            return false;
        name = aw_str_sub(name, len, name.len);
    }
    return name.len == 0;
}

bool aw_bag_is_seal(struct aw_str name)
{
    for (size_t i = 0; i < sizeof seal_names / sizeof *seal_names; i++)
        if (fits(name, seal_names[i]))
            return true;
    return false;
}

/* --- which files there are --------------------------------------------- */

static const char *const tags_1[] = {"bagit.txt", "bag-info.txt",
                                     "manifest-sha256.txt", AW_BAG_SIGNED,
                                     NULL};
static const char *const tags_2[] = {"bagit.txt",
                                     "bag-info.txt",
                                     "manifest-sha256.txt",
                                     "manifest-sm3.txt",
                                     AW_BAG_SIGNED,
                                     "tagmanifest-sm3.txt",
                                     NULL};

static const char *const *tags_of(const struct aw_bag_view *view)
{
    return view->format == 1 ? tags_1 : tags_2;
}

static size_t count_payload(const struct aw_bag_view *view)
{
    size_t count = 0;

    while (count < view->count && is_payload(view->files[count].name))
        count++;
    return count;
}

/* Payload, tag files, seals, in this order, and nothing else. */
static aw_rc check_order(const struct aw_bag_view *view, struct aw_err *err)
{
    size_t at = count_payload(view);

    for (const char *const *tag = tags_of(view); *tag; tag++, at++) {
        struct aw_str there =
            at < view->count ? view->files[at].name : AW_STR("");

        if (!aw_str_eq(there, aw_str_of(*tag)))
            return aw_fail(err, AW_INVALID, "there is '%.*s' where %s must be",
                           AW_STR_ARG(there), *tag);
    }
    for (; at < view->count; at++)
        if (view->format == 1 || !aw_bag_is_seal(view->files[at].name))
            return aw_fail(err, AW_INVALID,
                           "'%.*s' is no file of such a bundle",
                           AW_STR_ARG(view->files[at].name));
    return AW_OK;
}

/* --- bagit.txt and bag-info.txt ---------------------------------------- */

static aw_rc need(const struct aw_bag_view *view, const char *name,
                  struct aw_str *bytes, struct aw_err *err)
{
    if (aw_bag_find(view, aw_str_of(name), bytes))
        return AW_OK;
    return aw_fail(err, AW_INVALID, "there is no %s", name);
}

/* The value of a label, which stands once or not at all (*count). */
static struct aw_str info_value(struct aw_str info, struct aw_str label,
                                size_t *count)
{
    struct aw_str value = {0};
    struct aw_str line;

    *count = 0;
    while (aw_str_split(&info, '\n', &line)) {
        if (!aw_str_starts(line, label))
            continue;
        value = aw_str_sub(line, label.len, line.len);
        ++*count;
    }
    return value;
}

static aw_rc check_oxum(const struct aw_bag_view *view, struct aw_str info,
                        struct aw_err *err)
{
    size_t payload = count_payload(view);
    size_t bytes = 0;
    size_t count;
    struct aw_str value = info_value(info, AW_STR(AW_BAG_OXUM), &count);
    char oxum[64];

    for (size_t i = 0; i < payload; i++)
        bytes += view->files[i].bytes.len;
    (void)snprintf(oxum, sizeof oxum, "%zu.%zu", bytes, payload);
    if (count == 1 && aw_str_eq(value, aw_str_of(oxum)))
        return AW_OK;
    return aw_fail(err, AW_INVALID,
                   "bag-info.txt tells another number of bytes or files than "
                   "are there");
}

static aw_rc read_format(struct aw_bag_view *view, struct aw_str info,
                         struct aw_err *err)
{
    size_t count;
    struct aw_str value =
        info_value(info, AW_STR(AW_BAG_FORMAT_LABEL), &count);

    view->format = count == 0 ? 1 : AW_BAG_FORMAT;
    if (count > 1 || (count == 1 && !aw_str_eq(value, AW_STR("2"))))
        return aw_fail(err, AW_INVALID,
                       "bag-info.txt tells of format '%.*s': a newer adwatch "
                       "may read it",
                       AW_STR_ARG(aw_str_sub(value, 0, 20)));
    if ((view->format == 1) != (view->zip.layout == AW_ZIP_DESCRIPTORS))
        return aw_fail(err, AW_INVALID,
                       "it is of format %d by bag-info.txt, and not by the "
                       "zip's layout",
                       view->format);
    return AW_OK;
}

aw_rc aw_bag_check_info(struct aw_bag_view *view, struct aw_err *err)
{
    struct aw_str info = {0};
    struct aw_str declaration = {0};
    aw_rc rc = need(view, "bagit.txt", &declaration, err);

    if (rc == AW_OK && !aw_str_eq(declaration, AW_STR(AW_BAG_DECLARATION)))
        rc = aw_fail(err, AW_INVALID,
                     "bagit.txt does not say BagIt 1.0 in UTF-8");
    if (rc == AW_OK)
        rc = need(view, "bag-info.txt", &info, err);
    if (rc == AW_OK)
        rc = read_format(view, info, err);
    if (rc == AW_OK)
        rc = check_oxum(view, info, err);
    if (rc == AW_OK)
        rc = check_order(view, err);
    return rc;
}

/* --- manifests --------------------------------------------------------- */

/* Of which files a manifest tells: those from one index to another. */
struct listing {
    const struct aw_bag_view *view;
    struct aw_str manifest;
    size_t algorithm;
    size_t from, to;
};

static bool is_listed(const struct listing *l, struct aw_str name)
{
    struct aw_str rest = l->manifest;
    struct aw_str line;

    while (aw_str_split(&rest, '\n', &line))
        if (aw_str_eq(aw_str_sub(line, HEX_LEN + 2, line.len), name))
            return true;
    return false;
}

/* Why the line is not that of the file: NULL where there is no more of one. */
static aw_rc tell(const struct listing *l, struct aw_str line,
                  const struct aw_bag_file *file, struct aw_err *err)
{
    struct aw_str name = aw_str_sub(line, HEX_LEN + 2, line.len);
    struct aw_str bytes;

    if (file && aw_str_eq(name, file->name))
        return aw_fail(err, AW_INVALID, "'%.*s' was changed (%s)",
                       AW_STR_ARG(name), algorithms[l->algorithm]);
    if (name.len > 0 && !aw_bag_find(l->view, name, &bytes))
        return aw_fail(err, AW_INVALID, "'%.*s' is listed, but not there",
                       AW_STR_ARG(name));
    if (file && !is_listed(l, file->name))
        return aw_fail(err, AW_INVALID, "'%.*s' is there, but not listed",
                       AW_STR_ARG(file->name));
    return aw_fail(err, AW_INVALID,
                   "the line '%.*s' is false, or not in the order of the zip",
                   AW_STR_ARG(line));
}

static bool is_line_of(const struct listing *l, struct aw_str line,
                       const struct aw_bag_file *file)
{
    char hex[AW_SHA256_HEX_MAX];

    aw_digest_hex(aw_bag_digest(&file->digests, l->algorithm), hex);
    return aw_str_starts(line, (struct aw_str){hex, HEX_LEN}) &&
           aw_str_eq(aw_str_sub(line, HEX_LEN, 2), AW_STR("  ")) &&
           aw_str_eq(aw_str_sub(line, HEX_LEN + 2, line.len), file->name);
}

static aw_rc check_lines(const struct listing *l, struct aw_err *err)
{
    struct aw_str rest = l->manifest;
    struct aw_str line;

    if (!aw_str_ends(rest, AW_STR("\n")))
        return aw_fail(err, AW_INVALID, "the last line has no end");
    rest.len--;
    for (size_t i = l->from; i < l->to; i++) {
        const struct aw_bag_file *file = &l->view->files[i];

        if (!aw_str_split(&rest, '\n', &line))
            return tell(l, AW_STR(""), file, err);
        if (!is_line_of(l, line, file))
            return tell(l, line, file, err);
    }
    return aw_str_split(&rest, '\n', &line) ? tell(l, line, NULL, err) : AW_OK;
}

static aw_rc check_manifests(const struct aw_bag_view *view,
                             const char *const *names, size_t from, size_t to,
                             struct aw_err *err)
{
    size_t count = view->format == 1 ? 1 : AW_BAG_ALGORITHMS;

    for (size_t i = 0; i < count; i++) {
        struct listing l = {view, {0}, i, from, to};
        aw_rc rc = need(view, names[i], &l.manifest, err);

        if (rc == AW_OK)
            rc = check_lines(&l, err);
        if (rc != AW_OK)
            return aw_fail_in(err, "%s", names[i]);
    }
    return AW_OK;
}

aw_rc aw_bag_check_manifests(const struct aw_bag_view *view, size_t *lines,
                             struct aw_err *err)
{
    *lines = count_payload(view);
    return check_manifests(view, aw_bag_manifests, 0, *lines, err);
}

aw_rc aw_bag_check_tags(const struct aw_bag_view *view, size_t *lines,
                        struct aw_err *err)
{
    size_t from = count_payload(view);

    /* bagit.txt, bag-info.txt and the manifests of the payload. */
    *lines = view->format == 1 ? 3 : 4;
    return check_manifests(view, aw_bag_tag_manifests, from, from + *lines,
                           err);
}

aw_rc aw_bag_check(struct aw_bag_view *view, struct aw_err *err)
{
    size_t lines;
    aw_rc rc = aw_bag_measure(view, err);

    if (rc == AW_OK)
        rc = aw_bag_check_info(view, err);
    if (rc == AW_OK)
        rc = aw_bag_check_manifests(view, &lines, err);
    return rc == AW_OK ? aw_bag_check_tags(view, &lines, err) : rc;
}
