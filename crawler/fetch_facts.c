#include "crawler/fetch_facts.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define CHAIN_URN "urn:tls-chain:sha256:"

/* ---- fields ------------------------------------------------------------- */

static void put_text(struct aw_buf *out, const char *name, struct aw_str text)
{
    if (text.len > 0)
        aw_buf_printf(out, "%s: %.*s\r\n", name, AW_STR_ARG(text));
}

/* The config writes IPv6 in brackets. */
static void put_address(struct aw_buf *out, struct aw_str address)
{
    if (aw_str_starts(address, AW_STR("[")))
        address = aw_str_sub(address, 1, address.len - 2);
    aw_buf_printf(out, " %.*s", AW_STR_ARG(address));
}

static void put_dns(struct aw_buf *out, const struct aw_fetch_facts *f)
{
    struct aw_str rest = f->dns;
    struct aw_str address;
    char at[AW_TIME_MAX];

    if (f->dns.len == 0)
        return;
    aw_buf_puts(out, "dnsAnswers:");
    while (aw_str_split(&rest, ',', &address))
        put_address(out, address);
    aw_buf_puts(out, "\r\n");
    put_text(out, "dnsSource", f->dns_source);
    if (f->dns_ms == 0)
        return;
    aw_time_iso_ms(f->dns_ms, at);
    put_text(out, "dnsTime", aw_str_of(at));
}

void aw_fetch_put_facts(struct aw_buf *out, const struct aw_fetch_facts *f)
{
    put_text(out, "remoteAddress", f->ip);
    if (f->port > 0)
        aw_buf_printf(out, "remotePort: %d\r\nconnection: %s\r\n", f->port,
                      f->kept ? "kept" : "new");
    put_dns(out, f);
    put_text(out, "tlsProtocol", f->tls_protocol);
    put_text(out, "tlsCipher", f->tls_cipher);
    if (f->tls_chain_sha256.len > 0)
        aw_buf_printf(out, "tlsChain: sha256:%.*s\r\n",
                      AW_STR_ARG(f->tls_chain_sha256));
}

/* ---- chains ------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

void aw_fetch_chains_deinit(struct aw_fetch_chains *chains)
{
    tdestroy(chains->digests, free);
    *chains = (struct aw_fetch_chains){0};
}

static aw_rc remember(struct aw_fetch_chains *chains, const char *digest,
                      struct aw_err *err)
{
    char *copy = strdup(digest);

    if (chains->count >= AW_FETCH_CHAINS_MAX)
        aw_fetch_chains_deinit(chains);
    if (!copy || !tsearch(copy, &chains->digests, compare)) {
        free(copy);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    chains->count++;
    return AW_OK;
}

static aw_rc write_chain(struct aw_warc_writer *warc,
                         const struct aw_fetch_facts *facts,
                         const char *digest, int64_t at_ms, struct aw_err *err)
{
    char uri[sizeof CHAIN_URN + AW_SHA256_HEX_MAX];
    struct aw_warc_place place;
    struct aw_warc_record record = {
        .type = AW_WARC_RESOURCE,
        .date_ms = at_ms,
        .content_type = AW_STR("application/pem-certificate-chain"),
        .body = facts->tls_chain,
    };

    (void)snprintf(uri, sizeof uri, CHAIN_URN "%s", digest);
    record.target_uri = aw_str_of(uri);
    return aw_warc_append(warc, &record, &place, err);
}

aw_rc aw_fetch_put_chain(struct aw_fetch_chains *chains,
                         struct aw_warc_writer *warc,
                         const struct aw_fetch_facts *facts, int64_t at_ms,
                         struct aw_err *err)
{
    char digest[AW_SHA256_HEX_MAX];
    aw_rc rc;

    if (facts->tls_chain_sha256.len == 0)
        return AW_OK;
    (void)snprintf(digest, sizeof digest, "%.*s",
                   AW_STR_ARG(facts->tls_chain_sha256));
    if (tfind(digest, &chains->digests, compare))
        return AW_OK;
    rc = write_chain(warc, facts, digest, at_ms, err);
    return rc == AW_OK ? remember(chains, digest, err) : rc;
}
