#include "crawler/fetch.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "crawler/fetch_private.h"
#include "crawler/head.h"
#include "crawler/peer.h"
#include "crawler/url.h"

#define REQUEST_HEAD_MAX ((size_t)64 << 10)
#define WAIT_MAX_MS 1000
#define CODINGS "Accept-Encoding: gzip, deflate"
#define CODING_MAX 256 /* bytes of all Content-Encoding together */
#define ORGANISATION_MAX (3 * (size_t)AW_PEER_ORGANISATION_MAX)
#define FLOOD_MAX 2000 /* TLS messages without a piece of the answer */
#define UNSEEN_MAX ((int64_t)1 << 20) /* bytes of a body, likewise */
#define STALL_MS 200       /* between two ticks: the loop was held up */
#define SPEED_CHECK_MS 250 /* how often the speed is looked at */
#define IDLE_KEEP_MAX ((size_t)1 << 20) /* bytes of a buffer that waits */

/* ---- libcurl's callbacks ---------------------------------------------- */

/* "HTTP/1.1 100 Continue" and its like: the answer is still to come. */
static bool is_interim(struct aw_str head)
{
    struct aw_str version;

    return aw_str_split(&head, ' ', &version) &&
           aw_str_starts(head, AW_STR("1"));
}

/* What follows a whole head is a new one after 100 Continue; else it is a
 * trailer, whatever it looks like. */
static bool begins_anew(const struct aw_transfer *t, struct aw_str line)
{
    return aw_str_starts(line, AW_STR("HTTP/")) &&
           is_interim(aw_buf_str(&t->head));
}

/* The connection may be gone, or another's, when the answer is told. */
static void take_peer(struct aw_transfer *t)
{
    const struct aw_peer *peer = aw_peer_of(t->easy);

    if (!peer)
        return;
    aw_buf_put(&t->organisation, aw_buf_str(&peer->organisation));
    aw_buf_put(&t->chain, aw_buf_str(&peer->chain));
    memcpy(t->chain_sha256, peer->chain_sha256, sizeof t->chain_sha256);
    memcpy(t->tls_protocol, peer->protocol, sizeof t->tls_protocol);
    memcpy(t->tls_cipher, peer->cipher, sizeof t->tls_cipher);
}

static size_t on_head(char *bytes, size_t size, size_t count, void *self)
{
    struct aw_transfer *t = self;
    struct aw_str line = {bytes, size * count};

    t->messages = t->unseen = 0;
    t->span_bytes += (int64_t)line.len;
    t->over_lines = ++t->lines > t->fetcher->config.lines_max;
    if (t->over_lines)
        return 0;
    if (t->head_is_whole && !begins_anew(t, line))
        return line.len;
    if (t->head.len == 0 && !t->tls_protocol[0])
        take_peer(t);
    if (t->head_is_whole) {
        t->head_is_whole = false;
        aw_buf_reset(&t->head);
        aw_buf_reset(&t->body);
    }
    aw_buf_put(&t->head, line);
    if (aw_str_eq(line, AW_STR("\r\n")) || aw_str_eq(line, AW_STR("\n")))
        t->head_is_whole = true;
    t->over_head = t->head.rc != AW_OK;
    return t->over_head ? 0 : line.len;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *self)
{
    struct aw_transfer *t = self;
    size_t len = size * count;
    size_t room = t->body.max - t->body.len;

    t->messages = t->unseen = 0;
    t->span_bytes += (int64_t)len;
    aw_buf_append(&t->body, bytes, len < room ? len : room);
    t->over_body = len > room || t->body.rc != AW_OK;
    return t->over_body ? 0 : len;
}

/* Takes a connection from under libcurl: what has come is thrown away too, so
 * that the next read fails. */
static void cut_connection(const struct aw_transfer *t)
{
    struct sockaddr none = {.sa_family = AF_UNSPEC};

    if (t->fd >= 0)
        (void)connect(t->fd, &none, sizeof none);
}

static void end_flood(struct aw_transfer *t)
{
    if (!t->flooded)
        cut_connection(t);
    t->flooded = true;
}

/* libcurl 7.88 reads on, within one call, as long as HTTP/2 frames come that
 * are no data of the page (cf_h2_recv): empty ones, pings. A server that sends
 * them fast enough would hold the whole crawl. So TLS messages, which are told
 * here, are counted from one piece of the answer to the next. */
