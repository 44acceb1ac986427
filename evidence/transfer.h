/* transfer.h - what a recipient wants to find with a bundle, and whether it is
 * there. (移送清单)
 *
 * Lists are data: LEXICON/transfer/ has a YAML file for each kind of recipient
 * (lexicons/README.md), with the source of each item; what was not read in
 * the official text is to be checked. That all is there does not mean that a
 * transfer is right, and adwatch decides nobody's competence.
 */
#ifndef AW_EVIDENCE_TRANSFER_H
#define AW_EVIDENCE_TRANSFER_H

#include "base/error.h"
#include "evidence/bag.h"

#include <stdbool.h>

#define AW_TRANSFER_LISTS_MAX 64
#define AW_TRANSFER_ITEMS_MAX 200
#define AW_TRANSFER_WHY_MAX 2048                /* bytes, with its NUL */
#define AW_TRANSFER_JSON_MAX ((size_t)64 << 20) /* bytes looked into */

struct aw_transfer_item {
    char *id, *name;
    char *file; /* a pattern of names in the bag (fnmatch), or empty */
    char
        *field; /* a JSON Pointer that is filled in each such file, or empty */
    bool hand;  /* somebody has to write, sign or stamp it */
    bool needed;
    char *source;
    char *status; /* full-text, second-hand, general */
};

struct aw_transfer_list {
    char *id, *name; /* of the recipient */
    char **also;     /* its other names */
    unsigned also_count;
    struct aw_transfer_item *items;
    unsigned items_count;
};

struct aw_transfer;

/* AW_CONFIG: bad YAML, told with file and line. */
aw_rc aw_transfer_new(struct aw_transfer **out, const char *lexicon_dir,
                      struct aw_err *err) AW_MUST_USE;
void aw_transfer_free(struct aw_transfer *transfer); /* NULL is allowed */

/* The list of a recipient by id or by any of its names; NULL: there is none.
 */
const struct aw_transfer_list *
aw_transfer_find(const struct aw_transfer *transfer, struct aw_str whom);

/* The lists one by one, from 0 on; NULL at the end. */
const struct aw_transfer_list *aw_transfer_at(const struct aw_transfer *all,
                                              size_t i);

enum aw_transfer_state {
    AW_TRANSFER_THERE,
    AW_TRANSFER_BY_HAND, /* there, or for nobody but a person to bring */
    AW_TRANSFER_ABSENT,  /* not there, and not needed */
    AW_TRANSFER_MISSING  /* not there, and needed */
};

/* "there", and the word for people. */
const char *aw_transfer_code(enum aw_transfer_state state);
const char *aw_transfer_word(enum aw_transfer_state state);

/* True where the item's source was read in the official text. */
bool aw_transfer_is_checked(const struct aw_transfer_item *item);

/* How an item stands. */
struct aw_transfer_found {
    const struct aw_transfer_item *item;
    enum aw_transfer_state state;
    size_t files; /* that have the name */
    /* Which file is missing, or which file lacks the field, by name; "" where
     * nothing is. Many end in "等". */
    char why[AW_TRANSFER_WHY_MAX];
};

typedef aw_rc aw_transfer_fn(void *self, const struct aw_transfer_found *found,
                             struct aw_err *err);

/* Tells each item in the list's order. The bag may be anybody's: whether it is
 * true is for verify.h. *missing counts those that are. */
aw_rc aw_transfer_check(const struct aw_transfer_list *list,
                        const struct aw_bag_view *bag, aw_transfer_fn *tell,
                        void *self, size_t *missing,
                        struct aw_err *err) AW_MUST_USE;

#endif
