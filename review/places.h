/* places.h - where a finding belongs: codes of division (GB/T 2260), from what
 * it names. (lexicons/places/)
 *
 * A place is a code of six digits, "370811"; of a province alone two, "37"; of
 * a zone without a code of its own the city's four digits and its id,
 * "3708/jining-hightech". Whose place is a prefix of it is concerned with it.
 *
 * What says it, the strongest first: where it hung (a hand-in), the credit
 * code (digits 3 to 8), 公网安备, the address, the telephone's area code, the
 * city in the firm's name, and the ICP filing, which names the province only.
 * A weaker one makes a stronger one finer, in the same city.
 */
#ifndef AW_REVIEW_PLACES_H
#define AW_REVIEW_PLACES_H

#include "review/parties.h"

#define AW_PLACE_MAX 64 /* bytes of a code, with its NUL */

struct aw_places;

/* Reads all of DIR/places/; AW_CONFIG. A lexicon without it knows no names. */
aw_rc aw_places_new(struct aw_places **out, const char *lexicon_dir,
                    struct aw_err *err) AW_MUST_USE;
void aw_places_free(struct aw_places *places); /* NULL is allowed */

/* Its name; of a division that the files do not have the province's; empty. */
struct aw_str aw_places_name(const struct aw_places *places,
                             struct aw_str code);

/* hung: where it was seen, as who handed it in said; or empty. out is empty
 * where nothing tells. */
void aw_places_find(const struct aw_places *places,
                    const struct aw_parties *parties, struct aw_str hung,
                    char out[AW_PLACE_MAX]);

#endif
