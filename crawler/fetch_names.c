#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "crawler/fetch_private.h"

#define ENTRY_MAX (AW_RESOLVE_HOST_MAX + AW_RESOLVE_TEXT_MAX + 32)

#define SET(option, value) (!curl_easy_setopt(t->easy, option, value))

static bool send_request(struct aw_transfer *t)
{
    t->naming = AW_NAMING_DONE;
    return curl_multi_add_handle(t->fetcher->multi, t->easy) == CURLM_OK;
}

/* ---- names that the config knows ---------------------------------------- */

/* The addresses of "host:port:address,..." if that is this host. */
static bool take_entry(struct aw_transfer *t, struct aw_str entry,
                       struct aw_str host)
{
    struct aw_str name = {0};
    struct aw_str port = {0};
    int64_t number;

    if (!aw_str_split(&entry, ':', &name) ||
        !aw_str_split(&entry, ':', &port) || !aw_str_to_int(port, &number) ||
        number != t->port ||
        !(aw_str_eq_nocase(name, host) || aw_str_eq(name, AW_STR("*"))))
        return false;
    aw_buf_put(&t->dns, entry);
    t->dns_source = "config";
    return true;
}

static bool is_configured(struct aw_transfer *t, struct aw_str host)
{
    for (const struct curl_slist *at = t->fetcher->resolve; at; at = at->next)
        if (take_entry(t, aw_str_of(at->data), host))
            return true;
    return false;
}

/* ---- names that are asked for ------------------------------------------- */

static bool is_number(struct aw_str host)
{
    char text[INET_ADDRSTRLEN];
    struct in_addr address;

    if (host.len >= sizeof text)
        return false;
    (void)snprintf(text, sizeof text, "%.*s", AW_STR_ARG(host));
    return inet_pton(AF_INET, text, &address) == 1;
}

/* What is none libcurl has a word for: addresses, localhost (RFC 6761), and
 * what cannot be a name. */
static bool is_name(struct aw_str host)
{
    if (host.len == 0 || host.len >= AW_RESOLVE_HOST_MAX || is_number(host) ||
        aw_str_eq(host, AW_STR("localhost")) ||
        aw_str_ends(host, AW_STR(".localhost")) ||
        aw_str_ends(host, AW_STR(".")))
        return false;
    for (size_t i = 0; i < host.len; i++)
        if (!aw_ascii_alpha(host.ptr[i]) && !aw_ascii_digit(host.ptr[i]) &&
            host.ptr[i] != '-' && host.ptr[i] != '.' && host.ptr[i] != '_')
            return false;
    return true;
}

static void put_address(struct aw_buf *entry, struct aw_str address, bool more)
{
    bool is_6 = aw_str_find(address, AW_STR(":")) >= 0;

    aw_buf_printf(entry, "%s%s%.*s%s", more ? "," : "", is_6 ? "[" : "",
                  AW_STR_ARG(address), is_6 ? "]" : "");
}

/* "+": it serves no longer than an answer of libcurl's own. */
static bool give_addresses(struct aw_transfer *t)
{
    struct aw_str rest = aw_buf_str(&t->dns);
    struct aw_str address;
    struct aw_buf entry;
    bool more = false;

    curl_slist_free_all(t->resolve);
    t->resolve = NULL;
    aw_buf_init(&entry, ENTRY_MAX);
    aw_buf_printf(&entry, "+%s:%u:", t->name, (unsigned)t->port);
    while (aw_str_split(&rest, ',', &address)) {
        put_address(&entry, address, more);
        more = true;
    }
    if (entry.rc == AW_OK)
        t->resolve = curl_slist_append(NULL, entry.ptr);
    aw_buf_deinit(&entry);
    return t->resolve && SET(CURLOPT_RESOLVE, t->resolve);
}

static bool take_answer(struct aw_transfer *t, const struct aw_lookup *lookup)
{
    aw_buf_puts(&t->dns, lookup->addresses);
    t->dns_source = lookup->source;
    t->dns_ms = lookup->asked_ms;
    return t->dns.len > 0 && give_addresses(t) && send_request(t);
}

static void on_resolved(void *self, const struct aw_lookup *lookup)
{
    struct aw_fetcher *f = self;

    for (struct aw_transfer *t = f->active; t; t = t->active_next) {
        if (t->naming != AW_NAMING_ASKED ||
            strcmp(t->name, lookup->host) != 0 || take_answer(t, lookup))
            continue;
        t->naming = AW_NAMING_FAILED;
        f->failed_names++;
    }
}

static bool ask(struct aw_transfer *t, struct aw_str host)
{
    const struct aw_lookup *answer = NULL;
    struct aw_err err;

    for (size_t i = 0; i < host.len; i++)
        t->name[i] = aw_ascii_lower(host.ptr[i]);
    t->name[host.len] = '\0';
    t->naming = AW_NAMING_ASKED;
    if (aw_resolver_ask(t->fetcher->resolver, aw_str_of(t->name), &answer,
                        &err) != AW_OK)
        return false;
    return !answer || take_answer(t, answer);
}

/* ---- a request ---------------------------------------------------------- */

bool aw_transfer_begin(struct aw_transfer *t, struct aw_str url)
{
    struct aw_url_parts parts = {0};
    struct aw_err err;
    bool known = aw_url_parse(url, &parts, &err) == AW_OK;

    aw_buf_reset(&t->dns);
    t->dns_source = "";
    t->dns_ms = 0;
    t->port = parts.port;
    if (known && !is_configured(t, parts.host) && parts.port > 0 &&
        is_name(parts.host))
        return ask(t, parts.host);
    return SET(CURLOPT_RESOLVE, t->fetcher->resolve) && send_request(t);
}

aw_rc aw_fetch_names_new(struct aw_fetcher *f, struct aw_err *err)
{
    const struct aw_resolver_config config = {.loop = f->config.loop,
                                              .clock = f->config.clock,
                                              .done = on_resolved,
                                              .self = f};

    return aw_resolver_new(&f->resolver, &config, err);
}
