/* why.h - why a URL was never queued, as far as the config tells. */
#ifndef AW_CLI_WHY_H
#define AW_CLI_WHY_H

#include "base/config.h"

/* Fails in any case. AW_MISSING with the reason: it is no http URL, a source's
 * pattern excludes it, it is off the beat of all sources, or it is on the beat
 * of one and no page that was read leads to it. Whether it would be a trap is
 * not judged: that takes the URLs of a whole run. AW_CONFIG where a pattern is
 * wrong. */
aw_rc aw_why_never(const struct aw_config *config, struct aw_str url,
                   struct aw_err *err) AW_MUST_USE;

#endif
