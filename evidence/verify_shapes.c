#include "evidence/verify_private.h"

#include "evidence/bundle_names.h"
#include "evidence/parsed.h"

/* JSON that no other item needs has at least the members that a reader of it
 * relies on, each of its kind. Others may stand beside them. */

struct shape {
    const char *name;
    enum aw_parsed_kind kind;
    bool optional;
    const struct shape *inner; /* of an object, or of an array's members */
};

#define END                               \
    {                                     \
        NULL, AW_PARSED_NONE, false, NULL \
    }
#define MEMBER(name, kind)                  \
    {                                       \
        name, AW_PARSED_##kind, false, NULL \
    }
#define TIMES(name) MEMBER(name, TEXT), MEMBER(name "_beijing", TEXT)
#define GONE                                          \
    {"gone", AW_PARSED_TEXT, true, NULL},             \
        {"gone_beijing", AW_PARSED_TEXT, true, NULL}, \
    {                                                 \
        "gone_why", AW_PARSED_TEXT, true, NULL        \
    }

/* ---- history-<id>.json -------------------------------------------------- */

static const struct shape history_captures[] = {MEMBER("id", WHOLE),
                                                TIMES("fetched"),
                                                MEMBER("rendered", TRUTH),
                                                MEMBER("status", WHOLE),
                                                MEMBER("payload_digest", TEXT),
                                                END};
static const struct shape history_versions[] = {MEMBER("payload_digest", TEXT),
                                                MEMBER("text_digest", TEXT),
                                                MEMBER("captures", WHOLE),
                                                TIMES("first"),
                                                TIMES("last"),
                                                END};
static const struct shape history_findings[] = {MEMBER("finding", WHOLE),
                                                MEMBER("state", TEXT),
                                                TIMES("first_seen"),
                                                TIMES("last_seen"),
                                                GONE,
                                                END};
static const struct shape history[] = {
    MEMBER("finding", WHOLE),
    MEMBER("url", TEXT),
    TIMES("first_seen"),
    TIMES("last_seen"),
    GONE,
    MEMBER("captures_cut", TRUTH),
    {"captures", AW_PARSED_ARRAY, false, history_captures},
    {"versions", AW_PARSED_ARRAY, false, history_versions},
    {"findings", AW_PARSED_ARRAY, false, history_findings},
    END};

/* ---- environment -------------------------------------------------------- */

static const struct shape environment_checks[] = {
    MEMBER("check", TEXT), MEMBER("name", TEXT),    MEMBER("ok", TRUTH),
    MEMBER("what", TEXT),  MEMBER("what_en", TEXT), END};
static const struct shape environment[] = {
    TIMES("at"), {"checks", AW_PARSED_ARRAY, false, environment_checks}, END};
static const struct shape tool_parts[] = {MEMBER("name", TEXT),
                                          MEMBER("version", TEXT), END};
static const struct shape tool[] = {MEMBER("tool", TEXT),
                                    MEMBER("build", TEXT),
                                    MEMBER("browser_recorded", TEXT),
                                    MEMBER("browser_now", TEXT),
                                    {"parts", AW_PARSED_ARRAY, false,
                                     tool_parts},
                                    END};

/* ---- capture-<id>-对比.json --------------------------------------------- */

static const struct shape compared_side[] = {MEMBER("capture", WHOLE),
                                             TIMES("fetched"),
                                             MEMBER("status", WHOLE),
                                             MEMBER("payload_digest", TEXT),
                                             MEMBER("text_digest", TEXT),
                                             END};
static const struct shape compared_text[] = {MEMBER("same", TRUTH),
                                             MEMBER("plain", WHOLE),
                                             MEMBER("rendered", WHOLE),
                                             MEMBER("both", WHOLE),
                                             MEMBER("share", NUMBER),
                                             MEMBER("cut", TRUTH),
                                             END};
static const struct shape compared_quotes[] = {
    MEMBER("in_both", WHOLE), MEMBER("in_plain_only", WHOLE),
    MEMBER("in_rendered_only", WHOLE), MEMBER("in_none", WHOLE), END};
static const struct shape compared[] = {
    MEMBER("outcome", TEXT),
    MEMBER("what", TEXT),
    MEMBER("independent", TRUTH),
    {"plain", AW_PARSED_OBJECT, false, compared_side},
    {"rendered", AW_PARSED_OBJECT, false, compared_side},
    MEMBER("same_status", TRUTH),
    MEMBER("same_bytes", TRUTH),
    {"text", AW_PARSED_OBJECT, false, compared_text},
    {"quotes", AW_PARSED_OBJECT, false, compared_quotes},
    END};

/* ---- left-out.json ------------------------------------------------------ */

