/* guard.h - who may ask, and from where: before a call is made.
 *
 * Each returns true, or fills the reply with the refusal and returns false.
 */
#ifndef AW_WEB_GUARD_H
#define AW_WEB_GUARD_H

#include "web/route.h"

#define AW_COOKIE "aw_session"
#define AW_COOKIE_TLS "__Host-aw_session" /* RFC 6265bis, 4.1.3.2 */

/* Is Host that of the origin ("https://adwatch.example")? */
bool aw_guard_is_host(const struct aw_http_request *request,
                      struct aw_str origin);

/* Is Host this server's? Else another's name leads here, and a page of that
 * name would be of our origin (DNS rebinding). */
bool aw_guard_host(const struct aw_web *web,
                   const struct aw_http_request *request,
                   struct aw_http_reply *reply);

/* For what writes: does the page that asks come from here? */
bool aw_guard_origin(const struct aw_http_request *request,
                     const struct aw_web *web, struct aw_http_reply *reply);

/* Fills in who asks, by the session's cookie; then whether the route is for
 * them, and whether a write has the session's token. */
bool aw_guard_user(struct aw_call *call, const struct aw_route *route);

/* The session's cookie as this server names it. */
const char *aw_guard_cookie(const struct aw_web *web);

/* The address that asks: the last that the proxy wrote, where there is one. */
struct aw_str aw_guard_peer(const struct aw_web *web,
                            const struct aw_http_request *request);

#endif
