/* api_capture.h - a finding's captures, looked at: what api_finding.c routes.
 *
 * Each look at a capture is a row of the audit, once for each user, capture
 * (or screenshot), way and day. One that cannot be read is answered with 409,
 * "reader", and the cause.
 */
#ifndef AW_WEB_API_CAPTURE_H
#define AW_WEB_API_CAPTURE_H

#include "web/route.h"

#define AW_SOURCE_SHOWN_MAX ((size_t)1 << 20) /* bytes */

aw_route_fn aw_api_text, aw_api_source, aw_api_difference, aw_api_frame,
    aw_api_shot;

#endif
