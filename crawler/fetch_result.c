#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "crawler/fetch_private.h"
#include "crawler/head.h"
#include "crawler/pace.h"

#define RETRY_AFTER_MAX_S (AW_PACE_RETRY_MOST_MS / 1000)

/* WARC 1.1 has no form for HTTP/2: its status line is written as HTTP/1.1. */
static void write_as_http11(struct aw_buf *head)
{
    struct aw_str text = aw_buf_str(head);
    struct aw_str rest;
    struct aw_buf fixed;

    if (!aw_str_starts(text, AW_STR("HTTP/2 ")))
        return;
    rest = aw_str_sub(text, strlen("HTTP/2"), text.len);
    aw_buf_init(&fixed, head->max + 16);
    aw_buf_puts(&fixed, "HTTP/1.1");
    aw_buf_put(&fixed, rest);
    if (fixed.rc == AW_OK) {
        fixed.max = head->max;
        aw_buf_deinit(head);
        *head = fixed;
    } else {
        aw_buf_deinit(&fixed);
    }
}

/* libcurl's own words hold byte counts for these: as reasons they would not
 * add up in `status`. */
static const struct {
    CURLcode code;
    const char *text;
} reasons[] = {
    {CURLE_OPERATION_TIMEDOUT, "no whole answer within timeout_ms"},
    {CURLE_PARTIAL_FILE, "connection ended before the body did"},
    {CURLE_COULDNT_RESOLVE_HOST, "could not resolve the host's name"},
};

/* libcurl's words for it hold the port and milliseconds; and while it closes
 * an old connection of another host it writes into our text as well. */
static void say_why_not_connected(struct aw_transfer *t, CURLcode code)
{
    long number = 0;

    if (code != CURLE_COULDNT_CONNECT)
        return;
    (void)curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &number);
    (void)snprintf(t->why, sizeof t->why, "could not connect%s%s",
                   number ? ": " : "", number ? strerror((int)number) : "");
}

static bool is_address_busy(const struct aw_transfer *t)
{
    return t->busy && !t->tried;
}

/* Where another address of the host was tried, that one is what failed. */
static bool is_refused(const struct aw_transfer *t)
{
    return t->refused && !t->busy && !t->tried;
}

static const char *reason(const struct aw_transfer *t, CURLcode code)
{
    if (is_address_busy(t))
        return "another host of its address is being asked";
    if (is_refused(t))
        return "address not allowed";
    if (t->over_head)
        return "response head over head_max";
    if (t->over_lines)
        return "response head of too many lines";
    if (t->flooded)
        return "flood of empty messages";
    if (t->too_slow)
        return "answer slower than speed_min";
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].code == code)
            return reasons[i].text;
    return t->why[0] ? t->why : curl_easy_strerror(code);
}

static bool is_lasting(const struct aw_transfer *t, CURLcode code)
{
    return is_refused(t) || t->over_head || t->over_lines || t->flooded ||
           code == CURLE_PEER_FAILED_VERIFICATION ||
           code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT;
}

static struct aw_str validator(struct aw_str head, struct aw_str name)
{
    struct aw_str value = aw_head_value(head, name);

    return aw_head_is_validator(value) ? value : AW_STR("");
}

static void fill_fields(struct aw_transfer *t, struct aw_fetch_result *r)
{
    struct aw_str head = aw_buf_str(&t->head);

    aw_head_join(head, AW_STR("x-robots-tag"), "\n", &t->robots_tag);
    aw_head_join(head, AW_STR("content-encoding"), ", ", &t->coding);
    r->content_type = aw_head_value(head, AW_STR("content-type"));
    r->content_encoding = aw_buf_str(&t->coding);
    r->location = aw_head_value(head, AW_STR("location"));
    r->etag = validator(head, AW_STR("etag"));
    r->last_modified = validator(head, AW_STR("last-modified"));
    r->x_robots_tag = aw_buf_str(&t->robots_tag);
}

static void fill_answer(struct aw_transfer *t, struct aw_fetch_result *r)
{
    long version = 0;
    long status = 0;
    curl_off_t wait = 0;

    (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
    (void)curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &wait);
    write_as_http11(&t->head);
    r->status = (int)status;
    r->protocol = version == CURL_HTTP_VERSION_2_0   ? AW_STR("h2")
                  : version == CURL_HTTP_VERSION_1_0 ? AW_STR("http/1.0")
                                                     : AW_STR("http/1.1");
    r->request_head = aw_buf_str(&t->request);
    r->response_head = aw_buf_str(&t->head);
    r->body = aw_buf_str(&t->body);
    r->tls_organisation = aw_buf_str(&t->organisation);
    fill_fields(t, r);
    r->retry_after_ms = wait <= 0                  ? 0
                        : wait < RETRY_AFTER_MAX_S ? wait * 1000
                                                   : RETRY_AFTER_MAX_S * 1000;
}

static void fill_facts(struct aw_transfer *t, struct aw_fetch_result *r)
{
    long port = 0;
    long connects = 0;

    (void)curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_PORT, &port);
    (void)curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &connects);
    r->facts = (struct aw_fetch_facts){
        .ip = r->ip,
        .port = (int)port,
        .kept = connects == 0,
        .dns = aw_buf_str(&t->dns),
        .dns_source = aw_str_of(t->dns_source),
        .dns_ms = t->dns_ms,
        .tls_protocol = aw_str_of(t->tls_protocol),
        .tls_cipher = aw_str_of(t->tls_cipher),
        .tls_chain = aw_buf_str(&t->chain),
        .tls_chain_sha256 = aw_str_of(t->chain_sha256),
    };
}

void aw_transfer_tell(struct aw_transfer *t, CURLcode code)
{
    const struct aw_fetch_config *config = &t->fetcher->config;
    struct aw_fetch_result result = {.host = t->host,
                                     .tag = t->tag,
                                     .why = "",
                                     .truncated = ""};
    char *ip = NULL;

    (void)curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &ip);
    result.ip = aw_str_of(ip);
    fill_facts(t, &result);
    result.started_ms = t->started_ms;
    result.elapsed_ms = aw_clock_mono(config->clock) - t->started_mono_ms;
    if (code == CURLE_WRITE_ERROR && t->over_body) {
        result.truncated = "length";
        code = CURLE_OK;
    }
    if (code == CURLE_OK) {
        fill_answer(t, &result);
    } else {
        result.rc = AW_NET;
        say_why_not_connected(t, code);
        result.why = reason(t, code);
        result.timed_out = code == CURLE_OPERATION_TIMEDOUT;
        result.lasting = is_lasting(t, code);
        result.address_busy = is_address_busy(t);
    }
    config->done(config->self, &result);
}
