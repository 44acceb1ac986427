/* The first line is a target, the second the field Cookie; behind them is a
 * body. */
#include "base/utf8.h"
#include "tests/fuzz/hold.h"
#include "web/route.h"
#include "web/target.h"

#define TEXT_MAX ((size_t)1 << 20)

static void hold_decoded(struct aw_str text)
{
    HOLD(aw_utf8_valid(text));
    for (size_t i = 0; i < text.len; i++)
        HOLD((unsigned char)text.ptr[i] >= 0x20 && text.ptr[i] != 0x7F);
}

static void try_target(struct aw_str raw, struct aw_arena *arena)
{
    struct aw_target target;
    struct aw_err err;
    int64_t ids[AW_ROUTE_IDS_MAX] = {0};
    unsigned allowed;

    if (aw_target_parse(&target, raw, arena, &err) != AW_OK)
        return;
    hold_decoded(target.path);
    HOLD(aw_str_starts(target.path, AW_STR("/")));
    HOLD(target.count <= AW_TARGET_PAIRS_MAX);
    for (size_t i = 0; i < target.count; i++) {
        hold_decoded(target.pairs[i].name);
        hold_decoded(target.pairs[i].value);
    }
    if (aw_route_find(aw_routes_all, AW_METHOD_GET, target.path, ids,
                      &allowed))
        HOLD(ids[0] >= 0 && ids[1] >= 0);
}

static void try_cookie(struct aw_str field)
{
    struct aw_str value = aw_cookie_find(field, "aw_session");

    HOLD(value.len <= field.len);
    HOLD(aw_str_find(value, AW_STR(";")) < 0);
}

/* Every getter on every member that the seeds name. */
static void read_members(const struct aw_body *body, int depth)
{
    struct aw_str text = AW_STR("as it was");
    struct aw_err err;
    int64_t number = 7;
    bool flag = false;

    if (aw_body_text(body, "a", false, &text, &err) == AW_OK)
        hold_text(text, TEXT_MAX);
    if (aw_body_int(body, "a", true, -5, 5, &number, &err) == AW_OK)
        HOLD(number >= -5 && number <= 5);
    else
        HOLD(number == 7);
    if (aw_body_bool(body, "a", true, &flag, &err) == AW_OK)
        HOLD(aw_body_has(body, "a"));
    for (size_t i = 0; i < aw_body_count(body, "a") && i < 8 && depth < 8; i++)
        read_members(aw_body_at(body, "a", i), depth + 1);
    HOLD(!aw_body_at(body, "a", aw_body_count(body, "a")));
}

static void try_body(struct aw_str bytes)
{
    struct aw_http_request request = {.body = bytes};
    struct aw_call call = {.request = &request};
    struct aw_body *body = NULL;
    struct aw_err err;

    if (aw_call_body(&call, &body, &err) == AW_OK)
        read_members(body, 0);
    aw_call_end(&call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str rest = {(const char *)data, size};
    struct aw_str target = {0};
    struct aw_str cookie = {0};
    struct aw_arena arena;

    aw_arena_init(&arena, TEXT_MAX);
    (void)aw_str_split(&rest, '\n', &target);
    (void)aw_str_split(&rest, '\n', &cookie);
    try_target(target, &arena);
    try_cookie(cookie);
    try_body(rest);
    aw_arena_deinit(&arena);
    return 0;
}
