/* problems.h - what `lexicon check` says of a folder, for tests of what it
 * refuses.
 */
#ifndef AW_TESTS_CLASSIFY_PROBLEMS_H
#define AW_TESTS_CLASSIFY_PROBLEMS_H

#include "classify/lexicon_check.h"
#include "fixture.h"

/* One of the problems of the lexicon in that folder says the message. */
static inline void assert_problem_in(const char *folder, const char *message)
{
    struct aw_lexicon_report report;
    struct aw_err err = {0};
    bool found = false;

    assert_int_equal(aw_lexicon_check(folder, NULL, &report, &err), AW_CONFIG);
    for (size_t i = 0; i < report.problems.count && !found; i++)
        found = aw_str_find(report.problems.items[i].text,
                            aw_str_of(message)) >= 0;
    if (!found)
        fail_msg("no problem says \"%s\", but: %s", message, err.msg);
    aw_lexicon_report_deinit(&report);
}

#endif
