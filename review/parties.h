/* parties.h - who a finding names, read from its row: whose it is.
 *
 * The row's JSON came from a reader and is checked like anything else; what is
 * none of these lists is left out.
 */
#ifndef AW_REVIEW_PARTIES_H
#define AW_REVIEW_PARTIES_H

#include "base/arena.h"

#define AW_PARTIES_OF_KIND_MAX 32
#define AW_PARTIES_JSON_MAX 100000 /* values */

/* The lists of extract/party.h that are used, by their name in the JSON. */
#define AW_PARTIES_LIST(X) \
    X(uscc)                \
    X(icp)                 \
    X(names)               \
    X(phones)              \
    X(psb)                 \
    X(addresses)           \
    X(domains)             \
    X(developers)

struct aw_parties_of {
    struct aw_str items[AW_PARTIES_OF_KIND_MAX];
    size_t count;
};

struct aw_parties {
#define X(name) struct aw_parties_of name;
    AW_PARTIES_LIST(X)
#undef X
};

/* Fills out, texts in the arena; JSON that does not parse names nobody. */
aw_rc aw_parties_read(struct aw_parties *out, struct aw_str json,
                      struct aw_arena *arena, struct aw_err *err) AW_MUST_USE;

/* How a publisher is known: "uscc:91370811MA00000012". The first is the
 * strongest: credit code, ICP filing, firm's name, telephone, site. The last
 * two are given where none of the others is. */
#define AW_PUBLISHER_KEYS_MAX 4

struct aw_publisher_keys {
    struct aw_str keys[AW_PUBLISHER_KEYS_MAX];
    size_t count;
    struct aw_str name; /* for people */
};

aw_rc aw_publisher_keys_of(struct aw_publisher_keys *out,
                           const struct aw_parties *parties,
                           struct aw_str host, struct aw_arena *arena,
                           struct aw_err *err) AW_MUST_USE;

#endif
