/* render_once.h - one page, looked at by a browser, into a folder.
 *
 * With the rules of a workspace: its agent, its address policy, its limits;
 * robots.txt of the page's origin is asked for and obeyed. The folder gets
 *
 *     page.html   the HTML after its scripts ran
 *     first.png   the first screen
 *     full.png    the whole page
 *     archive/    WARC: all answers, and these three
 */
#ifndef AW_CRAWLER_RENDER_ONCE_H
#define AW_CRAWLER_RENDER_ONCE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/rng.h"

struct aw_render_once_input {
    const struct aw_config *config;
    const char *ca_file; /* or NULL */
    const char *out_dir; /* made where it is missing */
    const struct aw_clock *clock;
    struct aw_rng *rng;
    struct aw_str url;           /* canonical */
    const struct aw_str *quotes; /* texts to find in the screenshots */
    size_t quote_count;
    bool network; /* for tests: as in aw_render_pool_config */
};

/* Appends one line of JSON: what was seen, or why nothing. AW_FAIL where the
 * page could not be looked at, after that; AW_MISSING where there is no
 * browser, AW_NET where robots.txt cannot be had, or forbids it. */
aw_rc aw_render_once(const struct aw_render_once_input *input,
                     struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

#endif
