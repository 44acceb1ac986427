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

/* ---- bag_map.c: a file in memory ---------------------------------------- */

struct aw_bag_map;

/* As aw_bag_map. Where the file is cut off its bytes become zeros, in the
 * thread that made the map. */
aw_rc aw_bag_map_new(struct aw_bag_map **out, const char *path,
                     struct aw_err *err) AW_MUST_USE;
void aw_bag_map_free(struct aw_bag_map *map); /* NULL is allowed */

struct aw_str aw_bag_map_bytes(const struct aw_bag_map *map);

/* All of it is read now from the front; or no longer. */
void aw_bag_map_read_on(const struct aw_bag_map *map, bool on);

/* As aw_bag_unchanged. */
aw_rc aw_bag_map_unchanged(const struct aw_bag_map *map,
                           struct aw_err *err) AW_MUST_USE;

/* ---- lines of manifests ------------------------------------------------- */

/* Appends "HEX  NAME\n". */
void aw_bag_line_put(struct aw_buf *out, const struct aw_twins *twins,
                     size_t algorithm, struct aw_str name);

#endif
