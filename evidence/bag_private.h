/* bag_private.h - what making and reading a bag share; for bag*.c alone. */
#ifndef AW_EVIDENCE_BAG_PRIVATE_H
#define AW_EVIDENCE_BAG_PRIVATE_H

#include "evidence/bag.h"

#define AW_BAG_PAYLOAD "data/"
#define AW_BAG_DECLARATION \
    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#define AW_BAG_OXUM "Payload-Oxum: "
#define AW_BAG_FORMAT_LABEL "Adwatch-Bundle-Format: "

/* The two manifests of each kind. */
#define AW_BAG_ALGORITHMS 2
extern const char *const aw_bag_manifests[AW_BAG_ALGORITHMS];
extern const char *const aw_bag_tag_manifests[AW_BAG_ALGORITHMS];

/* The digest that the i-th manifest is of: SHA-256, then SM3. */
static inline const unsigned char *aw_bag_digest(const struct aw_twins *twins,
                                                 size_t algorithm)
{
    return algorithm == 0 ? twins->sha256 : twins->sm3;
}

/* Appends "HEX  NAME\n". */
void aw_bag_line_put(struct aw_buf *out, const struct aw_twins *twins,
                     size_t algorithm, struct aw_str name);

#endif
