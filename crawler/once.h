/* once.h - asking for one URL outside of a run, as the crawler would.
 *
 * With a config's agent, address policy and limits; robots.txt of each site is
 * asked for first and obeyed. Each call waits for what it asks. Nothing is
 * archived or stored here.
 */
#ifndef AW_CRAWLER_ONCE_H
#define AW_CRAWLER_ONCE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/loop.h"
#include "crawler/address.h"
#include "crawler/fetch.h"
#include "crawler/robots.h"

struct aw_once {
    const struct aw_config *config;
    const char *ca_file; /* or NULL */
    const struct aw_clock *clock;
    struct aw_loop *loop;
    struct aw_address_policy policy;
    struct aw_buf agent;
    struct aw_buf origin;     /* whose robots.txt is known */
    struct aw_robots *robots; /* its; NULL: all is allowed */
};

/* ca_file may be NULL. config, ca_file and clock must outlive it. Deinit also
 * after a failure. */
aw_rc aw_once_init(struct aw_once *once, const struct aw_config *config,
                   const char *ca_file, const struct aw_clock *clock,
                   struct aw_err *err) AW_MUST_USE;
void aw_once_deinit(struct aw_once *once);

/* For a fetcher under the same rules; done and self are the caller's. */
struct aw_fetch_config aw_once_fetch_config(const struct aw_once *once);

/* Learns the robots.txt of the site of url, which is canonical. AW_NET where
 * it cannot be had, or forbids url. */
aw_rc aw_once_enter(struct aw_once *once, struct aw_str url,
                    struct aw_err *err) AW_MUST_USE;

/* Why url may not be asked for after aw_once_enter; NULL: it may. */
const char *aw_once_refusal(const struct aw_once *once, struct aw_str url);

struct aw_once_answer {
    struct aw_buf url; /* where redirects led to */
    struct aw_buf content_type, content_encoding, body;
    bool is_cut; /* the body is longer than body_max */
    int status;
};

void aw_once_answer_init(struct aw_once_answer *answer, size_t body_max);
void aw_once_answer_deinit(struct aw_once_answer *answer);

/* Asks for url, which is canonical, and follows redirects, redirects_max of
 * them. AW_NET where there is no answer, or none of status 200 to 299. */
aw_rc aw_once_get(struct aw_once *once, struct aw_str url,
                  struct aw_once_answer *answer,
                  struct aw_err *err) AW_MUST_USE;

#endif
