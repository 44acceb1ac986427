/* agent.h - as whom this program asks: its User-Agent. */
#ifndef AW_CRAWLER_AGENT_H
#define AW_CRAWLER_AGENT_H

#include "base/buf.h"
#include "base/config.h"

#define AW_AGENT_MAX 4096 /* bytes */

/* Appends "adwatch/0.1 (+contact; purpose)". Header values are ASCII, so that
 * other bytes are percent-encoded. */
void aw_agent_put(struct aw_buf *out, const struct aw_agent_config *agent);

#endif