static void count_message(struct aw_transfer *t)
{
    if (++t->messages > FLOOD_MAX)
        end_flood(t);
}

/* Bytes as they came, before they are taken apart into chunks. What stands
 * there beside the body, an extension of a chunk, has no end of its own, and
 * comes as fast as we read. */
static void count_unseen(struct aw_transfer *t, size_t len)
{
    t->unseen += (int64_t)len;
    if (t->unseen > UNSEEN_MAX)
        end_flood(t);
}

static int on_debug(CURL *easy, curl_infotype type, char *bytes, size_t len,
                    void *self)
{
    struct aw_transfer *t = self;

    (void)easy;
    if (type == CURLINFO_SSL_DATA_IN)
        count_message(t);
    if (type == CURLINFO_DATA_IN)
        count_unseen(t, len);
    if (type == CURLINFO_HEADER_OUT) {
        aw_buf_reset(&t->request);
        aw_buf_append(&t->request, bytes, len);
    }
    return 0;
}

static bool may_connect(const struct aw_transfer *t, const struct sockaddr *to)
{
    const struct aw_fetch_config *config = &t->fetcher->config;
    char text[AW_ADDRESS_TEXT_MAX];

    if (!config->may_connect)
        return true;
    aw_address_text(to, text);
    return config->may_connect(config->self, t->tag, text);
}

/* Those of connections: libcurl has others, of its resolver's threads. */
static void note_socket(struct aw_fetcher *fetcher, int fd, bool is_open)
{
    if (fd >= 0 && fd < AW_LOOP_FDS_MAX)
        fetcher->is_connection[fd] = is_open;
}

static bool is_connection(const struct aw_fetcher *fetcher, int fd)
{
    return fd >= 0 && fd < AW_LOOP_FDS_MAX && fetcher->is_connection[fd];
}

static int on_close(void *self, curl_socket_t fd)
{
    struct aw_fetcher *fetcher = self;

    note_socket(fetcher, fd, false);
    aw_loop_unwatch(fetcher->config.loop, fd);
    return close(fd);
}

static curl_socket_t open_socket(struct aw_transfer *t,
                                 const struct curl_sockaddr *address)
{
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC,
                    address->protocol);

    t->tried = true;
    note_socket(t->fetcher, fd, true);
    return fd;
}

static curl_socket_t on_connect(void *self, curlsocktype purpose,
                                struct curl_sockaddr *address)
{
    struct aw_transfer *t = self;

    (void)purpose;
    if (!aw_address_allowed(t->fetcher->config.policy, &address->addr)) {
        t->refused = true;
        return CURL_SOCKET_BAD;
    }
    if (!may_connect(t, &address->addr)) {
        t->busy = true;
        return CURL_SOCKET_BAD;
    }
    return open_socket(t, address);
}

static void act(struct aw_fetcher *fetcher, curl_socket_t fd, int events)
{
    int running;

    (void)curl_multi_socket_action(fetcher->multi, fd, events, &running);
}

static void on_ready(void *self, int fd, unsigned events)
{
    int bits = (events & AW_LOOP_READ ? CURL_CSELECT_IN : 0) |
               (events & AW_LOOP_WRITE ? CURL_CSELECT_OUT : 0);

    act(self, fd, bits);
}

/* A connection is kept for the next request, which will watch it again. */
static int end_watch(struct aw_fetcher *fetcher, int fd)
{
    if (is_connection(fetcher, fd))
        aw_loop_rest(fetcher->config.loop, fd);
    else
        aw_loop_unwatch(fetcher->config.loop, fd);
    return 0;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *self,
                     void *socket_self)
{
    struct aw_fetcher *fetcher = self;
    struct aw_transfer *t = NULL;
    struct aw_err err;
    unsigned events = 0;

    (void)socket_self;
    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t);
    if (t)
        t->fd = what == CURL_POLL_REMOVE ? -1 : fd;
    if (what == CURL_POLL_REMOVE)
        return end_watch(fetcher, fd);
    if (what != CURL_POLL_OUT)
        events |= AW_LOOP_READ;
    if (what != CURL_POLL_IN)
        events |= AW_LOOP_WRITE;
    return aw_loop_watch(fetcher->config.loop, fd, events,
                         (struct aw_loop_watch){on_ready, fetcher},
                         &err) == AW_OK
               ? 0
               : -1;
}

