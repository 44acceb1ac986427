#include "web/route.h"

/* Each area stands here once its file is there. */
const struct aw_routes *const aw_routes_all[] = {
    &aw_routes_session,   &aw_routes_findings, &aw_routes_finding,
    &aw_routes_dashboard, &aw_routes_exports,  &aw_routes_decisions,
    &aw_routes_office,    &aw_routes_audit,    NULL,
};

static const char *const words[] = {
#define X(name, word) word,
    AW_METHOD_LIST(X)
#undef X
};

const char *aw_method_word(enum aw_method method)
{
    return words[method];
}

/* A number without sign or leading zero: one thing has one path. */
static bool parse_id(struct aw_str text, int64_t *out)
{
    if (text.len == 0 || text.ptr[0] < '1' || text.ptr[0] > '9')
        return false;
    return aw_str_to_int(text, out);
}

static bool matches(const char *pattern, struct aw_str path,
                    int64_t ids[AW_ROUTE_IDS_MAX])
{
    struct aw_str left = aw_str_of(pattern);
    struct aw_str want, got;
    size_t count = 0;

    while (aw_str_split(&left, '/', &want)) {
        if (!aw_str_split(&path, '/', &got))
            return false;
        if (aw_str_eq(want, AW_STR("{id}")) && count < AW_ROUTE_IDS_MAX) {
            if (!parse_id(got, &ids[count++]))
                return false;
        } else if (!aw_str_eq(want, got)) {
            return false;
        }
    }
    return !aw_str_split(&path, '/', &got);
}

const struct aw_route *aw_route_find(const struct aw_routes *const *all,
                                     enum aw_method method, struct aw_str path,
                                     int64_t ids[AW_ROUTE_IDS_MAX],
                                     unsigned *allowed)
{
    *allowed = 0;
    for (; *all; all++) {
        for (size_t i = 0; i < (*all)->count; i++) {
            const struct aw_route *route = &(*all)->routes[i];

            if (!matches(route->path, path, ids))
                continue;
            if (route->method == method)
                return route;
            *allowed |= 1u << route->method;
        }
    }
    return NULL;
}
