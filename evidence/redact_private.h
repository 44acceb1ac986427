/* redact_private.h - what the files of redact.h share, in reading order:
 * redact_cells.c makes characters of bytes, redact_numbers.c and
 * redact_names.c find, redact_text.c takes out, redact.c remembers.
 */
#ifndef AW_EVIDENCE_REDACT_PRIVATE_H
#define AW_EVIDENCE_REDACT_PRIVATE_H

#include "evidence/redact.h"

/* A character as it is read: disguises folded (extract/party_fold.h), entities
 * of HTML as what they stand for. */
struct aw_redact_cell {
    uint32_t cp;
    uint32_t at;  /* its first byte in the text */
    uint32_t len; /* bytes there */
};

struct aw_redact_cells {
    struct aw_redact_cell *items;
    size_t count, cap;
};

void aw_redact_cells_deinit(struct aw_redact_cells *cells);

/* In which ways a text is read, one after the other. */
enum aw_redact_way {
    AW_REDACT_AS_IS,
    AW_REDACT_DECODED,      /* without %31, &#49;, \u0031, \x31 and \31 */
    AW_REDACT_BETWEEN_TAGS, /* of HTML alone */
    AW_REDACT_WAYS
};

/* What tells one cell of a table from the next, and a paragraph. A number may
 * go on behind it, a name may not. */
#define AW_REDACT_EDGE 0x1Eu

/* Makes cells anew of text. */
aw_rc aw_redact_cells_fill(struct aw_redact_cells *cells, struct aw_str text,
                           enum aw_redact_way way,
                           struct aw_err *err) AW_MUST_USE;

/* The ways for this form: the first so many of enum aw_redact_way. */
static inline int aw_redact_ways(enum aw_redact_form form)
{
    return form == AW_REDACT_HTML ? AW_REDACT_WAYS : AW_REDACT_BETWEEN_TAGS;
}

/* redact_escape.c: bytes of the escape at pos, and what it stands for; 0:
 * there is none. */
size_t aw_redact_escape(struct aw_str text, size_t pos, uint32_t *cp);

/* NUL behind the end. */
static inline uint32_t aw_redact_at(const struct aw_redact_cells *cells,
                                    size_t i)
{
    return i < cells->count ? cells->items[i].cp : 0;
}

bool aw_redact_digit(uint32_t cp);
bool aw_redact_alnum(uint32_t cp);
bool aw_redact_blank(uint32_t cp); /* also what only decorates */

/* Does word stand right before cell i? Cells behind the word's place: its
 * length; 0: it does not. */
size_t aw_redact_ends_with(const struct aw_redact_cells *cells, size_t i,
                           const char *word);
size_t aw_redact_starts_with(const struct aw_redact_cells *cells, size_t i,
                             const char *word);

/* The first of these words that stands before i, or at it; its length. */
size_t aw_redact_any_before(const struct aw_redact_cells *cells, size_t i,
                            const char *const *words);
size_t aw_redact_any_at(const struct aw_redact_cells *cells, size_t i,
                        const char *const *words);

/* What a finder tells: cells from start to end, and a value that is the same
 * however it is written. offered: behind a word of offering contact. */
struct aw_redact_hit {
    enum aw_redact_kind kind;
    size_t start, end;
    struct aw_str value;
    bool offered;
};

typedef aw_rc aw_redact_hit_fn(void *self, const struct aw_redact_hit *hit,
                               struct aw_err *err);

struct aw_redact_seek {
    const struct aw_redact_cells *cells;
    aw_redact_hit_fn *found;
    void *self;
    struct aw_err *err;
};

/* Both are linear in the text. */
aw_rc aw_redact_numbers(const struct aw_redact_seek *search) AW_MUST_USE;
aw_rc aw_redact_names(const struct aw_redact_seek *search) AW_MUST_USE;

/* Is what begins at i offered by the advertiser, and is a number that is such
 * near the name from start to end? */
bool aw_redact_is_beside_offer(const struct aw_redact_cells *cells,
                               size_t start, size_t end);
bool aw_redact_is_offered(const struct aw_redact_cells *cells, size_t i);

/* ---- what is remembered, by redact.c ------------------------------------ */

#define AW_REDACT_SLOTS 65536 /* a power of two, over AW_REDACT_VALUES_MAX */

/* A value that was seen, and what is done with it. */
struct aw_redact_value {
    enum aw_redact_kind kind;
    struct aw_str text;
    const char *kept; /* why; NULL: it is taken */
};

struct aw_redact {
    struct aw_arena arena;
    struct aw_redact_value values[AW_REDACT_VALUES_MAX];
    size_t count;
    uint16_t slots[AW_REDACT_SLOTS];   /* 1 + index of a value; 0: free */
    size_t names[AW_REDACT_NAMES_MAX]; /* values that are taken everywhere */
    size_t name_count;
    struct aw_redact_cells cells; /* of the text at hand */
};

/* Is this value kept? */
bool aw_redact_is_kept(const struct aw_redact *redact,
                       enum aw_redact_kind kind, struct aw_str value);

/* Calls found for each hit in the cells at hand, and for each name that is
 * taken everywhere. */
aw_rc aw_redact_search(struct aw_redact *redact, aw_redact_hit_fn *found,
                       void *self, struct aw_err *err) AW_MUST_USE;

/* ---- redact_json.c ------------------------------------------------------ */

/* Calls visit for each text of a JSON that may be looked into, in its order:
 * raw is as it stands, with its quotes; text what it says. */
typedef aw_rc aw_redact_string_fn(void *self, struct aw_str raw,
                                  struct aw_str text, struct aw_err *err);
aw_rc aw_redact_json_each(struct aw_str json, aw_redact_string_fn *visit,
                          void *self, struct aw_err *err) AW_MUST_USE;

#endif
