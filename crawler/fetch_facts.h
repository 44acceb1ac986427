/* fetch_facts.h - how an answer came, for the archive: what can be known at
 * that moment alone.
 *
 * As fields of the metadata record beside it:
 *
 *     remoteAddress: 192.0.2.7
 *     remotePort: 443
 *     connection: new                   or kept, from an earlier request
 *     dnsAnswers: 192.0.2.7 2001:db8::7 all that the name gave
 *     dnsSource: resolver               or hosts file, config
 *     dnsTime: 2026-11-23T02:13:00.123Z when it was asked for
 *     tlsProtocol: TLSv1.3
 *     tlsCipher: TLS_AES_256_GCM_SHA384
 *     tlsChain: sha256:HEX              of urn:tls-chain:sha256:HEX
 *
 * What is not known has no line: of an address in the URL no DNS, of http no
 * TLS. The chain itself, certificates as PEM, is a resource record of its own,
 * once for each start of a run, however many pages it served.
 */
#ifndef AW_CRAWLER_FETCH_FACTS_H
#define AW_CRAWLER_FETCH_FACTS_H

#include "archive/warc.h"

#define AW_FETCH_CHAINS_MAX 100000 /* remembered; then all are forgotten */

/* Views. */
struct aw_fetch_facts {
    struct aw_str ip;
    int port;
    bool kept;         /* the connection, from an earlier request */
    struct aw_str dns; /* addresses with commas between; or empty */
    struct aw_str dns_source;
    int64_t dns_ms; /* wall */
    struct aw_str tls_protocol, tls_cipher;
    struct aw_str tls_chain;        /* PEM */
    struct aw_str tls_chain_sha256; /* of that, hex */
};

/* Appends the fields, CRLF behind each. */
void aw_fetch_put_facts(struct aw_buf *out,
                        const struct aw_fetch_facts *facts);

/* Chains that are in the archive. Zeroed, there is none. */
struct aw_fetch_chains {
    void *digests; /* tree of tsearch(3) */
    size_t count;
};

void aw_fetch_chains_deinit(struct aw_fetch_chains *chains);

/* Writes the chain, unless it was written before. at_ms: wall. */
aw_rc aw_fetch_put_chain(struct aw_fetch_chains *chains,
                         struct aw_warc_writer *warc,
                         const struct aw_fetch_facts *facts, int64_t at_ms,
                         struct aw_err *err) AW_MUST_USE;

#endif
