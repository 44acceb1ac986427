#include "evidence/custody.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "evidence/bag.h"
#include "evidence/custody_private.h"

#define BEIJING_MS INT64_C(28800000) /* ahead of UTC */
#define HEX_LEN (AW_SHA256_HEX_MAX - 1)

static const struct {
    const char *code, *word;
} actions[] = {
#define X(name, code, word) {code, word},
    AW_CUSTODY_LIST(X)
#undef X
};

struct aw_str aw_custody_code(enum aw_custody_action action)
{
    return aw_str_of(actions[action].code);
}

const char *aw_custody_word(struct aw_str code)
{
    for (size_t i = 0; i < AW_CUSTODY_COUNT; i++)
        if (aw_str_eq(code, aw_str_of(actions[i].code)))
            return actions[i].word;
    return "";
}

const char *aw_custody_change_text(enum aw_custody_change change)
{
    static const char *const texts[] = {
        [AW_CUSTODY_FIRST] = "nothing was known of it before",
        [AW_CUSTODY_SAME] = "as it was",
        [AW_CUSTODY_SEALED] = "as it was, but for this seal or stamp",
        [AW_CUSTODY_TOUCHED] = "the file is not as it was, and no seal or "
                               "stamp says why",
        [AW_CUSTODY_OTHER] = "the bag holds other things than it did: it is "
                             "another bundle of the same name"};

    return texts[change];
}

bool aw_custody_is_false(enum aw_custody_change change)
{
    return change == AW_CUSTODY_TOUCHED || change == AW_CUSTODY_OTHER;
}

/* ---- the file ----------------------------------------------------------- */

static aw_rc take_name(struct aw_custody_file *out, struct aw_str name,
                       struct aw_err *err)
{
    aw_rc rc = aw_written_check("the bundle's name", name,
                                AW_CUSTODY_NAME_MAX - 1, err);

    if (rc != AW_OK)
        return rc;
    if (name.len >= sizeof out->name)
        return aw_fail(err, AW_INVALID,
                       "the bundle's name has %zu bytes, at most %d are taken",
                       name.len, AW_CUSTODY_NAME_MAX - 1);
    (void)snprintf(out->name, sizeof out->name, "%.*s", AW_STR_ARG(name));
    return AW_OK;
}

static aw_rc read_bag(const struct aw_bag_view *bag,
                      struct aw_custody_file *out, struct aw_err *err)
{
    struct aw_str manifest;
    aw_rc rc;

    if (!aw_bag_find(bag, AW_STR(AW_BAG_SIGNED), &manifest))
        return aw_fail(err, AW_INVALID, "there is no " AW_BAG_SIGNED);
    rc = take_name(out, bag->folder, err);
    if (rc != AW_OK)
        return rc;
    aw_sha256_hex(manifest, out->manifest);
    aw_sha256_hex(bag->zip.bytes, out->digest);
    return AW_OK;
}

aw_rc aw_custody_file(const char *path, struct aw_custody_file *out,
                      struct aw_err *err)
{
    struct aw_bag_view *bag = NULL;
    struct aw_custody_file file = {{0}, {0}, {0}};
    aw_rc rc = aw_bag_open(&bag, path, err);

    if (rc == AW_OK)
        rc = read_bag(bag, &file, err);
    if (rc == AW_OK)
        rc = aw_bag_unchanged(bag, err);
    if (rc == AW_OK)
        *out = file;
    else if (rc == AW_INVALID)
        rc = aw_fail_in(err, "'%s' is no bundle", path);
    aw_bag_view_free(bag);
    return rc;
}

aw_rc aw_custody_written(const char *path, struct aw_str name,
                         const char *manifest, struct aw_custody_file *out,
                         struct aw_err *err)
{
    struct aw_custody_file file = {{0}, {0}, {0}};
    aw_rc rc = take_name(&file, name, err);

    (void)snprintf(file.manifest, sizeof file.manifest, "%s", manifest);
    if (rc == AW_OK)
        rc = aw_sha256_file(path, file.digest, err);
    if (rc == AW_OK)
        *out = file;
    return rc;
}

/* ---- what is written down ----------------------------------------------- */

/* Some programs write digests in capitals. */
static bool is_digest(struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (aw_hex_value(text.ptr[i]) < 0)
            return false;
    return text.len == HEX_LEN;
}