static int on_timer(CURLM *multi, long wait_ms, void *self)
{
    struct aw_fetcher *fetcher = self;

    (void)multi;
    fetcher->timer_ms =
        wait_ms < 0 ? -1 : aw_clock_mono(fetcher->config.clock) + wait_ms;
    return 0;
}

/* ---- life --------------------------------------------------------------- */

static bool add_line(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);

    if (longer)
        *list = longer;
    return longer != NULL;
}

static bool set_up_multi(struct aw_fetcher *f)
{
    return f->multi &&
           !curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, on_socket) &&
           !curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f) &&
           !curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, on_timer) &&
           !curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f) &&
           !curl_multi_setopt(f->multi, CURLMOPT_MAXCONNECTS,
                              (long)f->config.connections);
}

static bool add_headers(struct curl_slist **list, const char *codings)
{
    return add_line(list, codings) &&
           add_line(list,
                    "Accept: text/html,application/xhtml+xml,"
                    "application/json;q=0.9,text/plain;q=0.8,*/*;q=0.5") &&
           add_line(list, "Accept-Language: zh-CN,zh;q=0.9");
}

static bool set_up_lists(struct aw_fetcher *f)
{
    for (size_t i = 0; i < f->config.resolve_count; i++)
        if (!add_line(&f->resolve, f->config.resolve[i]))
            return false;
    return add_headers(&f->headers, CODINGS) &&
           add_headers(&f->robots_headers, "Accept-Encoding: identity");
}

static bool is_address(struct aw_str text)
{
    char name[INET6_ADDRSTRLEN];
    unsigned char bytes[16];

    if (aw_str_starts(text, AW_STR("[")) && aw_str_ends(text, AW_STR("]")))
        text = aw_str_sub(text, 1, text.len - 2);
    if (text.len >= sizeof name)
        return false;
    (void)snprintf(name, sizeof name, "%.*s", AW_STR_ARG(text));
    return inet_pton(AF_INET, name, bytes) == 1 ||
           inet_pton(AF_INET6, name, bytes) == 1;
}

static bool are_addresses(struct aw_str list)
{
    struct aw_str one;

    if (list.len == 0 || aw_str_ends(list, AW_STR(",")))
        return false;
    while (aw_str_split(&list, ',', &one))
        if (!is_address(one))
            return false;
    return true;
}

/* libcurl would tell a false one anew with every request. */
aw_rc aw_fetch_check_resolve(const char *entry, struct aw_err *err)
{
    struct aw_str rest = aw_str_of(entry);
    struct aw_str host = {0};
    struct aw_str port = {0};
    int64_t number;

    if (aw_str_split(&rest, ':', &host) && aw_str_split(&rest, ':', &port) &&
        host.len > 0 && aw_str_to_int(port, &number) && number > 0 &&
        number <= UINT16_MAX && are_addresses(rest))
        return AW_OK;
    return aw_fail(err, AW_CONFIG,
                   "network.resolve: '%s' is no \"host:port:address\"", entry);
}

static aw_rc check_config(const struct aw_fetch_config *config,
                          struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < config->resolve_count && rc == AW_OK; i++)
        rc = aw_fetch_check_resolve(config->resolve[i], err);
    if (rc == AW_OK && config->ca_file && access(config->ca_file, R_OK) != 0)
        rc = aw_fail_errno(err, AW_CONFIG, "network.ca_file: cannot read '%s'",
                           config->ca_file);
    return rc;
}

static void set_default(int64_t *limit, int64_t value)
{
    if (*limit == 0)
        *limit = value;
}

aw_rc aw_fetcher_new(struct aw_fetcher **out,
                     const struct aw_fetch_config *config, struct aw_err *err)
{
    aw_rc rc = check_config(config, err);
    struct aw_fetcher *f;

    if (rc != AW_OK)
        return rc;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return aw_fail(err, AW_FAIL, "libcurl cannot be set up");
    f = calloc(1, sizeof *f);
    if (!f)
        return aw_fail(err, AW_NOMEM, "out of memory");
    f->config = *config;
    set_default(&f->config.lines_max, AW_FETCH_LINES_MAX);
    set_default(&f->config.speed_ms, AW_FETCH_SPEED_MS);
    f->timer_ms = -1;
    f->multi = curl_multi_init();
    if (!set_up_multi(f) || !set_up_lists(f))
        rc = aw_fail(err, AW_NOMEM, "libcurl cannot be set up");
    if (rc == AW_OK)
        rc = aw_fetch_names_new(f, err);
    if (rc == AW_OK)
        *out = f;
    else
        aw_fetcher_free(f);
    return rc;
}

