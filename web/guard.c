#include "web/guard.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>

#include "review/session.h"

/* ---- from where ----------------------------------------------------------
 */

static bool is_local_name(const struct aw_web *web, struct aw_str host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    char text[32];

    for (size_t i = 0; web->local_port && i < sizeof names / sizeof *names;
         i++) {
        (void)snprintf(text, sizeof text, "%s:%d", names[i], web->local_port);
        if (aw_str_eq_nocase(host, aw_str_of(text)))
            return true;
    }
    return false;
}

/* "https://" of "https://adwatch.example". */
static struct aw_str scheme_of(struct aw_str origin)
{
    ptrdiff_t at = aw_str_find(origin, AW_STR("://"));

    return aw_str_sub(origin, 0, at < 0 ? 0 : (size_t)at + 3);
}

/* Who calls this machine by another of its names is led to the right one:
 * cookies and captured pages are for one name alone. */
static bool lead_home(const struct aw_web *web,
                      const struct aw_http_request *request,
                      struct aw_http_reply *reply)
{
    char url[1024];
    struct aw_err err;

    if (request->method != AW_METHOD_GET ||
        !is_local_name(web, aw_http_field(request, "Host")))
        return false;
    (void)snprintf(url, sizeof url, "%.*s/", AW_STR_ARG(web->origin));
    reply->status = 307;
    return aw_http_reply_field(reply, "Location", aw_str_of(url), &err) ==
           AW_OK;
}

bool aw_guard_is_host(const struct aw_http_request *request,
                      struct aw_str origin)
{
    return aw_str_eq_nocase(aw_http_field(request, "Host"),
                            aw_str_sub(origin, scheme_of(origin).len,
                                       origin.len));
}

bool aw_guard_host(const struct aw_web *web,
                   const struct aw_http_request *request,
                   struct aw_http_reply *reply)
{
    if (aw_guard_is_host(request, web->origin))
        return true;
    if (!lead_home(web, request, reply))
        aw_call_refuse(reply, 421, "host",
                       "this server is %.*s, and goes by no other name",
                       AW_STR_ARG(web->origin));
    return false;
}

bool aw_guard_origin(const struct aw_http_request *request,
                     const struct aw_web *web, struct aw_http_reply *reply)
{
    struct aw_str origin = aw_http_field(request, "Origin");
    struct aw_str site = aw_http_field(request, "Sec-Fetch-Site");
    struct aw_str scheme = scheme_of(web->origin);
    struct aw_str host = aw_str_sub(origin, scheme.len, origin.len);

    if (aw_str_starts(origin, scheme) && host.len > 0 &&
        aw_str_eq_nocase(host, aw_http_field(request, "Host")) &&
        (site.len == 0 || aw_str_eq(site, AW_STR("same-origin"))))
        return true;
    aw_call_refuse(reply, 403, "origin",
                   "this was asked by no page of this server");
    return false;
}

static bool is_loopback(struct aw_str peer)
{
    return aw_str_starts(peer, AW_STR("127.")) ||
           aw_str_eq(peer, AW_STR("::1"));
}

static bool is_address(struct aw_str text)
{
    char copy[INET6_ADDRSTRLEN];
    unsigned char bytes[sizeof(struct in6_addr)];

    if (text.len == 0 || text.len >= sizeof copy)
        return false;
    (void)snprintf(copy, sizeof copy, "%.*s", AW_STR_ARG(text));
    return inet_pton(AF_INET, copy, bytes) == 1 ||
           inet_pton(AF_INET6, copy, bytes) == 1;
}

/* What stands before the last was sent by the client, and may be anything. */
struct aw_str aw_guard_peer(const struct aw_web *web,
                            const struct aw_http_request *request)
{
    struct aw_str list = aw_http_field(request, "X-Forwarded-For");
    struct aw_str last = {0};

    if (!web->proxied || !is_loopback(request->peer))
        return request->peer;
    while (aw_str_split(&list, ',', &last))
        ;
    last = aw_str_trim(last);
    return is_address(last) ? last : request->peer;
}

/* ---- who -----------------------------------------------------------------
 */

const char *aw_guard_cookie(const struct aw_web *web)
{
    return web->secure ? AW_COOKIE_TLS : AW_COOKIE;
}

/* Puts the session into the call; AW_MISSING: there is none. */
static aw_rc find_session(struct aw_call *call, struct aw_err *err)
{
    struct aw_session session;
    struct aw_user user = {0};
    struct aw_str token =
        aw_http_cookie(call->request, aw_guard_cookie(call->web));
    aw_rc rc = aw_session_find(call->store, call->web->clock, token,
                               call->arena, &user, &session, err);

    if (rc == AW_OK)
        rc = aw_arena_dup(call->arena, aw_str_of(session.key),
                          &call->session_key, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(call->arena, aw_str_of(session.csrf), &call->csrf,
                          err);
    if (rc != AW_OK)
        return rc;
    call->user = user;
    call->session_expires_ms = session.expires_ms;
    return AW_OK;
}

/* In a time that does not depend on what is in them. */
static bool is_same(struct aw_str a, struct aw_str b)
{
    return a.len == b.len && a.len > 0 &&
           sodium_memcmp(a.ptr, b.ptr, a.len) == 0;
}

static bool may(const struct aw_call *call, const struct aw_route *route)
{
    struct aw_http_reply *reply = call->reply;

    if (!(route->may & 1u << call->user.role)) {
        aw_call_refuse(reply, 403, "forbidden", "this is not for your role");
        return false;
    }
    if (route->method != AW_METHOD_GET &&
        !is_same(call->csrf, aw_http_field(call->request, "X-CSRF-Token"))) {
        aw_call_refuse(reply, 403, "csrf",
                       "the token against forgery is missing or old: load "
                       "the page anew");
        return false;
    }
    return true;
}

bool aw_guard_user(struct aw_call *call, const struct aw_route *route)
{
    struct aw_err err = {0};
    aw_rc rc;

    if (route->may == AW_MAY_ANYBODY)
        return true;
    rc = find_session(call, &err);
    if (rc == AW_OK)
        return may(call, route);
    if (rc == AW_MISSING) {
        aw_call_refuse(call->reply, 401, "session", "%s", err.msg);
        return false;
    }
    aw_log(call->web->log, AW_LOG_ERROR, "session not read", "why", err.msg,
           (char *)NULL);
    aw_call_refuse(call->reply, 500, "failed", "the store cannot be read");
    return false;
}
