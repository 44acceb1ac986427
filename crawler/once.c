#include "crawler/once.h"

#include "crawler/agent.h"
#include "crawler/url.h"

#define WAIT_MS 100
#define ROBOTS_HOPS 5
#define FIELD_MAX 1024 /* bytes of a header's value */

/* One request that is waited for. */
struct asking {
    struct aw_once_answer *answer;
    struct aw_buf location;
    bool over;
    aw_rc rc;
    struct aw_err err;
};

/* ---- setting up --------------------------------------------------------- */

aw_rc aw_once_init(struct aw_once *once, const struct aw_config *config,
                   const char *ca_file, const struct aw_clock *clock,
                   struct aw_err *err)
{
    const struct aw_network_config *network = &config->network;
    aw_rc rc;

    *once =
        (struct aw_once){.config = config, .ca_file = ca_file, .clock = clock};
    aw_buf_init(&once->agent, AW_AGENT_MAX);
    aw_buf_init(&once->origin, AW_URL_MAX);
    aw_agent_put(&once->agent, &config->agent);
    rc = aw_buf_check(&once->agent, err);
    if (rc == AW_OK)
        rc = aw_address_policy_init(&once->policy,
                                    (const char *const *)network->allow,
                                    network->allow_count, err);
    return rc == AW_OK ? aw_loop_new(&once->loop, err) : rc;
}

void aw_once_deinit(struct aw_once *once)
{
    aw_robots_free(once->robots);
    aw_loop_free(once->loop);
    aw_buf_deinit(&once->agent);
    aw_buf_deinit(&once->origin);
}

struct aw_fetch_config aw_once_fetch_config(const struct aw_once *once)
{
    const struct aw_config *config = once->config;

    return (struct aw_fetch_config){
        .loop = once->loop,
        .clock = once->clock,
        .policy = &once->policy,
        .user_agent = once->agent.ptr,
        .resolve = (const char *const *)config->network.resolve,
        .resolve_count = config->network.resolve_count,
        .ca_file = once->ca_file,
        .timeout_ms = config->crawl.timeout_ms,
        .body_max = config->crawl.body_max,
        .head_max = config->crawl.head_max,
        .speed_min = config->crawl.speed_min,
        .speed_ms = config->crawl.speed_ms,
        .connections = 1,
    };
}

void aw_once_answer_init(struct aw_once_answer *answer, size_t body_max)
{
    answer->status = 0;
    answer->is_cut = false;
    aw_buf_init(&answer->url, AW_URL_MAX + 1);
    aw_buf_init(&answer->content_type, FIELD_MAX + 1);
    aw_buf_init(&answer->content_encoding, FIELD_MAX + 1);
    aw_buf_init(&answer->body, body_max);
}

void aw_once_answer_deinit(struct aw_once_answer *answer)
{
    aw_buf_deinit(&answer->url);
    aw_buf_deinit(&answer->content_type);
    aw_buf_deinit(&answer->content_encoding);
    aw_buf_deinit(&answer->body);
}

/* ---- one request -------------------------------------------------------- */

static void put_again(struct aw_buf *out, struct aw_str text, size_t most)
{
    aw_buf_reset(out);
    aw_buf_put(out, aw_str_sub(text, 0, most));
}

static void on_done(void *self, const struct aw_fetch_result *r)
{
    struct asking *a = self;
    struct aw_once_answer *answer = a->answer;

    a->over = true;
    answer->status = r->rc == AW_OK ? r->status : 0;
    if (r->rc != AW_OK) {
        a->rc =
            aw_fail(&a->err, AW_NET, "%.200s: %s", answer->url.ptr, r->why);
        return;
    }
    answer->is_cut = r->truncated[0] != '\0';
    put_again(&answer->content_type, r->content_type, FIELD_MAX);
    put_again(&answer->content_encoding, r->content_encoding, FIELD_MAX);
    put_again(&answer->body, r->body, answer->body.max);
    put_again(&a->location, r->location, AW_URL_MAX);
}

/* Asks for answer->url. */
static aw_rc ask(struct aw_once *once, struct asking *a, bool robots,
                 struct aw_err *err)
{
    struct aw_fetch_config config = aw_once_fetch_config(once);
    struct aw_fetch_request request = {.url = aw_buf_str(&a->answer->url),
                                       .robots = robots};
    struct aw_fetcher *fetcher = NULL;
    aw_rc rc;

    config.done = on_done;
    config.self = a;
    a->over = false;
    rc = aw_fetcher_new(&fetcher, &config, err);
    if (rc == AW_OK)
        rc = aw_fetch_start(fetcher, &request, err);
    while (rc == AW_OK && !a->over) {
        int wait = WAIT_MS;

        aw_fetch_tick(fetcher, &wait);
        rc = aw_loop_wait(once->loop, wait < WAIT_MS ? wait : WAIT_MS, err);
    }
    aw_fetcher_free(fetcher);
    if (rc == AW_OK && a->rc != AW_OK) {
        *err = a->err;
        return a->rc;
    }
    return rc;
}