static const struct shape left_out_findings[] = {MEMBER("finding", WHOLE),
                                                 MEMBER("why", TEXT), END};
static const struct shape left_out[] = {{"left_out", AW_PARSED_ARRAY, false,
                                         left_out_findings},
                                        END};

/* A file's name is begin, a number or nothing, and end; number_is: the members
 * of which one is that number. */
static const struct {
    const char *begin, *end;
    const struct shape *shape;
    const char *number_is[2][2]; /* of a member of the object, or of itself */
} files[] = {
    {AW_BUNDLE_FINDINGS_DIR "history-", ".json", history, {{"finding"}}},
    {AW_BUNDLE_CAPTURES_DIR "capture-",
     "-对比.json",
     compared,
     {{"capture", "plain"}, {"capture", "rendered"}}},
    {AW_BUNDLE_TOOL, "", tool, {{0}}},
    {AW_BUNDLE_ENVIRONMENT, "", environment, {{0}}},
    {AW_BUNDLE_LEFT_OUT, "", left_out, {{0}}},
};

/* ---- checking ----------------------------------------------------------- */

static bool is_of_kind(const struct aw_parsed *item, const struct shape *shape)
{
    enum aw_parsed_kind kind = aw_parsed_kind(item);

    return kind == shape->kind ||
           (shape->kind == AW_PARSED_NUMBER && kind == AW_PARSED_WHOLE) ||
           (shape->optional && kind == AW_PARSED_NONE);
}

static aw_rc check_object(const struct aw_parsed *object,
                          const struct shape *shape, struct aw_err *err);

static aw_rc check_inner(const struct aw_parsed *item,
                         const struct shape *shape, struct aw_err *err)
{
    const struct aw_parsed *inner;
    aw_rc rc = AW_OK;

    if (!shape->inner || !item)
        return AW_OK;
    if (shape->kind == AW_PARSED_OBJECT)
        return check_object(item, shape->inner, err);
    for (inner = aw_parsed_first(item); inner && rc == AW_OK;
         inner = aw_parsed_next(inner))
        rc = check_object(inner, shape->inner, err);
    return rc;
}

/* As deep as the tables are. */
static aw_rc check_object(const struct aw_parsed *object,
                          const struct shape *shape, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (; shape->name && rc == AW_OK; shape++) {
        const struct aw_parsed *item = aw_parsed_member(object, shape->name);

        if (!is_of_kind(item, shape))
            return aw_fail(err, AW_INVALID, "'%s' is %s", shape->name,
                           item ? "of another kind than adwatch writes"
                                : "missing");
        rc = check_inner(item, shape, err);
        if (rc != AW_OK)
            return aw_fail_in(err, "'%s'", shape->name);
    }
    return rc;
}

/* Does the file tell of what its name says? */
static bool is_of_number(const struct aw_parsed *json, size_t kind,
                         struct aw_str name)
{
    const char *const(*is)[2] = files[kind].number_is;
    struct aw_str text = aw_str_sub(name, strlen(files[kind].begin),
                                    name.len - strlen(files[kind].begin) -
                                        strlen(files[kind].end));
    int64_t wanted = 0;
    int64_t number = 0;

    if (!is[0][0])
        return true;
    if (!aw_str_to_int(text, &wanted))
        return false;
    for (size_t i = 0; i < 2 && is[i][0]; i++)
        if (aw_parsed_whole(is[i][1] ? aw_parsed_member(json, is[i][1]) : json,
                            is[i][0], &number) &&
            number == wanted)
            return true;
    return false;
}

static aw_rc check_file(const struct aw_bag_view *view, size_t kind,
                        struct aw_str name, struct aw_err *err)
{
    struct aw_parsed *json = NULL;
    aw_rc rc = aw_parsed_load(view, name, &json, err);

    if (rc != AW_OK)
        return rc;
    rc = check_object(json, files[kind].shape, err);
    if (rc == AW_OK && !is_of_number(json, kind, name))
        rc = aw_fail(err, AW_INVALID, "it tells of another one than its name");
    aw_parsed_free(json);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "'%.*s'", AW_STR_ARG(name));
}

aw_rc aw_verify_shapes(const struct aw_bag_view *view, struct aw_err *err)
{
    for (size_t i = 0; i < view->count; i++) {
        struct aw_str name = view->files[i].name;

        for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
            aw_rc rc = AW_OK;

            if (aw_str_starts(name, aw_str_of(files[k].begin)) &&
                aw_str_ends(name, aw_str_of(files[k].end)))
                rc = check_file(view, k, name, err);
            if (rc != AW_OK)
                return rc;
        }
    }
    return AW_OK;
}