static struct aw_str lower(struct aw_str text, char out[AW_SHA256_HEX_MAX])
{
    for (size_t i = 0; i < text.len && i < HEX_LEN; i++)
        out[i] = aw_ascii_lower(text.ptr[i]);
    return aw_str_sub((struct aw_str){out, HEX_LEN}, 0, text.len);
}

/* A day that has not begun in Beijing. */
static bool is_future(int64_t day_ms, int64_t now_ms)
{
    return day_ms > now_ms + BEIJING_MS;
}

static aw_rc check_receipt(const struct aw_custody_act *act, int64_t now_ms,
                           struct aw_err *err)
{
    int64_t day;

    if (act->receipt_of < 1)
        return aw_fail(err, AW_INVALID,
                       "a receipt names the handing over that it is for");
    if (!is_digest(act->receipt_digest))
        return aw_fail(err, AW_INVALID,
                       "the digest that the recipient confirms is 64 of 0-9 "
                       "and a-f, a SHA-256");
    if (act->receipt_day.len > 0 && !aw_date_parse(act->receipt_day, &day))
        return aw_fail(err, AW_INVALID,
                       "the day of the receipt is written as 2026-11-27");
    if (act->receipt_day.len > 0 && is_future(day, now_ms))
        return aw_fail(err, AW_INVALID,
                       "the day of the receipt, %.*s, is still to come",
                       AW_STR_ARG(act->receipt_day));
    return AW_OK;
}

static aw_rc check_act(const struct aw_custody_act *act, int64_t now_ms,
                       struct aw_err *err)
{
    const unsigned hand_over = 1U << AW_CUSTODY_HAND_OVER;
    const unsigned receipt = 1U << AW_CUSTODY_RECEIPT;
    const struct {
        const char *name;
        struct aw_str text;
        unsigned needed; /* by these actions */
        size_t max;
    } texts[] = {
        {"the recipient", act->recipient, hand_over, AW_CUSTODY_TEXT_MAX},
        {"the person", act->person, hand_over, AW_CUSTODY_TEXT_MAX},
        {"the contact", act->contact, 0, AW_CUSTODY_TEXT_MAX},
        {"the purpose", act->purpose, 0, AW_CUSTODY_PURPOSE_MAX},
        {"the path", act->path, 1U << AW_CUSTODY_EXPORT, AW_PATH_MAX},
        {"the receipt's number", act->receipt_no, receipt,
         AW_CUSTODY_TEXT_MAX},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        aw_rc rc =
            aw_written_check(texts[i].name, texts[i].text, texts[i].max, err);

        if (rc != AW_OK)
            return rc;
        if ((texts[i].needed >> act->action & 1) &&
            aw_str_trim(texts[i].text).len == 0)
            return aw_fail(err, AW_INVALID, "%s is missing", texts[i].name);
    }
    return act->action == AW_CUSTODY_RECEIPT ? check_receipt(act, now_ms, err)
                                             : AW_OK;
}

static struct aw_custody_row make_row(const struct aw_custody_file *file,
                                      const struct aw_custody_act *act,
                                      int64_t at_ms)
{
    return (struct aw_custody_row){
        .at_ms = at_ms,
        .bundle = aw_str_of(file->name),
        .manifest = aw_str_of(file->manifest),
        .digest = aw_str_of(file->digest),
        .who = act->who,
        .action = aw_custody_code(act->action),
        .recipient = act->recipient,
        .person = act->person,
        .contact = act->contact,
        .purpose = act->purpose,
        .path = act->path,
        .receipt_of = act->receipt_of,
        .receipt_no = act->receipt_no,
        .receipt_day = act->receipt_day,
        .receipt_digest = act->receipt_digest,
    };
}

/* ---- into the audit chain ----------------------------------------------- */

void aw_custody_detail(struct aw_buf *out, const struct aw_custody_row *row)
{
    const struct {
        const char *name;
        struct aw_str text;
    } texts[] = {
        {"act", row->action},
        {"manifest", row->manifest},
        {"digest", row->digest},
        {"recipient", row->recipient},
        {"person", row->person},
        {"contact", row->contact},
        {"purpose", row->purpose},
        {"path", row->path},
        {"receipt_no", row->receipt_no},
        {"receipt_day", row->receipt_day},
        {"receipt_digest", row->receipt_digest},
    };

    aw_json_open(out, NULL, '{');
    aw_json_int(out, "row", row->id);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text.len > 0)
            aw_json_text(out, texts[i].name, texts[i].text);
    if (row->receipt_of > 0)
        aw_json_int(out, "receipt_of", row->receipt_of);
    aw_json_close(out, '}');
}

