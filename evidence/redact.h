/* redact.h - personal data of third parties, taken out of copies. (脱敏)
 *
 * What is looked for, by its form (AW_REDACT_LIST):
 *
 *   mobile     a mobile number, in groups, after +86, in full-width digits, in
 *              Chinese numerals; not what is called the number of an order
 *   id_card    18 characters: a division, a day of birth, the check digit of
 *              GB 11643 right
 *   bank_card  16 to 19 digits with the check digit of ISO/IEC 7812 right,
 * that begin as cards do, or stand behind 卡号 and its like mailbox    at a
 * provider of mailboxes for everybody name       a surname with 先生, 女士 ...
 * behind it, or a name behind 联系人, 姓名 ... (a name of three characters or
 * more is then taken everywhere)
 *
 * Each character becomes AW_REDACT_MARK, so that places (in code points) stay
 * what they were.
 *
 * The advertiser's own contact is no third party's: it is what the advertiser
 * is found by. The rule: a number or mailbox that stands somewhere right
 * behind a word of offering contact (咨询, 热线, 电话 ...), with no word of a
 * third party (客户, 投资人 ...) before that, is kept wherever it stands.
 * Firms, social credit codes, filings, telephones of places and 400 numbers
 * are not looked for at all. What was kept is listed with the reason, for a
 * person to look at; more can be kept by naming it.
 *
 * Pure functions over bytes: first all texts are learned, then each is
 * redacted. Not thread-safe.
 */
#ifndef AW_EVIDENCE_REDACT_H
#define AW_EVIDENCE_REDACT_H

#include "base/arena.h"
#include "base/buf.h"

#define AW_REDACT_MARK "■"                    /* U+25A0 */
#define AW_REDACT_TEXT_MAX ((size_t)16 << 20) /* bytes of one text */
#define AW_REDACT_VALUES_MAX 20000
#define AW_REDACT_PLACES_MAX 200000 /* of one list */
#define AW_REDACT_NAMES_MAX 500     /* taken everywhere */

#define AW_REDACT_LIST(X)                                           \
    X(MOBILE, "mobile", "手机号码", "个人信息：联系方式")           \
    X(ID_CARD, "id_card", "居民身份证号码", "敏感个人信息：身份")   \
    X(BANK_CARD, "bank_card", "银行卡号", "敏感个人信息：金融账户") \
    X(MAILBOX, "mailbox", "个人电子邮箱", "个人信息：联系方式")     \
    X(NAME, "name", "姓名", "个人信息：姓名")                       \
    X(DIGEST, "digest", "摘要", "可据以逐一试出所遮盖的号码")

enum aw_redact_kind {
#define X(name, code, word, why) AW_REDACT_##name,
    AW_REDACT_LIST(X)
#undef X
        AW_REDACT_KINDS
};

const char *aw_redact_code(enum aw_redact_kind kind);
const char *aw_redact_word(enum aw_redact_kind kind);
const char *aw_redact_why(enum aw_redact_kind kind);

enum aw_redact_form {
    AW_REDACT_TEXT, /* UTF-8 */
    AW_REDACT_HTML, /* the same, also across tags and by entities */
    AW_REDACT_JSON  /* in each text of it, names of members too */
};

struct aw_redact;

aw_rc aw_redact_new(struct aw_redact **out, struct aw_err *err) AW_MUST_USE;
void aw_redact_free(struct aw_redact *redact); /* NULL is allowed */

/* Keeps this value, as somebody asked. AW_INVALID: it is no number of a
 * mobile, an identity card or a bank card, no mailbox and no name. */
aw_rc aw_redact_keep(struct aw_redact *redact, struct aw_str value,
                     struct aw_err *err) AW_MUST_USE;

/* Takes this digest (64 hexadecimal digits) wherever it stands; *added: that
 * is new. */
aw_rc aw_redact_hide(struct aw_redact *redact, struct aw_str digest,
                     bool *added, struct aw_err *err) AW_MUST_USE;

/* Takes note of what a text shows: what is to be kept, which names are to be
 * taken everywhere. AW_INVALID: it has not the form that it should; AW_LIMIT.
 */
aw_rc aw_redact_learn(struct aw_redact *redact, struct aw_str text,
                      enum aw_redact_form form,
                      struct aw_err *err) AW_MUST_USE;

/* Where something was taken, in code points of the text; of JSON both are 0.
 */
struct aw_redact_place {
    enum aw_redact_kind kind;
    size_t start, end;
};

/* What was taken from one text; the caller's, in its arena. */
struct aw_redact_places {
    struct aw_arena *arena;
    struct aw_redact_place *items;
    size_t count, cap;
};

/* Appends the text to out (NULL: only looks) without what is to be taken, and
 * that to places, in their order. */
aw_rc aw_redact_text(struct aw_redact *redact, struct aw_str text,
                     enum aw_redact_form form, struct aw_buf *out,
                     struct aw_redact_places *places,
                     struct aw_err *err) AW_MUST_USE;

/* What was kept, and why: each value once. */
struct aw_redact_kept {
    enum aw_redact_kind kind;
    struct aw_str value; /* digits, a mailbox in lower case, a name */
    const char *why;     /* for people */
};

/* The next one, from *at on, which begins with 0; false at the end. */
bool aw_redact_kept(const struct aw_redact *redact, size_t *at,
                    struct aw_redact_kept *out);

#endif
