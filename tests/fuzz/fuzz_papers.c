/* A case.xml of a stranger's bundle, made into papers by the templates as
 * they are installed. No browser. */
#include "evidence/papers.h"
#include "tests/fuzz/hold.h"

#include "base/utf8.h"

static aw_rc hold_page(void *self, struct aw_str name, struct aw_str bytes,
                       struct aw_err *err)
{
    size_t *count = self;

    (void)err;
    ++*count;
    HOLD(aw_str_starts(name, AW_STR(AW_PAPERS_DIR)));
    HOLD(aw_str_ends(name, AW_STR(".html")));
    HOLD(aw_utf8_valid(bytes));
    HOLD(aw_str_find(bytes, AW_STR("Content-Security-Policy")) > 0);
    /* The templates have none: it would be of the case's own text. */
    HOLD(aw_str_find(bytes, AW_STR("<script")) < 0);
    HOLD(aw_str_find(bytes, AW_STR("<iframe")) < 0);
    return AW_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t count = 0;
    struct aw_papers_config config = {.templates = "papers",
                                      .clock = aw_clock_system()};
    struct aw_papers_calls calls = {.add = hold_page, .self = &count};
    struct aw_papers_told told;
    struct aw_err err = {.msg = ""};
    aw_rc rc = aw_papers_again((struct aw_str){(const char *)data, size},
                               &config, &calls, &told, &err);

    HOLD(rc == AW_OK || err.msg[0]);
    /* The paper of screenshots is left out where there are none. */
    HOLD(rc != AW_OK || count == 4 || count == 5);
    HOLD(rc == AW_OK || rc == AW_INVALID || rc == AW_LIMIT ||
         rc == AW_CONFIG || rc == AW_NOMEM);
    return 0;
}