void aw_custody_subject(struct aw_str bundle, char out[AW_CUSTODY_SUBJECT_MAX])
{
    (void)snprintf(out, AW_CUSTODY_SUBJECT_MAX, "bundle %.*s",
                   AW_STR_ARG(bundle));
}

/* ---- adding ------------------------------------------------------------- */

static aw_rc add_audit(struct aw_store *store,
                       const struct aw_custody_row *row, struct aw_err *err)
{
    /* Of the very moment that the row has. */
    struct aw_clock at = aw_clock_manual(row->at_ms);
    char subject[AW_CUSTODY_SUBJECT_MAX];
    struct aw_buf detail;
    aw_rc rc;

    aw_custody_subject(row->bundle, subject);
    aw_buf_init(&detail, AW_AUDIT_DETAIL_MAX);
    aw_custody_detail(&detail, row);
    rc = aw_buf_check(&detail, err);
    if (rc == AW_OK)
        rc =
            aw_audit_add(store, &at, row->who, aw_audit_code(AW_AUDIT_CUSTODY),
                         aw_str_of(subject), aw_buf_str(&detail), err);
    aw_buf_deinit(&detail);
    return rc;
}

static aw_rc add_row(struct aw_store *store, struct aw_arena *arena,
                     struct aw_custody_row *row, struct aw_custody_done *done,
                     struct aw_err *err)
{
    struct aw_custody_way way = {0};
    struct aw_custody_step step;
    aw_rc rc = aw_custody_steps(store, arena, row->bundle, &way, err);

    if (rc == AW_OK && way.count == AW_CUSTODY_ROWS_MAX)
        rc = aw_fail(err, AW_LIMIT, "'%.*s' has %d rows: no more are kept",
                     AW_STR_ARG(row->bundle), AW_CUSTODY_ROWS_MAX);
    if (rc == AW_OK && row->receipt_of > 0 &&
        !aw_custody_was_sent(&way, row->receipt_of))
        rc =
            aw_fail(err, AW_INVALID,
                    "row %lld hands over nothing of '%.*s': 'adwatch custody' "
                    "lists the rows",
                    (long long)row->receipt_of, AW_STR_ARG(row->bundle));
    if (rc == AW_OK)
        rc = aw_store_custody_add(store, row, err);
    if (rc == AW_OK)
        rc = add_audit(store, row, err);
    if (rc != AW_OK)
        return rc;
    step = aw_custody_step(&way, row);
    *done = (struct aw_custody_done){.id = row->id,
                                     .change = step.change,
                                     .differs = step.differs};
    (void)snprintf(done->digest, sizeof done->digest, "%.*s",
                   AW_STR_ARG(row->digest));
    (void)snprintf(done->path, sizeof done->path, "%.*s",
                   AW_STR_ARG(row->path));
    return AW_OK;
}

static aw_rc add_alone(struct aw_store *store, struct aw_arena *arena,
                       struct aw_custody_row *row,
                       struct aw_custody_done *done, struct aw_err *err)
{
    aw_rc rc = aw_store_begin(store, err);

    if (rc != AW_OK)
        return rc;
    return aw_store_end(store, add_row(store, arena, row, done, err), err);
}

aw_rc aw_custody_add(struct aw_store *store, const struct aw_clock *clock,
                     const struct aw_custody_file *file,
                     const struct aw_custody_act *act,
                     struct aw_custody_done *done, struct aw_err *err)
{
    struct aw_custody_row row = make_row(file, act, aw_clock_wall(clock));
    char digest[AW_SHA256_HEX_MAX];
    struct aw_arena arena;
    aw_rc rc = check_act(act, row.at_ms, err);

    if (rc != AW_OK)
        return rc;
    row.receipt_digest = lower(act->receipt_digest, digest);
    aw_arena_init(&arena, AW_CUSTODY_ARENA_MAX);
    rc = aw_store_in_transaction(store)
             ? add_row(store, &arena, &row, done, err)
             : add_alone(store, &arena, &row, done, err);
    aw_arena_deinit(&arena);
    return rc;
}
