/* bundle_order.h - which findings `adwatch bundle` is to seal, and who is to.
 */
#ifndef AW_CLI_BUNDLE_ORDER_H
#define AW_CLI_BUNDLE_ORDER_H

#include "cli/cli.h"
#include "cli/who.h"

#define AW_ORDER_CASE_MAX 200 /* findings of one case */
#define AW_ORDER_OFFICERS 2

struct aw_bundle_order {
    int64_t *findings; /* each once; in a night those of one page together */
    size_t count, cap;
    bool night;
    struct aw_str officers[AW_ORDER_OFFICERS];
    size_t officer_count;
    struct aw_cli_maker maker; /* --as */
    struct aw_arena arena;
};

/* From the words, --ids, --night, --officer and --as. AW_USAGE: also of one
 * who may not seal it as an officer; AW_MISSING: nothing was confirmed on
 * that day. */
aw_rc aw_bundle_order_read(struct aw_bundle_order *order, struct aw_cli *cli,
                           struct aw_store *store,
                           struct aw_err *err) AW_MUST_USE;
void aw_bundle_order_free(struct aw_bundle_order *order);

#endif
