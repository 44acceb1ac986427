/* statement.h - what an officer signs when she seals a bundle: canonical JSON
 * (RFC 8785), seal/officer-N.json in the bundle.
 *
 *     {"at","at_beijing","before","bundle","certificate","keys":[{"chain",
 *      "id","kind"}],"name","officer","statement","tagmanifest_sha256",
 *      "tagmanifest_sm3"}
 *
 * "before" is the SHA-256 of the statement of the officer who sealed before,
 * or empty; "keys" are those whose signatures there must be, each with the
 * SHA-256 of its certificates' PEM, or empty: so no file of a seal can be left
 * out or changed without a trace.
 */
#ifndef AW_EVIDENCE_STATEMENT_H
#define AW_EVIDENCE_STATEMENT_H

#include "base/arena.h"
#include "evidence/sign.h"

#define AW_STATEMENT_MAX ((size_t)8 << 10) /* bytes */
#define AW_STATEMENT_KEYS_MAX 2            /* the workspace's, and her own */
#define AW_OFFICERS_OF_SEAL 2

struct aw_statement_key {
    char id[AW_KEYID_MAX];
    enum aw_key_kind kind;
    char chain[AW_SHA256_HEX_MAX]; /* empty: no certificates */
};

struct aw_statement {
    int officer;   /* 1, or 2 */
    int64_t at_ms; /* whole seconds are written */
    struct aw_str name, certificate, bundle;
    char before[AW_SHA256_HEX_MAX];
    char sha256[AW_SHA256_HEX_MAX], sm3[AW_SM3_HEX_MAX];
    struct aw_statement_key keys[AW_STATEMENT_KEYS_MAX];
    size_t key_count;
};

/* Reads "2026-11-26T14:20:05", whatever follows; whole seconds. */
bool aw_statement_time(struct aw_str text, int64_t *at_ms);

void aw_statement_json(const struct aw_statement *statement,
                       struct aw_buf *out);

/* AW_INVALID: it is not written as above, to the byte. Texts are put into the
 * arena. */
aw_rc aw_statement_read(struct aw_str json, struct aw_arena *arena,
                        struct aw_statement *out,
                        struct aw_err *err) AW_MUST_USE;

#endif