static void free_transfer(struct aw_transfer *t)
{
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->headers);
    aw_buf_deinit(&t->robots_tag);
    aw_buf_deinit(&t->coding);
    aw_buf_deinit(&t->organisation);
    aw_buf_deinit(&t->chain);
    aw_buf_deinit(&t->dns);
    curl_slist_free_all(t->resolve);
    aw_buf_deinit(&t->request);
    aw_buf_deinit(&t->head);
    aw_buf_deinit(&t->body);
    free(t);
}

void aw_fetcher_free(struct aw_fetcher *f)
{
    if (!f)
        return;
    while (f->active) {
        struct aw_transfer *t = f->active;

        f->active = t->active_next;
        (void)curl_multi_remove_handle(f->multi, t->easy);
        free_transfer(t);
    }
    while (f->idle) {
        struct aw_transfer *t = f->idle;

        f->idle = t->next;
        free_transfer(t);
    }
    aw_resolver_free(f->resolver);
    (void)curl_multi_cleanup(f->multi);
    curl_slist_free_all(f->resolve);
    curl_slist_free_all(f->headers);
    curl_slist_free_all(f->robots_headers);
    free(f);
}

/* ---- one transfer ------------------------------------------------------ */

#define SET(option, value) (!curl_easy_setopt(t->easy, option, value))

static bool set_callbacks(struct aw_transfer *t)
{
    return SET(CURLOPT_PRIVATE, t) && SET(CURLOPT_HEADERFUNCTION, on_head) &&
           SET(CURLOPT_HEADERDATA, t) && SET(CURLOPT_WRITEFUNCTION, on_body) &&
           SET(CURLOPT_WRITEDATA, t) && SET(CURLOPT_DEBUGFUNCTION, on_debug) &&
           SET(CURLOPT_DEBUGDATA, t) && SET(CURLOPT_VERBOSE, 1L) &&
           SET(CURLOPT_OPENSOCKETFUNCTION, on_connect) &&
           SET(CURLOPT_OPENSOCKETDATA, t) &&
           SET(CURLOPT_CLOSESOCKETFUNCTION, on_close) &&
           SET(CURLOPT_CLOSESOCKETDATA, t->fetcher) &&
           SET(CURLOPT_ERRORBUFFER, t->why);
}

static bool set_manners(struct aw_transfer *t)
{
    const struct aw_fetch_config *config = &t->fetcher->config;

    return SET(CURLOPT_PROTOCOLS_STR, "http,https") &&
           SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) &&
           SET(CURLOPT_HTTP_CONTENT_DECODING, 0L) &&
           SET(CURLOPT_USERAGENT, config->user_agent) &&
           SET(CURLOPT_PROXY, "") && SET(CURLOPT_NOSIGNAL, 1L) &&
           SET(CURLOPT_QUICK_EXIT, 1L) && /* never wait for a resolver */
           SET(CURLOPT_TIMEOUT_MS, (long)config->timeout_ms) &&
           (!config->ca_file || SET(CURLOPT_CAINFO, config->ca_file));
}

static struct aw_transfer *new_transfer(struct aw_fetcher *f)
{
    struct aw_transfer *t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    t->fetcher = f;
    t->fd = -1;
    t->easy = curl_easy_init();
    aw_buf_init(&t->request, REQUEST_HEAD_MAX);
    aw_buf_init(&t->head, (size_t)f->config.head_max);
    aw_buf_init(&t->body, (size_t)f->config.body_max);
    aw_buf_init(&t->robots_tag, AW_FETCH_ROBOTS_TAG_MAX);
    aw_buf_init(&t->coding, CODING_MAX);
    aw_buf_init(&t->organisation, ORGANISATION_MAX);
    aw_buf_init(&t->chain, AW_PEER_CHAIN_MAX);
    aw_buf_init(&t->dns, AW_RESOLVE_TEXT_MAX);
    if (!t->easy || !set_callbacks(t) || !set_manners(t)) {
        free_transfer(t);
        return NULL;
    }
    return t;
}

static struct aw_transfer *take_transfer(struct aw_fetcher *f)
{
    struct aw_transfer *t = f->idle;

