/* facts.h - how a capture was fetched, read from its own WARC records.
 *
 * The crawl writes beside each answer what can be known at that moment alone
 * (crawler/crawl_archive.c, crawler/render_record.c, docs/06):
 *
 *     metadata   via, redirects, DNS answers, remote address, TLS
 *     warcinfo   the clock at the begin of the run
 *     resource   urn:pageinfo:URL: the browser, and what it loaded
 *     resource   urn:tls-chain:sha256:HEX: certificates
 *
 * A caller hands over the records of one capture, in any order; those that
 * tell nothing are passed over. All of them are untrusted: they may come from
 * a stranger's bundle. Texts are copied to the caller's arena, made
 * well-formed; what is not told stays empty, 0 or -1.
 */
#ifndef AW_EVIDENCE_FACTS_H
#define AW_EVIDENCE_FACTS_H

#include "archive/warc.h"
#include "base/arena.h"

#define AW_FACTS_ADDRESSES_MAX 64
#define AW_FACTS_CERTIFICATES_MAX 16
#define AW_FACTS_RESOURCES_MAX 5000
#define AW_FACTS_FIELDS_MAX ((size_t)64 << 10) /* bytes of such a record */
#define AW_FACTS_PAGE_MAX ((size_t)8 << 20)    /* of a pageinfo */
#define AW_FACTS_CHAIN_MAX ((size_t)512 << 10) /* of a chain, PEM */
#define AW_FACTS_TEXT_MAX 8192                 /* bytes of one text */

#define AW_TLS_CHAIN_URN "urn:tls-chain:sha256:"

/* One that the browser loaded for its page. */
struct aw_fact_resource {
    struct aw_str url;
    struct aw_str record; /* WARC-Record-ID of the answer; empty: was given */
    int status;
    struct aw_str mime;
    int64_t bytes;
};

struct aw_fact_certificate {
    struct aw_str subject, issuer; /* RFC 2253 */
    struct aw_str serial;          /* hex */
    int64_t from_ms, until_ms;
    char sha256[AW_SHA256_HEX_MAX]; /* of its DER */
};

struct aw_facts {
    struct aw_arena *arena;
    struct aw_str response; /* record id, whose metadata counts; or empty */

    /* Of the metadata. */
    struct aw_str via, found_as;
    int64_t redirects; /* in a row that led here; -1: not told */
    int64_t fetch_ms;  /* how long it took; -1: not told */
    struct aw_str remote_address;
    int64_t remote_port; /* 0: not told */
    bool connection_kept;
    struct aw_str dns[AW_FACTS_ADDRESSES_MAX];
    size_t dns_count;
    struct aw_str dns_source; /* "hosts file", "resolver", "config" ... */
    struct aw_str dns_at;     /* UTC, as it stands */
    struct aw_str tls_protocol, tls_cipher;
    struct aw_str tls_chain; /* SHA-256 of the PEM, hex; or empty */

    /* Of the warcinfo. */
    struct aw_str software, clock_at, clock_at_beijing;
    struct aw_str clock_synchronised; /* "yes", "no", "not known" */
    struct aw_str clock_offset_us, clock_error_us, clock_error_most_us;
    struct aw_str clock_keeper;

    /* Of the pageinfo. */
    struct aw_str browser;
    bool page_given;           /* it was given the page as fetched */
    struct aw_str page_record; /* its own answer; empty: it was given */
    struct aw_str page_digest; /* SHA-256 of that one's payload, hex */
    int page_status;           /* likewise, or 0 */
    struct aw_fact_resource *resources;
    size_t resource_count;
    bool resources_cut; /* there were more */

    /* Of the chain, the server's own first. */
    struct aw_fact_certificate certificates[AW_FACTS_CERTIFICATES_MAX];
    size_t certificate_count;
};

/* response: the id of the record whose metadata counts; empty: any. */
void aw_facts_init(struct aw_facts *facts, struct aw_arena *arena,
                   struct aw_str response);

/* Takes what the record tells. AW_INVALID, AW_LIMIT: it is of such a kind and
 * is false or too large; facts is as before then, but for memory. */
aw_rc aw_facts_add(struct aw_facts *facts, const struct aw_warc_record *record,
                   struct aw_err *err) AW_MUST_USE;

/* Appends members to an open JSON object: "way", "network", "clock" and, where
 * a browser saw it, "browser". */
void aw_facts_json(struct aw_buf *out, const struct aw_facts *facts);

#endif
