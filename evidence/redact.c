#include "evidence/redact_private.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/utf8.h"

#define ARENA_MAX ((size_t)16 << 20)
#define DIGEST_LEN 64
#define NAME_LEAST 3 /* characters of a name that is taken everywhere */

static const struct {
    const char *code, *word, *why;
} kinds[] = {
#define X(name, code, word, why) {code, word, why},
    AW_REDACT_LIST(X)
#undef X
};

const char *aw_redact_code(enum aw_redact_kind kind)
{
    return kinds[kind].code;
}

const char *aw_redact_word(enum aw_redact_kind kind)
{
    return kinds[kind].word;
}

const char *aw_redact_why(enum aw_redact_kind kind)
{
    return kinds[kind].why;
}

static const char offered_why[] = "广告自行公布的联系方式";
static const char asked_why[] = "经办人指明保留";

aw_rc aw_redact_new(struct aw_redact **out, struct aw_err *err)
{
    struct aw_redact *redact = calloc(1, sizeof *redact);

    if (!redact)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_arena_init(&redact->arena, ARENA_MAX);
    *out = redact;
    return AW_OK;
}

void aw_redact_free(struct aw_redact *redact)
{
    if (!redact)
        return;
    aw_redact_cells_deinit(&redact->cells);
    aw_arena_deinit(&redact->arena);
    free(redact);
}

/* ---- values ------------------------------------------------------------- */

/* The slot of a value, or the free one where it belongs. */
static size_t find_slot(const struct aw_redact *redact,
                        enum aw_redact_kind kind, struct aw_str text)
{
    size_t at = (size_t)aw_hash64(text) + (size_t)kind;

    for (;; at++) {
        size_t slot = at % AW_REDACT_SLOTS;
        const struct aw_redact_value *value;

        if (redact->slots[slot] == 0)
            return slot;
        value = &redact->values[redact->slots[slot] - 1];
        if (value->kind == kind && aw_str_eq(value->text, text))
            return slot;
    }
}

static aw_rc remember(struct aw_redact *redact, enum aw_redact_kind kind,
                      struct aw_str text, struct aw_redact_value **out,
                      bool *added, struct aw_err *err)
{
    size_t slot = find_slot(redact, kind, text);
    struct aw_redact_value *value;
    aw_rc rc = AW_OK;

    *added = redact->slots[slot] == 0;
    if (*added && redact->count == AW_REDACT_VALUES_MAX)
        return aw_fail(err, AW_LIMIT,
                       "more than %d numbers and names of people: bundle "
                       "fewer findings at once",
                       AW_REDACT_VALUES_MAX);
    if (*added) {
        value = &redact->values[redact->count];
        *value = (struct aw_redact_value){.kind = kind};
        rc = aw_arena_dup(&redact->arena, text, &value->text, err);
        if (rc != AW_OK)
            return rc;
        redact->slots[slot] = (uint16_t)++redact->count;
    }
    *out = &redact->values[redact->slots[slot] - 1];
    return AW_OK;
}

static bool is_known(const struct aw_redact *redact, enum aw_redact_kind kind,
                     struct aw_str value)
{
    return redact->slots[find_slot(redact, kind, value)] > 0;
}

bool aw_redact_is_kept(const struct aw_redact *redact,
                       enum aw_redact_kind kind, struct aw_str value)
{
    size_t slot = find_slot(redact, kind, value);

    return redact->slots[slot] > 0 &&
           redact->values[redact->slots[slot] - 1].kept;
}

bool aw_redact_kept(const struct aw_redact *redact, size_t *at,
                    struct aw_redact_kept *out)
{
    while (*at < redact->count) {
        const struct aw_redact_value *value = &redact->values[(*at)++];

        if (value->kept) {
            *out =
                (struct aw_redact_kept){value->kind, value->text, value->kept};
            return true;
        }
    }
    return false;
}

/* ---- searching ---------------------------------------------------------- */

/* Calls found where one of the names stands that are taken everywhere. */
static aw_rc find_names(const struct aw_redact_seek *search,
                        const struct aw_redact *redact, size_t i)
{
    for (size_t n = 0; n < redact->name_count; n++) {
        struct aw_str name = redact->values[redact->names[n]].text;
        size_t len = aw_redact_starts_with(search->cells, i, name.ptr);
        struct aw_redact_hit hit = {AW_REDACT_NAME, i, i + len, name, false};
        aw_rc rc;

        if (len == 0)
            continue;
        rc = search->found(search->self, &hit, search->err);
        if (rc != AW_OK)
            return rc;
    }
    return AW_OK;
}

/* Calls found where a digest stands that is to be hidden. */
static aw_rc find_digests(const struct aw_redact_seek *search,
                          const struct aw_redact *redact)
{
    char digest[DIGEST_LEN];
    size_t len = 0;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i <= search->cells->count && rc == AW_OK; i++) {
        uint32_t cp = aw_redact_at(search->cells, i);
        struct aw_redact_hit hit = {
            AW_REDACT_DIGEST, i - len, i, {digest, DIGEST_LEN}, false};

        if (cp < 0x80 && aw_hex_value((char)cp) >= 0) {
            if (len < DIGEST_LEN)
                digest[len] = aw_ascii_lower((char)cp);
            len++;
            continue;
        }
        if (len == DIGEST_LEN && is_known(redact, hit.kind, hit.value))
            rc = search->found(search->self, &hit, search->err);
        len = 0;
    }
    return rc;
}

