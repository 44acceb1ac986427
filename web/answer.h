/* answer.h - one request from its head to its reply: looked up, guarded,
 * called, logged.
 */
#ifndef AW_WEB_ANSWER_H
#define AW_WEB_ANSWER_H

#include "web/route.h"
#include "web/stores.h"

#define AW_ANSWER_POLICY_MAX 1024

/* What is the same for all; not written to while requests are answered. */
struct aw_answers {
    struct aw_web web;
    const struct aw_routes *const *routes;
    struct aw_stores *stores;
    char policy[AW_ANSWER_POLICY_MAX]; /* Content-Security-Policy of all */
};

/* An aw_http_fn; self is a struct aw_answers. */
void aw_answer(void *self, const struct aw_http_request *request,
               struct aw_http_reply *reply);

/* The largest body that any of the routes takes. */
size_t aw_answer_body_max(const struct aw_routes *const *all);

#endif
