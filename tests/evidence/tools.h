/* tools.h - what a test's bundles tell that they were made with.
 */
#ifndef AW_TESTS_EVIDENCE_TOOLS_H
#define AW_TESTS_EVIDENCE_TOOLS_H

#include "evidence/environment.h"
#include "tests/store/fixture.h"

/* Looked at once, and kept. */
static inline const struct aw_environment *tools_here(void)
{
    static struct aw_environment *tools;
    const struct aw_environment_config config = {.clock = aw_clock_system()};
    struct aw_err err;

    if (!tools)
        assert_int_equal(aw_environment_new(&tools, &config, &err), AW_OK);
    return tools;
}

#endif
