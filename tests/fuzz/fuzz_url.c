/* The first line is the base, behind it is the link. */
#include "crawler/url.h"
#include "tests/fuzz/hold.h"

typedef aw_rc url_fn(struct aw_str base, struct aw_str href,
                     struct aw_buf *out, struct aw_err *err);

/* The form of a form is itself, and it can be taken apart. */
static void hold_form(url_fn *form, struct aw_str url)
{
    struct aw_url_parts parts;
    struct aw_buf again;
    struct aw_err err;

    hold_text(url, AW_URL_MAX);
    HOLD(aw_url_parse(url, &parts, &err) == AW_OK);
    HOLD(parts.host.len > 0 && aw_str_starts(parts.path, AW_STR("/")));
    aw_buf_init(&again, AW_URL_MAX);
    HOLD(form((struct aw_str){0}, url, &again, &err) == AW_OK);
    HOLD(aw_str_eq(url, aw_buf_str(&again)));
    aw_buf_deinit(&again);
}

static void try_form(url_fn *form, struct aw_str base, struct aw_str href)
{
    struct aw_buf out;
    struct aw_err err;

    aw_buf_init(&out, AW_URL_MAX);
    if (form(base, href, &out, &err) == AW_OK)
        hold_form(form, aw_buf_str(&out));
    else
        HOLD(out.len == 0);
    aw_buf_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str href = {(const char *)data, size};
    struct aw_str base = {0};
    struct aw_url_parts parts;
    struct aw_err err;

    if (aw_url_parse(href, &parts, &err) == AW_OK)
        HOLD(parts.origin.len + parts.target.len <= href.len);
    (void)aw_str_split(&href, '\n', &base);
    try_form(aw_url_canonical, base, href);
    try_form(aw_url_whole, base, href);
    return 0;
}
