/* spots.h - where each character stands in the texts of findings: a search for
 * a text that stands in most of them reads lists, not one row for each.
 *
 * SQLite's index of trigrams (sorting.h) gives its hits one by one, and those
 * of less than three characters trigram by trigram: with a million findings
 * each costs a tenth of a second and more. So there is a list for each
 * character, of all spots where it stands; a text stands where the spots of
 * its characters follow each other.
 *
 * Lists are made from that index, all anew, when so many findings came since
 * that a search would feel it: beside the old ones, which serve until the new
 * ones are whole. Texts that came since lie in a table as they are (fresh),
 * and are looked through. What is found is the same as by the index alone: a
 * test holds them together.
 *
 * On the disk a spot takes two to three bytes, a fresh text its length; lists
 * that are made and those they replace lie there together for a while. In
 * memory nothing stays: making holds 8 bytes for each spot of one character, a
 * search the list of its rarest character, and 8 bytes for each place where
 * its two rarest stand as the text has them.
 */
#ifndef AW_STORE_SPOTS_H
#define AW_STORE_SPOTS_H

#include "store/queue_rows.h"

/* Findings whose texts are looked through, before lists are made anew; or a
 * thirty-second of those that have lists, where that is more. */
#define AW_SPOTS_FRESH 32768

/* Keeps the columns of a row of the index until lists have them; with the row,
 * in its transaction. */
aw_rc aw_store_fresh_add(struct aw_store *store, int64_t row,
                         struct aw_str title, struct aw_str claims,
                         struct aw_str parties,
                         struct aw_err *err) AW_MUST_USE;

/* One step of making lists, or of taking away what new ones replaced: the
 * characters of some 100,000 spots, one at least, with a transaction of its
 * own at the end. Lists are begun once more than `fresh` findings have none,
 * AW_SPOTS_FRESH but in tests, and hold those whose rows change no more: that
 * were looked at for what they say in disguise (aw_store_folded). *more: there
 * is another step. The caller is in no transaction; who makes them at the same
 * time is noticed, and left to it. */
aw_rc aw_store_spots_make(struct aw_store *store, int64_t fresh, bool *more,
                          struct aw_err *err) AW_MUST_USE;

/* Visits the findings above `above` whose text holds `text`, well-formed, in
 * small letters as the texts are kept, and without controls, each once or
 * twice; *found is true then. It is false, and none was visited, where the
 * index has to be asked: no lists are made yet, a character has capital forms
 * beyond ASCII, or a long text is of common characters alone, which follow
 * each other often, so that lists take longer. The caller has a transaction
 * open, so that what is read is of one time. */
aw_rc aw_store_spots_find(struct aw_store *store, struct aw_str text,
                          int64_t above, aw_queue_hit_fn *visit, void *self,
                          bool *found, struct aw_err *err) AW_MUST_USE;

#endif