    if (!t)
        return new_transfer(f);
    f->idle = t->next;
    aw_buf_reset(&t->request);
    aw_buf_reset(&t->head);
    aw_buf_reset(&t->body);
    aw_buf_reset(&t->robots_tag);
    aw_buf_reset(&t->coding);
    aw_buf_reset(&t->organisation);
    aw_buf_reset(&t->chain);
    t->chain_sha256[0] = t->tls_protocol[0] = t->tls_cipher[0] = '\0';
    t->head_is_whole = t->refused = t->busy = t->tried = false;
    t->over_head = t->over_lines = t->over_body = t->too_slow = t->flooded =
        false;
    t->lines = t->span_bytes = t->messages = t->unseen = 0;
    t->fd = -1;
    t->why[0] = '\0';
    return t;
}

/* One that held a great page gives its memory back. */
static void shrink(struct aw_buf *buf)
{
    size_t max = buf->max;

    if (buf->cap <= IDLE_KEEP_MAX)
        return;
    aw_buf_deinit(buf);
    aw_buf_init(buf, max);
}

static void put_idle(struct aw_transfer *t)
{
    shrink(&t->head);
    shrink(&t->body);
    t->next = t->fetcher->idle;
    t->fetcher->idle = t;
}

static void link_active(struct aw_transfer *t)
{
    struct aw_fetcher *f = t->fetcher;

    t->active_prev = NULL;
    t->active_next = f->active;
    if (f->active)
        f->active->active_prev = t;
    f->active = t;
}

static void unlink_active(struct aw_transfer *t)
{
    if (t->active_prev)
        t->active_prev->active_next = t->active_next;
    else
        t->fetcher->active = t->active_next;
    if (t->active_next)
        t->active_next->active_prev = t->active_prev;
}

/* A value that is none any server sent, or that would end its line, is left
 * out. */
static bool add_condition(struct aw_transfer *t, const char *name,
                          struct aw_str value)
{
    char line[AW_VALIDATOR_MAX + 32];

    if (!aw_head_is_validator(value))
        return true;
    (void)snprintf(line, sizeof line, "%s: %.*s", name, AW_STR_ARG(value));
    return add_line(&t->headers, line);
}

static bool has_control(struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F)
            return true;
    return false;
}

static bool add_field(struct aw_transfer *t,
                      const struct aw_fetch_field *field)
{
    struct aw_buf line;
    bool ok;

    if (has_control(field->name) || has_control(field->value))
        return true;
    aw_buf_init(&line, REQUEST_HEAD_MAX);
    aw_buf_printf(&line, "%.*s: %.*s", AW_STR_ARG(field->name),
                  AW_STR_ARG(field->value));
    ok = line.rc == AW_OK && add_line(&t->headers, line.ptr);
    aw_buf_deinit(&line);
    return ok;
}

static bool set_fields(struct aw_transfer *t, const struct aw_fetch_request *r)
{
    bool ok = add_line(&t->headers, "Accept-Encoding: identity");

    for (size_t i = 0; i < r->field_count && ok; i++)
        ok = add_field(t, &r->fields[i]);
    return ok && SET(CURLOPT_HTTPHEADER, t->headers);
}

static bool set_headers(struct aw_transfer *t,
                        const struct aw_fetch_request *r)
{
    bool conditional = !r->robots && (r->if_none_match.len > 0 ||
                                      r->if_modified_since.len > 0);

    curl_slist_free_all(t->headers);
    t->headers = NULL;
    if (r->fields)
        return set_fields(t, r);
    if (!conditional)
        return SET(CURLOPT_HTTPHEADER, r->robots ? t->fetcher->robots_headers
                                                 : t->fetcher->headers);
    return add_headers(&t->headers, CODINGS) &&
           add_condition(t, "If-None-Match", r->if_none_match) &&
           add_condition(t, "If-Modified-Since", r->if_modified_since) &&
           SET(CURLOPT_HTTPHEADER, t->headers);
}

static bool set_request(struct aw_transfer *t,
                        const struct aw_fetch_request *r)
{
    const struct aw_clock *clock = t->fetcher->config.clock;
    char url[AW_URL_MAX + 1];

    (void)snprintf(url, sizeof url, "%.*s", AW_STR_ARG(r->url));
    t->tag = r->tag;
    t->host = r->host;
    t->started_ms = aw_clock_wall(clock);
    t->started_mono_ms = t->span_ms = aw_clock_mono(clock);
    return SET(CURLOPT_URL, url) && set_headers(t, r);
}