aw_rc aw_redact_search(struct aw_redact *redact, aw_redact_hit_fn *found,
                       void *self, struct aw_err *err)
{
    const struct aw_redact_seek search = {&redact->cells, found, self, err};
    aw_rc rc = aw_redact_numbers(&search);

    if (rc == AW_OK)
        rc = aw_redact_names(&search);
    if (rc == AW_OK)
        rc = find_digests(&search, redact);
    for (size_t i = 0; i < redact->cells.count && rc == AW_OK; i++)
        if (aw_is_han(redact->cells.items[i].cp))
            rc = find_names(&search, redact, i);
    return rc;
}

/* ---- learning ----------------------------------------------------------- */

static aw_rc learn_hit(void *self, const struct aw_redact_hit *hit,
                       struct aw_err *err)
{
    struct aw_redact *redact = self;
    struct aw_redact_value *value;
    bool added;
    aw_rc rc = remember(redact, hit->kind, hit->value, &value, &added, err);

    if (rc != AW_OK)
        return rc;
    if (hit->offered && !value->kept)
        value->kept = offered_why;
    if (hit->kind != AW_REDACT_NAME || !added || value->kept ||
        aw_utf8_count(value->text) < NAME_LEAST)
        return AW_OK;
    if (redact->name_count == AW_REDACT_NAMES_MAX)
        return aw_fail(err, AW_LIMIT,
                       "more than %d names of people: bundle fewer findings "
                       "at once",
                       AW_REDACT_NAMES_MAX);
    redact->names[redact->name_count++] = (size_t)(value - redact->values);
    return AW_OK;
}

static aw_rc learn_bytes(struct aw_redact *redact, struct aw_str text,
                         enum aw_redact_form form, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (int way = 0; way < aw_redact_ways(form) && rc == AW_OK; way++) {
        rc = aw_redact_cells_fill(&redact->cells, text,
                                  (enum aw_redact_way)way, err);
        if (rc == AW_OK)
            rc = aw_redact_search(redact, learn_hit, redact, err);
    }
    return rc;
}

static aw_rc learn_string(void *self, struct aw_str raw, struct aw_str text,
                          struct aw_err *err)
{
    (void)raw;
    return learn_bytes(self, text, AW_REDACT_TEXT, err);
}

aw_rc aw_redact_learn(struct aw_redact *redact, struct aw_str text,
                      enum aw_redact_form form, struct aw_err *err)
{
    if (text.len > AW_REDACT_TEXT_MAX)
        return aw_fail(err, AW_LIMIT, "a text of more than %zu bytes",
                       AW_REDACT_TEXT_MAX);
    return form == AW_REDACT_JSON
               ? aw_redact_json_each(text, learn_string, redact, err)
               : learn_bytes(redact, text, form, err);
}

aw_rc aw_redact_hide(struct aw_redact *redact, struct aw_str digest,
                     bool *added, struct aw_err *err)
{
    struct aw_redact_value *value;

    return digest.len == DIGEST_LEN
               ? remember(redact, AW_REDACT_DIGEST, digest, &value, added, err)
               : aw_fail(err, AW_INVALID, "no digest");
}

/* ---- what somebody keeps ------------------------------------------------ */

/* Letters and digits in capitals, without what stands between them; false
 * where there is something else. */
static bool compact(struct aw_str text, char *out, size_t max, size_t *len)
{
    *len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == ' ' || c == '-' || c == '+')
            continue;
        if (*len == max || (!aw_ascii_digit(c) && (c | 0x20) != 'x'))
            return false;
        out[(*len)++] = (char)(c == 'x' ? 'X' : c);
    }
    return true;
}

static aw_rc keep(struct aw_redact *redact, enum aw_redact_kind kind,
                  struct aw_str text, struct aw_err *err)
{
    struct aw_redact_value *value;
    bool added;
    aw_rc rc = remember(redact, kind, text, &value, &added, err);

    if (rc == AW_OK)
        value->kept = asked_why;
    return rc;
}

static aw_rc keep_mailbox(struct aw_redact *redact, struct aw_str text,
                          struct aw_err *err)
{
    char lower[256];

    if (text.len > sizeof lower)
        return aw_fail(err, AW_INVALID, "a mailbox of %zu bytes", text.len);
    for (size_t i = 0; i < text.len; i++)
        lower[i] = aw_ascii_lower(text.ptr[i]);
    return keep(redact, AW_REDACT_MAILBOX, (struct aw_str){lower, text.len},
                err);
}

aw_rc aw_redact_keep(struct aw_redact *redact, struct aw_str value,
                     struct aw_err *err)
{
    char digits[20];
    size_t len;
    struct aw_str number = {digits, 0};

    value = aw_str_trim(value);
    if (aw_str_find(value, AW_STR("@")) > 0)
        return keep_mailbox(redact, value, err);
    if (compact(value, digits, sizeof digits, &len)) {
        number.len = len;
        if (len == 13 && aw_str_starts(number, AW_STR("86")))
            number = aw_str_sub(number, 2, 11);
        if (number.len == 11)
            return keep(redact, AW_REDACT_MOBILE, number, err);
        if (len == 18 && keep(redact, AW_REDACT_ID_CARD, number, err) != AW_OK)
            return err->rc;
        if (len >= 16 && len <= 19)
            return keep(redact, AW_REDACT_BANK_CARD, number, err);
    } else if (aw_utf8_valid(value) && value.len > 0 &&
               aw_utf8_count(value) <= 4 && (value.ptr[0] & 0x80)) {
        return keep(redact, AW_REDACT_NAME, value, err);
    }
    return aw_fail(err, AW_INVALID,
                   "'%.*s' is no number of a mobile, an identity card or a "
                   "bank card, no mailbox and no name",
                   AW_STR_ARG(value));
}