static bool is_redirect(const struct asking *a)
{
    return a->answer->status >= 300 && a->answer->status < 400 &&
           a->location.len > 0;
}

/* Sets answer->url to where the redirect leads. */
static aw_rc follow(struct asking *a, struct aw_err *err)
{
    struct aw_buf next;
    aw_rc rc;

    aw_buf_init(&next, AW_URL_MAX);
    rc = aw_url_canonical(aw_buf_str(&a->answer->url),
                          aw_buf_str(&a->location), &next, err);
    if (rc == AW_OK)
        put_again(&a->answer->url, aw_buf_str(&next), AW_URL_MAX);
    aw_buf_deinit(&next);
    return rc == AW_OK ? aw_buf_check(&a->answer->url, err) : rc;
}

/* ---- robots.txt --------------------------------------------------------- */

static aw_rc ask_robots(struct aw_once *once, struct asking *a,
                        struct aw_err *err)
{
    aw_rc rc;

    aw_buf_printf(&a->answer->url, "%s/robots.txt", once->origin.ptr);
    rc = ask(once, a, true, err);
    for (int i = 0; rc == AW_OK && is_redirect(a) && i < ROBOTS_HOPS; i++) {
        rc = follow(a, err);
        if (rc == AW_OK)
            rc = ask(once, a, true, err);
    }
    return rc;
}

static aw_rc take_robots(struct aw_once *once,
                         const struct aw_once_answer *got, struct aw_err *err)
{
    aw_robots_free(once->robots);
    once->robots = NULL;
    if (got->status >= 200 && got->status < 300)
        return aw_robots_new(&once->robots, aw_buf_str(&got->body), err);
    if (got->status >= 400 && got->status < 500)
        return AW_OK;
    return aw_fail(err, AW_NET, "%.200s/robots.txt: http %d", once->origin.ptr,
                   got->status);
}

static aw_rc learn(struct aw_once *once, struct aw_err *err)
{
    struct aw_once_answer answer;
    struct asking a = {.answer = &answer};
    aw_rc rc;

    aw_once_answer_init(&answer, AW_ROBOTS_MAX);
    aw_buf_init(&a.location, AW_URL_MAX + 1);
    rc = ask_robots(once, &a, err);
    if (rc == AW_OK)
        rc = take_robots(once, &answer, err);
    aw_buf_deinit(&a.location);
    aw_once_answer_deinit(&answer);
    return rc;
}

const char *aw_once_refusal(const struct aw_once *once, struct aw_str url)
{
    struct aw_url_parts parts;
    struct aw_err ignored;

    if (aw_url_parse(url, &parts, &ignored) != AW_OK ||
        !aw_str_eq(parts.origin, aw_buf_str(&once->origin)))
        return "it leads to another site, whose robots.txt is not known";
    if (once->robots &&
        !aw_robots_allowed(once->robots, aw_str_of(once->config->agent.name),
                           parts.target, NULL))
        return "robots.txt forbids it";
    return NULL;
}

aw_rc aw_once_enter(struct aw_once *once, struct aw_str url,
                    struct aw_err *err)
{
    struct aw_url_parts parts;
    const char *why;
    aw_rc rc = aw_url_parse(url, &parts, err);

    if (rc != AW_OK)
        return rc;
    if (!aw_str_eq(parts.origin, aw_buf_str(&once->origin))) {
        put_again(&once->origin, parts.origin, AW_URL_MAX);
        rc = aw_buf_check(&once->origin, err);
        if (rc == AW_OK)
            rc = learn(once, err);
        if (rc != AW_OK) {
            aw_buf_reset(&once->origin);
            return rc;
        }
    }
    why = aw_once_refusal(once, url);
    return why ? aw_fail(err, AW_NET, "'%.*s': %s",
                         (int)aw_str_sub(url, 0, 200).len, url.ptr, why)
               : AW_OK;
}

/* ---- a page ------------------------------------------------------------- */

static aw_rc get(struct aw_once *once, struct asking *a, struct aw_err *err)
{
    aw_rc rc = aw_once_enter(once, aw_buf_str(&a->answer->url), err);

    return rc == AW_OK ? ask(once, a, false, err) : rc;
}

aw_rc aw_once_get(struct aw_once *once, struct aw_str url,
                  struct aw_once_answer *answer, struct aw_err *err)
{
    struct asking a = {.answer = answer};
    aw_rc rc;

    aw_buf_init(&a.location, AW_URL_MAX + 1);
    put_again(&answer->url, url, AW_URL_MAX);
    rc = get(once, &a, err);
    for (int i = 0; rc == AW_OK && is_redirect(&a) &&
                    i < once->config->crawl.redirects_max;
         i++) {
        rc = follow(&a, err);
        if (rc == AW_OK)
            rc = get(once, &a, err);
    }
    aw_buf_deinit(&a.location);
    if (rc == AW_OK)
        rc = aw_buf_check(&answer->body, err);
    if (rc == AW_OK && (answer->status < 200 || answer->status > 299))
        return aw_fail(err, AW_NET, "%.200s: http %d", answer->url.ptr,
                       answer->status);
    return rc;
}