aw_rc aw_fetch_start(struct aw_fetcher *f, const struct aw_fetch_request *r,
                     struct aw_err *err)
{
    struct aw_transfer *t;

    if (r->url.len > AW_URL_MAX)
        return aw_fail(err, AW_LIMIT, "a URL is longer than %d", AW_URL_MAX);
    t = take_transfer(f);
    if (!t)
        return aw_fail(err, AW_NOMEM, "out of memory for a request");
    if (!set_request(t, r) || !aw_transfer_begin(t, r->url)) {
        put_idle(t);
        return aw_fail(err, AW_NOMEM, "libcurl cannot start a request");
    }
    link_active(t);
    return AW_OK;
}

/* ---- the end of a transfer -----------------------------------------------
 */

static void end_transfer(struct aw_transfer *t, CURLcode code)
{
    (void)curl_multi_remove_handle(t->fetcher->multi, t->easy);
    unlink_active(t);
    aw_transfer_tell(t, code);
    put_idle(t);
}

/* Their answer is told from here, as all others. */
static void take_nameless(struct aw_fetcher *f)
{
    struct aw_transfer *next;

    for (struct aw_transfer *t = f->active; t && f->failed_names > 0;
         t = next) {
        next = t->active_next;
        if (t->naming != AW_NAMING_FAILED)
            continue;
        f->failed_names--;
        end_transfer(t, CURLE_COULDNT_RESOLVE_HOST);
    }
}

static void take_finished(struct aw_fetcher *f)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(f->multi, &left))) {
        struct aw_transfer *t = NULL;
        CURLcode code = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
        end_transfer(t, code);
    }
}

/* libcurl's own watch takes the speed of the last seconds: a byte now and
 * then in a burst passes it. This one counts whole spans. */
static bool is_too_slow(struct aw_transfer *t, int64_t now)
{
    const struct aw_fetch_config *config = &t->fetcher->config;
    int64_t span = now - t->span_ms;

    if (t->naming == AW_NAMING_ASKED)
        return now - t->started_mono_ms >= config->timeout_ms;
    if (span < config->speed_ms)
        return false;
    t->too_slow = t->span_bytes * 1000 < config->speed_min * span;
    t->span_ms = now;
    t->span_bytes = 0;
    return t->too_slow;
}

/* While the loop was busy with other things nobody was slow but us. */
static void forgive_stall(struct aw_fetcher *f, int64_t now)
{
    int64_t gap = now - f->ticked_ms;

    f->ticked_ms = now;
    if (gap < STALL_MS || gap == now)
        return;
    for (struct aw_transfer *t = f->active; t; t = t->active_next)
        if (t->span_ms < now - gap)
            t->span_ms += gap;
}

static void check_speed(struct aw_fetcher *f, int64_t now)
{
    struct aw_transfer *next;

    forgive_stall(f, now);
    if (now < f->speed_due_ms)
        return;
    f->speed_due_ms = now + SPEED_CHECK_MS;
    for (struct aw_transfer *t = f->active; t; t = next) {
        next = t->active_next;
        if (is_too_slow(t, now))
            end_transfer(t, CURLE_OPERATION_TIMEDOUT);
    }
}

void aw_fetch_cancel(struct aw_fetcher *f, const void *tag)
{
    struct aw_transfer *next;

    for (struct aw_transfer *t = f->active; t; t = next) {
        next = t->active_next;
        if (t->tag != tag)
            continue;
        f->failed_names -= t->naming == AW_NAMING_FAILED;
        (void)curl_multi_remove_handle(f->multi, t->easy);
        unlink_active(t);
        put_idle(t);
    }
}

void aw_fetch_push(struct aw_fetcher *f)
{
    if (f->timer_ms < 0 || f->timer_ms > aw_clock_mono(f->config.clock))
        return;
    f->timer_ms = -1;
    act(f, CURL_SOCKET_TIMEOUT, 0);
}

void aw_fetch_tick(struct aw_fetcher *f, int *wait_ms)
{
    int64_t now = aw_clock_mono(f->config.clock);
    int64_t wait = WAIT_MAX_MS;

    aw_fetch_push(f);
    take_finished(f);
    take_nameless(f);
    check_speed(f, now);
    if (f->timer_ms >= 0)
        wait = f->timer_ms - aw_clock_mono(f->config.clock);
    if (wait < 0)
        wait = 0;
    *wait_ms = (int)(wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS);
}
